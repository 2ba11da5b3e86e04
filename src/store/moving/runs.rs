//! Files that people sent to be moved in: their bytes, until they are moved in or given up, and how far each got. Whoever
//! works at one holds it by a lease, so that with several instances one does.

use super::{Job, Tally};
use crate::clock::Millis;
use crate::domain::ids::RequestId;
use crate::fault::Fault;
use crate::store::{Tx, exactly, row, run};

/// How far the file of a request got.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Run {
    /// How many steps it is.
    pub steps: i64,
    /// How many of them are done.
    pub done: i64,
    /// What came of them.
    #[sqlx(flatten)]
    pub tally: Tally,
    /// When people were told last how far it is.
    pub told_at: Millis,
    /// When it was over.
    pub finished_at: Option<Millis>,
}

impl Tx {
    /// Keeps the file of a draft.
    pub async fn insert_import_file(
        &mut self,
        request: RequestId,
        bytes: Vec<u8>,
    ) -> Result<(), Fault> {
        let sql = "insert into import_file (request_id, bytes) values ($1, $2)";
        run!(self, sql, request, bytes)?;
        Ok(())
    }

    /// The file of a request, while it is kept.
    pub async fn import_file(&mut self, request: RequestId) -> Result<Option<Vec<u8>>, Fault> {
        let sql = "select bytes from import_file where request_id = $1";
        Ok(row!(self, (Vec<u8>,), sql, request)?.map(|(bytes,)| bytes))
    }

    /// Whether the file of a request is kept.
    pub async fn has_import_file(&mut self, request: RequestId) -> Result<bool, Fault> {
        let sql = "select request_id from import_file where request_id = $1";
        Ok(row!(self, (RequestId,), sql, request)?.is_some())
    }

    /// Lets the file of a request go.
    pub async fn drop_import_file(&mut self, request: RequestId) -> Result<(), Fault> {
        run!(
            self,
            "delete from import_file where request_id = $1",
            request
        )?;
        Ok(())
    }

    /// Lets the file of a request be worked at, from then on.
    pub async fn insert_run(
        &mut self,
        request: RequestId,
        steps: i64,
        begins: Millis,
    ) -> Result<(), Fault> {
        let sql = "insert into import_run (request_id, steps, done, created, updated, unchanged, kept, bad, opened, told_at,
                lease, due_at)
            values ($1, $2, 0, 0, 0, 0, 0, 0, 0, $3, 0, $3)";
        run!(self, sql, request, steps, begins)?;
        Ok(())
    }

    /// How far the file of a request got; `None` while it is a draft.
    pub async fn import_run(&mut self, request: RequestId) -> Result<Option<Run>, Fault> {
        let sql = "select steps, done, created, updated, unchanged, kept, bad, opened, told_at, finished_at
            from import_run where request_id = $1";
        Ok(row!(self, Run, sql, request)?)
    }

    /// Whether a file waits for somebody to work at it.
    pub async fn is_run_due(&mut self, now: Millis) -> Result<bool, Fault> {
        let sql = "select request_id from import_run where finished_at is null and due_at <= $1 order by due_at limit 1";
        Ok(row!(self, (RequestId,), sql, now)?.is_some())
    }

    /// Takes the file that waits longest, until `until`. One whose lease ran out waits again.
    pub async fn claim_run(
        &mut self,
        now: Millis,
        lease: i64,
        until: Millis,
    ) -> Result<Option<RequestId>, Fault> {
        let sql = match self {
            Self::Sqlite(_) => {
                "update import_run set lease = $2, due_at = $3 where request_id = (
                    select request_id from import_run where finished_at is null and due_at <= $1 order by due_at limit 1)
                 returning request_id"
            }
            Self::Postgres(_) => {
                "update import_run set lease = $2, due_at = $3 where request_id = (
                    select request_id from import_run where finished_at is null and due_at <= $1 order by due_at limit 1
                    for update skip locked)
                 returning request_id"
            }
        };
        let found = row!(self, (RequestId,), sql, now, lease, until)?;
        Ok(found.map(|(request,)| request))
    }

    /// Holds a file until `until`, or lets it go until then; `false` where another holds it by now.
    pub async fn hold_run(
        &mut self,
        request: RequestId,
        lease: i64,
        until: Millis,
    ) -> Result<bool, Fault> {
        let sql = "update import_run set due_at = $3 where request_id = $1 and lease = $2 and finished_at is null";
        Ok(run!(self, sql, request, lease, until)? == 1)
    }

    /// Writes how far the file of a request got.
    pub async fn keep_run(
        &mut self,
        request: RequestId,
        job: &Job,
        told_at: Millis,
    ) -> Result<(), Fault> {
        let sql = "update import_run set steps = $2, done = $3, created = $4, updated = $5, unchanged = $6, kept = $7,
                bad = $8, opened = $9, told_at = $10, finished_at = $11
            where request_id = $1";
        let tally = &job.tally;
        let rows = run!(
            self,
            sql,
            request,
            job.steps,
            job.done,
            tally.created,
            tally.updated,
            tally.unchanged,
            tally.kept,
            tally.bad,
            tally.opened,
            told_at,
            job.finished_at,
        )?;
        exactly(rows, 1, "keeping how far a file got")
    }
}
