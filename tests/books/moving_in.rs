//! Moving in on both databases: what a file leads to, what it leads to again, and what the books say after it.

use std::fmt::Write as _;
use std::sync::Arc;

use bursar::clock::{Clock, Ids, Millis, Random};
use bursar::domain::client::{Class, Status};
use bursar::domain::credits::{CreditUnit, Credits};
use bursar::domain::ids::ClientId;
use bursar::domain::refusal::Refusal;
use bursar::services::House;
use bursar::services::export::What;
use bursar::services::import::{Existing, File, Manner, Outcome, Outlook, Why};
use bursar::store::Stop;
use bursar::store::clients::{Client, Scope};
use bursar::store::exports::Span;
use bursar::store::moving::Tally;

use crate::on_both;
use crate::support::Database;

const SPAN: Span = Span {
    from: Millis(i64::MIN),
    before: Millis(i64::MAX),
};

fn house(db: &Database) -> House {
    let clock = Clock::manual(Millis(1_800_000_000_000));
    House {
        store: db.store.clone(),
        ids: Ids::seeded(clock.clone(), 7),
        clock,
        random: Random::seeded(7),
        rules: Arc::new(crate::desk::rules()),
        telegram_name: Arc::default(),
    }
}

fn manner(existing: Existing) -> Manner {
    Manner {
        name: "clients.csv".to_owned(),
        existing,
        admins: true,
        person: None,
        actor: "host".to_owned(),
        request: None,
    }
}

fn read(text: &str) -> Arc<File> {
    Arc::new(File::read(text.as_bytes(), CreditUnit::new(0)).unwrap())
}

async fn look(house: &House, text: &str, existing: Existing) -> Outlook {
    house
        .look_through(&read(text), &manner(existing), |_| {})
        .await
        .unwrap()
}

async fn run(house: &House, text: &str, existing: Existing) -> Outcome {
    let (file, manner) = (read(text), manner(existing));
    let outlook = house.look_through(&file, &manner, |_| {}).await.unwrap();
    house
        .move_in(&file, &manner, outlook, |_| {})
        .await
        .unwrap()
}

async fn client(house: &House, username: &'static str) -> Client {
    house
        .store
        .read(move |tx| {
            Box::pin(async move {
                let id = tx
                    .client_by_username(username)
                    .await?
                    .unwrap_or(ClientId(0));
                Ok(tx.client(id, Scope::House).await?)
            })
        })
        .await
        .unwrap()
        .unwrap_or_else(|| panic!("{username} is not there"))
}

async fn sound(house: &House) {
    let found = house
        .store
        .snapshot(|tx| {
            Box::pin(async move { Ok(tx.breaches(Millis(1_800_000_000_000), true).await?) })
        })
        .await
        .unwrap();
    assert_eq!(found, []);
}

async fn exported(house: &House, scope: Scope, what: What) -> String {
    let mut text = String::new();
    let mut add = |page: &str| {
        text.push_str(page);
        Ok(())
    };
    house.export(scope, what, SPAN, &mut add).await.unwrap();
    text
}

fn problems(outlook: &Outlook) -> Vec<(u64, Why)> {
    let problems = outlook.problems.iter();
    problems
        .map(|problem| (problem.line, problem.why.clone()))
        .collect()
}

const FILE: &str = "id,username,name,email,phone,class,status,reseller,referral,price,balance,created\n\
    1,ada,Ada Lovelace,ada@a.example,+44 1111,user,active,acme,carl,0.04,500,2024-03-01\n\
    2,acme,Acme Ltd,acme@a.example,,reseller,active,bolt,,,1000,\n\
    3,bolt,\"Bolt, GmbH\",bolt@a.example,,reseller,suspended,,,,,\n\
    4,carl,=cmd|' /C calc'!A0,carl@a.example,,user,pending,2,,,7,\n";

on_both! {
    async fn a_file_becomes_clients_with_everything(db) {
        let house = house(db);
        let outlook = look(&house, FILE, Existing::Leave).await;
        assert_eq!(problems(&outlook), []);
        let four = Tally { created: 4, opened: 3, ..Tally::default() };
        assert_eq!((outlook.tally, outlook.opening), (four, Credits(1_507)));
        let outcome = run(&house, FILE, Existing::Leave).await;
        assert_eq!((outcome.tally, outcome.problems, outcome.resumed_at), (four, Vec::new(), None));
        let ada = client(&house, "ada").await;
        let acme = client(&house, "acme").await;
        assert_eq!((ada.reseller_id, ada.balance, ada.class), (Some(acme.id), Credits(500), Class::User));
        assert_eq!(ada.referral.as_deref(), Some("=cmd|' /C calc'!A0"));
        assert_eq!(ada.created_at, Millis(1_709_251_200_000));
        assert_eq!(ada.price.map(|price| price.0), Some(40_000));
        assert_eq!((acme.class, acme.balance), (Class::Reseller, Credits(1_000)));
        assert_eq!(client(&house, "bolt").await.status, Status::Suspended);
        let carl = client(&house, "carl").await;
        assert_eq!((carl.status, carl.reseller_id), (Status::Pending, Some(acme.id)));
        // They are found, in the trees of all who own them.
        let bolt = client(&house, "bolt").await;
        let tree = exported(&house, Scope::Tree(bolt.id), What::Clients).await;
        assert_eq!(tree.lines().count(), 5, "{tree}");
        let found = house.store.read(|tx| Box::pin(async move {
            Ok(tx.client_named("ada lovelace", Scope::House).await?)
        })).await.unwrap();
        assert_eq!(found, Some(ada.id));
        sound(&house).await;
    }
}

