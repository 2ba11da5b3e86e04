//! Invoices as they stand: found, listed, paid, and when their clients are reminded of them.

use super::clients::Scope;
use super::{Tx, exactly, row, rows, run};
use crate::clock::Millis;
use crate::domain::credits::Credits;
use crate::domain::ids::{ClientId, InvoiceId, PersonId, PostingId, RequestId};
use crate::domain::invoice::{self, InvoiceStatus, Line, Mode, Totals};
use crate::domain::money::{Money, TaxRate, UnitPrice};
use crate::fault::Fault;

/// An invoice that was issued, with everything its card shows.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Invoice {
    /// Identifier.
    pub id: InvoiceId,
    /// Whose series; 0 is the house's.
    pub issuer_id: i64,
    /// Name of the series.
    pub prefix: String,
    /// Number in it.
    pub number: i64,
    /// `credit` or `lines`.
    pub kind: String,
    /// Who is to pay.
    pub client_id: ClientId,
    /// His name.
    pub client: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: InvoiceStatus,
    /// How credit is paid for.
    #[sqlx(try_from = "String")]
    pub mode: Mode,
    /// The credits that it is for; 0 where it has lines.
    pub credits: Credits,
    /// Price of one credit.
    pub price: UnitPrice,
    /// Before tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// What is asked for.
    pub total: Money,
    /// What credit notes took off it.
    pub credited: Money,
    /// Reason or reference.
    pub note: String,
    /// The credit that it is for, once that has landed.
    pub posting_id: Option<PostingId>,
    /// When it was issued.
    pub created_at: Millis,
    /// When it is to be paid.
    pub due_at: Option<Millis>,
    /// What names the payment.
    pub reference: Option<String>,
    /// When it was recorded.
    pub paid_at: Option<Millis>,
}

impl Invoice {
    /// Its name.
    pub fn name(&self) -> String {
        invoice::number(&self.prefix, self.number)
    }

    /// Whether it is for credit.
    pub fn is_for_credit(&self) -> bool {
        self.kind == "credit"
    }

    /// The reseller who issued it; `None`: the house.
    pub fn issuer(&self) -> Option<ClientId> {
        (self.issuer_id != 0).then_some(ClientId(self.issuer_id))
    }

    /// What it asks for, less what credit notes took off it.
    pub fn left(&self) -> Money {
        Money(self.total.0 - self.credited.0)
    }

    /// Whether there is something to be paid.
    pub fn is_open(&self) -> bool {
        self.status == InvoiceStatus::Unpaid && self.left() > Money(0)
    }

    /// Whether it should have been paid by now.
    pub fn is_overdue(&self, now: Millis) -> bool {
        self.is_open() && self.due_at.is_some_and(|due| due < now)
    }

    /// Its amounts.
    pub fn totals(&self) -> Totals {
        Totals {
            price: self.price,
            net: self.net,
            tax: self.tax,
            total: self.total,
        }
    }
}

/// A payment of an invoice, to be recorded.
#[derive(Debug, Clone)]
pub struct Payment {
    /// Which invoice.
    pub invoice: InvoiceId,
    /// What names the payment.
    pub reference: String,
    /// The credit that it releases.
    pub posting: Option<PostingId>,
    /// When.
    pub at: Millis,
}

/// Whose invoices are listed.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    /// All within the scope.
    Scope(Scope),
    /// One client's, who lies within the scope.
    Client(ClientId),
}

/// Which invoices are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Those that stand there.
    pub status: Option<InvoiceStatus>,
    /// Those of them that were due before.
    pub due_before: Option<Millis>,
}

macro_rules! invoice_sql {
    ($from:literal, $($where:literal),+) => {
        concat!(
            "select i.id, i.issuer_id, s.prefix, i.number, i.kind, i.client_id, c.name as client, i.status, i.mode,
                i.credits, i.price, i.net, i.tax, i.total, i.credited, i.note, i.posting_id, i.created_at, i.due_at,
                i.reference, i.paid_at
             from ",
            $from,
            " join series s on s.issuer_id = i.issuer_id join client c on c.id = i.client_id where ",
            $($where),+
        )
    };
}

