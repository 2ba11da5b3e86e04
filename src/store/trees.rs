//! Whose clients are whose, and what hangs on it: every reseller above a client owns it and finds it.

use super::{Tx, exactly, row, rows, run};
use crate::domain::client::Class;
use crate::domain::ids::{ClientId, PersonId};
use crate::domain::money::Money;
use crate::fault::Fault;

/// Who has to do with a client.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Links {
    /// Who looks after it.
    pub manager_id: Option<PersonId>,
    /// His name.
    pub manager: Option<String>,
    /// Whose it is.
    pub reseller_id: Option<ClientId>,
    /// His name.
    pub reseller: Option<String>,
    /// Who brought it.
    pub referral_id: Option<ClientId>,
    /// His name.
    pub referral: Option<String>,
}

/// An invoice that is not settled.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenInvoice {
    /// The prefix of its series.
    pub prefix: String,
    /// Its number.
    pub number: i64,
    /// What is left to pay.
    pub due: Money,
}

/// Everybody below a reseller, without himself.
macro_rules! below {
    () => {
        "select client_id from client_owner where owner_id = $1 and client_id <> $1"
    };
}

/// The statements that hang the clients `$who` under the reseller `$2` (null: the house) instead of those in `$old`, of the
/// client `$1`: owners and terms of the new ones first, so that what both have stays.
macro_rules! rehang {
    ($who:expr, $old:literal) => {
        [
            concat!(
                "insert into client_owner (owner_id, client_id)
                 select a.owner_id, c.client_id from client_owner a cross join (",
                $who,
                ") c
                 where a.client_id = $2 and a.owner_id <> 0 on conflict do nothing"
            ),
            concat!(
                "insert into client_term (owner_id, kind, term, client_id)
                 select a.owner_id, t.kind, t.term, t.client_id
                 from (",
                $who,
                ") c join client_term t on t.client_id = c.client_id and t.owner_id = 0
                 cross join client_owner a
                 where a.client_id = $2 and a.owner_id <> 0 on conflict do nothing"
            ),
            concat!(
                "delete from client_term where client_id in (",
                $who,
                ") and owner_id in (
                    select owner_id from client_owner where client_id = $1 and ",
                $old,
                ")
                 and owner_id not in (select owner_id from client_owner where client_id = $2)"
            ),
            concat!(
                "delete from client_owner where client_id in (",
                $who,
                ") and owner_id in (
                    select owner_id from client_owner where client_id = $1 and ",
                $old,
                ")
                 and owner_id not in (select owner_id from client_owner where client_id = $2)"
            ),
        ]
    };
}

impl Tx {
    /// Waits until nobody else changes whose clients are whose, and keeps it so until the transaction ends. `alone`: it is
    /// about to be changed here; else it only has to stay as it is. `SQLite` has one writer anyway.
    pub async fn lock_tree(&mut self, alone: bool) -> Result<(), Fault> {
        if let Self::Postgres(_) = self {
            let sql = if alone {
                "select pg_advisory_xact_lock(hashtextextended('client tree', 0))"
            } else {
                "select pg_advisory_xact_lock_shared(hashtextextended('client tree', 0))"
            };
            run!(self, sql)?;
        }
        Ok(())
    }

    /// Keeps everybody else from changing a client, or from crediting it, until the transaction ends.
    pub async fn lock_client(&mut self, client: ClientId) -> Result<(), Fault> {
        if let Self::Postgres(_) = self {
            let sql = "select id from client where id = $1 for no key update";
            row!(self, (ClientId,), sql, client)?;
        }
        Ok(())
    }

    /// Who has to do with a client.
    pub async fn links(&mut self, client: ClientId) -> Result<Option<Links>, Fault> {
        let sql = "select c.manager_id, p.name as manager, c.reseller_id, r.name as reseller,
                c.referral_id, f.name as referral
            from client c left join person p on p.id = c.manager_id
            left join client r on r.id = c.reseller_id left join client f on f.id = c.referral_id
            where c.id = $1";
        Ok(row!(self, Links, sql, client)?)
    }

    /// How many clients are below a reseller, counted up to `most`.
    pub async fn count_below(&mut self, reseller: ClientId, most: i64) -> Result<i64, Fault> {
        let sql = concat!("select count(*) from (", below!(), " limit $2) b");
        Ok(row!(self, (i64,), sql, reseller, most)?.map_or(0, |(count,)| count))
    }

    /// Whether `client` is above `referral` in the line of who brought whom, or is the same.
    pub async fn brought(&mut self, client: ClientId, referral: ClientId) -> Result<bool, Fault> {
        let sql = "with recursive above (id) as (
                select id from client where id = $2
                union select c.referral_id from above a join client c on c.id = a.id where c.referral_id is not null)
            select id from above where id = $1";
        Ok(row!(self, (ClientId,), sql, client, referral)?.is_some())
    }

    /// Invoices of a client that are open, the oldest first.
    pub async fn open_invoices(
        &mut self,
        client: ClientId,
        limit: i64,
    ) -> Result<Vec<OpenInvoice>, Fault> {
        let sql = "select s.prefix, i.number, i.total - i.credited as due
            from invoice i join series s on s.issuer_id = i.issuer_id
            where i.client_id = $1 and i.status = 'unpaid' and i.credited < i.total order by i.id limit $2";
        Ok(rows!(self, OpenInvoice, sql, client, limit)?)
    }

    /// Changes who looks after a client.
    pub async fn set_manager(
        &mut self,
        client: ClientId,
        manager: Option<PersonId>,
    ) -> Result<(), Fault> {
        let sql = "update client set manager_id = $2 where id = $1";
        exactly(run!(self, sql, client, manager)?, 1, "changing a manager")
    }

    /// Changes who brought a client.
    pub async fn set_referral(
        &mut self,
        client: ClientId,
        referral: Option<ClientId>,
    ) -> Result<(), Fault> {
        let sql = "update client set referral_id = $2 where id = $1";
        exactly(run!(self, sql, client, referral)?, 1, "changing a referral")
    }

    /// Moves a client, and everybody below it, to another reseller. To be called under [`Tx::lock_tree`].
    pub async fn move_client(
        &mut self,
        client: ClientId,
        reseller: Option<ClientId>,
    ) -> Result<(), Fault> {
        let sql = "update client set reseller_id = $2 where id = $1";
        exactly(run!(self, sql, client, reseller)?, 1, "moving a client")?;
        // The client itself and all below; of what is above it, all but the house and itself.
        let statements = rehang!(
            concat!(below!(), " union all select id from client where id = $1"),
            "owner_id not in (0, $1)"
        );
        for sql in statements {
            run!(self, sql, client, reseller)?;
        }
        Ok(())
    }

    /// Hands the clients of a reseller, with everybody below them, to another. To be called under [`Tx::lock_tree`].
    pub async fn hand_over(&mut self, from: ClientId, heir: ClientId) -> Result<(), Fault> {
        let statements = rehang!(below!(), "owner_id <> 0");
        let [owners, terms, old_terms, old_owners] = statements;
        for sql in [owners, terms, old_terms, old_owners] {
            run!(self, sql, from, heir)?;
        }
        let sql = "update client set reseller_id = $2 where reseller_id = $1";
        run!(self, sql, from, heir)?;
        Ok(())
    }

    /// Changes what a client may do. A reseller owns himself; the delivery URL is a reseller's. To be called under
    /// [`Tx::lock_tree`], for a reseller without clients where he is to be none any more.
    pub async fn set_class(&mut self, client: ClientId, class: Class) -> Result<(), Fault> {
        let sql = "update client set class = $2,
                delivery_url = case when $2 = 'RESELLER' then delivery_url end where id = $1";
        exactly(
            run!(self, sql, client, class.name())?,
            1,
            "changing a class",
        )?;
        let statements = if class == Class::Reseller {
            [
                "insert into client_owner (owner_id, client_id) values ($1, $1) on conflict do nothing",
                "insert into client_term (owner_id, kind, term, client_id)
                 select $1, kind, term, client_id from client_term where client_id = $1 and owner_id = 0
                 on conflict do nothing",
            ]
        } else {
            [
                "delete from client_term where client_id = $1 and owner_id = $1",
                "delete from client_owner where client_id = $1 and owner_id = $1",
            ]
        };
        for sql in statements {
            run!(self, sql, client)?;
        }
        Ok(())
    }
}
