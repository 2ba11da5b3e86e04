//! The statements of the search. Each scan is an equality on the first columns of the terms' key and a range behind them.
//! All have `$1` for the owner. What begins each scan, a term and a client for each kind, stands in the parameters.

/// The best rows of all scans, ranked from 0, with the columns of [`Found`](crate::store::clients::Found).
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

/// Terms that begin with the whole text (`$2` ends their range); those before `$3` equal it and go before all others.
pub const WHOLE_25: &str = whole!("25");
/// The same with more rows.
pub const WHOLE_40: &str = whole!("40");
/// The same with still more rows.
pub const WHOLE_100: &str = whole!("100");

macro_rules! rare {
    ($kind:literal $term:literal $client:literal) => {
        concat!(
            "select * from (select cast(", $kind, " as bigint) as rank, t.term, t.client_id from (
                select term, client_id from client_term where owner_id = $1 and kind = ", $kind, " and term < $2
                    and (term, client_id) > (", $term, ", ", $client, ") order by term, client_id limit 300) t
                join client n on n.id = t.client_id
                where n.line like $3 escape '\\' and n.line like $14 escape '\\' and n.line like $15 escape '\\'
              order by t.term, t.client_id limit 100) r", $kind
        )
    };
}

/// Terms that begin with a rare word, of clients of whom the other words (`$3`, `$14`, `$15`) begin some word.
pub const RARE: &str = found!(
    "100",
    concat!(
        rare!("0" "$4" "$5"),
        " union all ",
        rare!("1" "$6" "$7"),
        " union all ",
        rare!("2" "$8" "$9"),
        " union all ",
        rare!("3" "$10" "$11"),
        " union all ",
        rare!("4" "$12" "$13")
    )
);

macro_rules! common {
    ($kind:literal $term:literal $client:literal) => {
        concat!(
            "select * from (select cast(",
            $kind,
            " as bigint) as rank, t.term, t.client_id from (
                select term, client_id from client_term where owner_id = $1 and kind = ",
            $kind,
            " and term < $2
                    and (term, client_id) > (",
            $term,
            ", ",
            $client,
            ") order by term, client_id limit $8) t
                where ' ' || t.term like $3 escape '\\' and ' ' || t.term like $9 escape '\\'
                    and ' ' || t.term like $10 escape '\\'
              order by t.term, t.client_id limit 100) r",
            $kind
        )
    };
}

/// The first `$8` terms of names that begin with a common word, where the other words (`$3`, `$9`, `$10`) begin words of
/// the same name: the index alone tells, because each term of a name has all of its words.
pub const COMMON: &str = found!(
    "100",
    concat!(
        common!("0" "$4" "$5"),
        " union all ",
        common!("1" "$6" "$7")
    )
);

macro_rules! count {
    ($names:literal, $others:literal) => {
        concat!(
            "select ", count!("$2" "$3", $names, $others), ", ", count!("$4" "$5", $names, $others), ", ",
            count!("$6" "$7", $names, $others), ", ", count!("$8" "$9", $names, $others)
        )
    };
    ($from:literal $end:literal, $names:literal, $others:literal) => {
        concat!(
            count!("0", $from $end, $names), " + ", count!("1", $from $end, $names), " + ",
            count!("2", $from $end, $others), " + ", count!("3", $from $end, $others), " + ",
            count!("4", $from $end, $others)
        )
    };
    ($kind:literal, $from:literal $end:literal, $limit:literal) => {
        concat!(
            "(select count(*) from (select 1 from client_term where owner_id = $1 and kind = ", $kind, " and term >= ",
            $from, " and term < ", $end, " order by term, client_id limit ", $limit, ") k)"
        )
    };
}

/// How many terms each of four words begins, from `$2` and before `$3` and so on, as far as it takes to tell which is rare,
/// or rarer than others.
pub const COUNT: &str = count!("1000", "301");

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

/// Whether names have more terms behind these than a search looks at.
pub const BEYOND: &str = concat!(
    beyond!("0" "$3" "$4"),
    " union all ",
    beyond!("1" "$5" "$6"),
    " limit 1"
);
