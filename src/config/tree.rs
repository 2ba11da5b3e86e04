//! The file and the environment as one tree of names, in which every value remembers the line or the variable that it
//! came from.

use std::collections::BTreeMap;

use toml::de::{DeArray, DeTable, DeValue};

use super::faults::{Diagnostic, Place};
use super::kind::Shape;

const PREFIX: &str = "BURSAR__";

/// A single value as it was written.
#[derive(Debug)]
pub(super) enum Value {
    Scalar {
        shape: Shape,
        text: String,
    },
    List(Vec<Entry>),
    /// From the environment, where the reader decides whether it is a list.
    Variable(String),
}

/// A value and where it was written.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) place: Place,
    pub(super) value: Value,
}

/// What stands under one name. The file may say one thing and the environment another, which then wins.
#[derive(Debug, Default)]
pub(super) struct Slot {
    pub(super) file: Option<Entry>,
    pub(super) variable: Option<Entry>,
    pub(super) table: Option<Table>,
}

/// Names and what stands under them.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) header: Option<Place>,
    pub(super) slots: BTreeMap<String, Slot>,
}

/// The name of the variable that stands for a key.
pub(super) fn variable(section: &str, key: &str) -> String {
    format!("{PREFIX}{}__{key}", section.replace('.', "__")).to_uppercase()
}

/// Whether this is an empty variable, which compose files pass for an unset one.
pub(super) fn is_blank(entry: &Entry) -> bool {
    matches!(&entry.value, Value::Variable(text) if text.trim().is_empty())
}

/// What the file says.
pub(super) fn table(file: &str, text: &str, parsed: &DeTable<'_>, header: Option<Place>) -> Table {
    let mut slots = BTreeMap::new();
    for (key, value) in parsed {
        let place = Place::line(file, text, key.span().start);
        let mut slot = Slot::default();
        match value.get_ref() {
            DeValue::Table(below) => slot.table = Some(table(file, text, below, Some(place))),
            value => {
                let value = scalar_or_list(file, text, value);
                slot.file = Some(Entry { place, value });
            }
        }
        slots.insert(key.get_ref().clone().into_owned(), slot);
    }
    Table { header, slots }
}

fn scalar_or_list(file: &str, text: &str, value: &DeValue<'_>) -> Value {
    let (shape, text) = match value {
        DeValue::String(written) => (Shape::Text, written.clone().into_owned()),
        DeValue::Integer(written) => {
            // Hexadecimal and the like are the same number in decimal digits.
            let decimal = i128::from_str_radix(written.as_str(), written.radix());
            let shown = decimal.map_or_else(|_| written.to_string(), |number| number.to_string());
            (Shape::Integer, shown)
        }
        DeValue::Float(written) => (Shape::Float, written.as_str().to_owned()),
        DeValue::Boolean(written) => (Shape::Flag, written.to_string()),
        DeValue::Datetime(written) => (Shape::Other, written.to_string()),
        DeValue::Table(_) => (Shape::Other, "a table".to_owned()),
        DeValue::Array(items) => return list(file, text, items),
    };
    Value::Scalar { shape, text }
}

fn list(file: &str, text: &str, items: &DeArray<'_>) -> Value {
    let entries = items.iter().map(|item| Entry {
        place: Place::line(file, text, item.span().start),
        value: scalar_or_list(file, text, item.get_ref()),
    });
    Value::List(entries.collect())
}

/// A list in a variable: a TOML (or JSON) array, or items with commas between them.
pub(super) fn split(text: &str, place: &Place) -> Result<Vec<Entry>, String> {
    let text = text.trim();
    if text.starts_with('[') {
        let parsed =
            DeValue::parse(text).map_err(|error| format!("is not a list: {}", error.message()))?;
        if let DeValue::Array(items) = parsed.get_ref() {
            let entries = items.iter().map(|item| Entry {
                place: place.clone(),
                value: scalar_or_list("", text, item.get_ref()),
            });
            return Ok(entries.collect());
        }
    }
    let items = text
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    let entries = items.map(|item| Entry {
        place: place.clone(),
        value: Value::Variable(item.to_owned()),
    });
    Ok(entries.collect())
}

/// Lays the variables over what the file says.
pub(super) fn overlay(
    root: &mut Table,
    env: impl Iterator<Item = (String, String)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (name, text) in env {
        let Some(path) = name.strip_prefix(PREFIX) else {
            continue;
        };
        let place = Place::Variable { name: name.clone() };
        let path = path.to_lowercase();
        let mut parts: Vec<&str> = path.split("__").collect();
        let key = parts.pop().unwrap_or_default();
        if parts.is_empty() || parts.len() > 2 || key.is_empty() {
            let message = "is not a setting; write for example BURSAR__DATABASE__URL";
            diagnostics.push(Diagnostic::new(place, message));
            continue;
        }
        let mut table = &mut *root;
        for part in parts {
            let slot = table.slots.entry(part.to_owned()).or_default();
            table = slot.table.get_or_insert_default();
        }
        let slot = table.slots.entry(key.to_owned()).or_default();
        if slot.variable.is_some() {
            let message = "is given twice, in upper and in lower case";
            diagnostics.push(Diagnostic::new(place, message));
            continue;
        }
        slot.variable = Some(Entry {
            place,
            value: Value::Variable(text),
        });
    }
}
