//! How fast notices go out: so many a second over all, so many to one channel, and none while Discord asks to wait.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Below Discord's 50 a second, which commands and registration share.
const OVERALL: (usize, Duration) = (40, Duration::from_secs(1));
/// Below Discord's usual 5 in 5 seconds.
const PER_CHANNEL: (usize, Duration) = (4, Duration::from_secs(5));
/// Whoever would wait longer is sent away, to come again: notices are leased for 30 s only.
const LONGEST: Duration = Duration::from_secs(12);
/// From here on channels that are quiet are forgotten.
const CHANNELS: usize = 1_024;

/// The turns that were given. Times may lie ahead: a turn is given out before it comes.
#[derive(Default)]
pub(super) struct Pace(Mutex<Turns>);

#[derive(Default)]
struct Turns {
    overall: Window,
    channels: HashMap<u64, Window>,
}

#[derive(Default)]
struct Window {
    given: VecDeque<Instant>,
    not_before: Option<Instant>,
}

impl Window {
    /// When the next turn may be.
    fn next(&self, now: Instant, (count, span): (usize, Duration)) -> Instant {
        let free = match self.given.len().checked_sub(count) {
            Some(index) => self.given[index] + span,
            None => now,
        };
        free.max(self.not_before.unwrap_or(now)).max(now)
    }

    fn give(&mut self, turn: Instant, (count, _): (usize, Duration)) {
        // Kept in order, for turns of other channels may have been given further ahead.
        let at = self.given.partition_point(|given| *given <= turn);
        self.given.insert(at, turn);
        while self.given.len() > count * 8 {
            self.given.pop_front();
        }
    }

    fn is_quiet(&self, now: Instant) -> bool {
        let last = self
            .given
            .back()
            .is_none_or(|last| *last + PER_CHANNEL.1 < now);
        last && self.not_before.is_none_or(|until| until < now)
    }
}

impl Pace {
    /// Takes a turn in a channel: how long to wait for it, or, when that is too long, when to come again.
    pub(super) fn take(&self, channel: u64) -> Result<Duration, Duration> {
        let now = Instant::now();
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turns = &mut *turns;
        if turns.channels.len() >= CHANNELS {
            turns.channels.retain(|_, window| !window.is_quiet(now));
        }
        let window = turns.channels.entry(channel).or_default();
        let turn = turns
            .overall
            .next(now, OVERALL)
            .max(window.next(now, PER_CHANNEL));
        let wait = turn.saturating_duration_since(now);
        if wait > LONGEST {
            return Err(wait);
        }
        turns.overall.give(turn, OVERALL);
        window.give(turn, PER_CHANNEL);
        Ok(wait)
    }

    /// No turns for a while: in one channel, or anywhere.
    pub(super) fn hold(&self, channel: Option<u64>, wait: Duration) {
        let until = Instant::now() + wait;
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = match channel {
            Some(channel) => turns.channels.entry(channel).or_default(),
            None => &mut turns.overall,
        };
        window.not_before = Some(window.not_before.map_or(until, |held| held.max(until)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(pace: &Pace, channel: u64, count: usize) -> Vec<u64> {
        let take = |_| pace.take(channel).map(|wait| wait.as_secs());
        (0..count).map(take).map(|wait| wait.unwrap()).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_channel_gets_four_turns_in_five_seconds() {
        let pace = Pace::default();
        assert_eq!(waits(&pace, 1, 9), [0, 0, 0, 0, 5, 5, 5, 5, 10]);
        assert_eq!(waits(&pace, 2, 1), [0]);
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!(waits(&pace, 1, 1), [0]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_queue_is_sent_away_without_a_turn() {
        let pace = Pace::default();
        waits(&pace, 1, 12);
        assert_eq!(pace.take(1), Err(Duration::from_secs(15)));
        assert_eq!(pace.take(1), Err(Duration::from_secs(15)));
    }

    #[tokio::test(start_paused = true)]
    async fn all_channels_together_get_forty_a_second() {
        let pace = Pace::default();
        let given: Vec<u64> = (0..100)
            .flat_map(|channel| waits(&pace, channel, 1))
            .collect();
        let at = |second| given.iter().filter(|wait| **wait == second).count();
        assert_eq!((at(0), at(1), at(2)), (40, 40, 20));
    }

    #[tokio::test(start_paused = true)]
    async fn what_discord_asks_for_is_held_to() {
        let pace = Pace::default();
        pace.hold(Some(1), Duration::from_secs(3));
        assert_eq!(pace.take(1), Ok(Duration::from_secs(3)));
        assert_eq!(pace.take(2), Ok(Duration::ZERO));
        pace.hold(None, Duration::from_mins(1));
        assert_eq!(pace.take(2), Err(Duration::from_mins(1)));
    }
}
