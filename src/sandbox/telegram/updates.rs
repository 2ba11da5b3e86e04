//! What the bot has yet to be told: the queue of updates behind `getUpdates` and the webhook, with the server's rules
//! (ids rise, confirmed by offset, kept 24 hours) and the faults of delivery.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Value, json};

use crate::sandbox::faults::Fault;

/// How long an update waits for the bot.
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;
/// How long a press waits for the bot.
const CALLBACK_KEPT_MS: i64 = 150 * 1000;
/// What ids begin after.
const FIRST_ID: i64 = 100_000_000;
/// Kinds that are sent only to bots which ask for them.
const ON_REQUEST: &[&str] = &["chat_member", "message_reaction", "message_reaction_count"];

/// An update in the queue.
#[derive(Debug, Clone)]
pub struct Pending {
    /// `update_id`.
    pub id: i64,
    /// Name of the field that carries it, such as `callback_query`.
    pub kind: &'static str,
    /// Updates of one lane reach a webhook one after the other.
    pub lane: i64,
    /// The whole `Update` object.
    pub update: Value,
    created: i64,
    due: i64,
    order: Order,
    progress: Progress,
    /// Webhook: not tried again before.
    pub retry_at: i64,
    /// Webhook: failed tries.
    pub failures: u32,
}

/// When an update comes. Later offsets do not confirm what a fault made late and the bot never saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    InTurn,
    Late,
    /// After a later update was handed over.
    AfterTheNext,
    /// A second time, after the first was confirmed.
    Again,
}

/// How far an update came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Waiting,
    /// On its way to the webhook.
    InFlight,
    /// In an answer to `getUpdates`.
    Served,
}

/// Where updates are posted to.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The bot's address.
    pub url: String,
    /// Sent along with every update.
    pub secret: Option<String>,
    /// Posts at once.
    pub max_connections: i64,
    /// The address the bot asked to be used.
    pub ip_address: Option<String>,
    /// A certificate came with it.
    pub certificate: bool,
    /// Unix seconds and sentence of the last failure.
    pub last_error: Option<(i64, String)>,
}

/// The queue.
#[derive(Debug, Default)]
pub struct Updates {
    queue: VecDeque<Pending>,
    last_id: i64,
    /// Kinds the bot asked for; `None`: the usual ones.
    pub allowed: Option<BTreeSet<String>>,
    /// Where they are posted, instead of being asked for.
    pub webhook: Option<Webhook>,
    /// Counts calls of `getUpdates`: an older one that still waits is ended by a newer one.
    pub poll: u64,
    highest_served: i64,
}

impl Updates {
    /// Ids begin after so many.
    pub fn number_after(&mut self, count: i64) {
        self.last_id = count;
    }

    /// Queues an update as the faults in force have it. Returns whether it will be delivered at all.
    pub fn push(
        &mut self,
        kind: &'static str,
        lane: i64,
        content: &Value,
        now: i64,
        fault: Option<&Fault>,
    ) -> bool {
        if !self.wanted(kind) {
            return false;
        }
        self.last_id += 1;
        let id = FIRST_ID + self.last_id;
        let pending = Pending {
            id,
            kind,
            lane,
            update: json!({ "update_id": id, kind: content }),
            created: now,
            due: now,
            order: Order::InTurn,
            progress: Progress::Waiting,
            retry_at: 0,
            failures: 0,
        };
        match fault {
            Some(Fault::DropDelivery) => return false,
            Some(Fault::DuplicateDelivery) => {
                let again = Pending {
                    order: Order::Again,
                    ..pending.clone()
                };
                self.queue.push_back(pending);
                self.queue.push_back(again);
            }
            Some(Fault::DelayDelivery { ms }) => {
                let due = now.saturating_add(i64::try_from(*ms).unwrap_or(i64::MAX));
                self.queue.push_back(Pending {
                    due,
                    order: Order::Late,
                    ..pending
                });
            }
            Some(Fault::ReorderDelivery) => {
                self.queue.push_back(Pending {
                    order: Order::AfterTheNext,
                    ..pending
                });
            }
            _ => self.queue.push_back(pending),
        }
        true
    }

    fn wanted(&self, kind: &str) -> bool {
        match &self.allowed {
            Some(kinds) => kinds.contains(kind),
            None => !ON_REQUEST.contains(&kind),
        }
    }

