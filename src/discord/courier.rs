//! Hands notices to Discord: posts that are safe to repeat by their nonce, edits as the bot or through a private
//! message's token, and what each of Discord's answers means for the outbox.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use serenity::model::id::ChannelId;

use super::pace::Pace;
use super::rest::{Failure, PATIENCE, code, snowflake, stored};
use super::{Api, inbound, render};
use crate::chat::{Attachment, MessageRef, Messenger};
use crate::delivery::courier::{Address, Courier, Effect, Envelope, Outcome};

/// How long nothing is sent after Discord refused the bot's token: repeating that gets the whole machine banned.
const LOCKED_OUT: Duration = Duration::from_mins(1);
/// How many users' direct channels are remembered.
const DIRECT: usize = 4_096;
/// Opening direct channels is paced as if they were one.
const NO_CHANNEL: u64 = 0;

/// Discord's courier.
pub struct DiscordCourier {
    api: Api,
    pace: Pace,
    direct: Mutex<HashMap<u64, u64>>,
}

impl DiscordCourier {
    /// A courier; there should be one for each token.
    pub fn new(api: Api) -> Self {
        Self {
            api,
            pace: Pace::default(),
            direct: Mutex::default(),
        }
    }

    async fn hand_over(&self, envelope: Envelope) -> Result<Outcome, Outcome> {
        match envelope.effect {
            Effect::Menu { .. } => Ok(Outcome::Nothing),
            Effect::Mail { .. } => Err(Outcome::Refused("no mail on Discord".to_owned())),
            Effect::Post { card, buttons } => {
                let channel = self.channel(&envelope.to).await?;
                let shown = render::message(&card, &buttons);
                let mut body = shown.clone();
                body["nonce"] = envelope.id.0.to_string().into();
                body["enforce_nonce"] = true.into();
                let route = Route::ChannelMessages {
                    channel_id: ChannelId::new(channel),
                };
                self.turn(channel).await?;
                let file = render::file(&card);
                let called = self.call(LightMethod::Post, route, &body, file).await;
                let posted = called.map_err(|failure| {
                    if failure.code() == Some(code::UNKNOWN_CHANNEL) {
                        self.forget(channel);
                    }
                    self.outcome(&failure, channel)
                })?;
                let message = snowflake(&posted["id"]).map(|id| MessageRef {
                    messenger: Messenger::Discord,
                    chat: channel.cast_signed(),
                    message: id.cast_signed(),
                    token: None,
                });
                // By its nonce Discord gives back what an earlier try left there, as it was then.
                if let Some(message) = &message
                    && words(&posted) != words(&shown)
                {
                    self.edit(message, render::instead(shown), file).await?;
                }
                Ok(Outcome::Sent(message))
            }
            Effect::Edit {
                message,
                card,
                buttons,
            } => {
                let body = render::instead(render::message(&card, &buttons));
                self.edit(&message, body, render::file(&card)).await
            }
        }
    }

    async fn edit(
        &self,
        message: &MessageRef,
        body: Value,
        file: Option<&Attachment>,
    ) -> Result<Outcome, Outcome> {
        let Some((channel_id, message_id)) = inbound::target(message) else {
            return Err(Outcome::Refused("no message of Discord".to_owned()));
        };
        let (route, channel) = match &message.token {
            None => {
                let route = Route::ChannelMessage {
                    channel_id,
                    message_id,
                };
                (route, channel_id.get())
            }
            Some(token) => {
                let application = self.api.rest().application().await;
                let application_id =
                    application.map_err(|failure| self.outcome(&failure, NO_CHANNEL))?;
                let route = Route::WebhookFollowupMessage {
                    application_id,
                    token,
                    message_id,
                };
                (route, message_id.get())
            }
        };
        self.turn(channel).await?;
        match self.call(LightMethod::Patch, route, &body, file).await {
            Ok(_) => Ok(Outcome::Sent(Some(message.clone()))),
            Err(failure) => Err(match failure.code() {
                Some(
                    code::UNKNOWN_CHANNEL
                    | code::UNKNOWN_MESSAGE
                    | code::UNKNOWN_WEBHOOK
                    | code::UNKNOWN_INTERACTION
                    | code::DEAD_TOKEN,
                ) => Outcome::Nothing,
                _ => self.outcome(&failure, channel),
            }),
        }
    }

