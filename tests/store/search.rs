//! Search: which names are found by what people type, in which order, page by page, within whose scope.

use std::collections::HashSet;

use bursar::domain::client::Query;
use bursar::domain::ids::ClientId;
use bursar::store::Store;
use bursar::store::clients::{Found, NewClient, Scope};

use crate::sample::{client, reseller, under};
use crate::{change, each_engine, look, on_both};

async fn insert(store: &Store, all: Vec<NewClient>) {
    change!(store, |tx| {
        for new in &all {
            tx.insert_client(new).await?;
        }
    })
    .unwrap();
}

async fn find(
    store: &Store,
    typed: &str,
    scope: Scope,
    after: Option<&Found>,
    limit: usize,
) -> Vec<Found> {
    let Some(query) = Query::new(typed) else {
        return Vec::new();
    };
    let after = after.map(Found::cursor);
    look!(store, |tx| tx
        .find_clients(&query, scope, after, limit)
        .await?
        .found)
}

async fn ids(store: &Store, typed: &str) -> Vec<i64> {
    let found = find(store, typed, Scope::House, None, 50).await;
    found.iter().map(|found| found.id.0).collect()
}

async fn pages(store: &Store, typed: &str, scope: Scope, page: usize) -> Vec<i64> {
    let mut all: Vec<Found> = Vec::new();
    loop {
        let next = find(store, typed, scope, all.last(), page).await;
        assert!(next.len() <= page);
        let over = next.len() < page;
        all.extend(next);
        if over {
            return all.iter().map(|found| found.id.0).collect();
        }
    }
}

fn people() -> Vec<NewClient> {
    let named = [
        "Adé Öztürk",
        "Łukasz Żółć",
        "Anna Straße",
        "Bjørn Æsir",
        "Ana Smith-Jones",
        "Pat O'Brien",
        "Rita O’Hara",
        "محمد علي",
        "Юлия Ёлкина",
        "王小明",
        "İrem Işık",
        "Zoe\u{200b}lla Hid\u{ad}den",
        "Jean-Luc de la Tour",
        "ﬁnley Ｗｉｄｅ",
        "Nguyễn Văn Ánh",
        "Σωκράτης ΟΔΥΣΣΕΑΣ",
        "100% Sale_s \\ Co",
        "Mary Ann (Polly) Nichols",
    ];
    (1001..)
        .zip(named)
        .map(|(id, name)| NewClient {
            email: format!("mail{id}@host{id}.example"),
            phone: format!("+49 (170) 55-{id}"),
            ..client(id, &format!("user{id}"), name)
        })
        .collect()
}

on_both! {
    async fn the_right_names_are_found(db) {
        insert(&db.store, people()).await;
        let check = |typed: &'static str, expected: i64| async move {
            assert_eq!(ids(&db.store, typed).await, [expected], "{typed:?}");
        };
        for (typed, expected) in [
            ("ade", 1001), ("ADÉ", 1001), ("öztürk", 1001), ("ozt", 1001), ("adé öz", 1001),
            ("lukasz", 1002), ("ŁUK", 1002), ("zolc", 1002),
            ("strasse", 1003), ("STRASSE", 1003), ("straß", 1003), ("anna strasse", 1003), ("strasse anna", 1003),
            ("bjorn", 1004), ("BJØ", 1004), ("aesir", 1004), ("æs", 1004),
            ("smith-jones", 1005), ("jones", 1005), ("ana smith", 1005),
            ("o'brien", 1006), ("O’BRIEN", 1006), ("brien", 1006), ("pat o'b", 1006),
            ("o'hara", 1007), ("hara", 1007),
            ("محمد", 1008), ("علي", 1008),
            ("юлия", 1009), ("ЕЛКИНА", 1009), ("ёлк", 1009),
            ("王小", 1010), ("王", 1010),
            ("irem", 1011), ("İREM", 1011), ("isik", 1011), ("ışık", 1011),
            ("zoella", 1012), ("hidden", 1012), ("zo\u{200b}e", 1012),
            ("tour", 1013), ("de la", 1013), ("luc", 1013), ("jean-luc", 1013), ("la tour jean", 1013),
            ("finley", 1014), ("wide", 1014), ("ｗｉ", 1014),
            ("nguyen", 1015), ("văn", 1015), ("anh", 1015),
            ("σωκρατησ", 1016), ("οδυσσεας", 1016),
            ("100%", 1017), ("sale_s", 1017), ("co \\", 1017),
            ("mary ann", 1018), ("polly", 1018), ("(polly", 1018), ("nichols mary", 1018),
            ("user1005", 1005), ("@USER1005", 1005), ("MAIL1006@host1006.example", 1006), ("mail1007", 1007),
            ("+49 170 551008", 1008), ("49170551009", 1009), ("  ade  ", 1001),
        ] {
            check(typed, expected).await;
        }
    }
}

