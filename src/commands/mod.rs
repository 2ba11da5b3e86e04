//! The commands: one family a file, each declared in the catalogue, each calling one service and wording the reply.

pub mod account;
pub mod approval;
pub mod args;
#[cfg(test)]
mod attaching;
pub mod belonging;
pub mod cards;
pub mod catalogue;
pub mod client;
pub mod credit;
pub mod export;
pub mod form;
pub mod importing;
pub mod invoice;
#[cfg(test)]
mod laws;
pub mod listing;
pub mod message;
pub mod moving;
pub mod page;
pub mod paging;
pub mod people;
pub mod refusals;
pub mod report;
pub mod spoken;
pub mod standing;
pub mod statement;
pub mod trail;
pub mod typed;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use args::Args;
pub use catalogue::{CATALOGUE, Command, Gate, Opt, OptionKind, command};
use futures_util::future::BoxFuture;

use crate::chat::file::{Fetching, Unfetched};
use crate::chat::{Event, Members, Reply, Sentences};
use crate::domain::ids::{ClientId, RequestId};
use crate::domain::refusal::Refusal;
use crate::domain::request::Intent;
use crate::services::House;
use crate::services::access::{Actor, Authorised};
use crate::services::clients::Named;
pub use crate::store::Stop;
use crate::store::Tx;

/// What a handler gets.
pub struct Call {
    /// The services.
    pub house: House,
    /// Discord's members, where there is Discord.
    pub members: Option<Arc<dyn Members>>,
    /// Fetches what was attached.
    pub files: Fetching,
    /// How long the answer may take.
    pub patience: Patience,
    /// Who asks.
    pub actor: Actor,
    /// What came in.
    pub event: Event,
    /// The values.
    pub args: Args,
    /// Where the page of a list begins that a button asks for; `None` for the first page.
    pub after: Option<String>,
    /// The words in the person's language.
    pub say: &'static Sentences,
}

/// How long the answer to an event may take: a few seconds, unless the command says that it is about a file.
#[derive(Debug, Clone, Default)]
pub struct Patience(Arc<AtomicBool>);

impl Patience {
    /// From here on it may take long.
    pub fn extend(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it may take long.
    pub fn is_extended(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a command finds in its transaction: what is asked for, and by what right.
pub type Intended<'a> = BoxFuture<'a, Result<(Authorised, Intent), Stop>>;

impl Call {
    /// Drafts what `intend` finds and shows what will happen. An event drafts once.
    pub async fn preview<F>(&self, undoes: Option<RequestId>, intend: F) -> Result<Reply, Stop>
    where
        F: for<'a> FnOnce(House, &'a mut Tx) -> Intended<'a> + Send + 'static,
    {
        let (house, event) = (self.house.clone(), self.event.clone());
        let view = self
            .house
            .store
            .write(move |tx| {
                Box::pin(async move {
                    if let Some(view) = house.drafted(tx, &event).await? {
                        return Ok(view);
                    }
                    let (auth, intent) = intend(house.clone(), tx).await?;
                    house.draft_undoing(tx, &auth, &event, intent, undoes).await
                })
            })
            .await?;
        Ok(self.own_card(&view))
    }

    /// The client that the option `client` names, or the reply that lets one be chosen for the command.
    pub async fn one_client(
        &self,
        auth: &Authorised,
        text: &str,
        command: &str,
    ) -> Result<Result<ClientId, Reply>, Stop> {
        Ok(match self.client(auth, text).await? {
            Named::One(id) => Ok(id),
            Named::Several(found) => Err(client::choose(self, command, text, &found)),
        })
    }

    /// The client that an option names; `Err` of the inner result holds those to choose from.
    pub async fn client(&self, auth: &Authorised, text: &str) -> Result<Named, Stop> {
        let (house, auth, text) = (self.house.clone(), auth.clone(), text.to_owned());
        self.house
            .store
            .read(move |tx| Box::pin(async move { house.named(tx, &auth, &text).await }))
            .await
    }
}

impl From<Unfetched> for Stop {
    fn from(unfetched: Unfetched) -> Self {
        match unfetched {
            Unfetched::TooLarge(most) => Refusal::FileTooLarge { most }.into(),
            Unfetched::Gone => Refusal::FileGone.into(),
            Unfetched::Fault(fault) => fault.into(),
        }
    }
}

/// How an option's value names a client beyond doubt.
pub fn client_value(client: ClientId) -> String {
    format!("#{client}")
}
