//! Moving in, in words: what is wrong with a file and with its rows, and the report of it.

use crate::chat::Sentences;
use crate::commands::cards;
use crate::domain::credits::BadAmount;
use crate::domain::sheet;
use crate::services::Rules;
use crate::services::import::{BadFile, LARGEST, Problem, Why};

/// Why a file as a whole cannot be moved in.
pub fn bad_file(bad: &BadFile, say: &Sentences) -> String {
    match bad {
        BadFile::TooLarge => {
            say.import_too_large(i64::try_from(LARGEST / 1024 / 1024).unwrap_or(i64::MAX))
        }
        BadFile::Empty => say.import_empty(),
        BadFile::NotUtf8 { line } => say.import_not_utf8(number(*line)),
        BadFile::NoColumn(field) => say.import_no_column(field.name()),
        BadFile::TwoColumns(field) => say.import_two_columns(field.name()),
    }
}

/// What is the matter with a row.
pub fn problem(rules: &Rules, why: &Why, say: &Sentences) -> String {
    match why {
        Why::Cells { expected, found } => {
            say.import_bad_cells(number(*found as u64), number(*expected as u64))
        }
        Why::Missing => say.import_bad_missing(),
        Why::TooLong(max) => say.import_bad_too_long(number(*max as u64)),
        Why::Unprintable => say.import_bad_unprintable(),
        Why::NotUsername => say.import_bad_username(),
        Why::NotEmail => say.import_bad_email(),
        Why::NotPhone => say.import_bad_phone(),
        Why::NotClass => say.import_bad_class(),
        Why::NotStatus => say.import_bad_status(),
        Why::NotMoment => say.import_bad_moment(),
        Why::NotAmount(bad) => match bad {
            BadAmount::NotANumber => say.import_bad_amount(),
            BadAmount::TooManyDecimals => say.import_bad_decimals(),
            BadAmount::TooSmall => say.import_bad_too_small(),
            BadAmount::TooLarge => say.import_bad_too_big(),
        },
        Why::Twice(line) => say.import_bad_twice(number(*line)),
        Why::Taken(username) => say.import_bad_taken(username.clone()),
        Why::SameClient(line) => say.import_bad_same_client(number(*line)),
        Why::Unknown => say.import_bad_unknown(),
        Why::BadAbove(line) => say.import_bad_above(number(*line)),
        Why::NotReseller => say.import_bad_reseller(),
        Why::Circle => say.import_bad_circle(),
        Why::NoSuchManager => say.import_bad_no_manager(),
        Why::SeveralManagers => say.import_bad_several_managers(),
        Why::ClosedWithBalance => say.import_bad_closed_balance(),
        Why::ClassStays(class) => say.import_bad_class_stays(class.name()),
        Why::ResellerStays => say.import_bad_reseller_stays(),
        Why::StatusStays(status) => say.import_bad_status_stays(cards::status_label(*status, say)),
        Why::AdminClass => say.import_bad_admin_class(),
        Why::OpeningStays(amount) => say.import_note_opening(cards::credits(rules, *amount, say)),
        Why::CreditMoved => say.import_note_moved(),
    }
}

/// Every problem as a line of CSV, cells safe to open in a spreadsheet.
pub fn report(rules: &Rules, problems: &[Problem], say: &Sentences) -> String {
    let mut report = sheet::line(["line", "column", "value", "problem"]);
    for each in problems {
        let line = each.line.to_string();
        // A row can hold thousands of characters; a few tell which they are.
        let cell: String = each.cell.chars().take(200).collect();
        let column = each.field.map_or("", crate::services::import::Field::name);
        let why = problem(rules, &each.why, say);
        report.push_str(&sheet::line([&line, column, &cell, &why]));
    }
    report
}

fn number(number: u64) -> String {
    number.to_string()
}
