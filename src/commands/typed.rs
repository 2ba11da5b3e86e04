//! Commands as people type them where there is no form of the messenger's own: `client_find ada`,
//! `credit add client:ada amount:500`, `credit add ada 500`. Choices may be typed as they are called where one is.

use super::catalogue::{CATALOGUE, Command, OptionKind};
use super::spoken;
use crate::chat::{Sentences, Values};
use crate::domain::refusal::Refusal;

/// The most words that a choice is called by.
const CALLED: usize = 12;

/// The command and values that a typed line means.
pub fn parse(line: &str, say: &Sentences) -> Result<(&'static Command, Values), Refusal> {
    let (command, rest) = split(line)?;
    Ok((command, values(command, rest, say)))
}

fn split(line: &str) -> Result<(&'static Command, &str), Refusal> {
    let line = line.trim();
    let mut best: Option<(&'static Command, &str)> = None;
    for command in CATALOGUE.iter().filter(|command| command.listed) {
        if let Some(rest) = strip(line, command.name)
            && best.is_none_or(|(other, _)| other.name.len() < command.name.len())
        {
            best = Some((command, rest));
        }
    }
    best.ok_or_else(|| {
        let typed: String = line
            .split_whitespace()
            .take(2)
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(40)
            .collect();
        Refusal::UnknownCommand {
            meant: meant(&typed),
            typed,
        }
    })
}

/// What follows the command's name, whose words may stand apart, joined by `_`, in any case.
fn strip<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = line;
    for (index, word) in name.split(' ').enumerate() {
        if index > 0 {
            rest = rest.trim_start_matches(|char: char| char == '_' || char.is_whitespace());
        }
        let (head, tail) = rest.split_at_checked(word.len())?;
        if !head.eq_ignore_ascii_case(word) {
            return None;
        }
        rest = tail;
    }
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| rest.trim())
}

