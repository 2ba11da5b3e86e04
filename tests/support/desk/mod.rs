//! The whole bot on the local messengers, for one test: a database with clients, people of every role on both
//! messengers, and [`Desk::close`], which says whether all went as it must beyond what the test looked at.
//!
//! A test binary takes it in with `#[path = "../support/desk/mod.rs"] mod desk;`, beside `mod support;`.

pub mod calls;
pub mod clients;
pub mod discord_calls;
pub mod people;
pub mod telegram_calls;

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use bursar::app::App;
use bursar::clock::Clock;
use bursar::config::Config;
use bursar::domain::role::Role;
use bursar::sandbox::{Sandbox, Setup, discord, telegram};
use bursar::services::House;
use bursar::store::Tx;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::Database;

/// The longest that a stop may take, and that the outbox may take to drain.
const PATIENCE: Duration = Duration::from_secs(15);

/// What differs from test to test. Limits and times are as the configuration writes them.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, as in the configuration"
)]
pub struct Options {
    /// Whether the bot is in Discord.
    pub discord: bool,
    /// Whether the bot is in Telegram.
    pub telegram: bool,
    /// `[approvals.admin] direct_limit`.
    pub admin_limit: &'static str,
    /// `[approvals.finance] direct_limit`.
    pub finance_limit: &'static str,
    /// `[approvals.support] direct_limit`.
    pub support_limit: &'static str,
    /// `[approvals] two_above`.
    pub two_above: Option<&'static str>,
    /// `[approvals] solo`: then there is one admin, `telegram_admin`, or `admins[0]` where Telegram is left out.
    pub solo: bool,
    /// `[approvals] expires`.
    pub expires: &'static str,
    /// `[approvals] undo`: not at all, so that clients hear at once of what was done.
    pub undo: &'static str,
    /// `[approvals] request_expires`.
    pub request_expires: &'static str,
    /// Whether there is an approvals channel.
    pub approvals_channel: bool,
    /// Further lines of `[business]`.
    pub business: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            discord: true,
            telegram: true,
            admin_limit: "0",
            finance_limit: "0",
            support_limit: "0",
            two_above: None,
            solo: false,
            expires: "30m",
            request_expires: "72h",
            undo: "0",
            approvals_channel: true,
            business: "",
        }
    }
}

