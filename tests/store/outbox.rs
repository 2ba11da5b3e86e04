//! The outbox: one notice per key, one claimer per notice, and no result from a lease that was given away.

use std::collections::HashSet;
use std::sync::Arc;

use bursar::chat::{MessageRef, Messenger};
use bursar::clock::Millis;
use bursar::domain::ids::NoticeId;
use bursar::store::Store;
use bursar::store::outbox::{Claimed, Finish, NewNotice};
use tokio::sync::Mutex;

use crate::sample::{NOW, after, number, together};
use crate::{change, look, on_both};

fn notice(id: i64, at: Millis) -> NewNotice {
    NewNotice {
        id: NoticeId(id),
        key: format!("key:{id}"),
        cause: "request:1".to_owned(),
        address: "\"ada\"".to_owned(),
        content: format!("{{\"number\":{id}}}"),
        at,
        due: at,
    }
}

async fn put(store: &Store, new: NewNotice) -> bool {
    change!(store, |tx| tx.insert_notice(&new).await?).unwrap()
}

async fn claim(store: &Store, now: Millis, lease: i64) -> Option<Claimed> {
    let until = now.plus(std::time::Duration::from_secs(30));
    change!(store, |tx| tx.claim_notice(now, lease, until).await?).unwrap()
}

async fn finish(store: &Store, id: i64, lease: i64, finish: Finish) -> bool {
    change!(store, |tx| tx
        .finish_notice(NoticeId(id), lease, &finish, after(1))
        .await?)
    .unwrap()
}

on_both! {
    async fn a_notice_is_written_once_per_key(db) {
        assert!(put(&db.store, notice(1, NOW)).await);
        assert!(!put(&db.store, NewNotice { key: "key:1".to_owned(), ..notice(2, NOW) }).await);
        assert_eq!(db.store.notices_open().await.unwrap(), 1);
        let store = db.store.clone();
        let results = together((10..20).map(move |id| {
            let store = store.clone();
            async move { put(&store, NewNotice { key: "same".to_owned(), ..notice(id, NOW) }).await }
        })).await;
        assert_eq!(results.iter().filter(|written| **written).count(), 1);
    }
}

on_both! {
    async fn the_one_that_is_due_longest_goes_first(db) {
        assert_eq!(look!(db.store, |tx| tx.next_notice().await?), None);
        for (id, at) in [(1, after(10)), (2, NOW), (3, after(5)), (4, NOW)] {
            put(&db.store, notice(id, at)).await;
        }
        assert_eq!(look!(db.store, |tx| tx.next_notice().await?), Some(NOW));
        let first = claim(&db.store, after(5), 71).await.unwrap();
        let expected = Claimed {
            id: NoticeId(2), address: "\"ada\"".to_owned(), content: "{\"number\":2}".to_owned(), attempts: 0,
            created_at: NOW, lease: 71,
        };
        assert_eq!(first, expected);
        assert_eq!(claim(&db.store, after(5), 72).await.unwrap().id, NoticeId(4));
        assert_eq!(claim(&db.store, after(5), 73).await.unwrap().id, NoticeId(3));
        assert_eq!(claim(&db.store, after(5), 74).await, None, "the last is not due yet");
        assert_eq!(look!(db.store, |tx| tx.next_notice().await?), Some(after(10)));
    }
}

on_both! {
    async fn every_end_is_kept(db) {
        for id in 1..=4 {
            put(&db.store, notice(id, NOW)).await;
            assert_eq!(claim(&db.store, NOW, id).await.unwrap().id, NoticeId(id));
        }
        let message = MessageRef { messenger: Messenger::Discord, chat: 1, message: 2, token: None };
        assert!(finish(&db.store, 1, 1, Finish::Sent(Some(message))).await);
        assert!(finish(&db.store, 2, 2, Finish::Again(after(7), "later".to_owned())).await);
        assert!(finish(&db.store, 3, 3, Finish::Dead("never".to_owned())).await);
        assert!(finish(&db.store, 4, 4, Finish::Held("blocked".to_owned())).await);
        let counts = look!(db.store, |tx| tx.notice_counts().await?);
        let expected = [("dead", 1), ("held", 1), ("queued", 1), ("sent", 1)].map(|(state, count)| (state.to_owned(), count));
        assert_eq!(counts, expected);
        assert_eq!(db.store.notices_open().await.unwrap(), 1);
        let ended = "select count(*) from outbox where finished_at is not null";
        assert_eq!(look!(db.store, |tx| number(tx, ended).await?), Some(2), "sent and dead");
        assert!(look!(db.store, |tx| number(tx, "select count(*) from outbox where message is not null").await?) == Some(1));
        assert_eq!(claim(&db.store, after(6), 9).await, None);
        let again = claim(&db.store, after(7), 9).await.unwrap();
        assert_eq!((again.id, again.attempts), (NoticeId(2), 1));
        assert!(!finish(&db.store, 1, 1, Finish::Dead("twice".to_owned())).await, "what is sent is sent");
    }
}

