//! A local Telegram: the Bot API on a loopback port, strict as the real one, and people who talk to the bot by verbs.
//!
//! `model.rs` is what it knows, `server.rs` with `request.rs`, `methods.rs`, `calls/` and `webhook.rs` is the wire,
//! `driver/` is what people do and see, `control.rs` the same verbs as JSON.

mod calls;
mod clock;
mod connection;
mod control;
mod driver;
mod keyboard;
mod methods;
mod model;
mod refusal;
mod request;
mod screen;
mod server;
mod text;
mod updates;
mod webhook;

#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::faults::Faults;
use super::record::Record;
use clock::Clock;
use model::{User, World};

/// What people would read of a message in HTML, with its entities; or why Telegram would refuse it.
#[cfg(test)]
pub(crate) fn read(html: &str) -> Result<(String, Vec<Value>), String> {
    let read = text::Formatted::parse(html, "HTML").map_err(|why| format!("{why:?}"))?;
    Ok((read.text, read.entities))
}

/// Why Telegram would refuse a keyboard; `None`: it would not.
#[cfg(test)]
pub(crate) fn keyboard_refused(keyboard: Option<Value>) -> Option<String> {
    let refused = keyboard::check(keyboard?).err();
    refused.map(|why| format!("{why:?}"))
}

pub use control::VERBS;
pub use driver::{Button, Group, Message, NewPerson, Person, Press};
pub use model::{CallbackAnswer, MenuCommand};

/// How a local Telegram is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Loopback address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The bot's token; one is made up when there is none.
    pub token: Option<String>,
    /// The bot's username.
    pub username: String,
    /// The bot's name.
    pub name: String,
    /// How long a verb waits for the bot before it fails.
    pub patience: Duration,
    /// Whether ids go on where no earlier local Telegram can have come to, so that a bot which kept its database takes
    /// nothing here for something that it knows. Without this they are the same each time.
    pub fresh_ids: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            token: None,
            username: "desk_bot".into(),
            name: "Desk".into(),
            patience: Duration::from_secs(10),
            fresh_ids: false,
        }
    }
}

/// A running local Telegram. Cheap to clone; it stops when the last clone (people and messages hold one) is gone.
#[derive(Debug, Clone)]
pub struct Telegram {
    shared: Arc<Shared>,
    patience: Duration,
    _stops_when_dropped: Arc<DropGuard>,
}

/// What the server and the driver both hold.
#[derive(Debug)]
struct Shared {
    world: Mutex<World>,
    changed: watch::Sender<u64>,
    faults: Faults,
    record: Record,
    clock: Clock,
    token: String,
    address: SocketAddr,
    stopping: CancellationToken,
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the world and wakes whoever waits for a change. The second argument is the time in milliseconds.
    fn change<T>(&self, change: impl FnOnce(&mut World, i64) -> T) -> T {
        let result = change(&mut self.world(), self.clock.now());
        self.changed.send_modify(|count| *count += 1);
        result
    }

    /// Queues an update for the bot, as the faults in force have it.
    fn tell(&self, world: &mut World, now: i64, kind: &'static str, lane: i64, content: &Value) {
        let fault = self.faults.for_delivery(kind);
        world.updates.push(kind, lane, content, now, fault.as_ref());
    }
}

impl Telegram {
    /// Starts one with a bot and nobody else.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        if !options.listen.ip().is_loopback() {
            return Err(std::io::Error::other(
                "a local Telegram listens on loopback only",
            ));
        }
        let listener = TcpListener::bind(options.listen).await?;
        let (id, token) = match options.token {
            Some(token) => {
                let id = token
                    .split_once(':')
                    .and_then(|(id, _)| id.parse().ok())
                    .ok_or_else(|| std::io::Error::other("a bot's token is NUMBER:SECRET"))?;
                (id, token)
            }
            None => made_up_token()?,
        };
        let bot = User {
            id,
            is_bot: true,
            first_name: options.name,
            username: Some(options.username),
            language: None,
        };
        let clock = Clock::default();
        let mut world = World::new(bot);
        if options.fresh_ids {
            // Ten a second for three years, and clients that keep ids in 32 bits can still count on.
            world.number_after(clock.now() / 100 % 1_000_000_000);
        }
        let stop = CancellationToken::new();
        let shared = Arc::new(Shared {
            world: Mutex::new(world),
            changed: watch::channel(0).0,
            faults: Faults::default(),
            record: Record::default(),
            clock,
            token,
            address: listener.local_addr()?,
            stopping: stop.clone(),
        });
        tokio::spawn(server::serve(listener, Arc::clone(&shared), stop.clone()));
        tokio::spawn(webhook::deliver(Arc::clone(&shared), stop.clone()));
        Ok(Self {
            shared,
            patience: options.patience,
            _stops_when_dropped: Arc::new(stop.drop_guard()),
        })
    }

    /// The bot's token.
    pub fn bot_token(&self) -> &str {
        &self.shared.token
    }

    /// The base address for clients: what stands in front of `/bot<token>/`.
    pub fn api_url(&self) -> String {
        format!("http://{}", self.shared.address)
    }

    /// The bot's username, without `@`.
    pub fn bot_username(&self) -> String {
        self.shared.world().bot.username.clone().unwrap_or_default()
    }

    /// The faults in force.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// The calls that the bot made. A call whose connection was dropped before it was served has status 0.
    pub fn record(&self) -> &Record {
        &self.shared.record
    }

    /// Moves the clock: deadlines pass, delayed updates arrive.
    pub fn pass_time(&self, time: Duration) {
        self.shared.clock.pass(time);
        self.shared.change(|world, now| world.updates.expire(now));
    }

    /// Whether sending faster than 1 message a second a chat, 20 a minute a group and 30 a second in all is refused.
    pub fn enforce_pace(&self, enforce: bool) {
        self.shared.change(|world, _| world.enforce_pace = enforce);
    }

    /// How many updates the bot has not confirmed yet.
    pub fn pending_updates(&self) -> usize {
        self.shared.world().updates.waiting()
    }

    /// The whole conversation so far, as people saw it.
    pub fn transcript(&self) -> String {
        self.shared.world().transcript(None)
    }

    /// The same Telegram for people whose verbs wait this long.
    #[must_use]
    pub fn with_patience(&self, patience: Duration) -> Self {
        Self {
            patience,
            ..self.clone()
        }
    }

    /// Stops serving while people still hold it. Calls after this find nobody.
    pub fn stop(&self) {
        self.shared.stopping.cancel();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox stands for the world outside, which has its own time and chance"
)]
fn made_up_token() -> std::io::Result<(i64, String)> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut random = [0_u8; 37];
    getrandom::fill(&mut random).map_err(std::io::Error::other)?;
    let id = 7_000_000_000 + i64::from(random[35]) * 256 + i64::from(random[36]);
    let secret: String = random[..35]
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 64)]))
        .collect();
    Ok((id, format!("{id}:{secret}")))
}
