//! The file as a whole: what stands in it twice, who belongs to whom, and in which order rows go in: resellers before their
//! clients. All of it follows from the file alone, so that a position in the order means the same in every run.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::columns::{Columns, Field};
use super::reading::{BadFile, Table};
use super::rows::{Problem, Row, Why, read};
use crate::domain::client::Class;
use crate::domain::credits::CreditUnit;
use crate::domain::request::hex;

/// A file that was read and understood.
#[derive(Debug)]
pub struct File {
    /// SHA-256 of its bytes.
    pub digest: String,
    /// What its header was understood as.
    pub columns: Columns,
    /// What is wrong with it by itself.
    pub problems: Vec<Problem>,
    pub(super) rows: Vec<Row>,
    /// Rows with a problem.
    pub(super) bad: Vec<bool>,
    pub(super) resellers: Vec<Named>,
    pub(super) referrals: Vec<Named>,
    /// Rows that others name.
    pub(super) named: Vec<bool>,
    pub(super) steps: Vec<Step>,
    /// In which step each row comes.
    places: Vec<usize>,
}

/// A client that a row names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// None.
    Nobody,
    /// That of another row.
    Row(usize),
    /// One that the file does not have.
    Elsewhere,
}

/// One step of moving in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A row becomes a client.
    Row(usize),
    /// The client of a row gets the referral whose row came later.
    Referral(usize),
}

impl File {
    /// Reads a file.
    pub fn read(bytes: &[u8], unit: CreditUnit) -> Result<Self, BadFile> {
        let table = Table::read(bytes)?;
        let mut problems = Vec::new();
        let mut rows = Vec::with_capacity(table.records.len());
        let mut bad = Vec::with_capacity(table.records.len());
        for record in &table.records {
            let before = problems.len();
            rows.push(read(&table, record, unit, &mut problems));
            bad.push(problems.len() > before);
        }
        let mut file = Self {
            digest: hex(&Sha256::digest(bytes)),
            columns: table.columns,
            problems,
            resellers: Vec::new(),
            referrals: Vec::new(),
            named: vec![false; rows.len()],
            steps: Vec::with_capacity(rows.len()),
            places: vec![0; rows.len()],
            rows,
            bad,
        };
        file.find_twins();
        file.find_named();
        file.find_circles();
        file.put_in_order();
        file.problems.sort_by_key(|problem| problem.line);
        Ok(file)
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// How many steps it takes to move it in.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    fn wrong(&mut self, at: usize, field: Field, cell: String, why: Why) {
        self.bad[at] = true;
        self.problems.push(Problem {
            line: self.rows[at].line,
            field: Some(field),
            cell,
            why,
        });
    }

    fn find_twins(&mut self) {
        for field in [Field::OldId, Field::Username, Field::Email, Field::Phone] {
            let key = |row: &Row| match field {
                Field::OldId => row.old_id.clone(),
                Field::Email => alike(&row.email),
                Field::Phone => digits(&row.phone),
                _ => alike(&row.username),
            };
            let mut seen: HashMap<String, u64> = HashMap::with_capacity(self.rows.len());
            for at in 0..self.rows.len() {
                let key = key(&self.rows[at]);
                let line = self.rows[at].line;
                if key.is_empty() {
                    continue;
                }
                if let Some(first) = seen.get(&key) {
                    let first = *first;
                    let row = &self.rows[at];
                    let cell = match field {
                        Field::OldId => &row.old_id,
                        Field::Email => &row.email,
                        Field::Phone => &row.phone,
                        _ => &row.username,
                    };
                    let cell = cell.clone();
                    self.wrong(at, field, cell, Why::Twice(first));
                } else {
                    seen.insert(key, line);
                }
            }
        }
    }

    /// Finds the rows that rows name, by username, else by old id.
    fn find_named(&mut self) {
        let mut names: HashMap<String, usize> = HashMap::with_capacity(self.rows.len());
        let mut ids: HashMap<&str, usize> = HashMap::new();
        for (at, row) in self.rows.iter().enumerate() {
            names.entry(alike(&row.username)).or_insert(at);
            if !row.old_id.is_empty() {
                ids.entry(&row.old_id).or_insert(at);
            }
        }
        let find = |text: &str| {
            if text.is_empty() {
                return Named::Nobody;
            }
            let found = names.get(&alike(text)).or_else(|| ids.get(text));
            found.map_or(Named::Elsewhere, |at| Named::Row(*at))
        };
        let resellers: Vec<Named> = self.rows.iter().map(|row| find(&row.reseller)).collect();
        let referrals: Vec<Named> = self.rows.iter().map(|row| find(&row.referral)).collect();
        for named in resellers.iter().chain(&referrals) {
            if let Named::Row(at) = named {
                self.named[*at] = true;
            }
        }
        (self.resellers, self.referrals) = (resellers, referrals);
    }

    fn find_circles(&mut self) {
        for at in circles(&self.resellers) {
            let cell = self.rows[at].reseller.clone();
            self.wrong(at, Field::Reseller, cell, Why::Circle);
        }
        for at in circles(&self.referrals) {
            let cell = self.rows[at].referral.clone();
            self.wrong(at, Field::Referral, cell, Why::Circle);
        }
        for at in 0..self.rows.len() {
            // A class that the file does not tell is known where the client is here already.
            if let Named::Row(above) = self.resellers[at]
                && self.rows[above]
                    .class
                    .is_some_and(|class| class != Class::Reseller)
            {
                let cell = self.rows[at].reseller.clone();
                self.wrong(at, Field::Reseller, cell, Why::NotReseller);
            }
        }
    }

