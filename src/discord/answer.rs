//! The answers to one interaction: a first one within 3 seconds whatever happens, and what follows it.
//!
//! Which calls an answer takes is decided by [`plan`], from what was answered so far; the rest carries them out.

use std::time::Duration;

use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::inbound::{Origin, Ticket};
use super::render;
use super::rest::{PATIENCE, Rest, code};
use crate::chat::{Attachment, Card, Placement, Reply, Suggestion, Visibility};
use crate::pipeline::Opening;

/// When something is answered at the latest, counted from the receipt of the interaction.
pub(super) const ACKNOWLEDGE: Duration = Duration::from_millis(1_200);
/// After this the token of an unanswered interaction is as good as dead.
const FIRST: Duration = Duration::from_millis(2_800);
/// How long one try of a first answer is waited for.
const FIRST_TRY: Duration = Duration::from_millis(1_200);
const TRIES: usize = 4;
/// The most bytes of a file that comes with a first answer; a larger one follows it.
const AT_ONCE: usize = 256 * 1024;

mod kind {
    pub(super) const MESSAGE: u8 = 4;
    pub(super) const DEFERRED_MESSAGE: u8 = 5;
    pub(super) const DEFERRED_UPDATE: u8 = 6;
    pub(super) const UPDATE: u8 = 7;
    pub(super) const SUGGESTIONS: u8 = 8;
    pub(super) const WINDOW: u8 = 9;
}

/// What was answered so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing.
    Unanswered,
    /// "Thinking…", for this audience.
    Thinking(Visibility),
    /// The press, silently.
    Acknowledged,
    /// All there is to answer; or nothing can be answered any more.
    Over,
}

/// One call of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// The first answer.
    Respond(Value),
    /// The first answer or the message with the button, changed.
    EditOriginal(Value),
    /// Another message.
    FollowUp(Value),
    /// "Thinking…" goes away.
    DeleteOriginal,
}

/// The first answer of a slow reply, and the state after it.
pub(super) fn open(opening: &Opening, origin: Origin) -> (Value, State) {
    let thinking = |seen: Visibility| {
        let data = render::deferred(seen == Visibility::Private);
        let body = json!({"type": kind::DEFERRED_MESSAGE, "data": data});
        (body, State::Thinking(seen))
    };
    match opening {
        Opening::Defer(seen) => thinking(*seen),
        Opening::Acknowledge if origin.has_message() => {
            (json!({"type": kind::DEFERRED_UPDATE}), State::Acknowledged)
        }
        Opening::Form(form) if origin.takes_window() => match render::modal(form) {
            Ok(window) => (json!({"type": kind::WINDOW, "data": window}), State::Over),
            Err(_) => thinking(Visibility::Private),
        },
        Opening::Acknowledge | Opening::Form(_) => thinking(Visibility::Private),
    }
}

/// The calls that bring a reply to the person.
pub(super) fn plan(state: State, origin: Origin, reply: &Reply) -> Vec<Step> {
    let is_private = reply.placement == Placement::Aside || reply.visibility == Visibility::Private;
    let message = render::message(&reply.card, &reply.buttons);
    let instead = |message| render::instead(message);
    let new = |message| {
        if is_private {
            render::private(message)
        } else {
            message
        }
    };
    match state {
        State::Over => Vec::new(),
        State::Unanswered => {
            let window = reply.form.as_ref().filter(|_| origin.takes_window());
            let window = window.and_then(|form| render::modal(form).ok());
            if window.is_none() && render::file(&reply.card).is_some_and(is_large) {
                return slowly(origin, is_private, reply);
            }
            vec![Step::Respond(if let Some(window) = window {
                json!({"type": kind::WINDOW, "data": window})
            } else if reply.placement == Placement::Edit && origin.has_message() {
                json!({"type": kind::UPDATE, "data": instead(message)})
            } else {
                json!({"type": kind::MESSAGE, "data": new(message)})
            })]
        }
        // Who sees the first answer cannot be changed any more: what is for one person alone goes into another.
        State::Thinking(Visibility::Public) if is_private => {
            vec![Step::DeleteOriginal, Step::FollowUp(new(message))]
        }
        State::Thinking(_) => vec![Step::EditOriginal(instead(message))],
        State::Acknowledged if reply.placement == Placement::Edit => {
            vec![Step::EditOriginal(instead(message))]
        }
        State::Acknowledged => vec![Step::FollowUp(new(message))],
    }
}

/// Whether a file may not be there in the time that a first answer has.
fn is_large(file: &Attachment) -> bool {
    file.bytes().len() > AT_ONCE
}

/// The reply after an answer that says nothing yet.
fn slowly(origin: Origin, is_private: bool, reply: &Reply) -> Vec<Step> {
    let opening = match (reply.placement, is_private) {
        (Placement::Edit, _) if origin.has_message() => Opening::Acknowledge,
        (_, true) => Opening::Defer(Visibility::Private),
        (_, false) => Opening::Defer(Visibility::Public),
    };
    let (first, after) = open(&opening, origin);
    let mut steps = vec![Step::Respond(first)];
    steps.extend(plan(after, origin, reply));
    steps
}

/// The file that goes out with a body: a window takes none, nor does "thinking…".
fn carried<'a>(body: &Value, card: &'a Card) -> Option<&'a Attachment> {
    let attachments = [&body["attachments"], &body["data"]["attachments"]];
    let named = attachments
        .iter()
        .any(|list| list.as_array().is_some_and(|list| !list.is_empty()));
    render::file(card).filter(|_| named)
}

