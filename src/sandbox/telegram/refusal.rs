//! How the Bot API says no: a code and a description in the words of the real server, which clients compare with.

use serde_json::{Value, json};

/// A call that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `error_code`, and the HTTP status.
    pub code: u16,
    /// The sentence after the kind.
    pub description: String,
    /// `retry_after` or `migrate_to_chat_id`.
    pub parameters: Option<Value>,
}

impl Refusal {
    /// 400 with `Bad Request: ` before the sentence.
    pub fn bad(sentence: impl AsRef<str>) -> Self {
        Self::new(400, format!("Bad Request: {}", sentence.as_ref()))
    }

    /// 403 with `Forbidden: ` before the sentence.
    pub fn forbidden(sentence: &str) -> Self {
        Self::new(403, format!("Forbidden: {sentence}"))
    }

    /// 409 with `Conflict: ` before the sentence.
    pub fn conflict(sentence: &str) -> Self {
        Self::new(409, format!("Conflict: {sentence}"))
    }

    /// 429 with the seconds to wait.
    pub fn slow_down(seconds: u64) -> Self {
        Self {
            parameters: Some(json!({ "retry_after": seconds })),
            ..Self::new(429, format!("Too Many Requests: retry after {seconds}"))
        }
    }

    /// 400 that names the supergroup which the group became.
    pub fn migrated(to: i64) -> Self {
        Self {
            parameters: Some(json!({ "migrate_to_chat_id": to })),
            ..Self::bad("group chat was upgraded to a supergroup chat")
        }
    }

    /// Any code and description.
    pub fn new(code: u16, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
            parameters: None,
        }
    }

    /// The answer's body.
    pub fn body(&self) -> Value {
        let mut body = json!({
            "ok": false,
            "error_code": self.code,
            "description": self.description,
        });
        if let Some(parameters) = &self.parameters {
            body["parameters"] = parameters.clone();
        }
        body
    }
}
