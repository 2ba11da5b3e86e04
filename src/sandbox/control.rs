//! The control interface of the sandbox: what people do and what goes wrong, as JSON over HTTP, for bots and test
//! programs in any language.
//!
//! `GET /` describes everything: addresses, tokens and each verb of each messenger (as JSON when the `Accept` header asks
//! for it). `POST /control` takes one verb, `{"on": "discord", "do": "send", ...}`, and answers
//! `{"ok": true, "result": ...}` or, with status 422, `{"ok": false, "error": "..."}`. Each messenger lists its verbs in
//! its own `VERBS`. `clear_faults` and `pass_time` without `"on"` are for all messengers.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// What a verb gives: its result, or a sentence, as a rule with the conversation so far.
pub type Outcome<'a> = Pin<Box<dyn Future<Output = Result<Value, String>> + Send + 'a>>;

/// A messenger as the control interface sees it.
pub trait Messenger: Send + Sync {
    /// What `"on"` calls it.
    fn name(&self) -> &'static str;
    /// Its verbs, for people to read.
    fn verbs(&self) -> &'static str;
    /// Addresses, tokens and ids that a bot's configuration needs.
    fn settings(&self) -> Value;
    /// Does one verb.
    fn control(&self, request: Value) -> Outcome<'_>;
}

/// All messengers of a sandbox. Cheap to clone.
#[derive(Clone)]
pub struct Messengers(Arc<[Arc<dyn Messenger>]>);

impl fmt::Debug for Messengers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|one| one.name()))
            .finish()
    }
}

impl Messengers {
    /// These messengers.
    pub fn new(messengers: Vec<Arc<dyn Messenger>>) -> Self {
        Self(messengers.into())
    }

    /// Addresses, tokens and verbs, for people to read.
    pub fn description(&self) -> String {
        let mut text = "A local messenger for bots and their tests.\n".to_owned();
        for one in self.0.iter() {
            text.extend(["\n", one.name(), "\n"]);
            for (key, value) in one.settings().as_object().into_iter().flatten() {
                let shown = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                text.extend(["  ", key, " = ", &shown, "\n"]);
            }
        }
        text +=
            "\nPOST /control takes one verb as JSON and answers {\"ok\": true, \"result\": ...}.\n";
        for one in self.0.iter() {
            text.extend(["\n", one.verbs()]);
        }
        text
    }

    fn settings(&self) -> Value {
        let settings: Map<_, _> = self
            .0
            .iter()
            .map(|one| (one.name().to_owned(), one.settings()))
            .collect();
        let verbs: Map<_, _> = self
            .0
            .iter()
            .map(|one| (one.name().to_owned(), json!(one.verbs())))
            .collect();
        json!({ "settings": settings, "verbs": verbs })
    }

    /// Does one verb on the messenger that `"on"` names, or on all.
    pub async fn control(&self, request: Value) -> Result<Value, String> {
        if let Some(on) = request["on"].as_str() {
            let Some(found) = self.0.iter().find(|one| one.name() == on) else {
                let names: Vec<_> = self.0.iter().map(|one| one.name()).collect();
                return Err(format!(
                    "there is no messenger {on:?}; there are: {}",
                    names.join(", ")
                ));
            };
            return found.control(request).await;
        }
        if !matches!(request["do"].as_str(), Some("clear_faults" | "pass_time")) {
            return Err("\"on\" is missing: it names the messenger".to_owned());
        }
        let mut results = Map::new();
        for one in self.0.iter() {
            results.insert(one.name().to_owned(), one.control(request.clone()).await?);
        }
        Ok(Value::Object(results))
    }
}

/// Serves the control interface until `stop`. Gives the address.
pub async fn serve(
    address: SocketAddr,
    messengers: Messengers,
    stop: CancellationToken,
) -> io::Result<SocketAddr> {
    if !address.ip().is_loopback() {
        return Err(io::Error::other(
            "the control interface listens on loopback only",
        ));
    }
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/", get(describe))
        .route("/control", post(control))
        .with_state(messengers);
    tokio::spawn(async move {
        let serving = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
        if let Err(error) = serving.await {
            tracing::error!(%error, "the control interface stopped");
        }
    });
    Ok(address)
}

async fn describe(State(messengers): State<Messengers>, headers: HeaderMap) -> Response {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("application/json")) {
        Json(messengers.settings()).into_response()
    } else {
        messengers.description().into_response()
    }
}

async fn control(
    State(messengers): State<Messengers>,
    request: Result<Json<Value>, JsonRejection>,
) -> Response {
    let request = match request {
        Ok(Json(request)) => request,
        Err(rejection) => {
            let error = rejection.body_text();
            return (
                rejection.status(),
                Json(json!({ "ok": false, "error": error })),
            )
                .into_response();
        }
    };
    match messengers.control(request).await {
        Ok(result) => Json(json!({ "ok": true, "result": result })).into_response(),
        Err(error) => {
            let body = Json(json!({ "ok": false, "error": error }));
            (StatusCode::UNPROCESSABLE_ENTITY, body).into_response()
        }
    }
}
