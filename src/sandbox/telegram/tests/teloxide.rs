//! teloxide's plain `Bot`, unchanged: raw updates in, messages, edits and answers out.

use ::teloxide::prelude::*;
use ::teloxide::types::{
    BotCommand, BotCommandScope, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, ParseMode,
    UpdateKind,
};

use super::start;
use crate::sandbox::telegram::Telegram;

fn bot(telegram: &Telegram) -> Bot {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let api = reqwest::Url::parse(&telegram.api_url()).unwrap();
    Bot::with_client(telegram.bot_token(), client).set_api_url(api)
}

#[tokio::test]
async fn a_conversation_by_polling() {
    let telegram = start().await;
    let bot = bot(&telegram);
    let me = bot.get_me().await.unwrap();
    assert_eq!(me.username(), telegram.bot_username());
    bot.set_my_commands([BotCommand::new("me", "Who am I")])
        .scope(BotCommandScope::AllPrivateChats)
        .await
        .unwrap();

    let ada = telegram.person("Ada");
    assert_eq!(ada.menu()[0].command, "me");
    ada.start(Some("CODE-1")).await;
    let updates = bot.get_updates().timeout(5).await.unwrap();
    let UpdateKind::Message(message) = &updates[0].kind else {
        panic!("{updates:?}");
    };
    assert_eq!(message.text(), Some("/start CODE-1"));

    let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Approve", "1:a")]]);
    let sent = bot
        .send_message(message.chat.id, "<b>10</b> credits &amp; more")
        .parse_mode(ParseMode::Html)
        .reply_markup(keyboard)
        .await
        .unwrap();
    let card = ada.next_message().await;
    assert_eq!(card.text(), "10 credits & more\n[Approve]");
    assert_eq!(card.html(), "<b>10</b> credits &amp; more");

    let press = ada.press(&card, "Approve").await;
    let offset = i32::try_from(updates[0].id.0).unwrap() + 1;
    let updates = bot.get_updates().offset(offset).timeout(5).await.unwrap();
    let UpdateKind::CallbackQuery(query) = &updates[0].kind else {
        panic!("{updates:?}");
    };
    assert_eq!(query.data.as_deref(), Some("1:a"));
    assert_eq!(query.message.as_ref().unwrap().id(), sent.id);
    bot.answer_callback_query(query.id.clone())
        .text("Done")
        .show_alert(true)
        .await
        .unwrap();
    bot.edit_message_text(sent.chat.id, sent.id, "Approved")
        .await
        .unwrap();
    let answer = press.answer().await;
    assert_eq!(
        (answer.text.as_deref(), answer.show_alert),
        (Some("Done"), true)
    );
    let edited = card
        .until(crate::sandbox::telegram::Message::is_edited)
        .await;
    assert_eq!(edited.text(), "Approved");
    telegram.expect_quiet().await;
}

#[tokio::test]
async fn pictures_go_both_ways() {
    let telegram = start().await;
    let bot = bot(&telegram);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let sent = ada.send_photo("the receipt").await;
    let updates = bot.get_updates().await.unwrap();
    let UpdateKind::Message(message) = &updates[1].kind else {
        panic!("{updates:?}");
    };
    assert_eq!(message.caption(), Some("the receipt"));
    let photo = &message.photo().unwrap()[0];
    let file = bot.get_file(photo.file.id.clone()).await.unwrap();
    let url = format!(
        "{}/file/bot{}/{}",
        telegram.api_url(),
        telegram.bot_token(),
        file.path
    );
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let bytes = client.get(url).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(Some(bytes.to_vec()), sent.file());

    let chat = message.chat.id;
    bot.send_photo(chat, InputFile::memory(bytes.clone()))
        .caption("back")
        .await
        .unwrap();
    assert_eq!(ada.next_message().await.text(), "(photo)\nback");
    let document = InputFile::memory("a;b").file_name("list.csv");
    bot.send_document(chat, document).await.unwrap();
    let read = ada.next_message().await;
    assert_eq!(read.text(), "(file list.csv)");
    assert_eq!(read.file().as_deref(), Some(&b"a;b"[..]));
    bot.send_photo(chat, InputFile::file_id(photo.file.id.clone()))
        .await
        .unwrap();
    assert_eq!(ada.next_message().await.text(), "(photo)");
}

#[tokio::test]
async fn errors_are_the_ones_that_teloxide_knows() {
    use ::teloxide::{ApiError, RequestError};
    let telegram = start().await;
    let bot = bot(&telegram);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.block_bot();
    let blocked = bot.send_message(ChatId(ada.id()), "x").await.unwrap_err();
    assert!(
        matches!(blocked, RequestError::Api(ApiError::BotBlocked)),
        "{blocked}"
    );
    let unknown = bot.send_message(ChatId(4), "x").await.unwrap_err();
    assert!(
        matches!(unknown, RequestError::Api(ApiError::ChatNotFound)),
        "{unknown}"
    );
    ada.unblock_bot();
    let sent = bot.send_message(ChatId(ada.id()), "x").await.unwrap();
    let same = bot
        .edit_message_text(sent.chat.id, sent.id, "x")
        .await
        .unwrap_err();
    assert!(
        matches!(same, RequestError::Api(ApiError::MessageNotModified)),
        "{same}"
    );
    let group = telegram.group("Desk", &[&ada]);
    let new = group.upgrade().await;
    let moved = bot.send_message(ChatId(group.id()), "x").await.unwrap_err();
    assert!(
        matches!(moved, RequestError::MigrateToChatId(id) if id.0 == new.id()),
        "{moved}"
    );
    let chat = bot.get_chat(ChatId(new.id())).await.unwrap();
    assert_eq!(chat.title(), Some("Desk"));
    let member = bot
        .get_chat_member(chat.id, UserId(ada.id().unsigned_abs()))
        .await
        .unwrap();
    assert!(member.is_owner());
}
