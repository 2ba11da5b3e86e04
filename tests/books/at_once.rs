//! Several people press in the same moment, or one event is delivered several times: one effect, and everybody is told
//! what came of it.

use std::collections::BTreeMap;

use bursar::chat::action::Shown;
use bursar::chat::{Action, Ask, Event, Identity};
use bursar::domain::refusal::Refusal;
use bursar::domain::request::{Limits, State};
use bursar::domain::role::Role;
use bursar::services::Rules;
use futures_util::future::join_all;

use crate::desk::{
    Desk, client, house, number, press, reject, reseller, rules, telegram, under, usual,
};
use crate::support::Database;
use crate::{change, on_both};

/// How often each race is run.
const ROUNDS: usize = 5;

async fn staffed(db: &Database) -> Desk {
    let limits = Limits {
        two_above: Some(1_000),
        admin: 100,
        ..Limits::default()
    };
    let desk = Desk::new(house(&db.store, Rules { limits, ..rules() }, 17));
    for new in [
        client(100, "ada"),
        reseller(200, "rex", None),
        under(200, client(201, "tom")),
    ] {
        change!(db.store, |tx| tx.insert_client(&new).await?);
    }
    for (user, name) in (1..).zip(["Ann", "Bob", "Cid", "Dan"]) {
        desk.comes(telegram(user), Role::Admin, name, None).await;
    }
    desk.comes(telegram(8), Role::Support, "Sue", None).await;
    desk.comes(telegram(9), Role::Reseller, "Rex", Some("rex"))
        .await;
    desk
}

/// Handles all at once; says how often each first line was shown.
async fn lines(desk: &Desk, events: Vec<Event>) -> BTreeMap<String, usize> {
    let mut lines = BTreeMap::new();
    for reply in join_all(events.iter().map(|event| desk.handle(event))).await {
        let line = reply
            .card
            .text
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        *lines.entry(line).or_default() += 1;
    }
    lines
}

fn event(desk: &Desk, who: Identity, ask: Ask) -> Event {
    desk.event(who, usual(who), ask)
}

fn approving(desk: &Desk, shown: &Shown, users: impl IntoIterator<Item = i64>) -> Vec<Event> {
    let users = users.into_iter();
    users
        .map(|user| event(desk, telegram(user), press(&Action::Approve(shown.clone()))))
        .collect()
}

async fn state(db: &Database, shown: &Shown) -> State {
    let id = shown.request;
    change!(db.store, |tx| tx.request(id, false).await?)
        .unwrap()
        .state
}

on_both! {
    async fn of_admins_who_approve_at_once_as_many_count_as_are_needed(db) {
        let desk = staffed(db).await;
        for round in 1..=ROUNDS {
            for (amount, needed) in [(500, 1), (1_500, 2)] {
                let (shown, _) = desk.confirms(telegram(8), &format!("credit add ada {amount}")).await;
                let lines = lines(&desk, approving(&desk, &shown, 1..=4)).await;
                let told = |start: &str| lines.iter().filter(|(line, _)| line.starts_with(start)).map(|(_, count)| count).sum::<usize>();
                // A reply tells what holds when it is worded: the first of two may already see the second.
                let counted = told("Approved by") + told("1 of 2 approvals");
                assert!(told("Approved by") >= 1 && counted == needed, "{lines:?}");
                assert_eq!(told("This was already done"), 4 - needed, "{lines:?}");
                assert_eq!(state(db, &shown).await, State::Applied);
            }
            let added = i64::try_from(round).unwrap() * 2_000;
            assert_eq!(number(&db.store, "select balance from account where client_id = 100").await, added);
        }
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn an_approval_and_a_rejection_at_once_are_one_of_them(db) {
        let desk = staffed(db).await;
        for _ in 0..ROUNDS {
            let (shown, _) = desk.confirms(telegram(8), "credit add ada 500").await;
            let mut events = approving(&desk, &shown, [1]);
            events.push(event(&desk, telegram(2), reject(&shown, "no")));
            events.push(event(&desk, telegram(8), press(&Action::Cancel(shown.clone()))));
            lines(&desk, events).await;
            let ended = state(db, &shown).await;
            assert!([State::Applied, State::Rejected, State::Cancelled].contains(&ended), "{ended:?}");
        }
        let applied = number(&db.store, "select count(*) from request where state = 'applied'").await;
        assert_eq!(number(&db.store, "select count(*) from posting").await, applied);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn one_event_that_is_delivered_eight_times_at_once_has_one_effect_and_one_answer(db) {
        let desk = staffed(db).await;
        for _ in 0..ROUNDS {
            let draft = event(&desk, telegram(1), Ask::Typed("credit add ada 50".to_owned()));
            let drafts = join_all((0..8).map(|_| desk.handle(&draft))).await;
            let shown: Vec<_> = drafts.iter().filter_map(crate::desk::drafted).collect();
            assert!(shown.len() == 8 && shown.iter().all(|other| *other == shown[0]), "{drafts:?}");
            let confirm = event(&desk, telegram(1), press(&Action::Confirm(shown[0].clone())));
            let told = lines(&desk, vec![confirm; 8]).await;
            assert_eq!(told, BTreeMap::from([("Done by Ann.".to_owned(), 8)]));
        }
        let rounds = i64::try_from(ROUNDS).unwrap();
        assert_eq!(number(&db.store, "select count(*) from request").await, rounds);
        assert_eq!(number(&db.store, "select count(*) from posting").await, rounds);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn a_reseller_gives_no_more_than_he_has_however_fast_he_presses(db) {
        let desk = staffed(db).await;
        for _ in 0..ROUNDS {
            let (asked, _) = desk.confirms(telegram(9), "credit request 500 TX-1").await;
            desk.approves(telegram(1), &asked).await;
            let mut events = Vec::new();
            for _ in 0..3 {
                let shown = desk.drafts(telegram(9), "credit add tom 400").await;
                events.push(event(&desk, telegram(9), press(&Action::Confirm(shown))));
            }
            let told = lines(&desk, events).await;
            let short = Desk::say().state_unfit(Desk::say().text("unfit-not-enough-credit").unwrap());
            let expected = BTreeMap::from([("Done by Rex.".to_owned(), 1), (short, 2)]);
            assert_eq!(told, expected);
            let left = desk.drafts(telegram(9), "credit add tom 100").await;
            desk.presses(telegram(9), &Action::Confirm(left)).await;
            assert_eq!(number(&db.store, "select balance from account where client_id = 200").await, 0);
        }
        let reply = desk.types(telegram(9), "credit add tom 1").await;
        let why = Refusal::NotEnoughCredit {
            balance: bursar::domain::credits::Credits(0), amount: 1.try_into().unwrap(),
        };
        assert_eq!(reply.card.text, desk.sentence(&why));
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}
