//! aiogram 3, unchanged: `tests/other_clients/telegram_bot.py` by polling and by webhook.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use crate::sandbox::programs;
use crate::sandbox::telegram::{Options, Telegram};

/// The bot's process, which ends with the test.
fn bot(telegram: &Telegram, webhook_port: Option<u16>) -> Option<Child> {
    let python = programs::or_left_out(programs::python(), "aiogram")?;
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/other_clients/telegram_bot.py"
    );
    let mut command = Command::new(python);
    command
        .arg(script)
        .env("API_URL", telegram.api_url())
        .env("TOKEN", telegram.bot_token())
        .env("NO_PROXY", "127.0.0.1")
        .stdout(Stdio::null())
        .kill_on_drop(true);
    if let Some(port) = webhook_port {
        command.env("WEBHOOK_PORT", port.to_string());
    }
    Some(command.spawn().unwrap())
}

async fn converse(webhook_port: Option<u16>) {
    let patience = Duration::from_secs(30);
    let telegram = Telegram::start(Options {
        patience,
        ..Options::default()
    })
    .await
    .unwrap();
    let Some(bot) = bot(&telegram, webhook_port) else {
        return;
    };
    let ada = telegram.person("Ada");
    ada.start(Some("CODE")).await;
    assert_eq!(ada.next_message().await.html(), "Hello <b>Ada</b> CODE");
    assert_eq!(ada.menu()[0].command, "ask");
    ada.send("/ask").await;
    assert!(ada.next_message().await.forces_reply());
    ada.send("500").await;
    let card = ada.next_message().await;
    assert_eq!(card.text(), "Add 500?\n[Approve] [Reject]");
    let answer = ada.press(&card, "Approve").await.answer().await;
    assert_eq!(
        (answer.text.as_deref(), answer.show_alert),
        (Some("You chose approve"), true)
    );
    let card = card
        .until(crate::sandbox::telegram::Message::is_edited)
        .await;
    assert_eq!(card.text(), "Add 500? approved");
    let photo = ada.send_photo("").await;
    let kept = ada.next_message().await;
    assert_eq!(kept.text(), "(file receipt.jpg)\nkept");
    assert_eq!(kept.file(), photo.file());
    telegram.expect_quiet().await;
    let refused: Vec<_> = telegram
        .record()
        .calls()
        .into_iter()
        .filter(|call| call.status != 200)
        .collect();
    assert!(refused.is_empty(), "{refused:?}");
    drop(bot);
}

#[tokio::test]
async fn aiogram_by_polling() {
    converse(None).await;
}

#[tokio::test]
async fn aiogram_by_webhook() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    converse(Some(port)).await;
}
