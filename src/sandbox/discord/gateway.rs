//! The gateway's connections: a bot identifies or resumes, and gets what its session gets, in the form it asked for.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket};
use flate2::{Compress, Compression, FlushCompress};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::render;
use super::sessions::{GUILD_MEMBERS, GUILDS, Line, MESSAGE_CONTENT, Out, Resumed, Session};
use super::shared::Shared;
use super::tokens::random_token;

/// Intent: presences. Privileged.
const GUILD_PRESENCES: u64 = 1 << 8;
const ALL_INTENTS: u64 = (1 << 26) - 1;
const HEARTBEAT_MS: u64 = 41_250;

/// Serves one connection until either side ends it.
pub async fn serve(shared: Arc<Shared>, mut socket: WebSocket, zlib_stream: bool) {
    let (line, mut lines) = unbounded_channel();
    let mut connection = Connection {
        shared: Arc::clone(&shared),
        line,
        session: None,
        stream: zlib_stream.then(|| Compress::new(Compression::fast(), true)),
        whole_frames: false,
    };
    let hello = json!({ "op": 10, "s": null, "t": null, "d": { "heartbeat_interval": HEARTBEAT_MS, "_trace": [] } });
    let hello = connection.frame(hello.to_string());
    if socket.send(hello).await.is_err() {
        return;
    }
    let ended = connection.run(&mut socket, &mut lines).await;
    connection.leave();
    if let Some((code, reason)) = ended {
        let frame = CloseFrame {
            code,
            reason: reason.into(),
        };
        if socket.send(Frame::Close(Some(frame))).await.is_ok() {
            // The other side answers the close; waiting for it keeps the frame from being lost to a reset.
            let _answer = tokio::time::timeout(Duration::from_secs(1), socket.recv()).await;
        }
    }
}

struct Connection {
    shared: Arc<Shared>,
    line: Line,
    session: Option<String>,
    stream: Option<Compress>,
    whole_frames: bool,
}

