//! The rules of application commands: names, nesting, order of options, choices, sizes.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::sandbox::discord::refusal::{Form, join};

/// The most commands of each type in one scope: (type, number).
pub const MOST_COMMANDS: [(i64, usize); 3] = [(1, 100), (2, 15), (3, 15)];
/// The most characters of one command, over all names, descriptions and values.
const MOST_CHARACTERS: usize = 8_000;
/// Integers that JavaScript holds exactly.
const SAFE: i64 = 9_007_199_254_740_991;

const LOCALES: &str = "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko";

const SUBCOMMAND: i64 = 1;
const GROUP: i64 = 2;

/// Notes the faults of one command. Gives the command as it is stored, with defaults filled in.
pub fn command(form: &mut Form, place: &str, body: &Value) -> Value {
    if !body.is_object() {
        form.fault(
            place,
            "DICT_TYPE_CONVERT",
            "Only dictionaries may be used in a DictType",
        );
        return Value::Null;
    }
    let kind = form
        .integer(place, body, "type", i64::MIN, i64::MAX)
        .unwrap_or(1);
    if !(1..=4).contains(&kind) {
        form.not_one_of(&join(place, "type"), "1, 2, 3, 4");
    }
    let chat_input = kind == 1;
    if let Some(name) = form.text(place, body, "name", true, 1, 32)
        && chat_input
    {
        check_name(form, &join(place, "name"), name);
    }
    localizations(form, place, body, "name_localizations", 32, chat_input);
    localizations(form, place, body, "description_localizations", 100, false);
    if chat_input {
        form.text(place, body, "description", true, 1, 100);
    } else if body["description"]
        .as_str()
        .is_some_and(|text| !text.is_empty())
    {
        let message = "Context menu commands cannot have description";
        form.fault(
            &join(place, "description"),
            "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED",
            message,
        );
    }
    let options = form.list(place, body, "options");
    if !chat_input && !options.is_empty() {
        let message = "Context menu commands cannot have options";
        form.fault(
            &join(place, "options"),
            "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_NOT_ALLOWED",
            message,
        );
    }
    self::options(form, &join(place, "options"), options, 0);
    for (key, most) in [("contexts", 2), ("integration_types", 1)] {
        if let Some(list) = body[key].as_array() {
            form.count(&join(place, key), list.len(), 1, 3);
        }
        for (at, one) in form.list(place, body, key).iter().enumerate() {
            if !one.as_i64().is_some_and(|one| (0..=most).contains(&one)) {
                let possible = if most == 2 { "0, 1, 2" } else { "0, 1" };
                form.not_one_of(&join(&join(place, key), at), possible);
            }
        }
    }
    let permissions = &body["default_member_permissions"];
    let numeric = permissions
        .as_str()
        .is_some_and(|text| text.parse::<u64>().is_ok());
    if !permissions.is_null() && !numeric && !permissions.is_u64() {
        let message = "Could not interpret value as permissions.";
        form.fault(
            &join(place, "default_member_permissions"),
            "NUMBER_TYPE_COERCE",
            message,
        );
    }
    if size(body) > MOST_CHARACTERS {
        let message = format!("Command exceeds maximum size ({MOST_CHARACTERS})");
        form.fault(place, "APPLICATION_COMMAND_TOO_LARGE", message);
    }
    stored(body, kind)
}

fn options(form: &mut Form, place: &str, options: &[Value], depth: usize) {
    form.count(place, options.len(), 0, 25);
    let mut names = HashSet::new();
    let mut optional_seen = false;
    let nested = |option: &Value| matches!(option["type"].as_i64(), Some(SUBCOMMAND | GROUP));
    let mixed = options.iter().any(nested) && !options.iter().all(nested);
    for (at, option) in options.iter().enumerate() {
        let place = join(place, at);
        if let Some(name) = self::option(form, &place, option, depth)
            && !names.insert(name.to_owned())
        {
            let message = "Option names must be unique";
            form.fault(
                &join(&place, "name"),
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                message,
            );
        }
        if mixed && !nested(option) {
            let message = "Sub-command and sub-command group option types are mutually exclusive to all other types";
            form.fault(
                &join(&place, "type"),
                "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                message,
            );
        }
        if nested(option) {
            continue;
        }
        if form.boolean(&place, option, "required") {
            if optional_seen {
                let message = "Required options must be placed before non-required options";
                form.fault(
                    &place,
                    "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                    message,
                );
            }
        } else {
            optional_seen = true;
        }
    }
}

