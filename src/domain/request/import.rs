//! What is asked for about a file: that its clients are moved in.

use serde::{Deserialize, Serialize};

use crate::domain::credits::Credits;

/// A file to be moved in, with what was understood of it and what would come of it. Its bytes are kept beside the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// SHA-256 of its bytes.
    pub digest: String,
    /// Its name.
    pub name: String,
    /// What is done with clients who are here already: `update` or `leave`.
    pub existing: String,
    /// How many rows it has.
    pub rows: i64,
    /// How many steps it takes.
    pub steps: i64,
    /// Headers that were understood, each with what as; the first few.
    pub understood: Vec<(String, String)>,
    /// Headers that are left aside; the first few.
    pub aside: Vec<String>,
    /// What would come of its rows.
    pub expected: Expected,
}

/// What would come of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// New clients.
    pub created: i64,
    /// Clients who are here and change.
    pub updated: i64,
    /// Clients who are here as the file says.
    pub unchanged: i64,
    /// Clients who are here and stay as they are.
    pub kept: i64,
    /// Rows that are wrong and stay out.
    pub bad: i64,
    /// Clients whose opening balance is posted.
    pub opened: i64,
    /// What all opening balances come to.
    pub opening: Credits,
}

impl Import {
    /// As stored and audited: the command's name.
    pub const NAME: &'static str = "import clients";

    /// The place of the job, by which the same file is the same job.
    pub fn job(&self) -> String {
        format!("{}:{}", self.digest, self.existing)
    }
}
