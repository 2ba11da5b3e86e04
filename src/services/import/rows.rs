//! From cells to values: each row by itself, with everything that is wrong with it.

use std::str::FromStr as _;

use csv::StringRecord;
use time::PrimitiveDateTime;
use time::macros::format_description;

use super::columns::Field;
use super::reading::Table;
use crate::clock::Millis;
use crate::domain::client::{Class, Status};
use crate::domain::credits::{Amount, BadAmount, CreditUnit, Credits};
use crate::domain::money::UnitPrice;

/// Something that is wrong with a row, or worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line on which the row begins.
    pub line: u64,
    /// The column; `None`: the row as a whole.
    pub field: Option<Field>,
    /// What stands there.
    pub cell: String,
    /// What is the matter.
    pub why: Why,
}

/// What is the matter with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Another number of cells than the header has.
    Cells {
        /// In the header.
        expected: usize,
        /// In the row.
        found: usize,
    },
    /// It is empty and must not be.
    Missing,
    /// More characters than this.
    TooLong(usize),
    /// A control character.
    Unprintable,
    /// No username: it has space in it.
    NotUsername,
    /// No email address.
    NotEmail,
    /// No phone number.
    NotPhone,
    /// Not USER, RESELLER or ADMIN.
    NotClass,
    /// Not pending, active, suspended or closed.
    NotStatus,
    /// No day.
    NotMoment,
    /// No amount, or no price.
    NotAmount(BadAmount),
    /// It stands on this line already.
    Twice(u64),
    /// Another client has it: this one.
    Taken(String),
    /// The row on this line is the same client.
    SameClient(u64),
    /// No such client, in the file or here.
    Unknown,
    /// The row of that client, on this line, is bad itself.
    BadAbove(u64),
    /// That client is no reseller.
    NotReseller,
    /// It leads back to itself.
    Circle,
    /// Nobody on the staff has that name.
    NoSuchManager,
    /// Several of the staff have that name.
    SeveralManagers,
    /// A closed client has no balance.
    ClosedWithBalance,
    /// The class of a client who is here changes by its own command only.
    ClassStays(Class),
    /// The reseller of a client who is here changes by its own command only.
    ResellerStays,
    /// Closing and opening again happen by their own commands only.
    StatusStays(Status),
    /// It was read as an admin of the platform, which takes two admins here.
    AdminClass,
    /// Not bad: this much was brought along before, and nothing more is posted.
    OpeningStays(Credits),
    /// Not bad: credit has moved here already, and nothing is posted on top.
    CreditMoved,
}

impl Why {
    /// Whether it keeps the row out.
    pub fn is_bad(&self) -> bool {
        !matches!(self, Self::OpeningStays(_) | Self::CreditMoved)
    }
}

/// A row's values. What the file has no column for is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) old_id: String,
    pub(super) username: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) class: Option<Class>,
    pub(super) status: Option<Status>,
    pub(super) reseller: String,
    pub(super) manager: String,
    pub(super) referral: String,
    pub(super) price: Option<UnitPrice>,
    pub(super) balance: Option<Amount>,
    pub(super) created: Option<Millis>,
}

/// Reads a record; what is wrong goes to `problems`, and the rest is read all the same.
pub(super) fn read(
    table: &Table,
    (line, record): &(u64, StringRecord),
    unit: CreditUnit,
    problems: &mut Vec<Problem>,
) -> Row {
    let mut row = Row {
        line: *line,
        ..Row::default()
    };
    if record.len() != table.columns.count() {
        problems.push(Problem {
            line: *line,
            field: None,
            cell: String::new(),
            why: Why::Cells {
                expected: table.columns.count(),
                found: record.len(),
            },
        });
        return row;
    }
    let mut cells = Cells {
        table,
        record,
        line: *line,
        problems,
    };
    row.old_id = cells.text(Field::OldId, 100);
    row.username = cells.text(Field::Username, 100);
    if row.username.is_empty() {
        cells.wrong(Field::Username, Why::Missing);
    } else if row.username.contains(char::is_whitespace) {
        cells.wrong(Field::Username, Why::NotUsername);
    }
    row.name = cells.name();
    row.email = cells.text(Field::Email, 254);
    if !row.email.is_empty() && !is_email(&row.email) {
        cells.wrong(Field::Email, Why::NotEmail);
    }
    row.phone = cells.text(Field::Phone, 40);
    if !row.phone.is_empty() && !is_phone(&row.phone) {
        cells.wrong(Field::Phone, Why::NotPhone);
    }
    row.reseller = cells.text(Field::Reseller, 100);
    row.manager = cells.text(Field::Manager, 200);
    row.referral = cells.text(Field::Referral, 100);
    row.class = cells.value(Field::Class, class);
    row.status = cells.value(Field::Status, status);
    row.created = cells.value(Field::Created, moment);
    row.price = cells.value(Field::Price, |text| match CreditUnit::new(6).parse(text) {
        Ok(price) => Ok(UnitPrice(price.smallest())),
        Err(BadAmount::TooSmall) => Ok(UnitPrice(0)),
        Err(bad) => Err(Why::NotAmount(bad)),
    });
    let balance = cells.value(Field::Balance, |text| match unit.parse(text) {
        Ok(amount) => Ok(Some(amount)),
        Err(BadAmount::TooSmall) => Ok(None),
        Err(bad) => Err(Why::NotAmount(bad)),
    });
    row.balance = balance.flatten();
    if row.status == Some(Status::Closed) && row.balance.is_some() {
        cells.wrong(Field::Balance, Why::ClosedWithBalance);
    }
    row
}

