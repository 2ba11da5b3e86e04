//! What both benchmarks stand on: invented clients, a fast way to put them into a database, a desk that serves them, and
//! figures that compare what was measured in one and the same run.

pub mod bulk;
pub mod desk;
pub mod figures;
pub mod names;

use std::env;
use std::fmt::Display;
use std::str::FromStr;

/// A size that the environment may set for a quicker run.
pub fn size<T: FromStr + Display>(variable: &str, otherwise: T) -> T {
    match env::var(variable).ok().map(|text| text.parse()) {
        Some(Ok(size)) => size,
        Some(Err(_)) => {
            println!("{variable} is not a number; {otherwise} it is");
            otherwise
        }
        None => otherwise,
    }
}

/// Whether an engine is to be measured: all are, unless `BURSAR_BENCH_ENGINE` names one.
pub fn wanted(engine: &str) -> bool {
    env::var("BURSAR_BENCH_ENGINE").map_or(true, |only| only == engine)
}
