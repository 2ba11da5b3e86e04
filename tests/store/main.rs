//! The store's contract: every method, on both engines, with the same expectations.

#[path = "../support/mod.rs"]
mod support;

mod chats;
mod door;
mod ledger;
mod model;
mod sample;
