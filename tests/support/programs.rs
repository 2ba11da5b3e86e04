//! Where the programs are that some tests need and Cargo cannot bring. A test that has to do without says so, and
//! `tests/left_out.rs` sums it up; in CI nothing may be left out.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whether this is a run in which nothing may be left out.
pub fn is_ci() -> bool {
    env::var("CI").is_ok_and(|ci| ci == "true" || ci == "1")
}

/// What was found, for a test that does without where nothing was; in CI it does not do without.
pub fn or_left_out(found: Option<PathBuf>, what: &str) -> Option<PathBuf> {
    assert!(
        found.is_some() || !is_ci(),
        "{what} may not be left out in CI"
    );
    found
}

/// The folder with `initdb` and `postgres`.
pub fn postgres() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    // Debian keeps them off the path, a folder for each version.
    let mut versions: Vec<(u32, PathBuf)> = Path::new("/usr/lib/postgresql")
        .read_dir()
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            Some((version, path.join("bin")))
        })
        .collect();
    versions.sort();
    folders.extend(versions.into_iter().rev().map(|(_, folder)| folder));
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// The folder of Node modules that has discord.js, where Node is there to run it.
pub fn node_modules() -> Option<PathBuf> {
    let folder = PathBuf::from(env::var_os("BURSAR_TEST_NODE_MODULES")?);
    (folder.join("discord.js").is_dir() && runs("node", &["--version"])).then_some(folder)
}

/// A Python that has aiogram.
pub fn python() -> Option<PathBuf> {
    let python = PathBuf::from(env::var_os("BURSAR_TEST_PYTHON")?);
    runs(python.to_str()?, &["-c", "import aiogram"]).then_some(python)
}

/// The folder with the platforms' machine-readable specifications.
pub fn specifications() -> Option<PathBuf> {
    let folder = env::var_os("BURSAR_TEST_SPECS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/specs"),
        PathBuf::from,
    );
    let files = ["discord-openapi.json", "telegram-bot-api.json"];
    files
        .iter()
        .all(|file| folder.join(file).is_file())
        .then_some(folder)
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
