//! Default messages: versions of one message in one language, which never change.

use bursar::domain::ids::{ClientId, PersonId, RequestId};
use bursar::domain::message::{Kind, Text};
use bursar::domain::request::{State, digest};
use bursar::domain::role::Role;
use bursar::store::clients::Scope;
use bursar::store::requests::Request;
use bursar::store::templates::NewVersion;

use crate::sample::{NOW, add_credit, after, client, sql, telegram};
use crate::support::Database;
use crate::{change, look, on_both};

fn text(subject: &str) -> Text {
    Text::parse(Kind::Invoice, subject, "Hello {{ name }},\n\n{{ number }}").unwrap()
}

fn version(kind: Kind, language: &str, version: i64, request: i64, subject: &str) -> NewVersion {
    NewVersion {
        kind,
        language: language.to_owned(),
        version,
        text: (!subject.is_empty()).then(|| text(subject)),
        request: RequestId(request),
        person: PersonId(1),
        at: after(u64::try_from(request).unwrap()),
    }
}

/// Ada, and requests from 1 to 9 to which versions belong.
async fn requests(db: &Database) {
    change!(db.store, |tx| {
        tx.insert_client(&client(100, "ada", "Ada")).await?;
        tx.insert_person(PersonId(1), "Ada", Some(Role::Admin), None, NOW)
            .await?;
        for id in 1..10 {
            let intent = add_credit(100, 500);
            let intent_text = serde_json::to_string(&intent)?;
            let request = Request {
                id: RequestId(id),
                digest: digest(RequestId(id), &intent_text),
                intent,
                intent_text,
                state: State::Draft,
                requester: PersonId(1),
                requester_name: "Ada".to_owned(),
                asked_by: telegram(11),
                needed: 0,
                solo: false,
                created_at: NOW,
                expires_at: after(60),
                decided_at: None,
                decided_by: String::new(),
                reason: String::new(),
                undoes: None,
            };
            tx.insert_request(&request, &format!("telegram:{id}"))
                .await?;
        }
    })
    .unwrap();
}

on_both! {
    async fn versions_are_those_of_one_message_in_one_language(db) {
        requests(db).await;
        let of = (Kind::Invoice, "en");
        assert_eq!(look!(db.store, |tx| tx.template(of.0, of.1).await?), None);
        for new in [
            version(Kind::Invoice, "en", 1, 1, "one"),
            version(Kind::Invoice, "en", 2, 2, "two"),
            version(Kind::Invoice, "en", 3, 3, ""),
            version(Kind::Invoice, "fr", 1, 4, "un"),
            version(Kind::Reminder, "en", 1, 5, "other"),
        ] {
            change!(db.store, |tx| tx.insert_template(&new).await?).unwrap();
        }
        let last = look!(db.store, |tx| tx.template(of.0, of.1).await?).unwrap();
        assert_eq!((last.version, last.text, last.by.as_str(), last.at), (3, None, "Ada", after(3)));
        let one = look!(db.store, |tx| tx.template_version(of.0, of.1, 1).await?).unwrap();
        assert_eq!((one.version, one.text), (1, Some(text("one"))));
        assert_eq!(look!(db.store, |tx| tx.template_version(of.0, "fr", 2).await?), None);
        let page = |below, limit| async move {
            let found = look!(db.store, |tx| tx.templates(of.0, of.1, below, limit).await?);
            found.into_iter().map(|found| found.version).collect::<Vec<_>>()
        };
        assert_eq!(page(i64::MAX, 2).await, [3, 2]);
        assert_eq!(page(2, 2).await, [1]);
    }
}

on_both! {
    async fn a_version_is_kept_once_and_stays(db) {
        requests(db).await;
        let first = version(Kind::Invoice, "en", 1, 1, "one");
        change!(db.store, |tx| tx.insert_template(&first).await?).unwrap();
        for again in [
            version(Kind::Invoice, "en", 1, 2, "the number"),
            version(Kind::Invoice, "en", 2, 1, "the request"),
            version(Kind::Invoice, "en", 0, 3, "the lowest"),
            version(Kind::Invoice, "en", 2, 99, "no request"),
        ] {
            let what = format!("{again:?}");
            let kept = change!(db.store, |tx| tx.insert_template(&again).await?);
            assert!(kept.is_err(), "{what}");
        }
        for text in [
            "update template set body = 'x'",
            "delete from template",
            "insert into template (kind, language, version, subject, body, request_id, person_id, created_at)
             values ('invoice', 'en', 2, 'half', null, 2, 1, 0)",
        ] {
            assert!(change!(db.store, |tx| sql(tx, text).await?).is_err(), "{text}");
        }
    }
}

on_both! {
    async fn the_newest_client_came_last(db) {
        assert_eq!(look!(db.store, |tx| tx.newest_client(Scope::House).await?), None);
        for (id, name) in [(100, "ada"), (300, "zoe"), (200, "max")] {
            change!(db.store, |tx| tx.insert_client(&client(id, name, name)).await?).unwrap();
        }
        assert_eq!(look!(db.store, |tx| tx.newest_client(Scope::House).await?), Some(ClientId(300)));
        let tree = Scope::Tree(ClientId(100));
        assert_eq!(look!(db.store, |tx| tx.newest_client(tree).await?), None, "nobody else's");
    }
}
