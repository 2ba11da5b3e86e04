//! What people do in the local Discord, as verbs, and what they then see.
//!
//! A verb refuses what the client application would not let a person do: unknown commands, options of the wrong kind,
//! buttons that are not on his screen. Every wait ends with an error that carries the whole conversation.

mod asking;
mod interaction;
mod message;
mod modal;
mod options;
mod person;
mod pressing;
mod text;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::Instant;

pub use self::interaction::{Interaction, Outcome};
pub use self::message::Message;
pub use self::modal::{Input, Modal};
pub use self::person::{Choice, Person, Place};
pub use self::text::plain;
use super::model::{ADMINISTRATOR, Id, World};
use super::sessions::{Break, Event, GUILDS, dispatch};
use super::shared::Shared;
use super::socket::{Cuttable, Scissors};
use super::{render, rest};
use crate::sandbox::faults::{Faults, Rule};
use crate::sandbox::record::Record;

/// How long a verb waits by default.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How a local Discord begins.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Where it listens; port 0 takes any free one. Only loopback.
    pub listen: SocketAddr,
    /// The bot's name.
    pub bot: String,
    /// The first server's name.
    pub guild: String,
    /// How long a verb waits for the bot.
    pub patience: Duration,
    /// The first server's channels; one is called `approvals`.
    pub channels: Vec<String>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            bot: "Bot".to_owned(),
            guild: "Desk".to_owned(),
            patience: PATIENCE,
            channels: vec!["general".to_owned(), "approvals".to_owned()],
        }
    }
}

/// A verb that could not be done or a wait that ended in vain, with the conversation so far.
pub struct Unexpected(String);

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// `unwrap` in a test prints this; the conversation must stay readable there.
impl fmt::Debug for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Unexpected {}

/// A running local Discord. Cheap to clone; it stops when the last clone (or anything got from it) is dropped.
#[derive(Clone)]
pub struct Discord {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    guild: Id,
    patience: Duration,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.shared.stop.cancel();
    }
}

impl fmt::Debug for Discord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Discord")
            .field("api_url", &self.api_url())
            .finish_non_exhaustive()
    }
}

