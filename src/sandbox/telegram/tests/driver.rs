//! What people do: menus by scope and language, forced replies, groups and their privacy, stale presses, quiet.

use serde_json::{Value, json};

use super::{refused, served, start, updates};

#[tokio::test]
async fn the_menu_is_the_narrowest_scope_in_the_persons_language() {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    let rosa = telegram.person_speaking("Rosa", "es-MX");
    let set = async |command: &str, scope: Value, language: &str| {
        let commands = json!([{ "command": command, "description": "x" }]);
        let call = json!({ "commands": commands, "scope": scope, "language_code": language });
        served(&telegram, "setMyCommands", call).await;
    };
    let menu = |person: &crate::sandbox::telegram::Person| -> Vec<String> {
        person
            .menu()
            .into_iter()
            .map(|entry| entry.command)
            .collect()
    };
    assert_eq!(menu(&ada), Vec::<String>::new());
    set("default", json!({ "type": "default" }), "").await;
    assert_eq!(menu(&ada), ["default"]);
    set("private", json!({ "type": "all_private_chats" }), "").await;
    set("privado", json!({ "type": "all_private_chats" }), "es").await;
    assert_eq!(
        (menu(&ada), menu(&rosa)),
        (vec!["private".into()], vec!["privado".into()])
    );
    set("hers", json!({ "type": "chat", "chat_id": rosa.id() }), "").await;
    assert_eq!(menu(&rosa), ["hers"]);
    let scope = json!({ "scope": { "type": "chat", "chat_id": rosa.id() } });
    let read = served(&telegram, "getMyCommands", scope.clone()).await;
    assert_eq!(read, json!([{ "command": "hers", "description": "x" }]));
    served(&telegram, "deleteMyCommands", scope).await;
    assert_eq!(menu(&rosa), ["privado"]);

    let group = telegram.group("Desk", &[&ada, &rosa]);
    set("admins", json!({ "type": "all_chat_administrators" }), "").await;
    set("groups", json!({ "type": "all_group_chats" }), "").await;
    assert_eq!(telegram.menu_in(&ada, group.id())[0].command, "admins");
    assert_eq!(telegram.menu_in(&rosa, group.id())[0].command, "groups");
}

#[tokio::test]
async fn a_forced_reply_is_answered_by_itself() {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let question = json!({ "chat_id": ada.id(), "text": "How much?", "reply_markup": { "force_reply": true } });
    let asked = served(&telegram, "sendMessage", question).await;
    assert!(ada.next_message().await.forces_reply());
    ada.send("500").await;
    ada.send("and more").await;
    let updates = updates(&telegram).await;
    assert_eq!(
        updates[1]["message"]["reply_to_message"]["message_id"],
        asked["message_id"]
    );
    assert_eq!(
        updates[1]["message"]["reply_to_message"]["text"],
        "How much?"
    );
    assert_eq!(updates[2]["message"].get("reply_to_message"), None);
}

