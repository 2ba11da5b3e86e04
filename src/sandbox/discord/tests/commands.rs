//! What the real server refuses in the registration of commands.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Raw, assert_fault, assert_refused, letters};

fn command(name: &str, options: &Value) -> Value {
    json!({ "name": name, "description": "d", "options": options })
}

fn text(name: &str) -> Value {
    json!({ "type": 3, "name": name, "description": "d" })
}

fn required(name: &str) -> Value {
    json!({ "type": 3, "name": name, "description": "d", "required": true })
}

fn with_choices(count: usize) -> Value {
    let choices: Vec<_> = (0..count)
        .map(|at| json!({ "name": at.to_string(), "value": at.to_string() }))
        .collect();
    let mut option = text("o");
    option["choices"] = json!(choices);
    option
}

#[tokio::test]
async fn faults_of_a_command() {
    let raw = Raw::start().await;
    let subcommand = json!({ "type": 1, "name": "s", "description": "d" });
    let group = |children: &Value| json!({ "type": 2, "name": "g", "description": "d", "options": children });
    let nested = json!({ "type": 1, "name": "s", "description": "d", "options": [subcommand] });
    let many: Vec<_> = (0..26).map(|at| text(&format!("o{at}"))).collect();
    let mut suggesting = with_choices(1);
    suggesting["autocomplete"] = json!(true);
    let mut whole = text("o");
    whole["type"] = json!(5);
    whole["autocomplete"] = json!(true);
    let long: Vec<_> = (0..25)
        .map(|at| {
            let choices: Vec<_> = (0..4)
                .map(|at| json!({ "name": format!("{at}{}", letters(90)), "value": letters(1) }))
                .collect();
            json!({ "type": 3, "name": format!("o{at}"), "description": "d", "choices": choices })
        })
        .collect();
    for (body, place, code) in [
        (json!({ "description": "d" }), "name", "BASE_TYPE_REQUIRED"),
        (json!({ "name": "n" }), "description", "BASE_TYPE_REQUIRED"),
        (
            json!({ "name": "Upper", "description": "d" }),
            "name",
            "APPLICATION_COMMAND_INVALID_NAME",
        ),
        (
            json!({ "name": "a b", "description": "d" }),
            "name",
            "APPLICATION_COMMAND_INVALID_NAME",
        ),
        (
            json!({ "name": letters(33), "description": "d" }),
            "name",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            json!({ "name": "n", "description": letters(101) }),
            "description",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            json!({ "name": "n", "description": "d", "type": 9 }),
            "type",
            "BASE_TYPE_CHOICES",
        ),
        (
            json!({ "name": "n", "description": "d", "contexts": [] }),
            "contexts",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            json!({ "name": "n", "description": "d", "name_localizations": { "xx": "n" } }),
            "name_localizations",
            "BASE_TYPE_CHOICES",
        ),
        (
            command("n", &json!([text("o"), required("r")])),
            "options/1",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            command("n", &json!([text("o"), text("o")])),
            "options/1/name",
            "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
        ),
        (
            command("n", &json!(many)),
            "options",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            command(
                "n",
                &json!([{ "type": 99, "name": "o", "description": "d" }]),
            ),
            "options/0/type",
            "BASE_TYPE_CHOICES",
        ),
        (
            command("n", &json!([with_choices(26)])),
            "options/0/choices",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            command("n", &json!([suggesting])),
            "options/0/choices",
            "APPLICATION_COMMAND_OPTIONS_CHOICES_NOT_ALLOWED",
        ),
        (
            command("n", &json!([whole])),
            "options/0/autocomplete",
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_NOT_ALLOWED",
        ),
        (
            command("n", &json!([subcommand, text("o")])),
            "options/1/type",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            command("n", &json!([nested])),
            "options/0/options/0/type",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            command("n", &json!([group(&json!([text("o")]))])),
            "options/0/options",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            command("n", &json!([group(&json!([group(&json!([subcommand]))]))])),
            "options/0/options/0/type",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            command("n", &json!(long)),
            "",
            "APPLICATION_COMMAND_TOO_LARGE",
        ),
    ] {
        assert_fault(&raw.post(&raw.commands_path(), &body).await, place, code);
    }
}

