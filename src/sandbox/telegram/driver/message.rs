//! A message on somebody's screen, its buttons, and a press of one.

use serde_json::{Value, json};

use super::told;
use crate::sandbox::telegram::Telegram;
use crate::sandbox::telegram::model::{CallbackAnswer, Stored};

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What the bot gets when it is pressed.
    pub data: Option<String>,
    /// What a press opens instead.
    pub url: Option<String>,
}

/// A message as it stood when it was read; [`Message::refreshed`] looks again.
#[derive(Debug, Clone)]
pub struct Message {
    telegram: Telegram,
    stored: Stored,
}

impl Message {
    pub(super) fn new(telegram: Telegram, stored: Stored) -> Self {
        Self { telegram, stored }
    }

    pub(super) fn stored(&self) -> &Stored {
        &self.stored
    }

    /// Its number in its chat.
    pub fn id(&self) -> i64 {
        self.stored.id
    }

    /// Its chat.
    pub fn chat(&self) -> i64 {
        self.stored.chat
    }

    /// Who wrote it, as the chat shows it.
    pub fn author(&self) -> String {
        self.telegram.shared.world().author(&self.stored)
    }

    /// Whether the bot wrote it.
    pub fn is_from_bot(&self) -> bool {
        self.stored.from == Some(self.telegram.shared.world().bot.id)
    }

    /// The message as a person reads it, with its buttons in square brackets.
    pub fn text(&self) -> String {
        self.telegram.shared.world().plain(&self.stored)
    }

    /// The text or caption alone.
    pub fn words(&self) -> &str {
        &self.stored.text
    }

    /// The text or caption with its formatting as HTML.
    pub fn html(&self) -> String {
        self.stored.html()
    }

    /// `MessageEntity` objects of the text or caption.
    pub fn entities(&self) -> &[Value] {
        &self.stored.entities
    }

    /// Rows of the inline keyboard.
    pub fn buttons(&self) -> Vec<Vec<Button>> {
        let text = |button: &Value, name: &str| button[name].as_str().map(ToOwned::to_owned);
        let rows = self.stored.buttons();
        rows.iter()
            .map(|row| {
                let buttons = row.iter().map(|button| Button {
                    label: text(button, "text").unwrap_or_default(),
                    data: text(button, "callback_data"),
                    url: text(button, "url"),
                });
                buttons.collect()
            })
            .collect()
    }

    /// Whether it asks for a reply.
    pub fn forces_reply(&self) -> bool {
        let markup = self.stored.markup.as_ref();
        markup.is_some_and(|markup| markup["force_reply"] == json!(true))
    }

    /// The message it answers.
    pub fn reply_to(&self) -> Option<i64> {
        self.stored.reply_to
    }

    /// Whether it was changed after it was sent.
    pub fn is_edited(&self) -> bool {
        self.stored.edited.is_some()
    }

    /// The picture or file it carries.
    pub fn file(&self) -> Option<Vec<u8>> {
        let attachment = self.stored.attachment.as_ref()?;
        let world = self.telegram.shared.world();
        world
            .files
            .get(&attachment.file)
            .map(|file| file.bytes.to_vec())
    }

    /// The name of the file it carries.
    pub fn file_name(&self) -> Option<String> {
        let attachment = self.stored.attachment.as_ref()?;
        let world = self.telegram.shared.world();
        let file = world.files.get(&attachment.file);
        file.map(|file| file.name.clone())
    }

    /// The same message as it stands now, `None` when it was deleted.
    pub fn try_refreshed(&self) -> Option<Self> {
        let world = self.telegram.shared.world();
        let stored = world
            .messages
            .get(&(self.stored.chat, self.stored.id))
            .cloned();
        drop(world);
        stored.map(|stored| Self::new(self.telegram.clone(), stored))
    }

    /// The same message as it stands now. Panics when it was deleted.
    #[must_use]
    pub fn refreshed(&self) -> Self {
        told(
            self.try_refreshed()
                .ok_or_else(|| format!("message {} was deleted", self.stored.id)),
        )
    }

    /// Waits until this message is as described: after an edit, as a rule.
    pub async fn until(&self, described: impl Fn(&Message) -> bool) -> Message {
        let (chat, id) = (self.stored.chat, self.stored.id);
        self.telegram
            .wait_for(chat, |message| message.id() == id && described(message))
            .await
    }

    /// What the JSON interface shows of it.
    pub fn json(&self) -> Value {
        let buttons: Vec<Vec<Value>> = self
            .buttons()
            .into_iter()
            .map(|row| {
                let shown = |b: Button| json!({ "text": b.label, "data": b.data, "url": b.url });
                row.into_iter().map(shown).collect()
            })
            .collect();
        json!({
            "id": self.stored.id,
            "chat": self.stored.chat,
            "from": self.author(),
            "text": self.stored.text,
            "html": self.html(),
            "shown": self.text(),
            "buttons": buttons,
            "reply_to": self.stored.reply_to,
            "forces_reply": self.forces_reply(),
            "edited": self.is_edited(),
            "file": self.stored.attachment.as_ref().map(|attachment| &attachment.file),
            "file_name": self.file_name(),
        })
    }
}

/// A button that somebody pressed.
#[derive(Debug, Clone)]
pub struct Press {
    telegram: Telegram,
    chat: i64,
    id: String,
}

impl Press {
    pub(super) fn new(telegram: Telegram, chat: i64, id: String) -> Self {
        Self { telegram, chat, id }
    }

    /// The callback query's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Waits until the bot answers the press.
    pub async fn answer(&self) -> CallbackAnswer {
        told(self.try_answer().await)
    }

    /// [`Press::answer`], which says why it failed.
    pub async fn try_answer(&self) -> Result<CallbackAnswer, String> {
        self.telegram
            .wait("the answer to a press", Some(self.chat), |world| {
                world
                    .callbacks
                    .get(&self.id)
                    .and_then(|callback| callback.answer.clone())
            })
            .await
    }

    /// The answer, if the bot already gave one.
    pub fn answered(&self) -> Option<CallbackAnswer> {
        let world = self.telegram.shared.world();
        world
            .callbacks
            .get(&self.id)
            .and_then(|callback| callback.answer.clone())
    }
}

impl Telegram {
    /// An earlier press by its query id.
    pub fn press_by_id(&self, id: &str) -> Result<Press, String> {
        let world = self.shared.world();
        let callback = world
            .callbacks
            .get(id)
            .ok_or_else(|| format!("nobody made the press {id:?}"))?;
        Ok(Press::new(self.clone(), callback.chat, id.to_owned()))
    }
}
