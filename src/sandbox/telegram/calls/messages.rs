//! Sending: texts, pictures and files, forwards and copies, the typing sign, and downloads.

use serde_json::{Value, json};

use super::{Answer, Call};
use crate::sandbox::telegram::keyboard;
use crate::sandbox::telegram::model::{Attachment, ChatKind, Stored};
use crate::sandbox::telegram::refusal::Refusal;
use crate::sandbox::telegram::text::{Formatted, utf16_len};

/// The longest text of a message, in UTF-16 units.
const TEXT: usize = 4096;
/// The longest caption, in UTF-16 units.
const CAPTION: usize = 1024;
/// The largest picture that is taken.
const PHOTO_BYTES: usize = 10 * 1024 * 1024;
/// The largest file that is taken.
const FILE_BYTES: usize = 50 * 1024 * 1024;

const ACTIONS: &[&str] = &[
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "record_audio",
    "upload_audio",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

impl Call<'_> {
    /// A message's text, from its parse mode or its entities.
    pub(super) fn formatted(&self, field: &str, entities: &str) -> Result<Formatted, Refusal> {
        let text = self.given.text(field).unwrap_or_default();
        let mode = self.given.text("parse_mode");
        let mut formatted = match mode.filter(|mode| !mode.is_empty()) {
            Some(mode) => Formatted::parse(&text, &mode),
            None => match self.given.json(entities, "entities")? {
                Some(entities) => Formatted::with_entities(&text, &entities),
                None => Formatted::parse(&text, ""),
            },
        }?;
        formatted.entities.retain_mut(|entity| self.resolve(entity));
        Ok(formatted)
    }

    /// Puts the whole user into a mention of one. A mention of somebody unknown is plain text.
    fn resolve(&self, entity: &mut Value) -> bool {
        if entity["type"] != json!("text_mention") {
            return true;
        }
        let user = entity["user"]["id"]
            .as_i64()
            .and_then(|id| self.world.users.get(&id));
        if let Some(user) = user {
            entity["user"] = user.json();
        }
        user.is_some()
    }

    /// The text of a message, which must not be empty nor too long.
    pub(super) fn message_text(&self) -> Result<Formatted, Refusal> {
        let formatted = self.formatted("text", "entities")?;
        if formatted.text.is_empty() {
            return Err(Refusal::bad("message text is empty"));
        }
        if utf16_len(&formatted.text) > TEXT {
            return Err(Refusal::bad("message is too long"));
        }
        Ok(formatted)
    }

    /// A caption, which may be empty but not too long.
    pub(super) fn caption(&self) -> Result<Formatted, Refusal> {
        let formatted = self.formatted("caption", "caption_entities")?;
        if utf16_len(&formatted.text) > CAPTION {
            return Err(Refusal::bad("message caption is too long"));
        }
        Ok(formatted)
    }

    /// The message that is answered, if the call names one.
    fn reply_to(&self, chat: i64) -> Result<Option<i64>, Refusal> {
        let (id, anyway) = match self.given.json("reply_parameters", "reply parameters")? {
            Some(reply) => {
                let id = reply["message_id"].as_i64().ok_or_else(|| {
                    Refusal::bad("can't parse reply parameters: message_id is required")
                })?;
                let elsewhere = reply["chat_id"].as_i64().is_some_and(|other| other != chat);
                let anyway = reply["allow_sending_without_reply"] == json!(true);
                (if elsewhere { 0 } else { id }, anyway)
            }
            None => match self.given.integer("reply_to_message_id")? {
                Some(id) => (id, self.given.flag("allow_sending_without_reply")?),
                None => return Ok(None),
            },
        };
        if self.world.messages.contains_key(&(chat, id)) {
            return Ok(Some(id));
        }
        if anyway {
            return Ok(None);
        }
        Err(Refusal::bad("message to be replied not found"))
    }

    /// Refuses what the real server would not deliver at this pace, if that is enforced.
    fn pace(&mut self, chat: i64) -> Result<(), Refusal> {
        const MINUTE: i64 = 60_000;
        let now = self.now;
        self.world.sent.retain(|(at, _)| now - at < MINUTE);
        if self.world.enforce_pace {
            let within = |span: i64, only: Option<i64>| {
                let recent = self
                    .world
                    .sent
                    .iter()
                    .filter(|(at, to)| now - at < span && only.is_none_or(|only| only == *to));
                recent.count()
            };
            let is_group = chat < 0;
            if within(1000, Some(chat)) >= 1 || within(1000, None) >= 30 {
                return Err(Refusal::slow_down(1));
            }
            if is_group && within(MINUTE, Some(chat)) >= 20 {
                let oldest = self.world.sent.iter().find(|(_, to)| *to == chat);
                let left = oldest.map_or(MINUTE, |(at, _)| MINUTE - (now - at));
                return Err(Refusal::slow_down(left.unsigned_abs().div_ceil(1000)));
            }
        }
        self.world.sent.push((now, chat));
        Ok(())
    }

    /// A message of the bot to the call's chat, with what all kinds of messages have in common.
    fn outgoing(&mut self) -> Result<Stored, Refusal> {
        let chat = self.writable_chat("chat_id")?;
        let (id, kind) = (chat.id, chat.kind);
        let markup = match self.given.json("reply_markup", "reply keyboard markup")? {
            Some(markup) => keyboard::check(markup)?,
            None => None,
        };
        let bot = self.world.bot.id;
        let mut message = self.world.draft(id, Some(bot), self.now / 1000);
        message.reply_to = self.reply_to(id)?;
        message.markup = markup;
        message.read = false;
        if kind == ChatKind::Channel {
            message.from = None;
            message.sender_chat = Some(id);
        }
        Ok(message)
    }

    fn post(&mut self, message: Stored) -> Answer {
        let chat = message.chat;
        self.pace(chat)?;
        let id = self.world.post(message);
        Ok(self.message_json(chat, id))
    }

    /// A message as the Bot API shows it.
    pub(super) fn message_json(&self, chat: i64, id: i64) -> Value {
        self.world
            .messages
            .get(&(chat, id))
            .map_or(Value::Null, |message| self.world.message_json(message))
    }

    /// The file that a parameter carries or names.
    fn attachment(&mut self, field: &str) -> Result<Attachment, Refusal> {
        let is_photo = field == "photo";
        if let Some(upload) = self.given.file(field) {
            let size = upload.bytes.len();
            if size == 0 {
                return Err(Refusal::bad("file must be non-empty"));
            }
            if size > if is_photo { PHOTO_BYTES } else { FILE_BYTES } {
                return Err(Refusal::new(413, "Request Entity Too Large"));
            }
            if is_photo && !is_picture(&upload.bytes) {
                return Err(Refusal::bad("IMAGE_PROCESS_FAILED"));
            }
            let name = if is_photo { "photo.jpg" } else { &upload.name };
            let mime = upload.mime.as_deref().unwrap_or("application/octet-stream");
            let file = self
                .world
                .keep_file(name, mime, upload.bytes.clone(), is_photo);
            return Ok(Attachment { file, is_photo });
        }
        let named = self.given.text(field).unwrap_or_default();
        if named.starts_with("http://") || named.starts_with("https://") {
            return Err(Refusal::bad("failed to get HTTP URL content"));
        }
        match self.world.files.get(&named) {
            Some(file) if file.is_photo == is_photo => Ok(Attachment {
                file: named,
                is_photo,
            }),
            Some(file) => Err(Refusal::bad(format!(
                "can't use file of type {} as {}",
                if file.is_photo { "Photo" } else { "Document" },
                if is_photo { "Photo" } else { "Document" },
            ))),
            None => Err(Refusal::bad("wrong file identifier/HTTP URL specified")),
        }
    }
}

