//! Rows held against who is here: what each of them comes to, or why it stays out.

use std::collections::HashMap;
use std::ops::Range;

use super::columns::Field;
use super::order::{File, Named, Step, alike, digits};
use super::rows::{Problem, Row, Why};
use super::{Existing, Manner, Outlook, Settled};
use crate::domain::client::{Class, Status};
use crate::domain::credits::Amount;
use crate::domain::ids::{ClientId, PersonId};
use crate::fault::Fault;
use crate::services::House;
use crate::store::Tx;
use crate::store::moving::{By, Present};

/// What a row comes to.
#[derive(Debug)]
pub(super) enum Verdict {
    /// A new client.
    New(Ties),
    /// A client who is here and changes: before, after, and what it brings along.
    Change(Box<(Present, Present)>, Option<Amount>),
    /// Nothing is to be done.
    Nothing,
}

/// To whom a row is tied. `None` where there is nobody, or somebody who is yet to be created.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ties {
    /// The row of the reseller who is created with it.
    pub(super) reseller_row: Option<usize>,
    pub(super) reseller: Option<ClientId>,
    /// The row of the referral who is created with it.
    pub(super) referral_row: Option<usize>,
    pub(super) referral: Option<ClientId>,
    pub(super) manager: Option<PersonId>,
}

/// Who is here of those whom a chunk is about.
struct Here {
    clients: Vec<Present>,
    old_ids: HashMap<String, usize>,
    usernames: HashMap<String, usize>,
    emails: HashMap<String, usize>,
    phones: HashMap<String, usize>,
    staff: HashMap<String, Vec<PersonId>>,
}

impl House {
    /// What the rows of some steps come to, each with its step's row. Steps of referrals are not judged here.
    pub(super) async fn judge(
        &self,
        tx: &mut Tx,
        file: &File,
        manner: &Manner,
        steps: Range<usize>,
        outlook: &mut Outlook,
    ) -> Result<Vec<(usize, Verdict)>, Fault> {
        let at: Vec<usize> = file.steps[steps]
            .iter()
            .filter_map(|step| match step {
                Step::Row(at) => Some(*at),
                Step::Referral(_) => None,
            })
            .collect();
        let here = Here::look(tx, file, &at).await?;
        let mut verdicts = Vec::with_capacity(at.len());
        for at in at {
            let line = file.rows[at].line;
            if file.bad[at] || outlook.known_bad.contains(&line) {
                outlook.tally.bad += 1;
                continue;
            }
            let before = outlook.problems.len();
            let mut judged = Judge {
                file,
                manner,
                here: &here,
                row: &file.rows[at],
                at,
                problems: &mut outlook.problems,
                settled: &outlook.settled,
            };
            let (verdict, settled) = judged.judge();
            if let Some(id) = settled.id.filter(|_| !settled.kept) {
                let first = *outlook.matched.entry(id).or_insert(line);
                if first != line {
                    outlook.problems.push(Problem {
                        line,
                        field: None,
                        cell: String::new(),
                        why: Why::SameClient(first),
                    });
                }
            }
            if outlook.problems[before..]
                .iter()
                .any(|problem| problem.why.is_bad())
            {
                outlook.tally.bad += 1;
                outlook.settled.remove(&at);
                continue;
            }
            let tally = &mut outlook.tally;
            let brought = match &verdict {
                Verdict::New(_) => {
                    tally.created += 1;
                    file.rows[at].balance
                }
                Verdict::Change(_, brought) => {
                    tally.updated += 1;
                    *brought
                }
                Verdict::Nothing if settled.kept => {
                    tally.kept += 1;
                    None
                }
                Verdict::Nothing => {
                    tally.unchanged += 1;
                    None
                }
            };
            if let Some(amount) = brought {
                tally.opened += 1;
                outlook.opening = outlook
                    .opening
                    .checked_add(amount.credits())
                    .ok_or_else(|| Fault::internal("opening balances do not fit"))?;
            }
            if file.named[at] {
                outlook.settled.insert(at, settled);
            }
            verdicts.push((at, verdict));
        }
        Ok(verdicts)
    }
}

