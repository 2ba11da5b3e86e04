//! Many clients at once: who of a file is here already, new ones in bulk, and how far each file got. What is written is
//! what [`Tx::insert_client`] and [`Tx::post`] write one by one.

mod bulk;
mod jobs;
mod runs;

use std::collections::HashMap;

pub(super) use self::bulk::Cell;
use super::clients::NewClient;
use super::{Tx, exactly, row, rows, run};
use crate::clock::Millis;
use crate::domain::client::{Class, Searchable, Status, TermKind, fold};
use crate::domain::credits::{Amount, Credits};
use crate::domain::ids::{AccountId, ClientId, PersonId, PostingId};
use crate::domain::money::UnitPrice;
use crate::domain::posting::PostingKind;
use crate::fault::Fault;

pub use self::jobs::{Job, Tally};
pub use self::runs::Run;

/// By what clients are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// What they were called on the old platform.
    OldId,
    /// Username, however it is written.
    Username,
    /// Email, however it is written.
    Email,
    /// The digits of the phone number.
    Phone,
}

/// A client as far as a file can say something about it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Present {
    /// Identifier.
    pub id: ClientId,
    /// What it was called on the old platform.
    pub old_id: Option<String>,
    /// Username.
    pub username: String,
    /// Full name.
    pub name: String,
    /// Perhaps empty.
    pub email: String,
    /// Perhaps empty.
    pub phone: String,
    /// Class.
    #[sqlx(try_from = "String")]
    pub class: Class,
    /// Status.
    #[sqlx(try_from = "String")]
    pub status: Status,
    /// The staff person who looks after it.
    pub manager_id: Option<PersonId>,
    /// The reseller who owns it.
    pub reseller_id: Option<ClientId>,
    /// Who brought it.
    pub referral_id: Option<ClientId>,
    /// Its own price.
    pub price: Option<UnitPrice>,
    /// Its account.
    pub account_id: AccountId,
    /// How many entries its account has.
    pub seq: i64,
    /// What it brought along, where it did.
    pub opening: Option<Credits>,
}

impl Present {
    fn searchable(&self) -> Searchable<'_> {
        Searchable {
            name: &self.name,
            username: &self.username,
            email: &self.email,
            phone: &self.phone,
        }
    }
}

/// A client who is moved in.
#[derive(Debug, Clone)]
pub struct Moved {
    /// As any new client.
    pub client: NewClient,
    /// What it was called on the old platform.
    pub old_id: Option<String>,
    /// What it brings along: on its account from the start, to be posted in the same transaction.
    pub brings: Option<Amount>,
}

/// What a client brings along: one posting from the house.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The client.
    pub client: ClientId,
    /// Its account.
    pub account: AccountId,
    /// Whether the client is new, so that the account holds it already.
    pub fresh: bool,
    /// The posting's identifier.
    pub id: PostingId,
    /// Idempotency key.
    pub key: String,
    /// Digest of what the key stands for.
    pub digest: String,
    /// How much.
    pub amount: Amount,
}

/// Who posts openings, and when.
#[derive(Debug, Clone, Copy)]
pub struct Poster {
    /// The account of the house that they all come from.
    pub house: AccountId,
    /// Who had it done.
    pub person: Option<PersonId>,
    /// When.
    pub at: Millis,
}

/// How PostgreSQL plans statements.
#[derive(Debug, Clone, Copy)]
enum Plan {
    /// For the values at hand: a plan for any list takes it for a short one and reads the whole table.
    ForValues,
    /// Once for any values, as everywhere else; the checks of foreign keys live on it.
    Once,
}

macro_rules! present {
    ($from:literal) => {
        concat!(
            "select c.id, c.old_id, c.username, c.name, c.email, c.phone, c.class, c.status, c.manager_id, c.reseller_id,
                c.referral_id, c.price, a.id as account_id, a.seq,
                (select e.amount from posting p join entry e on e.posting_id = p.id and e.account_id = a.id
                    where p.client_id = c.id and p.kind = 'opening' order by p.id limit 1) as opening
             from ",
            $from
        )
    };
}

