//! What the real server refuses, over raw HTTP: one test for each line of the checklist.

use std::time::Duration;

use serde_json::{Value, json};

use super::{call, refused, served, start, updates};
use crate::sandbox::faults::{Fault, Rule};
use crate::sandbox::telegram::{Person, Telegram};

/// A Telegram in which Ada has pressed Start, and the bot knows.
async fn with_ada() -> (Telegram, Person) {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    ada.start(None).await;
    updates(&telegram).await;
    (telegram, ada)
}

async fn check(telegram: &Telegram, method: &str, parameters: Value, code: u16, description: &str) {
    let shown = parameters.to_string();
    let answer = refused(telegram, method, parameters).await;
    assert_eq!(
        answer,
        (code, description.to_owned()),
        "{method} {}",
        &shown[..shown.len().min(200)]
    );
}

/// Sends this keyboard and expects the refusal.
async fn keyboard(rows: Value, description: &str) {
    let (telegram, ada) = with_ada().await;
    let parameters =
        json!({ "chat_id": ada.id(), "text": "x", "reply_markup": { "inline_keyboard": rows } });
    check(&telegram, "sendMessage", parameters, 400, description).await;
    telegram.expect_quiet().await;
}

fn buttons(count: usize) -> Vec<Value> {
    let button = |number: usize| json!({ "text": format!("b{number}"), "callback_data": number.to_string() });
    (0..count).map(button).collect()
}

#[tokio::test]
async fn wrong_tokens() {
    let telegram = start().await;
    let url = format!("{}/bot1:wrong/getMe", telegram.api_url());
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(answer.status(), 401);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(
        body,
        json!({ "ok": false, "error_code": 401, "description": "Unauthorized" })
    );
}

#[tokio::test]
async fn unknown_methods() {
    let telegram = start().await;
    check(
        &telegram,
        "sendMoney",
        json!({}),
        404,
        "Not Found: method not found",
    )
    .await;
    let (status, _) = call(&telegram, "GETME", json!({})).await;
    assert_eq!(status, 200, "method names are compared without case");
}

#[tokio::test]
async fn methods_that_are_not_served_say_so() {
    let telegram = start().await;
    let (code, description) = refused(&telegram, "sendDice", json!({ "chat_id": 1 })).await;
    assert_eq!(code, 501, "{description}");
}

#[tokio::test]
async fn unknown_parameters() {
    let (telegram, ada) = with_ada().await;
    let parameters = json!({ "chat_id": ada.id(), "text": "x", "colour": "red" });
    check(
        &telegram,
        "sendMessage",
        parameters,
        400,
        "Bad Request: sendMessage has no parameter \"colour\"",
    )
    .await;
}

#[tokio::test]
async fn missing_parameters() {
    let (telegram, ada) = with_ada().await;
    check(
        &telegram,
        "sendMessage",
        json!({ "text": "x" }),
        400,
        "Bad Request: chat_id is empty",
    )
    .await;
    check(
        &telegram,
        "sendMessage",
        json!({ "chat_id": ada.id() }),
        400,
        "Bad Request: message text is empty",
    )
    .await;
    let missing = "Bad Request: parameter \"callback_query_id\" is required";
    check(&telegram, "answerCallbackQuery", json!({}), 400, missing).await;
}

#[tokio::test]
async fn callback_data_of_65_bytes() {
    let row = |data: &str| json!([[{ "text": "x", "callback_data": data }]]);
    keyboard(row(&"x".repeat(65)), "Bad Request: BUTTON_DATA_INVALID").await;
    // 33 letters of two bytes each.
    keyboard(row(&"é".repeat(33)), "Bad Request: BUTTON_DATA_INVALID").await;
    keyboard(row(""), "Bad Request: BUTTON_DATA_INVALID").await;
}

#[tokio::test]
async fn nine_buttons_in_a_row() {
    let why = "Bad Request: reply markup is too long: a row holds at most 8 buttons";
    keyboard(json!([buttons(9)]), why).await;
}

