//! A PostgreSQL of our own: made in a temporary folder, on a free loopback port, gone with the test process however that
//! ends, because a shell that owns the server waits on a pipe from us.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bursar::store::Store;
use sqlx::{Connection as _, Executor as _, PgConnection};
use tokio::sync::OnceCell;

use super::programs;

/// Owns the server and everything it wrote: stops it when the pipe closes, which the kernel does for us at the latest.
const KEEPER: &str = r#"
"$1" -D "$2/data" -h 127.0.0.1 -p "$3" -c unix_socket_directories= -c max_connections=300 \
    -c shared_buffers=64MB -c max_wal_size=256MB -c log_min_messages=warning -c log_min_error_statement=panic >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT "$server"
wait "$server"
rm -rf "$2"
"#;

/// A running server.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    template: OnceCell<()>,
    next: AtomicU32,
    // Dropping closes its standard input, and with that the server.
    _keeper: Child,
}

/// The server of this test process, started when it is first asked for. `None` where PostgreSQL is not installed, which
/// is an error in CI.
pub fn postgres() -> Option<&'static Cluster> {
    static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(|| {
        let programs = programs::or_left_out(programs::postgres(), "PostgreSQL");
        programs.map(|folder| Cluster::start(&folder))
    });
    CLUSTER.as_ref()
}

impl Cluster {
    /// Makes a cluster with the programs in that folder, and starts it.
    pub fn start(programs: &Path) -> Self {
        let home = tempfile::Builder::new()
            .prefix("bursar-postgres-")
            .tempdir()
            .unwrap();
        let account = account(home.path());
        if let Some((user, group)) = account {
            chown(home.path(), Some(user), Some(group)).unwrap();
        }
        initialise(programs, home.path(), account);
        // The keeper removes it.
        let home = home.keep();
        for _ in 0..5 {
            if let Some((port, keeper)) = serve(programs, &home, account) {
                return Self {
                    port,
                    template: OnceCell::new(),
                    next: AtomicU32::new(1),
                    _keeper: keeper,
                };
            }
        }
        let log = fs::read_to_string(home.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not start: {log}");
    }

    /// A fresh database with the tables of this version, by its URL.
    pub async fn database(&self) -> String {
        self.template
            .get_or_init(|| async {
                self.execute("create database bursar_template").await;
                let store = Store::connect(&self.url("bursar_template")).await.unwrap();
                store.migrate().await.unwrap();
                store.close().await;
            })
            .await;
        let name = format!("test_{}", self.next.fetch_add(1, Ordering::Relaxed));
        self.execute(&format!("create database {name} template bursar_template"))
            .await;
        self.url(&name)
    }

    /// A fresh database without any table, by its URL.
    pub async fn empty_database(&self) -> String {
        let name = format!("empty_{}", self.next.fetch_add(1, Ordering::Relaxed));
        self.execute(&format!("create database {name}")).await;
        self.url(&name)
    }

    /// Removes a database and whoever is connected to it.
    pub async fn drop_database(&self, url: &str) {
        let name = url.rsplit('/').next().unwrap_or_default();
        self.execute(&format!("drop database {name} with (force)"))
            .await;
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    async fn execute(&self, sql: &str) {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        connection
            .execute(sqlx::AssertSqlSafe(sql.to_owned()))
            .await
            .unwrap();
        connection.close().await.unwrap();
    }
}

/// The account under which the server runs when we are root, because it refuses to be root.
fn account(home: &Path) -> Option<(u32, u32)> {
    if fs::metadata(home).unwrap().uid() != 0 {
        return None;
    }
    let passwd = fs::read_to_string("/etc/passwd").unwrap();
    ["postgres", "nobody"].iter().find_map(|name| {
        let line = passwd
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

fn command(program: &Path, home: &Path, account: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(home).stdin(Stdio::null());
    if let Some((user, group)) = account {
        command.uid(user).gid(group);
    }
    command
}

fn initialise(programs: &Path, home: &Path, account: Option<(u32, u32)>) {
    let data = home.join("data");
    // A collation that is not plain bytes shows where a query forgot to ask for one; a PostgreSQL built without ICU does
    // with the plain one.
    let collations: [&[&str]; 2] = [&["--locale-provider=icu", "--icu-locale=en"], &[]];
    let mut said = String::new();
    for collation in collations {
        let done = command(&programs.join("initdb"), home, account)
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"])
            .args(["--no-sync", "--no-instructions", "-D"])
            .arg(&data)
            .args(collation)
            .output()
            .unwrap();
        if done.status.success() {
            return;
        }
        said = String::from_utf8_lossy(&done.stderr).into_owned();
        let _ = fs::remove_dir_all(&data);
    }
    panic!("initdb failed: {said}");
}

/// Starts the server on a free port; `None` when it ends at once, most likely because the port was taken meanwhile.
fn serve(programs: &Path, home: &PathBuf, account: Option<(u32, u32)>) -> Option<(u16, Child)> {
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .unwrap()
        .port();
    let mut keeper = command(Path::new("/bin/sh"), home, account)
        .args(["-c", KEEPER, "keeper"])
        .arg(programs.join("postgres"))
        .arg(home)
        .arg(port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Ctrl-C ends us; the keeper cleans up after that.
        .process_group(0)
        .spawn()
        .unwrap();
    let ready = home.join("data/postmaster.pid");
    for _ in 0..600 {
        // The last line of that file tells when connections are accepted.
        if fs::read_to_string(&ready).is_ok_and(|state| state.contains("ready")) {
            return Some((port, keeper));
        }
        if fs::read_to_string(home.join("log")).is_ok_and(|log| log.contains("FATAL")) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let _ = keeper.kill();
    let _ = keeper.wait();
    None
}
