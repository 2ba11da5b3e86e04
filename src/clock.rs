//! Time, ids and randomness as values that are handed down. Nothing else may ask the machine for them, so that a test
//! decides what time it is and which ids come next, and a replay comes out the same.

use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A moment: milliseconds since 1970-01-01 UTC. Stored as it is, in a column of integers, which sort alike on every
/// database.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// The moment `duration` later; the last moment there is when that is too late to count.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis(duration)))
    }

    /// The moment `duration` earlier.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis(duration)))
    }

    /// How long ago `earlier` was; nothing when it was not earlier.
    pub fn since(self, earlier: Self) -> Duration {
        let elapsed = self.0.saturating_sub(earlier.0);
        Duration::from_millis(u64::try_from(elapsed).unwrap_or(0))
    }

    /// The same moment with a calendar to it; `None` beyond the year 9999.
    pub fn utc(self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).ok()
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// What time it is. Clones show the same time.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until it is moved.
    pub fn manual(start: Millis) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.0))))
    }

    /// The present moment.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine for the time"
    )]
    pub fn now(&self) -> Millis {
        match &self.0 {
            Source::System => {
                // A machine whose clock stands before 1970 is at the beginning of time for us.
                let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
                Millis(elapsed.map_or(0, millis))
            }
            Source::Manual(now) => Millis(now.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock on, and every clone of it. The machine's clock does not heed it.
    pub fn advance(&self, duration: Duration) {
        if let Source::Manual(now) = &self.0 {
            now.fetch_add(millis(duration), Ordering::SeqCst);
        }
    }
}

/// Where unforeseeable numbers come from. Clones draw from the same source.
#[derive(Clone)]
pub struct Random(Generator);

#[derive(Clone)]
enum Generator {
    System,
    Seeded(Arc<AtomicU64>),
}

impl Random {
    /// Crockford's base 32: no I, L, O or U, which eyes confuse.
    const ALPHABET: [u8; 32] = *b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// The operating system's generator, fit for secrets.
    pub fn system() -> Self {
        Self(Generator::System)
    }

    /// The same numbers for the same seed: for tests, never for secrets.
    pub fn seeded(seed: u64) -> Self {
        Self(Generator::Seeded(Arc::new(AtomicU64::new(seed))))
    }

    /// A number out of all there are.
    ///
    /// # Panics
    ///
    /// When the operating system has no randomness to give: to go on would mean to hand out codes that can be guessed.
    pub fn number(&self) -> u64 {
        match &self.0 {
            Generator::System => match entropy() {
                Ok(number) => number,
                Err(error) => panic!("the operating system gives no random numbers: {error}"),
            },
            Generator::Seeded(state) => {
                // SplitMix64.
                const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
                let mut mixed = state.fetch_add(STEP, Ordering::SeqCst).wrapping_add(STEP);
                mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                mixed ^ (mixed >> 31)
            }
        }
    }

    /// Random bytes, for keys and salts.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(8) {
            let number = self.number().to_le_bytes();
            chunk.copy_from_slice(&number[..chunk.len()]);
        }
        bytes
    }

    /// A code that nobody guesses and everybody can read out: 26 letters and digits, 130 bits.
    pub fn code(&self) -> String {
        let bytes: [u8; 26] = self.bytes();
        bytes
            .iter()
            .map(|byte| Self::letter(u64::from(*byte)))
            .collect()
    }

    fn letter(number: u64) -> char {
        char::from(Self::ALPHABET[(number % 32) as usize])
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The state of a generator foretells its numbers.
        f.write_str("Random")
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks the machine for random numbers"
)]
fn entropy() -> Result<u64, getrandom::Error> {
    getrandom::u64()
}

/// Six letters that name one moment of this process, and most likely of no other: for references in logs.
pub(crate) fn reference() -> String {
    static FIRST: OnceLock<u64> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let first = FIRST.get_or_init(|| entropy().unwrap_or_default());
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // An odd factor visits all 2^30 values before one comes again.
    let number = first.wrapping_add(count.wrapping_mul(0x2545_f491_4f6c_dd1d));
    (0..6)
        .map(|place| Random::letter(number >> (5 * place)))
        .collect()
}

/// Makes ids: positive, rising within a process, and without talking to anybody different from those of another
/// instance. The upper 42 bits are milliseconds since 2025-01-01, the lower 21 are random, so ids of one time lie
/// together in an index. Clones never make the same id.
#[derive(Debug, Clone)]
pub struct Ids {
    clock: Clock,
    random: Random,
    last: Arc<AtomicI64>,
}

impl Ids {
    /// 2025-01-01T00:00:00Z.
    const EPOCH: i64 = 1_735_689_600_000;
    const RANDOM_BITS: u32 = 21;
    const LAST_MILLISECOND: i64 = (1 << 42) - 1;

    /// Ids that two instances do not share in practice.
    pub fn system(clock: Clock) -> Self {
        Self::new(clock, Random::system())
    }

