//! People: one person behind several accounts, one person to an account, and codes that open once.

use bursar::chat::Messenger;
use bursar::domain::client::Status;
use bursar::domain::ids::{ClientId, PersonId, RequestId};
use bursar::domain::role::Role;
use bursar::fault::FaultKind;
use bursar::store::people::NewCode;

use crate::sample::{NOW, after, discord, fault, reseller, sql, telegram, together};
use crate::support::Database;
use crate::{change, look, on_both};

const ADA: PersonId = PersonId(1);
const BOB: PersonId = PersonId(2);
const REX: PersonId = PersonId(3);

/// Ada, an admin, on both messengers; Bob, without a role of his own, on Discord; Rex, reseller 100, on Telegram.
async fn people(db: &Database) {
    change!(db.store, |tx| {
        tx.insert_client(&reseller(100, "acme", "Acme", None))
            .await?;
        tx.insert_person(ADA, "Ada", Some(Role::Admin), None, NOW)
            .await?;
        tx.insert_person(BOB, "Bob", None, None, NOW).await?;
        tx.insert_person(REX, "Rex", Some(Role::Reseller), Some(ClientId(100)), NOW)
            .await?;
        for (person, who, locale) in [
            (ADA, discord(11), "en-US"),
            (ADA, telegram(11), "fr"),
            (BOB, discord(12), ""),
            (REX, telegram(13), "de"),
        ] {
            assert!(tx.insert_identity(person, who, "account", locale).await?);
        }
    })
    .unwrap();
}

fn code(hash: &str) -> NewCode {
    NewCode {
        hash: hash.to_owned(),
        request: None,
        person: None,
        role: Some(Role::Support),
        name: "Sam".to_owned(),
        client: None,
        by: Some(ADA),
        at: NOW,
        expires: after(60),
    }
}

on_both! {
    async fn an_account_leads_to_its_person(db) {
        people(db).await;
        let rex = look!(db.store, |tx| tx.known(telegram(13)).await?).unwrap();
        assert_eq!((rex.person, rex.name.as_str(), rex.role), (REX, "Rex", Some(Role::Reseller)));
        assert_eq!((rex.client, rex.client_status), (Some(ClientId(100)), Some(Status::Active)));
        assert_eq!((rex.identity, rex.locale.as_str(), rex.removed, rex.unreachable), (telegram(13), "de", false, false));
        assert_eq!((rex.roles, rex.roles_at), (vec![], None));
        let bob = look!(db.store, |tx| tx.known(discord(12)).await?).unwrap();
        assert_eq!((bob.role, bob.client, bob.client_status), (None, None, None));
        assert_eq!(look!(db.store, |tx| tx.known(discord(13)).await?), None, "the same number on another messenger");
        assert_eq!(look!(db.store, |tx| tx.known(telegram(0)).await?), None);
    }
}

on_both! {
    async fn people_are_listed_through_their_accounts(db) {
        people(db).await;
        let accounts = |known: Vec<bursar::store::people::Known>| known.iter().map(|one| one.identity).collect::<Vec<_>>();
        assert_eq!(accounts(look!(db.store, |tx| tx.accounts_of(ADA).await?)), [discord(11), telegram(11)]);
        assert_eq!(accounts(look!(db.store, |tx| tx.accounts_of(PersonId(99)).await?)), []);
        assert_eq!(accounts(look!(db.store, |tx| tx.people_of(ClientId(100)).await?)), [telegram(13)]);
        assert_eq!(accounts(look!(db.store, |tx| tx.people_of(ClientId(999)).await?)), []);
        assert_eq!(accounts(look!(db.store, |tx| tx.people_on(Messenger::Telegram).await?)), [telegram(11), telegram(13)]);
        assert_eq!(look!(db.store, |tx| tx.admins_by_code().await?), [ADA]);
        assert_eq!(look!(db.store, |tx| tx.person_name(BOB).await?).as_deref(), Some("Bob"));
        assert_eq!(look!(db.store, |tx| tx.person_name(PersonId(99)).await?), None);
        change!(db.store, |tx| sql(tx, "update person set removed_at = 5").await?).unwrap();
        assert_eq!(accounts(look!(db.store, |tx| tx.people_on(Messenger::Telegram).await?)), []);
        assert_eq!(accounts(look!(db.store, |tx| tx.people_of(ClientId(100)).await?)), []);
        assert_eq!(look!(db.store, |tx| tx.admins_by_code().await?), []);
        assert!(look!(db.store, |tx| tx.known(discord(11)).await?).unwrap().removed);
    }
}

