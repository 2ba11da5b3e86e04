//! A card as Telegram's HTML, short enough and harmless whatever a client calls himself: escaped, without characters
//! that turn or hide text, cut at a character.

use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup};

use crate::chat::action::MAX_BYTES;
use crate::chat::{Button, Card, Tone};
use crate::commands::CATALOGUE;

/// The most UTF-16 units of a message, tags not counted.
pub(super) const MESSAGE: usize = 4096;
/// The most UTF-16 units of a caption.
const CAPTION: usize = 1024;
/// The most UTF-16 units of an alert.
const ALERT: usize = 200;
/// What is left of a button's label on a phone anyway.
const LABEL: usize = 64;
const PLACEHOLDER: usize = 64;
const BUTTONS_A_ROW: usize = 8;
const BUTTONS: usize = 100;
/// No part of a card but its text may take the room of the others.
const TITLE: usize = 256;
const FIELD_LABEL: usize = 128;
const FIELD_VALUE: usize = 1024;
const FOOTER: usize = 512;
/// What a text keeps, however long the fields are.
const TEXT_AT_LEAST: usize = 1024;

const ELLIPSIS: char = '…';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Plain,
    Bold,
    Italic,
    /// Copied by a tap, and never made a link.
    Code,
}

impl Mark {
    fn tag(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Bold => Some("b"),
            Self::Italic => Some("i"),
            Self::Code => Some("code"),
        }
    }
}

/// Marked text in reading order.
#[derive(Default)]
struct Pieces(Vec<(Mark, String)>);

impl Pieces {
    fn push(&mut self, mark: Mark, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.0.push((mark, text));
        }
    }

    /// So many line breaks before what follows, unless nothing stands there yet.
    fn break_lines(&mut self, count: usize) {
        if !self.0.is_empty() {
            self.push(Mark::Plain, "\n".repeat(count));
        }
    }

    fn units(&self) -> usize {
        self.0.iter().map(|(_, text)| units(text)).sum()
    }

    /// As HTML of at most `limit` units.
    fn html(self, limit: usize) -> String {
        let mut left = limit;
        let mut html = String::new();
        // One unit is kept for the mark of the cut until it is known that there is none.
        let whole = self.units() <= limit;
        if !whole {
            left -= 1;
        }
        for (mark, text) in self.0 {
            let kept = head(&text, left);
            left -= units(kept);
            if !kept.is_empty() {
                write(&mut html, mark, kept);
            }
            if kept.len() < text.len() {
                break;
            }
        }
        if !whole {
            html.push(ELLIPSIS);
        }
        html
    }

    fn plain(&self) -> String {
        self.0.iter().map(|(_, text)| text.as_str()).collect()
    }
}

/// A card as the HTML of a message; never empty.
pub(super) fn html(card: &Card) -> String {
    pieces(card).html(MESSAGE)
}

/// A card as the HTML of a caption, if it fits into one.
pub(super) fn caption(card: &Card) -> Option<String> {
    let pieces = pieces(card);
    (pieces.units() <= CAPTION).then(|| pieces.html(CAPTION))
}

/// As much of a card as fits into a caption.
pub(super) fn cut_caption(card: &Card) -> String {
    pieces(card).html(CAPTION)
}

/// A card as the text of an alert, if it fits into one.
pub(super) fn alert(card: &Card) -> Option<String> {
    let text = pieces(card).plain();
    (units(&text) <= ALERT).then_some(text)
}

/// Somebody's name as a link to him, which makes him the one who is asked.
pub(super) fn mention(user: i64, name: &str) -> String {
    let name = cut(&line(name), LABEL);
    let name = if name.is_empty() {
        user.to_string()
    } else {
        name
    };
    format!("<a href=\"tg://user?id={user}\">{}</a>", escape(&name))
}

/// What stands in the empty input of a question.
pub(super) fn placeholder(hint: &str) -> Option<String> {
    let hint = cut(&line(hint), PLACEHOLDER);
    (!hint.is_empty()).then_some(hint)
}

/// The buttons; `None` for none. A button that Telegram would refuse is left out.
pub(super) fn keyboard(rows: &[Vec<Button>]) -> Option<InlineKeyboardMarkup> {
    let mut count = 0;
    let mut keyboard = Vec::new();
    for row in rows {
        let buttons: Vec<_> = row.iter().filter_map(button).collect();
        for part in buttons.chunks(BUTTONS_A_ROW) {
            let part = &part[..part.len().min(BUTTONS - count)];
            if part.is_empty() {
                tracing::warn!("a keyboard has too many buttons; the last ones are left out");
                break;
            }
            count += part.len();
            keyboard.push(part.to_vec());
        }
    }
    (!keyboard.is_empty()).then(|| InlineKeyboardMarkup::new(keyboard))
}

fn button(button: &Button) -> Option<InlineKeyboardButton> {
    let data = button.action.to_string();
    if data.is_empty() || data.len() > MAX_BYTES {
        tracing::warn!(label = %button.label, bytes = data.len(), "a button carries too much and is left out");
        return None;
    }
    let mut label = cut(&line(&button.label), LABEL);
    if label.is_empty() {
        label.push(ELLIPSIS);
    }
    Some(InlineKeyboardButton::callback(label, data))
}

