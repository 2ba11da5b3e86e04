//! The staff is told what a day brought, and where the audit log's chain ends.

use std::time::Duration;

use bursar::chat::Address;
use bursar::clock::Millis;
use bursar::delivery::courier::Effect;
use bursar::delivery::wording;
use bursar::domain::request::Limits;
use bursar::domain::role::Role;
use bursar::services::Rules;
use bursar::services::notices::Content;

use crate::desk::{Desk, client, house, number, rules, telegram, text_in};
use crate::{change, on_both};

/// The day on which everything begins, 2027-01-15, in days since 1970.
const TODAY: i64 = 20_833;

on_both! {
    async fn a_day_is_told_once_with_its_totals_and_the_head_of_the_chain(db) {
        let limits = Limits { admin: 100, ..Limits::default() };
        let desk = Desk::new(house(&db.store, Rules { limits, ..rules() }, 5));
        assert_eq!(desk.house.settled_day(), TODAY - 1);
        change!(db.store, |tx| tx.insert_client(&client(100, "ada")).await?);
        assert!(!desk.house.tell_day(TODAY - 1).await.unwrap(), "there was nothing yet");
        desk.comes(telegram(1), Role::Admin, "Ann", None).await;
        desk.confirms(telegram(1), "credit add ada 80").await;
        desk.confirms(telegram(1), "credit add ada 20").await;
        desk.house.seal().await.unwrap();
        assert!(!desk.house.tell_day(TODAY - 1).await.unwrap(), "the log had not begun");

        let midnight = Millis((TODAY + 1) * 86_400_000);
        let left = midnight.plus(Duration::from_secs(59)).since(desk.house.now());
        desk.house.clock.advance(left);
        assert_eq!(desk.house.settled_day(), TODAY - 1);
        desk.house.clock.advance(Duration::from_secs(1));
        assert_eq!(desk.house.settled_day(), TODAY);
        // It is the day's, although more came since.
        desk.confirms(telegram(1), "credit add ada 7").await;
        desk.house.seal().await.unwrap();
        assert!(desk.house.tell_day(TODAY).await.unwrap());
        assert!(!desk.house.tell_day(TODAY).await.unwrap(), "it is told once");
        assert_eq!(number(&db.store, "select count(*) from outbox where key = 'day:2027-01-15'").await, 1);

        let content = "select content from outbox where key = 'day:2027-01-15'";
        let content: Content = serde_json::from_str(&change!(db.store, |tx| text_in(tx, content).await?)).unwrap();
        let head = "select seq || ':' || hash from audit_chain order by seq desc limit 1";
        let head = change!(db.store, |tx| text_in(tx, head).await?);
        let house = desk.house.clone();
        let worded = change!(db.store, |tx| {
            wording::effect(&house, tx, &content, Address::DiscordChannel(71)).await?
        });
        let Effect::Post { card, buttons } = worded.unwrap().effect else {
            panic!("it is posted");
        };
        assert_eq!((card.title.as_str(), buttons.len()), ("15 Jan 2027 at the desk", 0));
        let fields: Vec<_> = card.fields.iter().map(|(label, value)| format!("{label}: {value}")).collect();
        assert_eq!(
            fields,
            [
                "Credits added: 100 credits",
                "Credits deducted: 0 credits",
                "Credits taken back: 0 credits",
                "Invoices issued: 2 for 6.00 EUR",
                "Requests decided: 2",
                "New clients: 0",
                &format!("Head of the audit log: {head}"),
            ],
        );
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}
