//! What goes wrong on command, in calls and in deliveries.

use std::time::Duration;

use tokio::time::Instant;

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
    assert_eq!(
        raw.discord.record().calls().last().map(|call| call.status),
        Some(0)
    );
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

#[tokio::test]
async fn calls_that_come_too_fast_are_refused_when_asked_to() {
    let raw = Raw::start().await;
    let hello = json!({ "content": "c" });
    raw.discord.enforce_pace(true);
    for _ in 0..5 {
        assert_eq!(raw.post(&raw.messages_path(), &hello).await.0, 200);
    }
    let (status, refused) = raw.post(&raw.messages_path(), &hello).await;
    assert_eq!((status, &refused["global"]), (429, &json!(false)));
    raw.discord.pass_time(Duration::from_secs(5));
    assert_eq!(raw.post(&raw.messages_path(), &hello).await.0, 200);
    let mut last = (200, json!(null));
    for _ in 0..500 {
        last = raw.get("/users/@me").await;
        if last.0 == 429 {
            break;
        }
    }
    assert_eq!((last.0, &last.1["global"]), (429, &json!(true)));
}
