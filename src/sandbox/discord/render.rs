//! The world's things as JSON on the wire. Everything that a client library may ask for is there, also what is always empty.

use serde_json::{Value, json};

use super::clock::iso8601;
use super::model::{
    Attachment, Channel, Command, Guild, Id, Interaction, Kind, Message, Role, World,
};

/// An id as Discord writes it.
pub fn id(id: Id) -> Value {
    Value::String(id.to_string())
}

/// A user.
pub fn user(world: &World, user: Id) -> Value {
    let Some(found) = world.users.get(&user) else {
        return Value::Null;
    };
    json!({
        "id": id(found.id),
        "username": found.username,
        "discriminator": if found.bot { "0001" } else { "0" },
        "global_name": if found.bot { Value::Null } else { json!(found.display_name) },
        "avatar": null,
        "avatar_decoration_data": null,
        "banner": null,
        "accent_color": null,
        "bot": found.bot,
        "system": false,
        "public_flags": 0,
        "flags": 0,
        "clan": null,
        "primary_guild": null,
    })
}

/// The bot's own user, with what only it may know.
pub fn current_user(world: &World) -> Value {
    let mut user = user(world, world.bot);
    user["mfa_enabled"] = json!(true);
    user["verified"] = json!(true);
    user["email"] = Value::Null;
    user["locale"] = json!("en-US");
    user["flags_new"] = json!("0");
    user["bio"] = json!("");
    user
}

/// The bot's application.
pub fn application(world: &World) -> Value {
    let bot = &world.users[&world.bot];
    json!({
        "id": id(world.bot),
        "name": bot.display_name,
        "icon": null,
        "description": "",
        "summary": "",
        "type": null,
        "bot": user(world, world.bot),
        "bot_public": true,
        "bot_require_code_grant": false,
        "verify_key": "00".repeat(32),
        "owner": user(world, world.guilds.values().next().map_or(world.bot, |guild| guild.owner)),
        "team": null,
        "flags": 0,
        "flags_new": "0",
        "hook": true,
        "is_monetized": false,
        "approximate_guild_count": world.guilds.len(),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": ["applications.commands", "bot"],
        "role_connections_verification_url": null,
        "redirect_uris": [],
        "interactions_endpoint_url": null,
        "tags": [],
        "integration_types_config": { "0": {} },
    })
}

/// A role.
pub fn role(guild: Id, role: &Role, position: usize) -> Value {
    json!({
        "id": id(role.id),
        "name": role.name,
        "color": 0,
        "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
        "hoist": false,
        "icon": null,
        "unicode_emoji": null,
        "position": position,
        "permissions": role.permissions.to_string(),
        "managed": false,
        "mentionable": role.id != guild,
        "flags": 0,
    })
}

/// All roles of a server.
pub fn roles(guild: &Guild) -> Vec<Value> {
    let roles = guild.roles.values().enumerate();
    roles.map(|(at, one)| role(guild.id, one, at)).collect()
}

/// A membership; with its user and permissions when asked for.
pub fn member(world: &World, guild: Id, whose: Id, with_user: bool) -> Value {
    let Some(found) = world.member(guild, whose) else {
        return Value::Null;
    };
    let mut member = json!({
        "roles": found.roles.iter().map(|role| id(*role)).collect::<Vec<_>>(),
        "joined_at": iso8601(found.joined_ms),
        "nick": null,
        "avatar": null,
        "banner": null,
        "premium_since": null,
        "deaf": false,
        "mute": false,
        "flags": 0,
        "pending": false,
        "communication_disabled_until": null,
        "unusual_dm_activity_until": null,
    });
    if with_user {
        member["user"] = user(world, whose);
    }
    member
}

/// A channel.
pub fn channel(world: &World, channel: &Channel) -> Value {
    match channel.guild {
        Some(guild) => json!({
            "id": id(channel.id),
            "type": 0,
            "guild_id": id(guild),
            "name": channel.name,
            "position": 0,
            "permission_overwrites": [],
            "topic": null,
            "nsfw": false,
            "last_message_id": null,
            "last_pin_timestamp": null,
            "rate_limit_per_user": 0,
            "parent_id": null,
            "flags": 0,
        }),
        None => json!({
            "id": id(channel.id),
            "type": 1,
            "last_message_id": null,
            "last_pin_timestamp": null,
            "flags": 0,
            "recipients": channel.recipient.map(|who| user(world, who)).into_iter().collect::<Vec<_>>(),
        }),
    }
}