#[tokio::test]
async fn the_longest_command_is_taken() {
    let raw = Raw::start().await;
    let options: Vec<_> = (0..25)
        .map(|at| json!({ "type": 3, "name": format!("o{at:02}"), "description": letters(100) }))
        .collect();
    let choices: Vec<_> = (0..25)
        .map(|at| json!({ "name": format!("{at:02}{}", letters(98)), "value": letters(100) }))
        .collect();
    let mut options = options;
    options[0]["choices"] = json!(choices);
    // 1 + 1 for the command, 103 for each option, 200 for each choice: 7,577; another choice list would pass 8,000.
    let body = command("n", &json!(options));
    assert_eq!(raw.post(&raw.commands_path(), &body).await.0, 201);
    options[1]["choices"] = json!(choices[..3]);
    let body = command("n", &json!(options));
    assert_fault(
        &raw.post(&raw.commands_path(), &body).await,
        "",
        "APPLICATION_COMMAND_TOO_LARGE",
    );
}

#[tokio::test]
async fn the_hundred_and_first_command() {
    let raw = Raw::start().await;
    let path = raw.commands_path();
    let named = |count: usize| {
        (0..count)
            .map(|at| command(&format!("c{at}"), &json!([])))
            .collect::<Vec<_>>()
    };
    assert_refused(&raw.put(&path, &json!(named(101))).await, 400, 30032);
    assert_eq!(raw.put(&path, &json!(named(100))).await.0, 200);
    assert_refused(
        &raw.post(&path, &command("more", &json!([]))).await,
        400,
        30032,
    );
    assert_eq!(raw.post(&path, &command("c5", &json!([]))).await.0, 200);
    let twice = json!([command("a", &json!([])), command("a", &json!([]))]);
    assert_fault(
        &raw.put(&path, &twice).await,
        "1/name",
        "APPLICATION_COMMANDS_DUPLICATE_NAME",
    );
}

#[tokio::test]
async fn two_hundred_creations_a_day() {
    let raw = Raw::start().await;
    let path = raw.commands_path();
    let named = |prefix: &str| {
        json!(
            (0..100)
                .map(|at| command(&format!("{prefix}{at}"), &json!([])))
                .collect::<Vec<_>>()
        )
    };
    assert_eq!(raw.put(&path, &named("a")).await.0, 200);
    assert_eq!(raw.put(&path, &named("b")).await.0, 200);
    assert_eq!(raw.put(&path, &named("b")).await.0, 200);
    assert_refused(&raw.put(&path, &named("c")).await, 400, 30034);
    raw.discord.pass_time(Duration::from_hours(25));
    assert_eq!(raw.put(&path, &named("c")).await.0, 200);
}

#[tokio::test]
async fn commands_are_read_changed_and_deleted() {
    let raw = Raw::start().await;
    let path = raw.commands_path();
    let (status, made) = raw.post(&path, &command("one", &json!([]))).await;
    assert_eq!(status, 201);
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    let (_, changed) = raw.patch(&one, &json!({ "description": "new" })).await;
    assert_eq!(
        (changed["id"].clone(), changed["description"].as_str()),
        (made["id"].clone(), Some("new"))
    );
    assert_ne!(changed["version"], made["version"]);
    assert_eq!(raw.get(&path).await.1[0], changed);
    assert_eq!(raw.delete(&one).await.0, 204);
    assert_refused(&raw.get(&one).await, 404, 10063);
    let global = format!("/applications/{}/commands", raw.discord.bot_id());
    assert_eq!(
        raw.put(&global, &json!([command("two", &json!([]))]))
            .await
            .1[0]["guild_id"],
        Value::Null
    );
    assert_refused(&raw.get("/applications/1/commands").await, 403, 20012);
    assert_refused(
        &raw.get(&format!(
            "/applications/{}/guilds/1/commands",
            raw.discord.bot_id()
        ))
        .await,
        403,
        50001,
    );
}

#[tokio::test]
async fn people_see_the_commands_meant_for_them() {
    let raw = Raw::start().await;
    let mut admins = command("secret", &json!([]));
    admins["default_member_permissions"] = json!("0");
    raw.put(
        &raw.commands_path(),
        &json!([admins, command("here", &json!([]))]),
    )
    .await;
    let global = format!("/applications/{}/commands", raw.discord.bot_id());
    let mut servers_only = command("servers", &json!([]));
    servers_only["contexts"] = json!([0]);
    raw.put(
        &global,
        &json!([command("everywhere", &json!([])), servers_only]),
    )
    .await;
    let ada = raw.ada();
    assert_eq!(ada.commands(), ["here", "everywhere", "servers"]);
    assert_eq!(ada.in_dm().commands(), ["everywhere"]);
    assert!(ada.in_dm().command("here", &[]).await.is_err());
    let root = raw.discord.person_with_roles("Root", &["Administrator"]);
    assert_eq!(root.commands(), ["secret", "here", "everywhere", "servers"]);
}
