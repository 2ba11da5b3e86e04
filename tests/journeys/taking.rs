//! Taking credit back: deducted, reversed in part and in full from the list of what can be, and undone at a press.

use crate::desk::clients::{ADA, LUKASZ, RITA};
use crate::desk::people::{OnDiscord as _, OnTelegram as _, both, tidy};
use crate::desk::{Desk, Options};
use crate::on_both;

/// Admins whose own word is enough.
fn direct() -> Options {
    Options {
        admin_limit: "1000",
        ..Options::default()
    }
}

on_both! {
    async fn credit_is_deducted(db) {
        let desk = Desk::open(db, direct()).await;
        let (amara, tariq, rita) = (&desk.admins[0], &desk.telegram_admin, &desk.resellers[0]);
        let card = amara.asks("client view", &[("client", "ada")]).await;
        let form = amara.press_opens(&card, "Deduct").await;
        let here = amara.fills(&form, &[("amount", "30"), ("reason", "sent twice")]).await;
        let there = tariq.asks("/credit_deduct ritas 40 sent twice").await;
        assert_seen_snapshot!(both(&here, &there), @r"
        -- Discord --
        Deduct 30 credits from Ada Lovelace
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        The client's people are told.
        Client: Ada Lovelace (ada)
        Balance: 100 credits → 70 credits
        Amount: 30 credits
        Credits return to: 30 credits to Blue Bird SMS
        Reason: sent twice
        Request #(id)
        [Confirm] [Cancel]
        -- Telegram --
        Deduct 40 credits from Rita’s Routes
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        The client's people are told.

        Client: Rita’s Routes (ritas)
        Balance: 10,000 credits → 9,960 credits
        Amount: 40 credits
        Credits return to: 40 credits to Blue Bird SMS
        Reason: sent twice

        Request #(id)
        [Confirm] [Cancel]
        ");
        let here = amara.presses(&here, "Confirm").await;
        let there = tariq.changes(&there, "Confirm").await;
        assert_seen_snapshot!(both(&here, &there), @r"
        -- Discord --
        Deduct 30 credits from Ada Lovelace
        Done by Amara.
        Client: Ada Lovelace (ada)
        Balance: 70 credits
        Amount: 30 credits
        Credits return to: 30 credits to Blue Bird SMS
        Reason: sent twice
        Asked by: Amara
        Request #(id)
        -- Telegram --
        ✅ Deduct 40 credits from Rita’s Routes
        Done by Tariq.

        Client: Rita’s Routes (ritas)
        Balance: 9,960 credits
        Amount: 40 credits
        Credits return to: 40 credits to Blue Bird SMS
        Reason: sent twice
        Asked by: Tariq

        Request #(id)
        ");
        let told = rita.is_told("deducted").await;
        assert_seen_snapshot!(tidy(&told.text()), @r"
        40 credits were deducted from your account
        Your balance is 9,960 credits. Reason: sent twice
        ");
        assert_eq!((desk.balance(ADA).await, desk.balance(RITA).await), (70, 9_960));
        // No more than there is.
        let refused = amara.asks("credit deduct", &[("client", "ada"), ("amount", "71"), ("reason", "more")]).await;
        let question = tariq.asks("/credit_deduct ada 71 more").await;
        assert_seen_snapshot!(both(&refused, &question), @r"
        -- Discord --
        Not done
        Ada Lovelace has 70 credits that can be taken, less than 71 credits. Deduct less.
        [Try again]
        -- Telegram --
        ⛔ Not done
        Ada Lovelace has 70 credits that can be taken, less than 71 credits. Deduct less.
        ");
        desk.close().await;
    }
}

on_both! {
    async fn what_was_added_is_taken_back_from_the_list(db) {
        let desk = Desk::open(db, direct()).await;
        let (amara, tariq, rita) = (&desk.admins[0], &desk.telegram_admin, &desk.resellers[0]);
        for client in ["ada", "lukasz"] {
            let preview = amara.asks("credit add", &[("client", client), ("amount", "500")]).await;
            amara.presses(&preview, "Confirm").await;
        }
        let preview = tariq.asks("/credit_add ritas 60").await;
        tariq.changes(&preview, "Confirm").await;
        rita.is_told("were added").await;

        // In part on Discord: a credit note covers it.
        let list = amara.asks("credit reverse", &[("client", "ada")]).await;
        let form = amara.press_opens(&list, "Take back 500 credits").await;
        let preview = amara.fills(&form, &[("reason", "fifty were meant"), ("amount", "450")]).await;
        assert_seen_snapshot!(
            format!("{}\n---\n{}\n---\n{}", tidy(list.text()), form.text(), tidy(preview.text())),
            @r"
        Take back from Ada Lovelace
        500 credits added: (moment) · INV-000001
        [Take back 500 credits]
        ---
        Take back: Ada Lovelace
        Reason*: [Those whom it concerns will read it]
        Amount: [Plain digits, for example 500]
        ---
        Take back 450 credits of Ada Lovelace
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        A credit note over 22.50 EUR is issued, and the client's people are told.
        Client: Ada Lovelace (ada)
        Balance: 600 credits → 150 credits
        Taken back: 450 credits of 500 credits
        Reason: fifty were meant
        Request #(id)
        [Confirm] [Cancel]
        "
        );
        let done = amara.presses(&preview, "Confirm").await;
        assert_seen_snapshot!(tidy(done.text()), @r"
        Take back 450 credits of Ada Lovelace
        Done by Amara.
        Client: Ada Lovelace (ada)
        Balance: 150 credits
        Taken back: 450 credits of 500 credits
        Credit note: CN-000001
        Reason: fifty were meant
        Asked by: Amara
        Request #(id)
        ");

        // In full on Telegram: the unpaid invoice is voided.
        let card = tariq.asks("/client_view ritas").await;
        let list = tariq.presses(&card, "Take back").await;
        let question = tariq.presses(&list, "Take back 60 credits").await;
        let optional = tariq.asks("sent to the wrong one").await;
        let preview = tariq.presses(&optional, "Skip").await;
        assert_seen_snapshot!(
            [&list, &question, &optional, &preview].map(|message| tidy(&message.text())).join("\n---\n"),
            @r"
        Take back from Rita’s Routes

        60 credits added: (moment) · INV-000003
        [Take back 60 credits]
        ---
        Take back: Rita’s Routes
        Reason?
        Those whom it concerns will read it
        Send /cancel to stop.
        ---
        Take back: Rita’s Routes
        Amount?
        Plain digits, for example 500
        [Skip] [Cancel]
        ---
        Take back 60 credits of Rita’s Routes
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        Its unpaid invoice is voided, and the client's people are told.

        Client: Rita’s Routes (ritas)
        Balance: 10,060 credits → 10,000 credits
        Taken back: 60 credits of 60 credits
        Reason: sent to the wrong one

        Request #(id)
        [Confirm] [Cancel]
        "
        );
        let done = tariq.changes(&preview, "Confirm").await;
        let told = rita.is_told("deducted").await;
        assert_seen_snapshot!(format!("{}\n---\n{}", tidy(&done.text()), tidy(&told.text())), @r"
        ✅ Take back 60 credits of Rita’s Routes
        Done by Tariq.

        Client: Rita’s Routes (ritas)
        Balance: 10,000 credits
        Taken back: 60 credits of 60 credits
        Reason: sent to the wrong one
        Asked by: Tariq

        Request #(id)
        ---
        60 credits were deducted from your account
        Your balance is 10,000 credits. Reason: sent to the wrong one
        ");
        let balances = (desk.balance(ADA).await, desk.balance(LUKASZ).await, desk.balance(RITA).await);
        assert_eq!(balances, (150, 500, 10_000));
        let status = "select count(*) from invoice where status = 'voided'";
        assert_eq!(desk.number(status).await, 1);
        assert_eq!(desk.number("select count(*) from credit_note").await, 1);

        // Once is all: what was taken back is on no list.
        let list = tariq.asks("/credit_reverse ritas").await;
        let none = amara.asks("credit reverse", &[("client", "ada")]).await;
        assert_seen_snapshot!(both(&none, &list), @r"
        -- Discord --
        Take back from Ada Lovelace
        There is nothing that could be taken back.
        -- Telegram --
        Take back from Rita’s Routes
        There is nothing that could be taken back.
        ");
        desk.close().await;
    }
}

on_both! {
    async fn what_was_just_done_is_undone_and_nobody_hears_of_either(db) {
        let options = Options {
            undo: "2m",
            ..direct()
        };
        let desk = Desk::open(db, options).await;
        let (amara, tariq) = (&desk.admins[0], &desk.telegram_admin);
        let told = "select count(*) from outbox where key like 'told:%' and state <> 'dead'";
        let preview = amara.asks("credit add", &[("client", "ritas"), ("amount", "500")]).await;
        let here = amara.presses(&preview, "Confirm").await;
        let preview = tariq.asks("/credit_add rajesh 70").await;
        let there = tariq.changes(&preview, "Confirm").await;
        assert_seen_snapshot!(both(&here, &there), @r"
        -- Discord --
        Add 500 credits to Rita’s Routes
        Done by Amara.
        Client: Rita’s Routes (ritas)
        Balance: 10,500 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000001 for 25.00 EUR
        Credits come from: Blue Bird SMS
        Asked by: Amara
        Request #(id)
        [Undo]
        -- Telegram --
        ✅ Add 70 credits to Rajesh Telecom
        Done by Tariq.

        Client: Rajesh Telecom (rajesh)
        Balance: 870 credits
        Amount: 70 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000002 for 3.50 EUR
        Credits come from: Blue Bird SMS
        Asked by: Tariq

        Request #(id)
        [Undo]
        ");
        assert_eq!(desk.number(told).await, 2, "both will hear of it in two minutes");

        let undo_here = amara.presses(&here, "Undo").await;
        let undo_there = tariq.presses(&there, "Undo").await;
        assert_seen_snapshot!(both(&undo_here, &undo_there), @r"
        -- Discord --
        Take back 500 credits of Rita’s Routes
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        Its unpaid invoice is voided, and the client's people are told.
        Client: Rita’s Routes (ritas)
        Balance: 10,500 credits → 10,000 credits
        Taken back: 500 credits of 500 credits
        Reason: \#(id)
        Request #(id)
        [Confirm] [Cancel]
        -- Telegram --
        Take back 70 credits of Rajesh Telecom
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        Its unpaid invoice is voided, and the client's people are told.

        Client: Rajesh Telecom (rajesh)
        Balance: 870 credits → 800 credits
        Taken back: 70 credits of 70 credits
        Reason: #(id)

        Request #(id)
        [Confirm] [Cancel]
        ");
        let undone_here = amara.presses(&undo_here, "Confirm").await;
        let undone_there = tariq.changes(&undo_there, "Confirm").await;
        assert_seen_snapshot!(both(&undone_here, &undone_there), @r"
        -- Discord --
        Take back 500 credits of Rita’s Routes
        Done by Amara.
        Client: Rita’s Routes (ritas)
        Balance: 10,000 credits
        Taken back: 500 credits of 500 credits
        Reason: \#(id)
        Asked by: Amara
        Request #(id)
        -- Telegram --
        ✅ Take back 70 credits of Rajesh Telecom
        Done by Tariq.

        Client: Rajesh Telecom (rajesh)
        Balance: 800 credits
        Taken back: 70 credits of 70 credits
        Reason: #(id)
        Asked by: Tariq

        Request #(id)
        ");
        assert_eq!(desk.number(told).await, 0, "they hear of nothing");
        assert_eq!((desk.balance(RITA).await, desk.balance(crate::desk::clients::RAJESH).await), (10_000, 800));
        let voided = "select count(*) from invoice where status = 'voided'";
        assert_eq!(desk.number(voided).await, 2);
        // The first cards say so and have no button any more.
        desk.drain().await;
        assert_seen_snapshot!(both(&here.refreshed(), &there.refreshed()), @r"
        -- Discord --
        Add 500 credits to Rita’s Routes
        Done, and undone by #(id).
        Client: Rita’s Routes (ritas)
        Balance: 10,000 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000001 for 25.00 EUR
        Credits come from: Blue Bird SMS
        Asked by: Amara
        Request #(id)
        -- Telegram --
        Add 70 credits to Rajesh Telecom
        Done, and undone by #(id).

        Client: Rajesh Telecom (rajesh)
        Balance: 800 credits
        Amount: 70 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000002 for 3.50 EUR
        Credits come from: Blue Bird SMS
        Asked by: Tariq

        Request #(id)
        ");
        desk.close().await;
    }
}
