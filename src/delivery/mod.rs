//! Hands over what the outbox holds: the worker, the couriers, and the wording of notices.

pub mod courier;
