//! Cards, buttons and forms as Discord's embeds, components and modals, inside every limit that Discord sets.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::markdown::{self, CUT, NOTHING, length};
use crate::chat::reply::MAX_TOKEN;
use crate::chat::{Button, Card, Field, FieldKind, Form, Style, Suggestion, Tone};

const TITLE: usize = 256;
const DESCRIPTION: usize = 4_096;
const FIELDS: usize = 25;
const FIELD_NAME: usize = 256;
const FIELD_VALUE: usize = 1_024;
const FOOTER: usize = 2_048;
/// All texts of an embed together.
const EMBED: usize = 6_000;

const ROWS: usize = 5;
const BUTTONS: usize = 5;
const BUTTON_LABEL: usize = 80;
const CUSTOM_ID: usize = 100;

const MODAL_TITLE: usize = 45;
const INPUTS: usize = 5;
const INPUT_LABEL: usize = 45;
const PLACEHOLDER: usize = 100;
const INPUT: u16 = 4_000;
/// From here on an input has several lines.
const PARAGRAPH: u16 = 200;

const SUGGESTIONS: usize = 25;
const SUGGESTION: usize = 100;

/// Values that are short enough to stand beside one another.
const INLINE: usize = 40;

const EPHEMERAL: u32 = 1 << 6;

/// A form whose known values do not fit into what names it; it cannot be opened as a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the form's token is too long")]
pub(super) struct TooLong;

/// The body of a message, or of an edit of one.
pub(super) fn message(card: &Card, buttons: &[Vec<Button>]) -> Value {
    json!({
        "embeds": [embed(card)],
        "components": rows(buttons),
        "allowed_mentions": {"parse": []},
    })
}

/// The same message, seen by one person alone.
pub(super) fn private(mut message: Value) -> Value {
    message["flags"] = EPHEMERAL.into();
    message
}

/// The flags of a deferred answer.
pub(super) fn deferred(private: bool) -> Value {
    if private {
        json!({"flags": EPHEMERAL})
    } else {
        json!({})
    }
}

/// A card as an embed.
pub(super) fn embed(card: &Card) -> Value {
    let mut left = Budget(EMBED);
    let mut embed = json!({"color": colour(card.tone)});
    let mut title = left.take(|limit| markdown::line(&card.title, limit), TITLE);
    let footer = left.take(|limit| markdown::label(&card.footer, limit), FOOTER);
    let text = left.take(|limit| markdown::block(&card.text, limit), DESCRIPTION);
    let fields = fields(&card.fields, &mut left);
    if title.is_empty() && footer.is_empty() && text.is_empty() && fields.is_empty() {
        // Discord refuses a message with nothing in it.
        NOTHING.clone_into(&mut title);
    }
    if !title.is_empty() {
        embed["title"] = title.into();
    }
    if !text.is_empty() {
        embed["description"] = text.into();
    }
    if !fields.is_empty() {
        embed["fields"] = fields.into();
    }
    if !footer.is_empty() {
        embed["footer"] = json!({"text": footer});
    }
    embed
}

/// How many characters the embed may still have.
struct Budget(usize);

impl Budget {
    fn take(&mut self, render: impl Fn(usize) -> String, limit: usize) -> String {
        let text = render(limit.min(self.0));
        self.0 -= length(&text);
        text
    }
}

fn fields(fields: &[(String, String)], left: &mut Budget) -> Vec<Value> {
    let rest = || json!({"name": CUT, "value": CUT, "inline": false});
    let mut shown = Vec::with_capacity(fields.len().min(FIELDS));
    for (index, (name, value)) in fields.iter().enumerate() {
        let is_last = index + 1 == fields.len();
        // Two characters are kept for the field that says that there are more.
        let spare = if is_last { 0 } else { 2 };
        let room = left.0.saturating_sub(spare);
        if shown.len() + usize::from(!is_last) == FIELDS || room < 2 {
            if left.0 >= 2 {
                shown.push(rest());
            }
            break;
        }
        let name = or_nothing(markdown::line(name, FIELD_NAME.min(room - 1)));
        let room = room - length(&name);
        let value = or_nothing(markdown::block(value, FIELD_VALUE.min(room)));
        left.0 -= length(&name) + length(&value);
        let inline = length(&value) <= INLINE && !value.contains('\n');
        shown.push(json!({"name": name, "value": value, "inline": inline}));
    }
    shown
}