#[tokio::test]
async fn a_hundred_and_one_buttons() {
    let rows: Vec<Vec<Value>> = buttons(101).chunks(8).map(<[Value]>::to_vec).collect();
    keyboard(json!(rows), "Bad Request: reply markup is too long").await;
}

#[tokio::test]
async fn buttons_with_no_or_two_actions() {
    let none = "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard";
    keyboard(json!([[{ "text": "x" }]]), none).await;
    let two = "Bad Request: can't parse inline keyboard button: exactly one action is allowed";
    keyboard(
        json!([[{ "text": "x", "callback_data": "y", "url": "https://a.example" }]]),
        two,
    )
    .await;
    let url = "Bad Request: inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL";
    keyboard(json!([[{ "text": "x", "url": "nowhere" }]]), url).await;
}

#[tokio::test]
async fn keyboards_up_to_the_limits_are_taken() {
    let (telegram, ada) = with_ada().await;
    let mut rows: Vec<Vec<Value>> = buttons(100).chunks(8).map(<[Value]>::to_vec).collect();
    rows[0][0]["callback_data"] = json!("x".repeat(64));
    let markup = json!({ "inline_keyboard": rows });
    let sent = served(
        &telegram,
        "sendMessage",
        json!({ "chat_id": ada.id(), "text": "x", "reply_markup": markup }),
    )
    .await;
    assert_eq!(sent["reply_markup"], markup);
}

#[tokio::test]
async fn texts_of_4097_characters() {
    let (telegram, ada) = with_ada().await;
    let text = |text: String| json!({ "chat_id": ada.id(), "text": text, "parse_mode": "HTML" });
    check(
        &telegram,
        "sendMessage",
        text("x".repeat(4097)),
        400,
        "Bad Request: message is too long",
    )
    .await;
    let sent = served(
        &telegram,
        "sendMessage",
        text(format!("<b>{}</b>", "x".repeat(4096))),
    )
    .await;
    let edit =
        json!({ "chat_id": ada.id(), "message_id": sent["message_id"], "text": "x".repeat(4097) });
    check(
        &telegram,
        "editMessageText",
        edit,
        400,
        "Bad Request: message is too long",
    )
    .await;
}

#[tokio::test]
async fn empty_texts() {
    let (telegram, ada) = with_ada().await;
    for text in ["", "  \n ", "<b> </b>"] {
        let parameters = json!({ "chat_id": ada.id(), "text": text, "parse_mode": "HTML" });
        check(
            &telegram,
            "sendMessage",
            parameters,
            400,
            "Bad Request: message text is empty",
        )
        .await;
    }
}

#[tokio::test]
async fn captions_of_1025_characters() {
    let (telegram, ada) = with_ada().await;
    let photo = ada.send_photo("").await;
    let file = photo.json()["file"].clone();
    let parameters = json!({ "chat_id": ada.id(), "photo": file, "caption": "x".repeat(1025) });
    check(
        &telegram,
        "sendPhoto",
        parameters,
        400,
        "Bad Request: message caption is too long",
    )
    .await;
    served(
        &telegram,
        "sendPhoto",
        json!({ "chat_id": ada.id(), "photo": file, "caption": "x".repeat(1024) }),
    )
    .await;
}

#[tokio::test]
async fn files_that_nobody_sent() {
    let (telegram, ada) = with_ada().await;
    let parameters = json!({ "chat_id": ada.id(), "photo": "AgAC" });
    check(
        &telegram,
        "sendPhoto",
        parameters,
        400,
        "Bad Request: wrong file identifier/HTTP URL specified",
    )
    .await;
    check(
        &telegram,
        "getFile",
        json!({ "file_id": "AgAC" }),
        400,
        "Bad Request: invalid file_id",
    )
    .await;
}

