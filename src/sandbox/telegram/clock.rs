//! The local Telegram's clock: the machine's, plus what a test let pass.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since the epoch that never run backwards.
#[derive(Debug)]
pub struct Clock {
    origin: i64,
    since: Instant,
    passed: AtomicI64,
}

impl Default for Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the sandbox stands for the world outside, which has its own time and chance"
    )]
    fn default() -> Self {
        let origin = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            origin: millis(origin),
            since: Instant::now(),
            passed: AtomicI64::new(0),
        }
    }
}

impl Clock {
    /// Now.
    pub fn now(&self) -> i64 {
        self.origin + millis(self.since.elapsed()) + self.passed.load(Ordering::Relaxed)
    }

    /// Lets time pass at once.
    pub fn pass(&self, time: Duration) {
        self.passed.fetch_add(millis(time), Ordering::Relaxed);
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