/// A server as a REST call gives it.
pub fn guild(guild: &Guild) -> Value {
    json!({
        "id": id(guild.id),
        "name": guild.name,
        "icon": null,
        "icon_hash": null,
        "splash": null,
        "discovery_splash": null,
        "home_header": null,
        "region": "deprecated",
        "owner_id": id(guild.owner),
        "afk_channel_id": null,
        "afk_timeout": 300,
        "widget_enabled": false,
        "widget_channel_id": null,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": roles(guild),
        "emojis": [],
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "application_id": null,
        "system_channel_id": null,
        "system_channel_flags": 0,
        "rules_channel_id": null,
        "max_presences": null,
        "max_members": 500_000,
        "vanity_url_code": null,
        "description": null,
        "banner": null,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "public_updates_channel_id": null,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "nsfw_level": 0,
        "nsfw": false,
        "premium_progress_bar_enabled": false,
        "safety_alerts_channel_id": null,
        "incidents_data": null,
    })
}

/// A server as `GUILD_CREATE` gives it.
pub fn guild_create(world: &World, found: &Guild) -> Value {
    let mut whole = guild(found);
    let bot = &found.members[&world.bot];
    let channels = world
        .channels
        .values()
        .filter(|channel| channel.guild == Some(found.id) && !channel.bot_forbidden);
    whole["joined_at"] = json!(iso8601(bot.joined_ms));
    whole["large"] = json!(false);
    whole["unavailable"] = json!(false);
    whole["member_count"] = json!(found.members.len());
    whole["members"] = found
        .members
        .keys()
        .map(|who| member(world, found.id, *who, true))
        .collect();
    whole["channels"] = channels.map(|one| channel(world, one)).collect();
    for empty in [
        "voice_states",
        "threads",
        "presences",
        "stage_instances",
        "guild_scheduled_events",
        "soundboard_sounds",
    ] {
        whole[empty] = json!([]);
    }
    whole
}

/// An attached file.
pub fn attachment(world: &World, channel: Id, file: &Attachment) -> Value {
    let url = format!(
        "{}/cdn/attachments/{channel}/{}/{}",
        world.base_url, file.id, file.filename
    );
    json!({
        "id": id(file.id),
        "filename": file.filename,
        "description": file.description,
        "content_type": file.content_type,
        "size": file.bytes.len(),
        "url": url,
        "proxy_url": url,
        "ephemeral": false,
    })
}

/// A message as the bot gets it.
pub fn message(world: &World, message: &Message) -> Value {
    let files = message
        .attachments
        .iter()
        .filter_map(|file| world.attachments.get(file));
    let mut wire = json!({
        "id": id(message.id),
        "channel_id": id(message.channel),
        "author": user(world, message.author),
        "content": message.content,
        "timestamp": iso8601(message.sent_ms),
        "edited_timestamp": message.edited_ms.map(iso8601),
        "tts": false,
        "mention_everyone": message.mention_everyone,
        "mentions": message.mentions.iter().map(|who| user(world, *who)).collect::<Vec<_>>(),
        "mention_roles": [],
        "attachments": files.map(|file| attachment(world, message.channel, file)).collect::<Vec<_>>(),
        "embeds": message.embeds.iter().map(|one| embed(world, message, one)).collect::<Vec<_>>(),
        "components": message.components,
        "pinned": false,
        "flags": message.flags,
        "type": 0,
    });
    if message.reply_to.is_some() {
        wire["type"] = json!(19);
        wire["message_reference"] = json!({
            "type": 0,
            "channel_id": id(message.channel),
            "message_id": message.reply_to.map(id),
        });
    }
    if !message.nonce.is_null() {
        wire["nonce"] = message.nonce.clone();
    }
    if message.author == world.bot {
        wire["application_id"] = id(world.bot);
    }
    if let Some(interaction) = message
        .interaction
        .and_then(|id| world.interactions.get(&id))
    {
        wire["type"] = json!(if interaction.kind == Kind::Command {
            20
        } else {
            19
        });
        wire["webhook_id"] = id(world.bot);
        wire["interaction_metadata"] = metadata(world, interaction);
        if interaction.kind == Kind::Command {
            wire["interaction"] = json!({
                "id": id(interaction.id),
                "type": 2,
                "name": interaction.data["name"],
                "user": user(world, interaction.user),
            });
        }
    }
    wire
}