type Ended = (u16, &'static str);

impl Connection {
    async fn run(
        &mut self,
        socket: &mut WebSocket,
        lines: &mut UnboundedReceiver<Out>,
    ) -> Option<Ended> {
        let stop = self.shared.stop.clone();
        loop {
            tokio::select! {
                () = stop.cancelled() => return Some((1001, "Going away")),
                out = lines.recv() => match out? {
                    Out::Text(text) => {
                        let frame = self.frame(text);
                        socket.send(frame).await.ok()?;
                    }
                    Out::Close(code, reason) => return Some((code, reason)),
                },
                incoming = socket.recv() => {
                    let text = match incoming? {
                        Ok(Frame::Text(text)) => text.to_string(),
                        Ok(Frame::Binary(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
                        Ok(Frame::Close(close)) => {
                            if close.is_some_and(|close| matches!(close.code, 1000 | 1001)) {
                                self.end();
                            }
                            return None;
                        }
                        Err(_) => return None,
                        Ok(_) => continue,
                    };
                    if text.len() > 4096 {
                        return Some((4002, "Payload too large."));
                    }
                    if let Err(ended) = self.take(&text) {
                        return Some(ended);
                    }
                }
            }
        }
    }

    /// Handles one payload of the bot.
    fn take(&mut self, text: &str) -> Result<(), Ended> {
        let Ok(payload) = serde_json::from_str::<Value>(text) else {
            return Err((4002, "Error while decoding payload."));
        };
        let data = &payload["d"];
        match payload["op"].as_u64() {
            Some(1) => self.say(&json!({ "op": 11, "d": null, "s": null, "t": null })),
            Some(2) => self.identify(data)?,
            Some(6) => self.resume(data)?,
            Some(3 | 4) if self.session.is_some() => {}
            Some(8) if self.session.is_some() => self.members(data),
            Some(3 | 4 | 8 | 31) if self.session.is_none() => {
                return Err((4003, "Not authenticated."));
            }
            Some(31) => {}
            _ => return Err((4001, "Unknown opcode.")),
        }
        Ok(())
    }

    /// Whether this connection has a session that is still valid; one declared invalid may be followed by another.
    fn authenticated(&self) -> bool {
        let session = self.session.as_ref();
        session.is_some_and(|id| self.shared.look(|world| world.sessions.get(id).is_some()))
    }

    fn identify(&mut self, data: &Value) -> Result<(), Ended> {
        if self.authenticated() {
            return Err((4005, "Already authenticated."));
        }
        self.authenticate(data)?;
        let Some(intents) = data["intents"]
            .as_u64()
            .filter(|bits| bits & !ALL_INTENTS == 0)
        else {
            return Err((4013, "Invalid intent(s)."));
        };
        if !data["properties"].is_object() {
            return Err((4002, "Error while decoding payload."));
        }
        self.whole_frames = data["compress"].as_bool().unwrap_or(false) && self.stream.is_none();
        let shard = data["shard"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![json!(0), json!(1)]);
        let id = random_token(32);
        self.shared.with(|world| {
            if intents
                & world.sessions.withheld_intents
                & (GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT)
                != 0
            {
                return Err((4014, "Disallowed intent(s)."));
            }
            let guilds: Vec<_> = world
                .guilds
                .keys()
                .map(|guild| json!({ "id": render::id(*guild), "unavailable": true }))
                .collect();
            let url = world.base_url.replacen("http", "ws", 1);
            let ready = json!({
                "v": 10,
                "user": render::current_user(world),
                "user_settings": {},
                "guilds": guilds,
                "session_id": id,
                "session_type": "normal",
                "resume_gateway_url": url,
                "shard": shard,
                "application": { "id": render::id(world.bot), "flags": 0, "flags_new": "0" },
                "private_channels": [],
                "presences": [],
                "relationships": [],
                "guild_join_requests": [],
                "geo_ordered_rtc_regions": [],
                "_trace": [],
            });
            let mut session = Session::new(intents, self.line.clone());
            session.dispatch("READY", &ready);
            if intents & GUILDS != 0 {
                for guild in world.guilds.values() {
                    session.dispatch("GUILD_CREATE", &render::guild_create(world, guild));
                }
            }
            world.sessions.open(id.clone(), session);
            Ok(())
        })?;
        self.session = Some(id);
        Ok(())
    }

    fn resume(&mut self, data: &Value) -> Result<(), Ended> {
        if self.authenticated() {
            return Err((4005, "Already authenticated."));
        }
        self.authenticate(data)?;
        let id = data["session_id"].as_str().unwrap_or_default().to_owned();
        let seen = data["seq"].as_u64().unwrap_or(0);
        match self
            .shared
            .with(|world| world.sessions.resume(&id, seen, &self.line))
        {
            Resumed::Yes => self.session = Some(id),
            Resumed::SequenceUnknown => return Err((4007, "Invalid seq.")),
            Resumed::No => self.say(&json!({ "op": 9, "d": false, "s": null, "t": null })),
        }
        Ok(())
    }

    fn authenticate(&self, data: &Value) -> Result<(), Ended> {
        let given = data["token"].as_str().unwrap_or_default();
        let given = given.strip_prefix("Bot ").unwrap_or(given);
        if self.shared.look(|world| world.token == given) {
            Ok(())
        } else {
            Err((4004, "Authentication failed."))
        }
    }

    fn members(&self, data: &Value) {
        let wanted = data["guild_id"].as_str().and_then(|id| id.parse().ok());
        let ids: Option<Vec<u64>> = match &data["user_ids"] {
            Value::Array(list) => Some(
                list.iter()
                    .filter_map(|id| id.as_str()?.parse().ok())
                    .collect(),
            ),
            Value::String(one) => Some(one.parse().into_iter().collect()),
            _ => None,
        };
        let query = data["query"].as_str().unwrap_or_default().to_lowercase();
        let session = self.session.clone().unwrap_or_default();
        self.shared.with(|world| {
            let Some(guild) = wanted.and_then(|id| world.guilds.get(&id)) else {
                return;
            };
            let members: Vec<_> = guild
                .members
                .keys()
                .filter(|who| match &ids {
                    Some(ids) => ids.contains(who),
                    None => world.users.get(who).is_some_and(|user| user.username.starts_with(&query)),
                })
                .map(|who| render::member(world, guild.id, *who, true))
                .collect();
            let chunk = json!({
                "guild_id": render::id(guild.id), "members": members, "chunk_index": 0, "chunk_count": 1,
                "not_found": [], "nonce": data["nonce"],
            });
            if let Some(session) = world.sessions.get_mut(&session) {
                session.dispatch("GUILD_MEMBERS_CHUNK", &chunk);
            }
        });
    }

    fn say(&self, payload: &Value) {
        // The receiving half lives as long as this connection.
        let _gone = self.line.send(Out::Text(payload.to_string()));
    }

    /// The text as the client asked to get it: plain, each frame compressed, or one compressed stream.
    fn frame(&mut self, text: String) -> Frame {
        if let Some(stream) = &mut self.stream {
            return Frame::Binary(Bytes::from(deflate(
                stream,
                text.as_bytes(),
                FlushCompress::Sync,
            )));
        }
        if self.whole_frames {
            let mut whole = Compress::new(Compression::fast(), true);
            return Frame::Binary(Bytes::from(deflate(
                &mut whole,
                text.as_bytes(),
                FlushCompress::Finish,
            )));
        }
        Frame::Text(text.into())
    }

    /// Ends the session: a client that closes with 1000 or 1001 cannot resume.
    fn end(&mut self) {
        if let Some(id) = self.session.take() {
            self.shared.with(|world| world.sessions.end(&id));
        }
    }

    /// Leaves the session without a connection, so that it collects what it misses.
    fn leave(&mut self) {
        let Some(id) = self.session.take() else {
            return;
        };
        self.shared
            .with(|world| world.sessions.leave(&id, &self.line));
    }
}

fn deflate(stream: &mut Compress, mut input: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len() + 64);
    loop {
        let before = stream.total_in();
        let room = out.capacity();
        if stream.compress_vec(input, &mut out, flush).is_err() {
            return out;
        }
        let taken = usize::try_from(stream.total_in() - before).unwrap_or(input.len());
        input = &input[taken.min(input.len())..];
        // A full buffer means that more may be pending.
        if out.len() < room && input.is_empty() {
            return out;
        }
        out.reserve(1024);
    }
}
