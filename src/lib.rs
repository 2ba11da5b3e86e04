//! Bursar: the client desk of a bulk-SMS business, in Discord and Telegram.

pub mod clock;
pub mod config;
pub mod fault;
#[cfg(feature = "sandbox")]
pub mod sandbox;