/// Checks one option and gives its name.
fn option<'v>(form: &mut Form, place: &str, option: &'v Value, depth: usize) -> Option<&'v str> {
    if !option.is_object() {
        form.fault(
            place,
            "DICT_TYPE_CONVERT",
            "Only dictionaries may be used in a DictType",
        );
        return None;
    }
    let name = form.text(place, option, "name", true, 1, 32);
    if let Some(name) = name {
        check_name(form, &join(place, "name"), name);
    }
    form.text(place, option, "description", true, 1, 100);
    localizations(form, place, option, "name_localizations", 32, true);
    localizations(form, place, option, "description_localizations", 100, false);
    let Some(kind) = form.integer(place, option, "type", i64::MIN, i64::MAX) else {
        if option["type"].is_null() {
            form.missing(&join(place, "type"));
        }
        return name;
    };
    if !(1..=11).contains(&kind) {
        form.not_one_of(&join(place, "type"), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11");
        return name;
    }
    let children = form.list(place, option, "options");
    match (kind, depth) {
        (GROUP, 0) => {
            let only_subcommands = children
                .iter()
                .all(|child| child["type"].as_i64() == Some(SUBCOMMAND));
            if !only_subcommands {
                let message = "Sub-command groups can only contain sub-commands";
                form.fault(
                    &join(place, "options"),
                    "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                    message,
                );
            }
            options(form, &join(place, "options"), children, 1);
        }
        (SUBCOMMAND, 0 | 1) => options(form, &join(place, "options"), children, 2),
        (GROUP | SUBCOMMAND, _) => {
            let message = "Sub-commands and sub-command groups cannot be nested here";
            form.fault(
                &join(place, "type"),
                "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                message,
            );
        }
        _ if !children.is_empty() => {
            let message = "Only sub-commands and sub-command groups may have options";
            form.fault(
                &join(place, "options"),
                "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                message,
            );
        }
        _ => values(form, place, option, kind),
    }
    name
}

/// Choices, autocomplete and bounds.
fn values(form: &mut Form, place: &str, option: &Value, kind: i64) {
    let takes_choices = matches!(kind, 3 | 4 | 10);
    let choices = form.list(place, option, "choices");
    let at = join(place, "choices");
    form.count(&at, choices.len(), 0, 25);
    let autocomplete = form.boolean(place, option, "autocomplete");
    if !choices.is_empty() && (autocomplete || !takes_choices) {
        let message = "Choices may not be set for this option";
        form.fault(
            &at,
            "APPLICATION_COMMAND_OPTIONS_CHOICES_NOT_ALLOWED",
            message,
        );
    }
    if autocomplete && !takes_choices {
        let message = "Autocomplete may not be set for this option type";
        form.fault(
            &join(place, "autocomplete"),
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_NOT_ALLOWED",
            message,
        );
    }
    self::choices(form, &at, choices, kind);
    if kind == 3 {
        let least = form.integer(place, option, "min_length", 0, 6_000);
        let most = form.integer(place, option, "max_length", 1, 6_000);
        if least.zip(most).is_some_and(|(least, most)| least > most) {
            let message = "min_length cannot be greater than max_length";
            form.fault(
                &join(place, "min_length"),
                "APPLICATION_COMMAND_OPTION_LENGTH_INVALID",
                message,
            );
        }
    }
    for key in ["min_value", "max_value"] {
        let bound = &option[key];
        if bound.is_null() {
            continue;
        }
        let fits = match kind {
            4 => bound
                .as_i64()
                .is_some_and(|bound| (-SAFE..=SAFE).contains(&bound)),
            10 => bound.is_number(),
            _ => false,
        };
        if !fits {
            let message = format!("{key} may not be set so for this option type");
            form.fault(
                &join(place, key),
                "APPLICATION_COMMAND_OPTION_VALUE_INVALID",
                message,
            );
        }
    }
    for (at, one) in form.list(place, option, "channel_types").iter().enumerate() {
        if kind != 7 || !one.as_i64().is_some_and(|one| (0..=16).contains(&one)) {
            form.not_one_of(
                &join(&join(place, "channel_types"), at),
                "0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16",
            );
        }
    }
}

