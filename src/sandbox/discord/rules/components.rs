//! The rules of buttons, selects and their rows, and of the layouts called Components V2.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::sandbox::discord::refusal::{Form, join};

const ROW: i64 = 1;
const BUTTON: i64 = 2;

/// Checks all components of a message.
pub fn message(form: &mut Form, components: &[Value], v2: bool) {
    let mut seen = Seen::default();
    if v2 {
        if total(components) > 40 {
            let message = "The number of components exceeds the maximum of 40";
            form.fault("components", "COMPONENT_LAYOUT_MAX_COMPONENTS", message);
        }
    } else {
        form.count("components", components.len(), 0, 5);
    }
    for (at, component) in components.iter().enumerate() {
        let place = join("components", at);
        match component["type"].as_i64() {
            Some(ROW) => row(form, &place, component, &mut seen),
            Some(9..=14 | 17) if v2 => layout(form, &place, component, &mut seen, true),
            _ => form.not_one_of(
                &join(&place, "type"),
                if v2 { "1, 9, 10, 12, 13, 14, 17" } else { "1" },
            ),
        }
    }
}

/// Custom ids and values already used in this message or form.
#[derive(Default)]
pub struct Seen {
    custom_ids: HashSet<String>,
}

impl Seen {
    /// The required custom id of a component, which must be unique.
    pub fn custom_id(&mut self, form: &mut Form, place: &str, component: &Value) {
        if let Some(id) = form.text(place, component, "custom_id", true, 1, 100)
            && !self.custom_ids.insert(id.to_owned())
        {
            let message = "Component custom id cannot be duplicated";
            form.fault(
                &join(place, "custom_id"),
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                message,
            );
        }
    }
}

/// How many components there are, nested ones too.
fn total(components: &[Value]) -> usize {
    let below = |one: &Value| {
        let children = one["components"].as_array().map_or(0, |list| total(list));
        children + usize::from(one["accessory"].is_object())
    };
    components.iter().map(|one| 1 + below(one)).sum()
}

fn row(form: &mut Form, place: &str, row: &Value, seen: &mut Seen) {
    let children = form.list(place, row, "components");
    let at = join(place, "components");
    let selects = children
        .iter()
        .filter(|one| one["type"].as_i64() != Some(BUTTON))
        .count();
    if selects > 0 && children.len() > 1 {
        let message = "The specified component exceeds the maximum width";
        form.fault(&at, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message);
    }
    form.count(&at, children.len(), 1, 5);
    for (index, child) in children.iter().enumerate() {
        let place = join(&at, index);
        match child["type"].as_i64() {
            Some(BUTTON) => button(form, &place, child, seen),
            Some(3 | 5 | 6 | 7 | 8) => select(form, &place, child, seen),
            _ => form.not_one_of(&join(&place, "type"), "2, 3, 5, 6, 7, 8"),
        }
    }
}

