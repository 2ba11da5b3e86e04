//! Answers to interactions: the one first response in time, and what follows while the token lives.

use std::sync::Arc;

use serde_json::{Value, json};

use super::posting::{Draft, create, delete, edit, insert};
use super::{Call, parse_id};
use crate::sandbox::discord::model::{
    EPHEMERAL, Id, Interaction, Kind, LOADING, Message, Response, TOKEN_MS, World,
};
use crate::sandbox::discord::refusal::{
    Answer, Form, Refusal, Reply, done, invalid_webhook_token, join, not_found, refuse,
    unknown_interaction, unknown_message, unknown_webhook,
};
use crate::sandbox::discord::render;
use crate::sandbox::discord::rules::{commands, modals};
use crate::sandbox::discord::shared::Shared;

/// Serves `/interactions/{id}/{token}/callback`.
pub fn callback(
    shared: &Arc<Shared>,
    world: &mut World,
    call: &Call,
    id: &str,
    token: &str,
) -> Answer {
    let found = parse_id(id)
        .and_then(|id| world.interactions.get(&id))
        .filter(|one| one.token == token);
    let interaction = found.cloned().ok_or_else(unknown_interaction)?;
    if interaction.missed(world.now_ms()) {
        return Err(unknown_interaction());
    }
    if interaction.response.is_some() {
        return Err(refuse(
            400,
            40060,
            "Interaction has already been acknowledged.",
        ));
    }
    let response = respond(shared, world, call, &interaction)?;
    let told = describe(world, call, &interaction, &response);
    if let Some(stored) = world.interactions.get_mut(&interaction.id) {
        stored.response = Some(response);
    }
    if call
        .query
        .get("with_response")
        .is_some_and(|flag| flag == "true")
    {
        return Ok(told.into());
    }
    Ok(done())
}

/// The types of first responses that fit a kind of interaction.
fn fitting(interaction: &Interaction) -> &'static [i64] {
    match interaction.kind {
        Kind::Command => &[4, 5, 9],
        Kind::Component => &[4, 5, 6, 7, 9],
        Kind::Autocomplete => &[8],
        Kind::ModalSubmit if interaction.message.is_some() => &[4, 5, 6, 7],
        Kind::ModalSubmit => &[4, 5],
    }
}

