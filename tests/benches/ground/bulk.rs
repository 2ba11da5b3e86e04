//! Many clients at once, past the store: its own path takes a transaction with a dozen statements for each. What is
//! written is the same: the terms and the line come from the same code.

use std::fmt::Write as _;

use bursar::domain::client::Searchable;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};

use super::names::{Client, Names};

/// When everybody signed up.
const SINCE: i64 = 1_800_000_000_000;
/// Clients that are written in one go.
const BATCH: usize = 20_000;

/// A client to be written.
#[derive(Debug)]
pub struct Row {
    /// Identifier, of the account as well.
    pub id: i64,
    /// What it is found by.
    pub client: Client,
    /// `USER` or `RESELLER`.
    pub class: &'static str,
    /// The reseller who owns it.
    pub reseller: Option<i64>,
}

/// A value of a row.
#[derive(Debug)]
pub enum Cell {
    /// A number.
    Int(i64),
    /// Text.
    Text(String),
    /// Nothing.
    Null,
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<Option<i64>> for Cell {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Null, Self::Int)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A connection of the benchmark's own, that does not wait for the disk.
#[derive(Debug)]
pub enum Bulk {
    /// To SQLite.
    Sqlite(Box<SqliteConnection>),
    /// To PostgreSQL.
    Postgres(Box<PgConnection>),
}

impl Bulk {
    /// Connects to a database with the store's tables.
    pub async fn connect(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(url).await.unwrap();
            connection
                .execute("pragma synchronous = off; pragma cache_size = -1000000; pragma foreign_keys = off")
                .await
                .unwrap();
            return Self::Sqlite(Box::new(connection));
        }
        let mut connection = PgConnection::connect(url).await.unwrap();
        // Replicas trust their source: no foreign key is looked up.
        connection
            .execute("set synchronous_commit = off; set session_replication_role = replica")
            .await
            .unwrap();
        Self::Postgres(Box::new(connection))
    }

    /// Connects with the settings under which the store itself writes: as durable, and every foreign key looked up.
    pub async fn durable(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(url).await.unwrap();
            connection
                .execute("pragma synchronous = full; pragma wal_autocheckpoint = 4000; pragma cache_size = -16000; pragma foreign_keys = on")
                .await
                .unwrap();
            return Self::Sqlite(Box::new(connection));
        }
        Self::Postgres(Box::new(PgConnection::connect(url).await.unwrap()))
    }

    /// Writes clients with their accounts, owners and terms. A reseller is to be written with or before his clients; he
    /// has none above him.
    pub async fn clients(
        &mut self,
        count: usize,
        names: &Names,
        row: impl Fn(usize, Client) -> Row,
    ) {
        let numbers: Vec<usize> = (0..count).collect();
        for batch in numbers.chunks(BATCH) {
            let rows: Vec<Row> = batch
                .iter()
                .map(|&number| row(number, names.client(number)))
                .collect();
            self.batch(&rows).await;
        }
        self.tidy().await;
    }

    async fn batch(&mut self, rows: &[Row]) {
        self.execute("begin").await;
        let (mut clients, mut accounts) = (Vec::new(), Vec::new());
        let (mut owners, mut terms) = (Vec::new(), Vec::new());
        for row in rows {
            let Client {
                name,
                username,
                email,
                phone,
            } = &row.client;
            let searchable = Searchable {
                name,
                username,
                email,
                phone,
            };
            clients.push(vec![
                row.id.into(),
                username.as_str().into(),
                name.as_str().into(),
                email.as_str().into(),
                phone.as_str().into(),
                row.class.into(),
                "active".into(),
                row.reseller.into(),
                searchable.line().as_str().into(),
                SINCE.into(),
            ]);
            accounts.push(vec![
                row.id.into(),
                row.id.into(),
                0.into(),
                0.into(),
                0.into(),
            ]);
            let own = (row.class == "RESELLER").then_some(row.id);
            for owner in [Some(0), own, row.reseller].into_iter().flatten() {
                owners.push(vec![owner.into(), row.id.into()]);
                for (kind, term) in searchable.terms() {
                    let kind = i64::from(kind.number());
                    terms.push(vec![
                        owner.into(),
                        kind.into(),
                        term.as_str().into(),
                        row.id.into(),
                    ]);
                }
            }
        }
        self.insert(
            "client",
            "id, username, name, email, phone, class, status, reseller_id, line, created_at",
            clients,
        )
        .await;
        self.insert("account", "id, client_id, floor, balance, seq", accounts)
            .await;
        self.insert("client_owner", "owner_id, client_id", owners)
            .await;
        self.insert("client_term", "owner_id, kind, term, client_id", terms)
            .await;
        self.execute("commit").await;
    }

    /// Gives each client of these a person with a Telegram account, to whom notices about it go. Their role would need a row
    /// in the audit log, and nothing here rests on it.
    pub async fn people(&mut self, clients: impl Iterator<Item = i64>) {
        let (mut people, mut identities) = (Vec::new(), Vec::new());
        for client in clients {
            let person = vec![
                client.into(),
                "Somebody".into(),
                client.into(),
                SINCE.into(),
            ];
            people.push(person);
            let identity = vec![
                "telegram".into(),
                client.into(),
                client.into(),
                "somebody".into(),
                "en".into(),
            ];
            identities.push(identity);
        }
        self.execute("begin").await;
        self.insert("person", "id, name, client_id, created_at", people)
            .await;
        self.insert(
            "identity",
            "messenger, user_id, person_id, name, locale",
            identities,
        )
        .await;
        self.execute("commit").await;
        self.tidy().await;
    }

    /// What PostgreSQL does by itself after a while.
    async fn tidy(&mut self) {
        if let Self::Postgres(connection) = self {
            connection.execute("vacuum analyze").await.unwrap();
        }
    }

    /// Writes rows into a table.
    pub async fn insert(&mut self, table: &str, columns: &str, rows: Vec<Vec<Cell>>) {
        match self {
            Self::Sqlite(connection) => {
                for chunk in rows.chunks(500) {
                    let mut sql = sqlx::QueryBuilder::<sqlx::Sqlite>::new(format!(
                        "insert into {table} ({columns}) "
                    ));
                    sql.push_values(chunk, |mut values, row| {
                        for cell in row {
                            match cell {
                                Cell::Int(number) => values.push_bind(*number),
                                Cell::Text(text) => values.push_bind(text.as_str()),
                                Cell::Null => values.push_bind(None::<i64>),
                            };
                        }
                    });
                    sql.build().execute(&mut **connection).await.unwrap();
                }
            }
            Self::Postgres(connection) => {
                let mut lines = String::new();
                for row in &rows {
                    for (at, cell) in row.iter().enumerate() {
                        if at > 0 {
                            lines.push('\t');
                        }
                        match cell {
                            Cell::Int(number) => write!(lines, "{number}").unwrap(),
                            Cell::Text(text) => lines.push_str(&text.replace('\\', "\\\\")),
                            Cell::Null => lines.push_str("\\N"),
                        }
                    }
                    lines.push('\n');
                }
                let sql = format!("copy {table} ({columns}) from stdin");
                let mut copy = connection.copy_in_raw(&sql).await.unwrap();
                copy.send(lines.as_bytes()).await.unwrap();
                copy.finish().await.unwrap();
            }
        }
    }

    /// Runs a statement.
    pub async fn execute(&mut self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => connection.execute(sql).await.map(|_| ()),
            Self::Postgres(connection) => connection.execute(sql).await.map(|_| ()),
        }
        .unwrap();
    }

    /// Closes the connection.
    pub async fn close(self) {
        match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        }
        .unwrap();
    }
}
