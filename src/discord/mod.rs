//! Discord: the only place that knows serenity. Interactions come in through the gateway and become events; replies,
//! notices and the commands themselves go out as calls.
//!
//! Everything that a person reads comes from elsewhere as plain text; here it is escaped, cut and given its form.

mod answer;
mod courier;
mod files;
mod gateway;
mod inbound;
mod markdown;
mod members;
mod pace;
mod register;
mod render;
mod rest;

#[cfg(all(test, feature = "sandbox"))]
mod tests;

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use serenity::http::{LightMethod, Route};
use serenity::model::application::Interaction;
use serenity::model::id::{ChannelId, GuildId, InteractionId};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::answer::Answer;
pub use self::courier::DiscordCourier;
use self::inbound::Ticket;
use self::rest::{Failure, PATIENCE, Rest, snowflake, stored};
use crate::chat::{Ask, Event, Placement, Reply, Visibility};
use crate::clock::Clock;
use crate::commands::catalogue::Command;
use crate::download::Downloads;
use crate::fault::{Fault, Result};
use crate::pipeline::Desk;
use crate::pipeline::lanes::{Full, Lanes};

/// What a card becomes, for tests of what is in it.
#[cfg(all(test, feature = "sandbox"))]
pub(crate) fn message(
    card: &crate::chat::Card,
    buttons: &[Vec<crate::chat::Button>],
) -> serde_json::Value {
    render::message(card, buttons)
}

/// What a form becomes; `None` where it cannot be opened as a window.
#[cfg(all(test, feature = "sandbox"))]
pub(crate) fn modal(form: &crate::chat::Form) -> Option<serde_json::Value> {
    render::modal(form).ok()
}

/// The text of a message id in a language (`en`, or one of Discord's locales); `None` where there is none.
pub type Describe = Arc<dyn Fn(&str, &str) -> Option<String> + Send + Sync>;

/// How many completions are looked up at once; more are answered with nothing.
const SUGGESTING: usize = 32;
/// How long a completion may take: the person has typed on by then.
const SUGGEST: Duration = Duration::from_secs(2);
/// How many people are told at once that they are too fast; more are told nothing.
const TURNING_AWAY: usize = 32;
/// How long the next of one person's answers waits for the one before.
const IN_ORDER: Duration = Duration::from_secs(3);
/// How many interactions are remembered, to do none twice.
const REMEMBERED: usize = 4_096;

/// What the adapter needs to know.
pub struct Settings {
    /// The bot's token.
    pub token: SecretString,
    /// The one guild whose members and roles count.
    pub guild: i64,
    /// Where requests are posted for approval, if anywhere.
    pub approvals_channel: Option<i64>,
    /// Another address than Discord's, for tests and proxies.
    pub api_url: Option<String>,
    /// The client for all calls; it should have a timeout. `None`: one of the adapter's own.
    pub client: Option<reqwest::Client>,
    /// The catalogue.
    pub commands: &'static [Command],
    /// The texts of the catalogue.
    pub describe: Describe,
}

/// The way to Discord's API with the configured token and guild. Cheap to clone. It tells roles of members
/// ([`Members`](crate::chat::Members)), fetches what was attached ([`Files`](crate::chat::Files)) and carries the courier.
#[derive(Clone)]
pub struct Api(Arc<Shared>);

struct Shared {
    rest: Rest,
    downloads: Downloads,
    guild: GuildId,
    approvals_channel: Option<i64>,
    commands: &'static [Command],
    describe: Describe,
}

impl Api {
    /// The way to Discord's API. Calls nothing yet.
    pub fn new(settings: Settings) -> Result<Self> {
        let guild = stored(settings.guild);
        let guild = guild.ok_or_else(|| Fault::internal("the guild's id is none"))?;
        Ok(Self(Arc::new(Shared {
            rest: Rest::new(settings.token, settings.api_url.as_deref(), settings.client)?,
            downloads: Downloads::new()?,
            guild: GuildId::new(guild),
            approvals_channel: settings.approvals_channel,
            commands: settings.commands,
            describe: settings.describe,
        })))
    }

