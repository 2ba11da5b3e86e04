//! Sums and courses for pictures: read only, within a scope, and bounded in what they give back.

use super::clients::Scope;
use super::{Tx, row, rows};
use crate::clock::{Ids, Millis};
use crate::domain::credits::Credits;
use crate::domain::ids::AccountId;
use crate::domain::money::Money;
use crate::fault::Fault;

/// How many entries of an account are read for a course, about.
pub const POINTS: i64 = 1_000;

impl Tx {
    /// What the owner of a scope added to its clients from accounts of his own, by day since 1970. What he was added
    /// himself is not among it, nor what others gave his clients.
    pub async fn added_by_day(
        &mut self,
        scope: Scope,
        (from, until): (Millis, Millis),
    ) -> Result<Vec<(i64, Credits)>, Fault> {
        let sql = "select p.created_at / 86400000, cast(-sum(e.amount) as bigint) from posting p
            join client_owner o on o.owner_id = $1 and o.client_id = p.client_id
            join entry e on e.posting_id = p.id
            join account a on a.id = e.account_id
            where p.id >= $2 and p.id < $3 and p.kind = 'add' and e.amount < 0 and coalesce(a.client_id, 0) = $1
            group by p.created_at / 86400000";
        let (from, until) = (Ids::first_at(from), Ids::first_at(until));
        Ok(rows!(
            self,
            (i64, Credits),
            sql,
            scope.owner(),
            from,
            until
        )?)
    }

    /// What the owner of a scope invoiced its clients with tax and less credit notes, by day since 1970.
    pub async fn invoiced_by_day(
        &mut self,
        scope: Scope,
        (from, until): (Millis, Millis),
    ) -> Result<Vec<(i64, Money)>, Fault> {
        let sql = "select i.created_at / 86400000, cast(sum(i.total - i.credited) as bigint) from invoice i
            join client_owner o on o.owner_id = $1 and o.client_id = i.client_id
            where i.id >= $2 and i.id < $3 and i.issuer_id = $1 and i.status <> 'voided'
            group by i.created_at / 86400000";
        let (from, until) = (Ids::first_at(from), Ids::first_at(until));
        Ok(rows!(self, (i64, Money), sql, scope.owner(), from, until)?)
    }

    /// The balances of an account from a moment on and before another, with the one before them: about [`POINTS`] at even
    /// distances where there are more, the last among them.
    pub async fn course(
        &mut self,
        account: AccountId,
        (from, until): (Millis, Millis),
    ) -> Result<Vec<(Millis, Credits)>, Fault> {
        let newest = self.newest_entry(account).await?;
        let last = self.last_before(account, newest, until).await?;
        let before = self.last_before(account, last, from).await?;
        let stride = ((last - before) / POINTS).max(1);
        let sql = "select p.created_at, e.balance from entry e join posting p on p.id = e.posting_id
            where e.account_id = $1 and e.seq >= $2 and e.seq <= $3 and ((e.seq - $3) % $4 = 0 or e.seq = $2)
            order by e.seq";
        Ok(rows!(
            self,
            (Millis, Credits),
            sql,
            account,
            before.max(1),
            last,
            stride
        )?)
    }

    /// The number of an account's newest entry; 0: there is none.
    pub(super) async fn newest_entry(&mut self, account: AccountId) -> Result<i64, Fault> {
        let sql = "select seq from account where id = $1";
        Ok(row!(self, (i64,), sql, account)?.map_or(0, |(seq,)| seq))
    }

    /// The number of an account's last entry before a moment, of those up to `newest`; 0: there is none. Entries are
    /// numbered without gaps in the order of time, so it is found by halving.
    pub(super) async fn last_before(
        &mut self,
        account: AccountId,
        newest: i64,
        at: Millis,
    ) -> Result<i64, Fault> {
        // No moment at all: nothing is to be looked for.
        match at {
            Millis(i64::MIN..=0) => return Ok(0),
            Millis(i64::MAX) => return Ok(newest),
            _ => {}
        }
        let (mut before, mut after) = (0, newest + 1);
        while before + 1 < after {
            let middle = before + (after - before) / 2;
            let sql = "select p.created_at from entry e join posting p on p.id = e.posting_id
                where e.account_id = $1 and e.seq = $2";
            let moved = row!(self, (Millis,), sql, account, middle)?;
            if moved.is_some_and(|(moved,)| moved < at) {
                before = middle;
            } else {
                after = middle;
            }
        }
        Ok(before)
    }
}