fn is_picture(bytes: &[u8]) -> bool {
    let starts: &[&[u8]] = &[b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM"];
    starts.iter().any(|start| bytes.starts_with(start))
}

/// `sendMessage`.
pub fn send_message(call: &mut Call) -> Answer {
    let mut message = call.outgoing()?;
    let formatted = call.message_text()?;
    message.text = formatted.text;
    message.entities = formatted.entities;
    call.post(message)
}

/// `sendPhoto` and `sendDocument`.
pub fn send_file(call: &mut Call, field: &str) -> Answer {
    let mut message = call.outgoing()?;
    let formatted = call.caption()?;
    message.text = formatted.text;
    message.entities = formatted.entities;
    message.attachment = Some(call.attachment(field)?);
    call.post(message)
}

fn original(call: &Call, missing: &str) -> Result<Stored, Refusal> {
    let from = call.known_chat("from_chat_id")?.id;
    let id = call.given.integer("message_id")?.unwrap_or_default();
    let found = call.world.messages.get(&(from, id));
    found.cloned().ok_or_else(|| Refusal::bad(missing))
}

/// `forwardMessage`.
pub fn forward(call: &mut Call) -> Answer {
    let mut message = call.outgoing()?;
    let original = original(call, "message to forward not found")?;
    let author = original.from.and_then(|id| call.world.users.get(&id));
    message.forward_origin = Some(match author {
        Some(user) => json!({ "type": "user", "date": original.date, "sender_user": user.json() }),
        None => {
            json!({ "type": "hidden_user", "date": original.date, "sender_user_name": "somebody" })
        }
    });
    message.text = original.text;
    message.entities = original.entities;
    message.attachment = original.attachment;
    call.post(message)
}

/// `copyMessage`.
pub fn copy(call: &mut Call) -> Answer {
    let mut message = call.outgoing()?;
    let original = original(call, "message to copy not found")?;
    message.text = original.text;
    message.entities = original.entities;
    message.attachment = original.attachment;
    if call.given.has("caption") {
        let caption = call.caption()?;
        message.text = caption.text;
        message.entities = caption.entities;
    }
    let sent = call.post(message)?;
    Ok(json!({ "message_id": sent["message_id"] }))
}

/// `sendChatAction`.
pub fn chat_action(call: &mut Call) -> Answer {
    let chat = call.writable_chat("chat_id")?.id;
    let action = call.given.text("action").unwrap_or_default();
    if !ACTIONS.contains(&action.as_str()) {
        return Err(Refusal::bad("wrong parameter action in request"));
    }
    let bot = call.world.shown_name(call.world.bot.id);
    call.world.note(chat, format!("{bot} is {action}"));
    Ok(true.into())
}

/// `getFile`.
pub fn get_file(call: &mut Call) -> Answer {
    let id = call.given.text("file_id").unwrap_or_default();
    let file = call
        .world
        .files
        .get(&id)
        .ok_or_else(|| Refusal::bad("invalid file_id"))?;
    if file.bytes.len() > 20 * 1024 * 1024 {
        return Err(Refusal::bad("file is too big"));
    }
    Ok(json!({
        "file_id": file.id,
        "file_unique_id": file.unique,
        "file_size": file.bytes.len(),
        "file_path": file.path,
    }))
}
