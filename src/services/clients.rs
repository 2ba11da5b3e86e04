//! Finding and viewing clients, within the scope of whoever asks.

use super::House;
use super::access::Authorised;
use crate::chat::action::FindCursor;
use crate::domain::client::Query;
use crate::domain::ids::ClientId;
use crate::domain::refusal::Refusal;
use crate::store::clients::{Client, Found};
use crate::store::{Stop, Tx};

/// Rows on one page of a search.
pub const PAGE: usize = 10;

/// What text that names a client led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// One client.
    One(ClientId),
    /// Several.
    Several(Vec<Found>),
}

impl House {
    /// A page of the clients whom a query finds, and whether there are more.
    pub async fn find(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        query: &str,
        after: Option<FindCursor>,
        page: usize,
    ) -> Result<(Vec<Found>, bool), Stop> {
        let Some(parsed) = Query::new(query) else {
            return Ok((Vec::new(), false));
        };
        let mut found = tx
            .find_clients(&parsed, auth.scope(), after, page + 1)
            .await?;
        // An identifier finds its client as well.
        if found.is_empty()
            && after.is_none()
            && let Some(id) = identifier(query)
            && let Some(client) = tx.client(id, auth.scope()).await?
        {
            return Ok((vec![client.into()], false));
        }
        let more = found.len() > page;
        found.truncate(page);
        Ok((found, more))
    }

    /// The client of that id.
    pub async fn view(&self, tx: &mut Tx, auth: &Authorised, id: ClientId) -> Result<Client, Stop> {
        let client = tx.client(id, auth.scope()).await?;
        Ok(client.ok_or(Refusal::ClientNotFound {
            query: String::new(),
        })?)
    }

    /// The client whom text names: an id with `#`, an exact username, email or name, or text that finds exactly one.
    pub async fn named(&self, tx: &mut Tx, auth: &Authorised, text: &str) -> Result<Named, Stop> {
        if let Some(id) = identifier(text)
            && tx.client(id, auth.scope()).await?.is_some()
        {
            return Ok(Named::One(id));
        }
        if let Some(id) = tx
            .client_named(text.trim().trim_start_matches('@'), auth.scope())
            .await?
        {
            return Ok(Named::One(id));
        }
        let (found, _) = self.find(tx, auth, text, None, PAGE).await?;
        match &found[..] {
            [] => Err(Refusal::ClientNotFound {
                query: text.to_owned(),
            }
            .into()),
            [one] => Ok(Named::One(one.id)),
            _ => Ok(Named::Several(found)),
        }
    }
}

/// `#` and the identifier as cards show it, or its decimal digits.
fn identifier(text: &str) -> Option<ClientId> {
    let text = text.trim();
    match text.strip_prefix('#') {
        Some(id) => id.to_ascii_lowercase().parse().ok(),
        None => text.parse().ok().filter(|&id: &i64| id > 0).map(ClientId),
    }
}
