//! Tables that people open in a spreadsheet: CSV whose cells are never run as formulas.

use std::borrow::Cow;

/// What a spreadsheet takes for the beginning of a formula, or swallows on the way to one.
const BEGINNINGS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell of text from people: with an apostrophe before what a spreadsheet might run.
pub fn safe(text: &str) -> Cow<'_, str> {
    if text.starts_with(BEGINNINGS) && !is_amount(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What [`safe`] was given.
pub fn unmarked(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.starts_with(BEGINNINGS) => text,
        _ => cell,
    }
}

/// A plain number, which is harmless with a sign as well.
fn is_amount(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    plain(whole) && plain(fraction)
}

/// One line of CSV with its end, every cell safe.
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        let cell = safe(cell);
        if cell.contains([',', '"', '\n', '\r', ';', '\t']) || cell.trim().len() != cell.len() {
            line.push('"');
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(&cell);
        }
    }
    // As the standard for CSV has it.
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_run() {
        let check = |text: &str, expected: &str| assert_eq!(safe(text), expected, "{text:?}");
        check("Ada", "Ada");
        check("", "");
        check("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0");
        check("+44 20", "'+44 20");
        check("+44", "'+44");
        check("-5", "-5");
        check("-12.50", "-12.50");
        check("-5+cmd", "'-5+cmd");
        check("-", "'-");
        check("-1.", "'-1.");
        check("@everyone", "'@everyone");
        check("\tx", "'\tx");
        check("\rx", "'\rx");
        check("1=2", "1=2");
    }

    proptest::proptest! {
        #[test]
        fn a_line_is_read_as_it_was_written(cells in proptest::collection::vec("(.|\n|\t|\r){0,12}", 0..6)) {
            // The reader drops a byte order mark at the very beginning, as it should.
            let line = line(std::iter::once("first").chain(cells.iter().map(String::as_str)));
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            let read: Vec<&str> = record.iter().skip(1).map(unmarked).collect();
            let written: Vec<&str> = cells.iter().map(|cell| unmarked(cell)).collect();
            proptest::prop_assert_eq!(read, written);
            for cell in &cells {
                let cell = safe(cell);
                proptest::prop_assert!(!cell.starts_with(BEGINNINGS) || is_amount(&cell));
            }
        }
    }
}