struct Cells<'a> {
    table: &'a Table,
    record: &'a StringRecord,
    line: u64,
    problems: &'a mut Vec<Problem>,
}

impl Cells<'_> {
    fn wrong(&mut self, field: Field, why: Why) {
        let cell = self.table.cell(self.record, field).to_owned();
        self.problems.push(Problem {
            line: self.line,
            field: Some(field),
            cell,
            why,
        });
    }

    fn text(&mut self, field: Field, longest: usize) -> String {
        let cell = self.table.cell(self.record, field);
        // Lines and tabs within a cell are space like any other.
        let text: String = cell
            .chars()
            .map(|char| {
                if matches!(char, '\t' | '\n' | '\r') {
                    ' '
                } else {
                    char
                }
            })
            .collect();
        if text.contains(char::is_control) {
            self.wrong(field, Why::Unprintable);
        } else if text.chars().count() > longest {
            self.wrong(field, Why::TooLong(longest));
        }
        text
    }

    /// The full name, or the first and the last.
    fn name(&mut self) -> String {
        let [whole, first, last] = [Field::Name, Field::FirstName, Field::LastName]
            .map(|field| self.text(field, LONGEST_NAME));
        if whole.is_empty() {
            format!("{first} {last}").trim().to_owned()
        } else {
            whole
        }
    }

    fn value<T>(&mut self, field: Field, read: impl FnOnce(&str) -> Result<T, Why>) -> Option<T> {
        let cell = self.table.cell(self.record, field);
        if cell.is_empty() {
            return None;
        }
        match read(cell) {
            Ok(value) => Some(value),
            Err(why) => {
                self.wrong(field, why);
                None
            }
        }
    }
}

/// The longest name that anybody has, and then some.
const LONGEST_NAME: usize = 5_000;

fn is_email(text: &str) -> bool {
    let Some((before, host)) = text.rsplit_once('@') else {
        return false;
    };
    !before.is_empty()
        && !host.is_empty()
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !text
            .contains(|char: char| char.is_whitespace() || matches!(char, ',' | ';' | '<' | '>'))
}

fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (4..=20).contains(&digits)
        && text
            .chars()
            .all(|char| char.is_ascii_digit() || "+-() ./".contains(char))
}

fn class(text: &str) -> Result<Class, Why> {
    match text.to_ascii_lowercase().as_str() {
        "user" | "client" | "customer" => Ok(Class::User),
        "reseller" => Ok(Class::Reseller),
        "admin" | "administrator" => Ok(Class::Admin),
        _ => Err(Why::NotClass),
    }
}

fn status(text: &str) -> Result<Status, Why> {
    match text.to_ascii_lowercase().as_str() {
        "pending" | "unverified" => Ok(Status::Pending),
        "active" | "enabled" => Ok(Status::Active),
        "suspended" | "disabled" | "blocked" => Ok(Status::Suspended),
        "closed" => Ok(Status::Closed),
        _ => Err(Why::NotStatus),
    }
}

