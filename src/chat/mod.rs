//! The neutral vocabulary between the messengers and the commands: what came in, and what is to be shown.
//!
//! Text in here is plain text. Each adapter escapes it for its messenger; nothing in a name is ever markup.

pub mod action;
pub mod event;
pub mod file;
pub mod reply;
pub mod sentences;

pub use action::Action;
pub use event::{
    Address, Ask, Event, Forms, Identity, Members, MessageRef, Messenger, Place, Sender, Values,
};
pub use file::{Attachment, FileKind, Files, Incoming};
pub use reply::{
    Button, Card, Field, FieldKind, Form, Placement, Reply, Style, Suggestion, Tone, Visibility,
};
pub use sentences::{Language, Sentences};
