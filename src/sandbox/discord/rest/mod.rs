//! The REST API's front door: reads a call, checks who makes it, applies the faults in force, routes it, keeps it in the
//! record and answers with Discord's headers.

mod commands;
mod guilds;
mod interactions;
mod messages;
mod posting;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::multipart::Multipart;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use super::gateway;
use super::model::{Id, World};
use super::refusal::{Answer, Refusal, Reply, not_found, refuse, unauthorized};
use super::shared::Shared;
use super::socket::Scissors;
use crate::sandbox::faults::Fault;
use crate::sandbox::record;

pub(super) use posting::{Draft, Upload, create};

const MOST_BYTES: usize = 30 * 1024 * 1024;

/// Everything that the local Discord serves.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", any(socket))
        .route("/cdn/attachments/{channel}/{id}/{name}", get(file))
        .fallback(call)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(shared)
}

/// One call of a bot.
pub struct Call {
    method: String,
    segments: Vec<String>,
    query: HashMap<String, String>,
    body: Value,
    files: Vec<Upload>,
}

/// Opens a gateway connection. Faults reach it as calls to `GET /gateway/socket`.
async fn socket(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    Query(query): Query<HashMap<String, String>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return "A local Discord: its API is at /api/v10.\n".into_response();
    };
    match shared.faults.for_call("GET /gateway/socket") {
        Some(Fault::DropCall | Fault::DropAnswer) => {
            scissors.cut();
            return StatusCode::OK.into_response();
        }
        Some(Fault::TooManyRequests { .. }) => {
            return StatusCode::TOO_MANY_REQUESTS.into_response();
        }
        Some(Fault::ServerError { status }) => return status_code(status).into_response(),
        Some(Fault::DelayCall { ms }) => tokio::time::sleep(Duration::from_millis(ms)).await,
        _ => {}
    }
    let zlib_stream = query
        .get("compress")
        .is_some_and(|kind| kind == "zlib-stream");
    upgrade.on_upgrade(move |socket| gateway::serve(shared, socket, zlib_stream))
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

