//! The adapter against the local Telegram, with a desk that answers as a test tells it and a real database.

mod conversations;
mod files;
mod inbound;
mod notices;
mod outages;
mod rendering;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Settings, Telegram};
use crate::chat::{Ask, Card, Event, Reply, Suggestion, Visibility};
use crate::clock::Clock;
use crate::commands::catalogue::Command;
use crate::fault::Fault;
use crate::pipeline::lanes::Lanes;
use crate::pipeline::{Desk, Opening};
use crate::sandbox::faults::{Fault as Trouble, Rule};
use crate::sandbox::telegram::{self as local, Options};
use crate::store::Store;

type Answer = dyn Fn(Event) -> BoxFuture<'static, Reply> + Send + Sync;

/// Answers as told and remembers what it was asked.
struct FakeDesk {
    seen: Mutex<Vec<Event>>,
    answer: Box<Answer>,
}

impl FakeDesk {
    fn new(
        answer: impl Fn(Event) -> BoxFuture<'static, Reply> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            seen: Mutex::default(),
            answer: Box::new(answer),
        })
    }

    /// One that answers at once.
    fn prompt(answer: impl Fn(&Event) -> Reply + Send + Sync + 'static) -> Arc<Self> {
        Self::new(move |event| {
            let reply = answer(&event);
            async move { reply }.boxed()
        })
    }

    /// One that says what it was asked.
    fn echo() -> Arc<Self> {
        Self::prompt(|event| Reply::card(card(&asked(event))))
    }

    fn seen(&self) -> Vec<Event> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.clone()
    }

    /// What it was asked, in order.
    fn asked(&self) -> Vec<String> {
        self.seen().iter().map(asked).collect()
    }
}

impl Desk for FakeDesk {
    fn opening(&self, _: &Event) -> Opening {
        Opening::Defer(Visibility::Private)
    }

    fn handle(&self, event: Event) -> BoxFuture<'_, Reply> {
        self.seen.lock().unwrap().push(event.clone());
        (self.answer)(event)
    }

    fn suggest(&self, _: Event) -> BoxFuture<'_, Vec<Suggestion>> {
        async { Vec::new() }.boxed()
    }

    fn too_fast(&self, _: &Event) -> Reply {
        Reply::card(card("Too fast"))
    }
}

fn asked(event: &Event) -> String {
    match &event.ask {
        Ask::Typed(text) => format!("/{text}"),
        Ask::Text(text) => text.clone(),
        Ask::Press(data) => format!("[{data}]"),
        Ask::File { file, text } => format!("({}) {text}", file.name),
        other => format!("{other:?}"),
    }
}

fn card(title: &str) -> Card {
    Card {
        title: title.to_owned(),
        ..Card::default()
    }
}

/// A database in a directory of its own.
struct Data {
    dir: tempfile::TempDir,
    store: Store,
}

impl Data {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::connect(&Self::url(&dir)).await.unwrap();
        store.migrate().await.unwrap();
        Self { dir, store }
    }

    fn url(dir: &tempfile::TempDir) -> String {
        format!("sqlite://{}", dir.path().join("bursar.db").display())
    }

    /// Runs SQL past the bot, as an operator or a disaster would.
    async fn disturb(&self, sql: &'static str) {
        use sqlx::Connection as _;
        let url = Self::url(&self.dir);
        let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    async fn unfinished(&self) -> usize {
        self.store.inbox_unfinished().await.unwrap().len()
    }

    async fn until_finished(&self) {
        until("every update is finished", async || {
            self.unfinished().await == 0
        })
        .await;
    }
}

/// Waits for something that no verb of the local Telegram waits for.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(10), waiting).await;
    assert!(waited.is_ok(), "in vain: {what}");
}

async fn local_telegram() -> local::Telegram {
    local::Telegram::start(Options::default()).await.unwrap()
}

fn trouble(telegram: &local::Telegram, fault: Trouble, matching: &str, times: u32) {
    telegram.faults().set(Rule {
        fault,
        matching: matching.to_owned(),
        times,
    });
}

