//! The checks of outgoing calls can fail: each is fed a call that is broken in one way.

use bursar::sandbox::record::Call;
use serde_json::{Value, json};

use crate::desk::{discord_calls, telegram_calls};

fn call(method: &str, path: &str, body: Value) -> Call {
    Call {
        method: method.to_owned(),
        path: path.to_owned(),
        body,
        status: 200,
        answer: Value::Null,
    }
}

/// A message as the bot sends them.
fn message() -> Value {
    json!({
        "embeds": [{ "title": "t", "color": 1, "fields": [{ "name": "n", "value": "v", "inline": true }] }],
        "components": [{ "type": 1, "components": [{ "type": 2, "style": 1, "label": "Go", "custom_id": "go" }] }],
        "allowed_mentions": { "parse": [] },
    })
}

/// The message with one thing changed.
fn with(pointer: &str, value: Value) -> Value {
    let mut message = message();
    *message.pointer_mut(pointer).unwrap() = value;
    message
}

#[test]
fn a_broken_call_to_discord_is_seen() {
    let specification = crate::desk::calls::discord_specification();
    let wrong = |method: &str, path: &str, body: Value| {
        discord_calls::wrong(specification, &call(method, path, body))
    };
    let post = |body| wrong("POST", "/channels/5/messages", body);
    assert_eq!(post(message()), [""; 0]);
    // Twilight alone sees these, with or without the specification.
    let long = "x".repeat(257);
    for broken in [
        with("/embeds/0/title", json!(long)),
        with("/components/0/components/0/label", json!("x".repeat(81))),
        with(
            "/components/0/components/0/custom_id",
            json!("x".repeat(101)),
        ),
        with(
            "/components/0/components",
            json!(vec![message()["components"][0]["components"][0].clone(); 6]),
        ),
        with(
            "/components",
            json!(vec![message()["components"][0].clone(); 6]),
        ),
    ] {
        assert!(!post(broken.clone()).is_empty(), "{broken}");
    }
    let commands = "/applications/5/guilds/6/commands";
    let named =
        |name: &str| json!([{ "name": name, "description": "d", "type": 1, "options": [] }]);
    assert_eq!(wrong("PUT", commands, named("client")), [""; 0]);
    assert!(!wrong("PUT", commands, named("Client Find")).is_empty());
    let modal = |custom_id: &str| {
        json!({ "type": 9, "data": { "custom_id": custom_id, "title": "t", "components": [
        { "type": 1, "components": [{ "type": 4, "custom_id": "a", "label": "A", "style": 1 }] }] } })
    };
    let callback = "/interactions/5/token/callback";
    assert_eq!(wrong("POST", callback, modal("m")), [""; 0]);
    if specification.is_none() {
        return;
    }
    assert!(!wrong("POST", callback, modal(&"m".repeat(101))).is_empty());
    assert!(!wrong("POST", callback, json!({ "type": 99 })).is_empty());
    assert!(!post(with("/embeds/0/color", json!("red"))).is_empty());
    assert!(!post(with("/allowed_mentions/parse", json!(["all"]))).is_empty());
    assert!(!wrong("POST", "/channels/5/letters", message()).is_empty());
    assert!(!wrong("PUT", "/channels/5/messages", message()).is_empty());
    assert!(!wrong("GET", "/channels/5/messages", message()).is_empty());
    assert_eq!(
        wrong("GET", "/channels/5/messages", json!({ "limit": "5" })),
        [""; 0]
    );
}

