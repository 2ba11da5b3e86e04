//! What people do and see, as verbs for tests, the demo and the control interface.
//!
//! A verb `try_x` says why it failed, with the conversation so far; `x` panics with the same words, which is what a
//! test wants.

mod acts;
mod message;
mod person;
mod place;

pub use message::{Button, Message, Press};
pub use person::Person;
pub use place::Group;

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use super::Telegram;
use super::model::{BotStanding, Chat, ChatKind, Stored, User, World};

/// How long a chat must stay still to count as quiet.
const QUIET: Duration = Duration::from_millis(250);

/// What is known of a person who joins; the rest is made up.
#[derive(Debug, Clone, Default)]
pub struct NewPerson {
    /// First name.
    pub name: String,
    /// Permanent id.
    pub id: Option<i64>,
    /// Username; the name in lower case when there is none and it is one.
    pub username: Option<String>,
    /// Language of the app; English when there is none.
    pub language: Option<String>,
}

fn told<T>(result: Result<T, String>) -> T {
    result.unwrap_or_else(|why| panic!("{why}"))
}

impl Telegram {
    /// The person of this name, who joins Telegram if nobody has it yet. Nobody has pressed Start at first.
    pub fn person(&self, name: &str) -> Person {
        let known = self.find_person(name);
        known.unwrap_or_else(|| {
            told(self.join(NewPerson {
                name: name.to_owned(),
                ..NewPerson::default()
            }))
        })
    }

    /// A person whose app speaks this language.
    pub fn person_speaking(&self, name: &str, language: &str) -> Person {
        told(self.join(NewPerson {
            name: name.to_owned(),
            language: Some(language.to_owned()),
            ..NewPerson::default()
        }))
    }

    /// A person of whom more is known. An id that somebody has is refused.
    pub fn join(&self, new: NewPerson) -> Result<Person, String> {
        let id = self.shared.change(|world, _| {
            let id = match new.id {
                Some(id) if id <= 0 || world.users.contains_key(&id) => {
                    return Err(format!("{id} is not free for a person"));
                }
                Some(id) => id,
                // Above 32 bits, as real ids are by now.
                None => 5_000_000_000 + world.next_id(),
            };
            let username = new.username.or_else(|| {
                let name = new.name.to_lowercase();
                let plain = name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
                (plain && !name.is_empty()).then_some(name)
            });
            let user = User {
                id,
                is_bot: false,
                first_name: new.name.clone(),
                username: username.clone(),
                language: Some(new.language.unwrap_or_else(|| "en".into())),
            };
            world.users.insert(id, user);
            let mut chat = empty_chat(id, ChatKind::Private, &new.name);
            chat.username = username;
            chat.members.insert(id);
            world.chats.insert(id, chat);
            Ok(id)
        })?;
        Ok(Person::new(self.clone(), id))
    }

    /// The person of this name or id, if there is one.
    pub fn find_person(&self, name: &str) -> Option<Person> {
        let world = self.shared.world();
        let by_id = name.parse().ok().filter(|id| world.users.contains_key(id));
        let found = by_id.or_else(|| {
            let mut people = world.users.values().filter(|user| !user.is_bot);
            people
                .find(|user| user.first_name.eq_ignore_ascii_case(name))
                .map(|user| user.id)
        });
        drop(world);
        found.map(|id| Person::new(self.clone(), id))
    }

    /// A basic group with the bot in it; the first member owns it.
    pub fn group(&self, name: &str, members: &[&Person]) -> Group {
        self.place(ChatKind::Group, name, members)
    }

    /// A supergroup with the bot in it; the first member owns it.
    pub fn supergroup(&self, name: &str, members: &[&Person]) -> Group {
        self.place(ChatKind::Supergroup, name, members)
    }

    /// A channel in which the bot is an administrator. Its public name is the name in lower case, if that is one.
    pub fn channel(&self, name: &str) -> Group {
        self.place(ChatKind::Channel, name, &[])
    }

    fn place(&self, kind: ChatKind, name: &str, members: &[&Person]) -> Group {
        let shared = &self.shared;
        let id = shared.change(|world, now| {
            let number = world.next_id();
            let id = match kind {
                ChatKind::Group => -(4_000_000_000 + number),
                _ => -(1_002_000_000_000 + number),
            };
            let mut chat = empty_chat(id, kind, name);
            chat.members = members.iter().map(|person| person.id()).collect();
            chat.admins = members.iter().take(1).map(|person| person.id()).collect();
            if kind == ChatKind::Channel {
                chat.username = Some(name.to_lowercase().replace(' ', "_"));
                chat.admins.insert(world.bot.id);
            }
            chat.standing = BotStanding::Member;
            world.chats.insert(id, chat);
            let owner = members.first().map(|person| person.id());
            shared.tell_standing(world, now, id, owner, BotStanding::NotStarted);
            id
        });
        Group::new(self.clone(), id)
    }

