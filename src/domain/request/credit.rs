//! What is asked for about credit.

use serde::{Deserialize, Serialize};

use crate::domain::credits::{Amount, Credits};
use crate::domain::ids::{ClientId, InvoiceId, PostingId};
use crate::domain::invoice::{Mode, Totals};
use crate::domain::money::UnitPrice;
use crate::domain::posting::PostingKind;

/// Who gives the credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// The house.
    House,
    /// A reseller, from his own balance.
    Reseller(ClientId),
}

/// Credit to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddCredit {
    /// The client who receives it.
    pub client: ClientId,
    /// How much.
    pub amount: Amount,
    /// How it is paid for.
    pub mode: Mode,
    /// Reason, or payment reference; required for a gift.
    pub note: String,
    /// Whether a reseller asks for himself.
    pub for_himself: bool,
    /// Who gives it.
    pub payer: Payer,
    /// A price of its own, in place of the client's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<UnitPrice>,
    /// Whether the amount is far out of line with what the client was added before.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unusual: bool,
    /// The invoice as shown.
    pub totals: Totals,
}

/// Where deducted credits go back to, or where given back ones come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Who gave them.
    pub payer: Payer,
    /// How many of them.
    pub amount: Amount,
}

/// Credit to be deducted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deduct {
    /// From whom.
    pub client: ClientId,
    /// How much.
    pub amount: Amount,
    /// Why.
    pub reason: String,
    /// To whom they return: they go back to where they came from.
    pub shares: Vec<Share>,
    /// The reseller who does it for his own balance; `None`: the staff.
    pub reseller: Option<ClientId>,
}

/// What becomes of the invoice of credit that is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// There is none: what is reversed is a deduction.
    None,
    /// It was unpaid and all of it is taken back.
    Void(InvoiceId),
    /// A credit note covers what is taken back.
    Note(InvoiceId, Totals),
}

/// An earlier posting to be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reverse {
    /// Whose.
    pub client: ClientId,
    /// Which.
    pub posting: PostingId,
    /// What it was.
    pub kind: PostingKind,
    /// How much it moved.
    pub original: Amount,
    /// How much is asked back; `None`: all that can be had.
    pub asked: Option<Amount>,
    /// How much is taken back.
    pub amount: Amount,
    /// How much of the original is spent and stays out of reach.
    pub spent: Credits,
    /// Why.
    pub reason: String,
    /// What becomes of the invoice.
    pub settlement: Settlement,
    /// The reseller who does it for his own balance; `None`: the staff.
    pub reseller: Option<ClientId>,
}

/// How far below zero a client's balance may go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overdraft {
    /// Whose.
    pub client: ClientId,
    /// So far it may go now.
    pub before: Credits,
    /// So far from then on; 0 or more.
    pub limit: Credits,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}
