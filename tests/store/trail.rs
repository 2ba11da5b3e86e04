//! The audit log as it is read: narrowed by what rows are found by, page by page.

use std::collections::BTreeSet;

use bursar::domain::ids::{ClientId, PersonId};
use bursar::domain::trail::Term;
use bursar::store::Store;
use bursar::store::requests::AuditRow;

use crate::sample::NOW;
use crate::{change, look, on_both};

/// Row `id` is about client `id % 3`, by person `id % 2 + 1`, of one family or the other.
fn row(id: i64) -> AuditRow<'static> {
    let family = if id % 5 == 0 { "invoice" } else { "credit" };
    let about = [Term::client(ClientId(id % 3)), Term::family(family)];
    AuditRow {
        id,
        at: NOW,
        person: Some(PersonId(id % 2 + 1)),
        actor: "telegram:1".to_owned(),
        event: "",
        action: "request.applied",
        subject: "request:1".to_owned(),
        detail: serde_json::json!({}),
        about: BTreeSet::from(about),
    }
}

/// Rows one by one and in bulk.
async fn fill(store: &Store) {
    for id in 1..=10 {
        change!(store, |tx| tx.audit(&row(id)).await?).unwrap();
    }
    change!(store, |tx| tx
        .audit_many(&(11..=60).map(row).collect::<Vec<_>>())
        .await?)
    .unwrap();
}

/// All rows, page by page.
async fn read(store: &Store, terms: &[Term]) -> Vec<i64> {
    let (mut found, mut before) = (Vec::new(), i64::MAX);
    loop {
        let terms = terms.to_vec();
        let page = look!(store, |tx| match &terms[..] {
            [] => tx.traces(before, 7).await?,
            [first, others @ ..] => {
                let others = (others.first(), others.get(1));
                tx.traces_of(first, others, before, 7).await?
            }
        });
        let Some(last) = page.last() else {
            return found;
        };
        before = last.id;
        found.extend(page.iter().map(|trace| trace.id));
    }
}

on_both! {
    async fn pages_have_each_row_once_and_only_what_was_asked_for(db) {
        fill(&db.store).await;
        let client = Term::client(ClientId(2));
        let person = Term::person(PersonId(1));
        let family = Term::family("invoice");
        let is = |term: &Term, id: i64| match term {
            term if *term == client => id % 3 == 2,
            term if *term == person => id % 2 == 0,
            _ => id % 5 == 0,
        };
        let sets = [
            vec![],
            vec![client.clone()],
            vec![person.clone()],
            vec![family.clone()],
            vec![client.clone(), person.clone()],
            vec![client.clone(), family.clone()],
            vec![person.clone(), family.clone()],
            vec![client.clone(), person.clone(), family.clone()],
        ];
        for terms in sets {
            let expected: Vec<i64> = (1..=60).rev().filter(|id| terms.iter().all(|term| is(term, *id))).collect();
            assert!(!expected.is_empty(), "{terms:?}");
            assert_eq!(read(&db.store, &terms).await, expected, "{terms:?}");
        }
        assert_eq!(read(&db.store, &[Term::family("people")]).await, [0; 0]);
    }
}
