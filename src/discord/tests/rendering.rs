//! Renderings as they go out, and which answers follow which.

use serde_json::json;

use super::*;
use crate::chat::Tone;
use crate::discord::answer::{State, Step, open, plan};
use crate::discord::inbound::Origin;
use crate::discord::{markdown, render};

#[test]
fn a_card_with_buttons() {
    let card = Card {
        title: "Request of *Ada*".to_owned(),
        text: "500 credits for Zoë & Söhne\nwaiting for approval".to_owned(),
        fields: vec![
            ("Amount".to_owned(), "500".to_owned()),
            ("Reason".to_owned(), "first line\nsecond line".to_owned()),
            ("Note".to_owned(), String::new()),
        ],
        footer: "request_7 *plain*".to_owned(),
        tone: Tone::Waiting,
        file: None,
    };
    let buttons = vec![vec![
        Button::new(Style::Good, "Approve", Action::Choice(1)),
        Button::new(Style::Danger, "Reject", Action::Choice(2)),
        Button::new(Style::Danger, "Reject again", Action::Choice(2)),
    ]];
    let message = serde_json::to_string_pretty(&render::message(&card, &buttons)).unwrap();
    insta::assert_snapshot!(message, @r##"
    {
      "allowed_mentions": {
        "parse": []
      },
      "components": [
        {
          "components": [
            {
              "custom_id": "1:q:1",
              "label": "Approve",
              "style": 3,
              "type": 2
            },
            {
              "custom_id": "1:q:2",
              "label": "Reject",
              "style": 4,
              "type": 2
            }
          ],
          "type": 1
        }
      ],
      "embeds": [
        {
          "color": 15774258,
          "description": "500 credits for Zoë & Söhne\nwaiting for approval",
          "fields": [
            {
              "inline": true,
              "name": "Amount",
              "value": "500"
            },
            {
              "inline": false,
              "name": "Reason",
              "value": "first line\nsecond line"
            },
            {
              "inline": true,
              "name": "Note",
              "value": "–"
            }
          ],
          "footer": {
            "text": "request_7 *plain*"
          },
          "title": "Request of \\*Ada\\*"
        }
      ]
    }
    "##);
}

#[test]
fn a_form() {
    let mut form = amount_form();
    form.fields.push(Field {
        name: "mode".to_owned(),
        label: "What for".to_owned(),
        hint: String::new(),
        kind: FieldKind::Choice(vec![
            ("gift".to_owned(), "A gift".to_owned()),
            ("sale".to_owned(), "A sale".to_owned()),
        ]),
        required: false,
        value: "gift".to_owned(),
    });
    let window = serde_json::to_string(&render::modal(&form).unwrap()).unwrap();
    insta::assert_snapshot!(window, @r#"{"components":[{"components":[{"custom_id":"amount","label":"Amount","max_length":20,"placeholder":"500","required":true,"style":1,"type":4}],"type":1},{"components":[{"custom_id":"mode","label":"What for","max_length":100,"placeholder":"A gift / A sale","required":false,"style":1,"type":4,"value":"gift"}],"type":1}],"custom_id":"1:m:credit add|client=1","title":"Add credit"}"#);
}

#[test]
fn a_form_that_knows_too_much_is_no_window() {
    let mut form = amount_form();
    form.known.set("note", "x".repeat(100));
    assert!(render::modal(&form).is_err());
    let (body, after) = open(&Opening::Form(form.clone()), Origin::Command);
    assert_eq!(body, json!({"type": 5, "data": {"flags": 64}}));
    assert_eq!(after, State::Thinking(Visibility::Private));
    let steps = plan(State::Unanswered, Origin::Command, &Reply::form(form));
    let [Step::Respond(body)] = &steps[..] else {
        panic!("{steps:?}")
    };
    assert_eq!(body["type"], 4);
}

#[test]
fn nothing_in_a_text_is_markup() {
    let check = |text: &str, expected: &str| assert_eq!(markdown::block(text, 100), expected);
    check(
        "plain, it's 12:30 & 5 > 3 (ok)",
        "plain, it's 12:30 & 5 > 3 (ok)",
    );
    check(
        "*b* _i_ ~~s~~ `c` ||x||",
        r"\*b\* \_i\_ \~\~s\~\~ \`c\` \|\|x\|\|",
    );
    check(
        "# a\n- b\n> c\n-# d\n1. e",
        "\\# a\n\\- b\n\\> c\n\\-\\# d\n1\\. e",
    );
    check("a - b # c\n 1.5", "a - b # c\n 1.5");
    check(
        "@everyone <@5> <#6> <t:7>",
        r"\@everyone \<\@5> \<#6> \<t:7>",
    );
    check("[a](https://x.example)", r"\[a\](https://x.example)");
    check(":smile: a:b 1:2:3", r"\:smile: a:b 1:2:3");
    check(r"\*", r"\\\*");
    check(
        "https://x.example/a_b?c=1 see_that",
        r"https://x.example/a_b?c=1 see\_that",
    );
    check("a\u{202e}b\u{200b}c\u{7}d\r\ne", "abcd\ne");
    check("\u{3164}\u{2800} \n", "");
    check(
        "نمی\u{200c}خواهم x\u{200d}y 👩\u{200d}🚀",
        "نمی\u{200c}خواهم xy 👩\u{200d}🚀",
    );
    assert_eq!(markdown::line("a\n b\t\tc", 100), "a b c");
    assert_eq!(markdown::label("*a*\nb", 100), "*a* b");
}

#[test]
fn a_cut_is_at_a_character_and_says_so() {
    assert_eq!(markdown::block("abcdef", 6), "abcdef");
    assert_eq!(markdown::block("abcdefg", 6), "abcde…");
    assert_eq!(markdown::block("abc**", 6), r"abc\*…");
    assert_eq!(markdown::block("abc**", 5), "abc…");
    assert_eq!(markdown::block("👩👩👩", 5), "👩👩…");
    assert_eq!(markdown::block("a", 0), "");
    let many = |_| ("Name".to_owned(), "Value".to_owned());
    let card = Card {
        fields: (0..26).map(many).collect(),
        ..Card::default()
    };
    let embed = render::embed(&card);
    assert_eq!(embed["fields"].as_array().unwrap().len(), 25);
    assert_eq!(embed["fields"][24]["name"], "…");
    assert_eq!(render::embed(&Card::default())["title"], "–");
}

#[test]
fn first_answers_of_slow_replies() {
    let kind = |opening: Opening, origin| {
        let (body, after) = open(&opening, origin);
        (body["type"].as_i64().unwrap(), after)
    };
    let private = State::Thinking(Visibility::Private);
    let public = State::Thinking(Visibility::Public);
    let form = || Opening::Form(amount_form());
    let defer = || Opening::Defer(Visibility::Public);
    assert_eq!(kind(defer(), Origin::Command), (5, public));
    assert_eq!(
        kind(Opening::Acknowledge, Origin::Button),
        (6, State::Acknowledged)
    );
    assert_eq!(
        kind(Opening::Acknowledge, Origin::WindowOfButton),
        (6, State::Acknowledged)
    );
    assert_eq!(kind(Opening::Acknowledge, Origin::Command), (5, private));
    assert_eq!(
        kind(Opening::Acknowledge, Origin::WindowOfCommand),
        (5, private)
    );
    assert_eq!(kind(form(), Origin::Button), (9, State::Over));
    assert_eq!(kind(form(), Origin::WindowOfButton), (5, private));
}

#[test]
fn which_calls_bring_a_reply() {
    let shape = |state, origin, reply: &Reply| {
        let steps = plan(state, origin, reply);
        let shapes = steps.iter().map(|step| match step {
            Step::Respond(body) => format!("respond {} {}", body["type"], body["data"]["flags"]),
            Step::EditOriginal(body) => format!("edit {}", body["flags"]),
            Step::FollowUp(body) => format!("follow {}", body["flags"]),
            Step::DeleteOriginal => "delete".to_owned(),
        });
        shapes.collect::<Vec<_>>().join(", ")
    };
    let new = placed("x", Placement::New);
    let edit = placed("x", Placement::Edit);
    let aside = placed("x", Placement::Aside);
    let form = Reply::form(amount_form());
    let mut public = new.clone();
    public.visibility = Visibility::Public;
    let (private_wait, public_wait) = (
        State::Thinking(Visibility::Private),
        State::Thinking(Visibility::Public),
    );
    let check = |state, origin, reply: &Reply, expected: &str| {
        assert_eq!(
            shape(state, origin, reply),
            expected,
            "{state:?} {origin:?}"
        );
    };
    check(State::Unanswered, Origin::Command, &new, "respond 4 64");
    check(
        State::Unanswered,
        Origin::Command,
        &public,
        "respond 4 null",
    );
    check(State::Unanswered, Origin::Command, &edit, "respond 4 64");
    check(State::Unanswered, Origin::Button, &edit, "respond 7 null");
    check(
        State::Unanswered,
        Origin::WindowOfButton,
        &edit,
        "respond 7 null",
    );
    check(
        State::Unanswered,
        Origin::WindowOfCommand,
        &edit,
        "respond 4 64",
    );
    check(State::Unanswered, Origin::Button, &aside, "respond 4 64");
    check(State::Unanswered, Origin::Button, &form, "respond 9 null");
    check(
        State::Unanswered,
        Origin::WindowOfButton,
        &form,
        "respond 4 64",
    );
    check(private_wait, Origin::Command, &new, "edit null");
    check(private_wait, Origin::Command, &public, "edit null");
    check(public_wait, Origin::Command, &public, "edit null");
    check(public_wait, Origin::Command, &new, "delete, follow 64");
    check(State::Acknowledged, Origin::Button, &edit, "edit null");
    check(State::Acknowledged, Origin::Button, &aside, "follow 64");
    check(State::Acknowledged, Origin::Button, &public, "follow null");
    check(State::Over, Origin::Button, &edit, "");
}
