//! Default messages: which there are, what may stand in them, and how their placeholders are filled in. Plain text: a
//! placeholder is `{{ name }}` and nothing else, so that a message can never fail, loop or reach for what it is not given.

use serde::{Deserialize, Serialize};

use super::client::named;

named!(
    /// A message that the business sends to its clients by itself.
    Kind {
        /// To a new client.
        Welcome = "welcome",
        /// Credit was added.
        CreditAdded = "credit-added",
        /// Credit was deducted.
        CreditDeducted = "credit-deducted",
        /// The link under which a password is set.
        PasswordLink = "password-link",
        /// An invoice was issued.
        Invoice = "invoice",
        /// An invoice is still unpaid.
        Reminder = "reminder",
        /// Little credit is left.
        LowBalance = "low-credit",
    }
);

/// Their names, as the options of commands offer them.
pub const NAMES: &[&str] = &[
    "welcome",
    "credit-added",
    "credit-deducted",
    "password-link",
    "invoice",
    "reminder",
    "low-credit",
];

impl Kind {
    /// What may stand in it between `{{` and `}}`.
    pub fn placeholders(self) -> &'static [&'static str] {
        match self {
            Self::Welcome => &["name", "username", "business"],
            Self::CreditAdded => &[
                "name", "username", "business", "amount", "balance", "number", "total",
            ],
            Self::CreditDeducted => &[
                "name", "username", "business", "amount", "balance", "reason",
            ],
            Self::PasswordLink => &["name", "username", "business", "link", "minutes"],
            Self::Invoice | Self::Reminder => {
                &["name", "username", "business", "number", "total", "due"]
            }
            Self::LowBalance => &["name", "username", "business", "balance"],
        }
    }
}

/// The most characters of a subject.
pub const SUBJECT: u16 = 120;
/// The most characters of a body: before, after and how it arrives are shown in full on one card of either messenger.
pub const BODY: u16 = 1000;
/// The most characters of a subject once it is filled in.
const FILLED: usize = 200;

/// A message as it is written: with its placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// One line.
    subject: String,
    /// Lines are separated by `\n`.
    body: String,
}

/// A part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The subject.
    Subject,
    /// The body.
    Body,
}

impl Part {
    /// The option under which it is typed.
    pub fn option(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Body => "body",
        }
    }
}

/// Why text cannot be a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadText {
    /// Nothing in it.
    Empty(Part),
    /// More characters than it may have.
    TooLong(Part, u16),
    /// A subject of several lines.
    Lines,
    /// `{{` without `}}`, or the other way round.
    Loose(Part),
    /// Placeholders that the message does not have, and one that may have been meant.
    Unknown {
        /// Where.
        part: Part,
        /// As written.
        names: Vec<String>,
        /// One that there is and that is near.
        meant: Option<&'static str>,
    },
}

impl BadText {
    /// The part that has to be another one.
    pub fn part(&self) -> Part {
        match self {
            Self::Empty(part)
            | Self::TooLong(part, _)
            | Self::Loose(part)
            | Self::Unknown { part, .. } => *part,
            Self::Lines => Part::Subject,
        }
    }
}

impl Text {
    /// A message of that kind, as somebody wrote it.
    pub fn parse(kind: Kind, subject: &str, body: &str) -> Result<Self, BadText> {
        let body = body.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
        let body: String = body
            .replace('\t', " ")
            .chars()
            .filter(|char| *char == '\n' || !char.is_control())
            .collect();
        let (subject, body) = (subject.trim(), body.trim());
        if subject.chars().any(char::is_control) {
            return Err(BadText::Lines);
        }
        for (part, text, most) in [(Part::Subject, subject, SUBJECT), (Part::Body, body, BODY)] {
            if text.is_empty() {
                return Err(BadText::Empty(part));
            }
            if text.chars().count() > usize::from(most) {
                return Err(BadText::TooLong(part, most));
            }
            check(kind, part, text)?;
        }
        Ok(Self {
            subject: subject.to_owned(),
            body: body.to_owned(),
        })
    }

    /// A message as it was kept: it was checked when it was written.
    pub fn stored(subject: String, body: String) -> Self {
        Self { subject, body }
    }

    /// The subject, with its placeholders.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The body, with its placeholders.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Subject and body with values in place of the placeholders. A value is put in as it is and never read again, and
    /// has no line breaks: it ends no line of a body and begins no header.
    pub fn fill(&self, value: impl Fn(&str) -> String) -> (String, String) {
        let value = |name: &str| {
            let plain = |char: char| if char.is_control() { ' ' } else { char };
            value(name).chars().map(plain).collect::<String>()
        };
        let filled = |text: &str| {
            pieces(text)
                .map(|piece| match piece {
                    Ok(Piece::Plain(text)) => text.to_owned(),
                    Ok(Piece::Placeholder(name)) => value(name),
                    // What is stored was checked.
                    Err(Loose) => String::new(),
                })
                .collect::<String>()
        };
        let subject = filled(&self.subject).chars().take(FILLED).collect();
        (subject, filled(&self.body))
    }
}

fn check(kind: Kind, part: Part, text: &str) -> Result<(), BadText> {
    let mut names: Vec<String> = Vec::new();
    for piece in pieces(text) {
        match piece {
            Err(Loose) => return Err(BadText::Loose(part)),
            Ok(Piece::Placeholder(name))
                if !kind.placeholders().contains(&name)
                    && !names.iter().any(|other| other == name) =>
            {
                names.push(name.to_owned());
            }
            Ok(_) => {}
        }
    }
    let Some(first) = names.first() else {
        return Ok(());
    };
    let meant = near(kind, first);
    Err(BadText::Unknown { part, names, meant })
}

