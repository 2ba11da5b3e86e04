//! A call to Telegram, held against a machine-readable Bot API and against Frankenstein, a library that Bursar does not
//! use.

use bursar::sandbox::record::Call;
use frankenstein::methods::{
    AnswerCallbackQueryParams, DeleteMyCommandsParams, DeleteWebhookParams,
    EditMessageCaptionParams, EditMessageTextParams, GetFileParams, GetMyCommandsParams,
    GetUpdatesParams, SendChatActionParams, SendDocumentParams, SendMessageParams, SendPhotoParams,
    SetMyCommandsParams,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The Bot API: methods and types, each with its fields.
pub struct Specification {
    methods: Value,
    types: Value,
}

impl Specification {
    /// From the description as published.
    pub fn new(mut description: Value) -> Self {
        Self {
            methods: description["methods"].take(),
            types: description["types"].take(),
        }
    }

    fn wrong(&self, call: &Call) -> Vec<String> {
        let name = call.path.trim_start_matches('/');
        let method = &self.methods[name];
        if method.is_null() {
            return vec!["there is no such method".to_owned()];
        }
        let mut wrong = Vec::new();
        match &unfolded(call) {
            Value::Object(given) => self.fields(method, given, name, &mut wrong),
            Value::Null => self.fields(method, &Map::new(), name, &mut wrong),
            other => wrong.push(format!("no object of parameters: {other}")),
        }
        wrong
    }

    fn fields(&self, of: &Value, given: &Map<String, Value>, at: &str, wrong: &mut Vec<String>) {
        let fields = of["fields"].as_array().map_or(&[][..], Vec::as_slice);
        for name in given.keys() {
            if fields.iter().all(|field| field["name"] != name.as_str()) {
                wrong.push(format!("{at} has no {name}"));
            }
        }
        for field in fields {
            let name = field["name"].as_str().unwrap_or_default();
            let at = format!("{at}.{name}");
            match given.get(name) {
                None if field["required"] == true => wrong.push(format!("{at} is missing")),
                None => {}
                Some(value) => {
                    let kinds = field["types"].as_array().into_iter().flatten();
                    let kinds: Vec<&str> = kinds.filter_map(Value::as_str).collect();
                    self.one_of(&kinds, value, &at, wrong);
                }
            }
        }
    }

    /// The value must be of one of the kinds; what is wrong is told of the kind that it is nearest to.
    fn one_of(&self, kinds: &[&str], value: &Value, at: &str, wrong: &mut Vec<String>) {
        let tried = kinds.iter().map(|kind| {
            let mut wrong = Vec::new();
            self.kind(kind, value, at, &mut wrong);
            wrong
        });
        wrong.extend(tried.min_by_key(Vec::len).unwrap_or_default());
    }

    fn kind(&self, kind: &str, value: &Value, at: &str, wrong: &mut Vec<String>) {
        if let Some(inner) = kind.strip_prefix("Array of ") {
            match value.as_array() {
                Some(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.kind(inner, item, &format!("{at}[{index}]"), wrong);
                    }
                }
                None => wrong.push(format!("{at} is no array")),
            }
            return;
        }
        let right = match kind {
            "String" => value.is_string(),
            "Integer" => value.is_i64() || value.is_u64(),
            "Float" => value.is_number(),
            "Boolean" => value.is_boolean(),
            "True" => *value == json!(true),
            name => return self.object(name, value, at, wrong),
        };
        if !right {
            wrong.push(format!("{at} is no {kind}: {value}"));
        }
    }

    fn object(&self, name: &str, value: &Value, at: &str, wrong: &mut Vec<String>) {
        let kind = &self.types[name];
        if let Some(subtypes) = kind["subtypes"].as_array() {
            let names: Vec<&str> = subtypes.iter().filter_map(Value::as_str).collect();
            return self.one_of(&names, value, at, wrong);
        }
        match value.as_object() {
            _ if kind.is_null() => wrong.push(format!("{at}: there is no type {name}")),
            None => wrong.push(format!("{at} is no {name}: {value}")),
            Some(given) => self.fields(kind, given, at, wrong),
        }
    }
}

/// What is wrong with a call; nothing as a rule.
pub fn wrong(specification: Option<&Specification>, call: &Call) -> Vec<String> {
    let mut wrong = specification.map_or_else(Vec::new, |found| found.wrong(call));
    wrong.extend(by_frankenstein(call).err());
    let (path, body) = (&call.path, &call.body);
    let named = |what| format!("Telegram {path}: {what}\n    {body}");
    wrong.into_iter().map(named).collect()
}

/// The parameters of a call. In a form, beside a file, objects are text.
fn unfolded(call: &Call) -> Value {
    let mut body = call.body.clone();
    if matches!(call.path.as_str(), "/sendPhoto" | "/sendDocument") {
        for name in ["reply_markup", "reply_parameters"] {
            if let Some(text) = body[name].as_str() {
                body[name] = serde_json::from_str(text).unwrap_or(Value::Null);
            }
        }
        if let Value::Object(fields) = &mut body {
            fields.retain(|_, value| !value.is_null());
        }
    }
    body
}

/// The call must come through Frankenstein's types unchanged: nothing in it that they do not know, nothing missing.
fn by_frankenstein(call: &Call) -> Result<(), String> {
    match call.path.as_str() {
        "/getMe" | "/getWebhookInfo" => match &call.body {
            Value::Null => Ok(()),
            Value::Object(given) if given.is_empty() => Ok(()),
            _ => Err("takes no parameters".to_owned()),
        },
        "/getUpdates" => there_and_back::<GetUpdatesParams>(&call.body),
        "/deleteWebhook" => there_and_back::<DeleteWebhookParams>(&call.body),
        "/sendMessage" => there_and_back::<SendMessageParams>(&call.body),
        "/editMessageText" => there_and_back::<EditMessageTextParams>(&call.body),
        "/editMessageCaption" => there_and_back::<EditMessageCaptionParams>(&call.body),
        "/sendPhoto" => there_and_back::<SendPhotoParams>(&unfolded(call)),
        "/sendDocument" => there_and_back::<SendDocumentParams>(&unfolded(call)),
        "/getFile" => there_and_back::<GetFileParams>(&call.body),
        "/answerCallbackQuery" => there_and_back::<AnswerCallbackQueryParams>(&call.body),
        "/sendChatAction" => there_and_back::<SendChatActionParams>(&call.body),
        "/getMyCommands" => there_and_back::<GetMyCommandsParams>(&call.body),
        "/setMyCommands" => there_and_back::<SetMyCommandsParams>(&call.body),
        "/deleteMyCommands" => there_and_back::<DeleteMyCommandsParams>(&call.body),
        other => Err(format!(
            "{other} is not among the calls that are checked: add it"
        )),
    }
}

fn there_and_back<T: Serialize + DeserializeOwned>(body: &Value) -> Result<(), String> {
    let read: T = serde_json::from_value(body.clone()).map_err(|error| error.to_string())?;
    let written = serde_json::to_value(&read).map_err(|error| error.to_string())?;
    if written == *body {
        Ok(())
    } else {
        Err(format!("it comes back as {written}"))
    }
}
