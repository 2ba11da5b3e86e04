//! From an interaction as serenity read it to the neutral event, and to the ticket by which it is answered.

use std::fmt;

use serde_json::{Value, json};
use serenity::model::application::{
    ActionRowComponent, CommandData, CommandDataOption, CommandDataOptionValue, CommandInteraction,
    ComponentInteraction, Interaction, ModalInteraction, ModalInteractionData,
};
use serenity::model::channel::{Attachment, Message, MessageFlags};
use serenity::model::guild::Member;
use serenity::model::id::{ApplicationId, ChannelId, GuildId, InteractionId, MessageId};
use serenity::model::user::User;

use crate::chat::file::safe_name;
use crate::chat::{
    Ask, Event, FileKind, Forms, Identity, Incoming, MessageRef, Messenger, Place, Sender, Values,
};
use crate::clock::Millis;

/// What an interaction is answered with. Its token is a secret for 15 minutes and never printed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Ticket {
    pub(super) interaction: InteractionId,
    pub(super) application: ApplicationId,
    pub(super) token: String,
    pub(super) origin: Origin,
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("interaction", &self.interaction)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// What the interaction came from; it decides which answers Discord takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A command, or the completion of one.
    Command,
    /// A button on a message.
    Button,
    /// A window that a command had opened.
    WindowOfCommand,
    /// A window that a button had opened.
    WindowOfButton,
}

impl Origin {
    /// Whether there is a message that the answer may change.
    pub(super) fn has_message(self) -> bool {
        matches!(self, Self::Button | Self::WindowOfButton)
    }

    /// Whether the answer may be a window; never after a window.
    pub(super) fn takes_window(self) -> bool {
        matches!(self, Self::Command | Self::Button)
    }
}

/// Reads an interaction. `None` where it is of a kind that is not served, or came from a bot.
pub(super) fn read(
    interaction: &Interaction,
    guild: GuildId,
    at: Millis,
) -> Option<(Event, Ticket)> {
    let source = match interaction {
        Interaction::Command(command) | Interaction::Autocomplete(command) => of_command(command),
        Interaction::Component(press) => of_press(press),
        Interaction::Modal(submitted) => of_window(submitted),
        _ => return None,
    };
    let ask = match interaction {
        Interaction::Command(command) => {
            let (name, values, _) = spelled(&command.data);
            Ask::Command { name, values }
        }
        Interaction::Autocomplete(command) => {
            let (command, values, focused) = spelled(&command.data);
            let (option, typed) = focused?;
            Ask::Suggest {
                command,
                option,
                typed,
                values,
            }
        }
        Interaction::Component(press) => Ask::Press(press.data.custom_id.clone()),
        Interaction::Modal(submitted) => Ask::Submit {
            token: submitted.data.custom_id.clone(),
            values: inputs(&submitted.data),
        },
        _ => return None,
    };
    source.event(guild, at, ask)
}

/// Reads an interaction that serenity does not: what is not needed here, and may be newer than serenity, is left out, and
/// what serenity insists on without need is filled in.
pub(super) fn salvage(mut interaction: Value) -> Result<Interaction, serde_json::Error> {
    let insisted = json!({"version": 1, "locale": "", "attachment_size_limit": 0});
    fill_in(&mut interaction, insisted);
    let insisted =
        json!({"roles": [], "deaf": false, "mute": false, "flags": 0, "joined_at": null});
    fill_in(&mut interaction["member"], insisted);
    interaction["entitlements"] = json!([]);
    interaction["authorizing_integration_owners"] = json!({});
    if let Some(parts) = interaction.as_object_mut() {
        for unneeded in ["channel", "guild", "context", "app_permissions"] {
            parts.remove(unneeded);
        }
    }
    if let Some(message) = interaction.get("message").filter(|one| one.is_object()) {
        let bare = json!({
            "id": message["id"],
            "channel_id": message["channel_id"],
            "author": message["author"],
            "flags": message["flags"],
            "timestamp": message["timestamp"],
            "content": "",
            "edited_timestamp": null,
            "tts": false,
            "mention_everyone": false,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": false,
            "type": 0,
        });
        interaction["message"] = bare;
    }
    serde_json::from_value(interaction)
}

/// Adds to an object what it has not.
fn fill_in(object: &mut Value, defaults: Value) {
    if let (Value::Object(object), Value::Object(defaults)) = (object, defaults) {
        for (key, value) in defaults {
            object.entry(key).or_insert(value);
        }
    }
}

/// What all kinds of interactions have in common.
struct Source<'a> {
    ticket: Ticket,
    guild: Option<GuildId>,
    channel: ChannelId,
    user: &'a User,
    member: Option<&'a Member>,
    locale: &'a str,
    message: Option<&'a Message>,
}

