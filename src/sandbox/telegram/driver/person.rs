//! What one person does: starts the bot, writes, presses, blocks, reads.

use axum::body::Bytes;

use super::acts::{documented, pictured, smallest_jpeg, stranger, typed};
use super::message::{Message, Press};
use super::place::Group;
use super::told;
use crate::sandbox::telegram::Telegram;
use crate::sandbox::telegram::model::{
    BotStanding, ChatKind, CommandScope, MenuCommand, Stored, World,
};

/// A person with a Telegram app.
#[derive(Debug, Clone)]
pub struct Person {
    telegram: Telegram,
    id: i64,
}

impl Person {
    pub(super) fn new(telegram: Telegram, id: i64) -> Self {
        Self { telegram, id }
    }

    /// The user's id, which is the id of the private chat too.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// First name.
    pub fn name(&self) -> String {
        self.telegram.shared.world().shown_name(self.id)
    }

    /// Username, without `@`.
    pub fn username(&self) -> Option<String> {
        let world = self.telegram.shared.world();
        world
            .users
            .get(&self.id)
            .and_then(|user| user.username.clone())
    }

    /// Changes the username, or gives it up.
    pub fn rename(&self, username: Option<&str>) {
        self.telegram.shared.change(|world, _| {
            let username = username.map(ToOwned::to_owned);
            if let Some(user) = world.users.get_mut(&self.id) {
                user.username.clone_from(&username);
            }
            if let Some(chat) = world.chats.get_mut(&self.id) {
                chat.username = username;
            }
        });
    }

    /// Presses Start, or opens the bot's deep link with this payload.
    pub async fn start(&self, payload: Option<&str>) -> Message {
        told(self.try_start(payload).await)
    }

    /// [`Person::start`], which says why it failed.
    pub async fn try_start(&self, payload: Option<&str>) -> Result<Message, String> {
        let shared = &self.telegram.shared;
        let id = shared.change(|world, now| shared.press_start(world, now, self.id, payload))?;
        self.posted(self.id, id).await
    }

    /// Writes to the bot. When the bot's last message forces a reply, it is one.
    pub async fn send(&self, text: &str) -> Message {
        told(self.try_send_to(self.id, text, None).await)
    }

    /// Writes in a group.
    pub async fn send_in(&self, group: &Group, text: &str) -> Message {
        told(self.try_send_to(group.id(), text, None).await)
    }

    /// Answers a message.
    pub async fn reply(&self, to: &Message, text: &str) -> Message {
        told(self.try_send_to(to.chat(), text, Some(to.id())).await)
    }

    /// Writes in any chat, answering a message if one is named; says why it failed.
    pub async fn try_send_to(
        &self,
        chat: i64,
        text: &str,
        reply_to: Option<i64>,
    ) -> Result<Message, String> {
        self.act(chat, |world, now| {
            if let Some(id) = reply_to
                && !world.messages.contains_key(&(chat, id))
            {
                return Err(format!("there is no message {id} to answer"));
            }
            let mut message = typed(world, now, self.id, chat, text);
            if message.text.is_empty() {
                return Err("Telegram's app sends no empty message".into());
            }
            message.reply_to = reply_to.or(message.reply_to);
            Ok(message)
        })
        .await
    }

    /// Sends a picture to the bot.
    pub async fn send_photo(&self, caption: &str) -> Message {
        told(self.try_send_photo(self.id, caption, None).await)
    }

    /// Sends a picture in any chat, with this content if there is one; says why it failed.
    pub async fn try_send_photo(
        &self,
        chat: i64,
        caption: &str,
        picture: Option<Vec<u8>>,
    ) -> Result<Message, String> {
        self.act(chat, |world, now| {
            let picture = picture.map_or_else(smallest_jpeg, Bytes::from);
            Ok(pictured(world, now, self.id, chat, caption, picture))
        })
        .await
    }

