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
    /// Who had it done.
    pub person: Option<PersonId>,
    /// When.
    pub at: Millis,
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
            "insert into posting (id, kind, key, digest, client_id, request_id, person_id, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            posting.id,
            posting.kind.name(),
            &posting.key,
            &posting.digest,
            posting.client,
            posting.request,
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
