//! Groups and channels: what happens in them, and what happens to them.

use serde_json::json;

use super::acts::typed;
use super::message::Message;
use super::person::Person;
use super::told;
use crate::sandbox::telegram::Telegram;
use crate::sandbox::telegram::model::{BotStanding, ChatKind};

/// A group, a supergroup or a channel.
#[derive(Debug, Clone)]
pub struct Group {
    telegram: Telegram,
    id: i64,
}

impl Group {
    pub(super) fn new(telegram: Telegram, id: i64) -> Self {
        Self { telegram, id }
    }

    /// The chat's id, a negative number.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Lets somebody in.
    pub fn add(&self, person: &Person) {
        self.telegram.shared.change(|world, _| {
            if let Some(chat) = world.chats.get_mut(&self.id) {
                chat.members.insert(person.id());
            }
        });
    }

    /// Makes a member an administrator.
    pub fn make_admin(&self, person: &Person) {
        self.telegram.shared.change(|world, _| {
            if let Some(chat) = world.chats.get_mut(&self.id) {
                chat.members.insert(person.id());
                chat.admins.insert(person.id());
            }
        });
    }

    /// Throws the bot out.
    pub fn remove_bot(&self) {
        let shared = &self.telegram.shared;
        shared.change(|world, now| {
            let Some(chat) = world.chats.get_mut(&self.id) else {
                return;
            };
            let old = std::mem::replace(&mut chat.standing, BotStanding::Shut);
            let owner = chat.admins.first().copied();
            shared.tell_standing(world, now, self.id, owner, old);
        });
    }

    /// Posts in the channel's name, so that the message is from nobody.
    pub async fn send_in_channel(&self, text: &str) -> Message {
        told(self.try_post(text).await)
    }

    /// [`Group::send_in_channel`], which says why it failed.
    pub async fn try_post(&self, text: &str) -> Result<Message, String> {
        let shared = &self.telegram.shared;
        let id = shared.change(|world, now| {
            if world.chats.get(&self.id).map(|chat| chat.kind) != Some(ChatKind::Channel) {
                return Err("only a channel posts in its own name".to_owned());
            }
            let mut message = typed(world, now, 0, self.id, text);
            message.from = None;
            message.reply_to = None;
            message.sender_chat = Some(self.id);
            Ok(shared.say(world, now, message))
        })?;
        tokio::task::yield_now().await;
        self.telegram
            .message(self.id, id)
            .ok_or_else(|| "the post is gone".to_owned())
    }

    /// Makes the group a supergroup, which has another id; calls with the old one are refused from then on.
    pub async fn upgrade(&self) -> Group {
        told(self.try_upgrade().await)
    }

    /// [`Group::upgrade`], which says why it failed.
    pub async fn try_upgrade(&self) -> Result<Group, String> {
        let shared = &self.telegram.shared;
        let new = shared.change(|world, now| {
            let number = world.next_id();
            let old = world
                .chats
                .get_mut(&self.id)
                .ok_or("there is no such group")?;
            if old.kind != ChatKind::Group || old.migrated_to.is_some() {
                return Err("only a basic group becomes a supergroup");
            }
            let id = -(1_002_000_000_000 + number);
            let mut chat = old.clone();
            chat.id = id;
            chat.kind = ChatKind::Supergroup;
            old.migrated_to = Some(id);
            let owner = old.admins.first().copied();
            world.chats.insert(id, chat);
            for (place, field, other) in [
                (self.id, "migrate_to_chat_id", id),
                (id, "migrate_from_chat_id", self.id),
            ] {
                let mut notice = world.draft(place, owner, now / 1000);
                notice.service = Some(json!({ field: other }));
                shared.say(world, now, notice);
            }
            Ok(id)
        })?;
        tokio::task::yield_now().await;
        Ok(Self::new(self.telegram.clone(), new))
    }

    /// The bot's next message here that was not read yet.
    pub async fn next_message(&self) -> Message {
        told(self.telegram.try_next_message(self.id).await)
    }

    /// Waits until a message of the bot here is as described; it counts as read.
    pub async fn wait_for(&self, described: impl Fn(&Message) -> bool) -> Message {
        self.telegram.wait_for(self.id, described).await
    }

    /// The chat as it stands now. Looking at it reads nothing.
    pub fn chat(&self) -> Vec<Message> {
        self.telegram.screen(self.id)
    }
}
