//! Requests: what somebody asked for, from draft to outcome, and the rules of approval as pure functions.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub mod account;
mod credit;
pub mod details;
pub mod import;
pub mod invoice;
pub mod message;
pub mod person;

pub use account::{Account, Along, Party, Staff};
pub use credit::{AddCredit, Deduct, Overdraft, Payer, Reverse, Settlement, Share};
pub use details::{Details, Newcomer, check_username};
pub use import::Import;
pub use invoice::Billing;
pub use message::Rewording;
pub use person::Person;

use super::client::named;
use super::credits::{Amount, Credits};
use super::ids::{ClientId, PersonId, RequestId};
use super::invoice::Mode;
use super::role::{Grant, Permission, Role};

named!(
    /// Where a request stands.
    State {
        /// Shown to the requester, not confirmed.
        Draft = "draft",
        /// Waits for approval.
        Pending = "pending",
        /// Done.
        Applied = "applied",
        /// An approver said no.
        Rejected = "rejected",
        /// Its time ran out.
        Expired = "expired",
        /// The requester gave it up.
        Cancelled = "cancelled",
        /// It stopped fitting before it could be applied.
        Unfit = "unfit",
    }
);

impl State {
    /// Whether the state machine has this step (A1).
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Draft => matches!(
                next,
                Self::Pending | Self::Applied | Self::Expired | Self::Cancelled | Self::Unfit
            ),
            Self::Pending => matches!(
                next,
                Self::Applied | Self::Rejected | Self::Expired | Self::Cancelled | Self::Unfit
            ),
            _ => false,
        }
    }

    /// Whether nothing can happen to it any more.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Draft | Self::Pending)
    }
}

named!(
    /// What an approver said.
    Decision {
        /// Yes.
        Approve = "approve",
        /// No.
        Reject = "reject",
    }
);

/// What is asked for, in full: what is shown is what is stored is what is applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Intent {
    /// Add credit to a client.
    AddCredit(AddCredit),
    /// Deduct credit from a client.
    Deduct(Deduct),
    /// Take an earlier posting back.
    Reverse(Reverse),
    /// Let a balance go below zero so far.
    Overdraft(Overdraft),
    /// Change a client's account.
    Account(Account),
    /// Issue or settle an invoice.
    Invoice(Billing),
    /// Change what people may do.
    Person(Person),
    /// Move the clients of a file in.
    Import(Import),
    /// Another text for a default message.
    Message(Rewording),
    /// Invite a person.
    Invite {
        /// The role.
        role: Role,
        /// The new person's name.
        name: String,
        /// A reseller's client.
        client: Option<ClientId>,
    },
}

