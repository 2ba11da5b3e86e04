//! Bursar: the client desk of a bulk-SMS business, in Discord and Telegram.

pub mod app;
pub mod chat;
pub mod clock;
pub mod commands;
pub mod config;
pub mod delivery;
pub mod discord;
pub mod domain;
pub mod fault;
pub mod pipeline;

#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod services;
pub mod store;
pub mod telegram;
