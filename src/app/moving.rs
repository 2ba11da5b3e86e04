//! Moving in and handing out on the host: what `bursar import` and `bursar export` do. Standard output carries what came
//! of it, standard error how far it is.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};

use super::stopped;
use crate::chat::Sentences;
use crate::clock::Millis;
use crate::commands::moving::{bad_file, report};
use crate::commands::refusals;
use crate::services::House;
use crate::services::export::What;
use crate::services::import::{Existing, File, Manner, Outlook, Problem};
use crate::services::people::client_by_username;
use crate::store::Stop;
use crate::store::clients::Scope;
use crate::store::exports::Span;
use crate::store::moving::Tally;

/// `bursar import`.
#[derive(Debug, Clone)]
pub struct Import {
    /// The file.
    pub file: PathBuf,
    /// Only says what would be done.
    pub dry_run: bool,
    /// What is done with clients who are here already.
    pub existing: Existing,
    /// Moves in what is right where rows are wrong.
    pub skip_bad: bool,
    /// Where the report of wrong rows goes; beside the file where nothing is named.
    pub report: Option<PathBuf>,
}

/// `bursar export`.
#[derive(Debug, Clone)]
pub struct Export {
    /// `clients`, `statement`, `invoices` or `audit`.
    pub what: Sort,
    /// The client, by username.
    pub client: Option<String>,
    /// From this day on.
    pub from: Option<String>,
    /// Up to this day.
    pub to: Option<String>,
    /// Where it goes; standard output where nothing is named.
    pub out: Option<PathBuf>,
}

/// What can be handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Clients with their balances.
    Clients,
    /// One client's entries.
    Statement,
    /// Invoices.
    Invoices,
    /// The audit log.
    Audit,
}

/// Moves a file in, or says what would be done; `false` where rows are wrong and nothing was done, or would be.
pub async fn import(house: &House, import: &Import, out: &mut impl Write) -> anyhow::Result<bool> {
    let say = Sentences::of("", &house.rules.language);
    let shown = import.file.display();
    let bytes = std::fs::read(&import.file).with_context(|| format!("reading {shown}"))?;
    let file = File::read(&bytes, house.rules.unit)
        .map_err(|bad| anyhow::anyhow!("{shown}: {}", bad_file(&bad, say)))?;
    let file = Arc::new(file);
    understood(&file, out)?;
    let name = import.file.file_name().unwrap_or_default();
    let manner = Manner {
        name: name.to_string_lossy().into_owned(),
        existing: import.existing,
        admins: true,
        person: None,
        actor: "host".to_owned(),
        request: None,
    };
    let progress = Progress::new(&file, "looking through");
    let outlook = house
        .look_through(&file, &manner, |done| progress.at(done))
        .await
        .map_err(stopped)?;
    progress.end();
    if import.dry_run || outlook.tally.bad == 0 {
        // What an import did is told at its end.
        if import.dry_run {
            tally(house, &outlook.tally, Some(&outlook), out)?;
        }
    } else {
        tally(house, &outlook.tally, None, out)?;
    }
    let path = import
        .report
        .clone()
        .unwrap_or_else(|| beside(&import.file));
    write_report(house, &path, &outlook.problems, say, out)?;
    if import.dry_run {
        return Ok(outlook.tally.bad == 0);
    }
    if outlook.tally.bad > 0 && !import.skip_bad {
        writeln!(
            out,
            "nothing was moved in: mend the rows of the report, or leave them out with --skip-bad"
        )?;
        return Ok(false);
    }
    let nothing = outlook.tally.created == 0 && outlook.tally.updated == 0;
    if nothing && !house.is_under_way(&file, &manner).await.map_err(stopped)? {
        tally(house, &outlook.tally, None, out)?;
        writeln!(out, "nothing was left to do")?;
        return Ok(true);
    }
    let progress = Progress::new(&file, "moving in");
    let known = outlook.problems.clone();
    let moving = house.move_in(&file, &manner, outlook, |done| progress.at(done));
    let outcome = house.sealing_along(moving).await;
    let outcome = outcome.map_err(|stop| match stop {
        Stop::Refusal(refusal) => {
            anyhow::anyhow!("{}", refusals::sentence(&house.rules, &refusal, say))
        }
        fault @ Stop::Fault(_) => stopped(fault),
    })?;
    progress.end();
    if let Some(step) = outcome.resumed_at {
        writeln!(out, "went on after step {step}")?;
    }
    tally(house, &outcome.tally, None, out)?;
    if !outcome.problems.is_empty() {
        let mut problems = known;
        problems.extend(outcome.problems);
        write_report(house, &path, &problems, say, out)?;
    }
    Ok(true)
}

