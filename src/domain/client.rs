//! Clients as the rules see them, and how their names are folded for search.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Stored text that is none of the values it should be.
#[derive(Debug, thiserror::Error)]
#[error("unknown value {0:?}")]
pub struct UnknownName(pub String);

/// Declares an enum whose values have names: as stored, typed and serialised.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As stored and as typed.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }

        impl TryFrom<String> for $name {
            type Error = crate::domain::client::UnknownName;
            fn try_from(name: String) -> Result<Self, Self::Error> {
                Self::from_name(&name).ok_or(crate::domain::client::UnknownName(name))
            }
        }
    };
}
pub(crate) use named;

named!(
    /// What an account may do on the SMS platform. It never grants a role here.
    Class {
        /// Sends.
        User = "USER",
        /// Owns other clients.
        Reseller = "RESELLER",
        /// Runs the platform.
        Admin = "ADMIN",
    }
);

impl Status {
    /// Whether the rules know this step: nothing but activation for pending ones, and nothing after closing.
    pub fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Pending | Self::Suspended, Self::Active)
                | (Self::Active, Self::Suspended | Self::Closed)
                | (Self::Suspended, Self::Closed)
        )
    }
}

named!(
    /// Where an account stands.
    Status {
        /// Signed up; nothing but activation.
        Pending = "pending",
        /// In use.
        Active = "active",
        /// No sending, no login.
        Suspended = "suspended",
        /// Over; nothing is ever deleted.
        Closed = "closed",
    }
);

/// By what a client is found, best first. The number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i16)]
pub enum TermKind {
    /// The whole name.
    Name = 0,
    /// A later word of the name, with what follows it and then what stands before it.
    Word = 1,
    /// The username.
    Username = 2,
    /// The email address.
    Email = 3,
    /// The digits of the phone number.
    Phone = 4,
    /// The first letters of two words of the name, with all of the name's words behind.
    Pair = 5,
}

impl TermKind {
    /// The stored number.
    pub fn number(self) -> i16 {
        self as i16
    }
}

/// The longest stored term in characters, without what stands behind [`SEPARATOR`]; more than anybody types into a
/// search.
const TERM_LENGTH: usize = 80;

/// Stands in a term of a name between what is typed on from its beginning and the words that are left over, so that each
/// has all of them. Folded text has no control character, so it sorts before whatever else can follow a word.
pub const SEPARATOR: &str = " \u{1} ";

/// How many words of a name are paired; the further ones of a longer name are found by themselves.
const PAIRED: usize = 8;

/// Marks within a word behind which a part of it begins.
const MARKS: [char; 7] = ['-', '\'', '(', '"', '.', '/', '@'];

/// Folds text for search: compatibility forms, accents and case go, a few letters that do not decompose are mapped by
/// hand (both sides of a search are folded, so any consistent choice finds), white space becomes single spaces.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for char in text.nfkd().filter(|&char| !is_combining_mark(char)) {
        for lower in char.to_lowercase() {
            match lower {
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'þ' => folded.push_str("th"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' | 'ð' => folded.push('d'),
                'ı' => folded.push('i'),
                'ς' => folded.push('σ'),
                '’' | '‘' | '`' => folded.push('\''),
                // Lower-casing can bring a mark out (İ); zero-width characters cannot be typed on purpose.
                other if is_combining_mark(other) || is_invisible(other) => {}
                other if other.is_whitespace() || other.is_control() => folded.push(' '),
                other => folded.push(other),
            }
        }
    }
    let mut words = folded.split(' ').filter(|word| !word.is_empty());
    let mut text = words.next().unwrap_or_default().to_owned();
    for word in words {
        text.push(' ');
        text.push_str(word);
    }
    text
}

fn is_invisible(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

/// What a client can be found by.
#[derive(Debug, Clone, Copy)]
pub struct Searchable<'a> {
    /// The full name.
    pub name: &'a str,
    /// The username.
    pub username: &'a str,
    /// The email address, perhaps empty.
    pub email: &'a str,
    /// The phone number, perhaps empty.
    pub phone: &'a str,
}

