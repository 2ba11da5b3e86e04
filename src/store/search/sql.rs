//! The statements of the search. Each scan is an equality on the first columns of the terms' key and a range behind them.
//! All have `$1` for the owner. What begins each scan, a term and a client, stands in the parameters.

/// The best rows of all scans, with the columns of [`Found`](crate::store::clients::Found). `rank + 0` keeps SQLite from
/// sorting each scan by itself, and the cross join from keeping the rows in a table of its own: each costs more than a scan.
macro_rules! found {
    ($limit:literal, $scans:expr) => {
        concat!(
            "select c.id, c.username, c.name, c.email, c.phone, c.class, c.status, f.rank, f.term from (
                select * from (", $scans, ") s order by rank + 0, term, client_id limit ", $limit, ") f
              cross join client c where c.id = f.client_id order by f.rank, f.term, f.client_id"
        )
    };
}

macro_rules! whole {
    ($kind:literal $term:literal $client:literal, $limit:literal) => {
        concat!(
            "select * from (select cast(case when t.term < $3 then ",
            $kind,
            " else 5 + ",
            $kind,
            " end as bigint) as rank,
                t.term, t.client_id from client_term t where t.owner_id = $1 and t.kind = ",
            $kind,
            " and t.term < $2
                and (t.term, t.client_id) > (",
            $term,
            ", ",
            $client,
            ")
              order by t.term, t.client_id limit ",
            $limit,
            ") r",
            $kind
        )
    };
}

macro_rules! one_word {
    ($limit:literal) => {
        found!($limit, concat!(
            whole!("0" "$4" "$5", $limit), " union all ", whole!("1" "$6" "$7", $limit), " union all ",
            whole!("2" "$8" "$9", $limit), " union all ", whole!("3" "$10" "$11", $limit), " union all ",
            whole!("4" "$12" "$13", $limit)
        ))
    };
}

/// Terms that begin with a text (`$2` ends their range); those before `$3` equal it and go before all others.
pub const ONE_25: &str = one_word!("25");
/// The same with more rows.
pub const ONE_40: &str = one_word!("40");
/// The same with still more rows.
pub const ONE_100: &str = one_word!("100");

/// The joined `''` keeps SQLite from making a new plan of the whole statement for each pattern.
macro_rules! like {
    ($column:literal) => {
        concat!(
            $column,
            " like $5 || '' escape '\\' and ",
            $column,
            " like $6 || '' escape '\\' and ",
            $column,
            " like $7 || '' escape '\\' and ",
            $column,
            " like $8 || '' escape '\\'"
        )
    };
}

/// The first terms of a pair of words, from the beginning on, however far a page before came: so it is the same for every
/// page which of them are looked at. There are more than 1,000 only where the words have few letters, or the names are very
/// much alike.
macro_rules! pairs {
    ($limit:literal) => {
        concat!(
            "select * from (select cast(20 as bigint) as rank, p.term, p.client_id from (
                select term, client_id from client_term where owner_id = $1 and kind = 5 and term >= $9 and term < $4
                  order by term, client_id limit 1000) p
                where (p.term, p.client_id) > ($14, $15) and ",
            like!("p.term"),
            " order by p.term, p.client_id limit ", $limit, ") r5"
        )
    };
}

macro_rules! several_words {
    ($limit:literal) => {
        found!($limit, concat!(
            whole!("0" "$10" "$11", $limit), " union all ", whole!("1" "$12" "$13", $limit), " union all ", pairs!($limit)
        ))
    };
}

/// Names that have the whole text as it stands, and then those of whom a pair of words (from `$9`, before `$4`) and all of
/// `$5` to `$8` begin words.
pub const SEVERAL_25: &str = several_words!("25");
/// The same with more rows.
pub const SEVERAL_40: &str = several_words!("40");
/// The same with still more rows.
pub const SEVERAL_100: &str = several_words!("100");

/// Whoever is found by a word, wherever it begins no more than 50 terms of a kind. Each kind by itself: a join over the
/// kinds would let PostgreSQL begin with the terms while it knows little of them.
macro_rules! rare {
    ($from:literal $end:literal) => {
        concat!(
            rare!("0", $from $end), " union all ", rare!("1", $from $end), " union all ", rare!("2", $from $end),
            " union all ", rare!("3", $from $end), " union all ", rare!("4", $from $end)
        )
    };
    ($kind:literal, $from:literal $end:literal) => {
        concat!(
            "select * from (select client_id ", rare!(range $kind, $from $end), " order by term, client_id limit 50) k", $kind,
            " where not exists (select 1 ", rare!(range $kind, $from $end), " order by term, client_id limit 1 offset 50)"
        )
    };
    (range $kind:literal, $from:literal $end:literal) => {
        concat!(
            "from client_term where owner_id = $1 and kind = ", $kind, " and term >= ", $from, " and term < ", $end
        )
    };
}

macro_rules! rest {
    ($rare:expr) => {
        found!("101", concat!(
            "select cast(21 as bigint) as rank, '' as term, u.client_id from (", $rare, ") u
                where u.client_id > $2 and (select ", like!("n.line"), " from client n where n.id = u.client_id)
              union all select * from (select cast(22 as bigint) as rank, term, client_id from client_term
                where owner_id = $1 and kind = 5 and term >= $3 and term < $4 order by term, client_id
                limit 1 offset 1000) b"
        ))
    };
}

/// Clients of whom one word of two (from `$9` and `$11`) begins any terms, no more than 50 of a kind, and all of `$5` to
/// `$8` begin words: by their identifiers, each as often as it is found. At the end, with a rank of its own, the first pair
/// (from `$3`) that [`SEVERAL_25`] does not look at any more. The words are looked for in each client by itself: a join
/// would let PostgreSQL read all clients.
pub const REST_OF_TWO: &str = rest!(concat!(
    rare!("$9" "$10"),
    " union all ",
    rare!("$11" "$12")
));

/// The same with four words, of which the last may be empty.
pub const REST_OF_FOUR: &str = rest!(concat!(
    rare!("$9" "$10"),
    " union all ",
    rare!("$11" "$12"),
    " union all ",
    rare!("$13" "$14"),
    " union all ",
    rare!("$15" "$16")
));