/// A page of invoices, newest first: before one, at most so many, perhaps of one status and due before a moment.
macro_rules! page {
    ($tx:expr, $from:literal, $where:literal, $before:expr, $limit:expr, $filter:expr $(, $whose:expr)?) => {
        match $filter.status {
            None => rows!(
                $tx,
                Invoice,
                invoice_sql!($from, "i.id < $1 and ", $where, " order by i.id desc limit $2"),
                $before,
                $limit $(, $whose)?
            ),
            Some(status) => rows!(
                $tx,
                Invoice,
                invoice_sql!(
                    $from,
                    "i.id < $1 and ",
                    $where,
                    " and i.status = $4
                     and (i.status <> 'unpaid' or i.credited < i.total) and coalesce(i.due_at, 0) < $5
                     order by i.id desc limit $2"
                ),
                $before,
                $limit $(, $whose)?,
                status.name(),
                $filter.due_before.unwrap_or(Millis(i64::MAX))
            ),
        }
    };
}

impl Tx {
    /// The invoice of that id.
    pub async fn invoice(&mut self, id: InvoiceId) -> Result<Option<Invoice>, Fault> {
        Ok(row!(
            self,
            Invoice,
            invoice_sql!("invoice i", "i.id = $1"),
            id
        )?)
    }

    /// The invoice of that prefix and number.
    pub async fn invoice_numbered(
        &mut self,
        prefix: &str,
        number: i64,
    ) -> Result<Option<Invoice>, Fault> {
        let sql = invoice_sql!("invoice i", "s.prefix = $1 and i.number = $2");
        Ok(row!(self, Invoice, sql, prefix, number)?)
    }

    /// The invoice that a request led to.
    pub async fn invoice_by_request(
        &mut self,
        request: RequestId,
    ) -> Result<Option<Invoice>, Fault> {
        let sql = invoice_sql!("invoice i", "i.request_id = $1");
        Ok(row!(self, Invoice, sql, request)?)
    }

    /// The name of the invoice that was paid under a reference.
    pub async fn invoice_paid_by(
        &mut self,
        reference: &str,
    ) -> Result<Option<(InvoiceId, String)>, Fault> {
        let sql = "select i.id, s.prefix, i.number from invoice i join series s on s.issuer_id = i.issuer_id
            where i.reference_key = $1";
        let found = row!(
            self,
            (InvoiceId, String, i64),
            sql,
            invoice::reference_key(reference)
        )?;
        Ok(found.map(|(id, prefix, number)| (id, invoice::number(&prefix, number))))
    }

    /// Its lines.
    pub async fn invoice_lines(&mut self, id: InvoiceId) -> Result<Vec<Line>, Fault> {
        let sql = "select text, quantity, price, net from invoice_line where invoice_id = $1 order by position";
        let found = rows!(self, (String, i64, UnitPrice, Money), sql, id)?;
        let lines = found.into_iter().map(|(text, quantity, price, net)| Line {
            text,
            quantity,
            price,
            net,
        });
        Ok(lines.collect())
    }

    /// The credit notes on it: prefix, number, total, reason.
    pub async fn notes_on(
        &mut self,
        id: InvoiceId,
    ) -> Result<Vec<(String, i64, Money, String)>, Fault> {
        let sql = "select s.prefix, n.number, n.total, n.reason from credit_note n
            join note_series s on s.issuer_id = n.issuer_id where n.invoice_id = $1 order by n.id";
        Ok(rows!(self, (String, i64, Money, String), sql, id)?)
    }

