//! Finding and viewing clients, within the scope of whoever asks.

use super::House;
use super::access::Authorised;
use crate::chat::action::FindCursor;
use crate::domain::client::Query;
use crate::domain::ids::ClientId;
use crate::domain::refusal::Refusal;
use crate::store::clients::{Client, Found};
use crate::store::search::Page;
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

/// What a search led to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finding {
    /// A page of clients.
    pub found: Vec<Found>,
    /// Whether there is a page after it.
    pub more: bool,
    /// Whether there may be more that only more letters bring out.
    pub cut: bool,
}

impl House {
    /// A page of the clients whom a query finds.
    pub async fn find(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        query: &str,
        after: Option<FindCursor>,
        page: usize,
    ) -> Result<Finding, Stop> {
        // One more than is shown tells whether there is another page.
        let mut finding = self.find_up_to(tx, auth, query, after, page + 1).await?;
        finding.more = finding.found.len() > page;
        finding.found.truncate(page);
        Ok(finding)
    }

    /// The first clients whom a query finds.
    pub async fn find_up_to(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        query: &str,
        after: Option<FindCursor>,
        limit: usize,
    ) -> Result<Finding, Stop> {
        let Some(parsed) = Query::new(query) else {
            return Ok(Finding::default());
        };
        let Page { mut found, cut } = tx.find_clients(&parsed, auth.scope(), after, limit).await?;
        // An identifier finds its client as well.
        if found.is_empty()
            && after.is_none()
            && let Some(id) = identifier(query)
            && let Some(client) = tx.client(id, auth.scope()).await?
        {
            found.push(client.into());
        }
        Ok(Finding {
            found,
            more: false,
            cut,
        })
    }

    /// The client of that id.
    pub async fn view(&self, tx: &mut Tx, auth: &Authorised, id: ClientId) -> Result<Client, Stop> {
        let client = tx.client(id, auth.scope()).await?;
        Ok(client.ok_or_else(|| match auth.actor().client {
            Some(own) if own == id => Refusal::OwnClass,
            _ => Refusal::ClientNotFound {
                query: String::new(),
            },
        })?)
    }

    /// The client whom text names: an id with `#`, an exact username, email or name, or text that finds exactly one.
    pub async fn named(&self, tx: &mut Tx, auth: &Authorised, text: &str) -> Result<Named, Stop> {
        if let Some(id) = identifier(text)
            && tx.in_scope(id, auth.scope()).await?
        {
            return Ok(Named::One(id));
        }
        if let Some(id) = tx
            .client_named(text.trim().trim_start_matches('@'), auth.scope())
            .await?
        {
            return Ok(Named::One(id));
        }
        let found = self.find_up_to(tx, auth, text, None, PAGE).await?.found;
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
