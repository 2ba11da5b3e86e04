//! Webhooks, and what can go wrong on the way: updates lost, doubled, late and out of order; calls cut off.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{call, refused, served, start, updates};
use crate::sandbox::faults::{Fault, Rule};
use crate::sandbox::telegram::{Person, Telegram};

fn rule(fault: Fault, matching: &str) -> Rule {
    Rule {
        fault,
        matching: matching.into(),
        times: 1,
    }
}

async fn with_ada() -> (Telegram, Person) {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    ada.start(None).await;
    updates(&telegram).await;
    (telegram, ada)
}

fn texts(updates: &[Value]) -> Vec<&str> {
    updates
        .iter()
        .map(|update| update["message"]["text"].as_str().unwrap())
        .collect()
}

/// The secret and the update of one post.
type Post = (Option<String>, Value);

/// A bot behind a webhook: refuses the first update once, then answers in the body of its answer.
#[derive(Clone, Default)]
struct Hook {
    seen: Arc<Mutex<Vec<Post>>>,
}

async fn hook(
    State(hook): State<Hook>,
    headers: HeaderMap,
    Json(update): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let secret = headers.get("x-telegram-bot-api-secret-token");
    let secret = secret.map(|value| value.to_str().unwrap().to_owned());
    let mut seen = hook.seen.lock().unwrap();
    seen.push((secret, update.clone()));
    if seen.len() == 1 {
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({})));
    }
    let text = format!("heard {}", update["message"]["text"].as_str().unwrap());
    let reply = json!({ "method": "sendMessage", "chat_id": update["message"]["chat"]["id"], "text": text });
    (StatusCode::OK, Json(reply))
}

#[tokio::test]
async fn a_webhook_is_called_until_it_takes_the_update() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let state = Hook::default();
    let app = Router::new()
        .route("/hook", post(hook))
        .with_state(state.clone());
    let server = tokio::spawn(async move { axum::serve(listener, app).await });

    let telegram = start().await;
    served(
        &telegram,
        "setWebhook",
        json!({ "url": url, "secret_token": "S-1", "max_connections": 3 }),
    )
    .await;
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.send("two").await;
    assert_eq!(ada.next_message().await.text(), "heard /start");
    assert_eq!(ada.next_message().await.text(), "heard two");
    let seen = state.seen.lock().unwrap().clone();
    let order: Vec<&str> = seen
        .iter()
        .map(|(_, u)| u["message"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        order,
        ["/start", "/start", "two"],
        "one at a time in a chat"
    );
    assert_eq!(seen[0].1, seen[1].1, "the same update again");
    assert!(
        seen.iter()
            .all(|(secret, _)| secret.as_deref() == Some("S-1"))
    );
    let info = served(&telegram, "getWebhookInfo", json!({})).await;
    assert_eq!(info["pending_update_count"], 0);
    assert_eq!(
        info["last_error_message"],
        "Wrong response from the webhook: 500 Internal Server Error"
    );
    assert_eq!(info["max_connections"], 3);
    let calls = telegram.record().calls();
    let replies = calls.iter().filter(|call| call.path == "/sendMessage");
    assert_eq!(replies.count(), 2, "calls in answers are recorded too");
    server.abort();
}

#[tokio::test]
async fn webhooks_elsewhere_and_wrong_secrets_are_refused() {
    let telegram = start().await;
    for url in ["https://bot.example/hook", "ftp://127.0.0.1/", "nowhere"] {
        let (code, why) = refused(&telegram, "setWebhook", json!({ "url": url })).await;
        assert_eq!(code, 400);
        assert!(why.starts_with("Bad Request: bad webhook: "), "{why}");
    }
    let secret = json!({ "url": "http://127.0.0.1:9/", "secret_token": "a b" });
    let (_, why) = refused(&telegram, "setWebhook", secret).await;
    assert_eq!(
        why,
        "Bad Request: secret token contains unallowed characters"
    );
}

