//! What goes wrong, and what people see of it: nothing lost, nothing done twice.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::*;
use crate::chat::{Action, Button, Placement, Style};
use crate::domain::ids::ClientId;
use crate::telegram::check;

#[tokio::test]
async fn nothing_is_confirmed_while_the_database_is_away() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::echo();
    let bot = Running::start(&telegram, desk.clone(), &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.next_message().await;
    data.disturb("alter table inbox rename to away").await;
    ada.send("/help").await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(telegram.pending_updates(), 1);
    assert_eq!(desk.asked(), ["/start"]);
    data.disturb("alter table away rename to inbox").await;
    assert_eq!(ada.next_message().await.text(), "/help");
    until("the update is confirmed", async || {
        telegram.pending_updates() == 0
    })
    .await;
    assert_eq!(desk.asked(), ["/start", "/help"]);
    bot.stop().await;
}

#[tokio::test]
async fn an_update_that_was_stored_without_our_learning_of_it_is_handled() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::echo();
    let bot = Running::start(&telegram, desk.clone(), &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.next_message().await;
    let update = json!({"update_id": 77, "message": {
        "message_id": 9, "date": 1_767_225_600, "text": "/late",
        "chat": {"id": ada.id(), "type": "private", "first_name": "Ada"},
        "from": {"id": ada.id(), "is_bot": false, "first_name": "Ada"},
    }});
    data.disturb("alter table inbox rename to away").await;
    bot.adapter.take(vec![update.clone()]).await.unwrap_err();
    data.disturb("alter table away rename to inbox").await;
    // The failed try had committed after all.
    let row = crate::store::events::Update {
        update_id: 77,
        raw: update.to_string(),
    };
    let now = Clock::system().now();
    data.store.inbox_put(vec![row], now).await.unwrap();
    bot.adapter.take(vec![update.clone()]).await.unwrap();
    assert_eq!(ada.next_message().await.text(), "/late");
    bot.adapter.take(vec![update]).await.unwrap();
    data.until_finished().await;
    telegram.expect_quiet().await;
    assert_eq!(desk.asked(), ["/start", "/late"]);
    bot.stop().await;
}

#[tokio::test]
async fn what_a_kill_interrupts_is_handled_by_the_next_start() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let stuck = FakeDesk::new(|_| futures_util::future::pending().boxed());
    let bot = Running::start(&telegram, stuck.clone(), &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.send("/one").await;
    ada.send("/two").await;
    until("all are stored", async || data.unfinished().await == 3).await;
    until("they are confirmed", async || {
        telegram.pending_updates() == 0
    })
    .await;
    bot.kill().await;
    assert_eq!(stuck.asked(), ["/start"]);

    let desk = FakeDesk::echo();
    let bot = Running::start(&telegram, desk.clone(), &data.store);
    for expected in ["/start", "/one", "/two"] {
        assert_eq!(ada.next_message().await.text(), expected);
    }
    assert_eq!(desk.seen()[0].id, stuck.seen()[0].id);
    data.until_finished().await;
    bot.stop().await;
    let again = Running::start(&telegram, desk.clone(), &data.store);
    ada.send("/three").await;
    assert_eq!(ada.next_message().await.text(), "/three");
    telegram.expect_quiet().await;
    again.stop().await;
    assert_eq!(desk.asked(), ["/start", "/one", "/two", "/three"]);
}

#[tokio::test]
async fn a_repeated_delivery_is_handled_once() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::echo();
    let bot = Running::start(&telegram, desk.clone(), &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.next_message().await;
    trouble(&telegram, Trouble::DuplicateDelivery, "message", 1);
    ada.send("/once").await;
    assert_eq!(ada.next_message().await.text(), "/once");
    ada.send("/then").await;
    assert_eq!(ada.next_message().await.text(), "/then");
    telegram.expect_quiet().await;
    bot.stop().await;
    assert_eq!(desk.asked(), ["/start", "/once", "/then"]);
}

#[tokio::test]
async fn a_panic_ends_one_update_and_not_the_bot() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::prompt(|event| {
        assert!(!asked(event).contains("panic"), "on purpose");
        Reply::card(card(&asked(event)))
    });
    let bot = Running::start(&telegram, desk, &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.next_message().await;
    ada.send("/panic").await;
    ada.send("/calm").await;
    assert_eq!(ada.next_message().await.text(), "/calm");
    data.until_finished().await;
    bot.stop().await;
}

