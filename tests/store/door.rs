//! The door: what is committed, what is rolled back, and what becomes of callers who leave.

use std::sync::Arc;
use std::time::Duration;

use bursar::domain::credits::Credits;
use bursar::domain::ids::ClientId;
use bursar::domain::refusal::Refusal;
use bursar::fault::FaultKind;
use bursar::store::{Stop, Store, Tx};
use tokio::sync::{Notify, oneshot};

use crate::sample::{NOW, after, balance, client, fault, fund, sql, telegram, together};
use crate::support::Database;
use crate::{change, look, on_both};

/// Names of the forms that are open in the chats of account 1: the smallest thing that can be written.
async fn form(store: &Store, chat: i64) -> Option<String> {
    look!(store, |tx| tx.open_form(telegram(1), chat, NOW).await?)
}

async fn write_form(tx: &mut Tx, chat: i64) -> Result<(), Stop> {
    tx.keep_form(telegram(1), chat, "form", NOW).await?;
    Ok(())
}

on_both! {
    async fn what_ends_well_is_there(db) {
        let told = change!(db.store, |tx| { write_form(tx, 1).await?; 42 }).unwrap();
        assert_eq!(told, 42);
        assert!(form(&db.store, 1).await.is_some());
    }
}

on_both! {
    async fn a_refused_change_leaves_nothing(db) {
        let refused: Result<(), Stop> = db.store.write(|tx| Box::pin(async move {
            write_form(tx, 1).await?;
            Err(Refusal::NotAllowed.into())
        })).await;
        assert!(matches!(refused, Err(Stop::Refusal(Refusal::NotAllowed))));
        assert_eq!(form(&db.store, 1).await, None);
    }
}

on_both! {
    async fn a_failed_statement_leaves_nothing_and_harms_nobody(db) {
        let failed = change!(db.store, |tx| {
            write_form(tx, 1).await?;
            sql(tx, "insert into no_such_table values (1)").await?;
        });
        assert_eq!(fault(failed).kind(), FaultKind::Database);
        assert_eq!(form(&db.store, 1).await, None);
        change!(db.store, |tx| write_form(tx, 2).await?).unwrap();
        assert!(form(&db.store, 2).await.is_some());
    }
}

on_both! {
    async fn changes_that_come_together_do_not_share_their_fate(db) {
        // The first holds the door until the other two wait behind it, so that they share a commit on SQLite.
        let gate = Arc::new(Notify::new());
        let opened = gate.clone();
        let store = db.store.clone();
        let first = tokio::spawn(async move {
            store.write(move |tx| Box::pin(async move {
                opened.notified().await;
                write_form(tx, 1).await
            })).await
        });
        let store = db.store.clone();
        let refused = tokio::spawn(async move {
            store.write(|tx| Box::pin(async move {
                write_form(tx, 2).await?;
                Err::<(), _>(Stop::from(Refusal::NotAllowed))
            })).await
        });
        let store = db.store.clone();
        let failed = tokio::spawn(async move {
            change!(store, |tx| { write_form(tx, 3).await?; sql(tx, "select * from nowhere").await?; })
        });
        let store = db.store.clone();
        let kept = tokio::spawn(async move { change!(store, |tx| write_form(tx, 4).await?) });
        tokio::time::sleep(Duration::from_millis(100)).await;
        gate.notify_one();
        first.await.unwrap().unwrap();
        assert!(matches!(refused.await.unwrap(), Err(Stop::Refusal(_))));
        assert!(matches!(failed.await.unwrap(), Err(Stop::Fault(_))));
        kept.await.unwrap().unwrap();
        for (chat, there) in [(1, true), (2, false), (3, false), (4, true)] {
            assert_eq!(form(&db.store, chat).await.is_some(), there, "change {chat}");
        }
    }
}

on_both! {
    async fn a_panic_is_a_fault_and_leaves_nothing(db) {
        let panicked: Result<(), Stop> = db.store.write(|tx| Box::pin(async move {
            write_form(tx, 1).await?;
            panic!("a mistake in a service")
        })).await;
        assert_eq!(fault(panicked).kind(), FaultKind::Internal);
        assert_eq!(form(&db.store, 1).await, None);
        // More often than there are connections: none of them may be lost.
        for _ in 0..25 {
            let panicked: Result<(), Stop> = db.store.write(|_| Box::pin(async { panic!("again") })).await;
            assert_eq!(fault(panicked).kind(), FaultKind::Internal);
        }
        change!(db.store, |tx| write_form(tx, 2).await?).unwrap();
        assert!(form(&db.store, 2).await.is_some());
    }
}

