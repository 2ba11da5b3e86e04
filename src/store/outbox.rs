//! The outbox: notices written in the transaction of their cause, handed over at least once.

use super::{Stop, Store, Tx, row, rows, run};
use crate::chat::MessageRef;
use crate::clock::Millis;
use crate::domain::ids::NoticeId;
use crate::fault::Fault;

/// A notice to be written.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// Identifier: the idempotency key on every messenger.
    pub id: NoticeId,
    /// Unique: the same notice is never written twice.
    pub key: String,
    /// The event or request that caused it.
    pub cause: String,
    /// Where to, as JSON.
    pub address: String,
    /// What, as JSON.
    pub content: String,
    /// When it is written.
    pub at: Millis,
    /// When it may go out.
    pub due: Millis,
}

/// A notice that was claimed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Claimed {
    /// Identifier.
    pub id: NoticeId,
    /// Where to, as JSON.
    pub address: String,
    /// What, as JSON.
    pub content: String,
    /// Tries before this one.
    pub attempts: i64,
    /// When it was written.
    pub created_at: Millis,
    /// Fences the result: one that comes after the lease was given away is refused.
    pub lease: i64,
}

/// How a try ended.
#[derive(Debug, Clone)]
pub enum Finish {
    /// Handed over.
    Sent(Option<MessageRef>),
    /// Try again then.
    Again(Millis, String),
    /// Given up.
    Dead(String),
    /// Kept until its receiver can be written to again.
    Held(String),
}

impl Tx {
    /// Writes a notice, unless one of that key is there already.
    pub async fn insert_notice(&mut self, new: &NewNotice) -> Result<bool, Fault> {
        let rows = run!(
            self,
            "insert into outbox (id, key, cause, address, content, state, attempts, next_at, created_at, error)
             values ($1, $2, $3, $4, $5, 'queued', 0, $7, $6, '') on conflict (key) do nothing",
            new.id,
            &new.key,
            &new.cause,
            &new.address,
            &new.content,
            new.at,
            new.due,
        )?;
        Ok(rows == 1)
    }

    /// Takes back the notices of a cause whose keys begin like this and that nobody has begun to hand over. Says their keys.
    pub async fn withdraw_notices(
        &mut self,
        cause: &str,
        key: &str,
        now: Millis,
    ) -> Result<Vec<String>, Fault> {
        let sql = "update outbox set state = 'dead', error = 'undone', finished_at = $3
            where cause = $1 and substr(key, 1, length($2)) = $2 and state in ('queued', 'held') and attempts = 0
            returning key";
        let found = rows!(self, (String,), sql, cause, key, now)?;
        Ok(found.into_iter().map(|(key,)| key).collect())
    }

    /// Whether a notice of that key was written.
    pub async fn has_notice(&mut self, key: &str) -> Result<bool, Fault> {
        let sql = "select id from outbox where key = $1";
        Ok(row!(self, (NoticeId,), sql, key)?.is_some())
    }

    /// Claims one due notice under a lease until `until`. A notice whose lease ran out is due again.
    pub async fn claim_notice(
        &mut self,
        now: Millis,
        lease: i64,
        until: Millis,
    ) -> Result<Option<Claimed>, Fault> {
        // The lease's end is kept in next_at; the outer condition is repeated, so that two claimers never share a row.
        let sql = match self {
            Self::Sqlite(_) => {
                "update outbox set state = 'leased', lease = $2, next_at = $3, attempts = attempts + 1
                 where id = (select id from outbox where state in ('queued', 'leased') and next_at <= $1
                    order by next_at, id limit 1) and state in ('queued', 'leased') and next_at <= $1
                 returning id, address, content, attempts - 1 as attempts, created_at, lease"
            }
            Self::Postgres(_) => {
                "update outbox set state = 'leased', lease = $2, next_at = $3, attempts = attempts + 1
                 where id = (select id from outbox where state in ('queued', 'leased') and next_at <= $1
                    order by next_at, id limit 1 for update skip locked) and state in ('queued', 'leased') and next_at <= $1
                 returning id, address, content, attempts - 1 as attempts, created_at, lease"
            }
        };
        Ok(row!(self, Claimed, sql, now, lease, until)?)
    }

    /// When the next notice is due.
    pub async fn next_notice(&mut self) -> Result<Option<Millis>, Fault> {
        let sql = "select min(next_at) from outbox where state in ('queued', 'leased')";
        Ok(row!(self, (Option<Millis>,), sql)?.and_then(|(next,)| next))
    }

    /// Notes how a try ended; says whether the lease was still held.
    pub async fn finish_notice(
        &mut self,
        id: NoticeId,
        lease: i64,
        finish: &Finish,
        now: Millis,
    ) -> Result<bool, Fault> {
        let (state, next, message, error) = match finish {
            Finish::Sent(message) => (
                "sent",
                now,
                message.as_ref().map(serde_json::to_string).transpose()?,
                "",
            ),
            Finish::Again(next, why) => ("queued", *next, None, why.as_str()),
            Finish::Dead(why) => ("dead", now, None, why.as_str()),
            Finish::Held(why) => ("held", now, None, why.as_str()),
        };
        let finished = matches!(finish, Finish::Sent(_) | Finish::Dead(_)).then_some(now);
        let rows = run!(
            self,
            "update outbox set state = $3, next_at = $4, message = $5, error = $6, finished_at = $7, lease = null
             where id = $1 and lease = $2 and state = 'leased'",
            id,
            lease,
            state,
            next,
            message,
            error,
            finished,
        )?;
        Ok(rows == 1)
    }

    /// Lets the notices go out that were kept because an address could not be written to.
    pub async fn release_notices(&mut self, address: &str, now: Millis) -> Result<u64, Fault> {
        let sql = "update outbox set state = 'queued', next_at = $2, attempts = 0 where address = $1 and state = 'held'";
        Ok(run!(self, sql, address, now)?)
    }

    /// How many notices are in each state.
    pub async fn notice_counts(&mut self) -> Result<Vec<(String, i64)>, Fault> {
        Ok(rows!(
            self,
            (String, i64),
            "select state, count(*) from outbox group by state order by state"
        )?)
    }
}

impl Store {
    /// How many notices are still to be handed over.
    pub async fn notices_open(&self) -> Result<i64, Stop> {
        self.read(|tx| {
            Box::pin(async move {
                let sql = "select count(*) from outbox where state in ('queued', 'leased') and next_at >= 0";
                Ok(row!(tx, (i64,), sql)?.map_or(0, |(count,)| count))
            })
        })
        .await
    }
}
