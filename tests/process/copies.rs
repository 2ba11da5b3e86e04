//! Every copy of a card comes to show how its request ended, also those that the bot lost sight of.

use bursar::sandbox::faults::{Fault, Rule};

use crate::stage::{Stage, clients};
use crate::support::Database;

fn rule(fault: Fault, matching: &str, times: u32) -> Rule {
    Rule {
        fault,
        matching: matching.to_owned(),
        times,
    }
}

#[tokio::test]
async fn a_private_card_whose_first_press_was_never_answered() {
    let db = Database::sqlite().await;
    clients(&db).await;
    let stage = Stage::new(&db.url).await;
    let bot = stage.running().await;
    let asked = stage
        .support
        .command("credit add", &[("client", "ada"), ("amount", "1500")])
        .await
        .unwrap();
    let card = asked.reply().await.unwrap();
    stage
        .sandbox
        .discord
        .fault(rule(Fault::DropCall, "callback", u32::MAX));
    let pressed = stage.support.press(&card, "Confirm").await.unwrap();
    pressed.reply().await.unwrap_err();
    stage.sandbox.discord.faults().clear();
    // He sees nothing happen, and presses again.
    let pressed = stage.support.press(&card, "Confirm").await.unwrap();
    assert!(
        pressed
            .reply()
            .await
            .unwrap()
            .text()
            .contains("Waits for an approval")
    );
    let approvals = stage.sandbox.discord.approvals_channel_id();
    let shown = stage
        .sandbox
        .discord
        .wait_for(approvals, |shown| shown.text().contains("1,500"))
        .await
        .unwrap();
    stage.admins[0]
        .press(&shown, "Approve")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    card.becomes(|card| card.text().contains("Approved by Amara and done."))
        .await
        .unwrap();
    bot.stop().await.well();
    db.remove().await;
}

#[tokio::test]
async fn a_copy_in_telegram_of_which_the_bot_never_heard() {
    let db = Database::sqlite().await;
    clients(&db).await;
    let stage = Stage::new(&db.url).await;
    let bot = stage.running().await;
    stage.link().await;
    stage.helper.send("/credit_add ada 1500").await;
    let draft = stage.helper.next_message().await;
    // The card arrives, but not the word that it did: it is sent again.
    stage
        .sandbox
        .telegram
        .faults()
        .set(rule(Fault::DropAnswer, "sendMessage", 1));
    stage.helper.press(&draft, "Confirm").await;
    let unknown = stage.admin.next_message().await;
    let known = stage.admin.next_message().await;
    assert_eq!(unknown.text(), known.text());
    stage.admin.press(&known, "Approve").await;
    known
        .until(|card| card.text().contains("Approved by Tariq and done."))
        .await;
    let late = stage.admin.press(&unknown, "Approve").await.answer().await;
    assert!(
        late.text
            .unwrap()
            .contains("This was already done; Tariq decided.")
    );
    unknown
        .until(|card| card.text().contains("Approved by Tariq and done."))
        .await;
    bot.stop().await.well();
    db.remove().await;
}

#[tokio::test]
async fn a_list_that_became_a_card_by_the_first_of_two_votes() {
    let db = Database::sqlite().await;
    clients(&db).await;
    let stage = Stage::new(&db.url).await;
    let bot = stage.running().await;
    let asked = stage
        .support
        .command("credit add", &[("client", "ada"), ("amount", "30000")])
        .await
        .unwrap();
    let draft = asked.reply().await.unwrap();
    stage
        .support
        .press(&draft, "Confirm")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    let [amara, bruno] = &stage.admins;
    let list = amara
        .command("approval list", &[])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    let card = amara
        .press(&list, "Approve #")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert!(
        card.text().contains("1 of 2 approvals are given."),
        "{}",
        card.text()
    );
    let approvals = stage.sandbox.discord.approvals_channel_id();
    let partly = |shown: &bursar::sandbox::discord::Message| shown.text().contains("1 of 2");
    let shown = stage
        .sandbox
        .discord
        .wait_for(approvals, partly)
        .await
        .unwrap();
    bruno
        .press(&shown, "Approve")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    card.becomes(|card| card.text().contains("Approved by Bruno and done."))
        .await
        .unwrap();
    bot.stop().await.well();
    db.remove().await;
}