fn adapter(
    telegram: &local::Telegram,
    desk: Arc<FakeDesk>,
    store: &Store,
    commands: &'static [Command],
    username: &Arc<OnceLock<String>>,
) -> Telegram {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let settings = Settings {
        token: telegram.bot_token().to_owned().into(),
        api_url: Some(telegram.api_url()),
        commands,
        describe: Arc::new(|id, locale| match locale {
            "" | "fr" => Some(format!("{id} {locale}")),
            _ => None,
        }),
        languages: vec!["fr".to_owned()],
        client: Some(client),
        username: Arc::clone(username),
    };
    Telegram::new(
        settings,
        desk,
        store.clone(),
        Lanes::new(16),
        Clock::system(),
    )
    .unwrap()
}

/// A bot that runs.
struct Running {
    adapter: Telegram,
    username: Arc<OnceLock<String>>,
    shutdown: CancellationToken,
    task: JoinHandle<Result<(), Fault>>,
}

impl Running {
    fn start(telegram: &local::Telegram, desk: Arc<FakeDesk>, store: &Store) -> Self {
        let username = Arc::default();
        let adapter = adapter(telegram, desk, store, &[], &username);
        let shutdown = CancellationToken::new();
        let (running, token) = (adapter.clone(), shutdown.clone());
        let task = tokio::spawn(async move { running.run(token).await });
        Self {
            adapter,
            username,
            shutdown,
            task,
        }
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.task.await.unwrap().unwrap();
    }

    /// As the machine dies: nothing is said or finished any more.
    async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }
}

/// The calls of one method that were taken.
fn calls(telegram: &local::Telegram, method: &str) -> Vec<Value> {
    let calls = telegram.record().calls().into_iter();
    calls
        .filter(|call| call.path == format!("/{method}") && call.status == 200)
        .map(|call| call.body)
        .collect()
}

/// Holds every call against frankenstein's types: what they do not know is lost on the way through them.
fn expect_well_formed(telegram: &local::Telegram) {
    use frankenstein::methods as f;
    for call in telegram.record().calls() {
        let mut body = call.body.clone();
        if let Some(markup) = body.get_mut("reply_markup").filter(|one| one.is_string()) {
            // In a form, beside a file, it is text.
            *markup = serde_json::from_str(markup.as_str().unwrap()).unwrap();
        }
        let sent = body.clone();
        let back = match call.path.as_str() {
            "/sendMessage" => through::<f::SendMessageParams>(body),
            "/sendPhoto" => through::<f::SendPhotoParams>(body),
            "/sendDocument" => through::<f::SendDocumentParams>(body),
            "/editMessageCaption" => through::<f::EditMessageCaptionParams>(body),
            "/getFile" => through::<f::GetFileParams>(body),
            "/editMessageText" => through::<f::EditMessageTextParams>(body),
            "/answerCallbackQuery" => through::<f::AnswerCallbackQueryParams>(body),
            "/sendChatAction" => through::<f::SendChatActionParams>(body),
            "/setMyCommands" => through::<f::SetMyCommandsParams>(body),
            "/getMyCommands" => through::<f::GetMyCommandsParams>(body),
            "/deleteMyCommands" => through::<f::DeleteMyCommandsParams>(body),
            "/getUpdates" => through::<f::GetUpdatesParams>(body),
            "/getMe" | "/getWebhookInfo" | "/deleteWebhook" => serde_json::from_str("{}").unwrap(),
            other => panic!("the adapter has no business with {other}"),
        };
        let sent = if sent.is_null() {
            serde_json::json!({})
        } else {
            sent
        };
        assert_eq!(back, sent, "{}", call.path);
    }
}

fn through<T: Serialize + DeserializeOwned>(body: Value) -> Value {
    let parameters: T = serde_json::from_value(body).unwrap();
    serde_json::to_value(parameters).unwrap()
}
