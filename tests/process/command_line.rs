//! The command line: what is refused and in which words, what each command prints, and with which code it ends.

use bursar::commands::CATALOGUE;
use bursar::domain::role::Role;
use futures_util::future::join_all;
use serde_json::Value;

use crate::bot::bursar;
use crate::meddle::tamper;
use crate::stage::{Stage, clients};
use crate::support::Database;
use crate::support::postgres::postgres;

/// A configuration of its own, outside any stage.
struct File(tempfile::TempDir);

impl File {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("bot.toml"), text).unwrap();
        Self(folder)
    }

    fn path(&self) -> String {
        self.0.path().join("bot.toml").display().to_string()
    }

    /// A fresh SQLite file beside it.
    fn fresh(roles: &str) -> Self {
        let file = Self::new("");
        let url = format!("sqlite://{}", file.0.path().join("bursar.db").display());
        std::fs::write(file.path(), format!("[database]\nurl = {url:?}\n{roles}")).unwrap();
        file
    }

    /// Words without the folder, which is another each time.
    fn without_folder(&self, words: &str) -> String {
        words.replace(&self.path(), "bot.toml")
    }
}

#[tokio::test]
async fn a_bad_configuration_is_refused_with_every_fault_in_its_line() {
    let file = File::new(
        "[database]\nurl = \"mysql://localhost/x\"\n\n[discord]\ntoken = \"x\"\nguild_id = \"abc\"\ncolour = \"red\"\n\n\
         [approvals]\ntwo_above = \"-1\"\n\n[approvals.admin]\ndirect_limit = 1.5\n",
    );
    let environment = [("BURSAR__APPROVALS__EXPIRES", "soon")];
    for command in ["run", "check", "migrate", "audit", "demo"] {
        let refused = bursar(&["--config", &file.path(), command], &environment)
            .await
            .with(1);
        assert_eq!(refused.stdout, "");
        insta::allow_duplicates! {
            insta::assert_snapshot!(file.without_folder(&refused.stderr), @r#"
            bursar: bot.toml:2: [database] url: the value is not the address of a database; write for example "sqlite://bursar.db" or "postgres://user:password@host/bursar"
            bot.toml:6: [discord] guild_id: "abc" is not a Discord id; write for example "1184500000000000001"
            bot.toml:7: [discord] colour is not a key
            bot.toml:10: [approvals] two_above: "-1" is not an amount of credits; write for example "500"
            bot.toml:13: [approvals.admin] direct_limit: 1.5 has decimals, and there are none here
            BURSAR__APPROVALS__EXPIRES: "soon" is not a time; write for example "30m"
            "#);
        }
    }
}

#[tokio::test]
async fn a_configuration_that_is_not_there_is_named() {
    let file = File::new("");
    let missing = file.path().replace("bot.toml", "none.toml");
    let refused = bursar(&["run", "--config", &missing], &[]).await.with(1);
    assert!(
        refused.stderr.contains("none.toml: cannot be read"),
        "{refused}"
    );
}

#[tokio::test]
async fn nothing_is_run_without_a_messenger() {
    let file = File::fresh("");
    let refused = bursar(&["run", "--config", &file.path()], &[])
        .await
        .with(1);
    assert!(
        refused.stderr.contains("there is no messenger"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_told_with_the_cause() {
    let mut places = vec![(
        "sqlite:///no/such/folder/bursar.db".to_owned(),
        "unable to open database file",
    )];
    if let Some(db) = Database::postgres().await {
        let nowhere = db
            .url
            .rsplit_once('/')
            .map(|(server, _)| format!("{server}/nowhere"));
        places.push((nowhere.unwrap(), "database \"nowhere\" does not exist"));
        db.remove().await;
    }
    places.push((
        "postgres://127.0.0.1:1/bursar".to_owned(),
        "Connection refused",
    ));
    let commands = [
        &["run"][..],
        &["migrate"],
        &["audit"],
        &["people", "invite", "--role", "admin"],
    ];
    for (url, cause) in places {
        let stage = Stage::new(&url).await;
        let refused = commands.map(|arguments| stage.bursar(arguments));
        let (refused, checked) = tokio::join!(join_all(refused), stage.bursar(&["check"]));
        for refused in refused {
            let refused = refused.with(1);
            assert!(refused.stderr.contains(cause), "{refused}");
        }
        let checked = checked.with(1);
        let database = checked.stdout.lines().next().unwrap();
        assert!(
            database.starts_with("database: ") && database.contains(cause),
            "{checked}"
        );
    }
}

crate::on_both! {
    async fn check_says_of_each_part_how_it_is(db) {
        let stage = Stage::new(&db.url).await;
        let well = stage.bursar(&["check"]).await.well();
        let expected = format!(
            "database: ok ({})\ndiscord: ok (bot in Desk, approvals in #approvals)\ntelegram: ok (@desk_bot)\n",
            db.engine,
        );
        assert_eq!(well.stdout, expected);

        let other = |token: &str| token[..token.len() - 2].to_owned() + "zz";
        let discord = other(&stage.sandbox.discord.bot_token());
        let telegram = other(stage.sandbox.telegram.bot_token());
        let nowhere = stage.sandbox.discord.role("Admins").to_string();
        for (key, value, part, word) in [
            ("BURSAR__DISCORD__TOKEN", discord.as_str(), "discord", "token"),
            ("BURSAR__TELEGRAM__TOKEN", &telegram, "telegram", "token"),
            ("BURSAR__DISCORD__GUILD_ID", &nowhere, "discord", "guild"),
            ("BURSAR__DISCORD__APPROVALS_CHANNEL_ID", &nowhere, "discord", "channel"),
            ("BURSAR__TELEGRAM__API_URL", "http://127.0.0.1:1", "telegram", "connect"),
            ("BURSAR__EMAIL__URL", "smtp://127.0.0.1:1", "email", "onnect"),
            ("BURSAR__EMAIL__URL", "file:/dev/null/mails", "email", "/dev/null/mails"),
        ] {
            let mut environment = vec![(key, value)];
            if part == "email" {
                environment.push(("BURSAR__EMAIL__FROM", "desk@example.com"));
            }
            let ill = stage.start(&["check"], &environment).ended().await.with(1);
            for line in ill.stdout.lines() {
                let is_it = line.starts_with(part);
                assert_eq!(is_it, !line.contains(": ok ("), "{key}: {line}");
                assert!(!is_it || line.contains(word), "{key}: {line}");
            }
        }
    }
}

#[tokio::test]
async fn a_fresh_database_is_migrated_and_has_its_books_in_order_but_for_an_admin() {
    let without = File::fresh("");
    let config = ["--config", &without.path()];
    let early = bursar(&[config[0], config[1], "audit"], &[]).await.with(1);
    assert!(early.stderr.contains("bursar migrate"), "{early}");
    for _ in 0..2 {
        let migrated = bursar(&[config[0], config[1], "migrate"], &[]).await.well();
        assert_eq!(migrated.stdout, "the database is of this version\n");
    }
    let audit = || async { bursar(&[config[0], config[1], "audit"], &[]).await };
    let nobody = audit().await.with(1);
    assert_eq!(
        nobody.stdout,
        "P1: there is no active admin, by code or by name\nbreaches: 1\n"
    );
    // One who is named is one; so is one who may come by a Discord role.
    for admin in [
        "telegram:7",
        "discord:1184500000000000001",
        "discord-role:1184500000000000001",
    ] {
        let named = File::fresh("");
        let environment = [("BURSAR__ROLES__ADMIN", admin)];
        bursar(&["--config", &named.path(), "migrate"], &environment)
            .await
            .well();
        let audited = bursar(&["--config", &named.path(), "audit"], &environment)
            .await
            .well();
        assert_eq!(audited.stdout, "the books are in order\n");
    }
}

crate::on_both! {
    async fn the_audit_says_where_the_log_ends_and_whether_it_still_has_an_earlier_end(db) {
        let stage = Stage::new(&db.url).await;
        let invite = async |name| {
            stage.bursar(&["people", "invite", "--role", "admin", "--name", name]).await.well();
            let audited = stage.bursar(&["audit"]).await.well();
            let first = audited.stdout.lines().next().unwrap();
            let head = first.strip_prefix("head of the audit log: ").unwrap().to_owned();
            assert_eq!(audited.stdout, format!("head of the audit log: {head}\nthe books are in order\n"));
            head
        };
        let earlier = invite("Ann").await;
        let later = invite("Bob").await;
        assert!(earlier.starts_with("1:") && later.starts_with("2:"), "{earlier} {later}");
        stage.bursar(&["audit", "--head", &earlier]).await.well();
        stage.bursar(&["audit", "--head", &later]).await.well();
        let other = earlier.replace("1:", "2:");
        let missing = stage.bursar(&["audit", "--head", &other]).await.with(1);
        assert_eq!(
            missing.stdout,
            format!("H1: the head {other} is not in the chain any more\nhead of the audit log: {later}\nbreaches: 1\n"),
        );
        let unread = stage.bursar(&["audit", "--head", "2"]).await.with(2);
        assert!(unread.stderr.contains("SEQ:HASH"), "{unread}");
    }
}

#[tokio::test]
async fn a_fresh_postgres_is_migrated_as_well() {
    let Some(cluster) = tokio::task::spawn_blocking(postgres).await.unwrap() else {
        return;
    };
    let url = cluster.empty_database().await;
    let stage = Stage::new(&url).await;
    stage.bursar(&["migrate"]).await.well();
    stage.bursar(&["migrate"]).await.well();
    let audited = stage.bursar(&["audit"]).await.well();
    assert_eq!(audited.stdout, "the books are in order\n");
    cluster.drop_database(&url).await;
}

crate::on_both! {
    async fn the_audit_names_what_was_tampered_with(db) {
        clients(db).await;
        let stage = Stage::new(&db.url).await;
        stage.bursar(&["audit"]).await.well();
        tamper(db, "update account set balance = balance + 1 where client_id = 1001").await;
        let found = stage.bursar(&["audit"]).await.with(1);
        let breaches: Vec<_> = found.stdout.lines().map(|line| &line[..3]).collect();
        assert_eq!(breaches, ["L2:", "L3:", "bre"], "{found}");
        assert!(found.stdout.contains("breaches: 2"), "{found}");
        // The audit changed nothing.
        tamper(db, "update account set balance = balance - 1 where client_id = 1001").await;
        stage.bursar(&["audit"]).await.well();
    }
}

#[tokio::test]
async fn commands_prints_the_catalogue_once() {
    let text = bursar(&["commands"], &[]).await.well().stdout;
    let json = bursar(&["commands", "--json"], &[]).await.well().stdout;
    let json: Vec<Value> = serde_json::from_str(&json).unwrap();
    let listed: Vec<_> = CATALOGUE.iter().filter(|command| command.listed).collect();
    assert_eq!(text.lines().count(), listed.len());
    assert_eq!(json.len(), listed.len());
    for ((command, line), entry) in listed.iter().zip(text.lines()).zip(&json) {
        assert!(line.starts_with(&format!("/{}", command.name)), "{line}");
        assert_eq!(entry["name"], command.name);
        assert_eq!(
            entry["options"].as_array().unwrap().len(),
            command.options.len()
        );
        let summary = entry["summary"].as_str().unwrap();
        assert!(!summary.is_empty() && line.ends_with(summary), "{line}");
        let roles: Vec<_> = Role::ALL
            .iter()
            .filter(|role| command.gate.admits(Some(**role)))
            .collect();
        assert_eq!(entry["roles"].as_array().unwrap().len(), roles.len());
        assert_eq!(entry["open"], command.gate.admits(None));
    }
}

#[tokio::test]
async fn whoever_reads_no_further_has_read_enough() {
    let program = env!("CARGO_BIN_EXE_bursar");
    let line = format!("'{program}' commands --json | head -n 1");
    let piped = tokio::process::Command::new("/bin/sh")
        .args(["-c", &line])
        .output()
        .await
        .unwrap();
    assert_eq!((piped.stdout, piped.stderr), (b"[\n".to_vec(), Vec::new()));
}

#[tokio::test]
async fn an_unknown_command_ends_with_2_and_says_what_there_is() {
    let refused = bursar(&["dance"], &[]).await.with(2);
    assert!(refused.stderr.contains("--help"), "{refused}");
    let help = bursar(&["--help"], &[]).await.well();
    for command in [
        "run", "check", "migrate", "audit", "commands", "import", "export", "people", "demo",
        "sandbox",
    ] {
        assert!(
            help.stdout.contains(&format!("\n  {command} ")),
            "{command} is missing: {help}"
        );
    }
}
