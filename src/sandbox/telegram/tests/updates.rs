//! `getUpdates`: offsets, long polls, kinds asked for, conflicts, and the ways a call can be written.

use std::time::Duration;

use tokio::time::Instant;

use serde_json::{Value, json};

use super::{refused, served, start, updates};

#[tokio::test]
async fn updates_come_until_they_are_confirmed() {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.send("one").await;
    ada.send("two").await;
    let all = served(&telegram, "getUpdates", json!({})).await;
    let ids: Vec<i64> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|u| u["update_id"].as_i64().unwrap())
        .collect();
    assert_eq!(ids, [ids[0], ids[0] + 1, ids[0] + 2]);
    assert_eq!(
        served(&telegram, "getUpdates", json!({})).await,
        all,
        "nothing was confirmed"
    );
    let rest = served(
        &telegram,
        "getUpdates",
        json!({ "offset": ids[1], "limit": 1 }),
    )
    .await;
    assert_eq!(rest[0]["message"]["text"], "one");
    let newest = served(&telegram, "getUpdates", json!({ "offset": -1 })).await;
    assert_eq!(newest[0]["message"]["text"], "two");
    assert_eq!(newest.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_long_poll_ends_with_the_first_update() {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    let polling = {
        let telegram = telegram.clone();
        tokio::spawn(async move { served(&telegram, "getUpdates", json!({ "timeout": 30 })).await })
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    ada.start(None).await;
    let updates = tokio::time::timeout(Duration::from_secs(5), polling)
        .await
        .unwrap()
        .unwrap();
    let message = &updates[0]["message"];
    assert_eq!(message["text"], "/start");
    assert_eq!(
        message["entities"],
        json!([{ "type": "bot_command", "offset": 0, "length": 6 }])
    );
    assert_eq!(message["from"]["language_code"], "en");
    assert_eq!(message["chat"]["type"], "private");
}

#[tokio::test]
async fn an_empty_long_poll_lasts_its_timeout() {
    let telegram = start().await;
    let began = Instant::now();
    assert_eq!(
        served(&telegram, "getUpdates", json!({ "timeout": 1 })).await,
        json!([])
    );
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_second_poller_ends_the_first() {
    let telegram = start().await;
    let first = {
        let telegram = telegram.clone();
        tokio::spawn(
            async move { refused(&telegram, "getUpdates", json!({ "timeout": 30 })).await },
        )
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    served(&telegram, "getUpdates", json!({})).await;
    let (code, description) = first.await.unwrap();
    assert_eq!(code, 409);
    assert_eq!(
        description,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    );
}

#[tokio::test]
async fn polling_beside_a_webhook() {
    let telegram = start().await;
    served(
        &telegram,
        "setWebhook",
        json!({ "url": "http://127.0.0.1:9/hook" }),
    )
    .await;
    let (code, description) = refused(&telegram, "getUpdates", json!({})).await;
    assert_eq!(code, 409);
    assert!(
        description.starts_with("Conflict: can't use getUpdates method while webhook is active")
    );
    served(&telegram, "deleteWebhook", json!({})).await;
    served(&telegram, "getUpdates", json!({})).await;
}

#[tokio::test]
async fn only_kinds_that_were_asked_for() {
    let telegram = start().await;
    served(
        &telegram,
        "getUpdates",
        json!({ "allowed_updates": ["callback_query"] }),
    )
    .await;
    let ada = telegram.person("Ada");
    ada.start(None).await;
    assert_eq!(updates(&telegram).await, Vec::<Value>::new());
    served(&telegram, "getUpdates", json!({ "allowed_updates": [] })).await;
    ada.send("x").await;
    assert_eq!(updates(&telegram).await.len(), 1);
}

#[tokio::test]
async fn updates_are_kept_for_a_day() {
    let telegram = start().await;
    telegram.person("Ada").start(None).await;
    telegram.pass_time(Duration::from_mins(24 * 60 - 1));
    assert_eq!(telegram.pending_updates(), 1);
    telegram.pass_time(Duration::from_mins(2));
    assert_eq!(telegram.pending_updates(), 0);
}

#[tokio::test]
async fn calls_come_in_every_shape() {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let url = format!(
        "{}/bot{}/sendMessage",
        telegram.api_url(),
        telegram.bot_token()
    );
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let id = ada.id().to_string();
    let markup = r#"{"inline_keyboard":[[{"text":"ok","callback_data":"ok"}]]}"#;
    let form = reqwest::multipart::Form::new()
        .text("chat_id", id.clone())
        .text("text", "multipart & more")
        .text("reply_markup", markup);
    let encoded: String = markup
        .bytes()
        .fold(String::new(), |text, byte| format!("{text}%{byte:02X}"));
    let plain = format!("chat_id={id}&text=form+%26+more&reply_markup={encoded}");
    let requests = [
        client.get(format!(
            "{url}?chat_id={id}&text=query%20%26%20more&reply_markup={encoded}"
        )),
        client.post(&url).multipart(form),
        client
            .post(&url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(plain),
    ];
    for request in requests {
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["ok"], json!(true), "{answer}");
    }
    for text in ["query", "multipart", "form"] {
        assert_eq!(
            ada.next_message().await.text(),
            format!("{text} & more\n[ok]")
        );
    }
    let calls = telegram.record().calls();
    assert_eq!(calls.len(), 3);
    assert_eq!(calls[2].path, "/sendMessage");
    assert_eq!(calls[2].body["text"], "form & more");
    assert_eq!(calls[2].answer["result"]["text"], "form & more");
}