/// The rules of choices, which suggestions obey too.
pub fn choices(form: &mut Form, place: &str, choices: &[Value], kind: i64) {
    let mut names = HashSet::new();
    for (at, choice) in choices.iter().enumerate() {
        let place = join(place, at);
        if let Some(name) = form.text(&place, choice, "name", true, 1, 100)
            && !names.insert(name.to_owned())
        {
            let message = "Choice names must be unique";
            form.fault(
                &join(&place, "name"),
                "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS",
                message,
            );
        }
        let value = &choice["value"];
        match kind {
            3 => {
                form.text(&place, choice, "value", true, 0, 100);
            }
            4 if !value
                .as_i64()
                .is_some_and(|value| (-SAFE..=SAFE).contains(&value)) =>
            {
                let message = "Could not interpret value as integer.";
                form.fault(&join(&place, "value"), "NUMBER_TYPE_COERCE", message);
            }
            10 if !value.is_number() => {
                let message = "Could not interpret value as number.";
                form.fault(&join(&place, "value"), "NUMBER_TYPE_COERCE", message);
            }
            _ => {}
        }
    }
}

fn check_name(form: &mut Form, place: &str, name: &str) {
    let fits = |letter: char| {
        (letter.is_alphanumeric() || matches!(letter, '-' | '_' | '\'') || is_mark(letter))
            && letter.to_lowercase().eq([letter])
    };
    if !name.chars().all(fits) {
        let message = "Command name is invalid";
        form.fault(place, "APPLICATION_COMMAND_INVALID_NAME", message);
    }
}

/// Vowel signs of Devanagari and Thai, which names may contain.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{900}'..='\u{97F}' | '\u{E00}'..='\u{E7F}')
}

fn localizations(
    form: &mut Form,
    place: &str,
    object: &Value,
    key: &str,
    most: usize,
    names: bool,
) {
    let place = join(place, key);
    let map = match &object[key] {
        Value::Null => return,
        Value::Object(map) => map,
        _ => {
            form.fault(
                &place,
                "DICT_TYPE_CONVERT",
                "Only dictionaries may be used in a DictType",
            );
            return;
        }
    };
    for (locale, text) in map {
        if !LOCALES.split(' ').any(|known| known == locale) {
            form.not_one_of(&place, &LOCALES.replace(' ', ", "));
        }
        let place = join(&place, locale);
        match text.as_str() {
            Some(text) => {
                form.length(&place, text, 1, most);
                if names {
                    check_name(form, &place, text);
                }
            }
            None if text.is_null() => {}
            None => form.fault(
                &place,
                "STRING_TYPE_CONVERT",
                "Could not interpret value as string.",
            ),
        }
    }
}

/// Characters of all names, descriptions and values; of translations only the longest counts.
fn size(object: &Value) -> usize {
    let text = |key: &str, translations: &str| {
        let own = object[key].as_str().map_or(0, |text| text.chars().count());
        let others = object[translations]
            .as_object()
            .into_iter()
            .flat_map(Map::values);
        let longest = others
            .filter_map(Value::as_str)
            .map(|text| text.chars().count())
            .max();
        own.max(longest.unwrap_or(0))
    };
    let value = object["value"]
        .as_str()
        .map_or(0, |text| text.chars().count());
    let below = ["options", "choices"]
        .iter()
        .filter_map(|key| object[key].as_array())
        .flatten();
    text("name", "name_localizations")
        + text("description", "description_localizations")
        + value
        + below.map(size).sum::<usize>()
}

fn stored(body: &Value, kind: i64) -> Value {
    let given = |key: &str, default: Value| {
        if body[key].is_null() {
            default
        } else {
            body[key].clone()
        }
    };
    let permissions = &body["default_member_permissions"];
    let permissions = permissions
        .as_u64()
        .map_or_else(|| permissions.clone(), |bits| json!(bits.to_string()));
    let mut command = json!({
        "type": kind,
        "name": body["name"],
        "name_localizations": body["name_localizations"],
        "description": given("description", json!("")),
        "description_localizations": body["description_localizations"],
        "default_member_permissions": permissions,
        "dm_permission": given("dm_permission", json!(true)),
        "contexts": body["contexts"],
        "integration_types": given("integration_types", json!([0])),
        "nsfw": given("nsfw", json!(false)),
    });
    if kind == 1
        && body["options"]
            .as_array()
            .is_some_and(|options| !options.is_empty())
    {
        command["options"] = body["options"].clone();
    }
    command
}