    /// The same ids for the same seed and clock: for tests.
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        Self::new(clock, Random::seeded(seed))
    }

    fn new(clock: Clock, random: Random) -> Self {
        Self {
            clock,
            random,
            last: Arc::new(AtomicI64::new(0)),
        }
    }

    /// The first id of a moment: whatever was made since then has this one or a higher one.
    pub fn first_at(at: Millis) -> i64 {
        let elapsed = at.0.saturating_sub(Self::EPOCH);
        elapsed.clamp(0, Self::LAST_MILLISECOND) << Self::RANDOM_BITS
    }

    /// The moment at which an id was made, or a little earlier than that.
    pub fn moment(id: i64) -> Millis {
        Millis(Self::EPOCH + (id >> Self::RANDOM_BITS))
    }

    /// The next id.
    pub fn next(&self) -> i64 {
        let elapsed = self.clock.now().0 - Self::EPOCH;
        let elapsed = elapsed.clamp(0, Self::LAST_MILLISECOND);
        let random = self.random.number() >> (u64::BITS - Self::RANDOM_BITS);
        let fresh = (elapsed << Self::RANDOM_BITS) | random.cast_signed();
        // Within one millisecond, or after the clock was put back, go on from the last id by a random step: two
        // instances that count up side by side must not meet on every number.
        let step = 1 + (random & 0xff).cast_signed();
        let following = |last: i64| {
            if fresh > last {
                fresh
            } else {
                last.saturating_add(step)
            }
        };
        let last = self
            .last
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| {
                Some(following(last))
            });
        // The update never declines, so both arms hold the id before this one.
        match last {
            Ok(last) | Err(last) => following(last),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// 2026-01-01T00:00:00Z.
    const NEW_YEAR: Millis = Millis(1_767_225_600_000);

    #[test]
    fn a_manual_clock_moves_only_when_it_is_moved_and_all_its_clones_with_it() {
        let clock = Clock::manual(NEW_YEAR);
        let clone = clock.clone();
        assert_eq!(clock.now(), NEW_YEAR);
        clone.advance(Duration::from_secs(90));
        assert_eq!(clock.now(), Millis(NEW_YEAR.0 + 90_000));
        assert_eq!(clock.now().since(NEW_YEAR), Duration::from_secs(90));
        assert_eq!(NEW_YEAR.since(clock.now()), Duration::ZERO);
        assert_eq!(clock.now().minus(Duration::from_secs(90)), NEW_YEAR);
    }

    #[test]
    fn the_system_clock_is_later_than_this_test() {
        assert!(Clock::system().now() > NEW_YEAR.minus(Duration::from_hours(24)));
    }

    #[test]
    fn a_moment_has_a_date() {
        let date = NEW_YEAR.utc().map(|utc| utc.date().to_string());
        assert_eq!(date.as_deref(), Some("2026-01-01"));
        assert_eq!(Millis(i64::MAX).utc(), None);
        assert_eq!(NEW_YEAR.plus(Duration::MAX), Millis(i64::MAX));
    }

    #[test]
    fn ids_rise_in_one_millisecond_and_after_the_clock_went_back() {
        let clock = Clock::manual(NEW_YEAR);
        let ids = Ids::seeded(clock.clone(), 7);
        let mut last = 0;
        for round in 0..10_000 {
            if round == 5_000 {
                let source = Ids {
                    clock: Clock::manual(Millis(0)),
                    ..ids.clone()
                };
                assert!(source.next() > last);
            }
            let id = ids.next();
            assert!(id > last, "{id} after {last}");
            last = id;
        }
        clock.advance(Duration::from_hours(1));
        let milliseconds = ids.next() >> Ids::RANDOM_BITS;
        assert_eq!(milliseconds, NEW_YEAR.0 + 3_600_000 - Ids::EPOCH);
    }

    #[test]
    fn threads_never_share_an_id() {
        let ids = Ids::system(Clock::manual(NEW_YEAR));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let ids = ids.clone();
                std::thread::spawn(move || (0..2_000).map(|_| ids.next()).collect::<Vec<_>>())
            })
            .collect();
        let all = threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap());
        assert_eq!(all.collect::<HashSet<_>>().len(), 8_000);
    }

    #[test]
    fn a_seed_decides_ids_and_codes() {
        let draw = |seed| {
            let ids = Ids::seeded(Clock::manual(NEW_YEAR), seed);
            (ids.next(), ids.next(), Random::seeded(seed).code())
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn codes_are_long_legible_and_different() {
        let codes: HashSet<String> = (0..100).map(|_| Random::system().code()).collect();
        assert_eq!(codes.len(), 100);
        for code in codes {
            assert_eq!(code.len(), 26);
            assert!(
                code.bytes()
                    .all(|letter| Random::ALPHABET.contains(&letter))
            );
        }
        assert_ne!(Random::system().bytes::<32>(), Random::system().bytes());
    }

    #[tokio::test]
    async fn a_moment_goes_into_a_database_and_json_as_a_number() -> anyhow::Result<()> {
        use sqlx::Connection as _;

        let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await?;
        let (back, kind): (Millis, String) = sqlx::query_as("select $1, typeof($1)")
            .bind(NEW_YEAR)
            .fetch_one(&mut connection)
            .await?;
        assert_eq!((back, kind.as_str()), (NEW_YEAR, "integer"));
        assert_eq!(serde_json::to_string(&NEW_YEAR)?, NEW_YEAR.to_string());
        Ok(())
    }
}
