//! The wire: `/bot<token>/<method>` and `/file/bot<token>/<path>`, with faults and the record around every call.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{Method as Verb, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::connection::{CuttableListener, Cutter};
use super::refusal::Refusal;
use super::request::Parameters;
use super::{Shared, calls, methods};
use crate::sandbox::faults::Fault;
use crate::sandbox::record::Call;

/// Serves until told to stop.
pub async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    let listener = CuttableListener {
        listener,
        stop: stop.clone(),
    };
    let app = Router::new().fallback(answer).with_state(shared);
    let service = app.into_make_service_with_connect_info::<Cutter>();
    let served = axum::serve(listener, service);
    // Long polls would hold a graceful stop up for a minute.
    tokio::select! {
        result = served => if let Err(error) = result {
            tracing::error!(%error, "the local Telegram stopped serving");
        },
        () = stop.cancelled() => {}
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: Request<Body>,
) -> Response {
    let path = request.uri().path().replace("%3A", ":").replace("%3a", ":");
    if let Some(rest) = path.strip_prefix("/file/bot") {
        return download(&shared, rest);
    }
    let Some((token, name)) = path
        .strip_prefix("/bot")
        .and_then(|rest| rest.split_once('/'))
    else {
        return refuse(&Refusal::new(404, "Not Found"));
    };
    if token != shared.token {
        return refuse(&Refusal::new(401, "Unauthorized"));
    }
    let verb = request.method().clone();
    if verb != Verb::GET && verb != Verb::POST {
        return refuse(&Refusal::new(405, "Method Not Allowed"));
    }
    let method = methods::find(name);
    let target = method.map_or(name, |method| method.name).to_owned();
    let read = Parameters::read(request).await;
    let body = read.as_ref().map_or(Value::Null, Parameters::recorded);
    let keep = |status: u16, answer: Value| {
        shared.record.add(Call {
            method: verb.to_string(),
            path: format!("/{target}"),
            body: body.clone(),
            status,
            answer,
        });
    };

    let fault = shared.faults.for_call(&target);
    let refusal = match fault {
        Some(Fault::DropCall) => {
            keep(0, Value::Null);
            cutter.cut();
            return StatusCode::NO_CONTENT.into_response();
        }
        Some(Fault::TooManyRequests { retry_after_ms }) => {
            Some(Refusal::slow_down(retry_after_ms.div_ceil(1000)))
        }
        Some(Fault::ServerError { status }) => Some(Refusal::new(status, "Internal Server Error")),
        Some(Fault::DelayCall { ms }) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            None
        }
        _ => None,
    };
    let result = match (refusal, method, read) {
        (Some(refusal), _, _) | (None, _, Err(refusal)) => Err(refusal),
        (None, None, _) => Err(Refusal::new(404, "Not Found: method not found")),
        (None, Some(method), Ok(parameters)) => calls::run(&shared, method, &parameters).await,
    };
    let (status, answer) = match result {
        Ok(result) => (200, json!({ "ok": true, "result": result })),
        Err(refusal) => (refusal.code, refusal.body()),
    };
    keep(status, answer.clone());
    if fault == Some(Fault::DropAnswer) {
        cutter.cut();
    }
    respond(status, &answer)
}

fn download(shared: &Shared, rest: &str) -> Response {
    let Some((token, path)) = rest.split_once('/') else {
        return refuse(&Refusal::new(404, "Not Found"));
    };
    if token != shared.token {
        return refuse(&Refusal::new(401, "Unauthorized"));
    }
    let world = shared.world();
    match world.files.values().find(|file| file.path == path) {
        Some(file) => {
            let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
            (kind, file.bytes.clone()).into_response()
        }
        None => refuse(&Refusal::new(404, "Not Found")),
    }
}

fn refuse(refusal: &Refusal) -> Response {
    respond(refusal.code, &refusal.body())
}

fn respond(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (status, kind, body.to_string()).into_response()
}
