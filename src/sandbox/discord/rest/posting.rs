//! The one way in which any message comes to be, changes and goes: for calls, answers to interactions, and people.

use std::sync::Arc;

use serde_json::{Value, json};

use super::parse_id;
use crate::sandbox::discord::driver::plain;
use crate::sandbox::discord::model::{
    Attachment, COMPONENTS_V2, EPHEMERAL, Id, LOADING, Message, World,
};
use crate::sandbox::discord::refusal::{Form, Refusal, join, refuse, unknown_message};
use crate::sandbox::discord::render;
use crate::sandbox::discord::rules::{components, messages as rules};
use crate::sandbox::discord::sessions::{DIRECT_MESSAGES, Event, GUILD_MESSAGES, dispatch};
use crate::sandbox::discord::shared::Shared;

/// Flags that a sender may set: no embeds, no notification, Components V2.
const SENDERS_FLAGS: u64 = (1 << 2) | (1 << 12) | COMPONENTS_V2;

/// The most bytes of all files of a call.
const FILES_BYTES: usize = 10 * 1024 * 1024;

/// A file that came with a call.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The `n` of `files[n]`.
    pub number: u64,
    /// Its name.
    pub filename: String,
    /// Its media type.
    pub content_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A message to be.
pub struct Draft<'a> {
    /// Where.
    pub channel: Id,
    /// By whom.
    pub author: Id,
    /// As it came.
    pub body: &'a Value,
    /// With it.
    pub files: &'a [Upload],
    /// The only person to see it.
    pub only_for: Option<Id>,
    /// What it answers.
    pub interaction: Option<Id>,
    /// Where its faults lie in the form.
    pub place: &'static str,
}

/// Checks a draft and makes it a message that people see and, if it is for all, the bot hears of.
pub fn create(shared: &Arc<Shared>, world: &mut World, draft: &Draft<'_>) -> Result<Id, Refusal> {
    let body = draft.body;
    let v2 = rules::is_v2(body);
    let mut form = Form::under(draft.place);
    rules::body(&mut form, body, v2);
    let described = described(&mut form, body, draft.files)?;
    rules::pictures(&mut form, body, &names(draft.files, &described));
    let reply_to = reply_to(&mut form, world, draft);
    form.finish()?;
    let text = body["content"].as_str().unwrap_or_default().trim();
    let filled = |key: &str| body[key].as_array().is_some_and(|list| !list.is_empty());
    let anything = filled("components")
        || (!v2
            && (!text.is_empty()
                || filled("embeds")
                || !draft.files.is_empty()
                || filled("sticker_ids")));
    if !anything {
        return Err(rules::empty());
    }
    let id = world.next_id();
    let attachments = store(world, draft.files, &described);
    let ephemeral = if draft.only_for.is_some() {
        EPHEMERAL
    } else {
        0
    };
    let (mentions, mention_everyone) = mentions(world, text, body);
    let message = Message {
        id,
        channel: draft.channel,
        author: draft.author,
        content: text.to_owned(),
        embeds: body["embeds"].as_array().cloned().unwrap_or_default(),
        components: components::number(body["components"].as_array().map_or(&[], Vec::as_slice)),
        flags: (body["flags"].as_u64().unwrap_or(0) & SENDERS_FLAGS) | ephemeral,
        attachments,
        sent_ms: world.now_ms(),
        edited_ms: None,
        deleted: false,
        nonce: body["nonce"].clone(),
        only_for: draft.only_for,
        interaction: draft.interaction,
        reply_to,
        mentions,
        mention_everyone,
        revision: 0,
    };
    insert(shared, world, message);
    Ok(id)
}

/// Puts a finished message into its channel.
pub fn insert(shared: &Arc<Shared>, world: &mut World, message: Message) {
    let id = message.id;
    world.messages.insert(id, message);
    narrate(world, id, "");
    tell(shared, world, id, "MESSAGE_CREATE");
}

