//! What people's acts change, and which updates the bot gets of them: the rules of privacy mode, blocking and starting.

use axum::body::Bytes;
use serde_json::{Value, json};

use crate::sandbox::telegram::Shared;
use crate::sandbox::telegram::calls::bot_member;
use crate::sandbox::telegram::model::{
    Attachment, BotStanding, Callback, Chat, ChatKind, Stored, User, World,
};
use crate::sandbox::telegram::text::Formatted;

impl Shared {
    /// Tells the bot that its standing in a chat changed; `by` is who changed it, the bot itself if nobody.
    pub fn tell_standing(
        &self,
        world: &mut World,
        now: i64,
        chat: i64,
        by: Option<i64>,
        old: BotStanding,
    ) {
        let bot = world.bot.clone();
        let by = by
            .and_then(|id| world.users.get(&id))
            .unwrap_or(&bot)
            .json();
        let Some(place) = world.chats.get(&chat) else {
            return;
        };
        let member = |standing| bot_member(place, &bot.json(), standing);
        let content = json!({
            "chat": place.json(),
            "from": by,
            "date": now / 1000,
            "old_chat_member": member(old),
            "new_chat_member": member(place.standing),
        });
        self.tell(world, now, "my_chat_member", chat, &content);
    }

    /// Posts a person's message and tells the bot of it, if the bot may hear it.
    pub fn say(&self, world: &mut World, now: i64, message: Stored) -> i64 {
        let chat = message.chat;
        let id = world.post(message);
        let Some(posted) = world.messages.get(&(chat, id)) else {
            return id;
        };
        if hears(world, posted) {
            let kind = match world.chats.get(&chat).map(|chat| chat.kind) {
                Some(ChatKind::Channel) => "channel_post",
                _ => "message",
            };
            let content = world.message_json(posted);
            self.tell(world, now, kind, chat, &content);
        }
        id
    }

    /// Changes a person's message and tells the bot of it.
    pub fn reword(
        &self,
        world: &mut World,
        now: i64,
        chat: i64,
        id: i64,
        text: &str,
    ) -> Result<(), String> {
        let formatted = Formatted::typed(text);
        let message = world
            .messages
            .get_mut(&(chat, id))
            .ok_or("that message is gone")?;
        message.text = formatted.text;
        message.entities = formatted.entities;
        message.edited = Some(now / 1000);
        let message = message.clone();
        let line = format!("(edited #{id}) {}", world.line(&message));
        world.note(chat, line);
        if hears(world, &message) {
            let kind = match world.chats.get(&chat).map(|chat| chat.kind) {
                Some(ChatKind::Channel) => "edited_channel_post",
                _ => "edited_message",
            };
            let content = world.message_json(&message);
            self.tell(world, now, kind, chat, &content);
        }
        Ok(())
    }

    /// A person presses Start, by a deep link if there is a payload; a bot that was blocked is let in again.
    pub fn press_start(
        &self,
        world: &mut World,
        now: i64,
        person: i64,
        payload: Option<&str>,
    ) -> Result<i64, String> {
        let text = match payload {
            None => "/start".to_owned(),
            Some(payload) => {
                let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
                if !(1..=64).contains(&payload.len()) || !payload.bytes().all(allowed) {
                    return Err(format!(
                        "Telegram opens no deep link with {payload:?}: 1 to 64 of A-Z, a-z, 0-9, _ and -"
                    ));
                }
                format!("/start {payload}")
            }
        };
        self.let_in(world, now, person);
        let message = typed(world, now, person, person, &text);
        Ok(self.say(world, now, message))
    }

    /// Opens the private chat to the bot.
    pub fn let_in(&self, world: &mut World, now: i64, person: i64) {
        let Some(chat) = world.chats.get_mut(&person) else {
            return;
        };
        let old = std::mem::replace(&mut chat.standing, BotStanding::Member);
        if old == BotStanding::Shut {
            self.tell_standing(world, now, person, Some(person), old);
        }
    }

    /// A person presses a button that carries `data`; returns the query's id.
    pub fn press(
        &self,
        world: &mut World,
        now: i64,
        person: i64,
        seen: &Stored,
        data: &str,
    ) -> String {
        let number = world.next_id();
        // Spread out, because the ids of the real server tell nothing either.
        let id = (number.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 1).to_string();
        let chat = world.chats.get(&seen.chat).map(Chat::json);
        // A deleted message can be pressed while a person's app still shows it.
        let message = match world.messages.get(&(seen.chat, seen.id)) {
            Some(message) => world.message_json(message),
            None => json!({ "chat": chat, "message_id": seen.id, "date": 0 }),
        };
        let callback = Callback {
            chat: seen.chat,
            from: person,
            pressed: now,
            answer: None,
        };
        world.callbacks.insert(id.clone(), callback);
        let content = json!({
            "id": id,
            "from": world.users.get(&person).map(User::json),
            "message": message,
            "chat_instance": (seen.chat.wrapping_mul(7_919)).to_string(),
            "data": data,
        });
        self.tell(world, now, "callback_query", seen.chat, &content);
        id
    }
}