async fn file(
    State(shared): State<Arc<Shared>>,
    Path((_, id, _)): Path<(Id, Id, String)>,
) -> Response {
    let found = shared.look(|world| world.attachments.get(&id).cloned());
    match found {
        Some(file) => ([(header::CONTENT_TYPE, file.content_type)], file.bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn call(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request,
) -> Response {
    let authorization = request.headers().get(header::AUTHORIZATION).cloned();
    let method = request.method().to_string();
    let read = read(request).await;
    let (call, target) = match read {
        Ok(call) => {
            let path = recorded_path(&call.segments);
            (Ok(call), path)
        }
        Err((refusal, segments)) => (Err(refusal), recorded_path(&segments)),
    };
    let fault = shared.faults.for_call(&format!("{method} {target}"));
    let mut cut_after = false;
    match fault {
        Some(Fault::DropCall) => {
            // Status 0: nobody answered.
            keep(
                &shared,
                &method,
                &target,
                call.as_ref().ok(),
                0,
                &Value::Null,
            );
            scissors.cut();
            return StatusCode::OK.into_response();
        }
        Some(Fault::DropAnswer) => cut_after = true,
        Some(Fault::DelayCall { ms }) => tokio::time::sleep(Duration::from_millis(ms)).await,
        Some(Fault::TooManyRequests { retry_after_ms }) => {
            let (headers, body) = too_many(retry_after_ms, false);
            keep(&shared, &method, &target, call.as_ref().ok(), 429, &body);
            return (StatusCode::TOO_MANY_REQUESTS, headers, Json(body)).into_response();
        }
        Some(Fault::ServerError { status }) => {
            let body = json!({ "message": format!("{status}: Internal Server Error"), "code": 0 });
            keep(&shared, &method, &target, call.as_ref().ok(), status, &body);
            let status = status_code(status);
            return (status, Json(body)).into_response();
        }
        _ => {}
    }
    if let Some((retry_after_ms, global)) =
        shared.with(|world| world.pace.take(world.clock.now_ms(), &method, &target))
    {
        let (headers, body) = too_many(retry_after_ms, global);
        keep(&shared, &method, &target, call.as_ref().ok(), 429, &body);
        return (StatusCode::TOO_MANY_REQUESTS, headers, Json(body)).into_response();
    }
    let answer = match &call {
        Ok(call) => {
            let known = authorization.and_then(|value| {
                let value = value.to_str().ok()?.strip_prefix("Bot ")?.to_owned();
                shared.look(|world| world.token == value).then_some(())
            });
            shared.with(|world| route(&shared, world, call, known.is_some()))
        }
        Err(refusal) => Err(refusal.clone()),
    };
    let (Ok(Reply { status, body }) | Err(Refusal { status, body })) = answer;
    keep(&shared, &method, &target, call.as_ref().ok(), status, &body);
    if cut_after {
        scissors.cut();
    }
    let status = status_code(status);
    let headers = limits(&shared, &method, &target);
    if body.is_null() {
        (status, headers).into_response()
    } else {
        (status, headers, Json(body)).into_response()
    }
}

/// Finds the handler. Only interaction callbacks and webhooks, whose path carries a secret, are open to strangers.
fn route(shared: &Arc<Shared>, world: &mut World, call: &Call, known: bool) -> Answer {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let method = call.method.as_str();
    match (method, segments.as_slice()) {
        ("POST", ["interactions", id, token, "callback"]) => {
            return interactions::callback(shared, world, call, id, token);
        }
        (_, ["webhooks", app, token, rest @ ..]) => {
            return interactions::webhook(shared, world, call, app, token, rest);
        }
        ("GET", ["gateway"]) => return Ok(json!({ "url": socket_url(world) }).into()),
        _ => {}
    }
    if !known {
        return Err(unauthorized());
    }
    match segments.as_slice() {
        ["gateway", "bot"] if method == "GET" => {
            let left = 1_000_u64.saturating_sub(world.sessions.identified);
            Ok(json!({
                "url": socket_url(world),
                "shards": 1,
                "session_start_limit": { "total": 1000, "remaining": left, "reset_after": 86_400_000, "max_concurrency": 1 },
            })
            .into())
        }
        ["applications", app, "commands", rest @ ..] if *app != "@me" => {
            commands::route(world, call, app, None, rest)
        }
        ["applications", app, "guilds", guild, "commands", rest @ ..] => {
            commands::route(world, call, app, Some(guild), rest)
        }
        ["channels", channel, rest @ ..] => messages::route(shared, world, call, channel, rest),
        _ => guilds::route(world, call, &segments),
    }
}

fn socket_url(world: &World) -> String {
    world.base_url.replacen("http", "ws", 1)
}

async fn read(request: Request) -> Result<Call, (Refusal, Vec<String>)> {
    let path = decode(request.uri().path());
    let method = request.method().to_string();
    let query = Query::<HashMap<String, String>>::try_from_uri(request.uri());
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let inner = ["/api/v10/", "/api/v9/", "/api/"]
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix));
    let segments: Vec<String> = inner
        .unwrap_or_default()
        .split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    if inner.is_none() {
        return Err((
            not_found(),
            path.split('/').skip(1).map(str::to_owned).collect(),
        ));
    }
    let refused = |refusal| (refusal, segments.clone());
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let (body, files) = if kind.starts_with("multipart/form-data") {
        multipart(request).await.map_err(refused)?
    } else {
        let bytes = to_bytes(request.into_body(), MOST_BYTES).await;
        let bytes = bytes.map_err(|_| refused(refuse(413, 40005, "Request entity too large")))?;
        (json_body(&bytes, &kind).map_err(refused)?, Vec::new())
    };
    Ok(Call {
        method,
        segments,
        query,
        body,
        files,
    })
}

fn json_body(bytes: &[u8], kind: &str) -> Result<Value, Refusal> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    if !kind.starts_with("application/json") {
        let message = "Expected \"Content-Type\" header to be one of {'application/json'}.";
        return Err(refuse(400, 50035, message));
    }
    serde_json::from_slice(bytes)
        .map_err(|_| refuse(400, 50109, "The request body contains invalid JSON."))
}

