//! How long it takes to move a file of clients in, beside the database's own way to load the same rows into the same tables:
//! `cargo bench --bench moving_in`. The file is read, judged twice and moved in chunk by chunk with its audit log; the other
//! side writes ready-made rows in one transaction, with prepared inserts on SQLite and with COPY on PostgreSQL. Both are as
//! durable. Smaller and quicker: `BURSAR_BENCH_CLIENTS=10000`; one engine alone: `BURSAR_BENCH_ENGINE=postgres`.

#[expect(dead_code, reason = "the other benchmarks, or a test, need more of it")]
mod ground;
#[expect(dead_code, reason = "tests need more of it")]
#[path = "../support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bursar::domain::client::Searchable;
use bursar::domain::credits::CreditUnit;
use bursar::domain::sheet;
use bursar::services::import::{Existing, File, Manner};
use tokio::time::Instant;

use ground::bulk::{Bulk, Cell};
use ground::figures::Table;
use ground::names::{Client, Names};
use ground::{desk, size, wanted};
use support::Database;

/// How often both sides take turns, each on a fresh database.
const ROUNDS: usize = 3;
/// Every so many rows one is a reseller; the others are his clients, a third of them apart.
const RESELLERS: usize = 100;
/// The first identifier of the bare rows.
const FIRST: i64 = 5_000_000_000;

#[tokio::main]
async fn main() {
    let clients = size("BURSAR_BENCH_CLIENTS", 100_000_usize);
    let names = Names::new(20_260_101);
    let clients: Vec<Client> = (0..clients).map(|number| names.client(number)).collect();
    let file = file(&clients);
    println!(
        "{} clients, a file of {} MB\n",
        clients.len(),
        file.len() / 1_000_000
    );
    let mut table = Table::new(["", "bare", "moving in", "ratio"]);
    for engine in ["sqlite", "postgres"] {
        if !wanted(engine) {
            continue;
        }
        let (mut bare, mut moved) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let Some(db) = fresh(engine).await else {
                break;
            };
            bare.push(load(&db, &clients).await);
            db.remove().await;
            let Some(db) = fresh(engine).await else {
                break;
            };
            moved.push(move_in(&db, &file, clients.len()).await);
            db.remove().await;
        }
        if bare.is_empty() {
            println!("{engine} is not installed");
            continue;
        }
        let (bare, moved) = (middle(bare), middle(moved));
        table.row(vec![
            engine.to_owned(),
            format!("{:.2} s", bare.as_secs_f64()),
            format!("{:.2} s", moved.as_secs_f64()),
            format!("{:.2}", moved.as_secs_f64() / bare.as_secs_f64()),
        ]);
    }
    table.print();
}

