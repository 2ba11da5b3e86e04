//! What the real server refuses in answers to interactions, and what becomes of them with time.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Raw, assert_fault, assert_refused, letters};
use crate::sandbox::discord::{Outcome, Person};

fn message(content: &str) -> Value {
    json!({ "type": 4, "data": { "content": content } })
}

fn with_button(flags: u64) -> Value {
    let button = json!({ "type": 2, "style": 1, "label": "Go", "custom_id": "go" });
    json!({ "type": 4, "data": { "content": "c", "flags": flags, "components": [{ "type": 1, "components": [button] }] } })
}

fn input(custom_id: &str) -> Value {
    let input = json!({ "type": 4, "custom_id": custom_id, "label": "Amount", "style": 1 });
    json!({ "type": 1, "components": [input] })
}

fn modal(rows: &[Value]) -> Value {
    json!({ "type": 9, "data": { "custom_id": "m", "title": "Form", "components": rows } })
}

#[tokio::test]
async fn a_late_first_response() {
    let raw = Raw::start().await;
    let asked = raw.ping().await;
    raw.discord.pass_time(Duration::from_millis(3_100));
    assert_refused(&raw.callback(&asked, &message("late")).await, 404, 10062);
    assert!(matches!(
        asked.outcome().await.unwrap(),
        Outcome::NoResponse
    ));
    let other = raw.ping().await;
    let wrong = format!("/interactions/{}/{}/callback", other.id(), asked.token());
    assert_refused(&raw.post(&wrong, &message("c")).await, 404, 10062);
}

#[tokio::test]
async fn a_second_first_response() {
    let raw = Raw::start().await;
    let asked = raw.ping().await;
    assert_eq!(
        raw.callback(&asked, &message("c")).await,
        (204, Value::Null)
    );
    assert_refused(&raw.callback(&asked, &message("c")).await, 400, 40060);
}

#[tokio::test]
async fn a_modal_after_a_deferral() {
    let raw = Raw::start().await;
    let asked = raw.ping().await;
    assert_eq!(raw.callback(&asked, &json!({ "type": 5 })).await.0, 204);
    assert_refused(
        &raw.callback(&asked, &modal(&[input("a")])).await,
        400,
        40060,
    );
}

#[tokio::test]
async fn a_modal_to_a_submitted_modal() {
    let raw = Raw::start().await;
    let asked = raw.ping().await;
    assert_eq!(raw.callback(&asked, &modal(&[input("a")])).await.0, 204);
    let form = asked.modal().await.unwrap();
    let submitted = raw.ada().submit(&form, &[("a", "5")]).await.unwrap();
    assert_fault(
        &raw.callback(&submitted, &modal(&[input("a")])).await,
        "type",
        "BASE_TYPE_CHOICES",
    );
    // It came from a command, so there is no message to update either.
    assert_fault(
        &raw.callback(&submitted, &json!({ "type": 6 })).await,
        "type",
        "BASE_TYPE_CHOICES",
    );
    assert_eq!(raw.callback(&submitted, &message("c")).await.0, 204);
    assert!(raw.ada().submit(&form, &[("a", "5")]).await.is_err());
}

