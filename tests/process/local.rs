//! `bursar demo` and `bursar sandbox`: the local messengers, driven as JSON from outside.

use reqwest::Client;
use serde_json::{Value, json};

use crate::bot::{Bot, bursar};
use crate::meddle::pairs;
use crate::stage::line;
use crate::support::Database;

/// Does one verb of the control interface.
async fn control(url: &str, verb: Value) -> Value {
    let sent = Client::new()
        .post(format!("{url}/control"))
        .json(&verb)
        .send();
    let answer: Value = sent.await.unwrap().json().await.unwrap();
    assert_eq!(answer["ok"], true, "{verb} {answer}");
    answer["result"].clone()
}

#[tokio::test]
async fn a_person_in_discord_finds_a_client_through_json_alone() {
    let mut sandbox = Bot::start(&["sandbox", "--listen", "127.0.0.1:0"], &[]);
    let printed = sandbox.until_printed("POST /control").await;
    let url = line(&printed, "control = ").to_owned();
    let described = Client::new()
        .get(&url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    for word in [
        "discord",
        "telegram",
        "\"do\":\"press\"",
        "api_url = http://127.0.0.1:",
    ] {
        assert!(described.contains(word), "{word} is missing in {described}");
    }
    let asked = Client::new()
        .get(&url)
        .header("accept", "application/json")
        .send();
    let all: Value = asked.await.unwrap().json().await.unwrap();
    let (discord, telegram) = (&all["settings"]["discord"], &all["settings"]["telegram"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();

    let role = control(
        &url,
        json!({"on": "discord", "do": "role", "name": "Support"}),
    )
    .await;
    let joined = json!({"on": "discord", "do": "person", "name": "Sam", "roles": ["Support"]});
    control(&url, joined).await;
    let db = Database::sqlite().await;
    crate::stage::clients(&db).await;
    let settings = [
        ("BURSAR__DATABASE__URL", db.url.clone()),
        ("BURSAR__DISCORD__TOKEN", text(&discord["token"])),
        ("BURSAR__DISCORD__GUILD_ID", text(&discord["guild_id"])),
        (
            "BURSAR__DISCORD__APPROVALS_CHANNEL_ID",
            text(&discord["approvals_channel_id"]),
        ),
        ("BURSAR__DISCORD__API_URL", text(&discord["api_url"])),
        ("BURSAR__TELEGRAM__TOKEN", text(&telegram["token"])),
        ("BURSAR__TELEGRAM__API_URL", text(&telegram["api_url"])),
        (
            "BURSAR__ROLES__SUPPORT",
            format!("discord-role:{}", text(&role["id"])),
        ),
    ];
    let settings = settings
        .each_ref()
        .map(|(key, value)| (*key, value.as_str()));
    // No file at all: the environment is enough.
    let mut bot = Bot::start(&["run"], &settings);
    bot.until_logged("the commands are registered on Discord")
        .await;
    bot.until_logged("connected to Discord").await;

    let suggest = json!({"on": "discord", "do": "suggest", "as": "Sam", "command": "client find", "option": "client", "typed": "ri"});
    let suggested = control(&url, suggest).await;
    assert_eq!(suggested[0]["name"], "Rita Messaging (rita)");
    let send = json!({"on": "discord", "do": "send", "as": "Sam", "text": "/client find client:r"});
    let found = control(&url, send).await;
    assert_eq!(found["outcome"], "message", "{found}");
    assert!(
        text(&found["message"]["text"]).contains("Rajesh Bulk"),
        "{found}"
    );
    let pressed =
        json!({"on": "discord", "do": "press", "as": "Sam", "button": "View Rita Messaging"});
    let card = control(&url, pressed).await;
    assert!(
        text(&card["message"]["text"]).contains("Username: rita"),
        "{card}"
    );
    let pressed = json!({"on": "discord", "do": "press", "as": "Sam", "button": "Add credit"});
    let window = control(&url, pressed).await;
    assert_eq!(window["outcome"], "modal", "{window}");
    let submit =
        json!({"on": "discord", "do": "submit", "as": "Sam", "fields": {"amount": "1500"}});
    let draft = control(&url, submit).await;
    assert!(
        text(&draft["message"]["text"]).contains("Amount: 1,500 credits"),
        "{draft}"
    );
    // The next call of the bot fails once, as the real ones do; the answer comes all the same.
    let broken =
        json!({"fault": "server_error", "status": 503, "matching": "callback", "times": 1});
    control(
        &url,
        json!({"on": "discord", "do": "faults", "rules": [broken]}),
    )
    .await;
    let confirm = json!({"on": "discord", "do": "press", "as": "Sam", "button": "Confirm"});
    let waits = control(&url, confirm).await;
    assert!(
        text(&waits["message"]["text"]).contains("Waits for an approval"),
        "{waits}"
    );
    let read = json!({"on": "discord", "do": "read", "as": "Sam", "in": "approvals"});
    let approval = control(&url, read).await;
    assert!(
        text(&approval["text"]).contains("Asked by: Sam"),
        "{approval}"
    );

    control(
        &url,
        json!({"on": "telegram", "do": "person", "name": "Tess"}),
    )
    .await;
    control(&url, json!({"on": "telegram", "do": "start", "as": "Tess"})).await;
    let hello = control(&url, json!({"on": "telegram", "do": "read", "as": "Tess"})).await;
    assert!(
        text(&hello["text"]).contains("You are not linked yet"),
        "{hello}"
    );

    let nonsense = Client::new()
        .post(format!("{url}/control"))
        .json(&json!({"on": "discord", "do": "dance"}));
    assert_eq!(nonsense.send().await.unwrap().status(), 422);
    bot.stop().await.well();
    sandbox.stop().await.well();
    db.remove().await;
}

#[tokio::test]
async fn the_control_interface_is_for_this_machine_alone() {
    for command in ["sandbox", "demo"] {
        let refused = bursar(&[command, "--listen", "0.0.0.0:0"], &[])
            .await
            .with(1);
        assert!(refused.stderr.contains("loopback only"), "{refused}");
    }
}

#[tokio::test]
async fn the_demo_plays_its_conversation_stays_up_and_stops() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("demo");
    let folder = folder.to_str().unwrap();
    let arguments = ["demo", "--listen", "127.0.0.1:0", "--data", folder];
    // The second time on what the first left there.
    for _ in 0..2 {
        let mut demo = Bot::start(&arguments, &[]);
        let printed = demo.until_printed("The demo stays up").await;
        played(&printed);
        // It is still there, and its people with it.
        let control_line = printed
            .lines()
            .find_map(|line| line.trim_start().strip_prefix("control "));
        let url = control_line.unwrap().split_whitespace().next().unwrap();
        let send =
            json!({"on": "discord", "do": "send", "as": "Sam", "text": "/client find client:ad"});
        let found = control(url, send).await;
        assert!(
            found["message"]["text"].as_str().unwrap().contains("Ada"),
            "{found}"
        );
        demo.stop().await.well();
        // The books of what it played are in order.
        let config = format!("{folder}/bot.toml");
        bursar(&["audit", "--config", &config], &[]).await.well();
    }
}

/// The whole conversation is there, in its order.
#[track_caller]
fn played(printed: &str) {
    let mut rest = printed;
    for words in [
        "Bursar is up",
        "--- Telegram, Rita writes\n    /credit_request 2500 bank transfer 8817",
        "--- Telegram, Rita presses [Confirm]",
        "--- Discord #approvals, Amara presses [Approve]",
        "Approved by Amara and done.",
        "--- Telegram, Bursar to Rita\n",
        "Your request",
    ] {
        let Some(at) = rest.find(words) else {
            panic!("{words:?} is missing in what is left:\n{rest}\nof\n{printed}");
        };
        rest = &rest[at + words.len()..];
    }
}

#[tokio::test]
async fn the_demo_plays_on_the_postgres_of_a_configuration() {
    let Some(db) = Database::postgres().await else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let config = data.path().join("own.toml");
    std::fs::write(&config, format!("[database]\nurl = {:?}\n", db.url)).unwrap();
    let arguments = [
        "demo",
        "--listen",
        "127.0.0.1:0",
        "--config",
        config.to_str().unwrap(),
    ];
    let mut demo = Bot::start(&arguments, &[]);
    let printed = demo.until_printed("The demo stays up").await;
    let (_, server) = db.url.rsplit_once('@').unwrap();
    assert!(printed.contains(server), "{printed}");
    let added = pairs(&db, "select client_id, credits from invoice").await;
    assert!(matches!(added[..], [(_, 2_500)]), "{added:?}");
    demo.stop().await.well();
    let with_admin = [("BURSAR__ROLES__ADMIN", "telegram:7")];
    bursar(
        &["audit", "--config", config.to_str().unwrap()],
        &with_admin,
    )
    .await
    .well();
    db.remove().await;
}
