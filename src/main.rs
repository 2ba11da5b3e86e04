//! The command line. Standard output carries what a command prints, standard error the log.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

#[cfg(feature = "sandbox")]
use anyhow::Context as _;
use bursar::app::{self, App, moving};
use bursar::chat::Sentences;
use bursar::clock::Clock;
use bursar::commands::{CATALOGUE, Command, OptionKind};
use bursar::config::Config;
use bursar::domain::chain::Head;
use bursar::domain::role::Role;
use bursar::fault::Fault;
use bursar::services::import;
use clap::{Parser, Subcommand, ValueEnum};
use tokio_util::sync::CancellationToken;

#[derive(Parser)]
#[command(
    name = "bursar",
    version,
    about = "The client desk of a bulk-SMS business, in Discord and Telegram"
)]
struct Line {
    /// The configuration; bot.toml where none is named. Every key can come from `BURSAR__SECTION__KEY` as well.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Runs everything locally with sample clients and people; no account is needed
    #[cfg(feature = "sandbox")]
    Demo {
        /// Where the control interface of the local messengers listens
        #[arg(long, default_value = "127.0.0.1:7070")]
        listen: std::net::SocketAddr,
        /// Where the sample database is kept; a temporary folder where none is named
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// Runs a local Discord and a local Telegram alone, for any bot
    #[cfg(feature = "sandbox")]
    Sandbox {
        /// Where the control interface listens
        #[arg(long, default_value = "127.0.0.1:7071")]
        listen: std::net::SocketAddr,
    },
    /// Runs the bot until SIGTERM or SIGINT
    Run,
    /// Says of each configured part whether it is well, or why not
    Check,
    /// Brings the database to this version
    Migrate,
    /// Checks the books: names each breach of an invariant, and exits with 1 when there is one
    Audit {
        /// Also checks that the audit log still has this head, as it was printed or posted earlier
        #[arg(long, value_name = "SEQ:HASH")]
        head: Option<Head>,
    },
    /// Prints the commands
    Commands {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Moves clients in from a CSV file; the same file again changes nothing, and what was cut off goes on
    Import {
        /// The file: CSV in UTF-8 with a header
        file: PathBuf,
        /// Only says what would be done
        #[arg(long)]
        dry_run: bool,
        /// What is done with clients who are here already, by old id, username or email
        #[arg(long, value_enum, default_value_t = Existing::Leave)]
        existing: Existing,
        /// Moves the other rows in where some are wrong
        #[arg(long)]
        skip_bad: bool,
        /// Where the report of wrong rows goes; beside the file where nothing is named
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// Writes clients, a statement, invoices or the audit log as CSV
    Export {
        /// What
        what: Sort,
        /// A client, by username: whose statement, or whose invoices alone
        #[arg(long, value_name = "USERNAME")]
        client: Option<String>,
        /// From this day on: 2024-03-01
        #[arg(long, value_name = "DAY")]
        from: Option<String>,
        /// Up to the end of this day
        #[arg(long, value_name = "DAY")]
        to: Option<String>,
        /// Where it goes; standard output where nothing is named
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Works on people
    People {
        #[command(subcommand)]
        task: People,
    },
}

#[derive(Subcommand)]
enum People {
    /// Prints a one-time code with which a person links an account; how the first admin comes in
    Invite {
        /// admin, finance, support, auditor or reseller
        #[arg(long, value_parser = role)]
        role: Role,
        /// The person's name
        #[arg(long, default_value = "")]
        name: String,
        /// A reseller's client, by username
        #[arg(long)]
        client: Option<String>,
    },
    /// Lets changes go on after /people freeze
    Unfreeze,
}

#[derive(Clone, Copy, ValueEnum)]
enum Existing {
    /// They become what the file says
    Update,
    /// They stay as they are
    Leave,
}

#[derive(Clone, Copy, ValueEnum)]
enum Sort {
    Clients,
    Statement,
    Invoices,
    Audit,
}

fn role(name: &str) -> Result<Role, String> {
    Role::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
        format!("one of {}", names.join(", "))
    })
}

const OLD: &str = "the database is not of this version; bring it there with: bursar migrate";

fn main() -> ExitCode {
    let line = Line::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "info,serenity=warn,sqlx=warn".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("bursar: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(perform(line));
    // Nothing that is left over may hold the process.
    runtime.shutdown_timeout(std::time::Duration::from_millis(500));
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("bursar: {}", in_words(&error));
            ExitCode::FAILURE
        }
    }
}

/// Prints a line. Whoever reads no further, as `head` does, has read enough.
fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// An error with its causes. A fault shows people a reference alone; the operator is told the cause.
fn in_words(error: &anyhow::Error) -> String {
    let causes = error.chain().map(|cause| match cause.downcast_ref() {
        Some(fault) => Fault::cause(fault),
        None => cause.to_string(),
    });
    causes.collect::<Vec<_>>().join(": ")
}

async fn perform(line: Line) -> anyhow::Result<ExitCode> {
    let config = || Config::load(line.config.as_deref(), std::env::vars());
    match line.task {
        #[cfg(feature = "sandbox")]
        Task::Demo { listen, data } => {
            let config = line.config.as_ref().map(|_| config()).transpose()?;
            bursar::demo::run(listen, data, config, stop_signal()?).await?;
        }
        #[cfg(feature = "sandbox")]
        Task::Sandbox { listen } => {
            use bursar::sandbox::{Sandbox, Setup, telegram};
            let setup = Setup {
                control: Some(listen),
                telegram: telegram::Options {
                    fresh_ids: true,
                    ..telegram::Options::default()
                },
                ..Setup::default()
            };
            let sandbox = Sandbox::start(setup)
                .await
                .with_context(|| format!("listening on {listen}"))?;
            say(format!(
                "control = {}",
                sandbox.control_url().unwrap_or_default()
            ));
            say(sandbox.description().trim_end());
            stop_signal()?.cancelled().await;
        }
        Task::Run => {
            let config = config()?;
            config.for_run()?;
            let stop = stop_signal()?;
            App::new(&config, Clock::system()).await?.run(stop).await?;
        }
        Task::Check => {
            let mut well = true;
            for (part, finding) in app::check::check(&config()?).await {
                match finding {
                    Ok(what) => say(format!("{part}: ok ({what})")),
                    Err(why) => {
                        well = false;
                        say(format!("{part}: {}", why.trim_end()));
                    }
                }
            }
            return Ok(if well {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
        Task::Migrate => {
            let house = app::house(&config()?, Clock::system()).await?;
            house.store.migrate().await?;
            house.store.close().await;
            say("the database is of this version");
        }
        Task::Audit { head } => return audit(&config()?, head).await,
        Task::Import {
            file,
            dry_run,
            existing,
            skip_bad,
            report,
        } => {
            let existing = match existing {
                Existing::Update => import::Existing::Update,
                Existing::Leave => import::Existing::Leave,
            };
            let import = moving::Import {
                file,
                dry_run,
                existing,
                skip_bad,
                report,
            };
            let house = app::house(&config()?, Clock::system()).await?;
            house.store.migrate().await?;
            let well = moving::import(&house, &import, &mut std::io::stdout()).await?;
            house.store.close().await;
            if !well {
                return Ok(ExitCode::FAILURE);
            }
        }
        Task::Export {
            what,
            client,
            from,
            to,
            out,
        } => {
            let what = match what {
                Sort::Clients => moving::Sort::Clients,
                Sort::Statement => moving::Sort::Statement,
                Sort::Invoices => moving::Sort::Invoices,
                Sort::Audit => moving::Sort::Audit,
            };
            let export = moving::Export {
                what,
                client,
                from,
                to,
                out,
            };
            let house = app::house(&config()?, Clock::system()).await?;
            anyhow::ensure!(house.store.is_current().await?, OLD);
            moving::export(&house, &export).await?;
            house.store.close().await;
        }
        Task::Commands { json } => say(if json {
            commands_json()?
        } else {
            commands_text()
        }),
        Task::People {
            task: People::Invite { role, name, client },
        } => {
            let config = config()?;
            invite(&config, role, name, client).await?;
        }
        Task::People {
            task: People::Unfreeze,
        } => {
            let house = app::house(&config()?, Clock::system()).await?;
            house.store.migrate().await?;
            let thawed = house.unfreeze().await.map_err(app::stopped)?;
            house.store.close().await;
            say(if thawed {
                "changes go on"
            } else {
                "nothing was frozen"
            });
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Cancelled by SIGTERM or SIGINT.
fn stop_signal() -> anyhow::Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = CancellationToken::new();
    let cancel = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        cancel.cancel();
    });
    Ok(stop)
}

async fn audit(config: &Config, earlier: Option<Head>) -> anyhow::Result<ExitCode> {
    let house = app::house(config, Clock::system()).await?;
    anyhow::ensure!(house.store.is_current().await?, OLD);
    let found = house.findings(earlier).await.map_err(app::stopped)?;
    house.store.close().await;
    for breach in &found.breaches {
        say(format!("{}: {}", breach.invariant, breach.what));
    }
    if let Some(head) = &found.head {
        say(format!("head of the audit log: {head}"));
    }
    if found.breaches.is_empty() {
        say("the books are in order");
        return Ok(ExitCode::SUCCESS);
    }
    say(format!("breaches: {}", found.breaches.len()));
    Ok(ExitCode::FAILURE)
}

async fn invite(
    config: &Config,
    role: Role,
    name: String,
    client: Option<String>,
) -> anyhow::Result<()> {
    let house = app::house(config, Clock::system()).await?;
    house.store.migrate().await?;
    let code = match house.invite(role, name, client).await {
        Ok(code) => code,
        Err(bursar::store::Stop::Refusal(refusal)) => {
            let say = Sentences::of("", &house.rules.language);
            anyhow::bail!(bursar::commands::refusals::sentence(
                &house.rules,
                &refusal,
                say
            ));
        }
        Err(stop) => return Err(app::stopped(stop)),
    };
    house.store.close().await;
    say(format!("code: {code}"));
    say(format!("discord: /link {code}"));
    match &config.telegram {
        Some(telegram) => {
            match bursar::telegram::check(&telegram.token, telegram.api_url.as_deref()).await {
                Ok(bot) => say(format!("telegram: https://t.me/{bot}?start={code}")),
                Err(_) => say(format!("telegram: /start {code}")),
            }
        }
        None => say(format!("telegram: /start {code}")),
    }
    say("It works once, within 24 hours.");
    Ok(())
}

fn options(command: &Command) -> String {
    let options = command.options.iter().map(|option| {
        if option.required {
            option.name.to_owned()
        } else {
            format!("[{}]", option.name)
        }
    });
    options.collect::<Vec<_>>().join(" ")
}

fn commands_text() -> String {
    let say = Sentences::of("en", "en");
    let lines = CATALOGUE
        .iter()
        .filter(|command| command.listed)
        .map(|command| {
            let usage = format!("/{} {}", command.name, options(command));
            format!(
                "{usage:<44} {}",
                say.text(&command.summary_id()).unwrap_or_default()
            )
        });
    lines
        .map(|line| line.trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

fn commands_json() -> anyhow::Result<String> {
    let say = Sentences::of("en", "en");
    let commands: Vec<_> = CATALOGUE
        .iter()
        .filter(|command| command.listed)
        .map(|command| {
            let options: Vec<_> = command
                .options
                .iter()
                .map(|option| {
                    let (kind, choices) = match option.kind {
                        OptionKind::Client => ("client", None),
                        OptionKind::Amount => ("amount", None),
                        OptionKind::Choice(choices) => ("choice", Some(choices)),
                        OptionKind::Price => ("price", None),
                        OptionKind::Pick => ("pick", None),
                        OptionKind::Text(_) => ("text", None),
                        OptionKind::Attachment { .. } => ("attachment", None),
                    };
                    serde_json::json!({
                        "name": option.name,
                        "kind": kind,
                        "choices": choices,
                        "required": option.required,
                        "summary": say.text(&Command::option_id(option)),
                    })
                })
                .collect();
            let roles: Vec<_> = Role::ALL
                .iter()
                .filter(|role| command.gate.admits(Some(**role)))
                .map(|role| role.name())
                .collect();
            serde_json::json!({
                "name": command.name,
                "telegram": format!("/{}", command.name.replace(' ', "_")),
                "summary": say.text(&command.summary_id()),
                "roles": roles,
                "open": command.gate.admits(None),
                "options": options,
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&commands)?)
}
