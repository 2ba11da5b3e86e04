//! Requests, votes, the messages that show them, and what a line of the audit log is.

use std::collections::BTreeSet;

use super::{Tx, exactly, row, rows, run};
use crate::chat::{Identity, MessageRef, Messenger};
use crate::clock::Millis;
use crate::domain::ids::{ClientId, PersonId, RequestId};
use crate::domain::request::{Decision, Intent, Need, State};
use crate::domain::role::Role;
use crate::domain::trail::{Term, terms};
use crate::fault::Fault;

/// A stored request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Identifier.
    pub id: RequestId,
    /// What is asked for.
    pub intent: Intent,
    /// Its text as stored: what the digest is over.
    pub intent_text: String,
    /// The digest.
    pub digest: String,
    /// Where it stands.
    pub state: State,
    /// Who asked.
    pub requester: PersonId,
    /// The requester's name.
    pub requester_name: String,
    /// Through which account.
    pub asked_by: Identity,
    /// How many others must approve.
    pub needed: u8,
    /// Whether the only admin stands in for them.
    pub solo: bool,
    /// When it was drafted.
    pub created_at: Millis,
    /// When its time runs out.
    pub expires_at: Millis,
    /// When it ended.
    pub decided_at: Option<Millis>,
    /// The name of who ended it; empty when nobody did.
    pub decided_by: String,
    /// Of a rejection, as typed; of an unfit one, its name.
    pub reason: String,
    /// The request that this one undoes.
    pub undoes: Option<RequestId>,
}

#[derive(sqlx::FromRow)]
struct RequestRow {
    id: RequestId,
    intent: String,
    digest: String,
    state: String,
    requester_id: PersonId,
    requester_name: String,
    messenger: String,
    user_id: i64,
    needed: i64,
    solo: i64,
    created_at: Millis,
    expires_at: Millis,
    decided_at: Option<Millis>,
    decided_by: Option<String>,
    reason: String,
    undoes_id: Option<RequestId>,
}

impl RequestRow {
    fn request(self) -> Result<Request, Fault> {
        let unknown = || Fault::internal("a stored request has an unknown value");
        Ok(Request {
            id: self.id,
            intent: serde_json::from_str(&self.intent)?,
            intent_text: self.intent,
            digest: self.digest,
            state: State::from_name(&self.state).ok_or_else(unknown)?,
            requester: self.requester_id,
            requester_name: self.requester_name,
            asked_by: Identity {
                messenger: Messenger::from_name(&self.messenger).ok_or_else(unknown)?,
                user: self.user_id,
            },
            needed: u8::try_from(self.needed).map_err(|_| unknown())?,
            solo: self.solo != 0,
            created_at: self.created_at,
            expires_at: self.expires_at,
            decided_at: self.decided_at,
            decided_by: self.decided_by.unwrap_or_default(),
            reason: self.reason,
            undoes: self.undoes_id,
        })
    }
}

macro_rules! request_sql {
    ($rest:literal) => {
        concat!(
            "select r.id, r.intent, r.digest, r.state, r.requester_id, p.name as requester_name, r.messenger, r.user_id,
                r.needed, r.solo, r.created_at, r.expires_at, r.decided_at, d.name as decided_by, r.reason, r.undoes_id
             from request r join person p on p.id = r.requester_id left join person d on d.id = r.decided_by ",
            $rest
        )
    };
}

/// How a request goes on.
#[derive(Debug, Clone)]
pub struct Step<'a> {
    /// From this state; any other means that somebody else was quicker.
    pub from: State,
    /// To this one.
    pub to: State,
    /// Who did it; `None`: time.
    pub by: Option<PersonId>,
    /// The event by which it was done; empty: none.
    pub event: &'a str,
    /// Reason, where there is one.
    pub reason: &'a str,
    /// When.
    pub at: Millis,
}

/// A vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// The request.
    pub request: RequestId,
    /// Who.
    pub person: PersonId,
    /// What he said.
    pub decision: Decision,
    /// In which role.
    pub role: Role,
    /// The digest of what he was shown.
    pub digest: String,
    /// The event by which he said it.
    pub event: String,
    /// When.
    pub at: Millis,
}

