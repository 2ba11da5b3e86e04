//! The words and rules of the business as plain values: nothing here waits, reads a clock or knows a database.

pub mod chain;
pub mod client;
pub mod credits;
pub mod ids;
pub mod invoice;
pub mod message;
pub mod money;
pub mod posting;
pub mod refusal;
pub mod request;
pub mod role;
pub mod sheet;
pub mod trail;