fn respond(
    shared: &Arc<Shared>,
    world: &mut World,
    call: &Call,
    interaction: &Interaction,
) -> Result<Response, Refusal> {
    let mut form = Form::default();
    let kind = form.integer("", &call.body, "type", i64::MIN, i64::MAX);
    if call.body["type"].is_null() {
        form.missing("type");
    }
    let fitting = fitting(interaction);
    if kind.is_some_and(|kind| !fitting.contains(&kind)) {
        let possible: Vec<_> = fitting.iter().map(ToString::to_string).collect();
        form.not_one_of("type", &possible.join(", "));
    }
    let data = &call.body["data"];
    match kind {
        Some(8) => suggestions(&mut form, interaction, data),
        Some(9) => modals::modal(&mut form, data),
        Some(4) if data.is_null() => form.missing("data"),
        _ => {}
    }
    form.finish()?;
    let ephemeral = data["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0;
    let only_for = ephemeral.then_some(interaction.user);
    Ok(match kind {
        Some(4) => Response::Message(create(
            shared,
            world,
            &Draft {
                channel: interaction.channel,
                author: world.bot,
                body: data,
                files: &call.files,
                only_for,
                interaction: Some(interaction.id),
                place: "data",
            },
        )?),
        Some(5) => Response::Deferred(think(shared, world, interaction, only_for)),
        Some(6) => Response::DeferredUpdate,
        Some(7) => {
            let message = interaction.message.ok_or_else(unknown_message)?;
            edit(shared, world, message, data, &call.files, "data")?;
            Response::Update
        }
        Some(8) => Response::Choices(data["choices"].as_array().cloned().unwrap_or_default()),
        _ => {
            let who = world.user_name(interaction.user);
            let title = data["title"].as_str().unwrap_or_default().to_owned();
            world.note(
                interaction.channel,
                &format!("{who} sees the form \"{title}\""),
            );
            Response::Modal(data.clone())
        }
    })
}

fn think(
    shared: &Arc<Shared>,
    world: &mut World,
    interaction: &Interaction,
    only_for: Option<Id>,
) -> Id {
    let id = world.next_id();
    let message = Message {
        id,
        channel: interaction.channel,
        author: world.bot,
        content: String::new(),
        embeds: Vec::new(),
        components: Vec::new(),
        flags: LOADING | if only_for.is_some() { EPHEMERAL } else { 0 },
        attachments: Vec::new(),
        sent_ms: world.now_ms(),
        edited_ms: None,
        deleted: false,
        nonce: Value::Null,
        only_for,
        interaction: Some(interaction.id),
        reply_to: None,
        mentions: Vec::new(),
        mention_everyone: false,
        revision: 0,
    };
    insert(shared, world, message);
    id
}

fn suggestions(form: &mut Form, interaction: &Interaction, data: &Value) {
    let choices = form.list("data", data, "choices");
    if data["choices"].is_null() {
        form.missing("data/choices");
    }
    form.count("data/choices", choices.len(), 0, 25);
    let kind = focused(&interaction.data).and_then(|option| option["type"].as_i64());
    commands::choices(form, &join("data", "choices"), choices, kind.unwrap_or(3));
}

/// The option that the person is typing.
pub fn focused(data: &Value) -> Option<&Value> {
    data["options"].as_array()?.iter().find_map(|option| {
        if option["focused"] == json!(true) {
            Some(option)
        } else {
            focused(option)
        }
    })
}

/// The answer to a callback that asked for one.
fn describe(world: &World, call: &Call, interaction: &Interaction, response: &Response) -> Value {
    let mut told = json!({
        "interaction": {
            "id": render::id(interaction.id),
            "type": interaction.kind as u8,
            "activity_instance_id": null,
            "channel_id": render::id(interaction.channel),
            "guild_id": world.channels.get(&interaction.channel).and_then(|channel| channel.guild).map(render::id),
        },
    });
    let message = match response {
        Response::Message(id) | Response::Deferred(id) => Some(*id),
        Response::Update => interaction.message,
        _ => None,
    };
    if let Some(message) = message.and_then(|id| world.messages.get(&id)) {
        told["interaction"]["response_message_id"] = render::id(message.id);
        told["interaction"]["response_message_loading"] = json!(message.flags & LOADING != 0);
        told["interaction"]["response_message_ephemeral"] = json!(message.flags & EPHEMERAL != 0);
        told["resource"] =
            json!({ "type": call.body["type"], "message": render::message(world, message) });
    }
    told
}

/// Serves `/webhooks/{app}/{token}...` for tokens of interactions.
pub fn webhook(
    shared: &Arc<Shared>,
    world: &mut World,
    call: &Call,
    app: &str,
    token: &str,
    rest: &[&str],
) -> Answer {
    if parse_id(app) != Some(world.bot) {
        return Err(unknown_webhook());
    }
    let interaction = world
        .by_token(token)
        .cloned()
        .ok_or_else(invalid_webhook_token)?;
    if world.now_ms() > interaction.at_ms + TOKEN_MS {
        return Err(invalid_webhook_token());
    }
    if interaction.response.is_none() || interaction.kind == Kind::Autocomplete {
        return Err(unknown_webhook());
    }
    match (call.method.as_str(), rest) {
        ("POST", []) => follow_up(shared, world, call, &interaction),
        ("GET", ["messages", which]) => {
            let id = find(world, &interaction, which)?;
            Ok(render::message(world, &world.messages[&id]).into())
        }
        ("PATCH", ["messages", which]) => {
            let id = find(world, &interaction, which)?;
            edit(shared, world, id, &call.body, &call.files, "")?;
            Ok(render::message(world, &world.messages[&id]).into())
        }
        ("DELETE", ["messages", which]) => {
            let id = find(world, &interaction, which)?;
            delete(shared, world, id);
            Ok(done())
        }
        _ => Err(not_found()),
    }
}

fn find(world: &World, interaction: &Interaction, which: &str) -> Result<Id, Refusal> {
    let own = interaction.original();
    let id = if which == "@original" {
        own
    } else {
        parse_id(which).filter(|id| Some(*id) == own || interaction.followups.contains(id))
    };
    id.filter(|id| {
        world
            .messages
            .get(id)
            .is_some_and(|message| !message.deleted)
    })
    .ok_or_else(unknown_message)
}

fn follow_up(
    shared: &Arc<Shared>,
    world: &mut World,
    call: &Call,
    interaction: &Interaction,
) -> Answer {
    // The first message after "thinking..." takes its place, and is seen by whom the deferral was for.
    if let Some(Response::Deferred(id)) = interaction.response
        && world
            .messages
            .get(&id)
            .is_some_and(|message| message.flags & LOADING != 0 && !message.deleted)
    {
        edit(shared, world, id, &call.body, &call.files, "")?;
        return Ok(render::message(world, &world.messages[&id]).into());
    }
    let ephemeral = call.body["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0;
    let id = create(
        shared,
        world,
        &Draft {
            channel: interaction.channel,
            author: world.bot,
            body: &call.body,
            files: &call.files,
            only_for: ephemeral.then_some(interaction.user),
            interaction: Some(interaction.id),
            place: "",
        },
    )?;
    if let Some(stored) = world.interactions.get_mut(&interaction.id) {
        stored.followups.push(id);
    }
    Ok(Reply::from(render::message(world, &world.messages[&id])))
}
