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
/// From here on the same with the one word that the text's words come down to.
const WORD: i64 = 10;
/// Two words begin a pair of a name's words, and the others begin further ones. Stands in the SQL as well.
const PAIR: i64 = 20;
/// A rare word begins any term, and the others begin further words of the client. Stands in the SQL as well.
const RARE: i64 = 21;
/// No find: the first pair that is not looked at any more. Stands in the SQL as well.
const BEYOND: i64 = 22;

/// How many words of a query are looked at.
const WORDS: usize = 4;

/// Beyond every character that text can hold: the end of a prefix's range.
const END: char = '\u{10ffff}';

/// Rows of the first scan, which fills most pages, of that for a long page, and of those that go on. A client is found by
/// several terms, so a scan must yield more than a page has. The numbers stand in the SQL as well.
const FIRST: usize = 25;
const LONG: usize = 40;
const NEXT: usize = 100;
/// Rows of a scan for rare words, in which a client can stand once for each word and kind.
const REST: usize = 101;
/// Pages up to this size are filled from [`FIRST`] rows.
const SHORT_PAGE: usize = 15;
/// After so many scans it is enough: all but the last pages of a very long list need one.
const SCANS: usize = 50;

/// Where a scan goes on: behind this term of this client.
type Behind = (String, ClientId);

/// What of a query is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// The whole text, where a term begins.
    Whole,
    /// The one word that the text's words come down to, where a term begins.
    Word,
    /// The whole text, where a name or a later word of it begins, and then pairs of words.
    Several,
    /// Several words of which one is rare, wherever they stand.
    Rest,
}

/// A search under way.
#[derive(Debug)]
struct Search<'a> {
    query: &'a Query,
    /// What pairs begin with, where there are several words.
    pair: Option<String>,
    owner: i64,
    limit: usize,
    /// How many scans were made.
    scans: usize,
    /// Rank, term and client of the row that was found last.
    last: Option<(i64, String, ClientId)>,
    /// The first pair that is not looked at, where there are so many.
    beyond: Option<Behind>,
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
            pair: query.pair(),
            owner: scope.owner(),
            limit,
            scans: 0,
            last: None,
            beyond: None,
            seen: after.is_none().then(HashSet::new),
            page: Page::default(),
        };
        if let Some(after) = after
            && let Some(client) = self.found(after.client, scope).await?
        {
            search.last = match i64::from(after.rank) {
                RARE => Some((RARE, String::new(), client.id)),
                _ => search
                    .best(&client.searchable())
                    .map(|(rank, term)| (rank, term, client.id)),
            };
        }
        for &how in search.ways() {
            if self.scan_on(&mut search, how).await? {
                break;
            }
        }
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
            let mut found = match how {
                How::Whole | How::Word => self.scan_one(search, how).await?,
                How::Several => self.scan_several(search).await?,
                How::Rest => self.scan_rest(search).await?,
            };
            if let Some(mark) = found.pop_if(|row| row.rank == BEYOND) {
                search.beyond = Some((mark.term, mark.id));
            }
            let all = found.len() < size;
            search.scans += 1;
            search.take(how, found);
            if search.page.found.len() >= search.limit {
                return Ok(true);
            }
            if all {
                search.page.cut |= search.beyond.is_some();
                return Ok(false);
            }
            if search.scans >= SCANS {
                search.page.cut = true;
                return Ok(true);
            }
        }
    }

    async fn scan_one(&mut self, search: &Search<'_>, how: How) -> Result<Vec<Found>, Fault> {
        let sql = match search.size(how) {
            FIRST => sql::ONE_25,
            LONG => sql::ONE_40,
            _ => sql::ONE_100,
        };
        let begins = search.begins(how);
        let (end, exact) = (format!("{begins}{END}"), after_exact(begins));
        let [(t0, c0), (t1, c1), (t2, c2), (t3, c3), (t4, c4)] = search.behind(how);
        Ok(rows!(
            self,
            Found,
            sql,
            search.owner,
            end,
            exact,
            t0,
            c0,
            t1,
            c1,
            t2,
            c2,
            t3,
            c3,
            t4,
            c4
        )?)
    }

    async fn scan_several(&mut self, search: &Search<'_>) -> Result<Vec<Found>, Fault> {
        let sql = match search.size(How::Several) {
            FIRST => sql::SEVERAL_25,
            LONG => sql::SEVERAL_40,
            _ => sql::SEVERAL_100,
        };
        let whole = &search.query.whole;
        let (end, exact) = (format!("{whole}{END}"), after_exact(whole));
        let (pair, pair_end) = search.pair_range();
        let [p0, p1, p2, p3] = search.patterns();
        let [(t0, c0), (t1, c1), ..] = search.behind(How::Several);
        let (t5, c5) = search.behind_pair();
        Ok(rows!(
            self,
            Found,
            sql,
            search.owner,
            end,
            exact,
            pair_end,
            p0,
            p1,
            p2,
            p3,
            pair,
            t0,
            c0,
            t1,
            c1,
            t5,
            c5
        )?)
    }

    async fn scan_rest(&mut self, search: &Search<'_>) -> Result<Vec<Found>, Fault> {
        let (pair, pair_end) = search.pair_range();
        let [p0, p1, p2, p3] = search.patterns();
        let range = |at: usize| match search.query.words.get(at) {
            Some(word) => (word.clone(), format!("{word}{END}")),
            None => (String::new(), String::new()),
        };
        let [(w0, e0), (w1, e1), (w2, e2), (w3, e3)] = [0, 1, 2, 3].map(range);
        let behind = match &search.last {
            Some((RARE, _, client)) => *client,
            _ => ClientId(-1),
        };
        let owner = search.owner;
        Ok(if search.query.words.len() == 2 {
            let sql = sql::REST_OF_TWO;
            rows!(
                self, Found, sql, owner, behind, pair, pair_end, p0, p1, p2, p3, w0, e0, w1, e1
            )?
        } else {
            let sql = sql::REST_OF_FOUR;
            rows!(
                self, Found, sql, owner, behind, pair, pair_end, p0, p1, p2, p3, w0, e0, w1, e1,
                w2, e2, w3, e3
            )?
        })
    }
}

