//! Default messages as they were worded, version by version.

use super::clients::Scope;
use super::{Tx, exactly, row, rows, run};
use crate::clock::Millis;
use crate::domain::ids::{ClientId, PersonId, RequestId};
use crate::domain::message::{Kind, Text};
use crate::fault::Fault;

/// A version of a message in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// From 1 on.
    pub version: i64,
    /// The text; `None`: the one that comes with the program.
    pub text: Option<Text>,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// A version to be kept.
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// Which message.
    pub kind: Kind,
    /// In which language.
    pub language: String,
    /// One more than the last.
    pub version: i64,
    /// The text; `None`: the one that comes with the program.
    pub text: Option<Text>,
    /// The request that it comes from.
    pub request: RequestId,
    /// Who made it.
    pub person: PersonId,
    /// When.
    pub at: Millis,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    version: i64,
    subject: Option<String>,
    body: Option<String>,
    name: String,
    created_at: Millis,
}

impl From<VersionRow> for Version {
    fn from(row: VersionRow) -> Self {
        let text = row.subject.zip(row.body);
        Self {
            version: row.version,
            text: text.map(|(subject, body)| Text::stored(subject, body)),
            by: row.name,
            at: row.created_at,
        }
    }
}

macro_rules! version_sql {
    ($($where:literal),+) => {
        concat!(
            "select t.version, t.subject, t.body, p.name, t.created_at
             from template t join person p on p.id = t.person_id where t.kind = $1 and t.language = $2 ",
            $($where),+
        )
    };
}

impl Tx {
    /// The last version of a message in a language; `None` where it was never reworded.
    pub async fn template(&mut self, kind: Kind, language: &str) -> Result<Option<Version>, Fault> {
        let sql = version_sql!("order by t.version desc limit 1");
        let found = row!(self, VersionRow, sql, kind.name(), language)?;
        Ok(found.map(Version::from))
    }

    /// One version.
    pub async fn template_version(
        &mut self,
        kind: Kind,
        language: &str,
        version: i64,
    ) -> Result<Option<Version>, Fault> {
        let sql = version_sql!("and t.version = $3");
        let found = row!(self, VersionRow, sql, kind.name(), language, version)?;
        Ok(found.map(Version::from))
    }

    /// Versions below one, the newest first.
    pub async fn templates(
        &mut self,
        kind: Kind,
        language: &str,
        below: i64,
        limit: i64,
    ) -> Result<Vec<Version>, Fault> {
        let sql = version_sql!("and t.version < $3 order by t.version desc limit $4");
        let found = rows!(self, VersionRow, sql, kind.name(), language, below, limit)?;
        Ok(found.into_iter().map(Version::from).collect())
    }

    /// Lets nobody else reword a message in a language until this transaction ends.
    pub async fn lock_template(&mut self, kind: Kind, language: &str) -> Result<(), Fault> {
        let key = format!("template:{}:{language}", kind.name());
        self.lock_event(&key).await
    }

    /// Keeps a version.
    pub async fn insert_template(&mut self, new: &NewVersion) -> Result<(), Fault> {
        let sql = "insert into template (kind, language, version, subject, body, request_id, person_id, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let rows = run!(
            self,
            sql,
            new.kind.name(),
            &new.language,
            new.version,
            new.text.as_ref().map(Text::subject),
            new.text.as_ref().map(Text::body),
            new.request,
            new.person,
            new.at,
        )?;
        exactly(rows, 1, "keeping a message")
    }

    /// The client within the scope who came last, with whom a message is shown where nobody in particular is named.
    pub async fn newest_client(&mut self, scope: Scope) -> Result<Option<ClientId>, Fault> {
        let sql = "select client_id from client_owner where owner_id = $1 order by client_id desc limit 1";
        Ok(row!(self, (ClientId,), sql, scope.owner())?.map(|(id,)| id))
    }
}
