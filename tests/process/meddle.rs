//! Meddling with the database behind the bot's back: raw SQL, and locks that make it stand still.

use std::str::FromStr as _;

use bursar::store::Tx;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use crate::support::Database;

/// Changes rows by raw SQL.
pub async fn tamper(db: &Database, sql: &'static str) {
    let done = db.store.write(move |tx| {
        Box::pin(async move {
            match tx {
                Tx::Sqlite(conn) => sqlx::query(sql).execute(&mut **conn).await.map(|_| ())?,
                Tx::Postgres(conn) => sqlx::query(sql).execute(&mut **conn).await.map(|_| ())?,
            }
            Ok(())
        })
    });
    done.await.unwrap();
}

/// Rows of two numbers.
pub async fn pairs(db: &Database, sql: &'static str) -> Vec<(i64, i64)> {
    let read = db.store.read(move |tx| {
        Box::pin(async move {
            Ok(match tx {
                Tx::Sqlite(conn) => sqlx::query_as(sql).fetch_all(&mut **conn).await?,
                Tx::Postgres(conn) => sqlx::query_as(sql).fetch_all(&mut **conn).await?,
            })
        })
    });
    read.await.unwrap()
}

/// A database that stands still. Dropped, it goes on.
#[derive(Debug)]
pub enum Stall {
    /// Nobody else writes; SQLite's readers are never kept out.
    Sqlite(SqliteConnection),
    /// Nobody else reads or writes some tables.
    Postgres(PgConnection),
}

impl Stall {
    /// Holds the one write lock of SQLite, or these tables of PostgreSQL, for itself.
    pub async fn begin(url: &str, tables: &str) -> Self {
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url).unwrap();
            let options = options.busy_timeout(crate::bot::PATIENCE);
            let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
            conn.execute("begin immediate").await.unwrap();
            return Self::Sqlite(conn);
        }
        let mut conn = PgConnection::connect(url).await.unwrap();
        loop {
            conn.execute("begin").await.unwrap();
            let sql = format!("lock table {tables} in access exclusive mode");
            match conn.execute(AssertSqlSafe(sql)).await {
                Ok(_) => return Self::Postgres(conn),
                // The bot holds a later table and waits for an earlier one: it goes on first.
                Err(sqlx::Error::Database(fault)) if fault.code().as_deref() == Some("40P01") => {
                    conn.execute("rollback").await.unwrap();
                }
                Err(fault) => panic!("{fault}"),
            }
        }
    }

    /// Lets it go on.
    pub async fn end(self) {
        match self {
            Self::Sqlite(mut conn) => {
                conn.execute("rollback").await.unwrap();
                conn.close().await.unwrap();
            }
            Self::Postgres(mut conn) => {
                conn.execute("rollback").await.unwrap();
                conn.close().await.unwrap();
            }
        }
    }
}
