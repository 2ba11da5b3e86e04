//! What the local Telegram knows: people, chats, messages, presses, commands and files. No wire and no waiting here;
//! `calls/` changes it for the bot, `driver.rs` for people, and `updates.rs` keeps what the bot has yet to hear of it.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Bytes;
use serde_json::{Value, json};

use super::updates::Updates;

/// The id that Telegram shows as the author of what anonymous admins write.
pub const ANONYMOUS_ADMIN: i64 = 1_087_968_824;

/// A user, the bot included.
#[derive(Debug, Clone)]
pub struct User {
    /// Permanent id.
    pub id: i64,
    /// Whether it is a bot.
    pub is_bot: bool,
    /// Name shown in chats.
    pub first_name: String,
    /// Name after the `@`, if any; may change.
    pub username: Option<String>,
    /// Language of the user's app.
    pub language: Option<String>,
}

impl User {
    /// The `User` object of the Bot API.
    pub fn json(&self) -> Value {
        let mut user = json!({
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
        });
        if let Some(username) = &self.username {
            user["username"] = json!(username);
        }
        if let Some(language) = &self.language {
            user["language_code"] = json!(language);
        }
        user
    }
}

/// What sort of chat it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatKind {
    /// One person and the bot.
    Private,
    /// A basic group.
    Group,
    /// A supergroup.
    Supergroup,
    /// A channel.
    Channel,
}

impl ChatKind {
    /// `type` of the Bot API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Group => "group",
            Self::Supergroup => "supergroup",
            Self::Channel => "channel",
        }
    }
}

/// How the bot stands in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotStanding {
    /// The person never pressed Start: the bot cannot write.
    NotStarted,
    /// The bot may write.
    Member,
    /// Blocked by the person, or removed from the group or channel.
    Shut,
}

/// A chat.
#[derive(Debug, Clone)]
pub struct Chat {
    /// Id; the person's own in a private chat, negative otherwise.
    pub id: i64,
    /// What it is.
    pub kind: ChatKind,
    /// Title, or the person's name.
    pub title: String,
    /// Public name after the `@`, if any.
    pub username: Option<String>,
    /// People in it.
    pub members: BTreeSet<i64>,
    /// People who administer it; the first member of a group does.
    pub admins: BTreeSet<i64>,
    /// How the bot stands here.
    pub standing: BotStanding,
    /// The supergroup that this group became.
    pub migrated_to: Option<i64>,
    /// Newest message id of a supergroup or channel, which count for themselves.
    pub last_message: i64,
}

impl Chat {
    /// The `Chat` object of the Bot API.
    pub fn json(&self) -> Value {
        let mut chat = json!({ "id": self.id, "type": self.kind.name() });
        let name = match self.kind {
            ChatKind::Private => "first_name",
            _ => "title",
        };
        chat[name] = json!(self.title);
        if let Some(username) = &self.username {
            chat["username"] = json!(username);
        }
        chat
    }
}

/// A picture or another file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file's id.
    pub file: String,
    /// Whether it is shown as a picture.
    pub is_photo: bool,
}

/// A message, as its chat shows it now.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Chat it stands in.
    pub chat: i64,
    /// Number in that chat.
    pub id: i64,
    /// The user who wrote it; nobody in channels.
    pub from: Option<i64>,
    /// The chat in whose name it was written: a channel, or the group of an anonymous admin.
    pub sender_chat: Option<i64>,
    /// Unix seconds.
    pub date: i64,
    /// Unix seconds of the last edit.
    pub edited: Option<i64>,
    /// Text, or caption.
    pub text: String,
    /// Formatting of the text, offsets in UTF-16 units.
    pub entities: Vec<Value>,
    /// Picture or file.
    pub attachment: Option<Attachment>,
    /// Inline keyboard, or the other markup of a bot's message (force reply, reply keyboard).
    pub markup: Option<Value>,
    /// Message it answers.
    pub reply_to: Option<i64>,
    /// Where a forwarded message came from.
    pub forward_origin: Option<Value>,
    /// Bot through which it was written.
    pub via_bot: Option<Value>,
    /// Fields of a service message (`new_chat_members`, `migrate_to_chat_id`...).
    pub service: Option<Value>,
    /// Whether a person's verb has taken note of it.
    pub read: bool,
}

impl Stored {
    /// Rows of the inline keyboard.
    pub fn buttons(&self) -> Vec<Vec<Value>> {
        self.markup
            .as_ref()
            .and_then(|markup| markup["inline_keyboard"].as_array())
            .map(|rows| {
                rows.iter()
                    .map(|row| row.as_array().cloned().unwrap_or_default())
                    .collect()
            })
            .unwrap_or_default()
    }
}