impl Tx {
    /// Clients who have one of these; for usernames and email addresses those as well that search finds alike.
    pub async fn clients_present(
        &mut self,
        by: By,
        keys: &[String],
    ) -> Result<Vec<Present>, Fault> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let kind = match by {
            By::OldId => return self.present_by_old_id(keys).await,
            By::Username => TermKind::Username,
            By::Email => TermKind::Email,
            By::Phone => TermKind::Phone,
        };
        let terms: Vec<String> = keys.iter().map(|key| term(by, key)).collect();
        let kind = i64::from(kind.number());
        self.plan(Plan::ForValues).await?;
        let found = match self {
            Self::Sqlite(conn) => {
                let sql = present!(
                    "client_term t join client c on c.id = t.client_id join account a on a.client_id = c.id
                     where t.owner_id = 0 and t.kind = $1 and t.term in (select value from json_each($2))"
                );
                let terms = serde_json::to_string(&terms)?;
                let query = sqlx::query_as(sql).bind(kind).bind(terms);
                query.fetch_all(&mut **conn).await?
            }
            Self::Postgres(conn) => {
                let sql = present!(
                    "client_term t join client c on c.id = t.client_id join account a on a.client_id = c.id
                     where t.owner_id = 0 and t.kind = $1 and t.term = any($2)"
                );
                let query = sqlx::query_as(sql).bind(kind).bind(terms);
                query.fetch_all(&mut **conn).await?
            }
        };
        self.plan(Plan::Once).await?;
        Ok(found)
    }

    /// How statements are planned from here on, at most to the end of the transaction.
    async fn plan(&mut self, plan: Plan) -> Result<(), Fault> {
        if matches!(self, Self::Postgres(_)) {
            let sql = match plan {
                Plan::ForValues => "set local plan_cache_mode = force_custom_plan",
                Plan::Once => "set local plan_cache_mode = force_generic_plan",
            };
            run!(self, sql)?;
        }
        Ok(())
    }

    async fn present_by_old_id(&mut self, keys: &[String]) -> Result<Vec<Present>, Fault> {
        self.plan(Plan::ForValues).await?;
        let found = match self {
            Self::Sqlite(conn) => {
                let sql = present!(
                    "client c join account a on a.client_id = c.id
                     where c.old_id in (select value from json_each($1))"
                );
                let keys = serde_json::to_string(keys)?;
                sqlx::query_as(sql)
                    .bind(keys)
                    .fetch_all(&mut **conn)
                    .await?
            }
            Self::Postgres(conn) => {
                let sql = present!(
                    "client c join account a on a.client_id = c.id where c.old_id = any($1)"
                );
                sqlx::query_as(sql)
                    .bind(keys)
                    .fetch_all(&mut **conn)
                    .await?
            }
        };
        self.plan(Plan::Once).await?;
        Ok(found)
    }

    /// The client of that id, as far as a file can say something about it.
    pub async fn client_present(&mut self, id: ClientId) -> Result<Option<Present>, Fault> {
        let sql = present!("client c join account a on a.client_id = c.id where c.id = $1");
        Ok(row!(self, Present, sql, id)?)
    }

    /// People on the staff of that name.
    pub async fn staff_named(&mut self, name: &str) -> Result<Vec<PersonId>, Fault> {
        let sql = "select id from person where client_id is null and name = $1 and removed_at is null order by id";
        let found = rows!(self, (PersonId,), sql, name)?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }

    /// Whether a client's referrals lead up to another, or it is the same.
    pub async fn is_referred_by(
        &mut self,
        client: ClientId,
        other: ClientId,
    ) -> Result<bool, Fault> {
        let sql = "with recursive above (id) as (
                select cast($1 as bigint)
                union select c.referral_id from above a join client c on c.id = a.id where c.referral_id is not null)
            select id from above where id = $2";
        Ok(row!(self, (ClientId,), sql, client, other)?.is_some())
    }

    /// Whose clients these are, the house apart: of each those who own it, himself included.
    pub async fn owners_of(
        &mut self,
        clients: &[ClientId],
    ) -> Result<HashMap<ClientId, Vec<ClientId>>, Fault> {
        let mut ids: Vec<i64> = clients.iter().map(|client| client.0).collect();
        ids.sort_unstable();
        ids.dedup();
        self.plan(Plan::ForValues).await?;
        let found: Vec<(ClientId, ClientId)> = match self {
            Self::Sqlite(conn) => {
                let sql = "select client_id, owner_id from client_owner
                    where client_id in (select value from json_each($1)) and owner_id <> 0";
                let ids = serde_json::to_string(&ids)?;
                sqlx::query_as(sql).bind(ids).fetch_all(&mut **conn).await?
            }
            Self::Postgres(conn) => {
                let sql = "select client_id, owner_id from client_owner where client_id = any($1) and owner_id <> 0";
                sqlx::query_as(sql).bind(ids).fetch_all(&mut **conn).await?
            }
        };
        self.plan(Plan::Once).await?;
        let mut owners: HashMap<ClientId, Vec<ClientId>> = HashMap::new();
        for (client, owner) in found {
            owners.entry(client).or_default().push(owner);
        }
        Ok(owners)
    }

    /// Creates clients with their accounts and everything by which they are found. A reseller comes before his clients.
    /// What they bring along is to be posted by [`Tx::post_openings`] before the transaction ends.
    pub async fn insert_clients(&mut self, new: &[Moved]) -> Result<(), Fault> {
        let above: Vec<ClientId> = new
            .iter()
            .filter_map(|moved| moved.client.reseller)
            .collect();
        let mut owners = self.owners_of(&above).await?;
        let (mut clients, mut accounts) = (Vec::new(), Vec::new());
        let (mut owned, mut terms) = (Vec::new(), Vec::new());
        for Moved {
            client,
            old_id,
            brings,
        } in new
        {
            let found = Searchable {
                name: &client.name,
                username: &client.username,
                email: &client.email,
                phone: &client.phone,
            };
            clients.extend([
                client.id.0.into(),
                client.username.as_str().into(),
                client.name.as_str().into(),
                client.email.as_str().into(),
                client.phone.as_str().into(),
                client.class.name().into(),
                client.status.name().into(),
                client.manager.map(|manager| manager.0).into(),
                client.reseller.map(|reseller| reseller.0).into(),
                client.referral.map(|referral| referral.0).into(),
                client.price.map(|price| price.0).into(),
                client.resale_price.map(|price| price.0).into(),
                Cell::Owned(found.line()),
                client.created_at.0.into(),
                old_id.as_deref().into(),
            ]);
            let balance = brings.map_or(0, Amount::smallest);
            let id = client.id.0;
            accounts.extend([
                id.into(),
                id.into(),
                0.into(),
                balance.into(),
                i64::from(balance > 0).into(),
            ]);
            let mut own: Vec<ClientId> = match client.reseller {
                Some(reseller) => owners.get(&reseller).cloned().unwrap_or_default(),
                None => Vec::new(),
            };
            if client.class == Class::Reseller {
                own.push(client.id);
                owners.insert(client.id, own.clone());
            }
            let found = found.terms();
            for owner in std::iter::once(0).chain(own.iter().map(|owner| owner.0)) {
                owned.push([owner, id]);
                terms.extend(
                    found
                        .iter()
                        .map(|(kind, term)| (owner, *kind, term.clone(), id)),
                );
            }
        }
        self.insert_many("client", CLIENT, &clients).await?;
        self.insert_many("account", ACCOUNT, &accounts).await?;
        let owned: Vec<Cell<'_>> = owned.into_iter().flatten().map(Cell::Int).collect();
        self.insert_many("client_owner", OWNER, &owned).await?;
        self.insert_term_rows(terms).await
    }

    async fn insert_term_rows(
        &mut self,
        mut terms: Vec<(i64, TermKind, String, i64)>,
    ) -> Result<(), Fault> {
        // Rows that lie together in the index are written together.
        terms.sort_unstable();
        let mut cells: Vec<Cell<'_>> = Vec::with_capacity(terms.len() * TERM.len());
        for (owner, kind, term, client) in terms {
            cells.extend([
                owner.into(),
                i64::from(kind.number()).into(),
                Cell::Owned(term),
                client.into(),
            ]);
        }
        self.insert_many("client_term", TERM, &cells).await
    }

    /// Posts what clients bring along, and takes it from the house: its account is locked once for all of them, from here
    /// on to the end of the transaction. Credit of a client who is here must never have moved.
    pub async fn post_openings(
        &mut self,
        openings: &[Opening],
        poster: Poster,
    ) -> Result<(), Fault> {
        if openings.is_empty() {
            return Ok(());
        }
        let sql = match self {
            Self::Sqlite(_) => "select balance, seq from account where id = $1",
            Self::Postgres(_) => "select balance, seq from account where id = $1 for update",
        };
        let house = row!(self, (i64, i64), sql, poster.house)?;
        let (mut balance, mut seq) =
            house.ok_or_else(|| Fault::internal("an account of the house is missing"))?;
        let (mut postings, mut entries) = (Vec::new(), Vec::new());
        for opening in openings {
            let (id, account) = (opening.id.0, opening.account);
            let amount = opening.amount.smallest();
            let floor = if opening.fresh {
                0
            } else {
                let sql = "update account set balance = $2, seq = 1 where id = $1 and seq = 0 returning floor";
                let moved = row!(self, (i64,), sql, account, amount)?;
                let missed = || Fault::internal("credit moved while a client was moved in");
                moved.ok_or_else(missed)?.0
            };
            balance = balance
                .checked_sub(amount)
                .ok_or_else(|| Fault::internal("the house's balance does not fit"))?;
            seq += 1;
            postings.extend([
                id.into(),
                PostingKind::Opening.name().into(),
                opening.key.as_str().into(),
                opening.digest.as_str().into(),
                opening.client.0.into(),
                poster.person.map(|person| person.0).into(),
                poster.at.0.into(),
            ]);
            entries.extend([poster.house.0, seq, id, -amount, balance].map(Cell::Int));
            entries.push(Cell::Null);
            entries.extend([account.0, 1, id, amount, amount, floor].map(Cell::Int));
        }
        self.insert_many("posting", POSTING, &postings).await?;
        self.insert_many("entry", ENTRY, &entries).await?;
        let sql = "update account set balance = $2, seq = $3 where id = $1";
        let rows = run!(self, sql, poster.house, balance, seq)?;
        exactly(rows, 1, "an account of the house")
    }

    /// Writes what changed about a client who is here, and by what it is found.
    pub async fn rewrite_client(&mut self, before: &Present, after: &Present) -> Result<(), Fault> {
        let sql = "update client set old_id = $2, username = $3, name = $4, email = $5, phone = $6, status = $7,
            manager_id = $8, referral_id = $9, price = $10, line = $11 where id = $1";
        let rows = run!(
            self,
            sql,
            after.id,
            &after.old_id,
            &after.username,
            &after.name,
            &after.email,
            &after.phone,
            after.status.name(),
            after.manager_id,
            after.referral_id,
            after.price,
            after.searchable().line(),
        )?;
        exactly(rows, 1, "rewriting a client")?;
        let terms = after.searchable().terms();
        if terms == before.searchable().terms() {
            return Ok(());
        }
        run!(
            self,
            "delete from client_term where client_id = $1",
            after.id
        )?;
        let sql = "select owner_id from client_owner where client_id = $1";
        let owners = rows!(self, (i64,), sql, after.id)?;
        let rows = owners.iter().flat_map(|(owner,)| {
            let own = terms.iter();
            own.map(|(kind, term)| (*owner, *kind, term.clone(), after.id.0))
        });
        self.insert_term_rows(rows.collect()).await
    }

    /// Whether the audit log says that this was done to that, with a detail like this.
    pub async fn was_done(
        &mut self,
        action: &str,
        subject: &str,
        like: &str,
    ) -> Result<bool, Fault> {
        let sql = "select id from audit_log where subject = $1 and action = $2 and detail like $3 limit 1";
        Ok(row!(self, (i64,), sql, subject, action, like)?.is_some())
    }
}