    /// The channel of an address; a user's direct channel is opened.
    async fn channel(&self, to: &Address) -> Result<u64, Outcome> {
        let no_address = || Outcome::Refused("no address on Discord".to_owned());
        let user = match to {
            Address::DiscordChannel(channel) => return stored(*channel).ok_or_else(no_address),
            Address::DiscordUser(user) => stored(*user).ok_or_else(no_address)?,
            Address::TelegramChat(_) | Address::ClientEmail(_) => return Err(no_address()),
        };
        if let Some(channel) = self.direct().get(&user) {
            return Ok(*channel);
        }
        let body = json!({"recipient_id": user.to_string()});
        let route = Route::UserMeDmChannels;
        self.turn(NO_CHANNEL).await?;
        let called = self.call(LightMethod::Post, route, &body, None);
        let opened = called.await.map_err(|failure| match failure.code() {
            Some(code::UNKNOWN_USER) => Outcome::Unreachable(failure.to_string()),
            _ => self.outcome(&failure, NO_CHANNEL),
        })?;
        let Some(channel) = snowflake(&opened["id"]) else {
            return Err(later(None, "a channel without an id"));
        };
        let mut direct = self.direct();
        if direct.len() >= DIRECT {
            direct.clear();
        }
        direct.insert(user, channel);
        Ok(channel)
    }

    fn direct(&self) -> std::sync::MutexGuard<'_, HashMap<u64, u64>> {
        self.direct.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self, channel: u64) {
        self.direct().retain(|_, direct| *direct != channel);
    }

    /// Waits for a turn in a channel, or says when to come again.
    async fn turn(&self, channel: u64) -> Result<(), Outcome> {
        match self.pace.take(channel) {
            Ok(wait) => {
                tokio::time::sleep(wait).await;
                Ok(())
            }
            Err(wait) => Err(later(Some(wait), "kept back for Discord's limits")),
        }
    }

    async fn call(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: &Value,
        file: Option<&Attachment>,
    ) -> Result<Value, Failure> {
        let rest = self.api.rest();
        match file {
            Some(file) => rest.upload(method, route, body, file).await,
            None => rest.call(method, route, Some(body), PATIENCE).await,
        }
    }

    fn outcome(&self, failure: &Failure, channel: u64) -> Outcome {
        let why = failure.to_string();
        match (failure.code(), failure.status()) {
            (Some(code::CANNOT_MESSAGE | code::NO_MUTUAL_GUILD), _) => Outcome::Unreachable(why),
            (Some(code::OLD_MESSAGE_EDITS | code::OPENING_TOO_FAST), _) => {
                let wait = failure.retry_after().unwrap_or(Duration::from_mins(1));
                self.pace.hold(Some(channel), wait);
                later(Some(wait), why)
            }
            _ if failure.is_unauthorised() => {
                tracing::error!(%failure, "Discord refuses the token; nothing is sent for a minute");
                self.pace.hold(None, LOCKED_OUT);
                later(Some(LOCKED_OUT), why)
            }
            (_, Some(429)) => {
                let wait = failure.retry_after().unwrap_or(Duration::from_secs(5));
                let is_global = matches!(failure, Failure::Refused { global: true, .. });
                self.pace.hold((!is_global).then_some(channel), wait);
                later(Some(wait), why)
            }
            _ if failure.is_passing() => later(None, why),
            _ => Outcome::Refused(why),
        }
    }
}

/// Everything that a message says, in order.
fn words(message: &Value) -> Vec<&str> {
    let embed = &message["embeds"][0];
    let fields = embed["fields"].as_array().into_iter().flatten();
    let fields = fields.flat_map(|field| [&field["name"], &field["value"]]);
    let all = [
        &embed["title"],
        &embed["description"],
        &embed["footer"]["text"],
    ];
    let texts = all.into_iter().chain(fields).filter_map(Value::as_str);
    texts.map(str::trim).collect()
}

fn later(after: Option<Duration>, why: impl Into<String>) -> Outcome {
    Outcome::Later {
        after,
        why: why.into(),
    }
}

impl Courier for DiscordCourier {
    fn serves(&self, to: &Address) -> bool {
        matches!(to, Address::DiscordChannel(_) | Address::DiscordUser(_))
    }

    fn deliver(&self, envelope: Envelope) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let outcome = self.hand_over(envelope).await;
            outcome.unwrap_or_else(|outcome| outcome)
        })
    }
}