#[tokio::test]
async fn broken_html_and_markdown() {
    let (telegram, ada) = with_ada().await;
    for (mode, text, why) in [
        (
            "HTML",
            "a <b>c",
            "Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            "HTML",
            "1 < 2",
            "Unsupported start tag \"\" at byte offset 2",
        ),
        (
            "HTML",
            "<p>x</p>",
            "Unsupported start tag \"p\" at byte offset 0",
        ),
        (
            "MarkdownV2",
            "1.5",
            "Character '.' is reserved and must be escaped with the preceding '\\'",
        ),
    ] {
        let parameters = json!({ "chat_id": ada.id(), "text": text, "parse_mode": mode });
        let description = format!("Bad Request: can't parse entities: {why}");
        check(&telegram, "sendMessage", parameters, 400, &description).await;
    }
}

#[tokio::test]
async fn edits_that_change_nothing() {
    let (telegram, ada) = with_ada().await;
    let markup = json!({ "inline_keyboard": [buttons(1)] });
    let sent = json!({ "chat_id": ada.id(), "text": "<b>x</b>", "parse_mode": "HTML", "reply_markup": markup });
    let id = served(&telegram, "sendMessage", sent).await["message_id"].clone();
    let edit = |text: &str, markup: &Value| json!({ "chat_id": ada.id(), "message_id": id, "text": text, "parse_mode": "HTML", "reply_markup": markup });
    let why = "Bad Request: message is not modified: specified new message content and reply markup are exactly the \
               same as a current content and reply markup of the message";
    check(
        &telegram,
        "editMessageText",
        edit("<b>x</b>", &markup),
        400,
        why,
    )
    .await;
    let keyboard = json!({ "chat_id": ada.id(), "message_id": id, "reply_markup": markup });
    check(&telegram, "editMessageReplyMarkup", keyboard, 400, why).await;
    served(&telegram, "editMessageText", edit("x", &markup)).await;
}

#[tokio::test]
async fn edits_of_what_is_not_there_or_not_the_bots() {
    let (telegram, ada) = with_ada().await;
    let edit = |id: i64| json!({ "chat_id": ada.id(), "message_id": id, "text": "y" });
    check(
        &telegram,
        "editMessageText",
        edit(999),
        400,
        "Bad Request: message to edit not found",
    )
    .await;
    let hers = ada.send("x").await;
    check(
        &telegram,
        "editMessageText",
        edit(hers.id()),
        400,
        "Bad Request: message can't be edited",
    )
    .await;
    let nothing = json!({ "text": "y" });
    check(
        &telegram,
        "editMessageText",
        nothing,
        400,
        "Bad Request: chat_id is empty",
    )
    .await;
    let sent = served(
        &telegram,
        "sendMessage",
        json!({ "chat_id": ada.id(), "text": "x" }),
    )
    .await;
    let caption = json!({ "chat_id": ada.id(), "message_id": sent["message_id"], "caption": "y" });
    let why = "Bad Request: there is no caption in the message to edit";
    check(&telegram, "editMessageCaption", caption, 400, why).await;
}

#[tokio::test]
async fn deleting_what_is_not_there_or_too_old() {
    let (telegram, ada) = with_ada().await;
    let delete = |id: &Value| json!({ "chat_id": ada.id(), "message_id": id });
    let why = "Bad Request: message to delete not found";
    check(&telegram, "deleteMessage", delete(&json!(999)), 400, why).await;
    let sent = served(
        &telegram,
        "sendMessage",
        json!({ "chat_id": ada.id(), "text": "x" }),
    )
    .await;
    telegram.pass_time(Duration::from_secs(48 * 3600 + 1));
    let why = "Bad Request: message can't be deleted for everyone";
    check(
        &telegram,
        "deleteMessage",
        delete(&sent["message_id"]),
        400,
        why,
    )
    .await;
}

#[tokio::test]
async fn unknown_chats() {
    let telegram = start().await;
    let why = "Bad Request: chat not found";
    for chat in [
        json!(12345),
        json!("@nobody"),
        json!("ada"),
        json!(-100_123),
    ] {
        check(
            &telegram,
            "sendMessage",
            json!({ "chat_id": chat, "text": "x" }),
            400,
            why,
        )
        .await;
    }
}

