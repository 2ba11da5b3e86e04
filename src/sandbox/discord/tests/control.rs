//! The control interface: a bot and a person that both speak HTTP only.

use serde_json::{Value, json};

use super::Raw;
use crate::sandbox::{Sandbox, Setup};

struct Remote {
    sandbox: Sandbox,
    raw: Raw,
}

impl Remote {
    async fn start() -> Self {
        let setup = Setup {
            control: Some("127.0.0.1:0".parse().unwrap()),
            ..Setup::default()
        };
        let sandbox = Sandbox::start(setup).await.unwrap();
        let raw = Raw {
            discord: sandbox.discord.clone(),
            http: reqwest::Client::new(),
        };
        Self { sandbox, raw }
    }

    async fn post(&self, body: &Value) -> (u16, Value) {
        let url = format!("{}/control", self.sandbox.control_url().unwrap());
        let response = self.raw.http.post(url).json(body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn verb(&self, mut body: Value) -> Value {
        body["on"] = json!("discord");
        let (status, answer) = self.post(&body).await;
        assert_eq!((status, &answer["ok"]), (200, &json!(true)), "{answer}");
        answer["result"].clone()
    }

    async fn refused(&self, mut body: Value) -> String {
        body["on"] = json!("discord");
        let (status, answer) = self.post(&body).await;
        assert_eq!((status, &answer["ok"]), (422, &json!(false)), "{answer}");
        answer["error"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn it_describes_itself() {
    let remote = Remote::start().await;
    let url = remote.sandbox.control_url().unwrap();
    let text = reqwest::get(&url).await.unwrap().text().await.unwrap();
    for part in [
        remote.raw.discord.bot_token(),
        remote.raw.discord.api_url(),
        "\"do\":\"press\"".to_owned(),
    ] {
        assert!(text.contains(&part), "{text}");
    }
    let request = remote
        .raw
        .http
        .get(&url)
        .header("accept", "application/json");
    let json: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(
        json["settings"]["discord"]["token"],
        json!(remote.raw.discord.bot_token())
    );
}

#[tokio::test]
async fn a_whole_conversation() {
    let remote = Remote::start().await;
    let raw = &remote.raw;
    raw.register().await;
    remote
        .verb(json!({ "do": "person", "name": "Ada", "roles": ["Support"], "locale": "de" }))
        .await;
    let offered = remote.verb(json!({ "do": "commands", "as": "Ada" })).await;
    assert_eq!(offered, json!(["ping", "find"]));

    let used = remote
        .verb(json!({ "do": "send", "as": "Ada", "text": "/find client:ada ltd", "wait": false }))
        .await;
    let id: u64 = used["interaction"].as_str().unwrap().parse().unwrap();
    let found = raw.discord.interaction(id).unwrap();
    let button = json!({ "type": 2, "style": 1, "label": "Go", "custom_id": "go" });
    let card = json!({ "content": "Card", "components": [{ "type": 1, "components": [button] }] });
    raw.callback(&found, &json!({ "type": 4, "data": card }))
        .await;
    let answer = remote
        .verb(json!({ "do": "answer", "interaction": used["interaction"] }))
        .await;
    assert_eq!(
        (&answer["outcome"], &answer["message"]["text"]),
        (&json!("message"), &json!("Card\n[Go]"))
    );

    let pressed = remote
        .verb(json!({ "do": "press", "as": "Ada", "button": "Go", "wait": false }))
        .await;
    let found = raw
        .discord
        .interaction(pressed["interaction"].as_str().unwrap().parse().unwrap())
        .unwrap();
    let input = json!({ "type": 4, "custom_id": "amount", "label": "Amount", "style": 1 });
    let form = json!({ "custom_id": "m", "title": "Form", "components": [{ "type": 1, "components": [input] }] });
    raw.callback(&found, &json!({ "type": 9, "data": form }))
        .await;
    let opened = remote
        .verb(json!({ "do": "answer", "interaction": pressed["interaction"] }))
        .await;
    assert_eq!(opened["modal"]["inputs"][0]["label"], "Amount");
    assert!(
        remote
            .refused(json!({ "do": "submit", "as": "Ada", "fields": {} }))
            .await
            .contains("Amount is required")
    );
    let submitted = remote
        .verb(json!({ "do": "submit", "as": "Ada", "fields": { "amount": 5 }, "wait": false }))
        .await;
    let found = raw
        .discord
        .interaction(submitted["interaction"].as_str().unwrap().parse().unwrap())
        .unwrap();
    raw.callback(
        &found,
        &json!({ "type": 7, "data": { "content": "Done", "components": [] } }),
    )
    .await;
    let screen = remote.verb(json!({ "do": "screen", "as": "Ada" })).await;
    assert_eq!(
        (screen.as_array().unwrap().len(), &screen[0]["text"]),
        (1, &json!("Done"))
    );

    raw.post(&raw.messages_path(), &json!({ "content": "News" }))
        .await;
    assert!(
        remote
            .refused(json!({ "do": "quiet" }))
            .await
            .contains("News")
    );
    assert_eq!(
        remote.verb(json!({ "do": "read", "as": "Ada" })).await["text"],
        "News"
    );
    remote.verb(json!({ "do": "quiet" })).await;
    let transcript = remote.verb(json!({ "do": "transcript" })).await;
    assert!(
        transcript
            .as_str()
            .unwrap()
            .contains("#general  Ada: presses [Go]"),
        "{transcript}"
    );
}

#[tokio::test]
async fn faults_time_and_calls() {
    let remote = Remote::start().await;
    let raw = &remote.raw;
    let rule = json!({ "fault": "too_many_requests", "retry_after_ms": 500, "matching": "POST /channels", "times": 5 });
    remote
        .verb(json!({ "do": "faults", "rules": [rule] }))
        .await;
    let hello = json!({ "content": "c" });
    assert_eq!(raw.post(&raw.messages_path(), &hello).await.0, 429);
    let (status, _) = remote.post(&json!({ "do": "clear_faults" })).await;
    assert_eq!(status, 200);
    assert_eq!(raw.post(&raw.messages_path(), &hello).await.0, 200);
    let calls = remote
        .verb(json!({ "do": "calls", "matching": "/channels" }))
        .await;
    let statuses: Vec<_> = calls["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["status"].clone())
        .collect();
    assert_eq!(statuses, [429, 200]);

    let used = {
        raw.register().await;
        raw.ada().command("ping", &[]).await.unwrap()
    };
    assert_eq!(
        remote
            .post(&json!({ "do": "pass_time", "ms": 3_100 }))
            .await
            .0,
        200
    );
    let came = remote
        .verb(json!({ "do": "answer", "interaction": used.id().to_string() }))
        .await;
    assert_eq!(came["outcome"], "no_response");
    remote
        .verb(json!({ "do": "disconnect", "how": "invalid" }))
        .await;
}

#[tokio::test]
async fn mistakes_are_named() {
    let remote = Remote::start().await;
    assert!(
        remote
            .refused(json!({}))
            .await
            .contains("\"do\" is missing")
    );
    assert!(
        remote
            .refused(json!({ "do": "dance" }))
            .await
            .contains("there is no verb \"dance\"")
    );
    assert!(
        remote
            .refused(json!({ "do": "press", "as": "Nobody" }))
            .await
            .contains("nobody is called")
    );
    remote.verb(json!({ "do": "person", "name": "Ada" })).await;
    assert!(
        remote
            .refused(json!({ "do": "screen", "as": "Ada", "in": "nowhere" }))
            .await
            .contains("no channel")
    );
    assert!(
        remote
            .refused(json!({ "do": "send", "as": "Ada", "text": "/ping" }))
            .await
            .contains("no command /ping")
    );
    assert!(
        remote
            .refused(json!({ "do": "faults", "rules": [{ "fault": "fire" }] }))
            .await
            .contains("rules")
    );
    assert_eq!(
        remote
            .post(&json!({ "on": "pigeon", "do": "send" }))
            .await
            .0,
        422
    );
    assert_eq!(remote.post(&json!({ "do": "send" })).await.0, 422);
}
