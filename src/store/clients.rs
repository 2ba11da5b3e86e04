//! Clients, and whose they are.

use super::{Tx, exactly, row, rows, run};
use crate::chat::action::FindCursor;
use crate::clock::Millis;
use crate::domain::client::{Class, Searchable, Status};
use crate::domain::credits::Credits;
use crate::domain::ids::{AccountId, ClientId, PersonId};
use crate::domain::money::{Money, UnitPrice};
use crate::fault::Fault;

/// Whose clients are meant: everybody's, or those in a reseller's tree (himself included). Part of every query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All clients.
    House,
    /// Those in this reseller's tree.
    Tree(ClientId),
}

impl Scope {
    /// The owner whose rows are meant; 0 is the house.
    pub(super) fn owner(self) -> i64 {
        match self {
            Self::House => 0,
            Self::Tree(reseller) => reseller.0,
        }
    }
}

/// A client with everything its card shows.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Client {
    /// Identifier.
    pub id: ClientId,
    /// Unique on the platform.
    pub username: String,
    /// The full name, as the client wrote it.
    pub name: String,
    /// Perhaps empty.
    pub email: String,
    /// Perhaps empty.
    pub phone: String,
    /// What it may do on the platform.
    #[sqlx(try_from = "String")]
    pub class: Class,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: Status,
    /// The staff person who looks after it.
    pub manager: Option<String>,
    /// The reseller who owns it.
    pub reseller_id: Option<ClientId>,
    /// The reseller's name.
    pub reseller: Option<String>,
    /// Whether the reseller is active, suspended...; empty without one.
    pub reseller_status: String,
    /// Who brought it.
    pub referral: Option<String>,
    /// Its own price, else its reseller's; `None`: the business's.
    pub price: Option<UnitPrice>,
    /// Where delivery reports are forwarded.
    pub delivery_url: Option<String>,
    /// Its account of the ledger.
    pub account_id: AccountId,
    /// Balance.
    pub balance: Credits,
    /// How far below zero the balance may go: 0 or less.
    pub floor: Credits,
    /// What is unpaid over all invoices.
    pub unpaid: Money,
    /// When it signed up.
    pub created_at: Millis,
    /// Last activity on the platform.
    pub active_at: Option<Millis>,
}

/// A row of a search.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Found {
    /// Identifier.
    pub id: ClientId,
    /// Username.
    pub username: String,
    /// Full name.
    pub name: String,
    /// Email.
    pub email: String,
    /// Phone.
    pub phone: String,
    /// Class.
    #[sqlx(try_from = "String")]
    pub class: Class,
    /// Status.
    #[sqlx(try_from = "String")]
    pub status: Status,
    /// How good the match is, 0 is best.
    pub rank: i64,
    pub(super) term: String,
}

impl Found {
    /// Where the next page goes on after this row.
    pub fn cursor(&self) -> FindCursor {
        FindCursor {
            rank: u8::try_from(self.rank).unwrap_or_default(),
            client: self.id,
        }
    }

    pub(super) fn searchable(&self) -> Searchable<'_> {
        Searchable {
            name: &self.name,
            username: &self.username,
            email: &self.email,
            phone: &self.phone,
        }
    }
}

impl From<Client> for Found {
    fn from(client: Client) -> Self {
        Self {
            id: client.id,
            username: client.username,
            name: client.name,
            email: client.email,
            phone: client.phone,
            class: client.class,
            status: client.status,
            rank: 0,
            term: String::new(),
        }
    }
}

/// A client to be created.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Identifier; its account has the same number.
    pub id: ClientId,
    /// Unique.
    pub username: String,
    /// Full name.
    pub name: String,
    /// Perhaps empty.
    pub email: String,
    /// Perhaps empty.
    pub phone: String,
    /// Class.
    pub class: Class,
    /// Status.
    pub status: Status,
    /// The reseller who owns it, created before.
    pub reseller: Option<ClientId>,
    /// The staff person who looks after it.
    pub manager: Option<PersonId>,
    /// Who brought it.
    pub referral: Option<ClientId>,
    /// Its own price.
    pub price: Option<UnitPrice>,
    /// What its clients pay by default.
    pub resale_price: Option<UnitPrice>,
    /// When.
    pub created_at: Millis,
}

