//! Messages of channels: sent, edited, deleted and read by the bot.

use std::sync::Arc;

use serde_json::{Value, json};

use super::posting::{Draft, create, delete, edit};
use super::{Call, parse_id};
use crate::sandbox::discord::model::{Id, World};
use crate::sandbox::discord::refusal::{
    Answer, Refusal, done, not_found, refuse, unknown_channel, unknown_message,
};
use crate::sandbox::discord::render;
use crate::sandbox::discord::shared::Shared;

/// How long a nonce is remembered, in milliseconds.
const NONCE_MS: u64 = 5 * 60 * 1_000;

/// Serves `/channels/{channel}...`.
pub fn route(
    shared: &Arc<Shared>,
    world: &mut World,
    call: &Call,
    channel: &str,
    rest: &[&str],
) -> Answer {
    let channel = parse_id(channel)
        .and_then(|id| world.channels.get(&id))
        .cloned();
    let channel = channel.ok_or_else(unknown_channel)?;
    let hidden = channel
        .guild
        .is_some_and(|guild| world.member(guild, world.bot).is_none());
    if channel.bot_forbidden || hidden {
        return Err(refuse(403, 50001, "Missing Access"));
    }
    let id = channel.id;
    match (call.method.as_str(), rest) {
        ("GET", []) => Ok(render::channel(world, &channel).into()),
        ("POST", ["typing"]) => Ok(done()),
        ("GET", ["messages"]) => Ok(list(world, call, id).into()),
        ("POST", ["messages"]) => {
            if let Some(person) = channel.recipient {
                let closed = world.users.get(&person).is_none_or(|user| user.dms_closed);
                if closed || !world.shares_guild(person) {
                    return Err(refuse(403, 50007, "Cannot send messages to this user"));
                }
            }
            let message = send(shared, world, call, id)?;
            Ok(render::message(world, &world.messages[&message]).into())
        }
        ("GET", ["messages", message]) => {
            let message = find(world, id, message)?;
            Ok(render::message(world, &world.messages[&message]).into())
        }
        ("PATCH", ["messages", message]) => {
            let message = find(world, id, message)?;
            if world.messages[&message].author != world.bot {
                return Err(refuse(
                    403,
                    50005,
                    "Cannot edit a message authored by another user",
                ));
            }
            edit(shared, world, message, &call.body, &call.files, "")?;
            Ok(render::message(world, &world.messages[&message]).into())
        }
        ("DELETE", ["messages", message]) => {
            let message = find(world, id, message)?;
            if world.messages[&message].author != world.bot {
                return Err(refuse(403, 50013, "Missing Permissions"));
            }
            delete(shared, world, message);
            Ok(done())
        }
        _ => Err(not_found()),
    }
}

/// A message that can be reached as the bot: ephemeral ones cannot.
fn find(world: &World, channel: Id, message: &str) -> Result<Id, Refusal> {
    parse_id(message)
        .and_then(|id| world.messages.get(&id))
        .filter(|message| {
            message.channel == channel && !message.deleted && message.only_for.is_none()
        })
        .map(|message| message.id)
        .ok_or_else(unknown_message)
}

fn list(world: &World, call: &Call, channel: Id) -> Value {
    let number = |key: &str| {
        call.query
            .get(key)
            .and_then(|text| text.parse::<u64>().ok())
    };
    let limit = usize::try_from(number("limit").unwrap_or(50).clamp(1, 100)).unwrap_or(50);
    let before = number("before").unwrap_or(u64::MAX);
    let after = number("after").unwrap_or(0);
    let seen = world.messages.values().filter(|message| {
        message.channel == channel
            && !message.deleted
            && message.only_for.is_none()
            && message.id < before
            && message.id > after
    });
    let mut page: Vec<_> = if number("after").is_some() {
        seen.take(limit).collect()
    } else {
        let mut newest: Vec<_> = seen.rev().take(limit).collect();
        newest.reverse();
        newest
    };
    page.reverse();
    page.into_iter()
        .map(|message| render::message(world, message))
        .collect()
}

fn send(shared: &Arc<Shared>, world: &mut World, call: &Call, channel: Id) -> Result<Id, Refusal> {
    let nonce = match &call.body["nonce"] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let key = nonce.map(|nonce| (channel, nonce));
    let now = world.now_ms();
    if call.body["enforce_nonce"] == json!(true)
        && let Some((message, at)) = key.as_ref().and_then(|key| world.nonces.get(key))
        && at + NONCE_MS > now
    {
        return Ok(*message);
    }
    let author = world.bot;
    let message = create(
        shared,
        world,
        &Draft {
            channel,
            author,
            body: &call.body,
            files: &call.files,
            only_for: None,
            interaction: None,
            place: "",
        },
    )?;
    if let Some(key) = key {
        world.nonces.insert(key, (message, now));
    }
    Ok(message)
}
