//! The program itself, as its operator has it: a child process with arguments, an environment, what it prints and how
//! it ends.

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long a test waits for anything that the program does, however busy the machine is.
pub const PATIENCE: Duration = Duration::from_mins(1);
/// What the program promises its operator: a stop takes no longer.
pub const STOP: Duration = Duration::from_secs(10);

/// How a run ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// All it printed.
    pub stdout: String,
    /// All it logged.
    pub stderr: String,
}

impl Ended {
    /// The same, if it ended well.
    #[track_caller]
    pub fn well(self) -> Self {
        assert_eq!(self.code, Some(0), "{self}");
        self
    }

    /// The same, if it ended with that code.
    #[track_caller]
    pub fn with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            code,
            stdout,
            stderr,
        } = self;
        write!(
            f,
            "ended with {code:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}"
        )
    }
}

/// One stream of the program's words, as far as it came.
#[derive(Debug, Clone)]
struct Stream {
    text: Arc<Mutex<String>>,
    grown: watch::Sender<usize>,
}

impl Stream {
    fn follow(from: impl AsyncRead + Send + Unpin + 'static) -> (Self, JoinHandle<()>) {
        let stream = Self {
            text: Arc::default(),
            grown: watch::channel(0).0,
        };
        let own = stream.clone();
        let reading = tokio::spawn(async move {
            let mut lines = BufReader::new(from).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let length = {
                    let mut text = own.text.lock().unwrap();
                    text.push_str(&line);
                    text.push('\n');
                    text.len()
                };
                own.grown.send_replace(length);
            }
        });
        (stream, reading)
    }

    fn text(&self) -> String {
        self.text.lock().unwrap().clone()
    }
}

/// A run that goes on.
#[derive(Debug)]
pub struct Bot {
    child: Child,
    stdout: Stream,
    stderr: Stream,
    readers: [JoinHandle<()>; 2],
}

impl Bot {
    /// Starts the program. The machine's own settings do not reach it, only these.
    pub fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bursar"));
        command
            .args(arguments)
            .env_clear()
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // A panic's place is worth more than a clean environment.
        for kept in [
            "PATH",
            "HOME",
            "TMPDIR",
            "RUST_BACKTRACE",
            "LLVM_PROFILE_FILE",
        ] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        let mut child = command.spawn().unwrap();
        let (stdout, first) = Stream::follow(child.stdout.take().unwrap());
        let (stderr, second) = Stream::follow(child.stderr.take().unwrap());
        Self {
            child,
            stdout,
            stderr,
            readers: [first, second],
        }
    }

    /// What it logged so far.
    pub fn logged(&self) -> String {
        self.stderr.text()
    }

    /// What it printed so far.
    pub fn printed(&self) -> String {
        self.stdout.text()
    }

    /// Waits until it has logged this.
    pub async fn until_logged(&mut self, words: &str) {
        self.until(self.stderr.clone(), words).await;
    }

    /// Waits until it has printed this; gives all that it printed.
    pub async fn until_printed(&mut self, words: &str) -> String {
        self.until(self.stdout.clone(), words).await;
        self.printed()
    }

    async fn until(&mut self, stream: Stream, words: &str) {
        let mut grown = stream.grown.subscribe();
        let seen = async {
            loop {
                grown.borrow_and_update();
                if stream.text().contains(words) {
                    return;
                }
                tokio::select! {
                    _ = grown.changed() => {}
                    _ = self.child.wait() => {
                        for reader in &mut self.readers {
                            let _ = reader.await;
                        }
                        assert!(stream.text().contains(words), "it ended without {words:?}:\n{}", stream.text());
                        return;
                    }
                }
            }
        };
        let found = tokio::time::timeout(PATIENCE, seen).await.is_ok();
        assert!(found, "waited in vain for {words:?} in:\n{}", stream.text());
    }

    /// Ends it as a power cut does; gives what it logged.
    pub async fn kill(mut self) -> Ended {
        self.child.start_kill().unwrap();
        self.ended().await
    }

    /// Sends it SIGTERM or SIGINT.
    pub async fn signal(&self, name: &str) {
        let id = self.child.id().expect("it has ended already").to_string();
        let sent = Command::new("/bin/sh")
            .args([
                "-c",
                "kill -s \"$1\" \"$2\"",
                "kill",
                name.trim_start_matches("SIG"),
                &id,
            ])
            .status()
            .await
            .unwrap();
        assert!(sent.success());
    }

    /// Asks it to stop and waits as long as the operator was promised.
    pub async fn stop(self) -> Ended {
        self.signal("SIGTERM").await;
        self.ended_within(STOP).await
    }

    /// Waits for its end.
    pub async fn ended(self) -> Ended {
        self.ended_within(PATIENCE).await
    }

    /// Waits for its end for so long.
    pub async fn ended_within(mut self, patience: Duration) -> Ended {
        let Ok(status) = tokio::time::timeout(patience, self.child.wait()).await else {
            panic!(
                "it did not end within {patience:?}; it logged:\n{}",
                self.logged()
            );
        };
        for reader in &mut self.readers {
            let _ = reader.await;
        }
        Ended {
            code: status.unwrap().code(),
            stdout: self.printed(),
            stderr: self.logged(),
        }
    }
}

/// Runs the program to its end.
pub async fn bursar(arguments: &[&str], environment: &[(&str, &str)]) -> Ended {
    Bot::start(arguments, environment).ended().await
}
