//! What came of something that a person did.

use std::fmt;

use super::asking::choices;
use super::{Choice, Discord, Message, Modal, Unexpected};
use crate::sandbox::discord::model::{self, Id, LOADING, Response, World};

/// A command used, a button pressed, a form submitted.
#[derive(Clone)]
pub struct Interaction {
    discord: Discord,
    user: Id,
    id: Id,
    revision: u32,
}

impl fmt::Debug for Interaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interaction")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The first response.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A message.
    Message(Message),
    /// "Thinking...".
    Deferred(Message),
    /// Nothing visible yet; the message with the component may change.
    DeferredUpdate,
    /// The message with the component changed.
    Update(Message),
    /// Suggestions.
    Choices(Vec<Choice>),
    /// A form opened.
    Modal(Modal),
    /// "The application did not respond": 3 seconds went by.
    NoResponse,
}

impl Outcome {
    /// A word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Deferred(_) => "deferred",
            Self::DeferredUpdate => "deferred_update",
            Self::Update(_) => "update",
            Self::Choices(_) => "choices",
            Self::Modal(_) => "modal",
            Self::NoResponse => "no_response",
        }
    }
}

impl Interaction {
    pub(super) fn new(discord: &Discord, user: Id, id: Id, revision: u32) -> Self {
        Self {
            discord: discord.clone(),
            user,
            id,
            revision,
        }
    }

    /// Its id.
    pub fn id(&self) -> Id {
        self.id
    }

    /// Its token, for tests that answer by hand.
    pub fn token(&self) -> String {
        self.discord.look(|world| {
            world
                .interactions
                .get(&self.id)
                .map(|one| one.token.clone())
                .unwrap_or_default()
        })
    }

    /// Waits for the first response, or for the 3 seconds to go by.
    pub async fn outcome(&self) -> Result<Outcome, Unexpected> {
        let outcome = self
            .discord
            .wait("the first response", |world| {
                let one = world.interactions.get(&self.id)?;
                match &one.response {
                    Some(response) => self.told(world, one, response),
                    None => one.missed(world.now_ms()).then_some(Outcome::NoResponse),
                }
            })
            .await?;
        match &outcome {
            Outcome::Message(message) | Outcome::Deferred(message) | Outcome::Update(message) => {
                self.discord.consume(message.clone());
            }
            Outcome::NoResponse => self.discord.with(|world| {
                if let Some(channel) = world.interactions.get(&self.id).map(|one| one.channel) {
                    let line = format!(
                        "{} sees: The application did not respond",
                        world.user_name(self.user)
                    );
                    world.note(channel, &line);
                }
            }),
            _ => {}
        }
        Ok(outcome)
    }

    fn told(
        &self,
        world: &World,
        one: &model::Interaction,
        response: &Response,
    ) -> Option<Outcome> {
        let message = |id: &Id| Some(Message::new(&self.discord, world, world.messages.get(id)?));
        Some(match response {
            Response::Message(id) => Outcome::Message(message(id)?),
            Response::Deferred(id) => Outcome::Deferred(message(id)?),
            Response::DeferredUpdate => Outcome::DeferredUpdate,
            Response::Update => Outcome::Update(message(&one.message?)?),
            Response::Choices(list) => Outcome::Choices(choices(list)),
            Response::Modal(data) => Outcome::Modal(Modal::new(self.user, self.id, data)),
        })
    }

    /// Waits until it is answered with a message: at once, after "thinking...", or by a change of the message with the
    /// component; after a silent acknowledgement, also by a new message.
    pub async fn reply(&self) -> Result<Message, Unexpected> {
        match self.outcome().await? {
            Outcome::Message(message) | Outcome::Update(message) => return Ok(message),
            Outcome::Deferred(_) | Outcome::DeferredUpdate => {}
            Outcome::NoResponse => {
                return Err(self.discord.unexpected("The application did not respond"));
            }
            Outcome::Modal(modal) => {
                return Err(self.discord.unexpected(&format!(
                    "a form opened instead of a message:\n{}",
                    modal.text()
                )));
            }
            Outcome::Choices(_) => {
                return Err(self
                    .discord
                    .unexpected("suggestions came instead of a message"));
            }
        }
        let message = self
            .discord
            .wait("the reply", |world| {
                let one = world.interactions.get(&self.id)?;
                let follow = one.followups.first().and_then(|id| world.messages.get(id));
                let own = one
                    .original()
                    .and_then(|id| world.messages.get(&id))
                    .filter(|own| !own.deleted && own.flags & LOADING == 0);
                let own = match one.response {
                    Some(Response::DeferredUpdate) => {
                        own.filter(|own| own.revision > self.revision)
                    }
                    _ => own,
                };
                own.or(follow)
                    .map(|found| Message::new(&self.discord, world, found))
            })
            .await?;
        Ok(self.discord.consume(message))
    }

    /// Waits for the form that must open.
    pub async fn modal(&self) -> Result<Modal, Unexpected> {
        match self.outcome().await? {
            Outcome::Modal(modal) => Ok(modal),
            other => Err(self
                .discord
                .unexpected(&format!("no form opened: {}", other.name()))),
        }
    }

    /// The messages sent after the first response so far.
    pub fn followups(&self) -> Vec<Message> {
        let messages: Vec<_> = self.discord.look(|world| {
            let ids = world
                .interactions
                .get(&self.id)
                .map_or(&[][..], |one| &one.followups);
            ids.iter()
                .filter_map(|id| world.messages.get(id))
                .map(|one| Message::new(&self.discord, world, one))
                .collect()
        });
        messages
            .into_iter()
            .map(|message| self.discord.consume(message))
            .collect()
    }
}
