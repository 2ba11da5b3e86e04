//! Journeys of people through the whole bot, over real sockets, on both messengers and both databases.

#[path = "../support/desk/mod.rs"]
mod desk;
#[path = "../support/mod.rs"]
#[expect(
    dead_code,
    reason = "other binaries need of it what this one does not"
)]
mod support;

mod opening;
