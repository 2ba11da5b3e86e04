//! Clients, whose they are, and the search over them.

use super::{Tx, exactly, row, rows, run};
use crate::chat::action::FindCursor;
use crate::clock::Millis;
use crate::domain::client::{Class, Query, Searchable, Status, TermKind, fold};
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
    /// What is unpaid over all invoices.
    pub unpaid: Money,
    /// When it signed up.
    pub created_at: Millis,
    /// Last activity on the platform.
    pub active_at: Option<Millis>,
}

impl Client {
    fn searchable(&self) -> Searchable<'_> {
        Searchable {
            name: &self.name,
            username: &self.username,
            email: &self.email,
            phone: &self.phone,
        }
    }
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
    /// How good the match is, 0 is best: exact by each kind of term, then by prefix.
    pub rank: i64,
    term: String,
}

impl Found {
    /// Where the next page goes on after this row.
    pub fn cursor(&self) -> FindCursor {
        FindCursor {
            rank: u8::try_from(self.rank).unwrap_or_default(),
            client: self.id,
        }
    }

    fn searchable(&self) -> Searchable<'_> {
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

/// Ranks from here on are matches by prefix; the ones before are exact.
const PREFIX_RANK: i64 = 5;

/// How many rows one scan yields at most; the number stands in the SQL as well.
const SCAN: usize = 25;

/// One scan per rank, each an equality on the key's first columns and a range behind them, cut to what can be shown;
/// only the rows that are left are looked up. `$6..$8` is the row after which it goes on.
macro_rules! scan_sql {
    ($join:literal) => {
        concat!(
            "select c.id, c.username, c.name, c.email, c.phone, c.class, c.status, f.rank, f.term from (",
            scan_sql!(exact "0" "0", $join), " union all ",
            scan_sql!(exact "1" "1", $join), " union all ",
            scan_sql!(exact "2" "2", $join), " union all ",
            scan_sql!(exact "3" "3", $join), " union all ",
            scan_sql!(exact "4" "4", $join), " union all ",
            scan_sql!(prefix "5" "0", $join), " union all ",
            scan_sql!(prefix "6" "1", $join), " union all ",
            scan_sql!(prefix "7" "2", $join), " union all ",
            scan_sql!(prefix "8" "3", $join), " union all ",
            scan_sql!(prefix "9" "4", $join),
            " order by rank, term, client_id limit 25) f join client c on c.id = f.client_id
              order by f.rank, f.term, f.client_id"
        )
    };
    (exact $rank:literal $kind:literal, $join:literal) => {
        concat!(
            "select * from (select cast(", $rank, " as bigint) as rank, t.term, t.client_id from client_term t ", $join,
            " where t.owner_id = $1 and t.kind = ", $kind, " and t.term = $2 and $6 <= ", $rank,
            " and t.client_id > (case when $6 = ", $rank, " then $8 else -1 end)
              order by t.client_id limit 25) r", $rank
        )
    };
    (prefix $rank:literal $kind:literal, $join:literal) => {
        concat!(
            "select * from (select cast(", $rank, " as bigint) as rank, t.term, t.client_id from client_term t ", $join,
            " where t.owner_id = $1 and t.kind = ", $kind, " and t.term < $5 and $6 <= ", $rank,
            " and (t.term, t.client_id) > (case when $6 = ", $rank, " then $7 else $3 end,
                case when $6 = ", $rank, " then $8 else $4 end)
              order by t.term, t.client_id limit 25) r", $rank
        )
    };
}

/// Beyond every character that text can hold: the end of a prefix's range.
const END: char = '\u{10ffff}';

impl Tx {
    /// The client of that id within the scope. `None` for one outside just as for one that does not exist.
    pub async fn client(&mut self, id: ClientId, scope: Scope) -> Result<Option<Client>, Fault> {
        let sql = "
            select c.id, c.username, c.name, c.email, c.phone, c.class, c.status,
                (select name from person where id = c.manager_id) as manager,
                c.reseller_id, r.name as reseller, coalesce(r.status, '') as reseller_status,
                (select name from client where id = c.referral_id) as referral,
                coalesce(c.price, r.resale_price) as price, c.delivery_url,
                a.id as account_id, a.balance,
                (select cast(coalesce(sum(total), 0) as bigint) from invoice
                  where client_id = c.id and status = 'unpaid') as unpaid,
                c.created_at, c.active_at
            from client_owner o
            join client c on c.id = o.client_id
            join account a on a.client_id = c.id
            left join client r on r.id = c.reseller_id
            where o.client_id = $1 and o.owner_id = $2";
        Ok(row!(self, Client, sql, id, scope.owner())?)
    }

