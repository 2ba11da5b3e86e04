//! A form that opened over the chat, and how a person fills it in.

use std::fmt;

use serde_json::{Value, json};

use super::person::Deed;
use super::{Discord, Interaction, Person, Unexpected};
use crate::sandbox::discord::model::{Id, Kind, World};
use crate::sandbox::discord::render;

/// An open form.
#[derive(Clone)]
pub struct Modal {
    user: Id,
    opened_by: Id,
    data: Value,
}

/// One input of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// What the bot knows it by.
    pub custom_id: String,
    /// What stands over it.
    pub label: String,
    /// What stands in it at first.
    pub value: String,
    /// The grey text in it while it is empty.
    pub placeholder: String,
    /// Whether something must be entered.
    pub required: bool,
    /// The least characters.
    pub least: usize,
    /// The most characters.
    pub most: usize,
    /// The values that can be chosen, for a select.
    pub choices: Vec<String>,
}

impl fmt::Debug for Modal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Modal")
            .field("title", &self.title())
            .field("inputs", &self.inputs())
            .finish_non_exhaustive()
    }
}

impl Modal {
    pub(super) fn new(user: Id, opened_by: Id, data: &Value) -> Self {
        let data = data.clone();
        Self {
            user,
            opened_by,
            data,
        }
    }

    /// The form last opened for this person and not yet submitted.
    pub(super) fn latest(discord: &Discord, user: Id) -> Option<Self> {
        discord.look(|world| {
            let modals = world
                .interactions
                .values()
                .rev()
                .filter(|one| one.user == user);
            modals
                .filter_map(|one| match &one.response {
                    Some(crate::sandbox::discord::model::Response::Modal(data)) => {
                        Some((one.id, data))
                    }
                    _ => None,
                })
                .find(|(id, _)| !submitted(world, *id))
                .map(|(id, data)| Self::new(user, id, data))
        })
    }

    /// Its title.
    pub fn title(&self) -> &str {
        self.data["title"].as_str().unwrap_or_default()
    }

    /// Its custom id.
    pub fn custom_id(&self) -> &str {
        self.data["custom_id"].as_str().unwrap_or_default()
    }

    /// Its inputs in order.
    pub fn inputs(&self) -> Vec<Input> {
        let rows = self.data["components"].as_array().into_iter().flatten();
        rows.filter_map(|row| Some(input(inner(row)?, row)))
            .collect()
    }

    /// The form as a person reads it.
    pub fn text(&self) -> String {
        let mut lines = vec![self.title().to_owned()];
        for input in self.inputs() {
            let star = if input.required { "*" } else { "" };
            let shown = if input.value.is_empty() {
                &input.placeholder
            } else {
                &input.value
            };
            lines.push(format!("{}{star}: [{shown}]", input.label));
        }
        lines.join("\n")
    }
}

/// The input of a row or label.
fn inner(row: &Value) -> Option<&Value> {
    match row["type"].as_i64()? {
        1 => row["components"].get(0),
        18 => Some(&row["component"]),
        _ => None,
    }
}

fn input(one: &Value, row: &Value) -> Input {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let size = |key: &str, default: u64| {
        usize::try_from(one[key].as_u64().unwrap_or(default)).unwrap_or(usize::MAX)
    };
    let options = one["options"].as_array().into_iter().flatten();
    Input {
        custom_id: text(&one["custom_id"]),
        label: if one["label"].is_string() {
            text(&one["label"])
        } else {
            text(&row["label"])
        },
        value: text(&one["value"]),
        placeholder: text(&one["placeholder"]),
        required: one["required"].as_bool().unwrap_or(true),
        least: size("min_length", 0),
        most: size("max_length", 4_000),
        choices: options.map(|option| text(&option["value"])).collect(),
    }
}

/// Whether a form was submitted and the bot took it; one that the bot never answered stays open.
fn submitted(world: &World, opened_by: Id) -> bool {
    world
        .interactions
        .values()
        .any(|one| one.trigger == Some(opened_by) && one.response.is_some())
}

