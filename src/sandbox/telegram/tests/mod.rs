//! The local Telegram held against its promises: over raw HTTP, with teloxide, and by webhook.

mod aiogram;
mod control;
mod delivery;
mod driver;
mod refusals;
mod teloxide;
mod updates;

use ::teloxide::types::{self, UpdateKind};
use serde_json::{Value, json};

use super::{Options, Telegram};

async fn start() -> Telegram {
    let options = Options {
        patience: std::time::Duration::from_secs(3),
        ..Options::default()
    };
    Telegram::start(options).await.unwrap()
}

/// A call as any bot makes it: status and body.
async fn call(telegram: &Telegram, method: &str, parameters: Value) -> (u16, Value) {
    let url = format!(
        "{}/bot{}/{method}",
        telegram.api_url(),
        telegram.bot_token()
    );
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.post(url).json(&parameters).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap())
}

/// A call that is served: its result.
async fn served(telegram: &Telegram, method: &str, parameters: Value) -> Value {
    let (status, answer) = call(telegram, method, parameters).await;
    assert_eq!(
        (status, &answer["ok"]),
        (200, &json!(true)),
        "{method}: {answer}"
    );
    let result = &answer["result"];
    if result.get("chat").is_some() {
        let text = result.to_string();
        let ours = serde_json::from_str::<types::Message>(&text);
        assert!(ours.is_ok(), "{ours:?}: {text}");
        let theirs = serde_json::from_str::<frankenstein::types::Message>(&text);
        assert!(theirs.is_ok(), "{theirs:?}: {text}");
    }
    result.clone()
}

/// A call that is refused: code and description.
async fn refused(telegram: &Telegram, method: &str, parameters: Value) -> (u16, String) {
    let (status, answer) = call(telegram, method, parameters).await;
    assert_eq!(answer["ok"], json!(false), "{method}: {answer}");
    assert_eq!(answer["error_code"], json!(status));
    (status, answer["description"].as_str().unwrap().to_owned())
}

/// The updates that wait, which are confirmed. Two libraries' types must be able to read them.
async fn updates(telegram: &Telegram) -> Vec<Value> {
    let updates = served(telegram, "getUpdates", json!({})).await;
    let updates = updates.as_array().unwrap().clone();
    for update in &updates {
        let text = update.to_string();
        let ours: types::Update = serde_json::from_str(&text).unwrap();
        let kind = ours.kind;
        assert!(!matches!(kind, UpdateKind::Error(_)), "{kind:?}");
        let theirs = serde_json::from_str::<frankenstein::updates::Update>(&text);
        assert!(theirs.is_ok(), "{theirs:?}: {text}");
    }
    if let Some(last) = updates.last() {
        let offset = last["update_id"].as_i64().unwrap() + 1;
        served(
            telegram,
            "getUpdates",
            json!({ "offset": offset, "limit": 1 }),
        )
        .await;
    }
    updates
}
