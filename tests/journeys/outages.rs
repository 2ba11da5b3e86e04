//! What comes between asking and the outcome: a restart of the bot, and a person who cannot be written to.

use crate::desk::clients::{ADA, RITA};
use crate::desk::people::{OnDiscord as _, OnTelegram as _};
use crate::desk::{Desk, Options};
use crate::on_both;

on_both! {
    async fn a_request_outlives_the_bot(db) {
        let mut desk = Desk::open(db, Options::default()).await;
        let preview = desk
            .support
            .asks("credit add", &[("client", "ada"), ("amount", "500")])
            .await;
        let question = desk.telegram_support.asks("/credit_add ade").await;
        assert!(question.forces_reply());
        desk.support.presses(&preview, "Confirm").await;
        let card = desk.admins[0].sees_request("Ada").await;
        let copy = desk.telegram_admin.next_message().await;
        desk.drain().await;
        desk.stop().await;
        // Pressed and written while nobody is there.
        desk.telegram_admin.press(&copy, "Approve").await;
        desk.telegram_support.send("20").await;
        desk.start().await;
        copy.until(|message| message.text().contains("Approved by Tariq"))
            .await;
        card.becomes(|message| message.text().contains("Approved by Tariq"))
            .await
            .unwrap();
        desk.support.is_told("Your request").await;
        let mode = desk.telegram_support.next_message().await;
        assert!(mode.text().contains("Mode?"), "{}", mode.text());
        assert_eq!((desk.balance(ADA).await, desk.added().await), (600, (1, 1)));
        desk.close().await;
    }
}

on_both! {
    async fn whoever_blocked_the_bot_hears_it_when_he_is_back(db) {
        let options = Options {
            admin_limit: "100",
            ..Options::default()
        };
        let mut desk = Desk::open(db, options).await;
        desk.may_be_refused(403, "/sendMessage");
        let (amara, rita) = (&desk.admins[0], &desk.resellers[0]);
        rita.block_bot();
        let preview = amara
            .asks("credit add", &[("client", "ritas"), ("amount", "30")])
            .await;
        amara.presses(&preview, "Confirm").await;
        desk.drain().await;
        assert_eq!(
            desk.number("select count(*) from outbox where state = 'held'")
                .await,
            1
        );
        rita.unblock_bot();
        rita.send("/me").await;
        // Which of the two is first does not matter.
        let both = [
            rita.next_message().await.text(),
            rita.next_message().await.text(),
        ]
        .concat();
        assert!(
            both.contains("30 credits were added") && both.contains("Role: Reseller"),
            "{both}"
        );
        assert_eq!(
            (desk.balance(RITA).await, desk.added().await),
            (10_030, (1, 1))
        );
        desk.close().await;
    }
}