/// What a press of a button was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackAnswer {
    /// Text shown to the person, if any.
    pub text: Option<String>,
    /// Whether it was shown as an alert.
    pub show_alert: bool,
    /// Address the person's app opens.
    pub url: Option<String>,
}

/// A press of a button.
#[derive(Debug, Clone)]
pub struct Callback {
    /// Chat of the button.
    pub chat: i64,
    /// Who pressed.
    pub from: i64,
    /// Sandbox milliseconds of the press.
    pub pressed: i64,
    /// The answer, once the bot gave it.
    pub answer: Option<CallbackAnswer>,
}

/// A file that was sent by somebody.
#[derive(Debug, Clone)]
pub struct StoredFile {
    /// `file_id`.
    pub id: String,
    /// `file_unique_id`.
    pub unique: String,
    /// `file_path` for the download.
    pub path: String,
    /// Name it was sent under.
    pub name: String,
    /// Media type.
    pub mime: String,
    /// Content.
    pub bytes: Bytes,
    /// Whether it was sent as a picture.
    pub is_photo: bool,
}

/// One command of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuCommand {
    /// Name without the slash.
    pub command: String,
    /// What it does.
    pub description: String,
}

/// For whom a list of commands is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum CommandScope {
    /// Everybody without a narrower list.
    Default,
    /// All private chats.
    AllPrivateChats,
    /// All groups.
    AllGroupChats,
    /// Administrators of all groups.
    AllChatAdministrators,
    /// One chat.
    Chat(i64),
    /// Administrators of one chat.
    ChatAdministrators(i64),
    /// One member of one chat.
    ChatMember(i64, i64),
}

/// The local Telegram's whole state.
#[derive(Debug)]
pub struct World {
    /// The bot.
    pub bot: User,
    /// Everybody, the bot included.
    pub users: BTreeMap<i64, User>,
    /// Chats.
    pub chats: BTreeMap<i64, Chat>,
    /// Messages by chat and number; a deleted one is gone.
    pub messages: BTreeMap<(i64, i64), Stored>,
    /// Presses by query id.
    pub callbacks: BTreeMap<String, Callback>,
    /// Commands by scope and language (empty: any).
    pub commands: BTreeMap<(CommandScope, String), Vec<MenuCommand>>,
    /// The bot's name, description and short description by kind and language.
    pub profile: BTreeMap<(&'static str, String), String>,
    /// Menu button by chat (0: everywhere).
    pub menu_buttons: BTreeMap<i64, Value>,
    /// Files by `file_id`.
    pub files: BTreeMap<String, StoredFile>,
    /// What the bot has yet to be told.
    pub updates: Updates,
    /// Whether sending faster than the limits is refused.
    pub enforce_pace: bool,
    /// Sandbox milliseconds and chats of what was sent in the last minute.
    pub sent: Vec<(i64, i64)>,
    /// What happened, for the transcript: chat and line.
    pub history: Vec<(i64, String)>,
    last_message: i64,
    last_id: i64,
}

impl World {
    /// An empty Telegram with one bot.
    pub fn new(bot: User) -> Self {
        let mut users = BTreeMap::new();
        users.insert(bot.id, bot.clone());
        users.insert(
            ANONYMOUS_ADMIN,
            User {
                id: ANONYMOUS_ADMIN,
                is_bot: true,
                first_name: "Group".into(),
                username: Some("GroupAnonymousBot".into()),
                language: None,
            },
        );
        Self {
            bot,
            users,
            chats: BTreeMap::new(),
            messages: BTreeMap::new(),
            callbacks: BTreeMap::new(),
            commands: BTreeMap::new(),
            profile: BTreeMap::new(),
            menu_buttons: BTreeMap::new(),
            files: BTreeMap::new(),
            updates: Updates::default(),
            enforce_pace: false,
            sent: Vec::new(),
            history: Vec::new(),
            last_message: 0,
            last_id: 0,
        }
    }

    /// Ids of people, chats, files, presses and updates begin after so many.
    pub fn number_after(&mut self, count: i64) {
        self.last_id = count;
        self.updates.number_after(count);
    }

