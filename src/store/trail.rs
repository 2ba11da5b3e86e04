//! The audit log as people read it: newest first, narrowed to a client, a person, a family of commands.

use super::moving::Cell;
use super::requests::AuditRow;
use super::{Tx, rows, run};
use crate::clock::Millis;
use crate::domain::ids::PersonId;
use crate::domain::trail::Term;
use crate::fault::Fault;

/// A row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Trace {
    /// Identifier; later rows have higher ones.
    pub id: i64,
    /// When.
    pub created_at: Millis,
    /// Who; `None`: the host or time.
    pub person_id: Option<PersonId>,
    /// His name.
    pub person: Option<String>,
    /// The account, or `host`, or `time`.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// More, as JSON.
    pub detail: String,
}

impl Trace {
    /// The name of the file that it tells of; empty where it tells of none.
    pub fn file(&self) -> String {
        let detail: serde_json::Value = serde_json::from_str(&self.detail).unwrap_or_default();
        detail["file"].as_str().unwrap_or_default().to_owned()
    }
}

macro_rules! traces {
    ($rest:literal) => {
        concat!(
            "select l.id, l.created_at, l.person_id, p.name as person, l.actor, l.action, l.subject, l.detail from ",
            $rest
        )
    };
}

impl Tx {
    /// Adds a line to the audit log, with what it is found by.
    pub async fn audit(&mut self, row: &AuditRow<'_>) -> Result<(), Fault> {
        let terms = row.terms();
        let terms: Vec<&str> = terms.iter().map(Term::as_str).collect();
        let detail = row.detail.to_string();
        match self {
            Self::Sqlite(_) => {
                run!(
                    self,
                    "insert into audit_log (id, created_at, person_id, actor, event_id, action, subject, detail)
                     values ($1, $2, $3, $4, $5, $6, $7, $8)",
                    row.id,
                    row.at,
                    row.person,
                    &row.actor,
                    row.event,
                    row.action,
                    &row.subject,
                    detail,
                )?;
                let sql =
                    "insert into audit_term (term, audit_id) select value, $2 from json_each($1)";
                run!(self, sql, serde_json::to_string(&terms)?, row.id)?;
            }
            // One trip for both.
            Self::Postgres(conn) => {
                let sql = "with line as (
                        insert into audit_log (id, created_at, person_id, actor, event_id, action, subject, detail)
                        values ($1, $2, $3, $4, $5, $6, $7, $8))
                    insert into audit_term (term, audit_id) select term, $1 from unnest(cast($9 as text[])) as found (term)";
                sqlx::query(sql)
                    .bind(row.id)
                    .bind(row.at)
                    .bind(row.person)
                    .bind(&row.actor)
                    .bind(row.event)
                    .bind(row.action)
                    .bind(&row.subject)
                    .bind(detail)
                    .bind(terms)
                    .execute(&mut **conn)
                    .await?;
            }
        }
        Ok(())
    }

    /// Adds lines to the audit log, each with what it is found by.
    pub async fn audit_many(&mut self, lines: &[AuditRow<'_>]) -> Result<(), Fault> {
        let mut cells = Vec::with_capacity(lines.len() * AUDIT.len());
        let mut terms = Vec::with_capacity(lines.len() * 2);
        for line in lines {
            cells.extend([
                line.id.into(),
                line.at.0.into(),
                line.person.map(|person| person.0).into(),
                line.actor.as_str().into(),
                line.event.into(),
                line.action.into(),
                line.subject.as_str().into(),
                Cell::Owned(line.detail.to_string()),
            ]);
            terms.extend(line.terms().into_iter().map(|term| (term, line.id)));
        }
        // Rows that lie together in the index are written together.
        terms.sort_unstable();
        let terms: Vec<Cell<'_>> = terms
            .iter()
            .flat_map(|(term, id)| [term.as_str().into(), (*id).into()])
            .collect();
        self.insert_many("audit_log", AUDIT, &cells).await?;
        self.insert_many("audit_term", TERM, &terms).await
    }

    /// Rows before one, newest first.
    pub async fn traces(&mut self, before: i64, limit: i64) -> Result<Vec<Trace>, Fault> {
        let sql = traces!(
            "audit_log l left join person p on p.id = l.person_id
             where l.id < $1 order by l.id desc limit $2"
        );
        Ok(rows!(self, Trace, sql, before, limit)?)
    }

    /// The same, found by up to three terms: rows of the first, which is to be the rarest, that have the others as well.
    pub async fn traces_of(
        &mut self,
        first: &Term,
        (second, third): (Option<&Term>, Option<&Term>),
        before: i64,
        limit: i64,
    ) -> Result<Vec<Trace>, Fault> {
        let sql = traces!(
            "audit_term t join audit_log l on l.id = t.audit_id left join person p on p.id = l.person_id
             where t.term = $1 and t.audit_id < $4
                and ($2 = '' or
                    (select u.audit_id from audit_term u where u.term = $2 and u.audit_id = t.audit_id) is not null)
                and ($3 = '' or
                    (select v.audit_id from audit_term v where v.term = $3 and v.audit_id = t.audit_id) is not null)
             order by t.audit_id desc limit $5"
        );
        let text = |term: Option<&Term>| term.map(Term::as_str).unwrap_or_default().to_owned();
        Ok(rows!(
            self,
            Trace,
            sql,
            first.as_str(),
            text(second),
            text(third),
            before,
            limit
        )?)
    }
}

const AUDIT: &[&str] = &[
    "id",
    "created_at",
    "person_id",
    "actor",
    "event_id",
    "action",
    "subject",
    "detail",
];
const TERM: &[&str] = &["term", "audit_id"];
