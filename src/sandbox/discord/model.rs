//! What exists in the local Discord: servers, channels, people, messages, commands and interactions.
//!
//! The world knows no wire format (see `render`) and no rules of forms (see `rules`); it is only what is there.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::clock::Clock;
use super::pace::Pace;
use super::sessions::Sessions;
use super::tokens::bot_token;

/// A snowflake.
pub type Id = u64;

/// How long the first response may take, in milliseconds.
pub const FIRST_RESPONSE_MS: u64 = 3_000;
/// How long an interaction's token lives, in milliseconds.
pub const TOKEN_MS: u64 = 15 * 60 * 1_000;

/// Message flag: only one person sees it.
pub const EPHEMERAL: u64 = 1 << 6;
/// Message flag: "Bot is thinking...".
pub const LOADING: u64 = 1 << 7;
/// Message flag: the components are the whole message.
pub const COMPONENTS_V2: u64 = 1 << 15;

/// The permission that overrides all others.
pub const ADMINISTRATOR: u64 = 1 << 3;
/// What everybody may do by default: see, write, read history, use commands, and the like.
pub const EVERYONE: u64 = (1 << 10) | (1 << 11) | (1 << 14) | (1 << 15) | (1 << 16) | (1 << 31);

/// A server.
#[derive(Debug, Clone)]
pub struct Guild {
    /// Its id, also the id of its `@everyone` role.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Who owns it.
    pub owner: Id,
    /// Roles in order of creation, `@everyone` first.
    pub roles: BTreeMap<Id, Role>,
    /// Members by user.
    pub members: BTreeMap<Id, Member>,
}

/// A role of a server.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Permission bits.
    pub permissions: u64,
}

/// Somebody's membership of a server.
#[derive(Debug, Clone, Default)]
pub struct Member {
    /// Roles held, `@everyone` left out.
    pub roles: Vec<Id>,
    /// When he joined, milliseconds.
    pub joined_ms: u64,
}

/// A person or the bot.
#[derive(Debug, Clone)]
pub struct User {
    /// Its id.
    pub id: Id,
    /// The unique name.
    pub username: String,
    /// The name shown.
    pub display_name: String,
    /// Whether it is a bot.
    pub bot: bool,
    /// The language of the person's client.
    pub locale: String,
    /// Whether the person refuses direct messages.
    pub dms_closed: bool,
}

/// A text channel of a server, or a direct conversation with the bot.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its id.
    pub id: Id,
    /// The server, none for a direct conversation.
    pub guild: Option<Id>,
    /// Its name; the person's for a direct conversation.
    pub name: String,
    /// The person of a direct conversation.
    pub recipient: Option<Id>,
    /// Whether the bot is kept out of it.
    pub bot_forbidden: bool,
}

/// A message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id.
    pub id: Id,
    /// Where it stands.
    pub channel: Id,
    /// Who wrote it.
    pub author: Id,
    /// Text.
    pub content: String,
    /// Embeds as sent.
    pub embeds: Vec<Value>,
    /// Components as sent, each with its number.
    pub components: Vec<Value>,
    /// Flag bits.
    pub flags: u64,
    /// Attached files.
    pub attachments: Vec<Id>,
    /// When it was sent, milliseconds.
    pub sent_ms: u64,
    /// When it was last edited, milliseconds.
    pub edited_ms: Option<u64>,
    /// Whether it was deleted.
    pub deleted: bool,
    /// The nonce as given.
    pub nonce: Value,
    /// The only person who sees it.
    pub only_for: Option<Id>,
    /// The interaction that it answers.
    pub interaction: Option<Id>,
    /// The message that it replies to.
    pub reply_to: Option<Id>,
    /// Who is notified by name.
    pub mentions: Vec<Id>,
    /// Whether everybody is notified.
    pub mention_everyone: bool,
    /// Counts the changes.
    pub revision: u32,
}

impl Message {
    /// Whether this person can see it, given that he sees the channel.
    pub fn visible_to(&self, user: Id) -> bool {
        !self.deleted && self.only_for.is_none_or(|only| only == user)
    }
}

/// A file that somebody attached.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub filename: String,
    /// Its media type.
    pub content_type: String,
    /// The description for the blind.
    pub description: Option<String>,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A registered application command.
#[derive(Debug, Clone)]
pub struct Command {
    /// Its id.
    pub id: Id,
    /// The only server that has it.
    pub guild: Option<Id>,
    /// Changes at each update.
    pub version: Id,
    /// Name, description, options and the rest, with defaults filled in.
    pub body: Value,
}

/// Kinds of interactions, by their numbers on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A command was used.
    Command = 2,
    /// A button or select was used.
    Component = 3,
    /// Suggestions are asked for.
    Autocomplete = 4,
    /// A form was submitted.
    ModalSubmit = 5,
}

