//! Acknowledges an event after a second, whatever happens, and brings its reply to Telegram, through limits and outages
//! of about two minutes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};
use teloxide::types::CallbackQueryId;
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::inbound::Incoming;
use super::outbound::{self, Asked, Posted};
use super::pace::Pacer;
use super::render;
use super::wire::{Ask, Failure, Wire};
use crate::chat::{Action, Ask as Asking, MessageRef, Placement, Reply};

/// When the person is told that the work has begun, counted from the receipt.
const ACKNOWLEDGE: Duration = Duration::from_secs(1);
/// Telegram shows the sign of writing for 5 s.
const TYPING: Duration = Duration::from_millis(4500);
/// How often the sign is given: nothing takes longer than the desk may.
const TYPINGS: u32 = 4;
/// How long a reply is tried.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long an acknowledgement is tried: later it is worth nothing.
const ACKNOWLEDGE_PATIENCE: Duration = Duration::from_secs(15);
/// How long a reply that is ready waits for its place when the bot stops.
const LAST_PLACE: Duration = Duration::from_secs(3);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Why a reply did not get there.
#[derive(Debug)]
enum Lost {
    /// The bot stops: somebody else may try again.
    Stopped,
    /// It never will.
    Failed(Failure),
}

/// What came of answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answered {
    /// The reply is there, or can never be: the update is finished.
    Done,
    /// The bot stops; the update is to be handled again.
    Interrupted,
}

/// One event's acknowledgement: given once, by whoever comes first.
pub(super) struct Exchange {
    pub(super) incoming: Incoming,
    acknowledged: AtomicBool,
    /// Ends the timer when the reply is there,
    ready: CancellationToken,
    /// or when the event is dropped unhandled.
    _dropped: DropGuard,
}

impl Exchange {
    /// Whether the press is still to be answered; afterwards it is not.
    fn claim(&self) -> Option<&CallbackQueryId> {
        let callback = self.incoming.callback.as_ref()?;
        (!self.acknowledged.swap(true, Ordering::AcqRel)).then_some(callback)
    }
}

/// Answers events. Cheap to clone.
#[derive(Clone)]
pub(super) struct Answerer {
    pub(super) wire: Wire,
    pub(super) pacer: Arc<Pacer>,
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
    /// Which chats show the sign of writing, and until when.
    pub(super) typing: Arc<Mutex<HashMap<i64, Instant>>>,
}

