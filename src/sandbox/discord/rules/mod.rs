//! What Discord accepts in forms: commands, messages, components, modals. Pure functions over JSON that note each fault
//! in its place.

pub mod commands;
pub mod components;
pub mod messages;
pub mod modals;
