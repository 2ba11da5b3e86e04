//! Credit: what is asked for is drafted, and applied as drafted: one posting, one invoice, once.

mod taking;

use super::access::{Authorised, scope_of};
use super::{House, Last};

use crate::domain::client::Status;
use crate::domain::credits::Amount;
use crate::domain::ids::{AccountId, ClientId, InvoiceId, PostingId};
use crate::domain::invoice::{InvoiceStatus, Mode, Totals, totals};
use crate::domain::money::UnitPrice;
use crate::domain::posting::{PostingKind, house_account, transfer};
use crate::domain::refusal::Refusal;
use crate::domain::request::{AddCredit, Intent, Payer, Unfit};
use crate::domain::role::Role;
use crate::fault::Fault;
use crate::store::clients::{Client, Scope};
use crate::store::invoices::NewInvoice;
use crate::store::ledger::NewPosting;
use crate::store::requests::Request;
use crate::store::{Stop, Tx};
pub use taking::{Taking, Undoing};

/// An amount above so many times the median of what a client was added is far out of line.
const OUT_OF_LINE: i64 = 25;
/// So many of the latest additions make the median.
const MEDIAN_OF: i64 = 101;

/// What somebody fills in to add credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// To whom.
    pub client: ClientId,
    /// How much.
    pub amount: Amount,
    /// How it is paid for.
    pub mode: Mode,
    /// A price of its own.
    pub price: Option<UnitPrice>,
    /// Reason or reference.
    pub note: String,
    /// Whether a reseller asks for himself.
    pub for_himself: bool,
}

impl House {
    /// The intent behind a wish, or why it cannot be had. Changes nothing.
    pub async fn intend_credit(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        wish: Wish,
    ) -> Result<Intent, Stop> {
        let client = self.view(tx, auth, wish.client).await?;
        if client.status != Status::Active {
            return Err(Refusal::ClientStatus {
                client: client.name,
                status: client.status,
            }
            .into());
        }
        if wish.mode == Mode::Gift && wish.note.is_empty() {
            return Err(Refusal::ReasonRequired.into());
        }
        let payer = match (auth.role(), auth.actor().client) {
            (Role::Reseller, Some(own)) if !wish.for_himself => {
                self.may_give(tx, own, wish.client, wish.amount).await?;
                Payer::Reseller(own)
            }
            _ => Payer::House,
        };
        let totals = self
            .price(&client, wish.price, wish.amount, wish.mode)
            .ok_or(Refusal::TooDear)?;
        let unusual =
            payer == Payer::House && self.is_unusual(tx, wish.client, wish.amount).await?;
        Ok(Intent::AddCredit(AddCredit {
            client: wish.client,
            amount: wish.amount,
            mode: wish.mode,
            note: wish.note,
            for_himself: wish.for_himself,
            payer,
            price: wish.price,
            unusual,
            totals,
        }))
    }

    /// Whether an amount is far out of line with what the client was added before.
    async fn is_unusual(
        &self,
        tx: &mut Tx,
        client: ClientId,
        amount: Amount,
    ) -> Result<bool, Fault> {
        let median = tx.median_add(client, MEDIAN_OF).await?;
        Ok(median.is_some_and(|median| {
            i128::from(amount.smallest()) > i128::from(median.0) * i128::from(OUT_OF_LINE)
        }))
    }

    async fn may_give(
        &self,
        tx: &mut Tx,
        own: ClientId,
        to: ClientId,
        amount: Amount,
    ) -> Result<(), Stop> {
        if own == to {
            return Err(Refusal::OwnAccount.into());
        }
        let payer = tx.client(own, Scope::House).await?;
        let payer = payer.ok_or_else(|| Fault::internal("a reseller's client is missing"))?;
        if payer.status != Status::Active {
            return Err(Refusal::OwnStatus {
                status: payer.status,
            }
            .into());
        }
        if payer.balance < amount.credits() {
            return Err(Refusal::NotEnoughCredit {
                balance: payer.balance,
                amount,
            }
            .into());
        }
        Ok(())
    }

