//! The bot as a process: what its operator sees of it, and what a kill, a stop or a standstill leaves behind.

#[path = "../support/mod.rs"]
mod support;

mod beginnings;
mod bot;
mod command_line;
mod copies;
mod endings;
mod gate;
mod invitations;
mod kills;
mod local;
mod meddle;
mod moving_in;
mod secrets;
mod stage;
mod standstill;