on_both! {
    async fn work_that_panics_before_it_waits_is_a_fault_too(db) {
        let panicked: Result<(), Stop> = db.store.write(|_| panic!("before any future is made")).await;
        assert_eq!(fault(panicked).kind(), FaultKind::Internal);
        change!(db.store, |tx| write_form(tx, 2).await?).unwrap();
    }
}

on_both! {
    async fn a_caller_who_leaves_does_not_stop_the_change(db) {
        let (tell, begun) = oneshot::channel();
        let gate = Arc::new(Notify::new());
        let (store, opened) = (db.store.clone(), gate.clone());
        let caller = tokio::spawn(async move {
            store.write(move |tx| Box::pin(async move {
                write_form(tx, 1).await?;
                let _ = tell.send(());
                opened.notified().await;
                write_form(tx, 2).await
            })).await
        });
        begun.await.unwrap();
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        gate.notify_one();
        for _ in 0..100 {
            if form(&db.store, 2).await.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(form(&db.store, 1).await.is_some() && form(&db.store, 2).await.is_some());
    }
}

on_both! {
    async fn sixty_four_writers_all_get_through(db) {
        change!(db.store, |tx| tx.insert_client(&client(100, "ada", "Ada")).await?).unwrap();
        let store = db.store.clone();
        let results = together((0..64).map(move |id| {
            let store = store.clone();
            async move { change!(store, |tx| fund(tx, id, 100, 10).await?) }
        })).await;
        assert!(results.iter().all(Result::is_ok));
        assert_eq!(look!(db.store, |tx| balance(tx, 100).await?), (Credits(640), 64));
    }
}

on_both! {
    async fn readers_do_not_see_what_is_not_committed(db) {
        let (tell, begun) = oneshot::channel();
        let gate = Arc::new(Notify::new());
        let (store, opened) = (db.store.clone(), gate.clone());
        let writer = tokio::spawn(async move {
            store.write(move |tx| Box::pin(async move {
                write_form(tx, 1).await?;
                let _ = tell.send(());
                opened.notified().await;
                Ok(())
            })).await
        });
        begun.await.unwrap();
        assert_eq!(form(&db.store, 1).await, None);
        gate.notify_one();
        writer.await.unwrap().unwrap();
        assert!(form(&db.store, 1).await.is_some());
    }
}

on_both! {
    async fn a_snapshot_stands_still(db) {
        let writer = db.store.clone();
        let seen = db.store.snapshot(move |tx| Box::pin(async move {
            let before = tx.open_form(telegram(1), 1, NOW).await?;
            change!(writer, |tx| write_form(tx, 1).await?)?;
            Ok((before, tx.open_form(telegram(1), 1, NOW).await?))
        })).await.unwrap();
        assert_eq!(seen, (None, None));
        assert!(form(&db.store, 1).await.is_some());
    }
}

on_both! {
    async fn a_snapshot_cannot_write(db) {
        let written = db.store.snapshot(|tx| Box::pin(write_form(tx, 1))).await;
        assert_eq!(fault(written).kind(), FaultKind::Database);
        let read: Result<(), Stop> = db.store.read(|_| Box::pin(async { Err(Refusal::NotAllowed.into()) })).await;
        assert!(matches!(read, Err(Stop::Refusal(Refusal::NotAllowed))));
        assert_eq!(form(&db.store, 1).await, None);
        change!(db.store, |tx| write_form(tx, 1).await?).unwrap();
    }
}

on_both! {
    async fn failing_snapshots_do_not_use_up_the_connections(db) {
        for _ in 0..25 {
            let failed: Result<(), Stop> = db.store.snapshot(|tx| Box::pin(async move {
                sql(tx, "select * from nowhere").await?;
                Ok(())
            })).await;
            assert_eq!(fault(failed).kind(), FaultKind::Database);
            let panicked: Result<(), Stop> = db.store.snapshot(|_| Box::pin(async { panic!("a mistake") })).await;
            fault(panicked);
        }
        assert_eq!(form(&db.store, 1).await, None);
        // What was left open would still show the state from before.
        change!(db.store, |tx| write_form(tx, 1).await?).unwrap();
        for _ in 0..30 {
            assert!(form(&db.store, 1).await.is_some(), "a connection went back with a snapshot open");
        }
    }
}

on_both! {
    async fn who_waits_too_long_is_told_that_the_outcome_is_not_known(db) {
        let gate = Arc::new(Notify::new());
        let opened = gate.clone();
        let late = db.store.write(move |tx| Box::pin(async move {
            write_form(tx, 1).await?;
            opened.notified().await;
            Ok(())
        })).await;
        assert_eq!(fault(late).kind(), FaultKind::Timeout);
        gate.notify_one();
        for _ in 0..100 {
            if form(&db.store, 1).await.is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the work did not go on to its end");
    }
}

on_both! {
    async fn a_store_that_was_closed_says_so(db) {
        let second = Store::connect(&db.url).await.unwrap();
        change!(second, |tx| write_form(tx, 1).await?).unwrap();
        second.close().await;
        assert_eq!(fault(change!(second, |tx| write_form(tx, 2).await?)).kind(), FaultKind::Database);
        assert!(form(&db.store, 1).await.is_some());
        assert_eq!(form(&db.store, 2).await, None);
    }
}

on_both! {
    async fn migrations_run_again_without_harm(db) {
        assert!(db.store.is_current().await.unwrap());
        change!(db.store, |tx| tx.insert_client(&client(100, "ada", "Ada")).await?).unwrap();
        db.store.migrate().await.unwrap();
        assert!(db.store.is_current().await.unwrap());
        assert!(look!(db.store, |tx| tx.has_clients().await?));
        assert_eq!(db.store.engine(), db.engine);
    }
}

#[tokio::test]
async fn an_empty_database_is_not_current() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("empty.db").display());
    let store = Store::connect(&url).await.unwrap();
    assert!(!store.is_current().await.unwrap());
    store.migrate().await.unwrap();
    assert!(store.is_current().await.unwrap());
    store.close().await;
    if let Some(cluster) = crate::support::postgres::postgres() {
        let url = cluster.empty_database().await;
        let store = Store::connect(&url).await.unwrap();
        assert!(!store.is_current().await.unwrap());
        // Several instances start at once.
        let stores = together((0..4).map(|_| {
            let url = url.clone();
            async move {
                let store = Store::connect(&url).await.unwrap();
                store.migrate().await.unwrap();
                store
            }
        }))
        .await;
        assert!(store.is_current().await.unwrap());
        for store in stores {
            store.close().await;
        }
        store.close().await;
        cluster.drop_database(&url).await;
    }
}

