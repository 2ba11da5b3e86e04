//! What people do and see.

use std::time::Duration;

use futures_util::FutureExt as _;

use super::*;
use crate::chat::{
    Action, Button, Field, FieldKind, Form, Messenger, Place, Placement, Style, Values,
};
use crate::domain::ids::ClientId;

fn view(label: &str, client: i64) -> Button {
    Button::new(Style::Primary, label, Action::View(ClientId(client)))
}

fn question(hint: &str) -> Form {
    Form {
        command: "credit add".into(),
        title: "How many credits?".into(),
        known: Values::default(),
        fields: vec![Field {
            name: "amount".into(),
            label: "Amount".into(),
            hint: hint.into(),
            kind: FieldKind::Text { max: 20 },
            required: true,
            value: String::new(),
        }],
        error: String::new(),
    }
}

#[tokio::test]
async fn a_command_is_answered_by_a_card_and_a_press_edits_it() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::prompt(|event| match &event.ask {
        Ask::Press(_) => Reply::card(card("Ada Ltd")).placed(Placement::Edit),
        _ => Reply::card(card(&asked(event))).row(vec![view("Show", 7)]),
    });
    let bot = Running::start(&telegram, desk.clone(), &data.store);
    let ada = telegram.person_speaking("Ada", "fr");
    ada.start(Some("CODE-1")).await;
    assert_eq!(ada.next_message().await.text(), "/start CODE-1\n[Show]");
    ada.send("/client_find@DESK_bot  ada & co").await;
    let shown = ada.next_message().await;
    assert_eq!(shown.text(), "/client_find  ada & co\n[Show]");
    let press = ada.press(&shown, "Show").await;
    let answer = press.answer().await;
    assert_eq!((answer.text, answer.show_alert), (None, false));
    let edited = shown.until(local::Message::is_edited).await;
    assert_eq!(edited.text(), "Ada Ltd");

    let events = desk.seen();
    assert_eq!(events.len(), 3);
    let pressed = &events[2];
    assert_eq!(pressed.from.identity.user, ada.id());
    assert_eq!(pressed.from.locale, "fr");
    assert_eq!(pressed.place, Place::PrivateChat);
    assert_eq!(pressed.chat, ada.id());
    let message = pressed.message.as_ref().unwrap();
    assert_eq!((message.chat, message.message), (ada.id(), shown.id()));
    assert_eq!(message.messenger, Messenger::Telegram);
    data.until_finished().await;
    telegram.expect_quiet().await;
    bot.stop().await;
    expect_well_formed(&telegram);
}

