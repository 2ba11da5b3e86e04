//! Moving clients in from the old platform: a file is read, understood, held against who is here, and moved in as one job
//! that goes on where a kill cut it off. Each chunk of it is one transaction with everything that belongs to its rows.

mod columns;
mod judging;
mod moving;
mod order;
mod reading;
mod rows;
mod running;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use super::House;
use crate::domain::client::Class;
use crate::domain::credits::Credits;
use crate::domain::ids::{ClientId, PersonId, RequestId};
use crate::fault::Fault;
use crate::store::Stop;
use crate::store::moving::{Job, Tally};

pub use self::columns::{Columns, Field};
pub use self::order::File;
pub use self::reading::{BadFile, LARGEST};
pub use self::rows::{Problem, Why};
pub use self::running::{Looked, Moving};

/// Rows of one transaction: enough that what a commit writes again and again does not count (a thousand wrote a third more
/// on SQLite), few enough that others hardly wait for them.
const CHUNK: usize = 2_000;

/// How often a chunk is tried again that the database could not take.
const TRIES: usize = 5;

/// What is done with clients who are here already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// They become what the file says.
    Update,
    /// They stay as they are.
    Leave,
}

impl Existing {
    /// As stored and typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Leave => "leave",
        }
    }

    /// The manner of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Update, Self::Leave]
            .into_iter()
            .find(|existing| existing.name() == name)
    }
}

/// How a file is to be moved in.
#[derive(Debug, Clone)]
pub struct Manner {
    /// The file's name.
    pub name: String,
    /// What is done with clients who are here already.
    pub existing: Existing,
    /// Whether rows may be of class ADMIN: on the host only, because elsewhere it takes two admins.
    pub admins: bool,
    /// Who moves it in.
    pub person: Option<PersonId>,
    /// The account, or `host`.
    pub actor: String,
    /// The request that it is moved in for; `None` on the host.
    pub request: Option<RequestId>,
}

impl Manner {
    /// What names the job.
    fn job(&self, file: &File) -> String {
        format!("{}:{}", file.digest, self.existing.name())
    }
}

/// What would come of a file, or what came of it.
#[derive(Debug, Clone, Default)]
pub struct Outlook {
    /// How many rows would be what, or were.
    pub tally: Tally,
    /// What all openings come to.
    pub opening: Credits,
    /// What is wrong with rows, or worth a look, by line.
    pub problems: Vec<Problem>,
    /// Clients whom rows name.
    settled: HashMap<usize, Settled>,
    /// Which row is which client who is here.
    matched: HashMap<ClientId, u64>,
    /// Lines of rows that were found bad before.
    known_bad: Arc<HashSet<u64>>,
}

impl Outlook {
    /// What moving in goes by: rows that are bad, and clients whom rows name.
    fn begun(self) -> Self {
        let bad = self.problems.iter().filter(|problem| problem.why.is_bad());
        Self {
            known_bad: Arc::new(bad.map(|problem| problem.line).collect()),
            settled: self.settled,
            ..Self::default()
        }
    }
}

/// The client of a row that others name, once it is known.
#[derive(Debug, Clone, Copy)]
struct Settled {
    /// `None`: it is to be created.
    id: Option<ClientId>,
    class: Class,
    /// Whether it was here and stays as it is.
    kept: bool,
}

/// How a file ended up.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What came of its rows, over all runs that the job took.
    pub tally: Tally,
    /// What turned out to be wrong only now.
    pub problems: Vec<Problem>,
    /// Where it went on, when it was cut off before.
    pub resumed_at: Option<u64>,
}

