//! What is asked for about people: what they may do, that they go, and that everything stops.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{ClientId, PersonId};
use crate::domain::role::{Permission, Role};

/// What a person's going or changing takes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Along {
    /// Requests of his that are open and end.
    pub requests: u32,
    /// Approvals of his on requests that wait, which count no more.
    pub approvals: u32,
}

/// A change about people, with what was shown of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Person {
    /// Every change stops.
    Freeze,
    /// Changes go on.
    Unfreeze {
        /// Who froze it.
        by: String,
    },
    /// A person's role becomes another.
    Role {
        /// Who.
        person: PersonId,
        /// The name.
        name: String,
        /// What he is now.
        before: Role,
        /// What he is then.
        after: Role,
        /// A reseller's client.
        client: Option<ClientId>,
        /// What goes along.
        along: Along,
    },
    /// A person has no rights any more.
    Remove {
        /// Who.
        person: PersonId,
        /// The name.
        name: String,
        /// What he is now.
        role: Role,
        /// What goes along.
        along: Along,
    },
}

/// Whether a role is made and unmade by two admins only.
fn is_top(role: Role) -> bool {
    matches!(role, Role::Admin | Role::Finance)
}

impl Person {
    /// As stored and audited: the command's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Freeze => "people freeze",
            Self::Unfreeze { .. } => "people unfreeze",
            Self::Role { .. } => "people role",
            Self::Remove { .. } => "people remove",
        }
    }

    /// The row of the matrix that it falls under.
    pub fn permission(&self) -> Permission {
        let top = match self {
            Self::Freeze => false,
            Self::Unfreeze { .. } => true,
            Self::Role { before, after, .. } => is_top(*before) || is_top(*after),
            Self::Remove { role, .. } => is_top(*role),
        };
        if top {
            Permission::TopPeople
        } else {
            Permission::People
        }
    }

    /// A reseller's client.
    pub fn client(&self) -> Option<ClientId> {
        match self {
            Self::Role { client, .. } => *client,
            _ => None,
        }
    }

    /// Who profits from it: nobody approves his own rise.
    pub fn beneficiary(&self) -> Option<PersonId> {
        match self {
            Self::Role {
                person,
                before,
                after,
                ..
            } if after > before => Some(*person),
            _ => None,
        }
    }

    /// Without what is told for information alone.
    pub(super) fn effect(&mut self) {
        match self {
            Self::Role { along, .. } | Self::Remove { along, .. } => *along = Along::default(),
            Self::Freeze | Self::Unfreeze { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(before: Role, after: Role) -> Person {
        Person::Role {
            person: PersonId(7),
            name: "Ann".to_owned(),
            before,
            after,
            client: None,
            along: Along::default(),
        }
    }

    #[test]
    fn the_top_is_made_and_unmade_by_two() {
        let check = |change: Person, permission| assert_eq!(change.permission(), permission);
        check(Person::Freeze, Permission::People);
        check(role(Role::Support, Role::Auditor), Permission::People);
        check(role(Role::Support, Role::Finance), Permission::TopPeople);
        check(role(Role::Admin, Role::Support), Permission::TopPeople);
        let by = String::new();
        check(Person::Unfreeze { by }, Permission::TopPeople);
    }

    #[test]
    fn nobody_approves_his_own_rise() {
        assert_eq!(
            role(Role::Finance, Role::Admin).beneficiary(),
            Some(PersonId(7))
        );
        assert_eq!(role(Role::Admin, Role::Finance).beneficiary(), None);
    }
}
