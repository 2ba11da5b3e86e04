//! The search over clients: range scans over the index of terms, each cut to what can be shown. It looks at a bounded
//! number of terms, however common the words are.

use std::collections::HashSet;

use super::clients::{Found, Scope};
use super::{Tx, row, rows};
use crate::chat::action::FindCursor;
use crate::domain::client::{Query, SEPARATOR, Searchable, TermKind, fold};
use crate::domain::ids::ClientId;
use crate::fault::Fault;

/// A page of found clients.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Best first, each once.
    pub found: Vec<Found>,
    /// Whether looking was given up before the page was full: there may be more, for whoever types more letters.
    pub cut: bool,
}

/// Ranks below are exact matches, by kind of term; from here on a term begins with the whole text, by kind.
const BEGINS: i64 = 5;
/// From here on each word begins some word, by the kind of term that one of the words was looked for in.
const SCATTERED: i64 = 10;

/// Beyond every character that text can hold: the end of a prefix's range.
const END: char = '\u{10ffff}';

/// Rows of the first scan, which fills most pages, of that for a long page, and of those that go on. A client is found by
/// several terms, so a scan must yield more than a page has. The numbers stand in the SQL as well.
const FIRST: usize = 25;
const LONG: usize = 40;
const NEXT: usize = 100;
/// Pages up to this size are filled from [`FIRST`] rows.
const SHORT_PAGE: usize = 15;
/// After so many scans it is enough: all but the last pages of a very long list need one.
const SCANS: usize = 50;

/// A word that begins no more terms than this is rare: each of their clients is looked at. Stands in the SQL as well.
const RARE: i64 = 300;
/// How many terms are looked at where every word is common: few at first, because common words often meet.
const LOOKS: [i64; 2] = [500, 5_000];

/// The columns of [`Found`] for the best rows of all scans. `$4..$13` are a term and a client for each kind: the scan of
/// that kind begins behind them.
macro_rules! found {
    ($limit:literal, $scans:expr) => {
        concat!(
            "select c.id, c.username, c.name, c.email, c.phone, c.class, c.status, f.rank, f.term from (",
            $scans,
            " order by rank, term, client_id limit ", $limit, ") f join client c on c.id = f.client_id
              order by f.rank, f.term, f.client_id"
        )
    };
}

/// Terms that begin with the whole text (`$2` ends their range); those before `$3` equal it and go before all others.
macro_rules! whole {
    ($limit:literal) => {
        found!($limit, concat!(
            whole!("0" "$4" "$5", $limit), " union all ", whole!("1" "$6" "$7", $limit), " union all ",
            whole!("2" "$8" "$9", $limit), " union all ", whole!("3" "$10" "$11", $limit), " union all ",
            whole!("4" "$12" "$13", $limit)
        ))
    };
    ($kind:literal $term:literal $client:literal, $limit:literal) => {
        concat!(
            "select * from (select cast(case when t.term < $3 then ", $kind, " else 5 + ", $kind, " end as bigint) as rank,
                t.term, t.client_id from client_term t where t.owner_id = $1 and t.kind = ", $kind, " and t.term < $2
                and (t.term, t.client_id) > (", $term, ", ", $client, ")
              order by t.term, t.client_id limit ", $limit, ") r", $kind
        )
    };
}

/// Terms that begin with a rare word, of clients of whom the other words (`$3`, `$14`, `$15`) begin some word.
macro_rules! rare {
    () => {
        found!("100", concat!(
            rare!("0" "$4" "$5"), " union all ", rare!("1" "$6" "$7"), " union all ", rare!("2" "$8" "$9"), " union all ",
            rare!("3" "$10" "$11"), " union all ", rare!("4" "$12" "$13")
        ))
    };
    ($kind:literal $term:literal $client:literal) => {
        concat!(
            "select * from (select cast(10 + ", $kind, " as bigint) as rank, t.term, t.client_id from (
                select term, client_id from client_term where owner_id = $1 and kind = ", $kind, " and term < $2
                    and (term, client_id) > (", $term, ", ", $client, ") order by term, client_id limit 300) t
                join client n on n.id = t.client_id
                where n.line like $3 escape '\\' and n.line like $14 escape '\\' and n.line like $15 escape '\\'
              order by t.term, t.client_id limit 100) r", $kind
        )
    };
}

