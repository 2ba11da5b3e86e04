//! What came in from a messenger, in words that no messenger owns.

use std::fmt;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::file::Incoming;
use crate::clock::Millis;
use crate::domain::ids::ClientId;
use crate::fault::Fault;

/// A messenger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Messenger {
    /// Discord.
    Discord,
    /// Telegram.
    Telegram,
}

impl Messenger {
    /// As stored and as written in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Discord => "discord",
            Self::Telegram => "telegram",
        }
    }

    /// The messenger of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Discord, Self::Telegram]
            .into_iter()
            .find(|messenger| messenger.name() == name)
    }
}

/// Who somebody is on one messenger. User ids are permanent on both; names are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identity {
    /// The messenger.
    pub messenger: Messenger,
    /// The user id there (a Discord snowflake is below 2^63).
    pub user: i64,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.messenger.name(), self.user)
    }
}

/// Where something was said; it decides whether rights come along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Place {
    /// The configured Discord guild.
    Guild,
    /// Any other Discord guild: no rights.
    OtherGuild,
    /// A Discord direct message: no rights.
    DirectMessage,
    /// The private chat with the bot on Telegram.
    PrivateChat,
    /// A Telegram group.
    Group,
    /// Anywhere, but edited, forwarded, anonymous or by another bot: no rights.
    Unvouched,
}

impl Place {
    /// Whether what is said here carries the sender's rights.
    pub fn carries_rights(self) -> bool {
        matches!(self, Self::Guild | Self::PrivateChat | Self::Group)
    }
}

/// Who said it, as the messenger vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The account.
    pub identity: Identity,
    /// The name on screen: plain text, may be anything.
    pub name: String,
    /// BCP 47 tag of the person's messenger (`fr`, `en-US`); empty when unknown.
    pub locale: String,
    /// The sender's Discord role ids in the configured guild, from this very event. `None` where the messenger or the
    /// place has no roles (Telegram, direct messages, other guilds).
    pub roles: Option<Vec<i64>>,
}

/// Named values as they came: text, exactly as typed or chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Values(pub Vec<(String, String)>);

impl Values {
    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Sets a value, in place of an earlier one of that name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(key, _)| key != name);
        self.0.push((name.to_owned(), value.into()));
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> From<[(K, V); N]> for Values {
    fn from(pairs: [(K, V); N]) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// A registered command with its options by name (Discord).
    Command {
        /// `client find`.
        name: String,
        /// The options that were given.
        values: Values,
    },
    /// A command as typed, without the slash and the bot's name: `client_find ada`, `client find ada`.
    Typed(String),
    /// What may be offered for an option while it is typed.
    Suggest {
        /// `client find`.
        command: String,
        /// The option that is being typed.
        option: String,
        /// What stands there so far.
        typed: String,
        /// The other options so far.
        values: Values,
    },
    /// A button; its payload is [`Action`](super::Action) text and may be forged.
    Press(String),
    /// A submitted form; the payload is the form's [`Form::token`](super::Form::token) and may be forged.
    Submit {
        /// [`Form::token`](super::Form::token).
        token: String,
        /// The fields by name.
        values: Values,
    },
    /// Plain text in a chat: the answer to a question, or nothing of ours.
    Text(String),
    /// A file in a chat: the answer to a question (Telegram; on Discord a file is the value of a command's option).
    File {
        /// The file.
        file: Incoming,
        /// What was written to it; may be empty.
        text: String,
    },
}

/// How the messenger asks for missing values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forms {
    /// All fields at once in a window (Discord).
    Modal,
    /// One question after the other; the answers are kept in the database meanwhile (Telegram).
    Questions,
}

/// Where a notice goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// A Discord text channel.
    DiscordChannel(i64),
    /// A Discord user's direct messages.
    DiscordUser(i64),
    /// A Telegram chat; a private chat has its user's id.
    TelegramChat(i64),
    /// A client's email address, as it is when the notice goes out.
    ClientEmail(ClientId),
}

/// A message that can be edited later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRef {
    /// The messenger.
    pub messenger: Messenger,
    /// Discord channel or Telegram chat.
    pub chat: i64,
    /// The message there.
    pub message: i64,
    /// Discord: the interaction token through which alone a private reply can be edited, for 15 minutes.
    pub token: Option<String>,
}

/// One thing that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `discord:<interaction id>` or `telegram:<update id>`: the same for each delivery of the same event.
    pub id: String,
    /// Who.
    pub from: Sender,
    /// Where.
    pub place: Place,
    /// The channel or chat.
    pub chat: i64,
    /// The message whose button was pressed, or that carried the submitted form: where an edit in place would stand.
    pub message: Option<MessageRef>,
    /// When it came in.
    pub at: Millis,
    /// What.
    pub ask: Ask,
    /// How missing values are asked for there.
    pub forms: Forms,
}

/// Looks up what somebody is in the configured Discord guild right now.
pub trait Members: Send + Sync {
    /// The member's role ids; `None` when the user is no member. At most 3 s.
    fn roles(&self, user: i64) -> BoxFuture<'_, Result<Option<Vec<i64>>, Fault>>;
}