/// Changes a message by what `body` gives; what it leaves out stays.
pub fn edit(
    shared: &Arc<Shared>,
    world: &mut World,
    id: Id,
    body: &Value,
    files: &[Upload],
    place: &'static str,
) -> Result<(), Refusal> {
    let Some(old) = world.messages.get(&id).filter(|message| !message.deleted) else {
        return Err(unknown_message());
    };
    let mut new = old.clone();
    let v2 = rules::is_v2(body) || old.flags & COMPONENTS_V2 != 0;
    let mut form = Form::under(place);
    rules::body(&mut form, body, v2);
    let described = described(&mut form, body, files)?;
    let stays = |id: &Id| {
        let listed = body["attachments"].is_array();
        !listed || described.iter().any(|(number, _)| number == id)
    };
    let there = old.attachments.iter().filter(|id| stays(id));
    let there = there.filter_map(|id| Some(world.attachments.get(id)?.filename.clone()));
    let mut names = names(files, &described);
    names.extend(there);
    rules::pictures(&mut form, body, &names);
    form.finish()?;
    let given = |key: &str| {
        body.get(key)
            .map(|value| value.as_array().cloned().unwrap_or_default())
    };
    if let Some(content) = body.get("content") {
        content
            .as_str()
            .unwrap_or_default()
            .trim()
            .clone_into(&mut new.content);
        (new.mentions, new.mention_everyone) = mentions(world, &new.content, body);
    }
    if let Some(embeds) = given("embeds") {
        new.embeds = embeds;
    }
    if let Some(components) = given("components") {
        new.components = components::number(&components);
    }
    if let Some(kept) = given("attachments") {
        let kept: Vec<Id> = kept
            .iter()
            .filter_map(|one| one["id"].as_str().and_then(parse_id))
            .collect();
        new.attachments.retain(|file| kept.contains(file));
    }
    if v2 && old.flags & COMPONENTS_V2 == 0 {
        // The legacy fields must be cleared in the same edit.
        if !new.content.is_empty() || !new.embeds.is_empty() {
            let mut form = Form::under(place);
            let message = "Legacy content must be removed when switching to Components V2";
            form.fault(
                "flags",
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                message,
            );
            form.finish()?;
        }
        new.flags |= COMPONENTS_V2;
    }
    if let Some(flags) = body["flags"].as_u64() {
        new.flags = (new.flags & !(1 << 2)) | (flags & (1 << 2));
    }
    let files_left = !new.attachments.is_empty() || !files.is_empty();
    if new.content.is_empty() && new.embeds.is_empty() && new.components.is_empty() && !files_left {
        return Err(rules::empty());
    }
    new.attachments.extend(store(world, files, &described));
    if new.flags & LOADING == 0 {
        new.edited_ms = Some(world.now_ms());
    }
    let was_loading = new.flags & LOADING != 0;
    new.flags &= !LOADING;
    new.revision += 1;
    world.messages.insert(id, new);
    narrate(world, id, if was_loading { "" } else { "(edited) " });
    tell(shared, world, id, "MESSAGE_UPDATE");
    Ok(())
}

/// Takes a message away.
pub fn delete(shared: &Arc<Shared>, world: &mut World, id: Id) {
    if let Some(message) = world.messages.get_mut(&id) {
        message.deleted = true;
        message.revision += 1;
    }
    narrate(world, id, "(deleted) ");
    tell(shared, world, id, "MESSAGE_DELETE");
}

fn narrate(world: &mut World, id: Id, what: &str) {
    let Some(message) = world.messages.get(&id) else {
        return;
    };
    let only = message
        .only_for
        .map(|who| format!(" (only {} sees)", world.user_name(who)));
    let text = if message.deleted {
        String::new()
    } else {
        plain(world, message)
    };
    let line = format!(
        "{}{}: {what}{text}",
        world.user_name(message.author),
        only.unwrap_or_default()
    );
    world.note(message.channel, &line);
}

/// Tells the bot, as its intents say. Ephemeral messages are between Discord and the person.
fn tell(shared: &Arc<Shared>, world: &mut World, id: Id, name: &'static str) {
    let Some(message) = world
        .messages
        .get(&id)
        .filter(|message| message.only_for.is_none())
    else {
        return;
    };
    let guild = world
        .channels
        .get(&message.channel)
        .and_then(|channel| channel.guild);
    let mut data = if name == "MESSAGE_DELETE" {
        json!({ "id": render::id(id), "channel_id": render::id(message.channel) })
    } else {
        render::message(world, message)
    };
    if let Some(guild) = guild {
        data["guild_id"] = render::id(guild);
        if name != "MESSAGE_DELETE" {
            data["member"] = render::member(world, guild, message.author, false);
        }
    }
    let intent = if guild.is_some() {
        GUILD_MESSAGES
    } else {
        DIRECT_MESSAGES
    };
    let mut event = Event::new(name, intent, data);
    let mentioned = message.mentions.contains(&world.bot);
    event.private_content =
        name != "MESSAGE_DELETE" && guild.is_some() && message.author != world.bot && !mentioned;
    dispatch(shared, world, event);
}