    /// Sends a document to the bot.
    pub async fn send_document(&self, name: &str, bytes: &[u8], caption: &str) -> Message {
        told(
            self.try_send_document(self.id, name, bytes, caption, None)
                .await,
        )
    }

    /// Sends a document in any chat, answering a message if one is named; says why it failed.
    pub async fn try_send_document(
        &self,
        chat: i64,
        name: &str,
        bytes: &[u8],
        caption: &str,
        reply_to: Option<i64>,
    ) -> Result<Message, String> {
        self.act(chat, |world, now| {
            if bytes.is_empty() {
                return Err("Telegram's app sends no empty file".into());
            }
            let file = (name, Bytes::copy_from_slice(bytes));
            let mut message = documented(world, now, self.id, chat, caption, file);
            message.reply_to = reply_to.or(message.reply_to);
            Ok(message)
        })
        .await
    }

    /// Forwards to the bot what a stranger wrote.
    pub async fn send_forwarded(&self, text: &str) -> Message {
        told(self.try_send_forwarded(self.id, text).await)
    }

    /// Forwards what a stranger wrote into any chat; says why it failed.
    pub async fn try_send_forwarded(&self, chat: i64, text: &str) -> Result<Message, String> {
        self.act(chat, |world, now| {
            let mut message = typed(world, now, self.id, chat, text);
            message.reply_to = None;
            message.forward_origin = Some(stranger(now));
            Ok(message)
        })
        .await
    }

    /// Sends the bot a text through another bot's inline mode.
    pub async fn send_via_bot(&self, text: &str) -> Message {
        told(self.try_send_via_bot(self.id, text).await)
    }

    /// Sends a text through another bot's inline mode into any chat; says why it failed.
    pub async fn try_send_via_bot(&self, chat: i64, text: &str) -> Result<Message, String> {
        self.act(chat, |world, now| {
            let mut message = typed(world, now, self.id, chat, text);
            message.via_bot = Some(serde_json::json!({
                "id": 5_999_999_999_i64, "is_bot": true, "first_name": "Other", "username": "other_bot",
            }));
            Ok(message)
        })
        .await
    }

    /// Writes in a group as an anonymous administrator, which the person must be.
    pub async fn send_as_anonymous_admin(&self, group: &Group, text: &str) -> Message {
        told(self.try_send_as_anonymous_admin(group.id(), text).await)
    }

    /// [`Person::send_as_anonymous_admin`], which says why it failed.
    pub async fn try_send_as_anonymous_admin(
        &self,
        chat: i64,
        text: &str,
    ) -> Result<Message, String> {
        self.act(chat, |world, now| {
            if !world.chats[&chat].admins.contains(&self.id) || chat == self.id {
                return Err("only an administrator of a group writes anonymously".into());
            }
            let mut message = typed(world, now, self.id, chat, text);
            message.from = Some(crate::sandbox::telegram::model::ANONYMOUS_ADMIN);
            message.sender_chat = Some(chat);
            Ok(message)
        })
        .await
    }

    /// Changes what the person wrote before.
    pub async fn edit_message(&self, message: &Message, text: &str) -> Message {
        told(self.try_edit(message.chat(), message.id(), text).await)
    }

    /// Changes a message of the person; says why it failed.
    pub async fn try_edit(&self, chat: i64, id: i64, text: &str) -> Result<Message, String> {
        let shared = &self.telegram.shared;
        shared.change(|world, now| {
            let own = world
                .messages
                .get(&(chat, id))
                .is_some_and(|m| m.from == Some(self.id));
            if !own {
                return Err(format!(
                    "message {id} is not one that this person can change"
                ));
            }
            shared.reword(world, now, chat, id, text)
        })?;
        self.posted(chat, id).await
    }

    /// Presses a button as the message stands now.
    pub async fn press(&self, message: &Message, label: &str) -> Press {
        told(self.try_press(message, label).await)
    }