async fn fresh(engine: &str) -> Option<Database> {
    match engine {
        "sqlite" => Some(Database::sqlite().await),
        _ => Database::postgres().await,
    }
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The row of a client's reseller, where it has one.
fn reseller(number: usize) -> Option<usize> {
    (!number.is_multiple_of(RESELLERS) && !number.is_multiple_of(3))
        .then_some(number - number % RESELLERS)
}

/// What a client brings along; a few bring nothing.
fn brings(number: usize) -> i64 {
    i64::try_from(number % 1_000).unwrap()
}

fn file(clients: &[Client]) -> String {
    let mut file = String::from("id,username,name,email,phone,class,status,reseller,balance\r\n");
    for (number, client) in clients.iter().enumerate() {
        let id = format!("{}", number + 1);
        let class = if number.is_multiple_of(RESELLERS) {
            "RESELLER"
        } else {
            "USER"
        };
        let owner = reseller(number).map_or("", |owner| clients[owner].username.as_str());
        let balance = brings(number).to_string();
        // Nobody shares a phone number.
        let phone = if client.phone.is_empty() {
            String::new()
        } else {
            format!("+1 {:09}", 100_000_000 + number)
        };
        let row = [
            &id,
            &client.username,
            &client.name,
            &client.email,
            &phone,
            class,
            "active",
            owner,
            &balance,
        ];
        write!(file, "{}", sheet::line(row)).unwrap();
    }
    file
}

/// Loads the rows that moving in would write, the audit log apart, and says how long that took.
async fn load(db: &Database, clients: &[Client]) -> Duration {
    let (mut rows, mut accounts, mut owners, mut terms) = (vec![], vec![], vec![], vec![]);
    let (mut postings, mut entries) = (vec![], vec![]);
    let int = Cell::Int;
    let text = |text: &str| Cell::Text(text.to_owned());
    let (mut house, mut seq) = (0, 0);
    for (number, client) in clients.iter().enumerate() {
        let id = FIRST + i64::try_from(number).unwrap();
        let phone = if client.phone.is_empty() {
            String::new()
        } else {
            format!("+1 {:09}", 100_000_000 + number)
        };
        let found = Searchable {
            name: &client.name,
            username: &client.username,
            email: &client.email,
            phone: &phone,
        };
        let is_reseller = number.is_multiple_of(RESELLERS);
        let owner = reseller(number).map(|owner| FIRST + i64::try_from(owner).unwrap());
        rows.push(vec![
            int(id),
            text(&client.username),
            text(&client.name),
            text(&client.email),
            text(&phone),
            text(if is_reseller { "RESELLER" } else { "USER" }),
            text("active"),
            owner.map_or(Cell::Null, Cell::Int),
            text(&found.line()),
            int(1_800_000_000_000),
            text(&(number + 1).to_string()),
        ]);
        let amount = brings(number);
        accounts.push(vec![
            int(id),
            int(id),
            int(0),
            int(amount),
            int(i64::from(amount > 0)),
        ]);
        for owner in [Some(0), owner, is_reseller.then_some(id)]
            .into_iter()
            .flatten()
        {
            owners.push(vec![int(owner), int(id)]);
            for (kind, term) in found.terms() {
                terms.push(vec![
                    int(owner),
                    int(i64::from(kind.number())),
                    text(&term),
                    int(id),
                ]);
            }
        }
        if amount > 0 {
            house -= amount;
            seq += 1;
            postings.push(vec![
                int(id),
                text("opening"),
                text(&format!("opening:id:{}", number + 1)),
                text(&"0".repeat(64)),
                int(id),
                int(1_800_000_000_000),
            ]);
            entries.push(vec![
                int(1),
                int(seq),
                int(id),
                int(-amount),
                int(house),
                Cell::Null,
            ]);
            entries.push(vec![
                int(id),
                int(1),
                int(id),
                int(amount),
                int(amount),
                int(0),
            ]);
        }
    }
    let mut bulk = Bulk::durable(&db.url).await;
    let begun = Instant::now();
    bulk.execute("begin").await;
    let columns =
        "id, username, name, email, phone, class, status, reseller_id, line, created_at, old_id";
    bulk.insert("client", columns, rows).await;
    bulk.insert("account", "id, client_id, floor, balance, seq", accounts)
        .await;
    bulk.insert("client_owner", "owner_id, client_id", owners)
        .await;
    bulk.insert("client_term", "owner_id, kind, term, client_id", terms)
        .await;
    bulk.insert(
        "posting",
        "id, kind, key, digest, client_id, created_at",
        postings,
    )
    .await;
    bulk.insert(
        "entry",
        "account_id, seq, posting_id, amount, balance, floor",
        entries,
    )
    .await;
    bulk.execute(&format!(
        "update account set balance = {house}, seq = {seq} where id = 1"
    ))
    .await;
    bulk.execute("commit").await;
    let time = begun.elapsed();
    bulk.close().await;
    time
}

/// Moves the file in, from its bytes to the last commit, and says how long that took.
async fn move_in(db: &Database, file: &str, clients: usize) -> Duration {
    let house = desk::house(&db.store, 1).await;
    let manner = Manner {
        name: "clients.csv".to_owned(),
        existing: Existing::Leave,
        admins: true,
        person: None,
        actor: "host".to_owned(),
        request: None,
    };
    let begun = Instant::now();
    let file = Arc::new(File::read(file.as_bytes(), CreditUnit::new(0)).unwrap());
    let outlook = house.look_through(&file, &manner, |_| {}).await.unwrap();
    let looked = begun.elapsed();
    assert_eq!(outlook.problems, []);
    let outcome = house
        .move_in(&file, &manner, outlook, |_| {})
        .await
        .unwrap();
    let time = begun.elapsed();
    assert_eq!(outcome.tally.created, i64::try_from(clients).unwrap());
    println!(
        "{}: looked through in {:.2} s, all of it in {:.2} s",
        db.engine,
        looked.as_secs_f64(),
        time.as_secs_f64()
    );
    time
}
