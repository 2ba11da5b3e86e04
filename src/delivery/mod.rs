//! Hands over what the outbox holds: the worker, the couriers, and the wording of notices.

pub mod courier;
pub mod email;
mod mail;
pub mod wording;
pub mod worker;

pub use worker::Worker;