impl Answerer {
    /// Starts the time within which the event is acknowledged.
    pub(super) fn begin(&self, incoming: Incoming) -> Arc<Exchange> {
        let ready = CancellationToken::new();
        let exchange = Arc::new(Exchange {
            incoming,
            acknowledged: AtomicBool::new(false),
            ready: ready.clone(),
            _dropped: ready.clone().drop_guard(),
        });
        // Weak: a dropped event ends its timer.
        let pending = Arc::downgrade(&exchange);
        let answerer = self.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = ready.cancelled() => return,
                () = tokio::time::sleep(ACKNOWLEDGE) => {}
            }
            let Some(exchange) = pending.upgrade() else {
                return;
            };
            if exchange.incoming.callback.is_some() {
                // Once begun it is not broken off: nobody else would answer the press.
                answerer.acknowledge(&exchange).await;
                return;
            }
            let chat = exchange.incoming.event.chat;
            drop(exchange);
            tokio::select! {
                () = ready.cancelled() => {}
                () = answerer.show_typing(chat) => {}
            }
        });
        exchange
    }

    /// Brings the reply to where the event came from.
    pub(super) async fn send(&self, exchange: &Exchange, reply: &Reply) -> Answered {
        exchange.ready.cancel();
        match self.place(exchange, reply).await {
            Ok(()) => Answered::Done,
            // The bot ends on it, and may answer when it has a token again.
            Err(Lost::Stopped | Lost::Failed(Failure::Unauthorised)) => Answered::Interrupted,
            Err(Lost::Failed(failure)) => {
                let event = exchange.incoming.event.id.as_str();
                if failure.is_unreachable() {
                    tracing::info!(event, %failure, "the person cannot be written to");
                } else {
                    tracing::error!(event, %failure, "a reply was given up");
                }
                Answered::Done
            }
        }
    }

    /// Answers a press with nothing, so that it does not look ignored.
    pub(super) async fn acknowledge(&self, exchange: &Exchange) {
        let Some(callback) = exchange.claim() else {
            return;
        };
        let answer = outbound::answer(callback, None);
        match self.wire.call::<_, IgnoredAny>(&answer).await {
            Ok(_) => {}
            Err(Failure::Unavailable(_) | Failure::TooMany(_)) => {
                // What follows does not wait for it.
                let answerer = self.clone();
                let chat = exchange.incoming.event.chat;
                self.tasks.spawn(async move {
                    tokio::time::sleep(FIRST_PAUSE).await;
                    let again = answerer.persist::<_, IgnoredAny>(
                        chat,
                        Pace::Free,
                        ACKNOWLEDGE_PATIENCE,
                        |_| answer.clone(),
                    );
                    if let Err(Lost::Failed(failure)) = again.await {
                        tracing::debug!(%failure, "a press was not acknowledged");
                    }
                });
            }
            Err(failure) => tracing::debug!(%failure, "a press was not acknowledged"),
        }
    }

    async fn show_typing(&self, chat: i64) {
        for _ in 0..TYPINGS {
            if self.is_typing(chat) {
                tokio::time::sleep(TYPING).await;
                continue;
            }
            let sign = outbound::typing(chat);
            match self.wire.call::<_, IgnoredAny>(&sign).await {
                Ok(_) | Err(Failure::Unavailable(_)) => {}
                Err(failure) => {
                    tracing::debug!(%failure, "the sign of writing was refused");
                    return;
                }
            }
            tokio::time::sleep(TYPING).await;
        }
    }

    /// Whether the chat shows the sign already, for another event; else it will now.
    fn is_typing(&self, chat: i64) -> bool {
        let now = Instant::now();
        let mut typing = self.typing.lock().unwrap_or_else(PoisonError::into_inner);
        typing.retain(|_, until| *until > now);
        if typing.contains_key(&chat) {
            return true;
        }
        typing.insert(chat, now + TYPING);
        false
    }

    async fn place(&self, exchange: &Exchange, reply: &Reply) -> Result<(), Lost> {
        let shown = exchange.incoming.event.message.as_ref();
        match (reply.placement, shown) {
            (Placement::Aside, _) if self.alert(exchange, reply).await? => return Ok(()),
            // A question cannot be put by an edit, and a file cannot be added to a text.
            (Placement::Edit, Some(message))
                if !is_question(reply) && outbound::file(&reply.card).is_none() =>
            {
                self.acknowledge(exchange).await;
                let stays = settles(&exchange.incoming.event.ask);
                if self.edit(message, reply, stays).await? {
                    return Ok(());
                }
            }
            _ => {}
        }
        self.acknowledge(exchange).await;
        self.post(exchange, reply).await
    }

    /// Says it in the answer to the press, where that is possible.
    async fn alert(&self, exchange: &Exchange, reply: &Reply) -> Result<bool, Lost> {
        if !reply.buttons.is_empty() || reply.form.is_some() || reply.card.file.is_some() {
            return Ok(false);
        }
        let Some(text) = render::alert(&reply.card) else {
            return Ok(false);
        };
        let Some(callback) = exchange.claim() else {
            return Ok(false);
        };
        let chat = exchange.incoming.event.chat;
        let answer = || outbound::answer(callback, Some(&text));
        let done =
            self.persist::<_, IgnoredAny>(chat, Pace::Free, ACKNOWLEDGE_PATIENCE, |_| answer());
        match done.await {
            Ok(_) => Ok(true),
            Err(Lost::Stopped) => Err(Lost::Stopped),
            Err(Lost::Failed(failure)) => {
                // Too old, most likely: it must not go unsaid.
                tracing::debug!(%failure, "an alert was not shown and goes out as a message");
                Ok(false)
            }
        }
    }

    /// Whether the message shows the reply now; `false` where it cannot be edited any more. `stays`: it is brought up to
    /// date where it stands, even if that is beneath a file, whose caption holds less.
    async fn edit(&self, message: &MessageRef, reply: &Reply, stays: bool) -> Result<bool, Lost> {
        let Ok(id) = i32::try_from(message.message) else {
            return Ok(false);
        };
        let mut done = self
            .persist::<_, IgnoredAny>(message.chat, Pace::Taken, PATIENCE, |chat| {
                outbound::edit(chat, id, &reply.card, &reply.buttons)
            })
            .await;
        if stays && matches!(&done, Err(Lost::Failed(failure)) if failure.is_captioned()) {
            done = self
                .persist(message.chat, Pace::Taken, PATIENCE, |chat| {
                    outbound::edit_caption(chat, id, &reply.card, &reply.buttons)
                })
                .await;
        }
        match done {
            Ok(_) => Ok(true),
            Err(Lost::Failed(failure)) if failure.is_same() => Ok(true),
            Err(Lost::Failed(failure)) if failure.is_gone() || failure.is_captioned() => Ok(false),
            Err(lost) => Err(lost),
        }
    }

    async fn post(&self, exchange: &Exchange, reply: &Reply) -> Result<(), Lost> {
        let Incoming {
            event,
            callback,
            reply_to,
        } = &exchange.incoming;
        let asked = if callback.is_some() && reply_to.is_some() {
            Asked::Presser {
                user: event.from.identity.user,
                name: &event.from.name,
            }
        } else {
            Asked::Writer
        };
        let messages = |chat| {
            let form = reply.form.as_ref().map(|form| (form, asked));
            // Message numbers do not follow a group to its new id.
            let reply_to = reply_to.filter(|_| chat == event.chat);
            outbound::post(chat, &reply.card, &reply.buttons, form, reply_to)
        };
        for at in 0..messages(event.chat).len() {
            let posted = self
                .persist::<_, Posted>(event.chat, Pace::Taken, PATIENCE, |chat| {
                    messages(chat).swap_remove(at)
                })
                .await?;
            tracing::debug!(event = %event.id, message = posted.message_id, "replied");
        }
        Ok(())
    }

    /// Until the bot has been stopping for so long.
    async fn stopped_for(&self, time: Duration) {
        self.stop.cancelled().await;
        tokio::time::sleep(time).await;
    }

    /// Calls until Telegram took it, will never take it, or patience ends.
    async fn persist<A, T>(
        &self,
        chat: i64,
        pace: Pace,
        patience: Duration,
        ask: impl Fn(i64) -> A,
    ) -> Result<T, Lost>
    where
        A: Ask,
        T: DeserializeOwned,
    {
        let mut chat = chat;
        let mut pause = FIRST_PAUSE;
        let deadline = Instant::now() + patience;
        loop {
            if let Pace::Taken = pace {
                tokio::select! {
                    () = self.pacer.reply(chat) => {}
                    () = self.stopped_for(LAST_PLACE) => return Err(Lost::Stopped),
                    () = tokio::time::sleep_until(deadline) => {
                        return Err(Lost::Failed(Failure::TooMany(patience)));
                    }
                }
            }
            let failure = match self.wire.call(&ask(chat)).await {
                Ok(result) => return Ok(result),
                Err(failure) => failure,
            };
            let wait = match failure {
                Failure::Moved(new) => {
                    // Told once per chat; a second time it would be no end.
                    if new == chat {
                        return Err(Lost::Failed(failure));
                    }
                    chat = new;
                    Duration::ZERO
                }
                Failure::TooMany(after) => {
                    self.pacer.hold(chat, after);
                    after
                }
                Failure::Unavailable(_) => {
                    let wait = pause;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    wait
                }
                failure => return Err(Lost::Failed(failure)),
            };
            if Instant::now() + wait > deadline {
                return Err(Lost::Failed(failure));
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.stop.cancelled() => return Err(Lost::Stopped),
            }
        }
    }
}

/// Whether a call counts as a message to the chat.
#[derive(Clone, Copy)]
enum Pace {
    Taken,
    Free,
}

/// Whether a press is about a request: its card goes on to show how that stands, by notices as well.
fn settles(ask: &Asking) -> bool {
    let Asking::Press(text) = ask else {
        return false;
    };
    matches!(
        text.parse(),
        Ok(Action::Confirm(_) | Action::Cancel(_) | Action::Approve(_) | Action::Reject(_))
    )
}

fn is_question(reply: &Reply) -> bool {
    reply.form.is_some() && reply.buttons.is_empty()
}
