//! H1: the chain over the audit log, link by link.

use std::time::Duration;

use super::{BATCH, Breach, NAMED};
use crate::clock::Millis;
use crate::domain::chain::{Head, Sealed};
use crate::domain::ids::to_base32;
use crate::fault::Fault;
use crate::store::{Tx, row, rows};

/// A row was forgotten that waits while the log went on for longer. Not by the clock: what a killed bot wrote last waits
/// until the next one starts, however late that is.
const UNSEALED: Duration = Duration::from_mins(1);

/// A link of the chain, with the row that it is of where that is there.
#[derive(sqlx::FromRow)]
struct Link {
    seq: i64,
    audit_id: i64,
    hash: String,
    found: Option<i64>,
    #[sqlx(flatten)]
    row: Sealed,
}

impl Tx {
    /// Each link that is not what it was, once: after it, the chain is followed from what is stored.
    pub(super) async fn broken_links(&mut self) -> Result<Vec<Breach>, Fault> {
        let mut breaches = Vec::new();
        let mut head = Head {
            seq: 0,
            hash: String::new(),
        };
        // Places can only be there twice where the table is not ours any more; the row tells them apart.
        let mut last_row = 0;
        loop {
            let sql = "select c.seq, c.audit_id, c.hash, l.id as found, c.audit_id as id, coalesce(l.created_at, 0) as created_at,
                    l.person_id, coalesce(l.actor, '') as actor, coalesce(l.event_id, '') as event_id,
                    coalesce(l.action, '') as action, coalesce(l.subject, '') as subject, coalesce(l.detail, '') as detail
                from audit_chain c left join audit_log l on l.id = c.audit_id
                where c.seq >= $1 and (c.seq > $1 or c.audit_id > $2) order by c.seq, c.audit_id limit $3";
            let batch = rows!(self, Link, sql, head.seq, last_row, BATCH)?;
            if batch.is_empty() {
                return Ok(breaches);
            }
            for link in batch {
                let row = || format!("audit row {}", to_base32(link.audit_id));
                let follows = link.seq == head.seq + 1;
                if !follows {
                    breaches.push(broken(format!(
                        "the chain goes on with link {} after link {}",
                        link.seq, head.seq
                    )));
                } else if link.found.is_none() {
                    breaches.push(broken(format!(
                        "{} is in the chain and not in the log",
                        row()
                    )));
                } else if link.row.hash(link.seq, &head.hash) != link.hash {
                    breaches.push(broken(format!(
                        "{} does not fit its hash in the chain",
                        row()
                    )));
                }
                head = Head {
                    seq: link.seq,
                    hash: link.hash,
                };
                last_row = link.audit_id;
                if breaches.len() == NAMED {
                    breaches.push(broken("and more of these".to_owned()));
                    return Ok(breaches);
                }
            }
        }
    }

    /// Rows that were written and never sealed.
    pub(super) async fn unsealed_rows(&mut self) -> Result<Vec<Breach>, Fault> {
        let last = "select created_at from audit_log where id = (select max(id) from audit_log)";
        let Some((last,)) = row!(self, (Millis,), last)? else {
            return Ok(Vec::new());
        };
        let sql = "select count(*), coalesce(min(l.id), 0) from audit_unsealed u join audit_log l on l.id = u.audit_id
            where l.created_at < $1";
        let found = row!(self, (i64, i64), sql, last.minus(UNSEALED))?;
        Ok(found
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, first)| {
                let first = to_base32(first);
                broken(format!(
                    "{count} audit rows wait for the chain while the log went on for over a minute, from {first} on"
                ))
            })
            .collect())
    }

    /// Whether the chain still has a head that was noted earlier.
    pub async fn missing_head(&mut self, head: &Head) -> Result<Option<Breach>, Fault> {
        let sql = "select hash from audit_chain where seq = $1";
        let found = row!(self, (String,), sql, head.seq)?;
        Ok((found.map(|(hash,)| hash).as_ref() != Some(&head.hash))
            .then(|| broken(format!("the head {head} is not in the chain any more"))))
    }
}

fn broken(what: String) -> Breach {
    Breach {
        invariant: "H1",
        what,
    }
}