#[tokio::test]
async fn limits_and_outages_delay_a_reply_and_do_not_lose_it() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::echo();
    let bot = Running::start(&telegram, desk.clone(), &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.next_message().await;
    for fault in [
        Trouble::TooManyRequests {
            retry_after_ms: 1000,
        },
        Trouble::ServerError { status: 502 },
        Trouble::DropCall,
    ] {
        trouble(&telegram, fault, "sendMessage", 1);
        ada.send("/help").await;
        assert_eq!(ada.next_message().await.text(), "/help");
    }
    data.until_finished().await;
    telegram.expect_quiet().await;
    bot.stop().await;
    assert_eq!(desk.asked().len(), 4);
}

#[tokio::test]
async fn a_strict_telegram_gets_every_reply_in_order_and_no_hail_of_calls() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    telegram.enforce_pace(true);
    let bot = Running::start(&telegram, FakeDesk::echo(), &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    for index in 0..5 {
        ada.send(&format!("/ask {index}")).await;
    }
    assert_eq!(ada.next_message().await.text(), "/start");
    for index in 0..5 {
        assert_eq!(ada.next_message().await.text(), format!("/ask {index}"));
    }
    data.until_finished().await;
    let refused = telegram.record().calls();
    let refused = refused.iter().filter(|call| call.status == 429).count();
    assert!(refused <= 6, "{refused}");
    bot.stop().await;
}

#[tokio::test]
async fn who_blocks_the_bot_is_left_alone() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let sent = Arc::new(AtomicUsize::new(0));
    let count = sent.clone();
    let desk = FakeDesk::new(move |event| {
        let count = count.clone();
        async move {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(300)).await;
            Reply::card(card(&asked(&event)))
        }
        .boxed()
    });
    let bot = Running::start(&telegram, desk, &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.next_message().await;
    ada.send("/help").await;
    until("the work has begun", async || {
        sent.load(Ordering::SeqCst) == 2
    })
    .await;
    ada.block_bot();
    data.until_finished().await;
    let refused: Vec<_> = telegram
        .record()
        .calls()
        .into_iter()
        .filter(|call| call.status == 403)
        .collect();
    assert_eq!(refused.len(), 1);
    bot.stop().await;
}

#[tokio::test]
async fn a_second_poller_and_a_dead_server_are_waited_out() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::echo();
    trouble(&telegram, Trouble::ServerError { status: 500 }, "getMe", 1);
    trouble(&telegram, Trouble::DropCall, "getUpdates", 1);
    let bot = Running::start(&telegram, desk, &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    assert_eq!(ada.next_message().await.text(), "/start");
    // A webhook set by somebody else makes polls fail with 409 until it is gone.
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let call = async |method: &str, body: Value| {
        let (base, token) = (telegram.api_url(), telegram.bot_token());
        let url = format!("{base}/bot{token}/{method}");
        let answer = client.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{method}");
    };
    call(
        "setWebhook",
        json!({"url": "https://127.0.0.1:8443/nobody"}),
    )
    .await;
    until("a poll is refused", async || {
        let calls = telegram.record().calls();
        calls.iter().any(|call| call.status == 409)
    })
    .await;
    call("deleteWebhook", json!({})).await;
    ada.send("/help").await;
    assert_eq!(ada.next_message().await.text(), "/help");
    bot.stop().await;
}

