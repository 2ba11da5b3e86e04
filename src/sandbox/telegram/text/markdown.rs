//! `parse_mode=MarkdownV2`, and the old `Markdown`, with the complaints of the real server.

use super::html::is_address;
use super::{Collector, Formatted};

/// Characters that must be escaped when they mean themselves.
const RESERVED: &str = "_*[]()~`>#+-=|{}.!";

struct Open {
    mark: &'static str,
    kind: &'static str,
    start: usize,
    at: usize,
    language: String,
}

/// Text and entities of `MarkdownV2`, or the server's complaint.
pub fn parse(source: &str) -> Result<Formatted, String> {
    let mut out = Collector::default();
    let mut open: Vec<Open> = Vec::new();
    let mut quote: Option<usize> = None;
    let mut at = 0;
    let mut line_start = true;
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        let code = open
            .last()
            .filter(|tag| matches!(tag.kind, "code" | "pre"))
            .map(|tag| tag.mark);
        if c == '\\' {
            let next = rest[1..].chars().next();
            if let Some(next) = next.filter(|next| (1..=126).contains(&u32::from(*next))) {
                out.push(next);
                at += 2;
                line_start = false;
                continue;
            }
        }
        if let Some(mark) = code {
            if rest.starts_with(mark) {
                close(&mut out, &mut open);
                at += mark.len();
            } else {
                out.push(c);
                at += c.len_utf8();
            }
            continue;
        }
        if line_start && c == '>' {
            quote.get_or_insert(out.units);
            at += 1;
            line_start = false;
            continue;
        }
        if line_start && let Some(start) = quote.take() {
            out.entity("blockquote", start, &[]);
        }
        line_start = c == '\n';
        if !RESERVED.contains(c) {
            out.push(c);
            at += c.len_utf8();
            continue;
        }
        if c == '|' && rest == "||" && quote.is_some() && !open.iter().any(|tag| tag.mark == "||") {
            if let Some(start) = quote.take() {
                out.entity("expandable_blockquote", start, &[]);
            }
            at += 2;
            continue;
        }
        // Underline before italic: "__" is always read as underline.
        let mark = [
            ("__", "underline"),
            ("||", "spoiler"),
            ("```", "pre"),
            ("`", "code"),
            ("*", "bold"),
            ("_", "italic"),
            ("~", "strikethrough"),
            ("![", "custom_emoji"),
            ("[", "text_link"),
        ]
        .into_iter()
        .find(|(mark, _)| rest.starts_with(mark));
        if c == ']' && open.last().is_some_and(|tag| tag.mark.ends_with('[')) {
            at += 1 + link(&mut out, &mut open, &rest[1..], at)?;
            continue;
        }
        let Some((mark, kind)) = mark else {
            return Err(format!(
                "Character '{c}' is reserved and must be escaped with the preceding '\\'"
            ));
        };
        if open.last().is_some_and(|tag| tag.mark == mark) && !mark.ends_with('[') {
            close(&mut out, &mut open);
            at += mark.len();
            continue;
        }
        if open.iter().any(|tag| tag.mark == mark) {
            return Err(cannot_end(
                open.last().map_or((kind, at), |tag| (tag.kind, tag.at)),
            ));
        }
        let mut tag = Open {
            mark,
            kind,
            start: out.units,
            at,
            language: String::new(),
        };
        at += mark.len();
        if kind == "pre" {
            let line = source[at..].find('\n').unwrap_or(0);
            let word = &source[at..at + line];
            if !word.contains(char::is_whitespace) && !word.contains('`') {
                word.clone_into(&mut tag.language);
                at += line;
            }
            if source[at..].starts_with('\n') {
                at += 1;
            }
        }
        open.push(tag);
    }
    if let Some(tag) = open.last() {
        return Err(cannot_end((tag.kind, tag.at)));
    }
    if let Some(start) = quote {
        out.entity("blockquote", start, &[]);
    }
    Ok(out.finish())
}

