//! A call to Discord, held against Discord's own `OpenAPI` description and against Twilight, a library that Bursar does
//! not use.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bursar::sandbox::record::Call;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use twilight_model::application::command::Command;
use twilight_model::channel::message::{Component, Embed};
use twilight_validate::{command, message};

/// Discord's description, with the validators that were needed so far.
pub struct Specification {
    paths: Map<String, Value>,
    components: Value,
    validators: Mutex<HashMap<(String, String), Arc<Validator>>>,
}

impl Specification {
    /// From the description as published.
    pub fn new(mut description: Value) -> Self {
        let Value::Object(paths) = description["paths"].take() else {
            panic!("the description has no paths");
        };
        let mut components = description["components"].take();
        // Published as a number, although both ways are documented and every answer is text.
        let schemas = &mut components["schemas"];
        for name in ["Create", "Update"] {
            let command = &mut schemas[format!("ApplicationCommand{name}Request")];
            command["properties"]["default_member_permissions"] = json!({});
        }
        Self {
            paths,
            components,
            validators: Mutex::default(),
        }
    }

    /// The template of a path, the most literal one where several fit.
    fn template(&self, path: &str) -> Option<&str> {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &&String| {
            let own: Vec<&str> = template.split('/').collect();
            own.len() == parts.len()
                && own.iter().zip(&parts).all(|(own, part)| {
                    own == part || (own.starts_with('{') && !part.starts_with('@'))
                })
        };
        let found = self.paths.keys().filter(fits);
        found
            .min_by_key(|template| template.matches('{').count())
            .map(String::as_str)
    }

    fn validator(&self, template: &str, method: &str, schema: &Value) -> Arc<Validator> {
        let mut known = self.validators.lock().unwrap();
        let key = (template.to_owned(), method.to_owned());
        let made = known.entry(key).or_insert_with(|| {
            let root = json!({ "allOf": [schema], "components": self.components });
            Arc::new(jsonschema::draft202012::new(&root).unwrap())
        });
        Arc::clone(made)
    }

    fn wrong(&self, call: &Call) -> Vec<String> {
        let Some(template) = self.template(&call.path) else {
            return vec!["there is no such path".to_owned()];
        };
        let method = call.method.to_lowercase();
        let operation = &self.paths[template][&method];
        if operation.is_null() {
            return vec![format!("{template} has no such method")];
        }
        let mut body = call.body.clone();
        // The record keeps queries beside the body.
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] == "query"
                && let (Some(fields), Some(name)) =
                    (body.as_object_mut(), parameter["name"].as_str())
            {
                fields.remove(name);
            }
        }
        // With a file the same JSON is a part of a form, whose files the record keeps beside it.
        let has_files = body
            .as_object()
            .is_some_and(|fields| fields.keys().any(|name| name.starts_with("files[")));
        let (kind, method) = if has_files {
            ("multipart/form-data", format!("{method} with files"))
        } else {
            ("application/json", method)
        };
        let schema = &operation["requestBody"]["content"][kind]["schema"];
        if schema.is_null() {
            let empty = body.as_object().is_none_or(Map::is_empty) && !body.is_array();
            return if empty {
                Vec::new()
            } else {
                vec!["takes no body".to_owned()]
            };
        }
        let validator = self.validator(template, &method, schema);
        let errors = validator.iter_errors(&body);
        errors
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect()
    }
}

/// What is wrong with a call; nothing as a rule.
pub fn wrong(specification: Option<&Specification>, call: &Call) -> Vec<String> {
    let mut wrong = specification.map_or_else(Vec::new, |found| found.wrong(call));
    wrong.extend(by_twilight(call));
    let (method, path, body) = (&call.method, &call.path, &call.body);
    let named = |what| format!("Discord {method} {path}: {what}\n    {body}");
    wrong.into_iter().map(named).collect()
}

fn by_twilight(call: &Call) -> Vec<String> {
    if call.path.ends_with("/commands") && call.body.is_array() {
        let all = call.body.as_array().into_iter().flatten();
        return all.filter_map(|one| of_command(one).err()).collect();
    }
    // An interaction's answer carries its message or form in `data`.
    let content = if call.path.ends_with("/callback") {
        &call.body["data"]
    } else {
        &call.body
    };
    let mut wrong = Vec::new();
    if content["components"].is_array() {
        wrong.extend(of_components(&content["components"]).err());
    }
    if content["embeds"].is_array() {
        wrong.extend(of_embeds(&content["embeds"]).err());
    }
    if let Some(text) = content["content"].as_str() {
        wrong.extend(message::content(text).err().map(|error| error.to_string()));
    }
    wrong
}

fn of_command(body: &Value) -> Result<(), String> {
    let mut body = body.clone();
    // Twilight's type is that of an answer, which always has these.
    body["version"] = json!("1");
    let told = |error: &dyn std::fmt::Display| format!("command {}: {error}", body["name"]);
    let read: Command = serde_json::from_value(body.clone()).map_err(|error| told(&error))?;
    command::command(&read).map_err(|error| told(&error))?;
    command::options(&read.options).map_err(|error| told(&error))
}

fn of_components(body: &Value) -> Result<(), String> {
    let read: Vec<Component> =
        serde_json::from_value(body.clone()).map_err(|error| error.to_string())?;
    message::components(&read, false).map_err(|error| error.to_string())
}

fn of_embeds(body: &Value) -> Result<(), String> {
    let mut body = body.clone();
    for embed in body.as_array_mut().into_iter().flatten() {
        // Always "rich" in an answer, and left out in a call.
        embed["type"] = json!("rich");
    }
    let read: Vec<Embed> = serde_json::from_value(body).map_err(|error| error.to_string())?;
    message::embeds(&read).map_err(|error| error.to_string())
}
