//! How the bot begins: with a messenger that is away, with a token that is none, with settings from the environment.

use crate::gate::Gate;
use crate::stage::Stage;
use crate::support::Database;

#[tokio::test]
async fn while_telegram_is_away_discord_works_and_telegram_is_taken_up_when_it_comes() {
    let db = Database::sqlite().await;
    let stage = Stage::new(&db.url).await;
    let mut gate = Gate::before(&stage.sandbox.telegram.api_url());
    let environment = [("BURSAR__TELEGRAM__API_URL", gate.url())];
    let environment = environment
        .each_ref()
        .map(|(key, value)| (*key, value.as_str()));
    let mut bot = stage.start(&["run"], &environment);
    bot.until_logged("Telegram does not answer").await;
    stage.sandbox.discord.registered("me").await.unwrap();
    stage.sandbox.discord.ready().await.unwrap();
    let asked = stage.support.command("me", &[]).await.unwrap();
    assert!(
        asked
            .reply()
            .await
            .unwrap()
            .text()
            .contains("Role: Support")
    );
    // Telegram comes, but does not speak at first.
    gate.fall_silent().await;
    gate.open().await;
    bot.until_logged("on Telegram").await;
    stage.helper.start(None).await;
    stage.helper.next_message().await;
    stage.helper.send("/me").await;
    assert!(
        stage
            .helper
            .next_message()
            .await
            .text()
            .contains("Role: Support")
    );
    bot.stop().await.well();
    db.remove().await;
}

#[tokio::test]
async fn while_discord_is_away_telegram_works_and_discord_is_taken_up_when_it_comes() {
    let db = Database::sqlite().await;
    let stage = Stage::new(&db.url).await;
    let mut gate = Gate::before(&stage.sandbox.discord.api_url());
    let environment = [("BURSAR__DISCORD__API_URL", gate.url())];
    let environment = environment
        .each_ref()
        .map(|(key, value)| (*key, value.as_str()));
    let mut bot = stage.start(&["run"], &environment);
    bot.until_logged("Discord cannot be reached").await;
    stage.helper.start(None).await;
    stage.helper.next_message().await;
    stage.helper.send("/me").await;
    assert!(
        stage
            .helper
            .next_message()
            .await
            .text()
            .contains("Role: Support")
    );
    gate.open().await;
    stage.sandbox.discord.registered("me").await.unwrap();
    stage.sandbox.discord.ready().await.unwrap();
    let asked = stage.support.command("me", &[]).await.unwrap();
    assert!(
        asked
            .reply()
            .await
            .unwrap()
            .text()
            .contains("Role: Support")
    );
    bot.stop().await.well();
    db.remove().await;
}

#[tokio::test]
async fn a_token_that_is_refused_ends_the_bot_and_says_which() {
    let db = Database::sqlite().await;
    let stage = Stage::new(&db.url).await;
    let other = |token: &str| token[..token.len() - 2].to_owned() + "zz";
    let discord = other(&stage.sandbox.discord.bot_token());
    let telegram = other(stage.sandbox.telegram.bot_token());
    for (key, token, name) in [
        ("BURSAR__DISCORD__TOKEN", discord, "Discord"),
        ("BURSAR__TELEGRAM__TOKEN", telegram, "Telegram"),
    ] {
        let ended = stage
            .start(&["run"], &[(key, &token)])
            .ended()
            .await
            .with(1);
        let last = ended.stderr.lines().last().unwrap();
        assert!(
            last.starts_with("bursar: ") && last.contains(name) && last.contains("token"),
            "{ended}"
        );
        assert!(!ended.stderr.contains(&token), "{ended}");
    }
    db.remove().await;
}

#[tokio::test]
async fn settings_of_the_environment_replace_those_of_the_file() {
    let db = Database::sqlite().await;
    // The file names another database, which cannot even be opened, and other people.
    let stage = Stage::new("sqlite:///no/such/folder/bursar.db").await;
    let [amara, bruno] = &stage.admins;
    let admins = format!("telegram:{}, discord:{}", stage.rita.id(), amara.id());
    let environment = [
        ("BURSAR__DATABASE__URL", db.url.as_str()),
        ("BURSAR__ROLES__ADMIN", &admins),
        ("BURSAR__BUSINESS__NAME", "Red Kite SMS"),
        ("BURSAR__APPROVALS__ADMIN__DIRECT_LIMIT", "5"),
    ];
    let mut bot = stage.start(&["run"], &environment);
    bot.until_logged("on Telegram").await;
    stage.sandbox.discord.registered("me").await.unwrap();
    stage.sandbox.discord.ready().await.unwrap();
    for (person, role) in [
        (&stage.rita, "Role: Admin"),
        (&stage.admin, "Role: –"),
        (&stage.helper, "Role: Support"),
    ] {
        person.start(None).await;
        assert!(person.next_message().await.text().contains("Red Kite SMS"));
        person.send("/me").await;
        let me = person.next_message().await;
        assert!(me.text().contains(role), "{}", me.text());
    }
    for (person, role) in [(amara, "Role: Admin"), (bruno, "Role: –")] {
        let asked = person.command("me", &[]).await.unwrap();
        let me = asked.reply().await.unwrap();
        assert!(me.text().contains(role), "{}", me.text());
    }
    bot.stop().await.well();
    db.remove().await;
}
