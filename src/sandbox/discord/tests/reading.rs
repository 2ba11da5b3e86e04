//! Who may call, and what a bot can read.

use serde_json::{Value, json};

use super::{Raw, assert_refused};

#[tokio::test]
async fn unauthenticated_calls() {
    let raw = Raw::start().await;
    for path in [
        "/users/@me",
        "/gateway/bot",
        "/channels/1",
        "/applications/1/commands",
        "/nothing",
    ] {
        let url = format!("{}/api/v10{path}", raw.discord.api_url());
        for token in [
            None,
            Some("Bot nonsense".to_owned()),
            Some(raw.discord.bot_token()),
        ] {
            let mut request = raw.http.get(&url);
            if let Some(token) = token {
                request = request.header("authorization", token);
            }
            let answer = Raw::send(request).await;
            assert_refused(&answer, 401, 0);
            assert_eq!(answer.1["message"], "401: Unauthorized");
        }
    }
    let open = raw
        .http
        .get(format!("{}/api/v10/gateway", raw.discord.api_url()));
    assert!(
        Raw::send(open).await.1["url"]
            .as_str()
            .unwrap()
            .starts_with("ws://127.0.0.1:")
    );
}

#[tokio::test]
async fn the_bot_its_servers_and_their_members() {
    let raw = Raw::start().await;
    let ada = raw.discord.person_with_roles("Ada", &["Support"]);
    let guild = raw.discord.guild_id();
    let me = raw.get("/users/@me").await.1;
    assert_eq!(
        (me["id"].as_str(), me["bot"].as_bool()),
        (Some(raw.discord.bot_id().to_string().as_str()), Some(true))
    );
    for path in ["/applications/@me", "/oauth2/applications/@me"] {
        assert_eq!(raw.get(path).await.1["id"], me["id"]);
    }
    assert_eq!(
        raw.get("/users/@me/guilds").await.1[0]["id"],
        json!(guild.to_string())
    );
    assert_eq!(raw.get(&format!("/guilds/{guild}")).await.1["name"], "Desk");
    let channels = raw.get(&format!("/guilds/{guild}/channels")).await.1;
    let names: Vec<_> = channels
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert_eq!(names, ["general", "approvals"]);
    let member = raw
        .get(&format!("/guilds/{guild}/members/{}", ada.id()))
        .await
        .1;
    assert_eq!(
        member["roles"],
        json!([raw.discord.role("Support").to_string()])
    );
    ada.leave_guild();
    assert_refused(
        &raw.get(&format!("/guilds/{guild}/members/{}", ada.id()))
            .await,
        404,
        10007,
    );
    assert_refused(
        &raw.get(&format!("/guilds/{guild}/members/1")).await,
        404,
        10013,
    );
    assert_refused(&raw.get("/guilds/1").await, 404, 10004);
    assert_eq!(
        raw.get("/gateway/bot").await.1["session_start_limit"]["remaining"],
        1000
    );
}

#[tokio::test]
async fn answers_carry_rate_limit_headers() {
    let raw = Raw::start().await;
    let response = raw
        .request(reqwest::Method::GET, "/users/@me")
        .send()
        .await
        .unwrap();
    for name in ["limit", "remaining", "reset", "reset-after", "bucket"] {
        assert!(
            response
                .headers()
                .contains_key(format!("x-ratelimit-{name}")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn calls_are_recorded_without_secrets() {
    let raw = Raw::start().await;
    let asked = raw.ping().await;
    raw.callback(&asked, &json!({ "type": 4, "data": { "content": "c" } }))
        .await;
    let calls = raw.discord.record().calls();
    let last = calls.last().unwrap();
    assert_eq!(
        last.path,
        format!("/interactions/{}/token/callback", asked.id())
    );
    assert_eq!(
        (last.status, &last.answer, &last.body["data"]["content"]),
        (204, &Value::Null, &json!("c"))
    );
    let whole = serde_json::to_string(&calls).unwrap();
    assert!(!whole.contains(&asked.token()) && !whole.contains(&raw.discord.bot_token()));
}

#[tokio::test]
async fn bodies_that_are_not_json() {
    let raw = Raw::start().await;
    let request = || raw.request(reqwest::Method::POST, &raw.messages_path());
    let broken = request()
        .header("content-type", "application/json")
        .body("{");
    assert_refused(&Raw::send(broken).await, 400, 50109);
    assert_refused(&Raw::send(request().body("{}")).await, 400, 50035);
}

#[tokio::test]
async fn messages_are_listed_newest_first() {
    let raw = Raw::start().await;
    for text in ["1", "2", "3"] {
        raw.post(&raw.messages_path(), &json!({ "content": text }))
            .await;
    }
    let contents = async |query: &str| {
        let list = raw.get(&format!("{}{query}", raw.messages_path())).await.1;
        list.as_array()
            .unwrap()
            .iter()
            .map(|one| one["content"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(contents("").await, ["3", "2", "1"]);
    assert_eq!(contents("?limit=1").await, ["3"]);
    assert_eq!(contents("?after=1&limit=2").await, ["2", "1"]);
}
