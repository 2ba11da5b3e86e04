//! From an update's JSON to an event: who, where and what, and whether Telegram vouches for it.

use serde_json::Value;
use teloxide::types::{CallbackQuery, CallbackQueryId, Chat, Message, Update, UpdateKind, User};

use crate::chat::file::{self, safe_name};
use crate::chat::{Ask, Event, FileKind, Forms, Identity, MessageRef, Messenger, Place, Sender};
use crate::clock::Millis;

/// The bot itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub(super) struct Me {
    pub(super) id: i64,
    pub(super) username: String,
}

/// An event and how to answer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Incoming {
    /// What the desk is asked.
    pub(super) event: Event,
    /// The press to answer, if it is one.
    pub(super) callback: Option<CallbackQueryId>,
    /// In a group: the person's message or the pressed card, which the reply refers to.
    pub(super) reply_to: Option<i32>,
}

/// What an update is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// Something for the desk.
    Ours(Box<Incoming>),
    /// Nothing that the bot answers.
    Nothing,
    /// Not as Telegram's documents have it.
    Unreadable(String),
}

/// The number of an update.
pub(super) fn update_id(update: &Value) -> Option<i64> {
    update.get("update_id")?.as_i64()
}

/// Reads an update.
pub(super) fn read(raw: &str, me: &Me, at: Millis) -> Read {
    let mut json: Value = match serde_json::from_str(raw) {
        Ok(json) => json,
        Err(error) => return Read::Unreadable(error.to_string()),
    };
    strip_entities(&mut json);
    // From text: teloxide's types are wrong about numbers when they are read from a `Value`.
    let update: Update = match serde_json::from_str(&json.to_string()) {
        Ok(update) => update,
        Err(error) => return Read::Unreadable(error.to_string()),
    };
    // After a quiet week Telegram's numbers start somewhere else, perhaps where they were before: what is in the update
    // tells the new from the old.
    let id = |what: &dyn std::fmt::Display| format!("telegram:{}:{what}", update.id.0);
    let incoming = match &update.kind {
        UpdateKind::Message(message) => said(message, false, me, at, id(&message.date.timestamp())),
        UpdateKind::EditedMessage(message) => {
            said(message, true, me, at, id(&message.date.timestamp()))
        }
        UpdateKind::CallbackQuery(query) => pressed(query, at, id(&query.id)),
        UpdateKind::Error(_) => {
            return Read::Unreadable("a kind of update that teloxide does not know".to_owned());
        }
        _ => None,
    };
    incoming.map_or(Read::Nothing, |incoming| Read::Ours(Box::new(incoming)))
}

/// Formatting is of no use here, and one kind that teloxide does not know makes the whole text vanish.
fn strip_entities(json: &mut Value) {
    match json {
        Value::Object(object) => {
            for key in ["entities", "caption_entities", "text_entities"] {
                object.remove(key);
            }
            object.values_mut().for_each(strip_entities);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_entities),
        _ => {}
    }
}

fn said(message: &Message, edited: bool, me: &Me, at: Millis, id: String) -> Option<Incoming> {
    let chat = &message.chat;
    let place = place(chat)?;
    let private = place == Place::PrivateChat;
    if message.is_automatic_forward() {
        return None;
    }
    let from = match (&message.sender_chat, &message.from) {
        // A chat's id is below zero: nobody is linked to it, whoever speaks in its name.
        (Some(speaker), _) => Sender {
            identity: identity(speaker.id.0),
            name: speaker.title().unwrap_or_default().to_owned(),
            locale: String::new(),
            roles: None,
        },
        (None, Some(user)) if !user.is_bot => sender(user)?,
        _ => return None,
    };
    let words = message.text().or_else(|| message.caption());
    let ask = match command(message.text().unwrap_or_default(), me) {
        Command::Ours(command) => Ask::Typed(command),
        // An edit is no second answer to a question.
        Command::None if !edited && (private || replies_to(message, me)) => match attached(message)
        {
            Some(file) => Ask::File {
                file,
                text: words.unwrap_or_default().to_owned(),
            },
            None => Ask::Text(words?.to_owned()),
        },
        Command::None | Command::SomebodyElses => return None,
    };
    let vouched = !edited
        && message.edit_date().is_none()
        && message.sender_chat.is_none()
        && message.forward_origin().is_none()
        && message.via_bot.is_none()
        && message.sender_business_bot.is_none();
    Some(Incoming {
        event: Event {
            id,
            from,
            place: if vouched { place } else { Place::Unvouched },
            chat: chat.id.0,
            message: None,
            at,
            ask,
            forms: Forms::Questions,
        },
        callback: None,
        reply_to: (!private).then_some(message.id.0),
    })
}

