//! Files both ways: what a card carries out, and what somebody attached. Going out they are bytes; coming in they are a
//! reference that can be stored, and the bytes are fetched where they are needed.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::event::Messenger;
use crate::fault::Fault;

/// The most bytes of a file that goes out: what Discord takes; Telegram takes more.
pub const MOST_OUT: usize = 10 * 1024 * 1024;
/// The most bytes of a file that comes in: what Telegram lets bots download.
pub const MOST_IN: u64 = 20 * 1024 * 1024;
/// The most characters of a file's name.
pub const NAME: usize = 80;

/// How a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// As a picture, in the card.
    Picture,
    /// As something to download.
    Document,
}

/// A file that a card carries: 1 byte to [`MOST_OUT`].
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    name: String,
    media: &'static str,
    bytes: Arc<[u8]>,
    kind: FileKind,
}

impl Attachment {
    /// A file to download; its name is made safe ([`safe_name`]).
    pub fn document(name: &str, media: &'static str, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self {
            name: safe_name(name),
            media,
            bytes: bytes.into(),
            kind: FileKind::Document,
        }
    }

    /// A PNG that is shown in the card.
    pub fn png(name: &str, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self {
            kind: FileKind::Picture,
            ..Self::document(name, "image/png", bytes)
        }
    }

    /// Its name: no path, nothing that hides, at most [`NAME`] characters.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its media type (`text/csv`).
    pub fn media(&self) -> &'static str {
        self.media
    }

    /// What is in it.
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// How it is shown.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Whether every messenger takes it; an adapter leaves out what does not fit.
    pub fn fits(&self) -> bool {
        (1..=MOST_OUT).contains(&self.bytes.len())
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("name", &self.name)
            .field("media", &self.media)
            .field("bytes", &self.bytes.len())
            .field("kind", &self.kind)
            .finish()
    }
}

/// A file that somebody attached, as a reference: it is stored in place of a value and fetched when it is needed.
///
/// Only adapters make one, from what the messenger itself says was attached; text that looks like one is never taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incoming {
    /// Where it is.
    pub messenger: Messenger,
    /// How its messenger finds it: an address of Discord's, a file id of Telegram's.
    pub at: String,
    /// Its name, made safe; may be empty.
    pub name: String,
    /// Its size in bytes as the messenger says; 0 where it does not.
    pub size: u64,
    /// How it was sent: a picture is not what the person had, Telegram makes it smaller.
    pub kind: FileKind,
}

impl Incoming {
    /// The reference as the value of an option.
    pub fn to_value(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The reference that a value is, if it is one.
    pub fn from_value(value: &str) -> Option<Self> {
        serde_json::from_str(value).ok()
    }
}

/// Why a file could not be fetched.
#[derive(Debug)]
pub enum Unfetched {
    /// It is larger than what was asked for, which is this many bytes.
    TooLarge(u64),
    /// The messenger has it no more.
    Gone,
    /// Anything else.
    Fault(Fault),
}

/// Fetches what people attached on one messenger.
pub trait Files: Send + Sync {
    /// Whether files of this messenger are fetched here.
    fn serves(&self, messenger: Messenger) -> bool;
    /// The bytes of a file: at most `most` and [`MOST_IN`], within 8 s.
    fn fetch<'a>(
        &'a self,
        file: &'a Incoming,
        most: u64,
    ) -> BoxFuture<'a, Result<Vec<u8>, Unfetched>>;
}

/// All that fetch files, one for each messenger.
#[derive(Clone, Default)]
pub struct Fetching(Vec<Arc<dyn Files>>);

impl Fetching {
    /// With one more.
    pub fn add(&mut self, files: Arc<dyn Files>) {
        self.0.push(files);
    }

    /// As [`Files::fetch`], from whichever messenger the file is on.
    pub async fn fetch(&self, file: &Incoming, most: u64) -> Result<Vec<u8>, Unfetched> {
        if file.size > most {
            return Err(Unfetched::TooLarge(most));
        }
        match self.0.iter().find(|files| files.serves(file.messenger)) {
            Some(files) => files.fetch(file, most).await,
            None => Err(Unfetched::Gone),
        }
    }
}

/// A file's name that is safe anywhere: its last part alone, without control characters, what hides or turns text, and
/// what some system does not take; at most [`NAME`] characters, of which the ending is kept; `file` where nothing is left.
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control() && !hides(*c))
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    // A leading dot hides a file, a trailing one is lost on some systems.
    let clean = clean.trim_matches(['.', ' ']);
    if clean.is_empty() {
        return "file".to_owned();
    }
    let length = clean.chars().count();
    if length <= NAME {
        return clean.to_owned();
    }
    let ending = clean
        .rsplit_once('.')
        .map(|(_, ending)| ending)
        .filter(|ending| ending.chars().count() <= 10);
    let keep = NAME - ending.map_or(0, |ending| ending.chars().count() + 1);
    let mut kept: String = clean.chars().take(keep).collect();
    if let Some(ending) = ending {
        kept.push('.');
        kept.push_str(ending);
    }
    kept
}

/// Characters that turn the text's direction or take no room.
pub(crate) fn hides(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_made_safe() {
        let check = |name: &str, expected: &str| assert_eq!(safe_name(name), expected, "{name:?}");
        check("clients.csv", "clients.csv");
        check("../../etc/passwd", "passwd");
        check("C:\\Users\\ada\\clients.csv", "clients.csv");
        check("a\r\nContent-Type: x\".csv", "aContent-Type_ x_.csv");
        check("\u{202e}gnp.exe", "gnp.exe");
        check(".hidden", "hidden");
        check("..", "file");
        check("", "file");
        check("relevé d’été.csv", "relevé d’été.csv");
        let long = format!("{}.csv", "x".repeat(200));
        let cut = safe_name(&long);
        assert_eq!((cut.chars().count(), cut.ends_with("x.csv")), (NAME, true));
    }

    #[test]
    fn a_reference_comes_back_from_its_value() {
        let file = Incoming {
            messenger: Messenger::Telegram,
            at: "BQAC=|:".into(),
            name: "a, b.csv".into(),
            size: 12,
            kind: FileKind::Document,
        };
        assert_eq!(Incoming::from_value(&file.to_value()), Some(file));
        assert_eq!(Incoming::from_value("clients.csv"), None);
    }

    proptest! {
        #[test]
        fn any_name_is_made_safe_once(name in ".{0,120}") {
            let safe = safe_name(&name);
            prop_assert!(!safe.is_empty() && safe.chars().count() <= NAME);
            prop_assert!(!safe.contains(['/', '\\', '"']) && !safe.chars().any(char::is_control));
            prop_assert!(!safe.starts_with('.'));
        }
    }
}