#[tokio::test]
async fn a_webhook_is_taken_away_and_a_wrong_token_is_a_fault() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let (base, token) = (telegram.api_url(), telegram.bot_token());
    let url = format!("{base}/bot{token}/setWebhook");
    let body = json!({"url": "https://127.0.0.1:8443/nobody"});
    let set = client.post(url).json(&body).send().await.unwrap();
    assert!(set.status().is_success());
    let bot = Running::start(&telegram, FakeDesk::echo(), &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    assert_eq!(ada.next_message().await.text(), "/start");
    assert_eq!(bot.username.get(), Some(&telegram.bot_username()));
    bot.stop().await;
    let token = telegram.bot_token().to_owned().into();
    let checked = check(&token, Some(&telegram.api_url())).await.unwrap();
    assert_eq!(checked, telegram.bot_username());

    let settings = Settings {
        token: "123:wrong".to_owned().into(),
        api_url: Some(telegram.api_url()),
        commands: &[],
        describe: Arc::new(|_, _| None),
        languages: Vec::new(),
        client: Some(client),
        username: Arc::default(),
    };
    let lanes = Lanes::new(1);
    let store = data.store.clone();
    let stranger =
        Telegram::new(settings, FakeDesk::echo(), store, lanes, Clock::system()).unwrap();
    let fault = stranger.run(CancellationToken::new()).await.unwrap_err();
    assert_eq!(fault.cause(), "the token is not accepted");
    let wrong = "123:wrong".to_owned().into();
    check(&wrong, Some(&telegram.api_url())).await.unwrap_err();
}

#[tokio::test]
async fn a_stop_finishes_what_was_begun() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::new(|event| {
        async move {
            tokio::time::sleep(Duration::from_millis(400)).await;
            Reply::card(card(&asked(&event)))
        }
        .boxed()
    });
    let bot = Running::start(&telegram, desk.clone(), &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.send("/later").await;
    until("the first has begun and the second is stored", async || {
        desk.asked() == ["/start"] && data.unfinished().await == 2
    })
    .await;
    bot.stop().await;
    assert_eq!(ada.next_message().await.text(), "/start");
    assert_eq!(data.unfinished().await, 1);
    telegram.expect_quiet().await;
}

/// A card with a button for each place where the reply to a press can go.
fn offer(event: &Event) -> Reply {
    let button =
        |label: &str, client| Button::new(Style::Primary, label, Action::View(ClientId(client)));
    let placement = match &event.ask {
        Ask::Press(data) if data.ends_with('1') => Placement::Edit,
        Ask::Press(data) if data.ends_with('2') => Placement::Aside,
        Ask::Press(_) => Placement::New,
        _ => {
            let row = vec![button("Edit", 1), button("Aside", 2), button("New", 3)];
            return Reply::card(card("Pick")).row(row);
        }
    };
    Reply::card(card(&format!("{placement:?}"))).placed(placement)
}

#[tokio::test]
async fn presses_that_grew_too_old_meanwhile_are_answered_in_messages() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let stuck = FakeDesk::new(|event| {
        async move {
            if let Ask::Press(_) = &event.ask {
                futures_util::future::pending::<()>().await;
            }
            offer(&event)
        }
        .boxed()
    });
    let bot = Running::start(&telegram, stuck, &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let shown = ada.next_message().await;
    data.until_finished().await;
    for label in ["Aside", "New", "Edit"] {
        ada.press(&shown, label).await;
    }
    until("all are stored", async || data.unfinished().await == 3).await;
    bot.kill().await;
    telegram.pass_time(Duration::from_secs(200));
    let bot = Running::start(&telegram, FakeDesk::prompt(offer), &data.store);
    assert_eq!(ada.next_message().await.text(), "Aside");
    assert_eq!(ada.next_message().await.text(), "New");
    shown.until(|message| message.text() == "Edit").await;
    data.until_finished().await;
    telegram.expect_quiet().await;
    bot.stop().await;
}

#[tokio::test]
async fn an_acknowledgement_that_fails_delays_nothing_and_is_given_later() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let bot = Running::start(&telegram, FakeDesk::prompt(offer), &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let shown = ada.next_message().await;
    let fault = Trouble::ServerError { status: 500 };
    trouble(&telegram, fault.clone(), "answerCallbackQuery", 2);
    let press = ada.press(&shown, "New").await;
    assert_eq!(ada.next_message().await.text(), "New");
    assert_eq!(press.answered().map(|answer| answer.text), None);
    assert_eq!(press.answer().await.text, None);
    trouble(&telegram, fault, "answerCallbackQuery", 1);
    let alert = ada.press(&shown, "Aside").await.answer().await;
    assert_eq!(alert.text.as_deref(), Some("Aside"));
    data.until_finished().await;
    telegram.expect_quiet().await;
    bot.stop().await;
}