on_both! {
    async fn the_same_file_again_changes_nothing(db) {
        let house = house(db);
        run(&house, FILE, Existing::Update).await;
        let before = exported(&house, Scope::House, What::Clients).await;
        let outlook = look(&house, FILE, Existing::Update).await;
        assert_eq!(problems(&outlook), []);
        assert_eq!(outlook.tally, Tally { unchanged: 4, ..Tally::default() });
        let again = run(&house, FILE, Existing::Update).await;
        assert_eq!(again.tally, Tally { unchanged: 4, ..Tally::default() });
        let left = run(&house, FILE, Existing::Leave).await;
        assert_eq!(left.tally, Tally { kept: 4, ..Tally::default() });
        assert_eq!(exported(&house, Scope::House, What::Clients).await, before);
        sound(&house).await;
    }
}

on_both! {
    async fn who_is_here_is_updated_or_left_as_chosen(db) {
        let house = house(db);
        run(&house, FILE, Existing::Leave).await;
        let file = "id,username,name,email,balance,referral\n\
            1,ada,Ada King,ada@new.example,500,bolt\n,carl,Carl Gauss,carl@a.example,9,\n,new,New,,20,ada\n";
        let left = look(&house, file, Existing::Leave).await;
        assert_eq!(left.tally, Tally { created: 1, kept: 2, opened: 1, ..Tally::default() });
        let outlook = look(&house, file, Existing::Update).await;
        assert_eq!(problems(&outlook), [(3, Why::OpeningStays(Credits(7)))]);
        let outcome = run(&house, file, Existing::Update).await;
        assert_eq!(outcome.tally, Tally { created: 1, updated: 2, opened: 1, ..Tally::default() });
        let ada = client(&house, "ada").await;
        assert_eq!((ada.name.as_str(), ada.email.as_str(), ada.balance), ("Ada King", "ada@new.example", Credits(500)));
        assert_eq!((ada.phone.as_str(), ada.referral.as_deref()), ("+44 1111", Some("Bolt, GmbH")));
        assert_eq!(client(&house, "carl").await.balance, Credits(7));
        let found = house.store.read(|tx| Box::pin(async move {
            let old = tx.client_named("ada lovelace", Scope::House).await?;
            Ok((old, tx.client_named("ada king", Scope::House).await?))
        })).await.unwrap();
        assert_eq!(found, (None, Some(ada.id)));
        sound(&house).await;
    }
}

on_both! {
    async fn wrong_rows_are_named_and_the_others_go_in(db) {
        let house = house(db);
        run(&house, FILE, Existing::Leave).await;
        let file = "id,username,email,phone,class,status,reseller,balance,referral\n\
            10,eve,ada@a.example,441111,user,,nobody,,\n\
            11,fay,,,user,,ada,,eve\n\
            12,acme,acme@a.example,,user,closed,,,\n\
            13,gus,,,user,,bolt,5,\n";
        let outlook = look(&house, file, Existing::Update).await;
        let acme = || Why::Taken("acme".to_owned());
        let ada = || Why::Taken("ada".to_owned());
        let expected = [
            // Her address leads to Ada, whose old id is another.
            (2, ada()),
            (2, Why::Unknown),
            (3, Why::NotReseller),
            (3, Why::BadAbove(2)),
            (4, acme()),
            (4, Why::StatusStays(Status::Active)),
            (4, Why::ClassStays(Class::Reseller)),
            (4, Why::ResellerStays),
        ];
        assert_eq!(problems(&outlook), expected);
        assert_eq!(outlook.tally, Tally { created: 1, bad: 3, opened: 1, ..Tally::default() });
        let outcome = run(&house, file, Existing::Update).await;
        assert_eq!(outcome.tally, outlook.tally);
        assert_eq!(client(&house, "gus").await.balance, Credits(5));
        sound(&house).await;
    }
}

on_both! {
    async fn credit_that_moved_here_is_not_posted_on_top(db) {
        let house = house(db);
        run(&house, FILE, Existing::Leave).await;
        // Bolt brought nothing along; later a file says that he did.
        let late = "username,balance\nbolt,30\n";
        assert_eq!(run(&house, late, Existing::Update).await.tally.opened, 1);
        let more = look(&house, "username,balance\nbolt,31\n", Existing::Update).await;
        assert_eq!(problems(&more), [(2, Why::OpeningStays(Credits(30)))]);
        assert_eq!(client(&house, "bolt").await.balance, Credits(30));
        sound(&house).await;
    }
}

