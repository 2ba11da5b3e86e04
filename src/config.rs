//! The configuration: what an operator may decide, from one TOML file and the environment.
//!
//! A configuration that exists is valid. One that is not is refused with everything that is wrong with it, each fault
//! in its line or its variable, so that nobody starts the bot ten times to learn of ten mistakes.

mod faults;
mod kind;
mod sections;
mod source;
#[cfg(test)]
mod tests;
mod tree;
mod values;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use iso_currency::Currency;
use lettre::message::Mailbox;
use secrecy::SecretString;
use unic_langid::LanguageIdentifier;

pub use faults::{Diagnostic, Faults, Place};

use source::Document;

/// The file that is read when the command line names none.
pub const DEFAULT_PATH: &str = "bot.toml";

/// Everything an operator has decided.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where everything is kept.
    pub database: Database,
    /// Discord, if the desk is open there.
    pub discord: Option<Discord>,
    /// Telegram, if the desk is open there.
    pub telegram: Option<Telegram>,
    /// The listener for delivery reports, the password page, health and metrics.
    pub http: Option<Http>,
    /// How email leaves.
    pub email: Option<Email>,
    /// How SMS leave.
    pub sms: Option<Sms>,
    /// Who has which role without having come by code.
    pub roles: Roles,
    /// Which actions need whose approval.
    pub approvals: Approvals,
    /// The business itself.
    pub business: Business,
    /// What would be wrong only if the bot were run.
    run_faults: Vec<Diagnostic>,
}

/// Which database serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one: a file beside the bot.
    Sqlite,
    /// A server, which several instances can share.
    Postgres,
}

/// `[database]`
#[derive(Debug, Clone)]
pub struct Database {
    /// Which engine the address is for.
    pub engine: Engine,
    /// `sqlite://...` (always a file) or `postgres://...`, which may hold a password.
    pub url: SecretString,
}

/// How Discord's events reach the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscordMode {
    /// A websocket that the bot opens.
    Gateway,
    /// HTTP calls that Discord makes.
    Webhook,
}

/// `[discord]`
#[derive(Debug, Clone)]
pub struct Discord {
    /// The bot's token, without `Bot ` before it.
    pub token: SecretString,
    /// The only guild whose members and roles count.
    pub guild_id: u64,
    /// Where requests for approval are posted.
    pub approvals_channel_id: Option<u64>,
    /// How events come in.
    pub mode: DiscordMode,
    /// The key that signs webhook calls; always there in webhook mode.
    pub public_key: Option<[u8; 32]>,
    /// Another server than Discord's: scheme, host and any path before `/api`, without a trailing slash.
    pub api_url: Option<String>,
}

/// How Telegram's updates reach the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TelegramMode {
    /// The bot asks for them.
    Polling,
    /// Telegram calls the bot.
    Webhook,
}

/// `[telegram]`
#[derive(Debug, Clone)]
pub struct Telegram {
    /// The bot's token.
    pub token: SecretString,
    /// How updates come in.
    pub mode: TelegramMode,
    /// What Telegram sends with each webhook call; always there in webhook mode.
    pub webhook_secret: Option<SecretString>,
    /// Another server than Telegram's, without a trailing slash.
    pub api_url: Option<String>,
}

/// `[http]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Http {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// How the outside reaches the listener, without a trailing slash.
    pub public_url: Option<String>,
}

/// How email leaves.
#[derive(Debug, Clone)]
pub enum MailRoute {
    /// `smtp://` or `smtps://`, with credentials if the server wants them.
    Smtp(SecretString),
    /// `file:` and a folder into which mails are written.
    Folder(PathBuf),
}

/// `[email]`
#[derive(Debug, Clone)]
pub struct Email {
    /// How it leaves.
    pub route: MailRoute,
    /// Whom mail comes from.
    pub from: Mailbox,
}

/// Which dialect an SMS gateway speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsGateway {
    /// Kannel's sendsms.
    Kannel,
    /// Any gateway that takes an HTTP call.
    Http,
    /// Twilio.
    Twilio,
    /// Jasmin.
    Jasmin,
    /// Infobip.
    Infobip,
    /// Vonage.
    Vonage,
}

