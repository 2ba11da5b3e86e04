//! Requests on their way: the list of what waits, two approvers, rejection with its reason, asking again, running out.

use crate::desk::clients::{ADA, ADE, RAVI};
use crate::desk::people::{OnDiscord as _, OnTelegram as _, both, tidy};
use crate::desk::{Desk, Options};
use crate::on_both;

on_both! {
    async fn above_the_second_limit_two_others_must_approve(db) {
        let options = Options {
            two_above: Some("400"),
            ..Options::default()
        };
        let desk = Desk::open(db, options).await;
        let (sam, amara, tariq) = (&desk.support, &desk.admins[0], &desk.telegram_admin);
        let preview = sam
            .asks("credit add", &[("client", "ada"), ("amount", "500")])
            .await;
        assert!(
            preview.text().contains("2 others must approve it."),
            "{}",
            preview.text()
        );
        let waiting = sam.presses(&preview, "Confirm").await;
        let card = amara.sees_request("Ada").await;
        let copy = tariq.next_message().await;
        let partly = amara.presses(&card, "Approve").await;
        let copy = copy
            .until(|message| message.text().contains("1 of 2"))
            .await;
        waiting
            .becomes(|message| message.text().contains("1 of 2"))
            .await
            .unwrap();
        assert_seen_snapshot!(both(&partly, &copy), @r"
        -- Discord --
        Add 500 credits to Ada Lovelace
        1 of 2 approvals are given.
        Client: Ada Lovelace (ada)
        Balance: 100 credits → 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Asked by: Sam
        Approved by: Amara
        Waits until: (moment)
        Request #(id)
        [Approve] [Reject]
        -- Telegram --
        ⏳ Add 500 credits to Ada Lovelace
        1 of 2 approvals are given.

        Client: Ada Lovelace (ada)
        Balance: 100 credits → 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Asked by: Sam
        Approved by: Amara
        Waits until: (moment)

        Request #(id)
        [Approve] [Reject]
        ");
        let twice = amara.presses(&card, "Approve").await;
        assert!(twice.is_ephemeral() && twice.id() != card.id());
        assert_seen_snapshot!(twice.text(), @r"
        Not done
        You have approved this already. One more person has to.
        ");
        assert_eq!((desk.balance(ADA).await, desk.added().await), (100, (0, 0)));

        let done = tariq.changes(&copy, "Approve").await;
        let done_too = card
            .becomes(|message| message.text().contains("and done"))
            .await
            .unwrap();
        assert_seen_snapshot!(both(&done_too, &done), @r"
        -- Discord --
        Add 500 credits to Ada Lovelace
        Approved by Tariq and done.
        Client: Ada Lovelace (ada)
        Balance: 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000001 for 25.00 EUR
        Credits come from: Blue Bird SMS
        Asked by: Sam
        Approved by: Amara, Tariq
        Request #(id)
        -- Telegram --
        ✅ Add 500 credits to Ada Lovelace
        Approved by Tariq and done.

        Client: Ada Lovelace (ada)
        Balance: 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000001 for 25.00 EUR
        Credits come from: Blue Bird SMS
        Asked by: Sam
        Approved by: Amara, Tariq

        Request #(id)
        ");
        sam.is_told("Your request").await;
        assert_eq!((desk.balance(ADA).await, desk.added().await), (600, (1, 1)));
        desk.close().await;
    }
}

on_both! {
    async fn a_rejection_carries_its_reason_and_can_be_asked_again(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, tessa) = (&desk.support, &desk.telegram_support);
        let (bruno, tariq) = (&desk.admins[1], &desk.telegram_admin);

        // Rejected in a form on Discord.
        let preview = tessa.asks("/credit_add ada 500").await;
        let waiting = tessa.changes(&preview, "Confirm").await;
        let card = bruno.sees_request("Ada").await;
        let copy = tariq.next_message().await;
        let form = bruno.press_opens(&card, "Reject").await;
        assert_seen_snapshot!(form.text(), @r"
        Reject
        Reason*: [Those whom it concerns will read it]
        ");
        let rejected = bruno
            .fills(&form, &[("reason", "Unpaid since March")])
            .await;
        assert_eq!(rejected.id(), card.id());
        let is_over = |text: &str| text.contains("Rejected by Bruno: Unpaid since March");
        let copy = copy.until(|message| is_over(&message.text())).await;
        let own = waiting.until(|message| is_over(&message.text())).await;
        let told = tessa.is_told("Your request").await;
        assert_seen_snapshot!(format!("{}\n-- told --\n{}", both(&rejected, &copy), tidy(&told.text())), @r"
        -- Discord --
        Add 500 credits to Ada Lovelace
        Rejected by Bruno: Unpaid since March
        Client: Ada Lovelace (ada)
        Balance: 100 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Asked by: Tessa
        Request #(id)
        -- Telegram --
        ⛔ Add 500 credits to Ada Lovelace
        Rejected by Bruno: Unpaid since March

        Client: Ada Lovelace (ada)
        Balance: 100 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Asked by: Tessa

        Request #(id)
        -- told --
        ⛔ Your request: Add 500 credits to Ada Lovelace
        Rejected by Bruno: Unpaid since March

        Client: Ada Lovelace (ada)
        Balance: 100 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Asked by: Tessa

        Request #(id)
        [Ask again]
        ");
        assert!(own.text().contains("[Ask again]"), "{}", own.text());

        // Asked again it is a new request.
        let preview = tessa.presses(&told, "Ask again").await;
        assert!(
            preview.text().contains("Nothing has happened yet"),
            "{}",
            preview.text()
        );

        // Rejected by an answer on Telegram.
        let preview = sam
            .asks("credit add", &[("client", "ade"), ("amount", "7")])
            .await;
        let waiting = sam.presses(&preview, "Confirm").await;
        let copy = tariq.next_message().await;
        let card = bruno.sees_request("Adé").await;
        let question = tariq.presses(&copy, "Reject").await;
        assert!(question.forces_reply());
        assert_seen_snapshot!(question.text(), @r"
        Reject
        Reason?
        Those whom it concerns will read it
        Send /cancel to stop.
        ");
        let rejected = tariq.asks("Not this month").await;
        let is_over = |text: &str| text.contains("Rejected by Tariq: Not this month");
        assert!(is_over(&rejected.text()), "{}", rejected.text());
        copy.until(|message| is_over(&message.text())).await;
        card.becomes(|message| is_over(message.text()))
            .await
            .unwrap();
        let own = waiting
            .becomes(|message| is_over(message.text()))
            .await
            .unwrap();
        let told = sam.is_told("Rejected by Tariq").await;
        // Direct messages carry no rights on Discord: a button there could only be refused.
        assert_eq!(told.buttons(), [""; 0]);
        assert_eq!(desk.added().await, (0, 0));
        let again = sam.presses(&own, "Ask again").await;
        sam.presses(&again, "Confirm").await;
        let card = bruno.sees_request("Adé").await;
        tariq.is_told("Adé").await;
        bruno.presses(&card, "Approve").await;
        sam.is_told("Approved by Bruno").await;
        assert_eq!((desk.balance(ADE).await, desk.added().await), (7, (1, 1)));
        desk.close().await;
    }
}

on_both! {
    async fn the_list_shows_what_waits_page_by_page(db) {
        let options = Options {
            telegram: false,
            approvals_channel: false,
            ..Options::default()
        };
        let desk = Desk::open(db, options).await;
        let (sam, amara) = (&desk.support, &desk.admins[0]);
        for (client, amount) in [
            ("ada", "1"),
            ("ade", "2"),
            ("lukasz", "3"),
            ("chidi", "4"),
            ("ravi", "5"),
        ] {
            let preview = sam
                .asks("credit add", &[("client", client), ("amount", amount)])
                .await;
            sam.presses(&preview, "Confirm").await;
        }
        let page = amara.asks("approval list", &[]).await;
        assert_seen_snapshot!(tidy(page.text()), @r"
        Waiting for approval
        \#(id) Add 1 credit to Ada Lovelace: asked by Sam, waits until (moment)
        \#(id) Add 2 credits to Adé Adéyẹmí: asked by Sam, waits until (moment)
        \#(id) Add 3 credits to Łukasz Wójcik: asked by Sam, waits until (moment)
        \#(id) Add 4 credits to Chidi Okonkwo: asked by Sam, waits until (moment)
        [Approve #(id)] [Reject #(id)]
        [Approve #(id)] [Reject #(id)]
        [Approve #(id)] [Reject #(id)]
        [Approve #(id)] [Reject #(id)]
        [Next page]
        ");
        let next = amara.presses(&page, "Next page").await;
        assert!(
            next.text().contains("5 credits") && !next.text().contains("Next page"),
            "{}",
            next.text()
        );

        // The list's own message shows the outcome.
        let approved = amara.presses(&next, "Approve").await;
        assert!(
            approved.text().contains("Approved by Amara"),
            "{}",
            approved.text()
        );
        sam.is_told("to Ravi").await;

        // Who asked may only withdraw.
        let own = sam.asks("approval list", &[]).await;
        let labels = own.buttons();
        assert!(
            labels.iter().all(|label| label.starts_with("Withdraw")),
            "{labels:?}"
        );
        let withdrawn = sam.presses(&own, &labels[0]).await;
        assert!(
            withdrawn.text().contains("Cancelled by Sam"),
            "{}",
            withdrawn.text()
        );
        let rest = sam.asks("approval list", &[]).await;
        assert_eq!(rest.buttons().len(), 3, "{}", rest.text());
        // Finance decides as admins do.
        let finance = desk.finance.asks("approval list", &[]).await;
        assert_eq!(finance.buttons().len(), 6, "{}", finance.text());
        assert_eq!((desk.balance(RAVI).await, desk.added().await), (5, (1, 1)));
        desk.close().await;
    }
}

on_both! {
    async fn a_list_rejects_as_a_card_does(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, amara, tariq) = (&desk.support, &desk.admins[0], &desk.telegram_admin);
        let nothing = amara.asks("approval list", &[]).await;
        assert!(
            nothing.text().contains("Nothing waits for approval."),
            "{}",
            nothing.text()
        );
        let preview = sam
            .asks("credit add", &[("client", "ada"), ("amount", "1")])
            .await;
        let waiting = sam.presses(&preview, "Confirm").await;
        let card = amara.sees_request("Ada").await;
        tariq.is_told("Ada").await;
        let page = amara.asks("approval list", &[]).await;
        let on_telegram = tariq.asks("/approval_list").await;
        assert_seen_snapshot!(both(&page, &on_telegram), @r"
        -- Discord --
        Waiting for approval
        \#(id) Add 1 credit to Ada Lovelace: asked by Sam, waits until (moment)
        [Approve #(id)] [Reject #(id)]
        -- Telegram --
        Waiting for approval

        #(id) Add 1 credit to Ada Lovelace: asked by Sam, waits until (moment)
        [Approve #(id)] [Reject #(id)]
        ");
        tariq.presses(&on_telegram, "Reject").await;
        let rejected = tariq.asks("Twice asked").await;
        let is_over = |text: &str| text.contains("Rejected by Tariq: Twice asked");
        assert!(is_over(&rejected.text()), "{}", rejected.text());
        card.becomes(|message| is_over(message.text()))
            .await
            .unwrap();
        waiting
            .becomes(|message| is_over(message.text()))
            .await
            .unwrap();
        sam.is_told("Twice asked").await;
        assert_eq!((desk.balance(ADA).await, desk.added().await), (100, (0, 0)));
        desk.close().await;
    }
}

on_both! {
    async fn a_reseller_lists_only_his_own_requests(db) {
        let desk = Desk::open(db, Options::default()).await;
        let [rita, rajesh] = &desk.resellers;
        let preview = rita.asks("/credit_request 10 transfer 1").await;
        rita.changes(&preview, "Confirm").await;
        desk.admins[0].sees_request("transfer 1").await;
        desk.telegram_admin.next_message().await;
        let own = rita.asks("/approval_list").await;
        assert!(own.text().contains("[Withdraw #"), "{}", own.text());
        let foreign = rajesh.asks("/approval_list").await;
        assert!(
            foreign.text().contains("Nothing waits for approval."),
            "{}",
            foreign.text()
        );
        desk.close().await;
    }
}

on_both! {
    async fn what_runs_out_changes_nothing(db) {
        let options = Options {
            expires: "1s",
            ..Options::default()
        };
        let desk = Desk::open(db, options).await;
        let (sam, amara, tariq) = (&desk.support, &desk.admins[0], &desk.telegram_admin);
        let preview = sam
            .asks("credit add", &[("client", "ada"), ("amount", "500")])
            .await;
        let waiting = sam.presses(&preview, "Confirm").await;
        let card = amara.sees_request("Ada").await;
        let copy = tariq.next_message().await;
        let ran_out = |text: &str| text.contains("Its time ran out") && !text.contains("[Approve]");
        let card = card
            .becomes(|message| ran_out(message.text()))
            .await
            .unwrap();
        let gone = copy.until(|message| ran_out(&message.text())).await;
        waiting
            .becomes(|message| ran_out(message.text()))
            .await
            .unwrap();
        let told = sam.is_told("Your request").await;
        assert_seen_snapshot!(format!("{}\n-- told --\n{}", both(&card, &gone), tidy(told.text())), @r"
        -- Discord --
        Add 500 credits to Ada Lovelace
        Its time ran out; nothing was changed.
        Client: Ada Lovelace (ada)
        Balance: 100 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Asked by: Sam
        Request #(id)
        -- Telegram --
        ⛔ Add 500 credits to Ada Lovelace
        Its time ran out; nothing was changed.

        Client: Ada Lovelace (ada)
        Balance: 100 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Asked by: Sam

        Request #(id)
        -- told --
        Your request: Add 500 credits to Ada Lovelace
        Its time ran out; nothing was changed.
        Client: Ada Lovelace (ada)
        Balance: 100 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Asked by: Sam
        Request #(id)
        ");
        let late = tariq.is_warned(&copy, "Approve").await;
        assert_seen_snapshot!(late, @r"
        ⛔ Not done
        The time of this request ran out, and nothing was changed. The person who asked can ask again.
        ");
        assert_eq!((desk.balance(ADA).await, desk.added().await), (100, (0, 0)));
        desk.close().await;
    }
}

on_both! {
    async fn a_request_that_stopped_fitting_says_why(db) {
        let desk = Desk::open(
            db,
            Options {
                telegram: false,
                ..Options::default()
            },
        )
        .await;
        let (sam, amara) = (&desk.support, &desk.admins[0]);
        let preview = sam
            .asks("credit add", &[("client", "ada"), ("amount", "500")])
            .await;
        sam.presses(&preview, "Confirm").await;
        let card = amara.sees_request("Ada").await;
        desk.sql("update client set status = 'suspended' where username = 'ada'")
            .await;
        let unfit = amara.presses(&card, "Approve").await;
        assert_seen_snapshot!(tidy(unfit.text()), @r"
        Add 500 credits to Ada Lovelace
        Not done: the client is not active any more. Activate the client, then ask again.
        Client: Ada Lovelace (ada)
        Balance: 100 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Asked by: Sam
        Approved by: Amara
        Request #(id)
        ");
        sam.is_told("the client is not active any more").await;
        assert_eq!((desk.balance(ADA).await, desk.added().await), (100, (0, 0)));

        // The requester is no support person any more.
        let preview = sam
            .asks("credit add", &[("client", "ade"), ("amount", "5")])
            .await;
        sam.presses(&preview, "Confirm").await;
        let card = amara.sees_request("Adé").await;
        sam.take_role("Support");
        sam.asks("me", &[]).await;
        desk.sql("update identity set roles = '[]'").await;
        let unfit = amara.presses(&card, "Approve").await;
        assert!(
            unfit.text().contains("may not ask for this any more"),
            "{}",
            unfit.text()
        );
        sam.is_told("may not ask for this any more").await;
        assert_eq!((desk.balance(ADE).await, desk.added().await), (0, (0, 0)));
        desk.close().await;
    }
}