on_both! {
    async fn referrals_come_in_whatever_their_order(db) {
        let house = house(db);
        let file = "username,class,reseller,referral\na,user,r,b\nr,reseller,,a\nb,user,,\n";
        let outcome = run(&house, file, Existing::Leave).await;
        assert_eq!(outcome.problems, []);
        assert_eq!(client(&house, "r").await.referral.as_deref(), Some("a"));
        assert_eq!(client(&house, "a").await.referral.as_deref(), Some("b"));
        // A circle through somebody who is here is found when it would close.
        let circle = run(&house, "username,referral\nb,r\n", Existing::Update).await;
        assert_eq!(circle.problems.len(), 1, "{circle:?}");
        assert_eq!(client(&house, "b").await.referral, None);
        sound(&house).await;
    }
}

on_both! {
    async fn many_rows_go_in_over_several_chunks(db) {
        let house = house(db);
        let mut file = "username,name,class,reseller,balance\n".to_owned();
        for number in 0..2_500 {
            let row = if number % 250 == 249 {
                format!("u{number},Name {number},reseller,,{number}\n")
            } else {
                // The resellers come behind their clients.
                format!("u{number},Name {number},user,u{},{}\n", number / 250 * 250 + 249, number % 3)
            };
            file.push_str(&row);
        }
        let mut seen = Vec::new();
        let (file, manner) = (read(&file), manner(Existing::Leave));
        let outlook = house.look_through(&file, &manner, |_| {}).await.unwrap();
        let outcome = house.move_in(&file, &manner, outlook, |done| seen.push(done)).await.unwrap();
        assert_eq!(outcome.tally.created, 2_500);
        assert_eq!(seen, [0, 2_000, 2_500]);
        let lines = exported(&house, Scope::House, What::Clients).await;
        assert_eq!(lines.lines().count(), 2_501);
        let audit = exported(&house, Scope::House, What::Audit).await;
        assert_eq!(audit.lines().filter(|line| line.contains("client.imported")).count(), 2_500);
        sound(&house).await;
    }
}

on_both! {
    async fn what_is_handed_out_is_safe_and_can_be_moved_in_again(db) {
        let house = house(db);
        run(&house, FILE, Existing::Leave).await;
        let text = exported(&house, Scope::House, What::Clients).await;
        assert!(text.contains("\"Bolt, GmbH\"") && text.contains(",'=cmd|' /C calc'!A0,"), "{text}");
        assert!(text.contains("'+44 1111,USER,active,acme,,'=cmd") || text.contains(",carl,"), "{text}");
        let outlook = look(&house, &text, Existing::Update).await;
        assert_eq!(problems(&outlook), []);
        assert_eq!(outlook.tally, Tally { unchanged: 4, ..Tally::default() });
        let ada = client(&house, "ada").await;
        let statement = exported(&house, Scope::House, What::Statement(ada.account_id)).await;
        let lines: Vec<_> = statement.lines().map(str::trim_end).collect();
        assert_eq!(lines, ["at,kind,amount,balance,invoice,note", "2027-01-15T08:00:00Z,opening,500,500,,"]);
    }
}

on_both! {
    async fn nothing_is_moved_in_while_changes_are_stopped(db) {
        let house = house(db);
        crate::change!(db.store, |tx| {
            crate::desk::sql(tx, "insert into person (id, name, created_at) values (1, 'Ann', 1);
                insert into standstill (one, person_id, created_at) values (1, 1, 1);").await?;
        });
        let (text, manner) = (read("username,name\nada,Ada\n"), manner(Existing::Leave));
        let outlook = house.look_through(&text, &manner, |_| {}).await.unwrap();
        let stopped = house.move_in(&text, &manner, outlook, |_| {}).await;
        assert!(matches!(stopped, Err(Stop::Refusal(Refusal::Frozen { .. }))), "{stopped:?}");
        let clients = crate::desk::number(&db.store, "select count(*) from client").await;
        assert_eq!(clients, 0);
    }
}

on_both! {
    async fn a_freeze_in_the_middle_stops_it_at_the_next_commit(db) {
        let house = house(db);
        crate::change!(db.store, |tx| {
            crate::desk::sql(tx, "insert into person (id, name, created_at) values (1, 'Ann', 1);").await?;
        });
        let mut file = "username,name\n".to_owned();
        for number in 0..5_000 {
            writeln!(file, "u{number},Name {number}").unwrap();
        }
        let (file, manner) = (read(&file), manner(Existing::Leave));
        let outlook = house.look_through(&file, &manner, |_| {}).await.unwrap();
        let freeze = |done| {
            if done == 2_000 {
                tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(async {
                    crate::change!(db.store, |tx| {
                        crate::desk::sql(tx, "insert into standstill (one, person_id, created_at) values (1, 1, 1);").await?;
                    });
                }));
            }
        };
        let stopped = house.move_in(&file, &manner, outlook, freeze).await;
        assert!(matches!(stopped, Err(Stop::Refusal(Refusal::Frozen { .. }))), "{stopped:?}");
        let clients = crate::desk::number(&db.store, "select count(*) from client").await;
        assert_eq!(clients, 2_000);
    }
}
