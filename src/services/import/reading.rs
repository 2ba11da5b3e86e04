//! From the bytes of a file to its cells. Old platforms write CSV in many ways: the delimiter is found out, a byte order
//! mark is dropped, lines end as they like; bytes that are not UTF-8 are refused, because a guess would spoil names.

use csv::{ReaderBuilder, StringRecord};

use super::columns::{Columns, Field};
use crate::domain::sheet;

/// Files above this size are to be cut in parts.
pub const LARGEST: usize = 256 * 1024 * 1024;

/// Why a file as a whole cannot be moved in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadFile {
    /// More than [`LARGEST`] bytes.
    TooLarge,
    /// There is no header, or nothing under it.
    Empty,
    /// This line has a byte that is not UTF-8.
    NotUtf8 {
        /// Counted from 1.
        line: u64,
    },
    /// No column is understood as this field, and nothing goes without it.
    NoColumn(Field),
    /// Two columns of the same name claim this field.
    TwoColumns(Field),
}

/// A file's cells.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) columns: Columns,
    /// Each with the line on which it begins.
    pub(super) records: Vec<(u64, StringRecord)>,
}

impl Table {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, BadFile> {
        if bytes.len() > LARGEST {
            return Err(BadFile::TooLarge);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            BadFile::NotUtf8 {
                line: ends(before) + 1,
            }
        })?;
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter(text))
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        // Text in memory that is UTF-8 has no errors left.
        let mut records = reader.records().map_while(Result::ok);
        let header = records.next().ok_or(BadFile::Empty)?;
        let headers = header.iter().map(|cell| cell.trim().to_owned()).collect();
        let columns = Columns::of(headers).map_err(BadFile::TwoColumns)?;
        if !columns.has(Field::Username) {
            return Err(BadFile::NoColumn(Field::Username));
        }
        let mut lines = Lines::of(text);
        let records: Vec<(u64, StringRecord)> = records
            .map(|record| (lines.at(record.position()), record))
            .filter(|(_, record)| record.iter().any(|cell| !cell.trim().is_empty()))
            .collect();
        if records.is_empty() {
            return Err(BadFile::Empty);
        }
        Ok(Self { columns, records })
    }

    /// A cell of a record, without space around it and without the mark that keeps spreadsheets from running it.
    pub(super) fn cell<'a>(&self, record: &'a StringRecord, field: Field) -> &'a str {
        let cell = self
            .columns
            .place(field)
            .and_then(|place| record.get(place));
        sheet::unmarked(cell.unwrap_or_default().trim())
    }
}

/// How many lines end in these bytes.
fn ends(bytes: &[u8]) -> u64 {
    bytes.split(|byte| *byte == b'\n').count().saturating_sub(1) as u64
}

/// On which line records begin: the reader's own count is one short where lines end in two characters.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    fn at(&mut self, position: Option<&csv::Position>) -> u64 {
        let begin = position.map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        // Ends of lines before it that the reader has not skipped yet.
        let rest = self.text.get(begin..).unwrap_or_default();
        let skipped = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let begin = begin + skipped.count();
        let passed = self.text.get(self.at..begin).unwrap_or_default();
        self.line += ends(passed);
        self.at = self.at.max(begin);
        self.line
    }
}

/// What stands between cells: whatever is most often in the header, outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(byte == *delimiter);
                }
            }
            _ => {}
        }
    }
    let mut best = counts[0];
    for candidate in counts {
        if candidate.1 > best.1 {
            best = candidate;
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<(u64, String, String)> {
        let table = Table::read(bytes).unwrap();
        let cell = |record, field| table.cell(record, field).to_owned();
        table
            .records
            .iter()
            .map(|(line, record)| {
                (
                    *line,
                    cell(record, Field::Username),
                    cell(record, Field::Name),
                )
            })
            .collect()
    }

    fn row(line: u64, username: &str, name: &str) -> (u64, String, String) {
        (line, username.to_owned(), name.to_owned())
    }

    #[test]
    fn files_are_written_in_many_ways() {
        let expected = [row(2, "ada", "Ada Lovelace"), row(3, "bo", "Bo")];
        let check = |text: &str| assert_eq!(cells(text.as_bytes()), expected, "{text:?}");
        check("username,name\nada,Ada Lovelace\nbo,Bo\n");
        check("\u{feff}username;name\r\nada;Ada Lovelace\r\nbo;Bo");
        check("username\tname\r\nada\t\"Ada Lovelace\"\r\nbo\tBo\r\n\r\n");
        check("\"user,name\";\"name\";x\n\" ada \";Ada Lovelace;1\nbo;Bo;\n");
        check("name|username\nAda Lovelace|ada\nBo|bo\n");
    }

    #[test]
    fn quotes_hold_delimiters_quotes_and_lines() {
        let text = "username,name\nada,\"Lovelace, \"\"Ada\"\"\nof London\"\n\n,\nbo,Bo\n";
        let expected = [
            row(2, "ada", "Lovelace, \"Ada\"\nof London"),
            row(6, "bo", "Bo"),
        ];
        assert_eq!(cells(text.as_bytes()), expected);
    }

    #[test]
    fn what_is_not_utf8_is_refused_with_its_line() {
        let bad = Table::read(b"username,name\nada,Ada\nbo,Andr\xe9\n").map(|_| ());
        assert_eq!(bad, Err(BadFile::NotUtf8 { line: 3 }));
        let wide = Table::read(b"\xff\xfeu\0s\0").map(|_| ());
        assert_eq!(wide, Err(BadFile::NotUtf8 { line: 1 }));
    }

    #[test]
    fn a_file_without_clients_is_empty() {
        let check = |text: &str, expected: BadFile| {
            assert_eq!(
                Table::read(text.as_bytes()).map(|_| ()),
                Err(expected),
                "{text:?}"
            );
        };
        check("", BadFile::Empty);
        check("username,name\n", BadFile::Empty);
        check("username,name\n,\n , \n", BadFile::Empty);
        check(
            "name,email\nAda,a@b.c\n",
            BadFile::NoColumn(Field::Username),
        );
        check(
            "username,mail,Mail\na,b,c\n",
            BadFile::TwoColumns(Field::Email),
        );
    }
}
