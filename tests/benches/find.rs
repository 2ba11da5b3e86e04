//! How long a search takes through the whole pipeline, beside the bare range scan that it rests on: `cargo bench --bench
//! find`. Smaller and quicker: `BURSAR_BENCH_CLIENTS=20000 BURSAR_BENCH_QUERIES=200`; one engine alone:
//! `BURSAR_BENCH_ENGINE=sqlite`.

#[expect(dead_code, reason = "the other benchmark, or a test, needs more of it")]
mod ground;
#[expect(dead_code, reason = "tests need more of it")]
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;
use std::time::Duration;

use bursar::chat::{Action, Ask, Reply, Values};
use bursar::domain::client::Query;
use bursar::domain::ids::{ClientId, PersonId};
use bursar::domain::role::Role;
use bursar::pipeline::{Desk, Pipeline};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use tokio::time::Instant;

use ground::bulk::{Bulk, Row};
use ground::figures::{Table, Times};
use ground::names::Names;
use ground::{desk, size, wanted};
use support::Database;

/// The first client's identifier.
const FIRST: i64 = 5_000_000_000;
/// The client who is a reseller with ten clients, and the one with a tenth of all.
const SMALL: usize = 0;
const LARGE: usize = 1;

/// Who searches: a Discord account, among the clients of this owner.
#[derive(Debug, Clone, Copy)]
struct Seeker {
    name: &'static str,
    user: i64,
    owner: i64,
}

/// What is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Letters,
    Words,
    Phone,
    Nothing,
    SecondPage,
}

impl What {
    const ALL: [(Self, &'static str, usize); 5] = [
        (Self::Letters, "two letters", 1),
        (Self::Words, "two words", 5),
        (Self::Phone, "phone", 5),
        (Self::Nothing, "nothing", 5),
        (Self::SecondPage, "second page", 5),
    ];
}

#[derive(Debug, Clone, Default)]
struct Measured {
    bare: Times,
    find: Times,
    suggest: Times,
}

impl Measured {
    fn join(&mut self, other: &Self) {
        self.bare.join(&other.bare);
        self.find.join(&other.find);
        self.suggest.join(&other.suggest);
    }

    fn cells(&self) -> [String; 11] {
        let time = |times: &Times, percent| format!("{:.2}", times.percentile(percent));
        let ratio = |times: &Times, percent| {
            format!(
                "{:.1}",
                times.percentile(percent) / self.bare.percentile(percent)
            )
        };
        let some = |times: &Times, cell: String| {
            if times.count() == 0 {
                "-".to_owned()
            } else {
                cell
            }
        };
        [
            self.bare.count().to_string(),
            time(&self.bare, 50),
            time(&self.bare, 99),
            time(&self.find, 50),
            time(&self.find, 99),
            ratio(&self.find, 50),
            ratio(&self.find, 99),
            some(&self.suggest, time(&self.suggest, 50)),
            some(&self.suggest, time(&self.suggest, 99)),
            some(&self.suggest, ratio(&self.suggest, 50)),
            some(&self.suggest, ratio(&self.suggest, 99)),
        ]
    }
}

/// A plain connection and the scan that a search cannot do without: each kind of term in its range, the rows fetched.
enum Bare {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

type Fetched = (i64, String, String, String, String, String, String);

impl Bare {
    async fn connect(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            Self::Sqlite(Box::new(SqliteConnection::connect(url).await.unwrap()))
        } else {
            Self::Postgres(Box::new(PgConnection::connect(url).await.unwrap()))
        }
    }

    async fn scan(&mut self, owner: i64, prefix: &str) -> usize {
        let one = |kind: i64| {
            format!(
                "select * from (select kind, term, client_id from client_term
                 where owner_id = $1 and kind = {kind} and term >= $2 and term < $3 order by term, client_id limit 25) t{kind}"
            )
        };
        let scans = [0, 1, 2, 3, 4].map(one).join(" union all ");
        let sql = format!(
            "select c.id, c.username, c.name, c.email, c.phone, c.class, c.status
             from ({scans} order by kind, term, client_id limit 25) f join client c on c.id = f.client_id
             order by f.kind, f.term, f.client_id"
        );
        let end = format!("{prefix}\u{10ffff}");
        let sql = AssertSqlSafe(sql);
        let found: Vec<Fetched> = match self {
            Self::Sqlite(connection) => {
                let query = sqlx::query_as(sql).bind(owner).bind(prefix).bind(end);
                query.fetch_all(&mut **connection).await.unwrap()
            }
            Self::Postgres(connection) => {
                let query = sqlx::query_as(sql).bind(owner).bind(prefix).bind(end);
                query.fetch_all(&mut **connection).await.unwrap()
            }
        };
        found.len()
    }

    /// Name, username and phone of a client, to make queries of.
    async fn client(&mut self, id: i64) -> (String, String, String) {
        let sql = "select name, username, phone from client where id = $1";
        match self {
            Self::Sqlite(connection) => {
                sqlx::query_as(sql)
                    .bind(id)
                    .fetch_one(&mut **connection)
                    .await
            }
            Self::Postgres(connection) => {
                sqlx::query_as(sql)
                    .bind(id)
                    .fetch_one(&mut **connection)
                    .await
            }
        }
        .unwrap()
    }
}