const CLIENT: &[&str] = &[
    "id",
    "username",
    "name",
    "email",
    "phone",
    "class",
    "status",
    "manager_id",
    "reseller_id",
    "referral_id",
    "price",
    "resale_price",
    "line",
    "created_at",
    "old_id",
];
const ACCOUNT: &[&str] = &["id", "client_id", "floor", "balance", "seq"];
const OWNER: &[&str] = &["owner_id", "client_id"];
const TERM: &[&str] = &["owner_id", "kind", "term", "client_id"];
const POSTING: &[&str] = &[
    "id",
    "kind",
    "key",
    "digest",
    "client_id",
    "person_id",
    "created_at",
];
const ENTRY: &[&str] = &[
    "account_id",
    "seq",
    "posting_id",
    "amount",
    "balance",
    "floor",
];
/// The term under which search keeps what is looked up.
fn term(by: By, key: &str) -> String {
    let searchable = Searchable {
        name: "",
        username: if by == By::Username { key } else { "" },
        email: if by == By::Email { key } else { "" },
        phone: if by == By::Phone { key } else { "" },
    };
    // One field alone has one term; nothing of it is left where all of it is invisible.
    let mut terms = searchable.terms();
    terms.pop().map_or_else(|| fold(key), |(_, term)| term)
}
