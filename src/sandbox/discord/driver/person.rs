//! A person at a screen: who he is, where he is, what he may do, what he sees.

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Discord, Message, Unexpected};
use crate::sandbox::discord::model::{self, Id, Kind, World};
use crate::sandbox::discord::render;
use crate::sandbox::discord::rest::{Draft, create};
use crate::sandbox::discord::sessions::{Event, GUILD_MEMBERS, dispatch};
use crate::sandbox::discord::tokens::random_token;

/// Where a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A channel of a server.
    Channel(Id),
    /// The private conversation with the bot.
    Dm,
}

/// A suggestion under an option.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What is shown.
    pub name: String,
    /// What is sent when it is picked.
    pub value: Value,
}

/// Somebody at a screen. [`Person::at`] is the same person elsewhere.
#[derive(Clone)]
pub struct Person {
    pub(super) discord: Discord,
    pub(super) id: Id,
    place: Place,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("name", &self.name())
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Person {
    pub(super) fn new(discord: Discord, id: Id, place: Place) -> Self {
        Self { discord, id, place }
    }

    /// The person's user id.
    pub fn id(&self) -> Id {
        self.id
    }

    /// The name shown.
    pub fn name(&self) -> String {
        self.discord.look(|world| world.user_name(self.id))
    }

    /// The same person, there.
    #[must_use]
    pub fn at(&self, place: Place) -> Self {
        Self {
            place,
            ..self.clone()
        }
    }

    /// The same person in a channel of the first server.
    #[must_use]
    pub fn in_channel(&self, name: &str) -> Self {
        self.at(Place::Channel(self.discord.channel(name)))
    }

    /// The same person in the private conversation with the bot.
    #[must_use]
    pub fn in_dm(&self) -> Self {
        self.at(Place::Dm)
    }

    /// Gives a role of the first server, made if it is not there.
    pub fn give_role(&self, name: &str) {
        self.give_role_in(self.discord.guild_id(), name);
    }

    /// Makes the person a member of a server and gives the role there, made if it is not there.
    pub fn give_role_in(&self, guild: Id, name: &str) {
        let role = self.discord.role_in(guild, name);
        self.join_guild(guild);
        self.change(guild, |member| {
            if !member.roles.contains(&role) {
                member.roles.push(role);
            }
        });
    }

    /// Takes a role of the first server.
    pub fn take_role(&self, name: &str) {
        let guild = self.discord.guild_id();
        let role = self.discord.role_in(guild, name);
        self.change(guild, |member| member.roles.retain(|one| *one != role));
    }

    /// Makes the person a member of a server.
    pub fn join_guild(&self, guild: Id) {
        self.discord.with(|world| {
            if world.member(guild, self.id).is_some() {
                return;
            }
            world.join(guild, self.id);
            let mut data = render::member(world, guild, self.id, true);
            data["guild_id"] = render::id(guild);
            dispatch(
                self.discord.shared(),
                world,
                Event::new("GUILD_MEMBER_ADD", GUILD_MEMBERS, data),
            );
        });
    }

    /// Leaves the first server.
    pub fn leave_guild(&self) {
        let guild = self.discord.guild_id();
        self.discord.with(|world| {
            if let Some(guild) = world.guilds.get_mut(&guild) {
                guild.members.remove(&self.id);
            }
            let data =
                json!({ "guild_id": render::id(guild), "user": render::user(world, self.id) });
            dispatch(
                self.discord.shared(),
                world,
                Event::new("GUILD_MEMBER_REMOVE", GUILD_MEMBERS, data),
            );
        });
    }

    /// Refuses direct messages from now on.
    pub fn close_dms(&self) {
        self.set(|user| user.dms_closed = true);
    }

    /// Takes direct messages again.
    pub fn open_dms(&self) {
        self.set(|user| user.dms_closed = false);
    }

    /// Sets the language of the person's client (`en-US`, `de`, `ar`...).
    pub fn set_locale(&self, locale: &str) {
        self.set(|user| locale.clone_into(&mut user.locale));
    }

    /// Writes a plain message where the person is.
    pub fn says(&self, text: &str) -> Result<Message, Unexpected> {
        let channel = self.here()?;
        self.discord
            .with(|world| {
                let draft = Draft {
                    channel,
                    author: self.id,
                    body: &json!({ "content": text }),
                    files: &[],
                    only_for: None,
                    interaction: None,
                    place: "",
                };
                let id = create(self.discord.shared(), world, &draft)?;
                Ok(Message::new(&self.discord, world, &world.messages[&id]))
            })
            .map_err(|refusal: crate::sandbox::discord::refusal::Refusal| {
                self.discord
                    .unexpected(&format!("the message cannot be sent: {}", refusal.body))
            })
    }

    /// The messages on the person's screen in this channel, oldest first, his own ephemeral ones among them.
    pub fn sees(&self, channel: Id) -> Vec<Message> {
        self.discord.with(|world| {
            if !world.sees_channel(self.id, channel) {
                return Vec::new();
            }
            let there = world
                .messages
                .values()
                .filter(|one| one.channel == channel && one.visible_to(self.id));
            let seen: Vec<_> = there
                .map(|one| Message::new(&self.discord, world, one))
                .collect();
            world.consumed.extend(seen.iter().map(Message::id));
            seen
        })
    }

    /// The messages on the person's screen where he is.
    pub fn sees_here(&self) -> Vec<Message> {
        self.here()
            .map(|channel| self.sees(channel))
            .unwrap_or_default()
    }

    /// The private conversation with the bot, oldest first.
    pub fn dms(&self) -> Vec<Message> {
        let channel = self.discord.with(|world| world.dm_channel(self.id));
        self.sees(channel)
    }

    /// Waits for a message of the bot in the private conversation.
    pub async fn waits_for_dm(
        &self,
        wanted: impl Fn(&Message) -> bool,
    ) -> Result<Message, Unexpected> {
        let channel = self.discord.with(|world| world.dm_channel(self.id));
        self.waits_for(channel, wanted).await
    }

    /// Waits for a message of the bot in this channel that the person sees, newest first.
    pub async fn waits_for(
        &self,
        channel: Id,
        wanted: impl Fn(&Message) -> bool,
    ) -> Result<Message, Unexpected> {
        let what = format!("a message that {} sees", self.name());
        let found = self
            .discord
            .wait(&what, |world| {
                let there = world.messages.values().rev();
                let mut there = there.filter(|one| {
                    one.channel == channel && one.author == world.bot && one.visible_to(self.id)
                });
                there.find_map(|one| Some(Message::new(&self.discord, world, one)).filter(&wanted))
            })
            .await?;
        Ok(self.discord.consume(found))
    }

    /// Waits for the bot's oldest message here that the person sees and no verb has taken notice of.
    pub async fn next_unread(&self) -> Result<Message, Unexpected> {
        let channel = self.here()?;
        let what = format!("an unread message for {}", self.name());
        let found = self
            .discord
            .wait(&what, |world| {
                let mut bots = world
                    .messages
                    .values()
                    .filter(|one| one.channel == channel && one.author == world.bot);
                let unread =
                    bots.find(|one| one.visible_to(self.id) && !world.consumed.contains(&one.id));
                unread.map(|one| Message::new(&self.discord, world, one))
            })
            .await?;
        Ok(self.discord.consume(found))
    }

    /// The channel where the person is, if he can see it.
    pub(super) fn here(&self) -> Result<Id, Unexpected> {
        let channel = match self.place {
            Place::Channel(channel) => channel,
            Place::Dm => self.discord.with(|world| world.dm_channel(self.id)),
        };
        if self
            .discord
            .look(|world| world.sees_channel(self.id, channel))
        {
            Ok(channel)
        } else {
            Err(self
                .discord
                .unexpected(&format!("{} cannot see that channel", self.name())))
        }
    }

    fn set(&self, change: impl FnOnce(&mut model::User)) {
        self.discord.with(|world| {
            if let Some(user) = world.users.get_mut(&self.id) {
                change(user);
            }
        });
    }

    fn change(&self, guild: Id, change: impl FnOnce(&mut model::Member)) {
        self.discord.with(|world| {
            let members = world.guilds.get_mut(&guild).map(|guild| &mut guild.members);
            let Some(member) = members.and_then(|members| members.get_mut(&self.id)) else {
                return;
            };
            change(member);
            let mut data = render::member(world, guild, self.id, true);
            data["guild_id"] = render::id(guild);
            dispatch(
                self.discord.shared(),
                world,
                Event::new("GUILD_MEMBER_UPDATE", GUILD_MEMBERS, data),
            );
        });
    }
}

/// What a verb is about to send to the bot.
pub(super) struct Deed {
    pub kind: Kind,
    pub channel: Id,
    pub data: Value,
    pub wording: String,
    pub message: Option<Id>,
    pub trigger: Option<Id>,
}

impl Person {
    /// Creates the interaction and delivers it.
    pub(super) fn act(&self, world: &mut World, deed: Deed) -> Id {
        let id = world.next_id();
        let token = random_token(64);
        let interaction = model::Interaction {
            id,
            token: token.clone(),
            kind: deed.kind,
            user: self.id,
            channel: deed.channel,
            data: deed.data,
            message: deed.message,
            trigger: deed.trigger,
            at_ms: world.now_ms(),
            response: None,
            followups: Vec::new(),
        };
        let line = format!("{}: {}", world.user_name(self.id), deed.wording);
        world.note(deed.channel, &line);
        let payload = render::interaction(world, &interaction);
        world.tokens.insert(token, id);
        world.interactions.insert(id, interaction);
        let shared = Arc::clone(self.discord.shared());
        dispatch(&shared, world, Event::new("INTERACTION_CREATE", 0, payload));
        id
    }
}