/// The first `$8` terms of names that begin with a common word, where the other words (`$3`, `$9`, `$10`) begin words of
/// the same name: the index alone tells, because each term of a name has all of its words.
macro_rules! common {
    () => {
        found!("100", concat!(common!("0" "$4" "$5"), " union all ", common!("1" "$6" "$7")))
    };
    ($kind:literal $term:literal $client:literal) => {
        concat!(
            "select * from (select cast(10 + ", $kind, " as bigint) as rank, t.term, t.client_id from (
                select term, client_id from client_term where owner_id = $1 and kind = ", $kind, " and term < $2
                    and (term, client_id) > (", $term, ", ", $client, ") order by term, client_id limit $8) t
                where ' ' || t.term like $3 escape '\\' and ' ' || t.term like $9 escape '\\'
                    and ' ' || t.term like $10 escape '\\'
              order by t.term, t.client_id limit 100) r", $kind
        )
    };
}

macro_rules! count {
    ($kind:literal, $limit:literal) => {
        concat!(
            "(select count(*) from (select 1 from client_term where owner_id = $1 and kind = ",
            $kind,
            " and term >= $2
                and term < $3 order by term, client_id limit ",
            $limit,
            ") k",
            $kind,
            ")"
        )
    };
}

/// Whether names have more terms behind these than are looked at.
macro_rules! beyond {
    ($kind:literal $term:literal $client:literal) => {
        concat!(
            "select * from (select 1 from client_term where owner_id = $1 and kind = ",
            $kind,
            " and term < $2
                and (term, client_id) > (",
            $term,
            ", ",
            $client,
            ")
              order by term, client_id limit 1 offset 5000) k",
            $kind
        )
    };
}

/// How many terms of each kind a word begins, no further than it takes to tell the rarer one.
const COUNT: &str = concat!(
    "select ",
    count!("0", "2000"),
    " + ",
    count!("1", "2000"),
    " + ",
    count!("2", "300"),
    " + ",
    count!("3", "300"),
    " + ",
    count!("4", "300")
);
/// Where a scan goes on: behind this term of this client.
type Behind = (String, ClientId);

/// What of a query is looked for.
#[derive(Debug, Clone, Copy)]
enum How {
    /// The whole text, where a term begins.
    Whole,
    /// One word that is rare, and then the others.
    Rare,
    /// One word among so many terms, and then the others.
    Common(i64),
}

/// The word that is looked for where the words are scattered.
#[derive(Debug, Clone)]
struct Word {
    word: String,
    rare: bool,
    /// Patterns of the others, as many as the SQL has places.
    others: [String; 3],
}

/// A search under way.
#[derive(Debug)]
struct Search<'a> {
    query: &'a Query,
    owner: i64,
    limit: usize,
    /// How many scans were made.
    scans: usize,
    word: Option<Word>,
    /// Rank, term and client of the row that was found last.
    last: Option<(i64, String, ClientId)>,
    /// On the first page: who was found. Later ones tell by a client's terms whether he was found before.
    seen: Option<HashSet<ClientId>>,
    page: Page,
}

impl Tx {
    /// The client of exactly that username, email or name within the scope; `None` as well where several share it.
    pub async fn client_named(
        &mut self,
        name: &str,
        scope: Scope,
    ) -> Result<Option<ClientId>, Fault> {
        let sql = "select client_id from client_term where owner_id = $1 and kind = $2 and term >= $3 and term < $4
            order by term, client_id limit 2";
        let name = fold(name);
        let end = after_exact(&name);
        for kind in [TermKind::Username, TermKind::Email, TermKind::Name] {
            let kind = i64::from(kind.number());
            let found = rows!(self, (ClientId,), sql, scope.owner(), kind, &name, &end)?;
            if let [(client,)] = found[..] {
                return Ok(Some(client));
            }
        }
        Ok(None)
    }