#[tokio::test]
async fn people_who_never_pressed_start() {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    let why = "Forbidden: bot can't initiate conversation with a user";
    check(
        &telegram,
        "sendMessage",
        json!({ "chat_id": ada.id(), "text": "x" }),
        403,
        why,
    )
    .await;
    check(
        &telegram,
        "getChat",
        json!({ "chat_id": ada.id() }),
        400,
        "Bad Request: chat not found",
    )
    .await;
}

#[tokio::test]
async fn people_who_blocked_the_bot() {
    let (telegram, ada) = with_ada().await;
    ada.block_bot();
    let send = json!({ "chat_id": ada.id(), "text": "x" });
    check(
        &telegram,
        "sendMessage",
        send.clone(),
        403,
        "Forbidden: bot was blocked by the user",
    )
    .await;
    let update = &updates(&telegram).await[0]["my_chat_member"];
    assert_eq!(update["new_chat_member"]["status"], "kicked");
    ada.unblock_bot();
    served(&telegram, "sendMessage", send).await;
}

#[tokio::test]
async fn groups_that_threw_the_bot_out() {
    let (telegram, ada) = with_ada().await;
    let group = telegram.supergroup("Desk", &[&ada]);
    group.remove_bot();
    let why = "Forbidden: bot was kicked from the supergroup chat";
    check(
        &telegram,
        "sendMessage",
        json!({ "chat_id": group.id(), "text": "x" }),
        403,
        why,
    )
    .await;
}

#[tokio::test]
async fn groups_that_became_supergroups() {
    let (telegram, ada) = with_ada().await;
    let group = telegram.group("Desk", &[&ada]);
    let new = group.upgrade().await;
    let (status, answer) = call(
        &telegram,
        "sendMessage",
        json!({ "chat_id": group.id(), "text": "x" }),
    )
    .await;
    assert_eq!(status, 400);
    assert_eq!(
        answer["description"],
        "Bad Request: group chat was upgraded to a supergroup chat"
    );
    assert_eq!(
        answer["parameters"],
        json!({ "migrate_to_chat_id": new.id() })
    );
    let told: Vec<Value> = updates(&telegram).await;
    assert!(
        told.iter()
            .any(|update| update["message"]["migrate_to_chat_id"] == new.id())
    );
    assert!(
        told.iter()
            .any(|update| update["message"]["migrate_from_chat_id"] == group.id())
    );
}

/// Sends a button and presses it: the query's id.
async fn pressed(telegram: &Telegram, ada: &Person) -> String {
    let markup = json!({ "inline_keyboard": [buttons(1)] });
    served(
        telegram,
        "sendMessage",
        json!({ "chat_id": ada.id(), "text": "x", "reply_markup": markup }),
    )
    .await;
    let message = ada.next_message().await;
    ada.press(&message, "b0").await.id().to_owned()
}

const TOO_OLD: &str =
    "Bad Request: query is too old and response timeout expired or query ID is invalid";

#[tokio::test]
async fn a_press_answered_twice() {
    let (telegram, ada) = with_ada().await;
    let answer = json!({ "callback_query_id": pressed(&telegram, &ada).await });
    served(&telegram, "answerCallbackQuery", answer.clone()).await;
    check(&telegram, "answerCallbackQuery", answer, 400, TOO_OLD).await;
}

#[tokio::test]
async fn a_press_answered_too_late_or_never_made() {
    let (telegram, ada) = with_ada().await;
    let answer = json!({ "callback_query_id": pressed(&telegram, &ada).await });
    telegram.pass_time(Duration::from_secs(150));
    check(&telegram, "answerCallbackQuery", answer, 400, TOO_OLD).await;
    assert_eq!(
        telegram.pending_updates(),
        0,
        "a press waits 150 seconds for the bot"
    );
    check(
        &telegram,
        "answerCallbackQuery",
        json!({ "callback_query_id": "1" }),
        400,
        TOO_OLD,
    )
    .await;
}

