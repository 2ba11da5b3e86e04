//! What is handed out as files: page by page behind the last row of the page before, so that nothing has to be in memory
//! as a whole.

use super::clients::Scope;
use super::{Tx, rows};
use crate::clock::Millis;
use crate::domain::credits::Credits;
use crate::domain::ids::{AccountId, ClientId, InvoiceId};
use crate::domain::money::{Money, UnitPrice};
use crate::fault::Fault;

/// Rows of a page. The number stands in the SQL as well.
pub const PAGE: usize = 1_000;

/// From when on and before when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// From this moment on.
    pub from: Millis,
    /// Before this moment.
    pub before: Millis,
}

/// A client as a line of an export.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of the file, by their names")]
pub struct ClientLine {
    pub id: ClientId,
    pub old_id: Option<String>,
    pub username: String,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub class: String,
    pub status: String,
    pub reseller: Option<String>,
    pub manager: Option<String>,
    pub referral: Option<String>,
    pub price: Option<UnitPrice>,
    pub balance: Credits,
    pub unpaid: Money,
    pub created_at: Millis,
}

/// An entry of a client's account as a line of an export.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of the file, by their names")]
pub struct EntryLine {
    pub seq: i64,
    pub created_at: Millis,
    pub kind: String,
    pub amount: Credits,
    pub balance: Credits,
    pub prefix: Option<String>,
    pub number: Option<i64>,
    pub note: Option<String>,
}

/// An invoice as a line of an export.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of the file, by their names")]
pub struct InvoiceLine {
    pub id: InvoiceId,
    pub client_id: ClientId,
    pub prefix: String,
    pub number: i64,
    pub username: String,
    pub name: String,
    pub kind: String,
    pub mode: String,
    pub status: String,
    pub credits: Credits,
    pub price: UnitPrice,
    pub net: Money,
    pub tax: Money,
    pub total: Money,
    pub currency: String,
    pub note: String,
    pub created_at: Millis,
}

/// A line of the audit log as a line of an export.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of the file, by their names")]
pub struct AuditLine {
    pub id: i64,
    pub created_at: Millis,
    pub person: Option<String>,
    pub actor: String,
    pub event_id: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
}

impl Tx {
    /// Clients within the scope, by their ids.
    pub async fn export_clients(
        &mut self,
        scope: Scope,
        after: ClientId,
    ) -> Result<Vec<ClientLine>, Fault> {
        let sql = "select c.id, c.old_id, c.username, c.name, c.email, c.phone, c.class, c.status,
                r.username as reseller, m.name as manager, f.username as referral, c.price, a.balance, c.created_at,
                (select cast(coalesce(sum(i.total), 0) as bigint) from invoice i
                    where i.client_id = c.id and i.status = 'unpaid') as unpaid
            from client_owner o join client c on c.id = o.client_id join account a on a.client_id = c.id
            left join client r on r.id = c.reseller_id left join client f on f.id = c.referral_id
            left join person m on m.id = c.manager_id
            where o.owner_id = $1 and o.client_id > $2 order by o.client_id limit 1000";
        Ok(rows!(self, ClientLine, sql, scope.owner(), after)?)
    }

    /// Entries of a client's account, oldest first.
    pub async fn export_entries(
        &mut self,
        account: AccountId,
        after: i64,
        span: Span,
    ) -> Result<Vec<EntryLine>, Fault> {
        let sql = "select e.seq, p.created_at, p.kind, e.amount, e.balance, s.prefix, i.number, i.note
            from entry e join posting p on p.id = e.posting_id left join invoice i on i.posting_id = p.id
            left join series s on s.issuer_id = i.issuer_id
            where e.account_id = $1 and e.seq > $2 and p.created_at >= $3 and p.created_at < $4
            order by e.seq limit 1000";
        let (from, before) = (span.from, span.before);
        Ok(rows!(self, EntryLine, sql, account, after, from, before)?)
    }

    /// Invoices of clients within the scope, client by client; of one alone where one is given.
    pub async fn export_invoices(
        &mut self,
        scope: Scope,
        client: Option<ClientId>,
        (after_client, after): (ClientId, InvoiceId),
        span: Span,
    ) -> Result<Vec<InvoiceLine>, Fault> {
        let sql = "select i.id, i.client_id, s.prefix, i.number, c.username, c.name, i.kind, i.mode, i.status, i.credits,
                i.price, i.net, i.tax, i.total, i.currency, i.note, i.created_at
            from client_owner o join invoice i on i.client_id = o.client_id join client c on c.id = i.client_id
            join series s on s.issuer_id = i.issuer_id
            where o.owner_id = $1 and o.client_id >= $2 and o.client_id <= $3 and (o.client_id > $2 or i.id > $4)
                and i.created_at >= $5 and i.created_at < $6
            order by o.client_id, i.id limit 1000";
        let first = client.map_or(after_client, |client| client.max(after_client));
        let last = client.unwrap_or(ClientId(i64::MAX));
        let (from, before) = (span.from, span.before);
        Ok(rows!(
            self,
            InvoiceLine,
            sql,
            scope.owner(),
            first,
            last,
            after,
            from,
            before
        )?)
    }

    /// Lines of the audit log, by their ids.
    pub async fn export_audit(&mut self, after: i64, span: Span) -> Result<Vec<AuditLine>, Fault> {
        let sql = "select l.id, l.created_at, p.name as person, l.actor, l.event_id, l.action, l.subject, l.detail
            from audit_log l left join person p on p.id = l.person_id
            where l.id > $1 and l.created_at >= $2 and l.created_at < $3 order by l.id limit 1000";
        Ok(rows!(self, AuditLine, sql, after, span.from, span.before)?)
    }
}