impl Intent {
    /// As stored and audited.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AddCredit(AddCredit {
                for_himself: true, ..
            }) => "credit request",
            Self::AddCredit(_) => "credit add",
            Self::Deduct(_) => "credit deduct",
            Self::Reverse(_) => "credit reverse",
            Self::Overdraft(_) => "credit limit",
            Self::Account(account) => account.name(),
            Self::Invoice(billing) => billing.name(),
            Self::Person(person) => person.name(),
            Self::Import(_) => Import::NAME,
            Self::Message(rewording) => rewording.name(),
            Self::Invite { .. } => "people invite",
        }
    }

    /// The row of the matrix that it falls under.
    pub fn permission(&self) -> Permission {
        match self {
            Self::AddCredit(AddCredit {
                for_himself: true, ..
            }) => Permission::CreditRequest,
            Self::AddCredit(_) | Self::Deduct(_) | Self::Reverse(_) => Permission::Credit,
            Self::Overdraft(_)
            | Self::Invite {
                role: Role::Admin | Role::Finance,
                ..
            } => Permission::TopPeople,
            Self::Account(account) => account.permission(),
            Self::Invoice(billing) => billing.permission(),
            Self::Person(person) => person.permission(),
            Self::Import(_) | Self::Message(_) => Permission::Templates,
            Self::Invite { .. } => Permission::People,
        }
    }

    /// The client whom it is about.
    pub fn client(&self) -> Option<ClientId> {
        match self {
            Self::AddCredit(add) => Some(add.client),
            Self::Deduct(deduct) => Some(deduct.client),
            Self::Reverse(reverse) => Some(reverse.client),
            Self::Overdraft(overdraft) => Some(overdraft.client),
            Self::Account(account) => account.client(),
            Self::Invoice(billing) => Some(billing.client()),
            Self::Person(person) => person.client(),
            Self::Import(_) | Self::Message(_) => None,
            Self::Invite { client, .. } => *client,
        }
    }

    /// The amount of credits that it moves, where it moves any.
    pub fn amount(&self) -> Option<Amount> {
        match self {
            Self::AddCredit(add) => Some(add.amount),
            Self::Deduct(deduct) => Some(deduct.amount),
            Self::Reverse(reverse) => Some(reverse.amount),
            Self::Invoice(billing) => billing.amount(),
            Self::Overdraft(_)
            | Self::Account(_)
            | Self::Person(_)
            | Self::Import(_)
            | Self::Message(_)
            | Self::Invite { .. } => None,
        }
    }

    /// Whether it can be undone for a while after it was done: it has an inverse that the requester may ask for.
    pub fn is_reversible(&self) -> bool {
        match self {
            // Prepaid credit has not moved: its invoice is voided instead. Who asked for himself cannot take from the house.
            Self::AddCredit(add) => add.mode != Mode::Prepaid && !add.for_himself,
            Self::Deduct(_) | Self::Message(_) => true,
            Self::Account(account) => account.is_reversible(),
            Self::Invoice(billing) => billing.is_reversible(),
            // A posting is reversed once; limits and invitations have their own commands; clients who came stay.
            Self::Reverse(_)
            | Self::Overdraft(_)
            | Self::Person(_)
            | Self::Import(_)
            | Self::Invite { .. } => false,
        }
    }

    /// The clients whose people are told that it was done.
    pub fn told(&self) -> Vec<ClientId> {
        match self {
            Self::Account(account) => account.told(),
            Self::Invoice(billing) => billing.told(),
            Self::Person(_) | Self::Import(_) | Self::Message(_) | Self::Invite { .. } => {
                Vec::new()
            }
            _ => self.client().into_iter().collect(),
        }
    }

    /// People of the staff who are told that it was done.
    pub fn told_staff(&self) -> Vec<PersonId> {
        match self {
            Self::Account(account) => account.told_staff(),
            _ => Vec::new(),
        }
    }

    /// The intent without what was shown of it for information alone: what must be the same when it is applied.
    #[must_use]
    pub fn effect(&self) -> Self {
        let mut effect = self.clone();
        match &mut effect {
            Self::Reverse(reverse) => reverse.spent = Credits::ZERO,
            Self::Person(person) => person.effect(),
            Self::Message(rewording) => rewording.sample = None,
            _ => {}
        }
        if let Self::Account(account) = &mut effect {
            account.forget_shown();
        }
        effect
    }

    /// Whether a reseller does it with his own balance alone.
    fn is_resellers_own(&self) -> bool {
        match self {
            Self::AddCredit(add) => matches!(add.payer, Payer::Reseller(_)),
            Self::Deduct(deduct) => deduct.reseller.is_some(),
            Self::Reverse(reverse) => reverse.reseller.is_some(),
            _ => false,
        }
    }

    /// Whether its amount is far out of line, which raises what it needs by one.
    fn is_unusual(&self) -> bool {
        matches!(self, Self::AddCredit(AddCredit { unusual: true, .. }))
    }
}

