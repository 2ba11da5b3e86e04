//! The registered commands: what they look like, that Discord takes them, and that they are replaced only when needed.

use serde_json::{Value, json};

use super::*;
use crate::discord::register::{entries, is_same};

fn wanted() -> Vec<crate::discord::register::Entry> {
    let describe: crate::discord::Describe = Arc::new(describe);
    entries(COMMANDS, &describe)
}

#[test]
fn the_catalogue_becomes_commands_with_subcommands() {
    let wanted = serde_json::to_value(wanted()).unwrap();
    let lines = |commands: &Value| {
        let commands = commands.as_array().unwrap().iter();
        let lines: Vec<String> = commands.map(Value::to_string).collect();
        lines.join("\n")
    };
    insta::assert_snapshot!(lines(&wanted), @r#"
    {"description":"Clients","description_localizations":{"fr":"Les clients"},"name":"client","options":[{"description":"Text of command-client-find","name":"find","options":[{"autocomplete":true,"description":"Text of option-client","name":"client","type":3}],"type":1},{"description":"Text of command-client-import","name":"import","options":[{"description":"Text of option-list","name":"list","type":11}],"type":1}],"type":1}
    {"description":"Text of command-credit","name":"credit","options":[{"description":"Text of command-credit-add","name":"add","options":[{"autocomplete":true,"description":"Text of option-client","name":"client","type":3},{"description":"Text of option-amount","name":"amount","type":3},{"choices":[{"name":"Text of choice-gift","value":"gift"},{"name":"Text of choice-sale","value":"sale"}],"description":"Text of option-mode","name":"mode","type":3},{"description":"Text of option-note","max_length":300,"name":"note","type":3}],"type":1}],"type":1}
    {"description":"help","name":"help","type":1}
    "#);
}

#[test]
fn a_second_opinion_takes_them() {
    for entry in wanted() {
        let mut command = serde_json::to_value(&entry).unwrap();
        command["version"] = "1".into();
        command["default_member_permissions"] = Value::Null;
        let command = serde_json::from_value(command).unwrap();
        twilight_validate::command::command(&command).unwrap();
        assert!(twilight_validate::command::command_characters(&command) <= 4_000);
    }
}

#[test]
fn the_same_commands_are_the_same_however_discord_writes_them() {
    let wanted = wanted();
    let mut listed = serde_json::to_value(&wanted).unwrap();
    listed.as_array_mut().unwrap().reverse();
    for command in listed.as_array_mut().unwrap() {
        command["id"] = "5".into();
        command["version"] = "6".into();
        command["nsfw"] = false.into();
        command["default_member_permissions"] = Value::Null;
        command["name_localizations"] = Value::Null;
        if command["description_localizations"].is_null() {
            command["description_localizations"] = Value::Null;
        }
        command["contexts"] = Value::Null;
    }
    assert!(is_same(&listed, &wanted));
    for (pointer, change) in [
        ("/0/description", json!("Other")),
        ("/0/default_member_permissions", json!("0")),
        ("/1/options/0/options/2/choices/0/name", json!("Other")),
        ("/1/options/0/options/0/required", json!(true)),
        ("/2/description_localizations", json!({})),
        ("/2", json!({"name": "other", "description": "Other"})),
    ] {
        let mut changed = listed.clone();
        match changed.pointer_mut(pointer) {
            Some(place) => *place = change,
            None => changed[1]["options"][0]["options"][0]["required"] = change,
        }
        assert!(!is_same(&changed, &wanted), "{pointer}");
    }
    assert!(!is_same(&json!([]), &wanted));
}

#[tokio::test]
async fn commands_are_replaced_only_when_they_differ() {
    let bench = Bench::start(|_| Part::at_once(client_card())).await;
    assert_eq!(bench.calls("PUT", "/commands"), 1);
    assert!(!bench.api.register().await.unwrap());
    assert_eq!(bench.calls("PUT", "/commands"), 1);
    let fewer = Api::new(Settings {
        commands: &COMMANDS[..1],
        ..settings(&bench.local)
    });
    assert!(fewer.unwrap().register().await.unwrap());
    assert!(bench.api.register().await.unwrap());
    assert_eq!(bench.calls("PUT", "/commands"), 3);
}
