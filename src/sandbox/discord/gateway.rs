//! The gateway: sessions that bots open over a WebSocket, what is dispatched to them, and how they break and resume.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket};
use flate2::{Compress, Compression, FlushCompress};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::model::{Shared, World, random_token};
use super::render;
use crate::sandbox::faults::Fault;

/// Intent: servers, channels, roles.
pub const GUILDS: u64 = 1;
/// Intent: members come, go and change. Privileged.
pub const GUILD_MEMBERS: u64 = 1 << 1;
/// Intent: messages in servers.
pub const GUILD_MESSAGES: u64 = 1 << 9;
/// Intent: direct messages.
pub const DIRECT_MESSAGES: u64 = 1 << 12;
/// Intent: what messages say. Privileged.
pub const MESSAGE_CONTENT: u64 = 1 << 15;
/// Intent: presences. Privileged.
const GUILD_PRESENCES: u64 = 1 << 8;
const ALL_INTENTS: u64 = (1 << 26) - 1;
const HEARTBEAT_MS: u64 = 41_250;

/// Every session that bots have, and what is held back from them.
#[derive(Debug, Default)]
pub struct Sessions {
    by_id: BTreeMap<String, Session>,
    held: Vec<Event>,
    /// How often bots identified.
    pub identified: u64,
    /// Privileged intents that the bot may not use.
    pub withheld_intents: u64,
}

#[derive(Debug)]
struct Session {
    intents: u64,
    sequence: u64,
    sent: VecDeque<(u64, String)>,
    resumable: bool,
    line: Option<UnboundedSender<Out>>,
}

#[derive(Debug)]
enum Out {
    Text(String),
    Close(u16, &'static str),
}

/// Something to tell the bot.
#[derive(Debug, Clone)]
pub struct Event {
    /// `INTERACTION_CREATE` and so on.
    pub name: &'static str,
    /// The payload.
    pub data: Value,
    /// The intent a session needs to get it; 0 for none.
    pub intent: u64,
    /// Whether the content is kept from sessions without the message content intent.
    pub private_content: bool,
}

impl Event {
    /// An event for every session with this intent.
    pub fn new(name: &'static str, intent: u64, data: Value) -> Self {
        Self {
            name,
            data,
            intent,
            private_content: false,
        }
    }
}

/// How a connection is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// The socket closes; the session can be resumed and what it missed is replayed.
    Resumable,
    /// The server asks to reconnect (opcode 7); the session can be resumed.
    Reconnect,
    /// The server declares the session invalid (opcode 9); the bot must identify anew.
    Invalid,
}

/// Delivers an event to the bot, through the faults in force.
pub fn dispatch(shared: &Arc<Shared>, world: &mut World, event: Event) {
    match shared.faults.for_delivery(event.name) {
        Some(Fault::DropDelivery) => {}
        Some(Fault::DuplicateDelivery) => {
            world.sessions.deliver(&event);
            world.sessions.deliver(&event);
        }
        Some(Fault::DelayDelivery { ms }) => {
            let shared = Arc::clone(shared);
            tokio::spawn(async move {
                tokio::select! {
                    () = shared.stop.cancelled() => {}
                    () = tokio::time::sleep(Duration::from_millis(ms)) => {
                        shared.with(|world| world.sessions.deliver(&event));
                    }
                }
            });
        }
        Some(Fault::ReorderDelivery) => world.sessions.held.push(event),
        _ => {
            world.sessions.deliver(&event);
            for late in std::mem::take(&mut world.sessions.held) {
                world.sessions.deliver(&late);
            }
        }
    }
}

impl Sessions {
    fn deliver(&mut self, event: &Event) {
        for session in self.by_id.values_mut() {
            if event.intent != 0 && session.intents & event.intent == 0 {
                continue;
            }
            let mut data = event.data.clone();
            if event.private_content && session.intents & MESSAGE_CONTENT == 0 {
                data["content"] = json!("");
                for list in ["embeds", "components", "attachments"] {
                    data[list] = json!([]);
                }
            }
            session.dispatch(event.name, &data);
        }
    }

    /// Whether a bot is connected and identified.
    pub fn connected(&self) -> bool {
        self.by_id.values().any(|session| session.line.is_some())
    }

    /// Breaks every connection.
    pub fn break_all(&mut self, how: Break) {
        for session in self.by_id.values_mut() {
            session.resumable = how != Break::Invalid;
            let Some(line) = session.line.take() else {
                continue;
            };
            // A send fails only when the socket is gone, which is what is wanted.
            let _gone = match how {
                Break::Resumable => line.send(Out::Close(4000, "Unknown error.")),
                Break::Reconnect => line
                    .send(Out::Text(
                        json!({ "op": 7, "d": null, "s": null, "t": null }).to_string(),
                    ))
                    .and_then(|()| line.send(Out::Close(4000, "Reconnect"))),
                Break::Invalid => line.send(Out::Text(
                    json!({ "op": 9, "d": false, "s": null, "t": null }).to_string(),
                )),
            };
        }
        if how == Break::Invalid {
            self.by_id.clear();
        }
    }
}

impl Session {
    fn dispatch(&mut self, name: &str, data: &Value) {
        self.sequence += 1;
        let text = json!({ "op": 0, "s": self.sequence, "t": name, "d": data }).to_string();
        if let Some(line) = &self.line
            && line.send(Out::Text(text.clone())).is_err()
        {
            self.line = None;
        }
        self.sent.push_back((self.sequence, text));
        if self.sent.len() > 10_000 {
            self.sent.pop_front();
        }
    }
}

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
    line: UnboundedSender<Out>,
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
        session.is_some_and(|id| {
            self.shared
                .look(|world| world.sessions.by_id.contains_key(id))
        })
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
            let mut session = Session {
                intents,
                sequence: 0,
                sent: VecDeque::new(),
                resumable: true,
                line: Some(self.line.clone()),
            };
            session.dispatch("READY", &ready);
            if intents & GUILDS != 0 {
                for guild in world.guilds.values() {
                    session.dispatch("GUILD_CREATE", &render::guild_create(world, guild));
                }
            }
            world.sessions.identified += 1;
            world.sessions.by_id.insert(id.clone(), session);
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
        let resumed = self.shared.with(|world| {
            let session = world
                .sessions
                .by_id
                .get_mut(&id)
                .filter(|session| session.resumable)?;
            if seen > session.sequence {
                return Some(Err((4007, "Invalid seq.")));
            }
            session.line = Some(self.line.clone());
            for (_, text) in session.sent.iter().filter(|(sequence, _)| *sequence > seen) {
                let _gone = self.line.send(Out::Text(text.clone()));
            }
            session.dispatch("RESUMED", &json!({ "_trace": [] }));
            Some(Ok(()))
        });
        match resumed {
            Some(result) => {
                result?;
                self.session = Some(id);
            }
            None => self.say(&json!({ "op": 9, "d": false, "s": null, "t": null })),
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
            if let Some(session) = world.sessions.by_id.get_mut(&session) {
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
            self.shared.with(|world| world.sessions.by_id.remove(&id));
        }
    }

    /// Leaves the session without a connection, so that it collects what it misses.
    fn leave(&mut self) {
        let Some(id) = self.session.take() else {
            return;
        };
        self.shared.with(|world| {
            if let Some(session) = world.sessions.by_id.get_mut(&id)
                && session
                    .line
                    .as_ref()
                    .is_some_and(|line| line.same_channel(&self.line))
            {
                session.line = None;
            }
        });
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
