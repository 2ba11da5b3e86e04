//! Invoices and their numbers: gapless per issuer, taken inside the transaction that issues.

use super::{Tx, row, run};
use crate::clock::Millis;
use crate::domain::client::Status;
use crate::domain::credits::Amount;
use crate::domain::ids::{ClientId, InvoiceId, PostingId, RequestId};
use crate::domain::invoice::{InvoiceStatus, Mode, Totals};
use crate::fault::Fault;

/// An invoice for credit, to be issued.
#[derive(Debug, Clone)]
pub struct NewInvoice {
    /// Identifier.
    pub id: InvoiceId,
    /// The reseller who issues it; `None`: the house.
    pub issuer: Option<ClientId>,
    /// Who is to pay.
    pub client: ClientId,
    /// Where it starts.
    pub status: InvoiceStatus,
    /// How it is paid for.
    pub mode: Mode,
    /// The credits that it is for.
    pub amount: Amount,
    /// Its amounts of money.
    pub totals: Totals,
    /// Currency code.
    pub currency: String,
    /// Reason or reference.
    pub note: String,
    /// The request that it comes from.
    pub request: RequestId,
    /// The posting that it goes with; `None` while a prepaid one is unpaid.
    pub posting: Option<PostingId>,
    /// When.
    pub at: Millis,
}

impl Tx {
    /// Issues an invoice under the next number of its series and says its prefix and number. To be called last in a
    /// transaction: the series stays locked until the commit, which is what makes it gapless.
    pub async fn issue_invoice(&mut self, new: &NewInvoice) -> Result<(String, i64), Fault> {
        let issuer = new.issuer.map_or(0, |client| client.0);
        if let Some(client) = new.issuer {
            // The prefix is made of the reseller's username as it was at his first invoice; usernames are unique.
            run!(
                self,
                "insert into series (issuer_id, prefix, next)
                 select id, username || '-INV', 1 from client where id = $1 on conflict do nothing",
                client,
            )?;
        }
        macro_rules! numbered {
            () => {
                "update series set next = next + 1 where issuer_id = $1 returning prefix, next - 1 as number"
            };
        }
        macro_rules! insert {
            ($number:literal) => {
                concat!(
                    "insert into invoice (issuer_id, id, kind, client_id, status, mode, credits, price, net, tax, total,
                        currency, note, request_id, posting_id, created_at, number)
                     select $1, $2, 'credit', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, ",
                    $number
                )
            };
        }
        macro_rules! bound {
            ($how:ident!($($first:tt)+) $($last:ident)?) => {
                $how!(
                    $($first)+, issuer, new.id, new.client, new.status.name(), new.mode.name(), new.amount.smallest(),
                    new.totals.price, new.totals.net, new.totals.tax, new.totals.total, &new.currency, &new.note,
                    new.request, new.posting, new.at $(, $last)?
                )
            };
        }
        let missing = || Fault::internal("an invoice series is missing");
        if let Self::Postgres(_) = self {
            // Everybody waits for the series from here to the commit: one trip less to the server.
            let sql = concat!(
                "with numbered as (",
                numbered!(),
                "), inserted as (",
                insert!("number from numbered"),
                ")
                 select prefix, number from numbered"
            );
            return bound!(row!(self, (String, i64), sql))?.ok_or_else(missing);
        }
        let (prefix, number) =
            row!(self, (String, i64), numbered!(), issuer)?.ok_or_else(missing)?;
        bound!(run!(self, insert!("$16")) number)?;
        Ok((prefix, number))
    }

    /// The prefix and number of the invoice that a request led to.
    pub async fn invoice_of(&mut self, request: RequestId) -> Result<Option<(String, i64)>, Fault> {
        let sql =
            "select s.prefix, i.number from invoice i join series s on s.issuer_id = i.issuer_id
            where i.request_id = $1";
        Ok(row!(self, (String, i64), sql, request)?)
    }

    /// Where a client stands, locked until the transaction ends, so that it stays so.
    pub async fn lock_status(&mut self, client: ClientId) -> Result<Option<Status>, Fault> {
        let sql = match self {
            Self::Sqlite(_) => "select status from client where id = $1",
            Self::Postgres(_) => "select status from client where id = $1 for share",
        };
        let Some((status,)) = row!(self, (String,), sql, client)? else {
            return Ok(None);
        };
        Status::from_name(&status)
            .map(Some)
            .ok_or_else(|| Fault::internal("unknown status"))
    }
}