on_both! {
    async fn what_nobody_has_finds_nobody(db) {
        insert(&db.store, people()).await;
        for typed in [
            "", " ", "\u{200b}", "@", "xyz", "ade smith", "%", "_ser1005", "use_1005", "us%5", "a%", "1001@",
            "ade \\", "smith jones%", "anna _", "user1005'; drop table client; --", "\u{10ffff}",
        ] {
            assert_eq!(ids(&db.store, typed).await, [0; 0], "{typed:?}");
        }
    }
}

on_both! {
    async fn wildcards_in_further_words_are_plain_characters(db) {
        insert(&db.store, vec![
            client(21, "one", "Percent 100%x"),
            client(22, "two", "Percent 1000x"),
            client(23, "three", "Percent a_b"),
            client(24, "four", "Percent axb"),
            client(25, "five", "Percent c\\d"),
            client(26, "six", "Percent cxd"),
        ]).await;
        assert_eq!(ids(&db.store, "percent 100%").await, [21]);
        assert_eq!(ids(&db.store, "percent a_").await, [23]);
        assert_eq!(ids(&db.store, "percent c\\").await, [25]);
        assert_eq!(ids(&db.store, "percent").await.len(), 6);
    }
}

on_both! {
    async fn exact_goes_first_then_the_beginning_of_the_name_then_the_rest(db) {
        let with = |id, username: &str, name: &str, email: &str, phone: &str| NewClient {
            email: email.to_owned(),
            phone: phone.to_owned(),
            ..client(id, username, name)
        };
        insert(&db.store, vec![
            with(21, "u1", "Zed", "ada.mail@x.example", ""),
            with(22, "adam", "Yan", "", ""),
            with(23, "u3", "Xenia Adams", "", ""),
            with(24, "u4", "Adanna", "", ""),
            with(25, "u5", "Ada Lovelace", "", ""),
            with(26, "ada", "Willy", "", ""),
            with(27, "u7", "Victor Ada", "", ""),
            with(28, "u8", "Ada", "", ""),
            with(29, "u9", "Nobody", "", "0232"),
        ]).await;
        let exact = [28, 27, 26];
        let beginning = [25, 24];
        let rest = [23, 22, 21];
        assert_eq!(ids(&db.store, "ADA").await, [&exact[..], &beginning, &rest].concat());
        assert_eq!(ids(&db.store, "ada l").await, [25]);
        assert_eq!(ids(&db.store, "02 32").await, [29]);
    }
}

on_both! {
    async fn several_words_prefer_the_whole_name(db) {
        insert(&db.store, vec![
            client(21, "u1", "Ada Maria Smith"),
            client(22, "u2", "Smith Ada"),
            client(23, "u3", "Ada Smith"),
            client(24, "u4", "Ada Smithson"),
            client(25, "u5", "Bea Smith"),
        ]).await;
        let found = ids(&db.store, "ada smith").await;
        assert_eq!(found[0], 23, "the exact name: {found:?}");
        let mut all = found.clone();
        all.sort_unstable();
        assert_eq!(all, [21, 22, 23, 24]);
        assert_eq!(ids(&db.store, "smith maria ada").await, [21]);
        assert_eq!(ids(&db.store, "a s").await.len(), 4);
    }
}

on_both! {
    async fn each_client_is_found_once(db) {
        insert(&db.store, vec![
            NewClient { email: "ada@ada.example".to_owned(), ..client(21, "ada", "Ada Ada-Ada Adams") },
            client(22, "adam", "Ada"),
        ]).await;
        assert_eq!(ids(&db.store, "ada").await, [22, 21]);
        assert_eq!(ids(&db.store, "ad").await, [22, 21]);
        assert_eq!(pages(&db.store, "ad", Scope::House, 1).await, [22, 21]);
    }
}