impl Source<'_> {
    fn event(self, configured: GuildId, at: Millis, ask: Ask) -> Option<(Event, Ticket)> {
        if self.user.bot {
            return None;
        }
        let place = match self.guild {
            Some(guild) if guild == configured => Place::Guild,
            Some(_) => Place::OtherGuild,
            None => Place::DirectMessage,
        };
        // Roles of another guild have ids of their own, but a member there is nobody's business here.
        let member = self.member.filter(|_| place == Place::Guild);
        let name = match self.member {
            Some(member) => member.display_name(),
            None => self.user.display_name(),
        };
        let message = self.message.map(|message| MessageRef {
            messenger: Messenger::Discord,
            chat: message.channel_id.get().cast_signed(),
            message: message.id.get().cast_signed(),
            token: is_ephemeral(message).then(|| self.ticket.token.clone()),
        });
        let event = Event {
            id: format!("discord:{}", self.ticket.interaction),
            from: Sender {
                identity: Identity {
                    messenger: Messenger::Discord,
                    user: self.user.id.get().cast_signed(),
                },
                name: name.to_owned(),
                locale: self.locale.to_owned(),
                roles: member.map(|member| {
                    let roles = member.roles.iter();
                    roles.map(|role| role.get().cast_signed()).collect()
                }),
            },
            place,
            chat: self.channel.get().cast_signed(),
            message,
            at,
            ask,
            forms: Forms::Modal,
        };
        Some((event, self.ticket))
    }
}

fn is_ephemeral(message: &Message) -> bool {
    message
        .flags
        .is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL))
}

fn of_command(command: &CommandInteraction) -> Source<'_> {
    Source {
        ticket: Ticket {
            interaction: command.id,
            application: command.application_id,
            token: command.token.clone(),
            origin: Origin::Command,
        },
        guild: command.guild_id,
        channel: command.channel_id,
        user: &command.user,
        member: command.member.as_deref(),
        locale: &command.locale,
        message: None,
    }
}

fn of_press(press: &ComponentInteraction) -> Source<'_> {
    Source {
        ticket: Ticket {
            interaction: press.id,
            application: press.application_id,
            token: press.token.clone(),
            origin: Origin::Button,
        },
        guild: press.guild_id,
        channel: press.channel_id,
        user: &press.user,
        member: press.member.as_ref(),
        locale: &press.locale,
        message: Some(&press.message),
    }
}

fn of_window(submitted: &ModalInteraction) -> Source<'_> {
    let origin = if submitted.message.is_some() {
        Origin::WindowOfButton
    } else {
        Origin::WindowOfCommand
    };
    Source {
        ticket: Ticket {
            interaction: submitted.id,
            application: submitted.application_id,
            token: submitted.token.clone(),
            origin,
        },
        guild: submitted.guild_id,
        channel: submitted.channel_id,
        user: &submitted.user,
        member: submitted.member.as_ref(),
        locale: &submitted.locale,
        message: submitted.message.as_deref(),
    }
}

/// A command's full name, its options as text, and the option that is being typed.
fn spelled(data: &CommandData) -> (String, Values, Option<(String, String)>) {
    let mut name = data.name.clone();
    let mut options: &[CommandDataOption] = &data.options;
    while let [only] = options
        && let CommandDataOptionValue::SubCommand(inner)
        | CommandDataOptionValue::SubCommandGroup(inner) = &only.value
    {
        name.push(' ');
        name.push_str(&only.name);
        options = inner;
    }
    let mut values = Values::default();
    let mut focused = None;
    for option in options {
        if let CommandDataOptionValue::Autocomplete { value, .. } = &option.value {
            focused = Some((option.name.clone(), value.clone()));
        } else if let CommandDataOptionValue::Attachment(id) = &option.value {
            if let Some(file) = data.resolved.attachments.get(id) {
                values.set(&option.name, attached(file).to_value());
            }
        } else if let Some(text) = as_text(&option.value) {
            values.set(&option.name, text);
        }
    }
    (name, values, focused)
}

/// A file as Discord says it is.
fn attached(file: &Attachment) -> Incoming {
    let media = file.content_type.as_deref().unwrap_or_default();
    Incoming {
        messenger: Messenger::Discord,
        at: file.url.clone(),
        name: safe_name(&file.filename),
        size: u64::from(file.size),
        kind: if media.starts_with("image/") {
            FileKind::Picture
        } else {
            FileKind::Document
        },
    }
}

fn as_text(value: &CommandDataOptionValue) -> Option<String> {
    Some(match value {
        CommandDataOptionValue::String(text) => text.clone(),
        CommandDataOptionValue::Boolean(yes) => yes.to_string(),
        CommandDataOptionValue::Integer(number) => number.to_string(),
        CommandDataOptionValue::Number(number) => number.to_string(),
        CommandDataOptionValue::Channel(id) => id.to_string(),
        CommandDataOptionValue::Mentionable(id) => id.to_string(),
        CommandDataOptionValue::Role(id) => id.to_string(),
        CommandDataOptionValue::User(id) => id.to_string(),
        _ => return None,
    })
}

fn inputs(data: &ModalInteractionData) -> Values {
    let mut values = Values::default();
    for component in data.components.iter().flat_map(|row| &row.components) {
        if let ActionRowComponent::InputText(input) = component {
            values.set(&input.custom_id, input.value.clone().unwrap_or_default());
        }
    }
    values
}

/// The message that a reference names, for a call.
pub(super) fn target(message: &MessageRef) -> Option<(ChannelId, MessageId)> {
    let chat = super::rest::stored(message.chat)?;
    let id = super::rest::stored(message.message)?;
    Some((ChannelId::new(chat), MessageId::new(id)))
}