/// The bot at work, and everybody who talks to it.
pub struct Desk {
    /// The local messengers.
    pub sandbox: Sandbox,
    /// The services of the running bot.
    pub house: House,
    /// Amara and Bruno: admins by Discord role.
    pub admins: [discord::Person; 2],
    /// Farah: finance by Discord role.
    pub finance: discord::Person,
    /// Sam: support by Discord role.
    pub support: discord::Person,
    /// Tariq: an admin by name in the configuration, on Telegram.
    pub telegram_admin: telegram::Person,
    /// Tessa: support by name in the configuration, on Telegram.
    pub telegram_support: telegram::Person,
    /// Rita and Rajesh: linked by code to the clients [`clients::RITA`] and [`clients::RAJESH`], on Telegram.
    pub resellers: [telegram::Person; 2],
    config: Config,
    running: Option<Running>,
    refusals: Vec<(u16, &'static str)>,
}

struct Running {
    stop: CancellationToken,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Desk {
    /// Makes clients and people, starts the bot and lets everybody on Telegram press Start. What was said until then
    /// counts as read.
    pub async fn open(database: &Database, options: Options) -> Self {
        let sandbox = Sandbox::start(Setup::default()).await.unwrap();
        let (on_discord, on_telegram) = (&sandbox.discord, &sandbox.telegram);
        let admins = ["Amara", "Bruno"].map(|name| on_discord.person_with_roles(name, &["Admins"]));
        let telegram_admin = on_telegram.person("Tariq");
        let telegram_support = on_telegram.person("Tessa");
        let text = configuration(
            database,
            &options,
            &sandbox,
            [&telegram_admin, &telegram_support],
            &admins[0],
        );
        let config = Config::parse(Path::new("bot.toml"), &text, std::iter::empty())
            .unwrap_or_else(|faults| panic!("{faults}\n{text}"));
        clients::make(&database.store).await;
        let app = App::new(&config, Clock::system()).await.unwrap();
        let mut desk = Self {
            house: app.house.clone(),
            finance: on_discord.person_with_roles("Farah", &["Finance"]),
            support: on_discord.person_with_roles("Sam", &["Support"]),
            resellers: [on_telegram.person("Rita"), on_telegram.person("Rajesh")],
            admins,
            telegram_admin,
            telegram_support,
            sandbox,
            config,
            running: None,
            refusals: Vec::new(),
        };
        if options.telegram {
            // Before the bot runs: their chats are open when their menus are set.
            desk.telegram_admin.start(None).await;
            desk.telegram_support.start(None).await;
            for (person, username) in desk.resellers.iter().zip(clients::RESELLERS) {
                let invited =
                    desk.house
                        .invite(Role::Reseller, person.name(), Some(username.to_owned()));
                person.start(Some(&invited.await.unwrap())).await;
            }
        }
        desk.run(app).await;
        if options.telegram {
            for named in [&desk.telegram_admin, &desk.telegram_support] {
                named.next_message().await;
            }
            for person in &desk.resellers {
                let linked = person.next_message().await.text();
                assert!(linked.contains("Linked"), "{linked}");
            }
        }
        desk.drain().await;
        desk
    }

    /// Starts the bot again after [`Desk::stop`], on the same database and messengers.
    pub async fn start(&mut self) {
        let app = App::new(&self.config, Clock::system()).await.unwrap();
        self.house = app.house.clone();
        self.run(app).await;
    }

    async fn run(&mut self, app: App) {
        assert!(self.running.is_none(), "the bot runs already");
        let stop = CancellationToken::new();
        let task = tokio::spawn(app.run(stop.clone()));
        self.running = Some(Running { stop, task });
        if self.config.discord.is_some() {
            self.sandbox.discord.ready().await.unwrap();
            self.sandbox.discord.registered("credit").await.unwrap();
        }
    }

    /// Stops the bot and fails if it does not end well, or in time.
    pub async fn stop(&mut self) {
        let running = self.running.take().expect("the bot runs");
        running.stop.cancel();
        let ended = tokio::time::timeout(PATIENCE, running.task).await;
        ended
            .expect("the bot does not stop")
            .expect("the bot panicked")
            .expect("the bot failed");
    }

    /// Waits until nothing is owed to anybody, but for what is to come a minute later or more.
    pub async fn drain(&self) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let open = "select count(*) from outbox where state in ('queued', 'leased') and next_at < created_at + 60000";
        loop {
            let open = self.number(open).await;
            if open == 0 {
                break;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "{open} notices are still to be handed over\n{}\n{}",
                self.sandbox.discord.transcript(),
                self.sandbox.telegram.transcript(),
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The messengers may refuse such calls of the bot (by status and part of the path); any other refusal fails in
    /// [`Desk::close`].
    pub fn may_be_refused(&mut self, status: u16, path: &'static str) {
        self.refusals.push((status, path));
    }

    /// Fails when the bot said something that the test did not read, called a messenger otherwise than it may, broke an
    /// invariant, or does not stop in time.
    pub async fn close(mut self) {
        self.drain().await;
        // A test may have jumped in time.
        self.house.seal().await.unwrap();
        assert_eq!(self.house.breaches().await.unwrap(), []);
        // Both take their time, and nobody is waited for any more.
        let telegram = self.sandbox.telegram.clone();
        tokio::join!(self.stop(), telegram.expect_quiet());
        self.sandbox.discord.expect_quiet().unwrap();
        let wrong = calls::wrong(&self.sandbox, &self.refusals);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// The first number of the first row of raw SQL.
    pub async fn number(&self, sql: &'static str) -> i64 {
        let read = self.house.store.read(move |tx| {
            Box::pin(async move {
                Ok(match tx {
                    Tx::Sqlite(conn) => sqlx::query_scalar(sql).fetch_one(&mut **conn).await?,
                    Tx::Postgres(conn) => sqlx::query_scalar(sql).fetch_one(&mut **conn).await?,
                })
            })
        });
        read.await.unwrap()
    }

    /// Changes the database behind the bot's back.
    pub async fn sql(&self, sql: &'static str) {
        let changed = self.house.store.write(move |tx| {
            Box::pin(async move {
                let rows = match tx {
                    Tx::Sqlite(conn) => {
                        sqlx::query(sql).execute(&mut **conn).await?.rows_affected()
                    }
                    Tx::Postgres(conn) => {
                        sqlx::query(sql).execute(&mut **conn).await?.rows_affected()
                    }
                };
                Ok(rows)
            })
        });
        let rows = changed.await.unwrap();
        assert!(rows > 0, "nothing was changed by {sql}");
    }

    /// A client's balance.
    pub async fn balance(&self, client: i64) -> i64 {
        use bursar::domain::ids::ClientId;
        use bursar::store::clients::Scope;
        let read = self.house.store.read(move |tx| {
            Box::pin(async move { Ok(tx.client(ClientId(client), Scope::House).await?) })
        });
        read.await.unwrap().expect("that client").balance.0
    }

    /// How many postings that added credit, and how many invoices there are.
    pub async fn added(&self) -> (i64, i64) {
        (
            self.number("select count(*) from posting where kind = 'add'")
                .await,
            self.number("select count(*) from invoice").await,
        )
    }
}

fn configuration(
    database: &Database,
    options: &Options,
    sandbox: &Sandbox,
    [admin, support]: [&telegram::Person; 2],
    first: &discord::Person,
) -> String {
    let (discord, telegram) = (&sandbox.discord, &sandbox.telegram);
    let mut text = format!("[database]\nurl = {:?}\n", database.url);
    if options.discord {
        let _ = write!(
            text,
            "[discord]\ntoken = {:?}\nguild_id = \"{}\"\napi_url = {:?}\n",
            discord.bot_token(),
            discord.guild_id(),
            discord.api_url()
        );
        if options.approvals_channel {
            let channel = discord.approvals_channel_id();
            let _ = writeln!(text, "approvals_channel_id = \"{channel}\"");
        }
    }
    if options.telegram {
        let _ = write!(
            text,
            "[telegram]\ntoken = {:?}\napi_url = {:?}\n",
            telegram.bot_token(),
            telegram.api_url()
        );
    }
    let role = |name: &str| {
        options
            .discord
            .then(|| format!("discord-role:{}", discord.role(name)))
    };
    let named = |person: &telegram::Person| {
        options
            .telegram
            .then(|| format!("telegram:{}", person.id()))
    };
    let mut admins = vec![role("Admins"), named(admin)];
    if options.solo {
        let discord = Some(format!("discord:{}", first.id()));
        admins = vec![named(admin).or(discord)];
    }
    let roles = [
        ("admin", admins),
        ("finance", vec![role("Finance")]),
        ("support", vec![role("Support"), named(support)]),
    ];
    text.push_str("[roles]\n");
    for (name, entries) in roles {
        let entries: Vec<String> = entries.into_iter().flatten().collect();
        let _ = writeln!(text, "{name} = {entries:?}");
    }
    let _ = write!(
        text,
        "[approvals]\nsolo = {}\nexpires = {:?}\nrequest_expires = {:?}\nundo = {:?}\n",
        options.solo, options.expires, options.request_expires, options.undo
    );
    if let Some(two_above) = options.two_above {
        let _ = writeln!(text, "two_above = {two_above:?}");
    }
    for (role, limit) in [
        ("admin", options.admin_limit),
        ("finance", options.finance_limit),
        ("support", options.support_limit),
    ] {
        let _ = write!(text, "[approvals.{role}]\ndirect_limit = {limit:?}\n");
    }
    let _ = write!(
        text,
        "[business]\nname = \"Blue Bird SMS\"\n{}\n",
        options.business
    );
    text
}
