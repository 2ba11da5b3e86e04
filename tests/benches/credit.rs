//! How many credits a second are added for good, by one caller and by 32, beside the bare minimum that any database has to
//! do for that: `cargo bench --bench credit`. A complete add is two events through the whole pipeline, the command that
//! drafts it and the press that confirms it, each with a commit of its own. Smaller and quicker:
//! `BURSAR_BENCH_ADDS=100`; one engine alone: `BURSAR_BENCH_ENGINE=postgres`.

#[expect(dead_code, reason = "the other benchmark, or a test, needs more of it")]
mod ground;
#[expect(dead_code, reason = "tests need more of it")]
#[path = "../support/mod.rs"]
mod support;

use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bursar::chat::{Action, Ask, Reply, Tone, Values};
use bursar::domain::ids::ClientId;
use bursar::pipeline::{Desk, Pipeline};
use bursar::services::House;
use bursar::store::Tx;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Executor as _, PgPool, SqlitePool};
use tokio::time::Instant;

use ground::bulk::{Bulk, Row};
use ground::figures::{Table, Times};
use ground::names::Names;
use ground::{desk, size, wanted};
use support::Database;

/// The first client's identifier.
const FIRST: i64 = 5_000_000_000;
/// Clients; each add goes to the next of them.
const CLIENTS: i64 = 20_000;
/// How many callers there are at most, each an admin of his own.
const MANY: i64 = 32;
/// How often one caller and many, the minimum and the pipeline take turns.
const ROUNDS: usize = 5;

/// The least that keeps a credit: one small row in a commit of its own, as durable as the store's.
#[derive(Debug, Clone)]
enum Bare {
    /// SQLite has one writer.
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

const TABLE: &str = "create table bare (id bigint not null primary key, client_id bigint not null, amount bigint not null)";
const INSERT: &str = "insert into bare (id, client_id, amount) values ($1, $2, $3)";

impl Bare {
    async fn open(db: &Database) -> Self {
        if let Some(path) = db.url.strip_prefix("sqlite://") {
            // A file of its own beside the store's, with the store's settings.
            let options = SqliteConnectOptions::from_str(&format!("sqlite://{path}.bare"))
                .unwrap()
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full);
            let one = SqlitePoolOptions::new().max_connections(1);
            let pool = one.connect_with(options).await.unwrap();
            pool.execute(TABLE).await.unwrap();
            return Self::Sqlite(pool);
        }
        let many = PgPoolOptions::new()
            .max_connections(32)
            .test_before_acquire(false);
        let pool = many.connect(&db.url).await.unwrap();
        pool.execute(TABLE).await.unwrap();
        Self::Postgres(pool)
    }

    /// One caller's share, on one connection.
    async fn insert(&self, ids: impl Iterator<Item = i64>) {
        match self {
            Self::Sqlite(pool) => {
                let mut connection = pool.acquire().await.unwrap();
                for id in ids {
                    let row = sqlx::query(INSERT).bind(id).bind(FIRST).bind(1_i64);
                    row.execute(&mut *connection).await.unwrap();
                }
            }
            Self::Postgres(pool) => {
                let mut connection = pool.acquire().await.unwrap();
                for id in ids {
                    let row = sqlx::query(INSERT).bind(id).bind(FIRST).bind(1_i64);
                    row.execute(&mut *connection).await.unwrap();
                }
            }
        }
    }
}

/// The pipeline, and which client is next.
struct Course {
    desk: Arc<Pipeline>,
    next: AtomicI64,
}

impl Course {
    /// One complete add, from the command to the card that says that it is done.
    async fn add(&self, user: i64) -> Duration {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let client = ClientId(FIRST + number % CLIENTS);
        let values = Values::from([
            ("client", format!("#{client}")),
            ("amount", "500".to_owned()),
        ]);
        let ask = Ask::Command {
            name: "credit add".to_owned(),
            values,
        };
        let begun = Instant::now();
        let draft = self.desk.handle(desk::event(user, ask)).await;
        let confirm = confirm(&draft);
        let done = self
            .desk
            .handle(desk::event(user, Ask::Press(confirm)))
            .await;
        let time = begun.elapsed();
        assert_eq!(done.card.tone, Tone::Good, "{:?}", done.card);
        time
    }
}

fn confirm(draft: &Reply) -> String {
    let mut actions = draft.buttons.iter().flatten().map(|button| &button.action);
    let confirm = actions.find(|action| matches!(action, Action::Confirm(_)));
    confirm
        .unwrap_or_else(|| panic!("{:?}", draft.card))
        .to_string()
}

/// What was done in how long, over all rounds.
#[derive(Debug, Default)]
struct Rate {
    count: usize,
    time: Duration,
    each: Times,
}

impl Rate {
    fn a_second(&self) -> f64 {
        f64::from(u32::try_from(self.count).unwrap()) / self.time.as_secs_f64()
    }
}

