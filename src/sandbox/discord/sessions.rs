//! Sessions that bots have at the gateway: what is dispatched to them, kept for a resume, and lost on command.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::model::World;
use super::shared::Shared;
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

/// One session of a bot, connected or waiting to be resumed.
#[derive(Debug)]
pub struct Session {
    intents: u64,
    sequence: u64,
    sent: VecDeque<(u64, String)>,
    resumable: bool,
    line: Option<Line>,
}

/// The way to a connection.
pub type Line = UnboundedSender<Out>;

/// What a connection is to send.
#[derive(Debug)]
pub enum Out {
    /// A payload.
    Text(String),
    /// The end, with its code and reason.
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

/// What came of the wish to resume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resumed {
    /// What was missed was sent.
    Yes,
    /// The session is gone or invalid.
    No,
    /// The session never had such a sequence number.
    SequenceUnknown,
}

impl Sessions {
    /// A session by id.
    pub fn get(&self, id: &str) -> Option<&Session> {
        self.by_id.get(id)
    }

    /// A session by id, to dispatch to it alone.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut Session> {
        self.by_id.get_mut(id)
    }

    /// Counts an identify and keeps its session.
    pub fn open(&mut self, id: String, session: Session) {
        self.identified += 1;
        self.by_id.insert(id, session);
    }

    /// Goes on with a session over another connection, which gets what came after `seen`.
    pub fn resume(&mut self, id: &str, seen: u64, line: &Line) -> Resumed {
        let Some(session) = self.by_id.get_mut(id).filter(|session| session.resumable) else {
            return Resumed::No;
        };
        if seen > session.sequence {
            return Resumed::SequenceUnknown;
        }
        if session
            .sent
            .front()
            .is_some_and(|(oldest, _)| *oldest > seen + 1)
        {
            return Resumed::No;
        }
        for (_, text) in session.sent.iter().filter(|(sequence, _)| *sequence > seen) {
            // A send fails only when the connection is gone; then the session can be resumed again.
            let _gone = line.send(Out::Text(text.clone()));
        }
        session.line = Some(line.clone());
        session.dispatch("RESUMED", &json!({ "_trace": [] }));
        Resumed::Yes
    }

    /// Leaves a session without its connection, so that it collects what it misses.
    pub fn leave(&mut self, id: &str, line: &Line) {
        if let Some(session) = self.by_id.get_mut(id)
            && session
                .line
                .as_ref()
                .is_some_and(|own| own.same_channel(line))
        {
            session.line = None;
        }
    }

    /// Forgets a session: it cannot be resumed.
    pub fn end(&mut self, id: &str) {
        self.by_id.remove(id);
    }

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
    /// A session with these intents on this connection.
    pub fn new(intents: u64, line: Line) -> Self {
        Self {
            intents,
            sequence: 0,
            sent: VecDeque::new(),
            resumable: true,
            line: Some(line),
        }
    }

    /// Sends an event, or keeps it for the resume.
    pub fn dispatch(&mut self, name: &str, data: &Value) {
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