/// Everything that one engine is measured with.
struct Course {
    desk: Arc<Pipeline>,
    bare: Bare,
    names: Names,
    clients: usize,
}

impl Course {
    async fn find(&self, user: i64, ask: Ask) -> (Reply, Duration) {
        let event = desk::event(user, ask);
        let begun = Instant::now();
        let reply = self.desk.handle(event).await;
        (reply, begun.elapsed())
    }

    async fn suggest(&self, user: i64, typed: &str) -> Duration {
        let event = desk::event(
            user,
            Ask::Suggest {
                command: "client find".to_owned(),
                option: "client".to_owned(),
                typed: typed.to_owned(),
                values: Values::default(),
            },
        );
        let begun = Instant::now();
        self.desk.suggest(event).await;
        begun.elapsed()
    }

    async fn scan(&mut self, owner: i64, typed: &str) -> Duration {
        let words = Query::new(typed).unwrap().words;
        let prefix = words
            .iter()
            .max_by_key(|word| word.chars().count())
            .unwrap();
        let begun = Instant::now();
        self.bare.scan(owner, prefix).await;
        begun.elapsed()
    }

    /// The same search thrice, each time with another of the three first, so that none always finds the pages at hand.
    async fn measure(
        &mut self,
        seeker: Seeker,
        what: What,
        typed: &str,
        turn: usize,
        into: &mut Measured,
    ) {
        let mut ask = find(typed);
        if what == What::SecondPage {
            let (first, _) = self.find(seeker.user, ask).await;
            let Some(next) = next_page(&first) else {
                return;
            };
            ask = Ask::Press(next);
        }
        for step in 0..3 {
            match (turn + step) % 3 {
                0 => into.bare.add(self.scan(seeker.owner, typed).await),
                1 => {
                    let (reply, time) = self.find(seeker.user, ask.clone()).await;
                    let found = reply.buttons.iter().flatten().count() > 0;
                    assert!(
                        found != (what == What::Nothing),
                        "{typed:?}: {:?}",
                        reply.card
                    );
                    into.find.add(time);
                }
                _ if what != What::SecondPage => {
                    into.suggest.add(self.suggest(seeker.user, typed).await);
                }
                _ => {}
            }
        }
    }

    /// What somebody might type who looks for a client within this scope.
    async fn typed(&mut self, seeker: Seeker, what: What) -> String {
        loop {
            let number = match seeker.user {
                1 => self.names.below(self.clients),
                2 => 2 + self.names.below(10),
                _ => 25 + 10 * self.names.below(self.clients / 10 - 2),
            };
            let id = FIRST + i64::try_from(number).unwrap();
            let (name, username, phone) = self.bare.client(id).await;
            let words: Vec<&str> = name.split_whitespace().collect();
            let start = |word: &str, length| word.chars().take(length).collect::<String>();
            return match what {
                What::Letters | What::SecondPage => {
                    let place = self.names.below(words.len() + 1);
                    start(words.get(place).unwrap_or(&username.as_str()), 2)
                }
                What::Words if words.len() < 2 => continue,
                What::Words => {
                    let (first, last) = (words[0], words[words.len() - 1]);
                    match self.names.below(4) {
                        0 => format!("{last} {}", start(first, 2)),
                        _ => format!("{first} {}", start(last, 3)),
                    }
                }
                What::Phone if phone.is_empty() => continue,
                What::Phone => start(&phone, 6 + self.names.below(3)),
                What::Nothing => format!("{}qx{number}", start(&name, 1)),
            };
        }
    }
}

fn find(typed: &str) -> Ask {
    Ask::Command {
        name: "client find".to_owned(),
        values: Values::from([("client", typed)]),
    }
}

/// The payload of a reply's button to the next page.
fn next_page(reply: &Reply) -> Option<String> {
    let actions = reply.buttons.iter().flatten().map(|button| &button.action);
    actions
        .filter(|action| matches!(action, Action::Find { after: Some(_), .. }))
        .map(ToString::to_string)
        .next()
}