#[tokio::test]
async fn faults_of_modals() {
    let raw = Raw::start().await;
    let wide = json!({ "type": 1, "components": [input("a")["components"][0], input("b")["components"][0]] });
    let mut titled = modal(&[input("a")]);
    titled["data"]["title"] = json!(letters(46));
    let mut unlabelled = input("a");
    unlabelled["components"][0]["label"] = json!(letters(46));
    let mut styled = input("a");
    styled["components"][0]["style"] = json!(3);
    let mut long = input("a");
    long["components"][0]["max_length"] = json!(4_001);
    let button = json!({ "type": 1, "components": [{ "type": 2, "style": 1, "label": "l", "custom_id": "b" }] });
    let six: Vec<_> = (0..6).map(|at| input(&at.to_string())).collect();
    let first = "data/components/0/components/0";
    for (body, place, code) in [
        (
            modal(&[]),
            "data/components".to_owned(),
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            modal(&six),
            "data/components".to_owned(),
            "BASE_TYPE_BAD_LENGTH",
        ),
        (titled, "data/title".to_owned(), "BASE_TYPE_BAD_LENGTH"),
        (
            modal(&[input("a"), input("a")]),
            "data/components/1/components/0/custom_id".to_owned(),
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            modal(&[wide]),
            "data/components/0/components".to_owned(),
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            modal(&[unlabelled]),
            format!("{first}/label"),
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            modal(&[styled]),
            format!("{first}/style"),
            "BASE_TYPE_CHOICES",
        ),
        (
            modal(&[long]),
            format!("{first}/max_length"),
            "NUMBER_TYPE_MAX",
        ),
        (
            modal(&[button]),
            format!("{first}/type"),
            "BASE_TYPE_CHOICES",
        ),
        (
            modal(&[json!({ "type": 55 })]),
            "data/components/0/type".to_owned(),
            "BASE_TYPE_CHOICES",
        ),
    ] {
        let asked = raw.ping().await;
        assert_fault(&raw.callback(&asked, &body).await, &place, code);
    }
}