/// Many who are found by the same letters in different ways, several of them by more than one word.
fn crowd() -> Vec<NewClient> {
    (1..=140)
        .map(|id| {
            let name = match id % 7 {
                0 => "An".to_owned(),
                1 => format!("An An{id}"),
                2 => format!("Anton {}", id / 10),
                3 => format!("Carl Anders{id} Ansel"),
                4 => format!("Ànnä {id}"),
                5 => "An-An An'An".to_owned(),
                _ => format!("Zoe {id}"),
            };
            let username = if id % 5 == 0 {
                format!("an{id}")
            } else {
                format!("user{id}")
            };
            client(5_000 - id, &username, &name)
        })
        .collect()
}

on_both! {
    async fn pages_have_no_gap_and_no_repetition(db) {
        insert(&db.store, crowd()).await;
        for typed in ["an", "ann", "an an", "a", "user", "anton 1"] {
            let all = pages(&db.store, typed, Scope::House, 1_000).await;
            let distinct: HashSet<i64> = all.iter().copied().collect();
            assert_eq!(distinct.len(), all.len(), "{typed:?} repeats somebody");
            for page in [1, 2, 7, 10, 25, 26, 60] {
                assert_eq!(pages(&db.store, typed, Scope::House, page).await, all, "{typed:?} by {page}");
            }
        }
        let matching = crowd().iter().filter(|client| {
            bursar::domain::client::fold(&client.name).split([' ', '-', '\'']).any(|word| word.starts_with("an"))
                || client.username.starts_with("an")
                || client.email.starts_with("an")
        }).count();
        assert!(matching > 100);
        assert_eq!(pages(&db.store, "an", Scope::House, 10).await.len(), matching);
    }
}

on_both! {
    async fn paging_goes_on_when_people_come_and_change_in_between(db) {
        insert(&db.store, crowd()).await;
        let first = find(&db.store, "anton", Scope::House, None, 5).await;
        let rest = pages(&db.store, "anton", Scope::House, 1_000).await[5..].to_vec();
        // Somebody who would stand before the cursor does not move the second page.
        insert(&db.store, vec![client(9_000, "new", "Anton")]).await;
        let second = find(&db.store, "anton", Scope::House, first.last(), 1_000).await;
        assert_eq!(second.iter().map(|found| found.id.0).collect::<Vec<_>>(), rest);
    }
}

on_both! {
    async fn a_scope_finds_its_tree_only(db) {
        insert(&db.store, vec![
            reseller(100, "acme", "Anchor Acme", None),
            under(100, client(101, "u101", "Ana One")),
            reseller(200, "bolt", "Anvil Bolt", Some(100)),
            under(200, client(201, "u201", "Ana Two")),
            reseller(400, "other", "Antelope Other", None),
            under(400, client(401, "u401", "Ana Three")),
            client(300, "u300", "Ana House"),
        ]).await;
        let found = |owner| async move {
            let mut found = pages(&db.store, "an", Scope::Tree(ClientId(owner)), 2).await;
            found.sort_unstable();
            found
        };
        assert_eq!(found(100).await, [100, 101, 200, 201], "himself, his clients and his clients' clients");
        assert_eq!(found(200).await, [200, 201]);
        assert_eq!(found(400).await, [400, 401]);
        assert_eq!(found(300).await, [0; 0]);
        assert_eq!(pages(&db.store, "an", Scope::House, 2).await.len(), 7);
        // A cursor on somebody out of scope is none.
        let house = find(&db.store, "ana house", Scope::House, None, 1).await;
        let after = find(&db.store, "an", Scope::Tree(ClientId(200)), house.last(), 10).await;
        assert_eq!(after.len(), 2);
    }
}

#[tokio::test]
async fn both_engines_agree_on_the_order() {
    let mut answers: Vec<(&str, Vec<Vec<i64>>)> = Vec::new();
    for db in each_engine!() {
        insert(&db.store, people()).await;
        insert(&db.store, crowd()).await;
        let mut answer = Vec::new();
        for typed in [
            "a", "an", "ann", "u", "user", "m", "o", "z", "s", "4", "an an", "carl ans", "о", "王",
            "+",
        ] {
            answer.push(pages(&db.store, typed, Scope::House, 10).await);
        }
        assert!(answer.iter().any(|found| found.len() > 100));
        answers.push((db.engine, answer));
        db.remove().await;
    }
    for (engine, answer) in &answers {
        assert_eq!(answer, &answers[0].1, "{engine} and {}", answers[0].0);
    }
}
