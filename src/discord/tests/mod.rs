//! The adapter against a strict local Discord, with a desk that answers as each test says.

mod answers;
mod arriving;
mod commands;
mod connection;
mod files;
mod limits;
mod notices;
mod rendering;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Api, Discord, Settings};
use crate::chat::{
    Action, Ask, Button, Card, Event, Field, FieldKind, Form, Placement, Reply, Style, Suggestion,
    Values, Visibility,
};
use crate::clock::{Clock, Millis};
use crate::commands::catalogue::{Command, Gate, Opt, OptionKind};
use crate::commands::{Call, Stop};
use crate::domain::ids::ClientId;
use crate::fault::Fault;
use crate::pipeline::lanes::Lanes;
use crate::pipeline::{Desk, Opening};
use crate::sandbox::discord as local;

/// How long a slow desk takes: longer than an answer may wait, shorter than patience.
const SLOW: Duration = Duration::from_millis(1_600);

fn unused(_: Call) -> BoxFuture<'static, Result<Reply, Stop>> {
    Box::pin(async { Err(Fault::internal("the desk of the tests runs no handlers").into()) })
}

const CLIENT: Opt = Opt {
    name: "client",
    kind: OptionKind::Client,
    required: true,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "client find",
        options: &[CLIENT],
        gate: Gate::Open,
        listed: true,
        visibility: crate::chat::Visibility::Private,
        handler: unused,
    },
    Command {
        name: "credit add",
        options: &[
            CLIENT,
            Opt {
                name: "amount",
                kind: OptionKind::Amount,
                required: true,
            },
            Opt {
                name: "mode",
                kind: OptionKind::Choice(&["gift", "sale"]),
                required: false,
            },
            Opt {
                name: "note",
                kind: OptionKind::Text(300),
                required: false,
            },
        ],
        gate: Gate::Open,
        listed: true,
        visibility: crate::chat::Visibility::Private,
        handler: unused,
    },
    Command {
        name: "client import",
        options: &[Opt {
            name: "list",
            kind: OptionKind::Attachment { pictures: false },
            required: true,
        }],
        gate: Gate::Open,
        listed: true,
        visibility: crate::chat::Visibility::Private,
        handler: unused,
    },
    Command {
        name: "credit reject",
        options: &[],
        gate: Gate::Open,
        listed: false,
        visibility: crate::chat::Visibility::Private,
        handler: unused,
    },
    Command {
        name: "help",
        options: &[],
        gate: Gate::Open,
        listed: true,
        visibility: crate::chat::Visibility::Private,
        handler: unused,
    },
];

fn describe(id: &str, locale: &str) -> Option<String> {
    match (id, locale) {
        ("command-client", "fr") => Some("Les clients".to_owned()),
        ("command-client", _) => Some("Clients".to_owned()),
        ("command-help", _) => None,
        (id, _) => Some(format!("Text of {id}")),
    }
}

/// What the desk does with one event.
struct Part {
    opening: Opening,
    after: Duration,
    reply: Reply,
}

impl Part {
    fn at_once(reply: Reply) -> Self {
        Self {
            opening: Opening::Defer(Visibility::Private),
            after: Duration::ZERO,
            reply,
        }
    }

    fn slowly(opening: Opening, reply: Reply) -> Self {
        Self {
            opening,
            after: SLOW,
            reply,
        }
    }
}

type Script = Box<dyn Fn(&Event) -> Part + Send + Sync>;

struct Scripted {
    script: Script,
    events: Mutex<Vec<Event>>,
}

impl Scripted {
    /// The events that were handled or asked for completions, in order.
    fn events(&self) -> Vec<Event> {
        self.events.lock().unwrap().clone()
    }

    fn last(&self) -> Event {
        self.events().pop().expect("an event")
    }
}

impl Desk for Scripted {
    fn opening(&self, event: &Event) -> Opening {
        (self.script)(event).opening
    }

