//! Nothing that opens a door stands in the log or on the screen, however much is logged and whatever goes wrong.

use futures_util::future::join_all;

use crate::bot::Ended;
use crate::stage::{Stage, clients, line};
use crate::support::Database;

/// What nobody may read.
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn of(stage: &Stage) -> Self {
        let telegram = stage.sandbox.telegram.bot_token();
        let (_, secret) = telegram.split_once(':').unwrap();
        Self(vec![
            ("Discord's token", stage.sandbox.discord.bot_token()),
            ("Telegram's token", secret.to_owned()),
            ("the database's password", PASSWORD.to_owned()),
        ])
    }

    #[track_caller]
    fn are_kept(&self, ended: &Ended) {
        for (name, secret) in &self.0 {
            for words in [&ended.stdout, &ended.stderr] {
                let told = words.lines().find(|line| line.contains(secret.as_str()));
                assert_eq!(told, None, "{name} is told");
            }
        }
    }
}

const PASSWORD: &str = "ironwood-otter-77";

/// The same database by an address with a password, where it is a server.
fn with_password(db: &Database) -> String {
    db.url
        .replace("postgres@", &format!("postgres:{PASSWORD}@"))
}

crate::on_both! {
    async fn are_never_told_while_all_is_well(db) {
        clients(db).await;
        let stage = Stage::new(&with_password(db)).await;
        let mut secrets = Secrets::of(&stage);
        let invited = stage.bursar(&["people", "invite", "--role", "support"]).await.well();
        secrets.are_kept(&invited);
        let code = line(&invited.stdout, "code: ").to_owned();
        secrets.0.push(("a one-time code", code.clone()));

        let mut bot = stage.start(&["run"], &[("RUST_LOG", "trace")]);
        bot.until_logged("on Telegram").await;
        stage.sandbox.discord.registered("credit").await.unwrap();
        stage.sandbox.discord.ready().await.unwrap();
        let newcomer = stage.sandbox.telegram.person("Nora");
        newcomer.start(Some(&code)).await;
        newcomer.next_message().await;
        newcomer.send("/credit_add ada 1500").await;
        let draft = newcomer.next_message().await;
        newcomer.press(&draft, "Confirm").await;
        draft.until(|message| message.text().contains("Waits for")).await;
        let approvals = stage.sandbox.discord.approvals_channel_id();
        let card = stage.sandbox.discord.wait_for(approvals, |card| card.text().contains("1,500")).await.unwrap();
        let [amara, _] = &stage.admins;
        amara.in_channel("approvals").press(&card, "Approve").await.unwrap();
        card.becomes(|card| card.text().contains("Approved by Amara and done.")).await.unwrap();
        newcomer.wait_for(|message| message.text().contains("Your request")).await;
        secrets.are_kept(&bot.stop().await.well());
        for arguments in [&["check"][..], &["migrate"], &["audit"], &["commands"]] {
            secrets.are_kept(&stage.bursar(arguments).await.well());
        }
    }
}

#[tokio::test]
async fn are_never_told_when_everything_breaks() {
    let gone = format!("postgres://bursar:{PASSWORD}@127.0.0.1:1/bursar");
    let stage = Stage::new(&gone).await;
    let secrets = Secrets::of(&stage);
    let trace = ("RUST_LOG", "trace");
    let commands = [
        &["run"][..],
        &["check"],
        &["migrate"],
        &["audit"],
        &["people", "invite", "--role", "admin"],
    ];
    let broken = commands.map(|arguments| stage.start(arguments, &[trace]).ended());
    for ended in join_all(broken).await {
        secrets.are_kept(&ended.with(1));
    }
    // Messengers that are away, or refuse what they are told.
    let db = Database::sqlite().await;
    let nowhere = "http://127.0.0.1:1";
    let away = [
        trace,
        ("BURSAR__DATABASE__URL", db.url.as_str()),
        ("BURSAR__DISCORD__API_URL", nowhere),
        ("BURSAR__TELEGRAM__API_URL", nowhere),
    ];
    let mut bot = stage.start(&["run"], &away);
    bot.until_logged("Telegram does not answer").await;
    bot.until_logged("Discord cannot be reached").await;
    secrets.are_kept(&bot.stop().await.well());
    let checked = stage.start(&["check"], &away).ended().await.with(1);
    secrets.are_kept(&checked);
    // A configuration that is wrong in its secrets themselves.
    let telegram = stage.sandbox.telegram.bot_token().replace(':', ";");
    let discord = format!("{} ", stage.sandbox.discord.bot_token().replace('.', ","));
    let wrong = [
        ("BURSAR__TELEGRAM__TOKEN", telegram.as_str()),
        ("BURSAR__DISCORD__TOKEN", &discord),
        (
            "BURSAR__DATABASE__URL",
            "mysql://bursar:ironwood-otter-77@localhost/bursar",
        ),
    ];
    let refused = stage.start(&["run"], &wrong).ended().await.with(1);
    secrets.are_kept(&refused);
    for (_, wrong) in wrong {
        assert!(!refused.stderr.contains(wrong.trim()), "{refused}");
    }
    db.remove().await;
}
