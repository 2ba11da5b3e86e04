//! The chain over the audit log: rows that wait for their place in it, and its end.

use super::{Tx, exactly, row, rows, run};
use crate::clock::Millis;
use crate::domain::chain::{Head, Sealed};
use crate::fault::Fault;

/// The lock of the one who seals.
const LOCK: i64 = 0x0063_6861_696e;

impl Tx {
    /// Whether rows of the audit log wait for their place in the chain.
    pub async fn is_unsealed(&mut self) -> Result<bool, Fault> {
        let sql = "select audit_id from audit_unsealed order by audit_id limit 1";
        Ok(row!(self, (i64,), sql)?.is_some())
    }

    /// Whether nobody else seals until this transaction ends. SQLite has one writer anyway.
    pub async fn lock_chain(&mut self) -> Result<bool, Fault> {
        match self {
            Self::Sqlite(_) => Ok(true),
            Self::Postgres(_) => {
                let locked = row!(self, (bool,), "select pg_try_advisory_xact_lock($1)", LOCK)?;
                Ok(locked.is_some_and(|(locked,)| locked))
            }
        }
    }

    /// The end of the chain; `None` before its first row.
    pub async fn chain_head(&mut self) -> Result<Option<Head>, Fault> {
        let sql =
            "select seq, hash from audit_chain where seq = (select max(seq) from audit_chain)";
        Ok(row!(self, Head, sql)?)
    }

    /// When the first row of the chain was written.
    pub async fn chain_began(&mut self) -> Result<Option<Millis>, Fault> {
        let sql = "select l.created_at from audit_chain c join audit_log l on l.id = c.audit_id where c.seq = 1";
        Ok(row!(self, (Millis,), sql)?.map(|(began,)| began))
    }

    /// What waits for its place in the chain, the oldest first.
    pub async fn unsealed(&mut self, limit: i64) -> Result<Vec<Sealed>, Fault> {
        let sql = "select l.id, l.created_at, l.person_id, l.actor, l.event_id, l.action, l.subject, l.detail
            from (select audit_id from audit_unsealed order by audit_id limit $1) u
            join audit_log l on l.id = u.audit_id order by u.audit_id";
        Ok(rows!(self, Sealed, sql, limit)?)
    }

    /// Puts rows at the end of the chain, each as place, row and hash, and takes them off those that wait.
    pub async fn seal(&mut self, links: &[(i64, i64, String)]) -> Result<(), Fault> {
        let list = serde_json::to_string(links)?;
        let (add, wait) = match self {
            Self::Sqlite(_) => (
                "insert into audit_chain (seq, audit_id, hash)
                    select value ->> 0, value ->> 1, value ->> 2 from json_each($1)",
                "delete from audit_unsealed where audit_id in (select value ->> 1 from json_each($1))",
            ),
            Self::Postgres(_) => (
                "insert into audit_chain (seq, audit_id, hash)
                    select cast(value ->> 0 as bigint), cast(value ->> 1 as bigint), value ->> 2
                    from json_array_elements(cast($1 as json))",
                "delete from audit_unsealed where audit_id in
                    (select cast(value ->> 1 as bigint) from json_array_elements(cast($1 as json)))",
            ),
        };
        let expected = links.len() as u64;
        exactly(run!(self, add, &list)?, expected, "adding to the chain")?;
        exactly(
            run!(self, wait, &list)?,
            expected,
            "leaving the queue for the chain",
        )
    }
}