#[tokio::test]
async fn an_edit_to_the_same_leaves_the_message_and_one_of_a_lost_message_sends_a_new_one() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::prompt(|event| {
        let placement = match &event.ask {
            Ask::Press(_) => Placement::Edit,
            _ => Placement::New,
        };
        Reply::card(card("Always this"))
            .row(vec![view("Again", 7)])
            .placed(placement)
    });
    let bot = Running::start(&telegram, desk, &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let shown = ada.next_message().await;
    ada.press(&shown, "Again").await.answer().await;
    data.until_finished().await;
    telegram.expect_quiet().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    // The message goes away under the person's finger.
    let url = format!(
        "{}/bot{}/deleteMessage",
        telegram.api_url(),
        telegram.bot_token()
    );
    let gone = serde_json::json!({ "chat_id": ada.id(), "message_id": shown.id() });
    assert!(
        client
            .post(url)
            .json(&gone)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    ada.press_as_seen(&shown, "Again").await;
    assert_eq!(ada.next_message().await.text(), "Always this\n[Again]");
    bot.stop().await;
}

#[tokio::test]
async fn an_aside_is_an_alert_or_a_message_where_it_is_too_long() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::prompt(|event| match &event.ask {
        Ask::Press(data) if data.ends_with('7') => Reply::card(Card {
            title: "No".into(),
            text: "Not yours & mine".into(),
            ..Card::default()
        })
        .placed(Placement::Aside),
        Ask::Press(_) => Reply::card(card(&"é".repeat(201))).placed(Placement::Aside),
        _ => Reply::card(card("Pick")).row(vec![view("Short", 7), view("Long", 8)]),
    });
    let bot = Running::start(&telegram, desk, &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let shown = ada.next_message().await;
    let answer = ada.press(&shown, "Short").await.answer().await;
    assert_eq!(answer.text.as_deref(), Some("No\nNot yours & mine"));
    assert!(answer.show_alert);
    telegram.expect_quiet().await;
    let answer = ada.press(&shown, "Long").await.answer().await;
    assert_eq!(answer.text, None);
    assert_eq!(ada.next_message().await.text(), "é".repeat(201));
    bot.stop().await;
    expect_well_formed(&telegram);
}

#[tokio::test]
async fn a_question_opens_the_reply_to_it_and_words_answer_it() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let hint = "for example 500 ".repeat(9);
    let desk = FakeDesk::prompt(move |event| match &event.ask {
        Ask::Typed(_) => Reply::form(question(&hint)),
        _ => Reply::card(card(&asked(event))),
    });
    let bot = Running::start(&telegram, desk, &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let asked = ada.next_message().await;
    assert!(asked.forces_reply());
    assert_eq!(asked.text(), "How many credits?");
    ada.send("500").await;
    assert_eq!(ada.next_message().await.text(), "500");
    ada.send_photo("the receipt").await;
    assert_eq!(ada.next_message().await.text(), "(photo.jpg) the receipt");
    bot.stop().await;
    expect_well_formed(&telegram);
    let markup = &calls(&telegram, "sendMessage")[0]["reply_markup"];
    let placeholder = markup["input_field_placeholder"].as_str().unwrap();
    assert_eq!(placeholder.chars().count(), 64);
    assert_eq!(markup["selective"], true);
}

#[tokio::test]
async fn in_groups_only_what_is_meant_for_the_bot_is_answered() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::prompt(|event| match &event.ask {
        Ask::Press(_) => Reply::form(question("500")),
        _ => Reply::card(card(&asked(event))).row(vec![view("Ask", 7)]),
    });
    let bot = Running::start(&telegram, desk.clone(), &data.store);
    let (ada, bob) = (telegram.person("Ada"), telegram.person("Bob <&>"));
    let group = telegram.group("Desk", &[&ada, &bob]);
    ada.send_in(&group, "good morning").await;
    ada.send_in(&group, "/help@other_bot").await;
    let typed = ada.send_in(&group, "/help").await;
    let shown = group.next_message().await;
    assert_eq!(shown.text(), "/help\n[Ask]");
    assert_eq!(shown.reply_to(), Some(typed.id()));
    bob.press(&shown, "Ask").await.answer().await;
    let question = group.next_message().await;
    assert!(question.forces_reply());
    assert_eq!(question.text(), "Bob <&>\nHow many credits?");
    bob.reply(&question, "500").await;
    assert_eq!(group.next_message().await.text(), "500\n[Ask]");
    let events = desk.seen();
    assert_eq!(desk.asked()[2], "500");
    assert!(events.iter().all(|event| event.place == Place::Group));
    assert!(events.iter().all(|event| event.chat == group.id()));
    data.until_finished().await;
    telegram.expect_quiet().await;
    bot.stop().await;
    expect_well_formed(&telegram);
}