/// A day, with or without the time of day, as UTC: `2024-03-01`, `2024-03-01 09:30:00`, `2024-03-01T09:30:00Z`; or
/// seconds or milliseconds since 1970.
fn moment(text: &str) -> Result<Millis, Why> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = i64::from_str(text).map_err(|_| Why::NotMoment)?;
        return match text.len() {
            9 | 10 => Ok(Millis(number * 1_000)),
            12 | 13 => Ok(Millis(number)),
            _ => Err(Why::NotMoment),
        };
    }
    let text = text.trim_end_matches(['Z', 'z']).replace(['T', 't'], " ");
    let text = text
        .split_once('.')
        .map_or(text.as_str(), |(whole, _)| whole);
    let whole = match text.matches(':').count() {
        0 => format!("{text} 00:00:00"),
        1 => format!("{text}:00"),
        _ => text.to_owned(),
    };
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let moment = PrimitiveDateTime::parse(&whole, format).map_err(|_| Why::NotMoment)?;
    match moment.year() {
        1970..=2999 => Ok(Millis(moment.assume_utc().unix_timestamp() * 1_000)),
        _ => Err(Why::NotMoment),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> (Row, Vec<(Option<Field>, Why)>) {
        let table = Table::read(text.as_bytes()).unwrap();
        let mut problems = Vec::new();
        let row = read(&table, &table.records[0], CreditUnit::new(2), &mut problems);
        let problems = problems
            .into_iter()
            .map(|problem| (problem.field, problem.why))
            .collect();
        (row, problems)
    }

    #[test]
    fn a_row_is_its_values() {
        let (row, problems) = one(
            "id,login,first name,last name,email,mobile,type,status,parent,manager,referred by,price,balance,created\n\
             7,ada,Ada,Lovelace,ada@b.example,'+44 20 7946,Reseller,ACTIVE,acme,Mona,bo,0.05,1200.50,2024-03-01T09:30:15Z\n",
        );
        assert_eq!(problems, []);
        let expected = Row {
            line: 2,
            old_id: "7".to_owned(),
            username: "ada".to_owned(),
            name: "Ada Lovelace".to_owned(),
            email: "ada@b.example".to_owned(),
            phone: "+44 20 7946".to_owned(),
            class: Some(Class::Reseller),
            status: Some(Status::Active),
            reseller: "acme".to_owned(),
            manager: "Mona".to_owned(),
            referral: "bo".to_owned(),
            price: Some(UnitPrice(50_000)),
            balance: Some(Amount::try_from(120_050).unwrap()),
            created: Some(Millis(1_709_285_415_000)),
        };
        assert_eq!(row, expected);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let (_, problems) = one("username,email,phone,class,status,price,balance,created\n\
             a b,ada,12,boss,gone,1e3,\"1,200\",yesterday\n");
        let expected = [
            (Field::Username, Why::NotUsername),
            (Field::Email, Why::NotEmail),
            (Field::Phone, Why::NotPhone),
            (Field::Class, Why::NotClass),
            (Field::Status, Why::NotStatus),
            (Field::Created, Why::NotMoment),
            (Field::Price, Why::NotAmount(BadAmount::NotANumber)),
            (Field::Balance, Why::NotAmount(BadAmount::NotANumber)),
        ];
        assert_eq!(problems, expected.map(|(field, why)| (Some(field), why)));
    }

    #[test]
    fn amounts_follow_the_one_grammar() {
        let check = |balance: &str, expected: Result<Option<i64>, BadAmount>| {
            let (row, problems) = one(&format!("username;balance\nada;{balance}\n"));
            let expected = match expected {
                Ok(amount) => (amount, Vec::new()),
                Err(bad) => (None, vec![(Some(Field::Balance), Why::NotAmount(bad))]),
            };
            let amount = row.balance.map(Amount::smallest);
            assert_eq!((amount, problems), expected, "{balance:?}");
        };
        check("", Ok(None));
        check("0", Ok(None));
        check("0.00", Ok(None));
        check("12", Ok(Some(1_200)));
        check("-5", Err(BadAmount::NotANumber));
        check("1,200", Err(BadAmount::NotANumber));
        check("0.001", Err(BadAmount::TooManyDecimals));
        check("99999999999999", Err(BadAmount::TooLarge));
    }

    #[test]
    fn days_are_written_in_several_ways() {
        let check = |text: &str, expected: Option<i64>| {
            assert_eq!(moment(text).ok(), expected.map(Millis), "{text:?}");
        };
        check("2024-03-01", Some(1_709_251_200_000));
        check("2024-03-01 09:30", Some(1_709_285_400_000));
        check("2024-03-01 09:30:15.250", Some(1_709_285_415_000));
        check("1709285415", Some(1_709_285_415_000));
        check("1709285415000", Some(1_709_285_415_000));
        check("01/03/2024", None);
        check("2024-02-30", None);
        check("99999999999999999999999", None);
    }

    #[test]
    fn hostile_names_are_names_unless_they_cannot_be_stored() {
        let check = |name: &str, problems: &[Why]| {
            let (row, found) = one(&format!("username,name\nada,\"{name}\"\n"));
            let found: Vec<_> = found.into_iter().map(|(_, why)| why).collect();
            assert_eq!(found, problems, "{name:?}");
            row.name
        };
        assert_eq!(check("@everyone", &[]), "@everyone");
        assert_eq!(check("'=cmd|x", &[]), "=cmd|x");
        assert_eq!(check("a\tb\nc", &[]), "a b c");
        assert_eq!(check("\u{202e}x\u{200b}", &[]), "\u{202e}x\u{200b}");
        check("x\0y", &[Why::Unprintable]);
        check(&"x".repeat(5_000), &[]);
        check(&"x".repeat(5_001), &[Why::TooLong(5_000)]);
    }

    #[test]
    fn a_row_of_another_length_is_no_row() {
        let (_, problems) = one("username,name\nada,Ada,Lovelace\n");
        let cells = Why::Cells {
            expected: 2,
            found: 3,
        };
        assert_eq!(problems, [(None, cells)]);
    }
}
