//! How the bot hears of things: `getUpdates` and its conflicts, and the webhook's settings.

use std::net::IpAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Answer, Call};
use crate::sandbox::telegram::Shared;
use crate::sandbox::telegram::refusal::Refusal;
use crate::sandbox::telegram::request::Parameters;
use crate::sandbox::telegram::updates::Webhook;

/// Waits for updates. A newer call ends an older one that still waits, as on the real server.
pub async fn get(shared: &Shared, given: &Parameters) -> Answer {
    let offset = given.integer("offset")?.unwrap_or(0);
    let limit = given.integer("limit")?.unwrap_or(100).clamp(1, 100);
    let limit = usize::try_from(limit).unwrap_or(100);
    let timeout = given.integer("timeout")?.unwrap_or(0).clamp(0, 50);
    let allowed = given.json("allowed_updates", "allowed updates")?;
    let deadline = Instant::now() + Duration::from_secs(timeout.unsigned_abs());

    let mine = shared.change(|world, _| {
        let updates = &mut world.updates;
        if updates.webhook.is_some() {
            return Err(Refusal::conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            ));
        }
        if let Some(allowed) = &allowed {
            updates.allow(allowed);
        }
        updates.confirm(offset);
        updates.poll += 1;
        Ok(updates.poll)
    })?;
    let mut changed = shared.changed.subscribe();
    loop {
        changed.borrow_and_update();
        let now = shared.clock.now();
        let next = {
            let updates = &mut shared.world().updates;
            if updates.webhook.is_some() {
                return Err(Refusal::conflict("terminated by setWebhook request"));
            }
            if updates.poll != mine {
                return Err(Refusal::conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running",
                ));
            }
            let batch = updates.batch(offset, limit, now);
            if !batch.is_empty() || Instant::now() >= deadline {
                return Ok(Value::Array(batch));
            }
            updates.next_moment(now)
        };
        let wait = next.map_or(50_000, |moment| moment - now);
        let wait = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
        let until = deadline.min(Instant::now() + wait);
        // The receiver lives as long as the sender in `shared`, so `changed` cannot fail.
        let _ = tokio::time::timeout_at(until, changed.changed()).await;
    }
}

/// Sets the address that updates are posted to.
pub fn set_webhook(call: &mut Call) -> Answer {
    let url = call.given.text("url").unwrap_or_default();
    if url.is_empty() {
        return delete_webhook(call);
    }
    let secret = call
        .given
        .text("secret_token")
        .filter(|secret| !secret.is_empty());
    if let Some(secret) = &secret {
        if secret.len() > 256 {
            return Err(Refusal::bad("secret token is too long"));
        }
        if !secret
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        {
            return Err(Refusal::bad("secret token contains unallowed characters"));
        }
    }
    let parsed =
        reqwest::Url::parse(&url).map_err(|_| Refusal::bad("bad webhook: can't parse URL"))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(Refusal::bad(
            "bad webhook: An HTTPS URL must be provided for webhook",
        ));
    }
    // Nothing here leaves the machine, and so plain HTTP to any port is fine too.
    let loopback = parsed.host_str().is_some_and(|host| {
        let host = host.trim_matches(['[', ']']);
        host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    });
    if !loopback {
        return Err(Refusal::bad(
            "bad webhook: the local Telegram posts to loopback addresses only",
        ));
    }
    let max_connections = call.given.integer("max_connections")?.unwrap_or(40);
    let allowed = call.given.json("allowed_updates", "allowed updates")?;
    let drop_pending = call.given.flag("drop_pending_updates")?;
    let updates = &mut call.world.updates;
    if let Some(allowed) = &allowed {
        updates.allow(allowed);
    }
    if drop_pending {
        updates.clear();
    }
    updates.webhook = Some(Webhook {
        url,
        secret,
        max_connections: max_connections.clamp(1, 100),
        ip_address: call.given.text("ip_address"),
        certificate: call.given.file("certificate").is_some(),
        last_error: None,
    });
    Ok(true.into())
}

/// Goes back to `getUpdates`.
pub fn delete_webhook(call: &mut Call) -> Answer {
    if call.given.flag("drop_pending_updates")? {
        call.world.updates.clear();
    }
    call.world.updates.webhook = None;
    Ok(true.into())
}

/// How the webhook is doing.
pub fn webhook_info(call: &Call) -> Value {
    let updates = &call.world.updates;
    let mut info = json!({
        "url": "",
        "has_custom_certificate": false,
        "pending_update_count": updates.waiting(),
    });
    if let Some(webhook) = &updates.webhook {
        info["url"] = json!(webhook.url);
        info["has_custom_certificate"] = json!(webhook.certificate);
        info["max_connections"] = json!(webhook.max_connections);
        info["ip_address"] = json!(webhook.ip_address.as_deref().unwrap_or("127.0.0.1"));
        if let Some((date, message)) = &webhook.last_error {
            info["last_error_date"] = json!(date);
            info["last_error_message"] = json!(message);
        }
    }
    if let Some(allowed) = &updates.allowed {
        info["allowed_updates"] = json!(allowed);
    }
    info
}
