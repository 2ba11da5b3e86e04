//! Sentences for people, from the message files, by typed functions.

/// The sentences of one language.
#[derive(Debug, Clone, Copy)]
pub struct Sentences {}