    fn handle(&self, event: Event) -> BoxFuture<'_, Reply> {
        Box::pin(async move {
            let part = (self.script)(&event);
            self.events.lock().unwrap().push(event);
            tokio::time::sleep(part.after).await;
            part.reply
        })
    }

    fn suggest(&self, event: Event) -> BoxFuture<'_, Vec<Suggestion>> {
        Box::pin(async move {
            let Ask::Suggest { typed, .. } = &event.ask else {
                panic!("not a completion")
            };
            if typed == "slow" {
                tokio::time::sleep(Duration::from_mins(1)).await;
            }
            let of = |index: usize| Suggestion {
                label: format!("{typed} {index} {}", "x".repeat(100)),
                value: format!("{index}"),
            };
            let suggestions = (0..30).map(of).collect();
            self.events.lock().unwrap().push(event);
            suggestions
        })
    }

    fn too_fast(&self, _: &Event) -> Reply {
        Reply::card(titled("Too fast"))
    }
}

/// A local Discord with the adapter at work in it.
struct Bench {
    local: local::Discord,
    api: Api,
    desk: Arc<Scripted>,
    lanes: Lanes,
    stop: CancellationToken,
    running: JoinHandle<Result<(), Fault>>,
}

impl Bench {
    async fn start(script: impl Fn(&Event) -> Part + Send + Sync + 'static) -> Self {
        let local = local::Discord::start(local::Setup::default())
            .await
            .unwrap();
        let bench = Self::start_in(local, script);
        bench.local.registered("help").await.unwrap();
        bench.local.ready().await.unwrap();
        bench
    }

    fn start_in(
        local: local::Discord,
        script: impl Fn(&Event) -> Part + Send + Sync + 'static,
    ) -> Self {
        let api = api(&local);
        let desk = Arc::new(Scripted {
            script: Box::new(script),
            events: Mutex::default(),
        });
        let lanes = Lanes::new(8);
        let clock = Clock::manual(Millis(1_000));
        let adapter = Discord::new(api.clone(), desk.clone(), lanes.clone(), clock);
        let stop = CancellationToken::new();
        let running = tokio::spawn({
            let stop = stop.clone();
            async move { adapter.run(stop).await }
        });
        Self {
            local,
            api,
            desk,
            lanes,
            stop,
            running,
        }
    }

    /// How many calls of this kind were made so far.
    fn calls(&self, method: &str, path: &str) -> usize {
        let calls = self.local.record().calls();
        let of_kind = |call: &&crate::sandbox::record::Call| {
            call.method == method && call.path.contains(path)
        };
        calls.iter().filter(of_kind).count()
    }

    /// The types of the first answers so far, refused ones left out.
    fn first_answers(&self) -> Vec<i64> {
        let calls = self.local.record().calls();
        let first = calls
            .iter()
            .filter(|call| call.path.ends_with("/callback") && call.status < 300);
        first
            .map(|call| call.body["type"].as_i64().unwrap())
            .collect()
    }
}

fn settings(local: &local::Discord) -> Settings {
    Settings {
        token: local.bot_token().into(),
        guild: local.guild_id().cast_signed(),
        approvals_channel: Some(local.approvals_channel_id().cast_signed()),
        api_url: Some(local.api_url()),
        client: None,
        commands: COMMANDS,
        describe: Arc::new(describe),
    }
}

fn api(local: &local::Discord) -> Api {
    Api::new(settings(local)).unwrap()
}

fn titled(title: &str) -> Card {
    Card {
        title: title.to_owned(),
        ..Card::default()
    }
}

fn view(client: i64, label: &str) -> Button {
    Button::new(Style::Secondary, label, Action::View(ClientId(client)))
}

/// A card with two buttons.
fn client_card() -> Reply {
    Reply::card(Card {
        title: "Ada Ltd".to_owned(),
        fields: vec![("Balance".to_owned(), "500".to_owned())],
        ..Card::default()
    })
    .row(vec![view(1, "Refresh"), view(2, "Other")])
}

fn amount_form() -> Form {
    Form {
        command: "credit add".to_owned(),
        title: "Add credit".to_owned(),
        known: Values::from([("client", "1")]),
        fields: vec![Field {
            name: "amount".to_owned(),
            label: "Amount".to_owned(),
            hint: "500".to_owned(),
            kind: FieldKind::Text { max: 20 },
            required: true,
            value: String::new(),
        }],
        error: String::new(),
    }
}

fn is_command(event: &Event) -> bool {
    matches!(event.ask, Ask::Command { .. })
}

fn placed(title: &str, placement: Placement) -> Reply {
    Reply::card(titled(title)).placed(placement)
}
