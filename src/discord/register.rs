//! The catalogue as Discord's commands of one guild: the first word is the command, the second its subcommand.
//!
//! Nothing is `required` towards Discord: what is missing is asked for in a form. Discord allows 200 new commands a day,
//! so what is registered is read first and replaced only when it differs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serenity::http::{LightMethod, Request, Route};
use serenity::model::id::{ApplicationId, GuildId};

use super::Describe;
use super::markdown;
use super::rest::{Failure, PATIENCE, Rest};
use crate::commands::catalogue::{Command, Opt, OptionKind};

/// The languages that a Discord client may have. English is what everybody else gets.
const LOCALES: [&str; 30] = [
    "bg", "cs", "da", "de", "el", "es-419", "es-ES", "fi", "fr", "hi", "hr", "hu", "id", "it",
    "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi",
    "zh-CN", "zh-TW",
];
const ENGLISH: &str = "en";

const DESCRIPTION: usize = 100;
const CHOICES: usize = 25;
const TEXT: u16 = 6_000;

/// A command, subcommand or option as it is registered, with what Discord leaves out filled in: equal means the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    #[serde(rename = "type", default = "chat_input")]
    kind: u8,
    name: String,
    description: String,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    description_localizations: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    options: Vec<Entry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    choices: Vec<Choice>,
    #[serde(default, skip_serializing_if = "is_false")]
    required: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    autocomplete: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_length: Option<u16>,
    /// Ours never has any: everybody sees the commands, and each call is authorised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default_member_permissions: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Choice {
    name: String,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    name_localizations: BTreeMap<String, String>,
    value: String,
}

const CHAT_INPUT: u8 = 1;
const SUBCOMMAND: u8 = 1;
const STRING: u8 = 3;
const ATTACHMENT: u8 = 11;

fn chat_input() -> u8 {
    CHAT_INPUT
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Discord writes `null` for what was never set.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// What is to be registered.
pub(super) fn entries(commands: &[Command], describe: &Describe) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for command in commands.iter().filter(|command| command.listed) {
        let options = command.options.iter();
        let options = options.map(|option| option_entry(option, describe));
        let options: Vec<Entry> = options.collect();
        let Some((first, second)) = command.name.split_once(' ') else {
            entries.push(Entry {
                options,
                ..entry(CHAT_INPUT, command.name, &command.summary_id(), describe)
            });
            continue;
        };
        let at = entries.iter().position(|entry| entry.name == first);
        let at = at.unwrap_or_else(|| {
            let id = format!("command-{first}");
            entries.push(entry(CHAT_INPUT, first, &id, describe));
            entries.len() - 1
        });
        entries[at].options.push(Entry {
            options,
            ..entry(SUBCOMMAND, second, &command.summary_id(), describe)
        });
    }
    entries
}

fn option_entry(option: &Opt, describe: &Describe) -> Entry {
    let entry = entry(STRING, option.name, &Command::option_id(option), describe);
    match option.kind {
        OptionKind::Client => Entry {
            autocomplete: true,
            ..entry
        },
        OptionKind::Amount | OptionKind::Price | OptionKind::Pick => entry,
        OptionKind::Choice(values) => Entry {
            choices: values
                .iter()
                .take(CHOICES)
                .map(|value| choice(value, describe))
                .collect(),
            ..entry
        },
        OptionKind::Attachment { .. } => Entry {
            kind: ATTACHMENT,
            ..entry
        },
        OptionKind::Text(max) => Entry {
            max_length: Some(max.clamp(1, TEXT)),
            ..entry
        },
    }
}

fn choice(value: &str, describe: &Describe) -> Choice {
    let (name, name_localizations) =
        described(&format!("choice-{}", value.to_lowercase()), value, describe);
    Choice {
        name,
        name_localizations,
        value: value.to_owned(),
    }
}

fn entry(kind: u8, name: &str, id: &str, describe: &Describe) -> Entry {
    let (description, description_localizations) = described(id, name, describe);
    Entry {
        kind,
        name: name.to_owned(),
        description,
        description_localizations,
        options: Vec::new(),
        choices: Vec::new(),
        required: false,
        autocomplete: false,
        max_length: None,
        default_member_permissions: None,
    }
}

/// A description in English and in the languages where it differs.
fn described(id: &str, fallback: &str, describe: &Describe) -> (String, BTreeMap<String, String>) {
    let fit = |text: String| {
        let text = markdown::label(&text, DESCRIPTION);
        (!text.is_empty()).then_some(text)
    };
    let english = describe(id, ENGLISH).and_then(fit);
    let english = english.unwrap_or_else(|| markdown::label(fallback, DESCRIPTION));
    let others = LOCALES.iter().filter_map(|locale| {
        let text = describe(id, locale).and_then(fit)?;
        (text != english).then(|| ((*locale).to_owned(), text))
    });
    let others = others.collect();
    (english, others)
}

/// Brings the guild's commands to these; says whether anything had to change.
pub(super) async fn register(
    rest: &Rest,
    guild: GuildId,
    wanted: &[Entry],
) -> Result<bool, Failure> {
    let application = rest.application().await?;
    let request = Request::new(route(application, guild), LightMethod::Get);
    let request = request.params(Some(vec![("with_localizations", "true".to_owned())]));
    let registered = rest.send(request, PATIENCE).await?;
    if is_same(&registered, wanted) {
        return Ok(false);
    }
    let body = serde_json::to_value(wanted).unwrap_or_default();
    let route = route(application, guild);
    // Registering many commands takes Discord a while.
    let patience = PATIENCE * 3;
    rest.call(LightMethod::Put, route, Some(&body), patience)
        .await?;
    Ok(true)
}

fn route(application_id: ApplicationId, guild_id: GuildId) -> Route<'static> {
    Route::GuildCommands {
        application_id,
        guild_id,
    }
}

/// Whether what Discord lists comes to the same commands, whatever their order.
pub(super) fn is_same(registered: &Value, wanted: &[Entry]) -> bool {
    let Ok(mut registered) = serde_json::from_value::<Vec<Entry>>(registered.clone()) else {
        // A command of a kind that we never register, such as one with a number in its choices.
        return false;
    };
    let mut wanted = wanted.to_vec();
    registered.sort_by(|a, b| a.name.cmp(&b.name));
    wanted.sort_by(|a, b| a.name.cmp(&b.name));
    registered == wanted
}
