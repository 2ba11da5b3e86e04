//! The ledger: postings and their entries. Balances are stored and move in the same statement that checks the floor.

use super::{Tx, exactly, row, rows, run};
use crate::clock::Millis;
use crate::domain::credits::Credits;
use crate::domain::ids::{AccountId, ClientId, PersonId, PostingId, RequestId};
use crate::domain::posting::{Entry, PostingKind, balances};
use crate::fault::Fault;

/// A posting to be made.
#[derive(Debug, Clone)]
pub struct NewPosting {
    /// Identifier.
    pub id: PostingId,
    /// Why.
    pub kind: PostingKind,
    /// Idempotency key.
    pub key: String,
    /// Digest of what the key stands for.
    pub digest: String,
    /// The client whom it is about.
    pub client: Option<ClientId>,
    /// The request that it applies.
    pub request: Option<RequestId>,
    /// The posting that it takes back.
    pub reversed: Option<PostingId>,
    /// Who had it done.
    pub person: Option<PersonId>,
    /// When.
    pub at: Millis,
}

/// A posting that added or deducted, as seen from its client's account.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Move {
    /// Identifier.
    pub id: PostingId,
    /// Which client's; `None` where it is nobody's in particular.
    pub client_id: Option<ClientId>,
    /// What it was.
    #[sqlx(try_from = "String")]
    pub kind: PostingKind,
    /// What the client's account gained; negative for what it lost.
    pub amount: Credits,
    /// When.
    pub created_at: Millis,
    /// How much of it was taken back, in the other direction; `None`: nothing.
    pub reversed: Option<Credits>,
    /// Name of its invoice's series; `None`: it has no invoice.
    pub prefix: Option<String>,
    /// Number of its invoice.
    pub number: Option<i64>,
}

macro_rules! move_sql {
    ($where:literal) => {
        concat!(
            "select p.id, p.client_id, p.kind, e.amount, p.created_at, t.amount as reversed, s.prefix, i.number
             from posting p
             join account a on a.client_id = p.client_id
             join entry e on e.posting_id = p.id and e.account_id = a.id
             left join posting r on r.reversed_id = p.id
             left join entry t on t.posting_id = r.id and t.account_id = a.id
             left join invoice i on i.posting_id = p.id
             left join series s on s.issuer_id = i.issuer_id
             where ",
            $where
        )
    };
}

/// What came of a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    /// It is in the ledger.
    Done,
    /// This account's balance does not suffice; nothing was posted and the transaction must be rolled back.
    Short(AccountId),
}

impl Tx {
    /// Posts balanced entries. Accounts are locked in the order of their ids, so that postings never wait in a circle.
    pub async fn post(&mut self, posting: &NewPosting, entries: &[Entry]) -> Result<Posted, Fault> {
        if !balances(entries) {
            return Err(Fault::internal("a posting that does not balance"));
        }
        run!(
            self,
            "insert into posting (id, kind, key, digest, client_id, request_id, reversed_id, person_id, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            posting.id,
            posting.kind.name(),
            &posting.key,
            &posting.digest,
            posting.client,
            posting.request,
            posting.reversed,
            posting.person,
            posting.at,
        )?;
        let mut entries = entries.to_vec();
        entries.sort_by_key(|entry| entry.account);
        for entry in entries {
            if !self.enter(posting.id, entry).await? {
                return Ok(Posted::Short(entry.account));
            }
        }
        Ok(Posted::Done)
    }

    /// Moves one account's balance and writes the entry; `false` where the balance would fall below its floor.
    async fn enter(&mut self, posting: PostingId, entry: Entry) -> Result<bool, Fault> {
        macro_rules! moved {
            () => {
                "update account set balance = balance + $2, seq = seq + 1
                 where id = $1 and ($2 > 0 or floor is null or balance + $2 >= floor) returning seq, balance, floor"
            };
        }
        let (account, amount) = (entry.account, entry.amount);
        if let Self::Postgres(_) = self {
            // The account is locked from here to the commit: one trip less to the server.
            let sql = concat!(
                "with moved as (",
                moved!(),
                ")
                 insert into entry (account_id, seq, posting_id, amount, balance, floor)
                 select $1, seq, $3, $2, balance, floor from moved"
            );
            return Ok(run!(self, sql, account, amount, posting)? == 1);
        }
        let moved = row!(
            self,
            (i64, Credits, Option<Credits>),
            moved!(),
            account,
            amount
        )?;
        let Some((seq, balance, floor)) = moved else {
            return Ok(false);
        };
        let sql = "insert into entry (account_id, seq, posting_id, amount, balance, floor) values ($1, $2, $3, $4, $5, $6)";
        run!(self, sql, account, seq, posting, amount, balance, floor)?;
        Ok(true)
    }

