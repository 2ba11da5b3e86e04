//! Wiring: from the configuration to a running bot, and its graceful stop.

pub mod check;
pub mod host;
#[cfg(all(test, feature = "sandbox"))]
mod hostile;
pub mod moving;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::chat::{Identity, Language, Members, Messenger, Sentences};
use crate::clock::{Clock, Ids, Random};
use crate::commands::CATALOGUE;
use crate::config::{Config, RoleEntry};
use crate::delivery::Worker;
use crate::delivery::courier::Courier;
use crate::discord::{self, Discord, DiscordCourier};
use crate::domain::credits::CreditUnit;
use crate::domain::money::{Currency, TaxRate, UnitPrice};
use crate::domain::request::Limits;
use crate::domain::role::Role;
use crate::fault::Fault;
use crate::pipeline::lanes::Lanes;
use crate::pipeline::{Desk, Pipeline};
use crate::services::access::RoleMap;
use crate::services::{House, Rules};
use crate::store::{Stop, Store};
use crate::telegram::{self, Telegram};

/// How many people's events are worked on at the same time: bounds calls out and memory.
const AT_ONCE: usize = 128;
/// How often is looked for requests whose time ran out.
const EXPIRY: Duration = Duration::from_secs(2);
/// How often what the audit log gained is sealed.
const SEALING: Duration = Duration::from_secs(1);
/// How long work that was begun may go on when the bot stops; the whole stop takes less than ten seconds.
const LAST_WORK: Duration = Duration::from_secs(8);

/// The rules of a configuration.
pub fn rules(config: &Config) -> Rules {
    let named = [
        (&config.roles.admin, Role::Admin),
        (&config.roles.finance, Role::Finance),
        (&config.roles.support, Role::Support),
        (&config.roles.auditor, Role::Auditor),
    ];
    let mut roles = RoleMap::default();
    for (entries, role) in named {
        for entry in entries {
            match *entry {
                RoleEntry::DiscordRole(id) => roles.discord_roles.push((id.cast_signed(), role)),
                RoleEntry::Discord(user) => {
                    let user = user.cast_signed();
                    roles.named.push((
                        Identity {
                            messenger: Messenger::Discord,
                            user,
                        },
                        role,
                    ));
                }
                RoleEntry::Telegram(user) => {
                    roles.named.push((
                        Identity {
                            messenger: Messenger::Telegram,
                            user,
                        },
                        role,
                    ));
                }
            }
        }
    }
    let business = &config.business;
    let approvals = &config.approvals;
    let discord = config.discord.as_ref();
    Rules {
        name: business.name.clone(),
        unit: CreditUnit::new(business.credit_decimals),
        currency: Currency {
            code: business.currency.code().to_owned(),
            exponent: business.currency_decimals(),
        },
        price: UnitPrice(business.price_per_credit),
        tax: TaxRate(i64::from(business.tax_rate)),
        due_days: business.due_days,
        reminder_days: business.reminder_days.clone(),
        limits: Limits {
            two_above: approvals.two_above,
            admin: approvals.admin_limit,
            finance: approvals.finance_limit,
            support: approvals.support_limit,
            solo: approvals.solo,
        },
        expires: approvals.expires,
        request_expires: approvals.request_expires,
        undo: approvals.undo,
        roles,
        approvals_channel: discord
            .and_then(|discord| discord.approvals_channel_id)
            .map(u64::cast_signed),
        staff_channel: discord.and(business.staff_channel_id).map(u64::cast_signed),
        language: business.language.to_string(),
    }
}

/// The services on a configuration's database, which is connected but not migrated.
pub async fn house(config: &Config, clock: Clock) -> Result<House, Fault> {
    let store = Store::connect(config.database.url.expose_secret()).await?;
    Ok(House {
        store,
        ids: Ids::system(clock.clone()),
        clock,
        random: Random::system(),
        rules: Arc::new(rules(config)),
        telegram_name: Arc::new(OnceLock::new()),
    })
}

/// A bot that is ready to run.
pub struct App {
    /// The services.
    pub house: House,
    /// What answers events.
    pub desk: Arc<dyn Desk>,
    lanes: Lanes,
    discord: Option<Discord>,
    telegram: Option<Telegram>,
    worker: Arc<Worker>,
}

impl App {
    /// Wires a bot: connects to the database, brings it to this version, calls no messenger yet.
    pub async fn new(config: &Config, clock: Clock) -> anyhow::Result<Self> {
        let house = house(config, clock.clone())
            .await
            .context("connecting to the database")?;
        house
            .store
            .migrate()
            .await
            .context("bringing the database to this version")?;
        house
            .know_named()
            .await
            .map_err(stopped)
            .context("noting who is named in the configuration")?;
        let bell = Arc::new(Notify::new());
        let lanes = Lanes::new(AT_ONCE);
        let mut couriers: Vec<Arc<dyn Courier>> = Vec::new();
        let api = config
            .discord
            .as_ref()
            .map(discord_settings)
            .map(discord::Api::new)
            .transpose()?;
        let members = api.clone().map(|api| Arc::new(api) as Arc<dyn Members>);
        let mut pipeline = Pipeline::new(house.clone(), members, bell.clone());
        if let Some(api) = &api {
            pipeline = pipeline.with_files(Arc::new(api.clone()));
        }
        if let Some(telegram) = &config.telegram {
            let files = telegram::TelegramFiles::new(&telegram.token, telegram.api_url.as_deref())?;
            pipeline = pipeline.with_files(Arc::new(files));
        }
        let desk: Arc<dyn Desk> = Arc::new(pipeline);
        let discord = api.map(|api| {
            couriers.push(Arc::new(DiscordCourier::new(api.clone())));
            Discord::new(api, desk.clone(), lanes.clone(), clock.clone())
        });
        let telegram = match &config.telegram {
            Some(settings) => {
                let business = house.rules.language.clone();
                let settings = telegram::Settings {
                    token: settings.token.clone(),
                    api_url: settings.api_url.clone(),
                    commands: CATALOGUE,
                    describe: Arc::new(move |id, locale| Sentences::of(locale, &business).text(id)),
                    languages: Language::ALL
                        .iter()
                        .map(|language| language.name().to_owned())
                        .collect(),
                    client: None,
                    username: house.telegram_name.clone(),
                };
                let store = house.store.clone();
                let telegram = Telegram::new(settings, desk.clone(), store, lanes.clone(), clock)?;
                couriers.push(Arc::new(telegram.clone()));
                Some(telegram)
            }
            None => None,
        };
        let worker = Worker::new(house.clone(), couriers, bell);
        Ok(Self {
            house,
            desk,
            lanes,
            discord,
            telegram,
            worker,
        })
    }

