//! Posts updates to the bot's webhook: one at a time per chat, several chats at once, again until the bot says 2xx.
//! What the bot answers may itself be a call of a method, as with the real server.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::request::Parameters;
use super::updates::{Pending, Webhook};
use super::{Shared, calls, methods};
use crate::sandbox::record::Call;

/// How long the bot may take over one update.
const PATIENCE: Duration = Duration::from_mins(1);

/// Delivers until told to stop.
pub async fn deliver(shared: Arc<Shared>, stop: CancellationToken) {
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build();
    let client = match client {
        Ok(client) => client,
        Err(error) => {
            tracing::error!(%error, "the local Telegram cannot post to webhooks");
            return;
        }
    };
    let mut changed = shared.changed.subscribe();
    loop {
        changed.borrow_and_update();
        let next = loop {
            let now = shared.clock.now();
            let mut world = shared.world();
            let Some(taken) = world.updates.take_for_webhook(now) else {
                let next = world
                    .updates
                    .webhook
                    .as_ref()
                    .and(world.updates.next_moment(now));
                break next.map_or(3_600_000, |moment| moment - now);
            };
            if let Some(webhook) = world.updates.webhook.clone() {
                tokio::spawn(post(Arc::clone(&shared), client.clone(), webhook, taken));
            }
        };
        let pause = Duration::from_millis(u64::try_from(next).unwrap_or(0));
        tokio::select! {
            () = stop.cancelled() => return,
            _ = changed.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn post(shared: Arc<Shared>, client: reqwest::Client, webhook: Webhook, taken: Pending) {
    let mut request = client.post(&webhook.url).json(&taken.update);
    if let Some(secret) = &webhook.secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let error = match request.send().await {
        Ok(answer) if answer.status().is_success() => {
            shared.change(|world, now| world.updates.webhook_done(&taken, None, now));
            call_in_answer(&shared, answer).await;
            return;
        }
        Ok(answer) => format!(
            "Wrong response from the webhook: {} {}",
            answer.status().as_u16(),
            answer.status().canonical_reason().unwrap_or_default()
        ),
        Err(error) if error.is_timeout() => "Read timeout expired".to_owned(),
        Err(error) if error.is_connect() => "Connection refused".to_owned(),
        Err(_) => "Connection reset by peer".to_owned(),
    };
    shared.change(|world, now| world.updates.webhook_done(&taken, Some(error), now));
}

/// Makes the call that an answer to an update may carry; the bot never learns its result.
async fn call_in_answer(shared: &Shared, answer: reqwest::Response) {
    let kind = answer
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let Ok(body) = answer.bytes().await else {
        return;
    };
    let Ok(mut parameters) = Parameters::read_body(&kind, body).await else {
        return;
    };
    let Some(method) = parameters
        .take_text("method")
        .and_then(|name| methods::find(&name))
    else {
        return;
    };
    let (status, answer) = match calls::run(shared, method, &parameters).await {
        Ok(result) => (200, json!({ "ok": true, "result": result })),
        Err(refusal) => (refusal.code, refusal.body()),
    };
    shared.record.add(Call {
        method: "POST".to_owned(),
        path: format!("/{}", method.name),
        body: parameters.recorded(),
        status,
        answer,
    });
}
