//! What can be made to go wrong on command: in the answers to a bot's calls, and in what is delivered to the bot.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// One thing that goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// The call is refused with 429 and this `retry_after`.
    TooManyRequests {
        /// How long the bot is asked to wait, in milliseconds (Telegram rounds up to seconds).
        retry_after_ms: u64,
    },
    /// The call is refused with this 5xx status and nothing is done.
    ServerError {
        /// 500 to 599.
        status: u16,
    },
    /// The call is served after this delay.
    DelayCall {
        /// Milliseconds.
        ms: u64,
    },
    /// The connection closes before the call is served: nothing is done.
    DropCall,
    /// The call is served, and the connection closes before the answer: the bot cannot know.
    DropAnswer,
    /// The event (interaction or update) never reaches the bot.
    DropDelivery,
    /// The event reaches the bot twice.
    DuplicateDelivery,
    /// The event reaches the bot late.
    DelayDelivery {
        /// Milliseconds.
        ms: u64,
    },
    /// The event is held until the next one was delivered.
    ReorderDelivery,
}

impl Fault {
    /// Whether it concerns what is delivered to the bot, rather than the answer to a call.
    pub fn is_delivery(&self) -> bool {
        matches!(
            self,
            Self::DropDelivery
                | Self::DuplicateDelivery
                | Self::DelayDelivery { .. }
                | Self::ReorderDelivery
        )
    }
}

/// A fault, what it applies to and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What happens.
    #[serde(flatten)]
    pub fault: Fault,
    /// Part of what the rule applies to: of `"POST /channels/5/messages"` on Discord, of the method name on
    /// Telegram, of the event's name (`INTERACTION_CREATE`, `callback_query`) for deliveries. Empty: everything.
    #[serde(default)]
    pub matching: String,
    /// How many times; then the rule is gone.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

/// The rules in force on one messenger, in the order they were set. Cheap to clone: clones share the rules.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    rules: Arc<Mutex<Vec<Rule>>>,
}

impl Faults {
    /// Puts a rule in force.
    pub fn set(&self, rule: Rule) {
        self.lock().push(rule);
    }

    /// Takes every rule out of force.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The fault for a call to `target`, if a rule applies; the rule is used up once.
    pub fn for_call(&self, target: &str) -> Option<Fault> {
        self.take(target, false)
    }

    /// The fault for delivering `event` to the bot, if a rule applies; the rule is used up once.
    pub fn for_delivery(&self, event: &str) -> Option<Fault> {
        self.take(event, true)
    }

    fn take(&self, target: &str, delivery: bool) -> Option<Fault> {
        let target = target.to_lowercase();
        let mut rules = self.lock();
        let at = rules.iter().position(|rule| {
            rule.fault.is_delivery() == delivery && target.contains(&rule.matching.to_lowercase())
        })?;
        rules[at].times = rules[at].times.saturating_sub(1);
        let fault = rules[at].fault.clone();
        if rules[at].times == 0 {
            rules.remove(at);
        }
        Some(fault)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
