//! A call's parameters, whichever way they came: query string, form, JSON or multipart with `attach://` files.
//! The real server takes numbers as text and objects as JSON text everywhere; so does this.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::extract::{Form, FromRequest, Multipart, Query};
use axum::http::{Request, header};
use serde_json::{Map, Value};

use super::methods::Method;
use super::refusal::Refusal;

/// The largest body that is read: the 50 MB of an upload and the fields around it.
const LARGEST_BODY: usize = 52 * 1024 * 1024;

/// A file that came with a call.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The name the sender gave it.
    pub name: String,
    /// Its media type, when the sender named one.
    pub mime: Option<String>,
    /// Its content.
    pub bytes: Bytes,
}

/// The parameters and files of one call.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    values: Map<String, Value>,
    files: BTreeMap<String, Upload>,
}

impl Parameters {
    /// Reads query string and body.
    pub async fn read(request: Request<Body>) -> Result<Self, Refusal> {
        let mut parameters = Self::default();
        let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri())
            .map_err(|_| Refusal::bad("can't parse the query string"))?;
        parameters.fields(query.0);
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            parameters.multipart(request).await?;
            return Ok(parameters);
        }
        let body = axum::body::to_bytes(request.into_body(), LARGEST_BODY)
            .await
            .map_err(|_| too_large())?;
        parameters.body(&kind, body).await?;
        Ok(parameters)
    }

    /// Reads a body of this content type alone.
    pub async fn read_body(kind: &str, body: Bytes) -> Result<Self, Refusal> {
        let request = Request::post("/")
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .map_err(|_| Refusal::bad("can't read the body"))?;
        Self::read(request).await
    }

    /// Adds what a body of this content type holds.
    async fn body(&mut self, kind: &str, body: Bytes) -> Result<(), Refusal> {
        if body.is_empty() {
            return Ok(());
        }
        if kind.starts_with("application/json") {
            let Ok(Value::Object(fields)) = serde_json::from_slice(&body) else {
                return Err(Refusal::bad(
                    "can't parse JSON object in the request's body",
                ));
            };
            // A null is a parameter that was not given.
            let given = fields.into_iter().filter(|(_, value)| !value.is_null());
            self.values.extend(given);
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            let unreadable = || Refusal::bad("can't parse the form");
            let form = Request::post("/")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(body))
                .map_err(|_| unreadable())?;
            let fields = Form::<Vec<(String, String)>>::from_request(form, &()).await;
            self.fields(fields.map_err(|_| unreadable())?.0);
        } else {
            return Err(Refusal::bad(
                "the body must be JSON, a urlencoded form or multipart/form-data",
            ));
        }
        Ok(())
    }

    async fn multipart(&mut self, request: Request<Body>) -> Result<(), Refusal> {
        let broken = |_| Refusal::bad("can't parse the multipart body");
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, LARGEST_BODY)
            .await
            .map_err(|_| too_large())?;
        let mut request = Request::from_parts(parts, Body::from(body));
        axum::extract::DefaultBodyLimit::disable().apply(&mut request);
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|_| Refusal::bad("can't parse the multipart body"))?;
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let key = field.name().unwrap_or_default().to_owned();
            let mime = field.content_type().map(ToOwned::to_owned);
            if let Some(name) = field.file_name().map(ToOwned::to_owned) {
                let bytes = field.bytes().await.map_err(broken)?;
                self.files.insert(key, Upload { name, mime, bytes });
            } else {
                let text = field.text().await.map_err(broken)?;
                self.values.insert(key, Value::String(text));
            }
        }
        Ok(())
    }

    fn fields(&mut self, fields: Vec<(String, String)>) {
        for (key, value) in fields {
            self.values.insert(key, Value::String(value));
        }
    }

    /// What the record keeps: the values, and files by their names.
    pub fn recorded(&self) -> Value {
        let mut fields = self.values.clone();
        for (key, file) in &self.files {
            fields.insert(key.clone(), Value::String(file.name.clone()));
        }
        Value::Object(fields)
    }

    /// Refuses parameters that the method does not have, and a call without the required ones.
    pub fn check(&self, method: &Method) -> Result<(), Refusal> {
        for name in self.values.keys() {
            if !method.takes(name) {
                return Err(Refusal::bad(format!(
                    "{} has no parameter \"{name}\"",
                    method.name
                )));
            }
        }
        for name in self.files.keys() {
            if !method.takes(name) && !self.attaches(name) {
                return Err(Refusal::bad(format!(
                    "file \"{name}\" is not referred to by attach://{name}"
                )));
            }
        }
        for name in method.required() {
            if !self.values.contains_key(name) && !self.files.contains_key(name) {
                return Err(match name {
                    "chat_id" => Refusal::bad("chat_id is empty"),
                    "text" => Refusal::bad("message text is empty"),
                    "message_id" => Refusal::bad("message identifier is not specified"),
                    _ => Refusal::bad(format!("parameter \"{name}\" is required")),
                });
            }
        }
        Ok(())
    }

    fn attaches(&self, file: &str) -> bool {
        let reference = format!("attach://{file}");
        self.values.values().any(|value| match value {
            Value::String(text) => text.contains(&reference),
            other => other.to_string().contains(&reference),
        })
    }

    /// Takes a parameter out of the others: `method` in the answer to a webhook.
    pub fn take_text(&mut self, name: &str) -> Option<String> {
        match self.values.remove(name)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the call gave this parameter.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// A text parameter. A number is taken as its digits.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }

    /// A whole number, as such or as text.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let number = match self.values.get(name) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        number
            .map(Some)
            .ok_or_else(|| Refusal::bad(format!("parameter \"{name}\" must be an integer")))
    }

    /// A flag, false when it was not given.
    pub fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.values.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::String(text))
                if matches!(text.to_lowercase().as_str(), "true" | "1" | "yes") =>
            {
                Ok(true)
            }
            Some(Value::String(text))
                if matches!(text.to_lowercase().as_str(), "false" | "0" | "no" | "") =>
            {
                Ok(false)
            }
            Some(_) => Err(Refusal::bad(format!(
                "parameter \"{name}\" must be a boolean"
            ))),
        }
    }

    /// An object or array, as such or as JSON text; `what` names it in the refusal.
    pub fn json(&self, name: &str, what: &str) -> Result<Option<Value>, Refusal> {
        match self.values.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text)
                .map(Some)
                .map_err(|_| Refusal::bad(format!("can't parse {what} JSON object"))),
            Some(value) => Ok(Some(value.clone())),
        }
    }

    /// The file of a parameter: sent under its name, or attached under another.
    pub fn file(&self, name: &str) -> Option<&Upload> {
        self.files.get(name).or_else(|| {
            let key = self.values.get(name)?.as_str()?.strip_prefix("attach://")?;
            self.files.get(key)
        })
    }
}

fn too_large() -> Refusal {
    Refusal::new(413, "Request Entity Too Large")
}