on_both! {
    async fn two_stores_work_on_one_database(db) {
        change!(db.store, |tx| tx.insert_client(&client(100, "ada", "Ada")).await?).unwrap();
        let second = Store::connect(&db.url).await.unwrap();
        let stores = [db.store.clone(), second.clone()];
        let results = together((0..40).map(move |id| {
            let store = stores[usize::from(id % 2 == 0)].clone();
            async move { change!(store, |tx| fund(tx, id, 100, 1).await?) }
        })).await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        assert_eq!(look!(second, |tx| balance(tx, 100).await?), (Credits(40), 40));
        second.close().await;
    }
}

on_both! {
    async fn foreign_keys_hold(db) {
        let orphan = change!(db.store, |tx| tx.insert_person(
            bursar::domain::ids::PersonId(1), "Nobody's", None, Some(ClientId(999)), after(0)
        ).await?);
        assert_eq!(fault(orphan).kind(), FaultKind::Database);
    }
}

/// SQLite alone: what acknowledges a credit must be on the disk.
#[tokio::test]
async fn sqlite_waits_for_the_disk() {
    let db = Database::sqlite().await;
    let synchronous = change!(db.store, |tx| crate::sample::number(
        tx,
        "pragma synchronous"
    )
    .await?)
    .unwrap();
    assert_eq!(synchronous, Some(2), "FULL");
    db.remove().await;
}