/// `[sms]`
#[derive(Debug, Clone)]
pub struct Sms {
    /// The dialect.
    pub gateway: SmsGateway,
    /// Where the gateway is; it may hold credentials.
    pub url: SecretString,
    /// The user name, account or key id, where the dialect has one.
    pub username: Option<String>,
    /// What belongs to `username`.
    pub password: Option<SecretString>,
    /// The key of dialects that know no user name.
    pub api_key: Option<SecretString>,
    /// The sender that phones show.
    pub from: Option<String>,
}

/// One entry of `[roles]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoleEntry {
    /// Whoever has this role in the configured guild.
    DiscordRole(u64),
    /// This user of Discord.
    Discord(u64),
    /// This user of Telegram.
    Telegram(i64),
}

impl fmt::Display for RoleEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DiscordRole(id) => write!(f, "discord-role:{id}"),
            Self::Discord(id) => write!(f, "discord:{id}"),
            Self::Telegram(id) => write!(f, "telegram:{id}"),
        }
    }
}

/// `[roles]`: no entry stands twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// Admins.
    pub admin: Vec<RoleEntry>,
    /// Finance.
    pub finance: Vec<RoleEntry>,
    /// Support.
    pub support: Vec<RoleEntry>,
    /// Auditors.
    pub auditor: Vec<RoleEntry>,
}

/// `[approvals]`. Amounts are smallest units of credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approvals {
    /// Above this two others must approve; never when `None`.
    pub two_above: Option<i64>,
    /// How long a request of staff can be decided.
    pub expires: Duration,
    /// How long a reseller's request can be decided.
    pub request_expires: Duration,
    /// For how long what was done can be undone at a press.
    pub undo: Duration,
    /// Whether the only admin's own confirmation stands for a second admin's.
    pub solo: bool,
    /// Up to where an admin's own confirmation is enough.
    pub admin_limit: i64,
    /// Up to where a finance person's own confirmation is enough.
    pub finance_limit: i64,
    /// Up to where a support person's own confirmation is enough.
    pub support_limit: i64,
}

/// `[business]`
#[derive(Debug, Clone)]
pub struct Business {
    /// What the business calls itself.
    pub name: String,
    /// What its invoices are in; always a currency with a known minor unit.
    pub currency: Currency,
    /// How many decimals an amount of credits may have, 0 to 6.
    pub credit_decimals: u32,
    /// Millionths of the currency's unit for one whole credit.
    pub price_per_credit: i64,
    /// Basis points (hundredths of a percent), 0 to 10,000.
    pub tax_rate: u32,
    /// The language of texts whose reader's own is not known.
    pub language: LanguageIdentifier,
    /// The Discord channel where the staff are told of things.
    pub staff_channel_id: Option<u64>,
    /// In how many days an invoice is due.
    pub due_days: u16,
    /// Days after issue on which an unpaid invoice is brought to mind; rising, none twice.
    pub reminder_days: Vec<u32>,
    /// Hosts that webhooks may reach although the general rules would refuse them: `host` or `host:port`, lower case.
    pub webhook_hosts_allowed: Vec<String>,
}

impl Business {
    /// How many decimals the currency has.
    pub fn currency_decimals(&self) -> u32 {
        // Reading refuses currencies without an exponent, so the default is never used.
        self.currency.exponent().map_or(2, u32::from)
    }
}

impl Config {
    /// Reads the file, lays the environment over it and checks everything.
    ///
    /// A file that was named must be there. Without a name it is [`DEFAULT_PATH`], and when that does not exist the
    /// environment alone may do. Of `env` only variables that begin with `BURSAR__` count.
    pub fn load(
        named: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Faults> {
        let path = named.unwrap_or(Path::new(DEFAULT_PATH));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                String::new()
            }
            Err(error) => {
                let place = Place::File {
                    file: path.display().to_string(),
                };
                let message = format!("cannot be read: {error}");
                return Err(Faults::new(vec![Diagnostic::new(place, message)]));
            }
        };
        Self::parse(path, &text, env)
    }

    /// Checks `text` (called `path` in faults) with the environment laid over it.
    pub fn parse(
        path: &Path,
        text: &str,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Faults> {
        let mut document = Document::parse(path, text, env)?;
        let config = sections::read(&mut document);
        document.finish()?;
        Ok(config)
    }

    /// Whether the bot can be run with this: a messenger is there, and nothing is asked for that this version lacks.
    pub fn for_run(&self) -> Result<(), Faults> {
        if self.run_faults.is_empty() {
            Ok(())
        } else {
            Err(Faults::new(self.run_faults.clone()))
        }
    }
}