async fn bare(pool: &Bare, callers: i64, count: usize, next: &AtomicI64, into: &mut Rate) {
    let share = i64::try_from(count).unwrap() / callers;
    let first = next.fetch_add(share * callers, Ordering::Relaxed);
    let begun = Instant::now();
    let callers: Vec<_> = (0..callers)
        .map(|caller| {
            let pool = pool.clone();
            let from = first + caller * share;
            tokio::spawn(async move { pool.insert(from..from + share).await })
        })
        .collect();
    into.count += usize::try_from(share).unwrap() * callers.len();
    for caller in callers {
        caller.await.unwrap();
    }
    into.time += begun.elapsed();
}

async fn adds(course: &Arc<Course>, callers: i64, count: usize, into: &mut Rate) {
    let share = count / usize::try_from(callers).unwrap();
    let begun = Instant::now();
    let callers: Vec<_> = (1..=callers)
        .map(|user| {
            let course = course.clone();
            tokio::spawn(async move {
                let mut times = Times::default();
                for _ in 0..share {
                    times.add(course.add(user).await);
                }
                times
            })
        })
        .collect();
    into.count += share * callers.len();
    for caller in callers {
        into.each.join(&caller.await.unwrap());
    }
    into.time += begun.elapsed();
}

async fn prepare(db: &Database) -> House {
    let names = Names::new(2);
    let mut bulk = Bulk::connect(&db.url).await;
    let count = usize::try_from(CLIENTS).unwrap();
    bulk.clients(count, &names, |number, client| Row {
        id: FIRST + i64::try_from(number).unwrap(),
        client,
        class: "RESELLER",
        reseller: None,
    })
    .await;
    bulk.people(FIRST..FIRST + CLIENTS).await;
    bulk.close().await;
    desk::house(&db.store, MANY).await
}

/// What was confirmed is in the database, once, and everything still holds.
async fn check(house: &House, count: i64) {
    let now = house.now();
    let done = house.store.snapshot(move |tx| {
        Box::pin(async move {
            let sql = "select next - 1 from series where issuer_id = 0";
            let invoices: i64 = match tx {
                Tx::Sqlite(connection) => {
                    sqlx::query_scalar(sql).fetch_one(&mut **connection).await?
                }
                Tx::Postgres(connection) => {
                    sqlx::query_scalar(sql).fetch_one(&mut **connection).await?
                }
            };
            Ok((invoices, tx.breaches(now, true).await?))
        })
    });
    let (invoices, breaches) = done.await.unwrap();
    assert_eq!(invoices, count, "one invoice an add");
    assert_eq!(breaches.first(), None);
}

async fn run() {
    let count = size("BURSAR_BENCH_ADDS", 4_000);
    let mut databases = Vec::new();
    if wanted("sqlite") {
        databases.push(Database::sqlite().await);
    }
    if wanted("postgres") {
        databases.extend(Database::postgres().await);
    }
    let mut table = Table::new([
        "engine",
        "callers",
        "minimum/s",
        "adds/s",
        "of minimum",
        "of one caller",
        "p50 ms",
        "p99 ms",
    ]);
    for db in databases {
        let house = prepare(&db).await;
        let course = Arc::new(Course {
            desk: desk::desk(&house),
            next: AtomicI64::new(0),
        });
        let pool = Bare::open(&db).await;
        let next = AtomicI64::new(1);
        // The first ones warm up.
        let mut warm = Rate::default();
        adds(&course, MANY, 320, &mut warm).await;
        bare(&pool, MANY, 320, &next, &mut warm).await;
        let mut rates = [1, MANY].map(|callers| (callers, Rate::default(), Rate::default()));
        for _ in 0..ROUNDS {
            for (callers, minimum, added) in &mut rates {
                bare(&pool, *callers, count / ROUNDS, &next, minimum).await;
                adds(&course, *callers, count / ROUNDS, added).await;
            }
        }
        let alone = rates[0].2.a_second();
        for (callers, minimum, added) in &rates {
            table.row(vec![
                db.engine.to_owned(),
                callers.to_string(),
                format!("{:.0}", minimum.a_second()),
                format!("{:.0}", added.a_second()),
                format!("1/{:.1}", minimum.a_second() / added.a_second()),
                format!("{:.2}", added.a_second() / alone),
                format!("{:.2}", added.each.percentile(50)),
                format!("{:.2}", added.each.percentile(99)),
            ]);
        }
        check(&house, course.next.load(Ordering::Relaxed)).await;
        match pool {
            Bare::Sqlite(pool) => pool.close().await,
            Bare::Postgres(pool) => pool.close().await,
        }
        drop(course);
        db.remove().await;
    }
    println!(
        "Each add: a draft and its confirmation, two commits; the minimum: one row, one commit.\n"
    );
    table.print();
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    // In a task, as everything is that the adapters do: the thread that waits here is no worker.
    runtime.block_on(async { tokio::spawn(run()).await.unwrap() });
}
