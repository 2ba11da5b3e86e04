//! Formatted text: what a bot or a person writes becomes plain text and entities, with the real server's refusals.
//! Offsets and lengths count UTF-16 units, as everywhere in the Bot API.

mod html;
mod markdown;

pub use html::is_address;

use serde_json::{Value, json};

use super::refusal::Refusal;

/// Text and what its parts are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Formatted {
    /// The text without markup.
    pub text: String,
    /// `MessageEntity` objects by offset.
    pub entities: Vec<Value>,
}

/// The number of UTF-16 units.
pub fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}

impl Formatted {
    /// Text as somebody typed it: only what Telegram finds by itself is formatted.
    pub fn typed(text: &str) -> Self {
        let mut formatted = Self {
            text: text.to_owned(),
            entities: Vec::new(),
        };
        formatted.finish();
        formatted
    }

    /// Text of a bot, by its parse mode.
    pub fn parse(text: &str, mode: &str) -> Result<Self, Refusal> {
        let parsed = match mode.to_ascii_lowercase().as_str() {
            "" | "none" => Ok(Self {
                text: text.to_owned(),
                entities: Vec::new(),
            }),
            "html" => html::parse(text),
            "markdownv2" => markdown::parse(text),
            "markdown" => markdown::parse_old(text),
            _ => return Err(Refusal::bad("unsupported parse_mode")),
        };
        let mut formatted =
            parsed.map_err(|why| Refusal::bad(format!("can't parse entities: {why}")))?;
        formatted.finish();
        Ok(formatted)
    }

    /// Text with the entities that a bot names itself.
    pub fn with_entities(text: &str, entities: &Value) -> Result<Self, Refusal> {
        let broken = |why: &str| Refusal::bad(format!("can't parse entities: {why}"));
        let list = entities
            .as_array()
            .ok_or_else(|| broken("expected an Array of MessageEntity"))?;
        let units = utf16_len(text);
        let mut kept = Vec::new();
        for entity in list {
            let number = |name: &str| entity[name].as_u64().and_then(|n| usize::try_from(n).ok());
            let (Some(kind), Some(offset), Some(length)) =
                (entity["type"].as_str(), number("offset"), number("length"))
            else {
                return Err(broken("an entity needs type, offset and length"));
            };
            if !KINDS.contains(&kind) {
                return Err(broken("unsupported entity type specified"));
            }
            if length == 0 || offset.saturating_add(length) > units {
                return Err(broken("entity is outside of the text"));
            }
            if !on_boundary(text, offset) || !on_boundary(text, offset + length) {
                return Err(broken(
                    "entity begins or ends in the middle of a UTF-16 symbol",
                ));
            }
            kept.push(entity.clone());
        }
        let mut formatted = Self {
            text: text.to_owned(),
            entities: kept,
        };
        formatted.finish();
        Ok(formatted)
    }

    /// Cuts the white space around the text, finds commands, mentions and addresses, and puts entities in order.
    fn finish(&mut self) {
        let start = self.text.len() - self.text.trim_start().len();
        let cut = utf16_len(&self.text[..start]);
        self.text = self.text.trim().to_owned();
        let units = utf16_len(&self.text);
        for entity in &mut self.entities {
            let from = entity["offset"]
                .as_u64()
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(0);
            let length = entity["length"]
                .as_u64()
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(0);
            let (start, end) = (
                from.saturating_sub(cut).min(units),
                (from + length).saturating_sub(cut).min(units),
            );
            entity["offset"] = json!(start);
            entity["length"] = json!(end - start);
        }
        self.entities.retain(|entity| entity["length"] != json!(0));
        self.find_by_itself();
        self.entities.sort_by_key(|entity| {
            (
                entity["offset"].as_u64(),
                std::cmp::Reverse(entity["length"].as_u64()),
            )
        });
    }