/// Hands out what is asked for; yields how many rows it was.
pub async fn export(house: &House, export: &Export) -> anyhow::Result<u64> {
    let client = match &export.client {
        None => None,
        Some(username) => {
            let found = client_by_username(&house.store, username.clone())
                .await
                .map_err(stopped)?;
            Some(found.with_context(|| format!("there is no client {username}"))?)
        }
    };
    let what = match (export.what, client) {
        (Sort::Clients, _) => What::Clients,
        (Sort::Invoices, client) => What::Invoices(client),
        (Sort::Audit, _) => What::Audit,
        (Sort::Statement, None) => {
            anyhow::bail!("a statement is of one client: name it with --client")
        }
        (Sort::Statement, Some(client)) => {
            What::Statement(house.account_of(client).await.map_err(stopped)?)
        }
    };
    let span = Span {
        from: export.from.as_deref().map_or(Ok(Millis(i64::MIN)), day)?,
        before: match export.to.as_deref() {
            Some(to) => day(to)?.plus(std::time::Duration::from_hours(24)),
            None => Millis(i64::MAX),
        },
    };
    let mut out: Box<dyn Write> = match &export.out {
        Some(path) => Box::new(
            std::fs::File::create(path).with_context(|| format!("writing {}", path.display()))?,
        ),
        None => Box::new(std::io::stdout()),
    };
    let mut gone = false;
    let count = house
        .export(Scope::House, what, span, |text| {
            match out.write_all(text.as_bytes()) {
                // Whoever reads no further, as `head` does, has read enough.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                    gone = true;
                    Err(error)
                }
                written => written,
            }
        })
        .await;
    match count {
        Err(_) if gone => Ok(0),
        count => {
            out.flush()?;
            count.map_err(stopped)
        }
    }
}

fn day(text: &str) -> anyhow::Result<Millis> {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    let day = time::Date::parse(text, format)
        .ok()
        .with_context(|| format!("{text} is not a day; write for example 2024-03-01"))?;
    Ok(Millis(day.midnight().assume_utc().unix_timestamp() * 1_000))
}

fn understood(file: &File, out: &mut impl Write) -> anyhow::Result<()> {
    let understood = file.columns.understood();
    let understood = understood.map(|(header, field)| format!("{header:?} is {}", field.name()));
    let understood: Vec<_> = understood.collect();
    writeln!(out, "understood: {}", understood.join(", "))?;
    let aside: Vec<_> = file
        .columns
        .aside()
        .map(|header| format!("{header:?}"))
        .collect();
    if !aside.is_empty() {
        writeln!(out, "left aside: {}", aside.join(", "))?;
    }
    writeln!(out, "rows: {}", file.rows())?;
    Ok(())
}

fn tally(
    house: &House,
    tally: &Tally,
    outlook: Option<&Outlook>,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    writeln!(out, "new: {}", tally.created)?;
    writeln!(out, "updated: {}", tally.updated)?;
    writeln!(out, "unchanged: {}", tally.unchanged)?;
    writeln!(out, "left as they are: {}", tally.kept)?;
    writeln!(out, "bad: {}", tally.bad)?;
    write!(out, "opening balances: {}", tally.opened)?;
    if let Some(outlook) = outlook {
        let opening = Sentences::of("en", "").units(house.rules.unit, outlook.opening);
        write!(out, ", {opening} credits")?;
    }
    writeln!(out)?;
    Ok(())
}

fn write_report(
    house: &House,
    path: &Path,
    problems: &[Problem],
    say: &Sentences,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let shown = path.display();
    std::fs::write(path, report(&house.rules, problems, say))
        .with_context(|| format!("writing {shown}"))?;
    writeln!(out, "report: {shown}")?;
    Ok(())
}

/// `clients.csv` has its report in `clients.report.csv`.
fn beside(file: &Path) -> PathBuf {
    file.with_extension("report.csv")
}

/// How far a file is: a bar on a terminal, elsewhere a line for each tenth, so that a log says it too.
struct Progress {
    bar: ProgressBar,
    what: &'static str,
    steps: u64,
    tenths: AtomicU64,
}

impl Progress {
    fn new(file: &File, what: &'static str) -> Self {
        let steps = file.steps() as u64;
        let bar = ProgressBar::new(steps).with_message(what);
        let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len}, {eta} left");
        Self {
            bar: match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            },
            what,
            steps,
            tenths: AtomicU64::new(0),
        }
    }

    fn at(&self, done: u64) {
        self.bar.set_position(done);
        let tenths = done * 10 / self.steps.max(1);
        if self.bar.is_hidden() && self.tenths.fetch_max(tenths, Ordering::Relaxed) < tenths {
            // Whoever reads it may have gone; the work goes on.
            let (what, steps) = (self.what, self.steps);
            let _ = writeln!(std::io::stderr(), "{what}: {done} of {steps} steps");
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