    /// The client of exactly that username, email or name within the scope; `None` as well where several share it.
    pub async fn client_named(
        &mut self,
        name: &str,
        scope: Scope,
    ) -> Result<Option<ClientId>, Fault> {
        let sql = "select client_id from client_term
            where owner_id = $1 and kind = $2 and term = $3 order by client_id limit 2";
        for kind in [TermKind::Username, TermKind::Email, TermKind::Name] {
            let kind = i64::from(kind.number());
            let found = rows!(self, (ClientId,), sql, scope.owner(), kind, fold(name))?;
            if let [(client,)] = found[..] {
                return Ok(Some(client));
            }
        }
        Ok(None)
    }

    /// Up to `limit` clients within the scope of whom a word begins with the query, best first: exact, then prefix of
    /// the name, then the rest. Each client once. `after` is the last row of the page before.
    pub async fn find_clients(
        &mut self,
        query: &Query,
        scope: Scope,
        after: Option<FindCursor>,
        limit: usize,
    ) -> Result<Vec<Found>, Fault> {
        let mut start = (-1, String::new(), ClientId(-1));
        if let Some(after) = after
            && let Some(client) = self.client(after.client, scope).await?
            && let Some((rank, term)) = best_match(&client.searchable(), query)
        {
            start = (rank, term, client.id);
        }
        let mut page: Vec<Found> = Vec::new();
        // A client who is found by several words is shown once, under the best; so a scan may yield less than a page.
        loop {
            let found = self.scan_clients(query, scope, &start).await?;
            let more = found.len() >= SCAN;
            if let Some(last) = found.last() {
                start = (last.rank, last.term.clone(), last.id);
            }
            for row in found {
                let best = best_match(&row.searchable(), query);
                if page.len() < limit
                    && best.is_some_and(|(rank, term)| rank == row.rank && term == row.term)
                {
                    page.push(row);
                }
            }
            if page.len() >= limit || !more {
                return Ok(page);
            }
        }
    }

    async fn scan_clients(
        &mut self,
        query: &Query,
        scope: Scope,
        (rank, term, client): &(i64, String, ClientId),
    ) -> Result<Vec<Found>, Fault> {
        let end = format!("{}{END}", query.prefix);
        // Where the query is one word, what equals it was found as exact already.
        let low = if query.others.is_empty() {
            i64::MAX
        } else {
            -1
        };
        if query.others.is_empty() {
            return Ok(rows!(
                self,
                Found,
                scan_sql!(""),
                scope.owner(),
                &query.whole,
                &query.prefix,
                low,
                end,
                *rank,
                term,
                *client
            )?);
        }
        let mut patterns = query
            .others
            .iter()
            .map(|word| format!("% {}%", escape_like(word)));
        let mut next = || patterns.next().unwrap_or_else(|| "%".to_owned());
        let (second, third, fourth) = (next(), next(), next());
        Ok(rows!(
            self,
            Found,
            scan_sql!(
                "join client n on n.id = t.client_id and n.line like $9 escape '\\'
                     and n.line like $10 escape '\\' and n.line like $11 escape '\\'"
            ),
            scope.owner(),
            &query.whole,
            &query.prefix,
            low,
            end,
            *rank,
            term,
            *client,
            second,
            third,
            fourth
        )?)
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

/// The best rank under which a client is found, and by which of its terms: exact matches by kind, then prefixes by kind.
fn best_match(client: &Searchable<'_>, query: &Query) -> Option<(i64, String)> {
    let ranked = client.terms().into_iter().filter_map(|(kind, term)| {
        let kind = i64::from(kind.number());
        if term == query.whole {
            Some((kind, term))
        } else if term.starts_with(&query.prefix) {
            Some((PREFIX_RANK + kind, term))
        } else {
            None
        }
    });
    ranked.min()
}

fn escape_like(word: &str) -> String {
    word.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}
