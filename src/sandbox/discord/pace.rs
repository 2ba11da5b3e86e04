//! How fast a bot may call, when a test asks for it: 50 calls a second in all, 5 messages in 5 seconds a channel.

use std::collections::{HashMap, VecDeque};

/// What was called lately. Nothing is refused until it is enforced.
#[derive(Debug, Default)]
pub struct Pace {
    /// Whether calls that come too fast are refused.
    pub enforced: bool,
    all: VecDeque<u64>,
    by_channel: HashMap<String, VecDeque<u64>>,
}

impl Pace {
    /// Counts a call. When it comes too fast: how long to wait, in milliseconds, and whether that goes for all calls.
    pub fn take(&mut self, now_ms: u64, method: &str, path: &str) -> Option<(u64, bool)> {
        // Answers to interactions are bound to the interaction, not to the bot.
        if !self.enforced || path.starts_with("/interactions/") || path.starts_with("/webhooks/") {
            return None;
        }
        if let Some(wait) = full(&mut self.all, now_ms, 50, 1_000) {
            return Some((wait, true));
        }
        if method == "POST" && path.ends_with("/messages") {
            let channel = self.by_channel.entry(path.to_owned()).or_default();
            return full(channel, now_ms, 5, 5_000).map(|wait| (wait, false));
        }
        None
    }
}

/// Counts one more in the window, or tells how long it is full.
fn full(window: &mut VecDeque<u64>, now_ms: u64, most: usize, length_ms: u64) -> Option<u64> {
    while window.front().is_some_and(|at| at + length_ms <= now_ms) {
        window.pop_front();
    }
    if window.len() >= most {
        return window
            .front()
            .map(|at| (at + length_ms).saturating_sub(now_ms).max(1));
    }
    window.push_back(now_ms);
    None
}
