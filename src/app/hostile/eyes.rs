//! What people see of a reply on each messenger, and in its file.

use resvg::tiny_skia::Pixmap;
use serde_json::Value;

use super::HARMLESS;
use super::bench::kept;
use crate::chat::{Card, FileKind, Reply};
use crate::domain::sheet;

/// A reply as both messengers show it.
pub(super) struct Seen {
    /// What it is about.
    pub(super) what: String,
    title: String,
    buttons: usize,
    discord: Shown,
    telegram: Shown,
    rows: usize,
    wrong: Vec<String>,
}

/// A message without its markup, and what of it is more than text.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shown {
    text: String,
    marks: Vec<String>,
}

impl Seen {
    pub(super) fn of(what: String, reply: &Reply) -> Self {
        let mut wrong = Vec::new();
        let discord = on_discord(reply, &mut wrong);
        let telegram = on_telegram(reply, &mut wrong);
        Self {
            what,
            title: reply.card.title.clone(),
            buttons: reply.buttons.iter().map(Vec::len).sum(),
            discord,
            telegram,
            rows: in_file(&reply.card, &mut wrong),
            wrong,
        }
    }

    /// What of it must be the same, whatever anybody is called.
    pub(super) fn course(&self) -> (usize, usize, bool) {
        let refused = ["Not done", "Something broke"].contains(&&*self.title);
        (self.buttons, self.rows, refused)
    }
}

/// What is wrong with the second, which must differ from the first by the name alone.
pub(super) fn compare(one: &Seen, other: &Seen, name: &str) -> Vec<String> {
    let mut wrong = other.wrong.clone();
    if one.course() != other.course() {
        let (was, is) = (one.course(), other.course());
        wrong.push(format!("{was:?} became {is:?}: {}", other.telegram.text));
        return wrong;
    }
    let messengers = [
        (
            "Discord",
            &one.discord,
            &other.discord,
            on_discord as fn(&Reply, &mut Vec<String>) -> Shown,
        ),
        ("Telegram", &one.telegram, &other.telegram, on_telegram),
    ];
    for (messenger, one, other, see) in messengers {
        if one.marks != other.marks {
            wrong.push(format!(
                "{messenger}: {:?} became {:?}",
                one.marks, other.marks
            ));
        }
        // The name alone, as it is shown there.
        let alone = |name: &str| {
            let card = Card {
                title: name.to_owned(),
                ..Card::default()
            };
            let shown = see(&Reply::card(card), &mut Vec::new());
            shown.text.trim().to_owned()
        };
        let shown = alone(&kept(name));
        let expected = one.text.replace(HARMLESS, &shown);
        // A tag is shorter, and of small letters.
        let tag: String = name.chars().take(30).collect();
        let expected =
            expected.replace(&HARMLESS.to_lowercase(), &alone(&kept(&tag).to_lowercase()));
        if !is_same(&expected, &other.text) {
            wrong.push(format!("{messenger}:\n{expected}\nbecame\n{}", other.text));
        }
        let hidden = other.text.chars().find(|c| is_hidden(*c));
        if let Some(hidden) = hidden {
            wrong.push(format!(
                "{messenger}: {hidden:?} is shown in {:?}",
                other.text
            ));
        }
    }
    wrong
}

/// Braces apart from one another: two at a time would be a placeholder of a message.
pub(super) fn spread(text: &str) -> String {
    text.replace('{', "{ ").replace('}', " }")
}

