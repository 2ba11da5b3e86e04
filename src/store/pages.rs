//! What a client's page holds besides the client: details that are edited, notes and tags.

use super::clients::Scope;
use super::{Tx, exactly, row, rows, run};
use crate::clock::Millis;
use crate::domain::client::{Searchable, TermKind};
use crate::domain::ids::ClientId;
use crate::domain::money::UnitPrice;
use crate::domain::request::Details;
use crate::fault::Fault;

/// A note about a client.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Note {
    /// Who wrote it.
    pub author: String,
    /// What.
    pub text: String,
    /// When.
    pub created_at: Millis,
}

/// A note to be kept.
#[derive(Debug, Clone)]
pub struct NewNoteAbout<'a> {
    /// Identifier.
    pub id: i64,
    /// About whom.
    pub client: ClientId,
    /// Whose side reads it: `None` is the house.
    pub side: Option<ClientId>,
    /// Who wrote it.
    pub author: &'a str,
    /// What.
    pub text: &'a str,
    /// When.
    pub at: Millis,
}

#[derive(sqlx::FromRow)]
struct DetailsRow {
    name: String,
    username: String,
    email: String,
    phone: String,
    price: Option<UnitPrice>,
}

fn owner(side: Option<ClientId>) -> i64 {
    side.map_or(0, |reseller| reseller.0)
}

impl Tx {
    /// What of a client is edited, with its username.
    pub async fn details(&mut self, client: ClientId) -> Result<Option<(String, Details)>, Fault> {
        let sql = "select name, username, email, phone, price from client where id = $1";
        Ok(row!(self, DetailsRow, sql, client)?.map(|row| {
            let details = Details {
                name: row.name,
                email: row.email,
                phone: row.phone,
                price: row.price,
            };
            (row.username, details)
        }))
    }

    /// Changes a client's details, and everything by which it is found.
    pub async fn set_details(&mut self, client: ClientId, new: &Details) -> Result<(), Fault> {
        let (username, _) = self
            .details(client)
            .await?
            .ok_or_else(|| Fault::internal("a client vanished"))?;
        let searchable = Searchable {
            name: &new.name,
            username: &username,
            email: &new.email,
            phone: &new.phone,
        };
        let rows = run!(
            self,
            "update client set name = $2, email = $3, phone = $4, price = $5, line = $6 where id = $1",
            client,
            &new.name,
            &new.email,
            &new.phone,
            new.price,
            searchable.line(),
        )?;
        exactly(rows, 1, "editing a client")?;
        run!(self, "delete from client_term where client_id = $1", client)?;
        self.insert_terms(client, &searchable).await
    }

    /// Clients within the scope who have that email address or phone number: the first few, by name and username.
    pub async fn twins(
        &mut self,
        scope: Scope,
        kind: TermKind,
        term: &str,
    ) -> Result<Vec<(String, String)>, Fault> {
        let sql = "select c.name, c.username from client_term t join client c on c.id = t.client_id
            where t.owner_id = $1 and t.kind = $2 and t.term = $3 order by t.client_id limit 3";
        let kind = i64::from(kind.number());
        Ok(rows!(
            self,
            (String, String),
            sql,
            scope.owner(),
            kind,
            term
        )?)
    }

    /// Keeps a note about a client.
    pub async fn insert_note_about(&mut self, new: &NewNoteAbout<'_>) -> Result<(), Fault> {
        let sql = "insert into client_note (id, client_id, owner_id, author, text, created_at)
            values ($1, $2, $3, $4, $5, $6)";
        run!(
            self,
            sql,
            new.id,
            new.client,
            owner(new.side),
            new.author,
            new.text,
            new.at
        )?;
        Ok(())
    }

    /// The latest notes about a client that this side wrote.
    pub async fn notes_about(
        &mut self,
        client: ClientId,
        scope: Scope,
        limit: i64,
    ) -> Result<Vec<Note>, Fault> {
        let sql = "select author, text, created_at from client_note
            where client_id = $1 and owner_id = $2 order by id desc limit $3";
        Ok(rows!(self, Note, sql, client, scope.owner(), limit)?)
    }

    /// A client's tags of this side, at most so many.
    pub async fn tags(
        &mut self,
        client: ClientId,
        scope: Scope,
        limit: i64,
    ) -> Result<Vec<String>, Fault> {
        let sql = "select tag from client_tag where client_id = $1 and owner_id = $2 order by tag limit $3";
        let found = rows!(self, (String,), sql, client, scope.owner(), limit)?;
        Ok(found.into_iter().map(|(tag,)| tag).collect())
    }

    /// Whether a client has a tag of this side.
    pub async fn has_tag(
        &mut self,
        client: ClientId,
        side: Option<ClientId>,
        tag: &str,
    ) -> Result<bool, Fault> {
        let sql = "select tag from client_tag where client_id = $1 and owner_id = $2 and tag = $3";
        Ok(row!(self, (String,), sql, client, owner(side), tag)?.is_some())
    }

    /// Puts a tag on a client, or takes it off.
    pub async fn set_tag(
        &mut self,
        client: ClientId,
        side: Option<ClientId>,
        tag: &str,
        on: bool,
    ) -> Result<(), Fault> {
        let sql = if on {
            "insert into client_tag (client_id, owner_id, tag) values ($1, $2, $3) on conflict do nothing"
        } else {
            "delete from client_tag where client_id = $1 and owner_id = $2 and tag = $3"
        };
        run!(self, sql, client, owner(side), tag)?;
        Ok(())
    }
}
