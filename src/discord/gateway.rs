//! The connection through which Discord delivers interactions: opened, kept, opened again, closed.
//!
//! serenity keeps one connection alive and resumes it. What is added here: nothing but the token ends it, its start
//! waits for Discord to be there, restarts stay far below the 1,000 a day that reset a token, and events that came in a
//! burst are put back in order, since serenity starts a task for each.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use serenity::client::{Client, ClientBuilder, Context, RawEventHandler};
use serenity::gateway::GatewayError;
use serenity::http::{LightMethod, Route};
use serenity::model::application::Interaction;
use serenity::model::event::Event;
use serenity::model::gateway::GatewayIntents;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::rest::{Failure, PATIENCE};
use super::{Api, Discord, fault, inbound};
use crate::fault::{Fault, Result};

/// How many interactions may wait to be sorted; it takes a flood of thousands a second to fill it.
const WAITING: usize = 4_096;
/// How long after an interaction one that was sent before it may still turn up.
const REORDER: Duration = Duration::from_millis(3);
/// So many new sessions...
const SESSIONS: usize = 20;
/// ...within this time are a sign of something that only time heals.
const SESSIONS_SPAN: Duration = Duration::from_hours(1);
const REST_AFTER: Duration = Duration::from_mins(10);
/// How long the closing handshake may take. serenity gives up after 5 s by itself, and must come to that: cut short, it
/// would open the connection again.
const CLOSING: Duration = Duration::from_secs(6);

/// Ever longer waits: 1 s, 2 s, 4 s, … 1 min.
#[derive(Debug, Default)]
pub(super) struct Backoff(u32);

/// The wait was ended by a shutdown.
#[derive(Debug)]
pub(super) struct Stopped;

impl Backoff {
    /// Whether there was no wait yet.
    pub(super) fn is_first(&self) -> bool {
        self.0 == 0
    }

    /// Waits, unless a shutdown comes.
    pub(super) async fn wait(&mut self, stop: &CancellationToken) -> Result<(), Stopped> {
        let wait = Duration::from_secs(1 << self.0.min(6)).min(Duration::from_mins(1));
        self.0 += 1;
        pause(wait, stop).await
    }
}

async fn pause(wait: Duration, stop: &CancellationToken) -> Result<(), Stopped> {
    tokio::select! {
        () = stop.cancelled() => Err(Stopped),
        () = tokio::time::sleep(wait) => Ok(()),
    }
}

/// Serves interactions until `stop`.
pub(super) async fn serve(discord: &Discord, stop: &CancellationToken) -> Result<()> {
    let (tell, mut told) = mpsc::channel(WAITING);
    let handler = Arc::new(Handler {
        api: discord.0.api.clone(),
        tell,
        stop: stop.clone(),
        sessions: Mutex::default(),
        unrest: tokio::sync::Notify::new(),
    });
    let keeping = keep_connected(discord, &handler, stop);
    let sorting = async {
        while let Some(first) = told.recv().await {
            tokio::time::sleep(REORDER).await;
            let mut burst: Vec<Received> = vec![first];
            while let Ok(next) = told.try_recv() {
                burst.push(next);
            }
            // Ids are given out in the order of time.
            burst.sort_by_key(|received| received.interaction.id());
            for received in burst {
                discord.receive(&received.interaction, received.at);
            }
        }
    };
    tokio::select! {
        kept = keeping => kept,
        () = sorting => Ok(()),
    }
}

async fn keep_connected(
    discord: &Discord,
    handler: &Arc<Handler>,
    stop: &CancellationToken,
) -> Result<()> {
    let rest = discord.0.api.rest();
    let mut backoff = Backoff::default();
    loop {
        let asked = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            asked = rest.call(LightMethod::Get, Route::GatewayBot, None, PATIENCE) => asked,
        };
        let gateway = match asked.and_then(|answer| Gateway::read(&answer)) {
            Ok(gateway) => gateway,
            Err(failure) if failure.is_unauthorised() => return Err(fault(failure)),
            Err(failure) => {
                if backoff.is_first() {
                    tracing::warn!(%failure, "Discord cannot be reached; trying again");
                }
                match backoff.wait(stop).await {
                    Ok(()) => continue,
                    Err(Stopped) => return Ok(()),
                }
            }
        };
        if !backoff.is_first() {
            tracing::info!("Discord can be reached");
        }
        if let Some(wait) = gateway.wait {
            tracing::error!(?wait, "Discord takes no more sessions today");
            if pause(wait, stop).await.is_err() {
                return Ok(());
            }
            continue;
        }
        match connect(discord, handler, stop, gateway.url).await {
            Ended::Stopped => return Ok(()),
            Ended::Refused(fault) => return Err(fault),
            Ended::Lost(why) => {
                tracing::warn!(%why, "the connection to Discord ended; opening another");
                backoff = Backoff::default();
                if backoff.wait(stop).await.is_err() {
                    return Ok(());
                }
            }
            Ended::Restless => {
                tracing::error!(
                    "Discord ended {SESSIONS} sessions in an hour; waiting {REST_AFTER:?}"
                );
                if pause(REST_AFTER, stop).await.is_err() {
                    return Ok(());
                }
            }
        }
    }
}

