//! Whatever a card, a row of buttons or a form holds, Discord takes what is made of it.

use proptest::prelude::*;
use serde_json::Value;
use twilight_model::channel::message::{Component, Embed};

use super::*;
use crate::chat::Tone;
use crate::discord::markdown::length;
use crate::discord::render;

/// Text of what breaks things: markup, controls, directions, emoji, combining marks, many of them.
fn text(most: usize) -> impl Strategy<Value = String> {
    let character = prop_oneof![
        3 => any::<char>(),
        3 => proptest::sample::select("*_~`|<>@#-[]()\\: \n.0aé👩\u{200d}\u{202e}\u{301}".chars().collect::<Vec<_>>()),
    ];
    let short = proptest::collection::vec(character, 0..40);
    (short, 0..most / 8).prop_map(move |(characters, repeat)| {
        let text: String = characters.into_iter().collect();
        text.repeat(1 + repeat / 20)
    })
}

fn card() -> impl Strategy<Value = Card> {
    let tone = prop_oneof![
        Just(Tone::Plain),
        Just(Tone::Waiting),
        Just(Tone::Good),
        Just(Tone::Bad),
    ];
    let fields = proptest::collection::vec((text(400), text(2_000)), 0..32);
    (text(600), text(9_000), fields, text(4_000), tone).prop_map(
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

fn buttons() -> impl Strategy<Value = Vec<Vec<Button>>> {
    let button = (text(200), 0..40_i64).prop_map(|(label, client)| view(client, &label));
    proptest::collection::vec(proptest::collection::vec(button, 0..8), 0..8)
}

fn form() -> impl Strategy<Value = Form> {
    let kind = prop_oneof![
        any::<u16>().prop_map(|max| FieldKind::Text { max }),
        proptest::collection::vec((text(40), text(200)), 0..6).prop_map(FieldKind::Choice),
    ];
    let field = (
        "[a-z]{1,8}",
        text(100),
        text(200),
        kind,
        any::<bool>(),
        text(9_000),
    )
        .prop_map(|(name, label, hint, kind, required, value)| Field {
            name,
            label,
            hint,
            kind,
            required,
            value,
        });
    let fields = proptest::collection::vec(field, 1..8);
    (
        "[a-z]{1,10} [a-z]{1,10}",
        text(90),
        "[a-z0-9]{0,90}",
        fields,
    )
        .prop_map(|(command, title, known, fields)| Form {
            command,
            title,
            known: Values::from([("client", known)]),
            fields,
            error: String::new(),
        })
}

/// The lengths in the units that count most.
fn assert_lengths(embed: &Value) {
    let mut total = 0;
    let mut check = |value: &Value, most: usize| {
        let Some(text) = value.as_str() else { return };
        assert!(!text.trim().is_empty() && length(text) <= most, "{text:?}");
        total += length(text);
    };
    check(&embed["title"], 256);
    check(&embed["description"], 4_096);
    check(&embed["footer"]["text"], 2_048);
    for field in embed["fields"].as_array().into_iter().flatten() {
        check(&field["name"], 256);
        check(&field["value"], 1_024);
    }
    assert!(total > 0 && total <= 6_000, "{total}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_card_is_an_embed_within_the_limits(card in card(), buttons in buttons()) {
        let message = render::message(&card, &buttons);
        assert_lengths(&message["embeds"][0]);
        let mut embed = message["embeds"][0].clone();
        embed["type"] = "rich".into();
        let embed: Embed = serde_json::from_value(embed).unwrap();
        twilight_validate::message::embeds(&[embed]).unwrap();
        let components: Vec<Component> = serde_json::from_value(message["components"].clone()).unwrap();
        twilight_validate::message::components(&components, false).unwrap();
        let ids: Vec<&str> = message["components"].as_array().unwrap().iter()
            .flat_map(|row| row["components"].as_array().unwrap())
            .map(|button| button["custom_id"].as_str().unwrap())
            .collect();
        let different: std::collections::HashSet<_> = ids.iter().collect();
        prop_assert_eq!(ids.len(), different.len());
    }

    #[test]
    fn every_form_is_a_window_within_the_limits_or_none(form in form()) {
        let Ok(window) = render::modal(&form) else {
            prop_assert!(form.token().len() > 100);
            return Ok(());
        };
        prop_assert!(length(window["title"].as_str().unwrap()) <= 45);
        prop_assert_eq!(window["custom_id"].as_str().unwrap(), form.token());
        let rows: Vec<Component> = serde_json::from_value(window["components"].clone()).unwrap();
        prop_assert!((1..=5).contains(&rows.len()));
        for row in window["components"].as_array().unwrap() {
            let input = &row["components"][0];
            let value = input["value"].as_str().unwrap_or_default();
            prop_assert!(length(value) <= usize::try_from(input["max_length"].as_u64().unwrap()).unwrap());
            let Component::TextInput(input) = serde_json::from_value(input.clone()).unwrap() else {
                panic!("no text input")
            };
            twilight_validate::component::text_input(&input, true).unwrap();
        }
    }

    #[test]
    fn every_suggestion_fits(label in text(300), value in text(200)) {
        let choices = render::suggestions(&[Suggestion { label, value: value.clone() }]);
        for choice in choices["choices"].as_array().unwrap() {
            prop_assert!((1..=100).contains(&length(choice["name"].as_str().unwrap())));
            prop_assert_eq!(choice["value"].as_str().unwrap(), &value);
        }
    }
}
