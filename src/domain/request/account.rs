//! What is asked for about a client's account: whose it is, what it may do, where it stands.

use serde::{Deserialize, Serialize};

use super::details::{Details, Newcomer};
use crate::domain::client::{Class, Status};
use crate::domain::ids::{ClientId, PersonId};
use crate::domain::money::Money;
use crate::domain::role::{Grant, Permission, Role};

/// Another client who has to do with it, as it was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Who.
    pub id: ClientId,
    /// Its name.
    pub name: String,
}

/// A person of the staff, as he was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Who.
    pub id: PersonId,
    /// The name.
    pub name: String,
}

/// What comes along with a change: shown for information alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Along {
    /// How many clients move along.
    pub clients: i64,
    /// Numbers of open invoices, the first few.
    pub open: Vec<String>,
    /// How many more are open.
    pub more: i64,
    /// What is unpaid on them.
    pub unpaid: Money,
}

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
    /// What a client may do.
    Class {
        /// Who.
        client: ClientId,
        /// Its class now.
        before: Class,
        /// Its class then.
        after: Class,
        /// The reseller to whom its clients go.
        heir: Option<Party>,
        /// The delivery URL that is switched off.
        url: Option<String>,
        /// What comes along.
        along: Along,
    },
    /// Who looks after a client.
    Manager {
        /// Whom.
        client: ClientId,
        /// Who does now.
        before: Option<Staff>,
        /// Who does then.
        after: Option<Staff>,
    },
    /// Whose a client is.
    Reseller {
        /// Who.
        client: ClientId,
        /// Whose now; `None`: the house's.
        before: Option<Party>,
        /// Whose then.
        after: Option<Party>,
        /// What comes along.
        along: Along,
    },
    /// Who brought a client.
    Referral {
        /// Whom.
        client: ClientId,
        /// Who it was taken to be.
        before: Option<Party>,
        /// Who it is.
        after: Option<Party>,
    },
    /// A client to be made.
    New(Newcomer),
    /// What a client is called, how it is reached and what it pays.
    Edit {
        /// Who.
        client: ClientId,
        /// As it is now.
        before: Details,
        /// As it is then.
        after: Details,
    },
    /// Something to be noted about a client.
    Note {
        /// About whom.
        client: ClientId,
        /// Whose side notes it: `None` is the house.
        side: Option<ClientId>,
        /// What.
        text: String,
    },
    /// A tag.
    Tag {
        /// On whom.
        client: ClientId,
        /// Whose side puts it there: `None` is the house.
        side: Option<ClientId>,
        /// Which.
        tag: String,
        /// Whether it is put there, or taken off.
        on: bool,
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
            Self::Class { .. } => "class set",
            Self::Manager { .. } => "manager set",
            Self::Reseller { .. } => "reseller set",
            Self::Referral { .. } => "referral set",
            Self::New(_) => "client new",
            Self::Edit { .. } => "client edit",
            Self::Note { .. } => "client note",
            Self::Tag { .. } => "client tag",
        }
    }

    /// The row of the matrix that it falls under.
    pub fn permission(&self) -> Permission {
        match self {
            Self::Status { .. } | Self::New(_) | Self::Edit { .. } => Permission::Clients,
            Self::Note { .. } | Self::Tag { .. } => Permission::Password,
            Self::Class { .. } | Self::Reseller { .. } => Permission::Reseller,
            Self::Manager { .. } | Self::Referral { .. } => Permission::Manager,
        }
    }

    /// The client whom it is about; `None` where there is none yet.
    pub fn client(&self) -> Option<ClientId> {
        match self {
            Self::Status { client, .. }
            | Self::Class { client, .. }
            | Self::Manager { client, .. }
            | Self::Reseller { client, .. }
            | Self::Referral { client, .. }
            | Self::Edit { client, .. }
            | Self::Note { client, .. }
            | Self::Tag { client, .. } => Some(*client),
            Self::New(_) => None,
        }
    }

    /// The clients whose people are told: both sides.
    pub fn told(&self) -> Vec<ClientId> {
        // What is noted about somebody is not for him.
        if matches!(self, Self::Note { .. } | Self::Tag { .. }) {
            return Vec::new();
        }
        let mut told: Vec<_> = self.client().into_iter().collect();
        let others = match self {
            Self::Reseller { before, after, .. } | Self::Referral { before, after, .. } => {
                [before.as_ref(), after.as_ref()]
            }
            Self::Class { heir, .. } => [heir.as_ref(), None],
            Self::New(new) => [new.reseller.as_ref(), None],
            _ => [None, None],
        };
        told.extend(others.into_iter().flatten().map(|party| party.id));
        told
    }

    /// People of the staff who are told.
    pub fn told_staff(&self) -> Vec<PersonId> {
        match self {
            Self::Manager { before, after, .. } => {
                let both = [before, after].into_iter().flatten();
                both.map(|person| person.id).collect()
            }
            _ => Vec::new(),
        }
    }

    /// How many others must approve when somebody of this role asks.
    pub fn approvals(&self, role: Role) -> u8 {
        // Two admins make an ADMIN: whoever asks is one of them, if he is an admin.
        if let Self::Class {
            after: Class::Admin,
            ..
        } = self
            && role != Role::Admin
        {
            return 2;
        }
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
            // What was handed over or switched off does not come back by itself.
            Self::Class { heir, url, .. } => heir.is_none() && url.is_none(),
            Self::Manager { .. }
            | Self::Reseller { .. }
            | Self::Referral { .. }
            | Self::Edit { .. }
            | Self::Tag { .. } => true,
            Self::New(_) | Self::Note { .. } => false,
        }
    }

    /// Takes away what was shown for information alone.
    pub fn forget_shown(&mut self) {
        if let Self::Class { along, .. } | Self::Reseller { along, .. } = self {
            *along = Along::default();
        }
        if let Self::New(new) = self {
            new.twins.clear();
        }
    }

    /// Whether it changes whose clients are whose, or who brought whom: one such change at a time, so that no circle is
    /// closed from two sides and no username is given twice.
    pub fn moves_tree(&self) -> bool {
        matches!(
            self,
            Self::Class { .. } | Self::Reseller { .. } | Self::Referral { .. } | Self::New(_)
        )
    }
}
