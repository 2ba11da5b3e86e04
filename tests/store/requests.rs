//! Requests: drafts, waiting, votes and outcomes; each step from the one state that it may be taken from.

use bursar::chat::MessageRef;
use bursar::chat::Messenger;
use bursar::clock::Millis;
use bursar::domain::ids::{ClientId, PersonId, RequestId};
use bursar::domain::request::{Decision, Intent, Need, State, digest};
use bursar::domain::role::Role;
use bursar::fault::FaultKind;
use bursar::store::requests::{AuditRow, Request, Step, Vote};

use crate::sample::{NOW, add_credit, after, client, fault, number, sql, telegram, together};
use crate::support::Database;
use crate::{change, look, on_both};

fn draft(id: i64) -> Request {
    let intent = add_credit(100, 500);
    let intent_text = serde_json::to_string(&intent).unwrap();
    Request {
        id: RequestId(id),
        digest: digest(RequestId(id), &intent_text),
        intent,
        intent_text,
        state: State::Draft,
        requester: PersonId(1),
        requester_name: "Ada".to_owned(),
        asked_by: telegram(11),
        needed: 0,
        solo: false,
        created_at: NOW,
        expires_at: after(60),
        decided_at: None,
        decided_by: String::new(),
        reason: String::new(),
        undoes: None,
    }
}

fn step(from: State, to: State) -> Step<'static> {
    Step {
        from,
        to,
        by: Some(PersonId(2)),
        event: "telegram:9",
        reason: "because",
        at: after(5),
    }
}

async fn people(db: &Database) {
    change!(db.store, |tx| {
        tx.insert_client(&client(100, "ada", "Ada")).await?;
        for (id, name) in [(1, "Ada"), (2, "Bob"), (3, "Cid")] {
            tx.insert_person(PersonId(id), name, Some(Role::Admin), None, NOW)
                .await?;
        }
    })
    .unwrap();
}

async fn drafted(db: &Database, id: i64) {
    change!(db.store, |tx| tx
        .insert_request(&draft(id), &format!("telegram:{id}"))
        .await?)
    .unwrap();
}

async fn stored(db: &Database, id: i64) -> Request {
    look!(db.store, |tx| tx.request(RequestId(id), false).await?).unwrap()
}

async fn pending(db: &Database, id: i64, needed: u8) {
    drafted(db, id).await;
    change!(db.store, |tx| tx
        .confirm_request(
            RequestId(id),
            needed,
            "telegram:5",
            (after(300), after(600))
        )
        .await?)
    .unwrap();
}

on_both! {
    async fn a_draft_comes_back_as_it_was(db) {
        people(db).await;
        drafted(db, 1).await;
        assert_eq!(stored(db, 1).await, draft(1));
        assert_eq!(look!(db.store, |tx| tx.request_of_event("telegram:1").await?), Some(draft(1)));
        assert_eq!(look!(db.store, |tx| tx.request_of_event("telegram:2").await?), None);
        assert_eq!(look!(db.store, |tx| tx.request(RequestId(2), false).await?), None);
        let again = change!(db.store, |tx| tx.insert_request(&draft(2), "telegram:1").await?);
        assert_eq!(fault(again).kind(), FaultKind::Database, "one event, one draft");
        let invite = Intent::Invite { role: Role::Admin, name: "Eve".to_owned(), client: None };
        let intent_text = serde_json::to_string(&invite).unwrap();
        let invite = Request { intent: invite, intent_text, solo: true, needed: 2, ..draft(3) };
        let expected = invite.clone();
        change!(db.store, |tx| tx.insert_request(&invite, "telegram:3").await?).unwrap();
        assert_eq!(stored(db, 3).await, expected);
        assert_eq!(look!(db.store, |tx| number(tx, "select count(*) from request where amount is null").await?), Some(1));
    }
}

on_both! {
    async fn a_draft_is_confirmed_once(db) {
        people(db).await;
        pending(db, 1, 2).await;
        let found = stored(db, 1).await;
        assert_eq!((found.state, found.needed, found.expires_at), (State::Pending, 2, after(600)));
        let again = change!(db.store, |tx| tx.confirm_request(RequestId(1), 0, "telegram:6", (after(5), after(9))).await?);
        assert_eq!(fault(again).kind(), FaultKind::Internal);
        let absent = change!(db.store, |tx| tx.confirm_request(RequestId(9), 0, "telegram:6", (after(5), after(9))).await?);
        assert_eq!(fault(absent).kind(), FaultKind::Internal);
        assert_eq!(stored(db, 1).await.needed, 2);
    }
}

