//! The audit log as a chain: the hash of each row covers the row and the hash before it, so that nobody can change,
//! leave out or slip in a row without every later hash telling.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::request::hex;

/// What a hash is of, first of all: another way of writing rows down gets another one.
const VERSION: &[u8] = b"bursar audit chain 1";

/// A row of the audit log as the chain sees it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Sealed {
    /// Identifier.
    pub id: i64,
    /// When, in milliseconds since 1970.
    pub created_at: i64,
    /// Who, where it was a person.
    pub person_id: Option<i64>,
    /// By which account.
    pub actor: String,
    /// In which event.
    pub event_id: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// More, as JSON.
    pub detail: String,
}

impl Sealed {
    /// The hash of this row in that place, after that hash (`""`: the first).
    pub fn hash(&self, seq: i64, previous: &str) -> String {
        let mut hasher = Sha256::new();
        let person = self.person_id.map(i64::to_be_bytes);
        let fields: [&[u8]; 11] = [
            VERSION,
            previous.as_bytes(),
            &seq.to_be_bytes(),
            &self.id.to_be_bytes(),
            &self.created_at.to_be_bytes(),
            person.as_ref().map_or(&[], |person| person),
            self.actor.as_bytes(),
            self.event_id.as_bytes(),
            self.action.as_bytes(),
            self.subject.as_bytes(),
            self.detail.as_bytes(),
        ];
        for field in fields {
            // With its length, so that nothing can move from one field to the next.
            hasher.update((field.len() as u64).to_be_bytes());
            hasher.update(field);
        }
        hex(&hasher.finalize())
    }
}

/// Where the chain ends: whoever notes it can tell later whether anything before it was changed. Written `SEQ:HASH`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Head {
    /// How many rows the chain has.
    pub seq: i64,
    /// The last one's hash.
    pub hash: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

/// Text that is not the head of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the head of the audit log; write it as it was printed, SEQ:HASH")]
pub struct BadHead;

impl FromStr for Head {
    type Err = BadHead;

    fn from_str(text: &str) -> Result<Self, BadHead> {
        let (seq, hash) = text.trim().split_once(':').ok_or(BadHead)?;
        let seq = seq.parse().ok().filter(|seq| *seq > 0).ok_or(BadHead)?;
        if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(BadHead);
        }
        let hash = hash.to_ascii_lowercase();
        Ok(Self { seq, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row() -> Sealed {
        Sealed {
            id: 5,
            created_at: 1_800_000_000_000,
            person_id: Some(7),
            actor: "telegram:1".to_owned(),
            event_id: "telegram:9".to_owned(),
            action: "request.applied".to_owned(),
            subject: "request:5".to_owned(),
            detail: "{}".to_owned(),
        }
    }

    #[test]
    fn hashes_are_those_that_were_always_made() {
        // Chains that were sealed must be verified for ever.
        let first = row().hash(1, "");
        assert_eq!(
            first,
            "47b0817f1f137489c443a1ae9bb25a030cb518003d3c0563f368d380fffec015"
        );
        assert_eq!(
            row().hash(2, &first),
            "d94ed7b644d6ee443f202e3b41fa2d52d03a4b985fe65c0ae228fe9b579a0378"
        );
    }

    #[test]
    fn each_field_counts_and_its_place() {
        let text = |row: &mut Sealed, field: usize, text: &str| match field {
            0 => text.clone_into(&mut row.actor),
            1 => text.clone_into(&mut row.event_id),
            2 => text.clone_into(&mut row.action),
            3 => text.clone_into(&mut row.subject),
            _ => text.clone_into(&mut row.detail),
        };
        let mut hashes = std::collections::BTreeSet::from([
            row().hash(1, ""),
            row().hash(2, ""),
            row().hash(1, "a"),
            Sealed { id: 6, ..row() }.hash(1, ""),
            Sealed {
                created_at: 6,
                ..row()
            }
            .hash(1, ""),
            Sealed {
                person_id: Some(0),
                ..row()
            }
            .hash(1, ""),
            Sealed {
                person_id: None,
                ..row()
            }
            .hash(1, ""),
        ]);
        for field in 0..5 {
            let mut changed = row();
            text(&mut changed, field, "x");
            hashes.insert(changed.hash(1, ""));
        }
        assert_eq!(hashes.len(), 12);
    }

    proptest! {
        #[test]
        fn text_that_moves_to_the_next_field_is_another_row(text in "\\PC{1,8}", at in 0_usize..8) {
            let at = text.char_indices().map(|(at, _)| at).nth(at).unwrap_or(0);
            let split = |at: usize| {
                let (actor, event_id) = text.split_at(at);
                Sealed { actor: actor.to_owned(), event_id: event_id.to_owned(), ..row() }.hash(1, "")
            };
            prop_assert_eq!(split(at) == split(text.len()), at == text.len());
        }

        #[test]
        fn heads_are_read_back(seq in 1_i64.., hash in "[0-9a-f]{64}") {
            let head = Head { seq, hash };
            prop_assert_eq!(head.to_string().parse(), Ok(head));
        }

        #[test]
        fn other_text_is_no_head(text in ".{0,70}") {
            if let Ok(head) = text.parse::<Head>() {
                prop_assert_eq!(head.hash.len(), 64);
            }
        }
    }
}
