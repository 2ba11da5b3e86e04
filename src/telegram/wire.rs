//! One call to the Bot API: teloxide's payloads over HTTP, and its refusals sorted by what is to be done about them.
//!
//! Not through teloxide's `Bot::send`: it sleeps for 10 s inside a call that met a 5xx, while a person waits for the
//! acknowledgement; it drops error codes; and an answer that it cannot read makes a message that was sent look unsent.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use teloxide::requests::Payload;

use crate::fault::{Fault, FaultKind};

/// Where the Bot API is unless the configuration says otherwise.
const OFFICIAL: &str = "https://api.telegram.org";
/// How long a call may take; polls take longer by what they wait.
pub(super) const CALL: Duration = Duration::from_secs(10);

/// Why a call came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    /// 401: the token is none.
    #[error("the token is not accepted")]
    Unauthorised,
    /// 409: somebody else takes the updates.
    #[error("{0}")]
    Conflict(String),
    /// 429: not before this has passed.
    #[error("too many requests, retry after {} s", .0.as_secs())]
    TooMany(Duration),
    /// The group became a supergroup with this id.
    #[error("the group is chat {0} now")]
    Moved(i64),
    /// Any other 4xx: the same call will never be taken.
    #[error("{code}: {description}")]
    Refused {
        /// 400 or 403, mostly.
        code: u16,
        /// Telegram's words.
        description: String,
    },
    /// 5xx, no connection, no answer, or none that can be read: whether it happened is unknown.
    #[error("{0}")]
    Unavailable(String),
}

impl Failure {
    /// Whether the refusal's words contain this, in any case.
    pub(super) fn says(&self, words: &str) -> bool {
        match self {
            Self::Refused { description, .. } => description.to_lowercase().contains(words),
            _ => false,
        }
    }

    /// Whether nothing can be written to that chat (any more).
    pub(super) fn is_unreachable(&self) -> bool {
        let gone = [
            "chat not found",
            "user not found",
            "peer_id_invalid",
            "user is deactivated",
            "group chat was deactivated",
            "not enough rights",
            "have no rights",
            "chat_write_forbidden",
        ];
        matches!(self, Self::Refused { code: 403, .. })
            || gone.into_iter().any(|words| self.says(words))
    }

    /// Whether the message shows already what it was to show.
    pub(super) fn is_same(&self) -> bool {
        self.says("message is not modified")
    }

    /// Whether the message is a picture or a file, which has a caption and no text.
    pub(super) fn is_captioned(&self) -> bool {
        self.says("there is no text in the message to edit")
    }

    /// Whether the message cannot be edited because it is gone or not the bot's.
    pub(super) fn is_gone(&self) -> bool {
        ["to edit not found", "can't be edited", "message_id_invalid"]
            .into_iter()
            .any(|words| self.says(words))
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::new(FaultKind::Messenger, failure)
    }
}

/// The Bot API for one bot. Cheap to clone.
#[derive(Clone)]
pub(super) struct Wire {
    client: Client,
    base: SecretString,
    files: SecretString,
}

/// What can be asked of the Bot API.
pub(super) trait Ask {
    /// The method's name; its case does not matter.
    fn method(&self) -> &'static str;
    /// The request with the parameters.
    fn fill(&self, request: RequestBuilder) -> RequestBuilder;
    /// How long it may take.
    fn patience(&self) -> Duration {
        CALL
    }
}

impl<P: Payload + Serialize> Ask for P {
    fn method(&self) -> &'static str {
        P::NAME
    }

    fn fill(&self, request: RequestBuilder) -> RequestBuilder {
        request.json(self)
    }
}

#[derive(Deserialize)]
struct Answer<T> {
    ok: bool,
    result: Option<T>,
    error_code: Option<u16>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Deserialize, Default)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

impl Wire {
    pub(super) fn new(
        token: &SecretString,
        api_url: Option<&str>,
        client: Option<Client>,
    ) -> Result<Self, Fault> {
        let client = match client {
            Some(client) => client,
            None => Client::builder()
                .connect_timeout(Duration::from_secs(5))
                .timeout(Duration::from_secs(30))
                .redirect(reqwest::redirect::Policy::none())
                .build()?,
        };
        let host = api_url.unwrap_or(OFFICIAL).trim_end_matches('/');
        Ok(Self {
            client,
            base: format!("{host}/bot{}", token.expose_secret()).into(),
            files: format!("{host}/file/bot{}", token.expose_secret()).into(),
        })
    }

