//! Events that changed something, with what came of them, and Telegram updates that wait to be handled.

use std::time::Duration;

use super::{Stop, Store, Tx, exactly, row, rows, run};
use crate::chat::{Event, Identity};
use crate::clock::Millis;
use crate::fault::Fault;

impl Tx {
    /// What came of an event that was handled before.
    pub async fn event_result(&mut self, id: &str) -> Result<Option<String>, Fault> {
        let sql = "select result from event where id = $1";
        Ok(row!(self, (String,), sql, id)?.map(|(result,)| result))
    }

    /// Keeps what came of an event. Fails where it was kept before: two deliveries at once.
    pub async fn finish_event(
        &mut self,
        event: &Event,
        result: &str,
        now: Millis,
    ) -> Result<(), Fault> {
        let Identity { messenger, user } = event.from.identity;
        run!(
            self,
            "insert into event (id, messenger, user_id, result, created_at) values ($1, $2, $3, $4, $5)",
            &event.id,
            messenger.name(),
            user,
            result,
            now,
        )?;
        Ok(())
    }

    /// Makes deliveries of one event wait for each other, on PostgreSQL; SQLite has one writer anyway.
    pub async fn lock_event(&mut self, id: &str) -> Result<(), Fault> {
        if let Self::Postgres(_) = self {
            run!(
                self,
                "select pg_advisory_xact_lock(hashtextextended($1, 0))",
                id
            )?;
        }
        Ok(())
    }
}

/// How long a finished update may still come again. Telegram keeps updates for a day, and its numbers go on from one to
/// the next unless nothing came for a week; then they start at random.
const REPEATED: Duration = Duration::from_hours(72);

/// A stored update.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Update {
    /// Telegram's number.
    pub update_id: i64,
    /// The update's JSON as it came.
    pub raw: String,
}

impl Store {
    /// Stores updates before they are confirmed to Telegram; says which of them are new (a repeated delivery is not). What
    /// was finished before [`REPEATED`] cannot come again: its number is used anew.
    pub async fn inbox_put(&self, updates: Vec<Update>, now: Millis) -> Result<Vec<Update>, Stop> {
        self.write(move |tx| {
            Box::pin(async move {
                let mut fresh = Vec::with_capacity(updates.len());
                for update in updates {
                    let stored = run!(
                        tx,
                        "insert into inbox (update_id, raw, received_at) values ($1, $2, $3)
                         on conflict (update_id) do update set raw = excluded.raw, received_at = excluded.received_at,
                            finished_at = null where inbox.finished_at < $4",
                        update.update_id,
                        &update.raw,
                        now,
                        now.minus(REPEATED),
                    )?;
                    if stored == 1 {
                        fresh.push(update);
                    }
                }
                Ok(fresh)
            })
        })
        .await
    }

    /// Updates that were stored and never finished, in order: what a kill interrupted.
    pub async fn inbox_unfinished(&self) -> Result<Vec<Update>, Stop> {
        self.read(|tx| {
            Box::pin(async move {
                let sql =
                    "select update_id, raw from inbox where finished_at is null order by update_id";
                Ok(rows!(tx, Update, sql)?)
            })
        })
        .await
    }

    /// Marks an update as finished: its reply was sent, or never can be. Its text is not needed any more.
    pub async fn inbox_finish(&self, update_id: i64, now: Millis) -> Result<(), Stop> {
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "update inbox set finished_at = $2, raw = '' where update_id = $1";
                exactly(run!(tx, sql, update_id, now)?, 1, "finishing an update")?;
                Ok(())
            })
        })
        .await
    }
}