impl Person {
    /// Fills inputs, named by custom id or label, and submits the form. Others keep what stood in them.
    #[expect(
        clippy::unused_async,
        reason = "verbs that send something to the bot are all async"
    )]
    pub async fn submit(
        &self,
        modal: &Modal,
        fields: &[(&str, &str)],
    ) -> Result<Interaction, Unexpected> {
        let unexpected = |what: String| self.discord.unexpected(&what);
        if modal.user != self.id {
            return Err(unexpected(format!(
                "the form \"{}\" is not on {}'s screen",
                modal.title(),
                self.name()
            )));
        }
        if self.discord.look(|world| submitted(world, modal.opened_by)) {
            return Err(unexpected(format!(
                "the form \"{}\" was submitted already",
                modal.title()
            )));
        }
        let mut inputs = modal.inputs();
        for (name, value) in fields {
            let by_id = inputs.iter().position(|one| one.custom_id == *name);
            let found = by_id.or_else(|| {
                inputs
                    .iter()
                    .position(|one| one.label.to_lowercase().contains(&name.to_lowercase()))
            });
            let at = found.ok_or_else(|| {
                unexpected(format!("the form has no input {name}:\n{}", modal.text()))
            })?;
            (*value).clone_into(&mut inputs[at].value);
        }
        for input in &inputs {
            check(input).map_err(|what| {
                unexpected(format!("the client does not submit the form: {what}"))
            })?;
        }
        let mut values = inputs.iter();
        let rows = modal.data["components"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate();
        let rows: Vec<_> = rows.map(|(at, row)| filled(at, row, &mut values)).collect();
        let data = json!({ "custom_id": modal.custom_id(), "components": rows });
        let told: Vec<_> = inputs
            .iter()
            .map(|one| format!(" {}:{}", one.label, one.value))
            .collect();
        let wording = format!("submits \"{}\"{}", modal.title(), told.concat());
        let (id, revision) = self.discord.with(|world| {
            let opener = world.interactions.get(&modal.opened_by);
            let (channel, message) = opener.map_or((0, None), |one| (one.channel, one.message));
            let revision = message
                .and_then(|id| world.messages.get(&id))
                .map_or(0, |one| one.revision);
            let trigger = Some(modal.opened_by);
            (
                self.act(
                    world,
                    Deed {
                        kind: Kind::ModalSubmit,
                        channel,
                        data,
                        wording,
                        message,
                        trigger,
                    },
                ),
                revision,
            )
        });
        Ok(Interaction::new(&self.discord, self.id, id, revision))
    }

    /// The form on the person's screen, if one is open.
    pub fn open_modal(&self) -> Option<Modal> {
        Modal::latest(&self.discord, self.id)
    }
}

fn check(input: &Input) -> Result<(), String> {
    let length = input.value.chars().count();
    if length == 0 {
        return if input.required {
            Err(format!("{} is required", input.label))
        } else {
            Ok(())
        };
    }
    if length < input.least || length > input.most {
        return Err(format!(
            "{} must have {} to {} characters",
            input.label, input.least, input.most
        ));
    }
    if !input.choices.is_empty() && !input.choices.contains(&input.value) {
        return Err(format!(
            "{} is not among the choices of {}",
            input.value, input.label
        ));
    }
    Ok(())
}

fn filled<'i>(at: usize, row: &Value, values: &mut impl Iterator<Item = &'i Input>) -> Value {
    let number = at * 2 + 1;
    let Some(one) = inner(row) else {
        return json!({ "type": row["type"], "id": number });
    };
    let value = values
        .next()
        .map(|input| input.value.as_str())
        .unwrap_or_default();
    let mut component =
        json!({ "type": one["type"], "id": number + 1, "custom_id": one["custom_id"] });
    if one["type"] == 4 {
        component["value"] = json!(value);
    } else {
        component["values"] = if value.is_empty() {
            json!([])
        } else {
            json!([value])
        };
    }
    if row["type"] == 18 {
        json!({ "type": 18, "id": number, "component": component })
    } else {
        json!({ "type": 1, "id": number, "components": [component] })
    }
}

/// The wire form of a form's opener, for those who want to compare it.
impl Modal {
    /// The modal's data as the bot sent it.
    pub fn wire(&self) -> &Value {
        &self.data
    }

    /// The id of the interaction that it answered.
    pub fn opened_by(&self) -> String {
        render::id(self.opened_by)
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}
