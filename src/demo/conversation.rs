//! One whole conversation, as the people see it: a reseller asks in Telegram, support sees it in Discord, an admin
//! approves there, every card changes, both are told.

use super::samples::People;
use crate::sandbox::Sandbox;

/// Plays it on standard output.
pub async fn play(sandbox: &Sandbox, people: &People) -> anyhow::Result<()> {
    let reseller = &people.resellers[0];
    let [admin, _] = &people.admins;
    let approvals = sandbox.discord.approvals_channel_id();
    let unexpected = |error| anyhow::anyhow!("{error:?}");

    say(
        "Telegram",
        &reseller.name(),
        "/credit_request 2500 bank transfer 8817",
    );
    reseller
        .send("/credit_request 2500 bank transfer 8817")
        .await;
    let preview = reseller.next_message().await;
    show("Telegram", "Bursar", preview.text());

    press("Telegram", &reseller.name(), "Confirm");
    reseller.press(&preview, "Confirm").await;
    let waiting = preview
        .until(|message| message.text().contains("Waits"))
        .await;
    show("Telegram", "Bursar (the same message)", waiting.text());

    let card = people
        .support
        .waits_for(approvals, |message| message.text().contains("2,500"))
        .await;
    let card = card.map_err(unexpected)?;
    println!(
        "--- Discord #approvals, as {} and everybody there sees it",
        people.support.name()
    );
    body(card.text());
    let copy = people.admin.next_message().await;
    show(
        "Telegram",
        &format!("Bursar to {}", people.admin.name()),
        copy.text(),
    );

    press("Discord #approvals", &admin.name(), "Approve");
    admin
        .in_channel("approvals")
        .press(&card, "Approve")
        .await
        .map_err(unexpected)?;
    let approved = card
        .becomes(|message| message.text().contains("Approved by"))
        .await
        .map_err(unexpected)?;
    show(
        "Discord #approvals",
        "Bursar (the same message)",
        approved.text(),
    );
    let copy = copy
        .until(|message| message.text().contains("Approved by"))
        .await;
    show(
        "Telegram",
        &format!("Bursar to {} (the same message)", people.admin.name()),
        copy.text(),
    );
    let told = reseller
        .wait_for(|message| message.text().contains("Your request"))
        .await;
    show(
        "Telegram",
        &format!("Bursar to {}", reseller.name()),
        told.text(),
    );
    Ok(())
}

fn say(place: &str, who: &str, what: &str) {
    println!("--- {place}, {who} writes");
    body(what);
}

fn press(place: &str, who: &str, what: &str) {
    println!("--- {place}, {who} presses [{what}]\n");
}

fn show(place: &str, who: &str, what: impl AsRef<str>) {
    println!("--- {place}, {who}");
    body(what.as_ref());
}

fn body(text: &str) {
    for line in text.lines() {
        println!("    {line}");
    }
    println!();
}