/// Whether two texts are the same but for white space, and for what stands behind a cut.
fn is_same(expected: &str, found: &str) -> bool {
    let words = |text: &str| {
        spread(text)
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (expected, found) = (words(expected), words(found));
    if expected == found {
        return true;
    }
    let cut = found.iter().position(|word| word.contains('…'));
    cut.is_some_and(|cut| expected.iter().take(cut).eq(found.iter().take(cut)))
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        || (c.is_control() && c != '\n')
}

fn on_discord(reply: &Reply, wrong: &mut Vec<String>) -> Shown {
    if let Some(form) = &reply.form {
        match crate::discord::modal(form) {
            Some(modal) => wrong.extend(crate::sandbox::discord::modal_refused(&modal)),
            None => wrong.push("the form is too long".to_owned()),
        }
    }
    let message = crate::discord::message(&reply.card, &reply.buttons);
    wrong.extend(crate::sandbox::discord::message_refused(&message));
    if message["allowed_mentions"] != serde_json::json!({ "parse": [] }) {
        wrong.push(format!(
            "mentions are allowed: {}",
            message["allowed_mentions"]
        ));
    }
    let embed = &message["embeds"][0];
    let mut texts = vec![&embed["title"], &embed["description"]];
    for field in embed["fields"].as_array().into_iter().flatten() {
        texts.extend([&field["name"], &field["value"]]);
    }
    let mut shown = Shown::default();
    for text in texts.into_iter().filter_map(Value::as_str) {
        read_markdown(text, &mut shown);
    }
    // No markdown is read there.
    let footer = embed["footer"]["text"].as_str().unwrap_or_default();
    shown.text.push_str(footer);
    shown
}

/// Takes the escapes off, and notes what is not escaped and would be markup.
fn read_markdown(text: &str, shown: &mut Shown) {
    for line in text.lines() {
        let start = line.trim_start();
        let opens = ["# ", "## ", "### ", "-# ", "> ", ">>> ", "- ", "* ", "+ "];
        let numbered = start.split_once(". ").is_some_and(|(number, _)| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        if numbered || opens.iter().any(|mark| start.starts_with(mark)) {
            shown
                .marks
                .push(format!("a line that begins {:?}", start.chars().next()));
        }
        for word in line.split(' ') {
            // An address is taken as it stands, and leads where it says.
            let address = ["http://", "https://"]
                .iter()
                .any(|start| word.starts_with(start));
            let address = address && !word.contains('\\');
            let mut characters = word.chars();
            while let Some(c) = characters.next() {
                match c {
                    '\\' if !address => shown.text.extend(characters.next()),
                    '*' | '_' | '~' | '`' | '|' | '<' | '[' | ']' | '@' if !address => {
                        shown.marks.push(c.to_string());
                        shown.text.push(c);
                    }
                    c => shown.text.push(c),
                }
            }
            shown.text.push(' ');
        }
        shown.text.push('\n');
    }
}

fn on_telegram(reply: &Reply, wrong: &mut Vec<String>) -> Shown {
    let (html, keyboard) = crate::telegram::message(&reply.card, &reply.buttons);
    wrong.extend(crate::sandbox::telegram::keyboard_refused(keyboard));
    let (text, entities) = match crate::sandbox::telegram::read(&html) {
        Ok(read) => read,
        Err(why) => {
            wrong.push(format!("Telegram refuses: {why}"));
            return Shown::default();
        }
    };
    let units: Vec<u16> = text.encode_utf16().collect();
    if units.is_empty() || units.len() > 4_096 {
        wrong.push(format!("{} units", units.len()));
    }
    let number =
        |entity: &Value, key: &str| usize::try_from(entity[key].as_u64().unwrap()).unwrap();
    let mut marks = Vec::new();
    for entity in &entities {
        let kind = entity["type"].as_str().unwrap_or_default();
        // Whole parts of a card, or words that would lead away otherwise; a hashtag stays in the chat, as the bot's own do.
        if ["bold", "italic", "code", "hashtag"].contains(&kind) {
            continue;
        }
        let (from, length) = (number(entity, "offset"), number(entity, "length"));
        let part = String::from_utf16_lossy(&units[from..from + length]);
        marks.push(format!("{kind} {part}"));
    }
    Shown { text, marks }
}

/// Looks into the file of a card; says how many rows it has.
fn in_file(card: &Card, wrong: &mut Vec<String>) -> usize {
    let Some(file) = &card.file else {
        return 0;
    };
    if file.kind() == FileKind::Picture {
        match Pixmap::decode_png(file.bytes()) {
            Ok(picture) => {
                let first = picture.pixels()[0];
                if picture.pixels().iter().all(|pixel| *pixel == first) {
                    wrong.push("the picture is blank".to_owned());
                }
            }
            Err(error) => wrong.push(format!("no picture: {error}")),
        }
        return 0;
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(false)
        .from_reader(&file.bytes()[..]);
    let mut rows = 0;
    for record in reader.records() {
        match record {
            Ok(record) => {
                rows += 1;
                for cell in &record {
                    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                    if runs && cell.parse::<f64>().is_err() {
                        wrong.push(format!("a spreadsheet runs {cell:?}"));
                    }
                    if sheet::safe(cell) != cell {
                        wrong.push(format!("{cell:?} is not safe"));
                    }
                }
            }
            Err(error) => wrong.push(format!("no CSV: {error}")),
        }
    }
    rows
}
