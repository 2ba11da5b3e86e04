//! The search over clients: range scans over the index of terms, each cut to what can be shown. It looks at a bounded
//! number of terms, however common the words are.

mod sql;

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
/// From here on each word begins some word: by the place of the word that was looked for, then by kind.
const SCATTERED: i64 = 10;
/// How many kinds there are.
const KINDS: i64 = 5;
/// How many words of a query are looked at.
const WORDS: usize = 4;

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
/// Names' terms are counted so far. Stands in the SQL as well.
const COUNTED: i64 = 1_000;
/// How many terms are looked at where every word is common: few at first, because common words often meet.
const FEW: i64 = 500;
const MANY: i64 = 5_000;

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

/// A search under way.
#[derive(Debug)]
struct Search<'a> {
    query: &'a Query,
    owner: i64,
    limit: usize,
    /// How many scans were made.
    scans: usize,
    /// The place of the word that is looked for where the words are scattered.
    place: Option<usize>,
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
            place: None,
            last: None,
            seen: after.is_none().then(HashSet::new),
            page: Page::default(),
        };
        if let Some(after) = after
            && let Some(client) = self.found(after.client, scope).await?
        {
            search.place = search.place_of(i64::from(after.rank));
            let best = search.best(&client.searchable());
            search.last = best.map(|(rank, term)| (rank, term, client.id));
        }
        let scattered = search.last.as_ref().is_some_and(|last| last.0 >= SCATTERED);
        if !scattered && self.scan_on(&mut search, How::Whole).await? || query.words.len() == 1 {
            return Ok(search.page);
        }
        self.find_scattered(search, scattered).await
    }

    /// Goes on with clients whose words are not found one after the other: by one of the words, and then the others.
    /// `begun`: the page before had such clients, found by the word at the search's place.
    async fn find_scattered(&mut self, mut search: Search<'_>, begun: bool) -> Result<Page, Fault> {
        let counts = self.counts(&search).await?;
        let mut places: Vec<usize> = (0..search.query.words.len()).rev().collect();
        if begun {
            places.retain(|&at| search.place == Some(at));
        }
        // Where that cannot be told, a long word is likely to be rarer.
        let length = |at: usize| search.query.words[at].chars().count();
        places.sort_by_key(|&at| (counts[at], std::cmp::Reverse(length(at))));
        let Some(&at) = places.first() else {
            return Ok(search.page);
        };
        search.place = Some(at);
        if counts[at] <= RARE {
            self.scan_on(&mut search, How::Rare).await?;
            return Ok(search.page);
        }
        if self.scan_on(&mut search, How::Common(FEW)).await? || counts[at] < FEW {
            return Ok(search.page);
        }
        if self.scan_on(&mut search, How::Common(MANY)).await? || counts[at] < COUNTED {
            return Ok(search.page);
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
            search.take(how, found);
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
                    FIRST => sql::WHOLE_25,
                    LONG => sql::WHOLE_40,
                    _ => sql::WHOLE_100,
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
                    sql::RARE,
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
                    sql::COMMON,
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

    /// How many terms each word of a query begins.
    async fn counts(&mut self, search: &Search<'_>) -> Result<[i64; WORDS], Fault> {
        let range = |at: usize| match search.query.words.get(at) {
            Some(word) => (word.clone(), format!("{word}{END}")),
            None => (String::new(), String::new()),
        };
        let [first, second, third, fourth] = [0, 1, 2, 3].map(range);
        let found = row!(
            self,
            (i64, i64, i64, i64),
            sql::COUNT,
            search.owner,
            first.0,
            first.1,
            second.0,
            second.1,
            third.0,
            third.1,
            fourth.0,
            fourth.1
        )?;
        Ok(found.map_or([0; WORDS], <[i64; WORDS]>::from))
    }

    /// Whether there are terms that a search among common words did not look at any more.
    async fn are_beyond(&mut self, search: &Search<'_>) -> Result<bool, Fault> {
        let how = How::Common(0);
        let [(t0, c0), (t1, c1), ..] = search.behind(how);
        let end = format!("{}{END}", search.begins(how));
        Ok(row!(self, (i32,), sql::BEYOND, search.owner, end, t0, c0, t1, c1)?.is_some())
    }
}

impl Search<'_> {
    /// The place of the word by which a row of that rank was found, where the words are scattered.
    fn place_of(&self, rank: i64) -> Option<usize> {
        let place = usize::try_from((rank - SCATTERED).div_euclid(KINDS)).ok()?;
        (place < self.query.words.len()).then_some(place)
    }

    /// The first of the ranks that the scans of a kind have.
    fn first_rank(&self, how: How) -> i64 {
        let place = self.place.and_then(|place| i64::try_from(place).ok());
        match how {
            How::Whole => 0,
            How::Rare | How::Common(_) => SCATTERED + KINDS * place.unwrap_or_default(),
        }
    }

    /// What the terms begin with that are scanned.
    fn begins(&self, how: How) -> &str {
        match (how, self.place) {
            (How::Rare | How::Common(_), Some(place)) => &self.query.words[place],
            _ => &self.query.whole,
        }
    }

    /// Patterns of the words but the one that is scanned by, as many as the SQL has places.
    fn others(&self) -> [String; 3] {
        let words = self.query.words.iter().enumerate();
        let mut patterns = words
            .filter(|(at, _)| self.place != Some(*at))
            .map(|(_, word)| format!("% {}%", escape_like(word)));
        [(); 3].map(|()| patterns.next().unwrap_or_else(|| "%".to_owned()))
    }

    /// How many rows a scan yields at most.
    fn size(&self, how: How) -> usize {
        match how {
            How::Whole if self.scans == 0 && self.limit <= SHORT_PAGE => FIRST,
            How::Whole if self.scans == 0 => LONG,
            _ => NEXT,
        }
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
        let first = self.first_rank(how);
        [0, 1, 2, 3, 4].map(|kind| {
            let here = (term.to_owned(), client);
            match how {
                How::Whole if rank == kind || rank == BEGINS + kind => here,
                How::Whole if rank < kind => before(begins.to_owned()),
                // What equals the whole text goes before all that only begins with it.
                How::Whole if rank < BEGINS + kind => before(after_exact(begins)),
                How::Rare | How::Common(_) if rank == first + kind => here,
                How::Rare | How::Common(_) if rank < first + kind => before(begins.to_owned()),
                _ => nothing(),
            }
        })
    }

    /// Takes those rows on the page that were not found better before.
    fn take(&mut self, how: How, mut found: Vec<Found>) {
        for row in &mut found {
            row.rank += self.first_rank(how);
        }
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
        let word = self.place.map(|place| self.query.words[place].as_str());
        let scattered = self.first_rank(How::Rare);
        let ranked = client.terms().into_iter().filter_map(|(kind, term)| {
            let kind = i64::from(kind.number());
            let rank = match term.strip_prefix(&self.query.whole) {
                Some(rest) if rest.is_empty() || rest.starts_with(SEPARATOR) => kind,
                Some(_) => BEGINS + kind,
                None if word.is_some_and(|word| term.starts_with(word)) => scattered + kind,
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
