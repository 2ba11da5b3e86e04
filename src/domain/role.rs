//! Roles, and the permission matrix as one table. What is not in the table is denied.

use serde::{Deserialize, Serialize};

/// What a person is to the business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads everything, changes nothing.
    Auditor,
    /// Tied to one RESELLER client, works within that client's tree.
    Reseller,
    /// Looks after clients.
    Support,
    /// Looks after money, approves credit.
    Finance,
    /// Everything, and approves.
    Admin,
}

impl Role {
    /// Every role, in the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::Admin,
        Self::Finance,
        Self::Support,
        Self::Auditor,
        Self::Reseller,
    ];

    /// As stored and as typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Finance => "finance",
            Self::Support => "support",
            Self::Auditor => "auditor",
            Self::Reseller => "reseller",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether it belongs to the house rather than to a reseller.
    pub fn is_staff(self) -> bool {
        self != Self::Reseller
    }
}

/// A row of the permission matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Permission {
    /// Find clients and view their cards.
    FindView,
    /// Send email or SMS to one client.
    Message,
    /// Send only invoices and reminders to one client.
    MessageInvoices,
    /// Password link, notes, tags.
    Password,
    /// New client, activate, suspend.
    Clients,
    /// Change manager or referral.
    Manager,
    /// Create an invoice.
    InvoiceCreate,
    /// Void an invoice, record a payment.
    InvoiceSettle,
    /// Add, deduct or reverse credit.
    Credit,
    /// Ask for credit for oneself.
    CreditRequest,
    /// Change the delivery URL.
    DeliveryUrl,
    /// Change reseller or class.
    Reseller,
    /// Default messages, import.
    Templates,
    /// Invite or remove support, auditor, reseller; freeze.
    People,
    /// Make or unmake an admin or finance person; overdraft limits; unfreeze.
    TopPeople,
    /// Statement, export.
    Statement,
    /// Read the audit log.
    AuditLog,
    /// See the requests that wait for approval.
    Approvals,
}

/// What the matrix says of one role and one permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Grant {
    /// Not allowed.
    No,
    /// Allowed everywhere.
    Yes,
    /// Allowed for clients in one's own tree.
    Own,
    /// Allowed through the approval rules.
    Request,
    /// Allowed for oneself, through approval.
    OwnRequest,
}

use Grant::{No, Own, OwnRequest, Request, Yes};

/// The matrix: permission, then support, finance, admin, reseller, auditor; then who may approve such a request.
type Row = (Permission, [Grant; 5], &'static [Role]);

/// The whole truth about who may do what.
#[rustfmt::skip]
pub const MATRIX: &[Row] = &[
    //                             support  finance  admin    reseller    auditor  approvers
    (Permission::FindView,        [Yes,     Yes,     Yes,     Own,        Yes],    &[]),
    (Permission::Message,         [Yes,     No,      Yes,     Own,        No],     &[]),
    (Permission::MessageInvoices, [Yes,     Yes,     Yes,     Own,        No],     &[]),
    (Permission::Password,        [Yes,     No,      Yes,     Own,        No],     &[]),
    (Permission::Clients,         [Yes,     No,      Yes,     Own,        No],     &[]),
    (Permission::Manager,         [Yes,     No,      Yes,     No,         No],     &[]),
    (Permission::InvoiceCreate,   [Yes,     Yes,     Yes,     Own,        No],     &[]),
    (Permission::InvoiceSettle,   [No,      Yes,     Yes,     No,         No],     &[]),
    (Permission::Credit,          [Request, Request, Request, Own,        No],     &[Role::Finance, Role::Admin]),
    (Permission::CreditRequest,   [No,      No,      No,      OwnRequest, No],     &[Role::Finance, Role::Admin]),
    (Permission::DeliveryUrl,     [Yes,     No,      Yes,     Own,        No],     &[]),
    (Permission::Reseller,        [Request, No,      Request, No,         No],     &[Role::Admin]),
    (Permission::Templates,       [No,      No,      Yes,     No,         No],     &[]),
    (Permission::People,          [No,      No,      Yes,     No,         No],     &[]),
    (Permission::TopPeople,       [No,      No,      Request, No,         No],     &[Role::Admin]),
    (Permission::Statement,       [Yes,     Yes,     Yes,     Own,        Yes],    &[]),
    (Permission::AuditLog,        [No,      Yes,     Yes,     No,         Yes],    &[]),
    (Permission::Approvals,       [Yes,     Yes,     Yes,     Own,        Yes],    &[]),
];

impl Permission {
    /// What the matrix grants this role.
    pub fn grant(self, role: Role) -> Grant {
        let column = match role {
            Role::Support => 0,
            Role::Finance => 1,
            Role::Admin => 2,
            Role::Reseller => 3,
            Role::Auditor => 4,
        };
        MATRIX
            .iter()
            .find(|(permission, ..)| *permission == self)
            .map_or(No, |(_, grants, _)| grants[column])
    }

    /// Which roles may approve a request under this permission.
    pub fn approvers(self) -> &'static [Role] {
        MATRIX
            .iter()
            .find(|(permission, ..)| *permission == self)
            .map_or(&[], |(.., approvers)| approvers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_permission_has_one_row() {
        for (index, (permission, ..)) in MATRIX.iter().enumerate() {
            assert!(
                MATRIX[..index]
                    .iter()
                    .all(|(other, ..)| other != permission),
                "{permission:?}"
            );
        }
    }

    #[test]
    fn auditors_change_nothing_and_only_approvers_approve() {
        for (permission, _, approvers) in MATRIX {
            let reads = matches!(
                permission,
                Permission::FindView
                    | Permission::Statement
                    | Permission::AuditLog
                    | Permission::Approvals
            );
            assert_eq!(
                permission.grant(Role::Auditor) != No,
                reads,
                "{permission:?}"
            );
            assert!(!approvers.contains(&Role::Support) && !approvers.contains(&Role::Reseller));
        }
    }

    #[test]
    fn names_come_back() {
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.name()), Some(role));
        }
    }
}
