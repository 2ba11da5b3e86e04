//! The audit log for people to read: newest first, each row with what it is about.

use super::House;
use super::access::Authorised;
use super::approvals::View;
use crate::domain::ids::{ClientId, PersonId, from_base32};
use crate::domain::refusal::Refusal;
use crate::domain::role::Permission;
use crate::domain::trail::{Family, Term};
use crate::store::clients::Scope;
use crate::store::trail::Trace;
use crate::store::{Stop, Tx};

/// To what the log is narrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Narrowed {
    /// Rows about this client.
    pub client: Option<ClientId>,
    /// Rows about this person, and of what he did.
    pub person: Option<PersonId>,
    /// Rows of this family of commands.
    pub family: Option<Family>,
}

/// A row with what it is about.
#[derive(Debug, Clone)]
pub struct Told {
    /// The row.
    pub trace: Trace,
    /// What it is about.
    pub about: About,
}

/// What a row is about.
#[derive(Debug, Clone)]
pub enum About {
    /// A request, as it stands now.
    Request(Box<View>),
    /// A client, by name.
    Client(String),
    /// A person, by name.
    Person(String),
    /// Nothing that has a name.
    Nothing,
}

impl House {
    /// A page of the audit log, newest first, before a row.
    pub async fn trail(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        narrowed: Narrowed,
        before: i64,
        page: usize,
    ) -> Result<(Vec<Told>, bool), Stop> {
        may_read(auth)?;
        let limit = i64::try_from(page).unwrap_or(i64::MAX).saturating_add(1);
        // The rarest first: a client has few rows, a family many.
        let terms: Vec<Term> = [
            narrowed.client.map(Term::client),
            narrowed.person.map(Term::person),
            narrowed.family.map(|family| Term::family(family.name())),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut found = match &terms[..] {
            [] => tx.traces(before, limit).await?,
            [first, others @ ..] => {
                let others = (others.first(), others.get(1));
                tx.traces_of(first, others, before, limit).await?
            }
        };
        let more = found.len() > page;
        found.truncate(page);
        let mut told = Vec::with_capacity(found.len());
        for trace in found {
            let about = self.about(tx, &trace).await?;
            told.push(Told { trace, about });
        }
        Ok((told, more))
    }

    async fn about(&self, tx: &mut Tx, trace: &Trace) -> Result<About, Stop> {
        let Some((what, id)) = trace.subject.split_once(':') else {
            return Ok(About::Nothing);
        };
        let Ok(id) = from_base32(id) else {
            return Ok(About::Nothing);
        };
        let about = match what {
            "request" => {
                let view = self
                    .view_request(tx, crate::domain::ids::RequestId(id))
                    .await?;
                view.map(|view| About::Request(Box::new(view)))
            }
            "client" => {
                let client = tx.client(ClientId(id), Scope::House).await?;
                client.map(|client| About::Client(client.name))
            }
            "person" => tx.person_name(PersonId(id)).await?.map(About::Person),
            _ => None,
        };
        Ok(about.unwrap_or(About::Nothing))
    }

    /// The people whom a text names, removed ones as well: by `#` and identifier, or by exact name.
    pub async fn people_in_trail(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        text: &str,
    ) -> Result<Vec<(PersonId, String)>, Stop> {
        may_read(auth)?;
        if let Some(id) = text.strip_prefix('#')
            && let Ok(id) = from_base32(id)
            && let Some(name) = tx.person_name(PersonId(id)).await?
        {
            return Ok(vec![(PersonId(id), name)]);
        }
        let found = tx.everybody_named(text).await?;
        if found.is_empty() {
            let query = text.chars().take(80).collect();
            return Err(Refusal::NobodyOfThatName { query }.into());
        }
        Ok(found)
    }
}

fn may_read(auth: &Authorised) -> Result<(), Refusal> {
    super::access::authorise(auth.actor(), Permission::AuditLog).map(|_| ())
}