/// Where the gateway is, and how long not to go there.
struct Gateway {
    url: String,
    wait: Option<Duration>,
}

impl Gateway {
    fn read(answer: &Value) -> Result<Self, Failure> {
        let url = answer["url"].as_str();
        let url = url.ok_or_else(|| Failure::Lost("a gateway without an address".to_owned()))?;
        let limit = &answer["session_start_limit"];
        let is_used_up = limit["remaining"].as_u64() == Some(0);
        let reset = Duration::from_millis(limit["reset_after"].as_u64().unwrap_or_default());
        Ok(Self {
            url: url.to_owned(),
            wait: is_used_up.then(|| reset.clamp(Duration::from_secs(1), REST_AFTER)),
        })
    }
}

enum Ended {
    Stopped,
    Refused(Fault),
    Lost(String),
    Restless,
}

/// One serenity client, from its start to its end.
async fn connect(
    discord: &Discord,
    handler: &Arc<Handler>,
    stop: &CancellationToken,
    url: String,
) -> Ended {
    // Interactions come without any intent.
    let http = discord.0.api.rest().for_gateway();
    let building = ClientBuilder::new_with_http(http, GatewayIntents::empty())
        .raw_event_handler(Relay(handler.clone()));
    let mut client: Client = match building.await {
        Ok(client) => client,
        Err(error) => return Ended::Lost(error.to_string()),
    };
    // serenity asks for the address on its own and falls back to the real one when that fails.
    *client.ws_url.lock().await = url;
    let shards = client.shard_manager.clone();
    let ended = tokio::select! {
        started = client.start() => match started {
            Ok(()) => Ended::Lost("closed".to_owned()),
            Err(serenity::Error::Gateway(error)) => match error {
                GatewayError::InvalidAuthentication | GatewayError::NoAuthentication => {
                    Ended::Refused(Fault::messenger(anyhow::anyhow!("Discord refuses the bot's token")))
                }
                GatewayError::InvalidGatewayIntents | GatewayError::DisallowedGatewayIntents => {
                    Ended::Refused(Fault::messenger(error))
                }
                other => Ended::Lost(other.to_string()),
            },
            Err(error) => Ended::Lost(error.to_string()),
        },
        () = stop.cancelled() => Ended::Stopped,
        () = handler.unrest.notified() => Ended::Restless,
    };
    if tokio::time::timeout(CLOSING, shards.shutdown_all())
        .await
        .is_err()
    {
        tracing::debug!("Discord did not confirm that the connection is closed");
    }
    ended
}

struct Received {
    interaction: Interaction,
    at: Instant,
}

struct Handler {
    api: Api,
    tell: mpsc::Sender<Received>,
    stop: CancellationToken,
    sessions: Mutex<VecDeque<Instant>>,
    unrest: tokio::sync::Notify,
}

/// The handler as one client has it.
struct Relay(Arc<Handler>);

#[serenity::async_trait]
impl RawEventHandler for Relay {
    async fn raw_event(&self, _: Context, event: Event) {
        let handler = &self.0;
        if handler.stop.is_cancelled() {
            return;
        }
        match event {
            Event::InteractionCreate(event) => handler.take(event.interaction),
            Event::Ready(ready) => {
                handler
                    .api
                    .rest()
                    .know_application(ready.ready.application.id);
                tracing::info!(name = %ready.ready.user.name, "connected to Discord");
                handler.count_session();
            }
            Event::Resumed(_) => tracing::debug!("the connection to Discord was resumed"),
            Event::Unknown(event) if event.kind == "INTERACTION_CREATE" => {
                match inbound::salvage(event.value) {
                    Ok(interaction) => handler.take(interaction),
                    Err(error) => tracing::warn!(%error, "an interaction that is not understood"),
                }
            }
            Event::Unknown(event) => {
                tracing::debug!(kind = %event.kind, "an event that is not understood");
            }
            _ => {}
        }
    }
}

impl Handler {
    fn take(&self, interaction: Interaction) {
        let received = Received {
            interaction,
            at: Instant::now(),
        };
        if self.tell.try_send(received).is_err() {
            tracing::warn!("more interactions than can be taken in; one is dropped");
        }
    }

    /// Notes a new session; too many of them are reported.
    fn count_session(&self) {
        let now = Instant::now();
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.push_back(now);
        sessions.retain(|at| now.duration_since(*at) < SESSIONS_SPAN);
        if sessions.len() > SESSIONS {
            sessions.clear();
            self.unrest.notify_one();
        }
    }
}
