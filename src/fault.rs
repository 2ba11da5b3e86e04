//! Everything that goes wrong without being anybody's doing. A fault is logged once, with its cause; people see only a
//! short reference, by which the operator finds the line in the log.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::clock;

/// The outcome of work that may fail for reasons of the machinery.
pub type Result<T, E = Fault> = std::result::Result<T, E>;

/// What sort of machinery failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The database.
    Database,
    /// Discord, Telegram or another server that the bot calls.
    Messenger,
    /// Something that took longer than it may.
    Timeout,
    /// Anything else, most likely a mistake in the bot.
    Internal,
}

impl FaultKind {
    /// The word for it in logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Messenger => "messenger",
            Self::Timeout => "timeout",
            Self::Internal => "internal",
        }
    }
}

/// A failure that is no refusal. Its `Display` names the reference and the kind and never the cause, which may hold
/// an address with a token in it.
pub struct Fault {
    kind: FaultKind,
    busy: bool,
    reference: String,
    cause: anyhow::Error,
    logged: AtomicBool,
}

impl Fault {
    /// A fault of this kind.
    pub fn new(kind: FaultKind, cause: impl Into<anyhow::Error>) -> Self {
        Self {
            kind,
            busy: false,
            reference: clock::reference(),
            cause: cause.into(),
            logged: AtomicBool::new(false),
        }
    }

    /// A fault of the bot itself, told in words.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Internal, anyhow::Error::msg(message.into()))
    }

    /// A fault of a server that the bot called.
    pub fn messenger(cause: impl Into<anyhow::Error>) -> Self {
        Self::new(FaultKind::Messenger, cause)
    }

    /// Work that was given up because it took too long.
    pub fn timeout(what: impl Into<String>) -> Self {
        Self::new(FaultKind::Timeout, anyhow::Error::msg(what.into()))
    }

    /// The same fault with what was being done when it happened, for the log.
    #[must_use]
    pub fn during(mut self, what: impl fmt::Display + Send + Sync + 'static) -> Self {
        self.cause = self.cause.context(what);
        self
    }

    /// The same fault, when it came after the work was done: people must not be told that nothing happened.
    #[must_use]
    pub fn after_the_work(mut self) -> Self {
        self.kind = FaultKind::Timeout;
        self
    }

    /// What sort of machinery failed.
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// Whether the same work may well succeed a moment later: a lock, a full pool, a deadlock.
    pub fn is_busy(&self) -> bool {
        self.busy
    }

    /// Six letters to show to people; they stand in the log as well.
    pub fn reference(&self) -> String {
        self.reference.clone()
    }

    /// The cause and the causes of the cause, for the operator's eyes, with credentials blotted out.
    pub fn cause(&self) -> String {
        blot(&format!("{:#}", self.cause))
    }

    /// Writes the fault to the log, the first time that it is asked to.
    pub fn log(&self) {
        if self.logged.swap(true, Ordering::Relaxed) {
            return;
        }
        tracing::error!(
            reference = %self.reference,
            kind = self.kind.as_str(),
            busy = self.busy,
            cause = %self.cause(),
            "something went wrong"
        );
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} fault {}", self.kind.as_str(), self.reference)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("kind", &self.kind)
            .field("busy", &self.busy)
            .field("reference", &self.reference)
            .field("cause", &self.cause())
            .finish_non_exhaustive()
    }
}

// No `source`: whoever prints the chain of an error would print what `cause` blots out.
impl std::error::Error for Fault {}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        let busy = is_busy(&error);
        Self {
            busy,
            ..Self::new(FaultKind::Database, error)
        }
    }
}

impl From<sqlx::migrate::MigrateError> for Fault {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::new(FaultKind::Database, error)
    }
}

impl From<reqwest::Error> for Fault {
    fn from(error: reqwest::Error) -> Self {
        let kind = if error.is_timeout() {
            FaultKind::Timeout
        } else {
            FaultKind::Messenger
        };
        // Telegram's addresses hold the bot's token.
        Self::new(kind, error.without_url())
    }
}

impl From<tokio::time::error::Elapsed> for Fault {
    fn from(error: tokio::time::error::Elapsed) -> Self {
        Self::new(FaultKind::Timeout, error)
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        let kind = match error.kind() {
            std::io::ErrorKind::TimedOut => FaultKind::Timeout,
            _ => FaultKind::Internal,
        };
        Self::new(kind, error)
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::new(FaultKind::Internal, error)
    }
}

