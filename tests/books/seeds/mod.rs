//! Every way to spoil sound books, one seed each, with all that the audit must say then.

mod approvals;
mod chain;
mod ledger;
mod others;

/// One breach.
#[derive(Debug, Clone, Copy)]
pub struct Seed {
    /// What was done to the books.
    pub what: &'static str,
    /// How: `{name}` is the number of what the sound books call so.
    pub sql: &'static str,
    /// All that the audit says, the seeded breach among it; `{name}` is the identifier as people see it.
    pub finds: &'static [&'static str],
    /// Why another invariant breaks with it; empty where none does.
    pub follows: &'static str,
    /// On which engine it can be done; empty: on both.
    pub engine: &'static str,
    /// Whether it is the triggers that are spoiled.
    pub triggers: bool,
}

impl Seed {
    const fn new(what: &'static str, sql: &'static str, finds: &'static [&'static str]) -> Self {
        Self {
            what,
            sql,
            finds,
            follows: "",
            engine: "",
            triggers: false,
        }
    }

    const fn follows(self, follows: &'static str) -> Self {
        Self { follows, ..self }
    }

    const fn only(self, engine: &'static str) -> Self {
        Self { engine, ..self }
    }

    const fn of_triggers(self) -> Self {
        Self {
            triggers: true,
            ..self
        }
    }
}

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Seed> {
    [ledger::SEEDS, approvals::SEEDS, chain::SEEDS, others::SEEDS]
        .into_iter()
        .flatten()
}

/// A posting without entries: number, kind, then what its client, request and reversed posting are.
macro_rules! posting {
    ($id:literal $kind:literal, $client:literal, $request:literal, $reversed:literal) => {
        concat!(
            "insert into posting (id, kind, key, digest, client_id, request_id, reversed_id, person_id, created_at)
             values (", $id, ", '", $kind, "', 'seed:", $id, "', coalesce((select digest from request where id = ",
            $request, "), 'seed'), ", $client, ", ", $request, ", ", $reversed, ", {ann}, 1800000000000);"
        )
    };
}

/// The two entries of a posting, and the balances with them.
macro_rules! moves {
    ($posting:literal $amount:literal from $from:literal to $to:literal) => {
        concat!(
            "update account set balance = balance - ",
            $amount,
            ", seq = seq + 1 where id = ",
            $from,
            ";
             update account set balance = balance + ",
            $amount,
            ", seq = seq + 1 where id = ",
            $to,
            ";
             insert into entry (account_id, seq, posting_id, amount, balance, floor)
                select id, seq, ",
            $posting,
            ", 0 - ",
            $amount,
            ", balance, floor from account where id = ",
            $from,
            ";
             insert into entry (account_id, seq, posting_id, amount, balance, floor)
                select id, seq, ",
            $posting,
            ", ",
            $amount,
            ", balance, floor from account where id = ",
            $to,
            ";"
        )
    };
}

use {moves, posting};
