//! How Discord says no: a status, a numeric code, and for bad forms the place of every fault.

use serde_json::{Map, Value, json};

/// A refused call.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
}

/// A granted call.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The body, `null` for none.
    pub body: Value,
}

impl From<Value> for Reply {
    fn from(body: Value) -> Self {
        let status = if body.is_null() { 204 } else { 200 };
        Self { status, body }
    }
}

/// What every handler gives.
pub type Answer = Result<Reply, Refusal>;

/// 204.
pub fn done() -> Reply {
    Reply::from(Value::Null)
}

/// A refusal with Discord's numeric code.
pub fn refuse(status: u16, code: u32, message: &str) -> Refusal {
    Refusal {
        status,
        body: json!({ "message": message, "code": code }),
    }
}

/// 401 for a missing or wrong bot token.
pub fn unauthorized() -> Refusal {
    refuse(401, 0, "401: Unauthorized")
}

/// 404 for a path that does not exist.
pub fn not_found() -> Refusal {
    refuse(404, 0, "404: Not Found")
}

/// 10003.
pub fn unknown_channel() -> Refusal {
    refuse(404, 10003, "Unknown Channel")
}

/// 10008.
pub fn unknown_message() -> Refusal {
    refuse(404, 10008, "Unknown Message")
}

/// 10062: the interaction is not there, or its 3 seconds are over.
pub fn unknown_interaction() -> Refusal {
    refuse(404, 10062, "Unknown interaction")
}

/// 10015: nothing to follow up on.
pub fn unknown_webhook() -> Refusal {
    refuse(404, 10015, "Unknown Webhook")
}

/// 50027: the interaction's 15 minutes are over.
pub fn invalid_webhook_token() -> Refusal {
    refuse(401, 50027, "Invalid Webhook Token")
}

/// The faults of a form, each with its place (`data/components/0/label`).
#[derive(Debug, Default)]
pub struct Form {
    prefix: &'static str,
    faults: Vec<(String, &'static str, String)>,
}

impl Form {
    /// A form that is a part of what was sent: its faults lie below this key.
    pub fn under(prefix: &'static str) -> Self {
        Self {
            prefix,
            faults: Vec::new(),
        }
    }

    /// Notes one fault.
    pub fn fault(&mut self, place: &str, code: &'static str, message: impl Into<String>) {
        self.faults.push((place.to_owned(), code, message.into()));
    }

    /// Notes a required field that is missing.
    pub fn missing(&mut self, place: &str) {
        self.fault(place, "BASE_TYPE_REQUIRED", "This field is required");
    }

    /// Notes a value that is not one of those possible.
    pub fn not_one_of(&mut self, place: &str, possible: &str) {
        let message = format!("Value must be one of {{{possible}}}.");
        self.fault(place, "BASE_TYPE_CHOICES", message);
    }

    /// A text's length must lie between both, in characters.
    pub fn length(&mut self, place: &str, text: &str, least: usize, most: usize) {
        self.count(place, text.chars().count(), least, most);
    }

    /// A number of characters or entries must lie between both.
    pub fn count(&mut self, place: &str, count: usize, least: usize, most: usize) {
        if count > most || count < least {
            if least > 0 {
                let message = format!("Must be between {least} and {most} in length.");
                self.fault(place, "BASE_TYPE_BAD_LENGTH", message);
            } else {
                let message = format!("Must be {most} or fewer in length.");
                self.fault(place, "BASE_TYPE_MAX_LENGTH", message);
            }
        }
    }

    /// A text field of `object`: its value, when it is there and is a text; a fault when it is missing though
    /// required, is of another type or has a bad length.
    pub fn text<'v>(
        &mut self,
        place: &str,
        object: &'v Value,
        key: &str,
        required: bool,
        least: usize,
        most: usize,
    ) -> Option<&'v str> {
        let place = join(place, key);
        match &object[key] {
            Value::Null => {
                if required {
                    self.missing(&place);
                }
                None
            }
            Value::String(text) => {
                self.length(&place, text, least, most);
                Some(text)
            }
            _ => {
                let message = "Could not interpret value as string.";
                self.fault(&place, "STRING_TYPE_CONVERT", message);
                None
            }
        }
    }

    /// A list field of `object`, empty when absent.
    pub fn list<'v>(&mut self, place: &str, object: &'v Value, key: &str) -> &'v [Value] {
        match &object[key] {
            Value::Null => &[],
            Value::Array(list) => list,
            _ => {
                let message = "Only iterables may be used in a ListType";
                self.fault(&join(place, key), "LIST_TYPE_CONVERT", message);
                &[]
            }
        }
    }

    /// An integer field of `object` that must lie between both when it is there.
    pub fn integer(
        &mut self,
        place: &str,
        object: &Value,
        key: &str,
        least: i64,
        most: i64,
    ) -> Option<i64> {
        if object[key].is_null() {
            return None;
        }
        let Some(value) = object[key].as_i64() else {
            let message = format!("Value \"{}\" is not int.", object[key]);
            self.fault(&join(place, key), "NUMBER_TYPE_COERCE", message);
            return None;
        };
        if value < least {
            let message = format!("int value should be greater than or equal to {least}.");
            self.fault(&join(place, key), "NUMBER_TYPE_MIN", message);
        }
        if value > most {
            let message = format!("int value should be less than or equal to {most}.");
            self.fault(&join(place, key), "NUMBER_TYPE_MAX", message);
        }
        Some(value)
    }

    /// A field that, when present, must be a boolean.
    pub fn boolean(&mut self, place: &str, object: &Value, key: &str) -> bool {
        match &object[key] {
            Value::Null => false,
            Value::Bool(value) => *value,
            _ => {
                let message = "Must be either true or false.";
                self.fault(&join(place, key), "BOOLEAN_TYPE_CONVERT", message);
                false
            }
        }
    }

    /// The refusal 50035 with every fault in its place, if there is a fault.
    pub fn finish(self) -> Result<(), Refusal> {
        if self.faults.is_empty() {
            return Ok(());
        }
        let mut errors = Value::Object(Map::new());
        for (place, code, message) in self.faults {
            let place = join(self.prefix, place);
            let mut at = &mut errors;
            for key in place.split('/').filter(|key| !key.is_empty()) {
                at = &mut at[key];
            }
            let entry = json!({ "code": code, "message": message });
            match at["_errors"].as_array_mut() {
                Some(list) => list.push(entry),
                None => at["_errors"] = json!([entry]),
            }
        }
        Err(Refusal {
            status: 400,
            body: json!({ "message": "Invalid Form Body", "code": 50035, "errors": errors }),
        })
    }
}

/// One place deeper.
pub fn join(place: &str, key: impl std::fmt::Display) -> String {
    if place.is_empty() {
        key.to_string()
    } else {
        format!("{place}/{key}")
    }
}
