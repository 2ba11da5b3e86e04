//! What a day brought. Identifiers rise with time, so that a day is a range of each table's primary key.

use serde::{Deserialize, Serialize};

use super::{Tx, row, rows};
use crate::domain::credits::Credits;
use crate::domain::money::Money;
use crate::fault::Fault;

/// The totals of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Credits that were added, by resellers as well.
    pub added: Credits,
    /// Credits that were deducted.
    pub deducted: Credits,
    /// Credits that were taken back.
    pub reversed: Credits,
    /// How many invoices were issued.
    pub invoices: i64,
    /// What they ask for.
    pub invoiced: Money,
    /// How many requests were applied or rejected.
    pub decided: i64,
    /// How many clients are new.
    pub clients: i64,
}

impl Tx {
    /// The totals of everything that was made under identifiers from `from` to before `to`.
    pub async fn totals(&mut self, from: i64, to: i64) -> Result<Totals, Fault> {
        let mut totals = Totals::default();
        let sql = "select p.kind, cast(sum(e.amount) as bigint) from posting p
            join entry e on e.posting_id = p.id and e.amount > 0
            where p.id >= $1 and p.id < $2 group by p.kind";
        for (kind, sum) in rows!(self, (String, i64), sql, from, to)? {
            match kind.as_str() {
                "add" => totals.added = Credits(sum),
                "deduct" => totals.deducted = Credits(sum),
                "reversal" => totals.reversed = Credits(sum),
                _ => {}
            }
        }
        let sql = "select count(*), cast(coalesce(sum(total), 0) as bigint) from invoice where id >= $1 and id < $2";
        if let Some((count, sum)) = row!(self, (i64, i64), sql, from, to)? {
            totals.invoices = count;
            totals.invoiced = Money(sum);
        }
        let sql = "select count(*) from audit_log where id >= $1 and id < $2
            and action in ('request.applied', 'request.rejected')";
        totals.decided = row!(self, (i64,), sql, from, to)?.map_or(0, |(count,)| count);
        let sql = "select count(*) from client where id >= $1 and id < $2";
        totals.clients = row!(self, (i64,), sql, from, to)?.map_or(0, |(count,)| count);
        Ok(totals)
    }
}
