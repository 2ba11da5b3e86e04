//! What a bot can learn about itself, people and servers, and how it opens a direct conversation.

use serde_json::{Value, json};

use super::{Call, parse_id};
use crate::sandbox::discord::model::{Guild, Id, World};
use crate::sandbox::discord::refusal::{Answer, Refusal, not_found, refuse};
use crate::sandbox::discord::render;

/// Serves everything that is neither messages nor commands nor interactions.
pub fn route(world: &mut World, call: &Call, segments: &[&str]) -> Answer {
    let value = match (call.method.as_str(), segments) {
        ("GET", ["users", "@me"]) => render::current_user(world),
        ("GET", ["users", "@me", "guilds"]) => world
            .guilds
            .values()
            .map(|guild| partial(world, guild))
            .collect(),
        ("POST", ["users", "@me", "channels"]) => return open_dm(world, &call.body),
        ("GET", ["users", id]) => {
            let found = parse_id(id).filter(|id| world.users.contains_key(id));
            render::user(
                world,
                found.ok_or_else(|| refuse(404, 10013, "Unknown User"))?,
            )
        }
        ("GET", ["applications", "@me"] | ["oauth2", "applications", "@me"]) => {
            render::application(world)
        }
        ("GET", ["guilds", id]) => {
            let guild = guild(world, id)?;
            let mut wire = render::guild(guild);
            if call
                .query
                .get("with_counts")
                .is_some_and(|flag| flag == "true")
            {
                wire["approximate_member_count"] = json!(guild.members.len());
                wire["approximate_presence_count"] = json!(guild.members.len());
            }
            wire
        }
        ("GET", ["guilds", id, "channels"]) => {
            let guild = guild(world, id)?.id;
            let channels = world
                .channels
                .values()
                .filter(|channel| channel.guild == Some(guild));
            channels
                .map(|channel| render::channel(world, channel))
                .collect()
        }
        ("GET", ["guilds", id, "roles"]) => Value::Array(render::roles(guild(world, id)?)),
        ("GET", ["guilds", id, "members"]) => members(world, guild(world, id)?, call),
        ("GET", ["guilds", id, "members", user]) => {
            let guild = guild(world, id)?;
            let user = parse_id(user).filter(|user| world.users.contains_key(user));
            let user = user.ok_or_else(|| refuse(404, 10013, "Unknown User"))?;
            if !guild.members.contains_key(&user) {
                return Err(refuse(404, 10007, "Unknown Member"));
            }
            render::member(world, guild.id, user, true)
        }
        _ => return Err(not_found()),
    };
    Ok(value.into())
}

fn guild<'w>(world: &'w World, id: &str) -> Result<&'w Guild, Refusal> {
    let found = parse_id(id).and_then(|id| world.guilds.get(&id));
    found
        .filter(|guild| guild.members.contains_key(&world.bot))
        .ok_or_else(|| refuse(404, 10004, "Unknown Guild"))
}

fn partial(world: &World, guild: &Guild) -> Value {
    json!({
        "id": render::id(guild.id),
        "name": guild.name,
        "icon": null,
        "banner": null,
        "owner": false,
        "permissions": world.permissions(guild.id, world.bot).to_string(),
        "features": [],
    })
}

fn members(world: &World, guild: &Guild, call: &Call) -> Value {
    let number = |key: &str| {
        call.query
            .get(key)
            .and_then(|text| text.parse::<u64>().ok())
    };
    let limit = usize::try_from(number("limit").unwrap_or(1).clamp(1, 1_000)).unwrap_or(1);
    let after: Id = number("after").unwrap_or(0);
    let page = guild
        .members
        .keys()
        .filter(|user| **user > after)
        .take(limit);
    page.map(|user| render::member(world, guild.id, *user, true))
        .collect()
}

fn open_dm(world: &mut World, body: &Value) -> Answer {
    let recipient = match &body["recipient_id"] {
        Value::String(text) => parse_id(text),
        other => other.as_u64(),
    };
    let person = recipient.filter(|id| world.users.get(id).is_some_and(|user| !user.bot));
    let person = person.ok_or_else(|| refuse(400, 50033, "Invalid Recipient(s)"))?;
    let channel = world.dm_channel(person);
    Ok(render::channel(world, &world.channels[&channel]).into())
}
