//! How a database would go about a statement, and what is wrong with that.

use std::collections::{HashMap, HashSet};

use bursar::store::Tx;
use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, SqliteConnection};

use crate::support::Database;

/// Tables that grow for as long as there is business.
const GROWING: [&str; 21] = [
    "account",
    "audit_chain",
    "audit_log",
    "audit_term",
    "card",
    "client",
    "client_owner",
    "client_term",
    "code",
    "conversation",
    "entry",
    "event",
    "identity",
    "inbox",
    "invoice",
    "outbox",
    "person",
    "posting",
    "request",
    "template",
    "vote",
];

/// Work that waits is taken in the order of an index: sorting it first would look at all of it each time.
const NEVER_SORTED: [&str; 2] = [
    "update outbox set state = 'leased'",
    "select id from request where state = $1",
];

/// What is wrong with the way in which a statement finds its rows.
pub async fn faults(db: &Database, statement: &str) -> Vec<String> {
    let word = statement.split_whitespace().next().unwrap_or_default();
    if !["select", "insert", "update", "delete", "with"].contains(&word) {
        return Vec::new();
    }
    let found = asked(db, statement, |connection, text| {
        Box::pin(async move {
            match connection {
                Tx::Sqlite(connection) => sqlite(connection, text).await,
                Tx::Postgres(connection) => postgres(connection, text).await,
            }
        })
    });
    found.await
}

/// Loops of a statement that go through everything for each row of something else: what reads all there is, as the audit
/// does, may read it once.
pub async fn loops(db: &Database, statement: &str) -> Vec<String> {
    let found = asked(db, statement, |connection, text| {
        Box::pin(async move {
            match connection {
                Tx::Sqlite(connection) => loops_on_sqlite(connection, text).await,
                Tx::Postgres(connection) => loops_on_postgres(connection, text).await,
            }
        })
    });
    found.await
}

/// How the database would go about a statement, as `ask` sees it; each fault with the statement.
async fn asked<F>(db: &Database, statement: &str, ask: F) -> Vec<String>
where
    F: for<'a> FnOnce(&'a mut Tx, &'a str) -> BoxFuture<'a, Vec<String>> + Send + 'static,
{
    let text = statement.to_owned();
    let found = db
        .store
        .read(move |tx| Box::pin(async move { Ok(ask(tx, &text).await) }));
    let found = found.await.unwrap();
    found
        .into_iter()
        .map(|fault| format!("{fault}\n    in {statement}"))
        .collect()
}

/// Steps beside each other are loops, each within the one before it.
async fn loops_on_sqlite(connection: &mut SqliteConnection, statement: &str) -> Vec<String> {
    let explain = AssertSqlSafe(format!("explain query plan {statement}"));
    let steps = sqlx::raw_sql(explain).fetch_all(&mut *connection).await;
    let steps = steps.unwrap_or_else(|error| panic!("{error}: {statement}"));
    let mut begun: HashSet<i64> = HashSet::new();
    let mut faults = Vec::new();
    for step in steps {
        let (parent, detail): (i64, String) = (step.get("parent"), step.get("detail"));
        let is_scan = detail.starts_with("SCAN ");
        if !is_scan && !detail.starts_with("SEARCH ") {
            continue;
        }
        if !begun.insert(parent) && is_scan {
            faults.push(detail);
        }
    }
    faults
}

/// Where rows can be told apart by a hash or in order, PostgreSQL needs no loop for a join.
async fn loops_on_postgres(connection: &mut PgConnection, statement: &str) -> Vec<String> {
    let run = async |connection: &mut PgConnection, sql: String| {
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(connection);
        done.await
            .unwrap_or_else(|error| panic!("{error}: {statement}"))
    };
    run(connection, "set enable_nestloop = off".to_owned()).await;
    let plan = run(connection, format!("explain (format json) {statement}")).await;
    run(connection, "reset all".to_owned()).await;
    let plan: Value = plan[0].get(0);
    let mut faults = Vec::new();
    let mut nodes: Vec<&Value> = vec![&plan[0]["Plan"]];
    while let Some(node) = nodes.pop() {
        nodes.extend(node["Plans"].as_array().into_iter().flatten());
        if node["Node Type"] == "Nested Loop" {
            faults.push(node["Join Filter"].to_string());
        }
    }
    faults
}

fn is_never_sorted(statement: &str) -> bool {
    NEVER_SORTED
        .iter()
        .any(|beginning| statement.starts_with(beginning))
}

