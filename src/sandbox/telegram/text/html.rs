//! `parse_mode=HTML`, with the tags, the character references and the complaints of the real server.

use super::{Collector, Formatted};

/// The tags that Telegram knows.
const TAGS: &[&str] = &[
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "tg-spoiler",
    "span",
    "a",
    "code",
    "pre",
    "blockquote",
    "tg-emoji",
];

/// An open tag.
struct Open {
    name: String,
    kind: &'static str,
    start: usize,
    argument: String,
}

/// Text and entities of `source`, or the server's complaint.
pub fn parse(source: &str) -> Result<Formatted, String> {
    let mut out = Collector::default();
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        match c {
            '&' => {
                let (decoded, length) = reference(&source[at..]);
                out.push(decoded);
                at += length;
            }
            '<' if source[at + 1..].starts_with('/') => {
                let end = source[at..]
                    .find('>')
                    .ok_or_else(|| format!("Unclosed end tag at byte offset {at}"))?;
                let name = source[at + 2..at + end].trim().to_ascii_lowercase();
                let Some(tag) = open.pop() else {
                    return Err(format!("Unexpected end tag at byte offset {at}"));
                };
                if !name.is_empty() && name != tag.name {
                    return Err(format!(
                        "Unmatched end tag at byte offset {at}, expected \"</{}>\", found \"</{name}>\"",
                        tag.name
                    ));
                }
                close(&mut out, &tag, &mut open);
                at += end + 1;
            }
            '<' => {
                let (tag, length) = start_tag(source, at, &out, &open)?;
                open.push(tag);
                at += length;
            }
            other => {
                out.push(other);
                at += other.len_utf8();
            }
        }
    }
    match open.pop() {
        Some(tag) => Err(format!(
            "Can't find end tag corresponding to start tag \"{}\"",
            tag.name
        )),
        None => Ok(out.finish()),
    }
}

fn close(out: &mut Collector, tag: &Open, open: &mut [Open]) {
    match tag.name.as_str() {
        "a" => {
            let shown = utf16_tail(out, tag.start);
            let url = if tag.argument.is_empty() {
                shown
            } else {
                tag.argument.clone()
            };
            let user = url.strip_prefix("tg://user?id=");
            if let Some(user) = user.and_then(|user| user.parse().ok()) {
                out.mention(user, tag.start);
                return;
            }
            // An address that Telegram cannot open is shown as plain text.
            if is_address(&url) {
                out.entity("text_link", tag.start, &[("url", &url)]);
            }
        }
        "code" => {
            // `<pre><code class="language-x">` is one block with a language.
            match open.last_mut() {
                Some(outer)
                    if outer.name == "pre"
                        && outer.start == tag.start
                        && !tag.argument.is_empty() =>
                {
                    outer.argument.clone_from(&tag.argument);
                }
                _ => out.entity("code", tag.start, &[]),
            }
        }
        "pre" if !tag.argument.is_empty() => {
            out.entity("pre", tag.start, &[("language", &tag.argument)]);
        }
        "tg-emoji" => out.entity(
            "custom_emoji",
            tag.start,
            &[("custom_emoji_id", &tag.argument)],
        ),
        _ => out.entity(tag.kind, tag.start, &[]),
    }
}

fn utf16_tail(out: &Collector, start: usize) -> String {
    let units: Vec<u16> = out.text.encode_utf16().skip(start).collect();
    String::from_utf16_lossy(&units)
}

/// Whether Telegram makes a link of it.
pub fn is_address(url: &str) -> bool {
    let rest = ["http://", "https://", "tg://", "ton://", "tonsite://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    match rest {
        Some(rest) => !rest.is_empty() && !rest.contains(char::is_whitespace),
        None => !url.contains("://") && url.contains('.') && !url.contains(char::is_whitespace),
    }
}

