//! The whole pipeline on a database, as the adapters have it, and events as they would hand them over.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bursar::chat::{Ask, Event, Forms, Identity, MessageRef, Messenger, Place, Sender};
use bursar::clock::{Clock, Ids, Random};
use bursar::domain::credits::{CreditUnit, LARGEST};
use bursar::domain::money::{Currency, TaxRate, UnitPrice};
use bursar::domain::request::Limits;
use bursar::domain::role::Role;
use bursar::pipeline::Pipeline;
use bursar::services::access::RoleMap;
use bursar::services::{House, Rules};
use bursar::store::Store;
use tokio::sync::Notify;

/// The services on a store, with so many admins: the Discord accounts from 1 on.
pub async fn house(store: &Store, admins: i64) -> House {
    let clock = Clock::system();
    let rules = Rules {
        name: "Blue Bird SMS".to_owned(),
        unit: CreditUnit::new(0),
        currency: Currency {
            code: "EUR".to_owned(),
            exponent: 2,
        },
        price: UnitPrice(50_000),
        tax: TaxRate(200_000),
        due_days: 14,
        reminder_days: vec![7, 14, 30],
        limits: Limits {
            admin: LARGEST,
            ..Limits::default()
        },
        expires: Duration::from_mins(30),
        request_expires: Duration::from_hours(72),
        undo: Duration::from_mins(2),
        roles: RoleMap {
            discord_roles: Vec::new(),
            named: (1..=admins)
                .map(|user| (discord(user), Role::Admin))
                .collect(),
        },
        approvals_channel: Some(1),
        staff_channel: None,
        mails: false,
        language: "en".to_owned(),
    };
    let house = House {
        store: store.clone(),
        ids: Ids::system(clock.clone()),
        clock,
        random: Random::system(),
        rules: Arc::new(rules),
        telegram_name: Arc::new(OnceLock::new()),
    };
    house.know_named().await.unwrap();
    house
}

/// The one desk.
pub fn desk(house: &House) -> Arc<Pipeline> {
    Arc::new(Pipeline::new(house.clone(), None, Arc::new(Notify::new())))
}

/// An account on Discord.
pub fn discord(user: i64) -> Identity {
    Identity {
        messenger: Messenger::Discord,
        user,
    }
}

/// Somebody on Discord asks something; a press comes with the private message whose button it was.
pub fn event(user: i64, ask: Ask) -> Event {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let message = matches!(ask, Ask::Press(_)).then(|| MessageRef {
        messenger: Messenger::Discord,
        chat: 1,
        message: number,
        token: Some(format!("token-{number}")),
    });
    Event {
        id: format!("discord:{number}"),
        from: Sender {
            identity: discord(user),
            name: format!("Person {user}"),
            locale: "en-GB".to_owned(),
            roles: Some(Vec::new()),
        },
        place: Place::Guild,
        chat: 1,
        message,
        at: Clock::system().now(),
        ask,
        forms: Forms::Modal,
    }
}
