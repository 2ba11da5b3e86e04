//! A person types a command: what the client application offers, completes and refuses.

use serde_json::{Map, Value, json};

use super::options::Entry;
use super::person::{Choice, Deed};
use super::{Discord, Interaction, Outcome, Person, Unexpected};
use crate::sandbox::discord::model::{self, Id, Kind, World};
use crate::sandbox::discord::render;

/// A file given to an option: the option, the file's name, what is in it.
pub type GivenFile<'a> = (&'a str, &'a str, &'a [u8]);

impl Person {
    /// Uses a command, named with its group and subcommand (`"client find"`), with options by name.
    ///
    /// A suggestion seen before may be given by what it shows; its value is sent.
    pub async fn command(
        &self,
        path: &str,
        options: &[(&str, &str)],
    ) -> Result<Interaction, Unexpected> {
        self.command_with_files(path, options, &[]).await
    }

    /// Uses a command that takes files.
    // Async like every verb that the bot answers, so that callers read alike.
    #[expect(
        clippy::unused_async,
        reason = "verbs that send something to the bot are all async"
    )]
    pub async fn command_with_files(
        &self,
        path: &str,
        options: &[(&str, &str)],
        files: &[GivenFile<'_>],
    ) -> Result<Interaction, Unexpected> {
        let channel = self.here()?;
        let id = self.discord.with(|world| {
            let found = find(world, self.id, channel, path)?;
            let mut entry = Entry {
                world,
                path,
                resolved: Map::new(),
            };
            let mut given = Vec::new();
            for (name, text) in options {
                let option = found.option(path, name)?;
                given.push(entry.value(self.id, option, name, text)?);
            }
            for (name, filename, bytes) in files {
                found.option(path, name)?;
                given.push(entry.file(channel, name, filename, bytes));
            }
            for option in &found.options {
                let name = option["name"].as_str().unwrap_or_default();
                if option["required"] == true && !given.iter().any(|one| one["name"] == name) {
                    return Err(format!("/{path} needs the option {name}"));
                }
            }
            let resolved = entry.resolved;
            let data = found.data(given, resolved);
            let typed = options.iter().map(|(name, text)| format!(" {name}:{text}"));
            let attached = files
                .iter()
                .map(|(name, file, _)| format!(" {name}:({file})"));
            let wording = format!("/{path}{}", typed.chain(attached).collect::<String>());
            Ok(self.act(
                world,
                Deed {
                    kind: Kind::Command,
                    channel,
                    data,
                    wording,
                    message: None,
                    trigger: None,
                },
            ))
        });
        let id = id.map_err(|what| self.discord.unexpected(&what))?;
        Ok(Interaction::new(&self.discord, self.id, id, 0))
    }

    /// Types part of an option and gives what is suggested; `others` are the options filled in so far.
    pub async fn suggest(
        &self,
        path: &str,
        option: &str,
        typed: &str,
        others: &[(&str, &str)],
    ) -> Result<Vec<Choice>, Unexpected> {
        let channel = self.here()?;
        let id = self.discord.with(|world| {
            let found = find(world, self.id, channel, path)?;
            let focused = found.option(path, option)?.clone();
            if focused["autocomplete"] != true {
                return Err(format!("the option {option} of /{path} has no suggestions"));
            }
            let mut entry = Entry {
                world,
                path,
                resolved: Map::new(),
            };
            let mut given = Vec::new();
            for (name, text) in others {
                given.push(entry.value(self.id, found.option(path, name)?, name, text)?);
            }
            given.push(
                json!({ "name": option, "type": focused["type"], "value": typed, "focused": true }),
            );
            let data = found.data(given, entry.resolved);
            let wording = format!("/{path} {option}:{typed}...");
            Ok(self.act(
                world,
                Deed {
                    kind: Kind::Autocomplete,
                    channel,
                    data,
                    wording,
                    message: None,
                    trigger: None,
                },
            ))
        });
        let id = id.map_err(|what| self.discord.unexpected(&what))?;
        let asked = Interaction::new(&self.discord, self.id, id, 0);
        let Outcome::Choices(choices) = asked.outcome().await? else {
            return Err(self.discord.unexpected("Loading options failed"));
        };
        self.discord.with(|world| {
            let names: Vec<_> = choices.iter().map(|choice| choice.name.as_str()).collect();
            let line = format!(
                "{} is suggested: {}",
                world.user_name(self.id),
                names.join(" | ")
            );
            world.note(channel, &line);
            let shown = choices
                .iter()
                .map(|choice| json!({ "name": choice.name, "value": choice.value }));
            world
                .suggested
                .insert((self.id, format!("{path} {option}")), shown.collect());
        });
        Ok(choices)
    }

    /// The commands that the person can use where he is, each with its group and subcommand.
    pub fn commands(&self) -> Vec<String> {
        let Ok(channel) = self.here() else {
            return Vec::new();
        };
        self.discord.look(|world| {
            let usable = world
                .commands
                .values()
                .filter(|one| usable(world, self.id, channel, one));
            let mut paths = Vec::new();
            for command in usable {
                leaves(&command.body, "", &mut paths);
            }
            paths
        })
    }
}

