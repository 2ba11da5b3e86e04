//! Searches of several words among so many clients that not all can be looked at: what is found all the same, and what
//! is said where looking was given up.

use std::collections::{BTreeSet, HashSet};

use bursar::domain::client::{Query, Searchable, fold};
use bursar::store::Store;
use bursar::store::clients::{Found, Scope};
use bursar::store::search::Page;

use crate::sample::sql;
use crate::{change, each_engine, look, on_both};

/// Clients of the house by username and name, ids from 1 on: by a few statements for all, because there are thousands.
async fn insert(store: &Store, clients: Vec<(String, String)>) {
    for (chunk, clients) in clients.chunks(1_000).enumerate() {
        let (mut rows, mut owners, mut terms) = (Vec::new(), Vec::new(), Vec::new());
        for (at, (username, name)) in clients.iter().enumerate() {
            let id = 1 + chunk * 1_000 + at;
            let searchable = Searchable {
                name,
                username,
                email: "",
                phone: "",
            };
            let line = searchable.line();
            rows.push(format!(
                "({id}, '{username}', '{name}', '', '', 'USER', 'active', '{line}', 0)"
            ));
            owners.push(format!("(0, {id})"));
            for (kind, term) in searchable.terms() {
                terms.push(format!("(0, {}, '{term}', {id})", kind.number()));
            }
        }
        let text = format!(
            "insert into client (id, username, name, email, phone, class, status, line, created_at) values {};
             insert into client_owner (owner_id, client_id) values {};
             insert into client_term (owner_id, kind, term, client_id) values {};",
            rows.join(", "), owners.join(", "), terms.join(", "),
        );
        change!(store, |tx| sql(tx, &text).await?).unwrap();
    }
}

async fn page(store: &Store, typed: &str, after: Option<&Found>, limit: usize) -> Page {
    let query = Query::new(typed).unwrap();
    let after = after.map(Found::cursor);
    look!(store, |tx| tx
        .find_clients(&query, Scope::House, after, limit)
        .await?)
}

async fn pages(store: &Store, typed: &str, limit: usize) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    loop {
        let next = page(store, typed, all.last(), limit).await;
        assert!(!next.cut, "{typed:?} was given up after {} rows", all.len());
        let over = next.found.len() < limit;
        all.extend(next.found);
        if over {
            return all;
        }
    }
}

/// Names in which `anna` and `berg` are common, often together, in either order and with others between.
fn crowd() -> Vec<(String, String)> {
    let middles = ["", "Maria ", "Zoe ", "Anna "];
    (0..1_500)
        .map(|number| {
            let middle = middles[number % 4];
            let name = match number % 12 {
                0 | 1 => format!("Anna {middle}Berg"),
                2 => format!("Berg {middle}Anna"),
                3 => format!("Bergmann {middle}Annabel{number}"),
                4 => format!("Carl {middle}Anna-Berg"),
                5..8 => format!("Anna {middle}Smith{number}"),
                8..11 => format!("Dora {middle}Berg{number}"),
                _ => format!("Zyl{number} {middle}Anna Berg"),
            };
            (format!("user{number}"), name)
        })
        .collect()
}

/// Who has all these words, by looking at every name.
fn having(words: &[&str]) -> BTreeSet<i64> {
    let begins = |name: &str, word: &str| {
        fold(name)
            .split([' ', '-'])
            .any(|own| own.starts_with(word))
    };
    (1..)
        .zip(crowd())
        .filter(|(_, (_, name))| words.iter().all(|word| begins(name, word)))
        .map(|(id, _)| id)
        .collect()
}

on_both! {
    async fn common_words_find_everybody_who_has_them_once(db) {
        insert(&db.store, crowd()).await;
        for typed in ["anna berg", "berg anna", "ann be", "be anna", "anna maria berg", "zoe be an"] {
            let words: Vec<&str> = typed.split(' ').collect();
            let expected = having(&words);
            assert!(expected.len() > 50, "{typed:?}");
            let mut order = None;
            for limit in [9, 26, 400] {
                let found: Vec<i64> = pages(&db.store, typed, limit).await.iter().map(|found| found.id.0).collect();
                let once: HashSet<i64> = found.iter().copied().collect();
                assert_eq!(once.len(), found.len(), "{typed:?} by {limit} repeats somebody");
                assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), expected, "{typed:?} by {limit}");
                assert_eq!(order.get_or_insert_with(|| found.clone()), &found, "{typed:?} by {limit}");
            }
        }
    }
}