    fn price(
        &self,
        client: &Client,
        own: Option<UnitPrice>,
        amount: Amount,
        mode: Mode,
    ) -> Option<Totals> {
        let price = own.or(client.price).unwrap_or(self.rules.price);
        totals(
            amount,
            mode,
            self.rules.unit,
            price,
            self.rules.tax,
            &self.rules.currency,
        )
    }

    /// Checks again all that can have changed since added credit was shown, and says what is to be done last in the
    /// transaction to apply it. `Err` of the inner result: it stopped fitting.
    pub(super) async fn apply_credit(
        &self,
        tx: &mut Tx,
        request: &Request,
        add: &AddCredit,
        role: Role,
        own: Option<ClientId>,
    ) -> Result<Result<Last, Unfit>, Stop> {
        if tx.lock_status(add.client).await? != Some(Status::Active) {
            return Ok(Err(Unfit::ClientNotActive));
        }
        let Some(scope) = scope_of(role, own) else {
            return Ok(Err(Unfit::RequesterLostRole));
        };
        let Some(client) = tx.client(add.client, scope).await? else {
            return Ok(Err(Unfit::RequesterLostRole));
        };
        if self.price(&client, add.price, add.amount, add.mode) != Some(add.totals) {
            return Ok(Err(Unfit::PriceChanged));
        }
        let issuer = match add.payer {
            Payer::House => None,
            Payer::Reseller(reseller) => {
                if own != Some(reseller) {
                    return Ok(Err(Unfit::RequesterLostRole));
                }
                if tx.lock_status(reseller).await? != Some(Status::Active) {
                    return Ok(Err(Unfit::PayerNotActive));
                }
                Some(reseller)
            }
        };
        // Prepaid credit lands when its invoice is paid.
        let posting = if add.mode == Mode::Prepaid {
            None
        } else {
            let Some(from) = self.paying_account(tx, add, issuer).await? else {
                return Ok(Err(Unfit::NotEnoughCredit));
            };
            let entries = transfer(from, client.account_id, add.amount)
                .ok_or_else(|| Fault::internal("a transfer to itself"))?;
            Some((self.posting(request, add), entries.to_vec()))
        };
        let paid = add.totals.total.0 == 0 && add.mode != Mode::Prepaid;
        let invoice = NewInvoice {
            id: InvoiceId(self.ids.next()),
            issuer,
            client: add.client,
            status: if paid {
                InvoiceStatus::Paid
            } else {
                InvoiceStatus::Unpaid
            },
            mode: add.mode,
            amount: add.amount,
            totals: add.totals,
            currency: self.rules.currency.code.clone(),
            note: add.note.clone(),
            request: request.id,
            posting: posting.as_ref().map(|(posting, _)| posting.id),
            at: self.now(),
        };
        Ok(Ok(Last {
            posting,
            invoice: Some(invoice),
            note: None,
        }))
    }

    /// The account that pays, locked where it is a reseller's; `None` where he has not enough.
    async fn paying_account(
        &self,
        tx: &mut Tx,
        add: &AddCredit,
        payer: Option<ClientId>,
    ) -> Result<Option<AccountId>, Fault> {
        let Some(reseller) = payer else {
            return Ok(Some(house_account(self.random.number().cast_signed())));
        };
        // Both accounts are locked in the order in which the posting will touch them.
        let balances = tx.lock_accounts(reseller, add.client).await?;
        let own = balances.iter().find(|(client, ..)| *client == reseller);
        let enough = own.filter(|(.., balance)| *balance >= add.amount.credits());
        Ok(enough.map(|(_, account, _)| *account))
    }

    fn posting(&self, request: &Request, add: &AddCredit) -> NewPosting {
        NewPosting {
            id: PostingId(self.ids.next()),
            kind: PostingKind::Add,
            key: format!("request:{}", request.id),
            digest: request.digest.clone(),
            client: Some(add.client),
            request: Some(request.id),
            reversed: None,
            person: Some(request.requester),
            at: self.now(),
        }
    }
}
