//! Hostile text: whatever somebody calls himself or writes goes through every command, card, notice, file and picture as
//! text, and as nothing else. The same conversation is had twice, with a harmless name and with another, and what both
//! messengers would show is compared.

mod bench;
mod eyes;
mod steps;

use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};

use self::bench::Bench;
use self::eyes::{Seen, compare};
use crate::commands::{CATALOGUE, OptionKind};

/// What is said in place of a hostile text: one word that nothing else has in it.
const HARMLESS: &str = "Quillonberg";

/// Names and texts that were somewhere taken for more than that.
const HOSTILE: &[&str] = &[
    "@everyone",
    "@here <@80351110224678912> <@&165511591545143296> <#103735883630395392>",
    "<b>bold</b> <a href=\"tg://user?id=1\">x</a>",
    "</b></code><i>",
    "&lt;b&gt; &amp; &#64;",
    "=cmd|'/C calc'!A0",
    "+1+cmd",
    "-2+3 x",
    "@SUM(A1)",
    "[x](http://evil.example)",
    "**a** __b__ ~~c~~ *d* _e_",
    "`code` ```x```",
    "x || spoiler ||",
    "# heading",
    "> quote",
    "- list",
    "1. list",
    "{{ name }} {name}",
    "{ $client } {$x} {\"x\"}",
    "abc\u{202e}fed\u{202c}",
    "\u{202e}\u{2067}abc",
    "a\u{200b}b\u{200c}c\u{200d}d\u{2060}e\u{feff}f",
    "Z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}a\u{300}\u{301}\u{302}l",
    "family 👩\u{200d}👩\u{200d}👧\u{200d}👦 x",
    "עברית العربية",
    "two\nlines",
    "tab\tbed",
    "nul\u{0}nul",
    "/start x",
    "t.me/x evil.example @bot #tag $USD +15551234567 x",
    "\\@everyone \\*",
    ":smile: <:a:1> x",
    "%s %n {} ${x} $(x) ;x",
    "\"quoted\", with 'commas'",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
];

/// As much of a text as everything takes that takes a text, so that it is the same everywhere.
fn whole(text: &str) -> String {
    text.chars().take(64).collect()
}

/// What is seen in a conversation about a text; pictures take their time to draw, and are left out where they are not
/// asked for.
async fn conversation(text: &str, pictures: bool) -> Vec<Seen> {
    let mut bench = Bench::open(&whole(text)).await;
    for step in steps::STEPS {
        if step.1.starts_with("report ") && !pictures {
            continue;
        }
        bench.take(step).await;
    }
    bench.forms().await;
    bench.notices().await;
    bench.seen
}