on_both! {
    async fn a_rare_word_finds_among_common_ones(db) {
        insert(&db.store, crowd()).await;
        for typed in ["anna zyl", "zyl1 berg", "anna zyl23 berg"] {
            let words: Vec<&str> = typed.split(' ').collect();
            let found = pages(&db.store, typed, 9).await;
            assert_eq!(found.iter().map(|found| found.id.0).collect::<BTreeSet<_>>(), having(&words), "{typed:?}");
        }
        // A rare word may as well be the username's.
        let found = pages(&db.store, "user1234 anna", 9).await;
        assert_eq!(found.len(), usize::from(crowd()[1_234].1.contains("Anna")));
        let found = pages(&db.store, "anna user1200", 9).await;
        assert_eq!(found.iter().map(|found| found.username.as_str()).collect::<Vec<_>>(), ["user1200"]);
    }
}

on_both! {
    async fn what_stands_as_typed_goes_first(db) {
        insert(&db.store, crowd()).await;
        let found = pages(&db.store, "anna berg", 100).await;
        let as_typed = |found: &Found| found.name.contains("Anna Berg") || found.name.contains("Anna-Berg");
        let first = found.iter().take_while(|found| found.name.contains("Anna Berg")).count();
        assert_eq!(first, found.iter().filter(|found| found.name.contains("Anna Berg")).count());
        assert!(first > 100 && found.iter().any(|found| !as_typed(found)));
        assert_eq!(found[0].name, "Anna Berg");
    }
}

on_both! {
    async fn where_looking_is_given_up_it_says_so(db) {
        // Thousands of names have words that begin alike, and hundreds each of the words; one name has both of them.
        let alike = (0..1_300).map(|number| (format!("x{number}"), format!("Bobobo{number} Cicici{number}")));
        let apart = (0..300).flat_map(|number| {
            [(format!("y{number}"), format!("Boboboz{number} Lee")), (format!("z{number}"), format!("Ciciciz{number} Kim"))]
        });
        let together = [("t1".to_owned(), "Ciciciz Zo Boboboz".to_owned())];
        insert(&db.store, alike.chain(apart).chain(together).collect()).await;
        let given_up = page(&db.store, "bobobo1 cicici2", None, 9).await;
        assert_eq!((given_up.found.len(), given_up.cut), (0, true));
        let rare = page(&db.store, "ciciciz boboboz", None, 9).await;
        assert_eq!((rare.found.len(), rare.cut), (1, true), "few have it as a later word");
        let apart = page(&db.store, "boboboz zo", None, 9).await;
        assert_eq!((apart.found.len(), apart.cut), (1, false));
        let nobody = page(&db.store, "ciciciz10 lee", None, 9).await;
        assert_eq!((nobody.found.len(), nobody.cut), (0, false));
        // What a rare word finds beyond the pairs is found once, on whichever page it falls.
        let all = page(&db.store, "bobobo cicici", None, 4_000).await;
        assert_eq!((all.found.len(), all.cut), (1_001, true));
        let pair = all.found.iter().rposition(|found| found.username.starts_with('x')).unwrap();
        let after = page(&db.store, "bobobo cicici", Some(&all.found[pair]), 9).await;
        assert_eq!((&after.found[..], after.cut), (&all.found[pair + 1..], true));
    }
}

#[tokio::test]
async fn both_engines_agree_on_the_order_of_several_words() {
    let mut answers: Vec<Vec<Vec<i64>>> = Vec::new();
    for db in each_engine!() {
        insert(&db.store, crowd()).await;
        let mut answer = Vec::new();
        for typed in ["anna berg", "be an", "zyl anna", "anna user12"] {
            let found = pages(&db.store, typed, 10).await;
            answer.push(found.iter().map(|found| found.id.0).collect());
        }
        answers.push(answer);
        db.remove().await;
    }
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }
}
