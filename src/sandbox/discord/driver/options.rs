//! What the client application makes of the options that a person fills in: values of their types, and what it refuses.

use serde_json::{Map, Value, json};

use crate::sandbox::discord::model::{Attachment, Id, World};
use crate::sandbox::discord::render;

/// The options being filled in.
pub(super) struct Entry<'w> {
    pub world: &'w mut World,
    pub path: &'w str,
    pub resolved: Map<String, Value>,
}

impl Entry<'_> {
    /// What is sent for a typed text.
    pub fn value(
        &mut self,
        user: Id,
        option: &Value,
        name: &str,
        text: &str,
    ) -> Result<Value, String> {
        let kind = option["type"].as_i64().unwrap_or(3);
        let shown = self
            .world
            .suggested
            .get(&(user, format!("{} {name}", self.path)));
        let picked = shown
            .and_then(|shown| shown.iter().find(|one| one["name"] == text))
            .map(|one| one["value"].clone());
        let choices = option["choices"]
            .as_array()
            .filter(|choices| !choices.is_empty());
        let value = match (picked, choices) {
            (Some(value), _) => value,
            (None, Some(choices)) => {
                let same = |one: &&Value| {
                    one["name"] == text || one["value"] == text || typed_form(&one["value"]) == text
                };
                let choice = choices.iter().find(same);
                choice.ok_or_else(|| format!("{text} is not among the choices of {name}"))?["value"]
                    .clone()
            }
            (None, None) => self.typed(option, kind, name, text)?,
        };
        Ok(json!({ "type": kind, "name": name, "value": value }))
    }

    fn typed(
        &mut self,
        option: &Value,
        kind: i64,
        name: &str,
        text: &str,
    ) -> Result<Value, String> {
        let bad = |what: &str| format!("the client does not send {name}:{text}: {what}");
        match kind {
            3 => {
                let length = text.chars().count() as u64;
                if length == 0 || length < option["min_length"].as_u64().unwrap_or(0) {
                    return Err(bad("too short"));
                }
                if length > option["max_length"].as_u64().unwrap_or(6_000) {
                    return Err(bad("too long"));
                }
                Ok(json!(text))
            }
            4 | 10 => {
                let number: Value = match kind {
                    4 => text
                        .parse::<i64>()
                        .map(Value::from)
                        .map_err(|_| bad("not a whole number"))?,
                    _ => text
                        .parse::<f64>()
                        .map(Value::from)
                        .map_err(|_| bad("not a number"))?,
                };
                let size = number.as_f64().unwrap_or(0.0);
                if option["min_value"]
                    .as_f64()
                    .is_some_and(|least| size < least)
                {
                    return Err(bad("too small"));
                }
                if option["max_value"].as_f64().is_some_and(|most| size > most) {
                    return Err(bad("too large"));
                }
                Ok(number)
            }
            5 => text
                .to_lowercase()
                .parse::<bool>()
                .map(Value::from)
                .map_err(|_| bad("not true or false")),
            6..=9 => self
                .thing(kind, text)
                .ok_or_else(|| bad("nothing of that name")),
            _ => Err(bad("a file is needed")),
        }
    }

    /// A user, channel or role by name or id.
    fn thing(&mut self, kind: i64, text: &str) -> Option<Value> {
        let name = text.trim_start_matches(['@', '#']);
        let number: Option<Id> = name.parse().ok();
        if matches!(kind, 6 | 9)
            && let Some(user) = self
                .world
                .users
                .values()
                .find(|one| Some(one.id) == number || one.display_name == name)
        {
            let id = user.id;
            self.resolve("users", id, render::user(self.world, id));
            if let Some(guild) = self
                .world
                .guilds
                .values()
                .find(|guild| guild.members.contains_key(&id))
            {
                let mut member = render::member(self.world, guild.id, id, false);
                member["permissions"] = json!(self.world.permissions(guild.id, id).to_string());
                self.resolve("members", id, member);
            }
            return Some(render::id(id));
        }
        if matches!(kind, 8 | 9) {
            let mut roles = self
                .world
                .guilds
                .values()
                .flat_map(|guild| guild.roles.values().map(move |role| (guild.id, role)));
            let (guild, role) =
                roles.find(|(_, role)| Some(role.id) == number || role.name == name)?;
            let (id, wire) = (role.id, render::role(guild, role, 1));
            self.resolve("roles", id, wire);
            return Some(render::id(id));
        }
        let channel = self
            .world
            .channels
            .values()
            .find(|one| Some(one.id) == number || one.name == name)?;
        let (id, mut wire) = (channel.id, render::channel(self.world, channel));
        wire["permissions"] = json!("0");
        self.resolve("channels", id, wire);
        Some(render::id(id))
    }

    /// What is sent for a file.
    pub fn file(&mut self, channel: Id, name: &str, filename: &str, bytes: &[u8]) -> Value {
        let id = self.world.next_id();
        let kind = match filename.rsplit('.').next() {
            Some("csv") => "text/csv; charset=utf-8",
            Some("txt") => "text/plain; charset=utf-8",
            Some("png") => "image/png",
            Some("pdf") => "application/pdf",
            _ => "application/octet-stream",
        };
        let file = Attachment {
            id,
            filename: filename.to_owned(),
            content_type: kind.to_owned(),
            description: None,
            bytes: bytes.to_vec(),
        };
        let mut wire = render::attachment(self.world, channel, &file);
        wire["ephemeral"] = json!(true);
        self.world.attachments.insert(id, file);
        self.resolve("attachments", id, wire);
        json!({ "type": 11, "name": name, "value": render::id(id) })
    }

    fn resolve(&mut self, kind: &str, id: Id, wire: Value) {
        let map = self.resolved.entry(kind).or_insert_with(|| json!({}));
        map[id.to_string()] = wire;
    }
}

/// A number as a person types it.
fn typed_form(value: &Value) -> String {
    value.to_string()
}
