//! Raw access to a database that a test spoils: without constraints, so that what they keep out can be put in, and in a
//! transaction that is rolled back, so that one set of books serves all.

use std::collections::BTreeSet;
use std::str::FromStr;

use bursar::clock::Millis;
use bursar::store::Tx;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

use crate::desk::{lines, sql};
use crate::support::Database;

const LOOSEN_POSTGRES: &str = "do $$ declare it record; begin
    for it in select conrelid::regclass as relation, conname as name from pg_constraint
        where connamespace = 'public'::regnamespace and contype in ('f', 'c', 'u', 'p')
            and conrelid::regclass::text not like '%sqlx%' order by contype = 'f' desc
    loop execute format('alter table %s drop constraint %I', it.relation, it.name); end loop;
    for it in select attrelid::regclass as relation, attname as name from pg_attribute
        join pg_class c on c.oid = attrelid
        where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and attnotnull
            and relname not like '%sqlx%'
    loop execute format('alter table %s alter column %I drop not null', it.relation, it.name); end loop;
    for it in select indexrelid::regclass as name from pg_index join pg_class c on c.oid = indrelid
        where relnamespace = 'public'::regnamespace and indisunique and relname not like '%sqlx%'
    loop execute format('drop index %s', it.name); end loop;
end $$";

/// What the audit found in spoiled books.
pub struct Found {
    /// All of it, a line each.
    pub lines: Vec<String>,
    /// The numbers of the queries that found something.
    pub queries: BTreeSet<usize>,
}

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A database without constraints. The triggers stay.
pub struct Loose {
    pool: Pool,
    /// What drops the triggers, and what brings them back.
    triggers: (String, String),
}

impl Loose {
    /// Takes the constraints off a database for good.
    pub async fn of(db: &Database) -> Self {
        if db.engine == "postgres" {
            let options = PgConnectOptions::from_str(&db.url).unwrap();
            let pool = PgPoolOptions::new().max_connections(1);
            let pool = pool.connect_with(options).await.unwrap();
            sqlx::raw_sql(LOOSEN_POSTGRES).execute(&pool).await.unwrap();
            // Triggers and foreign keys sleep in this session; for the audit they are there.
            let off = "set local session_replication_role = replica".to_owned();
            let triggers = (off, String::new());
            return Self {
                pool: Pool::Postgres(pool),
                triggers,
            };
        }
        let options = SqliteConnectOptions::from_str(&db.url).unwrap();
        let options = options
            .foreign_keys(false)
            .pragma("ignore_check_constraints", "on");
        let pool = SqlitePoolOptions::new().max_connections(1);
        let pool = pool.connect_with(options).await.unwrap();
        let named = |kind: &str| {
            format!(
                "select name, sql from sqlite_master where type = '{kind}' and name not like '%sql%'"
            )
        };
        let fetch = |kind| sqlx::query_as::<_, (String, String)>(sqlx::AssertSqlSafe(named(kind)));
        let triggers = fetch("trigger").fetch_all(&pool).await.unwrap();
        for (table, _) in fetch("table").fetch_all(&pool).await.unwrap() {
            let copy = format!(
                "create table loose as select * from {table}; drop table {table};
                 alter table loose rename to {table};"
            );
            sqlx::raw_sql(sqlx::AssertSqlSafe(copy))
                .execute(&pool)
                .await
                .unwrap();
        }
        let drops = triggers
            .iter()
            .map(|(name, _)| format!("drop trigger {name};"));
        let makes = triggers.iter().map(|(_, make)| format!("{make};"));
        let (drops, makes): (String, String) = (drops.collect(), makes.collect());
        sqlx::raw_sql(sqlx::AssertSqlSafe(makes.clone()))
            .execute(&pool)
            .await
            .unwrap();
        Self {
            pool: Pool::Sqlite(pool),
            triggers: (drops, makes),
        }
    }

    /// Spoils the books, audits them, and makes it undone. `triggers`: that is about the triggers themselves.
    pub async fn spoiled(&self, text: &str, triggers: bool, now: Millis) -> Found {
        let mut tx = match &self.pool {
            Pool::Sqlite(pool) => Tx::Sqlite(pool.acquire().await.unwrap()),
            Pool::Postgres(pool) => Tx::Postgres(pool.acquire().await.unwrap()),
        };
        let (off, on) = if triggers {
            ("", "")
        } else {
            (&*self.triggers.0, &*self.triggers.1)
        };
        for step in ["begin", off, text, on] {
            sql(&mut tx, step)
                .await
                .unwrap_or_else(|error| panic!("{step}: {error}"));
        }
        let lines = lines(&tx.breaches(now, false).await.unwrap());
        let mut queries = BTreeSet::new();
        let mut number = 0;
        while let Some(found) = tx.breaches_by(number).await.unwrap() {
            if !found.is_empty() {
                queries.insert(number);
            }
            number += 1;
        }
        sql(&mut tx, "rollback").await.unwrap();
        Found { lines, queries }
    }

    /// How many queries the audit has.
    pub async fn queries(&self) -> usize {
        let mut tx = match &self.pool {
            Pool::Sqlite(pool) => Tx::Sqlite(pool.acquire().await.unwrap()),
            Pool::Postgres(pool) => Tx::Postgres(pool.acquire().await.unwrap()),
        };
        let mut number = 0;
        while tx.breaches_by(number).await.unwrap().is_some() {
            number += 1;
        }
        number
    }

    pub async fn close(self) {
        match self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}
