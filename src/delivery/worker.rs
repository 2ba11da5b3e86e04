//! Takes notices from the outbox one by one under a lease, words them, and hands them to the courier that serves their
//! address. At least once: a kill between handing over and noting it leads to one more try with the same key.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::courier::{Address, Courier, Effect, Envelope, Outcome};
use super::wording::{self, Worded};
use crate::chat::{Identity, MessageRef, Messenger};
use crate::domain::ids::RequestId;
use crate::domain::request::State;
use crate::services::House;
use crate::services::notices::{Content, address};
use crate::store::outbox::{Claimed, Finish};
use crate::store::{Stop, Tx};

/// How many notices are handed over at the same time.
const SLOTS: usize = 8;
/// How long a claim lasts: longer than any courier takes.
const LEASE: Duration = Duration::from_secs(45);
/// How long a courier may take; then the try counts as failed and the notice is tried again under its key.
const LONGEST: Duration = Duration::from_secs(30);
/// Looked at least this often, in case another instance wrote a notice.
const POLL: Duration = Duration::from_secs(1);
/// After so many tries or so long a notice is given up.
const TRIES: i64 = 12;
const KEPT: Duration = Duration::from_hours(96);

/// A message that came to show a request.
struct Shown {
    request: RequestId,
    message: MessageRef,
    /// Whether it is the requester's own.
    own: bool,
    /// How far the request was: its state and number of approvals.
    state: Option<(State, usize)>,
}

/// The outbox's worker.
pub struct Worker {
    house: House,
    couriers: Vec<Arc<dyn Courier>>,
    bell: Arc<Notify>,
    slots: Arc<Semaphore>,
}

impl Worker {
    /// A worker with these couriers. `bell` is rung when there may be something to do.
    pub fn new(house: House, couriers: Vec<Arc<dyn Courier>>, bell: Arc<Notify>) -> Arc<Self> {
        Arc::new(Self {
            house,
            couriers,
            bell,
            slots: Arc::new(Semaphore::new(SLOTS)),
        })
    }

    /// Works until it is stopped, then finishes what is under way.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let tasks = TaskTracker::new();
        while !stop.is_cancelled() {
            let Ok(slot) = self.slots.clone().acquire_owned().await else {
                break;
            };
            match self.claim().await {
                Ok(Some(claimed)) => {
                    let worker = self.clone();
                    tasks.spawn(async move {
                        worker.hand_over(claimed).await;
                        drop(slot);
                    });
                    continue;
                }
                Ok(None) => {}
                Err(Stop::Fault(fault)) => fault.during("claiming a notice").log(),
                Err(Stop::Refusal(refusal)) => {
                    tracing::error!(%refusal, "claiming a notice was refused");
                }
            }
            drop(slot);
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.bell.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
        tasks.close();
        tasks.wait().await;
    }

    async fn claim(&self) -> Result<Option<Claimed>, Stop> {
        let (now, lease) = (self.house.now(), self.house.ids.next());
        // Looking first costs no commit where there is nothing.
        let due = self
            .house
            .store
            .read(|tx| Box::pin(async move { Ok(tx.next_notice().await?) }))
            .await?;
        if due.is_none_or(|due| due > now) {
            return Ok(None);
        }
        self.house
            .store
            .write(move |tx| {
                Box::pin(async move { Ok(tx.claim_notice(now, lease, now.plus(LEASE)).await?) })
            })
            .await
    }

    async fn hand_over(&self, claimed: Claimed) {
        let (id, lease) = (claimed.id, claimed.lease);
        if let Err(stop) = self.try_to(claimed).await {
            // The lease runs out and the notice is tried again.
            match stop {
                Stop::Fault(fault) => fault.during("handing over a notice").log(),
                Stop::Refusal(refusal) => {
                    tracing::error!(%refusal, %id, lease, "a notice was refused");
                }
            }
        }
    }

    async fn try_to(&self, claimed: Claimed) -> Result<(), Stop> {
        let to: Address = serde_json::from_str(&claimed.address)?;
        let content: Content = serde_json::from_str(&claimed.content)?;
        let (house, about) = (self.house.clone(), content.clone());
        let worded = self
            .house
            .store
            .read_together(move |tx| {
                Box::pin(async move { wording::effect(&house, tx, &about, to).await })
            })
            .await?;
        let Some(Worded { effect, state }) = worded else {
            return self
                .note(&claimed, Finish::Dead("nothing to show".to_owned()), None)
                .await;
        };
        let outcome = self.deliver(&claimed, to, effect).await;
        let (house, content) = (self.house.clone(), content);
        match outcome {
            Outcome::Sent(message) => {
                let shown = |request, own| {
                    message.clone().map(|message| Shown {
                        request,
                        message,
                        own,
                        state,
                    })
                };
                let card = match &content {
                    Content::Approval { request } | Content::Reminder { request } => {
                        shown(*request, false)
                    }
                    Content::Outcome { request, .. } => shown(*request, true),
                    _ => None,
                };
                self.note(&claimed, Finish::Sent(message), card).await
            }
            Outcome::Nothing => self.note(&claimed, Finish::Sent(None), None).await,
            Outcome::Refused(why) => {
                tracing::warn!(notice = %claimed.id, why, "a messenger refuses a notice");
                self.note(&claimed, Finish::Dead(why), None).await
            }
            Outcome::Unreachable(why) => house.divert(&claimed, &to, &content, why).await,
            Outcome::Later { after, why } => {
                let finish = self.again(&claimed, after, why);
                self.note(&claimed, finish, None).await
            }
        }
    }

