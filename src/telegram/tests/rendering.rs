//! Cards as they look on Telegram, and that no card breaks a limit.

use proptest::prelude::*;
use teloxide::types::InlineKeyboardButtonKind;

use crate::chat::{Action, Button, Card, Style, Tone};
use crate::domain::ids::ClientId;
use crate::telegram::outbound;
use crate::telegram::render::{alert, html, keyboard, mention, placeholder, units};

fn card() -> Card {
    Card {
        title: "Ada & Söhne <GmbH>".into(),
        text: "Two lines\nof text.".into(),
        fields: vec![
            ("Credits".into(), "1,500".into()),
            ("Email".into(), "ada@example.com".into()),
            ("Notes".into(), String::new()),
        ],
        footer: "Client 7ZZ".into(),
        tone: Tone::Good,
        file: None,
    }
}

#[test]
fn a_card_is_readable_on_a_phone() {
    insta::assert_snapshot!(html(&card()), @r"
    ✅ <b>Ada &amp; Söhne &lt;GmbH&gt;</b>
    Two lines
    of text.

    Credits: <b>1,500</b>
    Email: <code>ada@example.com</code>
    Notes: —

    <i>Client 7ZZ</i>
    ");
    insta::assert_snapshot!(alert(&card()).unwrap(), @r"
    ✅ Ada & Söhne <GmbH>
    Two lines
    of text.

    Credits: 1,500
    Email: ada@example.com
    Notes: —

    Client 7ZZ
    ");
}

#[test]
fn commands_can_be_tapped() {
    let card = Card {
        text: "Search with the first letters: /client find.".into(),
        fields: vec![("/credit add client".into(), "see /client find".into())],
        ..Card::default()
    };
    insta::assert_snapshot!(html(&card), @r"
    Search with the first letters: /client_find.

    /credit_add client: <code>see /client find</code>
    ");
}

#[test]
fn cards_of_few_parts() {
    let only = |change: fn(&mut Card)| {
        let mut card = Card::default();
        change(&mut card);
        html(&card)
    };
    assert_eq!(only(|_| {}), "…");
    assert_eq!(only(|card| card.title = " \u{200b}\n ".into()), "…");
    assert_eq!(only(|card| card.text = "Hello".into()), "Hello");
    assert_eq!(only(|card| card.footer = "small".into()), "<i>small</i>");
    assert_eq!(
        only(|card| card.fields = vec![("A".into(), "b".into())]),
        "A: <b>b</b>"
    );
    assert_eq!(
        only(|card| {
            card.tone = Tone::Waiting;
            card.text = "Hello".into();
        }),
        "⏳\nHello"
    );
}

#[test]
fn names_neither_turn_nor_hide_nor_lead_anywhere() {
    let shown = |value: &str| {
        html(&Card {
            title: "x".into(),
            fields: vec![("N".into(), value.into())],
            ..Card::default()
        })
    };
    assert_eq!(
        shown("a\u{202e}b\u{200d}c\u{2066}d\u{feff}"),
        "<b>x</b>\n\nN: <b>abcd</b>"
    );
    for linked in [
        "evil.com",
        "see https://x.y",
        "@admin",
        "/start now",
        "#tag",
        "+33123456789",
    ] {
        assert_eq!(
            shown(linked),
            format!("<b>x</b>\n\nN: <code>{linked}</code>")
        );
    }
    for plain in ["ACTIVE", "1.5", "3.14 EUR", "Ada Ltd.", "12/05/2026"] {
        assert_eq!(shown(plain), format!("<b>x</b>\n\nN: <b>{plain}</b>"));
    }
    assert_eq!(
        mention(5, "<\u{202e}Eve>"),
        "<a href=\"tg://user?id=5\">&lt;Eve&gt;</a>"
    );
}

#[test]
fn a_long_text_is_cut_at_a_character_and_leaves_the_fields() {
    let long = Card {
        text: "😀".repeat(4096),
        ..card()
    };
    let shown = html(&long);
    let left = 4096 - units(&visible(&shown).unwrap());
    assert!(left <= 1, "{left}");
    assert!(shown.contains("😀…\n\nCredits: <b>1,500</b>"), "{shown}");
    assert!(shown.ends_with("<i>Client 7ZZ</i>"));
}

#[test]
fn buttons_keep_to_the_limits() {
    let button = |label: &str, action| Button::new(Style::Primary, label, action);
    let view = |label: &str| button(label, Action::View(ClientId(7)));
    let long = Action::Find {
        after: None,
        query: "é".repeat(40),
    };
    let rows = vec![
        (0..10).map(|index| view(&index.to_string())).collect(),
        vec![button("too much", long)],
        vec![view(&"x".repeat(80)), view("\u{200b}")],
    ];
    let shown = keyboard(&rows).unwrap().inline_keyboard;
    let labels: Vec<Vec<&str>> = shown
        .iter()
        .map(|row| row.iter().map(|button| button.text.as_str()).collect())
        .collect();
    let cut = format!("{}…", "x".repeat(63));
    assert_eq!(labels[0], ["0", "1", "2", "3", "4", "5", "6", "7"]);
    assert_eq!(labels[1], ["8", "9"]);
    assert_eq!(labels[2], [cut.as_str(), "…"]);
    assert_eq!(labels.len(), 3);
    let many = vec![(0..250).map(|_| view("x")).collect::<Vec<_>>()];
    let shown = keyboard(&many).unwrap().inline_keyboard;
    assert_eq!(shown.iter().map(Vec::len).sum::<usize>(), 100);
    assert_eq!(keyboard(&[Vec::new()]), None);
    assert_eq!(placeholder(" "), None);
}

/// The text without tags; `None` where a tag is unknown, open or crossed.
fn visible(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let (tag, after) = rest[at + 1..].split_once('>')?;
        match tag.strip_prefix('/') {
            Some(closed) => {
                if open.pop() != Some(closed) {
                    return None;
                }
            }
            None if ["b", "i", "code"].contains(&tag) => open.push(tag),
            None => return None,
        }
        rest = after;
    }
    text.push_str(rest);
    let clean = !text.contains('>') && open.is_empty();
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    clean.then_some(text)
}

fn words(most: usize) -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::string::string_regex(&format!("[a-z<>&\" \n\u{202e}\u{200b}é😀/@.#]{{0,{most}}}")).unwrap(),
        1 => proptest::string::string_regex("\\PC{0,60}").unwrap(),
        1 => any::<String>(),
    ]
}