/// A line of the audit log.
#[derive(Debug, Clone)]
pub struct AuditRow<'a> {
    /// Identifier.
    pub id: i64,
    /// When.
    pub at: Millis,
    /// The person; `None`: the host or time.
    pub person: Option<PersonId>,
    /// The account, or `host`, or `time`.
    pub actor: String,
    /// The event; empty: none.
    pub event: &'a str,
    /// What was done: `request.applied`, `person.linked`.
    pub action: &'a str,
    /// To what: `request:ID`.
    pub subject: String,
    /// More, as JSON.
    pub detail: serde_json::Value,
    /// What it is found by, besides what stands in it.
    pub about: BTreeSet<Term>,
}

impl AuditRow<'_> {
    /// All that it is found by.
    pub fn terms(&self) -> BTreeSet<Term> {
        let mut terms = terms(self.person, self.action, &self.subject);
        terms.extend(self.about.iter().cloned());
        terms
    }
}

impl Tx {
    /// The request of that id; locked until the transaction ends where it is to be changed.
    pub async fn request(&mut self, id: RequestId, lock: bool) -> Result<Option<Request>, Fault> {
        if lock && let Self::Postgres(_) = self {
            run!(self, "select 1 from request where id = $1 for update", id)?;
        }
        row!(self, RequestRow, request_sql!("where r.id = $1"), id)?
            .map(RequestRow::request)
            .transpose()
    }

    /// The request that undid what another one did.
    pub async fn undone_by(&mut self, request: RequestId) -> Result<Option<RequestId>, Fault> {
        let sql =
            "select id from request where undoes_id = $1 and state = 'applied' order by id limit 1";
        Ok(row!(self, (RequestId,), sql, request)?.map(|(id,)| id))
    }

    /// The request that an event drafted.
    pub async fn request_of_event(&mut self, event: &str) -> Result<Option<Request>, Fault> {
        row!(
            self,
            RequestRow,
            request_sql!("where r.event_id = $1"),
            event
        )?
        .map(RequestRow::request)
        .transpose()
    }

    /// Requests that wait, oldest first, after `after`.
    pub async fn pending_requests(
        &mut self,
        after: RequestId,
        limit: i64,
    ) -> Result<Vec<Request>, Fault> {
        let sql = request_sql!("where r.state = 'pending' and r.id > $1 order by r.id limit $2");
        let found = rows!(self, RequestRow, sql, after, limit)?;
        found.into_iter().map(RequestRow::request).collect()
    }

    /// Requests of one person that wait, oldest first, after `after`.
    pub async fn own_pending_requests(
        &mut self,
        person: PersonId,
        after: RequestId,
        limit: i64,
    ) -> Result<Vec<Request>, Fault> {
        let sql = request_sql!(
            "where r.state = 'pending' and r.requester_id = $3 and r.id > $1 order by r.id limit $2"
        );
        let found = rows!(self, RequestRow, sql, after, limit, person)?;
        found.into_iter().map(RequestRow::request).collect()
    }

    /// Ids of requests in a state whose time has run out.
    pub async fn due_requests(
        &mut self,
        state: State,
        now: Millis,
    ) -> Result<Vec<RequestId>, Fault> {
        let sql = "select id from request where state = $1 and expires_at <= $2 order by expires_at limit 100";
        Ok(rows!(self, (RequestId,), sql, state.name(), now)?
            .into_iter()
            .map(|(id,)| id)
            .collect())
    }

    /// Ids of requests whose approvers are to be reminded by now.
    pub async fn requests_to_remind(&mut self, now: Millis) -> Result<Vec<RequestId>, Fault> {
        let sql = "select id from request where remind_at is not null and remind_at <= $1 order by remind_at limit 100";
        Ok(rows!(self, (RequestId,), sql, now)?
            .into_iter()
            .map(|(id,)| id)
            .collect())
    }

    /// Notes that the approvers of a request were reminded; says whether they had not been.
    pub async fn reminded(&mut self, id: RequestId) -> Result<bool, Fault> {
        let sql = "update request set remind_at = null where id = $1 and remind_at is not null";
        Ok(run!(self, sql, id)? == 1)
    }

    /// Stores a draft.
    pub async fn insert_request(&mut self, request: &Request, event: &str) -> Result<(), Fault> {
        run!(
            self,
            "insert into request (id, intent, digest, kind, state, requester_id, messenger, user_id, client_id, amount,
                needed, solo, event_id, created_at, expires_at, reason, undoes_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            request.id,
            &request.intent_text,
            &request.digest,
            request.intent.name(),
            request.state.name(),
            request.requester,
            request.asked_by.messenger.name(),
            request.asked_by.user,
            request.intent.client(),
            request.intent.amount().map(i64::from),
            i64::from(request.needed),
            i64::from(request.solo),
            event,
            request.created_at,
            request.expires_at,
            &request.reason,
            request.undoes,
        )?;
        Ok(())
    }

