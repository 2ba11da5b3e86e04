//! The bot itself: who it is, its commands by scope and language, its texts, its menu button.

use serde_json::{Value, json};

use super::{Answer, Call};
use crate::sandbox::telegram::model::{ChatKind, CommandScope, MenuCommand};
use crate::sandbox::telegram::refusal::Refusal;

/// `getMe`.
pub fn me(call: &Call) -> Value {
    let mut me = call.world.bot.json();
    for (capability, has) in [
        ("can_join_groups", true),
        ("can_read_all_group_messages", false),
        ("supports_guest_queries", false),
        ("supports_inline_queries", false),
        ("can_connect_to_business", false),
        ("has_main_web_app", false),
        ("has_topics_enabled", false),
        ("allows_users_to_create_topics", false),
        ("can_manage_bots", false),
        ("supports_join_request_queries", false),
    ] {
        me[capability] = json!(has);
    }
    me
}

fn scope(call: &Call) -> Result<CommandScope, Refusal> {
    let Some(scope) = call.given.json("scope", "bot command scope")? else {
        return Ok(CommandScope::Default);
    };
    let chat = || -> Result<i64, Refusal> {
        let named = match &scope["chat_id"] {
            Value::Number(id) => id.as_i64(),
            Value::String(name) => name.parse().ok().or_else(|| {
                let public = name.strip_prefix('@')?;
                let mut chats = call.world.chats.values();
                chats
                    .find(|chat| chat.username.as_deref() == Some(public))
                    .map(|chat| chat.id)
            }),
            _ => return Err(Refusal::bad("chat_id is empty")),
        };
        let known = named.filter(|id| call.world.chats.contains_key(id));
        known.ok_or_else(|| Refusal::bad("chat not found"))
    };
    let group = || -> Result<i64, Refusal> {
        let id = chat()?;
        if call.world.chats[&id].kind == ChatKind::Private {
            return Err(Refusal::bad("can't use specified scope in private chats"));
        }
        Ok(id)
    };
    Ok(match scope["type"].as_str() {
        Some("default") => CommandScope::Default,
        Some("all_private_chats") => CommandScope::AllPrivateChats,
        Some("all_group_chats") => CommandScope::AllGroupChats,
        Some("all_chat_administrators") => CommandScope::AllChatAdministrators,
        Some("chat") => CommandScope::Chat(chat()?),
        Some("chat_administrators") => CommandScope::ChatAdministrators(group()?),
        Some("chat_member") => {
            let user = scope["user_id"].as_i64().unwrap_or_default();
            if !call.world.users.contains_key(&user) {
                return Err(Refusal::bad("invalid user_id specified"));
            }
            CommandScope::ChatMember(group()?, user)
        }
        _ => {
            return Err(Refusal::bad(
                "can't parse BotCommandScope: unsupported type specified",
            ));
        }
    })
}

fn language(call: &Call) -> Result<String, Refusal> {
    let language = call.given.text("language_code").unwrap_or_default();
    let fine = language.is_empty()
        || (language.len() == 2 && language.bytes().all(|b| b.is_ascii_lowercase()));
    if !fine {
        return Err(Refusal::bad("invalid language code specified"));
    }
    Ok(language)
}

/// `setMyCommands`.
pub fn set_commands(call: &mut Call) -> Answer {
    let key = (scope(call)?, language(call)?);
    let list = call.given.json("commands", "commands")?.unwrap_or_default();
    let list = list
        .as_array()
        .ok_or_else(|| Refusal::bad("expected an Array of BotCommand"))?;
    if list.len() > 100 {
        return Err(Refusal::bad("BOT_COMMANDS_TOO_MUCH"));
    }
    let mut commands: Vec<MenuCommand> = Vec::new();
    for command in list {
        let (Some(name), Some(description)) =
            (command["command"].as_str(), command["description"].as_str())
        else {
            return Err(Refusal::bad(
                "can't parse BotCommand: command and description must be of type String",
            ));
        };
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let repeated = commands.iter().any(|known| known.command == name);
        if !(1..=32).contains(&name.len()) || !name.bytes().all(allowed) || repeated {
            return Err(Refusal::bad("BOT_COMMAND_INVALID"));
        }
        if !(1..=256).contains(&description.trim().chars().count()) {
            return Err(Refusal::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
        commands.push(MenuCommand {
            command: name.to_owned(),
            description: description.trim().to_owned(),
        });
    }
    if commands.is_empty() {
        call.world.commands.remove(&key);
    } else {
        call.world.commands.insert(key, commands);
    }
    Ok(true.into())
}

/// `getMyCommands`.
pub fn commands(call: &mut Call) -> Answer {
    let key = (scope(call)?, language(call)?);
    let commands = call.world.commands.get(&key).into_iter().flatten();
    Ok(commands
        .map(|command| json!({ "command": command.command, "description": command.description }))
        .collect())
}

/// `deleteMyCommands`.
pub fn delete_commands(call: &mut Call) -> Answer {
    let key = (scope(call)?, language(call)?);
    call.world.commands.remove(&key);
    Ok(true.into())
}

/// `setMyName` and its like.
pub fn set_text(call: &mut Call, kind: &'static str, longest: usize) -> Answer {
    let language = language(call)?;
    let text = call.given.text(kind).unwrap_or_default();
    if text.chars().count() > longest {
        return Err(Refusal::bad(format!("{kind} is too long")));
    }
    call.world.profile.insert((kind, language), text);
    Ok(true.into())
}

/// `getMyName` and its like.
pub fn text(call: &mut Call, kind: &'static str) -> Answer {
    let language = language(call)?;
    let texts = &call.world.profile;
    let text = [language, String::new()]
        .into_iter()
        .find_map(|language| texts.get(&(kind, language)).filter(|text| !text.is_empty()))
        .cloned();
    let standard = if kind == "name" {
        call.world.bot.first_name.clone()
    } else {
        String::new()
    };
    Ok(json!({ kind: text.unwrap_or(standard) }))
}

/// `setChatMenuButton`.
pub fn set_menu_button(call: &mut Call) -> Answer {
    let chat = if call.given.has("chat_id") {
        call.known_chat("chat_id")?.id
    } else {
        0
    };
    let button = call
        .given
        .json("menu_button", "menu button")?
        .unwrap_or_else(|| json!({ "type": "default" }));
    if !matches!(
        button["type"].as_str(),
        Some("commands" | "web_app" | "default")
    ) {
        return Err(Refusal::bad(
            "can't parse MenuButton: unsupported type specified",
        ));
    }
    call.world.menu_buttons.insert(chat, button);
    Ok(true.into())
}

/// `getChatMenuButton`.
pub fn menu_button(call: &mut Call) -> Answer {
    let chat = if call.given.has("chat_id") {
        call.known_chat("chat_id")?.id
    } else {
        0
    };
    let buttons = &call.world.menu_buttons;
    let button = buttons.get(&chat).or_else(|| buttons.get(&0)).cloned();
    Ok(button.unwrap_or_else(|| json!({ "type": "commands" })))
}
