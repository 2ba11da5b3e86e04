//! The Telegram adapter: updates in, events to the desk, cards out. The only place that knows teloxide, of which it uses
//! types and requests; its dispatcher and listeners would confirm updates before they are safe, so `intake.rs`
//! takes them in. No sentence for people is made here.

mod answer;
mod courier;
mod files;
mod inbound;
mod intake;
mod outbound;
mod pace;
mod register;
mod render;
mod wire;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use teloxide::payloads::{DeleteWebhook, GetMe, GetWebhookInfo};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::commands::catalogue::Command;
use crate::fault::Fault;
use crate::pipeline::Desk;
use crate::pipeline::lanes::Lanes;
use crate::store::Store;
use answer::Answerer;
pub use files::TelegramFiles;
use inbound::Me;
use intake::{Intake, Ledger};
use pace::Pacer;
use register::Register;
use wire::{Failure, Wire};

/// What a card becomes, for tests of what is in it: HTML and keyboard.
#[cfg(all(test, feature = "sandbox"))]
pub(crate) fn message(
    card: &crate::chat::Card,
    buttons: &[Vec<crate::chat::Button>],
) -> (String, Option<Value>) {
    let keyboard =
        render::keyboard(buttons).map(|keyboard| serde_json::to_value(keyboard).unwrap());
    (render::html(card), keyboard)
}

/// The sentence of that message id in that locale; the empty locale is the default language.
pub type Describe = dyn Fn(&str, &str) -> Option<String> + Send + Sync;

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// How long what was begun may go on when the bot stops.
const LAST_WORDS: Duration = Duration::from_secs(15);

/// What the adapter must be told.
pub struct Settings {
    /// The bot's token.
    pub token: SecretString,
    /// Another Bot API server than Telegram's own.
    pub api_url: Option<String>,
    /// The catalogue.
    pub commands: &'static [Command],
    /// Words for the catalogue.
    pub describe: Arc<Describe>,
    /// Languages (ISO 639-1) in which the menu is there besides the default one.
    pub languages: Vec<String>,
    /// In place of a client of its own.
    pub client: Option<reqwest::Client>,
    /// Where the bot's username is put once it is known, for deep links.
    pub username: Arc<OnceLock<String>>,
}

/// The bot on Telegram. Cheap to clone; also the courier of notices to Telegram.
#[derive(Clone)]
pub struct Telegram(Arc<Parts>);

struct Parts {
    wire: Wire,
    register: Register,
    languages: Vec<String>,
    pacer: Arc<Pacer>,
    desk: Arc<dyn Desk>,
    store: Store,
    lanes: Lanes,
    clock: Clock,
    ledger: Arc<Ledger>,
    username: Arc<OnceLock<String>>,
    /// Of the run that is under way.
    intake: Mutex<Option<Intake>>,
}

/// Whether Telegram accepts the token: the bot's username.
pub async fn check(token: &SecretString, api_url: Option<&str>) -> Result<String, Fault> {
    let wire = Wire::new(token, api_url, None)?;
    Ok(who_am_i(&wire).await?.username)
}

async fn who_am_i(wire: &Wire) -> Result<Me, Failure> {
    wire.call(&GetMe::new())
        .await
        .map_err(|failure| match failure {
            // Every server knows this method: it is the token, of the wrong shape, that is not found.
            Failure::Refused { code: 404, .. } => Failure::Unauthorised,
            failure => failure,
        })
}

#[derive(Deserialize)]
struct Webhook {
    url: String,
}

impl Telegram {
    /// A bot that does nothing yet.
    pub fn new(
        settings: Settings,
        desk: Arc<dyn Desk>,
        store: Store,
        lanes: Lanes,
        clock: Clock,
    ) -> Result<Self, Fault> {
        let api_url = settings.api_url.as_deref();
        let wire = Wire::new(&settings.token, api_url, settings.client)?;
        Ok(Self(Arc::new(Parts {
            register: Register {
                wire: wire.clone(),
                commands: settings.commands,
                describe: settings.describe,
            },
            wire,
            languages: settings.languages,
            pacer: Arc::new(Pacer::new(clock.clone())),
            desk,
            store,
            lanes,
            clock,
            ledger: Arc::default(),
            username: settings.username,
            intake: Mutex::new(None),
        })))
    }