#[test]
fn a_broken_call_to_telegram_is_seen() {
    let specification = crate::desk::calls::telegram_specification();
    let wrong =
        |path: &str, body: Value| telegram_calls::wrong(specification, &call("POST", path, body));
    let send = || {
        json!({
            "chat_id": 5,
            "text": "t",
            "parse_mode": "HTML",
            "reply_markup": { "inline_keyboard": [[{ "text": "Go", "callback_data": "go" }]] },
        })
    };
    let with = |pointer: &str, value: Value| {
        let mut body = send();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    assert_eq!(wrong("/sendMessage", send()), [""; 0]);
    let mut unknown = send();
    unknown["colour"] = json!("red");
    let mut textless = send();
    textless.as_object_mut().unwrap().remove("text");
    for broken in [
        unknown,
        textless,
        with("/chat_id", json!(true)),
        with("/text", json!(5)),
        with("/parse_mode", json!("Word")),
        with("/reply_markup/inline_keyboard", json!([{ "text": "Go" }])),
        with(
            "/reply_markup/inline_keyboard/0/0",
            json!({ "callback_data": "go" }),
        ),
        with(
            "/reply_markup/inline_keyboard/0/0",
            json!({ "text": "Go", "data": "go" }),
        ),
    ] {
        assert!(
            !wrong("/sendMessage", broken.clone()).is_empty(),
            "{broken}"
        );
    }
    assert!(!wrong("/sendLetter", send()).is_empty());
    assert!(!wrong("/getMe", send()).is_empty());
    assert_eq!(wrong("/getMe", Value::Null), [""; 0]);
    if specification.is_some() {
        // Frankenstein takes a text or none; the Bot API asks for one.
        let edit = json!({ "chat_id": 5, "message_id": 6 });
        let told = wrong("/editMessageText", edit);
        assert!(
            told.iter().all(|what| what.contains("editMessageText")),
            "{told:?}"
        );
    }
}

#[test]
fn a_broken_call_with_a_file_is_seen() {
    let specification = crate::desk::calls::discord_specification();
    let wrong = |method: &str, path: &str, body: &Value| {
        discord_calls::wrong(specification, &call(method, path, body.clone()))
    };
    let mut sent = message();
    sent["attachments"] = json!([{ "id": "0", "filename": "a.png" }]);
    sent["embeds"][0]["image"] = json!({ "url": "attachment://a.png" });
    let mut answer = json!({ "type": 4, "data": sent });
    let mut broken = sent.clone();
    for body in [&mut sent, &mut answer, &mut broken] {
        body["files[0]"] = json!("a.png");
    }
    let original = "/webhooks/5/token/messages/@original";
    for (method, path, body) in [
        ("POST", "/channels/5/messages", &sent),
        ("PATCH", "/channels/5/messages/6", &sent),
        ("POST", "/webhooks/5/token", &sent),
        ("PATCH", original, &sent),
        ("POST", "/interactions/5/token/callback", &answer),
    ] {
        assert_eq!(wrong(method, path, body), [""; 0], "{method} {path}");
    }
    broken["embeds"][0]["title"] = json!("x".repeat(257));
    assert!(!wrong("PATCH", original, &broken).is_empty());
    if specification.is_some() {
        broken["embeds"][0]["title"] = json!("t");
        broken["attachments"] = json!([{ "filename": "a.png" }]);
        assert!(!wrong("PATCH", original, &broken).is_empty());
    }

    let specification = crate::desk::calls::telegram_specification();
    let wrong =
        |path: &str, body: Value| telegram_calls::wrong(specification, &call("POST", path, body));
    let send = |markup: Value| {
        json!({
            "chat_id": "5",
            "photo": "a.png",
            "caption": "c",
            "parse_mode": "HTML",
            "reply_markup": markup.to_string(),
            "reply_parameters": json!({ "message_id": 7 }).to_string(),
        })
    };
    let keyboard = json!({ "inline_keyboard": [[{ "text": "Go", "callback_data": "go" }]] });
    assert_eq!(wrong("/sendPhoto", send(keyboard.clone())), [""; 0]);
    let unlabelled = json!({ "inline_keyboard": [[{ "callback_data": "go" }]] });
    assert!(!wrong("/sendPhoto", send(unlabelled)).is_empty());
    assert!(!wrong("/sendDocument", send(keyboard)).is_empty());
}
