//! The rules of forms that open over the chat.

use serde_json::Value;

use super::components::{Seen, select};
use crate::sandbox::discord::refusal::{Form, join};

/// Checks the data of a modal response. Faults lie below `data`.
pub fn modal(form: &mut Form, data: &Value) {
    form.text("data", data, "custom_id", true, 1, 100);
    form.text("data", data, "title", true, 1, 45);
    let rows = form.list("data", data, "components");
    let at = join("data", "components");
    if data["components"].is_null() {
        form.missing(&at);
        return;
    }
    form.count(&at, rows.len(), 1, 5);
    let mut seen = Seen::default();
    for (index, row) in rows.iter().enumerate() {
        let place = join(&at, index);
        match row["type"].as_i64() {
            Some(1) => {
                let children = form.list(&place, row, "components");
                let at = join(&place, "components");
                form.count(&at, children.len(), 1, 1);
                for (index, child) in children.iter().enumerate() {
                    let place = join(&at, index);
                    if child["type"].as_i64() == Some(4) {
                        text_input(form, &place, child, &mut seen, true);
                    } else {
                        form.not_one_of(&join(&place, "type"), "4");
                    }
                }
            }
            Some(18) => label(form, &place, row, &mut seen),
            Some(10) => {
                form.text(&place, row, "content", true, 1, 4_000);
            }
            _ => form.not_one_of(&join(&place, "type"), "1, 10, 18"),
        }
    }
}

fn label(form: &mut Form, place: &str, label: &Value, seen: &mut Seen) {
    form.text(place, label, "label", true, 1, 45);
    form.text(place, label, "description", false, 0, 100);
    let place = join(place, "component");
    let inner = &label["component"];
    match inner["type"].as_i64() {
        Some(4) => text_input(form, &place, inner, seen, false),
        Some(3 | 5..=8) => select(form, &place, inner, seen),
        Some(19) => seen.custom_id(form, &place, inner),
        None if inner.is_null() => form.missing(&place),
        _ => form.not_one_of(&join(&place, "type"), "3, 4, 5, 6, 7, 8, 19"),
    }
}

fn text_input(form: &mut Form, place: &str, input: &Value, seen: &mut Seen, labelled: bool) {
    seen.custom_id(form, place, input);
    if labelled {
        form.text(place, input, "label", true, 1, 45);
    }
    match form.integer(place, input, "style", i64::MIN, i64::MAX) {
        Some(1 | 2) => {}
        None if input["style"].is_null() => form.missing(&join(place, "style")),
        _ => form.not_one_of(&join(place, "style"), "1, 2"),
    }
    let least = form
        .integer(place, input, "min_length", 0, 4_000)
        .unwrap_or(0);
    let most = form
        .integer(place, input, "max_length", 1, 4_000)
        .unwrap_or(4_000);
    if least > most {
        let message = "min_length cannot be greater than max_length";
        form.fault(
            &join(place, "min_length"),
            "TEXT_INPUT_COMPONENT_LENGTH_INVALID",
            message,
        );
    }
    form.boolean(place, input, "required");
    form.text(place, input, "placeholder", false, 0, 100);
    let most = usize::try_from(most.clamp(1, 4_000)).unwrap_or(4_000);
    if let Some(value) = form.text(place, input, "value", false, 0, 4_000)
        && value.chars().count() > most
    {
        let message = format!("Must be {most} or fewer in length.");
        form.fault(&join(place, "value"), "BASE_TYPE_MAX_LENGTH", message);
    }
}
