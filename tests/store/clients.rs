//! Clients: what a card shows, whose they are, and what may not happen twice.

use bursar::domain::client::{Class, Status};
use bursar::domain::credits::Credits;
use bursar::domain::ids::{AccountId, ClientId, PersonId};
use bursar::domain::money::{Money, UnitPrice};
use bursar::domain::role::Role;
use bursar::fault::FaultKind;
use bursar::store::clients::{Client, NewClient, Scope};

use crate::sample::{NOW, client, fault, fund, number, reseller, sql, under};
use crate::support::Database;
use crate::{change, look, on_both};

async fn insert(db: &Database, new: NewClient) {
    change!(db.store, |tx| tx.insert_client(&new).await?).unwrap();
}

async fn card(db: &Database, id: i64, scope: Scope) -> Option<Client> {
    look!(db.store, |tx| tx.client(ClientId(id), scope).await?)
}

/// The house has reseller 100 with client 101 and sub-reseller 200, who has 201; and client 300 of its own.
async fn tree(db: &Database) {
    insert(db, reseller(100, "acme", "Acme Ltd", None)).await;
    insert(db, under(100, client(101, "ada", "Ada Lovelace"))).await;
    insert(db, reseller(200, "bolt", "Bolt GmbH", Some(100))).await;
    insert(db, under(200, client(201, "carl", "Carl Gauss"))).await;
    insert(db, client(300, "dora", "Dora Maar")).await;
}

on_both! {
    async fn a_card_shows_everything(db) {
        change!(db.store, |tx| tx.insert_person(PersonId(9), "Mona", Some(Role::Support), None, NOW).await?).unwrap();
        insert(db, NewClient { resale_price: Some(UnitPrice(70_000)), ..reseller(100, "acme", "Acme Ltd", None) }).await;
        insert(db, client(300, "dora", "Dora Maar")).await;
        let ada = NewClient {
            manager: Some(PersonId(9)),
            referral: Some(ClientId(300)),
            phone: "+44 20 7946 0000".to_owned(),
            status: Status::Pending,
            ..under(100, client(101, "ada", "Ada Lovelace"))
        };
        insert(db, ada).await;
        change!(db.store, |tx| {
            fund(tx, 1, 101, 75).await?;
            sql(tx, "update client set delivery_url = 'https://a.example/', active_at = 5 where id = 101").await?;
        }).unwrap();
        let card = card(db, 101, Scope::House).await.unwrap();
        let expected = Client {
            id: ClientId(101),
            username: "ada".to_owned(),
            name: "Ada Lovelace".to_owned(),
            email: "ada@example.com".to_owned(),
            phone: "+44 20 7946 0000".to_owned(),
            class: Class::User,
            status: Status::Pending,
            manager: Some("Mona".to_owned()),
            reseller_id: Some(ClientId(100)),
            reseller: Some("Acme Ltd".to_owned()),
            reseller_status: "active".to_owned(),
            referral: Some("Dora Maar".to_owned()),
            price: Some(UnitPrice(70_000)),
            delivery_url: Some("https://a.example/".to_owned()),
            account_id: AccountId(101),
            balance: Credits(75),
            floor: Credits(0),
            unpaid: Money(0),
            created_at: NOW,
            active_at: Some(bursar::clock::Millis(5)),
        };
        assert_eq!(card, expected);
    }
}

on_both! {
    async fn what_is_unknown_is_none_and_not_zero(db) {
        insert(db, client(300, "dora", "Dora Maar")).await;
        let card = card(db, 300, Scope::House).await.unwrap();
        assert_eq!((card.price, card.manager, card.reseller_id, card.reseller), (None, None, None, None));
        assert_eq!((card.referral, card.delivery_url, card.active_at), (None, None, None));
        assert_eq!(card.reseller_status, "");
    }
}

on_both! {
    async fn an_own_price_goes_before_the_resellers(db) {
        insert(db, NewClient { resale_price: Some(UnitPrice(7)), ..reseller(100, "acme", "Acme", None) }).await;
        insert(db, NewClient { price: Some(UnitPrice(0)), ..under(100, client(101, "ada", "Ada")) }).await;
        assert_eq!(card(db, 101, Scope::House).await.unwrap().price, Some(UnitPrice(0)));
        assert_eq!(card(db, 100, Scope::House).await.unwrap().price, None);
    }
}

