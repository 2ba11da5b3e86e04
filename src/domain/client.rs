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
    /// A later word of the name, with what follows it.
    Word = 1,
    /// The username.
    Username = 2,
    /// The email address.
    Email = 3,
    /// The digits of the phone number.
    Phone = 4,
}

impl TermKind {
    /// All kinds, best first.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::Word,
        Self::Username,
        Self::Email,
        Self::Phone,
    ];

    /// The stored number.
    pub fn number(self) -> i16 {
        self as i16
    }
}

/// The longest stored term in characters; more than anybody types into a search.
const TERM_LENGTH: usize = 80;

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
        let cut = |text: &str| text.chars().take(TERM_LENGTH).collect::<String>();
        let mut terms = Vec::new();
        let name = fold(self.name);
        for (at, _) in name.match_indices(' ') {
            terms.push((TermKind::Word, cut(&name[at + 1..])));
        }
        // `O'Brien` and `Smith-Jones` are found by their parts as well.
        for (at, mark) in name.match_indices(['-', '\'', '(', '"', '.', '/', '@']) {
            let rest = name[at + mark.len()..].trim_start();
            if !rest.is_empty() {
                terms.push((TermKind::Word, cut(rest)));
            }
        }
        terms.push((TermKind::Name, cut(&name)));
        terms.push((TermKind::Username, cut(&fold(self.username))));
        terms.push((TermKind::Email, cut(&fold(self.email))));
        terms.push((TermKind::Phone, cut(&digits(self.phone))));
        terms.retain(|(_, term)| !term.is_empty());
        terms.sort();
        terms.dedup();
        terms
    }

    /// Every word in one line between spaces, for narrowing by further words.
    pub fn line(&self) -> String {
        let parts = [
            fold(self.name),
            fold(self.username),
            fold(self.email),
            digits(self.phone),
        ];
        format!(" {} ", parts.join(" "))
    }
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// A search as typed: the prefix to scan by, and the further words that must begin a word of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Folded; the whole text where it is one word, else its longest word.
    pub prefix: String,
    /// The other words, folded; at most three, further ones are not looked at.
    pub others: Vec<String>,
    /// The whole text folded: what an exact match equals.
    pub whole: String,
}

impl Query {
    /// Reads what was typed; `None` when nothing is left of it.
    pub fn new(typed: &str) -> Option<Self> {
        let short: String = typed.chars().take(TERM_LENGTH).collect();
        let whole = fold(short.trim_start_matches('@'));
        if whole.is_empty() {
            return None;
        }
        // A phone number is stored by its digits alone, however it is typed.
        let phone_like = whole
            .chars()
            .all(|char| char.is_ascii_digit() || "+-() ./".contains(char));
        let number = digits(&whole);
        if phone_like && !number.is_empty() {
            return Some(Self {
                prefix: number.clone(),
                others: Vec::new(),
                whole: number,
            });
        }
        let mut words: Vec<&str> = whole.split(' ').collect();
        let longest = (0..words.len())
            .rev()
            .max_by_key(|&at| words[at].chars().count())?;
        let prefix = words.remove(longest).to_owned();
        let others = words.into_iter().take(3).map(str::to_owned).collect();
        Some(Self {
            prefix,
            others,
            whole,
        })
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
        assert!(has(TermKind::Name, "ana smith-jones"));
        assert!(has(TermKind::Word, "smith-jones") && has(TermKind::Word, "jones"));
        assert!(has(TermKind::Username, "ana7") && has(TermKind::Email, "a@b.c"));
        assert!(has(TermKind::Phone, "44207946"));
        let at = Searchable {
            name: "@ada",
            ..client
        };
        // A leading `@` of a search is not looked at.
        assert!(at.terms().contains(&(TermKind::Word, "ada".to_owned())));
    }

    #[test]
    fn a_query_scans_by_its_longest_word() {
        let query = Query::new("Jo Smíth").unwrap();
        assert_eq!(
            (query.prefix.as_str(), query.others),
            ("smith", vec!["jo".to_owned()])
        );
        assert_eq!(Query::new("+44 (20) 79").unwrap().prefix, "442079");
        assert_eq!(Query::new(" \u{200b} "), None);
        assert_eq!(Query::new("@ada").unwrap().prefix, "ada");
    }
}