/// The document or picture that a message carries.
fn attached(message: &Message) -> Option<file::Incoming> {
    let (file, name, kind) = match (message.document(), message.photo()) {
        (Some(document), _) => {
            let name = document.file_name.as_deref().unwrap_or_default();
            (&document.file, name, FileKind::Document)
        }
        // The same picture in several sizes.
        (None, Some(sizes)) => {
            let largest = sizes.iter().max_by_key(|size| size.width)?;
            (&largest.file, "photo.jpg", FileKind::Picture)
        }
        (None, None) => return None,
    };
    // What teloxide puts where Telegram says nothing.
    let size = if file.size == u32::MAX { 0 } else { file.size };
    Some(file::Incoming {
        messenger: Messenger::Telegram,
        at: file.id.0.clone(),
        name: safe_name(name),
        size: u64::from(size),
        kind,
    })
}

fn pressed(query: &CallbackQuery, at: Millis, id: String) -> Option<Incoming> {
    let data = query.data.clone()?;
    let from = sender(&query.from)?;
    let shown = query.message.as_ref();
    let (chat, place) = match shown {
        // A channel's reader is known, but what he sees there others see too.
        Some(message) => (
            message.chat().id.0,
            place(message.chat()).unwrap_or(Place::Unvouched),
        ),
        None => (from.identity.user, Place::PrivateChat),
    };
    let message = shown.map(|message| MessageRef {
        messenger: Messenger::Telegram,
        chat,
        message: i64::from(message.id().0),
        token: None,
    });
    Some(Incoming {
        event: Event {
            id,
            from,
            place,
            chat,
            message,
            at,
            ask: Ask::Press(data),
            forms: Forms::Questions,
        },
        callback: Some(query.id.clone()),
        reply_to: shown
            .filter(|_| place == Place::Group)
            .map(|message| message.id().0),
    })
}

enum Command {
    /// Without the slash and our name.
    Ours(String),
    /// `/help@other_bot`.
    SomebodyElses,
    /// Plain text.
    None,
}

fn command(text: &str, me: &Me) -> Command {
    let Some(typed) = text.strip_prefix('/') else {
        return Command::None;
    };
    let end = typed.find(char::is_whitespace).unwrap_or(typed.len());
    let (name, rest) = typed.split_at(end);
    match name.split_once('@') {
        None => Command::Ours(typed.to_owned()),
        Some((name, bot)) if bot.eq_ignore_ascii_case(&me.username) => {
            Command::Ours(format!("{name}{rest}"))
        }
        Some(_) => Command::SomebodyElses,
    }
}

fn replies_to(message: &Message, me: &Me) -> bool {
    let author = message
        .reply_to_message()
        .and_then(|replied| replied.from.as_ref());
    author.and_then(user_id) == Some(me.id)
}

/// `None` for channels.
fn place(chat: &Chat) -> Option<Place> {
    if chat.is_private() {
        Some(Place::PrivateChat)
    } else if chat.is_group() || chat.is_supergroup() {
        Some(Place::Group)
    } else {
        None
    }
}

fn sender(user: &User) -> Option<Sender> {
    Some(Sender {
        identity: identity(user_id(user)?),
        name: user.full_name(),
        locale: user.language_code.clone().unwrap_or_default(),
        roles: None,
    })
}

fn user_id(user: &User) -> Option<i64> {
    i64::try_from(user.id.0).ok()
}

fn identity(user: i64) -> Identity {
    Identity {
        messenger: Messenger::Telegram,
        user,
    }
}
