//! The bot as a process: what its operator sees of it, and what a kill, a stop or a standstill leaves behind.

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other binaries need more of it than this one")]
mod support;

mod bot;
mod kills;
mod stage;
