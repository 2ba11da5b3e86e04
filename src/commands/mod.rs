//! The commands: one family a file, each declared in the catalogue, each calling one service and wording the reply.

pub mod catalogue;

pub use crate::store::Stop;

/// What a handler gets.
pub struct Call {}