    /// Up to `limit` clients within the scope of whom words begin with all words of the query, best first: exact, then
    /// prefix of the name, then the rest. Each client once. `after` is the last row of the page before.
    pub async fn find_clients(
        &mut self,
        query: &Query,
        scope: Scope,
        after: Option<FindCursor>,
        limit: usize,
    ) -> Result<Page, Fault> {
        let mut search = Search {
            query,
            owner: scope.owner(),
            limit,
            scans: 0,
            word: None,
            last: None,
            seen: after.is_none().then(HashSet::new),
            page: Page::default(),
        };
        if let Some(after) = after
            && let Some(client) = self.found(after.client, scope).await?
        {
            if i64::from(after.rank) >= SCATTERED {
                search.word = Some(self.rarest(query, search.owner).await?);
            }
            let best = search.best(&client.searchable());
            search.last = best.map(|(rank, term)| (rank, term, client.id));
        }
        let scattered = search
            .last
            .as_ref()
            .is_some_and(|(rank, ..)| *rank >= SCATTERED);
        if !scattered && self.scan_on(&mut search, How::Whole).await? || query.words.len() == 1 {
            return Ok(search.page);
        }
        let word = match &search.word {
            Some(word) => word.clone(),
            None => self.rarest(query, search.owner).await?,
        };
        let rare = word.rare;
        search.word = Some(word);
        if rare {
            self.scan_on(&mut search, How::Rare).await?;
            return Ok(search.page);
        }
        for looks in LOOKS {
            if self.scan_on(&mut search, How::Common(looks)).await? {
                return Ok(search.page);
            }
        }
        search.page.cut = self.are_beyond(&search).await?;
        Ok(search.page)
    }

    /// A client as a search finds it.
    async fn found(&mut self, id: ClientId, scope: Scope) -> Result<Option<Found>, Fault> {
        let sql = "select c.id, c.username, c.name, c.email, c.phone, c.class, c.status, cast(0 as bigint) as rank,
                '' as term
            from client_owner o join client c on c.id = o.client_id where o.client_id = $1 and o.owner_id = $2";
        Ok(row!(self, Found, sql, id, scope.owner())?)
    }

    /// Scans until the page is full, which it says, or nothing is left.
    async fn scan_on(&mut self, search: &mut Search<'_>, how: How) -> Result<bool, Fault> {
        loop {
            let size = search.size(how);
            let found = self.scan(search, how).await?;
            let all = found.len() < size;
            search.scans += 1;
            search.take(found);
            if search.page.found.len() >= search.limit {
                return Ok(true);
            }
            if all {
                return Ok(false);
            }
            if search.scans >= SCANS {
                search.page.cut = true;
                return Ok(true);
            }
        }
    }

    async fn scan(&mut self, search: &Search<'_>, how: How) -> Result<Vec<Found>, Fault> {
        let [(t0, c0), (t1, c1), (t2, c2), (t3, c3), (t4, c4)] = search.behind(how);
        let end = format!("{}{END}", search.begins(how));
        let (owner, others) = (search.owner, search.others());
        Ok(match how {
            How::Whole => {
                let sql = match search.size(how) {
                    FIRST => whole!("25"),
                    LONG => whole!("40"),
                    _ => whole!("100"),
                };
                let exact = after_exact(&search.query.whole);
                rows!(
                    self, Found, sql, owner, end, exact, t0, c0, t1, c1, t2, c2, t3, c3, t4, c4
                )?
            }
            How::Rare => {
                let [second, third, fourth] = others;
                rows!(
                    self,
                    Found,
                    rare!(),
                    owner,
                    end,
                    second,
                    t0,
                    c0,
                    t1,
                    c1,
                    t2,
                    c2,
                    t3,
                    c3,
                    t4,
                    c4,
                    third,
                    fourth
                )?
            }
            How::Common(looks) => {
                let [second, third, fourth] = others;
                rows!(
                    self,
                    Found,
                    common!(),
                    owner,
                    end,
                    second,
                    t0,
                    c0,
                    t1,
                    c1,
                    looks,
                    third,
                    fourth
                )?
            }
        })
    }

    /// The word of a query that begins the fewest terms; the longest where that cannot be told.
    async fn rarest(&mut self, query: &Query, owner: i64) -> Result<Word, Fault> {
        let mut places: Vec<usize> = (0..query.words.len()).rev().collect();
        places.sort_by_key(|&at| std::cmp::Reverse(query.words[at].chars().count()));
        let mut best = (i64::MAX, 0);
        for at in places {
            let word = &query.words[at];
            let end = format!("{word}{END}");
            let found = row!(self, (i64,), COUNT, owner, word, end)?;
            let count = found.map_or(0, |(count,)| count);
            if count < best.0 {
                best = (count, at);
            }
            if count <= RARE {
                break;
            }
        }
        let (count, at) = best;
        let mut others = query.words.clone();
        let word = others.remove(at);
        let mut patterns = others
            .iter()
            .map(|word| format!("% {}%", escape_like(word)));
        let mut next = || patterns.next().unwrap_or_else(|| "%".to_owned());
        Ok(Word {
            word,
            rare: count <= RARE,
            others: [next(), next(), next()],
        })
    }

