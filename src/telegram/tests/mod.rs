//! The adapter against the local Telegram.
