//! The local Discord's clock: real time plus what a test has skipped, so that nobody sleeps for 15 minutes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A clock that only moves forward: by itself, and by [`Clock::pass`]. Clones share the time.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    skipped: Arc<Mutex<Duration>>,
}

impl Clock {
    /// Milliseconds since 1970.
    #[expect(
        clippy::disallowed_methods,
        reason = "the sandbox stands for the world outside, which has its own time and chance"
    )]
    pub fn now_ms(&self) -> u64 {
        let skipped = *self.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        u64::try_from((since + skipped).as_millis()).unwrap_or(u64::MAX)
    }

    /// Lets this much time pass at once.
    pub fn pass(&self, time: Duration) {
        *self.skipped.lock().unwrap_or_else(PoisonError::into_inner) += time;
    }
}

/// A moment as Discord writes it.
pub fn iso8601(ms: u64) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000)
        .ok()
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_default()
        .replace('Z', "+00:00")
}
