//! The calls that bots made, as they came in, so that tests can hold them against the platforms' specifications.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;

/// One call of a bot and how it was answered.
#[derive(Debug, Clone, Serialize)]
pub struct Call {
    /// HTTP method.
    pub method: String,
    /// Path without the API prefix and without tokens of bots (`/channels/5/messages`, `/sendMessage`).
    pub path: String,
    /// Query parameters and body: JSON as it came; forms and multipart as an object of their fields, files as their names.
    pub body: Value,
    /// HTTP status of the answer.
    pub status: u16,
    /// The answer's JSON, `null` when there was none.
    pub answer: Value,
}

/// Calls in the order they were answered. Cheap to clone: clones share the record. Keeps the newest 100,000.
#[derive(Debug, Clone, Default)]
pub struct Record {
    calls: Arc<Mutex<std::collections::VecDeque<Call>>>,
}

impl Record {
    /// Adds one call.
    pub fn add(&self, call: Call) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() == 100_000 {
            calls.pop_front();
        }
        calls.push_back(call);
    }

    /// All calls so far.
    pub fn calls(&self) -> Vec<Call> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.iter().cloned().collect()
    }
}