/// The digest of a stored intent: SHA-256 over the request's id and the intent's text, in hexadecimal.
pub fn digest(request: RequestId, intent: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"bursar request 1\n");
    hasher.update(request.0.to_be_bytes());
    hasher.update(intent.as_bytes());
    hex(&hasher.finalize())
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The limits of `[approvals]`, in smallest units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Above this two others must approve, whoever asked. `None`: never.
    pub two_above: Option<i64>,
    /// Up to this an admin's own confirmation is enough.
    pub admin: i64,
    /// The same for finance.
    pub finance: i64,
    /// The same for support.
    pub support: i64,
    /// Whether the only admin's own confirmation may stand where another's would be needed.
    pub solo: bool,
}

/// What it takes for a request to be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// How many others must approve.
    pub approvals: u8,
    /// Whether the only admin stands in for them; announced and marked.
    pub solo: bool,
}

impl Limits {
    /// What it takes for somebody of this role to have this done. `only_admin`: no other named admin exists.
    pub fn need(&self, role: Role, intent: &Intent, only_admin: bool) -> Need {
        let own = match role {
            Role::Admin => self.admin,
            Role::Finance => self.finance,
            Role::Support => self.support,
            // A reseller asks for himself through approval, whatever the amount.
            Role::Auditor | Role::Reseller => 0,
        };
        let amount = match intent {
            Intent::Invoice(_) => None,
            _ => intent.amount(),
        };
        let approvals = match amount {
            // A reseller's own credits: his confirmation only.
            Some(_) if intent.is_resellers_own() => 0,
            Some(amount) => {
                let amount = amount.smallest();
                let level = if self.two_above.is_some_and(|limit| amount > limit) {
                    2
                } else {
                    u8::from(amount > own)
                };
                (level + u8::from(intent.is_unusual())).min(2)
            }
            None => match intent {
                Intent::Account(account) => account.approvals(role),
                Intent::Invoice(billing) => billing.approvals(role),
                _ => u8::from(intent.permission().grant(role) == Grant::Request),
            },
        };
        if approvals > 0 && self.solo && only_admin && role == Role::Admin {
            return Need {
                approvals: 0,
                solo: true,
            };
        }
        Need {
            approvals,
            solo: false,
        }
    }
}

/// Why somebody may not decide about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ineligible {
    /// He asked for it.
    Requester,
    /// He would profit from it.
    Beneficiary,
    /// His role does not approve this.
    Role,
}

/// Whether this person may decide: never the requester or the beneficiary, and only in an approving role.
/// `beneficiaries` are the people tied to the client whom it is about.
pub fn eligible(
    voter: PersonId,
    role: Option<Role>,
    requester: PersonId,
    beneficiaries: &[PersonId],
    permission: Permission,
) -> Result<Role, Ineligible> {
    if voter == requester {
        return Err(Ineligible::Requester);
    }
    if beneficiaries.contains(&voter) {
        return Err(Ineligible::Beneficiary);
    }
    role.filter(|role| permission.approvers().contains(role))
        .ok_or(Ineligible::Role)
}