async fn sqlite(connection: &mut SqliteConnection, statement: &str) -> Vec<String> {
    let aliases = aliases(statement);
    let explain = AssertSqlSafe(format!("explain query plan {statement}"));
    let steps = sqlx::raw_sql(explain).fetch_all(&mut *connection).await;
    let steps = steps.unwrap_or_else(|error| panic!("{error}: {statement}"));
    let mut faults = Vec::new();
    for step in steps {
        let step: String = step.get("detail");
        if step.contains("TEMP B-TREE FOR ORDER BY") && is_never_sorted(statement) {
            faults.push(step);
            continue;
        }
        let mut words = step.split(' ');
        let (Some("SCAN"), Some(name)) = (words.next(), words.next()) else {
            continue;
        };
        let index = step.split("INDEX ").nth(1).unwrap_or_default().to_owned();
        if aliases.contains_key(name) && !is_partial(connection, &index).await {
            faults.push(format!("{step} ({})", aliases[name]));
        }
    }
    faults
}

/// Whether an index has a part of the rows only: those that wait, and the like.
async fn is_partial(connection: &mut SqliteConnection, index: &str) -> bool {
    let sql = "select count(*) from sqlite_master where type = 'index' and name = $1 and sql like '% where %'";
    let found: i64 = sqlx::query_scalar(sql)
        .bind(index)
        .fetch_one(connection)
        .await
        .unwrap();
    found == 1
}

/// The names by which a statement calls growing tables.
fn aliases(statement: &str) -> HashMap<&str, &str> {
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let words: Vec<&str> = statement
        .split(|char| !is_part(char))
        .filter(|word| !word.is_empty())
        .collect();
    let keywords = [
        "where", "join", "left", "on", "order", "limit", "set", "group", "union", "values",
        "select", "as",
    ];
    let mut aliases = HashMap::new();
    for (at, word) in words.iter().enumerate() {
        if let Some(table) = GROWING.iter().find(|table| *table == word) {
            aliases.insert(*table, *table);
            if let Some(next) = words.get(at + 1).filter(|next| !keywords.contains(next)) {
                aliases.insert(*next, *table);
            }
        }
    }
    aliases
}

async fn postgres(connection: &mut PgConnection, statement: &str) -> Vec<String> {
    let run = async |connection: &mut PgConnection, sql: String| {
        let sql = AssertSqlSafe(sql);
        let done = sqlx::raw_sql(sql).fetch_all(connection).await;
        done.unwrap_or_else(|error| panic!("{error}: {statement}"))
    };
    // Small tables are read whole and joined as a whole because that is quicker; what matters is what is done to large
    // ones.
    run(
        connection,
        "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set plan_cache_mode = force_generic_plan".to_owned(),
    )
    .await;
    run(connection, format!("prepare asked as {statement}")).await;
    let sql =
        "select cardinality(parameter_types) from pg_prepared_statements where name = 'asked'";
    let parameters: i32 = sqlx::query_scalar(sql)
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    let nulls = vec!["null"; usize::try_from(parameters).unwrap()].join(", ");
    let arguments = if parameters == 0 {
        String::new()
    } else {
        format!("({nulls})")
    };
    let plan = run(
        connection,
        format!("explain (format json) execute asked{arguments}"),
    )
    .await;
    run(connection, "deallocate asked; reset all".to_owned()).await;
    let plan: Value = plan[0].get(0);
    let mut faults = Vec::new();
    let mut nodes: Vec<&Value> = vec![&plan[0]["Plan"]];
    while let Some(node) = nodes.pop() {
        nodes.extend(node["Plans"].as_array().into_iter().flatten());
        let text = |key: &str| node[key].as_str().unwrap_or_default();
        let kind = text("Node Type");
        if kind.contains("Sort") && is_never_sorted(statement) {
            faults.push(kind.to_owned());
        }
        if kind == "Seq Scan" && GROWING.contains(&text("Relation Name")) {
            faults.push(format!("{kind} on {}", text("Relation Name")));
        }
        let index = text("Index Name");
        if !index.is_empty() && !is_led(connection, index, text("Index Cond")).await {
            faults.push(format!("{kind} using all of {index}"));
        }
    }
    faults
}

/// Whether the condition on an index is on its first column, or the index has a part of the rows only, or the table does
/// not grow.
async fn is_led(connection: &mut PgConnection, index: &str, condition: &str) -> bool {
    let sql =
        "select pg_get_indexdef(indexrelid, 1, true), indpred is not null, indrelid::regclass::text
        from pg_index where indexrelid = $1::regclass";
    let index = sqlx::query_as(sql).bind(index).fetch_one(connection);
    let (first, partial, table): (String, bool, String) = index.await.unwrap();
    partial || condition.contains(&first) || !GROWING.contains(&table.as_str())
}
