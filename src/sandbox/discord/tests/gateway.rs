//! The gateway spoken by hand: order of opcodes, intents, compression, faults of deliveries, and how it closes.

use std::time::Duration;

use flate2::{Decompress, FlushDecompress};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::Raw;
use crate::sandbox::discord::{Break, Discord, MESSAGE_CONTENT, PATIENCE};
use crate::sandbox::faults::{Fault, Rule};

const GUILDS: u64 = 1;
const GUILD_MESSAGES: u64 = 1 << 9;

/// One connection.
struct Line {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    stream: Option<Decompress>,
}

/// What came over a connection.
#[derive(Debug)]
enum Came {
    Payload(Value),
    Closed(u16),
    Nothing,
}

impl Line {
    async fn open(discord: &Discord, query: &str) -> Self {
        let url = discord.api_url().replacen("http", "ws", 1);
        let (socket, _) = connect_async(format!("{url}/?v=10{query}")).await.unwrap();
        let stream = query.contains("zlib-stream").then(|| Decompress::new(true));
        Self { socket, stream }
    }

    /// Connects, identifies and reads as far as READY.
    async fn ready(discord: &Discord, intents: u64) -> (Self, Value) {
        let mut line = Self::open(discord, "").await;
        assert_eq!(line.payload().await["op"], 10);
        line.identify(discord, intents, false).await;
        let ready = line.payload().await;
        assert_eq!(ready["t"], "READY");
        (line, ready)
    }

    async fn say(&mut self, payload: &Value) {
        self.socket
            .send(Message::text(payload.to_string()))
            .await
            .unwrap();
    }

    async fn identify(&mut self, discord: &Discord, intents: u64, compress: bool) {
        let d = json!({ "token": discord.bot_token(), "intents": intents, "properties": {}, "compress": compress });
        self.say(&json!({ "op": 2, "d": d })).await;
    }

    /// What comes next, unless nothing comes for a while.
    async fn next(&mut self) -> Came {
        self.next_within(Duration::from_millis(300)).await
    }

    async fn next_within(&mut self, patience: Duration) -> Came {
        let Ok(message) = tokio::time::timeout(patience, self.socket.next()).await else {
            return Came::Nothing;
        };
        match message {
            Some(Ok(Message::Text(text))) => Came::Payload(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Binary(bytes))) => {
                let mut text = Vec::with_capacity(100_000);
                let mut whole = Decompress::new(true);
                let stream = self.stream.as_mut().unwrap_or(&mut whole);
                stream
                    .decompress_vec(&bytes, &mut text, FlushDecompress::Sync)
                    .unwrap();
                Came::Payload(serde_json::from_slice(&text).unwrap())
            }
            Some(Ok(Message::Close(Some(frame)))) => Came::Closed(frame.code.into()),
            other => panic!("{other:?}"),
        }
    }

    async fn payload(&mut self) -> Value {
        match self.next_within(PATIENCE).await {
            Came::Payload(payload) => payload,
            other => panic!("no payload but {other:?}"),
        }
    }

    /// The names of the events that come, so many at least, until nothing comes for a while; and their payloads.
    async fn events(&mut self, least: usize) -> Vec<(String, Value)> {
        let mut events = Vec::new();
        loop {
            let patience = if events.len() < least {
                PATIENCE
            } else {
                Duration::from_millis(300)
            };
            let Came::Payload(payload) = self.next_within(patience).await else {
                return events;
            };
            events.push((
                payload["t"].as_str().unwrap_or_default().to_owned(),
                payload,
            ));
        }
    }

    async fn closed(&mut self) -> u16 {
        match self.next_within(PATIENCE).await {
            Came::Closed(code) => code,
            other => panic!("not closed but {other:?}"),
        }
    }
}