    async fn deliver(&self, claimed: &Claimed, to: Address, effect: Effect) -> Outcome {
        let Some(courier) = self.couriers.iter().find(|courier| courier.serves(&to)) else {
            return Outcome::Refused("no messenger is configured for this address".to_owned());
        };
        let envelope = Envelope {
            id: claimed.id,
            to,
            effect,
        };
        match tokio::time::timeout(LONGEST, courier.deliver(envelope)).await {
            Ok(outcome) => outcome,
            Err(_) => Outcome::Later {
                after: None,
                why: "no answer in time".to_owned(),
            },
        }
    }

    /// When to try again: as the messenger asks, else later and later with jitter; at last not at all.
    fn again(&self, claimed: &Claimed, after: Option<Duration>, why: String) -> Finish {
        let now = self.house.now();
        let tries = claimed.attempts + 1;
        // Being asked to wait is no failure of the notice.
        let tired = after.is_none() && tries >= TRIES;
        if tired || claimed.created_at.plus(KEPT) < now {
            tracing::error!(notice = %claimed.id, why, "a notice is given up");
            return Finish::Dead(why);
        }
        let doubling = 2_u64
            .saturating_pow(u32::try_from(tries.min(16)).unwrap_or(16))
            .min(8 * 3600);
        let base = after.unwrap_or(Duration::from_secs(doubling));
        let jitter = Duration::from_millis(
            self.house.random.number() % (1 + u64::try_from(base.as_millis() / 4).unwrap_or(0)),
        );
        Finish::Again(now.plus(base + jitter), why)
    }

    /// Notes how it ended; a message that shows a request is remembered, and brought up to date at once where the
    /// request went on while the message was on its way.
    async fn note(
        &self,
        claimed: &Claimed,
        finish: Finish,
        card: Option<Shown>,
    ) -> Result<(), Stop> {
        let (house, id, lease) = (self.house.clone(), claimed.id, claimed.lease);
        let bell = self.bell.clone();
        self.house
            .store
            .write(move |tx| {
                Box::pin(async move {
                    if let Some(Shown { request, .. }) = &card {
                        // Whoever decides just now either sees the message below, or has decided before it is compared.
                        tx.request(*request, true).await?;
                    }
                    let held = tx.finish_notice(id, lease, &finish, house.now()).await?;
                    if !held {
                        tracing::warn!(notice = %id, "the lease had run out; the notice may arrive twice");
                    }
                    let Some(Shown { request, message, own, state }) = card else {
                        return Ok(());
                    };
                    tx.insert_card(house.ids.next(), request, &message, own, None).await?;
                    let Some(now) = house.view_request(tx, request).await? else {
                        return Ok(());
                    };
                    if state != Some((now.request.state, now.approvals.len())) {
                        // This one alone: the others were told when it happened.
                        let key = format!("update:{request}:{id}:late");
                        house.notify_card(tx, request, message.clone(), own, key).await?;
                        bell.notify_one();
                    }
                    if own && now.undoable {
                        let key = format!("update:{request}:{id}:undo-over");
                        let after = house.rules.undo;
                        house.notify_card_after(tx, request, (message, own), key, after).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

impl House {
    /// Somebody cannot be written to: the notice goes to another of his accounts, else it is kept until he writes.
    async fn divert(
        &self,
        claimed: &Claimed,
        to: &Address,
        content: &Content,
        why: String,
    ) -> Result<(), Stop> {
        let (house, claimed, to, content) = (self.clone(), claimed.clone(), *to, content.clone());
        self.store
            .write(move |tx| {
                Box::pin(async move { house.diverted(tx, &claimed, &to, &content, why).await })
            })
            .await
    }

    async fn diverted(
        &self,
        tx: &mut Tx,
        claimed: &Claimed,
        to: &Address,
        content: &Content,
        why: String,
    ) -> Result<(), Stop> {
        let now = self.now();
        if let Some(identity) = account_at(to) {
            tx.set_reachable(identity, Some(now)).await?;
        }
        if let Some(person) = content.person() {
            let accounts = tx.accounts_of(person).await?;
            let other = accounts
                .iter()
                .find(|account| !account.unreachable && address(account.identity) != *to);
            let elsewhere = match (other, content) {
                (Some(account), _) => Some(address(account.identity)),
                // The staff sees how staff requests end; nobody else's business goes into a channel.
                (None, Content::Outcome { .. }) if matches!(to, Address::DiscordUser(_)) => self
                    .rules
                    .staff_channel
                    .or(self.rules.approvals_channel)
                    .map(Address::DiscordChannel),
                _ => None,
            };
            if let Some(elsewhere) = elsewhere {
                let key = format!(
                    "diverted:{}:{}",
                    claimed.id,
                    serde_json::to_string(&elsewhere)?
                );
                self.notify(
                    tx,
                    key,
                    format!("notice:{}", claimed.id),
                    &elsewhere,
                    content,
                )
                .await?;
                tx.finish_notice(claimed.id, claimed.lease, &Finish::Dead(why), now)
                    .await?;
                return Ok(());
            }
        }
        tx.finish_notice(claimed.id, claimed.lease, &Finish::Held(why), now)
            .await?;
        Ok(())
    }
}

fn account_at(to: &Address) -> Option<Identity> {
    match to {
        Address::DiscordUser(user) => Some(Identity {
            messenger: Messenger::Discord,
            user: *user,
        }),
        Address::TelegramChat(user) if *user > 0 => Some(Identity {
            messenger: Messenger::Telegram,
            user: *user,
        }),
        _ => None,
    }
}
