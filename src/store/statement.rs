//! A client's statement: every movement of its account with the balance after it.

use super::clients::Scope;
use super::{Tx, rows};
use crate::clock::Millis;
use crate::domain::credits::Credits;
use crate::domain::ids::{AccountId, ClientId};
use crate::domain::posting::PostingKind;
use crate::fault::Fault;

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    /// The number of the entry on the account.
    pub seq: i64,
    /// What it was.
    #[sqlx(try_from = "String")]
    pub kind: PostingKind,
    /// What was gained; negative for what was lost.
    pub amount: Credits,
    /// The balance after it.
    pub balance: Credits,
    /// When.
    pub created_at: Millis,
    /// The client on the other side; `None`: the house.
    pub other: Option<ClientId>,
    /// His name, where whoever looks may see him.
    pub other_name: Option<String>,
    /// Name of the series of its invoice; `None`: it has none.
    pub prefix: Option<String>,
    /// Number of its invoice.
    pub number: Option<i64>,
}

/// Which lines are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Those before this entry.
    pub before: i64,
    /// Not earlier than this.
    pub from: Millis,
    /// Earlier than this.
    pub until: Millis,
}

impl Tx {
    /// Lines of a client's statement, newest first. The account has the client's number.
    pub async fn statement(
        &mut self,
        client: ClientId,
        scope: Scope,
        span: Span,
        limit: i64,
    ) -> Result<Vec<Line>, Fault> {
        let account = AccountId(client.0);
        let newest = self.newest_entry(account).await?;
        let newest = newest.min(span.before.saturating_sub(1));
        let last = self.last_before(account, newest, span.until).await?;
        let first = self.last_before(account, last, span.from).await?;
        // The lines are picked first: what is joined to them is looked up for no others.
        let sql = "
            select e.seq, p.kind, e.amount, e.balance, p.created_at, x.id as other,
                (select x.name from client_owner o where o.client_id = x.id and o.owner_id = $2) as other_name,
                s.prefix, i.number
            from (
                select account_id, seq, posting_id, amount, balance from entry
                where account_id = $1 and seq > $3 and seq <= $4 order by seq desc limit $5) e
            join posting p on p.id = e.posting_id
            left join client x on x.id = (
                select max(a.client_id) from entry y join account a on a.id = y.account_id
                where y.posting_id = e.posting_id and y.account_id <> e.account_id)
            left join invoice i on i.posting_id = coalesce(p.reversed_id, p.id)
            left join series s on s.issuer_id = i.issuer_id
            order by e.seq desc";
        Ok(rows!(
            self,
            Line,
            sql,
            account,
            scope.owner(),
            first,
            last,
            limit
        )?)
    }
}