#[tokio::test]
async fn a_dropped_update_never_comes() {
    let (telegram, ada) = with_ada().await;
    telegram.faults().set(rule(Fault::DropDelivery, "message"));
    ada.send("lost").await;
    ada.send("kept").await;
    assert_eq!(texts(&updates(&telegram).await), ["kept"]);
}

#[tokio::test]
async fn a_doubled_update_comes_again_after_it_was_confirmed() {
    let (telegram, ada) = with_ada().await;
    telegram
        .faults()
        .set(rule(Fault::DuplicateDelivery, "message"));
    ada.send("twice").await;
    ada.send("once").await;
    let first = served(&telegram, "getUpdates", json!({})).await;
    assert_eq!(texts(first.as_array().unwrap()), ["twice", "once"]);
    let offset = first[1]["update_id"].as_i64().unwrap() + 1;
    let second = served(&telegram, "getUpdates", json!({ "offset": offset })).await;
    assert_eq!(
        second,
        json!([first[0]]),
        "the same update under the same number"
    );
    assert_eq!(
        served(&telegram, "getUpdates", json!({ "offset": offset })).await,
        json!([])
    );
}

#[tokio::test]
async fn a_late_update_comes_when_its_time_has_passed() {
    let (telegram, ada) = with_ada().await;
    telegram
        .faults()
        .set(rule(Fault::DelayDelivery { ms: 60_000 }, ""));
    ada.send("late").await;
    ada.send("on time").await;
    assert_eq!(texts(&updates(&telegram).await), ["on time"]);
    telegram.pass_time(Duration::from_mins(1));
    assert_eq!(texts(&updates(&telegram).await), ["late"]);
    assert_eq!(telegram.pending_updates(), 0);
}

#[tokio::test]
async fn a_reordered_update_comes_after_the_next() {
    let (telegram, ada) = with_ada().await;
    telegram.faults().set(rule(Fault::ReorderDelivery, ""));
    ada.send("first").await;
    assert_eq!(served(&telegram, "getUpdates", json!({})).await, json!([]));
    ada.send("second").await;
    assert_eq!(texts(&updates(&telegram).await), ["second", "first"]);
}

async fn fails(telegram: &Telegram, chat: i64) -> bool {
    let url = format!(
        "{}/bot{}/sendMessage",
        telegram.api_url(),
        telegram.bot_token()
    );
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client
        .post(url)
        .json(&json!({ "chat_id": chat, "text": "x" }));
    request.send().await.is_err()
}

#[tokio::test]
async fn a_dropped_call_does_nothing() {
    let (telegram, ada) = with_ada().await;
    telegram.faults().set(rule(Fault::DropCall, "sendMessage"));
    assert!(fails(&telegram, ada.id()).await);
    telegram.expect_quiet().await;
    let calls = telegram.record().calls();
    assert_eq!(calls.last().unwrap().status, 0);
}

#[tokio::test]
async fn a_dropped_answer_leaves_the_effect() {
    let (telegram, ada) = with_ada().await;
    telegram
        .faults()
        .set(rule(Fault::DropAnswer, "sendMessage"));
    assert!(fails(&telegram, ada.id()).await);
    assert_eq!(ada.next_message().await.text(), "x");
    assert!(!fails(&telegram, ada.id()).await);
}

#[tokio::test]
async fn server_errors_and_delays() {
    let (telegram, ada) = with_ada().await;
    let send = json!({ "chat_id": ada.id(), "text": "x" });
    telegram
        .faults()
        .set(rule(Fault::ServerError { status: 502 }, "sendmessage"));
    let (status, answer) = call(&telegram, "sendMessage", send.clone()).await;
    assert_eq!((status, &answer["error_code"]), (502, &json!(502)));
    telegram.expect_quiet().await;
    telegram
        .faults()
        .set(rule(Fault::DelayCall { ms: 300 }, "sendMessage"));
    let began = tokio::time::Instant::now();
    served(&telegram, "sendMessage", send).await;
    assert!(began.elapsed() >= Duration::from_millis(300));
}