    /// [`Person::press`], which says why it failed.
    pub async fn try_press(&self, message: &Message, label: &str) -> Result<Press, String> {
        let now = message
            .try_refreshed()
            .ok_or_else(|| format!("message {} with [{label}] was deleted", message.id()))?;
        self.press_shown(&now, label).await
    }

    /// Presses a button as the message stood when it was read: on a screen that did not see the edit or deletion.
    pub async fn press_as_seen(&self, message: &Message, label: &str) -> Press {
        told(self.press_shown(message, label).await)
    }

    async fn press_shown(&self, message: &Message, label: &str) -> Result<Press, String> {
        let buttons: Vec<_> = message.buttons().into_iter().flatten().collect();
        let named = buttons
            .iter()
            .find(|button| button.label == label)
            .or_else(|| {
                let mut alike = buttons.iter().filter(|button| button.label.contains(label));
                alike.next().filter(|_| alike.next().is_none())
            });
        let button =
            named.ok_or_else(|| format!("there is no [{label}] on:\n{}", message.text()))?;
        match (&button.data, &button.url) {
            (Some(data), _) => self.press_data(message, data).await,
            (None, Some(url)) => Err(format!("[{label}] opens {url} and tells the bot nothing")),
            _ => Err(format!("[{label}] tells the bot nothing")),
        }
    }

    /// Presses with any data on any message of the bot: what a forged client does.
    pub async fn forge_press(&self, message: &Message, data: &str) -> Press {
        told(self.press_data(message, data).await)
    }

    /// [`Person::forge_press`], which says why it failed.
    pub async fn press_data(&self, message: &Message, data: &str) -> Result<Press, String> {
        let shared = &self.telegram.shared;
        let chat = message.chat();
        let id = shared.change(|world, now| {
            let place = &world.chats[&chat];
            if !place.members.contains(&self.id) && place.kind != ChatKind::Channel {
                return Err(format!(
                    "{} is not in the chat {}",
                    world.shown_name(self.id),
                    place.title
                ));
            }
            if place.standing != BotStanding::Member {
                return Err("the bot is not in this chat any more".into());
            }
            Ok(shared.press(world, now, self.id, message.stored(), data))
        })?;
        tokio::task::yield_now().await;
        Ok(Press::new(self.telegram.clone(), chat, id))
    }

    /// Blocks the bot.
    pub fn block_bot(&self) {
        let shared = &self.telegram.shared;
        shared.change(|world, now| {
            let Some(chat) = world.chats.get_mut(&self.id) else {
                return;
            };
            let old = std::mem::replace(&mut chat.standing, BotStanding::Shut);
            if old != BotStanding::Shut {
                shared.tell_standing(world, now, self.id, Some(self.id), old);
            }
        });
    }

    /// Lets the bot write again.
    pub fn unblock_bot(&self) {
        let shared = &self.telegram.shared;
        shared.change(|world, now| shared.let_in(world, now, self.id));
    }

    /// The bot's next message in the private chat that was not read yet.
    pub async fn next_message(&self) -> Message {
        told(self.telegram.try_next_message(self.id).await)
    }

    /// [`Person::next_message`], which says why it failed.
    pub async fn try_next_message(&self) -> Result<Message, String> {
        self.telegram.try_next_message(self.id).await
    }

    /// Waits until a message of the bot in the private chat is as described; it counts as read.
    pub async fn wait_for(&self, described: impl Fn(&Message) -> bool) -> Message {
        self.telegram.wait_for(self.id, described).await
    }

    /// The private chat as it stands now. Looking at it reads nothing.
    pub fn chat(&self) -> Vec<Message> {
        self.telegram.screen(self.id)
    }

    /// The commands that this person's app offers in the private chat.
    pub fn menu(&self) -> Vec<MenuCommand> {
        self.telegram.menu_in(self, self.id)
    }