on_both! {
    async fn an_account_belongs_to_one_person(db) {
        people(db).await;
        assert!(!change!(db.store, |tx| tx.insert_identity(BOB, telegram(11), "thief", "").await?).unwrap());
        assert_eq!(look!(db.store, |tx| tx.known(telegram(11)).await?).unwrap().person, ADA);
        let store = db.store.clone();
        let results = together([ADA, BOB, REX, ADA, BOB, REX].map(move |person| {
            let store = store.clone();
            async move { change!(store, |tx| tx.insert_identity(person, telegram(77), "new", "").await?).unwrap() }
        })).await;
        assert_eq!(results.iter().filter(|given| **given).count(), 1);
        let nobody = change!(db.store, |tx| tx.insert_identity(PersonId(99), telegram(78), "x", "").await?);
        assert_eq!(fault(nobody).kind(), FaultKind::Database);
    }
}

on_both! {
    async fn an_account_moves_to_another_person(db) {
        people(db).await;
        change!(db.store, |tx| tx.move_identity(discord(12), ADA).await?).unwrap();
        assert_eq!(look!(db.store, |tx| tx.accounts_of(ADA).await?).len(), 3);
        assert_eq!(look!(db.store, |tx| tx.accounts_of(BOB).await?).len(), 0);
        let absent = change!(db.store, |tx| tx.move_identity(discord(99), ADA).await?);
        assert_eq!(fault(absent).kind(), FaultKind::Internal);
        assert!(!look!(db.store, |tx| tx.has_history(BOB).await?));
    }
}

on_both! {
    async fn a_role_is_given_and_brings_back(db) {
        people(db).await;
        change!(db.store, |tx| {
            sql(tx, "update person set removed_at = 5 where id = 2").await?;
            tx.set_role(BOB, Role::Finance, None).await?;
        }).unwrap();
        let bob = look!(db.store, |tx| tx.known(discord(12)).await?).unwrap();
        assert_eq!((bob.role, bob.removed), (Some(Role::Finance), false));
        let absent = change!(db.store, |tx| tx.set_role(PersonId(99), Role::Admin, None).await?);
        assert_eq!(fault(absent).kind(), FaultKind::Internal);
        let homeless = change!(db.store, |tx| tx.set_role(BOB, Role::Reseller, None).await?);
        assert_eq!(fault(homeless).kind(), FaultKind::Database, "a reseller has a client");
    }
}

on_both! {
    async fn what_an_event_shows_is_kept(db) {
        people(db).await;
        change!(db.store, |tx| tx.observe(discord(12), "de", Some(&[5, i64::MAX]), NOW).await?).unwrap();
        let bob = look!(db.store, |tx| tx.known(discord(12)).await?).unwrap();
        assert_eq!((bob.locale.as_str(), bob.roles, bob.roles_at), ("de", vec![5, i64::MAX], Some(NOW)));
        change!(db.store, |tx| tx.observe(discord(12), "fr", None, after(9)).await?).unwrap();
        let bob = look!(db.store, |tx| tx.known(discord(12)).await?).unwrap();
        assert_eq!((bob.locale.as_str(), bob.roles, bob.roles_at), ("fr", vec![5, i64::MAX], Some(NOW)), "no roles were seen");
        change!(db.store, |tx| tx.observe(discord(12), "fr", Some(&[]), after(9)).await?).unwrap();
        let bob = look!(db.store, |tx| tx.known(discord(12)).await?).unwrap();
        assert_eq!((bob.roles, bob.roles_at), (vec![], Some(after(9))), "he has none any more");
        change!(db.store, |tx| tx.observe(discord(999), "fr", None, NOW).await?).unwrap();
        assert!(change!(db.store, |tx| tx.set_reachable(discord(12), Some(NOW)).await?).unwrap());
        assert!(look!(db.store, |tx| tx.known(discord(12)).await?).unwrap().unreachable);
        assert!(change!(db.store, |tx| tx.set_reachable(discord(12), None).await?).unwrap());
        assert!(!look!(db.store, |tx| tx.known(discord(12)).await?).unwrap().unreachable);
        assert!(!change!(db.store, |tx| tx.set_reachable(discord(999), None).await?).unwrap());
    }
}

on_both! {
    async fn a_code_opens_once(db) {
        people(db).await;
        change!(db.store, |tx| tx.insert_code(&code("aa")).await?).unwrap();
        assert!(change!(db.store, |tx| tx.use_code("bb", NOW).await?).unwrap().is_none());
        let used = change!(db.store, |tx| {
            let used = tx.use_code("aa", after(59)).await?;
            tx.code_used_by("aa", BOB).await?;
            used
        }).unwrap().unwrap();
        assert_eq!((used.role(), used.name.as_str()), (Some(Role::Support), "Sam"));
        assert_eq!((used.person_id, used.client_id), (None, None));
        assert!(change!(db.store, |tx| tx.use_code("aa", NOW).await?).unwrap().is_none());
        let again = change!(db.store, |tx| tx.insert_code(&code("aa")).await?);
        assert!(!again.unwrap(), "the same code is not kept twice");
        let absent = change!(db.store, |tx| tx.code_used_by("cc", BOB).await?);
        assert_eq!(fault(absent).kind(), FaultKind::Internal);
    }
}

