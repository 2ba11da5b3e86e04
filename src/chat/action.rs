//! What a button carries: at most 64 bytes of versioned text. It is a claim, never a right: each press is authorised.

use std::fmt;
use std::str::FromStr;

use crate::domain::ids::{ClientId, RequestId, from_base32, to_base32};

/// The most bytes that a button may carry (Telegram's `callback_data`).
pub const MAX_BYTES: usize = 64;

/// What a press asks for. Navigation says what to show; a change names a stored request and what was shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Show a client's card.
    View(ClientId),
    /// Show a page of found clients.
    Find {
        /// After this row; `None` is the first page.
        after: Option<FindCursor>,
        /// What was searched for, as typed.
        query: String,
    },
    /// Open the form of a command, perhaps for a client.
    Open {
        /// The command's name (`credit add`).
        command: String,
        /// The client whom it is for.
        client: Option<ClientId>,
    },
    /// Go on with a command for what was picked from its list.
    Pick {
        /// The command's name.
        command: String,
        /// The client whom it is about.
        client: Option<ClientId>,
        /// The short name of what was picked.
        about: String,
    },
    /// Undo what a request did, within its time.
    Undo(RequestId),
    /// Open the form of a command again, with what was typed last.
    Again {
        /// The command's name.
        command: String,
    },
    /// Confirm what was shown.
    Confirm(Shown),
    /// Give it up: the requester's own.
    Cancel(Shown),
    /// Approve what was shown.
    Approve(Shown),
    /// Reject what was shown (opens the form for the reason).
    Reject(Shown),
    /// Ask the same again, as a new request.
    AskAgain(RequestId),
    /// Show the requests that wait, after this one.
    Approvals(Option<RequestId>),
    /// Answer the question that is open in this chat with its n-th choice.
    Choice(u8),
    /// Leave the question that is open in this chat unanswered.
    Skip,
    /// Give up the form that is open in this chat.
    CancelForm,
}

/// A request together with the start of its digest, so that what is pressed is what was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The request.
    pub request: RequestId,
    /// The first 12 hexadecimal digits of its digest.
    pub digest: String,
}

/// Where a page of found clients goes on: the last row's rank and client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindCursor {
    /// The row's rank: below 32, one character.
    pub rank: u8,
    /// The row's client.
    pub client: ClientId,
}

/// A payload that no button of ours carries, or of an older version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a button of this version")]
pub struct BadAction;

impl Action {
    /// Whether the payload fits into a button.
    pub fn fits(&self) -> bool {
        self.to_string().len() <= MAX_BYTES
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::View(client) => write!(f, "1:v:{client}"),
            Self::Find { after: None, query } => write!(f, "1:f::{query}"),
            Self::Find {
                after: Some(after),
                query,
            } => {
                let rank = to_base32(i64::from(after.rank));
                write!(f, "1:f:{rank}{}:{query}", to_base32(after.client.0))
            }
            Self::Open {
                command,
                client: None,
            } => write!(f, "1:o::{command}"),
            Self::Open {
                command,
                client: Some(client),
            } => write!(f, "1:o:{client}:{command}"),
            Self::Pick {
                command,
                client,
                about,
            } => {
                let client = client.map_or_else(String::new, |client| client.to_string());
                write!(f, "1:w:{client}:{about}:{command}")
            }
            Self::Undo(request) => write!(f, "1:u:{request}"),
            Self::Again { command } => write!(f, "1:t:{command}"),
            Self::Confirm(shown) => write!(f, "1:y:{shown}"),
            Self::Cancel(shown) => write!(f, "1:n:{shown}"),
            Self::Approve(shown) => write!(f, "1:a:{shown}"),
            Self::Reject(shown) => write!(f, "1:r:{shown}"),
            Self::AskAgain(request) => write!(f, "1:g:{request}"),
            Self::Approvals(None) => f.write_str("1:l:"),
            Self::Approvals(Some(after)) => write!(f, "1:l:{after}"),
            Self::Choice(index) => write!(f, "1:q:{index}"),
            Self::Skip => f.write_str("1:s:"),
            Self::CancelForm => f.write_str("1:x:"),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.request, self.digest)
    }
}

impl FromStr for Shown {
    type Err = BadAction;
    fn from_str(text: &str) -> Result<Self, BadAction> {
        let (request, digest) = text.split_once(':').ok_or(BadAction)?;
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if digest.len() != 12 || !digest.bytes().all(hex) {
            return Err(BadAction);
        }
        let request = request.parse().map_err(|_| BadAction)?;
        Ok(Self {
            request,
            digest: digest.to_owned(),
        })
    }
}

