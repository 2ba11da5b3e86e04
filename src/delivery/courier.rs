//! What a courier is: the part that hands one notice to a messenger, and what it says came of it.

use std::time::Duration;

use futures_util::future::BoxFuture;

pub use crate::chat::Address;
use crate::chat::{Button, Card, MessageRef};
use crate::domain::ids::NoticeId;
use crate::domain::role::Role;

/// What is to be done there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Post a card.
    Post {
        /// What is shown.
        card: Card,
        /// Its buttons.
        buttons: Vec<Vec<Button>>,
    },
    /// Edit a message to a card. Nothing to do when it is gone or shows that already.
    Edit {
        /// Which.
        message: MessageRef,
        /// What is shown.
        card: Card,
        /// Its buttons.
        buttons: Vec<Vec<Button>>,
    },
    /// Send a mail of plain text.
    Mail {
        /// The address.
        to: String,
        /// One line.
        subject: String,
        /// Lines are separated by `\n`.
        body: String,
    },
    /// Show the command menu of a role in a Telegram chat (`None`: of somebody without a role).
    Menu {
        /// The role.
        role: Option<Role>,
        /// The person's language.
        locale: String,
    },
}

/// One notice, worded for its receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The outbox row: the idempotency key everywhere (Discord's `nonce`).
    pub id: NoticeId,
    /// Where to.
    pub to: Address,
    /// What.
    pub effect: Effect,
}

/// What came of handing over one notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is there; the message that can be edited later, if one was posted.
    Sent(Option<MessageRef>),
    /// There is nothing to do any more: the message to edit is gone or its token died.
    Nothing,
    /// Not now: limits, 5xx, no connection. Nothing is known to have arrived, or sending again is safe.
    Later {
        /// What the messenger asked for (`retry_after`), if it did.
        after: Option<Duration>,
        /// For the log; no secrets.
        why: String,
    },
    /// The person cannot be written to there: blocked, never pressed start, closed direct messages.
    Unreachable(String),
    /// The messenger will never take this.
    Refused(String),
}

/// Hands notices to one messenger. Paces itself as the messenger requires, never waits longer than a lease (30 s).
pub trait Courier: Send + Sync {
    /// Whether this courier serves the address.
    fn serves(&self, to: &Address) -> bool;
    /// Hands over one notice. Must be safe to call again with the same envelope.
    fn deliver(&self, envelope: Envelope) -> BoxFuture<'_, Outcome>;
}
