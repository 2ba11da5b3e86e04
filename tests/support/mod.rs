//! What tests of several binaries share: databases to work on, fresh for each test, on both engines.

pub mod database;
pub mod postgres;
#[expect(
    dead_code,
    reason = "other binaries need the programs that this one does not"
)]
pub mod programs;

pub use database::Database;