    /// Takes a bot's `allowed_updates`; an empty list stands for the usual kinds.
    pub fn allow(&mut self, kinds: &Value) {
        let kinds: BTreeSet<String> = kinds
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|kind| kind.as_str().map(ToOwned::to_owned))
            .collect();
        self.allowed = (!kinds.is_empty()).then_some(kinds);
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// How many wait that neither a delay nor a reordering holds back.
    pub fn unseen(&self, now: i64) -> usize {
        let unseen = |p: &&Pending| {
            p.progress != Progress::Served && p.order != Order::AfterTheNext && p.due <= now
        };
        self.queue.iter().filter(unseen).count()
    }

    /// Forgets everything that waits.
    pub fn clear(&mut self) {
        self.queue.clear();
    }

    /// Forgets what waited too long.
    pub fn expire(&mut self, now: i64) {
        self.queue.retain(|pending| {
            let kept = match pending.kind {
                "callback_query" => CALLBACK_KEPT_MS,
                _ => KEPT_MS,
            };
            now - pending.created < kept
        });
    }

    /// Confirms all updates before `offset`; a negative one keeps that many of the newest.
    pub fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let excess = self.queue.len().saturating_sub(keep);
            self.queue.drain(..excess);
        } else {
            self.queue.retain(|pending| {
                pending.id >= offset
                    || (pending.order != Order::InTurn && pending.progress != Progress::Served)
            });
        }
    }

    /// The updates for one answer to `getUpdates`.
    pub fn batch(&mut self, offset: i64, limit: usize, now: i64) -> Vec<Value> {
        self.expire(now);
        let mut batch = Vec::new();
        // What a fault made late comes even when its number is below the offset.
        for late in [false, true] {
            for at in 0..self.queue.len() {
                let pending = &self.queue[at];
                let fits = if late {
                    pending.order != Order::InTurn
                } else {
                    pending.order == Order::InTurn && pending.id >= offset
                };
                if batch.len() < limit && fits && self.ready(pending, now) {
                    let pending = &mut self.queue[at];
                    pending.progress = Progress::Served;
                    batch.push(pending.update.clone());
                    self.highest_served = self.highest_served.max(pending.id);
                }
            }
        }
        batch
    }

    /// The next update for the webhook, which is then in flight. One lane has one update in flight.
    pub fn take_for_webhook(&mut self, now: i64) -> Option<Pending> {
        self.expire(now);
        let busy: BTreeSet<i64> = self
            .queue
            .iter()
            .filter(|pending| pending.progress == Progress::InFlight)
            .map(|pending| pending.lane)
            .collect();
        if i64::try_from(busy.len()).unwrap_or(i64::MAX) >= self.webhook.as_ref()?.max_connections {
            return None;
        }
        let mut passed = busy;
        for at in 0..self.queue.len() {
            let pending = &self.queue[at];
            if passed.contains(&pending.lane) || !self.ready(pending, now) {
                continue;
            }
            if pending.retry_at > now {
                passed.insert(pending.lane);
                continue;
            }
            let pending = &mut self.queue[at];
            pending.progress = Progress::InFlight;
            return Some(pending.clone());
        }
        None
    }

    /// Notes how a post to the webhook ended.
    pub fn webhook_done(&mut self, taken: &Pending, error: Option<String>, now: i64) {
        let at = self.queue.iter().position(|p| {
            p.progress == Progress::InFlight && p.id == taken.id && p.order == taken.order
        });
        if error.is_none() {
            self.highest_served = self.highest_served.max(taken.id);
        }
        if let Some(at) = at {
            if error.is_some() {
                let pending = &mut self.queue[at];
                pending.progress = Progress::Waiting;
                pending.failures += 1;
                let wait = 250_i64 << pending.failures.min(7);
                pending.retry_at = now + wait;
            } else {
                self.queue.remove(at);
            }
        }
        if let (Some(error), Some(webhook)) = (error, self.webhook.as_mut()) {
            webhook.last_error = Some((now / 1000, error));
        }
    }

    /// The earliest moment after `now` at which something becomes ready by itself.
    pub fn next_moment(&self, now: i64) -> Option<i64> {
        self.queue
            .iter()
            .map(|pending| pending.due.max(pending.retry_at))
            .filter(|moment| *moment > now)
            .min()
    }

    fn ready(&self, pending: &Pending, now: i64) -> bool {
        let first = |other: &Pending| other.id == pending.id && other.order != Order::Again;
        let turn = match pending.order {
            Order::InTurn | Order::Late => true,
            Order::AfterTheNext => self.highest_served > pending.id,
            Order::Again => !self.queue.iter().any(first),
        };
        turn && pending.due <= now
    }
}
