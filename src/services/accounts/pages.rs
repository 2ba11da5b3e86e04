//! New clients; what a client is called and how it is reached; notes and tags.

use super::super::House;
use super::super::access::Authorised;
use crate::domain::client::{Class, Searchable, Status, TermKind};
use crate::domain::ids::ClientId;
use crate::domain::money::UnitPrice;
use crate::domain::refusal::Refusal;
use crate::domain::request::{Account, Details, Intent, Newcomer, Party, check_username};
use crate::domain::role::Role;
use crate::fault::Fault;
use crate::store::clients::{Client, NewClient, Scope};
use crate::store::lists::{Filter, Listed};
use crate::store::pages::Note;
use crate::store::statement::{Line, Span};
use crate::store::{Stop, Tx};

/// Notes on a card.
const NOTES: i64 = 3;
/// Tags on a card.
const TAGS: i64 = 20;

/// A client with what its card shows besides.
#[derive(Debug, Clone)]
pub struct Page {
    /// The client.
    pub client: Client,
    /// The latest notes of whoever looks.
    pub notes: Vec<Note>,
    /// The tags of whoever looks.
    pub tags: Vec<String>,
}

/// A client who is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The identifier, chosen when it was drafted.
    pub id: ClientId,
    /// As typed.
    pub username: String,
    /// Name, address, number and price.
    pub details: Details,
    /// What it may do.
    pub class: Class,
    /// Whose it is to be; `None`: whoever asks decides by what he is.
    pub reseller: Option<ClientId>,
}

/// A change of one of a client's details.
#[derive(Debug, Clone)]
pub enum Edit {
    /// The name.
    Name(String),
    /// The address; perhaps empty.
    Email(String),
    /// The number; perhaps empty.
    Phone(String),
    /// Its own price.
    Price(Option<UnitPrice>),
    /// All of them.
    All(Details),
}

impl House {
    /// A client's page, within the scope of whoever looks.
    pub async fn page_of(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        id: ClientId,
    ) -> Result<Page, Stop> {
        Ok(Page {
            client: self.view(tx, auth, id).await?,
            notes: tx.notes_about(id, auth.scope(), NOTES).await?,
            tags: tx.tags(id, auth.scope(), TAGS).await?,
        })
    }

    /// Lines of a client's statement, newest first, within the scope of whoever looks.
    pub async fn statement(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        client: ClientId,
        span: Span,
        limit: usize,
    ) -> Result<Vec<Line>, Stop> {
        if !tx.in_scope(client, auth.scope()).await? {
            let query = String::new();
            return Err(Refusal::ClientNotFound { query }.into());
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(tx.statement(client, auth.scope(), span, limit).await?)
    }

    /// Clients whom a filter lets through, in the order of their ids.
    pub async fn list(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        filter: &Filter,
        after: Option<ClientId>,
        limit: usize,
    ) -> Result<Vec<Listed>, Stop> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let after = after.unwrap_or(ClientId(0));
        Ok(tx.list_clients(auth.scope(), filter, after, limit).await?)
    }

    /// The intent behind a new client. Who has the same address or number is shown, as far as whoever asks may see him.
    pub async fn intend_new(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        wanted: Wanted,
    ) -> Result<Intent, Stop> {
        check_username(&wanted.username)?;
        wanted.details.check()?;
        // An ADMIN needs two admins, and whose clients one's own are is the staff's to say: both have their command.
        if wanted.class == Class::Admin
            || (auth.role() == Role::Reseller && wanted.class != Class::User)
        {
            return Err(Refusal::NotAllowed.into());
        }
        if tx.client_by_username(&wanted.username).await?.is_some() {
            return Err(Refusal::UsernameTaken {
                username: wanted.username,
            }
            .into());
        }
        let reseller = match (wanted.reseller, auth.scope()) {
            (Some(reseller), _) | (None, Scope::Tree(reseller)) => {
                let found = self.view(tx, auth, reseller).await?;
                if found.class != Class::Reseller || found.status != Status::Active {
                    return Err(Refusal::NoReseller {
                        option: "reseller",
                        client: found.name,
                    }
                    .into());
                }
                Some(Party {
                    id: reseller,
                    name: found.name,
                })
            }
            (None, Scope::House) => None,
        };
        let twins = twins(tx, auth.scope(), &wanted.details).await?;
        Ok(Intent::Account(Account::New(Newcomer {
            id: wanted.id,
            username: wanted.username,
            details: wanted.details,
            class: wanted.class,
            reseller,
            twins,
        })))
    }

