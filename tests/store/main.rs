//! The store's contract: every method, on both engines, with the same expectations.

#[path = "../support/mod.rs"]
mod support;

mod chats;
mod clients;
mod door;
mod events;
mod invoices;
mod ledger;
mod model;
mod outbox;
mod people;
mod requests;
mod sample;
mod search;
mod templates;
mod trail;
mod words;