#[tokio::test]
async fn greeting_heartbeat_and_servers() {
    let raw = Raw::start().await;
    let (mut line, ready) = Line::ready(&raw.discord, GUILDS).await;
    assert_eq!(
        ready["d"]["user"]["id"],
        json!(raw.discord.bot_id().to_string())
    );
    let created = line.payload().await;
    assert_eq!(
        (created["t"].as_str(), created["d"]["name"].as_str()),
        (Some("GUILD_CREATE"), Some("Desk"))
    );
    line.say(&json!({ "op": 1, "d": 2 })).await;
    assert_eq!(line.payload().await["op"], 11);
    raw.discord.add_guild("Other");
    assert_eq!(line.payload().await["d"]["name"], "Other");
}

#[tokio::test]
async fn bad_beginnings_close_the_connection() {
    let raw = Raw::start().await;
    let discord = &raw.discord;
    discord.withhold_intents(MESSAGE_CONTENT);
    let token = discord.bot_token();
    let identify = |token: &str, intents: Value| json!({ "op": 2, "d": { "token": token, "intents": intents, "properties": {} } });
    for (payload, code) in [
        (identify("nonsense", json!(0)), 4004),
        (identify(&token, json!(null)), 4013),
        (identify(&token, json!(1_u64 << 40)), 4013),
        (identify(&token, json!(MESSAGE_CONTENT)), 4014),
        (json!({ "op": 3, "d": {} }), 4003),
        (json!({ "op": 77 }), 4001),
        (json!("text"), 4001),
    ] {
        let mut line = Line::open(discord, "").await;
        line.payload().await;
        line.say(&payload).await;
        assert_eq!(line.closed().await, code, "{payload}");
    }
    let (mut line, _) = Line::ready(discord, 0).await;
    line.identify(discord, 0, false).await;
    assert_eq!(line.closed().await, 4005);
}

#[tokio::test]
async fn compressed_frames_and_streams() {
    let raw = Raw::start().await;
    for (query, compress) in [("&compress=zlib-stream", false), ("", true)] {
        let mut line = Line::open(&raw.discord, query).await;
        assert_eq!(line.payload().await["op"], 10);
        line.identify(&raw.discord, GUILDS, compress).await;
        let events = line.events(2).await;
        let names: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["READY", "GUILD_CREATE"]);
    }
}

#[tokio::test]
async fn messages_as_intents_say() {
    let raw = Raw::start().await;
    let (mut without, _) = Line::ready(&raw.discord, 0).await;
    let (mut blind, _) = Line::ready(&raw.discord, GUILD_MESSAGES).await;
    let (mut seeing, _) = Line::ready(&raw.discord, GUILD_MESSAGES | MESSAGE_CONTENT).await;
    raw.ada().says("hello").unwrap();
    assert!(matches!(without.next().await, Came::Nothing));
    assert_eq!(blind.payload().await["d"]["content"], "");
    let seen = seeing.payload().await;
    assert_eq!(
        (seen["t"].as_str(), seen["d"]["content"].as_str()),
        (Some("MESSAGE_CREATE"), Some("hello"))
    );
    raw.ada()
        .says(&format!("<@{}> hi", raw.discord.bot_id()))
        .unwrap();
    assert!(
        blind.payload().await["d"]["content"]
            .as_str()
            .unwrap()
            .ends_with(" hi")
    );
}

#[tokio::test]
async fn ephemeral_answers_are_not_told() {
    let raw = Raw::start().await;
    let (mut line, _) = Line::ready(&raw.discord, GUILD_MESSAGES).await;
    let asked = raw.ping().await;
    assert_eq!(line.payload().await["t"], "INTERACTION_CREATE");
    raw.callback(
        &asked,
        &json!({ "type": 4, "data": { "content": "c", "flags": 64 } }),
    )
    .await;
    assert!(matches!(line.next().await, Came::Nothing));
}

