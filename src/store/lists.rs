//! Lists of clients, page by page in the order of their ids, within a scope. Each filter that can lead does, by its index.

use super::clients::Scope;
use super::{Tx, rows};
use crate::domain::client::{Class, Status};
use crate::domain::credits::Credits;
use crate::domain::ids::{ClientId, PersonId};
use crate::domain::money::Money;
use crate::fault::Fault;

/// Which clients are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Of which class.
    pub class: Class,
    /// Only those who stand there.
    pub status: Option<Status>,
    /// Only those whom this person looks after.
    pub manager: Option<PersonId>,
    /// Only this reseller's own.
    pub reseller: Option<ClientId>,
    /// Only those who owe something.
    pub unpaid: bool,
    /// Only those with less than this.
    pub below: Option<Credits>,
}

/// A client in a list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// Identifier.
    pub id: ClientId,
    /// Username.
    pub username: String,
    /// Full name.
    pub name: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: Status,
    /// Balance.
    pub balance: Credits,
    /// What is unpaid.
    pub unpaid: Money,
}

impl Tx {
    /// Clients who wait to be activated, of this identifier and later ones, as they came; of so many at most.
    pub async fn pending_from(&mut self, id: i64, limit: i64) -> Result<Vec<ClientId>, Fault> {
        let sql =
            "select id from client where status = 'pending' and id >= $1 order by id limit $2";
        let found = rows!(self, (ClientId,), sql, id, limit)?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }
}

macro_rules! list_sql {
    ($from:literal) => {
        concat!(
            "select c.id, c.username, c.name, c.status, a.balance,
                (select cast(coalesce(sum(total - credited), 0) as bigint) from invoice
                  where client_id = c.id and status = 'unpaid') as unpaid
             from ",
            $from,
            " and c.class = $3 and ($4 = '' or c.status = $4) and ($5 = 0 or c.manager_id = $5)
             and ($6 = 0 or c.reseller_id = $6) and ($7 = 0 or exists (
                select 1 from invoice i where i.client_id = c.id and i.status = 'unpaid' and i.credited < i.total))
             and a.balance < $8 order by c.id limit $9"
        )
    };
}

impl Tx {
    /// A page of the clients that a filter lets through, after `after`.
    pub async fn list_clients(
        &mut self,
        scope: Scope,
        filter: &Filter,
        after: ClientId,
        limit: i64,
    ) -> Result<Vec<Listed>, Fault> {
        let sql = match (filter, scope) {
            (
                Filter {
                    reseller: Some(_), ..
                },
                _,
            ) => list_sql!(
                "client c join account a on a.client_id = c.id
                 join client_owner o on o.client_id = c.id and o.owner_id = $1
                 where c.reseller_id = $6 and c.id > $2"
            ),
            (
                Filter {
                    manager: Some(_), ..
                },
                _,
            ) => list_sql!(
                "client c join account a on a.client_id = c.id
                 join client_owner o on o.client_id = c.id and o.owner_id = $1
                 where c.manager_id = $5 and c.id > $2"
            ),
            (_, Scope::House) => list_sql!(
                "client c join account a on a.client_id = c.id
                 join client_owner o on o.client_id = c.id and o.owner_id = $1
                 where c.id > $2"
            ),
            (_, Scope::Tree(_)) => list_sql!(
                "client_owner o join client c on c.id = o.client_id join account a on a.client_id = c.id
                 where o.owner_id = $1 and o.client_id > $2"
            ),
        };
        let most = filter.below.unwrap_or(Credits(i64::MAX));
        Ok(rows!(
            self,
            Listed,
            sql,
            scope.owner(),
            after,
            filter.class.name(),
            filter.status.map_or("", Status::name),
            filter.manager.map_or(0, |person| person.0),
            filter.reseller.map_or(0, |client| client.0),
            i64::from(filter.unpaid),
            most,
            limit
        )?)
    }
}
