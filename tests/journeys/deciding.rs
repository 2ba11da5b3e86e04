//! Who decides: never the requester, under whatever account, nor who profits, nor a role that may not; and the only admin.

use crate::desk::clients::{ADA, RITA};
use crate::desk::people::{OnDiscord as _, OnTelegram as _, tidy};
use crate::desk::{Desk, Options};
use crate::on_both;

on_both! {
    async fn neither_requester_nor_bystander_decides(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (amara, sam) = (&desk.admins[0], &desk.support);
        let preview = amara
            .asks("credit add", &[("client", "ada"), ("amount", "500")])
            .await;
        amara.presses(&preview, "Confirm").await;
        let card = amara.sees_request("Ada").await;
        desk.telegram_admin.next_message().await;
        let own = amara.presses(&card, "Approve").await;
        assert_seen_snapshot!(own.text(), @r"
        Not done
        You asked for this yourself. Somebody else has to decide.
        ");
        let form = amara.press_opens(&card, "Reject").await;
        let own = amara.fills(&form, &[("reason", "mine")]).await;
        assert!(
            own.text().contains("You asked for this yourself."),
            "{}",
            own.text()
        );
        let support = sam.presses(&card, "Approve").await;
        assert_seen_snapshot!(support.text(), @r"
        Not done
        Your role does not decide about this. An admin or finance person can.
        ");
        let stranger = desk.sandbox.discord.person("Stranger");
        let unknown = stranger.presses(&card, "Approve").await;
        assert!(
            unknown.text().contains("I don't know this account yet."),
            "{}",
            unknown.text()
        );
        for word in [&own, &support, &unknown] {
            assert!(word.is_ephemeral());
        }
        // Somebody else's draft is nobody else's to confirm.
        let preview = sam
            .asks("credit add", &[("client", "ada"), ("amount", "5")])
            .await;
        let confirm = preview.all_buttons()[0].1.clone();
        let told = desk.telegram_admin.asks("/me").await;
        let forged = desk
            .telegram_admin
            .forge_press(&told, &confirm)
            .await
            .answer()
            .await;
        assert!(
            forged
                .text
                .unwrap()
                .contains("Only the person who asked for this can press here.")
        );
        assert_eq!((desk.balance(ADA).await, desk.added().await), (100, (0, 0)));
        desk.close().await;
    }
}

on_both! {
    async fn another_account_of_the_requester_is_the_requester(db) {
        let desk = Desk::open(db, Options::default()).await;
        let amara = &desk.admins[0];
        let me = amara.asks("me", &[]).await;
        let made = amara.presses(&me, "Add another account").await;
        let code = made
            .text()
            .lines()
            .find_map(|line| line.strip_prefix("Code: ").map(str::to_owned));
        let other = desk.sandbox.telegram.person("Amara");
        other.start(code.as_deref()).await;
        let linked = other.next_message().await;
        assert!(
            linked.text().contains("belongs to Amara now"),
            "{}",
            linked.text()
        );

        let preview = amara
            .asks("credit add", &[("client", "ada"), ("amount", "500")])
            .await;
        amara.presses(&preview, "Confirm").await;
        let card = amara.sees_request("Ada").await;
        desk.telegram_admin.next_message().await;
        let list = other.asks("/approval_list").await;
        assert!(
            list.text().contains("[Withdraw #") && !list.text().contains("[Approve"),
            "{}",
            list.text()
        );
        let approve = card.all_buttons()[0].1.clone();
        let forged = other.forge_press(&list, &approve).await.answer().await;
        assert!(
            forged
                .text
                .unwrap()
                .contains("You asked for this yourself.")
        );
        assert_eq!((desk.balance(ADA).await, desk.added().await), (100, (0, 0)));
        desk.close().await;
    }
}

on_both! {
    async fn whoever_profits_does_not_decide(db) {
        let desk = Desk::open(db, Options::default()).await;
        let rita = &desk.resellers[0];
        let me = rita.asks("/me").await;
        let made = rita.presses(&me, "Add another account").await.text();
        let code = made
            .lines()
            .find_map(|line| line.strip_prefix("Code: "))
            .unwrap();
        // The reseller has an admin's role in Discord, too.
        let admin = desk.sandbox.discord.person_with_roles("Rita", &["Admins"]);
        admin.asks("link", &[("code", code)]).await;
        let preview = desk
            .support
            .asks("credit add", &[("client", "ritas"), ("amount", "500")])
            .await;
        desk.support.presses(&preview, "Confirm").await;
        let card = admin.sees_request("Rita").await;
        desk.telegram_admin.next_message().await;
        let refused = admin.presses(&card, "Approve").await;
        assert_seen_snapshot!(refused.text(), @r"
        Not done
        This is for your own account. Somebody else has to decide.
        ");
        assert_eq!(
            (desk.balance(RITA).await, desk.added().await),
            (10_000, (0, 0))
        );
        desk.close().await;
    }
}

on_both! {
    async fn the_only_admin_decides_alone_and_all_hear_of_it(db) {
        let desk = Desk::open(
            db,
            Options {
                solo: true,
                ..Options::default()
            },
        )
        .await;
        let tariq = &desk.telegram_admin;
        let preview = tariq.asks("/credit_add ada 500").await;
        let done = tariq.changes(&preview, "Confirm").await;
        assert!(done.text().contains("Done by Tariq"), "{}", done.text());
        let announced = desk.finance.sees_request("the only admin").await;
        assert_seen_snapshot!(format!("{}\n---\n{}", tidy(&preview.text()), tidy(announced.text())), @r"
        Add 500 credits to Ada Lovelace
        Nothing has happened yet. This is what will:
        You are the only admin: your confirmation stands for the second one, and the staff channel is told.
        An invoice is issued, and the client's people are told.

        Client: Ada Lovelace (ada)
        Balance: 100 credits → 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS

        Request #(id)
        [Confirm] [Cancel]
        ---
        Add 500 credits to Ada Lovelace
        Tariq is the only admin and decided this alone.
        Done by Tariq.
        Client: Ada Lovelace (ada)
        Balance: 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000001 for 25.00 EUR
        Credits come from: Blue Bird SMS
        Asked by: Tariq
        Request #(id)
        ");
        assert_eq!((desk.balance(ADA).await, desk.added().await), (600, (1, 1)));
        assert_eq!(
            desk.number("select count(*) from request where solo = 1")
                .await,
            1
        );
        // Anybody else's still waits for him.
        let preview = desk
            .support
            .asks("credit add", &[("client", "ada"), ("amount", "5")])
            .await;
        desk.support.presses(&preview, "Confirm").await;
        desk.finance.sees_request("5 credits").await;
        let copy = tariq.next_message().await;
        tariq.changes(&copy, "Approve").await;
        desk.support.is_told("Approved by Tariq").await;
        assert_eq!(desk.added().await, (2, 2));
        desk.close().await;
    }
}