    /// Whether there are terms that a search among common words did not look at any more.
    async fn are_beyond(&mut self, search: &Search<'_>) -> Result<bool, Fault> {
        let how = How::Common(0);
        let [(t0, c0), (t1, c1), ..] = search.behind(how);
        let end = format!("{}{END}", search.begins(how));
        let sql = concat!(
            beyond!("0" "$3" "$4"),
            " union all ",
            beyond!("1" "$5" "$6"),
            " limit 1"
        );
        Ok(row!(self, (i32,), sql, search.owner, end, t0, c0, t1, c1)?.is_some())
    }
}

impl Search<'_> {
    /// What the terms begin with that are scanned.
    fn begins(&self, how: How) -> &str {
        match (how, &self.word) {
            (How::Rare | How::Common(_), Some(word)) => &word.word,
            _ => &self.query.whole,
        }
    }

    /// How many rows a scan yields at most.
    fn size(&self, how: How) -> usize {
        match how {
            How::Whole if self.scans == 0 && self.limit <= SHORT_PAGE => FIRST,
            How::Whole if self.scans == 0 => LONG,
            _ => NEXT,
        }
    }

    fn others(&self) -> [String; 3] {
        let word = self.word.as_ref();
        word.map(|word| word.others.clone()).unwrap_or_default()
    }

    /// For each kind of term, where its scan begins.
    fn behind(&self, how: How) -> [Behind; 5] {
        let begins = self.begins(how);
        let nothing = || (END.to_string(), ClientId(i64::MAX));
        let before = |term: String| (term, ClientId(-1));
        let (rank, term, client) = match &self.last {
            Some((rank, term, client)) => (*rank, term.as_str(), *client),
            None => (-1, "", ClientId(-1)),
        };
        [0, 1, 2, 3, 4].map(|kind| {
            let here = (term.to_owned(), client);
            match how {
                How::Whole if rank == kind || rank == BEGINS + kind => here,
                How::Whole if rank < kind => before(begins.to_owned()),
                // What equals the whole text goes before all that only begins with it.
                How::Whole if rank < BEGINS + kind => before(after_exact(begins)),
                How::Rare | How::Common(_) if rank == SCATTERED + kind => here,
                How::Rare | How::Common(_) if rank < SCATTERED + kind => before(begins.to_owned()),
                _ => nothing(),
            }
        })
    }

    /// Takes those rows on the page that were not found better before.
    fn take(&mut self, found: Vec<Found>) {
        if let Some(last) = found.last() {
            self.last = Some((last.rank, last.term.clone(), last.id));
        }
        for row in found {
            if self.page.found.len() >= self.limit {
                return;
            }
            let fresh = match &mut self.seen {
                Some(seen) => seen.insert(row.id),
                None => self
                    .best(&row.searchable())
                    .is_some_and(|(rank, term)| rank == row.rank && term == row.term),
            };
            if fresh {
                self.page.found.push(row);
            }
        }
    }

    /// The best rank under which a client is found, and by which of its terms.
    fn best(&self, client: &Searchable<'_>) -> Option<(i64, String)> {
        let word = self.word.as_ref().map(|word| word.word.as_str());
        let ranked = client.terms().into_iter().filter_map(|(kind, term)| {
            let kind = i64::from(kind.number());
            let rank = match term.strip_prefix(&self.query.whole) {
                Some(rest) if rest.is_empty() || rest.starts_with(SEPARATOR) => kind,
                Some(_) => BEGINS + kind,
                None if word.is_some_and(|word| term.starts_with(word)) => SCATTERED + kind,
                None => return None,
            };
            Some((rank, term))
        });
        ranked.min()
    }
}

/// Terms that equal a text, perhaps with words behind the separator, are from the text on and before this.
fn after_exact(text: &str) -> String {
    // One more than the separator's control character.
    format!("{text} \u{2}")
}

fn escape_like(word: &str) -> String {
    word.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}
