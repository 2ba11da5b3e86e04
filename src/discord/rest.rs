//! Calls to Discord: serenity's routes and requests, sent here so that what Discord says about a refusal (its code, how
//! long to wait) is not lost, and so that it is known whether a call may have arrived.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use serenity::builder::CreateAttachment;
use serenity::http::{Http, HttpBuilder, LightMethod, Multipart, MultipartUpload, Request, Route};
use serenity::model::id::ApplicationId;
use tokio::sync::{OnceCell, Semaphore};

use super::render;
use crate::chat::Attachment;
use crate::fault::{Fault, Result};

/// How many first answers are under way at once; more wait.
const FIRST_ANSWERS: usize = 64;
/// How many other calls are under way at once. They have turns of their own: in a breakdown they wait long, and nothing
/// that must be answered in 3 seconds may wait for them.
const OTHERS: usize = 32;
/// How long a call may take by default.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// How long a call that brings a file may take.
const UPLOAD: Duration = Duration::from_secs(15);

/// Discord's codes that the adapter tells apart.
pub(super) mod code {
    /// The channel is not there.
    pub(crate) const UNKNOWN_CHANNEL: i64 = 10_003;
    /// The user is no member.
    pub(crate) const UNKNOWN_MEMBER: i64 = 10_007;
    /// The message is not there.
    pub(crate) const UNKNOWN_MESSAGE: i64 = 10_008;
    /// The user is not there.
    pub(crate) const UNKNOWN_USER: i64 = 10_013;
    /// The interaction's token is not known.
    pub(crate) const UNKNOWN_WEBHOOK: i64 = 10_015;
    /// The interaction is too old, or was none.
    pub(crate) const UNKNOWN_INTERACTION: i64 = 10_062;
    /// Messages older than an hour are edited too often.
    pub(crate) const OLD_MESSAGE_EDITS: i64 = 30_046;
    /// Direct messages are opened too fast.
    pub(crate) const OPENING_TOO_FAST: i64 = 40_003;
    /// The interaction was answered already.
    pub(crate) const ALREADY_ACKNOWLEDGED: i64 = 40_060;
    /// The user takes no direct messages from the bot.
    pub(crate) const CANNOT_MESSAGE: i64 = 50_007;
    /// The interaction's token has run out.
    pub(crate) const DEAD_TOKEN: i64 = 50_027;
    /// The user shares no server with the bot.
    pub(crate) const NO_MUTUAL_GUILD: i64 = 50_278;
}

/// What came of a call that did not succeed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Failure {
    /// Discord answered with an error.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Discord's own code, 0 when it gave none.
        code: i64,
        /// Discord's own words.
        message: String,
        /// How long Discord asks to wait.
        retry_after: Option<Duration>,
        /// Whether that goes for all calls.
        global: bool,
    },
    /// The call never left: no connection.
    Unsent(String),
    /// Nobody knows whether the call arrived: the answer is missing.
    Lost(String),
}

impl Failure {
    /// Discord's own code, if it gave one.
    pub(super) fn code(&self) -> Option<i64> {
        match self {
            Self::Refused { code, .. } if *code != 0 => Some(*code),
            _ => None,
        }
    }

    /// The HTTP status, if there was an answer.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether the bot's token was refused. The tokens of interactions run out with the same status.
    pub(super) fn is_unauthorised(&self) -> bool {
        self.status() == Some(401) && self.code() != Some(code::DEAD_TOKEN)
    }

    /// Whether the same call may succeed later.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status == 429 || *status >= 500,
            Self::Unsent(_) | Self::Lost(_) => true,
        }
    }

    /// Whether nothing was done for sure, so that the same call can be made again without doing it twice.
    pub(super) fn left_nothing(&self) -> bool {
        match self {
            // 502 and 503 come from in front of Discord's API.
            Self::Refused { status, .. } => matches!(status, 429 | 502 | 503),
            Self::Unsent(_) => true,
            Self::Lost(_) => false,
        }
    }

    /// How long Discord asks to wait.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused {
                status,
                code,
                message,
                ..
            } => write!(f, "{status} {code} {message}"),
            Self::Unsent(why) => write!(f, "no connection: {why}"),
            Self::Lost(why) => write!(f, "no answer: {why}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::messenger(failure)
    }
}

/// The way to Discord's API.
pub(super) struct Rest {
    http: Http,
    client: reqwest::Client,
    token: SecretString,
    application: OnceCell<ApplicationId>,
    first_answers: Semaphore,
    others: Semaphore,
}

impl Rest {
    pub(super) fn new(
        token: SecretString,
        api_url: Option<&str>,
        client: Option<reqwest::Client>,
    ) -> Result<Self> {
        let client = match client {
            Some(client) => client,
            None => reqwest::Client::builder()
                .use_rustls_tls()
                .connect_timeout(Duration::from_secs(3))
                .timeout(PATIENCE)
                .build()?,
        };
        Ok(Self {
            http: connection(&token, api_url, client.clone()),
            client,
            token,
            application: OnceCell::new(),
            first_answers: Semaphore::new(FIRST_ANSWERS),
            others: Semaphore::new(OTHERS),
        })
    }

    /// Another address than Discord's, where one is configured.
    pub(super) fn api_url(&self) -> Option<&str> {
        self.http.proxy.as_deref()
    }

    /// serenity's own connection with the same token, address and client, for its gateway.
    pub(super) fn for_gateway(&self) -> Http {
        connection(&self.token, self.http.proxy.as_deref(), self.client.clone())
    }

    /// Makes a call and waits at most `patience` for its answer; `null` when the answer is empty.
    pub(super) async fn call(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: Option<&Value>,
        patience: Duration,
    ) -> Result<Value, Failure> {
        self.send(filled(route, method, body), patience).await
    }

