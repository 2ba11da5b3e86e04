//! How fast Telegram lets a bot speak: 30 messages a second in all, one a second in a private chat after a short burst,
//! 20 a minute in a group. Replies take the next free place at once; notices take only a place that is free now, so
//! they never stand in front of a reply. Nothing here must survive: a bot that forgets is told 429.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::{Clock, Millis};

/// A bucket's law: `burst` at once, then one per `interval`.
#[derive(Clone, Copy)]
struct Law {
    interval: Duration,
    burst: u32,
}

/// At most 30 in any second: 6 at once and then 23.
const OVERALL: Law = Law {
    interval: Duration::from_millis(42),
    burst: 6,
};
/// What notices may take of it.
const OVERALL_NOTICES: Law = Law {
    burst: 4,
    ..OVERALL
};
const PRIVATE: Law = Law {
    interval: Duration::from_secs(1),
    burst: 3,
};
/// At most 20 in any minute: 6 at once and then 14.
const GROUP: Law = Law {
    interval: Duration::from_secs(4),
    burst: 6,
};
/// Above so many chats, those that are idle are forgotten.
const MANY: usize = 4096;

/// When the bucket will be empty again, were nothing more sent (GCRA's theoretical arrival time).
#[derive(Clone, Copy, Default)]
struct Bucket(Millis);

impl Bucket {
    fn free_at(self, law: Law, now: Millis) -> Millis {
        now.max(self.0.minus(law.interval * (law.burst - 1)))
    }

    fn take(&mut self, law: Law, at: Millis) {
        self.0 = self.0.max(at).plus(law.interval);
    }
}

#[derive(Clone, Copy, Default)]
struct Chat {
    bucket: Bucket,
    held_until: Millis,
}

#[derive(Default)]
struct Buckets {
    overall: Bucket,
    chats: HashMap<i64, Chat>,
}

impl Buckets {
    fn chat(&mut self, chat: i64, now: Millis) -> &mut Chat {
        if self.chats.len() > MANY {
            self.chats
                .retain(|_, chat| chat.bucket.0 > now || chat.held_until > now);
        }
        self.chats.entry(chat).or_default()
    }
}

/// Who may speak when. One per bot.
pub struct Pacer {
    clock: Clock,
    buckets: Mutex<Buckets>,
}

