//! A person presses a button or chooses from a select, of those on his screen.

use serde_json::{Value, json};

use super::message::Message;
use super::person::Deed;
use super::text::label;
use super::{Interaction, Person, Unexpected};
use crate::sandbox::discord::model::{Id, Kind};
use crate::sandbox::discord::render;

impl Person {
    /// Presses the button whose label contains this.
    pub async fn press(&self, message: &Message, button: &str) -> Result<Interaction, Unexpected> {
        let found = self.on_screen(message, button, |one| {
            one["type"] == 2 && label(one).contains(button)
        })?;
        if found["url"].is_string() {
            return Err(self.discord.unexpected(&format!(
                "[{button}] is a link: it opens a page, the bot hears nothing"
            )));
        }
        self.use_control(
            message,
            &found,
            json!({}),
            &format!("presses [{}]", label(&found)),
        )
        .await
    }

    /// Presses the button with this custom id, as it stands on the person's screen.
    pub async fn press_id(
        &self,
        message: &Message,
        custom_id: &str,
    ) -> Result<Interaction, Unexpected> {
        let found = self.on_screen(message, custom_id, |one| {
            one["type"] == 2 && one["custom_id"] == custom_id
        })?;
        self.use_control(
            message,
            &found,
            json!({}),
            &format!("presses [{}]", label(&found)),
        )
        .await
    }

    /// Chooses values of a select, named by its custom id or placeholder; a value may be given by its label.
    pub async fn choose(
        &self,
        message: &Message,
        select: &str,
        values: &[&str],
    ) -> Result<Interaction, Unexpected> {
        let is_it = |one: &Value| {
            one["type"] != 2
                && (one["custom_id"] == select
                    || one["placeholder"]
                        .as_str()
                        .is_some_and(|text| text.contains(select)))
        };
        let found = self.on_screen(message, select, is_it)?;
        let chosen = if found["type"] == 3 {
            let options = found["options"].as_array().cloned().unwrap_or_default();
            let pick = |value: &&str| {
                let option = options
                    .iter()
                    .find(|one| one["value"] == *value || one["label"] == *value);
                option.map(|one| one["value"].clone())
            };
            let picked: Option<Vec<Value>> = values.iter().map(pick).collect();
            picked.ok_or_else(|| {
                self.discord
                    .unexpected(&format!("{values:?} cannot be chosen there"))
            })?
        } else {
            values.iter().map(|value| json!(value)).collect()
        };
        let least = found["min_values"].as_u64().unwrap_or(1);
        let most = found["max_values"].as_u64().unwrap_or(1);
        if !(least..=most).contains(&(chosen.len() as u64)) {
            return Err(self
                .discord
                .unexpected(&format!("between {least} and {most} values must be chosen")));
        }
        let mut extra = json!({ "values": chosen });
        if found["type"] != 3 {
            extra["resolved"] = self.resolved(&found, &chosen);
        }
        self.use_control(
            message,
            &found,
            extra,
            &format!("chooses {}", values.join(", ")),
        )
        .await
    }

    /// The control, if it is on this person's screen now and enabled.
    fn on_screen(
        &self,
        message: &Message,
        what: &str,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Value, Unexpected> {
        let now = message.refreshed();
        let visible = self.discord.look(|world| {
            let stored = world.messages.get(&message.id());
            world.sees_channel(self.id, message.channel_id())
                && stored.is_some_and(|one| one.visible_to(self.id))
        });
        if !visible {
            let name = self.name();
            return Err(self.discord.unexpected(&format!(
                "{name} does not see that message:\n{}",
                message.text()
            )));
        }
        let found = now.controls().into_iter().find(|one| is_it(one));
        let found = found.ok_or_else(|| {
            self.discord
                .unexpected(&format!("there is no [{what}] on:\n{}", now.text()))
        })?;
        if found["disabled"] == true {
            return Err(self
                .discord
                .unexpected(&format!("[{what}] is disabled on:\n{}", now.text())));
        }
        Ok(found)
    }

    #[expect(
        clippy::unused_async,
        reason = "verbs that send something to the bot are all async"
    )]
    async fn use_control(
        &self,
        message: &Message,
        control: &Value,
        extra: Value,
        wording: &str,
    ) -> Result<Interaction, Unexpected> {
        let mut data = json!({
            "component_type": control["type"],
            "custom_id": control["custom_id"],
            "id": control["id"],
        });
        for (key, value) in extra.as_object().into_iter().flatten() {
            data[key] = value.clone();
        }
        let (id, revision) = self.discord.with(|world| {
            let revision = world
                .messages
                .get(&message.id())
                .map_or(0, |one| one.revision);
            let deed = Deed {
                kind: Kind::Component,
                channel: message.channel_id(),
                data,
                wording: wording.to_owned(),
                message: Some(message.id()),
                trigger: None,
            };
            (self.act(world, deed), revision)
        });
        Ok(Interaction::new(&self.discord, self.id, id, revision))
    }

    fn resolved(&self, select: &Value, chosen: &[Value]) -> Value {
        self.discord.look(|world| {
            let mut resolved = json!({});
            for id in chosen.iter().filter_map(Value::as_str) {
                let number: Id = id.parse().unwrap_or_default();
                if select["type"] == 8 {
                    if let Some(channel) = world.channels.get(&number) {
                        resolved["channels"][id] = render::channel(world, channel);
                    }
                } else if world.users.contains_key(&number) {
                    resolved["users"][id] = render::user(world, number);
                }
                for guild in world.guilds.values() {
                    if let Some(role) = guild.roles.get(&number) {
                        resolved["roles"][id] = render::role(guild.id, role, 1);
                    }
                }
            }
            resolved
        })
    }
}