impl Searchable<'_> {
    /// The terms under which the client is stored.
    pub fn terms(&self) -> Vec<(TermKind, String)> {
        let name = fold(self.name);
        let parts = parts(&name);
        let from = |at: usize| {
            let before = name[..at].split(' ').filter(|word| !word.is_empty());
            let rest: Vec<&str> = before
                .chain(parts.iter().map(|&part| word_at(&name, part)))
                .collect();
            let mut term = cut(&name[at..], TERM_LENGTH);
            if !rest.is_empty() {
                term.push_str(SEPARATOR);
                term.push_str(&rest.join(" "));
            }
            cut(&term, 2 * TERM_LENGTH)
        };
        let short = |text: &str| cut(text, TERM_LENGTH);
        let mut terms = vec![
            (TermKind::Name, from(0)),
            (TermKind::Username, short(&fold(self.username))),
            (TermKind::Email, short(&fold(self.email))),
            (TermKind::Phone, short(&digits(self.phone))),
        ];
        let later = name.match_indices(' ').map(|(at, _)| at + 1);
        terms.extend(
            later
                .chain(parts.iter().copied())
                .map(|at| (TermKind::Word, from(at))),
        );
        let words: Vec<&str> = name
            .split(' ')
            .chain(parts.iter().map(|&part| word_at(&name, part)))
            .collect();
        let line = words.join(" ");
        for (at, first) in words.iter().enumerate().take(PAIRED) {
            let others = words.iter().enumerate().take(PAIRED);
            for (_, second) in others.filter(|(other, _)| *other != at) {
                let term = format!("{}{SEPARATOR}{line}", pair_of([first, second], true));
                terms.push((TermKind::Pair, cut(&term, 2 * TERM_LENGTH)));
            }
        }
        terms.retain(|(_, term)| !term.is_empty());
        terms.sort();
        terms.dedup();
        terms
    }

    /// Every word in one line between spaces, for narrowing by further words.
    pub fn line(&self) -> String {
        let name = fold(self.name);
        let parts: Vec<&str> = parts(&name).iter().map(|&at| word_at(&name, at)).collect();
        let words = [
            name.as_str(),
            &parts.join(" "),
            &fold(self.username),
            &fold(self.email),
            &digits(self.phone),
        ];
        format!(" {} ", words.join(" "))
    }
}

/// In which order letters of two words stand in their pair: of which word, from and before which letter. So few letters of
/// one word narrow the pairs down, and so do all letters of the other.
const PAIR: [(usize, usize, usize); 4] = [(0, 0, 2), (1, 0, 2), (0, 2, 5), (1, 2, 4)];

/// What stands for two words in this order. For the beginnings of two words it is what their pairs begin with: where a
/// beginning is over it stops.
fn pair_of(words: [&str; 2], whole: bool) -> String {
    let mut pair = String::new();
    for (word, from, before) in PAIR {
        let letters = words[word].chars().skip(from).take(before - from);
        let length = pair.chars().count();
        pair.extend(letters);
        if !whole && pair.chars().count() < length + before - from {
            break;
        }
    }
    pair
}

/// Where in a folded name a part begins behind a mark: `O'Brien` and `Smith-Jones` are found by their parts as well.
fn parts(name: &str) -> Vec<usize> {
    name.match_indices(MARKS)
        .map(|(at, mark)| at + mark.len())
        .map(|at| at + name[at..].len() - name[at..].trim_start().len())
        .filter(|&at| at < name.len())
        .collect()
}

fn word_at(text: &str, at: usize) -> &str {
    text[at..].split(' ').next().unwrap_or_default()
}

fn cut(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// A search as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The whole text, folded: what is looked for first, as it stands.
    pub whole: String,
    /// Its words, each of which must begin a word of the client; at most four, further ones are not looked at, and none
    /// that begins another one: what has that one has it as well.
    pub words: Vec<String>,
}

impl Query {
    /// Reads what was typed; `None` when nothing is left of it.
    pub fn new(typed: &str) -> Option<Self> {
        let short = cut(typed, TERM_LENGTH);
        let mut whole = fold(short.trim_start_matches('@'));
        if whole.is_empty() {
            return None;
        }
        // A phone number is stored by its digits alone, however it is typed.
        let phone_like = whole
            .chars()
            .all(|char| char.is_ascii_digit() || "+-() ./".contains(char));
        let number = digits(&whole);
        if phone_like && !number.is_empty() {
            whole = number;
        }
        let typed: Vec<&str> = whole.split(' ').take(4).collect();
        let says_more = |at: usize| {
            let word = typed[at];
            let others = typed.iter().enumerate().filter(|(other, _)| *other != at);
            // Of equal words the first one stays.
            !others
                .into_iter()
                .any(|(other, text)| text.starts_with(word) && (*text != word || other < at))
        };
        let words = (0..typed.len())
            .filter(|&at| says_more(at))
            .map(|at| typed[at].to_owned())
            .collect();
        Some(Self { whole, words })
    }