/// The command whose name is nearest to what was typed, if any is near.
fn meant(typed: &str) -> Option<&'static str> {
    let typed = typed.replace('_', " ").to_lowercase();
    let near = |name: &str| {
        let whole = strsim::jaro_winkler(&typed, name);
        let first = strsim::jaro_winkler(typed.split(' ').next().unwrap_or_default(), name);
        whole.max(first)
    };
    CATALOGUE
        .iter()
        .filter(|command| command.listed)
        .map(|command| (near(command.name), command.name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

/// Values by name (`amount:500`), else in the order of the options. An option of text takes the rest of the line, and
/// so does a client where nothing required follows.
fn values(command: &'static Command, rest: &str, say: &Sentences) -> Values {
    let words: Vec<&str> = rest.split_whitespace().collect();
    // Named ones may follow what stands in order: `credit add ada 500 mode:gift`.
    let named_from = words
        .iter()
        .position(|word| named_option(command, word).is_some());
    let (head, tail) = words.split_at(named_from.unwrap_or(words.len()));
    let mut values = ordered(command, head.to_vec(), say);
    let named = by_name(command, tail);
    if named.0.iter().any(|(name, _)| values.get(name).is_some()) {
        // What is there already is not named once more: these are words of a text.
        return ordered(command, words, say);
    }
    values.0.extend(named.0);
    values
}

fn ordered(command: &'static Command, mut words: Vec<&str>, say: &Sentences) -> Values {
    let mut values = Values::default();
    if words.is_empty() {
        return values;
    }
    // An amount may stand behind a client of several words: `credit add ada lovelace 500`.
    let clients = command
        .options
        .iter()
        .any(|option| option.kind == OptionKind::Client);
    if let Some(amount) = command
        .options
        .iter()
        .find(|option| option.kind == OptionKind::Amount)
        && clients
        && let Some(at) = words
            .iter()
            .skip(1)
            .position(|word| word.starts_with(|char: char| char.is_ascii_digit()))
    {
        let tail = words.split_off(at + 1);
        values.set("client", words.join(" "));
        values.set(amount.name, tail[0]);
        let left: Vec<_> = command
            .options
            .iter()
            .filter(|option| option.name != "client" && option.name != amount.name)
            .collect();
        positional(&mut values, &left, &tail[1..], say);
        return values;
    }
    positional(
        &mut values,
        &command.options.iter().collect::<Vec<_>>(),
        &words,
        say,
    );
    values
}

fn positional(
    values: &mut Values,
    options: &[&super::catalogue::Opt],
    words: &[&str],
    say: &Sentences,
) {
    let mut words = words;
    for (index, option) in options.iter().enumerate() {
        if words.is_empty() {
            return;
        }
        let mut taken = 1;
        let last = index + 1 == options.len();
        let greedy = match option.kind {
            // A file is sent, not typed.
            OptionKind::Attachment { .. } => continue,
            OptionKind::Text(_) => last || options[index + 1..].iter().all(|next| !next.required),
            // Where something must follow it, a client is one word.
            OptionKind::Client => options[index + 1..]
                .iter()
                .take_while(|next| {
                    next.kind != OptionKind::Pick || next.name == options[options.len() - 1].name
                })
                .all(|next| next.kind != OptionKind::Amount && !next.required),
            OptionKind::Amount | OptionKind::Price | OptionKind::Pick => false,
            OptionKind::Choice(choices) => {
                // Not a choice: it belongs to what follows (`credit add ada 500 birthday present`).
                let choice = |count: &usize| {
                    spoken::choice(choices, &words[..*count].join(" "), say).is_some()
                };
                let longest = (1..=words.len().min(CALLED)).rev().find(choice);
                if longest.is_none() && !option.required && !last {
                    continue;
                }
                taken = longest.unwrap_or(1);
                last
            }
        };
        if greedy || last {
            values.set(option.name, words.join(" "));
            return;
        }
        let (own, others) = words.split_at(taken);
        values.set(option.name, own.join(" "));
        words = others;
    }
}

/// The option that a word names, and the value behind it.
fn named_option<'a>(command: &'static Command, word: &'a str) -> Option<(&'static str, &'a str)> {
    let (name, value) = word.split_once([':', '='])?;
    let option = command.option(&name.to_lowercase())?;
    (!option.kind.is_file()).then_some((option.name, value))
}

fn by_name(command: &'static Command, words: &[&str]) -> Values {
    let mut values = Values::default();
    let mut current: Option<(&str, Vec<&str>)> = None;
    for word in words {
        match (named_option(command, word), &mut current) {
            (Some((name, value)), _) => {
                if let Some((name, words)) = current.take() {
                    values.set(name, words.join(" "));
                }
                let first = (!value.is_empty()).then_some(value);
                current = Some((name, first.into_iter().collect()));
            }
            (None, Some((_, words))) => words.push(word),
            // The first word names an option.
            (None, None) => {}
        }
    }
    if let Some((name, words)) = current {
        values.set(name, words.join(" "));
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn typed_lines_are_understood() {
        let check = |line: &str, name: &str, expected: &[(&str, &str)]| {
            let (command, mut values) = parse(line, Sentences::of("en", "")).unwrap();
            let mut expected: Vec<_> = expected
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect();
            values.0.sort();
            expected.sort();
            assert_eq!((command.name, values.0), (name, expected), "{line}");
        };
        check("client_find ada", "client find", &[("client", "ada")]);
        check(
            "client find ada lovelace",
            "client find",
            &[("client", "ada lovelace")],
        );
        check("Client Find ada", "client find", &[("client", "ada")]);
        check("client_find", "client find", &[]);
        check(
            "credit add ada 500",
            "credit add",
            &[("client", "ada"), ("amount", "500")],
        );
        check(
            "credit_add ada lovelace 500",
            "credit add",
            &[("client", "ada lovelace"), ("amount", "500")],
        );
        check(
            "credit add ada 500 gift happy birthday",
            "credit add",
            &[
                ("client", "ada"),
                ("amount", "500"),
                ("mode", "gift"),
                ("note", "happy birthday"),
            ],
        );
        check(
            "credit add ada 500 happy birthday",
            "credit add",
            &[
                ("client", "ada"),
                ("amount", "500"),
                ("note", "happy birthday"),
            ],
        );
        check(
            "credit add client:ada lovelace amount:500 note:a b",
            "credit add",
            &[
                ("client", "ada lovelace"),
                ("amount", "500"),
                ("note", "a b"),
            ],
        );
        check(
            "credit add ada lovelace 500 mode:gift note:happy birthday",
            "credit add",
            &[
                ("client", "ada lovelace"),
                ("amount", "500"),
                ("mode", "gift"),
                ("note", "happy birthday"),
            ],
        );
        check(
            "credit add ada 500 paid amount=400",
            "credit add",
            &[
                ("client", "ada"),
                ("amount", "500"),
                ("note", "paid amount=400"),
            ],
        );
        check(
            "credit request 500 TX-17 paid",
            "credit request",
            &[("amount", "500"), ("reference", "TX-17 paid")],
        );
        check("link ABC", "link", &[("code", "ABC")]);
        check(
            "credit add ada 500 on account thanks",
            "credit add",
            &[
                ("client", "ada"),
                ("amount", "500"),
                ("mode", "on account"),
                ("note", "thanks"),
            ],
        );
    }

    #[test]
    fn choices_are_typed_as_they_are_called_where_one_is() {
        let line = "credit add ada 500 a terme pour merci";
        let (command, values) = parse(line, Sentences::of("fr", "")).unwrap();
        let values = spoken::understood(command, values, Sentences::of("fr", ""));
        let got = ["client", "amount", "mode", "note"].map(|name| values.get(name));
        let expected = ["ada", "500", "on-account", "pour merci"].map(Some);
        assert_eq!(got, expected);
        let (_, values) = parse(line, Sentences::of("en", "")).unwrap();
        assert_eq!(values.get("note"), Some("a terme pour merci"));
    }

    #[test]
    fn unknown_commands_name_what_was_meant() {
        let say = Sentences::of("en", "");
        let refusal = parse("client_fnid ada", say).unwrap_err();
        assert_eq!(
            refusal,
            Refusal::UnknownCommand {
                typed: "client_fnid ada".into(),
                meant: Some("client find")
            }
        );
        assert!(matches!(
            parse("xyzzy", say),
            Err(Refusal::UnknownCommand { meant: None, .. })
        ));
        assert!(matches!(
            parse("clientele", say),
            Err(Refusal::UnknownCommand { .. })
        ));
    }

    proptest! {
        #[test]
        fn any_line_is_understood_or_refused(line in "(client|credit|approval|people|link)?[ _]?(add|find|invite)? ?.{0,60}") {
            let _ = parse(&line, Sentences::of("fr", ""));
        }
    }
}
