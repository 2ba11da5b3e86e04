//! The audit log in chat: what was done is told in words to those who may know, narrowed as they ask.

use std::collections::BTreeSet;

use bursar::chat::{Action, Identity, Reply};
use bursar::domain::refusal::Refusal;
use bursar::domain::role::Role;
use bursar::store::{Store, Tx};

use crate::desk::{Desk, press, sql};
use crate::matrix::{self, refused};
use crate::sound::books;
use crate::{change, on_both};

fn who(role: Role) -> Identity {
    matrix::accounts(Some(role)).0
}

async fn lines(desk: &Desk, line: &str) -> Vec<String> {
    let reply = desk.types(who(Role::Auditor), line).await;
    shown(&reply)
}

fn shown(reply: &Reply) -> Vec<String> {
    let fields = reply.card.fields.iter();
    fields
        .map(|(label, value)| format!("{}: {value}", label.split(" · ").nth(1).unwrap()))
        .collect()
}

on_both! {
    async fn what_was_done_is_told_in_words(db) {
        let desk = matrix::desk(db).await;
        desk.confirms(who(Role::Reseller), "credit add tom 30").await;
        desk.confirms(who(Role::Support), "credit add ada 50").await;
        desk.confirms(who(Role::Support), "client suspend mia reason:unpaid").await;
        assert_eq!(lines(&desk, "audit log").await[..3], [
            "support: Done: Suspend mia",
            "support: Asked for: Add 50 credits to ada",
            "reseller: Done: Add 30 credits to tom",
        ]);
        assert_eq!(lines(&desk, "audit log ada").await, ["support: Asked for: Add 50 credits to ada"]);
        assert_eq!(lines(&desk, "audit log who:support family:credit").await, ["support: Asked for: Add 50 credits to ada"]);
        assert_eq!(lines(&desk, "audit log client:mia family:credit").await, [""; 0]);
        let people = lines(&desk, "audit log family:people").await;
        assert_eq!(people[..2], ["auditor: Linked an account of auditor", "on the host: Made the code of an invitation"]);
        let nobody = desk.types(who(Role::Auditor), "audit log who:nobody").await;
        let sentence = desk.sentence(&Refusal::NobodyOfThatName { query: "nobody".to_owned() });
        assert!(refused(&nobody) == Some(&*sentence) || format!("{nobody:?}").contains(&sentence), "{nobody:?}");
    }
}

on_both! {
    async fn pages_go_on_where_the_last_one_ended(db) {
        let desk = matrix::desk(db).await;
        for amount in 1..=25 {
            desk.confirms(who(Role::Reseller), &format!("credit add tom {amount}")).await;
        }
        let mut page = desk.types(who(Role::Auditor), "audit log tom").await;
        let mut seen = shown(&page);
        loop {
            let mut buttons = page.buttons.iter().flatten();
            let next = buttons.find(|button| button.label == "Next page").map(|button| button.action.clone());
            let Some(next) = next else { break };
            assert!(matches!(next, Action::More { .. }));
            let auditor = who(Role::Auditor);
            page = desk.handle(&desk.event(auditor, crate::desk::usual(auditor), press(&next))).await;
            seen.extend(shown(&page));
        }
        let credits = |amount| if amount == 1 { "1 credit".to_owned() } else { format!("{amount} credits") };
        let expected: Vec<_> = (1..=25).rev().map(|amount| format!("reseller: Done: Add {} to tom", credits(amount))).collect();
        assert_eq!(seen, expected);
    }
}

on_both! {
    async fn of_two_of_one_name_one_is_chosen(db) {
        let desk = matrix::desk(db).await;
        desk.confirms(who(Role::Support), "credit add ada 50").await;
        change!(desk.house.store, |tx| sql(tx, "insert into person (id, name, created_at) values (5, 'support', 0)").await?);
        let choice = desk.types(who(Role::Auditor), "audit log who:support family:credit").await;
        let labels: Vec<_> = choice.buttons.iter().flatten().map(|button| button.label.clone()).collect();
        assert!(labels.len() == 2 && labels[0] == "support #5", "{labels:?}");
        let second = &choice.buttons.iter().flatten().nth(1).unwrap().action;
        let auditor = who(Role::Auditor);
        let page = desk.handle(&desk.event(auditor, crate::desk::usual(auditor), press(second))).await;
        assert_eq!(shown(&page), ["support: Asked for: Add 50 credits to ada"]);
    }
}

async fn terms(store: &Store) -> BTreeSet<(String, i64)> {
    let read = store.read(|tx| {
        Box::pin(async move {
            let sql = "select term, audit_id from audit_term";
            Ok(match tx {
                Tx::Sqlite(conn) => sqlx::query_as(sql).fetch_all(&mut **conn).await?,
                Tx::Postgres(conn) => sqlx::query_as(sql).fetch_all(&mut **conn).await?,
            })
        })
    });
    read.await.unwrap().into_iter().collect()
}

on_both! {
    async fn rows_from_before_are_found_by_the_same(db) {
        let books = books(db).await;
        let store = &books.desk.house.store;
        let written = terms(store).await;
        assert!(written.len() > 50, "{written:?}");
        let migration = match db.engine {
            "sqlite" => include_str!("../../migrations/sqlite/0013_audit_terms.sql"),
            _ => include_str!("../../migrations/postgres/0013_audit_terms.sql"),
        };
        let (_, filling) = migration.split_once("-- What was written before.").unwrap();
        let (_, filling) = filling.split_once('\n').unwrap();
        let filling = format!("delete from audit_term; {filling}");
        change!(store, |tx| sql(tx, &filling).await?);
        let filled = terms(store).await;
        assert_eq!(filled, written);
    }
}
