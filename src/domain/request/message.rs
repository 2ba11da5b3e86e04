//! What is asked for about default messages: another text for one of them.

use serde::{Deserialize, Serialize};

use crate::domain::credits::Credits;
use crate::domain::ids::ClientId;
use crate::domain::message::{Kind, Text};

/// The client with whom a message is filled in where it is shown: as it stood then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Who.
    pub client: ClientId,
    /// The name.
    pub name: String,
    /// The username.
    pub username: String,
    /// The balance.
    pub balance: Credits,
}

/// Another text for a default message in one language, with what was shown of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewording {
    /// Which message.
    pub message: Kind,
    /// In which language.
    pub language: String,
    /// The last version in that language until now; 0: none.
    pub version: i64,
    /// What is sent now.
    pub before: Text,
    /// What is sent then.
    pub after: Text,
    /// The earlier version that comes back, 0 being the text that comes with the program; `None`: the text is new.
    pub restores: Option<i64>,
    /// With whom it is shown, for information alone; `None`: there is no client yet.
    pub sample: Option<Sample>,
}

impl Rewording {
    /// As stored and audited: the command's name.
    pub fn name(&self) -> &'static str {
        match self.restores {
            None => "message edit",
            Some(_) => "message restore",
        }
    }

    /// The version that it becomes.
    pub fn next(&self) -> i64 {
        self.version.saturating_add(1)
    }
}