    /// Makes a draft wait for approval until `expires`, needing so many; its approvers are reminded at `remind`.
    pub async fn confirm_request(
        &mut self,
        id: RequestId,
        needed: u8,
        event: &str,
        (remind, expires): (Millis, Millis),
    ) -> Result<(), Fault> {
        let sql = "update request set state = 'pending', needed = $2, confirm_event_id = $3, expires_at = $4,
                remind_at = $5
            where id = $1 and state = 'draft'";
        exactly(
            run!(self, sql, id, i64::from(needed), event, expires, remind)?,
            1,
            "confirming a request",
        )
    }

    /// Takes a request on, if it still stands where it was.
    pub async fn step_request(&mut self, id: RequestId, step: &Step<'_>) -> Result<(), Fault> {
        if !step.from.may_become(step.to) {
            return Err(Fault::internal(format!(
                "a request cannot go from {:?} to {:?}",
                step.from, step.to
            )));
        }
        let sql = "update request set state = $3, decided_by = $4, decide_event_id = $5, reason = $6, decided_at = $7,
                remind_at = null
            where id = $1 and state = $2";
        let (from, to) = (step.from.name(), step.to.name());
        let rows = run!(
            self,
            sql,
            id,
            from,
            to,
            step.by,
            step.event,
            step.reason,
            step.at
        )?;
        exactly(rows, 1, "taking a request on")
    }

    /// Keeps what it takes for a request to be applied, as it was found at its confirmation.
    pub async fn keep_need(&mut self, id: RequestId, need: Need) -> Result<(), Fault> {
        let sql = "update request set needed = $2, solo = $3 where id = $1";
        let (needed, solo) = (i64::from(need.approvals), i64::from(need.solo));
        exactly(
            run!(self, sql, id, needed, solo)?,
            1,
            "keeping what a request needs",
        )
    }

    /// Adds a vote.
    pub async fn insert_vote(&mut self, vote: &Vote) -> Result<(), Fault> {
        run!(
            self,
            "insert into vote (request_id, person_id, decision, role, digest, event_id, created_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
            vote.request,
            vote.person,
            vote.decision.name(),
            vote.role.name(),
            &vote.digest,
            &vote.event,
            vote.at,
        )?;
        Ok(())
    }

    /// Who approved a request, with names, oldest first.
    pub async fn approvals(&mut self, id: RequestId) -> Result<Vec<(PersonId, String)>, Fault> {
        let sql = "select v.person_id, p.name from vote v join person p on p.id = v.person_id
            where v.request_id = $1 and v.decision = 'approve' order by v.created_at, v.person_id";
        Ok(rows!(self, (PersonId, String), sql, id)?)
    }

    /// Remembers a message that shows a request; says whether it was not known before.
    pub async fn insert_card(
        &mut self,
        id: i64,
        request: RequestId,
        message: &MessageRef,
        own: bool,
        until: Option<Millis>,
    ) -> Result<bool, Fault> {
        let rows = run!(
            self,
            "insert into card (id, request_id, message, own, until) values ($1, $2, $3, $4, $5) on conflict do nothing",
            id,
            request,
            serde_json::to_string(message)?,
            i64::from(own),
            until,
        )?;
        Ok(rows == 1)
    }

    /// The messages that show a request and can still be edited: id, message, whether it is the requester's own.
    pub async fn cards(
        &mut self,
        request: RequestId,
        now: Millis,
    ) -> Result<Vec<(i64, MessageRef, bool)>, Fault> {
        let sql = "select id, message, own from card where request_id = $1 and (until is null or until > $2)
            order by id";
        rows!(self, (i64, String, i64), sql, request, now)?
            .into_iter()
            .map(|(id, message, own)| Ok((id, serde_json::from_str(&message)?, own != 0)))
            .collect()
    }

    /// What a client's open requests would still add, for a card.
    pub async fn pending_of(&mut self, client: ClientId) -> Result<i64, Fault> {
        let sql = "select count(*) from request where client_id = $1 and state = 'pending'";
        Ok(row!(self, (i64,), sql, client)?.map_or(0, |(count,)| count))
    }
}
