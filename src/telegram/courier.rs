//! Notices to Telegram: one try each, because the outbox tries again, and Telegram's refusals in the outbox's words.

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::de::IgnoredAny;

use super::Telegram;
use super::outbound::{self, Posted};
use super::wire::Failure;
use crate::chat::{Button, Card, MessageRef, Messenger};
use crate::delivery::courier::{Address, Courier, Effect, Envelope, Outcome};

/// How long a notice waits for its place. With the call itself (10 s) and one to a group's new id this stays within
/// the 20 s after which it would better come again.
const PATIENCE: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(20);

impl Courier for Telegram {
    fn serves(&self, to: &Address) -> bool {
        matches!(to, Address::TelegramChat(_))
    }

    fn deliver(&self, envelope: Envelope) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let Address::TelegramChat(chat) = envelope.to else {
                return Outcome::Refused("no chat of Telegram's".to_owned());
            };
            let work = self.hand_over(chat, &envelope.effect);
            match tokio::time::timeout(WHOLE, work).await {
                Ok(outcome) => outcome,
                Err(_) => Outcome::Later {
                    after: None,
                    why: "Telegram took too long".to_owned(),
                },
            }
        })
    }
}

impl Telegram {
    async fn hand_over(&self, chat: i64, effect: &Effect) -> Outcome {
        // A group's messages keep their group: an edit goes to where the message stands.
        let mut chat = match effect {
            Effect::Edit { message, .. } => message.chat,
            _ => chat,
        };
        let mut moved = false;
        loop {
            if !matches!(effect, Effect::Menu { .. })
                && let Err(after) = self.0.pacer.notice(chat, PATIENCE).await
            {
                return Outcome::Later {
                    after: Some(after),
                    why: "the chat is busy".to_owned(),
                };
            }
            match self.attempt(chat, effect).await {
                Ok(outcome) => return outcome,
                Err(Failure::Moved(new)) if !moved => {
                    moved = true;
                    chat = new;
                }
                Err(failure) => {
                    if let Failure::TooMany(after) = failure {
                        self.0.pacer.hold(chat, after);
                    }
                    return outcome(&failure);
                }
            }
        }
    }

    async fn attempt(&self, chat: i64, effect: &Effect) -> Result<Outcome, Failure> {
        match effect {
            Effect::Post { card, buttons } => self.post(chat, card, buttons).await,
            // A file cannot be added to what stands there.
            Effect::Edit { card, buttons, .. } if outbound::file(card).is_some() => {
                self.post(chat, card, buttons).await
            }
            Effect::Edit {
                message,
                card,
                buttons,
            } => {
                let Ok(id) = i32::try_from(message.message) else {
                    return Ok(Outcome::Nothing);
                };
                let edit = outbound::edit(chat, id, card, buttons);
                let mut edited = self.0.wire.call::<_, IgnoredAny>(&edit).await;
                if edited.as_ref().is_err_and(Failure::is_captioned) {
                    let edit = outbound::edit_caption(chat, id, card, buttons);
                    edited = self.0.wire.call(&edit).await;
                }
                match edited {
                    Ok(_) => Ok(Outcome::Sent(None)),
                    Err(failure) if failure.is_same() => Ok(Outcome::Sent(None)),
                    Err(failure) if failure.is_gone() => Ok(Outcome::Nothing),
                    Err(failure) => Err(failure),
                }
            }
            Effect::Mail { .. } => Ok(Outcome::Refused("no mail on Telegram".to_owned())),
            Effect::Menu { role, locale } => {
                self.0.register.in_chat(chat, *role, locale).await?;
                Ok(Outcome::Sent(None))
            }
        }
    }
}

impl Telegram {
    /// Posts a card; the message that has its buttons. Where a file follows the card and does not get there, all of it
    /// comes again: rather twice than not at all.
    async fn post(
        &self,
        chat: i64,
        card: &Card,
        buttons: &[Vec<Button>],
    ) -> Result<Outcome, Failure> {
        let mut first = None;
        for message in outbound::post(chat, card, buttons, None, None) {
            let posted: Posted = self.0.wire.call(&message).await?;
            first.get_or_insert(posted.message_id);
        }
        Ok(Outcome::Sent(first.map(|message| MessageRef {
            messenger: Messenger::Telegram,
            chat,
            message,
            token: None,
        })))
    }
}

fn outcome(failure: &Failure) -> Outcome {
    let why = failure.to_string();
    match failure {
        failure if failure.is_unreachable() => Outcome::Unreachable(why),
        Failure::Refused { .. } | Failure::Moved(_) => Outcome::Refused(why),
        Failure::TooMany(after) => Outcome::Later {
            after: Some(*after),
            why,
        },
        // A token that is not accepted is the operator's to mend; the notice waits for it.
        Failure::Unauthorised | Failure::Conflict(_) | Failure::Unavailable(_) => {
            Outcome::Later { after: None, why }
        }
    }
}
