//! What is asked for about a client's account: whose it is, what it may do, where it stands.

use serde::{Deserialize, Serialize};

use crate::domain::client::Status;
use crate::domain::ids::ClientId;
use crate::domain::role::{Grant, Permission, Role};

/// A change of a client's account, with what was shown of it: what holds before, and what follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Account {
    /// Where a client stands: activated, suspended, closed.
    Status {
        /// Who.
        client: ClientId,
        /// Where it stands now.
        before: Status,
        /// Where it stands then.
        after: Status,
        /// Why; may be empty.
        reason: String,
    },
}

impl Account {
    /// As stored and audited: the command's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Status { after, .. } => match after {
                Status::Pending | Status::Active => "client activate",
                Status::Suspended => "client suspend",
                Status::Closed => "client close",
            },
        }
    }

    /// The row of the matrix that it falls under.
    pub fn permission(&self) -> Permission {
        match self {
            Self::Status { .. } => Permission::Clients,
        }
    }

    /// The client whom it is about; `None` where there is none yet.
    pub fn client(&self) -> Option<ClientId> {
        match self {
            Self::Status { client, .. } => Some(*client),
        }
    }

    /// The clients whose people are told.
    pub fn told(&self) -> Vec<ClientId> {
        self.client().into_iter().collect()
    }

    /// How many others must approve when somebody of this role asks.
    pub fn approvals(&self, role: Role) -> u8 {
        u8::from(self.permission().grant(role) == Grant::Request)
    }

    /// Whether it can be undone for a while.
    pub fn is_reversible(&self) -> bool {
        match self {
            Self::Status { before, after, .. } => {
                matches!(
                    (before, after),
                    (Status::Active, Status::Suspended) | (Status::Suspended, Status::Active)
                )
            }
        }
    }
}
