//! The command menu: a rendering of the catalogue, set only where Telegram shows another one.

use std::sync::Arc;

use serde::de::IgnoredAny;
use teloxide::payloads::{
    DeleteMyCommands, DeleteMyCommandsSetters as _, GetMyCommands, GetMyCommandsSetters as _,
    SetMyCommands, SetMyCommandsSetters as _,
};
use teloxide::types::{BotCommand, BotCommandScope, ChatId, Recipient};

use super::Describe;
use super::wire::{Failure, Wire};
use crate::commands::catalogue::Command;
use crate::domain::role::Role;

/// The most commands of a menu.
const COMMANDS: usize = 100;
/// The longest name.
const NAME: usize = 32;
/// The longest description, in characters.
const DESCRIPTION: usize = 256;

/// Sets menus.
#[derive(Clone)]
pub(super) struct Register {
    pub(super) wire: Wire,
    pub(super) commands: &'static [Command],
    pub(super) describe: Arc<Describe>,
}

impl Register {
    /// The menu of everybody who has none of his own, in the default language and in these.
    pub(super) async fn everywhere(&self, languages: &[String]) -> Result<(), Failure> {
        let default = self.menu(None, "");
        self.set(BotCommandScope::Default, None, &default).await?;
        for language in languages {
            let menu = self.menu(None, language);
            self.set(BotCommandScope::Default, Some(language), &menu)
                .await?;
        }
        Ok(())
    }

    /// The menu of a role in one chat. Without a role the chat has the menu of everybody.
    pub(super) async fn in_chat(
        &self,
        chat: i64,
        role: Option<Role>,
        locale: &str,
    ) -> Result<(), Failure> {
        let menu = match role {
            None => Vec::new(),
            Some(_) => self.menu(role, locale),
        };
        let chat_id = Recipient::Id(ChatId(chat));
        self.set(BotCommandScope::Chat { chat_id }, None, &menu)
            .await
    }

    /// What somebody of that role sees.
    fn menu(&self, role: Option<Role>, locale: &str) -> Vec<BotCommand> {
        let shown = self
            .commands
            .iter()
            .filter(|command| command.listed && command.gate.admits(role));
        shown
            .filter_map(|command| {
                let name = command.name.replace(' ', "_");
                let id = command.summary_id();
                let said = (self.describe)(&id, locale);
                // In the default language rather than not at all.
                let description = said
                    .or_else(|| (self.describe)(&id, ""))
                    .map(|text| described(&text))
                    .filter(|text| !text.is_empty());
                let Some(description) = description.filter(|_| is_name(&name)) else {
                    tracing::error!(command = command.name, "a command cannot stand in the menu");
                    return None;
                };
                Some(BotCommand::new(name, description))
            })
            .take(COMMANDS)
            .collect()
    }

    async fn set(
        &self,
        scope: BotCommandScope,
        language: Option<&str>,
        menu: &[BotCommand],
    ) -> Result<(), Failure> {
        let mut get = GetMyCommands::new().scope(scope.clone());
        get.language_code = language.map(str::to_owned);
        match self.wire.call::<_, Vec<BotCommand>>(&get).await {
            Ok(known) if known == menu => return Ok(()),
            // A menu that cannot be read is set all the same.
            Ok(_) | Err(Failure::Refused { .. }) => {}
            Err(failure) => return Err(failure),
        }
        if menu.is_empty() {
            let mut delete = DeleteMyCommands::new().scope(scope);
            delete.language_code = language.map(str::to_owned);
            self.wire.call::<_, IgnoredAny>(&delete).await?;
        } else {
            let mut set = SetMyCommands::new(menu.to_vec()).scope(scope);
            set.language_code = language.map(str::to_owned);
            self.wire.call::<_, IgnoredAny>(&set).await?;
        }
        Ok(())
    }
}

fn is_name(name: &str) -> bool {
    let taken = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
    (1..=NAME).contains(&name.len()) && name.bytes().all(taken)
}

fn described(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= DESCRIPTION {
        return line;
    }
    let kept: String = line.chars().take(DESCRIPTION - 1).collect();
    format!("{}…", kept.trim_end())
}