    /// The accounts of two clients with their balances, locked in the order of their ids until the transaction ends.
    pub async fn lock_accounts(
        &mut self,
        one: ClientId,
        other: ClientId,
    ) -> Result<Vec<(ClientId, AccountId, Credits)>, Fault> {
        let sql = match self {
            Self::Sqlite(_) => {
                "select client_id, id, balance from account where client_id in ($1, $2) order by id"
            }
            Self::Postgres(_) => {
                "select client_id, id, balance from account where client_id in ($1, $2) order by id for update"
            }
        };
        Ok(rows!(
            self,
            (ClientId, AccountId, Credits),
            sql,
            one,
            other
        )?)
    }

    /// A client's account with its balance and floor, locked until the transaction ends. Whoever locks several does so in
    /// the order of the clients' ids, which is that of their accounts.
    pub async fn lock_account(
        &mut self,
        client: ClientId,
    ) -> Result<Option<(AccountId, Credits, Credits)>, Fault> {
        let sql = match self {
            Self::Sqlite(_) => "select id, balance, floor from account where client_id = $1",
            Self::Postgres(_) => {
                "select id, balance, floor from account where client_id = $1 for update"
            }
        };
        Ok(row!(self, (AccountId, Credits, Credits), sql, client)?)
    }

    /// Who gave a client the credits that were added to it and not taken back: the house (`None`) and resellers, with how
    /// many each. What was spent is not attributed.
    pub async fn givers(
        &mut self,
        client: ClientId,
    ) -> Result<Vec<(Option<ClientId>, Credits)>, Fault> {
        let sql = "select a.client_id, cast(-sum(e.amount) as bigint) from posting p
            join entry e on e.posting_id = p.id join account a on a.id = e.account_id
            where p.client_id = $1 and p.kind <> 'usage' and a.client_id is distinct from p.client_id
            group by a.client_id order by a.client_id";
        let found = rows!(self, (Option<ClientId>, Credits), sql, client)?;
        Ok(found
            .into_iter()
            .filter(|(_, given)| *given > Credits::ZERO)
            .collect())
    }

    /// What a client was added or deducted and was not taken back, newest first; of one reseller's own balance alone where
    /// one is named.
    pub async fn reversible_postings(
        &mut self,
        client: ClientId,
        reseller: Option<ClientId>,
        limit: i64,
    ) -> Result<Vec<Move>, Fault> {
        Ok(rows!(
            self,
            Move,
            move_sql!(
                "p.client_id = $1 and p.kind in ('add', 'deduct') and r.id is null
                    and ($2 is null or not exists (select 1 from entry o join account b on b.id = o.account_id
                        where o.posting_id = p.id and b.client_id is distinct from p.client_id
                            and b.client_id is distinct from $2))
                 order by p.id desc limit $3"
            ),
            client,
            reseller,
            limit
        )?)
    }

    /// One of them.
    pub async fn posting(&mut self, id: PostingId) -> Result<Option<Move>, Fault> {
        Ok(row!(self, Move, move_sql!("p.id = $1"), id)?)
    }

    /// The posting that a request led to.
    pub async fn posting_of(&mut self, request: RequestId) -> Result<Option<PostingId>, Fault> {
        let sql = "select id from posting where request_id = $1 order by id limit 1";
        Ok(row!(self, (PostingId,), sql, request)?.map(|(id,)| id))
    }

    /// The entries of a posting on other accounts than its client's: account, whose it is (`None`: the house's), amount.
    pub async fn other_entries(
        &mut self,
        posting: PostingId,
    ) -> Result<Vec<(AccountId, Option<ClientId>, Credits)>, Fault> {
        let sql =
            "select a.id, a.client_id, e.amount from entry e join posting p on p.id = e.posting_id
            join account a on a.id = e.account_id
            where e.posting_id = $1 and a.client_id is distinct from p.client_id order by a.id";
        Ok(rows!(
            self,
            (AccountId, Option<ClientId>, Credits),
            sql,
            posting
        )?)
    }

    /// The middle of the amounts that were added to a client last, at most so many, where there are five or more.
    pub async fn median_add(
        &mut self,
        client: ClientId,
        last: i64,
    ) -> Result<Option<Credits>, Fault> {
        let sql = "select e.amount from posting p join account a on a.client_id = p.client_id
            join entry e on e.posting_id = p.id and e.account_id = a.id
            where p.client_id = $1 and p.kind = 'add' order by p.id desc limit $2";
        let mut found = rows!(self, (Credits,), sql, client, last)?;
        found.sort_unstable();
        Ok((found.len() >= 5).then(|| found[found.len() / 2].0))
    }

    /// Entries of an account, newest first.
    pub async fn entries(
        &mut self,
        account: AccountId,
        limit: i64,
    ) -> Result<Vec<(i64, Credits, Credits)>, Fault> {
        let sql = "select seq, amount, balance from entry where account_id = $1 order by seq desc limit $2";
        Ok(rows!(self, (i64, Credits, Credits), sql, account, limit)?)
    }

    /// Sets the floor under a client's balance (0, or below it within an overdraft limit).
    pub async fn set_floor(&mut self, client: ClientId, floor: Credits) -> Result<(), Fault> {
        let rows = run!(
            self,
            "update account set floor = $2 where client_id = $1",
            client,
            floor
        )?;
        exactly(rows, 1, "setting a floor")
    }
}
