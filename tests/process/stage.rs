//! What every run needs around it: local messengers that outlive the bot, people, clients, and a configuration file.

use std::fmt::Write as _;
use std::path::PathBuf;

use bursar::clock::Millis;
use bursar::domain::client::{Class, Status};
use bursar::domain::credits::Amount;
use bursar::domain::ids::{AccountId, ClientId, PostingId};
use bursar::domain::posting::{PostingKind, house_account, transfer};
use bursar::sandbox::{Sandbox, Setup, discord, telegram};
use bursar::store::clients::NewClient;
use bursar::store::ledger::NewPosting;
use bursar::store::{Stop, Store, Tx};
use tempfile::TempDir;

use crate::bot::{Bot, Ended, PATIENCE, bursar};
use crate::support::Database;

/// A client of the house.
pub const ADA: ClientId = ClientId(1001);
/// A reseller.
pub const RITA: ClientId = ClientId(1002);
/// Another reseller, and his client.
pub const RAJESH: ClientId = ClientId(1003);
/// Rajesh's client.
pub const CHIDI: ClientId = ClientId(1004);
/// Every client, with what he brought along.
pub const CLIENTS: [(ClientId, i64); 4] = [
    (ADA, 40),
    (RITA, 50_000_000),
    (RAJESH, 50_000_000),
    (CHIDI, 7),
];

/// The messengers with their people, and a bot's configuration.
pub struct Stage {
    /// The local Discord and Telegram.
    pub sandbox: Sandbox,
    /// Admins in Discord.
    pub admins: [discord::Person; 2],
    /// Support in Discord.
    pub support: discord::Person,
    /// An admin in Telegram, by the configuration.
    pub admin: telegram::Person,
    /// Support in Telegram, by the configuration.
    pub helper: telegram::Person,
    /// Somebody in Telegram who is to become Rita's reseller.
    pub rita: telegram::Person,
    /// Somebody in Telegram who is to become Rajesh's reseller.
    pub rajesh: telegram::Person,
    folder: TempDir,
}

impl Stage {
    /// Messengers with people; the bot's configuration names this database.
    pub async fn new(database: &str) -> Self {
        let sandbox = Sandbox::start(Setup {
            discord: discord::Setup {
                patience: PATIENCE,
                ..discord::Setup::default()
            },
            telegram: telegram::Options {
                patience: PATIENCE,
                ..telegram::Options::default()
            },
            control: None,
        })
        .await
        .unwrap();
        let (discord, telegram) = (&sandbox.discord, &sandbox.telegram);
        let stage = Self {
            admins: [
                discord.person_with_roles("Amara", &["Admins"]),
                discord.person_with_roles("Bruno", &["Admins"]),
            ],
            support: discord.person_with_roles("Sam", &["Support"]),
            admin: telegram.person("Tariq"),
            helper: telegram.person("Tess"),
            rita: telegram.person("Rita"),
            rajesh: telegram.person("Rajesh"),
            folder: tempfile::tempdir().unwrap(),
            sandbox,
        };
        let written = stage.configuration(database);
        stage.write(&written);
        stage
    }

    /// The text of the configuration.
    pub fn configuration(&self, database: &str) -> String {
        let (discord, telegram) = (&self.sandbox.discord, &self.sandbox.telegram);
        let mut text = format!("[database]\nurl = {database:?}\n");
        write!(
            text,
            "[discord]\ntoken = {:?}\nguild_id = \"{}\"\napprovals_channel_id = \"{}\"\napi_url = {:?}\n\
             [telegram]\ntoken = {:?}\napi_url = {:?}\n\
             [roles]\nadmin = [\"discord-role:{}\", \"telegram:{}\"]\nsupport = [\"discord-role:{}\", \"telegram:{}\"]\n\
             [approvals]\ntwo_above = \"20000\"\nundo = \"0\"\n[approvals.admin]\ndirect_limit = 999\n\
             [business]\nname = \"Blue Bird SMS\"\n",
            discord.bot_token(),
            discord.guild_id(),
            discord.approvals_channel_id(),
            discord.api_url(),
            telegram.bot_token(),
            telegram.api_url(),
            discord.role("Admins"),
            self.admin.id(),
            discord.role("Support"),
            self.helper.id(),
        )
        .unwrap();
        text
    }