#[tokio::test]
async fn resuming_replays_what_was_missed() {
    let raw = Raw::start().await;
    let (mut line, ready) = Line::ready(&raw.discord, 0).await;
    raw.discord.disconnect(Break::Resumable);
    assert_eq!(line.closed().await, 4000);
    raw.ping().await;
    let mut again = Line::open(&raw.discord, "").await;
    // A client need not wait for the greeting.
    let resume = |token: String, seq: u64| {
        let d = json!({ "token": token, "session_id": ready["d"]["session_id"], "seq": seq });
        json!({ "op": 6, "d": d })
    };
    again.say(&resume(raw.discord.bot_token(), 1)).await;
    let names: Vec<_> = again
        .events(3)
        .await
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["", "INTERACTION_CREATE", "RESUMED"]);
    for (payload, code) in [
        (resume("nonsense".into(), 1), 4004),
        (resume(raw.discord.bot_token(), 99), 4007),
    ] {
        let mut line = Line::open(&raw.discord, "").await;
        line.payload().await;
        line.say(&payload).await;
        assert_eq!(line.closed().await, code);
    }
    let mut line = Line::open(&raw.discord, "").await;
    line.payload().await;
    raw.discord.disconnect(Break::Invalid);
    line.say(&resume(raw.discord.bot_token(), 1)).await;
    assert_eq!(
        line.payload().await,
        json!({ "op": 9, "d": false, "s": null, "t": null })
    );
    line.identify(&raw.discord, 0, false).await;
    assert_eq!(line.payload().await["t"], "READY");
}

#[tokio::test]
async fn a_client_that_says_goodbye_cannot_resume() {
    let raw = Raw::start().await;
    for (code, first_answer) in [(1000, "invalid"), (4000, "RESUMED")] {
        let (mut line, ready) = Line::ready(&raw.discord, 0).await;
        let frame = CloseFrame {
            code: code.into(),
            reason: "".into(),
        };
        line.socket.close(Some(frame)).await.unwrap();
        while line.socket.next().await.is_some() {}
        let mut again = Line::open(&raw.discord, "").await;
        again.payload().await;
        let d = json!({ "token": raw.discord.bot_token(), "session_id": ready["d"]["session_id"], "seq": 1 });
        again.say(&json!({ "op": 6, "d": d })).await;
        let answer = again.payload().await;
        let answer = if answer["op"] == 9 {
            "invalid"
        } else {
            answer["t"].as_str().unwrap()
        };
        assert_eq!(answer, first_answer, "after {code}");
    }
}

#[tokio::test]
async fn an_asked_reconnect_comes_before_the_close() {
    let raw = Raw::start().await;
    let (mut line, _) = Line::ready(&raw.discord, 0).await;
    raw.discord.disconnect(Break::Reconnect);
    assert_eq!(line.payload().await["op"], 7);
    assert_eq!(line.closed().await, 4000);
}

#[tokio::test]
async fn deliveries_go_wrong_on_command() {
    let raw = Raw::start().await;
    raw.register().await;
    let (mut line, _) = Line::ready(&raw.discord, 0).await;
    let set = |fault| {
        raw.discord.fault(Rule {
            fault,
            matching: "INTERACTION_CREATE".into(),
            times: 1,
        });
    };
    let ping = async || {
        raw.ada()
            .command("ping", &[])
            .await
            .unwrap()
            .id()
            .to_string()
    };
    let ids = |events: Vec<(String, Value)>| {
        events
            .into_iter()
            .map(|(_, one)| one["d"]["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };

    set(Fault::DropDelivery);
    ping().await;
    assert!(line.events(0).await.is_empty());
    set(Fault::DuplicateDelivery);
    let twice = ping().await;
    assert_eq!(ids(line.events(2).await), [twice.clone(), twice]);
    set(Fault::ReorderDelivery);
    let (first, second) = (ping().await, ping().await);
    assert_eq!(ids(line.events(2).await), [second, first]);
    set(Fault::DelayDelivery { ms: 200 });
    let (late, early) = (ping().await, ping().await);
    assert_eq!(ids(line.events(2).await), [early, late]);
}
