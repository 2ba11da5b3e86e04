//! Import in chat: who may, what is shown before anything is done, and that what was confirmed ends in the file's state
//! whatever comes between.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bursar::chat::{Action, Address, Ask, Identity, Reply, Values};
use bursar::delivery::courier::Effect;
use bursar::delivery::wording;
use bursar::domain::refusal::Refusal;
use bursar::domain::role::Role;
use bursar::services::notices::Content;

use crate::desk::{Desk, drafted, number, press, sql, text_in};
use crate::matrix::{self, ROLES, accounts, cell, places, refused};
use crate::{change, on_both};

const ROW: &str = "default messages, import";

fn admin() -> Identity {
    accounts(Some(Role::Admin)).0
}

/// `count` clients under a reseller, enough for several chunks where it is large.
fn file(count: usize) -> String {
    let mut text =
        "username,name,class,reseller,balance,shoe size\nboss,Boss,RESELLER,,0,44\n".to_owned();
    for number in 0..count {
        writeln!(text, "u{number},Name {number},USER,boss,{},1", number % 5).unwrap();
    }
    text
}

async fn sends(desk: &Desk, who: Identity, text: &str, existing: &str) -> Reply {
    let file = desk.attached.put("clients.csv", text);
    let values = Values::from([("file", &*file), ("existing", existing)]);
    let name = "import clients".to_owned();
    desk.asks(who, Ask::Command { name, values }).await
}

fn field<'a>(reply: &'a Reply, label: &str) -> &'a str {
    let found = reply.card.fields.iter().find(|(name, _)| name == label);
    &found.unwrap_or_else(|| panic!("no {label}: {reply:?}")).1
}

async fn count(desk: &Desk, sql: &str) -> i64 {
    number(&desk.house.store, sql).await
}

const MOVED: &str = "select count(*) from client where username like 'u%' or username = 'boss'";
const FILES: &str = "select count(*) from import_file";
const OPEN: &str = "select count(*) from import_run where finished_at is null";

/// Works as the bot does, until nothing is left.
async fn work(desk: &Desk) {
    desk.house.clock.advance(Duration::from_secs(3));
    while desk.house.move_sent(|| true).await.unwrap() {}
}

