//! The clients of every journey: users of the house, two resellers with trees of their own, and one of each trouble.

use bursar::clock::Millis;
use bursar::domain::client::{Class, Status};
use bursar::domain::credits::Amount;
use bursar::domain::ids::{AccountId, ClientId, PostingId};
use bursar::domain::money::UnitPrice;
use bursar::domain::posting::{PostingKind, house_account, transfer};
use bursar::store::Store;
use bursar::store::clients::NewClient;
use bursar::store::ledger::NewPosting;

/// Rita's own client: a reseller.
pub const RITA: i64 = 101;
/// Rajesh's own client: a reseller.
pub const RAJESH: i64 = 102;
/// A reseller under Rita.
pub const MAMBO: i64 = 103;
/// Users of the house.
pub const ADA: i64 = 110;
/// The same; `ade` finds it.
pub const ADE: i64 = 111;
/// The same; `lukasz` finds it.
pub const LUKASZ: i64 = 112;
/// A suspended user of the house.
pub const SUSPENDED: i64 = 113;
/// A user of the house whose name is a mention, a tag and markup.
pub const MARKUP: i64 = 114;
/// Rita's user.
pub const CHIDI: i64 = 120;
/// The user of the reseller under Rita.
pub const CHLOE: i64 = 121;
/// Rajesh's user.
pub const RAVI: i64 = 122;
/// The first of many users of the house that one search finds.
pub const MANY: i64 = 200;
/// How many those are: two pages and a bit.
pub const HOW_MANY: i64 = 18;

/// Usernames of the clients of the two resellers who talk to the bot.
pub const RESELLERS: [&str; 2] = ["ritas", "rajesh"];
/// The name of [`MARKUP`].
pub const MARKUP_NAME: &str = "@everyone <b>x</b> *y*";

const SINCE: Millis = Millis(1_750_000_000_000);

fn client(id: i64, username: &str, name: &str, owner: Option<i64>) -> NewClient {
    NewClient {
        id: ClientId(id),
        username: username.to_owned(),
        name: name.to_owned(),
        email: format!("{username}@example.com"),
        // A range that is set aside for fiction.
        phone: format!("+44 7700 900{id:03}"),
        class: Class::User,
        status: Status::Active,
        reseller: owner.map(ClientId),
        manager: None,
        referral: None,
        price: None,
        resale_price: None,
        created_at: SINCE,
    }
}

fn reseller(id: i64, username: &str, name: &str, owner: Option<i64>) -> NewClient {
    NewClient {
        class: Class::Reseller,
        resale_price: Some(UnitPrice(60_000)),
        ..client(id, username, name, owner)
    }
}

fn all() -> Vec<(NewClient, i64)> {
    let mut all = vec![
        (reseller(RITA, RESELLERS[0], "Rita’s Routes", None), 10_000),
        (reseller(RAJESH, RESELLERS[1], "Rajesh Telecom", None), 800),
        (reseller(MAMBO, "mambo", "Mambo Media", Some(RITA)), 50),
        (client(ADA, "ada", "Ada Lovelace", None), 100),
        (client(ADE, "ade", "Adé Adéyẹmí", None), 0),
        (client(LUKASZ, "lukasz", "Łukasz Wójcik", None), 0),
        (
            NewClient {
                status: Status::Suspended,
                ..client(SUSPENDED, "suresh", "Suresh Suspended", None)
            },
            0,
        ),
        (client(MARKUP, "markup", MARKUP_NAME, None), 7),
        (client(CHIDI, "chidi", "Chidi Okonkwo", Some(RITA)), 20),
        (client(CHLOE, "chloe", "Chloë Lefèvre", Some(MAMBO)), 0),
        (client(RAVI, "ravi", "Ravi Shankar", Some(RAJESH)), 0),
    ];
    all.extend((1..=HOW_MANY).map(|number| {
        let name = format!("Pola Nowak {number:02}");
        (
            client(MANY + number - 1, &format!("pola{number:02}"), &name, None),
            0,
        )
    }));
    all
}

/// Makes them, with what each brought along.
pub async fn make(store: &Store) {
    let made = store.write(|tx| {
        Box::pin(async move {
            for (new, credits) in all() {
                tx.insert_client(&new).await?;
                let Ok(amount) = Amount::try_from(credits) else {
                    continue;
                };
                let account = AccountId(new.id.0);
                let entries = transfer(house_account(new.id.0), account, amount);
                let posting = NewPosting {
                    id: PostingId(new.id.0),
                    kind: PostingKind::Opening,
                    key: format!("opening:{}", new.id),
                    digest: String::new(),
                    client: Some(new.id),
                    request: None,
                    reversed: None,
                    person: None,
                    at: SINCE,
                };
                tx.post(&posting, &entries.expect("two accounts")).await?;
            }
            Ok(())
        })
    });
    made.await.unwrap();
}