on_both! {
    async fn whose_word_may_count_is_found_with_all_his_accounts(db) {
        people(db).await;
        let before = look!(db.store, |tx| tx.people_who_may_decide().await?);
        assert!(before.iter().all(|known| known.person != REX), "a reseller decides nothing");
        change!(db.store, |tx| {
            tx.insert_person(PersonId(50), "Fay", Some(Role::Finance), None, NOW).await?;
            for who in [telegram(51), discord(52)] {
                tx.insert_identity(PersonId(50), who, "account", "").await?;
            }
            tx.keep_roles(discord(12), &[7], NOW).await?;
        }).unwrap();
        let after = look!(db.store, |tx| tx.people_who_may_decide().await?);
        let of = |person| after.iter().filter(|known| known.person == person).map(|known| known.identity).collect::<Vec<_>>();
        assert_eq!(of(PersonId(50)), [discord(52), telegram(51)]);
        assert_eq!(of(BOB), [discord(12)], "his Discord roles were observed");
        assert_eq!(of(REX), []);
    }
}

on_both! {
    async fn an_invitation_has_one_code_that_opens_when_it_is_approved(db) {
        people(db).await;
        let waiting = NewCode { request: Some(RequestId(7)), expires: NOW, ..code("aa") };
        let second = NewCode { request: Some(RequestId(7)), ..code("bb") };
        assert!(change!(db.store, |tx| tx.insert_code(&waiting).await?).unwrap());
        assert!(!change!(db.store, |tx| tx.insert_code(&second).await?).unwrap(), "one code a request");
        assert!(change!(db.store, |tx| tx.use_code("aa", NOW).await?).unwrap().is_none(), "not approved");
        change!(db.store, |tx| tx.open_code(RequestId(7), after(60)).await?).unwrap();
        assert!(change!(db.store, |tx| tx.use_code("aa", after(59)).await?).unwrap().is_some());
        change!(db.store, |tx| tx.open_code(RequestId(7), after(999)).await?).unwrap();
        assert!(change!(db.store, |tx| tx.use_code("aa", after(99)).await?).unwrap().is_none(), "used is used");
    }
}

on_both! {
    async fn a_code_is_too_old_at_its_end(db) {
        people(db).await;
        let other = NewCode { person: Some(REX), role: None, client: Some(ClientId(100)), by: None, ..code("dd") };
        change!(db.store, |tx| { tx.insert_code(&code("aa")).await?; tx.insert_code(&other).await? }).unwrap();
        assert!(change!(db.store, |tx| tx.use_code("aa", after(60)).await?).unwrap().is_none());
        let used = change!(db.store, |tx| tx.use_code("dd", NOW).await?).unwrap().unwrap();
        assert_eq!((used.person_id, used.role(), used.client_id), (Some(REX), None, Some(ClientId(100))));
    }
}

on_both! {
    async fn a_code_typed_by_many_at_once_opens_for_one(db) {
        people(db).await;
        change!(db.store, |tx| tx.insert_code(&code("aa")).await?).unwrap();
        let store = db.store.clone();
        let results = together((0..24).map(move |_| {
            let store = store.clone();
            async move { change!(store, |tx| tx.use_code("aa", NOW).await?).unwrap().is_some() }
        })).await;
        assert_eq!(results.iter().filter(|used| **used).count(), 1);
    }
}

on_both! {
    async fn a_code_that_was_used_in_a_refused_change_is_not_used_up(db) {
        people(db).await;
        change!(db.store, |tx| tx.insert_code(&code("aa")).await?).unwrap();
        let refused = db.store.write(|tx| Box::pin(async move {
            assert!(tx.use_code("aa", NOW).await?.is_some());
            Err::<(), _>(bursar::domain::refusal::Refusal::NotAllowed.into())
        })).await;
        assert!(refused.is_err());
        assert!(change!(db.store, |tx| tx.use_code("aa", NOW).await?).unwrap().is_some());
    }
}

on_both! {
    async fn a_language_is_the_persons_and_goes_before_each_accounts(db) {
        people(db).await;
        let spoken = || async {
            let found = look!(db.store, |tx| tx.accounts_of(ADA).await?);
            found.iter().map(|account| account.spoken().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(spoken().await, ["en-US", "fr"]);
        change!(db.store, |tx| tx.set_language(ADA, Some("de")).await?).unwrap();
        assert_eq!(spoken().await, ["de", "de"]);
        let bob = look!(db.store, |tx| tx.known(discord(12)).await?).unwrap();
        assert_eq!((bob.language.as_deref(), bob.spoken()), (None, ""));
        change!(db.store, |tx| tx.set_language(ADA, None).await?).unwrap();
        assert_eq!(spoken().await, ["en-US", "fr"]);
        let nobody = change!(db.store, |tx| tx.set_language(PersonId(99), Some("de")).await?);
        assert_eq!(fault(nobody).kind(), FaultKind::Internal);
    }
}