/// The first response to an interaction.
#[derive(Debug, Clone, PartialEq)]
pub enum Response {
    /// A message.
    Message(Id),
    /// "Thinking...", this message.
    Deferred(Id),
    /// Acknowledged; the message with the component may be edited.
    DeferredUpdate,
    /// The message with the component was edited.
    Update,
    /// Suggestions.
    Choices(Vec<Value>),
    /// A form.
    Modal(Value),
}

/// Something that a person did and the bot must answer.
#[derive(Debug, Clone)]
pub struct Interaction {
    /// Its id.
    pub id: Id,
    /// The right to answer it.
    pub token: String,
    /// What was done.
    pub kind: Kind,
    /// Who did it.
    pub user: Id,
    /// Where.
    pub channel: Id,
    /// The data on the wire: command and options, component, or form.
    pub data: Value,
    /// The message with the component, also for a form that a component opened.
    pub message: Option<Id>,
    /// For a submitted form: what opened the form.
    pub trigger: Option<Id>,
    /// When it was done, milliseconds.
    pub at_ms: u64,
    /// The first response.
    pub response: Option<Response>,
    /// Messages sent after the first response.
    pub followups: Vec<Id>,
}

impl Interaction {
    /// Whether it waited too long for its first response.
    pub fn missed(&self, now_ms: u64) -> bool {
        self.response.is_none() && now_ms > self.at_ms + FIRST_RESPONSE_MS
    }

    /// The message that `@original` means.
    pub fn original(&self) -> Option<Id> {
        match self.response.as_ref()? {
            Response::Message(id) | Response::Deferred(id) => Some(*id),
            Response::DeferredUpdate | Response::Update => self.message,
            Response::Choices(_) | Response::Modal(_) => None,
        }
    }
}

/// Everything that exists.
#[derive(Debug)]
pub struct World {
    /// The time.
    pub clock: Clock,
    last_id: Id,
    /// The bot's user and application.
    pub bot: Id,
    /// The bot's token.
    pub token: String,
    /// `http://127.0.0.1:PORT`.
    pub base_url: String,
    /// Servers.
    pub guilds: BTreeMap<Id, Guild>,
    /// Channels.
    pub channels: BTreeMap<Id, Channel>,
    /// People and the bot.
    pub users: BTreeMap<Id, User>,
    /// Messages, deleted ones too.
    pub messages: BTreeMap<Id, Message>,
    /// Files.
    pub attachments: HashMap<Id, Attachment>,
    /// Registered commands.
    pub commands: BTreeMap<Id, Command>,
    /// When commands were created, per server or globally, for the daily limit.
    pub creations: HashMap<Option<Id>, Vec<u64>>,
    /// Interactions.
    pub interactions: BTreeMap<Id, Interaction>,
    /// Interactions by token.
    pub tokens: HashMap<String, Id>,
    /// Suggestions last shown, by person and option, so that picking one sends its value.
    pub suggested: HashMap<(Id, String), Vec<Value>>,
    /// Connections and sessions of the gateway.
    pub sessions: Sessions,
    /// Messages by author and nonce, with the moment, for `enforce_nonce`.
    pub nonces: HashMap<(Id, String), (Id, u64)>,
    /// How fast the bot may call.
    pub pace: Pace,
    /// Messages that a verb has taken notice of.
    pub consumed: HashSet<Id>,
    /// What happened, as people see it.
    pub transcript: Vec<String>,
}

impl World {
    /// An empty world with its bot.
    pub fn new(base_url: String, bot_name: &str) -> Self {
        let mut world = Self {
            clock: Clock::default(),
            last_id: 0,
            bot: 0,
            token: String::new(),
            base_url,
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            users: BTreeMap::new(),
            messages: BTreeMap::new(),
            attachments: HashMap::new(),
            commands: BTreeMap::new(),
            creations: HashMap::new(),
            interactions: BTreeMap::new(),
            tokens: HashMap::new(),
            suggested: HashMap::new(),
            sessions: Sessions::default(),
            nonces: HashMap::new(),
            pace: Pace::default(),
            consumed: HashSet::new(),
            transcript: Vec::new(),
        };
        world.bot = world.add_user(bot_name, true);
        world.token = bot_token(world.bot);
        world
    }

