//! The statements that reach a database, as sqlx tells the log.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{LazyLock, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, Registry};

static HEARD: Mutex<Option<BTreeSet<String>>> = Mutex::new(None);

/// Begins to listen.
pub fn start() {
    static LISTENING: LazyLock<()> = LazyLock::new(|| Registry::default().with(Recorder).init());
    LazyLock::force(&LISTENING);
    *HEARD.lock().unwrap_or_else(PoisonError::into_inner) = Some(BTreeSet::new());
}

/// Ends it; yields each statement once.
pub fn stop() -> BTreeSet<String> {
    let heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner).take();
    heard.unwrap_or_default()
}

struct Recorder;

impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != "sqlx::query" {
            return;
        }
        let mut statement = Statement::default();
        event.record(&mut statement);
        let text = if statement.whole.trim().is_empty() {
            statement.summary
        } else {
            statement.whole
        };
        if let Some(heard) = &mut *HEARD.lock().unwrap_or_else(PoisonError::into_inner) {
            heard.insert(text.trim().to_owned());
        }
    }
}

/// A short statement is its own summary; a longer one is told whole beside it.
#[derive(Default)]
struct Statement {
    summary: String,
    whole: String,
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.whole),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        assert!(
            !(field.name() == "db.statement" || field.name() == "summary"),
            "{} is no text: {value:?}",
            field.name()
        );
    }
}
