//! Each message is declared and each declared message is there, with the same placeholders, in every language.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::{DECLARED, Language};
use crate::commands::{CATALOGUE, Command, OptionKind};
use crate::domain::client::Status;
use crate::domain::request::Unfit;

fn placeholders(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => inline_placeholders(inline, found),
                Expression::Select { selector, variants } => {
                    inline_placeholders(selector, found);
                    for variant in variants {
                        placeholders(&variant.value, found);
                    }
                }
            }
        }
    }
}

fn inline_placeholders(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        found.insert(id.name.to_owned());
    }
}

fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let resource = fluent_syntax::parser::parse(language.source())
        .unwrap_or_else(|(_, faults)| panic!("{}: {faults:?}", language.name()));
    let mut messages = BTreeMap::new();
    for entry in resource.body {
        if let Entry::Message(message) = entry {
            let mut found = BTreeSet::new();
            placeholders(&message.value.expect("a message has a value"), &mut found);
            let twice = messages.insert(message.id.name.to_owned(), found);
            assert!(twice.is_none(), "{} stands twice", message.id.name);
        }
    }
    messages
}

/// Messages that are looked up by a name made from data.
fn by_data() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for command in CATALOGUE {
        if command.listed {
            ids.insert(command.summary_id());
            if let Some((family, _)) = command.name.split_once(' ') {
                ids.insert(format!("command-{family}"));
            }
        }
        if !command.options.is_empty() {
            ids.insert(format!("form-{}", command.name.replace(' ', "-")));
        }
        for option in command.options {
            ids.insert(format!("field-{}", option.name));
            if command.listed {
                ids.insert(Command::option_id(option));
            }
            if option.name != "request" {
                ids.insert(format!("hint-{}", option.name));
            }
            if let OptionKind::Choice(choices) = option.kind {
                // A language calls itself by its own name.
                let worded = choices
                    .iter()
                    .filter(|choice| Language::from_name(choice).is_none());
                ids.extend(worded.map(|choice| format!("choice-{}", choice.to_lowercase())));
            }
        }
    }
    let offered = crate::commands::cards::OFFERED.iter();
    ids.extend(offered.map(|(name, _)| format!("button-open-{}", name.replace(' ', "-"))));
    let kinds = ["add", "deduct", "reversal", "usage", "opening"];
    ids.extend(kinds.iter().map(|kind| format!("posting-{kind}")));
    let rules = [
        "fullname", "username", "email", "phone", "price", "from", "to",
    ];
    ids.extend(rules.iter().map(|option| format!("rule-{option}")));
    ids.extend(
        Status::ALL
            .iter()
            .map(|status| format!("status-{}", status.name())),
    );
    ids.extend(
        Unfit::ALL
            .iter()
            .map(|unfit| format!("unfit-{}", unfit.name())),
    );
    ids
}

#[test]
fn every_message_is_used_and_every_used_message_is_there() {
    for &language in Language::ALL {
        let messages = messages(language);
        let declared: BTreeMap<String, BTreeSet<String>> = DECLARED
            .iter()
            .map(|(id, args)| {
                (
                    (*id).to_owned(),
                    args.iter().map(|arg| (*arg).to_owned()).collect(),
                )
            })
            .collect();
        for (id, args) in &declared {
            assert_eq!(
                messages.get(id),
                Some(args),
                "{} in {}",
                id,
                language.name()
            );
        }
        let by_data = by_data();
        for id in &by_data {
            assert!(
                messages.contains_key(id),
                "{id} is missing in {}",
                language.name()
            );
        }
        for id in messages.keys() {
            assert!(
                declared.contains_key(id) || by_data.contains(id),
                "{id} is used nowhere"
            );
        }
    }
}

#[test]
fn plurals_follow_the_language() {
    let say = super::Sentences::of("en-GB", "en");
    assert_eq!(say.draft_needs(1), "Somebody else must approve it.");
    assert_eq!(say.draft_needs(2), "2 others must approve it.");
    assert_eq!(
        say.find_none("<b>"),
        "No client's name, username, email or phone begins with “<b>”. Try fewer letters."
    );
    let say = super::Sentences::of("fr-CA", "en");
    assert_eq!(say.question_ask("Montant"), "Montant\u{202f}?");
}