impl Pacer {
    /// A pacer at rest.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            buckets: Mutex::default(),
        }
    }

    /// Waits for a reply's place in a chat, then in all.
    pub async fn reply(&self, chat: i64) {
        tokio::time::sleep(self.reserve_chat(chat)).await;
        // Only now: a place far ahead in a busy chat must not push back everybody else's.
        tokio::time::sleep(self.reserve_overall()).await;
    }

    /// Waits for a place that replies leave free. Gives up at once, with how long it would take, where that is longer
    /// than `patience`.
    pub async fn notice(&self, chat: i64, patience: Duration) -> Result<(), Duration> {
        let deadline = self.clock.now().plus(patience);
        loop {
            let wait = self.try_notice(chat);
            if wait.is_zero() {
                return Ok(());
            }
            if self.clock.now().plus(wait) > deadline {
                return Err(wait);
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Nothing goes to the chat for so long (`retry_after`).
    pub fn hold(&self, chat: i64, time: Duration) {
        let now = self.clock.now();
        let mut buckets = self.lock();
        let chat = buckets.chat(chat, now);
        chat.held_until = chat.held_until.max(now.plus(time));
    }

    fn reserve_chat(&self, id: i64) -> Duration {
        let now = self.clock.now();
        let mut buckets = self.lock();
        let chat = buckets.chat(id, now);
        let at = chat.bucket.free_at(law(id), now).max(chat.held_until);
        chat.bucket.take(law(id), at);
        at.since(now)
    }

    fn reserve_overall(&self) -> Duration {
        let now = self.clock.now();
        let mut buckets = self.lock();
        let at = buckets.overall.free_at(OVERALL, now);
        buckets.overall.take(OVERALL, at);
        at.since(now)
    }

    /// Takes both places if they are free now; else takes none and says when to ask again.
    fn try_notice(&self, id: i64) -> Duration {
        let now = self.clock.now();
        let mut buckets = self.lock();
        let overall = buckets.overall.free_at(OVERALL_NOTICES, now);
        let chat = buckets.chat(id, now);
        let at = chat
            .bucket
            .free_at(law(id), now)
            .max(chat.held_until)
            .max(overall);
        if at > now {
            return at.since(now);
        }
        chat.bucket.take(law(id), now);
        buckets.overall.take(OVERALL, now);
        Duration::ZERO
    }

    fn lock(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A private chat has its user's id; groups are below zero.
fn law(chat: i64) -> Law {
    if chat > 0 { PRIVATE } else { GROUP }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Millis = Millis(1_767_225_600_000);

    fn pacer() -> (Pacer, Clock) {
        let clock = Clock::manual(START);
        (Pacer::new(clock.clone()), clock)
    }

    /// When `count` replies that are asked for at once may go.
    fn places(count: usize, mut reserve: impl FnMut() -> Duration) -> Vec<u64> {
        (0..count)
            .map(|_| u64::try_from(reserve().as_millis()).unwrap())
            .collect()
    }

    fn most_in(places: &[u64], window: u64) -> usize {
        places
            .iter()
            .map(|from| {
                let inside = |at: &&u64| **at >= *from && **at < from + window;
                places.iter().filter(inside).count()
            })
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn a_private_chat_has_a_burst_of_three_and_then_one_a_second() {
        let (pacer, _) = pacer();
        let places = places(6, || pacer.reserve_chat(7));
        assert_eq!(places, [0, 0, 0, 1000, 2000, 3000]);
    }

    #[test]
    fn a_group_has_twenty_a_minute() {
        let (pacer, _) = pacer();
        let places = places(100, || pacer.reserve_chat(-7));
        assert_eq!(most_in(&places, 60_000), 20);
    }

    #[test]
    fn everybody_together_has_thirty_a_second() {
        let (pacer, _) = pacer();
        let places = places(200, || pacer.reserve_overall());
        assert!(most_in(&places, 1000) <= 30, "{places:?}");
    }

    #[test]
    fn a_busy_chat_does_not_hold_up_another() {
        let (pacer, _) = pacer();
        for _ in 0..50 {
            pacer.reserve_chat(-7);
        }
        assert_eq!(pacer.reserve_chat(8), Duration::ZERO);
        assert_eq!(pacer.reserve_overall(), Duration::ZERO);
    }

    #[test]
    fn a_held_chat_waits_and_others_do_not() {
        let (pacer, clock) = pacer();
        pacer.hold(7, Duration::from_secs(5));
        assert_eq!(pacer.reserve_chat(7), Duration::from_secs(5));
        assert_eq!(pacer.try_notice(7), Duration::from_secs(5));
        assert_eq!(pacer.try_notice(8), Duration::ZERO);
        clock.advance(Duration::from_mins(1));
        assert_eq!(pacer.reserve_chat(7), Duration::ZERO);
    }

    #[tokio::test]
    async fn notices_leave_room_for_replies() {
        let (pacer, _) = pacer();
        for chat in 1..=4 {
            assert_eq!(pacer.try_notice(chat), Duration::ZERO);
        }
        assert!(pacer.try_notice(5) > Duration::ZERO);
        assert_eq!(pacer.reserve_overall(), Duration::ZERO);
        let late = pacer.notice(5, Duration::ZERO).await;
        assert!(late.is_err());
    }

    #[test]
    fn idle_chats_are_forgotten() {
        let (pacer, clock) = pacer();
        for chat in 1..=5000 {
            pacer.reserve_chat(chat);
        }
        clock.advance(Duration::from_secs(10));
        pacer.reserve_chat(1);
        assert!(pacer.lock().chats.len() < 10);
    }
}