    fn find_by_itself(&mut self) {
        let taken: Vec<(u64, u64)> = self
            .entities
            .iter()
            .filter(|entity| {
                matches!(
                    entity["type"].as_str(),
                    Some(
                        "code"
                            | "pre"
                            | "text_link"
                            | "text_mention"
                            | "url"
                            | "mention"
                            | "bot_command"
                            | "hashtag"
                            | "email"
                    )
                )
            })
            .filter_map(|entity| Some((entity["offset"].as_u64()?, entity["length"].as_u64()?)))
            .collect();
        let mut offset = 0_usize;
        for word in self.text.split_inclusive(char::is_whitespace) {
            let bare = word.trim_end();
            if let Some((kind, skipped, found)) = automatic(bare) {
                let at = (offset + utf16_len(skipped)) as u64;
                let length = utf16_len(found) as u64;
                let free = taken
                    .iter()
                    .all(|(from, long)| at + length <= *from || from + long <= at);
                if free {
                    self.entities
                        .push(json!({ "type": kind, "offset": at, "length": length }));
                }
            }
            offset += utf16_len(word);
        }
    }
}

/// The kinds of entities that a bot may name.
const KINDS: &[&str] = &[
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
];

fn on_boundary(text: &str, offset: usize) -> bool {
    let mut units = 0;
    for c in text.chars() {
        if units >= offset {
            break;
        }
        units += c.len_utf16();
    }
    units == offset
}

/// What Telegram itself sees in a word: the kind, what stands before it in the word, and the part itself.
fn automatic(word: &str) -> Option<(&'static str, &str, &str)> {
    let start = word.find(|c: char| !matches!(c, '(' | '[' | '"' | '\'' | '«' | '“'))?;
    let (skipped, rest) = word.split_at(start);
    let name = |text: &str| {
        text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(text.len())
    };
    if let Some(after) = rest.strip_prefix('/') {
        let length = name(after);
        if !(1..=64).contains(&length) || after[length..].starts_with('/') {
            return None;
        }
        let mut end = 1 + length;
        if let Some(bot) = rest[end..].strip_prefix('@') {
            let length = name(bot);
            if length >= 3 {
                end += 1 + length;
            }
        }
        return Some(("bot_command", skipped, &rest[..end]));
    }
    if let Some(after) = rest.strip_prefix('@') {
        let length = name(after);
        return (3..=32)
            .contains(&length)
            .then(|| ("mention", skipped, &rest[..=length]));
    }
    if let Some(after) = rest.strip_prefix('#') {
        let length = after
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(after.len());
        let is_number = after[..length].chars().all(|c| c.is_ascii_digit());
        return (length > 0 && !is_number).then(|| ("hashtag", skipped, &rest[..=length]));
    }
    let rest = rest.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '"', '\'', '»', '”']);
    if rest.starts_with("http://") || rest.starts_with("https://") {
        return (rest.len() > 8).then_some(("url", skipped, rest));
    }
    let (person, host) = rest.split_once('@')?;
    let plain = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._-+".contains(c))
    };
    (plain(person) && plain(host) && host.contains('.')).then_some(("email", skipped, rest))
}

/// Collects text and entities while a parser walks over markup.
#[derive(Debug, Default)]
struct Collector {
    text: String,
    units: usize,
    entities: Vec<Value>,
}

impl Collector {
    fn push(&mut self, c: char) {
        self.text.push(c);
        self.units += c.len_utf16();
    }

    /// Ends an entity that began at `start`; `more` are its further fields.
    fn entity(&mut self, kind: &str, start: usize, more: &[(&str, &str)]) {
        if self.units == start {
            return;
        }
        let mut entity = json!({ "type": kind, "offset": start, "length": self.units - start });
        for (name, value) in more {
            entity[*name] = json!(value);
        }
        self.entities.push(entity);
    }

    /// Ends a mention of the user with this id.
    fn mention(&mut self, user: i64, start: usize) {
        self.entity("text_mention", start, &[]);
        if let Some(entity) = self.entities.last_mut() {
            entity["user"] = json!({ "id": user });
        }
    }

    fn finish(self) -> Formatted {
        Formatted {
            text: self.text,
            entities: self.entities,
        }
    }
}

#[cfg(test)]
mod tests;