    /// Takes updates until `shutdown`, then finishes what was begun. Fails where it is of no use to go on: a token that
    /// is not accepted.
    pub async fn run(&self, shutdown: CancellationToken) -> Result<(), Fault> {
        let stop = shutdown.child_token();
        // Whoever drops this future wants everything to end.
        let _ended = stop.clone().drop_guard();
        let Some(me) = self.begin(&stop).await? else {
            return Ok(());
        };
        let tasks = TaskTracker::new();
        let intake = self.intake(me, &tasks, &stop);
        *self.running() = Some(intake.clone());
        tasks.spawn(self.clone().register_menus(stop.clone()));
        intake.recover().await;
        let ended = intake.poll().await;
        stop.cancel();
        tasks.close();
        if tokio::time::timeout(LAST_WORDS, tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                "some replies on Telegram were not finished; the next start takes them up"
            );
        }
        ended
    }

    /// Takes in updates that came another way than by polling; after `Ok` they may be confirmed to Telegram. Not before
    /// [`Telegram::run`] learned who the bot is.
    pub async fn take(&self, updates: Vec<Value>) -> Result<(), Fault> {
        let running = self.running().clone();
        match running {
            Some(intake) => intake.take(updates).await,
            None => Err(Fault::internal("updates came before the bot was started")),
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<Intake>> {
        self.0.intake.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns who the bot is and takes a webhook away, however long Telegram is away. `None` when the bot stops.
    async fn begin(&self, stop: &CancellationToken) -> Result<Option<Me>, Fault> {
        let mut pause = FIRST_PAUSE;
        loop {
            let failure = match self.prepare().await {
                Ok(me) => return Ok(Some(me)),
                Err(Failure::Unauthorised) => return Err(Failure::Unauthorised.into()),
                Err(failure) => failure,
            };
            let wait = match failure {
                Failure::TooMany(after) => after,
                _ => pause,
            };
            tracing::warn!(%failure, "Telegram does not answer; trying again");
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stop.cancelled() => return Ok(None),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn prepare(&self) -> Result<Me, Failure> {
        let wire = &self.0.wire;
        let me: Me = who_am_i(wire).await?;
        let _ = self.0.username.set(me.username.clone());
        match wire.call::<_, Webhook>(&GetWebhookInfo::new()).await {
            Ok(webhook) if webhook.url.is_empty() => {}
            Ok(_) => {
                tracing::info!("a webhook was set; it is taken away, because the bot polls");
                wire.call::<_, IgnoredAny>(&DeleteWebhook::new()).await?;
            }
            // A server that knows no webhooks has none; where there is one after all, polling says so.
            Err(failure @ Failure::Refused { .. }) => {
                tracing::warn!(%failure, "Telegram does not say whether a webhook is set");
            }
            Err(failure) => return Err(failure),
        }
        tracing::info!(username = %me.username, "on Telegram");
        Ok(me)
    }

    fn intake(&self, me: Me, tasks: &TaskTracker, stop: &CancellationToken) -> Intake {
        let parts = &*self.0;
        Intake {
            me: Arc::new(me),
            desk: Arc::clone(&parts.desk),
            store: parts.store.clone(),
            lanes: parts.lanes.clone(),
            clock: parts.clock.clone(),
            answerer: Answerer {
                wire: parts.wire.clone(),
                pacer: Arc::clone(&parts.pacer),
                tasks: tasks.clone(),
                stop: stop.clone(),
                typing: Arc::default(),
            },
            tasks: tasks.clone(),
            stop: stop.clone(),
            ledger: Arc::clone(&parts.ledger),
        }
    }

    /// The menu is worth some tries and no delay.
    async fn register_menus(self, stop: CancellationToken) {
        let mut pause = FIRST_PAUSE;
        loop {
            let wait = match self.0.register.everywhere(&self.0.languages).await {
                Ok(()) => return,
                Err(failure @ (Failure::Refused { .. } | Failure::Unauthorised)) => {
                    tracing::error!(%failure, "the command menu was refused");
                    return;
                }
                Err(Failure::TooMany(after)) => after,
                Err(failure) => {
                    tracing::warn!(%failure, "the command menu could not be set yet");
                    pause
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stop.cancelled() => return,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