    /// The group or channel of this title or id, if there is one.
    pub fn find_group(&self, name: &str) -> Option<Group> {
        let world = self.shared.world();
        let found = world.chats.values().rev().find(|chat| {
            let named = chat.title == name || chat.id.to_string() == name;
            named && chat.kind != ChatKind::Private && chat.migrated_to.is_none()
        });
        let id = found.map(|chat| chat.id);
        drop(world);
        id.map(|id| Group::new(self.clone(), id))
    }

    /// Waits until a message of the bot in this chat is as described, as it stands or as it comes; it counts as read.
    pub async fn wait_for(&self, chat: i64, described: impl Fn(&Message) -> bool) -> Message {
        told(self.try_wait_for(chat, described).await)
    }

    /// [`Telegram::wait_for`], which says why it failed.
    pub async fn try_wait_for(
        &self,
        chat: i64,
        described: impl Fn(&Message) -> bool,
    ) -> Result<Message, String> {
        let deadline = Instant::now() + self.patience;
        let mut changed = self.shared.changed.subscribe();
        loop {
            changed.borrow_and_update();
            let candidates: Vec<Stored> =
                self.shared.world().bots_messages(chat).cloned().collect();
            // The description may look at more of Telegram, so the lock is not held over it.
            let mut messages = candidates
                .into_iter()
                .rev()
                .map(|stored| Message::new(self.clone(), stored));
            if let Some(found) = messages.find(|message| described(message)) {
                self.mark_read(chat, found.id());
                return Ok(found);
            }
            if tokio::time::timeout_at(deadline, changed.changed())
                .await
                .is_err()
            {
                return Err(self.in_vain("a message as described", Some(chat)));
            }
        }
    }

    fn mark_read(&self, chat: i64, id: i64) {
        if let Some(message) = self.shared.world().messages.get_mut(&(chat, id)) {
            message.read = true;
        }
    }

    fn in_vain(&self, what: &str, chat: Option<i64>) -> String {
        format!(
            "waited {:?} in vain for {what}. The conversation:\n{}",
            self.patience,
            self.shared.world().transcript(chat)
        )
    }

    /// Fails if a message of the bot appeared, or appears within a quarter of a second, that no verb has read.
    pub async fn expect_quiet(&self) {
        told(self.try_expect_quiet().await);
    }

    /// [`Telegram::expect_quiet`], which says why it failed.
    pub async fn try_expect_quiet(&self) -> Result<(), String> {
        let now = || self.shared.clock.now();
        self.wait("the bot to take its updates", None, |world| {
            (world.updates.unseen(now()) == 0).then_some(())
        })
        .await?;
        tokio::time::sleep(QUIET).await;
        let world = self.shared.world();
        let unread: Vec<String> = world
            .messages
            .values()
            .filter(|message| !message.read)
            .map(|message| world.line(message))
            .collect();
        if unread.is_empty() {
            return Ok(());
        }
        Err(format!(
            "nobody expected:\n    {}\nThe conversation:\n{}",
            unread.join("\n    "),
            world.transcript(None)
        ))
    }

    /// Looks at the world after every change until there is something, as long as the patience lasts.
    async fn wait<T>(
        &self,
        what: &str,
        chat: Option<i64>,
        mut look: impl FnMut(&mut World) -> Option<T>,
    ) -> Result<T, String> {
        let deadline = Instant::now() + self.patience;
        let mut changed = self.shared.changed.subscribe();
        loop {
            changed.borrow_and_update();
            if let Some(found) = look(&mut self.shared.world()) {
                return Ok(found);
            }
            if tokio::time::timeout_at(deadline, changed.changed())
                .await
                .is_err()
            {
                return Err(self.in_vain(what, chat));
            }
        }
    }
}

fn empty_chat(id: i64, kind: ChatKind, title: &str) -> Chat {
    Chat {
        id,
        kind,
        title: title.to_owned(),
        username: None,
        members: BTreeSet::new(),
        admins: BTreeSet::new(),
        standing: BotStanding::NotStarted,
        migrated_to: None,
        last_message: 0,
    }
}

impl World {
    /// The messages that the bot wrote in a chat, oldest first.
    fn bots_messages(&self, chat: i64) -> impl DoubleEndedIterator<Item = &Stored> {
        let bot = self.bot.id;
        self.in_chat(chat).filter(move |message| {
            let in_channel = message.from.is_none() && message.sender_chat == Some(chat);
            message.from == Some(bot) || in_channel
        })
    }
}