#[tokio::test]
async fn nobody_is_vouched_for_who_edits_forwards_hides_or_speaks_through_a_bot() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::echo();
    let bot = Running::start(&telegram, desk.clone(), &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.next_message().await;
    let typed = ada.send("/help").await;
    ada.next_message().await;
    ada.edit_message(&typed, "/credit_add ada 500").await;
    ada.next_message().await;
    ada.send_forwarded("/credit_add ada 501").await;
    ada.next_message().await;
    ada.send_via_bot("/credit_add ada 502").await;
    ada.next_message().await;
    let group = telegram.group("Desk", &[&ada]);
    group.make_admin(&ada);
    ada.send_as_anonymous_admin(&group, "/credit_add ada 503")
        .await;
    group.next_message().await;
    telegram
        .channel("News")
        .send_in_channel("/credit_add ada 504")
        .await;
    let words = ada.send("500").await;
    ada.next_message().await;
    ada.edit_message(&words, "5000").await;
    data.until_finished().await;
    telegram.expect_quiet().await;
    bot.stop().await;
    let places: Vec<_> = desk
        .seen()
        .iter()
        .map(|event| format!("{} {:?}", asked(event), event.place))
        .collect();
    insta::assert_snapshot!(places.join("\n"), @r"
    /start PrivateChat
    /help PrivateChat
    /credit_add ada 500 Unvouched
    /credit_add ada 501 Unvouched
    /credit_add ada 502 Unvouched
    /credit_add ada 503 Unvouched
    500 PrivateChat
    ");
    assert_eq!(desk.seen()[5].from.identity.user, group.id());
}

#[tokio::test]
async fn slow_work_is_acknowledged_after_a_second_whatever_waits_in_front_of_it() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::new(|event| {
        async move {
            if asked(&event).contains("slow") {
                tokio::time::sleep(Duration::from_millis(1200)).await;
            }
            match &event.ask {
                Ask::Press(_) => Reply::card(card("Pressed")).placed(Placement::Aside),
                _ => Reply::card(card(&asked(&event))).row(vec![view("Show", 7)]),
            }
        }
        .boxed()
    });
    let bot = Running::start(&telegram, desk, &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let shown = ada.next_message().await;
    assert!(calls(&telegram, "sendChatAction").is_empty());
    ada.send("/slow").await;
    ada.send("/slow too").await;
    let press = ada.press(&shown, "Show").await;
    let asked_at = tokio::time::Instant::now();
    let answer = press.answer().await;
    let waited = asked_at.elapsed();
    assert!(waited > Duration::from_millis(800) && waited < Duration::from_millis(1500));
    assert_eq!(answer.text, None);
    // One sign for all that waits in the chat.
    assert_eq!(calls(&telegram, "sendChatAction").len(), 1);
    assert_eq!(ada.next_message().await.text(), "/slow\n[Show]");
    assert_eq!(ada.next_message().await.text(), "/slow too\n[Show]");
    // Too late for an alert: it is said in a message.
    assert_eq!(ada.next_message().await.text(), "Pressed");
    telegram.expect_quiet().await;
    bot.stop().await;
    expect_well_formed(&telegram);
}

#[tokio::test]
async fn a_flood_of_one_person_neither_delays_another_nor_floods_back() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let closed = gate.clone();
    let desk = FakeDesk::new(move |event| {
        let gate = closed.clone();
        async move {
            if asked(&event).starts_with("/flood") {
                gate.acquire().await.unwrap().forget();
            }
            Reply::card(card(&asked(&event)))
        }
        .boxed()
    });
    let bot = Running::start(&telegram, desk.clone(), &data.store);
    let (eve, ada) = (telegram.person("Eve"), telegram.person("Ada"));
    eve.start(None).await;
    eve.next_message().await;
    for index in 0..50 {
        eve.send(&format!("/flood {index}")).await;
    }
    assert_eq!(eve.next_message().await.text(), "Too fast");
    ada.start(None).await;
    assert_eq!(ada.next_message().await.text(), "/start");
    let handled = crate::pipeline::lanes::LANE_LENGTH + 1;
    until("the rest is finished unhandled", async || {
        data.unfinished().await == handled
    })
    .await;
    // One question shows that the lane goes on in order; the rest is left to the next start.
    gate.add_permits(2);
    assert_eq!(eve.next_message().await.text(), "/flood 0");
    assert_eq!(eve.next_message().await.text(), "/flood 1");
    telegram.expect_quiet().await;
    bot.kill().await;
}