on_both! {
    async fn a_result_from_a_lease_that_ran_out_is_refused(db) {
        put(&db.store, notice(1, NOW)).await;
        let slow = claim(&db.store, NOW, 1).await.unwrap();
        assert_eq!(claim(&db.store, after(29), 2).await, None);
        let quick = claim(&db.store, after(30), 2).await.unwrap();
        assert_eq!((slow.id, quick.id, quick.attempts), (NoticeId(1), NoticeId(1), 1));
        assert!(!finish(&db.store, 1, 1, Finish::Dead("too late".to_owned())).await);
        assert!(finish(&db.store, 1, 2, Finish::Sent(None)).await);
        assert!(!finish(&db.store, 1, 2, Finish::Sent(None)).await, "once");
        assert!(!finish(&db.store, 9, 2, Finish::Sent(None)).await, "nothing of that id");
        let counts = look!(db.store, |tx| tx.notice_counts().await?);
        assert_eq!(counts, [("sent".to_owned(), 1)]);
    }
}

on_both! {
    async fn what_was_held_goes_out_when_its_address_can_be_reached(db) {
        for id in 1..=3 {
            let address = if id == 3 { "\"bob\"" } else { "\"ada\"" };
            put(&db.store, NewNotice { address: address.to_owned(), ..notice(id, NOW) }).await;
            claim(&db.store, NOW, id).await.unwrap();
            if id != 2 {
                assert!(finish(&db.store, id, id, Finish::Held("blocked".to_owned())).await);
            }
        }
        assert_eq!(claim(&db.store, after(5), 9).await, None);
        assert_eq!(change!(db.store, |tx| tx.release_notices("\"ada\"", after(5)).await?).unwrap(), 1);
        assert_eq!(change!(db.store, |tx| tx.release_notices("\"ada\"", after(5)).await?).unwrap(), 0);
        let released = claim(&db.store, after(5), 9).await.unwrap();
        assert_eq!((released.id, released.attempts), (NoticeId(1), 0), "it starts anew");
        assert_eq!(claim(&db.store, after(5), 10).await, None);
    }
}

on_both! {
    async fn no_two_claimers_get_the_same_notice(db) {
        for id in 1..=60 {
            put(&db.store, notice(id, NOW)).await;
        }
        let leases = Arc::new(Mutex::new(0));
        let store = db.store.clone();
        let claimed = together((0..12).map(move |_| {
            let (store, leases) = (store.clone(), leases.clone());
            async move {
                let mut mine = Vec::new();
                loop {
                    let lease = {
                        let mut last = leases.lock().await;
                        *last += 1;
                        *last
                    };
                    match claim(&store, NOW, lease).await {
                        Some(found) => {
                            assert_eq!(found.lease, lease);
                            assert!(finish(&store, found.id.0, lease, Finish::Sent(None)).await);
                            mine.push(found.id.0);
                        }
                        // Others hold what is left, or nothing is left.
                        None if store.notices_open().await.unwrap() == 0 => return mine,
                        None => tokio::task::yield_now().await,
                    }
                }
            }
        })).await;
        let all: Vec<i64> = claimed.into_iter().flatten().collect();
        let distinct: HashSet<i64> = all.iter().copied().collect();
        assert_eq!((all.len(), distinct.len()), (60, 60));
    }
}

on_both! {
    async fn a_notice_is_gone_with_its_refused_cause(db) {
        let refused = db.store.write(|tx| Box::pin(async move {
            assert!(tx.insert_notice(&notice(1, NOW)).await?);
            Err::<(), _>(bursar::domain::refusal::Refusal::NotAllowed.into())
        })).await;
        assert!(refused.is_err());
        assert_eq!(claim(&db.store, after(5), 9).await, None);
        assert!(put(&db.store, notice(1, NOW)).await);
    }
}
