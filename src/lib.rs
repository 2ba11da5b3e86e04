//! Bursar: the client desk of a bulk-SMS business, in Discord and Telegram.

#[cfg(feature = "sandbox")]
pub mod sandbox;
