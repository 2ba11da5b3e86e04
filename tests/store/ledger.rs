//! The ledger: balances, floors, overflow, and many hands on one account.

use bursar::domain::credits::Credits;
use bursar::domain::ids::{AccountId, ClientId, PostingId};
use bursar::domain::posting::{Entry, PostingKind};
use bursar::domain::refusal::Refusal;
use bursar::fault::FaultKind;
use bursar::store::ledger::{NewPosting, Posted};
use bursar::store::{Stop, Tx};

use crate::sample::{balance, client, fault, fund, locked, moved, number, posting, sql, together};
use crate::support::Database;
use crate::{change, look, on_both};

async fn two_clients(db: &Database) {
    change!(db.store, |tx| {
        tx.insert_client(&client(100, "ada", "Ada")).await?;
        tx.insert_client(&client(200, "bob", "Bob")).await?;
    })
    .unwrap();
}

/// Posts, and refuses where the balance does not suffice, as a service does.
async fn pay(tx: &mut Tx, id: i64, (from, to): (i64, i64), amount: i64) -> Result<(), Stop> {
    match tx.post(&posting(id, to), &moved(from, to, amount)).await? {
        Posted::Done => Ok(()),
        Posted::Short(account) => {
            assert_eq!(account, AccountId(from));
            Err(Refusal::NotAllowed.into())
        }
    }
}

on_both! {
    async fn a_posting_moves_both_balances(db) {
        two_clients(db).await;
        let posted = change!(db.store, |tx| tx.post(&posting(1, 100), &moved(1, 100, 500)).await?).unwrap();
        assert_eq!(posted, Posted::Done);
        change!(db.store, |tx| pay(tx, 2, (100, 200), 200).await?).unwrap();
        let of = |account| async move {
            look!(db.store, |tx| tx.entries(AccountId(account), 10).await?)
        };
        assert_eq!(of(100).await, [(2, Credits(-200), Credits(300)), (1, Credits(500), Credits(500))]);
        assert_eq!(of(200).await, [(1, Credits(200), Credits(200))]);
        assert_eq!(of(1).await, [(1, Credits(-500), Credits(-500))]);
        assert_eq!(look!(db.store, |tx| tx.entries(AccountId(100), 1).await?).len(), 1, "newest first, cut");
        assert_eq!(look!(db.store, |tx| tx.entries(AccountId(999), 9).await?), []);
        assert_eq!(look!(db.store, |tx| locked(tx, 100).await?), Some((AccountId(100), Credits(300))));
        assert_eq!(look!(db.store, |tx| locked(tx, 999).await?), None);
    }
}

on_both! {
    async fn a_client_never_falls_below_his_floor(db) {
        two_clients(db).await;
        change!(db.store, |tx| fund(tx, 1, 100, 100).await?).unwrap();
        let short = change!(db.store, |tx| pay(tx, 2, (100, 200), 101).await?);
        assert!(matches!(short, Err(Stop::Refusal(_))));
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(100), 1));
        assert_eq!(look!(db.store, |tx| balance(tx, 200).await?), (Credits(0), 0));
        change!(db.store, |tx| pay(tx, 3, (100, 200), 100).await?).unwrap();
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(0), 2));
        let short = change!(db.store, |tx| pay(tx, 4, (100, 200), 1).await?);
        assert!(matches!(short, Err(Stop::Refusal(_))));
    }
}

on_both! {
    async fn the_short_account_is_named_whichever_side_comes_first(db) {
        two_clients(db).await;
        for (from, to) in [(100, 200), (200, 100)] {
            let posted = db.store.write(move |tx| Box::pin(async move {
                let posted = tx.post(&posting(1, to), &moved(from, to, 1)).await?;
                assert_eq!(posted, Posted::Short(AccountId(from)));
                Err::<(), _>(Refusal::NotAllowed.into())
            })).await;
            assert!(matches!(posted, Err(Stop::Refusal(_))));
        }
        assert_eq!(look!(db.store, |tx| number(tx, "select count(*) from posting").await?), Some(0));
        assert_eq!(look!(db.store, |tx| number(tx, "select count(*) from entry").await?), Some(0));
    }
}

on_both! {
    async fn an_overdraft_limit_is_a_lower_floor(db) {
        two_clients(db).await;
        change!(db.store, |tx| tx.set_floor(ClientId(100), Credits(-50)).await?).unwrap();
        change!(db.store, |tx| pay(tx, 1, (100, 200), 50).await?).unwrap();
        assert!(matches!(change!(db.store, |tx| pay(tx, 2, (100, 200), 1).await?), Err(Stop::Refusal(_))));
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(-50), 1));
        // The floor cannot be put above where the balance is.
        let above = change!(db.store, |tx| tx.set_floor(ClientId(100), Credits(0)).await?);
        assert_eq!(fault(above).kind(), FaultKind::Database);
        // Part of the way back is allowed while the balance is below zero.
        change!(db.store, |tx| pay(tx, 3, (200, 100), 20).await?).unwrap();
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(-30), 2));
        let absent = change!(db.store, |tx| tx.set_floor(ClientId(999), Credits(0)).await?);
        assert_eq!(fault(absent).kind(), FaultKind::Internal);
    }
}

