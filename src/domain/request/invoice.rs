//! What is asked for about invoices: issuing, settling, taking back.

use serde::{Deserialize, Serialize};

use super::Payer;
use crate::domain::credits::Amount;
use crate::domain::ids::{ClientId, InvoiceId};
use crate::domain::invoice::{Line, Totals};
use crate::domain::money::{Money, TaxRate};
use crate::domain::role::{Grant, Permission, Role};

/// An invoice as it was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Who is to pay it.
    pub client: ClientId,
    /// Which.
    pub invoice: InvoiceId,
    /// Its name: `INV-000042`.
    pub number: String,
    /// What it asks for, less what credit notes took off it.
    pub left: Money,
}

/// Prepaid credit that lands with a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// How much.
    pub amount: Amount,
    /// Who gives it.
    pub payer: Payer,
}

/// Something to be done about invoices, with what was shown of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "billing", rename_all = "snake_case")]
pub enum Billing {
    /// An invoice with lines is issued.
    Create {
        /// Who is to pay.
        client: ClientId,
        /// The reseller who issues it; `None`: the house.
        issuer: Option<ClientId>,
        /// What it asks for, line by line.
        lines: Vec<Line>,
        /// The rate of its tax.
        rate: TaxRate,
        /// Its amounts.
        totals: Totals,
        /// In how many days it is due.
        due: u16,
    },
    /// A payment came in.
    Pay {
        /// The invoice.
        about: About,
        /// What names the payment.
        reference: String,
        /// Prepaid credit that it releases.
        release: Option<Release>,
    },
    /// A payment did not come in after all.
    Unpay {
        /// The invoice.
        about: About,
        /// What named the payment.
        reference: String,
        /// Whether it had released credit, which was taken back since.
        released: bool,
    },
    /// An unpaid invoice is taken back.
    Void {
        /// The invoice.
        about: About,
    },
    /// A credit note takes money off an invoice.
    Credit {
        /// The invoice.
        about: About,
        /// How much.
        totals: Totals,
        /// Why.
        reason: String,
    },
    /// A client has a tax rate of its own.
    Tax {
        /// Whose.
        client: ClientId,
        /// The rate until now; `None`: the business's.
        before: Option<TaxRate>,
        /// The rate from then on.
        after: Option<TaxRate>,
    },
}

impl Billing {
    /// As stored and audited: the command's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Create { .. } => "invoice create",
            Self::Pay { .. } => "invoice paid",
            Self::Unpay { .. } => "invoice unpay",
            Self::Void { .. } => "invoice void",
            Self::Credit { .. } => "invoice credit",
            Self::Tax { .. } => "invoice tax",
        }
    }

    /// The row of the matrix that it falls under.
    pub fn permission(&self) -> Permission {
        match self {
            Self::Create { .. } => Permission::InvoiceCreate,
            _ => Permission::InvoiceSettle,
        }
    }

    /// The client whom it is about.
    pub fn client(&self) -> ClientId {
        match self {
            Self::Create { client, .. } | Self::Tax { client, .. } => *client,
            Self::Pay { about, .. }
            | Self::Unpay { about, .. }
            | Self::Void { about }
            | Self::Credit { about, .. } => about.client,
        }
    }

    /// The invoice that it is about, where it is there already.
    pub fn invoice(&self) -> Option<InvoiceId> {
        match self {
            Self::Create { .. } | Self::Tax { .. } => None,
            Self::Pay { about, .. }
            | Self::Unpay { about, .. }
            | Self::Void { about }
            | Self::Credit { about, .. } => Some(about.invoice),
        }
    }

    /// The credits that it moves.
    pub fn amount(&self) -> Option<Amount> {
        match self {
            Self::Pay { release, .. } => release.map(|release| release.amount),
            _ => None,
        }
    }

    /// The clients whose people are told.
    pub fn told(&self) -> Vec<ClientId> {
        match self {
            Self::Tax { .. } => Vec::new(),
            _ => vec![self.client()],
        }
    }

    /// How many others must approve when somebody of this role asks. Prepaid credit was approved when it was asked for.
    pub fn approvals(&self, role: Role) -> u8 {
        u8::from(self.permission().grant(role) == Grant::Request)
    }

    /// Whether it can be undone for a while. A number that was given stays given, and credit that landed is taken back by
    /// its own command.
    pub fn is_reversible(&self) -> bool {
        match self {
            Self::Pay { release, .. } => release.is_none(),
            Self::Unpay { released, .. } => !released,
            Self::Tax { .. } => true,
            Self::Create { .. } | Self::Void { .. } | Self::Credit { .. } => false,
        }
    }
}