impl Search<'_> {
    /// What is looked for, one after the other.
    fn ways(&self) -> &'static [How] {
        match (self.pair.is_some(), self.query.whole.contains(' ')) {
            (true, _) => &[How::Several, How::Rest],
            (false, true) => &[How::Whole, How::Word],
            (false, false) => &[How::Whole],
        }
    }

    /// What the terms begin with that are scanned, pairs apart.
    fn begins(&self, how: How) -> &str {
        match how {
            How::Word => &self.query.words[0],
            How::Whole | How::Several | How::Rest => &self.query.whole,
        }
    }

    /// The range of the pairs.
    fn pair_range(&self) -> (String, String) {
        let pair = self.pair.as_deref().unwrap_or_default();
        (pair.to_owned(), format!("{pair}{END}"))
    }

    /// Patterns of the words, as many as the SQL has places.
    fn patterns(&self) -> [String; WORDS] {
        let mut patterns = self
            .query
            .words
            .iter()
            .map(|word| format!("% {}%", escape_like(word)));
        [(); WORDS].map(|()| patterns.next().unwrap_or_else(|| "%".to_owned()))
    }

    /// How many rows a scan yields at most.
    fn size(&self, how: How) -> usize {
        match how {
            How::Rest => REST,
            _ if self.scans == 0 && self.limit <= SHORT_PAGE => FIRST,
            _ if self.scans == 0 => LONG,
            _ => NEXT,
        }
    }

    /// For each kind of term, where its scan begins.
    fn behind(&self, how: How) -> [Behind; 5] {
        let begins = self.begins(how);
        let first = if how == How::Word { WORD } else { 0 };
        let before = |term: String| (term, ClientId(-1));
        let (rank, term, client) = match &self.last {
            Some((rank, term, client)) => (rank - first, term.as_str(), *client),
            None => (-1, "", ClientId(-1)),
        };
        [0, 1, 2, 3, 4].map(|kind| {
            if rank == kind || rank == BEGINS + kind {
                (term.to_owned(), client)
            } else if rank < kind {
                before(begins.to_owned())
            } else if rank < BEGINS + kind {
                // What equals the text goes before all that only begins with it.
                before(after_exact(begins))
            } else {
                (END.to_string(), ClientId(i64::MAX))
            }
        })
    }

    /// Where the scan of pairs begins.
    fn behind_pair(&self) -> Behind {
        match &self.last {
            Some((PAIR, term, client)) => (term.clone(), *client),
            Some((rank, ..)) if *rank > PAIR => (END.to_string(), ClientId(i64::MAX)),
            _ => (String::new(), ClientId(-1)),
        }
    }

    /// Takes those rows on the page that were not found better before.
    fn take(&mut self, how: How, mut found: Vec<Found>) {
        if how == How::Word {
            for row in &mut found {
                row.rank += WORD;
            }
        }
        if let Some(last) = found.last() {
            self.last = Some((last.rank, last.term.clone(), last.id));
        }
        for row in found {
            if self.page.found.len() >= self.limit {
                return;
            }
            let again = self.page.found.last().is_some_and(|last| last.id == row.id);
            let fresh = match &mut self.seen {
                Some(seen) => seen.insert(row.id),
                None if again => false,
                None => {
                    let best = self.best(&row.searchable());
                    match best
                        .filter(|(rank, term)| *rank != PAIR || self.is_looked_at(term, row.id))
                    {
                        Some((rank, term)) => rank == row.rank && term == row.term,
                        None => row.rank == RARE,
                    }
                }
            };
            if fresh {
                self.page.found.push(row);
            }
        }
    }

    /// Whether a client's pair is among those that are looked at.
    fn is_looked_at(&self, term: &str, client: ClientId) -> bool {
        let here = (term, client);
        self.beyond
            .as_ref()
            .is_none_or(|(term, client)| here < (term.as_str(), *client))
    }

    /// The best rank under which a client is found, rare words apart, and by which of its terms.
    fn best(&self, client: &Searchable<'_>) -> Option<(i64, String)> {
        let ways = self.ways();
        let ranked = client.terms().into_iter().filter_map(|(kind, term)| {
            let number = i64::from(kind.number());
            let begins = |how| {
                let rest = term.strip_prefix(self.begins(how))?;
                let exact = rest.is_empty() || rest.starts_with(SEPARATOR);
                Some(if exact { number } else { BEGINS + number })
            };
            let named = matches!(kind, TermKind::Name | TermKind::Word);
            let rank = match (&self.pair, kind) {
                (Some(pair), TermKind::Pair) => {
                    let has = |word: &String| term.contains(&format!(" {word}"));
                    (term.starts_with(pair) && self.query.words.iter().all(has)).then_some(PAIR)
                }
                (None, TermKind::Pair) => None,
                (Some(_), _) => named.then(|| begins(How::Several)).flatten(),
                (None, _) => begins(How::Whole).or_else(|| {
                    let word = ways
                        .contains(&How::Word)
                        .then(|| begins(How::Word))
                        .flatten();
                    word.map(|rank| WORD + rank)
                }),
            };
            rank.map(|rank| (rank, term))
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