#[tokio::test]
async fn answers_of_201_characters() {
    let (telegram, ada) = with_ada().await;
    let id = pressed(&telegram, &ada).await;
    let answer = |length: usize| json!({ "callback_query_id": id, "text": "x".repeat(length) });
    check(
        &telegram,
        "answerCallbackQuery",
        answer(201),
        400,
        "Bad Request: MESSAGE_TOO_LONG",
    )
    .await;
    served(&telegram, "answerCallbackQuery", answer(200)).await;
}

#[tokio::test]
async fn wrong_commands() {
    let telegram = start().await;
    let set = |command: &str, description: &str| json!({ "commands": [{ "command": command, "description": description }] });
    for command in ["Credit", "credit-add", "", "/help", "é", &"x".repeat(33)] {
        let why = "Bad Request: BOT_COMMAND_INVALID";
        check(&telegram, "setMyCommands", set(command, "x"), 400, why).await;
    }
    for description in ["", &"x".repeat(257)] {
        let why = "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID";
        check(&telegram, "setMyCommands", set("x", description), 400, why).await;
    }
    let many = |count: usize| -> Value {
        let command =
            |number: usize| json!({ "command": format!("c{number}"), "description": "x" });
        json!({ "commands": (0..count).map(command).collect::<Vec<_>>() })
    };
    check(
        &telegram,
        "setMyCommands",
        many(101),
        400,
        "Bad Request: BOT_COMMANDS_TOO_MUCH",
    )
    .await;
    served(&telegram, "setMyCommands", many(100)).await;
    let mut language = set("x", "x");
    language["language_code"] = json!("english");
    check(
        &telegram,
        "setMyCommands",
        language,
        400,
        "Bad Request: invalid language code specified",
    )
    .await;
}

#[tokio::test]
async fn replies_to_nothing() {
    let (telegram, ada) = with_ada().await;
    let mut reply =
        json!({ "chat_id": ada.id(), "text": "x", "reply_parameters": { "message_id": 999 } });
    check(
        &telegram,
        "sendMessage",
        reply.clone(),
        400,
        "Bad Request: message to be replied not found",
    )
    .await;
    reply["reply_parameters"]["allow_sending_without_reply"] = json!(true);
    let sent = served(&telegram, "sendMessage", reply).await;
    assert_eq!(sent.get("reply_to_message"), None);
}

#[tokio::test]
async fn deep_links_that_telegram_does_not_open() {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    for payload in ["", "a b", "ä", "a=b", &"x".repeat(65)] {
        let why = ada.try_start(Some(payload)).await.unwrap_err();
        assert!(why.contains("deep link"), "{why}");
    }
    ada.start(Some(&"x".repeat(64))).await;
}

#[tokio::test]
async fn too_many_requests_on_command() {
    let (telegram, ada) = with_ada().await;
    telegram.faults().set(Rule {
        fault: Fault::TooManyRequests {
            retry_after_ms: 2500,
        },
        matching: "sendMessage".into(),
        times: 1,
    });
    let send = json!({ "chat_id": ada.id(), "text": "x" });
    let (status, answer) = call(&telegram, "sendMessage", send.clone()).await;
    assert_eq!(status, 429);
    assert_eq!(answer["parameters"], json!({ "retry_after": 3 }));
    assert_eq!(answer["description"], "Too Many Requests: retry after 3");
    served(&telegram, "sendMessage", send).await;
}

