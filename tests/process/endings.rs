//! How the bot ends: by SIGTERM and SIGINT with 0 and in time, whatever hangs, and nothing that was begun is lost.

use bursar::sandbox::discord::Message;
use bursar::sandbox::faults::{Fault, Rule};

use crate::bot::Bot;
use crate::meddle::{Stall, tamper};
use crate::stage::{Stage, clients};
use crate::support::Database;

/// How a messenger can be of no use: no call is answered in time, or each is cut off.
const USELESS: [Fault; 2] = [Fault::DelayCall { ms: 120_000 }, Fault::DropCall];

/// That goes for every call to which this applies.
fn always(fault: &Fault, matching: &str) -> Rule {
    Rule {
        fault: fault.clone(),
        matching: matching.to_owned(),
        times: u32::MAX,
    }
}

/// The bot runs, and everybody has said hello.
async fn begun(db: &Database) -> (Stage, Bot) {
    clients(db).await;
    let stage = Stage::new(&db.url).await;
    let bot = stage.running().await;
    stage.link().await;
    (stage, bot)
}

/// Waits until the bot shows the sign of writing to somebody: what he wrote is stored and being worked on.
async fn is_writing(stage: &Stage, chat: i64) {
    let telegram = &stage.sandbox.telegram;
    loop {
        let calls = telegram.record().calls();
        let writing = |call: &bursar::sandbox::record::Call| {
            call.path == "/sendChatAction"
                && call.body["chat_id"].to_string().trim_matches('"') == chat.to_string()
        };
        if calls.iter().any(writing) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn both_signals_end_it_well_and_what_came_too_late_is_answered_by_the_next() {
    let db = Database::sqlite().await;
    let (stage, mut bot) = begun(&db).await;
    for signal in ["SIGTERM", "SIGINT"] {
        let people = [&stage.admin, &stage.helper, &stage.rita, &stage.rajesh];
        let before = people.map(|person| person.chat().len());
        for _ in 0..3 {
            for person in people {
                person.send("/me").await;
            }
        }
        bot.signal(signal).await;
        let ended = bot.ended_within(crate::bot::STOP).await.well();
        assert!(ended.stderr.contains("bursar has stopped"), "{ended}");
        bot = stage.running().await;
        for (person, before) in people.iter().zip(before) {
            for _ in 0..3 {
                let answer = person.next_message().await;
                assert!(answer.text().contains("Role:"), "{}", answer.text());
            }
            // Three questions, three answers: none is lost, none is given twice.
            assert_eq!(
                person.chat().len(),
                before + 6,
                "{}",
                stage.sandbox.telegram.transcript()
            );
        }
    }
    bot.stop().await.well();
    db.remove().await;
}

crate::on_both! {
    async fn what_was_begun_is_finished_before_the_end(db) {
        let (stage, bot) = begun(db).await;
        let stall = Stall::begin(&db.url, "request").await;
        let asked = stage.support.command("credit add", &[("client", "ada"), ("amount", "1500")]).await.unwrap();
        // Told "thinking": it has begun.
        asked.outcome().await.unwrap();
        bot.signal("SIGTERM").await;
        stall.end().await;
        bot.ended_within(crate::bot::STOP).await.well();
        let draft = asked.reply().await.unwrap();
        assert!(draft.text().contains("Amount: 1,500 credits"), "{}", draft.text());
        stage.bursar(&["audit"]).await.well();
    }
}

#[tokio::test]
async fn a_discord_that_is_of_no_use_holds_nothing_up() {
    let db = Database::sqlite().await;
    let (stage, mut bot) = begun(&db).await;
    for (fault, amount) in USELESS.iter().zip(["1500", "1501"]) {
        stage.sandbox.discord.fault(always(fault, ""));
        // An answer and a card of the approvals channel are under way.
        stage.support.command("me", &[]).await.unwrap();
        stage
            .helper
            .send(&format!("/credit_add ada {amount}"))
            .await;
        let draft = stage.helper.next_message().await;
        stage.helper.press(&draft, "Confirm").await;
        draft
            .until(|message| message.text().contains("Waits for an approval"))
            .await;
        bot.stop().await.well();
        stage.sandbox.discord.faults().clear();
        // The card comes by the next one, as soon as the lease of this one, or its pause, is over.
        tamper(
            &db,
            "update outbox set next_at = 0 where state in ('leased', 'queued')",
        )
        .await;
        bot = stage.running().await;
        let approvals = stage.sandbox.discord.approvals_channel_id();
        let is_card = |card: &Message| card.text().replace(',', "").contains(amount);
        stage
            .sandbox
            .discord
            .wait_for(approvals, is_card)
            .await
            .unwrap();
    }
    bot.stop().await.well();
    db.remove().await;
}

#[tokio::test]
async fn a_telegram_that_is_of_no_use_holds_nothing_up() {
    let db = Database::sqlite().await;
    let (stage, mut bot) = begun(&db).await;
    for fault in &USELESS {
        let before = stage.helper.chat().len();
        for matching in ["send", "edit", "answer"] {
            stage.sandbox.telegram.faults().set(always(fault, matching));
        }
        stage.helper.send("/me").await;
        let asked = stage.rita.send("/credit_request 1700 transfer 8817").await;
        bot.stop().await.well();
        assert_eq!(stage.helper.chat().len(), before + 1);
        stage.sandbox.telegram.faults().clear();
        bot = stage.running().await;
        let me = stage.helper.next_message().await;
        assert!(me.text().contains("Role: Support"), "{}", me.text());
        stage
            .rita
            .wait_for(|draft| draft.id() > asked.id() && draft.text().contains("1,700 credits"))
            .await;
    }
    bot.stop().await.well();
    db.remove().await;
}

crate::on_both! {
    async fn everything_of_no_use_at_once_holds_nothing_up(db) {
        let (stage, bot) = begun(db).await;
        stage.helper.send("/credit_add ada 1500").await;
        let draft = stage.helper.next_message().await;
        stage.sandbox.discord.fault(always(&USELESS[0], ""));
        stage.sandbox.telegram.faults().set(always(&USELESS[0], ""));
        stage.helper.press(&draft, "Confirm").await;
        stage.support.command("credit add", &[("client", "ada"), ("amount", "1501")]).await.unwrap();
        let stall = Stall::begin(&db.url, "request, event, outbox, inbox").await;
        bot.stop().await.well();
        stall.end().await;
        stage.bursar(&["audit"]).await.well();
    }
}

crate::on_both! {
    async fn a_database_that_stands_still_holds_nothing_up(db) {
        let (stage, bot) = begun(db).await;
        let stall = Stall::begin(&db.url, "request, event, outbox").await;
        let asked = stage.support.command("credit add", &[("client", "ada"), ("amount", "1500")]).await.unwrap();
        asked.outcome().await.unwrap();
        stage.helper.send("/credit_add ada 1600").await;
        if db.engine == "postgres" {
            is_writing(&stage, stage.helper.id()).await;
        }
        bot.stop().await.well();
        stall.end().await;
        // What was written in Telegram waited for the next one, unless there was still time to say that it was in vain.
        let bot = stage.running().await;
        let mut draft = stage.helper.next_message().await;
        if draft.text().contains("Nothing was changed; try again") {
            stage.helper.send("/credit_add ada 1600").await;
            draft = stage.helper.next_message().await;
        }
        assert!(draft.text().contains("Amount: 1,600 credits"), "{}", draft.text());
        stage.helper.press(&draft, "Confirm").await;
        draft.until(|message| message.text().contains("Waits for an approval")).await;
        bot.stop().await.well();
        stage.bursar(&["audit"]).await.well();
    }
}