/// One interaction's answers, in one order.
pub(super) struct Answer {
    ticket: Ticket,
    received: Instant,
    state: Mutex<State>,
}

impl Answer {
    pub(super) fn new(ticket: Ticket, received: Instant) -> Self {
        Self {
            ticket,
            received,
            state: Mutex::new(State::Unanswered),
        }
    }

    /// Waits until the first answer cannot wait any longer and gives it, unless the reply came first.
    pub(super) async fn acknowledge(&self, rest: &Rest, opening: Opening) {
        tokio::time::sleep_until(self.received + ACKNOWLEDGE).await;
        let mut state = self.state.lock().await;
        if *state == State::Unanswered {
            let (body, after) = open(&opening, self.ticket.origin);
            *state = self.respond(rest, &body, None, after).await;
        }
    }

    /// Brings the reply to the person.
    pub(super) async fn finish(&self, rest: &Rest, reply: &Reply) {
        let mut state = self.state.lock().await;
        for step in plan(*state, self.ticket.origin, reply) {
            match step {
                Step::Respond(body) => {
                    let file = carried(&body, &reply.card);
                    self.respond(rest, &body, file, State::Over).await;
                }
                Step::EditOriginal(body) => {
                    let file = carried(&body, &reply.card);
                    self.follow(rest, LightMethod::Patch, true, Some(&body), file)
                        .await;
                }
                Step::FollowUp(body) => {
                    let file = carried(&body, &reply.card);
                    self.follow(rest, LightMethod::Post, false, Some(&body), file)
                        .await;
                }
                Step::DeleteOriginal => {
                    self.follow(rest, LightMethod::Delete, true, None, None)
                        .await;
                }
            }
        }
        *state = State::Over;
    }

    /// Gives completions.
    pub(super) async fn suggest(&self, rest: &Rest, suggestions: &[Suggestion]) {
        let data = render::suggestions(suggestions);
        let body = json!({"type": kind::SUGGESTIONS, "data": data});
        self.respond(rest, &body, None, State::Over).await;
    }

    /// The first answer, tried again as long as somebody waits for it: a second one is refused, so none is doubled.
    async fn respond(
        &self,
        rest: &Rest,
        body: &Value,
        file: Option<&Attachment>,
        after: State,
    ) -> State {
        let until = self.received + FIRST;
        let mut may_have_arrived = false;
        for attempt in 0..TRIES {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let route = Route::InteractionResponse {
                interaction_id: self.ticket.interaction,
                token: &self.ticket.token,
            };
            let patience = left.min(FIRST_TRY);
            let Err(failure) = rest.answer(route, body, file, patience).await else {
                return after;
            };
            match failure.code() {
                Some(code::ALREADY_ACKNOWLEDGED) if may_have_arrived => return after,
                Some(
                    code::ALREADY_ACKNOWLEDGED
                    | code::UNKNOWN_INTERACTION
                    | code::UNKNOWN_WEBHOOK
                    | code::DEAD_TOKEN,
                ) => {
                    tracing::info!(ticket = ?self.ticket, %failure, "too late to answer");
                    return State::Over;
                }
                _ if !failure.is_passing() => {
                    tracing::error!(ticket = ?self.ticket, %failure, "an answer was refused");
                    return State::Over;
                }
                _ => {}
            }
            tracing::debug!(ticket = ?self.ticket, %failure, attempt, "an answer did not go through");
            may_have_arrived |= !failure.left_nothing();
            let pause = failure
                .retry_after()
                .unwrap_or(Duration::from_millis(50 << (attempt * 2)));
            tokio::time::sleep(pause.min(left)).await;
        }
        tracing::warn!(ticket = ?self.ticket, "the first answer did not reach Discord in time");
        // Where it may have arrived after all, what follows may still find its way.
        if may_have_arrived { after } else { State::Over }
    }

    /// What follows the first answer: an edit (made again safely) or another message (only when none was made).
    async fn follow(
        &self,
        rest: &Rest,
        method: LightMethod,
        original: bool,
        body: Option<&Value>,
        file: Option<&Attachment>,
    ) {
        for attempt in 0..TRIES {
            let application_id = self.ticket.application;
            let token = self.ticket.token.as_str();
            let route = if original {
                Route::WebhookOriginalInteractionResponse {
                    application_id,
                    token,
                }
            } else {
                Route::WebhookFollowupMessages {
                    application_id,
                    token,
                }
            };
            let called = match (body, file) {
                (Some(body), Some(file)) => rest.upload(method, route, body, file).await,
                _ => rest.call(method, route, body, PATIENCE).await,
            };
            let Err(failure) = called else {
                return;
            };
            if let Some(
                code::UNKNOWN_MESSAGE
                | code::UNKNOWN_WEBHOOK
                | code::UNKNOWN_INTERACTION
                | code::DEAD_TOKEN,
            ) = failure.code()
            {
                tracing::info!(ticket = ?self.ticket, %failure, "nothing left to answer to");
                return;
            }
            let may_repeat = failure.left_nothing() || (original && failure.is_passing());
            if !may_repeat || attempt + 1 == TRIES {
                tracing::error!(ticket = ?self.ticket, %failure, "an answer was lost");
                return;
            }
            tracing::debug!(ticket = ?self.ticket, %failure, attempt, "an answer did not go through");
            let pause = failure
                .retry_after()
                .unwrap_or(Duration::from_millis(250 << (attempt * 2)));
            tokio::time::sleep(pause.min(PATIENCE)).await;
        }
    }
}