    /// [`Rest::call`] with a file, whose upload may take longer.
    pub(super) async fn upload(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: &Value,
        file: &Attachment,
    ) -> Result<Value, Failure> {
        self.send(uploading(route, method, body, file), UPLOAD)
            .await
    }

    /// [`Rest::call`] of a request with parameters.
    pub(super) async fn send(
        &self,
        request: Request<'_>,
        patience: Duration,
    ) -> Result<Value, Failure> {
        self.in_turn(&self.others, request, patience).await
    }

    /// [`Rest::call`] for a first answer, which waits for no other calls.
    pub(super) async fn answer(
        &self,
        route: Route<'_>,
        body: &Value,
        file: Option<&Attachment>,
        patience: Duration,
    ) -> Result<Value, Failure> {
        let request = match file {
            Some(file) => uploading(route, LightMethod::Post, body, file),
            None => filled(route, LightMethod::Post, Some(body)),
        };
        self.in_turn(&self.first_answers, request, patience).await
    }

    async fn in_turn(
        &self,
        turns: &Semaphore,
        request: Request<'_>,
        patience: Duration,
    ) -> Result<Value, Failure> {
        let unsent = |error: &dyn fmt::Display| Failure::Unsent(error.to_string());
        let request = request
            .build(&self.client, self.http.token(), self.http.proxy.as_deref())
            .map_err(|error| unsent(&error))?
            // Instead of the client's own, which is too short for files.
            .timeout(patience);
        let sending = async {
            let _turn = turns.acquire().await;
            let response = request.send().await.map_err(|error| {
                let is_connect = error.is_connect();
                // Addresses hold the tokens of interactions.
                let why = error.without_url().to_string();
                if is_connect {
                    Failure::Unsent(why)
                } else {
                    Failure::Lost(why)
                }
            })?;
            read(response).await
        };
        match tokio::time::timeout(patience, sending).await {
            Ok(result) => result,
            Err(_) => Err(Failure::Lost(format!("waited {patience:?}"))),
        }
    }

    /// Keeps which application the bot is, where the gateway said so first.
    pub(super) fn know_application(&self, id: ApplicationId) {
        let _ = self.application.set(id);
    }

    /// The bot's application, asked for once.
    pub(super) async fn application(&self) -> Result<ApplicationId, Failure> {
        let ask = || async {
            let route = Route::Oauth2ApplicationCurrent;
            let answer = self.call(LightMethod::Get, route, None, PATIENCE).await?;
            let id = snowflake(&answer["id"]);
            id.map(ApplicationId::new)
                .ok_or_else(|| Failure::Lost("an application without an id".to_owned()))
        };
        self.application.get_or_try_init(ask).await.copied()
    }
}

fn filled<'a>(route: Route<'a>, method: LightMethod, body: Option<&Value>) -> Request<'a> {
    let body = body.map(|body| body.to_string().into_bytes());
    Request::new(route, method).body(body)
}

/// A message with a file, which its `attachments` name by 0.
fn uploading<'a>(
    route: Route<'a>,
    method: LightMethod,
    body: &Value,
    file: &Attachment,
) -> Request<'a> {
    let part = CreateAttachment::bytes(file.bytes().to_vec(), render::filename(file));
    Request::new(route, method).multipart(Some(Multipart {
        upload: MultipartUpload::Attachments(vec![part]),
        fields: Vec::new(),
        payload_json: Some(body.to_string()),
    }))
}

fn connection(token: &SecretString, api_url: Option<&str>, client: reqwest::Client) -> Http {
    // serenity's limiter keeps a bucket per interaction for ever and ignores the proxy: answers are exempt from
    // Discord's limits anyway, and notices are paced by the courier.
    let builder = HttpBuilder::new(token.expose_secret())
        .client(client)
        .ratelimiter_disabled(true);
    match api_url {
        Some(url) => builder.proxy(url.trim_end_matches('/')),
        None => builder,
    }
    .build()
}

async fn read(response: reqwest::Response) -> Result<Value, Failure> {
    let status = response.status();
    let header = |name: &str| {
        let value = response.headers().get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let retry_header = header("retry-after").and_then(|seconds| seconds.parse::<f64>().ok());
    let is_global = header("x-ratelimit-global").is_some_and(|value| value == "true");
    let bytes = response
        .bytes()
        .await
        .map_err(|error| Failure::Lost(error.without_url().to_string()))?;
    let body: Option<Value> = serde_json::from_slice(&bytes).ok();
    if status.is_success() {
        return match body {
            Some(body) => Ok(body),
            None if bytes.is_empty() => Ok(Value::Null),
            None => Err(Failure::Lost("an answer that is no JSON".to_owned())),
        };
    }
    let body = body.unwrap_or_default();
    let seconds = body["retry_after"].as_f64().or(retry_header);
    let retry_after = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let mut message = body["message"].as_str().unwrap_or_default().to_owned();
    if let Some(errors) = body.get("errors") {
        message = format!("{message} {errors}");
    }
    Err(Failure::Refused {
        status: status.as_u16(),
        code: body["code"].as_i64().unwrap_or_default(),
        message,
        retry_after: retry_after.filter(|_| status.as_u16() == 429),
        global: body["global"].as_bool().unwrap_or(is_global),
    })
}

/// An id as Discord writes it.
pub(super) fn snowflake(value: &Value) -> Option<u64> {
    value.as_str()?.parse().ok().filter(|id| *id > 0)
}

/// A stored id as serenity wants it: it panics at 0 and `u64::MAX`.
pub(super) fn stored(id: i64) -> Option<u64> {
    u64::try_from(id).ok().filter(|id| *id > 0)
}