#[tokio::test]
async fn suggestions() {
    let raw = Raw::start().await;
    raw.register().await;
    let choice = |name: &str, value: &str| json!({ "name": name, "value": value });
    let answer = |choices: Vec<Value>| json!({ "type": 8, "data": { "choices": choices } });
    let many: Vec<_> = (0..26).map(|at| choice(&at.to_string(), "v")).collect();
    for (body, place, code) in [
        (answer(many), "data/choices", "BASE_TYPE_MAX_LENGTH"),
        (
            answer(vec![choice(&letters(101), "v")]),
            "data/choices/0/name",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            answer(vec![choice("", "v")]),
            "data/choices/0/name",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            answer(vec![choice("n", &letters(101))]),
            "data/choices/0/value",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (message("c"), "type", "BASE_TYPE_CHOICES"),
    ] {
        let ada = raw.ada();
        let asking = tokio::spawn(async move { ada.suggest("find", "client", "a", &[]).await });
        let (id, token) = latest(&raw).await;
        let refused = raw
            .post(&format!("/interactions/{id}/{token}/callback"), &body)
            .await;
        assert_fault(&refused, place, code);
        asking.abort();
    }
}

/// The newest interaction, once it is there.
async fn latest(raw: &Raw) -> (u64, String) {
    loop {
        let unanswered = raw.discord.look(|world| {
            let newest = world.interactions.values().next_back();
            newest.map(|one| (one.id, one.token.clone()))
        });
        match unanswered {
            Some(found) if raw.discord.with(|world| world.consumed.insert(found.0)) => {
                return found;
            }
            _ => tokio::task::yield_now().await,
        }
    }
}

#[tokio::test]
async fn a_dead_token() {
    let raw = Raw::start().await;
    let asked = raw.ping().await;
    let webhook = raw.webhook(&asked);
    assert_refused(
        &raw.post(&webhook, &json!({ "content": "early" })).await,
        404,
        10015,
    );
    assert_eq!(raw.callback(&asked, &message("c")).await.0, 204);
    assert_eq!(
        raw.patch(
            &format!("{webhook}/messages/@original"),
            &json!({ "content": "d" })
        )
        .await
        .0,
        200
    );
    raw.discord.pass_time(Duration::from_secs(15 * 60 + 1));
    let edit = json!({ "content": "e" });
    assert_refused(
        &raw.patch(&format!("{webhook}/messages/@original"), &edit)
            .await,
        401,
        50027,
    );
    assert_refused(&raw.post(&webhook, &edit).await, 401, 50027);
    assert_refused(
        &raw.post(
            &format!("/webhooks/{}/nonsense", raw.discord.bot_id()),
            &edit,
        )
        .await,
        401,
        50027,
    );
    // As the bot, the message can still be edited.
    let reply = asked.reply().await.unwrap();
    assert_eq!(
        raw.patch(&format!("{}/{}", raw.messages_path(), reply.id()), &edit)
            .await
            .0,
        200
    );
    assert_eq!(reply.refreshed().text(), "e");
}

#[tokio::test]
async fn an_ephemeral_reply_after_its_token_died() {
    let raw = Raw::start().await;
    let asked = raw.ping().await;
    assert_eq!(raw.callback(&asked, &with_button(64)).await.0, 204);
    let reply = asked.reply().await.unwrap();
    raw.discord.pass_time(Duration::from_secs(15 * 60 + 1));
    let edit = json!({ "content": "e" });
    let webhook = format!("{}/messages/@original", raw.webhook(&asked));
    assert_refused(&raw.patch(&webhook, &edit).await, 401, 50027);
    assert_refused(
        &raw.patch(&format!("{}/{}", raw.messages_path(), reply.id()), &edit)
            .await,
        404,
        10008,
    );
    // A fresh press opens the way again.
    let pressed = raw.ada().press(&reply, "Go").await.unwrap();
    assert_eq!(
        raw.callback(&pressed, &json!({ "type": 7, "data": edit }))
            .await
            .0,
        204
    );
    assert_eq!(reply.refreshed().content(), "e");
}

#[tokio::test]
async fn the_first_followup_takes_the_place_of_thinking() {
    let raw = Raw::start().await;
    let asked = raw.ping().await;
    assert_eq!(
        raw.callback(&asked, &json!({ "type": 5, "data": { "flags": 64 } }))
            .await
            .0,
        204
    );
    let webhook = raw.webhook(&asked);
    let original = raw.get(&format!("{webhook}/messages/@original")).await.1["id"].clone();
    let (_, filled) = raw.post(&webhook, &json!({ "content": "public?" })).await;
    assert_eq!(
        (filled["id"].clone(), filled["flags"].as_u64()),
        (original, Some(64))
    );
    let (_, second) = raw.post(&webhook, &json!({ "content": "two" })).await;
    assert_eq!(second["flags"].as_u64(), Some(0));
    let second = second["id"].as_str().unwrap();
    assert_eq!(
        raw.patch(
            &format!("{webhook}/messages/{second}"),
            &json!({ "content": "three" })
        )
        .await
        .0,
        200
    );
    assert_eq!(
        raw.delete(&format!("{webhook}/messages/{second}")).await.0,
        204
    );
    assert_refused(
        &raw.get(&format!("{webhook}/messages/{second}")).await,
        404,
        10008,
    );
    let (reply, other) = (asked.reply().await.unwrap(), raw.discord.person("Bob"));
    assert_eq!(
        (reply.text(), other.sees(reply.channel_id()).len()),
        ("public?", 0)
    );
}

#[tokio::test]
async fn responses_that_do_not_fit() {
    let raw = Raw::start().await;
    for kind in [1, 6, 7, 8, 10, 99] {
        let asked = raw.ping().await;
        assert_fault(
            &raw.callback(&asked, &json!({ "type": kind, "data": {} }))
                .await,
            "type",
            "BASE_TYPE_CHOICES",
        );
    }
    let asked = raw.ping().await;
    assert_fault(
        &raw.callback(&asked, &json!({})).await,
        "type",
        "BASE_TYPE_REQUIRED",
    );
    assert_fault(
        &raw.callback(&asked, &json!({ "type": 4 })).await,
        "data",
        "BASE_TYPE_REQUIRED",
    );
    assert_refused(
        &raw.callback(&asked, &json!({ "type": 4, "data": {} }))
            .await,
        400,
        50006,
    );
    let long = json!({ "type": 4, "data": { "content": letters(2_001) } });
    assert_fault(
        &raw.callback(&asked, &long).await,
        "data/content",
        "BASE_TYPE_MAX_LENGTH",
    );
    assert_eq!(raw.callback(&asked, &message("c")).await.0, 204);
}

#[tokio::test]
async fn presses_that_cannot_be_made() {
    let raw = Raw::start().await;
    let asked = raw.ping().await;
    assert_eq!(raw.callback(&asked, &with_button(64)).await.0, 204);
    let card = asked.reply().await.unwrap();
    let ada = raw.ada();
    let refused = |result: Result<_, _>| {
        let error: crate::sandbox::discord::Unexpected = match result {
            Ok(()) => panic!("the press was made"),
            Err(error) => error,
        };
        error.to_string()
    };
    let press = async |who: &Person, what: &str| refused(who.press(&card, what).await.map(drop));
    assert!(press(&ada, "Other").await.contains("there is no [Other]"));
    assert!(
        refused(ada.press_id(&card, "never-sent").await.map(drop))
            .contains("there is no [never-sent]")
    );
    assert!(
        press(&raw.discord.person("Bob"), "Go")
            .await
            .contains("does not see")
    );
    let disable = json!({ "components": [{ "type": 1, "components": [
        { "type": 2, "style": 1, "label": "Go", "custom_id": "go", "disabled": true },
        { "type": 2, "style": 5, "label": "Site", "url": "https://x.org" }] }] });
    let original = format!("{}/messages/@original", raw.webhook(&asked));
    assert_eq!(raw.patch(&original, &disable).await.0, 200);
    assert!(press(&ada, "Go").await.contains("disabled"));
    assert!(press(&ada, "Site").await.contains("link"));
    assert_eq!(
        card.refreshed().text(),
        "c\n[Go (disabled)] [Site](https://x.org)"
    );
    assert_eq!(raw.delete(&original).await.0, 204);
    assert!(press(&ada, "Go").await.contains("does not see"));
}

#[tokio::test]
async fn what_a_bot_is_told_of_an_interaction() {
    let raw = Raw::start().await;
    let support = raw.discord.role("Support");
    raw.ada().give_role("Support");
    raw.ada().set_locale("de");
    let asked = raw.ping().await;
    let payload = |id: u64| {
        raw.discord.look(|world| {
            crate::sandbox::discord::render::interaction(world, &world.interactions[&id])
        })
    };
    let told = payload(asked.id());
    assert_eq!(told["member"]["roles"], json!([support.to_string()]));
    assert_eq!(
        told["member"]["user"]["id"],
        json!(raw.ada().id().to_string())
    );
    assert_eq!(told["locale"], "de");
    assert_eq!(told["guild_id"], json!(raw.discord.guild_id().to_string()));
    assert_eq!(told["user"], Value::Null);
    assert_eq!(told["context"], 0);
    for key in [
        "app_permissions",
        "entitlements",
        "authorizing_integration_owners",
        "attachment_size_limit",
        "channel",
    ] {
        assert!(!told[key].is_null(), "{key}");
    }
    let global = format!("/applications/{}/commands", raw.discord.bot_id());
    raw.put(&global, &json!([{ "name": "me", "description": "m" }]))
        .await;
    let asked = raw.ada().in_dm().command("me", &[]).await.unwrap();
    let told = payload(asked.id());
    assert_eq!(told["user"]["id"], json!(raw.ada().id().to_string()));
    assert_eq!(
        (&told["member"], &told["guild_id"], &told["context"]),
        (&Value::Null, &Value::Null, &json!(1))
    );
}

#[tokio::test]
async fn a_callback_can_be_answered_with_what_it_made() {
    let raw = Raw::start().await;
    let asked = raw.ping().await;
    let path = format!(
        "/interactions/{}/{}/callback?with_response=true",
        asked.id(),
        asked.token()
    );
    let (status, told) = raw.post(&path, &message("c")).await;
    assert_eq!(
        (status, told["resource"]["message"]["content"].as_str()),
        (200, Some("c"))
    );
    assert_eq!(
        told["interaction"]["response_message_id"],
        told["resource"]["message"]["id"]
    );
    assert_eq!(
        told["resource"]["message"]["interaction_metadata"]["name"],
        "ping"
    );
}
