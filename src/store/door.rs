//! The door of SQLite: one writer, and many people's changes in one commit, because the commit is the cost.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use sqlx::sqlite::SqlitePool;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use super::{Panicked, Stop, Tx, caught, run};
use crate::fault::{Fault, FaultKind};

/// How many changes may share one commit: enough to hide the commit, few enough that nobody waits long for others.
const TOGETHER: usize = 64;

/// Somebody's change, in a savepoint; says whether it is kept.
type Work = Box<dyn for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, bool> + Send>;
/// Told how the commit went: `Err` with its text where it failed.
type Committed = Box<dyn FnOnce(Result<(), &str>) + Send>;

struct Job {
    work: Work,
    committed: Committed,
}

#[derive(Debug, Clone)]
pub(super) struct Door {
    jobs: mpsc::Sender<Job>,
    pool: SqlitePool,
}

impl Door {
    pub(super) fn open(pool: SqlitePool) -> Self {
        let (jobs, queue) = mpsc::channel(4 * TOGETHER);
        tokio::spawn(serve(pool.clone(), queue));
        Self { jobs, pool }
    }

    pub(super) fn pool(&self) -> SqlitePool {
        self.pool.clone()
    }

    /// Puts work in the queue; the receiver hears its result after the commit.
    pub(super) fn put<T, F>(&self, work: F) -> oneshot::Receiver<Result<T, Stop>>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<T, Stop>> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let slot = Arc::new(Mutex::new(None));
        let result = slot.clone();
        let job = Job {
            work: Box::new(move |tx| {
                Box::pin(async move {
                    let done = caught(work, tx).await.unwrap_or_else(|Panicked| {
                        Err(Fault::internal("work in a transaction panicked").into())
                    });
                    let keep = done.is_ok();
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
                    keep
                })
            }),
            committed: Box::new(move |commit| {
                let done = result.lock().unwrap_or_else(PoisonError::into_inner).take();
                let done = match (done, commit) {
                    (Some(Ok(value)), Ok(())) => Ok(value),
                    (Some(Err(stop)), _) => Err(stop),
                    (_, Err(why)) => {
                        Err(Fault::new(FaultKind::Database, anyhow::anyhow!("{why}")).into())
                    }
                    (None, Ok(())) => Err(Fault::internal("a change was never run").into()),
                };
                let _ = tell.send(done);
            }),
        };
        if let Err(TrySendError::Full(job)) = self.jobs.try_send(job) {
            // In a task, so that the job gets its place even when the caller goes away.
            let jobs = self.jobs.clone();
            tokio::spawn(async move {
                let _ = jobs.send(job).await;
            });
        }
        told
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

async fn serve(pool: SqlitePool, mut queue: mpsc::Receiver<Job>) {
    let mut waiting = Vec::with_capacity(TOGETHER);
    while queue.recv_many(&mut waiting, TOGETHER).await > 0 {
        // The connection is kept as long as there is work: giving it back takes as long as a short change.
        let mut tx = match pool.acquire().await {
            Ok(connection) => Tx::Sqlite(connection),
            Err(error) => {
                let why = Fault::from(error).cause();
                for job in waiting.drain(..) {
                    (job.committed)(Err(&why));
                }
                continue;
            }
        };
        while !waiting.is_empty() {
            let mut listeners = Vec::with_capacity(waiting.len());
            let result = commit_together(&mut tx, &mut waiting, &mut listeners).await;
            let told = result.map_err(|fault| fault.cause());
            // Where it broke off, those that never ran hear it as well.
            listeners.extend(waiting.drain(..).map(|job| job.committed));
            for listener in listeners {
                listener(told.as_ref().copied().map_err(String::as_str));
            }
            if told.is_err() {
                // What state the connection is in is for the pool to find out.
                break;
            }
            while waiting.len() < TOGETHER
                && let Ok(job) = queue.try_recv()
            {
                waiting.push(job);
            }
        }
    }
}

async fn commit_together(
    tx: &mut Tx,
    waiting: &mut Vec<Job>,
    listeners: &mut Vec<Committed>,
) -> Result<(), Fault> {
    let alone = waiting.len() == 1;
    let result = async {
        // Each statement is a trip to the connection's thread, so several go together.
        if alone {
            run!(tx, "begin immediate")?;
        } else {
            run!(tx, "begin immediate; savepoint change")?;
        }
        // Taken one by one: where it breaks off, those that never ran are still there to be told.
        while !waiting.is_empty() {
            let job = waiting.remove(0);
            listeners.push(job.committed);
            let keep = (job.work)(tx).await;
            match (keep, waiting.is_empty()) {
                // The commit keeps the last savepoint as well.
                (true, true) => run!(tx, "commit")?,
                (true, false) => run!(tx, "release change; savepoint change")?,
                (false, true) if alone => run!(tx, "rollback")?,
                (false, true) => run!(tx, "rollback to change; commit")?,
                // It stands again as it was, for the next.
                (false, false) => run!(tx, "rollback to change")?,
            };
        }
        Ok(())
    }
    .await;
    if result.is_err() {
        // Harmless where the transaction is over already.
        let _ = run!(tx, "rollback");
    }
    result
}
