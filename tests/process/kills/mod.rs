//! The bot is killed again and again while people add credit in both messengers, take it back, settle invoices and move
//! clients. Nothing that somebody was told may be
//! lost, nothing may be done twice, and in the end everybody knows how his request ended.
//!
//! 200 kills on SQLite and 50 on PostgreSQL in CI, else 10 and 5; `BURSAR_TEST_KILLS` sets another number and
//! `BURSAR_TEST_SEED` repeats a run's choices.

mod affairs;
mod books;
mod chores;
mod desk;
mod phone;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bursar::clock::Random;
use bursar::sandbox::faults::{Fault, Rule};
use tokio::task::JoinSet;

use self::affairs::{Affair, Kind, Town};
use self::chores::{Clerk, Work};
use crate::bot::Bot;
use crate::meddle::{Stall, tamper};
use crate::stage::{Stage, clients};
use crate::support::{Database, programs};

/// How long everything may take to come to its end once the bot is left alone: messengers take a message a second.
const SETTLED: Duration = Duration::from_mins(6);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let db = Database::sqlite().await;
    run(&db, if programs::is_ci() { 200 } else { 10 }).await;
    db.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    if let Some(db) = Database::postgres().await {
        run(&db, if programs::is_ci() { 50 } else { 5 }).await;
        db.remove().await;
    }
}

fn setting(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is no number")),
    )
}

/// Says how to repeat a run that fails.
struct Repeat {
    seed: u64,
    kills: u64,
}

impl Drop for Repeat {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { seed, kills } = self;
            eprintln!("to repeat: BURSAR_TEST_SEED={seed} BURSAR_TEST_KILLS={kills}");
        }
    }
}

async fn run(db: &Database, kills: u64) {
    let kills = setting("BURSAR_TEST_KILLS").unwrap_or(kills);
    let seed = setting("BURSAR_TEST_SEED").unwrap_or_else(|| Random::system().number());
    let _repeat = Repeat { seed, kills };
    let random = Random::seeded(seed);
    clients(db).await;
    chores::clients(db).await;
    let stage = Stage::new(&db.url).await;
    let first = stage.running().await;
    stage.link().await;
    first.kill().await;

    let town = Arc::new(Town::new(&stage));
    let enough = Arc::new(AtomicBool::new(false));
    let mut people = JoinSet::new();
    for kind in Kind::ALL {
        let (town, enough) = (town.clone(), enough.clone());
        people.spawn(async move {
            let mut settled = Vec::new();
            // At least one of each kind, so that none is missing where there are few kills.
            while settled.is_empty() || !enough.load(Ordering::Relaxed) {
                settled.push(town.clone().settle(kind).await);
            }
            settled
        });
    }
    let mut clerks = JoinSet::new();
    for clerk in Clerk::ALL {
        let (town, store, enough) = (town.clone(), db.store.clone(), enough.clone());
        clerks.spawn(town.chores(clerk, store, enough));
    }
    for _ in 0..kills {
        once_more(&stage, db, &random).await;
    }
    enough.store(true, Ordering::Relaxed);
    stage.sandbox.discord.faults().clear();
    stage.sandbox.telegram.faults().clear();

    // What the dead had in hand would wait for its lease; so that nobody waits for that, the leases are over.
    tamper(db, "update outbox set next_at = 0 where state = 'leased'").await;
    let last = stage.run();
    let settled = async {
        let mut affairs: Vec<Affair> = Vec::new();
        while let Some(done) = people.join_next().await {
            affairs.extend(done.unwrap());
        }
        let mut chores: Vec<Work> = Vec::new();
        while let Some(done) = clerks.join_next().await {
            chores.push(done.unwrap());
        }
        (affairs, chores)
    };
    let Ok((affairs, chores)) = tokio::time::timeout(SETTLED, settled).await else {
        panic!("not settled: {}\n{}", town.open(), last.logged());
    };
    drained(db, &last).await;
    let requests = affairs.iter().map(|affair| affair.request.as_str());
    let settled = requests.chain(chores.iter().flat_map(Work::settled));
    let settled = settled.map(str::to_owned).collect();
    books::bring_up_to_date(&stage, &settled).await;
    drained(db, &last).await;
    last.stop().await.well();
    stage.bursar(&["audit"]).await.well();
    books::check(&stage, db, &affairs, &chores).await;
    println!(
        "{} conversations under {kills} kills (seed {seed}), and {} chores",
        affairs.len(),
        chores.iter().flat_map(Work::settled).count(),
    );
}

/// Starts the bot, perhaps waits until it is ready, perhaps makes the database or a messenger slow, and kills it.
async fn once_more(stage: &Stage, db: &Database, random: &Random) {
    let discord = &stage.sandbox.discord;
    let sessions = discord.identified();
    let mut bot = stage.run();
    // Every third life is cut short while it begins.
    if !random.number().is_multiple_of(3) {
        bot.until_logged("on Telegram").await;
        while discord.identified() == sessions {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let spell = random.number() % 4;
    let stalled = (spell == 1).then(|| tokio::spawn(stall(db, random)));
    if spell == 2 {
        slow_messengers(stage, random);
    }
    tokio::time::sleep(Duration::from_millis(50 + random.number() % 851)).await;
    bot.kill().await;
    discord.faults().clear();
    stage.sandbox.telegram.faults().clear();
    if let Some(stalled) = stalled {
        stalled.await.unwrap();
    }
}

/// The database stands still for a while: what was begun hangs between its steps, where a kill hurts most.
fn stall(db: &Database, random: &Random) -> impl Future<Output = ()> + use<> {
    let time = Duration::from_millis(100 + random.number() % 800);
    // One table alone: two would be a deadlock.
    let table = ["inbox", "request", "outbox"][usize::try_from(random.number() % 3).unwrap()];
    let url = db.url.clone();
    async move {
        let stalled = Stall::begin(&url, table).await;
        tokio::time::sleep(time).await;
        stalled.end().await;
    }
}

/// What the bot says next takes long to arrive: it is killed between its deed and its word.
fn slow_messengers(stage: &Stage, random: &Random) {
    let slow = |matching: &str| Rule {
        fault: Fault::DelayCall {
            ms: 100 + random.number() % 500,
        },
        matching: matching.to_owned(),
        times: 20,
    };
    for matching in ["interactions", "messages"] {
        stage.sandbox.discord.fault(slow(matching));
    }
    for matching in ["sendMessage", "editMessageText", "answerCallbackQuery"] {
        stage.sandbox.telegram.faults().set(slow(matching));
    }
}

/// Waits until the bot owes nobody anything and has finished every update that it was given.
async fn drained(db: &Database, bot: &Bot) {
    let nothing_left = async {
        loop {
            let notices = db.store.notices_open().await.unwrap();
            let updates = db.store.inbox_unfinished().await.unwrap();
            if notices == 0 && updates.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let drained = tokio::time::timeout(SETTLED, nothing_left).await;
    assert!(
        drained.is_ok(),
        "the outbox is not drained:\n{}",
        bot.logged()
    );
}