    /// A page of invoices, newest first.
    pub async fn invoices(
        &mut self,
        whose: Whose,
        filter: Filter,
        before: Option<InvoiceId>,
        limit: i64,
    ) -> Result<Vec<Invoice>, Fault> {
        let before = before.unwrap_or(InvoiceId(i64::MAX));
        let found = match whose {
            Whose::Scope(scope @ Scope::House) => {
                page!(
                    self,
                    "invoice i",
                    "$3 = 0",
                    before,
                    limit,
                    filter,
                    scope.owner()
                )
            }
            Whose::Scope(scope @ Scope::Tree(_)) => page!(
                self,
                "client_owner o join invoice i on i.client_id = o.client_id",
                "o.owner_id = $3",
                before,
                limit,
                filter,
                scope.owner()
            ),
            Whose::Client(client) => {
                page!(
                    self,
                    "invoice i",
                    "i.client_id = $3",
                    before,
                    limit,
                    filter,
                    client
                )
            }
        };
        Ok(found?)
    }

    /// Locks an invoice until the transaction ends.
    pub async fn lock_invoice(&mut self, id: InvoiceId) -> Result<(), Fault> {
        if let Self::Postgres(_) = self {
            let sql = "select id from invoice where id = $1 for update";
            row!(self, (InvoiceId,), sql, id)?;
        }
        Ok(())
    }

    /// Whoever records a payment under a reference waits for whoever does the same.
    pub async fn lock_reference(&mut self, reference: &str) -> Result<(), Fault> {
        let key = format!("reference:{}", invoice::reference_key(reference));
        self.lock_event(&key).await
    }

    /// Records a payment, with the credit that it released.
    pub async fn pay_invoice(&mut self, new: &Payment) -> Result<(), Fault> {
        let sql =
            "update invoice set status = 'paid', reference = $2, reference_key = $3, paid_at = $4,
                posting_id = coalesce($5, posting_id)
            where id = $1 and status = 'unpaid'";
        let rows = run!(
            self,
            sql,
            new.invoice,
            &new.reference,
            invoice::reference_key(&new.reference),
            new.at,
            new.posting
        )?;
        exactly(rows, 1, "paying an invoice")
    }

    /// Takes a payment back; the client is reminded then.
    pub async fn unpay_invoice(
        &mut self,
        id: InvoiceId,
        remind: Option<Millis>,
    ) -> Result<(), Fault> {
        let sql = "update invoice set status = 'unpaid', reference = null, reference_key = null, paid_at = null,
                remind_at = $2
            where id = $1 and status = 'paid'";
        exactly(run!(self, sql, id, remind)?, 1, "taking a payment back")
    }

    /// Gives a client a tax rate of its own; `None`: the business's.
    pub async fn set_tax_rate(
        &mut self,
        client: ClientId,
        rate: Option<TaxRate>,
    ) -> Result<(), Fault> {
        let sql = "update client set tax_rate = $2 where id = $1";
        exactly(run!(self, sql, client, rate)?, 1, "setting a tax rate")
    }

    /// Unpaid invoices of which their clients are to be reminded by now, and since when, the longest waiting first.
    pub async fn invoices_to_remind(
        &mut self,
        now: Millis,
        limit: i64,
    ) -> Result<Vec<(InvoiceId, Millis)>, Fault> {
        let sql = "select id, remind_at from invoice
            where status = 'unpaid' and remind_at is not null and remind_at <= $1 order by remind_at limit $2";
        Ok(rows!(self, (InvoiceId, Millis), sql, now, limit)?)
    }

    /// Sets when the client is reminded next; `false` where somebody else did since.
    pub async fn remind_again(
        &mut self,
        id: InvoiceId,
        was: Millis,
        next: Option<Millis>,
    ) -> Result<bool, Fault> {
        let sql = "update invoice set remind_at = $3 where id = $1 and status = 'unpaid' and remind_at = $2";
        Ok(run!(self, sql, id, was, next)? == 1)
    }

    /// The person who looks after a client.
    pub async fn manager_of(&mut self, client: ClientId) -> Result<Option<PersonId>, Fault> {
        let sql = "select p.id from client c join person p on p.id = c.manager_id
            where c.id = $1 and p.removed_at is null";
        Ok(row!(self, (PersonId,), sql, client)?.map(|(id,)| id))
    }
}
