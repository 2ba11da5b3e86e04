//! Journeys of people through the whole bot, over real sockets, on both messengers and both databases.

#[path = "../support/desk/mod.rs"]
mod desk;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other binaries need of it what this one does not")]
mod support;

/// A snapshot that a body's tests on both databases share.
macro_rules! assert_seen_snapshot {
    ($seen:expr, @$expected:literal $(,)?) => {
        insta::allow_duplicates! { insta::assert_snapshot!($seen, @$expected) }
    };
}

/// A body for which it does not matter which database there is.
macro_rules! on_one {
    (async fn $name:ident($db:ident) $body:block) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let db = crate::support::Database::sqlite().await;
            let $db = &db;
            $body
            db.remove().await;
        }
    };
}

mod approval;
mod calls;
mod clients;
mod credit;
mod deciding;
mod figures;
mod find;
mod forms;
mod importing;
mod invoice;
mod languages;
mod messages;
mod opening;
mod outages;
mod people;
mod rendering;
mod taking;
mod wrong;