/// What a message says of the interaction that it answers.
fn metadata(world: &World, interaction: &Interaction) -> Value {
    let mut wire = json!({
        "id": id(interaction.id),
        "type": interaction.kind as u8,
        "user": user(world, interaction.user),
        "authorizing_integration_owners": owners(world, interaction.channel),
    });
    match interaction.kind {
        Kind::Command | Kind::Autocomplete => wire["name"] = interaction.data["name"].clone(),
        Kind::Component => wire["interacted_message_id"] = json!(interaction.message.map(id)),
        Kind::ModalSubmit => {
            let trigger = interaction
                .trigger
                .and_then(|id| world.interactions.get(&id));
            wire["triggering_interaction_metadata"] =
                json!(trigger.map(|one| metadata(world, one)));
        }
    }
    wire
}

/// An embed as Discord gives it back: with its type, and with addresses in place of the names of files.
fn embed(world: &World, message: &Message, embed: &Value) -> Value {
    let mut embed = embed.clone();
    embed["type"] = json!("rich");
    for part in ["image", "thumbnail"] {
        let url = embed.get(part).and_then(|part| part["url"].as_str());
        let name = url.and_then(|url| url.strip_prefix("attachment://"));
        let files = message.attachments.iter();
        let file = files
            .filter_map(|id| world.attachments.get(id))
            .find(|file| Some(file.filename.as_str()) == name);
        if let Some(file) = file {
            embed[part]["url"] = attachment(world, message.channel, file)["url"].clone();
        }
    }
    // Indexing would put a `null` where there are no fields.
    let fields = embed.get_mut("fields").and_then(Value::as_array_mut);
    for field in fields.into_iter().flatten() {
        if !field["inline"].is_boolean() {
            field["inline"] = json!(false);
        }
    }
    embed
}

/// A registered command.
pub fn command(world: &World, command: &Command) -> Value {
    let mut wire = command.body.clone();
    wire["id"] = id(command.id);
    wire["application_id"] = id(world.bot);
    wire["version"] = id(command.version);
    if let Some(guild) = command.guild {
        wire["guild_id"] = id(guild);
    }
    wire
}

fn owners(world: &World, channel: Id) -> Value {
    match world
        .channels
        .get(&channel)
        .and_then(|channel| channel.guild)
    {
        Some(guild) => json!({ "0": id(guild) }),
        None => json!({ "0": "0" }),
    }
}

/// The payload of `INTERACTION_CREATE`.
pub fn interaction(world: &World, interaction: &Interaction) -> Value {
    let channel = &world.channels[&interaction.channel];
    let locale = world
        .users
        .get(&interaction.user)
        .map_or("en-US", |user| &user.locale);
    let mut partial = self::channel(world, channel);
    let mut wire = json!({
        "id": id(interaction.id),
        "application_id": id(world.bot),
        "type": interaction.kind as u8,
        "data": interaction.data,
        "channel_id": id(channel.id),
        "token": interaction.token,
        "version": 1,
        "locale": locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": owners(world, channel.id),
        "attachment_size_limit": 10_485_760,
    });
    if let Some(guild) = channel.guild {
        let permissions = world.permissions(guild, interaction.user).to_string();
        partial["permissions"] = json!(permissions);
        let mut member = member(world, guild, interaction.user, true);
        member["permissions"] = json!(permissions);
        wire["guild_id"] = id(guild);
        wire["guild"] = json!({ "id": id(guild), "locale": "en-US", "features": [] });
        wire["guild_locale"] = json!("en-US");
        wire["member"] = member;
        wire["context"] = json!(0);
        wire["app_permissions"] = json!(world.permissions(guild, world.bot).to_string());
    } else {
        wire["user"] = user(world, interaction.user);
        wire["context"] = json!(1);
        wire["app_permissions"] = json!("2248473465835073");
    }
    wire["channel"] = partial;
    if let Some(source) = interaction.message.and_then(|id| world.messages.get(&id)) {
        wire["message"] = message(world, source);
    }
    wire
}
