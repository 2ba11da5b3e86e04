//! Changing what was sent: texts, captions, keyboards, deletion; and the answers to presses of buttons.

use serde_json::{Value, json};

use super::{Answer, Call};
use crate::sandbox::telegram::keyboard;
use crate::sandbox::telegram::model::{CallbackAnswer, ChatKind, Stored};
use crate::sandbox::telegram::refusal::Refusal;
use crate::sandbox::telegram::text::Formatted;

/// How long after a press its answer is taken.
const CALLBACK_MS: i64 = 150_000;
/// The longest answer to a press, in characters.
const CALLBACK_TEXT: usize = 200;
/// How long after it was sent a message can be deleted, in seconds.
const DELETABLE: i64 = 48 * 60 * 60;

impl Call<'_> {
    /// The bot's own message that is to change.
    fn to_edit(&self) -> Result<Stored, Refusal> {
        if self.given.has("inline_message_id") {
            return Err(Refusal::bad("MESSAGE_ID_INVALID"));
        }
        let chat = self.writable_chat("chat_id")?.clone();
        let id = self
            .given
            .integer("message_id")?
            .ok_or_else(|| Refusal::bad("message identifier is not specified"))?;
        let message = self
            .world
            .messages
            .get(&(chat.id, id))
            .ok_or_else(|| Refusal::bad("message to edit not found"))?;
        let own = message.from == Some(self.world.bot.id) || chat.kind == ChatKind::Channel;
        if !own || message.forward_origin.is_some() || message.service.is_some() {
            return Err(Refusal::bad("message can't be edited"));
        }
        Ok(message.clone())
    }

    fn inline_markup(&self) -> Result<Option<Value>, Refusal> {
        match self.given.json("reply_markup", "reply keyboard markup")? {
            Some(markup) => keyboard::check_inline(markup),
            None => Ok(None),
        }
    }

    fn put(&mut self, mut edited: Stored) -> Answer {
        let key = (edited.chat, edited.id);
        if let Some(now) = self.world.messages.get(&key) {
            let same = now.text == edited.text
                && now.entities == edited.entities
                && now.markup == edited.markup;
            if same {
                return Err(Refusal::bad(
                    "message is not modified: specified new message content and reply markup are exactly the same \
                     as a current content and reply markup of the message",
                ));
            }
        }
        edited.edited = Some(self.now / 1000);
        let line = format!("(edited #{}) {}", edited.id, self.world.line(&edited));
        self.world.note(edited.chat, line);
        self.world.messages.insert(key, edited);
        Ok(self.message_json(key.0, key.1))
    }
}

/// `editMessageText`.
pub fn text(call: &mut Call) -> Answer {
    if call.given.has("rich_message") {
        return Err(Refusal::new(
            501,
            "Not Implemented: the local Telegram has no rich messages",
        ));
    }
    let mut message = call.to_edit()?;
    if message.attachment.is_some() {
        return Err(Refusal::bad("there is no text in the message to edit"));
    }
    let formatted = call.message_text()?;
    message.markup = call.inline_markup()?;
    set(&mut message, formatted);
    call.put(message)
}

/// `editMessageCaption`.
pub fn caption(call: &mut Call) -> Answer {
    let mut message = call.to_edit()?;
    if message.attachment.is_none() {
        return Err(Refusal::bad("there is no caption in the message to edit"));
    }
    let formatted = call.caption()?;
    message.markup = call.inline_markup()?;
    set(&mut message, formatted);
    call.put(message)
}

/// `editMessageReplyMarkup`.
pub fn markup(call: &mut Call) -> Answer {
    let mut message = call.to_edit()?;
    message.markup = call.inline_markup()?;
    call.put(message)
}

fn set(message: &mut Stored, formatted: Formatted) {
    message.text = formatted.text;
    message.entities = formatted.entities;
}

/// `deleteMessage`.
pub fn delete(call: &mut Call) -> Answer {
    let chat = call.known_chat("chat_id")?.clone();
    let id = call.given.integer("message_id")?.unwrap_or_default();
    let message = call
        .world
        .messages
        .get(&(chat.id, id))
        .ok_or_else(|| Refusal::bad("message to delete not found"))?;
    let bot = call.world.bot.id;
    let own = message.from == Some(bot);
    let may = own || chat.kind == ChatKind::Private || chat.admins.contains(&bot);
    if !may {
        return Err(Refusal::bad("message can't be deleted"));
    }
    if call.now / 1000 - message.date > DELETABLE {
        return Err(Refusal::bad("message can't be deleted for everyone"));
    }
    call.world.messages.remove(&(chat.id, id));
    call.world.note(chat.id, format!("(deleted #{id})"));
    Ok(true.into())
}

/// `deleteMessages`: those that are not there are passed over.
pub fn delete_several(call: &mut Call) -> Answer {
    let chat = call.known_chat("chat_id")?.id;
    let ids = call
        .given
        .json("message_ids", "message identifiers")?
        .unwrap_or_default();
    let ids = ids.as_array().cloned().unwrap_or_default();
    if !(1..=100).contains(&ids.len()) {
        return Err(Refusal::bad("message identifiers are not specified"));
    }
    for id in ids.iter().filter_map(Value::as_i64) {
        if call.world.messages.remove(&(chat, id)).is_some() {
            call.world.note(chat, format!("(deleted #{id})"));
        }
    }
    Ok(true.into())
}

/// `answerCallbackQuery`.
pub fn answer_callback(call: &mut Call) -> Answer {
    let id = call.given.text("callback_query_id").unwrap_or_default();
    let text = call.given.text("text").filter(|text| !text.is_empty());
    if text
        .as_ref()
        .is_some_and(|text| text.chars().count() > CALLBACK_TEXT)
    {
        return Err(Refusal::bad("MESSAGE_TOO_LONG"));
    }
    let url = call.given.text("url").filter(|url| !url.is_empty());
    let bot = call.world.bot.username.clone().unwrap_or_default();
    if let Some(url) = &url {
        let own = [
            format!("https://t.me/{bot}?start="),
            format!("t.me/{bot}?start="),
        ];
        if !own.iter().any(|start| url.starts_with(start)) {
            return Err(Refusal::bad("URL_INVALID"));
        }
    }
    let show_alert = call.given.flag("show_alert")?;
    let now = call.now;
    let too_old =
        || Refusal::bad("query is too old and response timeout expired or query ID is invalid");
    let callback = call.world.callbacks.get_mut(&id).ok_or_else(too_old)?;
    if callback.answer.is_some() || now - callback.pressed >= CALLBACK_MS {
        return Err(too_old());
    }
    let answer = CallbackAnswer {
        text,
        show_alert,
        url,
    };
    callback.answer = Some(answer.clone());
    let (chat, from) = (callback.chat, callback.from);
    if let Some(text) = answer.text {
        let person = call.world.shown_name(from);
        let how = if show_alert { "an alert" } else { "a hint" };
        call.world
            .note(chat, format!("({bot} shows {person} {how}) {text}"));
    }
    Ok(json!(true))
}