fn or_nothing(text: String) -> String {
    if text.is_empty() {
        NOTHING.to_owned()
    } else {
        text
    }
}

fn colour(tone: Tone) -> u32 {
    match tone {
        Tone::Plain => 0x0058_65f2,
        Tone::Waiting => 0x00f0_b232,
        Tone::Good => 0x0023_a55a,
        Tone::Bad => 0x00da_373c,
    }
}

/// Rows of buttons. A longer row goes on in the next one; what does not fit at all is left out and logged.
fn rows(buttons: &[Vec<Button>]) -> Vec<Value> {
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    for row in buttons {
        let row: Vec<Value> = row.iter().filter_map(|b| button(b, &mut seen)).collect();
        for row in row.chunks(BUTTONS) {
            rows.push(json!({"type": 1, "components": row}));
        }
    }
    if rows.len() > ROWS {
        tracing::warn!(rows = rows.len(), "more buttons than a message may have");
        rows.truncate(ROWS);
    }
    rows
}

fn button(button: &Button, seen: &mut HashSet<String>) -> Option<Value> {
    let id = button.action.to_string();
    if length(&id) > CUSTOM_ID || !seen.insert(id.clone()) {
        tracing::warn!(label = %button.label, "a button that is there already or carries too much is left out");
        return None;
    }
    let style = match button.style {
        Style::Primary => 1,
        Style::Secondary => 2,
        Style::Good => 3,
        Style::Danger => 4,
    };
    let label = or_nothing(markdown::label(&button.label, BUTTON_LABEL));
    Some(json!({"type": 2, "style": style, "label": label, "custom_id": id}))
}

/// A form as a modal of text inputs in action rows, the only kind whose values come back through serenity.
pub(super) fn modal(form: &Form) -> Result<Value, TooLong> {
    let token = form.token();
    if length(&token) > CUSTOM_ID.min(MAX_TOKEN) {
        return Err(TooLong);
    }
    let mut title = markdown::label(&form.title, MODAL_TITLE);
    if title.is_empty() {
        title = or_nothing(markdown::label(&form.command, MODAL_TITLE));
    }
    let mut seen = HashSet::new();
    let rows: Vec<Value> = form
        .fields
        .iter()
        .filter(|field| field.kind != FieldKind::File && seen.insert(field.name.as_str()))
        .take(INPUTS)
        .map(|field| json!({"type": 1, "components": [input(field)]}))
        .collect();
    Ok(json!({"custom_id": token, "title": title, "components": rows}))
}

fn input(field: &Field) -> Value {
    let (max, hint) = match &field.kind {
        FieldKind::Text { max } => ((*max).clamp(1, INPUT), field.hint.clone()),
        // What the hint says can be typed as it stands; labels are for buttons.
        FieldKind::Choice(_) if !field.hint.is_empty() => (100, field.hint.clone()),
        // Windows take text alone.
        FieldKind::File => (1, String::new()),
        FieldKind::Choice(choices) => {
            let labels: Vec<&str> = choices.iter().map(|(_, label)| label.as_str()).collect();
            (100, labels.join(" / "))
        }
    };
    let mut label = markdown::label(&field.label, INPUT_LABEL);
    if label.is_empty() {
        label = or_nothing(markdown::label(&field.name, INPUT_LABEL));
    }
    let mut input = json!({
        "type": 4,
        "style": if max > PARAGRAPH { 2 } else { 1 },
        "custom_id": field.name,
        "label": label,
        "max_length": max,
        "required": field.required,
    });
    let hint = markdown::label(&hint, PLACEHOLDER);
    if !hint.is_empty() {
        input["placeholder"] = hint.into();
    }
    if !field.value.is_empty() {
        input["value"] = markdown::verbatim(&field.value, usize::from(max)).into();
    }
    input
}

/// Completions. One whose value is too long is left out: cut, it would be another value.
pub(super) fn suggestions(suggestions: &[Suggestion]) -> Value {
    let choices: Vec<Value> = suggestions
        .iter()
        .filter(|suggestion| {
            !suggestion.value.is_empty() && length(&suggestion.value) <= SUGGESTION
        })
        .take(SUGGESTIONS)
        .map(|suggestion| {
            let name = or_nothing(markdown::label(&suggestion.label, SUGGESTION));
            json!({"name": name, "value": suggestion.value})
        })
        .collect();
    json!({"choices": choices})
}