    /// A fresh snowflake.
    pub fn next_id(&mut self) -> Id {
        const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;
        let by_time = (self.now_ms().saturating_sub(DISCORD_EPOCH_MS)) << 22;
        self.last_id = by_time.max(self.last_id + 1);
        self.last_id
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    /// Adds a person or bot.
    pub fn add_user(&mut self, name: &str, bot: bool) -> Id {
        let id = self.next_id();
        let username = name.to_lowercase().replace(' ', "_");
        let user = User {
            id,
            username,
            display_name: name.to_owned(),
            bot,
            locale: "en-US".to_owned(),
            dms_closed: false,
        };
        self.users.insert(id, user);
        id
    }

    /// Adds a server that the bot is in.
    pub fn add_guild(&mut self, name: &str) -> Id {
        let id = self.next_id();
        let owner = self.add_user(&format!("{name} owner"), false);
        let everyone = Role {
            id,
            name: "@everyone".to_owned(),
            permissions: EVERYONE,
        };
        let guild = Guild {
            id,
            name: name.to_owned(),
            owner,
            roles: BTreeMap::from([(id, everyone)]),
            members: BTreeMap::new(),
        };
        self.guilds.insert(id, guild);
        self.join(id, owner);
        self.join(id, self.bot);
        id
    }

    /// Makes the user a member, if he is not.
    pub fn join(&mut self, guild: Id, user: Id) {
        let joined_ms = self.now_ms();
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.members.entry(user).or_insert_with(|| Member {
                roles: Vec::new(),
                joined_ms,
            });
        }
    }

    /// Adds a text channel.
    pub fn add_channel(&mut self, guild: Id, name: &str) -> Id {
        let id = self.next_id();
        let channel = Channel {
            id,
            guild: Some(guild),
            name: name.to_owned(),
            recipient: None,
            bot_forbidden: false,
        };
        self.channels.insert(id, channel);
        id
    }

    /// Adds a role.
    pub fn add_role(&mut self, guild: Id, name: &str, permissions: u64) -> Id {
        let id = self.next_id();
        let role = Role {
            id,
            name: name.to_owned(),
            permissions,
        };
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.roles.insert(id, role);
        }
        id
    }

    /// The direct conversation between the bot and this person.
    pub fn dm_channel(&mut self, user: Id) -> Id {
        let found = self.channels.values().find(|c| c.recipient == Some(user));
        if let Some(channel) = found {
            return channel.id;
        }
        let id = self.next_id();
        let name = self.user_name(user);
        let channel = Channel {
            id,
            guild: None,
            name,
            recipient: Some(user),
            bot_forbidden: false,
        };
        self.channels.insert(id, channel);
        id
    }

    /// A name for the transcript.
    pub fn user_name(&self, user: Id) -> String {
        self.users
            .get(&user)
            .map_or_else(|| user.to_string(), |user| user.display_name.clone())
    }

    /// A channel's name for the transcript.
    pub fn channel_name(&self, channel: Id) -> String {
        match self.channels.get(&channel) {
            Some(Channel {
                recipient: Some(user),
                ..
            }) => format!("@{}", self.user_name(*user)),
            Some(found) => format!("#{}", found.name),
            None => channel.to_string(),
        }
    }

    /// Whether the person can see this channel.
    pub fn sees_channel(&self, user: Id, channel: Id) -> bool {
        let Some(channel) = self.channels.get(&channel) else {
            return false;
        };
        match channel.guild {
            None => channel.recipient == Some(user) || user == self.bot,
            Some(guild) => self.member(guild, user).is_some(),
        }
    }

    /// A membership.
    pub fn member(&self, guild: Id, user: Id) -> Option<&Member> {
        self.guilds.get(&guild)?.members.get(&user)
    }

    /// What the user may do in the server.
    pub fn permissions(&self, guild: Id, user: Id) -> u64 {
        const ALL: u64 = (1 << 53) - 1;
        let Some(found) = self.guilds.get(&guild) else {
            return EVERYONE;
        };
        if found.owner == user {
            return ALL;
        }
        let Some(member) = found.members.get(&user) else {
            return 0;
        };
        let own = member.roles.iter().filter_map(|id| found.roles.get(id));
        let everyone = found.roles.get(&guild).map_or(0, |role| role.permissions);
        let bits = own.fold(everyone, |bits, role| bits | role.permissions);
        if bits & ADMINISTRATOR != 0 { ALL } else { bits }
    }

    /// Whether the bot and the person share a server.
    pub fn shares_guild(&self, user: Id) -> bool {
        self.guilds
            .values()
            .any(|guild| guild.members.contains_key(&user) && guild.members.contains_key(&self.bot))
    }

    /// The interaction with this token.
    pub fn by_token(&self, token: &str) -> Option<&Interaction> {
        self.interactions.get(self.tokens.get(token)?)
    }

    /// Adds a line to what people saw.
    pub fn note(&mut self, channel: Id, line: &str) {
        let place = self.channel_name(channel);
        let line = line.replace('\n', "\n    ");
        self.transcript.push(format!("{place}  {line}"));
    }
}
