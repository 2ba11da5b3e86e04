//! The one way to write many rows: each database's own.

use std::fmt::Write as _;

use sqlx::AssertSqlSafe;

use crate::fault::Fault;
use crate::store::Tx;

/// A value of a row.
#[derive(Debug, Clone)]
pub(in crate::store) enum Cell<'a> {
    Int(i64),
    Text(&'a str),
    Owned(String),
    Null,
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<Option<i64>> for Cell<'_> {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Null, Self::Int)
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

/// Values in one statement of SQLite: enough to make the trip to the connection's thread cheap, few enough to prepare it
/// quickly.
const TOGETHER: usize = 800;

impl Tx {
    /// Writes rows whose values follow one another.
    pub(in crate::store) async fn insert_many(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        cells: &[Cell<'_>],
    ) -> Result<(), Fault> {
        if cells.is_empty() {
            return Ok(());
        }
        match self {
            Self::Sqlite(conn) => {
                let whole = TOGETHER / columns.len();
                let mut rest = cells;
                while !rest.is_empty() {
                    // Few lengths, so that each statement is prepared once.
                    let mut size = whole;
                    while size * columns.len() > rest.len() {
                        size = size.div_ceil(2).min(size - 1);
                    }
                    let (now, later) = rest.split_at(size * columns.len());
                    let mut query = sqlx::query(AssertSqlSafe(values(table, columns, size)));
                    for cell in now {
                        query = match cell {
                            Cell::Int(number) => query.bind(*number),
                            Cell::Text(text) => query.bind(*text),
                            Cell::Owned(text) => query.bind(text.as_str()),
                            Cell::Null => query.bind(None::<i64>),
                        };
                    }
                    query.execute(&mut **conn).await?;
                    rest = later;
                }
            }
            Self::Postgres(conn) => {
                let sql = format!("copy {table} ({}) from stdin", columns.join(", "));
                let mut lines = String::new();
                for row in cells.chunks(columns.len()) {
                    for (at, cell) in row.iter().enumerate() {
                        if at > 0 {
                            lines.push('\t');
                        }
                        match cell {
                            // A String takes whatever is written to it.
                            Cell::Int(number) => _ = write!(lines, "{number}"),
                            Cell::Text(text) => escape(text, &mut lines),
                            Cell::Owned(text) => escape(text, &mut lines),
                            Cell::Null => lines.push_str("\\N"),
                        }
                    }
                    lines.push('\n');
                }
                let mut copy = conn.copy_in_raw(&sql).await?;
                copy.send(lines.into_bytes()).await?;
                copy.finish().await?;
            }
        }
        Ok(())
    }
}

/// A statement that inserts so many rows.
fn values(table: &str, columns: &[&str], rows: usize) -> String {
    let mut sql = format!("insert into {table} ({}) values ", columns.join(", "));
    let one = format!("({})", vec!["?"; columns.len()].join(", "));
    for row in 0..rows {
        if row > 0 {
            sql.push_str(", ");
        }
        sql.push_str(&one);
    }
    sql
}

/// Text as `copy` reads it.
fn escape(text: &str, into: &mut String) {
    for char in text.chars() {
        match char {
            '\\' => into.push_str("\\\\"),
            '\t' => into.push_str("\\t"),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            other => into.push(other),
        }
    }
}