on_both! {
    async fn only_legal_steps_are_taken(db) {
        people(db).await;
        let mut id = 0;
        for &from in State::ALL {
            for &to in State::ALL {
                id += 1;
                drafted(db, id).await;
                let state = format!("update request set state = '{}' where id = {id}", from.name());
                let stepped = change!(db.store, |tx| { sql(tx, &state).await?; tx.step_request(RequestId(id), &step(from, to)).await? });
                assert_eq!(stepped.is_ok(), from.may_become(to), "{from:?} -> {to:?}");
            }
        }
    }
}

on_both! {
    async fn a_step_is_taken_from_the_state_that_it_names(db) {
        people(db).await;
        pending(db, 1, 1).await;
        let stale = change!(db.store, |tx| tx.step_request(RequestId(1), &step(State::Draft, State::Applied)).await?);
        assert_eq!(fault(stale).kind(), FaultKind::Internal);
        change!(db.store, |tx| tx.step_request(RequestId(1), &step(State::Pending, State::Rejected)).await?).unwrap();
        let found = stored(db, 1).await;
        assert_eq!((found.state, found.decided_by.as_str(), found.reason.as_str()), (State::Rejected, "Bob", "because"));
        assert_eq!(found.decided_at, Some(after(5)));
        let over = change!(db.store, |tx| tx.step_request(RequestId(1), &step(State::Pending, State::Applied)).await?);
        assert_eq!(fault(over).kind(), FaultKind::Internal);
        pending(db, 2, 1).await;
        let by_time = Step { by: None, event: "", reason: "", ..step(State::Pending, State::Expired) };
        change!(db.store, |tx| tx.step_request(RequestId(2), &by_time).await?).unwrap();
        assert_eq!(stored(db, 2).await.decided_by, "");
    }
}

on_both! {
    async fn of_many_who_decide_at_once_one_does(db) {
        people(db).await;
        pending(db, 1, 1).await;
        let store = db.store.clone();
        let results = together((0..16).map(move |n| {
            let store = store.clone();
            let to = if n % 2 == 0 { State::Applied } else { State::Rejected };
            async move {
                change!(store, |tx| {
                    let found = tx.request(RequestId(1), true).await?.unwrap();
                    if found.state == State::Pending {
                        tokio::task::yield_now().await;
                        tx.step_request(RequestId(1), &step(State::Pending, to)).await?;
                        true
                    } else {
                        false
                    }
                })
            }
        })).await;
        let done: Vec<bool> = results.into_iter().map(Result::unwrap).collect();
        assert_eq!(done.iter().filter(|decided| **decided).count(), 1, "the lock makes the others see the outcome");
    }
}

on_both! {
    async fn lists_are_in_order_and_go_on(db) {
        people(db).await;
        for id in [5, 3, 4] {
            pending(db, id, 1).await;
        }
        drafted(db, 6).await;
        change!(db.store, |tx| {
            sql(tx, "update request set requester_id = 2 where id = 4").await?;
            tx.step_request(RequestId(5), &step(State::Pending, State::Cancelled)).await?;
        }).unwrap();
        let ids = |found: Vec<Request>| found.iter().map(|request| request.id.0).collect::<Vec<_>>();
        assert_eq!(ids(look!(db.store, |tx| tx.pending_requests(RequestId(0), 10).await?)), [3, 4]);
        assert_eq!(ids(look!(db.store, |tx| tx.pending_requests(RequestId(0), 1).await?)), [3]);
        assert_eq!(ids(look!(db.store, |tx| tx.pending_requests(RequestId(3), 10).await?)), [4]);
        assert_eq!(ids(look!(db.store, |tx| tx.own_pending_requests(PersonId(1), RequestId(0), 10).await?)), [3]);
        assert_eq!(ids(look!(db.store, |tx| tx.own_pending_requests(PersonId(2), RequestId(3), 10).await?)), [4]);
        assert_eq!(ids(look!(db.store, |tx| tx.own_pending_requests(PersonId(3), RequestId(0), 10).await?)), [0; 0]);
        assert_eq!(look!(db.store, |tx| tx.pending_of(ClientId(100)).await?), 2);
        assert_eq!(look!(db.store, |tx| tx.pending_of(ClientId(999)).await?), 0);
        let due = |state, at: Millis| async move { look!(db.store, |tx| tx.due_requests(state, at).await?).len() };
        assert_eq!(due(State::Pending, after(599)).await, 0);
        assert_eq!(due(State::Pending, after(600)).await, 2);
        assert_eq!(due(State::Draft, after(60)).await, 1);
    }
}

