//! Every call that the bot made, held against the platforms' specifications and against other people's types.

use std::fs;
use std::sync::LazyLock;

use bursar::sandbox::Sandbox;
use bursar::sandbox::record::Call;
use serde_json::Value;

use super::{discord_calls, telegram_calls};
use crate::support::programs;

/// The specifications, where they are on this machine; in CI they must be.
static SPECIFICATIONS: LazyLock<Option<Specifications>> = LazyLock::new(|| {
    let folder = programs::specifications();
    assert!(
        folder.is_some() || !programs::is_ci(),
        "the platforms' specifications may not be left out in CI"
    );
    let folder = folder?;
    let read = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
    };
    Some(Specifications {
        discord: discord_calls::Specification::new(read("discord-openapi.json")),
        telegram: telegram_calls::Specification::new(read("telegram-bot-api.json")),
    })
});

struct Specifications {
    discord: discord_calls::Specification,
    telegram: telegram_calls::Specification,
}

/// Discord's specification, where it is there.
pub fn discord_specification() -> Option<&'static discord_calls::Specification> {
    SPECIFICATIONS.as_ref().map(|both| &both.discord)
}

/// Telegram's specification, where it is there.
pub fn telegram_specification() -> Option<&'static telegram_calls::Specification> {
    SPECIFICATIONS.as_ref().map(|both| &both.telegram)
}

/// What is wrong with the calls so far. A call that was refused is wrong as well, unless `expected` names it.
pub fn wrong(sandbox: &Sandbox, expected: &[(u16, &str)]) -> Vec<String> {
    let mut wrong = Vec::new();
    let (discord, telegram) = (sandbox.discord.record(), sandbox.telegram.record());
    for call in discord.calls() {
        wrong.extend(discord_calls::wrong(discord_specification(), &call));
    }
    for call in telegram.calls() {
        wrong.extend(telegram_calls::wrong(telegram_specification(), &call));
    }
    for call in discord.calls().iter().chain(&telegram.calls()) {
        let expected = expected
            .iter()
            .any(|(status, path)| call.status == *status && call.path.contains(path));
        // Status 0: the connection ended before there was an answer, as at a stop.
        if call.status >= 400 && !expected && !is_same(call) {
            wrong.push(format!(
                "{} {} was refused with {}: {}\n    {}",
                call.method, call.path, call.status, call.answer, call.body
            ));
        }
    }
    wrong
}

/// Whoever presses sees the outcome as the answer, and the card is brought up to date once more, in case that answer is
/// lost: either may come first, and Telegram refuses the second.
fn is_same(call: &Call) -> bool {
    let description = call.answer["description"].as_str();
    description.is_some_and(|what| what.contains("message is not modified"))
}