impl Here {
    async fn look(tx: &mut Tx, file: &File, at: &[usize]) -> Result<Self, Fault> {
        let rows = || at.iter().map(|at| &file.rows[*at]);
        // Whoever is named and is not in the file, by username or by old id.
        let named = || {
            at.iter().flat_map(|at| {
                let row = &file.rows[*at];
                let reseller = (file.resellers[*at] == Named::Elsewhere).then_some(&row.reseller);
                let referral = (file.referrals[*at] == Named::Elsewhere).then_some(&row.referral);
                reseller.into_iter().chain(referral)
            })
        };
        let mut here = Self {
            clients: Vec::new(),
            old_ids: HashMap::new(),
            usernames: HashMap::new(),
            emails: HashMap::new(),
            phones: HashMap::new(),
            staff: HashMap::new(),
        };
        let looked_up = [
            (
                By::OldId,
                distinct(rows().map(|row| &row.old_id).chain(named())),
            ),
            (
                By::Username,
                distinct(rows().map(|row| &row.username).chain(named())),
            ),
            (By::Email, distinct(rows().map(|row| &row.email))),
            (By::Phone, distinct(rows().map(|row| &row.phone))),
        ];
        for (by, keys) in looked_up {
            let found = tx.clients_present(by, &keys).await?;
            here.clients.extend(found);
        }
        here.clients.sort_unstable_by_key(|client| client.id);
        here.clients.dedup_by_key(|client| client.id);
        for (at, client) in here.clients.iter().enumerate() {
            if let Some(old_id) = &client.old_id {
                here.old_ids.insert(old_id.clone(), at);
            }
            here.usernames.insert(alike(&client.username), at);
            if !client.email.is_empty() {
                here.emails.insert(alike(&client.email), at);
            }
            let phone = digits(&client.phone);
            if !phone.is_empty() {
                here.phones.insert(phone, at);
            }
        }
        for name in distinct(rows().map(|row| &row.manager)) {
            let found = tx.staff_named(&name).await?;
            here.staff.insert(name, found);
        }
        Ok(here)
    }

    fn get(&self, by: By, key: &str) -> Option<&Present> {
        let found = match by {
            By::OldId => self.old_ids.get(key),
            By::Username => self.usernames.get(&alike(key)),
            By::Email => self.emails.get(&alike(key)),
            By::Phone => self.phones.get(&digits(key)),
        };
        found.map(|at| &self.clients[*at])
    }
}

fn distinct<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.filter(|text| !text.is_empty()).cloned().collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

struct Judge<'a> {
    file: &'a File,
    manner: &'a Manner,
    here: &'a Here,
    row: &'a Row,
    at: usize,
    problems: &'a mut Vec<Problem>,
    settled: &'a HashMap<usize, Settled>,
}