impl Tx {
    /// The client of that id within the scope. `None` for one outside just as for one that does not exist.
    pub async fn client(&mut self, id: ClientId, scope: Scope) -> Result<Option<Client>, Fault> {
        let sql = "
            select c.id, c.username, c.name, c.email, c.phone, c.class, c.status,
                (select name from person where id = c.manager_id) as manager,
                c.reseller_id, r.name as reseller, coalesce(r.status, '') as reseller_status,
                (select name from client where id = c.referral_id) as referral,
                coalesce(c.price, r.resale_price) as price, c.delivery_url,
                a.id as account_id, a.balance, a.floor,
                (select cast(coalesce(sum(total - credited), 0) as bigint) from invoice
                  where client_id = c.id and status = 'unpaid') as unpaid,
                c.created_at, c.active_at
            from client_owner o
            join client c on c.id = o.client_id
            join account a on a.client_id = c.id
            left join client r on r.id = c.reseller_id
            where o.client_id = $1 and o.owner_id = $2";
        Ok(row!(self, Client, sql, id, scope.owner())?)
    }

    /// Whether there is a client of that id within the scope.
    pub async fn in_scope(&mut self, id: ClientId, scope: Scope) -> Result<bool, Fault> {
        let sql = "select client_id from client_owner where client_id = $1 and owner_id = $2";
        Ok(row!(self, (ClientId,), sql, id, scope.owner())?.is_some())
    }

    /// Creates a client with its account and everything by which it is found.
    pub async fn insert_client(&mut self, new: &NewClient) -> Result<(), Fault> {
        let searchable = Searchable {
            name: &new.name,
            username: &new.username,
            email: &new.email,
            phone: &new.phone,
        };
        run!(
            self,
            "insert into client (id, username, name, email, phone, class, status, manager_id, reseller_id, referral_id,
                price, resale_price, line, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            new.id,
            &new.username,
            &new.name,
            &new.email,
            &new.phone,
            new.class.name(),
            new.status.name(),
            new.manager,
            new.reseller,
            new.referral,
            new.price,
            new.resale_price,
            searchable.line(),
            new.created_at,
        )?;
        let sql =
            "insert into account (id, client_id, floor, balance, seq) values ($1, $2, 0, 0, 0)";
        run!(self, sql, AccountId(new.id.0), new.id)?;
        run!(
            self,
            "insert into client_owner (owner_id, client_id) values (0, $1)",
            new.id
        )?;
        if new.class == Class::Reseller {
            run!(
                self,
                "insert into client_owner (owner_id, client_id) values ($1, $1)",
                new.id
            )?;
        }
        if let Some(reseller) = new.reseller {
            run!(
                self,
                "insert into client_owner (owner_id, client_id)
                 select owner_id, $1 from client_owner where client_id = $2 and owner_id <> 0",
                new.id,
                reseller,
            )?;
        }
        for (kind, term) in searchable.terms() {
            run!(
                self,
                "insert into client_term (owner_id, kind, term, client_id)
                 select owner_id, $2, $3, client_id from client_owner where client_id = $1",
                new.id,
                i64::from(kind.number()),
                term,
            )?;
        }
        Ok(())
    }

    /// Changes where a client stands.
    pub async fn set_client_status(&mut self, id: ClientId, status: Status) -> Result<(), Fault> {
        let rows = run!(
            self,
            "update client set status = $2 where id = $1",
            id,
            status.name()
        )?;
        exactly(rows, 1, "changing a client's status")
    }

    /// The client of exactly that username, in any scope: for the host's own commands.
    pub async fn client_by_username(&mut self, username: &str) -> Result<Option<ClientId>, Fault> {
        Ok(row!(
            self,
            (ClientId,),
            "select id from client where username = $1",
            username
        )?
        .map(|(id,)| id))
    }

    /// Usernames of active resellers, oldest first.
    pub async fn resellers(&mut self, limit: i64) -> Result<Vec<String>, Fault> {
        let sql = "select username from client where class = 'RESELLER' and status = 'active' order by id limit $1";
        Ok(rows!(self, (String,), sql, limit)?
            .into_iter()
            .map(|(name,)| name)
            .collect())
    }

    /// Whether there is any client.
    pub async fn has_clients(&mut self) -> Result<bool, Fault> {
        Ok(row!(self, (ClientId,), "select id from client limit 1")?.is_some())
    }
}