#[tokio::test]
async fn a_pace_above_the_limits_when_enforced() {
    let (telegram, ada) = with_ada().await;
    let send = |chat: i64| json!({ "chat_id": chat, "text": "x" });
    served(&telegram, "sendMessage", send(ada.id())).await;
    telegram.enforce_pace(true);
    let why = "Too Many Requests: retry after 1";
    check(&telegram, "sendMessage", send(ada.id()), 429, why).await;
    telegram.pass_time(Duration::from_secs(1));
    served(&telegram, "sendMessage", send(ada.id())).await;
    for number in 0..29 {
        let person = telegram.person(&format!("P{number}"));
        person.start(None).await;
        served(&telegram, "sendMessage", send(person.id())).await;
    }
    let last = telegram.person("Last");
    last.start(None).await;
    check(&telegram, "sendMessage", send(last.id()), 429, why).await;
}

#[tokio::test]
async fn mentions_of_people_unknown_are_plain_text() {
    let (telegram, ada) = with_ada().await;
    let link = |id: i64| format!("<a href=\"tg://user?id={id}\">her</a>");
    let text = |html: String| json!({ "chat_id": ada.id(), "text": html, "parse_mode": "HTML" });
    let sent = served(&telegram, "sendMessage", text(link(ada.id()))).await;
    assert_eq!(sent["entities"][0]["user"]["first_name"], "Ada");
    let sent = served(&telegram, "sendMessage", text(link(1))).await;
    assert_eq!(sent.get("entities"), None);
}

/// Sends a file as any bot does.
async fn upload(telegram: &Telegram, method: &str, chat: i64, bytes: Vec<u8>) -> (u16, Value) {
    use reqwest::multipart::{Form, Part};
    let field = if method == "sendPhoto" {
        "photo"
    } else {
        "document"
    };
    let url = format!(
        "{}/bot{}/{method}",
        telegram.api_url(),
        telegram.bot_token()
    );
    let form = Form::new()
        .text("chat_id", chat.to_string())
        .part(field, Part::bytes(bytes).file_name("a.bin"));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.post(url).multipart(form).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn files_that_are_empty_too_large_or_no_pictures() {
    const MIB: usize = 1024 * 1024;
    let (telegram, ada) = with_ada().await;
    let refused = async |method: &str, bytes: Vec<u8>| {
        let (status, answer) = upload(&telegram, method, ada.id(), bytes).await;
        (
            status,
            answer["description"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    let empty = refused("sendDocument", Vec::new()).await;
    assert_eq!(
        empty,
        (400, "Bad Request: file must be non-empty".to_owned())
    );
    let text = refused("sendPhoto", b"a,b".to_vec()).await;
    assert_eq!(text, (400, "Bad Request: IMAGE_PROCESS_FAILED".to_owned()));
    let large = refused("sendDocument", vec![0; 50 * MIB + 1]).await;
    assert_eq!(large, (413, "Request Entity Too Large".to_owned()));
    let (status, sent) = upload(&telegram, "sendDocument", ada.id(), b"a,b".to_vec()).await;
    assert_eq!(status, 200, "{sent}");
    // What is larger than bots may download can still be sent by people.
    let large = ada.send_document("a.bin", &vec![0; 20 * MIB + 1], "").await;
    let parameters = json!({ "file_id": large.json()["file"] });
    check(
        &telegram,
        "getFile",
        parameters,
        400,
        "Bad Request: file is too big",
    )
    .await;
}

#[tokio::test]
async fn a_file_has_a_caption_and_no_text() {
    let (telegram, ada) = with_ada().await;
    let photo = ada.send_photo("").await.json()["file"].clone();
    let sent = json!({ "chat_id": ada.id(), "photo": photo, "caption": "before" });
    let sent = served(&telegram, "sendPhoto", sent).await;
    let id = &sent["message_id"];
    check(
        &telegram,
        "editMessageText",
        json!({ "chat_id": ada.id(), "message_id": id, "text": "after" }),
        400,
        "Bad Request: there is no text in the message to edit",
    )
    .await;
    let edit = json!({ "chat_id": ada.id(), "message_id": id, "caption": "after" });
    let edited = served(&telegram, "editMessageCaption", edit).await;
    assert_eq!(edited["caption"], "after");
}