impl Judge<'_> {
    fn wrong(&mut self, field: Field, cell: &str, why: Why) {
        self.problems.push(Problem {
            line: self.row.line,
            field: Some(field),
            cell: cell.to_owned(),
            why,
        });
    }

    fn judge(&mut self) -> (Verdict, Settled) {
        let row = self.row;
        let present = self
            .here
            .get(By::OldId, &row.old_id)
            .or_else(|| self.here.get(By::Username, &row.username))
            .or_else(|| self.here.get(By::Email, &row.email));
        match present {
            Some(present) if self.manner.existing == Existing::Leave => {
                let settled = Settled {
                    id: Some(present.id),
                    class: present.class,
                    kept: true,
                };
                (Verdict::Nothing, settled)
            }
            Some(present) => {
                let settled = Settled {
                    id: Some(present.id),
                    class: present.class,
                    kept: false,
                };
                (self.change(present), settled)
            }
            None => {
                let class = row.class.unwrap_or(Class::User);
                let settled = Settled {
                    id: None,
                    class,
                    kept: false,
                };
                if class == Class::Admin && !self.manner.admins {
                    self.wrong(Field::Class, class.name(), Why::AdminClass);
                }
                self.unique(None);
                let ties = self.ties();
                (Verdict::New(ties), settled)
            }
        }
    }

    /// Whatever only one client has must be this one's, or nobody's.
    fn unique(&mut self, own: Option<ClientId>) {
        let row = self.row;
        let fields = [
            (By::Username, Field::Username, &row.username),
            (By::Email, Field::Email, &row.email),
            (By::Phone, Field::Phone, &row.phone),
        ];
        for (by, field, cell) in fields {
            if let Some(other) = self
                .here
                .get(by, cell)
                .filter(|other| Some(other.id) != own)
            {
                let username = other.username.clone();
                self.wrong(field, cell, Why::Taken(username));
            }
        }
    }

    fn ties(&mut self) -> Ties {
        let row = self.row;
        let (file, at) = (self.file, self.at);
        let mut ties = Ties::default();
        if let Some((id, named)) = self.tie(Field::Reseller, &row.reseller, &file.resellers[at]) {
            (ties.reseller, ties.reseller_row) = (id, named);
        }
        if !file.referral_comes_later(at)
            && let Some((id, named)) = self.tie(Field::Referral, &row.referral, &file.referrals[at])
        {
            (ties.referral, ties.referral_row) = (id, named);
        }
        if !row.manager.is_empty() {
            let found = self
                .here
                .staff
                .get(&row.manager)
                .map_or(&[][..], Vec::as_slice);
            match found {
                [one] => ties.manager = Some(*one),
                [] => self.wrong(Field::Manager, &row.manager, Why::NoSuchManager),
                _ => self.wrong(Field::Manager, &row.manager, Why::SeveralManagers),
            }
        }
        ties
    }

    /// The client whom a cell names: by its id, or by its row where it is yet to be created.
    fn tie(
        &mut self,
        field: Field,
        cell: &str,
        named: &Named,
    ) -> Option<(Option<ClientId>, Option<usize>)> {
        let missing;
        let found = match named {
            Named::Nobody => return None,
            Named::Row(other) => {
                missing = Why::BadAbove(self.file.rows[*other].line);
                let settled = self.settled.get(other);
                settled.map(|settled| (settled.id, settled.class, Some(*other)))
            }
            Named::Elsewhere => {
                missing = Why::Unknown;
                let found = self.here.get(By::Username, cell);
                let found = found.or_else(|| self.here.get(By::OldId, cell));
                found.map(|client| (Some(client.id), client.class, None))
            }
        };
        let Some((id, class, row)) = found else {
            self.wrong(field, cell, missing);
            return None;
        };
        if field == Field::Reseller && class != Class::Reseller {
            self.wrong(field, cell, Why::NotReseller);
        }
        Some((id, row))
    }

    /// What becomes of a client who is here.
    fn change(&mut self, before: &Present) -> Verdict {
        let row = self.row;
        self.unique(Some(before.id));
        let other = before.old_id.as_deref().unwrap_or(&row.old_id);
        if !row.old_id.is_empty() && other != row.old_id {
            let username = before.username.clone();
            self.wrong(Field::OldId, &row.old_id, Why::Taken(username));
        }
        let told = self.problems.len();
        let ties = self.ties();
        let untied = self.problems[told..]
            .iter()
            .any(|problem| problem.field == Some(Field::Reseller));
        let columns = &self.file.columns;
        let mut after = before.clone();
        if !row.old_id.is_empty() {
            after.old_id = Some(row.old_id.clone());
        }
        after.username.clone_from(&row.username);
        if !row.name.is_empty() {
            after.name.clone_from(&row.name);
        }
        if columns.has(Field::Email) {
            after.email.clone_from(&row.email);
        }
        if columns.has(Field::Phone) {
            after.phone.clone_from(&row.phone);
        }
        if columns.has(Field::Price) {
            after.price = row.price;
        }
        if columns.has(Field::Manager) {
            after.manager_id = ties.manager;
        }
        if columns.has(Field::Referral) && !self.file.referral_comes_later(self.at) {
            after.referral_id = ties.referral;
        }
        if let Some(status) = row.status {
            after.status = status;
        }
        if after.status != before.status && [before.status, after.status].contains(&Status::Closed)
        {
            self.wrong(
                Field::Status,
                after.status.name(),
                Why::StatusStays(before.status),
            );
        }
        if let Some(class) = row.class
            && class != before.class
        {
            self.wrong(Field::Class, class.name(), Why::ClassStays(before.class));
        }
        if columns.has(Field::Reseller)
            && !untied
            && (ties.reseller != before.reseller_id
                || (ties.reseller.is_none() && ties.reseller_row.is_some()))
        {
            self.wrong(Field::Reseller, &row.reseller, Why::ResellerStays);
        }
        let brings = self.brings(before);
        if after == *before && brings.is_none() {
            return Verdict::Nothing;
        }
        Verdict::Change(Box::new((before.clone(), after)), brings)
    }

    /// What a client who is here still brings along: once, and only before any of its credit moved.
    fn brings(&mut self, present: &Present) -> Option<Amount> {
        let amount = self.row.balance?;
        match present.opening {
            Some(opening) if opening == amount.credits() => None,
            None if present.seq == 0 => Some(amount),
            opening => {
                let why = opening.map_or(Why::CreditMoved, Why::OpeningStays);
                self.wrong(Field::Balance, &amount.to_string(), why);
                None
            }
        }
    }
}
