//! A local Discord and a local Telegram, as strict as the real servers, for tests, `bursar demo` and `bursar sandbox`.
//!
//! Each messenger is a model (people, channels, messages), a skin that speaks the wire protocol to bots, and a driver
//! whose verbs are what a person does. Nothing here knows Bursar: any bot can be pointed at it.

pub mod control;
pub mod discord;
pub mod faults;
pub mod record;
pub mod telegram;

#[cfg(test)]
#[expect(
    dead_code,
    reason = "the tests of the store need the programs that these do not"
)]
#[path = "../../tests/support/programs.rs"]
mod programs;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio_util::sync::{CancellationToken, DropGuard};

use self::control::{Messenger, Messengers};
use self::discord::Discord;
use self::telegram::Telegram;

/// What a sandbox is made of.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The local Discord.
    pub discord: discord::Setup,
    /// The local Telegram.
    pub telegram: telegram::Options,
    /// Where the control interface listens; none for no such interface. Only loopback.
    pub control: Option<SocketAddr>,
}

/// The local messengers, running. They stop when it is dropped and nobody holds anything got from them.
#[derive(Debug)]
pub struct Sandbox {
    /// The local Discord.
    pub discord: Discord,
    /// The local Telegram.
    pub telegram: Telegram,
    messengers: Messengers,
    control: Option<SocketAddr>,
    _stop: DropGuard,
}

impl Sandbox {
    /// Starts the messengers and, if an address is given, the control interface.
    pub async fn start(setup: Setup) -> io::Result<Self> {
        let discord = Discord::start(setup.discord).await?;
        let telegram = Telegram::start(setup.telegram).await?;
        let messengers = Messengers::new(vec![
            Arc::new(discord.clone()) as Arc<dyn Messenger>,
            Arc::new(telegram.clone()),
        ]);
        let stop = CancellationToken::new();
        let control = match setup.control {
            Some(address) => Some(control::serve(address, messengers.clone(), stop.clone()).await?),
            None => None,
        };
        Ok(Self {
            discord,
            telegram,
            messengers,
            control,
            _stop: stop.drop_guard(),
        })
    }

    /// Where the control interface is, if there is one.
    pub fn control_url(&self) -> Option<String> {
        self.control.map(|address| format!("http://{address}"))
    }

    /// What a newcomer needs: addresses, tokens and verbs.
    pub fn description(&self) -> String {
        self.messengers.description()
    }
}
