//! `bursar demo`: the bot on the local messengers with sample clients and people, and one whole conversation.

mod conversation;
mod samples;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use secrecy::ExposeSecret as _;
use tokio_util::sync::CancellationToken;

use crate::app::{self, App, stopped};
use crate::clock::Clock;
use crate::config::Config;
use crate::sandbox::{Sandbox, Setup, discord, telegram};
use crate::services::House;

/// Runs the demo until `stop`. `config` replaces its database and business; its messengers are always the local ones.
pub async fn run(
    listen: SocketAddr,
    data: Option<PathBuf>,
    config: Option<Config>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let sandbox = Sandbox::start(Setup {
        discord: discord::Setup {
            bot: "Bursar".into(),
            guild: "Blue Bird SMS".into(),
            ..discord::Setup::default()
        },
        telegram: telegram::Options {
            username: "bursar_demo_bot".into(),
            name: "Bursar".into(),
            // Its data may be that of an earlier demo.
            fresh_ids: true,
            ..telegram::Options::default()
        },
        control: Some(listen),
    })
    .await
    .with_context(|| format!("listening on {listen}"))?;
    let temporary = match &data {
        Some(dir) => {
            std::fs::create_dir_all(dir)
                .with_context(|| format!("making the folder {}", dir.display()))?;
            None
        }
        None => Some(Temporary::new()?),
    };
    let dir = temporary
        .as_ref()
        .map(|dir| dir.0.clone())
        .or(data)
        .unwrap_or_default();
    let people = samples::People::new(&sandbox);
    let written = people.configuration(&sandbox, &dir, config.as_ref());
    let config = Config::parse(&dir.join("bot.toml"), &written, std::iter::empty())?;
    if temporary.is_none() {
        std::fs::write(dir.join("bot.toml"), &written)?;
    }
    keep_off_real_clients(&config).await?;
    let app = App::new(&config, Clock::system()).await?;
    let house = app.house.clone();
    samples::clients(&house)
        .await
        .map_err(stopped)
        .context("making the sample clients")?;
    let running = tokio::spawn(app.run(stop.clone()));
    print_addresses(&sandbox, &config, &dir);
    people.introduce();
    tokio::select! {
        () = stop.cancelled() => {}
        played = play(&sandbox, &people, &house) => played?,
    }
    println!("\nThe demo stays up; end it with Ctrl-C.");
    running.await??;
    Ok(())
}

/// Sample people must never work in a database with real clients, whoever named it.
async fn keep_off_real_clients(config: &Config) -> anyhow::Result<()> {
    let house = app::house(config, Clock::system()).await?;
    house.store.migrate().await?;
    let may_use = samples::may_use(&house).await.map_err(stopped)?;
    house.store.close().await;
    if !may_use {
        bail!("this database holds clients that are no samples; name another one, or none");
    }
    Ok(())
}

async fn play(sandbox: &Sandbox, people: &samples::People, house: &House) -> anyhow::Result<()> {
    people.link(sandbox, house).await?;
    let conversation = conversation::play(sandbox, people).await;
    if let Err(error) = &conversation {
        bail!("the sample conversation did not go as it should: {error}");
    }
    Ok(())
}

fn print_addresses(sandbox: &Sandbox, config: &Config, dir: &Path) {
    println!("Bursar is up, on a local Discord and a local Telegram.\n");
    println!(
        "  control     {}  (GET / lists what people can do)",
        sandbox.control_url().unwrap_or_default()
    );
    println!("  discord     {}", sandbox.discord.api_url());
    println!("  telegram    {}", sandbox.telegram.api_url());
    println!("  data        {}", dir.display());
    let url = config.database.url.expose_secret();
    println!(
        "  database    {}",
        url.rsplit_once('@').map_or(url, |(_, rest)| rest)
    );
}

/// A folder that goes when the demo ends.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> anyhow::Result<Self> {
        let name = format!(
            "bursar-demo-{:016x}",
            crate::clock::Random::system().number()
        );
        let dir = std::env::temp_dir().join(name);
        std::fs::create_dir(&dir)
            .with_context(|| format!("making the folder {}", dir.display()))?;
        Ok(Self(dir))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