/// Descriptions and names of files from `attachments`, each of which must have come along or exist.
fn described(
    form: &mut Form,
    body: &Value,
    files: &[Upload],
) -> Result<Vec<(u64, Value)>, Refusal> {
    if files.iter().map(|file| file.bytes.len()).sum::<usize>() > FILES_BYTES {
        return Err(refuse(413, 40005, "Request entity too large"));
    }
    let mut found = Vec::new();
    for (at, one) in form
        .list("", body, "attachments")
        .to_vec()
        .iter()
        .enumerate()
    {
        let number = one["id"]
            .as_u64()
            .or_else(|| one["id"].as_str().and_then(parse_id));
        let Some(number) = number else {
            form.missing(&join(&join("attachments", at), "id"));
            continue;
        };
        // Small numbers are `files[n]`, large ones the ids of files already there.
        if number < 1_000 && !files.iter().any(|file| file.number == number) {
            let message = "Attachment data not found";
            form.fault(
                &join(&join("attachments", at), "id"),
                "ATTACHMENT_NOT_FOUND",
                message,
            );
        }
        form.text(
            &join("attachments", at),
            one,
            "description",
            false,
            0,
            1_024,
        );
        found.push((number, one.clone()));
    }
    if files.len() > 10 {
        form.count("attachments", files.len(), 0, 10);
    }
    Ok(found)
}

/// What each file is called: by the name it came with, or by the one that it is given.
fn name<'a>(file: &'a Upload, described: &'a [(u64, Value)]) -> &'a str {
    let told = described.iter().find(|(number, _)| *number == file.number);
    let told = told.and_then(|(_, told)| told["filename"].as_str());
    told.unwrap_or(&file.filename)
}

fn names(files: &[Upload], described: &[(u64, Value)]) -> Vec<String> {
    let names = files.iter().map(|file| name(file, described).to_owned());
    names.collect()
}

fn store(world: &mut World, files: &[Upload], described: &[(u64, Value)]) -> Vec<Id> {
    let mut ids = Vec::new();
    for file in files {
        let id = world.next_id();
        let told = described
            .iter()
            .find(|(number, _)| *number == file.number)
            .map(|(_, told)| told);
        let text = |key: &str| told.and_then(|told| told[key].as_str()).map(str::to_owned);
        world.attachments.insert(
            id,
            Attachment {
                id,
                filename: name(file, described).to_owned(),
                content_type: file.content_type.clone(),
                description: text("description"),
                bytes: file.bytes.clone(),
            },
        );
        ids.push(id);
    }
    ids
}

fn reply_to(form: &mut Form, world: &World, draft: &Draft<'_>) -> Option<Id> {
    let reference = &draft.body["message_reference"];
    let id = reference["message_id"]
        .as_str()
        .and_then(parse_id)
        .or_else(|| reference["message_id"].as_u64())?;
    let there = world
        .messages
        .get(&id)
        .is_some_and(|message| message.channel == draft.channel && !message.deleted);
    if !there && reference["fail_if_not_exists"] != json!(false) {
        form.fault(
            "message_reference",
            "MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
            "Unknown message",
        );
    }
    there.then_some(id)
}

/// Who a text notifies, as far as `allowed_mentions` lets it.
fn mentions(world: &World, text: &str, body: &Value) -> (Vec<Id>, bool) {
    let allowed = &body["allowed_mentions"];
    let may = |kind: &str| {
        allowed.is_null()
            || allowed["parse"]
                .as_array()
                .is_some_and(|parse| parse.iter().any(|one| one.as_str() == Some(kind)))
    };
    let listed = |id: Id| {
        let users = allowed["users"].as_array().into_iter().flatten();
        users
            .filter_map(Value::as_str)
            .any(|one| parse_id(one) == Some(id))
    };
    let mut users = Vec::new();
    for part in text.split("<@").skip(1) {
        let inner = part
            .split('>')
            .next()
            .unwrap_or_default()
            .trim_start_matches('!');
        if let Some(id) = parse_id(inner)
            && world.users.contains_key(&id)
            && (may("users") || listed(id))
            && !users.contains(&id)
        {
            users.push(id);
        }
    }
    let everyone = (text.contains("@everyone") || text.contains("@here")) && may("everyone");
    (users, everyone)
}