on_both! {
    async fn a_file_is_shown_confirmed_and_moved_in_once(db) {
        let desk = matrix::desk(db).await;
        let text = format!("{}u1,Twice,USER,,,\nroot,Root,ADMIN,,,\n", file(3));
        let draft = sends(&desk, admin(), &text, "").await;
        assert_eq!(draft.card.title, "Move in the clients of clients.csv");
        assert_eq!(field(&draft, "Rows"), "6");
        assert_eq!(field(&draft, "Columns that are understood"), "username, name, class, reseller, balance");
        assert_eq!(field(&draft, "Columns that are left aside"), "shoe size");
        assert_eq!(field(&draft, "Clients who are here already"), "Stay as they are");
        let tally = "new: 4\nupdated: 0\nunchanged: 0\nleft as they are: 0\nwrong: 2\nopening balances: 2\nopening balances come to 3 credits";
        assert_eq!(field(&draft, "Clients"), tally);
        let labels: Vec<_> = draft.buttons.iter().flatten().map(|button| &*button.label).collect();
        assert_eq!(labels, ["Import without the wrong rows", "Cancel"]);
        let report = draft.card.file.as_ref().unwrap();
        assert_eq!(String::from_utf8_lossy(report.bytes()).replace('\r', ""),
            "line,column,value,problem\n6,username,u1,This stands on line 4 already.\n7,class,ADMIN,Only the host can move in clients of class ADMIN.\n");
        assert_eq!((count(&desk, MOVED).await, count(&desk, FILES).await), (0, 1), "nothing happened yet");
        work(&desk).await;
        assert_eq!(count(&desk, MOVED).await, 0, "a draft is not worked at");

        let shown = drafted(&draft).unwrap();
        let begun = desk.presses(admin(), &Action::Confirm(shown.clone())).await;
        assert_eq!(field(&begun, "How far it is"), "0 of 6 steps");
        work(&desk).await;
        assert_eq!((count(&desk, MOVED).await, count(&desk, FILES).await, count(&desk, OPEN).await), (4, 0, 0));
        let again = desk.presses(admin(), &Action::Confirm(shown)).await;
        assert!(again.card.text.starts_with("All rows but the wrong ones are moved in."), "{again:?}");
        work(&desk).await;
        assert_eq!(count(&desk, MOVED).await, 4);

        let idle = sends(&desk, admin(), &file(3), "").await;
        assert_eq!(idle.card.text, "Nothing is left to do: all of this is here already.");
        assert!(idle.buttons.is_empty());
        assert_eq!(count(&desk, "select count(*) from request where kind = 'import clients'").await, 1);
        let bad = sends(&desk, admin(), "name\nAda\n", "").await;
        assert_eq!(refused(&bad), Some("There is no column for username. Name one of them so and send the file again."));
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn what_was_cut_off_goes_on_from_the_stored_file(db) {
        let desk = matrix::desk(db).await;
        let draft = sends(&desk, admin(), &file(5_000), "").await;
        desk.presses(admin(), &Action::Confirm(drafted(&draft).unwrap())).await;
        // A graceful stop after the first chunk.
        desk.house.clock.advance(Duration::from_secs(3));
        let asked = AtomicUsize::new(0);
        desk.house.move_sent(|| asked.fetch_add(1, Ordering::SeqCst) < 1).await.unwrap();
        let first = count(&desk, MOVED).await;
        assert!(first > 0 && first < 5_001, "{first}");
        // A kill: whoever holds it is gone and says nothing. Nobody else takes it before the lease is over.
        let now = desk.house.now();
        change!(desk.house.store, |tx| tx.claim_run(now, 1, now.plus(Duration::from_secs(30))).await?);
        assert!(!desk.house.move_sent(|| true).await.unwrap(), "another holds it");
        let second = change!(desk.house.store, |tx| tx.claim_run(now, 2, now.plus(Duration::from_secs(30))).await?);
        assert_eq!(second, None, "nor does whoever looked before it was held");
        desk.house.clock.advance(Duration::from_secs(31));
        work(&desk).await;
        assert_eq!((count(&desk, MOVED).await, count(&desk, FILES).await), (5_001, 0));
        let brought = "select cast(sum(a.balance) as bigint) from account a join client c on c.id = a.client_id where c.username like 'u%'";
        assert_eq!(count(&desk, brought).await, (0..5_000).map(|number| number % 5).sum::<i64>());
        let told = "select count(*) from audit_log where action = 'client.imported'";
        assert_eq!(count(&desk, told).await, 5_001);
        for action in ["import.begun", "import.finished"] {
            let told = format!("select count(*) from audit_log where action = '{action}'");
            assert_eq!(count(&desk, &told).await, 1, "{action}");
        }
        let update = sends(&desk, admin(), &file(5_000), "update").await;
        assert!(update.buttons.is_empty() && field(&update, "Clients").contains("unchanged: 5,001"), "{update:?}");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn it_stands_still_while_changes_are_stopped(db) {
        let desk = matrix::desk(db).await;
        let draft = sends(&desk, admin(), &file(3), "").await;
        let shown = drafted(&draft).unwrap();
        desk.presses(admin(), &Action::Confirm(shown.clone())).await;
        desk.confirms(admin(), "people freeze").await;
        work(&desk).await;
        assert_eq!((count(&desk, MOVED).await, count(&desk, FILES).await), (0, 1));
        let still = desk.presses(admin(), &Action::Confirm(shown.clone())).await;
        assert!(still.card.text.starts_with("It stands still because every change is stopped"), "{still:?}");
        change!(desk.house.store, |tx| sql(tx, "delete from standstill").await?);
        desk.house.clock.advance(Duration::from_secs(6));
        work(&desk).await;
        let over = desk.presses(admin(), &Action::Confirm(shown)).await;
        assert!(over.card.text.starts_with("All rows are moved in."), "{over:?}");
        assert_eq!(count(&desk, MOVED).await, 4);
    }
}

on_both! {
    async fn what_is_given_up_or_runs_out_leaves_no_file(db) {
        let desk = matrix::desk(db).await;
        let draft = sends(&desk, admin(), &file(3), "").await;
        let shown = drafted(&draft).unwrap();
        let over = desk.presses(admin(), &Action::Cancel(shown.clone())).await;
        assert!(over.buttons.is_empty(), "a file is sent again: {over:?}");
        assert_eq!(count(&desk, FILES).await, 0);
        let again = desk.presses(admin(), &Action::AskAgain(shown.request)).await;
        assert_eq!(refused(&again), Some(&*desk.sentence(&Refusal::FileGone)));
        sends(&desk, admin(), &file(3), "").await;
        assert_eq!(count(&desk, FILES).await, 1);
        desk.house.clock.advance(Duration::from_hours(1));
        desk.house.expire().await.unwrap();
        assert_eq!(count(&desk, FILES).await, 0);
        work(&desk).await;
        assert_eq!(count(&desk, MOVED).await, 0);
    }
}

on_both! {
    async fn only_those_of_the_table_move_in(db) {
        let desk = matrix::desk(db).await;
        let (mut drafts, mut refusals) = (0, 0);
        for role in ROLES {
            for (who, place, rights) in places(role) {
                let file = desk.attached.put("clients.csv", &file(1));
                let values = Values::from([("file", &*file)]);
                let name = "import clients".to_owned();
                let reply = desk.handle(&desk.event(who, place, Ask::Command { name, values })).await;
                let expected = match role {
                    _ if !rights => Some(Refusal::NoRightsHere),
                    None => Some(Refusal::NotLinked),
                    Some(role) if !cell(ROW, role).contains(&"✔") => Some(Refusal::NotAllowed),
                    Some(_) => None,
                };
                let sentence = expected.as_ref().map(|refusal| desk.sentence(refusal));
                assert_eq!(refused(&reply), sentence.as_deref(), "{role:?} in {place:?}");
                assert_eq!(drafted(&reply).is_some(), expected.is_none(), "{role:?} in {place:?}: {reply:?}");
                drafts += i64::from(expected.is_none());
                refusals += i64::from(expected.is_some());
                if let Some(shown) = drafted(&reply) {
                    // Nobody but whoever drafted it confirms it.
                    let other = accounts(Some(Role::Support)).0;
                    let confirm = press(&Action::Confirm(shown));
                    let pressed = desk.handle(&desk.event(other, crate::desk::usual(other), confirm)).await;
                    assert_eq!(refused(&pressed), Some(&*desk.sentence(&Refusal::NotYours)));
                }
            }
        }
        assert!(drafts == 3 && refusals > 30, "{drafts} {refusals}");
        assert_eq!(count(&desk, "select count(*) from request").await, drafts);
        assert_eq!((count(&desk, OPEN).await, count(&desk, MOVED).await), (0, 0));
    }
}

on_both! {
    async fn whoever_may_activate_clients_hears_of_those_who_wait(db) {
        let desk = matrix::desk(db).await;
        change!(desk.house.store, |tx| sql(tx, "update client set status = 'pending' where id = 100").await?);
        let mut text = "username,status\nready,active\n".to_owned();
        for number in 0..7 {
            writeln!(text, "w{number},pending").unwrap();
        }
        let draft = sends(&desk, admin(), &text, "").await;
        desk.presses(admin(), &Action::Confirm(drafted(&draft).unwrap())).await;
        work(&desk).await;
        let told = |to: String| format!("select count(*) from outbox where key like 'sign-ups:%{to}'");
        let rows = count(&desk, &told(String::new())).await;
        assert_eq!(rows, 3, "the channel, support and admin: nobody in finance");
        for to in ["channel".to_owned(), accounts(Some(Role::Support)).0.to_string(), admin().to_string()] {
            assert_eq!(count(&desk, &told(to.clone())).await, 1, "{to}");
        }
        let content = "select content from outbox where key like 'sign-ups:%:channel'";
        let content = change!(desk.house.store, |tx| text_in(tx, content).await?);
        let content: Content = serde_json::from_str(&content).unwrap();
        let notice = async || {
            let (house, content) = (desk.house.clone(), content.clone());
            desk.house.store.read_together(move |tx| Box::pin(async move {
                wording::effect(&house, tx, &content, Address::DiscordChannel(71)).await
            })).await.unwrap().map(|worded| worded.effect)
        };
        let Some(Effect::Post { card, .. }) = notice().await else { panic!("no post") };
        let names: Vec<_> = card.fields.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["w0", "w1", "w2", "w3", "w4"], "not who waited before");
        assert!(card.text.contains("/client list"), "{card:?}");
        change!(desk.house.store, |tx| sql(tx, "update client set status = 'active' where username <> 'w3'").await?);
        let Some(Effect::Post { card, .. }) = notice().await else { panic!("no post") };
        assert_eq!(card.fields.len(), 1, "who was activated meanwhile is left out");
        change!(desk.house.store, |tx| sql(tx, "update client set status = 'active'").await?);
        assert!(notice().await.is_none());
    }
}