impl House {
    /// Holds a file against who is here. Changes nothing.
    pub async fn look_through(
        &self,
        file: &Arc<File>,
        manner: &Manner,
        mut progress: impl FnMut(u64),
    ) -> Result<Outlook, Stop> {
        let mut outlook = Outlook {
            problems: file.problems.clone(),
            ..Outlook::default()
        };
        for begin in (0..file.steps()).step_by(CHUNK) {
            let end = file.steps().min(begin + CHUNK);
            let (house, file, manner) = (self.clone(), file.clone(), manner.clone());
            outlook = self
                .store
                .read_together(move |tx| {
                    Box::pin(async move {
                        let mut outlook = outlook;
                        house
                            .judge(tx, &file, &manner, begin..end, &mut outlook)
                            .await?;
                        Ok(outlook)
                    })
                })
                .await?;
            progress(end as u64);
        }
        outlook.problems.sort_by_key(|problem| problem.line);
        Ok(outlook)
    }

    /// Whether a file was begun and not finished.
    pub async fn is_under_way(&self, file: &File, manner: &Manner) -> Result<bool, Stop> {
        let digest = manner.job(file);
        let job = self
            .store
            .read(move |tx| Box::pin(async move { Ok(tx.import_job(&digest).await?) }))
            .await?;
        Ok(job.is_some_and(|job| job.finished_at.is_none()))
    }

    /// Moves a file in that was looked through; goes on where it was cut off. Rows that are bad stay out.
    pub async fn move_in(
        &self,
        file: &Arc<File>,
        manner: &Manner,
        outlook: Outlook,
        mut progress: impl FnMut(u64),
    ) -> Result<Outcome, Stop> {
        let mut job = self.begin(file, manner).await?;
        let resumed_at = (job.done > 0).then_some(job.done.unsigned_abs());
        let mut outlook = outlook.begun();
        while job.finished_at.is_none() {
            progress(job.done.unsigned_abs());
            (job, outlook) = self.chunk(file, manner, job, outlook).await?;
        }
        progress(job.steps.unsigned_abs());
        outlook.problems.retain(|problem| problem.why.is_bad());
        Ok(Outcome {
            tally: job.tally,
            problems: outlook.problems,
            resumed_at,
        })
    }

    /// One chunk, tried again while the database is busy.
    async fn chunk(
        &self,
        file: &Arc<File>,
        manner: &Manner,
        job: Job,
        outlook: Outlook,
    ) -> Result<(Job, Outlook), Stop> {
        let mut tries = 0;
        loop {
            let (house, file, manner) = (self.clone(), file.clone(), manner.clone());
            let (expected, before) = (job.clone(), outlook.clone());
            let done = self
                .store
                .write(move |tx| {
                    Box::pin(
                        async move { house.move_chunk(tx, &file, &manner, expected, before).await },
                    )
                })
                .await;
            match done {
                Err(Stop::Fault(fault)) if tries < TRIES => {
                    // Where its outcome is not known, the job itself tells how far it got.
                    fault.during("moving clients in, to be tried again").log();
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(200 << tries)).await;
                }
                done => return done,
            }
        }
    }

    /// The job of a file: a new one, the one that was cut off, or one that begins anew because it was finished.
    async fn begin(&self, file: &File, manner: &Manner) -> Result<Job, Stop> {
        let steps = i64::try_from(file.steps()).map_err(|_| Fault::internal("too many rows"))?;
        let job = Job {
            digest: manner.job(file),
            file: manner.name.clone(),
            existing: manner.existing.name().to_owned(),
            steps,
            done: 0,
            tally: Tally::default(),
            person_id: manner.person,
            actor: manner.actor.clone(),
            begun_at: self.now(),
            finished_at: None,
        };
        let house = self.clone();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    house.not_frozen(tx, None).await?;
                    if !tx.insert_import_job(&job).await? {
                        let there = tx.lock_import_job(&job.digest).await?;
                        if let Some(there) = there.filter(|there| there.finished_at.is_none()) {
                            return Ok(there);
                        }
                        tx.keep_import_job(&job).await?;
                    }
                    house.tell(tx, "import.begun", &job).await?;
                    Ok(job)
                })
            })
            .await
    }
}
