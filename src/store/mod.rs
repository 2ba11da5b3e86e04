//! The only SQL. One text for SQLite and PostgreSQL; a true difference of dialect is a visible `match`.
//!
//! Everything that changes goes through [`Store::write`], the one door: the work runs in a task of its own, which a
//! dropped caller never cancels half-way. Behind the door of SQLite many people's changes share one commit, each in its
//! own savepoint.

mod door;

pub mod audit;
pub mod billing;
pub mod chain;
pub mod chats;
pub mod clients;
pub mod days;
pub mod events;
pub mod exports;
pub mod invoices;
pub mod ledger;
pub mod lists;
pub mod moving;
pub mod outbox;
pub mod pages;
pub mod people;
pub mod reports;
pub mod requests;
pub mod search;
pub mod statement;
pub mod templates;
pub mod trail;
pub mod trees;

use std::str::FromStr;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Postgres, Sqlite};

use crate::domain::refusal::Refusal;
use crate::fault::{Fault, FaultKind};

/// Why work stopped: a refusal is an answer, a fault is none. Either rolls the work back.
#[derive(Debug)]
pub enum Stop {
    /// Not done, for a reason that people are told.
    Refusal(Refusal),
    /// Something broke.
    Fault(Fault),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl<E: Into<Fault>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// A transaction, or a connection for reading.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(PoolConnection<Sqlite>),
    /// On PostgreSQL.
    Postgres(PoolConnection<Postgres>),
}

impl Tx {
    /// Closes the connection instead of giving it back.
    async fn discard(self) {
        let _ = match self {
            Self::Sqlite(conn) => conn.detach().close().await,
            Self::Postgres(conn) => conn.detach().close().await,
        };
    }
}

/// Expands a body once per engine; `$conn` is the engine's connection in it.
macro_rules! on {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(conn) => {
                let $conn = &mut **conn;
                $body
            }
            $crate::store::Tx::Postgres(conn) => {
                let $conn = &mut **conn;
                $body
            }
        }
    };
}

/// Runs a statement and says how many rows it touched.
macro_rules! run {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::store::on!($tx, conn => sqlx::query($sql)$(.bind($value))*.execute(conn).await
            .map(|done| done.rows_affected()))
    };
}

/// At most one row, as a `FromRow` type.
macro_rules! row {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::store::on!($tx, conn => sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_optional(conn).await)
    };
}

/// All rows, as a `FromRow` type.
macro_rules! rows {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::store::on!($tx, conn => sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(conn).await)
    };
}

pub(crate) use {on, row, rows, run};

/// How long anybody waits for the database before he is told that it does not answer.
const PATIENCE: Duration = Duration::from_secs(6);

/// For how long after its last use a connection to PostgreSQL counts as alive: asking it first doubles the time that a
/// short query takes.
const TRUSTED: Duration = Duration::from_secs(1);

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The database. Cheap to clone: clones share connections.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
}

#[derive(Debug, Clone)]
enum Engine {
    Sqlite {
        readers: SqlitePool,
        door: door::Door,
    },
    Postgres(PgPool),
}

/// What the statements of one reading see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    /// Each what is committed when it begins.
    Statement,
    /// All the same.
    Snapshot,
    /// The same, however long it takes.
    Unhurried,
}

