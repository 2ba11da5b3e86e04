//! Events and Telegram's updates: each has one effect however often it is delivered.

use bursar::chat::{Ask, Event, Forms, Place, Sender};
use bursar::fault::FaultKind;
use bursar::store::events::Update;

use crate::sample::{NOW, after, fault, number, telegram, together};
use crate::{change, look, on_both};

fn event(id: &str) -> Event {
    Event {
        id: id.to_owned(),
        from: Sender {
            identity: telegram(11),
            name: "Ada".to_owned(),
            locale: "en".to_owned(),
            roles: None,
        },
        place: Place::PrivateChat,
        chat: 11,
        message: None,
        at: NOW,
        ask: Ask::Text("hello".to_owned()),
        forms: Forms::Questions,
    }
}

fn updates(ids: &[i64]) -> Vec<Update> {
    let update = |&id: &i64| Update {
        update_id: id,
        raw: format!("{{\"update_id\":{id}}}"),
    };
    ids.iter().map(update).collect()
}

on_both! {
    async fn what_came_of_an_event_is_kept_once(db) {
        assert_eq!(look!(db.store, |tx| tx.event_result("telegram:1").await?), None);
        change!(db.store, |tx| tx.finish_event(&event("telegram:1"), "\"done\"", NOW).await?).unwrap();
        assert_eq!(look!(db.store, |tx| tx.event_result("telegram:1").await?).as_deref(), Some("\"done\""));
        let again = change!(db.store, |tx| tx.finish_event(&event("telegram:1"), "\"else\"", NOW).await?);
        assert_eq!(fault(again).kind(), FaultKind::Database);
        assert_eq!(look!(db.store, |tx| tx.event_result("telegram:1").await?).as_deref(), Some("\"done\""));
    }
}

on_both! {
    async fn deliveries_at_once_have_one_effect(db) {
        let store = db.store.clone();
        let results = together((0..16).map(move |n| {
            let store = store.clone();
            async move {
                change!(store, |tx| {
                    tx.lock_event("telegram:1").await?;
                    if let Some(result) = tx.event_result("telegram:1").await? {
                        (false, result)
                    } else {
                        let result = format!("{n}");
                        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                        tx.finish_event(&event("telegram:1"), &result, NOW).await?;
                        (true, result)
                    }
                })
            }
        })).await;
        let results: Vec<(bool, String)> = results.into_iter().map(Result::unwrap).collect();
        assert_eq!(results.iter().filter(|(first, _)| *first).count(), 1);
        assert!(results.iter().all(|(_, result)| *result == results[0].1), "everybody gets the same answer");
    }
}

on_both! {
    async fn updates_are_stored_once_and_come_back_until_they_are_finished(db) {
        let fresh = db.store.inbox_put(updates(&[3, 1]), NOW).await.unwrap();
        assert_eq!(fresh, updates(&[3, 1]));
        let fresh = db.store.inbox_put(updates(&[1, 2, 2]), NOW).await.unwrap();
        assert_eq!(fresh, updates(&[2]), "the repeated ones are not new");
        assert_eq!(db.store.inbox_unfinished().await.unwrap(), updates(&[1, 2, 3]));
        db.store.inbox_finish(2, after(1)).await.unwrap();
        assert_eq!(db.store.inbox_unfinished().await.unwrap(), updates(&[1, 3]));
        assert_eq!(db.store.inbox_put(updates(&[2]), NOW).await.unwrap(), [], "finished ones stay known");
        assert_eq!(look!(db.store, |tx| number(tx, "select count(*) from inbox where raw = ''").await?), Some(1));
        assert_eq!(fault(db.store.inbox_finish(9, NOW).await).kind(), FaultKind::Internal);
        assert_eq!(db.store.inbox_put(Vec::new(), NOW).await.unwrap(), []);
    }
}

on_both! {
    async fn a_number_that_comes_again_after_days_is_another_update(db) {
        let day = 24 * 3_600;
        db.store.inbox_put(updates(&[1, 2]), NOW).await.unwrap();
        db.store.inbox_finish(1, NOW).await.unwrap();
        let fresh = db.store.inbox_put(updates(&[1, 2]), after(2 * day)).await.unwrap();
        assert_eq!(fresh, [], "it may still be the same");
        let fresh = db.store.inbox_put(updates(&[1, 2]), after(4 * day)).await.unwrap();
        assert_eq!(fresh, updates(&[1]), "2 was never finished");
        assert_eq!(db.store.inbox_unfinished().await.unwrap(), updates(&[1, 2]));
    }
}

on_both! {
    async fn an_update_that_several_receive_is_new_to_one(db) {
        let store = db.store.clone();
        let results = together((0..8).map(move |_| {
            let store = store.clone();
            async move { store.inbox_put(updates(&[1, 2, 3, 4]), NOW).await.unwrap().len() }
        })).await;
        assert_eq!(results.iter().sum::<usize>(), 4);
    }
}