    /// The intent behind another name, address, number or price.
    pub async fn intend_edit(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        (client, edit): (ClientId, Edit),
    ) -> Result<Intent, Stop> {
        self.changeable(tx, auth, client).await?;
        let (_, before) = tx
            .details(client)
            .await?
            .ok_or_else(|| Fault::internal("a client vanished"))?;
        let mut after = before.clone();
        match edit {
            Edit::Name(name) => after.name = name,
            Edit::Email(email) => after.email = email,
            Edit::Phone(phone) => after.phone = phone,
            Edit::Price(price) => after.price = price,
            Edit::All(details) => after = details,
        }
        if before == after {
            return Err(Refusal::NothingChanges.into());
        }
        after.check()?;
        Ok(Intent::Account(Account::Edit {
            client,
            before,
            after,
        }))
    }

    /// The intent behind a note about a client.
    pub async fn intend_note(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        (client, text): (ClientId, String),
    ) -> Result<Intent, Stop> {
        self.view(tx, auth, client).await?;
        Ok(Intent::Account(Account::Note {
            client,
            side: side(auth),
            text,
        }))
    }

    /// The intent behind a tag that is put on a client, or taken off where it is there.
    pub async fn intend_tag(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        (client, tag): (ClientId, String),
    ) -> Result<Intent, Stop> {
        self.view(tx, auth, client).await?;
        let side = side(auth);
        let there = tx.has_tag(client, side, &tag).await?;
        if !there && i64::try_from(tx.tags(client, auth.scope(), TAGS).await?.len()) == Ok(TAGS) {
            return Err(Refusal::TooManyTags { most: TAGS }.into());
        }
        Ok(Intent::Account(Account::Tag {
            client,
            side,
            tag,
            on: !there,
        }))
    }

    /// Makes the client that was shown: active, because somebody made it by hand.
    pub(super) async fn make_client(&self, tx: &mut Tx, new: &Newcomer) -> Result<(), Fault> {
        tx.insert_client(&NewClient {
            id: new.id,
            username: new.username.clone(),
            name: new.details.name.clone(),
            email: new.details.email.clone(),
            phone: new.details.phone.clone(),
            class: new.class,
            status: Status::Active,
            reseller: new.reseller.as_ref().map(|party| party.id),
            manager: None,
            referral: None,
            price: new.details.price,
            resale_price: None,
            created_at: self.now(),
        })
        .await
    }
}

fn side(auth: &Authorised) -> Option<ClientId> {
    match auth.scope() {
        Scope::House => None,
        Scope::Tree(reseller) => Some(reseller),
    }
}

async fn twins(tx: &mut Tx, scope: Scope, details: &Details) -> Result<Vec<String>, Fault> {
    let searchable = Searchable {
        name: "",
        username: "",
        email: &details.email,
        phone: &details.phone,
    };
    let mut twins = Vec::new();
    for (kind, term) in searchable.terms() {
        if !matches!(kind, TermKind::Email | TermKind::Phone) {
            continue;
        }
        for (name, username) in tx.twins(scope, kind, &term).await? {
            let twin = format!("{name} ({username})");
            if !twins.contains(&twin) {
                twins.push(twin);
            }
        }
    }
    Ok(twins)
}