async fn prepare(db: &Database, clients: usize) -> (Course, [Seeker; 3]) {
    let names = Names::new(1);
    let mut bulk = Bulk::connect(&db.url).await;
    let begun = Instant::now();
    let id = |number: usize| FIRST + i64::try_from(number).unwrap();
    bulk.clients(clients, &names, |number, client| Row {
        id: id(number),
        client,
        class: if number == SMALL || number == LARGE {
            "RESELLER"
        } else {
            "USER"
        },
        reseller: match number {
            2..12 => Some(id(SMALL)),
            _ if number > 20 && number % 10 == 5 => Some(id(LARGE)),
            _ => None,
        },
    })
    .await;
    bulk.close().await;
    println!(
        "{}: {clients} clients in {:.0} s",
        db.engine,
        begun.elapsed().as_secs_f64()
    );
    let house = desk::house(&db.store, 1).await;
    let seekers = [
        ("house", 1, 0),
        ("10 clients", 2, id(SMALL)),
        ("a tenth", 3, id(LARGE)),
    ]
    .map(|(name, user, owner)| Seeker { name, user, owner });
    for seeker in &seekers[1..] {
        let Seeker { user, owner, .. } = *seeker;
        let done = db.store.write(move |tx| {
            Box::pin(async move {
                let person = PersonId(user);
                let now = bursar::clock::Clock::system().now();
                tx.insert_person(
                    person,
                    "Reseller",
                    Some(Role::Reseller),
                    Some(ClientId(owner)),
                    now,
                )
                .await?;
                tx.insert_identity(person, desk::discord(user), "reseller", "en")
                    .await?;
                Ok(())
            })
        });
        done.await.unwrap();
    }
    let course = Course {
        desk: desk::desk(&house),
        bare: Bare::connect(&db.url).await,
        names,
        clients,
    };
    (course, seekers)
}

const HEADINGS: [&str; 13] = [
    "among",
    "searched",
    "times",
    "scan p50",
    "p99",
    "find p50",
    "p99",
    "x p50",
    "x p99",
    "suggest p50",
    "p99",
    "x p50",
    "x p99",
];

fn row(table: &mut Table, among: &str, searched: &str, measured: &Measured) {
    let mut cells = vec![among.to_owned(), searched.to_owned()];
    cells.extend(measured.cells());
    table.row(cells);
}

/// What people search for, on the whole.
async fn usual(course: &mut Course, seekers: &[Seeker], queries: usize) {
    let mut table = Table::new(HEADINGS);
    let mut everything = Measured::default();
    for &seeker in seekers {
        let mut scope = Measured::default();
        for (what, searched, share) in What::ALL {
            let mut measured = Measured::default();
            let mut distinct = std::collections::HashSet::new();
            for turn in 0..queries / share + 50 {
                if turn == 50 {
                    // The first ones warm up.
                    measured = Measured::default();
                }
                let typed = course.typed(seeker, what).await;
                course
                    .measure(seeker, what, &typed, turn, &mut measured)
                    .await;
                distinct.insert(typed);
            }
            let searched = format!("{searched} ({})", distinct.len());
            row(&mut table, seeker.name, &searched, &measured);
            scope.join(&measured);
        }
        row(&mut table, seeker.name, "all of these", &scope);
        everything.join(&scope);
    }
    row(&mut table, "everybody", "all of these", &everything);
    println!("Milliseconds, with the number of distinct searches:\n");
    table.print();
}

/// Searches that find far more than can be shown, or far less than they look at.
async fn hard(course: &mut Course, seekers: &[Seeker], turns: usize) {
    let searches = [
        "a",
        "m",
        "s",
        "王",
        "mohammed",
        "john",
        "anna",
        "kh",
        "user",
        "john smith",
        "mohammed i",
        "mohammed zyl",
        "mohammed smith",
        "khan john",
        "a s",
        "x q",
        "anna müller hotel",
    ];
    let mut table = Table::new(HEADINGS);
    for &seeker in [&seekers[0], &seekers[2]] {
        for typed in searches {
            let mut measured = Measured::default();
            for turn in 0..turns {
                for step in 0..3 {
                    match (turn + step) % 3 {
                        0 => measured.bare.add(course.scan(seeker.owner, typed).await),
                        1 => measured
                            .find
                            .add(course.find(seeker.user, find(typed)).await.1),
                        _ => measured
                            .suggest
                            .add(course.suggest(seeker.user, typed).await),
                    }
                }
            }
            row(&mut table, seeker.name, typed, &measured);
        }
        for (typed, pages) in [("mohammed", 60), ("jo", 60)] {
            let mut measured = Measured::default();
            let mut ask = Some(find(typed));
            let mut page = 0;
            while let Some(this) = ask.filter(|_| page < pages) {
                measured.bare.add(course.scan(seeker.owner, typed).await);
                let (reply, time) = course.find(seeker.user, this).await;
                measured.find.add(time);
                ask = next_page(&reply).map(Ask::Press);
                page += 1;
            }
            row(
                &mut table,
                seeker.name,
                &format!("{typed}, page by page"),
                &measured,
            );
        }
    }
    println!("Hard ones:\n");
    table.print();
}

async fn run() {
    let clients = size("BURSAR_BENCH_CLIENTS", 1_000_000);
    let queries = size("BURSAR_BENCH_QUERIES", 5_000);
    let mut databases = Vec::new();
    if wanted("sqlite") {
        databases.push(Database::sqlite().await);
    }
    if wanted("postgres") {
        databases.extend(Database::postgres().await);
    }
    for db in databases {
        let (mut course, seekers) = prepare(&db, clients).await;
        usual(&mut course, &seekers, queries).await;
        hard(&mut course, &seekers, (queries / 100).max(3)).await;
        drop(course);
        db.remove().await;
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    // In a task, as everything is that the adapters do: the thread that waits here is no worker.
    runtime.block_on(async { tokio::spawn(run()).await.unwrap() });
}
