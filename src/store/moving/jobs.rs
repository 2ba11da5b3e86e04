//! How far each file got.

use crate::clock::Millis;
use crate::domain::ids::PersonId;
use crate::fault::Fault;
use crate::store::{Tx, exactly, row, run};

/// A file that is moved in, or was.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Job {
    /// Which file, and what is done with clients who are there.
    pub digest: String,
    /// Its name.
    pub file: String,
    /// `update` or `leave`.
    pub existing: String,
    /// How many steps it is.
    pub steps: i64,
    /// How many of them are done.
    pub done: i64,
    /// What came of them.
    #[sqlx(flatten)]
    pub tally: Tally,
    /// Who began it.
    pub person_id: Option<PersonId>,
    /// The account, or `host`.
    pub actor: String,
    /// When it began.
    pub begun_at: Millis,
    /// When it was over.
    pub finished_at: Option<Millis>,
}

/// What came of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Tally {
    /// New clients.
    pub created: i64,
    /// Clients who were here and changed.
    pub updated: i64,
    /// Clients who were here as the file says.
    pub unchanged: i64,
    /// Clients who were here and were left as they are.
    pub kept: i64,
    /// Rows that are wrong.
    pub bad: i64,
    /// Clients whose opening balance was posted.
    pub opened: i64,
}

impl Tally {
    /// Both together.
    pub fn add(&mut self, other: &Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.kept += other.kept;
        self.bad += other.bad;
        self.opened += other.opened;
    }
}

macro_rules! job {
    ($rest:literal) => {
        concat!(
            "select digest, file, existing, steps, done, created, updated, unchanged, kept, bad, opened, person_id, actor,
                begun_at, finished_at from import_job ",
            $rest
        )
    };
}

impl Tx {
    /// How far a file got.
    pub async fn import_job(&mut self, digest: &str) -> Result<Option<Job>, Fault> {
        Ok(row!(self, Job, job!("where digest = $1"), digest)?)
    }

    /// The same, locked until the transaction ends.
    pub async fn lock_import_job(&mut self, digest: &str) -> Result<Option<Job>, Fault> {
        let sql = match self {
            Self::Sqlite(_) => job!("where digest = $1"),
            Self::Postgres(_) => job!("where digest = $1 for update"),
        };
        Ok(row!(self, Job, sql, digest)?)
    }

    /// Begins a file; `false` where another was quicker.
    pub async fn insert_import_job(&mut self, job: &Job) -> Result<bool, Fault> {
        let sql = "insert into import_job (digest, file, existing, steps, done, created, updated, unchanged, kept, bad,
                opened, person_id, actor, begun_at)
            values ($1, $2, $3, $4, 0, 0, 0, 0, 0, 0, 0, $5, $6, $7) on conflict (digest) do nothing";
        let rows = run!(
            self,
            sql,
            &job.digest,
            &job.file,
            &job.existing,
            job.steps,
            job.person_id,
            &job.actor,
            job.begun_at,
        )?;
        Ok(rows == 1)
    }

    /// Writes how far a file got.
    pub async fn keep_import_job(&mut self, job: &Job) -> Result<(), Fault> {
        let sql = "update import_job set file = $2, done = $3, created = $4, updated = $5, unchanged = $6, kept = $7,
                bad = $8, opened = $9, person_id = $10, actor = $11, begun_at = $12, finished_at = $13
            where digest = $1";
        let tally = &job.tally;
        let rows = run!(
            self,
            sql,
            &job.digest,
            &job.file,
            job.done,
            tally.created,
            tally.updated,
            tally.unchanged,
            tally.kept,
            tally.bad,
            tally.opened,
            job.person_id,
            &job.actor,
            job.begun_at,
            job.finished_at,
        )?;
        exactly(rows, 1, "keeping how far a file got")
    }
}
