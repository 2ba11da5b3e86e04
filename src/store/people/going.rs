//! People who change or go, with what ends then; and the freeze.

use super::{Known, KnownRow};
use crate::clock::Millis;
use crate::domain::ids::{PersonId, RequestId};
use crate::fault::Fault;
use crate::store::{Tx, exactly, row, rows, run};

impl Tx {
    /// A page of everybody who is not removed and can write to us, after `after`, through each of their accounts.
    pub async fn people_page(&mut self, after: PersonId, limit: i64) -> Result<Vec<Known>, Fault> {
        let sql = known_sql!(
            "i.person_id in (
                select other.id from person other where other.removed_at is null and other.id > $1
                    and exists (select 1 from identity his where his.person_id = other.id)
                order by other.id limit $2)"
        );
        let found = rows!(self, KnownRow, sql, after, limit)?;
        found.into_iter().map(KnownRow::known).collect()
    }

    /// Everybody of exactly this name who is not removed, through each of their accounts.
    pub async fn people_named(&mut self, name: &str) -> Result<Vec<Known>, Fault> {
        let sql = known_sql!(
            "i.person_id in (
                select other.id from person other where other.name = $1 and other.removed_at is null
                order by other.id limit 10)"
        );
        let found = rows!(self, KnownRow, sql, name)?;
        found.into_iter().map(KnownRow::known).collect()
    }

    /// Everybody of exactly this name, removed or not.
    pub async fn everybody_named(&mut self, name: &str) -> Result<Vec<(PersonId, String)>, Fault> {
        // Ordered by the bare id, PostgreSQL may go through all people in that order.
        let sql = "select id, name from person where name = $1 order by id + 0 limit 10";
        Ok(rows!(self, (PersonId, String), sql, name)?)
    }

    /// Keeps who decides from changing until the transaction ends: two who would each leave the other as the last admin wait
    /// for each other.
    pub async fn lock_deciders(&mut self) -> Result<(), Fault> {
        if let Self::Postgres(_) = self {
            let sql =
                "select id from person where role in ('admin', 'finance') order by id for update";
            rows!(self, (PersonId,), sql)?;
        }
        Ok(())
    }

    /// Ends all that a person may do.
    pub async fn remove_person(&mut self, person: PersonId, now: Millis) -> Result<(), Fault> {
        let sql = "update person set removed_at = $2 where id = $1 and removed_at is null";
        exactly(run!(self, sql, person, now)?, 1, "removing a person")
    }

    /// Ends the codes that a person made and that nobody used.
    pub async fn end_codes_of(&mut self, person: PersonId, now: Millis) -> Result<(), Fault> {
        let sql = "update code set expires_at = $2
            where created_by = $1 and used_at is null and expires_at > $2";
        run!(self, sql, person, now)?;
        Ok(())
    }

    /// Ids of what a person asked for and nobody decided about.
    pub async fn open_requests_of(&mut self, person: PersonId) -> Result<Vec<RequestId>, Fault> {
        let sql = "select id from request
            where requester_id = $1 and state in ('draft', 'pending') order by id";
        Ok(ids(rows!(self, (RequestId,), sql, person)?))
    }

    /// Ids of the requests that wait and that a person approved.
    pub async fn waiting_approved_by(&mut self, person: PersonId) -> Result<Vec<RequestId>, Fault> {
        let sql = "select r.id from vote v join request r on r.id = v.request_id
            where v.person_id = $1 and v.decision = 'approve' and r.state = 'pending' order by r.id";
        Ok(ids(rows!(self, (RequestId,), sql, person)?))
    }

    /// Stops every change. Says whether none was stopped before.
    pub async fn freeze(&mut self, by: PersonId, now: Millis) -> Result<bool, Fault> {
        let sql = "insert into standstill (one, person_id, created_at) values (1, $1, $2) on conflict do nothing";
        Ok(run!(self, sql, by, now)? == 1)
    }

    /// Lets changes go on. Says whether they were stopped.
    pub async fn unfreeze(&mut self) -> Result<bool, Fault> {
        Ok(run!(self, "delete from standstill where one = 1")? == 1)
    }

    /// The name of who stopped every change, while it is stopped.
    pub async fn frozen_by(&mut self) -> Result<Option<String>, Fault> {
        let sql =
            "select p.name from standstill f join person p on p.id = f.person_id where f.one = 1";
        Ok(row!(self, (String,), sql)?.map(|(name,)| name))
    }
}

fn ids(rows: Vec<(RequestId,)>) -> Vec<RequestId> {
    rows.into_iter().map(|(id,)| id).collect()
}
