//! Invitations from the host: how the first admin comes in, and what is refused.

use crate::stage::{Stage, clients, line};
use crate::support::Database;

#[tokio::test]
async fn a_code_from_the_host_works_once_by_deep_link_and_once_by_command() {
    let db = Database::sqlite().await;
    clients(&db).await;
    let stage = Stage::new(&db.url).await;
    let arguments = ["people", "invite", "--role", "admin", "--name", "Ann"];
    let invited = stage.bursar(&arguments).await.well();
    let code = line(&invited.stdout, "code: ");
    assert_eq!(line(&invited.stdout, "discord: "), format!("/link {code}"));
    let link = line(&invited.stdout, "telegram: ");
    let payload = link.strip_prefix("https://t.me/desk_bot?start=").unwrap();
    assert_eq!(payload, code);

    let bot = stage.running().await;
    let ann = stage.sandbox.telegram.person("Anna");
    ann.start(Some(payload)).await;
    let linked = ann.next_message().await;
    assert!(
        linked.text().contains("You are Ann, Admin."),
        "{}",
        linked.text()
    );
    // Somebody who reads it over her shoulder comes too late.
    let other = stage.sandbox.telegram.person("Otto");
    other.start(Some(payload)).await;
    let refused = other.next_message().await;
    assert!(
        refused.text().contains("This code is not valid"),
        "{}",
        refused.text()
    );

    let arguments = ["people", "invite", "--role", "reseller", "--client", "rita"];
    let invited = stage.bursar(&arguments).await.well();
    let code = line(&invited.stdout, "code: ");
    let newcomer = stage.sandbox.discord.person("Nora");
    let asked = newcomer.command("link", &[("code", code)]).await.unwrap();
    let linked = asked.reply().await.unwrap();
    assert!(
        linked.text().contains("You are Nora, Reseller."),
        "{}",
        linked.text()
    );
    let asked = newcomer.command("me", &[]).await.unwrap();
    let me = asked.reply().await.unwrap();
    assert!(
        me.text().contains("Client: Rita Messaging"),
        "{}",
        me.text()
    );
    bot.stop().await.well();
    db.remove().await;
}

#[tokio::test]
async fn the_first_admin_comes_in_by_a_code_where_none_is_configured() {
    let db = Database::sqlite().await;
    let stage = Stage::new(&db.url).await;
    let written = std::fs::read_to_string(stage.config()).unwrap();
    let roles = written.find("[roles]").unwrap()..written.find("[approvals]").unwrap();
    let mut without = written.clone();
    without.replace_range(roles, "");
    stage.write(&without);
    stage.bursar(&["audit"]).await.with(1);
    let invited = stage
        .bursar(&["people", "invite", "--role", "admin"])
        .await
        .well();
    let bot = stage.running().await;
    stage
        .admin
        .start(Some(line(&invited.stdout, "code: ")))
        .await;
    let linked = stage.admin.next_message().await;
    assert!(
        linked.text().contains("You are Tariq, Admin."),
        "{}",
        linked.text()
    );
    bot.stop().await.well();
    stage.bursar(&["audit"]).await.well();
    db.remove().await;
}

#[tokio::test]
async fn what_no_invitation_can_be_is_refused_in_words() {
    let db = Database::sqlite().await;
    clients(&db).await;
    let stage = Stage::new(&db.url).await;
    for (arguments, code, words) in [
        (
            &["--role", "king"][..],
            2,
            "one of admin, finance, support, auditor, reseller",
        ),
        (&[], 2, "--role"),
        (
            &["--role", "reseller"],
            1,
            "tied to one client of class RESELLER",
        ),
        (
            &["--role", "reseller", "--client", "nobody"],
            1,
            "There is no client “nobody”",
        ),
        (
            &["--role", "reseller", "--client", "ada"],
            1,
            "tied to one client of class RESELLER",
        ),
        (
            &["--role", "support", "--client", "rita"],
            1,
            "Only a reseller's invitation names a client",
        ),
    ] {
        let mut all = vec!["people", "invite"];
        all.extend(arguments);
        let refused = stage.bursar(&all).await.with(code);
        assert!(refused.stderr.contains(words), "{arguments:?} {refused}");
        assert_eq!(refused.stdout, "");
    }
    // Where Telegram cannot say who the bot is, the code is to be typed.
    let environment = [("BURSAR__TELEGRAM__API_URL", "http://127.0.0.1:1")];
    let arguments = ["people", "invite", "--role", "support"];
    let invited = stage.start(&arguments, &environment).ended().await.well();
    let code = line(&invited.stdout, "code: ");
    assert_eq!(
        line(&invited.stdout, "telegram: "),
        format!("/start {code}")
    );
    db.remove().await;
}