impl FromStr for Action {
    type Err = BadAction;
    fn from_str(text: &str) -> Result<Self, BadAction> {
        if text.len() > MAX_BYTES {
            return Err(BadAction);
        }
        let rest = text.strip_prefix("1:").ok_or(BadAction)?;
        let (verb, rest) = rest.split_once(':').ok_or(BadAction)?;
        let id = |text: &str| from_base32(text).map_err(|_| BadAction);
        Ok(match verb {
            "v" => Self::View(ClientId(id(rest)?)),
            "f" => {
                let (after, query) = rest.split_once(':').ok_or(BadAction)?;
                let after = match after.split_at_checked(1) {
                    None => None,
                    Some((rank, client)) => Some(FindCursor {
                        rank: u8::try_from(id(rank)?).map_err(|_| BadAction)?,
                        client: ClientId(id(client)?),
                    }),
                };
                Self::Find {
                    after,
                    query: query.to_owned(),
                }
            }
            "o" => {
                let (client, command) = rest.split_once(':').ok_or(BadAction)?;
                let client = match client {
                    "" => None,
                    client => Some(ClientId(id(client)?)),
                };
                Self::Open {
                    command: command.to_owned(),
                    client,
                }
            }
            "w" => {
                let (client, rest) = rest.split_once(':').ok_or(BadAction)?;
                let (about, command) = rest.split_once(':').ok_or(BadAction)?;
                Self::Pick {
                    command: command.to_owned(),
                    client: match client {
                        "" => None,
                        client => Some(ClientId(id(client)?)),
                    },
                    about: about.to_owned(),
                }
            }
            "u" => Self::Undo(RequestId(id(rest)?)),
            "t" => Self::Again {
                command: rest.to_owned(),
            },
            "y" => Self::Confirm(rest.parse()?),
            "n" => Self::Cancel(rest.parse()?),
            "a" => Self::Approve(rest.parse()?),
            "r" => Self::Reject(rest.parse()?),
            "g" => Self::AskAgain(RequestId(id(rest)?)),
            "l" if rest.is_empty() => Self::Approvals(None),
            "l" => Self::Approvals(Some(RequestId(id(rest)?))),
            "q" => Self::Choice(rest.parse().map_err(|_| BadAction)?),
            "s" if rest.is_empty() => Self::Skip,
            "x" if rest.is_empty() => Self::CancelForm,
            _ => return Err(BadAction),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown() -> impl Strategy<Value = Shown> {
        (0..i64::MAX, "[0-9a-f]{12}").prop_map(|(request, digest)| Shown {
            request: RequestId(request),
            digest,
        })
    }

    fn action() -> impl Strategy<Value = Action> {
        let client = (0..i64::MAX).prop_map(ClientId);
        let cursor = (0u8..32, 0..i64::MAX).prop_map(|(rank, client)| FindCursor {
            rank,
            client: ClientId(client),
        });
        prop_oneof![
            client.clone().prop_map(Action::View),
            (proptest::option::of(cursor), "[a-zé: ]{0,20}")
                .prop_map(|(after, query)| Action::Find { after, query }),
            (proptest::option::of(client), "[a-z ]{1,20}")
                .prop_map(|(client, command)| Action::Open { command, client }),
            "[a-z ]{1,20}".prop_map(|command| Action::Again { command }),
            (
                proptest::option::of((0..i64::MAX).prop_map(ClientId)),
                "[a-z0-9]{0,13}",
                "[a-z ]{1,20}"
            )
                .prop_map(|(client, about, command)| Action::Pick {
                    command,
                    client,
                    about
                }),
            (0..i64::MAX).prop_map(|id| Action::Undo(RequestId(id))),
            shown().prop_map(Action::Confirm),
            shown().prop_map(Action::Cancel),
            shown().prop_map(Action::Approve),
            shown().prop_map(Action::Reject),
            (0..i64::MAX).prop_map(|id| Action::AskAgain(RequestId(id))),
            proptest::option::of((0..i64::MAX).prop_map(RequestId)).prop_map(Action::Approvals),
            any::<u8>().prop_map(Action::Choice),
            Just(Action::Skip),
            Just(Action::CancelForm),
        ]
    }

    proptest! {
        #[test]
        fn what_a_button_carries_is_read_back(action in action()) {
            prop_assume!(action.fits());
            prop_assert_eq!(action.to_string().parse::<Action>(), Ok(action));
        }

        #[test]
        fn forged_payloads_are_read_or_refused(text in ".{0,80}") {
            if let Ok(action) = text.parse::<Action>() {
                prop_assert!(action.fits());
            }
        }

        #[test]
        fn all_but_searches_fit(shown in shown()) {
            prop_assert!(Action::Approve(shown).fits());
        }
    }
}
