//! Short ways to say what a test is about: clients, people, postings, and raw SQL where a test must look behind the store.

use std::future::Future;
use std::time::Duration;

use bursar::chat::{Identity, Messenger};
use bursar::clock::Millis;
use bursar::domain::client::{Class, Status};
use bursar::domain::credits::{Amount, Credits};
use bursar::domain::ids::{AccountId, ClientId, PersonId, PostingId, RequestId};
use bursar::domain::invoice::{Mode, Totals};
use bursar::domain::money::{Money, UnitPrice};
use bursar::domain::posting::{Entry, PostingKind, transfer};
use bursar::domain::request::{AddCredit, Intent, Payer};
use bursar::fault::Fault;
use bursar::store::clients::NewClient;
use bursar::store::ledger::NewPosting;
use bursar::store::{Stop, Tx};

/// When everything happens, unless a test says otherwise.
pub const NOW: Millis = Millis(1_800_000_000_000);

/// Changes the database through the door; yields what the body ends with, or what stopped it.
#[macro_export]
macro_rules! change {
    ($store:expr, |$tx:ident| $body:expr) => {
        $store
            .write(move |$tx| Box::pin(async move { Ok($body) }))
            .await
    };
}

/// Reads; a fault fails the test.
#[macro_export]
macro_rules! look {
    ($store:expr, |$tx:ident| $body:expr) => {
        $store
            .read(move |$tx| Box::pin(async move { Ok($body) }))
            .await
            .unwrap()
    };
}

/// Later than [`NOW`] by so many seconds.
pub fn after(seconds: u64) -> Millis {
    NOW.plus(Duration::from_secs(seconds))
}

/// An active client of the house.
pub fn client(id: i64, username: &str, name: &str) -> NewClient {
    NewClient {
        id: ClientId(id),
        username: username.to_owned(),
        name: name.to_owned(),
        email: format!("{username}@example.com"),
        phone: String::new(),
        class: Class::User,
        status: Status::Active,
        reseller: None,
        manager: None,
        referral: None,
        price: None,
        resale_price: None,
        created_at: NOW,
    }
}

/// A reseller under another, or under the house.
pub fn reseller(id: i64, username: &str, name: &str, above: Option<i64>) -> NewClient {
    NewClient {
        class: Class::Reseller,
        reseller: above.map(ClientId),
        ..client(id, username, name)
    }
}

/// The same client under a reseller.
pub fn under(owner: i64, client: NewClient) -> NewClient {
    NewClient {
        reseller: Some(ClientId(owner)),
        ..client
    }
}

/// An account on Telegram.
pub fn telegram(user: i64) -> Identity {
    Identity {
        messenger: Messenger::Telegram,
        user,
    }
}

/// An account on Discord.
pub fn discord(user: i64) -> Identity {
    Identity {
        messenger: Messenger::Discord,
        user,
    }
}

/// An addition to a client by a request of the same number.
pub fn posting(id: i64, client: i64) -> NewPosting {
    NewPosting {
        id: PostingId(id),
        kind: PostingKind::Add,
        key: format!("key:{id}"),
        digest: "digest".to_owned(),
        client: Some(ClientId(client)),
        request: Some(RequestId(id)),
        reversed: None,
        person: Some(PersonId(1)),
        at: NOW,
    }
}

/// The wish to add credit to a client, from the house, on account.
pub fn add_credit(client: i64, amount: i64) -> Intent {
    Intent::AddCredit(AddCredit {
        client: ClientId(client),
        amount: Amount::try_from(amount).unwrap(),
        mode: Mode::OnAccount,
        note: String::new(),
        for_himself: false,
        payer: Payer::House,
        price: None,
        unusual: false,
        totals: Totals {
            price: UnitPrice(50_000),
            net: Money(25),
            tax: Money(5),
            total: Money(30),
        },
    })
}

/// The entries of a move between two accounts.
pub fn moved(from: i64, to: i64, amount: i64) -> [Entry; 2] {
    let amount = Amount::try_from(amount).unwrap();
    transfer(AccountId(from), AccountId(to), amount).unwrap()
}

/// Puts credits from the house on a client's account.
pub async fn fund(tx: &mut Tx, id: i64, client: i64, amount: i64) -> Result<(), Fault> {
    tx.post(&posting(id, client), &moved(1, client, amount))
        .await?;
    Ok(())
}

/// Runs raw SQL, one statement or several.
pub async fn sql(tx: &mut Tx, text: &str) -> Result<u64, sqlx::Error> {
    let text = sqlx::AssertSqlSafe(text.to_owned());
    Ok(match tx {
        Tx::Sqlite(conn) => sqlx::raw_sql(text)
            .execute(&mut **conn)
            .await?
            .rows_affected(),
        Tx::Postgres(conn) => sqlx::raw_sql(text)
            .execute(&mut **conn)
            .await?
            .rows_affected(),
    })
}

/// The first number of the first row of raw SQL.
pub async fn number(tx: &mut Tx, text: &str) -> Result<Option<i64>, sqlx::Error> {
    let text = sqlx::AssertSqlSafe(text.to_owned());
    match tx {
        Tx::Sqlite(conn) => sqlx::query_scalar(text).fetch_one(&mut **conn).await,
        Tx::Postgres(conn) => sqlx::query_scalar(text).fetch_one(&mut **conn).await,
    }
}

/// A client's account and balance, locked until the transaction ends.
pub async fn locked(tx: &mut Tx, client: i64) -> Result<Option<(AccountId, Credits)>, Fault> {
    let found = tx.lock_accounts(ClientId(client), ClientId(client)).await?;
    Ok(found
        .first()
        .map(|(_, account, balance)| (*account, *balance)))
}

/// The balance of a client's account and the number of its entries.
pub async fn balance(tx: &mut Tx, client: i64) -> Result<(Credits, i64), Fault> {
    let entries = tx.entries(AccountId(client), i64::MAX).await?;
    let stored = locked(tx, client).await?;
    let (_, balance) = stored.ok_or_else(|| Fault::internal("no account"))?;
    Ok((balance, i64::try_from(entries.len()).unwrap_or(i64::MAX)))
}

/// What stopped a change that must not have happened.
pub fn fault<T: std::fmt::Debug>(result: Result<T, Stop>) -> Fault {
    match result {
        Err(Stop::Fault(fault)) => fault,
        other => panic!("expected a fault, got {other:?}"),
    }
}

/// Waits for all, in tasks of their own.
pub async fn together<T, F>(work: impl IntoIterator<Item = F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = work.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::with_capacity(tasks.len());
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}
