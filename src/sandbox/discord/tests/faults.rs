//! What goes wrong on command, in calls and in deliveries.

use std::time::{Duration, Instant};

use serde_json::json;

use super::Raw;
use crate::sandbox::faults::{Fault, Rule};

fn rule(fault: Fault, matching: &str) -> Rule {
    Rule {
        fault,
        matching: matching.to_owned(),
        times: 1,
    }
}

#[tokio::test]
async fn too_many_requests() {
    let raw = Raw::start().await;
    raw.discord.fault(rule(
        Fault::TooManyRequests {
            retry_after_ms: 1_500,
        },
        "POST /channels",
    ));
    let hello = json!({ "content": "c" });
    let response = raw
        .request(reqwest::Method::POST, &raw.messages_path())
        .json(&hello)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 429);
    assert_eq!(
        (
            &response.headers()["retry-after"],
            &response.headers()["x-ratelimit-scope"]
        ),
        (&"2".parse().unwrap(), &"user".parse().unwrap())
    );
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(
        body,
        json!({ "message": "You are being rate limited.", "retry_after": 1.5, "global": false })
    );
    assert_eq!(raw.post(&raw.messages_path(), &hello).await.0, 200);
    assert_eq!(raw.ada().sees_here().len(), 1);
}

#[tokio::test]
async fn server_errors_delays_and_lost_connections() {
    let raw = Raw::start().await;
    let hello = json!({ "content": "c" });
    let path = raw.messages_path();
    let seen = || raw.ada().sees_here().len();
    raw.discord
        .fault(rule(Fault::ServerError { status: 503 }, ""));
    assert_eq!((raw.post(&path, &hello).await.0, seen()), (503, 0));
    raw.discord.fault(rule(Fault::DropCall, ""));
    assert!(
        raw.request(reqwest::Method::POST, &path)
            .json(&hello)
            .send()
            .await
            .is_err()
    );
    assert_eq!(seen(), 0);
    raw.discord.fault(rule(Fault::DropAnswer, ""));
    assert!(
        raw.request(reqwest::Method::POST, &path)
            .json(&hello)
            .send()
            .await
            .is_err()
    );
    assert_eq!(seen(), 1);
    raw.discord.fault(rule(Fault::DelayCall { ms: 200 }, ""));
    let started = Instant::now();
    assert_eq!(raw.post(&path, &hello).await.0, 200);
    assert!(started.elapsed() >= Duration::from_millis(200));
}