    /// Writes another configuration.
    pub fn write(&self, text: &str) {
        std::fs::write(self.config(), text).unwrap();
    }

    /// Where the configuration is.
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("bot.toml")
    }

    /// Starts the bot.
    pub fn run(&self) -> Bot {
        self.start(&["run"], &[])
    }

    /// Starts a command with the configuration.
    pub fn start(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Bot {
        let config = self.config();
        let mut all = vec!["--config", config.to_str().unwrap()];
        all.extend(arguments);
        Bot::start(&all, environment)
    }

    /// Runs a command with the configuration to its end.
    pub async fn bursar(&self, arguments: &[&str]) -> Ended {
        let config = self.config();
        let mut all = vec!["--config", config.to_str().unwrap()];
        all.extend(arguments);
        bursar(&all, &[]).await
    }

    /// Starts the bot and waits until it hears both messengers and its commands are offered.
    pub async fn running(&self) -> Bot {
        let mut bot = self.run();
        bot.until_logged("on Telegram").await;
        self.sandbox.discord.ready().await.unwrap();
        self.sandbox.discord.registered("credit").await.unwrap();
        bot
    }

    /// The Telegram people come in by the bot that runs: by name, or by a code that names a client.
    pub async fn link(&self) {
        for person in [&self.admin, &self.helper] {
            person.start(None).await;
            person.next_message().await;
        }
        for (person, client) in [(&self.rita, "rita"), (&self.rajesh, "rajesh")] {
            let arguments = ["people", "invite", "--role", "reseller", "--client", client];
            let invited = self.bursar(&arguments).await.well();
            let code = line(&invited.stdout, "code: ").to_owned();
            person.start(Some(&code)).await;
            person
                .wait_for(|message| message.text().contains("Linked"))
                .await;
        }
    }
}

/// What follows `begin` on the line that begins with it.
#[track_caller]
pub fn line<'a>(text: &'a str, begin: &str) -> &'a str {
    let found = text.lines().find_map(|line| line.strip_prefix(begin));
    found.unwrap_or_else(|| panic!("no line begins with {begin:?} in:\n{text}"))
}

/// Puts the clients into the database.
pub async fn clients(db: &Database) {
    put(&db.store, |client| client).await;
}

/// Puts the clients into a database, changed somewhat.
pub async fn put(store: &Store, change: fn(NewClient) -> NewClient) {
    store
        .write(move |tx| {
            Box::pin(async move {
                for (id, brought) in CLIENTS {
                    tx.insert_client(&change(sample(id))).await?;
                    open(tx, id, brought).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
}

fn sample(id: ClientId) -> NewClient {
    let (username, name, class, reseller) = match id {
        ADA => ("ada", "Ada Lovelace", Class::User, None),
        RITA => ("rita", "Rita Messaging", Class::Reseller, None),
        RAJESH => ("rajesh", "Rajesh Bulk", Class::Reseller, None),
        _ => ("chidi", "Chidi Okonkwo", Class::User, Some(RAJESH)),
    };
    NewClient {
        id,
        username: username.to_owned(),
        name: name.to_owned(),
        email: format!("{username}@example.com"),
        phone: String::new(),
        class,
        status: Status::Active,
        reseller,
        manager: None,
        referral: None,
        price: None,
        resale_price: None,
        created_at: Millis(1_750_000_000_000),
    }
}

/// A client brings credits along.
pub async fn open(tx: &mut Tx, client: ClientId, brought: i64) -> Result<(), Stop> {
    let amount = Amount::try_from(brought).unwrap();
    let entries = transfer(house_account(client.0), AccountId(client.0), amount).unwrap();
    let posting = NewPosting {
        id: PostingId(client.0),
        kind: PostingKind::Opening,
        key: format!("opening:{client}"),
        digest: String::new(),
        client: Some(client),
        request: None,
        reversed: None,
        person: None,
        at: Millis(1_750_000_000_000),
    };
    tx.post(&posting, &entries).await?;
    Ok(())
}
