//! What a bot may put under a message: inline keyboards, force replies, reply keyboards, and why it may not.

use serde_json::{Value, json};

use super::refusal::Refusal;

const ROW: usize = 8;
const ALL: usize = 100;
/// The fields of an inline button that say what it does; exactly one is allowed.
const ACTIONS: &[&str] = &[
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
];

/// The markup as it is kept, or why the real server would refuse it. A keyboard without buttons is none.
pub fn check(markup: Value) -> Result<Option<Value>, Refusal> {
    let Value::Object(fields) = &markup else {
        return Err(Refusal::bad("object expected as reply markup"));
    };
    if let Some(rows) = fields.get("inline_keyboard") {
        return inline(rows);
    }
    if let Some(rows) = fields.get("keyboard") {
        reply_keyboard(rows)?;
        return Ok(Some(markup));
    }
    if let Some(force) = fields.get("force_reply") {
        placeholder(&markup)?;
        return Ok((force == &json!(true)).then_some(markup));
    }
    match fields.get("remove_keyboard") {
        Some(_) => Ok(Some(markup)),
        None if fields.is_empty() => Ok(None),
        None => Err(Refusal::bad(
            "can't parse reply keyboard markup JSON object",
        )),
    }
}

/// The same, where only an inline keyboard may stand: on edits.
pub fn check_inline(markup: Value) -> Result<Option<Value>, Refusal> {
    if markup.get("inline_keyboard").is_none() && markup != json!({}) {
        return Err(Refusal::bad("inline keyboard expected"));
    }
    check(markup)
}

fn inline(rows: &Value) -> Result<Option<Value>, Refusal> {
    let wrong = |why: &str| Refusal::bad(format!("can't parse inline keyboard button: {why}"));
    let rows = rows
        .as_array()
        .ok_or_else(|| Refusal::bad("field \"inline_keyboard\" must be of type Array"))?;
    let mut kept: Vec<Value> = Vec::new();
    let mut count = 0;
    for row in rows {
        let row = row
            .as_array()
            .ok_or_else(|| Refusal::bad("field \"inline_keyboard\" must be an Array of Arrays"))?;
        if row.len() > ROW {
            return Err(Refusal::bad(
                "reply markup is too long: a row holds at most 8 buttons",
            ));
        }
        for button in row {
            let text = button["text"]
                .as_str()
                .ok_or_else(|| wrong("Field \"text\" must be of type String"))?;
            if text.trim().is_empty() {
                return Err(wrong("button text must be non-empty"));
            }
            let actions: Vec<&&str> = ACTIONS
                .iter()
                .filter(|action| button.get(**action).is_some_and(|value| !value.is_null()))
                .collect();
            match actions.as_slice() {
                [] => return Err(wrong("Text buttons are unallowed in the inline keyboard")),
                [_] => {}
                _ => return Err(wrong("exactly one action is allowed")),
            }
            action(button)?;
        }
        count += row.len();
        if !row.is_empty() {
            kept.push(json!(row));
        }
    }
    if count > ALL {
        return Err(Refusal::bad("reply markup is too long"));
    }
    Ok((!kept.is_empty()).then(|| json!({ "inline_keyboard": kept })))
}

fn action(button: &Value) -> Result<(), Refusal> {
    if let Some(data) = button.get("callback_data").filter(|data| !data.is_null()) {
        let length = data.as_str().map_or(0, str::len);
        if !(1..=64).contains(&length) {
            return Err(Refusal::bad("BUTTON_DATA_INVALID"));
        }
    }
    if let Some(url) = button.get("url").filter(|url| !url.is_null()) {
        let url = url.as_str().unwrap_or_default();
        if !super::text::is_address(url) {
            return Err(Refusal::bad(format!(
                "inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
            )));
        }
    }
    Ok(())
}

fn reply_keyboard(rows: &Value) -> Result<(), Refusal> {
    let wrong = || Refusal::bad("field \"keyboard\" must be an Array of Arrays");
    for row in rows.as_array().ok_or_else(wrong)? {
        for button in row.as_array().ok_or_else(wrong)? {
            let text = button
                .as_str()
                .or_else(|| button["text"].as_str())
                .unwrap_or_default();
            if text.trim().is_empty() {
                return Err(Refusal::bad("keyboard button text must be non-empty"));
            }
        }
    }
    Ok(())
}

fn placeholder(markup: &Value) -> Result<(), Refusal> {
    match markup
        .get("input_field_placeholder")
        .and_then(Value::as_str)
    {
        Some(text) if !(1..=64).contains(&text.chars().count()) => Err(Refusal::bad(
            "input field placeholder must be 1-64 characters long",
        )),
        _ => Ok(()),
    }
}