on_both! {
    async fn only_what_balances_is_posted(db) {
        two_clients(db).await;
        let entry = |account, amount| Entry { account: AccountId(account), amount: Credits(amount) };
        let wrong: [&[Entry]; 6] = [
            &[],
            &[entry(100, 5)],
            &[entry(1, -5), entry(100, 4)],
            &[entry(1, 0), entry(100, 0)],
            &[entry(100, 5), entry(100, -5)],
            &[entry(1, i64::MIN), entry(100, i64::MIN)],
        ];
        for entries in wrong {
            let entries = entries.to_vec();
            let posted = change!(db.store, |tx| tx.post(&posting(1, 100), &entries).await?);
            assert_eq!(fault(posted).kind(), FaultKind::Internal);
        }
        let split = [entry(1, -3), entry(2, -2), entry(100, 5)];
        change!(db.store, |tx| tx.post(&posting(1, 100), &split).await?).unwrap();
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(5), 1));
    }
}

on_both! {
    async fn an_account_that_does_not_exist_posts_nothing(db) {
        two_clients(db).await;
        let posted = db.store.write(|tx| Box::pin(async move {
            match tx.post(&posting(1, 100), &moved(1, 999, 5)).await? {
                Posted::Done => Ok(()),
                Posted::Short(account) => {
                    assert_eq!(account, AccountId(999));
                    Err(Refusal::NotAllowed.into())
                }
            }
        })).await;
        assert!(matches!(posted, Err(Stop::Refusal(_))));
        assert_eq!(look!(db.store, |tx| number(tx, "select balance from account where id = 1").await?), Some(0));
    }
}

on_both! {
    async fn a_balance_that_would_not_fit_is_a_fault(db) {
        two_clients(db).await;
        let brim = i64::MAX - 5;
        change!(db.store, |tx| sql(tx, &format!("update account set balance = {brim} where id = 100")).await?).unwrap();
        let posted = change!(db.store, |tx| tx.post(&posting(1, 100), &moved(1, 100, 6)).await?);
        assert_eq!(fault(posted).kind(), FaultKind::Database);
        assert_eq!(look!(db.store, |tx| number(tx, "select balance from account where id = 1").await?), Some(0));
        change!(db.store, |tx| fund(tx, 1, 100, 5).await?).unwrap();
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(i64::MAX), 1));
    }
}

on_both! {
    async fn one_key_posts_once(db) {
        two_clients(db).await;
        change!(db.store, |tx| fund(tx, 1, 100, 5).await?).unwrap();
        let again = NewPosting { id: PostingId(2), ..NewPosting { key: "key:1".to_owned(), ..posting(2, 100) } };
        let posted = change!(db.store, |tx| tx.post(&again, &moved(1, 100, 5)).await?);
        assert_eq!(fault(posted).kind(), FaultKind::Database);
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(5), 1));
        // Sixteen at once under one key.
        let store = db.store.clone();
        let results = together((10..26).map(move |id| {
            let store = store.clone();
            let new = NewPosting { key: "once".to_owned(), kind: PostingKind::Usage, ..posting(id, 100) };
            async move { change!(store, |tx| tx.post(&new, &moved(1, 100, 7)).await?) }
        })).await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(12), 2));
    }
}

on_both! {
    async fn postings_on_the_same_accounts_from_both_sides_neither_lose_nor_block(db) {
        two_clients(db).await;
        change!(db.store, |tx| { fund(tx, 1, 100, 1_000).await?; fund(tx, 2, 200, 1_000).await? }).unwrap();
        let store = db.store.clone();
        let results = together((0..60).map(move |n| {
            let store = store.clone();
            let sides = if n % 2 == 0 { (100, 200) } else { (200, 100) };
            async move { change!(store, |tx| pay(tx, 10 + n, sides, 3).await?) }
        })).await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(1_000), 61));
        assert_eq!(look!(db.store, |tx| balance(tx, 200).await?), (Credits(1_000), 61));
    }
}

on_both! {
    async fn many_who_spend_one_balance_spend_it_once(db) {
        two_clients(db).await;
        change!(db.store, |tx| fund(tx, 1, 100, 10).await?).unwrap();
        let store = db.store.clone();
        let results = together((0..30).map(move |n| {
            let store = store.clone();
            async move { change!(store, |tx| pay(tx, 10 + n, (100, 200), 3).await?) }
        })).await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 3);
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(1), 4));
        assert_eq!(look!(db.store, |tx| balance(tx, 200).await?), (Credits(9), 3));
    }
}

on_both! {
    async fn a_locked_account_stays_as_it_was_read(db) {
        two_clients(db).await;
        change!(db.store, |tx| fund(tx, 1, 100, 100).await?).unwrap();
        // Read, think, spend all that was read: only a lock makes this right for several at once.
        let store = db.store.clone();
        let results = together((0..8).map(move |n| {
            let store = store.clone();
            async move {
                change!(store, |tx| {
                    let (_, balance) = locked(tx, 100).await?.unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                    if balance > Credits(0) {
                        pay(tx, 10 + n, (100, 200), balance.0).await?;
                    }
                })
            }
        })).await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(0), 2));
    }
}

on_both! {
    async fn the_ledger_cannot_be_rewritten(db) {
        two_clients(db).await;
        change!(db.store, |tx| fund(tx, 1, 100, 100).await?).unwrap();
        for text in [
            "update entry set amount = 1", "delete from entry", "update posting set key = 'x'", "delete from posting",
        ] {
            assert_eq!(fault(change!(db.store, |tx| sql(tx, text).await?)).kind(), FaultKind::Database, "{text}");
        }
        if db.engine == "postgres" {
            for table in ["entry", "posting", "vote", "audit_log"] {
                let text = format!("truncate {table} cascade");
                let done = change!(db.store, |tx| sql(tx, &text).await?);
                assert_eq!(fault(done).kind(), FaultKind::Database, "truncate {table}");
            }
        }
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(100), 1));
    }
}