    /// Whether token, guild and approvals channel are as configured: what was found, or what is wrong.
    pub async fn check(&self) -> Result<String> {
        let get = |route| self.rest().call(LightMethod::Get, route, None, PATIENCE);
        let during = |what: &'static str| move |failure: Failure| fault(failure).during(what);
        let user = get(Route::UserMe).await.map_err(during("the token"))?;
        let guild_id = self.guild();
        let guild = get(Route::Guild { guild_id }).await;
        let guild = guild.map_err(during("the guild (guild_id), which the bot must be in"))?;
        let name = |value: &serde_json::Value, key: &str| {
            let name = value[key].as_str().unwrap_or_default();
            markdown::label(name, 100)
        };
        let mut found = format!("{} in {}", name(&user, "username"), name(&guild, "name"));
        if let Some(channel) = self.0.approvals_channel {
            let what = "the approvals channel (approvals_channel_id), which the bot must see";
            let id = stored(channel).ok_or_else(|| Fault::internal(what))?;
            let channel_id = ChannelId::new(id);
            let channel = get(Route::Channel { channel_id }).await;
            let channel = channel.map_err(during(what))?;
            if snowflake(&channel["guild_id"]) != Some(guild_id.get()) {
                let error = anyhow::anyhow!("the approvals channel is in another guild");
                return Err(Fault::messenger(error));
            }
            found = format!("{found}, approvals in #{}", name(&channel, "name"));
        }
        Ok(found)
    }

    /// Brings the guild's commands to the catalogue's; says whether anything had to change.
    pub async fn register(&self) -> Result<bool> {
        self.register_once().await.map_err(fault)
    }

    async fn register_once(&self) -> Result<bool, Failure> {
        let wanted = register::entries(self.0.commands, &self.0.describe);
        register::register(self.rest(), self.guild(), &wanted).await
    }

    fn rest(&self) -> &Rest {
        &self.0.rest
    }

    fn guild(&self) -> GuildId {
        self.0.guild
    }
}

fn fault(failure: Failure) -> Fault {
    if failure.is_unauthorised() {
        return Fault::messenger(anyhow::anyhow!(
            "Discord refuses the bot's token: {failure}"
        ));
    }
    failure.into()
}

/// The adapter: takes interactions in and answers them. Cheap to clone.
#[derive(Clone)]
pub struct Discord(Arc<Inner>);

struct Inner {
    api: Api,
    desk: Arc<dyn Desk>,
    lanes: Lanes,
    clock: Clock,
    suggesting: Arc<Semaphore>,
    turning_away: Arc<Semaphore>,
    answering: TaskTracker,
    seen: Mutex<Seen>,
}