    /// What pairs of a name's words begin with, where two of its words begin with the two longest of these; `None` where
    /// there is one word only.
    pub fn pair(&self) -> Option<String> {
        let mut longest: Vec<&str> = self.words.iter().map(String::as_str).collect();
        // Late letters of the alphabet are rarer than early ones.
        longest.sort_by_key(|word| std::cmp::Reverse((word.chars().count(), *word)));
        match longest[..] {
            [first, second, ..] => Some(pair_of([first, second], false)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_do_not_matter() {
        let check = |text: &str, expected: &str| assert_eq!(fold(text), expected, "{text:?}");
        check("Adé", "ade");
        check("ADÉ  Öztürk", "ade ozturk");
        check("Łukasz Żółć", "lukasz zolc");
        check("İstanbul Işık", "istanbul isik");
        check("Straße", "strasse");
        check("STRASSE", "strasse");
        check("Þór Æsir Bjørn Đorđe", "thor aesir bjorn dorde");
        check("Οδυσσέας ΟΔΥΣΣΕΑΣ", "οδυσσεασ οδυσσεασ");
        check("ﬁnance", "finance");
        check("d’Arc", "d'arc");
        check("A\u{200b}da\u{202e}", "ada");
        check("", "");
    }

    #[test]
    fn a_client_is_found_by_any_word() {
        let client = Searchable {
            name: "Ana Smith-Jones",
            username: "ana7",
            email: "a@b.c",
            phone: "+44 20 7946",
        };
        let terms = client.terms();
        let has = |kind, term: &str| terms.contains(&(kind, term.to_owned()));
        assert!(has(TermKind::Name, "ana smith-jones \u{1} jones"));
        assert!(has(TermKind::Word, "smith-jones \u{1} ana jones"));
        assert!(has(TermKind::Word, "jones \u{1} ana smith- jones"));
        assert!(has(TermKind::Username, "ana7") && has(TermKind::Email, "a@b.c"));
        assert!(has(TermKind::Phone, "44207946"));
        let at = Searchable {
            name: "@ada",
            ..client
        };
        // A leading `@` of a search is not looked at.
        let found =
            |(kind, term): &(TermKind, String)| *kind == TermKind::Word && term.starts_with("ada");
        assert!(at.terms().iter().any(found));
        assert_eq!(client.line(), " ana smith-jones jones ana7 a@b.c 44207946 ");
    }

    #[test]
    fn a_name_of_one_word_is_its_only_term() {
        let client = Searchable {
            name: "Plato",
            username: "",
            email: "",
            phone: "",
        };
        assert_eq!(client.terms(), [(TermKind::Name, "plato".to_owned())]);
    }

    #[test]
    fn whoever_has_two_words_is_among_their_pairs() {
        let check = |typed: &str, begins: Option<&str>| {
            let found = Query::new(typed).unwrap().pair();
            assert_eq!(found.as_deref(), begins, "{typed:?}");
            for name in [
                "John Smith",
                "Smithson Anna Johnny",
                "Joh Smi",
                "Zoe-John Smits",
            ] {
                let client = Searchable {
                    name,
                    username: "",
                    email: "",
                    phone: "",
                };
                let has = |word: &String| {
                    fold(name)
                        .split([' ', '-'])
                        .any(|own| own.starts_with(word.as_str()))
                };
                let words = Query::new(typed).unwrap().words;
                let among = client.terms().iter().any(|(kind, term)| {
                    *kind == TermKind::Pair && begins.is_some_and(|begins| term.starts_with(begins))
                });
                assert!(
                    among || begins.is_none() || !words.iter().all(has),
                    "{typed:?} and {name:?}"
                );
            }
        };
        check("smi john", Some("josmhn"));
        check("john s", Some("jos"));
        check("s j", Some("s"));
        check("smithson j", Some("smj"));
        check("johnny smithson", Some("smjoithhn"));
        check("zoe smi joh", Some("zosme"));
        check("john", None);
    }

    proptest::proptest! {
        #[test]
        fn beginnings_of_two_words_lead_to_a_pair_with_all_words(
            name in proptest::collection::vec("[abé王]{1,6}", 2..=8),
            picks in proptest::collection::vec((0_usize..8, 1_usize..7), 2..=4),
        ) {
            let begun = picks.iter().map(|(at, length)| cut(&name[at % name.len()], *length));
            let typed = begun.collect::<Vec<_>>().join(" ");
            let query = Query::new(&typed).unwrap();
            let name = name.join(" ");
            let client = Searchable { name: &name, username: "", email: "", phone: "" };
            if let Some(pair) = query.pair() {
                let has = |term: &str| query.words.iter().all(|word| term.contains(&format!(" {word}")));
                let found = client.terms().iter().any(|(kind, term)| {
                    *kind == TermKind::Pair && term.starts_with(&pair) && has(term)
                });
                proptest::prop_assert!(found, "{typed:?} does not find {name:?} by {pair:?}");
            }
        }
    }

    #[test]
    fn long_names_are_cut_and_keep_what_stands_before() {
        let name = format!("Ada {}", "x".repeat(300));
        let client = Searchable {
            name: &name,
            username: "",
            email: "",
            phone: "",
        };
        let word = format!("{} \u{1} ada", "x".repeat(80));
        assert!(client.terms().contains(&(TermKind::Word, word)));
    }

    #[test]
    fn a_query_is_its_words() {
        let check = |typed: &str, whole: &str, words: &[&str]| {
            let query = Query::new(typed).unwrap();
            assert_eq!(query.whole, whole, "{typed:?}");
            assert_eq!(query.words, words, "{typed:?}");
        };
        check("Jo Smíth", "jo smith", &["jo", "smith"]);
        check("a b c d e", "a b c d e", &["a", "b", "c", "d"]);
        check("jo john smi jo", "jo john smi jo", &["john", "smi"]);
        check("an an", "an an", &["an"]);
        check("+44 (20) 79", "442079", &["442079"]);
        check("@ada", "ada", &["ada"]);
        assert_eq!(Query::new(" \u{200b} "), None);
    }
}
