//! Actor, command, permission, run: from an event to a reply. It cannot fail; whatever happens there is a reply.

pub mod lanes;

use futures_util::future::BoxFuture;

use crate::chat::{Event, Form, Reply, Suggestion, Visibility};

/// What an adapter may answer before the reply is there: decided from the event alone, without waiting for anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// Nothing yet: a deferred answer that this audience will see.
    Defer(Visibility),
    /// A button was pressed: acknowledge, the message stays as it is until the reply edits it or a new one follows.
    Acknowledge,
    /// The form that will be asked for; a window can only open as the very first answer.
    Form(Form),
}

/// What the adapters hand events to.
pub trait Desk: Send + Sync + 'static {
    /// The first answer, should the reply take longer than about a second.
    fn opening(&self, event: &Event) -> Opening;
    /// Does what is asked. Never fails and never panics; bounded in time (10 s).
    fn handle(&self, event: Event) -> BoxFuture<'_, Reply>;
    /// Completions of an option. Empty where nothing may be seen; bounded in time (2 s).
    fn suggest(&self, event: Event) -> BoxFuture<'_, Vec<Suggestion>>;
    /// What is told to somebody whose lane is full, in place of doing what is asked.
    fn too_fast(&self, event: &Event) -> Reply;
}