/// The placeholder that is nearest to what was written, if any is near.
fn near(kind: Kind, written: &str) -> Option<&'static str> {
    let written = written.to_lowercase();
    let names = kind.placeholders().iter();
    names
        .map(|name| (strsim::jaro_winkler(&written, name), *name))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

/// A piece of a message.
enum Piece<'a> {
    /// As it stands.
    Plain(&'a str),
    /// What stands between `{{` and `}}`.
    Placeholder(&'a str),
}

/// Braces without their counterpart.
struct Loose;

fn pieces(text: &str) -> impl Iterator<Item = Result<Piece<'_>, Loose>> {
    let mut rest = text;
    let mut over = false;
    std::iter::from_fn(move || {
        if rest.is_empty() || over {
            return None;
        }
        let Some(inside) = rest.strip_prefix("{{") else {
            let end = rest.find("{{").unwrap_or(rest.len());
            let (plain, behind) = rest.split_at(end);
            rest = behind;
            over = plain.contains("}}");
            return Some(if over {
                Err(Loose)
            } else {
                Ok(Piece::Plain(plain))
            });
        };
        match inside.split_once("}}") {
            Some((name, behind)) if !name.contains("{{") && !name.contains('\n') => {
                rest = behind;
                Some(Ok(Piece::Placeholder(name.trim())))
            }
            _ => {
                over = true;
                Some(Err(Loose))
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(subject: &str, body: &str) -> Result<Text, BadText> {
        Text::parse(Kind::LowBalance, subject, body)
    }

    #[test]
    fn names_are_those_of_the_kinds() {
        assert!(
            Kind::ALL
                .iter()
                .map(|kind| kind.name())
                .eq(NAMES.iter().copied())
        );
    }

    #[test]
    fn placeholders_are_filled_in() {
        let text = parse(
            "{{balance}} left",
            "Hello {{ name }},\r\n{{  name  }} {x} } {",
        )
        .unwrap();
        let filled = text.fill(|name| format!("<{name}>"));
        assert_eq!(filled.0, "<balance> left");
        assert_eq!(filled.1, "Hello <name>,\n<name> {x} } {");
    }

    #[test]
    fn values_are_never_read_again() {
        let text = parse("{{ name }}", "{{ name }}{{ balance }}").unwrap();
        let (subject, body) = text.fill(|name| match name {
            "name" => "{{ balance }}\r\nBcc: everybody@example.com".to_owned(),
            _ => "5".to_owned(),
        });
        assert_eq!(subject, "{{ balance }}  Bcc: everybody@example.com");
        assert_eq!(body, "{{ balance }}  Bcc: everybody@example.com5");
        let (subject, _) = text.fill(|_| "x".repeat(5_000));
        assert_eq!(subject.len(), 200);
    }

    #[test]
    fn what_a_message_does_not_have_is_named() {
        let unknown = |body: &str| match parse("x", body) {
            Err(BadText::Unknown { part, names, meant }) => {
                assert_eq!(part, Part::Body);
                (names.join(" "), meant)
            }
            other => panic!("{body}: {other:?}"),
        };
        let check = |body: &str, names: &str, meant| {
            assert_eq!(unknown(body), (names.to_owned(), meant), "{body}");
        };
        check("{{ nmae }}", "nmae", Some("name"));
        check(
            "{{ Balance }} {{ x }} {{ x }}",
            "Balance x",
            Some("balance"),
        );
        check("{{ amount }}", "amount", None);
        check("{{ name | upper }}", "name | upper", Some("name"));
        check("{{}}", "", None);
        check("{{ 7 * 7 }}", "7 * 7", None);
    }

    #[test]
    fn braces_stand_in_pairs() {
        for body in [
            "{{ name",
            "name }}",
            "{{ na{{me }}",
            "{{ na\nme }}",
            "{{ name }} }}",
            "{{",
        ] {
            assert_eq!(parse("x", body), Err(BadText::Loose(Part::Body)), "{body}");
        }
    }

    #[test]
    fn a_subject_is_one_short_line_and_a_body_fits_a_card() {
        assert_eq!(parse("a\nb", "x"), Err(BadText::Lines));
        assert_eq!(parse("a\rBcc: b", "x"), Err(BadText::Lines));
        assert_eq!(parse(" ", "x"), Err(BadText::Empty(Part::Subject)));
        assert_eq!(parse("x", "\n \n"), Err(BadText::Empty(Part::Body)));
        let long = "é".repeat(1000);
        assert!(parse("x", &long).is_ok());
        let longer = format!("{long}é");
        assert_eq!(parse("x", &longer), Err(BadText::TooLong(Part::Body, 1000)));
        assert_eq!(parse(&long, "x"), Err(BadText::TooLong(Part::Subject, 120)));
    }

    proptest! {
        #[test]
        fn whatever_is_taken_is_filled_in_on_as_many_lines(body in ".{0,40}\n?(\\{\\{ ?name ?\\}\\})?.{0,40}", value in ".{0,40}") {
            if let Ok(text) = parse("x", &body) {
                let (subject, filled) = text.fill(|_| value.clone());
                prop_assert_eq!(subject, "x");
                let breaks = |text: &str| text.matches('\n').count();
                prop_assert_eq!(breaks(&filled), breaks(text.body()));
                prop_assert_eq!(Text::parse(Kind::LowBalance, "x", text.body()), Ok(text.clone()));
            }
        }
    }
}
