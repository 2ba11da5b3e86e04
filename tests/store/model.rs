//! The ledger against a model that anybody can check by eye: a map of balances and a set of keys.

use std::collections::{HashMap, HashSet};

use bursar::domain::credits::Credits;
use bursar::domain::ids::AccountId;
use bursar::domain::refusal::Refusal;
use bursar::store::ledger::{NewPosting, Posted};
use bursar::store::{Stop, Store};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::sample::{balance, client, locked, moved, posting};
use crate::support::Database;
use crate::{change, look};

const CLIENTS: [i64; 4] = [100, 200, 300, 400];

#[derive(Debug, Clone)]
struct Step {
    from: i64,
    to: i64,
    amount: i64,
    key: u8,
}

#[derive(Debug, Default)]
struct Model {
    balances: HashMap<i64, i64>,
    entries: HashMap<i64, i64>,
    keys: HashSet<u8>,
}

#[derive(Debug, PartialEq, Eq)]
enum Came {
    Posted,
    Short,
    KeyTaken,
}

impl Model {
    fn post(&mut self, step: &Step) -> Came {
        if self.keys.contains(&step.key) {
            return Came::KeyTaken;
        }
        let has = self.balances.get(&step.from).copied().unwrap_or_default();
        if CLIENTS.contains(&step.from) && has < step.amount {
            return Came::Short;
        }
        self.keys.insert(step.key);
        for (account, amount) in [(step.from, -step.amount), (step.to, step.amount)] {
            *self.balances.entry(account).or_default() += amount;
            *self.entries.entry(account).or_default() += 1;
        }
        Came::Posted
    }
}

async fn post(store: &Store, id: i64, step: &Step) -> Came {
    let new = NewPosting {
        key: format!("key:{}", step.key),
        client: None,
        ..posting(id, 0)
    };
    let entries = moved(step.from, step.to, step.amount);
    let came = store
        .write(move |tx| {
            Box::pin(async move {
                match tx.post(&new, &entries).await? {
                    Posted::Done => Ok(()),
                    Posted::Short(_) => Err(Refusal::NotAllowed.into()),
                }
            })
        })
        .await;
    match came {
        Ok(()) => Came::Posted,
        Err(Stop::Refusal(_)) => Came::Short,
        Err(Stop::Fault(fault)) => {
            assert!(fault.cause().contains("posting.key"), "{}", fault.cause());
            Came::KeyTaken
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let account = prop_oneof![2 => 1..=3_i64, 5 => prop::sample::select(CLIENTS.to_vec())];
    let step = (account.clone(), account, 1..=120_i64, any::<u8>())
        .prop_filter("one account alone", |(from, to, ..)| from != to)
        .prop_map(|(from, to, amount, key)| Step {
            from,
            to,
            amount,
            key,
        });
    prop::collection::vec(step, 1..60)
}

#[test]
fn the_ledger_does_what_the_model_does() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let config = Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    };
    let checked = TestRunner::new(config).run(&steps(), |steps| {
        runtime.block_on(async {
            let db = Database::sqlite().await;
            for (id, name) in CLIENTS.into_iter().zip(["a", "b", "c", "d"]) {
                change!(db.store, |tx| tx
                    .insert_client(&client(id, name, name))
                    .await?)
                .unwrap();
            }
            let mut model = Model::default();
            for (id, step) in (1..).zip(&steps) {
                let came = post(&db.store, id, step).await;
                prop_assert_eq!(came, model.post(step), "step {}: {:?}", id, step);
            }
            for id in CLIENTS {
                let expected = (
                    Credits(model.balances.get(&id).copied().unwrap_or_default()),
                    model.entries.get(&id).copied().unwrap_or_default(),
                );
                prop_assert_eq!(look!(db.store, |tx| balance(tx, id).await?), expected);
                let entries = look!(db.store, |tx| tx.entries(AccountId(id), 1_000).await?);
                let (mut running, mut next) = (0, 1);
                for (seq, amount, balance) in entries.into_iter().rev() {
                    running += amount.0;
                    prop_assert_eq!((seq, balance.0), (next, running));
                    prop_assert!(running >= 0);
                    next += 1;
                }
                prop_assert!(look!(db.store, |tx| locked(tx, id).await?).is_some());
            }
            db.remove().await;
            Ok(())
        })
    });
    checked.unwrap();
}
