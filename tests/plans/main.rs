//! Every statement behind what people do all day has its index, on both engines: the day is done, each statement that
//! reached the database is recorded, and the database is asked how it would find the rows among very many.

#[path = "../benches/ground/mod.rs"]
#[expect(dead_code, reason = "the benchmarks need more of it")]
mod ground;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod support;

mod day;
mod explain;
mod recorder;

use tokio::sync::Mutex;

use support::Database;

/// The recorder hears everything in this process: one engine at a time.
static TURN: Mutex<()> = Mutex::const_new(());

/// What reads a table that grows from end to end all the same, by the beginning of its statement, with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[];

async fn check(db: Database) {
    let turn = TURN.lock().await;
    let day = day::Day::prepare(&db).await;
    recorder::start();
    day.pass().await;
    let statements = recorder::stop();
    recorder::start();
    let number = queries(&db).await;
    let audited = recorder::stop();
    drop(turn);
    assert!(statements.len() > 60, "{} statements", statements.len());
    for needed in [
        "client_term",
        "client_owner",
        "from identity",
        "into invoice",
        "update account",
        "into entry",
        "from vote",
        "from card",
        "from template",
        "into template",
        "update outbox",
        "o.client_id = p.client_id",
        "cast(sum(i.total - i.credited)",
        "(e.seq - $3) % $4",
        "update person set language",
        "into audit_log",
        "from audit_term",
        "update import_run",
        "delete from import_file",
        "into audit_chain",
        "from inbox",
        "conversation",
        "expires_at <=",
        "'pending'",
    ] {
        let some = statements
            .iter()
            .any(|statement| statement.contains(needed));
        assert!(some, "nothing with {needed:?} was recorded");
    }
    let mut faults = Vec::new();
    for statement in &statements {
        let excepted = |(beginning, _): &(&str, &str)| statement.starts_with(beginning);
        if !EXCEPTIONS.iter().any(excepted) {
            faults.extend(explain::faults(&db, statement).await);
        }
    }
    let asked = audited.iter().filter(|text| text.starts_with("select"));
    let asked: Vec<_> = asked.collect();
    assert!(asked.len() >= number, "{} of {number}", asked.len());
    for statement in asked {
        faults.extend(explain::loops(&db, statement).await);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    db.remove().await;
}

/// Asks each query of the audit once; says how many there are.
async fn queries(db: &Database) -> usize {
    let asked = db.store.snapshot(|tx| {
        Box::pin(async move {
            let mut number = 0;
            while tx.breaches_by(number).await?.is_some() {
                number += 1;
            }
            Ok(number)
        })
    });
    asked.await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    check(Database::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    if let Some(db) = Database::postgres().await {
        check(db).await;
    }
}