    /// Where a file of this path is; `None` for what is no path below the files.
    pub(super) fn file_url(&self, path: &str) -> Option<Url> {
        let plain = |part: &str| !matches!(part, "" | "." | "..");
        let is_path = path.split('/').all(plain) && !path.contains(['?', '#', '\\', ':']);
        let address = format!("{}/{path}", self.files.expose_secret());
        is_path.then(|| Url::parse(&address).ok()).flatten()
    }

    /// Calls a method. `T` is what is needed of the result, not all that there is in it.
    pub(super) async fn call<A, T>(&self, ask: &A) -> Result<T, Failure>
    where
        A: Ask,
        T: DeserializeOwned,
    {
        self.call_within(ask, ask.patience()).await
    }

    /// As [`Wire::call`], with its own patience.
    pub(super) async fn call_within<A, T>(&self, ask: &A, patience: Duration) -> Result<T, Failure>
    where
        A: Ask,
        T: DeserializeOwned,
    {
        let url = format!("{}/{}", self.base.expose_secret(), ask.method());
        let request = ask.fill(self.client.post(url).timeout(patience));
        // The address holds the token.
        let lost = |error: reqwest::Error| {
            Failure::Unavailable(format!("{:#}", anyhow::Error::new(error.without_url())))
        };
        let response = request.send().await.map_err(lost)?;
        let status = response.status();
        let body = response.bytes().await.map_err(lost)?;
        let answer = match serde_json::from_slice::<Answer<T>>(&body) {
            Ok(answer) => answer,
            Err(error) => return Err(unreadable(ask.method(), status.as_u16(), &error)),
        };
        match answer {
            Answer {
                ok: true,
                result: Some(result),
                ..
            } => Ok(result),
            answer => Err(sorted(
                answer.error_code.unwrap_or(status.as_u16()),
                answer.description,
                &answer.parameters,
            )),
        }
    }
}

fn unreadable(method: &str, status: u16, error: &serde_json::Error) -> Failure {
    match status {
        401 => Failure::Unauthorised,
        429 => Failure::TooMany(Duration::from_secs(1)),
        400..=499 => Failure::Refused {
            code: status,
            description: "no words in the refusal".to_owned(),
        },
        _ => Failure::Unavailable(format!("{method}: status {status}, {error}")),
    }
}

fn sorted(code: u16, description: String, parameters: &Parameters) -> Failure {
    if let Some(seconds) = parameters.retry_after {
        return Failure::TooMany(Duration::from_secs(seconds));
    }
    if let Some(chat) = parameters.migrate_to_chat_id {
        return Failure::Moved(chat);
    }
    match code {
        401 => Failure::Unauthorised,
        409 => Failure::Conflict(description),
        429 => Failure::TooMany(Duration::from_secs(1)),
        400..=499 => Failure::Refused { code, description },
        _ => Failure::Unavailable(format!("{code}: {description}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sort(json: &str) -> Failure {
        let answer: Answer<bool> = serde_json::from_str(json).unwrap();
        assert!(!answer.ok);
        sorted(
            answer.error_code.unwrap(),
            answer.description,
            &answer.parameters,
        )
    }

    #[test]
    fn refusals_are_sorted_by_what_to_do_about_them() {
        assert_eq!(
            sort(
                r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}"#
            ),
            Failure::TooMany(Duration::from_secs(7))
        );
        assert_eq!(
            sort(
                r#"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001}}"#
            ),
            Failure::Moved(-1001)
        );
        assert_eq!(
            sort(r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#),
            Failure::Unauthorised
        );
        let blocked = sort(
            r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#,
        );
        assert!(blocked.is_unreachable());
        let unknown =
            sort(r#"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#);
        assert!(unknown.is_unreachable() && !unknown.is_gone());
        let gone = sort(
            r#"{"ok":false,"error_code":400,"description":"Bad Request: message to edit not found"}"#,
        );
        assert!(gone.is_gone() && !gone.is_unreachable());
        assert!(matches!(
            sort(r#"{"ok":false,"error_code":502,"description":"Bad Gateway"}"#),
            Failure::Unavailable(_)
        ));
    }
}
