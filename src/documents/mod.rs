//! What is drawn: pictures as pure functions from data and words to the bytes of a PNG. Words come from whoever calls.

mod canvas;
pub mod picture;
#[cfg(test)]
mod tests;