impl Discord {
    /// Starts one.
    pub async fn start(setup: Setup) -> io::Result<Self> {
        if !setup.listen.ip().is_loopback() {
            return Err(io::Error::other(
                "the local Discord listens on loopback only",
            ));
        }
        let listener = TcpListener::bind(setup.listen).await?;
        let mut world = World::new(format!("http://{}", listener.local_addr()?), &setup.bot);
        let guild = world.add_guild(&setup.guild);
        for channel in &setup.channels {
            world.add_channel(guild, channel);
        }
        let shared = Shared::new(world);
        let service =
            rest::router(Arc::clone(&shared)).into_make_service_with_connect_info::<Scissors>();
        let stop = shared.stop.clone();
        tokio::spawn(async move {
            let serving = axum::serve(Cuttable(listener), service)
                .with_graceful_shutdown(stop.cancelled_owned());
            if let Err(error) = serving.await {
                tracing::error!(%error, "the local Discord stopped");
            }
        });
        Ok(Self {
            inner: Arc::new(Inner {
                shared,
                guild,
                patience: setup.patience,
            }),
        })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn api_url(&self) -> String {
        self.look(|world| world.base_url.clone())
    }

    /// The bot's token.
    pub fn bot_token(&self) -> String {
        self.look(|world| world.token.clone())
    }

    /// The bot's user id, which is also the application's id.
    pub fn bot_id(&self) -> Id {
        self.look(|world| world.bot)
    }

    /// The first server.
    pub fn guild_id(&self) -> Id {
        self.inner.guild
    }

    /// The channel `approvals` of the first server.
    pub fn approvals_channel_id(&self) -> Id {
        self.channel("approvals")
    }

    /// A channel of the first server, made if it is not there.
    pub fn channel(&self, name: &str) -> Id {
        self.channel_in(self.inner.guild, name)
    }

    /// A channel of a server, made if it is not there.
    pub fn channel_in(&self, guild: Id, name: &str) -> Id {
        let name = name.trim_start_matches('#');
        self.with(|world| {
            let found = world
                .channels
                .values()
                .find(|one| one.guild == Some(guild) && one.name == name);
            if let Some(channel) = found {
                channel.id
            } else {
                let id = world.add_channel(guild, name);
                let data = render::channel(world, &world.channels[&id]);
                dispatch(
                    self.shared(),
                    world,
                    Event::new("CHANNEL_CREATE", GUILDS, data),
                );
                id
            }
        })
    }

    /// Keeps the bot out of a channel, or lets it in again.
    pub fn forbid_channel(&self, channel: Id, forbidden: bool) {
        self.with(|world| {
            if let Some(channel) = world.channels.get_mut(&channel) {
                channel.bot_forbidden = forbidden;
            }
        });
    }

    /// Another server that the bot is in, found by name or made with a channel `general`.
    pub fn add_guild(&self, name: &str) -> Id {
        self.with(|world| {
            if let Some(guild) = world.guilds.values().find(|guild| guild.name == name) {
                return guild.id;
            }
            let guild = world.add_guild(name);
            world.add_channel(guild, "general");
            let data = render::guild_create(world, &world.guilds[&guild]);
            dispatch(
                self.shared(),
                world,
                Event::new("GUILD_CREATE", GUILDS, data),
            );
            guild
        })
    }

    /// A role of the first server, made without permissions if it is not there.
    pub fn role(&self, name: &str) -> Id {
        self.role_in(self.inner.guild, name)
    }

    /// A role of a server, made without permissions if it is not there; one called `Administrator` may do everything.
    pub fn role_in(&self, guild: Id, name: &str) -> Id {
        self.with(|world| {
            let roles = world.guilds.get(&guild).map(|guild| &guild.roles);
            let found = roles.and_then(|roles| roles.values().find(|role| role.name == name));
            if let Some(role) = found {
                role.id
            } else {
                let permissions = if name == "Administrator" {
                    ADMINISTRATOR
                } else {
                    0
                };
                let id = world.add_role(guild, name, permissions);
                if let Some(found) = world.guilds.get(&guild) {
                    let role = render::role(guild, &found.roles[&id], found.roles.len() - 1);
                    let data = json!({ "guild_id": render::id(guild), "role": role });
                    dispatch(
                        self.shared(),
                        world,
                        Event::new("GUILD_ROLE_CREATE", GUILDS, data),
                    );
                }
                id
            }
        })
    }

    /// A person of the first server, who joins it when he is new. He is in its first channel.
    pub fn person(&self, name: &str) -> Person {
        let (id, place) = self.with(|world| {
            let known = world
                .users
                .values()
                .find(|user| !user.bot && user.display_name == name);
            let id = if let Some(user) = known {
                user.id
            } else {
                let id = world.add_user(name, false);
                world.join(self.inner.guild, id);
                id
            };
            let first = world
                .channels
                .values()
                .find(|channel| channel.guild == Some(self.inner.guild));
            (
                id,
                first.map_or(Place::Dm, |channel| Place::Channel(channel.id)),
            )
        });
        Person::new(self.clone(), id, place)
    }

    /// A person of the first server with these roles, made if they are not there.
    pub fn person_with_roles(&self, name: &str, roles: &[&str]) -> Person {
        let person = self.person(name);
        for role in roles {
            person.give_role(role);
        }
        person
    }

    /// A person who is in no server, with an open private chat.
    pub fn stranger(&self, name: &str) -> Person {
        let id = self.with(|world| world.add_user(name, false));
        Person::new(self.clone(), id, Place::Dm)
    }

    /// The rules of what goes wrong.
    pub fn faults(&self) -> &Faults {
        &self.inner.shared.faults
    }

    /// Sets one rule of what goes wrong.
    pub fn fault(&self, rule: Rule) {
        self.faults().set(rule);
    }

    /// What the bot called.
    pub fn record(&self) -> &Record {
        &self.inner.shared.record
    }

    /// Moves the clock.
    pub fn pass_time(&self, time: Duration) {
        self.with(|world| world.clock.pass(time));
    }

    /// Whether more than 50 calls a second, or 5 messages in 5 seconds in one channel, are refused with 429.
    pub fn enforce_pace(&self, enforce: bool) {
        self.with(|world| world.pace.enforced = enforce);
    }

    /// Breaks the bot's gateway connections.
    pub fn disconnect(&self, how: Break) {
        self.with(|world| world.sessions.break_all(how));
    }

    /// Withholds privileged intents from the bot: a client that asks for them is closed with 4014.
    pub fn withhold_intents(&self, intents: u64) {
        self.with(|world| world.sessions.withheld_intents = intents);
    }

    /// How often bots identified at the gateway.
    pub fn identified(&self) -> u64 {
        self.look(|world| world.sessions.identified)
    }

    /// Waits until the bot is connected to the gateway.
    pub async fn ready(&self) -> Result<(), Unexpected> {
        self.wait("the bot to connect", |world| {
            world.sessions.connected().then_some(())
        })
        .await
    }

    /// Waits until a command (its first word) is registered.
    pub async fn registered(&self, command: &str) -> Result<(), Unexpected> {
        let what = format!("the command {command} to be registered");
        self.wait(&what, |world| {
            world
                .commands
                .values()
                .any(|one| one.body["name"] == command)
                .then_some(())
        })
        .await
    }

    /// Waits for a message of the bot in this channel that everybody there sees.
    pub async fn wait_for(
        &self,
        channel: Id,
        wanted: impl Fn(&Message) -> bool,
    ) -> Result<Message, Unexpected> {
        let what = format!(
            "a message in {}",
            self.look(|world| world.channel_name(channel))
        );
        let found = self
            .wait(&what, |world| {
                let open = world.messages.values().rev().filter(|one| {
                    one.channel == channel
                        && one.author == world.bot
                        && !one.deleted
                        && one.only_for.is_none()
                });
                open.map(|one| Message::new(self, world, one))
                    .find(|message| wanted(message))
            })
            .await?;
        Ok(self.consume(found))
    }

    /// Fails when the bot wrote something that no verb has taken notice of.
    pub fn expect_quiet(&self) -> Result<(), Unexpected> {
        let unread = self.look(|world| {
            let bots = world
                .messages
                .values()
                .filter(|one| one.author == world.bot && !one.deleted);
            let unread = bots.filter(|one| !world.consumed.contains(&one.id));
            unread
                .map(|one| format!("{}  {}", world.channel_name(one.channel), plain(world, one)))
                .collect::<Vec<_>>()
        });
        if unread.is_empty() {
            return Ok(());
        }
        Err(self.unexpected(&format!(
            "messages that nobody expected:\n{}",
            unread.join("\n")
        )))
    }

    /// Everything that happened, as people saw it.
    pub fn transcript(&self) -> String {
        self.look(|world| world.transcript.join("\n"))
    }

    /// A person by name, unique name or id, if there is one.
    pub fn known_person(&self, name: &str) -> Option<Person> {
        let id = self.look(|world| {
            let mut people = world.users.values().filter(|user| !user.bot);
            let found = people.find(|user| {
                user.display_name == name || user.username == name || user.id.to_string() == name
            });
            found.map(|user| user.id)
        })?;
        Some(Person::new(self.clone(), id, Place::Dm))
    }

    /// A channel of a server by name or id, if there is one.
    pub fn known_channel(&self, guild: Id, name: &str) -> Option<Id> {
        let name = name.trim_start_matches('#');
        self.look(|world| {
            let mut channels = world
                .channels
                .values()
                .filter(|one| one.guild == Some(guild));
            channels
                .find(|one| one.name == name || one.id.to_string() == name)
                .map(|one| one.id)
        })
    }

    /// A server by name or id, if there is one.
    pub fn known_guild(&self, name: &str) -> Option<Id> {
        self.look(|world| {
            let mut guilds = world.guilds.values();
            guilds
                .find(|one| one.name == name || one.id.to_string() == name)
                .map(|one| one.id)
        })
    }

    /// Something that a person did earlier.
    pub fn interaction(&self, id: Id) -> Option<Interaction> {
        let user = self.look(|world| world.interactions.get(&id).map(|one| one.user))?;
        Some(Interaction::new(self, user, id, 0))
    }

    /// A channel's name as people see it.
    pub fn channel_title(&self, channel: Id) -> String {
        self.look(|world| world.channel_name(channel))
    }

    /// A person's or the bot's name as people see it.
    pub fn user_title(&self, user: Id) -> String {
        self.look(|world| world.user_name(user))
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.inner.shared
    }

    pub(super) fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        self.inner.shared.look(look)
    }

    pub(super) fn with<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        self.inner.shared.with(work)
    }

    pub(super) fn unexpected(&self, what: &str) -> Unexpected {
        let transcript = self.transcript();
        Unexpected(format!(
            "{what}\n\nThe conversation so far:\n{transcript}\n"
        ))
    }

    fn consume(&self, message: Message) -> Message {
        self.with(|world| world.consumed.insert(message.id()));
        message
    }

    /// Looks again at every change, and now and then for what only time changes.
    async fn wait<T>(
        &self,
        what: &str,
        mut look: impl FnMut(&World) -> Option<T>,
    ) -> Result<T, Unexpected> {
        let deadline = Instant::now() + self.inner.patience;
        let mut changes = self.inner.shared.changes();
        loop {
            if let Some(found) = self.look(&mut look) {
                return Ok(found);
            }
            if Instant::now() >= deadline {
                return Err(self.unexpected(&format!("waited in vain for {what}")));
            }
            // The sender lives as long as `self`; a quiet spell ends with another look.
            let _changed = tokio::time::timeout(Duration::from_millis(25), changes.changed()).await;
        }
    }
}
