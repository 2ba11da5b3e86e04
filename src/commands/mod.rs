//! The commands: one family a file, each declared in the catalogue, each calling one service and wording the reply.

pub mod account;
pub mod approval;
pub mod args;
pub mod cards;
pub mod catalogue;
pub mod client;
pub mod credit;
pub mod form;
#[cfg(test)]
mod laws;
pub mod moving;
pub mod people;
pub mod refusals;
pub mod typed;

use std::sync::Arc;

use args::Args;
pub use catalogue::{CATALOGUE, Command, Gate, Opt, OptionKind, command};

use crate::chat::{Event, Members, Sentences};
use crate::domain::ids::ClientId;
use crate::services::House;
use crate::services::access::{Actor, Authorised};
use crate::services::clients::Named;
pub use crate::store::Stop;

/// What a handler gets.
pub struct Call {
    /// The services.
    pub house: House,
    /// Discord's members, where there is Discord.
    pub members: Option<Arc<dyn Members>>,
    /// Who asks.
    pub actor: Actor,
    /// What came in.
    pub event: Event,
    /// The values.
    pub args: Args,
    /// The words in the person's language.
    pub say: &'static Sentences,
}

impl Call {
    /// The client that an option names; `Err` of the inner result holds those to choose from.
    pub async fn client(&self, auth: &Authorised, text: &str) -> Result<Named, Stop> {
        let (house, auth, text) = (self.house.clone(), auth.clone(), text.to_owned());
        self.house
            .store
            .read(move |tx| Box::pin(async move { house.named(tx, &auth, &text).await }))
            .await
    }
}

/// How an option's value names a client beyond doubt.
pub fn client_value(client: ClientId) -> String {
    format!("#{client}")
}