on_both! {
    async fn a_reseller_sees_his_own_tree_and_nobody_else(db) {
        tree(db).await;
        let seen = |owner| async move {
            let mut seen = Vec::new();
            for id in [100, 101, 200, 201, 300, 999] {
                let scope = if owner == 0 { Scope::House } else { Scope::Tree(ClientId(owner)) };
                if card(db, id, scope).await.is_some() {
                    seen.push(id);
                }
            }
            seen
        };
        assert_eq!(seen(0).await, [100, 101, 200, 201, 300]);
        assert_eq!(seen(100).await, [100, 101, 200, 201], "himself, his clients, and theirs");
        assert_eq!(seen(200).await, [200, 201]);
        assert_eq!(seen(300).await, [0; 0], "a plain client owns nobody");
        assert_eq!(seen(999).await, [0; 0]);
    }
}

on_both! {
    async fn names_lead_to_one_client_within_the_scope(db) {
        tree(db).await;
        insert(db, client(301, "twin1", "Same Name")).await;
        insert(db, client(302, "twin2", "Same Name")).await;
        let named = |text: &'static str, scope| async move {
            look!(db.store, |tx| tx.client_named(text, scope).await?).map(|id| id.0)
        };
        assert_eq!(named("ADA", Scope::House).await, Some(101));
        assert_eq!(named("ada@EXAMPLE.com", Scope::House).await, Some(101));
        assert_eq!(named("  ada   lovelace ", Scope::House).await, Some(101));
        assert_eq!(named("Lovelace", Scope::House).await, None, "a later word is not the name");
        assert_eq!(named("same name", Scope::House).await, None, "two share it");
        assert_eq!(named("dora", Scope::Tree(ClientId(100))).await, None);
        assert_eq!(named("carl", Scope::Tree(ClientId(100))).await, Some(201));
        assert_eq!(named("ada", Scope::Tree(ClientId(200))).await, None);
        assert_eq!(named("", Scope::House).await, None);
    }
}

on_both! {
    async fn usernames_and_ids_are_unique(db) {
        insert(db, client(100, "ada", "Ada")).await;
        for twin in [client(101, "ada", "Other"), client(100, "bob", "Bob")] {
            let again = change!(db.store, |tx| tx.insert_client(&twin).await?);
            assert_eq!(fault(again).kind(), FaultKind::Database);
        }
        assert_eq!(look!(db.store, |tx| number(tx, "select count(*) from client").await?), Some(1));
        assert_eq!(look!(db.store, |tx| number(tx, "select count(*) from account where client_id is not null").await?), Some(1));
        assert_eq!(look!(db.store, |tx| number(tx, "select count(*) from client_owner").await?), Some(1));
    }
}

on_both! {
    async fn a_client_of_nobody_known_is_refused(db) {
        let orphan = change!(db.store, |tx| tx.insert_client(&under(999, client(100, "ada", "Ada"))).await?);
        assert_eq!(fault(orphan).kind(), FaultKind::Database);
        assert!(!look!(db.store, |tx| tx.has_clients().await?));
    }
}

on_both! {
    async fn a_status_changes_for_one_client(db) {
        assert!(!look!(db.store, |tx| tx.has_clients().await?));
        tree(db).await;
        assert!(look!(db.store, |tx| tx.has_clients().await?));
        change!(db.store, |tx| tx.set_client_status(ClientId(100), Status::Suspended).await?).unwrap();
        assert_eq!(card(db, 100, Scope::House).await.unwrap().status, Status::Suspended);
        let below = card(db, 101, Scope::House).await.unwrap();
        assert_eq!((below.status, below.reseller_status.as_str()), (Status::Active, "suspended"));
        let absent = change!(db.store, |tx| tx.set_client_status(ClientId(999), Status::Closed).await?);
        assert_eq!(fault(absent).kind(), FaultKind::Internal);
        assert_eq!(look!(db.store, |tx| tx.lock_status(ClientId(100)).await?), Some(Status::Suspended));
        assert_eq!(look!(db.store, |tx| tx.lock_status(ClientId(999)).await?), None);
    }
}