    /// Runs until `stop`, then finishes what was begun, within [`LAST_WORK`]. Fails where going on is of no use: a token
    /// that is refused.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        self.house
            .menus()
            .await
            .map_err(stopped)
            .context("preparing command menus")?;
        // Ends the messengers, also when one of them fails for good.
        let taking = stop.child_token();
        let mut failure = None;
        let overdue = async {
            taking.cancelled().await;
            tokio::time::sleep(LAST_WORK).await;
        };
        tokio::select! {
            () = self.serve(&taking, &mut failure) => {}
            () = overdue => {
                tracing::warn!("stopped with work under way; what was stored goes on at the next start");
            }
        }
        tracing::info!("bursar has stopped");
        match failure {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }

    /// Serves until `taking` ends, then finishes in the order in which things depend on one another: what comes in, what
    /// is being handled, the answers to it, the notices of it.
    async fn serve(&self, taking: &CancellationToken, failure: &mut Option<anyhow::Error>) {
        let mut messengers = JoinSet::new();
        if let Some(discord) = self.discord.clone() {
            let stop = taking.clone();
            messengers.spawn(async move {
                discord
                    .run(stop)
                    .await
                    .map_err(|fault| fault.during("Discord"))
            });
        }
        if let Some(telegram) = self.telegram.clone() {
            let stop = taking.clone();
            messengers.spawn(async move {
                telegram
                    .run(stop)
                    .await
                    .map_err(|fault| fault.during("Telegram"))
            });
        }
        let handing = CancellationToken::new();
        let worker = tokio::spawn(self.worker.clone().run(handing.clone()));
        let expiry = tokio::spawn(expire(self.house.clone(), handing.clone()));
        let sealing = CancellationToken::new();
        let sealer = tokio::spawn(seal(self.house.clone(), sealing.clone()));
        tracing::info!("bursar is running");
        while let Some(ended) = messengers.join_next().await {
            if let Err(fault) = ended.map_err(Fault::from).and_then(|ended| ended) {
                fault.log();
                failure.get_or_insert_with(|| anyhow::anyhow!("{}", fault.cause()));
            }
            taking.cancel();
        }
        self.lanes.finish().await;
        if let Some(discord) = &self.discord {
            discord.finish().await;
        }
        handing.cancel();
        let _ = worker.await;
        let _ = expiry.await;
        // Last, because all of these write into the audit log.
        sealing.cancel();
        let _ = sealer.await;
        self.house.store.close().await;
    }
}

async fn expire(house: House, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(Stop::Fault(fault)) = house.expire().await {
            fault.during("ending what ran out").log();
        }
        if let Err(Stop::Fault(fault)) = house.remind().await {
            fault.during("reminding of what waits").log();
        }
        if let Err(Stop::Fault(fault)) = house.remind_of_invoices().await {
            fault.during("reminding of unpaid invoices").log();
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(EXPIRY) => {}
        }
    }
}

async fn seal(house: House, stop: CancellationToken) {
    let mut told = None;
    loop {
        // Once more after the stop, for what came last.
        let last = stop.is_cancelled();
        if let Err(Stop::Fault(fault)) = house.seal().await {
            fault.during("sealing the audit log").log();
        }
        let day = house.settled_day();
        if told != Some(day) {
            match house.tell_day(day).await {
                Err(Stop::Fault(fault)) => fault.during("telling of the day").log(),
                _ => told = Some(day),
            }
        }
        if last {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(SEALING) => {}
        }
    }
}

fn discord_settings(settings: &crate::config::Discord) -> discord::Settings {
    discord::Settings {
        token: settings.token.clone(),
        guild: settings.guild_id.cast_signed(),
        approvals_channel: settings.approvals_channel_id.map(u64::cast_signed),
        api_url: settings.api_url.clone(),
        client: None,
        commands: CATALOGUE,
        describe: Arc::new(describe),
    }
}

/// A message of the catalogue in a language; `None` where the language has no file of its own.
fn describe(id: &str, locale: &str) -> Option<String> {
    Sentences::exactly(locale)?.text(id)
}

/// A stop outside a conversation, as an error.
pub fn stopped(stop: Stop) -> anyhow::Error {
    match stop {
        Stop::Refusal(refusal) => anyhow::anyhow!("{refusal}"),
        Stop::Fault(fault) => anyhow::anyhow!("{}", fault.cause()),
    }
}
