//! The rules of messages: content, embeds, flags, nonces.

use serde_json::Value;

use super::components;
use crate::sandbox::discord::model::COMPONENTS_V2;
use crate::sandbox::discord::refusal::{Form, Refusal, join, refuse};

/// Checks what is given of a message; `v2` when it is or becomes a Components V2 message. Faults lie below `place`.
pub fn body(form: &mut Form, body: &Value, v2: bool) {
    form.text("", body, "content", false, 0, 2_000);
    let embeds = form.list("", body, "embeds");
    form.count("embeds", embeds.len(), 0, 10);
    let mut total = 0;
    for (at, one) in embeds.iter().enumerate() {
        embed(form, &join("embeds", at), one);
        total += characters(one);
        if total > 6_000 {
            let message = "Embed size exceeds maximum size of 6000";
            form.fault(&join("embeds", at), "MAX_EMBED_SIZE_EXCEEDED", message);
        }
    }
    let components = form.list("", body, "components");
    components::message(form, components, v2);
    if v2 {
        for key in ["content", "embeds", "poll", "sticker_ids"] {
            let given = &body[key];
            if given.as_str().is_some_and(|text| !text.is_empty())
                || given.as_array().is_some_and(|list| !list.is_empty())
            {
                let message = format!(
                    "The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                );
                form.fault(
                    key,
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    message,
                );
            }
        }
    }
    form.integer("", body, "flags", 0, i64::MAX);
    form.boolean("", body, "tts");
    match &body["nonce"] {
        Value::String(nonce) => form.length("nonce", nonce, 0, 25),
        Value::Null | Value::Number(_) => {}
        _ => form.fault(
            "nonce",
            "NONCE_TYPE_INVALID",
            "Only strings and integers may be used as a nonce.",
        ),
    }
    mentions(form, &body["allowed_mentions"]);
}

/// The files that embeds show; each must be among these names.
pub fn pictures(form: &mut Form, body: &Value, names: &[String]) {
    let embeds = body["embeds"].as_array().into_iter().flatten();
    for (at, embed) in embeds.enumerate() {
        for part in ["image", "thumbnail"] {
            let url = embed[part]["url"].as_str().unwrap_or_default();
            let Some(name) = url.strip_prefix("attachment://") else {
                continue;
            };
            if !names.iter().any(|one| one == name) {
                let place = join(&join(&join("embeds", at), part), "url");
                let message = format!("The referenced attachment {name} was not found");
                form.fault(&place, "EMBED_ATTACHMENT_NOT_FOUND", message);
            }
        }
    }
}

/// Whether a message of this body is a Components V2 message.
pub fn is_v2(body: &Value) -> bool {
    body["flags"].as_u64().unwrap_or(0) & COMPONENTS_V2 != 0
}

/// 50006 for a message without anything in it.
pub fn empty() -> Refusal {
    refuse(400, 50006, "Cannot send an empty message")
}

fn embed(form: &mut Form, place: &str, embed: &Value) {
    if !embed.is_object() {
        form.fault(
            place,
            "MODEL_TYPE_CONVERT",
            "Only dictionaries may be used in a ModelType",
        );
        return;
    }
    form.text(place, embed, "title", false, 0, 256);
    form.text(place, embed, "description", false, 0, 4_096);
    form.integer(place, embed, "color", 0, 0xFF_FFFF);
    let fields = form.list(place, embed, "fields");
    form.count(&join(place, "fields"), fields.len(), 0, 25);
    for (at, field) in fields.iter().enumerate() {
        let place = join(&join(place, "fields"), at);
        form.text(&place, field, "name", true, 1, 256);
        form.text(&place, field, "value", true, 1, 1_024);
        form.boolean(&place, field, "inline");
    }
    for (part, key, most) in [("footer", "text", 2_048), ("author", "name", 256)] {
        if !embed[part].is_null() {
            form.text(&join(place, part), &embed[part], key, true, 1, most);
        }
    }
    for (part, key) in [
        ("image", "url"),
        ("thumbnail", "url"),
        ("footer", "icon_url"),
        ("author", "icon_url"),
    ] {
        if let Some(url) = embed[part][key].as_str() {
            let place = join(&join(place, part), key);
            form.length(&place, url, 0, 2_048);
            components::check_url(form, &place, url, &["http://", "https://", "attachment://"]);
        }
    }
    if let Some(url) = form.text(place, embed, "url", false, 0, 2_048)
        && !url.is_empty()
    {
        components::check_url(form, &join(place, "url"), url, &["http://", "https://"]);
    }
    if let Some(moment) = embed["timestamp"].as_str() {
        let format = &time::format_description::well_known::Iso8601::DEFAULT;
        if time::OffsetDateTime::parse(moment, format).is_err() {
            let message = format!("Could not parse {moment}. Should be ISO8601.");
            form.fault(&join(place, "timestamp"), "DATE_TIME_TYPE_PARSE", message);
        }
    }
    if is_empty(embed) {
        form.missing(&join(place, "description"));
    }
}

fn is_empty(embed: &Value) -> bool {
    let text = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
    let part = |key: &str| embed[key].is_object();
    !(text(&embed["title"])
        || text(&embed["description"])
        || embed["fields"]
            .as_array()
            .is_some_and(|fields| !fields.is_empty())
        || part("image")
        || part("thumbnail")
        || part("footer")
        || part("author"))
}

/// The characters that count towards the sum over all embeds.
fn characters(embed: &Value) -> usize {
    let count = |value: &Value| value.as_str().map_or(0, |text| text.trim().chars().count());
    let fields = embed["fields"].as_array().into_iter().flatten();
    count(&embed["title"])
        + count(&embed["description"])
        + count(&embed["footer"]["text"])
        + count(&embed["author"]["name"])
        + fields
            .map(|field| count(&field["name"]) + count(&field["value"]))
            .sum::<usize>()
}

fn mentions(form: &mut Form, allowed: &Value) {
    if allowed.is_null() {
        return;
    }
    let place = "allowed_mentions";
    let parse = form.list(place, allowed, "parse");
    for (at, kind) in parse.iter().enumerate() {
        if !matches!(kind.as_str(), Some("users" | "roles" | "everyone")) {
            form.not_one_of(
                &join("allowed_mentions/parse", at),
                "'everyone', 'roles', 'users'",
            );
        }
    }
    for key in ["users", "roles"] {
        let ids = form.list(place, allowed, key);
        form.count(&join(place, key), ids.len(), 0, 100);
        if !ids.is_empty() && parse.iter().any(|kind| kind.as_str() == Some(key)) {
            let message = format!("parse:[\"{key}\"] and {key}: [ids...] are mutually exclusive.");
            form.fault(place, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
        }
    }
}