    fn put_in_order(&mut self) {
        let depths = depths(&self.resellers);
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|at| depths[*at]);
        for (place, at) in order.iter().enumerate() {
            self.places[*at] = place;
        }
        self.steps.extend(order.iter().map(|at| Step::Row(*at)));
        for at in order {
            if self.referral_comes_later(at) {
                self.named[at] = true;
                self.steps.push(Step::Referral(at));
            }
        }
    }

    /// Whether a row's referral comes in a step of its own.
    pub(super) fn referral_comes_later(&self, at: usize) -> bool {
        matches!(self.referrals[at], Named::Row(other) if self.places[other] > self.places[at])
    }
}

/// What usernames and addresses are compared by: case does not matter.
pub(super) fn alike(text: &str) -> String {
    text.to_lowercase()
}

/// What phone numbers are compared by.
pub(super) fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// Rows that lie on a circle.
fn circles(above: &[Named]) -> Vec<usize> {
    // Of each row: never visited, or in which walk.
    let mut walks = vec![0_usize; above.len()];
    let mut found = Vec::new();
    for start in 0..above.len() {
        let walk = start + 1;
        let mut at = start;
        while walks[at] == 0 {
            walks[at] = walk;
            match above[at] {
                Named::Row(next) => at = next,
                _ => break,
            }
        }
        // Met in this very walk, and not at its end: from here on it goes round.
        if walks[at] == walk && matches!(above[at], Named::Row(_)) {
            let first = at;
            loop {
                found.push(at);
                match above[at] {
                    Named::Row(next) if next != first => at = next,
                    _ => break,
                }
            }
        }
    }
    found
}

/// How many resellers of the file stand above each row; those on a circle have some number.
fn depths(above: &[Named]) -> Vec<usize> {
    let mut depths: Vec<Option<usize>> = vec![None; above.len()];
    for start in 0..above.len() {
        let mut path = Vec::new();
        let mut at = start;
        let mut depth = loop {
            if let Some(known) = depths[at] {
                break known + 1;
            }
            // Taken back below; on a circle it ends the walk.
            depths[at] = Some(0);
            path.push(at);
            match above[at] {
                Named::Row(next) => at = next,
                _ => break 0,
            }
        };
        for at in path.into_iter().rev() {
            depths[at] = Some(depth);
            depth += 1;
        }
    }
    depths.into_iter().map(Option::unwrap_or_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> File {
        File::read(text.as_bytes(), CreditUnit::new(0)).unwrap()
    }

    fn order(file: &File) -> String {
        let steps = file.steps.iter().map(|step| match step {
            Step::Row(at) => file.rows[*at].username.clone(),
            Step::Referral(at) => {
                format!("{}<-{}", file.rows[*at].username, file.rows[*at].referral)
            }
        });
        steps.collect::<Vec<_>>().join(" ")
    }

    fn problems(file: &File) -> Vec<(u64, Option<Field>, Why)> {
        let problems = file.problems.iter();
        problems
            .map(|problem| (problem.line, problem.field, problem.why.clone()))
            .collect()
    }

    #[test]
    fn resellers_come_before_their_clients() {
        let file = file(
            "username,id,class,reseller\n\
             c,1,user,B\nb,2,reseller,9\nx,3,user,\na,9,reseller,\nd,4,user,elsewhere\n",
        );
        assert_eq!(problems(&file), []);
        assert_eq!(order(&file), "x a d b c");
    }

    #[test]
    fn a_referral_whose_row_comes_later_is_a_step_of_its_own() {
        let file = file(
            "username,class,reseller,referral\n\
             a,user,r,b\nr,reseller,,a\nb,user,,\nc,user,,elsewhere\n",
        );
        assert_eq!(problems(&file), []);
        assert_eq!(order(&file), "r b c a r<-a");
    }

    #[test]
    fn what_stands_twice_is_named_with_the_first() {
        let file = file(
            "username,old_id,email,phone\n\
             ada,1,a@b.c,+44 1234\nADA,2,x@b.c,\nbo,1,A@B.c,441234\ncy,,,\ndi,,,\n",
        );
        let expected = [
            (3, Field::Username),
            (4, Field::OldId),
            (4, Field::Email),
            (4, Field::Phone),
        ];
        let expected = expected.map(|(line, field)| (line, Some(field), Why::Twice(2)));
        assert_eq!(problems(&file), expected);
    }

    #[test]
    fn circles_are_named_and_do_not_hang() {
        let file = file(
            "username,class,reseller,referral\n\
             a,reseller,b,\nb,reseller,c,\nc,reseller,b,\nd,reseller,d,\ne,user,a,f\nf,user,,e\ng,user,e,\n",
        );
        let found = problems(&file);
        let circle = |line, field| (line, Some(field), Why::Circle);
        let expected = [
            circle(3, Field::Reseller),
            circle(4, Field::Reseller),
            circle(5, Field::Reseller),
            circle(6, Field::Referral),
            circle(7, Field::Referral),
            (8, Some(Field::Reseller), Why::NotReseller),
        ];
        assert_eq!(found, expected);
        assert_eq!(file.steps.len(), 7 + 1);
    }

    #[test]
    fn the_same_file_has_the_same_digest() {
        let (one, same) = (file("username\na\n"), file("username\na\n"));
        assert_eq!((one.digest.len(), &one.digest), (64, &same.digest));
        assert_ne!(one.digest, file("username\nb\n").digest);
    }
}
