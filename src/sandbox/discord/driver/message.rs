//! A message as it was when somebody looked at it.

use std::fmt;

use serde_json::Value;

use super::text::{label, plain};
use super::{Discord, Unexpected};
use crate::sandbox::discord::model::{self, Id, LOADING, World};
use crate::sandbox::discord::render;

/// What stood there. [`Message::refreshed`] looks again.
#[derive(Clone)]
pub struct Message {
    discord: Discord,
    seen: model::Message,
    text: String,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.seen.id)
            .field("text", &self.text)
            .finish_non_exhaustive()
    }
}

impl Message {
    pub(super) fn new(discord: &Discord, world: &World, seen: &model::Message) -> Self {
        Self {
            discord: discord.clone(),
            seen: seen.clone(),
            text: plain(world, seen),
        }
    }

    /// Its id.
    pub fn id(&self) -> Id {
        self.seen.id
    }

    /// Where it stands.
    pub fn channel_id(&self) -> Id {
        self.seen.channel
    }

    /// Who wrote it.
    pub fn author_id(&self) -> Id {
        self.seen.author
    }

    /// Everything a person reads: content, embeds, files, buttons in square brackets.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The content alone.
    pub fn content(&self) -> &str {
        &self.seen.content
    }

    /// The embeds as the bot sent them.
    pub fn embeds(&self) -> &[Value] {
        &self.seen.embeds
    }

    /// The components as the bot sent them, numbered.
    pub fn components(&self) -> &[Value] {
        &self.seen.components
    }

    /// Whether one person alone sees it.
    pub fn is_ephemeral(&self) -> bool {
        self.seen.only_for.is_some()
    }

    /// Whether it was edited after it was complete.
    pub fn is_edited(&self) -> bool {
        self.seen.edited_ms.is_some()
    }

    /// Whether it was deleted.
    pub fn is_deleted(&self) -> bool {
        self.seen.deleted
    }

    /// Whether it still says "thinking...".
    pub fn is_loading(&self) -> bool {
        self.seen.flags & LOADING != 0
    }

    /// Whom it notifies by name.
    pub fn mentions(&self) -> &[Id] {
        &self.seen.mentions
    }

    /// Whether it notifies everybody.
    pub fn mentions_everyone(&self) -> bool {
        self.seen.mention_everyone
    }

    /// How often it was changed.
    pub fn revision(&self) -> u32 {
        self.seen.revision
    }

    /// What stands on its buttons, disabled ones left out.
    pub fn buttons(&self) -> Vec<String> {
        let buttons = self
            .controls()
            .into_iter()
            .filter(|one| one["type"] == 2 && one["disabled"] != true);
        buttons.map(|one| label(&one)).collect()
    }

    /// All its buttons: what stands on each, its custom id (empty for links) and whether it is disabled.
    pub fn all_buttons(&self) -> Vec<(String, String, bool)> {
        let buttons = self.controls().into_iter().filter(|one| one["type"] == 2);
        buttons
            .map(|one| {
                let custom_id = one["custom_id"].as_str().unwrap_or_default().to_owned();
                (label(&one), custom_id, one["disabled"] == true)
            })
            .collect()
    }

    /// Whether it has a button or select with this custom id or placeholder.
    pub fn has_control(&self, name: &str) -> bool {
        self.controls()
            .iter()
            .any(|one| one["custom_id"] == name || one["placeholder"] == name)
    }

    /// Names and contents of its files.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.discord.look(|world| {
            let files = self
                .seen
                .attachments
                .iter()
                .filter_map(|id| world.attachments.get(id));
            files
                .map(|file| (file.filename.clone(), file.bytes.clone()))
                .collect()
        })
    }

    /// The message as a bot gets it.
    pub fn wire(&self) -> Value {
        self.discord
            .look(|world| render::message(world, &self.seen))
    }

    /// The message as it is now.
    #[must_use]
    pub fn refreshed(&self) -> Self {
        self.discord.look(|world| {
            let now = world.messages.get(&self.seen.id).unwrap_or(&self.seen);
            Self::new(&self.discord, world, now)
        })
    }

    /// Waits until the message, edited or deleted, is as wanted.
    pub async fn becomes(&self, wanted: impl Fn(&Self) -> bool) -> Result<Self, Unexpected> {
        let what = format!("this message to change:\n{}\n", self.text);
        self.discord
            .wait(&what, |world| {
                let now = Self::new(&self.discord, world, world.messages.get(&self.seen.id)?);
                wanted(&now).then_some(now)
            })
            .await
    }

    /// Buttons and selects, wherever they stand.
    pub(super) fn controls(&self) -> Vec<Value> {
        let mut found = Vec::new();
        collect(&self.seen.components, &mut found);
        found
    }
}

fn collect(components: &[Value], found: &mut Vec<Value>) {
    for component in components {
        if matches!(component["type"].as_i64(), Some(2 | 3 | 5..=8)) {
            found.push(component.clone());
        }
        if let Some(children) = component["components"].as_array() {
            collect(children, found);
        }
        if component["accessory"].is_object() {
            collect(std::slice::from_ref(&component["accessory"]), found);
        }
    }
}