impl From<tokio::task::JoinError> for Fault {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::new(FaultKind::Internal, error)
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(fault) => fault,
            Err(error) => Self::new(FaultKind::Internal, error),
        }
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            if database
                .try_downcast_ref::<sqlx::sqlite::SqliteError>()
                .is_some()
            {
                // SQLITE_BUSY and SQLITE_LOCKED, below the extended part of the code.
                code.parse::<u32>()
                    .is_ok_and(|code| matches!(code & 0xff, 5 | 6))
            } else {
                // Serialization failure, deadlock, lock not available, too many connections.
                matches!(code.as_ref(), "40001" | "40P01" | "55P03" | "53300")
            }
        }
        _ => false,
    }
}

/// Blots out the two ways in which credentials get into messages of errors: `scheme://user:password@host` and the
/// `bot<id>:<token>` of Telegram's paths.
fn blot(text: &str) -> String {
    let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '?' | '#' | ')' | ',');
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(colon) = rest.find(':') {
        let (before, after) = rest.split_at(colon + 1);
        let (secret, kept_at) = if let Some(address) = after.strip_prefix("//") {
            let end = address.find(ends).unwrap_or(address.len());
            (
                address[..end].contains('@'),
                address[..end].rfind('@').map_or(0, |at| at + 2),
            )
        } else {
            let word = before
                .trim_end_matches(':')
                .trim_end_matches(|c: char| c.is_ascii_digit());
            let token = word.ends_with("bot") && word.len() + 1 < before.len();
            (token, after.find(ends).unwrap_or(after.len()))
        };
        clean.push_str(before);
        if secret {
            clean.push_str(if after.starts_with("//") {
                "//***"
            } else {
                "***"
            });
            rest = &after[kept_at..];
        } else {
            rest = after;
        }
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io;

    use super::*;

    #[test]
    fn references_are_short_and_do_not_come_again() {
        let references: HashSet<String> = (0..10_000)
            .map(|_| Fault::internal("x").reference())
            .collect();
        assert_eq!(references.len(), 10_000);
        assert!(references.iter().all(|reference| reference.len() == 6));
    }

    #[test]
    fn display_tells_the_reference_and_not_the_cause() {
        let fault = Fault::messenger(anyhow::anyhow!("token 123:abc refused")).during("a call");
        assert_eq!(
            fault.to_string(),
            format!("messenger fault {}", fault.reference())
        );
        assert_eq!(fault.cause(), "a call: token 123:abc refused");
        assert!(std::error::Error::source(&fault).is_none());
    }

    #[test]
    fn causes_lose_their_credentials() {
        let check = |text: &str, expected: &str| assert_eq!(blot(text), expected);
        check("plain: words", "plain: words");
        check(
            "at postgres://bursar:p@ss@host:5432/db: refused",
            "at postgres://***@host:5432/db: refused",
        );
        check(
            "url (https://api.telegram.org/bot123:AbC-d_e/getMe): late",
            "url (https://api.telegram.org/bot123:***/getMe): late",
        );
        check("http://127.0.0.1:80/bot: é", "http://127.0.0.1:80/bot: é");
        check("robot:", "robot:");
        check("bot1:x", "bot1:***");
    }

    #[test]
    fn a_fault_survives_the_way_through_anyhow() {
        let fault = Fault::timeout("a call");
        let reference = fault.reference();
        let back = Fault::from(anyhow::Error::from(fault));
        assert_eq!(
            (back.kind(), back.reference()),
            (FaultKind::Timeout, reference)
        );
    }

    #[test]
    fn kinds_follow_the_errors() {
        let check = |fault: Fault, kind, busy| {
            assert_eq!((fault.kind(), fault.is_busy()), (kind, busy), "{fault:?}");
        };
        check(sqlx::Error::PoolTimedOut.into(), FaultKind::Database, true);
        check(sqlx::Error::RowNotFound.into(), FaultKind::Database, false);
        check(io::Error::other("x").into(), FaultKind::Internal, false);
        check(
            io::Error::from(io::ErrorKind::TimedOut).into(),
            FaultKind::Timeout,
            false,
        );
        check(anyhow::anyhow!("x").into(), FaultKind::Internal, false);
    }

    #[tokio::test]
    async fn a_locked_sqlite_file_is_busy() -> anyhow::Result<()> {
        use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

        let dir = tempfile::tempdir()?;
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(dir.path().join("busy.db"))
            .create_if_missing(true)
            .busy_timeout(std::time::Duration::ZERO);
        let mut one = options.connect().await?;
        let mut two = options.connect().await?;
        one.execute("begin immediate").await?;
        let error = two
            .execute("begin immediate")
            .await
            .expect_err("the file is locked");
        assert!(Fault::from(error).is_busy());
        one.execute("rollback").await?;
        let error = two.execute("no sql at all").await.expect_err("no sql");
        assert!(!Fault::from(error).is_busy());
        one.close().await?;
        two.close().await?;
        Ok(())
    }
}