fn check(
    runtime: &tokio::runtime::Runtime,
    harmless: &[Seen],
    (text, pictures): (&str, bool),
) -> Vec<String> {
    let hostile = runtime.block_on(conversation(text, pictures));
    let mut wrong = Vec::new();
    if hostile.len() != harmless.len() {
        wrong.push(format!("{text:?}: the conversation took another course"));
    }
    for (one, other) in harmless.iter().zip(&hostile) {
        let found = compare(one, other, &whole(text));
        wrong.extend(
            found
                .into_iter()
                .map(|what| format!("{text:?}, {}: {what}", other.what)),
        );
        if wrong.len() > 5 || one.course() != other.course() {
            // What follows from it says nothing new.
            break;
        }
    }
    wrong
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn known_tricks_are_text_and_nothing_else() {
    let runtime = runtime();
    let harmless = runtime.block_on(conversation(HARMLESS, false));
    let wrong: Vec<_> = HOSTILE
        .iter()
        .flat_map(|text| check(&runtime, &harmless, (text, false)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pictures_are_drawn_whatever_the_name() {
    let runtime = runtime();
    let harmless = runtime.block_on(conversation(HARMLESS, true));
    for text in [
        "</text><b>&amp;\u{202e}x",
        "Z\u{300}\u{301}👩\u{200d}👩 א\nnul\u{0} {{ name }}",
    ] {
        let wrong = check(&runtime, &harmless, (text, true));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn any_text_is_text_and_nothing_else() {
    let runtime = runtime();
    let harmless = runtime.block_on(conversation(HARMLESS, false));
    let marks = prop::sample::select(vec![
        "@everyone",
        "<b>",
        "</b>",
        "<@1>",
        "&amp;",
        "*",
        "__",
        "~~",
        "||",
        "`",
        "```",
        "[",
        "](",
        "http://e.example",
        ")",
        "=",
        "+",
        "-",
        "#",
        ">",
        "\\",
        "{$x}",
        "{{",
        "\u{202e}",
        "\u{200b}",
        "\u{200d}",
        "\u{301}",
        "👩",
        "א",
        "\n",
        "\t",
        "\u{0}",
        ";",
        "|",
        ":",
        "x",
        "y z",
        " ",
        "é",
    ]);
    let texts = prop::collection::vec(marks, 1..12).prop_map(|marks| marks.concat());
    let cases = Cases {
        failure_persistence: None,
        ..Cases::with_cases(6)
    };
    // What has no letter is no name.
    let texts = texts.prop_map(|text| format!("{}q", text.trim_start_matches('\u{200d}')));
    let ran = TestRunner::new(cases).run(&texts, |text| {
        let wrong = check(&runtime, &harmless, (&text, false));
        prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    });
    ran.unwrap();
}

/// What is too long for what it is asked for.
fn too_long(kind: OptionKind) -> Option<String> {
    let most = match kind {
        OptionKind::Text(most) => usize::from(most),
        OptionKind::Client => 100,
        OptionKind::Pick => 60,
        _ => return None,
    };
    Some("x".repeat(most + 1))
}

#[test]
fn what_is_too_long_is_refused_and_changes_nothing() {
    let runtime = runtime();
    runtime.block_on(async {
        let mut bench = Bench::open(HARMLESS).await;
        let before = bench.requests().await;
        for command in CATALOGUE {
            for option in command.options {
                let five_thousand = too_long(option.kind).map(|_| "x".repeat(5_000));
                for text in [too_long(option.kind), five_thousand].into_iter().flatten() {
                    let reply = bench.asks(command.name, &[(option.name, text)]).await;
                    let field = &reply.card.text;
                    assert!(
                        field.contains("characters at most") && reply.card.text.len() < 1_000,
                        "{} {}: {reply:?}",
                        command.name,
                        option.name
                    );
                }
            }
        }
        assert_eq!(bench.requests().await, before);
    });
}

#[test]
fn what_is_no_name_is_refused_and_changes_nothing() {
    let runtime = runtime();
    runtime.block_on(async {
        let mut bench = Bench::open(HARMLESS).await;
        let before = bench.requests().await;
        let check = async |bench: &mut Bench, command: &str, values: &[(&'static str, String)]| {
            let reply = bench.asks(command, values).await;
            let text = &reply.card.text;
            assert!(
                text.contains("will not do"),
                "{command} {values:?}: {reply:?}"
            );
        };
        for name in ["two\nlines", "tab\tbed", "\u{200b}\u{202e}", "bell\u{7}"] {
            let values = [
                ("fullname", name.to_owned()),
                ("username", "nobody".to_owned()),
            ];
            check(&mut bench, "client new", &values).await;
            for part in ["name", "email", "phone"] {
                let values = [
                    ("client", "ada".to_owned()),
                    ("part", part.to_owned()),
                    ("value", name.to_owned()),
                ];
                check(&mut bench, "client edit", &values).await;
            }
        }
        // Without what is taken out of every value.
        for username in HOSTILE.iter().filter(|text| !text.contains('\0')) {
            let username: String = username.chars().take(32).collect();
            let values = [("fullname", "x".to_owned()), ("username", username)];
            check(&mut bench, "client new", &values).await;
        }
        assert_eq!(bench.requests().await, before);
    });
}