fn pieces(card: &Card) -> Pieces {
    let mut head = Pieces::default();
    let title = cut(&line(&card.title), TITLE);
    let sign = sign(card.tone);
    if !sign.is_empty() {
        let gap = if title.is_empty() { "" } else { " " };
        head.push(Mark::Plain, format!("{sign}{gap}"));
    }
    let mark = if leads_away(&title) {
        Mark::Code
    } else {
        Mark::Bold
    };
    head.push(mark, title);

    let mut tail = Pieces::default();
    for (index, (label, value)) in card.fields.iter().enumerate() {
        tail.push(Mark::Plain, if index == 0 { "\n\n" } else { "\n" });
        let label = cut(&spelled(&line(label)), FIELD_LABEL);
        let value = cut(&lines(value), FIELD_VALUE);
        if !label.is_empty() {
            let leads = leads_away(&label);
            tail.push(if leads { Mark::Code } else { Mark::Plain }, label);
            tail.push(Mark::Plain, ": ");
        }
        match value.as_str() {
            "" => tail.push(Mark::Plain, "—"),
            value if becomes_a_link(value) => tail.push(Mark::Code, value),
            value => tail.push(Mark::Bold, value),
        }
    }
    let footer = cut(&lines(&card.footer), FOOTER);
    if !footer.is_empty() {
        tail.push(Mark::Plain, "\n\n");
        tail.push(Mark::Italic, footer);
    }

    let room = MESSAGE.saturating_sub(head.units() + tail.units() + 1);
    let text = cut(&spelled(&lines(&card.text)), room.max(TEXT_AT_LEAST));
    if !text.is_empty() {
        head.break_lines(1);
        push_words(&mut head, &text);
    }
    if head.0.is_empty() {
        // Nothing above: the blank line would be trimmed by Telegram anyway.
        if let Some((_, first)) = tail.0.first_mut() {
            first.clear();
        }
    }
    head.0.append(&mut tail.0);
    if head.plain().chars().all(char::is_whitespace) {
        head.push(Mark::Plain, ELLIPSIS);
    }
    head
}

/// Commands of two words as the menu has them: `/client find` would be a link to `/client`, which is no command.
fn spelled(text: &str) -> String {
    let commands = CATALOGUE.iter().map(|command| command.name);
    commands
        .filter(|name| name.contains(' '))
        .fold(text.to_owned(), |text, name| {
            text.replace(&format!("/{name}"), &format!("/{}", name.replace(' ', "_")))
        })
}

fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Waiting => "⏳",
        Tone::Good => "✅",
        Tone::Bad => "⛔",
    }
}

/// Text with whatever would lead out of the chat marked as code.
fn push_words(pieces: &mut Pieces, text: &str) {
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        if leads_away(word) {
            pieces.push(Mark::Code, word);
            pieces.push(Mark::Plain, &part[word.len()..]);
        } else {
            pieces.push(Mark::Plain, part);
        }
    }
}

/// Whether Telegram would make a link, a mention, a hashtag or a command of part of it: a client's words must not lead
/// anywhere.
fn becomes_a_link(value: &str) -> bool {
    let mut words = value.split_whitespace();
    leads_away(value) || words.any(|word| word.starts_with(['#', '$', '/']))
}

/// The same without what stays in the chat: commands and hashtags, of which the bot has its own.
fn leads_away(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.any(|word| {
        let dotted = word.split('.').collect::<Vec<_>>().windows(2).any(|pair| {
            pair[0].ends_with(char::is_alphanumeric) && pair[1].starts_with(char::is_alphabetic)
        });
        let digits = word.chars().filter(char::is_ascii_digit).count();
        word.contains("://")
            || word.contains('@')
            || dotted
            || (word.starts_with('+') && digits >= 7)
            || is_foreign_command(word)
    })
}

/// Whether Telegram would make a command of the word that is none of ours: a tap on it would say it to the bot.
fn is_foreign_command(word: &str) -> bool {
    let word = word.trim_start_matches(['(', '[', '"', '\'', '«', '“']);
    let Some(name) = word.strip_prefix('/') else {
        return false;
    };
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let name = name[..end.unwrap_or(name.len())].replace('_', " ");
    let ours = ["", "cancel", "skip"].contains(&name.as_str());
    !ours && CATALOGUE.iter().all(|command| command.name != name)
}

fn write(html: &mut String, mark: Mark, text: &str) {
    let text = escape(text);
    match mark.tag() {
        None => html.push_str(&text),
        Some(tag) => {
            html.push('<');
            html.push_str(tag);
            html.push('>');
            html.push_str(&text);
            html.push_str("</");
            html.push_str(tag);
            html.push('>');
        }
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Text of several lines without what hides or turns it, and without white space around it.
fn lines(text: &str) -> String {
    let clean: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !hides(*c))
        .map(|c| match c {
            '\n' | '\u{2028}' | '\u{2029}' | '\r' | '\u{85}' => '\n',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    clean.trim().to_owned()
}

/// The same on one line.
fn line(text: &str) -> String {
    lines(text).replace('\n', " ")
}

/// Characters that turn the text's direction or take no room: names that look alike without being so.
fn hides(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// At most `limit` units, the cut marked.
fn cut(text: &str, limit: usize) -> String {
    if units(text) <= limit {
        return text.to_owned();
    }
    let mut kept = head(text, limit - 1).trim_end().to_owned();
    kept.push(ELLIPSIS);
    kept
}

/// The longest beginning of at most `limit` units that ends at a character.
fn head(text: &str, limit: usize) -> &str {
    let mut left = limit;
    for (at, c) in text.char_indices() {
        match left.checked_sub(c.len_utf16()) {
            Some(rest) => left = rest,
            None => return &text[..at],
        }
    }
    text
}

/// How Telegram counts: UTF-16 units.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