/// A text of a person, answering the bot's question if the bot just asked one.
pub fn typed(world: &World, now: i64, person: i64, chat: i64, text: &str) -> Stored {
    let formatted = Formatted::typed(text);
    let mut message = world.draft(chat, Some(person), now / 1000);
    message.text = formatted.text;
    message.entities = formatted.entities;
    message.reply_to = asked(world, chat, person);
    message
}

/// A document of a person.
pub fn documented(
    world: &mut World,
    now: i64,
    person: i64,
    chat: i64,
    caption: &str,
    (name, bytes): (&str, Bytes),
) -> Stored {
    let mime = match name.rsplit('.').next() {
        Some("csv") => "text/csv",
        Some("txt") => "text/plain",
        Some("png") => "image/png",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    };
    let file = world.keep_file(name, mime, bytes, false);
    let mut message = typed(world, now, person, chat, caption);
    message.attachment = Some(Attachment {
        file,
        is_photo: false,
    });
    message
}

/// A picture of a person.
pub fn pictured(
    world: &mut World,
    now: i64,
    person: i64,
    chat: i64,
    caption: &str,
    picture: Bytes,
) -> Stored {
    let file = world.keep_file("photo.jpg", "image/jpeg", picture, true);
    let mut message = typed(world, now, person, chat, caption);
    message.attachment = Some(Attachment {
        file,
        is_photo: true,
    });
    message
}

/// The bot's newest message, if it forces a reply and this person has written nothing since.
fn asked(world: &World, chat: i64, person: i64) -> Option<i64> {
    let bot = world.bot.id;
    let newest = world
        .in_chat(chat)
        .rev()
        .find(|message| message.from == Some(bot) || message.from == Some(person))?;
    let forces = newest
        .markup
        .as_ref()
        .is_some_and(|markup| markup["force_reply"] == json!(true));
    (forces && newest.from == Some(bot)).then_some(newest.id)
}

/// Whether the bot is told of a message: everything in private chats and channels; in groups, with privacy mode on as
/// it is by default, commands, mentions, replies to the bot and service messages.
fn hears(world: &World, message: &Stored) -> bool {
    let Some(chat) = world.chats.get(&message.chat) else {
        return false;
    };
    if chat.standing != BotStanding::Member {
        return false;
    }
    if matches!(chat.kind, ChatKind::Private | ChatKind::Channel) || message.service.is_some() {
        return true;
    }
    let bot = world.bot.id;
    if chat.admins.contains(&bot) {
        return true;
    }
    let answered = message
        .reply_to
        .and_then(|id| world.messages.get(&(chat.id, id)));
    if answered.is_some_and(|answered| answered.from == Some(bot)) {
        return true;
    }
    let username = format!("@{}", world.bot.username.as_deref().unwrap_or_default());
    let units: Vec<u16> = message.text.encode_utf16().collect();
    message.entities.iter().any(|entity| {
        let part = |name: &str| {
            entity[name]
                .as_u64()
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(0)
        };
        let (offset, length) = (part("offset"), part("length"));
        let words = units
            .get(offset..offset + length)
            .map(String::from_utf16_lossy)
            .unwrap_or_default();
        match entity["type"].as_str() {
            Some("mention") => words.eq_ignore_ascii_case(&username),
            Some("bot_command") => match words.find('@') {
                Some(at) => words[at..].eq_ignore_ascii_case(&username),
                None => offset == 0,
            },
            _ => false,
        }
    })
}

/// A picture of one grey point: what people send when a test does not care.
pub fn smallest_jpeg() -> Bytes {
    let mut jpeg = vec![0xff, 0xd8, 0xff, 0xdb, 0x00, 0x43, 0x00];
    jpeg.extend([1; 64]);
    jpeg.extend([0xff, 0xc0, 0x00, 0x0b, 8, 0, 1, 0, 1, 1, 1, 0x11, 0]);
    for class in [0x00, 0x10] {
        jpeg.extend([0xff, 0xc4, 0x00, 0x14, class, 1]);
        jpeg.extend([0; 16]);
    }
    jpeg.extend([
        0xff, 0xda, 0x00, 0x08, 1, 1, 0, 0, 0x3f, 0, 0x3f, 0xff, 0xd9,
    ]);
    jpeg.into()
}

/// The origin of something forwarded from a stranger.
pub fn stranger(now: i64) -> Value {
    json!({ "type": "hidden_user", "date": now / 1000, "sender_user_name": "Stranger" })
}
