//! Adding credit: in each mode, by each way in, on each messenger; exactly one posting and one invoice.

use crate::desk::clients::{ADA, ADE, CHIDI, LUKASZ, RAJESH, RITA};
use crate::desk::people::{OnDiscord as _, OnTelegram as _, both, tidy};
use crate::desk::{Desk, Options};
use crate::on_both;

on_both! {
    async fn asked_on_discord_and_approved_on_telegram(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, tariq) = (&desk.support, &desk.telegram_admin);
        let preview = sam
            .asks(
                "credit add",
                &[("client", "ada"), ("amount", "500"), ("note", "May")],
            )
            .await;
        assert_seen_snapshot!(tidy(preview.text()), @r"
        Add 500 credits to Ada Lovelace
        Nothing has happened yet. This is what will:
        Somebody else must approve it.
        An invoice is issued, and the client's people are told.
        Client: Ada Lovelace (ada)
        Balance: 100 credits → 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Note: May
        Request #(id)
        [Confirm] [Cancel]
        ");
        assert_eq!(
            desk.number("select count(*) from request where state <> 'draft'")
                .await,
            0
        );

        let waiting = sam.presses(&preview, "Confirm").await;
        assert_eq!(waiting.id(), preview.id());
        let card = desk.admins[0].sees_request("Ada Lovelace").await;
        let copy = tariq.next_message().await;
        assert_seen_snapshot!(format!("{}\n{}", tidy(waiting.text()), both(&card, &copy)), @r"
        Add 500 credits to Ada Lovelace
        Waits for an approval.
        Client: Ada Lovelace (ada)
        Balance: 100 credits → 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Note: May
        Asked by: Sam
        Waits until: (moment)
        Request #(id)
        [Withdraw]
        -- Discord --
        Add 500 credits to Ada Lovelace
        Waits for an approval.
        Client: Ada Lovelace (ada)
        Balance: 100 credits → 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Note: May
        Asked by: Sam
        Waits until: (moment)
        Request #(id)
        [Approve] [Reject]
        -- Telegram --
        ⏳ Add 500 credits to Ada Lovelace
        Waits for an approval.

        Client: Ada Lovelace (ada)
        Balance: 100 credits → 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Note: May
        Asked by: Sam
        Waits until: (moment)

        Request #(id)
        [Approve] [Reject]
        ");
        assert_eq!((desk.balance(ADA).await, desk.added().await), (100, (0, 0)));

        let approved = tariq.changes(&copy, "Approve").await;
        let over = |text: &str| text.contains("Approved by Tariq") && !text.contains("[Approve]");
        let card = card.becomes(|message| over(message.text())).await.unwrap();
        let own = waiting
            .becomes(|message| over(message.text()))
            .await
            .unwrap();
        let told = sam.is_told("Your request").await;
        assert_seen_snapshot!(
            format!("{}\n-- the asker's own --\n{}\n-- told --\n{}", both(&card, &approved), tidy(own.text()), tidy(told.text())),
            @r"
        -- Discord --
        Add 500 credits to Ada Lovelace
        Approved by Tariq and done.
        Client: Ada Lovelace (ada)
        Balance: 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000001 for 25.00 EUR
        Credits come from: Blue Bird SMS
        Note: May
        Asked by: Sam
        Approved by: Tariq
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
        Note: May
        Asked by: Sam
        Approved by: Tariq

        Request #(id)
        -- the asker's own --
        Add 500 credits to Ada Lovelace
        Approved by Tariq and done.
        Client: Ada Lovelace (ada)
        Balance: 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000001 for 25.00 EUR
        Credits come from: Blue Bird SMS
        Note: May
        Asked by: Sam
        Approved by: Tariq
        Request #(id)
        -- told --
        Your request: Add 500 credits to Ada Lovelace
        Approved by Tariq and done.
        Client: Ada Lovelace (ada)
        Balance: 600 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000001 for 25.00 EUR
        Credits come from: Blue Bird SMS
        Note: May
        Asked by: Sam
        Approved by: Tariq
        Request #(id)
        "
        );
        assert_eq!((desk.balance(ADA).await, desk.added().await), (600, (1, 1)));

        // The button that is gone, pressed on a screen that did not see it go.
        tariq.press_as_seen(&copy, "Approve").await.answer().await;
        desk.drain().await;
        assert_eq!((desk.balance(ADA).await, desk.added().await), (600, (1, 1)));
        desk.close().await;
    }
}

on_both! {
    async fn asked_on_telegram_and_approved_on_discord(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (tessa, tariq, bruno) = (
            &desk.telegram_support,
            &desk.telegram_admin,
            &desk.admins[1],
        );
        let preview = tessa.asks("/credit add ritas 250 settled by phone").await;
        assert_seen_snapshot!(tidy(&preview.text()), @r"
        Add 250 credits to Rita’s Routes
        Nothing has happened yet. This is what will:
        Somebody else must approve it.
        An invoice is issued, and the client's people are told.

        Client: Rita’s Routes (ritas)
        Balance: 10,000 credits → 10,250 credits
        Amount: 250 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 12.50 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Note: settled by phone

        Request #(id)
        [Confirm] [Cancel]
        ");
        let waiting = tessa.changes(&preview, "Confirm").await;
        let card = bruno.sees_request("Rita").await;
        let copy = tariq.next_message().await;
        let approved = bruno.presses(&card, "Approve").await;
        assert_eq!(approved.id(), card.id());
        let over = |text: &str| text.contains("Approved by Bruno") && !text.contains("[Approve]");
        assert!(over(approved.text()), "{}", approved.text());
        copy.until(|message| over(&message.text())).await;
        waiting.until(|message| over(&message.text())).await;
        tessa.is_told("Your request").await;
        // The people of the client hear of it as well.
        let told = desk.resellers[0].is_told("were added").await;
        assert_seen_snapshot!(tidy(&told.text()), @r"
        ✅ 250 credits were added to your account
        Your balance is 10,250 credits. Invoice: INV-000001 for 12.50 EUR.
        ");
        assert_eq!(
            (desk.balance(RITA).await, desk.added().await),
            (10_250, (1, 1))
        );
        desk.close().await;
    }
}

on_both! {
    async fn a_confirmation_is_enough_up_to_the_limit(db) {
        let options = Options {
            admin_limit: "100",
            ..Options::default()
        };
        let desk = Desk::open(db, options).await;
        let (amara, tariq) = (&desk.admins[0], &desk.telegram_admin);
        let preview = amara
            .asks("credit add", &[("client", "ada"), ("amount", "100")])
            .await;
        assert!(
            preview.text().contains("Your confirmation is enough."),
            "{}",
            preview.text()
        );
        let done = amara.presses(&preview, "Confirm").await;
        let preview = tariq.asks("/credit_add ade 100").await;
        let on_telegram = tariq.changes(&preview, "Confirm").await;
        assert_seen_snapshot!(both(&done, &on_telegram), @r"
        -- Discord --
        Add 100 credits to Ada Lovelace
        Done by Amara.
        Client: Ada Lovelace (ada)
        Balance: 200 credits
        Amount: 100 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000001 for 5.00 EUR
        Credits come from: Blue Bird SMS
        Asked by: Amara
        Request #(id)
        -- Telegram --
        ✅ Add 100 credits to Adé Adéyẹmí
        Done by Tariq.

        Client: Adé Adéyẹmí (ade)
        Balance: 100 credits
        Amount: 100 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000002 for 5.00 EUR
        Credits come from: Blue Bird SMS
        Asked by: Tariq

        Request #(id)
        ");
        // Twice pressed is once done.
        tariq
            .press_as_seen(&preview, "Confirm")
            .await
            .answer()
            .await;
        let preview = amara
            .asks("credit add", &[("client", "lukasz"), ("amount", "101")])
            .await;
        assert!(
            preview.text().contains("Somebody else must approve it."),
            "{}",
            preview.text()
        );
        let given_up = amara.presses(&preview, "Cancel").await;
        assert!(
            given_up.text().contains("Cancelled by Amara"),
            "{}",
            given_up.text()
        );
        desk.drain().await;
        assert_eq!(desk.added().await, (2, 2));
        assert_eq!(
            (desk.balance(ADA).await, desk.balance(ADE).await),
            (200, 100)
        );
        assert_eq!(desk.balance(LUKASZ).await, 0);
        desk.close().await;
    }
}

on_both! {
    async fn prepaid_credit_waits_for_its_payment(db) {
        let options = Options {
            admin_limit: "100",
            ..Options::default()
        };
        let desk = Desk::open(db, options).await;
        let (amara, tariq) = (&desk.admins[0], &desk.telegram_admin);
        let options = [("client", "ada"), ("amount", "60"), ("mode", "prepaid")];
        let preview = amara.asks("credit add", &options).await;
        assert_seen_snapshot!(tidy(preview.text()), @r"
        Add 60 credits to Ada Lovelace
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        An invoice is issued, and the client's people are told. The credits land when it is paid.
        Client: Ada Lovelace (ada)
        Balance: 100 credits
        Amount: 60 credits
        Mode: Prepaid: credit when the invoice is paid
        Invoice: 3.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Request #(id)
        [Confirm] [Cancel]
        ");
        amara.presses(&preview, "Confirm").await;
        let preview = tariq.asks("/credit_add ritas 40 prepaid").await;
        let done = tariq.changes(&preview, "Confirm").await;
        assert!(done.text().contains("Done by Tariq"), "{}", done.text());
        let told = desk.resellers[0].is_told("as soon as invoice").await;
        assert_seen_snapshot!(tidy(&told.text()), @r"
        An invoice for you
        40 credits are ready for you as soon as invoice INV-000002 for 2.00 EUR is paid.
        ");
        assert_eq!(
            (desk.balance(ADA).await, desk.balance(RITA).await),
            (100, 10_000)
        );
        assert_eq!(desk.added().await, (0, 2));
        let unpaid = "select count(*) from invoice where status = 'unpaid' and posting_id is null";
        assert_eq!(desk.number(unpaid).await, 2);
        desk.close().await;
    }
}

on_both! {
    async fn a_gift_costs_nothing_and_needs_a_reason(db) {
        let options = Options {
            admin_limit: "100",
            ..Options::default()
        };
        let desk = Desk::open(db, options).await;
        let (amara, tariq) = (&desk.admins[0], &desk.telegram_admin);
        let gift = [("client", "ada"), ("amount", "5"), ("mode", "gift")];
        let refused = amara.asks("credit add", &gift).await;
        let on_telegram = tariq.asks("/credit_add ada 5 gift").await;
        assert_seen_snapshot!(both(&refused, &on_telegram), @r"
        -- Discord --
        Not done
        A gift needs a reason. Fill in the note.
        [Try again]
        -- Telegram --
        ⛔ Not done
        A gift needs a reason. Fill in the note.
        ");
        assert_eq!(desk.number("select count(*) from request").await, 0);

        let with_reason = [gift[0], gift[1], gift[2], ("note", "Ten years with us")];
        let preview = amara.asks("credit add", &with_reason).await;
        amara.presses(&preview, "Confirm").await;
        let preview = tariq.asks("/credit_add ada 6 gift Ten years with us").await;
        let done = tariq.changes(&preview, "Confirm").await;
        assert_seen_snapshot!(tidy(&done.text()), @r"
        ✅ Add 6 credits to Ada Lovelace
        Done by Tariq.

        Client: Ada Lovelace (ada)
        Balance: 111 credits
        Amount: 6 credits
        Mode: Gift: no charge
        Invoice: INV-000002 for 0.00 EUR
        Credits come from: Blue Bird SMS
        Note: Ten years with us
        Asked by: Tariq

        Request #(id)
        ");
        assert_eq!((desk.balance(ADA).await, desk.added().await), (111, (2, 2)));
        let paid = "select count(*) from invoice where status = 'paid' and total = 0";
        assert_eq!(desk.number(paid).await, 2);
        desk.close().await;
    }
}

on_both! {
    async fn a_reseller_gives_from_his_own_balance_in_his_own_series(db) {
        let options = Options {
            admin_limit: "100",
            ..Options::default()
        };
        let desk = Desk::open(db, options).await;
        let [rita, rajesh] = &desk.resellers;
        // The house's series has a number of its own already.
        let preview = desk.admins[0]
            .asks("credit add", &[("client", "ada"), ("amount", "1")])
            .await;
        desk.admins[0].presses(&preview, "Confirm").await;

        let preview = rita.asks("/credit_add chidi 500").await;
        let done = rita.changes(&preview, "Confirm").await;
        assert_seen_snapshot!(format!("{}\n---\n{}", tidy(&preview.text()), tidy(&done.text())), @r"
        Add 500 credits to Chidi Okonkwo
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        An invoice is issued, and the client's people are told.

        Client: Chidi Okonkwo (chidi)
        Balance: 20 credits → 520 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 30.00 EUR (0.06 EUR a credit)
        Credits come from: Rita’s Routes: 10,000 credits → 9,500 credits

        Request #(id)
        [Confirm] [Cancel]
        ---
        ✅ Add 500 credits to Chidi Okonkwo
        Done by Rita.

        Client: Chidi Okonkwo (chidi)
        Balance: 520 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: ritas-INV-000001 for 30.00 EUR
        Credits come from: Rita’s Routes
        Asked by: Rita

        Request #(id)
        ");
        assert_eq!(
            (desk.balance(RITA).await, desk.balance(CHIDI).await),
            (9_500, 520)
        );
        // A client two levels down is his as well.
        let preview = rita.asks("/credit_add chloe 10").await;
        let done = rita.changes(&preview, "Confirm").await;
        assert!(done.text().contains("-000002"), "{}", done.text());

        let preview = rajesh.asks("/credit_add ravi 800").await;
        let done = rajesh.changes(&preview, "Confirm").await;
        assert!(done.text().contains("-000001"), "{}", done.text());
        let refused = rajesh.asks("/credit_add ravi 1").await;
        assert_seen_snapshot!(refused.text(), @r"
        ⛔ Not done
        Your balance is 0 credits, less than 1 credit. Use /credit_request to ask for more.
        ");
        let refused = rajesh.asks("/credit_add rajesh 1").await;
        assert!(
            refused.text().contains("This is your own account."),
            "{}",
            refused.text()
        );
        assert_eq!(
            (desk.balance(RAJESH).await, desk.added().await),
            (0, (4, 4))
        );
        assert_eq!(
            desk.number("select count(distinct issuer_id) from invoice")
                .await,
            3
        );
        let numbers = "select count(*) from invoice where issuer_id = 101 and number in (1, 2)";
        assert_eq!(desk.number(numbers).await, 2);
        desk.close().await;
    }
}

on_both! {
    async fn a_balance_that_went_meanwhile_is_not_given_twice(db) {
        let desk = Desk::open(
            db,
            Options {
                discord: false,
                ..Options::default()
            },
        )
        .await;
        let rajesh = &desk.resellers[1];
        let first = rajesh.asks("/credit_add ravi 800").await;
        let second = rajesh.asks("/credit_add ravi 1").await;
        rajesh.changes(&first, "Confirm").await;
        let unfit = rajesh.changes(&second, "Confirm").await;
        assert_seen_snapshot!(tidy(&unfit.text()), @r"
        ⛔ Add 1 credit to Ravi Shankar
        Not done: the balance does not suffice any more. Ask for less, or ask for credit first.

        Client: Ravi Shankar (ravi)
        Balance: 800 credits
        Amount: 1 credit
        Mode: On account: credit now, invoice unpaid
        Invoice: 0.06 EUR (0.06 EUR a credit)
        Credits come from: Rajesh Telecom
        Asked by: Rajesh

        Request #(id)
        [Ask again]
        ");
        assert_eq!(
            (desk.balance(RAJESH).await, desk.added().await),
            (0, (1, 1))
        );
        desk.close().await;
    }
}

on_both! {
    async fn a_reseller_asks_for_credit_and_finance_approves(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (rita, farah) = (&desk.resellers[0], &desk.finance);
        let preview = rita.asks("/credit_request 2500 bank transfer 8817").await;
        assert_seen_snapshot!(tidy(&preview.text()), @r"
        Rita’s Routes asks for 2,500 credits
        Nothing has happened yet. This is what will:
        Somebody else must approve it.
        An invoice is issued, and the client's people are told.

        Client: Rita’s Routes (ritas)
        Balance: 10,000 credits → 12,500 credits
        Amount: 2,500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 125.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Payment reference: bank transfer 8817

        Request #(id)
        [Confirm] [Cancel]
        ");
        let waiting = rita.changes(&preview, "Confirm").await;
        let copy = desk.telegram_admin.next_message().await;
        let card = farah.sees_request("bank transfer 8817").await;
        let approved = farah.presses(&card, "Approve").await;
        assert_seen_snapshot!(tidy(approved.text()), @r"
        Rita’s Routes asks for 2,500 credits
        Approved by Farah and done.
        Client: Rita’s Routes (ritas)
        Balance: 12,500 credits
        Amount: 2,500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000001 for 125.00 EUR
        Credits come from: Blue Bird SMS
        Payment reference: bank transfer 8817
        Asked by: Rita
        Approved by: Farah
        Request #(id)
        ");
        copy.until(|message| message.text().contains("Approved by Farah"))
            .await;
        waiting
            .until(|message| message.text().contains("Approved by Farah"))
            .await;
        let told = rita.is_told("Your request").await;
        assert_seen_snapshot!(tidy(&told.text()), @r"
        ✅ Your request: Rita’s Routes asks for 2,500 credits
        Approved by Farah and done.

        Client: Rita’s Routes (ritas)
        Balance: 12,500 credits
        Amount: 2,500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: INV-000001 for 125.00 EUR
        Credits come from: Blue Bird SMS
        Payment reference: bank transfer 8817
        Asked by: Rita
        Approved by: Farah

        Request #(id)
        ");
        assert_eq!(
            (desk.balance(RITA).await, desk.added().await),
            (12_500, (1, 1))
        );
        desk.close().await;
    }
}

on_both! {
    async fn what_waits_can_be_withdrawn(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, amara, tariq) = (&desk.support, &desk.admins[0], &desk.telegram_admin);
        let preview = sam
            .asks("credit add", &[("client", "ada"), ("amount", "500")])
            .await;
        let waiting = sam.presses(&preview, "Confirm").await;
        let card = amara.sees_request("Ada").await;
        let copy = tariq.next_message().await;
        let gone = sam.presses(&waiting, "Withdraw").await;
        assert_seen_snapshot!(tidy(gone.text()), @r"
        Add 500 credits to Ada Lovelace
        Cancelled by Sam; nothing was changed.
        Client: Ada Lovelace (ada)
        Balance: 100 credits
        Amount: 500 credits
        Mode: On account: credit now, invoice unpaid
        Invoice: 25.00 EUR (0.05 EUR a credit)
        Credits come from: Blue Bird SMS
        Asked by: Sam
        Request #(id)
        [Ask again]
        ");
        card.becomes(|message| message.text().contains("Cancelled by Sam"))
            .await
            .unwrap();
        copy.until(|message| message.text().contains("Cancelled by Sam"))
            .await;
        let late = tariq.is_warned(&copy, "Approve").await;
        assert_seen_snapshot!(late, @r"
        ⛔ Not done
        Sam gave this request up. Nothing more is needed.
        ");
        assert_eq!((desk.balance(ADA).await, desk.added().await), (100, (0, 0)));
        desk.close().await;
    }
}