fn button(form: &mut Form, place: &str, button: &Value, seen: &mut Seen) {
    let style = form.integer(place, button, "style", i64::MIN, i64::MAX);
    match style {
        Some(1..=4) => {
            seen.custom_id(form, place, button);
            if !button["url"].is_null() {
                let message = "A url cannot be specified for this button style";
                form.fault(
                    &join(place, "url"),
                    "BUTTON_COMPONENT_URL_NOT_ALLOWED",
                    message,
                );
            }
        }
        Some(5) => {
            if let Some(url) = form.text(place, button, "url", true, 1, 512) {
                check_url(
                    form,
                    &join(place, "url"),
                    url,
                    &["http://", "https://", "discord://"],
                );
            }
            if !button["custom_id"].is_null() {
                let message = "A custom id and url cannot both be specified";
                form.fault(
                    &join(place, "custom_id"),
                    "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                    message,
                );
            }
        }
        Some(6) => {
            form.text(place, button, "sku_id", true, 1, 20);
        }
        None if button["style"].is_null() => form.missing(&join(place, "style")),
        _ => form.not_one_of(&join(place, "style"), "1, 2, 3, 4, 5, 6"),
    }
    let label = form.text(place, button, "label", false, 0, 80);
    emoji(form, place, button);
    if style != Some(6) && label.is_none_or(str::is_empty) && button["emoji"].is_null() {
        let message = "A label or emoji must be specified";
        form.fault(place, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", message);
    }
    form.boolean(place, button, "disabled");
}

/// Checks a select of a message or of a form's label.
pub fn select(form: &mut Form, place: &str, select: &Value, seen: &mut Seen) {
    seen.custom_id(form, place, select);
    form.text(place, select, "placeholder", false, 0, 150);
    let least = form
        .integer(place, select, "min_values", 0, 25)
        .unwrap_or(1);
    let most = form
        .integer(place, select, "max_values", 1, 25)
        .unwrap_or(1);
    if least > most {
        let message = "min_values cannot be greater than max_values";
        form.fault(
            &join(place, "min_values"),
            "SELECT_COMPONENT_MIN_VALUES_INVALID",
            message,
        );
    }
    form.boolean(place, select, "disabled");
    if select["type"].as_i64() != Some(3) {
        return;
    }
    let options = form.list(place, select, "options");
    let at = join(place, "options");
    if select["options"].is_null() {
        form.missing(&at);
        return;
    }
    form.count(&at, options.len(), 1, 25);
    if options.len() < usize::try_from(most).unwrap_or(0) {
        let message = "max_values cannot be greater than the number of options";
        form.fault(
            &join(place, "max_values"),
            "SELECT_COMPONENT_MAX_VALUES_INVALID",
            message,
        );
    }
    let mut values = HashSet::new();
    let mut defaults = 0;
    for (index, option) in options.iter().enumerate() {
        let place = join(&at, index);
        form.text(&place, option, "label", true, 1, 100);
        form.text(&place, option, "description", false, 0, 100);
        emoji(form, &place, option);
        defaults += i64::from(form.boolean(&place, option, "default"));
        if let Some(value) = form.text(&place, option, "value", true, 1, 100)
            && !values.insert(value.to_owned())
        {
            let message = "The specified option value is already used";
            form.fault(
                &join(&place, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                message,
            );
        }
    }
    if defaults > most {
        let message = "Cannot set more default options than max_values";
        form.fault(&at, "SELECT_COMPONENT_TOO_MANY_DEFAULTS", message);
    }
}

fn layout(form: &mut Form, place: &str, component: &Value, seen: &mut Seen, top: bool) {
    let children = form.list(place, component, "components");
    let at = join(place, "components");
    match component["type"].as_i64() {
        Some(9) => {
            form.count(&at, children.len(), 1, 3);
            for (index, child) in children.iter().enumerate() {
                let place = join(&at, index);
                if child["type"].as_i64() == Some(10) {
                    layout(form, &place, child, seen, false);
                } else {
                    form.not_one_of(&join(&place, "type"), "10");
                }
            }
            let place = join(place, "accessory");
            let accessory = &component["accessory"];
            match accessory["type"].as_i64() {
                Some(BUTTON) => button(form, &place, accessory, seen),
                Some(11) => {
                    form.text(
                        &join(&place, "media"),
                        &accessory["media"],
                        "url",
                        true,
                        1,
                        2048,
                    );
                }
                None if accessory.is_null() => form.missing(&place),
                _ => form.not_one_of(&join(&place, "type"), "2, 11"),
            }
        }
        Some(10) => {
            form.text(place, component, "content", true, 1, 4_000);
        }
        Some(12) => {
            let items = form.list(place, component, "items");
            form.count(&join(place, "items"), items.len(), 1, 10);
        }
        Some(13) => {
            form.text(
                &join(place, "file"),
                &component["file"],
                "url",
                true,
                1,
                2048,
            );
        }
        Some(14) => {
            form.integer(place, component, "spacing", 1, 2);
        }
        Some(17) if top => {
            form.integer(place, component, "accent_color", 0, 0xFF_FFFF);
            for (index, child) in children.iter().enumerate() {
                let place = join(&at, index);
                match child["type"].as_i64() {
                    Some(ROW) => row(form, &place, child, seen),
                    Some(9..=10 | 12..=14) => layout(form, &place, child, seen, false),
                    _ => form.not_one_of(&join(&place, "type"), "1, 9, 10, 12, 13, 14"),
                }
            }
        }
        _ => form.not_one_of(&join(place, "type"), "1, 9, 10, 12, 13, 14, 17"),
    }
}

fn emoji(form: &mut Form, place: &str, component: &Value) {
    let emoji = &component["emoji"];
    if emoji.is_null() {
        return;
    }
    let custom = emoji["id"]
        .as_str()
        .is_some_and(|id| id.parse::<u64>().is_ok());
    let picture = emoji["name"].as_str().is_some_and(|name| !name.is_ascii());
    if !custom && !picture {
        let message = "Invalid emoji";
        form.fault(
            &join(&join(place, "emoji"), "name"),
            "COMPONENT_INVALID_EMOJI",
            message,
        );
    }
}

/// Notes a URL with another scheme.
pub fn check_url(form: &mut Form, place: &str, url: &str, schemes: &[&str]) {
    if !schemes.iter().any(|scheme| url.starts_with(scheme)) {
        let names: Vec<_> = schemes
            .iter()
            .map(|scheme| format!("'{}'", scheme.trim_end_matches("://")))
            .collect();
        let message = format!(
            "Scheme \"{url}\" is not supported. Scheme must be one of ({}).",
            names.join(", ")
        );
        form.fault(place, "URL_TYPE_INVALID_SCHEME", message);
    }
}

/// Gives every component without one the number that the server assigns.
pub fn number(components: &[Value]) -> Vec<Value> {
    let mut next = 1;
    components
        .iter()
        .map(|component| numbered(component, &mut next))
        .collect()
}

fn numbered(component: &Value, next: &mut i64) -> Value {
    let mut component = component.clone();
    if component["id"].as_i64().is_none_or(|id| id == 0) {
        component["id"] = json!(*next);
    }
    *next += 1;
    if let Some(children) = component["components"].as_array() {
        component["components"] = children.iter().map(|child| numbered(child, next)).collect();
    }
    if component["accessory"].is_object() {
        component["accessory"] = numbered(&component["accessory"], next);
    }
    component
}