#[tokio::test]
async fn in_groups_the_bot_hears_what_is_for_it() {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    let group = telegram.supergroup("Desk", &[&ada]);
    updates(&telegram).await;
    let bots = served(
        &telegram,
        "sendMessage",
        json!({ "chat_id": group.id(), "text": "hello" }),
    )
    .await;
    let bots = group.next_message().await.id() == bots["message_id"].as_i64().unwrap();
    assert!(bots);
    ada.send_in(&group, "between us").await;
    ada.send_in(&group, "/me").await;
    ada.send_in(&group, "/me@desk_bot now").await;
    ada.send_in(&group, "/me@other_bot now").await;
    ada.send_in(&group, "hey @desk_bot").await;
    let hello = group.chat()[0].clone();
    ada.reply(&hello, "an answer").await;
    ada.send_as_anonymous_admin(&group, "/credit_add").await;
    let heard = updates(&telegram).await;
    let texts: Vec<&str> = heard
        .iter()
        .map(|u| u["message"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        [
            "/me",
            "/me@desk_bot now",
            "hey @desk_bot",
            "an answer",
            "/credit_add"
        ]
    );
    let anonymous = &heard[4]["message"];
    assert_eq!(anonymous["sender_chat"]["id"], group.id());
    assert_eq!(anonymous["from"]["username"], "GroupAnonymousBot");
}

#[tokio::test]
async fn messages_that_carry_no_rights_look_like_it() {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let channel = telegram.channel("News");
    updates(&telegram).await;
    ada.send_forwarded("/me").await;
    ada.send_via_bot("/me").await;
    let sent = ada.send("/mee").await;
    ada.edit_message(&sent, "/me").await;
    channel.send_in_channel("/me").await;
    let heard = updates(&telegram).await;
    assert_eq!(heard[0]["message"]["forward_origin"]["type"], "hidden_user");
    assert_eq!(heard[1]["message"]["via_bot"]["username"], "other_bot");
    assert_eq!(heard[3]["edited_message"]["text"], "/me");
    assert_eq!(heard[4]["channel_post"].get("from"), None);
    assert_eq!(heard[4]["channel_post"]["sender_chat"]["type"], "channel");
}

#[tokio::test]
async fn presses_can_be_stale_and_forged() {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let markup = json!({ "inline_keyboard": [[{ "text": "Go", "callback_data": "go" }]] });
    served(
        &telegram,
        "sendMessage",
        json!({ "chat_id": ada.id(), "text": "x", "reply_markup": markup }),
    )
    .await;
    let card = ada.next_message().await;
    let id = card.id();
    served(
        &telegram,
        "editMessageText",
        json!({ "chat_id": ada.id(), "message_id": id, "text": "y" }),
    )
    .await;
    let why = ada.try_press(&card, "Go").await.unwrap_err();
    assert_eq!(why, "there is no [Go] on:\ny");
    updates(&telegram).await;
    ada.press_as_seen(&card, "Go").await;
    ada.forge_press(&card, "anything").await;
    served(
        &telegram,
        "deleteMessage",
        json!({ "chat_id": ada.id(), "message_id": id }),
    )
    .await;
    ada.press_as_seen(&card, "Go").await;
    let heard = updates(&telegram).await;
    assert_eq!(heard[0]["callback_query"]["data"], "go");
    assert_eq!(heard[0]["callback_query"]["message"]["text"], "y");
    assert_eq!(heard[1]["callback_query"]["data"], "anything");
    let gone = &heard[2]["callback_query"]["message"];
    assert_eq!(
        (&gone["date"], &gone["message_id"]),
        (&json!(0), &json!(id))
    );
}

#[tokio::test]
async fn unexpected_messages_and_vain_waits_show_the_conversation() {
    let telegram = start().await;
    let ada = telegram.person("Ada");
    ada.start(None).await;
    updates(&telegram).await;
    telegram.expect_quiet().await;
    let why = ada.try_next_message().await.unwrap_err();
    assert!(why.contains("in vain for the bot's next message"), "{why}");
    assert!(why.contains("[Ada] Ada: /start"), "{why}");
    served(
        &telegram,
        "sendMessage",
        json!({ "chat_id": ada.id(), "text": "surprise" }),
    )
    .await;
    let why = telegram.try_expect_quiet().await.unwrap_err();
    assert!(
        why.starts_with("nobody expected:\n    desk_bot: surprise\n"),
        "{why}"
    );
}

#[tokio::test]
async fn only_loopback_is_served() {
    let options = crate::sandbox::telegram::Options {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..Default::default()
    };
    assert!(
        crate::sandbox::telegram::Telegram::start(options)
            .await
            .is_err()
    );
    let telegram = start().await;
    assert!(telegram.api_url().starts_with("http://127.0.0.1:"));
    let ada = telegram.person("Ada");
    let (code, _) = refused(
        &telegram,
        "getChatMember",
        json!({ "chat_id": ada.id(), "user_id": 1 }),
    )
    .await;
    assert_eq!(code, 400);
}

#[tokio::test]
async fn a_stopped_telegram_answers_nobody() {
    let telegram = start().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/bot{}/getMe", telegram.api_url(), telegram.bot_token());
    assert!(client.get(&url).send().await.is_ok());
    telegram.stop();
    // Its connection of before is still there, and is cut too.
    assert!(client.get(&url).send().await.is_err());
}
