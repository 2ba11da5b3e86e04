//! The verbs as JSON.

use serde_json::{Value, json};

use super::{call, served, start};
use crate::sandbox::telegram::VERBS;

#[tokio::test]
async fn a_conversation_in_json() {
    let telegram = start().await;
    let run = async |request: Value| {
        telegram
            .control(request.clone())
            .await
            .unwrap_or_else(|why| panic!("{request}: {why}"))
    };
    let ada = run(json!({ "do": "person", "name": "Ada", "id": 5_000_000_777_i64 })).await;
    assert_eq!(
        ada,
        json!({ "id": 5_000_000_777_i64, "name": "Ada", "username": "ada" })
    );
    let started =
        run(json!({ "on": "telegram", "as": "ada", "do": "start", "payload": "CODE" })).await;
    assert_eq!(started["text"], "/start CODE");
    let markup = json!({ "inline_keyboard": [[{ "text": "Approve", "callback_data": "1:a" }]] });
    served(
        &telegram,
        "sendMessage",
        json!({ "chat_id": ada["id"], "text": "Sure?", "reply_markup": markup }),
    )
    .await;
    let read = run(json!({ "as": "Ada", "do": "read" })).await;
    assert_eq!(read["from"], "desk_bot");
    assert_eq!(read["text"], "Sure?");
    assert_eq!(
        read["buttons"],
        json!([[{ "text": "Approve", "data": "1:a", "url": null }]])
    );
    let press =
        run(json!({ "as": "Ada", "do": "press", "button": "Approve", "wait": false })).await;
    let query = press["query"].clone();
    served(
        &telegram,
        "answerCallbackQuery",
        json!({ "callback_query_id": query, "text": "Done" }),
    )
    .await;
    let answer = run(json!({ "do": "answer", "query": query })).await;
    assert_eq!(
        answer,
        json!({ "text": "Done", "alert": false, "url": null })
    );
    let screen = run(json!({ "as": "Ada", "do": "screen" })).await;
    assert_eq!(screen.as_array().unwrap().len(), 2);
    let group = run(json!({ "do": "group", "name": "Desk", "members": ["Ada"] })).await;
    let sent = run(json!({ "as": "Ada", "do": "send", "chat": "Desk", "text": "/me" })).await;
    assert_eq!(sent["chat"], group["chat"]);
    run(json!({ "do": "faults", "rules": [{ "fault": "server_error", "status": 500, "times": 2 }] })).await;
    assert_eq!(call(&telegram, "getMe", json!({})).await.0, 500);
    run(json!({ "do": "clear_faults" })).await;
    assert_eq!(call(&telegram, "getMe", json!({})).await.0, 200);
    let calls = run(json!({ "do": "calls", "matching": "getme" })).await;
    assert_eq!(
        (&calls[0]["status"], &calls[1]["status"]),
        (&json!(500), &json!(200))
    );
    run(json!({ "do": "block", "as": "Ada" })).await;
    let why = telegram
        .control(json!({ "do": "send", "as": "Ada", "text": "x" }))
        .await
        .unwrap_err();
    assert_eq!(why, "Ada has blocked the bot");
    run(json!({ "do": "unblock", "as": "Ada" })).await;
    let why = telegram
        .control(json!({ "do": "quiet", "timeout_ms": 200 }))
        .await
        .unwrap_err();
    assert!(
        why.contains("in vain for the bot to take its updates"),
        "{why}"
    );
    served(&telegram, "getUpdates", json!({})).await;
    assert_eq!(run(json!({ "do": "quiet" })).await, Value::Null);
}

#[tokio::test]
async fn every_verb_of_the_help_is_one() {
    let telegram = start().await;
    let mut verbs = 0;
    for part in VERBS.split("\"do\":\"").skip(1) {
        let verb = part.split('"').next().unwrap();
        verbs += 1;
        if let Err(why) = telegram.control(json!({ "do": verb, "ms": 1 })).await {
            assert!(!why.contains("there is no verb"), "{verb}");
        }
    }
    assert!(verbs > 25, "{verbs}");
    let why = telegram.control(json!({ "do": "fly" })).await.unwrap_err();
    assert!(why.starts_with("there is no verb \"fly\""));
}

#[tokio::test]
async fn a_document_in_json() {
    let telegram = start().await;
    let run = async |request: Value| {
        telegram
            .control(request.clone())
            .await
            .unwrap_or_else(|why| panic!("{request}: {why}"))
    };
    run(json!({ "do": "person", "name": "Ada" })).await;
    run(json!({ "as": "Ada", "do": "start" })).await;
    let sent = run(
        json!({ "as": "Ada", "do": "document", "name": "a.csv", "text": "a,b", "caption": "list" }),
    )
    .await;
    assert_eq!(
        (&sent["text"], &sent["file_name"]),
        (&json!("list"), &json!("a.csv"))
    );
    let updates = super::updates(&telegram).await;
    let document = &updates.last().unwrap()["message"]["document"];
    assert_eq!(document["file_name"], "a.csv");
    let found = served(
        &telegram,
        "getFile",
        json!({ "file_id": document["file_id"] }),
    )
    .await;
    assert_eq!(found["file_size"], 3);
    let read = run(json!({ "do": "download", "file": document["file_id"] })).await;
    assert_eq!(read, json!({ "name": "a.csv", "text": "a,b" }));
}
