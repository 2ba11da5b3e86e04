//! What the local Discord answers, held against Discord's own `OpenAPI` description.

use serde_json::{Value, json};

use super::Raw;
use crate::sandbox::programs;
use crate::sandbox::record::Call;

fn specification() -> Option<Value> {
    let folder = programs::or_left_out(programs::specifications(), "the specifications")?;
    let text = std::fs::read_to_string(folder.join("discord-openapi.json")).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// The schema of an answer.
fn schema(specification: &Value, call: &Call) -> Value {
    let parts = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let own = parts(&call.path);
    let fits = |template: &str| {
        let parts = parts(template);
        parts.len() == own.len()
            && parts.iter().zip(&own).all(|(part, own)| {
                part == own || part.starts_with('{') && own != "@me" && own != "@original"
            })
    };
    let paths = specification["paths"].as_object().unwrap();
    let mut found: Vec<_> = paths.keys().filter(|template| fits(template)).collect();
    found.sort_by_key(|template| template.matches('{').count());
    let template = found
        .first()
        .unwrap_or_else(|| panic!("{} is not in the specification", call.path));
    let responses = &paths[*template][call.method.to_lowercase()]["responses"];
    let range = if call.status >= 400 {
        "4XX".to_owned()
    } else {
        call.status.to_string()
    };
    let mut response = &responses[&range];
    assert!(
        !response.is_null(),
        "{} {} does not answer {}",
        call.method,
        template,
        call.status
    );
    if let Some(name) = response["$ref"].as_str() {
        response = specification.pointer(name.trim_start_matches('#')).unwrap();
    }
    response["content"]["application/json"]["schema"].clone()
}

#[tokio::test]
async fn answers_are_as_discord_describes_them() {
    let Some(specification) = specification() else {
        return;
    };
    let raw = Raw::start().await;
    let ada = raw.discord.person_with_roles("Ada", &["Support"]);
    let guild = raw.discord.guild_id();
    let general = raw.discord.channel("general");
    let asked = raw.ping().await;
    let button = json!({ "type": 2, "style": 1, "label": "Go", "custom_id": "go" });
    let card = json!({
        "content": "c",
        "embeds": [{ "title": "t", "description": "d", "color": 5, "fields": [{ "name": "n", "value": "v" }] }],
        "components": [{ "type": 1, "components": [button] }],
    });
    let callback = format!(
        "/interactions/{}/{}/callback?with_response=true",
        asked.id(),
        asked.token()
    );
    raw.post(&callback, &json!({ "type": 4, "data": card }))
        .await;
    raw.post(&callback, &json!({ "type": 4, "data": card }))
        .await;
    let webhook = raw.webhook(&asked);
    raw.get(&format!("{webhook}/messages/@original")).await;
    raw.patch(
        &format!("{webhook}/messages/@original"),
        &json!({ "content": "d" }),
    )
    .await;
    let pressed = ada
        .press(&asked.reply().await.unwrap(), "Go")
        .await
        .unwrap();
    raw.callback(&pressed, &json!({ "type": 9, "data": { "custom_id": "m", "title": "t", "components": [
        { "type": 1, "components": [{ "type": 4, "custom_id": "a", "label": "A", "style": 1 }] }] } })).await;
    let form = pressed.modal().await.unwrap();
    let submitted = ada.submit(&form, &[("a", "5")]).await.unwrap();
    let callback = format!(
        "/interactions/{}/{}/callback?with_response=true",
        submitted.id(),
        submitted.token()
    );
    raw.post(&callback, &json!({ "type": 4, "data": card }))
        .await;
    let posted = raw.post(&raw.messages_path(), &card).await.1;
    let posted = format!("{}/{}", raw.messages_path(), posted["id"].as_str().unwrap());
    raw.patch(&posted, &json!({ "content": "x".repeat(2_001) }))
        .await;
    raw.patch(&posted, &json!({ "content": "e", "components": [] }))
        .await;
    for path in [
        "/gateway",
        "/gateway/bot",
        "/users/@me",
        "/users/@me/guilds",
        "/applications/@me",
        "/oauth2/applications/@me",
        &format!("/users/{}", ada.id()),
        &format!("/guilds/{guild}"),
        &format!("/guilds/{guild}/channels"),
        &format!("/guilds/{guild}/roles"),
        &format!("/guilds/{guild}/members/{}", ada.id()),
        &format!("/guilds/{guild}/members?limit=5"),
        &format!("/channels/{general}"),
        &raw.messages_path(),
        &posted,
        &raw.commands_path(),
        "/channels/1",
    ] {
        raw.get(path).await;
    }
    raw.post(
        &raw.commands_path(),
        &json!({ "name": "new", "description": "n" }),
    )
    .await;
    raw.post(
        "/users/@me/channels",
        &json!({ "recipient_id": ada.id().to_string() }),
    )
    .await;
    raw.delete(&posted).await;

    let mut wrong = Vec::new();
    for call in raw.discord.record().calls() {
        let schema = schema(&specification, &call);
        if schema.is_null() {
            continue;
        }
        let root = json!({ "allOf": [schema], "components": specification["components"] });
        let mut answer = call.answer.clone();
        if let Some(answer) = answer.as_object_mut() {
            // The description has numbers as codes of single faults; the real server sends words.
            answer.remove("errors");
        }
        let validator = jsonschema::draft202012::new(&root).unwrap();
        for error in validator.iter_errors(&answer) {
            wrong.push(format!(
                "{} {} {}: {} at {}",
                call.method,
                call.path,
                call.status,
                error,
                error.instance_path()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