impl Store {
    /// Connects, creating an SQLite file that is not there. Does not migrate.
    pub async fn connect(url: &str) -> Result<Self, Fault> {
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // A confirmed credit survives a power cut.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
                .statement_cache_capacity(200);
            let writer = SqlitePoolOptions::new()
                .max_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .acquire_timeout(PATIENCE)
                .connect_with(
                    options
                        .clone()
                        // Pages that change again and again are copied once for many commits.
                        .pragma("wal_autocheckpoint", "4000")
                        // The pages that new clients touch all over the index of search, or they are read again and again.
                        .pragma("cache_size", "-64000"),
                )
                .await?;
            let readers = SqlitePoolOptions::new()
                .max_connections(4)
                // A file does not go away; asking it costs as much as a short query.
                .test_before_acquire(false)
                .acquire_timeout(PATIENCE)
                .connect_with(options.read_only(true).create_if_missing(false))
                .await?;
            return Ok(Self {
                engine: Engine::Sqlite {
                    readers,
                    door: door::Door::open(writer),
                },
            });
        }
        // Generic plans, because planning a search anew took longer than the search: every statement is led by an index
        // whatever its values (tests/plans).
        let options = PgConnectOptions::from_str(url)?
            .application_name("bursar")
            .statement_cache_capacity(200)
            .options([
                ("statement_timeout", "8000"),
                ("lock_timeout", "5000"),
                ("idle_in_transaction_session_timeout", "15000"),
                ("plan_cache_mode", "force_generic_plan"),
            ]);
        let pool = PgPoolOptions::new()
            .max_connections(20)
            .test_before_acquire(false)
            .before_acquire(|connection, idle| {
                Box::pin(async move {
                    if idle.idle_for >= TRUSTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .acquire_timeout(PATIENCE)
            .connect_with(options.clone())
            .await;
        let pool = match pool {
            // The pool tries again until its time is over, and keeps the cause to itself.
            Err(sqlx::Error::PoolTimedOut) => return Err(cause(&options).await),
            pool => pool?,
        };
        Ok(Self {
            engine: Engine::Postgres(pool),
        })
    }

    /// Brings the tables to this version. Safe to call at every start.
    pub async fn migrate(&self) -> Result<(), Fault> {
        match &self.engine {
            Engine::Sqlite { door, .. } => SQLITE.run(&door.pool()).await?,
            Engine::Postgres(pool) => POSTGRES.run(pool).await?,
        }
        Ok(())
    }

    /// Whether all migrations of this version are in place.
    pub async fn is_current(&self) -> Result<bool, Fault> {
        let migrator = match &self.engine {
            Engine::Sqlite { .. } => &SQLITE,
            Engine::Postgres(_) => &POSTGRES,
        };
        let newest = migrator
            .iter()
            .map(|migration| migration.version)
            .max()
            .unwrap_or_default();
        let applied = self
            .read(|tx| {
                Box::pin(async move {
                    let sql = "select max(version) from _sqlx_migrations";
                    Ok(row!(tx, (Option<i64>,), sql)?.and_then(|(version,)| version))
                })
            })
            .await;
        match applied {
            Ok(applied) => Ok(applied == Some(newest)),
            // The table of migrations itself is missing.
            Err(Stop::Fault(fault)) if fault.cause().contains("_sqlx_migrations") => Ok(false),
            Err(Stop::Fault(fault)) => Err(fault),
            Err(Stop::Refusal(refusal)) => Err(Fault::internal(refusal.to_string())),
        }
    }

    /// Which engine, for the log and the tests.
    pub fn engine(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite { .. } => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }

    /// The one door: runs `work` in a transaction of its own and commits it when it ends well. When the caller stops
    /// waiting the work still goes on to its end; a fault of kind `Timeout` says that the outcome is not known yet.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<T, Stop>> + Send + 'static,
    {
        let done = match &self.engine {
            Engine::Sqlite { door, .. } => door.put(work),
            Engine::Postgres(pool) => {
                let (tell, told) = tokio::sync::oneshot::channel();
                let pool = pool.clone();
                tokio::spawn(async move {
                    let _ = tell.send(write_postgres(&pool, work).await);
                });
                told
            }
        };
        match tokio::time::timeout(PATIENCE + Duration::from_secs(2), done).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(Fault::internal("work on the database panicked").into()),
            Err(_) => Err(Fault::timeout("the database did not answer in time").into()),
        }
    }

    /// Runs reading `work` on a connection of its own, outside any transaction.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<T, Stop>> + Send + 'static,
    {
        self.read_in(work, Sight::Statement, PATIENCE).await
    }

    /// Runs reading `work` whose statements belong together: they see the database as of one moment.
    pub async fn read_together<T, F>(&self, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<T, Stop>> + Send + 'static,
    {
        self.read_in(work, Sight::Snapshot, PATIENCE).await
    }

    /// Runs reading `work` on one snapshot of the whole database, without the limit in time of other reads.
    pub async fn snapshot<T, F>(&self, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<T, Stop>> + Send + 'static,
    {
        self.read_in(work, Sight::Unhurried, Duration::from_hours(1))
            .await
    }

    async fn read_in<T, F>(&self, work: F, sight: Sight, patience: Duration) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<T, Stop>> + Send + 'static,
    {
        let engine = self.engine.clone();
        // In a task of its own: a connection whose query was dropped half-way could go back to the pool busy.
        let done = tokio::spawn(async move {
            let mut tx = match &engine {
                Engine::Sqlite { readers, .. } => Tx::Sqlite(readers.acquire().await?),
                Engine::Postgres(pool) => Tx::Postgres(pool.acquire().await?),
            };
            if sight == Sight::Statement {
                return work(&mut tx).await;
            }
            let begin = match tx {
                Tx::Sqlite(_) => "begin",
                Tx::Postgres(_) => "begin isolation level repeatable read read only",
            };
            run!(&mut tx, begin)?;
            if sight == Sight::Unhurried && matches!(tx, Tx::Postgres(_)) {
                run!(&mut tx, "set local statement_timeout = 0")?;
            }
            let result = caught(work, &mut tx).await;
            if result.is_err() || run!(&mut tx, "rollback").is_err() {
                // It must not go back to the pool with the snapshot open.
                tx.discard().await;
            }
            result.unwrap_or_else(|Panicked| Err(Fault::internal("reading work panicked").into()))
        });
        match tokio::time::timeout(patience, done).await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => Err(Fault::from(panic).into()),
            Err(_) => {
                Err(Fault::new(FaultKind::Database, anyhow::anyhow!("no answer in time")).into())
            }
        }
    }

    /// Waits for the work that is under way and closes every connection.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { readers, door } => {
                readers.close().await;
                door.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

/// Why nobody can connect there.
async fn cause(options: &PgConnectOptions) -> Fault {
    let attempt = PgConnection::connect_with(options);
    match tokio::time::timeout(Duration::from_secs(1), attempt).await {
        Ok(Err(error)) => error.into(),
        Ok(Ok(_)) | Err(_) => sqlx::Error::PoolTimedOut.into(),
    }
}

async fn write_postgres<T, F>(pool: &PgPool, work: F) -> Result<T, Stop>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<T, Stop>> + Send + 'static,
{
    let mut tx = Tx::Postgres(pool.acquire().await?);
    run!(&mut tx, "begin")?;
    let result = caught(work, &mut tx).await;
    let ended = match &result {
        Ok(Ok(_)) => run!(&mut tx, "commit").map(|_| ()),
        _ => run!(&mut tx, "rollback").map(|_| ()),
    };
    if ended.is_err() || result.is_err() {
        // What state the connection is in is anybody's guess: it does not go back to the pool.
        tx.discard().await;
    }
    match result {
        Ok(Ok(value)) => {
            // A commit whose answer was lost may have happened: the event's stored result tells when it is asked again.
            ended.map_err(|error| Fault::new(FaultKind::Timeout, error))?;
            Ok(value)
        }
        Ok(Err(stop)) => Err(stop),
        Err(Panicked) => Err(Fault::internal("work in a transaction panicked").into()),
    }
}

/// Work that panicked instead of ending.
struct Panicked;

/// Runs work to its end or its panic, wherever in it that happens.
async fn caught<T, F>(work: F, tx: &mut Tx) -> Result<Result<T, Stop>, Panicked>
where
    F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<T, Stop>>,
{
    use futures_util::FutureExt as _;
    std::panic::AssertUnwindSafe(async { work(tx).await })
        .catch_unwind()
        .await
        .map_err(|_| Panicked)
}

/// A write touched another number of rows than it must.
pub(crate) fn exactly(rows: u64, expected: u64, what: &'static str) -> Result<(), Fault> {
    if rows == expected {
        Ok(())
    } else {
        Err(Fault::internal(format!(
            "{what}: {rows} rows touched instead of {expected}"
        )))
    }
}