async fn multipart(request: Request<Body>) -> Result<(Value, Vec<Upload>), Refusal> {
    let bad = |_| refuse(400, 50035, "Invalid Form Body");
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| refuse(400, 50035, "Invalid Form Body"))?;
    let mut body = Value::Null;
    let mut fields = Map::new();
    let mut files = Vec::new();
    while let Some(part) = form.next_field().await.map_err(bad)? {
        let name = part.name().unwrap_or_default().to_owned();
        let filename = part.file_name().map(str::to_owned);
        let content_type = part
            .content_type()
            .unwrap_or("application/octet-stream")
            .to_owned();
        let bytes = part.bytes().await.map_err(bad)?;
        if name == "payload_json" {
            body = json_body(&bytes, "application/json")?;
        } else if let Some(filename) = filename {
            let number = name.trim_start_matches("files[").trim_end_matches(']');
            files.push(Upload {
                number: number.parse().unwrap_or(files.len() as u64),
                filename,
                content_type,
                bytes: bytes.to_vec(),
            });
        } else {
            fields.insert(name, json!(String::from_utf8_lossy(&bytes)));
        }
    }
    if body.is_null() && !fields.is_empty() {
        body = Value::Object(fields);
    }
    Ok((body, files))
}

fn decode(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match code.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The path without the secrets in it.
fn recorded_path(segments: &[String]) -> String {
    let secret = matches!(
        segments.first().map(String::as_str),
        Some("interactions" | "webhooks")
    );
    segments
        .iter()
        .enumerate()
        .map(|(at, part)| {
            if secret && at == 2 {
                "/token".to_owned()
            } else {
                format!("/{part}")
            }
        })
        .collect()
}

fn keep(
    shared: &Shared,
    method: &str,
    path: &str,
    call: Option<&Call>,
    status: u16,
    answer: &Value,
) {
    let mut body = Value::Null;
    if let Some(call) = call {
        body = call.body.clone();
        if let Some(fields) = body.as_object_mut() {
            for (key, value) in &call.query {
                fields.entry(key.clone()).or_insert_with(|| json!(value));
            }
        } else if !call.query.is_empty() && body.is_null() {
            body = json!(call.query);
        }
        for file in &call.files {
            if !body.is_object() {
                body = json!({});
            }
            body[format!("files[{}]", file.number)] = json!(file.filename);
        }
    }
    shared.record.add(record::Call {
        method: method.to_owned(),
        path: path.to_owned(),
        body,
        status,
        answer: answer.clone(),
    });
}

fn too_many(retry_after_ms: u64, global: bool) -> (HeaderMap, Value) {
    let whole_seconds = retry_after_ms.div_ceil(1_000);
    let seconds = Duration::from_millis(retry_after_ms).as_secs_f64();
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("retry-after", whole_seconds.to_string()),
        ("x-ratelimit-limit", "5".to_owned()),
        ("x-ratelimit-remaining", "0".to_owned()),
        ("x-ratelimit-reset-after", format!("{seconds:.3}")),
        (
            "x-ratelimit-scope",
            if global { "global" } else { "user" }.to_owned(),
        ),
        ("x-ratelimit-bucket", "flood".to_owned()),
    ] {
        set(&mut headers, name, &value);
    }
    if global {
        set(&mut headers, "x-ratelimit-global", "true");
    }
    let body = json!({ "message": "You are being rate limited.", "retry_after": seconds, "global": global });
    (headers, body)
}

fn limits(shared: &Shared, method: &str, path: &str) -> HeaderMap {
    let reset = shared.look(World::now_ms) + 1_000;
    let reset = Duration::from_millis(reset).as_secs_f64();
    let bucket: String = format!("{method}{path}")
        .chars()
        .filter(char::is_ascii_alphabetic)
        .collect();
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("x-ratelimit-limit", "50"),
        ("x-ratelimit-remaining", "49"),
        ("x-ratelimit-reset-after", "1.000"),
        ("x-ratelimit-reset", &format!("{reset:.3}")),
        ("x-ratelimit-bucket", &bucket.to_lowercase()),
    ] {
        set(&mut headers, name, value);
    }
    headers
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = value.parse() {
        headers.insert(name, value);
    }
}

/// An id in a path, if it is one.
fn parse_id(text: &str) -> Option<Id> {
    text.parse().ok()
}
