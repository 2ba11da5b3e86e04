//! The local Discord held against the real one's rules, and against serenity and discord.js.

mod commands;
mod control;
mod discord_js;
mod faults;
mod gateway;
mod interactions;
mod messages;
mod reading;
mod serenity_client;
mod specification;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Discord, Interaction, Person, Setup};

/// A bot without a library: single calls to the REST API.
struct Raw {
    discord: Discord,
    http: reqwest::Client,
}

impl Raw {
    async fn start() -> Self {
        let discord = Discord::start(Setup::default()).await.unwrap();
        let http = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        Self { discord, http }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}/api/v10{path}", self.discord.api_url());
        let authorization = format!("Bot {}", self.discord.bot_token());
        self.http
            .request(method, url)
            .header("authorization", authorization)
    }

    async fn send(request: reqwest::RequestBuilder) -> (u16, Value) {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (
            status,
            if text.is_empty() {
                Value::Null
            } else {
                serde_json::from_str(&text).unwrap()
            },
        )
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        Self::send(self.request(Method::GET, path)).await
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        Self::send(self.request(Method::POST, path).json(body)).await
    }

    async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        Self::send(self.request(Method::PUT, path).json(body)).await
    }

    async fn patch(&self, path: &str, body: &Value) -> (u16, Value) {
        Self::send(self.request(Method::PATCH, path).json(body)).await
    }

    async fn delete(&self, path: &str) -> (u16, Value) {
        Self::send(self.request(Method::DELETE, path)).await
    }

    fn commands_path(&self) -> String {
        format!(
            "/applications/{}/guilds/{}/commands",
            self.discord.bot_id(),
            self.discord.guild_id()
        )
    }

    fn messages_path(&self) -> String {
        format!("/channels/{}/messages", self.discord.channel("general"))
    }

    /// Registers `/ping` and `/find client:` (with suggestions), which [`Raw::ping`] uses.
    async fn register(&self) {
        let client =
            json!({ "type": 3, "name": "client", "description": "c", "autocomplete": true });
        let body = json!([
            { "name": "ping", "description": "p" },
            { "name": "find", "description": "f", "options": [client] },
        ]);
        assert_eq!(self.put(&self.commands_path(), &body).await.0, 200);
    }

    fn ada(&self) -> Person {
        self.discord.person("Ada")
    }

    /// Ada uses `/ping`; nothing has answered yet.
    async fn ping(&self) -> Interaction {
        self.register().await;
        self.ada().command("ping", &[]).await.unwrap()
    }

    async fn callback(&self, interaction: &Interaction, body: &Value) -> (u16, Value) {
        let path = format!(
            "/interactions/{}/{}/callback",
            interaction.id(),
            interaction.token()
        );
        self.post(&path, body).await
    }

    fn webhook(&self, interaction: &Interaction) -> String {
        format!(
            "/webhooks/{}/{}",
            self.discord.bot_id(),
            interaction.token()
        )
    }
}

/// Fails unless the answer is this refusal.
#[track_caller]
fn assert_refused(answer: &(u16, Value), status: u16, code: u32) {
    assert_eq!(
        (answer.0, answer.1["code"].as_u64()),
        (status, Some(u64::from(code))),
        "{}",
        answer.1
    );
}

/// Fails unless the form was refused with this fault at this place.
#[track_caller]
fn assert_fault(answer: &(u16, Value), place: &str, code: &str) {
    assert_refused(answer, 400, 50035);
    let pointer = format!("/errors/{place}/_errors").replace("//", "/");
    let faults = answer.1.pointer(&pointer).and_then(Value::as_array);
    let found = faults.is_some_and(|faults| faults.iter().any(|fault| fault["code"] == code));
    assert!(found, "no {code} at {place}: {}", answer.1);
}

fn letters(count: usize) -> String {
    "x".repeat(count)
}