    async fn act(
        &self,
        chat: i64,
        compose: impl FnOnce(&mut World, i64) -> Result<Stored, String>,
    ) -> Result<Message, String> {
        let shared = &self.telegram.shared;
        let id = shared.change(|world, now| {
            let name = world.shown_name(self.id);
            let place = world
                .chats
                .get(&chat)
                .ok_or_else(|| format!("there is no chat {chat}"))?;
            if !place.members.contains(&self.id) {
                return Err(format!("{name} is not in {}", place.title));
            }
            let (kind, standing) = (place.kind, place.standing);
            let message = compose(world, now)?;
            match (kind, standing) {
                (ChatKind::Private, BotStanding::Shut) => {
                    return Err(format!("{name} has blocked the bot"));
                }
                (ChatKind::Private, BotStanding::NotStarted)
                    if !message.text.starts_with("/start") =>
                {
                    return Err(format!("{name} has not pressed Start"));
                }
                (ChatKind::Private, BotStanding::NotStarted) => shared.let_in(world, now, self.id),
                _ => {}
            }
            Ok(shared.say(world, now, message))
        })?;
        self.posted(chat, id).await
    }

    async fn posted(&self, chat: i64, id: i64) -> Result<Message, String> {
        // The bot gets a turn before the person does the next thing.
        tokio::task::yield_now().await;
        self.telegram
            .message(chat, id)
            .ok_or_else(|| "the message is gone".to_owned())
    }
}

impl Telegram {
    /// The bot's next message in a chat that was not read yet; says why it failed.
    pub async fn try_next_message(&self, chat: i64) -> Result<Message, String> {
        let stored = self
            .wait("the bot's next message", Some(chat), |world| {
                let id = world.bots_messages(chat).find(|message| !message.read)?.id;
                let message = world.messages.get_mut(&(chat, id))?;
                message.read = true;
                Some(message.clone())
            })
            .await?;
        Ok(Message::new(self.clone(), stored))
    }

    /// A chat as it stands now, oldest message first. Looking at it reads nothing.
    pub fn screen(&self, chat: i64) -> Vec<Message> {
        let messages: Vec<Stored> = self.shared.world().in_chat(chat).cloned().collect();
        let shown = messages
            .into_iter()
            .map(|stored| Message::new(self.clone(), stored));
        shown.collect()
    }

    /// A message by its number, unless it was deleted.
    pub fn message(&self, chat: i64, id: i64) -> Option<Message> {
        let stored = self.shared.world().messages.get(&(chat, id)).cloned();
        stored.map(|stored| Message::new(self.clone(), stored))
    }

    /// The commands that a person's app offers in the private chat with the bot.
    pub fn menu(&self, person: &Person) -> Vec<MenuCommand> {
        self.menu_in(person, person.id())
    }

    /// The commands that a person's app offers in a chat: the narrowest scope that has any, in the person's language
    /// before any language.
    pub fn menu_in(&self, person: &Person, chat: i64) -> Vec<MenuCommand> {
        let world = self.shared.world();
        let language = world
            .users
            .get(&person.id())
            .and_then(|user| user.language.clone());
        let language = language
            .unwrap_or_default()
            .chars()
            .take(2)
            .collect::<String>();
        let scopes = match world.chats.get(&chat) {
            Some(place) if place.kind == ChatKind::Private => vec![
                CommandScope::Chat(chat),
                CommandScope::AllPrivateChats,
                CommandScope::Default,
            ],
            Some(place) => {
                let is_admin = place.admins.contains(&person.id());
                let mut scopes = vec![CommandScope::ChatMember(chat, person.id())];
                scopes.extend(is_admin.then_some(CommandScope::ChatAdministrators(chat)));
                scopes.push(CommandScope::Chat(chat));
                scopes.extend(is_admin.then_some(CommandScope::AllChatAdministrators));
                scopes.extend([CommandScope::AllGroupChats, CommandScope::Default]);
                scopes
            }
            None => return Vec::new(),
        };
        scopes
            .into_iter()
            .flat_map(|scope| [(scope.clone(), language.clone()), (scope, String::new())])
            .find_map(|key| world.commands.get(&key).cloned())
            .unwrap_or_default()
    }
}
