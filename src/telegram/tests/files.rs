//! Files both ways: pictures and documents with their captions, and what people send.

use super::*;
use crate::chat::file::Unfetched;
use crate::chat::{
    Action, Attachment, Button, FileKind, Files as _, Incoming, MessageRef, Messenger, Placement,
    Style,
};
use crate::delivery::courier::{Address, Courier as _, Effect, Envelope, Outcome};
use crate::domain::ids::{ClientId, NoticeId};
use crate::telegram::TelegramFiles;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

fn picture(title: &str) -> Card {
    Card {
        file: Some(Attachment::png("balance.png", PNG)),
        ..card(title)
    }
}

fn document(title: &str) -> Card {
    Card {
        file: Some(Attachment::document(
            "/tmp/Kunden für Zoë.csv",
            "text/csv",
            *b"name\nAda\n",
        )),
        ..card(title)
    }
}

fn button(client: i64, label: &str) -> Vec<Button> {
    let action = Action::View(ClientId(client));
    vec![Button::new(Style::Secondary, label, action)]
}

#[tokio::test]
async fn a_card_is_the_caption_of_its_picture_or_document() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::prompt(|event| match asked(event).as_str() {
        "picture" => Reply::card(picture("Balance <of> Ada")).row(button(1, "Older")),
        _ => Reply::card(document("All clients")),
    });
    let running = Running::start(&telegram, desk, &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    assert_eq!(
        ada.next_message().await.text(),
        "(file Kunden für Zoë.csv)\nAll clients"
    );
    ada.send("picture").await;
    let shown = ada.next_message().await;
    assert_eq!(shown.text(), "(photo)\nBalance <of> Ada\n[Older]");
    assert_eq!(shown.html(), "<b>Balance &lt;of&gt; Ada</b>");
    assert_eq!(shown.file().unwrap(), PNG);
    data.until_finished().await;
    expect_well_formed(&telegram);
    running.stop().await;
}

#[tokio::test]
async fn a_long_card_comes_before_its_file_and_keeps_the_buttons() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::prompt(|_| {
        let card = Card {
            text: "word ".repeat(300),
            ..document("Report")
        };
        Reply::card(card).row(button(1, "View"))
    });
    let running = Running::start(&telegram, desk, &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let first = ada.next_message().await;
    assert!(first.text().starts_with("Report") && first.text().ends_with("[View]"));
    assert_eq!(ada.next_message().await.text(), "(file Kunden für Zoë.csv)");
    running.stop().await;
}

#[tokio::test]
async fn an_edit_to_or_from_a_file_is_a_new_message() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let to = |client| format!("[{}]", Action::View(ClientId(client)));
    let desk = FakeDesk::prompt(move |event| {
        let asked = asked(event);
        if asked == to(1) {
            let reply = Reply::card(picture("Picture")).row(button(2, "Words"));
            reply.placed(Placement::Edit)
        } else if asked == to(2) {
            Reply::card(card("Words again")).placed(Placement::Edit)
        } else {
            Reply::card(card("Words")).row(button(1, "Picture"))
        }
    });
    let running = Running::start(&telegram, desk, &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let words = ada.next_message().await;
    ada.press(&words, "Picture").await.answer().await;
    let shown = ada.next_message().await;
    assert_eq!(shown.text(), "(photo)\nPicture\n[Words]");
    ada.press(&shown, "Words").await.answer().await;
    assert_eq!(ada.next_message().await.text(), "Words again");
    assert!(!words.refreshed().is_edited() && !shown.refreshed().is_edited());
    running.stop().await;
}

#[tokio::test]
async fn a_notice_brings_a_file_and_its_caption_can_be_edited() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let courier = adapter(
        &telegram,
        FakeDesk::echo(),
        &data.store,
        &[],
        &Arc::default(),
    );
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let to = Address::TelegramChat(ada.id());
    let deliver = async |effect| {
        let id = NoticeId(1);
        courier.deliver(Envelope { id, to, effect }).await
    };
    let posted = deliver(Effect::Post {
        card: picture("This week"),
        buttons: vec![button(1, "View")],
    });
    let Outcome::Sent(Some(message)) = posted.await else {
        panic!("not sent")
    };
    let shown = ada.next_message().await;
    assert_eq!(shown.text(), "(photo)\nThis week\n[View]");
    assert_eq!(message.message, shown.id());
    let edit = |message: &MessageRef, card| Effect::Edit {
        message: message.clone(),
        card,
        buttons: Vec::new(),
    };
    let edited = deliver(edit(&message, card("Last week"))).await;
    assert_eq!(edited, Outcome::Sent(None));
    assert_eq!(shown.refreshed().text(), "(photo)\nLast week");
    // Once more changes nothing.
    let edited = deliver(edit(&message, card("Last week"))).await;
    assert_eq!(edited, Outcome::Sent(None));
    let edited = deliver(edit(&message, document("Moved in"))).await;
    assert!(matches!(edited, Outcome::Sent(Some(_))), "{edited:?}");
    assert_eq!(
        ada.next_message().await.text(),
        "(file Kunden für Zoë.csv)\nMoved in"
    );
    expect_well_formed(&telegram);
}

#[tokio::test]
async fn what_somebody_sends_is_a_reference_and_can_be_fetched() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let desk = FakeDesk::echo();
    let running = Running::start(&telegram, desk.clone(), &data.store);
    let ada = telegram.person("Ada");
    ada.start(None).await;
    ada.next_message().await;
    ada.send_document("..\\cli\u{202e}ents.csv", b"name\nAda\n", "the list")
        .await;
    ada.next_message().await;
    ada.send_photo("").await;
    ada.next_message().await;
    let seen = desk.seen();
    let [.., sent, photo] = &seen[..] else {
        panic!("{seen:?}")
    };
    let Ask::File { file, text } = &sent.ask else {
        panic!("{sent:?}")
    };
    assert_eq!(
        (text.as_str(), file.name.as_str(), file.size, file.kind),
        ("the list", "clients.csv", 9, FileKind::Document)
    );
    let Ask::File { file: picture, .. } = &photo.ask else {
        panic!("{photo:?}")
    };
    assert_eq!(picture.kind, FileKind::Picture);

    let api_url = telegram.api_url();
    let files = TelegramFiles::new(&telegram.bot_token().to_owned().into(), Some(&api_url));
    let files = files.unwrap();
    assert!(files.serves(Messenger::Telegram) && !files.serves(Messenger::Discord));
    assert_eq!(files.fetch(file, 9).await.unwrap(), b"name\nAda\n");
    assert!(!files.fetch(picture, 10_000).await.unwrap().is_empty());
    let fetched = files.fetch(file, 8).await;
    assert!(
        matches!(fetched, Err(Unfetched::TooLarge(8))),
        "{fetched:?}"
    );
    let unknown = Incoming {
        at: "BQAC".to_owned(),
        ..file.clone()
    };
    let fetched = files.fetch(&unknown, 9).await;
    assert!(matches!(fetched, Err(Unfetched::Gone)), "{fetched:?}");
    let large = vec![0; 20 * 1024 * 1024 + 1];
    ada.send_document("large.bin", &large, "").await;
    ada.next_message().await;
    let Some(Ask::File { file: large, .. }) = desk.seen().pop().map(|event| event.ask) else {
        panic!("no file")
    };
    let fetched = files.fetch(&large, u64::MAX).await;
    assert!(
        matches!(fetched, Err(Unfetched::TooLarge(_))),
        "{fetched:?}"
    );
    expect_well_formed(&telegram);
    running.stop().await;
}
