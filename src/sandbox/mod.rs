//! A local Discord and a local Telegram, as strict as the real servers, for tests, `bursar demo` and `bursar sandbox`.
//!
//! Each messenger is a model (people, channels, messages), a skin that speaks the wire protocol to bots, and a driver
//! whose verbs are what a person does. Nothing here knows Bursar: any bot can be pointed at it.

pub mod discord;
pub mod faults;
pub mod record;
