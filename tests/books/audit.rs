//! The audit names each breach that can be seeded and nothing else, and each of its queries is held to one.

use std::collections::BTreeSet;
use std::sync::Arc;

use bursar::chat::Identity;
use bursar::domain::role::Role;
use bursar::fault::FaultKind;
use bursar::services::access::RoleMap;
use bursar::services::{House, Rules};
use bursar::store::{Stop, Store};

use crate::desk::{ADMIN_ROLE, Desk, NOW, house, rules, sql, telegram};
use crate::loose::Loose;
use crate::seeds::all;
use crate::sound::{ANN, books};
use crate::support::postgres::postgres;
use crate::{change, on_both};

const NOTHING: [&str; 0] = [];

on_both! {
    async fn every_seeded_breach_is_named_and_nothing_else(db) {
        let books = books(db).await;
        let loose = Loose::of(db).await;
        assert_eq!(books.desk.breaches().await, NOTHING, "as sound without constraints as before");
        let (mut finders, mut wrong) = (BTreeSet::new(), Vec::new());
        for seed in all().filter(|seed| seed.engine.is_empty() || seed.engine == db.engine) {
            let spoil = books.numbers(seed.sql);
            let mut found = loose.spoiled(&spoil, seed.triggers, books.desk.house.now()).await;
            let mut expected: Vec<_> = seed.finds.iter().map(|line| books.words(line)).collect();
            found.lines.sort();
            expected.sort();
            if found.lines != expected {
                wrong.push(format!("{}: {:#?} instead of {expected:#?}", seed.what, found.lines));
            }
            finders.extend(found.queries);
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let idle: Vec<_> = (0..loose.queries().await).filter(|query| !finders.contains(query)).collect();
        assert_eq!(idle, [0; 0], "each query of the audit has a seed that it finds");
        assert_eq!(books.desk.breaches().await, NOTHING, "and the books are as they were");
        loose.close().await;
    }
}

/// The invariants of the business that hold so far.
const INVARIANTS: &[&str] = &[
    "L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L10", "A1", "A2", "A3", "A4", "A5",
    "A6", "A7", "N1", "O1", "O2", "O5", "H1", "H2", "P1", "P2", "P3", "P4",
];

#[test]
fn every_invariant_has_a_seed_on_both_engines_and_says_what_follows() {
    for engine in ["sqlite", "postgres"] {
        let there = |seed: &&crate::seeds::Seed| seed.engine.is_empty() || seed.engine == engine;
        let codes = |line: &&'static str| line.split(' ').next().unwrap();
        let named: BTreeSet<_> = all()
            .filter(there)
            .flat_map(|seed| seed.finds)
            .map(codes)
            .collect();
        assert_eq!(named, INVARIANTS.iter().copied().collect(), "{engine}");
        for seed in all() {
            let invariants: BTreeSet<_> = seed.finds.iter().map(codes).collect();
            assert_eq!(
                invariants.len() > 1,
                !seed.follows.is_empty(),
                "{}",
                seed.what
            );
        }
    }
}

on_both! {
    async fn many_breaches_of_a_kind_are_named_and_the_rest_is_mentioned(db) {
        let desk = Desk::new(house(&db.store, rules(), 1));
        for (from, to) in [(0, 100), (100, 101), (101, 150)] {
            let posting = |id| format!(
                "insert into posting (id, kind, key, digest, created_at) values ({id}, 'usage', '{id}', '', 0);"
            );
            let postings: String = (from..to).map(posting).collect();
            change!(db.store, |tx| sql(tx, &postings).await?);
            let mut found = desk.breaches().await;
            if to > 100 {
                assert_eq!(found.pop().unwrap(), "L1 and more of these");
            }
            assert_eq!(found.len(), 100);
            assert!(found.iter().all(|line| line.ends_with("has 0 entries with the sum 0")), "{found:?}");
        }
    }
}

on_both! {
    async fn breaches_come_in_the_order_of_the_invariants(db) {
        let books = books(db).await;
        let loose = Loose::of(db).await;
        let spoil = all().filter(|seed| seed.engine.is_empty() && !seed.triggers && seed.finds.len() == 1);
        let spoil: String = spoil.map(|seed| seed.sql).filter(|sql| !sql.contains("5000")).collect();
        let found = loose.spoiled(&books.numbers(&spoil), false, NOW).await;
        let codes: Vec<_> = found.lines.iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
        let place = |code: &String| INVARIANTS.iter().position(|known| known == code);
        assert!(codes.is_sorted_by_key(place), "{codes:?}");
        loose.close().await;
    }
}

/// A house with other roles on the same store.
fn with_roles(books: &Desk, roles: RoleMap) -> House {
    let rules = Rules { roles, ..rules() };
    House {
        rules: Arc::new(rules),
        ..books.house.clone()
    }
}

fn named(who: Identity, role: Role) -> RoleMap {
    RoleMap {
        named: vec![(who, role)],
        ..RoleMap::default()
    }
}

on_both! {
    async fn there_is_an_admin_by_code_by_name_or_by_discord_role(db) {
        let desk = Desk::new(house(&db.store, rules(), 1));
        let check = async |roles: RoleMap, expected: &[&str]| {
            let found = with_roles(&desk, roles).breaches().await.unwrap();
            assert_eq!(crate::desk::lines(&found), expected);
        };
        let nobody = ["P1 there is no active admin, by code or by name"];
        check(RoleMap::default(), &nobody).await;
        check(named(telegram(9), Role::Finance), &nobody).await;
        check(named(telegram(9), Role::Admin), &NOTHING).await;
        let by_discord = RoleMap { discord_roles: vec![(ADMIN_ROLE, Role::Admin)], ..RoleMap::default() };
        check(by_discord, &NOTHING).await;
        desk.comes(ANN, Role::Admin, "Ann", None).await;
        check(RoleMap::default(), &NOTHING).await;
        change!(db.store, |tx| sql(tx, "update person set removed_at = 1").await?);
        check(RoleMap::default(), &nobody).await;
        // Her name in the configuration does not bring her back.
        check(named(ANN, Role::Admin), &nobody).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_without_tables_is_a_fault_and_not_sound() {
    let folder = tempfile::tempdir().unwrap();
    let mut urls = vec![format!(
        "sqlite://{}",
        folder.path().join("none.db").display()
    )];
    if let Some(cluster) = tokio::task::spawn_blocking(postgres).await.unwrap() {
        urls.push(cluster.empty_database().await);
    }
    for url in urls {
        let store = Store::connect(&url).await.unwrap();
        match house(&store, rules(), 1).breaches().await {
            Err(Stop::Fault(fault)) => assert_eq!(fault.kind(), FaultKind::Database),
            other => panic!("{other:?}"),
        }
        store.close().await;
    }
}
