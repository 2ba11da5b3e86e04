//! Files both ways: pictures and documents in answers and notices, and what people attach to commands.

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;

use super::*;
use crate::chat::file::{MOST_OUT, Unfetched};
use crate::chat::{Attachment, FileKind, Files as _, Incoming, Messenger};
use crate::delivery::courier::{Address, Courier as _, Effect, Envelope, Outcome};
use crate::discord::DiscordCourier;
use crate::domain::ids::NoticeId;
use crate::download::Downloads;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

fn with(title: &str, file: Attachment) -> Card {
    Card {
        file: Some(file),
        ..titled(title)
    }
}

fn picture(title: &str) -> Card {
    with(title, Attachment::png("Balance of Zoë.png", PNG))
}

fn document(title: &str, bytes: usize) -> Card {
    let content = vec![b'x'; bytes];
    with(
        title,
        Attachment::document("a/../clients.csv", "text/csv", content),
    )
}

fn named(message: &local::Message) -> Vec<(String, usize)> {
    let files = message.files().into_iter();
    files.map(|(name, bytes)| (name, bytes.len())).collect()
}

#[tokio::test]
async fn a_picture_is_shown_in_the_first_answer_and_in_a_deferred_one() {
    let bench = Bench::start(|event| match &event.ask {
        Ask::Command { name, .. } if name == "help" => Part::slowly(
            Opening::Defer(Visibility::Private),
            Reply::card(picture("Late")),
        ),
        _ => Part::at_once(Reply::card(picture("Soon")).row(vec![view(1, "Older")])),
    })
    .await;
    let ada = bench.local.person("Ada");
    let asked = ada.command("client find", &[("client", "ada")]).await;
    let soon = asked.unwrap().reply().await.unwrap();
    insta::assert_snapshot!(soon.text(), @r"
    Soon
    (picture attachment://Balance_of_Zoe.png)
    (file Balance_of_Zoe.png)
    [Older]
    ");
    assert_eq!(soon.files()[0].1, PNG);
    // What the embed refers to is the file itself.
    let wire = soon.wire();
    assert_eq!(
        wire["embeds"][0]["image"]["url"],
        wire["attachments"][0]["url"]
    );
    let late = ada.command("help", &[]).await.unwrap();
    let late = late.reply().await.unwrap();
    assert_eq!(named(&late), [("Balance_of_Zoe.png".to_owned(), PNG.len())]);
    assert!(late.is_ephemeral() && late.text().starts_with("Late"));
    assert_eq!(bench.first_answers(), [4, 5]);
}

#[tokio::test]
async fn a_large_file_follows_an_answer_that_says_nothing_yet() {
    let bench = Bench::start(|event| {
        let mut reply = Reply::card(document("All clients", 2 * 1024 * 1024));
        if matches!(event.ask, Ask::Press(_)) {
            reply.placement = Placement::Edit;
        } else {
            reply = reply.row(vec![view(1, "Again")]);
        }
        Part::at_once(reply)
    })
    .await;
    let ada = bench.local.person("Ada");
    let asked = ada.command("help", &[]).await.unwrap();
    let card = asked.reply().await.unwrap();
    assert_eq!(named(&card), [("clients.csv".to_owned(), 2 * 1024 * 1024)]);
    let pressed = ada.press(&card, "Again").await.unwrap();
    pressed.reply().await.unwrap();
    let card = card
        .becomes(|card| card.buttons().is_empty())
        .await
        .unwrap();
    assert_eq!(named(&card).len(), 1);
    assert_eq!(bench.first_answers(), [5, 6]);
}

#[tokio::test]
async fn an_edit_takes_the_earlier_file_away() {
    let bench = Bench::start(|event| match &event.ask {
        Ask::Press(data) if *data == Action::View(ClientId(1)).to_string() => Part::at_once(
            Reply::card(document("Next", 10))
                .row(vec![view(2, "Last")])
                .placed(Placement::Edit),
        ),
        Ask::Press(_) => Part::at_once(placed("Nothing more", Placement::Edit)),
        _ => Part::at_once(Reply::card(picture("First")).row(vec![view(1, "Next")])),
    })
    .await;
    let ada = bench.local.person("Ada");
    let card = ada.command("help", &[]).await.unwrap();
    let card = card.reply().await.unwrap();
    ada.press(&card, "Next").await.unwrap();
    let card = card
        .becomes(|card| card.text().starts_with("Next"))
        .await
        .unwrap();
    assert_eq!(named(&card), [("clients.csv".to_owned(), 10)]);
    ada.press(&card, "Last").await.unwrap();
    let card = card
        .becomes(|card| card.text() == "Nothing more")
        .await
        .unwrap();
    assert!(card.files().is_empty());
    assert_eq!(bench.first_answers(), [4, 7, 7]);
}

#[tokio::test]
async fn a_file_that_is_too_large_or_empty_is_left_out_and_the_card_is_there() {
    let bench = Bench::start(|event| match &event.ask {
        Ask::Command { name, .. } if name == "help" => {
            Part::at_once(Reply::card(document("Empty", 0)))
        }
        _ => Part::at_once(Reply::card(document("Too large", MOST_OUT + 1))),
    })
    .await;
    let ada = bench.local.person("Ada");
    let empty = ada.command("help", &[]).await.unwrap();
    assert_eq!(empty.reply().await.unwrap().text(), "Empty");
    let large = ada
        .command("client find", &[("client", "a")])
        .await
        .unwrap();
    assert_eq!(large.reply().await.unwrap().text(), "Too large");
}

#[tokio::test]
async fn a_notice_brings_a_file_once() {
    let local = local::Discord::start(local::Setup::default())
        .await
        .unwrap();
    let courier = DiscordCourier::new(api(&local));
    let channel = local.approvals_channel_id();
    let to = Address::DiscordChannel(channel.cast_signed());
    let post = || Envelope {
        id: NoticeId(7),
        to,
        effect: Effect::Post {
            card: picture("This week"),
            buttons: Vec::new(),
        },
    };
    local.fault(crate::sandbox::faults::Rule {
        fault: crate::sandbox::faults::Fault::DropAnswer,
        matching: "/messages".to_owned(),
        times: 1,
    });
    assert!(matches!(
        courier.deliver(post()).await,
        Outcome::Later { .. }
    ));
    let Outcome::Sent(Some(message)) = courier.deliver(post()).await else {
        panic!("not sent")
    };
    let seen = local.person("Ada").sees(channel);
    assert_eq!(seen.len(), 1);
    assert_eq!(
        named(&seen[0]),
        [("Balance_of_Zoe.png".to_owned(), PNG.len())]
    );
    let edited = courier
        .deliver(Envelope {
            id: NoticeId(8),
            to,
            effect: Effect::Edit {
                message,
                card: document("Moved in", 3),
                buttons: Vec::new(),
            },
        })
        .await;
    assert!(matches!(edited, Outcome::Sent(Some(_))), "{edited:?}");
    let seen = local.person("Ada").sees(channel);
    assert_eq!(named(&seen[0]), [("clients.csv".to_owned(), 3)]);
}

#[tokio::test]
async fn what_is_attached_to_a_command_is_a_reference_and_can_be_fetched() {
    let bench = Bench::start(|_| Part::at_once(Reply::card(titled("Taken")))).await;
    let ada = bench.local.person("Ada");
    let asked = ada
        .command_with_files(
            "client import",
            &[],
            &[("list", "cli\u{202e}ents.csv", b"name\nAda\n")],
        )
        .await;
    assert_eq!(asked.unwrap().reply().await.unwrap().text(), "Taken");
    let Ask::Command { name, values } = bench.desk.last().ask else {
        panic!("no command")
    };
    let file = Incoming::from_value(values.get("list").unwrap()).unwrap();
    assert_eq!(
        (name.as_str(), file.name.as_str(), file.size, file.kind),
        ("client import", "clients.csv", 9, FileKind::Document)
    );
    assert!(bench.api.serves(Messenger::Discord) && !bench.api.serves(Messenger::Telegram));
    assert_eq!(bench.api.fetch(&file, 9).await.unwrap(), b"name\nAda\n");
    let fetched = bench.api.fetch(&file, 8).await;
    assert!(
        matches!(fetched, Err(Unfetched::TooLarge(8))),
        "{fetched:?}"
    );
    let elsewhere = Incoming {
        at: format!("{}/cdn/attachments/1/2/a.csv", bench.local.api_url()),
        ..file.clone()
    };
    let fetched = bench.api.fetch(&elsewhere, 9).await;
    assert!(matches!(fetched, Err(Unfetched::Gone)), "{fetched:?}");
    let foreign = Incoming {
        at: "https://example.org/a.csv".to_owned(),
        ..file
    };
    let fetched = bench.api.fetch(&foreign, 9).await;
    assert!(matches!(fetched, Err(Unfetched::Fault(_))), "{fetched:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let routes = Router::new()
        .route("/moved", get(|| async { Redirect::temporary("/secret") }))
        .route("/secret", get(|| async { "secret" }));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let downloads = Downloads::new().unwrap();
    let url = |path: &str| format!("http://{address}/{path}").parse().unwrap();
    assert_eq!(downloads.fetch(url("secret"), 10).await.unwrap(), b"secret");
    let moved = downloads.fetch(url("moved"), 10).await;
    assert!(matches!(moved, Err(Unfetched::Fault(_))), "{moved:?}");
}