named!(
    /// Why a request stopped fitting. The text for people is in the sentences (`unfit-NAME`).
    Unfit {
        /// The client is not active any more.
        ClientNotActive = "client-not-active",
        /// The requester may not ask for this any more.
        RequesterLostRole = "requester-lost-role",
        /// The payer's balance does not suffice any more.
        NotEnoughCredit = "not-enough-credit",
        /// Price or tax changed since it was shown.
        PriceChanged = "price-changed",
        /// The payer may not give credit any more.
        PayerNotActive = "payer-not-active",
        /// What it is about is not as it was shown any more.
        Changed = "changed",
        /// He is the last named admin by now.
        LastAdmin = "last-admin",
    }
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::invoice::Totals;
    use crate::domain::money::{Money, UnitPrice};

    fn add(amount: i64, payer: Payer, for_himself: bool) -> Intent {
        let totals = Totals {
            price: UnitPrice(1),
            net: Money(1),
            tax: Money(0),
            total: Money(1),
        };
        Intent::AddCredit(AddCredit {
            client: ClientId(7),
            amount: Amount::try_from(amount).unwrap(),
            mode: Mode::OnAccount,
            note: String::new(),
            for_himself,
            payer,
            price: None,
            unusual: false,
            totals,
        })
    }

    #[test]
    fn limits_say_how_many_must_approve() {
        let limits = Limits {
            two_above: Some(10_000),
            admin: 1_000,
            finance: 500,
            support: 0,
            solo: false,
        };
        let check = |role, amount, expected| {
            let need = limits.need(role, &add(amount, Payer::House, false), false);
            assert_eq!(
                need,
                Need {
                    approvals: expected,
                    solo: false
                },
                "{role:?} {amount}"
            );
        };
        check(Role::Admin, 1_000, 0);
        check(Role::Admin, 1_001, 1);
        check(Role::Finance, 501, 1);
        check(Role::Support, 1, 1);
        check(Role::Admin, 10_000, 1);
        check(Role::Admin, 10_001, 2);
        let own = add(1_000_000, Payer::Reseller(ClientId(9)), false);
        assert_eq!(limits.need(Role::Reseller, &own, false).approvals, 0);
        assert_eq!(
            limits
                .need(Role::Reseller, &add(1, Payer::House, true), false)
                .approvals,
            1
        );
        assert_eq!(
            limits
                .need(Role::Reseller, &add(10_001, Payer::House, true), false)
                .approvals,
            2
        );
    }

    #[test]
    fn admins_invite_into_all_but_the_top_roles_themselves() {
        let check = |role, expected| {
            let (name, client) = (String::new(), None);
            let intent = Intent::Invite { role, name, client };
            let need = Limits::default().need(Role::Admin, &intent, false);
            assert_eq!(need.approvals, expected, "{role:?}");
        };
        check(Role::Admin, 1);
        check(Role::Finance, 1);
        check(Role::Support, 0);
        check(Role::Auditor, 0);
        check(Role::Reseller, 0);
    }

    #[test]
    fn two_above_is_stronger_than_a_direct_limit() {
        let limits = Limits {
            two_above: Some(100),
            admin: 1_000,
            ..Limits::default()
        };
        assert_eq!(
            limits
                .need(Role::Admin, &add(101, Payer::House, false), false)
                .approvals,
            2
        );
    }

    #[test]
    fn solo_is_for_the_only_admin() {
        let limits = Limits {
            solo: true,
            ..Limits::default()
        };
        let intent = add(5, Payer::House, false);
        assert_eq!(
            limits.need(Role::Admin, &intent, true),
            Need {
                approvals: 0,
                solo: true
            }
        );
        assert_eq!(limits.need(Role::Admin, &intent, false).approvals, 1);
        assert_eq!(limits.need(Role::Finance, &intent, true).approvals, 1);
    }

    #[test]
    fn nobody_decides_about_himself() {
        let check = |voter, role, expected| {
            let beneficiaries = [PersonId(2)];
            let found = eligible(
                PersonId(voter),
                role,
                PersonId(1),
                &beneficiaries,
                Permission::Credit,
            );
            assert_eq!(found, expected);
        };
        check(1, Some(Role::Admin), Err(Ineligible::Requester));
        check(2, Some(Role::Admin), Err(Ineligible::Beneficiary));
        check(3, Some(Role::Support), Err(Ineligible::Role));
        check(3, None, Err(Ineligible::Role));
        check(3, Some(Role::Finance), Ok(Role::Finance));
    }

    #[test]
    fn over_is_over() {
        for &state in State::ALL {
            for &next in State::ALL {
                assert!(
                    !(state.is_over() && state.may_become(next)),
                    "{state:?} -> {next:?}"
                );
                assert!(!state.may_become(State::Draft));
            }
        }
        assert!(!State::Draft.may_become(State::Rejected));
    }
}