    /// A number nobody had before, for people, chats, files and presses.
    pub fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    /// Puts a message into its chat under the next number, which it returns.
    pub fn post(&mut self, mut message: Stored) -> i64 {
        let chat = self.chats.get_mut(&message.chat);
        message.id = match chat {
            // Supergroups and channels count for themselves, everything else shares the account's counter.
            Some(chat) if matches!(chat.kind, ChatKind::Supergroup | ChatKind::Channel) => {
                chat.last_message += 1;
                chat.last_message
            }
            _ => {
                self.last_message += 1;
                self.last_message
            }
        };
        let (chat, id) = (message.chat, message.id);
        let line = self.line(&message);
        self.history.push((chat, line));
        self.messages.insert((chat, id), message);
        id
    }

    /// The messages of a chat, oldest first.
    pub fn in_chat(&self, chat: i64) -> impl DoubleEndedIterator<Item = &Stored> {
        self.messages
            .range((chat, i64::MIN)..=(chat, i64::MAX))
            .map(|(_, message)| message)
    }

    /// A blank message from a user.
    pub fn draft(&self, chat: i64, from: Option<i64>, date: i64) -> Stored {
        Stored {
            chat,
            id: 0,
            from,
            sender_chat: None,
            date,
            edited: None,
            text: String::new(),
            entities: Vec::new(),
            attachment: None,
            markup: None,
            reply_to: None,
            forward_origin: None,
            via_bot: None,
            service: None,
            read: from != Some(self.bot.id),
        }
    }

    /// Keeps a file and returns its id.
    pub fn keep_file(&mut self, name: &str, mime: &str, bytes: Bytes, is_photo: bool) -> String {
        let number = self.next_id();
        let kind = if is_photo { "photos" } else { "documents" };
        let extension = name
            .rsplit_once('.')
            .map_or("bin", |(_, extension)| extension);
        let file = StoredFile {
            id: format!("AgACAgQAAxkBAAI{number:08}{}", self.bot.id),
            unique: format!("AQAD{number:08}"),
            path: format!("{kind}/file_{number}.{extension}"),
            name: name.to_owned(),
            mime: mime.to_owned(),
            bytes,
            is_photo,
        };
        let id = file.id.clone();
        self.files.insert(id.clone(), file);
        id
    }

    /// The `Message` object of the Bot API, with the message it answers.
    pub fn message_json(&self, message: &Stored) -> Value {
        let mut json = self.bare_message_json(message);
        if let Some(answered) = message.reply_to
            && let Some(answered) = self.messages.get(&(message.chat, answered))
        {
            json["reply_to_message"] = self.bare_message_json(answered);
        }
        json
    }

    fn bare_message_json(&self, message: &Stored) -> Value {
        let mut json = json!({ "message_id": message.id, "date": message.date });
        if let Some(chat) = self.chats.get(&message.chat) {
            json["chat"] = chat.json();
        }
        if let Some(user) = message.from.and_then(|id| self.users.get(&id)) {
            json["from"] = user.json();
        }
        if let Some(chat) = message.sender_chat.and_then(|id| self.chats.get(&id)) {
            json["sender_chat"] = chat.json();
        }
        if let Some(date) = message.edited {
            json["edit_date"] = json!(date);
        }
        let (text, entities) = match &message.attachment {
            Some(attachment) => {
                self.attachment_json(attachment, &mut json);
                ("caption", "caption_entities")
            }
            None => ("text", "entities"),
        };
        if !message.text.is_empty() {
            json[text] = json!(message.text);
        }
        if !message.entities.is_empty() {
            json[entities] = json!(message.entities);
        }
        // Other markups are for the person's app; the Bot API shows inline keyboards only.
        if let Some(markup) = &message.markup
            && markup.get("inline_keyboard").is_some()
        {
            json["reply_markup"] = markup.clone();
        }
        if let Some(origin) = &message.forward_origin {
            json["forward_origin"] = origin.clone();
        }
        if let Some(bot) = &message.via_bot {
            json["via_bot"] = bot.clone();
        }
        if let Some(Value::Object(service)) = &message.service {
            for (key, value) in service {
                json[key] = value.clone();
            }
        }
        json
    }

    fn attachment_json(&self, attachment: &Attachment, message: &mut Value) {
        let Some(file) = self.files.get(&attachment.file) else {
            return;
        };
        if attachment.is_photo {
            message["photo"] = json!([{
                "file_id": file.id,
                "file_unique_id": file.unique,
                "width": 320,
                "height": 320,
                "file_size": file.bytes.len(),
            }]);
        } else {
            message["document"] = json!({
                "file_id": file.id,
                "file_unique_id": file.unique,
                "file_name": file.name,
                "mime_type": file.mime,
                "file_size": file.bytes.len(),
            });
        }
    }
}