impl Discord {
    /// The adapter. Calls nothing yet.
    pub fn new(api: Api, desk: Arc<dyn Desk>, lanes: Lanes, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            api,
            desk,
            lanes,
            clock,
            suggesting: Arc::new(Semaphore::new(SUGGESTING)),
            turning_away: Arc::new(Semaphore::new(TURNING_AWAY)),
            answering: TaskTracker::new(),
            seen: Mutex::default(),
        }))
    }

    /// Registers the commands and serves interactions until `shutdown`. Ends before only when Discord refuses the token
    /// or the way it is used: whatever else goes wrong is tried again. What is in the lanes at the end is the owner's
    /// to finish, and then [`Discord::finish`] waits for the answers.
    pub async fn run(&self, shutdown: CancellationToken) -> Result<()> {
        let stop = shutdown.child_token();
        let registering = async {
            let registered = self.keep_registered(&stop).await;
            if registered.is_err() {
                stop.cancel();
            }
            registered
        };
        let serving = async {
            let served = gateway::serve(self, &stop).await;
            stop.cancel();
            served
        };
        let (registered, served) = tokio::join!(registering, serving);
        registered.and(served)
    }

    /// Registers the commands, again and again until it is done.
    async fn keep_registered(&self, stop: &CancellationToken) -> Result<()> {
        let mut backoff = gateway::Backoff::default();
        loop {
            let registered = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                registered = self.0.api.register_once() => registered,
            };
            match registered {
                Ok(changed) => {
                    tracing::info!(changed, "the commands are registered on Discord");
                    return Ok(());
                }
                Err(failure) if failure.is_unauthorised() => return Err(fault(failure)),
                Err(failure) if backoff.is_first() => {
                    tracing::warn!(%failure, "the commands are not registered on Discord yet");
                }
                Err(failure) => tracing::debug!(%failure, "still not registered"),
            }
            if backoff.wait(stop).await.is_err() {
                return Ok(());
            }
        }
    }

    /// Takes one interaction in. Returns at once; what it leads to goes on by itself.
    fn receive(&self, interaction: &Interaction, received: Instant) {
        let id = interaction.id();
        if !self.seen().insert(id) {
            tracing::debug!(%id, "an interaction came again");
            return;
        }
        let at = self.0.clock.now();
        let Some((event, ticket)) = inbound::read(interaction, self.0.api.guild(), at) else {
            tracing::debug!(%id, "an interaction of no interest");
            return;
        };
        if matches!(event.ask, Ask::Suggest { .. }) {
            self.suggest(event, ticket, received);
        } else {
            self.ask(&event, ticket, received);
        }
    }

    fn ask(&self, event: &Event, ticket: Ticket, received: Instant) {
        let who = event.from.identity;
        let opening = self.0.desk.opening(event);
        let answer = Arc::new(Answer::new(ticket, received));
        let work = {
            let (this, answer, event) = (self.clone(), answer.clone(), event.clone());
            Box::pin(async move {
                let reply = this.0.desk.handle(event).await;
                let bringing = this.bring(answer, reply);
                // The next answer to the same person comes after this one, but a Discord that does not answer must not
                // hold up the lanes.
                let _ = tokio::time::timeout(IN_ORDER, bringing).await;
            })
        };
        match self.0.lanes.put(who, work) {
            Ok(()) => {
                // The time runs from the receipt, not from when the lane comes to it.
                let this = self.clone();
                tokio::spawn(async move {
                    answer.acknowledge(this.0.api.rest(), opening).await;
                });
            }
            Err(Full) => self.turn_away(event, answer),
        }
    }

    /// Brings a reply to the person, in a task that nobody's impatience ends.
    fn bring(&self, answer: Arc<Answer>, reply: Reply) -> JoinHandle<()> {
        let this = self.clone();
        self.0.answering.spawn(async move {
            answer.finish(this.0.api.rest(), &reply).await;
        })
    }

    /// Waits until the replies that are on their way have arrived or are given up. To be called when the lanes are
    /// finished.
    pub async fn finish(&self) {
        self.0.answering.close();
        self.0.answering.wait().await;
    }

    fn turn_away(&self, event: &Event, answer: Arc<Answer>) {
        let Ok(permit) = self.0.turning_away.clone().try_acquire_owned() else {
            tracing::debug!(id = %event.id, "too many to turn away");
            return;
        };
        let mut reply = self.0.desk.too_fast(event);
        reply.visibility = Visibility::Private;
        reply.placement = Placement::Aside;
        let this = self.clone();
        tokio::spawn(async move {
            answer.finish(this.0.api.rest(), &reply).await;
            drop(permit);
        });
    }

    fn suggest(&self, event: Event, ticket: Ticket, received: Instant) {
        let permit = self.0.suggesting.clone().try_acquire_owned();
        let this = self.clone();
        tokio::spawn(async move {
            let suggestions = match permit {
                Ok(_permit) => {
                    let asked = this.0.desk.suggest(event);
                    tokio::time::timeout(SUGGEST, asked)
                        .await
                        .unwrap_or_default()
                }
                Err(_) => Vec::new(),
            };
            let answer = Answer::new(ticket, received);
            answer.suggest(this.0.api.rest(), &suggestions).await;
        });
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The interactions that came last. A resumed connection delivers again what was on its way.
#[derive(Default)]
struct Seen {
    ids: HashSet<InteractionId>,
    order: VecDeque<InteractionId>,
}

impl Seen {
    /// Whether it was not there yet.
    fn insert(&mut self, id: InteractionId) -> bool {
        if !self.ids.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}
