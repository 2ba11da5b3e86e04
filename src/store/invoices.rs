//! Invoices and their numbers: gapless per issuer, taken inside the transaction that issues.

use super::{Tx, exactly, row, run};
use crate::clock::Millis;
use crate::domain::client::Status;
use crate::domain::credits::Amount;
use crate::domain::ids::{ClientId, InvoiceId, PostingId, RequestId};
use crate::domain::invoice::{InvoiceStatus, Mode, Totals};
use crate::domain::money::{Money, UnitPrice};
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

/// An invoice for credit that was issued.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Issued {
    /// Identifier.
    pub id: InvoiceId,
    /// Whose series; 0 is the house's.
    pub issuer_id: i64,
    /// Name of the series.
    pub prefix: String,
    /// Number in it.
    pub number: i64,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: InvoiceStatus,
    /// The credits that it is for.
    pub credits: i64,
    /// Price of one credit at issue.
    pub price: UnitPrice,
    /// Before tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// What is asked for.
    pub total: Money,
    /// What credit notes took off it.
    pub credited: Money,
}

/// A credit note, to be issued.
#[derive(Debug, Clone)]
pub struct NewNote {
    /// Identifier.
    pub id: i64,
    /// The invoice that it is about.
    pub invoice: InvoiceId,
    /// Credits that are taken back, in smallest units; 0 where it is about money alone.
    pub credits: i64,
    /// Its amounts of money.
    pub totals: Totals,
    /// Why.
    pub reason: String,
    /// The request that it comes from.
    pub request: RequestId,
    /// When.
    pub at: Millis,
}

impl Tx {
    /// The invoice of a posting that added credit.
    pub async fn invoice_of_posting(
        &mut self,
        posting: PostingId,
    ) -> Result<Option<Issued>, Fault> {
        let sql = "select i.id, i.issuer_id, s.prefix, i.number, i.status, i.credits, i.price, i.net, i.tax, i.total,
                i.credited
            from invoice i join series s on s.issuer_id = i.issuer_id where i.posting_id = $1";
        Ok(row!(self, Issued, sql, posting)?)
    }

    /// Whether a client has an invoice that is neither paid nor voided nor covered by credit notes.
    pub async fn has_open_invoices(&mut self, client: ClientId) -> Result<bool, Fault> {
        let sql = "select id from invoice where client_id = $1 and status = 'unpaid' and credited < total limit 1";
        Ok(row!(self, (InvoiceId,), sql, client)?.is_some())
    }

    /// Takes an unpaid invoice back. It keeps its number.
    pub async fn void_invoice(&mut self, id: InvoiceId) -> Result<(), Fault> {
        let sql = "update invoice set status = 'voided' where id = $1 and status = 'unpaid'";
        exactly(run!(self, sql, id)?, 1, "voiding an invoice")
    }

    /// Issues a credit note under the next number of its series, and takes it off its invoice. To be called last in a
    /// transaction, like [`Tx::issue_invoice`].
    pub async fn issue_note(&mut self, new: &NewNote) -> Result<(), Fault> {
        let sql = "update invoice set credited = credited + $2 where id = $1 and status <> 'voided'
            returning issuer_id";
        let Some((issuer,)) = row!(self, (i64,), sql, new.invoice, new.totals.total)? else {
            return Err(Fault::internal("a credit note without its invoice"));
        };
        if issuer != 0 {
            // As its invoices are called, at the first note.
            run!(
                self,
                "insert into note_series (issuer_id, prefix, next)
                 select id, username || '-CN', 1 from client where id = $1 on conflict do nothing",
                issuer,
            )?;
        }
        let sql = "update note_series set next = next + 1 where issuer_id = $1 returning next - 1 as number";
        let (number,) = row!(self, (i64,), sql, issuer)?
            .ok_or_else(|| Fault::internal("a series of credit notes is missing"))?;
        run!(
            self,
            "insert into credit_note (id, issuer_id, number, invoice_id, credits, net, tax, total, reason, request_id,
                created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            new.id,
            issuer,
            number,
            new.invoice,
            new.credits,
            new.totals.net,
            new.totals.tax,
            new.totals.total,
            &new.reason,
            new.request,
            new.at,
        )?;
        Ok(())
    }

    /// The prefix and number of the credit note that a request led to.
    pub async fn note_of(&mut self, request: RequestId) -> Result<Option<(String, i64)>, Fault> {
        let sql = "select s.prefix, n.number from credit_note n join note_series s on s.issuer_id = n.issuer_id
            where n.request_id = $1";
        Ok(row!(self, (String, i64), sql, request)?)
    }

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