on_both! {
    async fn each_person_votes_once_by_one_event(db) {
        people(db).await;
        pending(db, 1, 2).await;
        let vote = |person, event: &str, at| Vote {
            request: RequestId(1), person: PersonId(person), decision: Decision::Approve, role: Role::Admin,
            digest: draft(1).digest, event: event.to_owned(), at,
        };
        change!(db.store, |tx| {
            tx.insert_vote(&vote(3, "telegram:20", after(1))).await?;
            tx.insert_vote(&vote(2, "telegram:21", after(2))).await?;
            tx.insert_vote(&Vote { decision: Decision::Reject, ..vote(1, "telegram:22", after(3)) }).await?;
        }).unwrap();
        for twin in [vote(3, "telegram:30", after(4)), Vote { request: RequestId(9), ..vote(3, "telegram:31", after(4)) }] {
            assert_eq!(fault(change!(db.store, |tx| tx.insert_vote(&twin).await?)).kind(), FaultKind::Database);
        }
        pending(db, 2, 2).await;
        let reused = Vote { request: RequestId(2), ..vote(3, "telegram:20", after(4)) };
        assert_eq!(fault(change!(db.store, |tx| tx.insert_vote(&reused).await?)).kind(), FaultKind::Database);
        let approvals = look!(db.store, |tx| tx.approvals(RequestId(1)).await?);
        assert_eq!(approvals, [(PersonId(3), "Cid".to_owned()), (PersonId(2), "Bob".to_owned())]);
        assert_eq!(look!(db.store, |tx| tx.approvals(RequestId(2)).await?), []);
        assert!(look!(db.store, |tx| tx.has_history(PersonId(3)).await?), "who voted has a past");
        assert!(look!(db.store, |tx| tx.has_history(PersonId(1)).await?), "and who asked");
        for text in ["update vote set decision = 'reject'", "delete from vote"] {
            assert_eq!(fault(change!(db.store, |tx| sql(tx, text).await?)).kind(), FaultKind::Database);
        }
    }
}

on_both! {
    async fn cards_are_remembered_once_until_they_cannot_be_edited(db) {
        people(db).await;
        drafted(db, 1).await;
        let message = |message, token: Option<&str>| MessageRef {
            messenger: Messenger::Discord, chat: 5, message, token: token.map(str::to_owned),
        };
        change!(db.store, |tx| {
            tx.insert_card(21, RequestId(1), &message(1, None), false, None).await?;
            tx.insert_card(22, RequestId(1), &message(1, None), false, None).await?;
            tx.insert_card(20, RequestId(1), &message(2, Some("token")), true, Some(after(900))).await?;
        }).unwrap();
        let cards = |at| async move { look!(db.store, |tx| tx.cards(RequestId(1), at).await?) };
        assert_eq!(cards(after(899)).await, [(20, message(2, Some("token")), true), (21, message(1, None), false)]);
        assert_eq!(cards(after(900)).await, [(21, message(1, None), false)]);
        assert_eq!(look!(db.store, |tx| tx.cards(RequestId(2), NOW).await?), []);
    }
}

on_both! {
    async fn what_a_request_needs_is_kept(db) {
        people(db).await;
        drafted(db, 1).await;
        let need = |approvals, solo| Need { approvals, solo };
        for (approvals, solo) in [(0, true), (2, false)] {
            change!(db.store, |tx| tx.keep_need(RequestId(1), need(approvals, solo)).await?).unwrap();
            let found = stored(db, 1).await;
            assert_eq!((found.needed, found.solo), (approvals, solo));
        }
        let absent = change!(db.store, |tx| tx.keep_need(RequestId(9), need(0, true)).await?);
        assert_eq!(fault(absent).kind(), FaultKind::Internal);
    }
}

on_both! {
    async fn the_audit_log_only_grows(db) {
        let row = |id| AuditRow {
            id, at: NOW, person: None, actor: "host".to_owned(), event: "", action: "person.invited",
            subject: "code".to_owned(), detail: serde_json::json!({ "role": "admin" }),
            about: std::collections::BTreeSet::new(),
        };
        change!(db.store, |tx| { tx.audit(&row(1)).await?; tx.audit(&AuditRow { person: Some(PersonId(7)), ..row(2) }).await? }).unwrap();
        assert_eq!(fault(change!(db.store, |tx| tx.audit(&row(1)).await?)).kind(), FaultKind::Database);
        for text in ["update audit_log set actor = 'x'", "delete from audit_log"] {
            assert_eq!(fault(change!(db.store, |tx| sql(tx, text).await?)).kind(), FaultKind::Database);
        }
        assert_eq!(look!(db.store, |tx| number(tx, "select count(*) from audit_log").await?), Some(2));
        assert_eq!(look!(db.store, |tx| number(tx, "select count(*) from audit_log where person_id is null").await?), Some(1));
    }
}