fn cannot_end((kind, at): (&str, usize)) -> String {
    let name = match kind {
        "bold" => "Bold",
        "italic" => "Italic",
        "underline" => "Underline",
        "strikethrough" => "Strikethrough",
        "spoiler" => "Spoiler",
        "code" => "Code",
        "pre" => "PreCode",
        "custom_emoji" => "CustomEmoji",
        _ => "TextUrl",
    };
    format!("Can't find end of {name} entity at byte offset {at}")
}

fn close(out: &mut Collector, open: &mut Vec<Open>) {
    let Some(tag) = open.pop() else { return };
    if tag.language.is_empty() {
        out.entity(tag.kind, tag.start, &[]);
    } else {
        out.entity(tag.kind, tag.start, &[("language", &tag.language)]);
    }
}

/// Reads the address after `]`; returns how many bytes it took.
fn link(out: &mut Collector, open: &mut Vec<Open>, rest: &str, at: usize) -> Result<usize, String> {
    let Some(tag) = open.pop() else {
        return Ok(0);
    };
    if !rest.starts_with('(') {
        if tag.kind == "custom_emoji" {
            return Err(format!(
                "Custom emoji entity must contain a tg://emoji URL at byte offset {at}"
            ));
        }
        let shown: Vec<u16> = out.text.encode_utf16().skip(tag.start).collect();
        let shown = String::from_utf16_lossy(&shown);
        if is_address(&shown) {
            out.entity("text_link", tag.start, &[("url", &shown)]);
        }
        return Ok(0);
    }
    let mut url = String::new();
    let mut length = 1;
    let mut characters = rest[1..].chars();
    loop {
        let Some(c) = characters.next() else {
            return Err(format!("Can't find end of a URL at byte offset {}", at + 1));
        };
        length += c.len_utf8();
        match c {
            ')' => break,
            '\\' => {
                if let Some(next) = characters.next() {
                    url.push(next);
                    length += next.len_utf8();
                }
            }
            other => url.push(other),
        }
    }
    if tag.kind == "custom_emoji" {
        let id = url
            .strip_prefix("tg://emoji?id=")
            .filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
            .ok_or("Custom emoji URL must have an emoji identifier")?;
        out.entity("custom_emoji", tag.start, &[("custom_emoji_id", id)]);
    } else if is_address(&url) {
        out.entity("text_link", tag.start, &[("url", &url)]);
    }
    Ok(length)
}

/// Text and entities of the old `Markdown`, which knows no nesting and four marks.
pub fn parse_old(source: &str) -> Result<Formatted, String> {
    let mut out = Collector::default();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        if c == '\\' && rest[1..].starts_with(['_', '*', '`', '[']) {
            out.push(char::from(rest.as_bytes()[1]));
            at += 2;
            continue;
        }
        let (mark, end, kind) = match c {
            '_' => ("_", "_", "italic"),
            '*' => ("*", "*", "bold"),
            '`' if rest.starts_with("```") => ("```", "```", "pre"),
            '`' => ("`", "`", "code"),
            '[' => ("[", "]", "text_link"),
            other => {
                out.push(other);
                at += other.len_utf8();
                continue;
            }
        };
        let start = out.units;
        let body = &rest[mark.len()..];
        let Some(length) = body.find(end) else {
            return Err(format!(
                "Can't find end of the entity starting at byte offset {at}"
            ));
        };
        for c in body[..length]
            .trim_start_matches(if kind == "pre" { "\n" } else { "" })
            .chars()
        {
            out.push(c);
        }
        at += mark.len() + length + end.len();
        if kind != "text_link" {
            out.entity(kind, start, &[]);
            continue;
        }
        if let Some(target) = source[at..].strip_prefix('(')
            && let Some(length) = target.find(')')
        {
            if is_address(&target[..length]) {
                out.entity("text_link", start, &[("url", &target[..length])]);
            }
            at += length + 2;
        }
    }
    Ok(out.finish())
}