fn start_tag(
    source: &str,
    at: usize,
    out: &Collector,
    open: &[Open],
) -> Result<(Open, usize), String> {
    let rest = &source[at + 1..];
    let end = rest
        .find(|c: char| c.is_whitespace() || c == '>')
        .ok_or_else(|| format!("Unclosed start tag at byte offset {at}"))?;
    let name = rest[..end].to_ascii_lowercase();
    if !TAGS.contains(&name.as_str()) {
        return Err(format!(
            "Unsupported start tag \"{name}\" at byte offset {at}"
        ));
    }
    let (attributes, length) = attributes(&rest[end..], at + 1 + end)?;
    let value = |wanted: &str| {
        attributes
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.clone())
    };
    let mut argument = String::new();
    let kind = match name.as_str() {
        "b" | "strong" => "bold",
        "i" | "em" => "italic",
        "u" | "ins" => "underline",
        "s" | "strike" | "del" => "strikethrough",
        "tg-spoiler" => "spoiler",
        "span" => {
            if value("class").as_deref() != Some("tg-spoiler") {
                return Err(format!(
                    "Tag \"span\" must have class \"tg-spoiler\" at byte offset {at}"
                ));
            }
            "spoiler"
        }
        "a" => {
            argument = value("href").unwrap_or_default();
            "text_link"
        }
        "code" => {
            let class = value("class").unwrap_or_default();
            if open.last().is_some_and(|outer| outer.name == "pre") {
                class
                    .strip_prefix("language-")
                    .unwrap_or_default()
                    .clone_into(&mut argument);
            }
            "code"
        }
        "blockquote" if value("expandable").is_some() => "expandable_blockquote",
        "blockquote" => {
            if open.iter().any(|outer| outer.name == "blockquote") {
                return Err(format!("Blockquote can't be nested at byte offset {at}"));
            }
            "blockquote"
        }
        "tg-emoji" => {
            argument = value("emoji-id").unwrap_or_default();
            if argument.is_empty() || !argument.bytes().all(|b| b.is_ascii_digit()) {
                return Err("Invalid custom emoji identifier specified".into());
            }
            "custom_emoji"
        }
        _ => "pre",
    };
    let tag = Open {
        name,
        kind,
        start: out.units,
        argument,
    };
    Ok((tag, 1 + end + length))
}

/// The attributes up to and with the `>`, and how many bytes they took.
fn attributes(source: &str, offset: usize) -> Result<(Vec<(String, String)>, usize), String> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let rest = &source[at..];
        let skipped = rest.len() - rest.trim_start().len();
        at += skipped;
        let rest = &source[at..];
        let Some(first) = rest.chars().next() else {
            return Err(format!(
                "Unclosed start tag at byte offset {}",
                offset.saturating_sub(1)
            ));
        };
        if first == '>' {
            return Ok((found, at + 1));
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=' || c == '>')
            .unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        if name.is_empty() {
            return Err(format!(
                "Empty attribute name in the tag at byte offset {}",
                offset + at
            ));
        }
        at += end;
        if !source[at..].starts_with('=') {
            found.push((name, String::new()));
            continue;
        }
        at += 1;
        let rest = &source[at..];
        let (value, length) = if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
            let end = rest[1..]
                .find(quote)
                .ok_or_else(|| format!("Unclosed start tag at byte offset {}", offset + at))?;
            (&rest[1..=end], end + 2)
        } else {
            let end = rest
                .find(|c: char| c.is_whitespace() || c == '>')
                .unwrap_or(rest.len());
            (&rest[..end], end)
        };
        found.push((name, decode(value)));
        at += length;
    }
}

fn decode(text: &str) -> String {
    let mut decoded = String::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c == '&' {
            let (c, length) = reference(&text[at..]);
            decoded.push(c);
            at += length;
        } else {
            decoded.push(c);
            at += c.len_utf8();
        }
    }
    decoded
}

/// The character behind a reference at the start of `text` and its length; an unknown one is a plain `&`.
fn reference(text: &str) -> (char, usize) {
    let body = &text[1..];
    for (name, c) in [("lt", '<'), ("gt", '>'), ("amp", '&'), ("quot", '"')] {
        if let Some(rest) = body.strip_prefix(name)
            && !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            return (c, 1 + name.len() + usize::from(rest.starts_with(';')));
        }
    }
    let Some(number) = body.strip_prefix('#') else {
        return ('&', 1);
    };
    let (digits, radix, skipped) = match number.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16, 3),
        None => (number, 10, 2),
    };
    let length = digits
        .find(|c: char| !c.is_digit(radix))
        .unwrap_or(digits.len());
    let c = u32::from_str_radix(&digits[..length], radix)
        .ok()
        .and_then(char::from_u32)
        .filter(|c| *c != '\0');
    match c {
        Some(c) => {
            let semicolon = usize::from(digits[length..].starts_with(';'));
            (c, skipped + length + semicolon)
        }
        None => ('&', 1),
    }
}