fn cards() -> impl Strategy<Value = Card> {
    let tones = prop_oneof![
        Just(Tone::Plain),
        Just(Tone::Waiting),
        Just(Tone::Good),
        Just(Tone::Bad)
    ];
    let fields = proptest::collection::vec((words(200), words(2000)), 0..12);
    (words(600), words(6000), fields, words(900), tones).prop_map(
        |(title, text, fields, footer, tone)| Card {
            title,
            text,
            fields,
            footer,
            tone,
            file: None,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_card_is_a_message_that_telegram_takes(card in cards()) {
        let shown = html(&card);
        let text = visible(&shown);
        prop_assert!(text.is_some(), "{}", shown);
        let text = text.unwrap_or_default();
        prop_assert!(units(&text) <= 4096);
        prop_assert!(!text.trim().is_empty());
        let hidden = text.contains(['\u{202e}', '\u{200b}']);
        prop_assert!(!hidden);
        if let Some(alert) = alert(&card) {
            prop_assert!(units(&alert) <= 200);
        }
    }

    #[test]
    fn every_request_survives_other_types(card in cards(), labels in proptest::collection::vec(words(100), 0..20), form in any::<bool>()) {
        use frankenstein::methods as f;
        let row = labels
            .iter()
            .map(|label| Button::new(Style::Good, label.clone(), Action::View(ClientId(7))))
            .collect();
        let rows = [row];
        let question = crate::chat::Form {
            command: String::new(),
            title: String::new(),
            known: crate::chat::Values::default(),
            fields: Vec::new(),
            error: String::new(),
        };
        let asked = outbound::Asked::Presser { user: 5, name: &card.title };
        let post = outbound::post(5, &card, &rows, form.then_some((&question, asked)), Some(7));
        let post = serde_json::to_value(post).unwrap();
        prop_assert_eq!(&super::through::<f::SendMessageParams>(post.clone()), &post);
        let edit = serde_json::to_value(outbound::edit(5, 7, &card, &rows)).unwrap();
        prop_assert_eq!(&super::through::<f::EditMessageTextParams>(edit.clone()), &edit);
        for button in keyboard(&rows).into_iter().flat_map(|keyboard| keyboard.inline_keyboard).flatten() {
            prop_assert!(!button.text.trim().is_empty() && units(&button.text) <= 64);
            let InlineKeyboardButtonKind::CallbackData(data) = button.kind else {
                panic!("not a button of ours");
            };
            prop_assert!((1..=64).contains(&data.len()));
        }
    }
}