fn leaves(node: &Value, before: &str, paths: &mut Vec<String>) {
    let path = format!("{before} {}", node["name"].as_str().unwrap_or_default())
        .trim()
        .to_owned();
    let options = node["options"].as_array().into_iter().flatten();
    let below: Vec<_> = options
        .filter(|one| matches!(one["type"].as_i64(), Some(1 | 2)))
        .collect();
    // At the top, 1 and 2 are kinds of commands; only below they mean subcommand and group.
    if below.is_empty() {
        paths.push(path);
    } else {
        for one in below {
            leaves(one, &path, paths);
        }
    }
}

/// A command as far as its last subcommand.
struct Found {
    command: model::Command,
    nesting: Vec<(i64, String)>,
    options: Vec<Value>,
}

fn usable(world: &World, user: Id, channel: Id, command: &model::Command) -> bool {
    if command.body["type"] != 1 {
        return false;
    }
    let guild = world
        .channels
        .get(&channel)
        .and_then(|channel| channel.guild);
    let context = u64::from(guild.is_none());
    let contexts = command.body["contexts"].as_array();
    if contexts.is_some_and(|list| !list.iter().any(|one| one.as_u64() == Some(context))) {
        return false;
    }
    match guild {
        None => {
            command.guild.is_none()
                && (contexts.is_some() || command.body["dm_permission"] != false)
        }
        Some(guild) => {
            let needed = command.body["default_member_permissions"]
                .as_str()
                .and_then(|bits| bits.parse::<u64>().ok());
            let own = world.permissions(guild, user);
            let permitted = match needed {
                None => true,
                Some(0) => own & model::ADMINISTRATOR != 0,
                Some(bits) => own & bits == bits,
            };
            permitted && command.guild.is_none_or(|only| only == guild)
        }
    }
}

fn find(world: &World, user: Id, channel: Id, path: &str) -> Result<Found, String> {
    let mut words = path.trim_start_matches('/').split_whitespace();
    let first = words.next().unwrap_or_default();
    let mut named = world
        .commands
        .values()
        .filter(|one| one.body["name"] == first);
    let Some(command) = named.find(|one| usable(world, user, channel, one)) else {
        let name = world.user_name(user);
        return Err(format!(
            "no command /{first} is offered to {name} in {}",
            world.channel_name(channel)
        ));
    };
    let list = |node: &Value| node["options"].as_array().cloned().unwrap_or_default();
    let mut options = list(&command.body);
    let mut nesting = Vec::new();
    for word in words {
        let below = options
            .iter()
            .find(|one| one["name"] == word && matches!(one["type"].as_i64(), Some(1 | 2)));
        let below = below.ok_or_else(|| format!("/{path} is not offered: there is no {word}"))?;
        nesting.push((below["type"].as_i64().unwrap_or(1), word.to_owned()));
        options = list(below);
    }
    if options
        .iter()
        .any(|one| matches!(one["type"].as_i64(), Some(1 | 2)))
    {
        return Err(format!(
            "/{path} is not a whole command: a subcommand must follow"
        ));
    }
    Ok(Found {
        command: command.clone(),
        nesting,
        options,
    })
}

impl Found {
    fn option(&self, path: &str, name: &str) -> Result<&Value, String> {
        let found = self.options.iter().find(|one| one["name"] == name);
        found.ok_or_else(|| format!("/{path} has no option {name}"))
    }

    fn data(&self, given: Vec<Value>, resolved: Map<String, Value>) -> Value {
        let mut options = given;
        for (kind, name) in self.nesting.iter().rev() {
            options = vec![json!({ "type": kind, "name": name, "options": options })];
        }
        let mut data = json!({
            "id": render::id(self.command.id),
            "name": self.command.body["name"],
            "type": 1,
            "options": options,
        });
        if let Some(guild) = self.command.guild {
            data["guild_id"] = render::id(guild);
        }
        if !resolved.is_empty() {
            data["resolved"] = Value::Object(resolved);
        }
        data
    }
}

/// Suggestions as the bot sent them.
pub(super) fn choices(list: &[Value]) -> Vec<Choice> {
    list.iter()
        .map(|choice| Choice {
            name: choice["name"].as_str().unwrap_or_default().to_owned(),
            value: choice["value"].clone(),
        })
        .collect()
}

impl Discord {
    /// Every command as registered: the server it belongs to, if any, and its JSON.
    pub fn registered_commands(&self) -> Vec<(Option<Id>, Value)> {
        self.look(|world| {
            world
                .commands
                .values()
                .map(|one| (one.guild, render::command(world, one)))
                .collect()
        })
    }
}
