//! A local Discord, as strict as the real one: REST API, gateway, and people who use it.
//!
//! `model` is what exists; `rest`, `gateway` and `render` speak the wire protocol to any client library; `rules` is what
//! the real server refuses; `driver` is what people do. Start one with [`Discord::start`].

mod clock;
mod control;
mod driver;
mod gateway;
mod model;
mod pace;
mod refusal;
mod render;
mod rest;
mod rules;
mod sessions;
mod shared;
mod socket;
mod tokens;

pub use control::VERBS;
pub use driver::{
    Choice, Discord, Input, Interaction, Message, Modal, Outcome, PATIENCE, Person, Place, Setup,
    Unexpected,
};
pub use model::Id;
pub use sessions::{Break, GUILD_MEMBERS, MESSAGE_CONTENT};

/// Why Discord would refuse a message; `None`: it would not.
#[cfg(test)]
pub(crate) fn message_refused(message: &serde_json::Value) -> Option<String> {
    let mut form = refusal::Form::default();
    rules::messages::body(&mut form, message, false);
    form.finish().err().map(|refused| format!("{refused:?}"))
}

/// The same for a window.
#[cfg(test)]
pub(crate) fn modal_refused(modal: &serde_json::Value) -> Option<String> {
    let mut form = refusal::Form::default();
    rules::modals::modal(&mut form, modal);
    form.finish().err().map(|refused| format!("{refused:?}"))
}

#[cfg(test)]
mod tests;
