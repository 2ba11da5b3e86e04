//! What is left out is asked for: in a window on Discord, question by question on Telegram.

use crate::desk::clients::{ADA, ADE};
use crate::desk::people::{OnDiscord as _, OnTelegram as _, tidy};
use crate::desk::{Desk, Options};
use crate::on_both;

on_both! {
    async fn a_window_asks_for_what_is_missing(db) {
        let options = Options {
            telegram: false,
            admin_limit: "100",
            ..Options::default()
        };
        let desk = Desk::open(db, options).await;
        let amara = &desk.admins[0];
        let form = amara.opens("credit add", &[]).await;
        assert_seen_snapshot!(form.text(), @r"
        Add credit
        Client*: [First letters, username, email or phone]
        Amount*: [Plain digits, for example 500]
        Mode: [on account, prepaid or gift; empty: on account]
        Note: [A gift needs a reason]
        Price of one credit: [For example 0.05; empty: the client's price]
        ");
        let fields = [
            ("client", "ada"),
            ("amount", "30"),
            ("mode", "on account"),
            ("note", "by form"),
        ];
        let preview = amara.fills(&form, &fields).await;
        amara.presses(&preview, "Confirm").await;

        // From a client's card the client is known, and the card stays.
        let card = amara.asks("client view", &[("client", "ade")]).await;
        let form = amara.press_opens(&card, "Add credit").await;
        assert_seen_snapshot!(form.text(), @r"
        Add credit: Adé Adéyẹmí
        Amount*: [Plain digits, for example 500]
        Mode: [on account, prepaid or gift; empty: on account]
        Note: [A gift needs a reason]
        Price of one credit: [For example 0.05; empty: the client's price]
        ");
        let preview = amara
            .fills(
                &form,
                &[("amount", "20"), ("mode", "gift"), ("note", "welcome")],
            )
            .await;
        assert!(preview.id() != card.id() && card.refreshed().text() == card.text());
        amara.presses(&preview, "Confirm").await;

        // What is given need not be asked for.
        let form = amara.opens("credit add", &[("client", "ade")]).await;
        assert_eq!(form.title(), "Add credit: Adé Adéyẹmí");
        assert_eq!(form.inputs()[0].label, "Amount");
        let form = amara.opens("client find", &[]).await;
        let found = amara.fills(&form, &[("client", "luk")]).await;
        assert!(found.text().contains("Łukasz"), "{}", found.text());
        assert_eq!(
            (desk.balance(ADA).await, desk.balance(ADE).await),
            (130, 20)
        );
        assert_eq!(desk.added().await, (2, 2));
        desk.close().await;
    }
}

on_both! {
    async fn a_wrong_value_in_a_window_leads_back_to_it(db) {
        let options = Options {
            telegram: false,
            ..Options::default()
        };
        let desk = Desk::open(db, options).await;
        let sam = &desk.support;
        let form = sam.opens("credit add", &[]).await;
        let refused = sam
            .fills(
                &form,
                &[("client", "ada"), ("amount", "1,000"), ("note", "May")],
            )
            .await;
        assert_seen_snapshot!(refused.text(), @r"
        Not done
        “1,000” is not an amount. Write plain digits, for example 500.
        [Try again]
        ");
        let form = sam.press_opens(&refused, "Try again").await;
        // What was typed is there still, the wrong and the right.
        assert_seen_snapshot!(form.text(), @r"
        Add credit
        Client*: [ada]
        Amount*: [1,000]
        Mode: [on account, prepaid or gift; empty: on account]
        Note: [May]
        Price of one credit: [For example 0.05; empty: the client's price]
        ");
        let preview = sam.fills(&form, &[("amount", "1000")]).await;
        assert!(
            preview.text().contains("Add 1,000 credits to Ada Lovelace"),
            "{}",
            preview.text()
        );
        assert!(preview.text().contains("Note: May"), "{}", preview.text());

        let form = sam.opens("credit add", &[("client", "ada")]).await;
        let refused = sam
            .fills(&form, &[("amount", "5"), ("mode", "later")])
            .await;
        assert_seen_snapshot!(refused.text(), @r"
        Not done
        “later” is none of the choices for Mode: on-account, prepaid, gift.
        [Try again]
        ");
        let form = sam.press_opens(&refused, "Try again").await;
        let refused = sam.fills(&form, &[("mode", "gift")]).await;
        assert_seen_snapshot!(refused.text(), @r"
        Not done
        A gift needs a reason. Fill in the note.
        [Try again]
        ");
        let form = sam.press_opens(&refused, "Try again").await;
        let preview = sam.fills(&form, &[("note", "welcome")]).await;
        assert!(
            preview.text().contains("Invoice: 0.00 EUR"),
            "{}",
            preview.text()
        );
        assert_eq!(desk.number("select count(*) from request").await, 2);
        desk.close().await;
    }
}

on_both! {
    async fn questions_ask_one_by_one(db) {
        let options = Options {
            discord: false,
            admin_limit: "100",
            ..Options::default()
        };
        let desk = Desk::open(db, options).await;
        // Telegram lets a bot say one thing a second in a chat; four people are asked at the same time.
        tokio::join!(
            answered(&desk),
            answered_wrongly(&desk),
            skipped(&desk),
            stopped(&desk)
        );
        let drafts = "select count(*) from request where state = 'draft'";
        assert_eq!(desk.number(drafts).await, 1);
        assert_eq!((desk.balance(ADA).await, desk.added().await), (130, (1, 1)));
        assert_eq!(desk.balance(ADE).await, 0);
        desk.close().await;
    }
}

async fn answered(desk: &Desk) {
    let tariq = &desk.telegram_admin;
    let mut said = Vec::new();
    let question = tariq.asks("/credit_add").await;
    assert!(question.forces_reply());
    said.push(question.text());
    said.push(tariq.asks("ada").await.text());
    let choice = tariq.asks("30").await;
    said.push(choice.text());
    let note = tariq.presses(&choice, "Gift").await;
    said.push(note.text());
    let price = tariq.asks("welcome back").await;
    said.push(price.text());
    let preview = tariq.presses(&price, "Skip").await;
    said.push(tidy(&preview.text()));
    assert_seen_snapshot!(said.join("\n---\n"), @r"
        Add credit
        Client?
        First letters, username, email or phone
        Send /cancel to stop.
        ---
        Add credit: Ada Lovelace
        Amount?
        Plain digits, for example 500
        Send /cancel to stop.
        ---
        Add credit: Ada Lovelace
        Mode?
        [On account: credit now, invoice unpaid]
        [Prepaid: credit when the invoice is paid]
        [Gift: no charge]
        [Skip] [Cancel]
        ---
        Add credit: Ada Lovelace
        Note?
        A gift needs a reason
        [Skip] [Cancel]
        ---
        Add credit: Ada Lovelace
        Price of one credit?
        For example 0.05; empty: the client's price
        [Skip] [Cancel]
        ---
        Add 30 credits to Ada Lovelace
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        An invoice is issued, and the client's people are told.

        Client: Ada Lovelace (ada)
        Balance: 100 credits → 130 credits
        Amount: 30 credits
        Mode: Gift: no charge
        Invoice: 0.00 EUR
        Credits come from: Blue Bird SMS
        Note: welcome back

        Request #(id)
        [Confirm] [Cancel]
        ");
    tariq.changes(&preview, "Confirm").await;
}

async fn answered_wrongly(desk: &Desk) {
    let rita = &desk.resellers[0];
    let mut said = Vec::new();
    rita.asks("/credit_add").await;
    said.push(rita.asks("ravi").await.text());
    rita.asks("chidi").await;
    said.push(rita.asks("1e3").await.text());
    assert_seen_snapshot!(said.join("\n---\n"), @r"
    Add credit
    There is no client “ravi”. Search with the first letters: /client_find.
    Client?
    First letters, username, email or phone
    Send /cancel to stop.
    ---
    Add credit: Chidi Okonkwo
    “1e3” is not an amount. Write plain digits, for example 500.
    Amount?
    Plain digits, for example 500
    Send /cancel to stop.
    ");
    rita.asks("/cancel").await;
}

/// By button or by word.
async fn skipped(desk: &Desk) {
    let tessa = &desk.telegram_support;
    tessa.asks("/credit_add ade").await;
    let mode = tessa.asks("20").await;
    let note = tessa.presses(&mode, "Skip").await;
    assert!(note.text().contains("Note?"), "{}", note.text());
    let price = tessa.asks("/skip").await;
    assert!(
        price.text().contains("Price of one credit?"),
        "{}",
        price.text()
    );
    let preview = tessa.asks("/skip").await;
    assert!(preview.text().contains("On account"), "{}", preview.text());
}

async fn stopped(desk: &Desk) {
    let rajesh = &desk.resellers[1];
    rajesh.asks("/credit_add").await;
    let stopped = rajesh.asks("/cancel").await;
    assert_seen_snapshot!(stopped.text(), @r"
    Stopped
    Nothing was changed.
    ");
    let late = rajesh.asks("22").await;
    assert_seen_snapshot!(late.text(), @r"
    ⛔ Not done
    I am not waiting for an answer here. Type /help to see what you can do.
    ");
}

on_both! {
    async fn another_command_does_not_answer_the_question(db) {
        let options = Options {
            discord: false,
            ..Options::default()
        };
        let desk = Desk::open(db, options).await;
        let [rita, rajesh] = &desk.resellers;
        rita.asks("/credit_add chidi").await;
        let found = rita.asks("/client_find chl").await;
        assert!(found.text().contains("Chloë"), "{}", found.text());
        // The question is still open.
        let mode = rita.asks("12").await;
        assert!(mode.text().contains("Mode?"), "{}", mode.text());
        // A form that is pressed open from a card.
        let card = rajesh.asks("/client_view ravi").await;
        let question = rajesh.presses(&card, "Add credit").await;
        assert!(
            question.text().contains("Add credit: Ravi Shankar"),
            "{}",
            question.text()
        );
        assert_eq!(desk.number("select count(*) from request").await, 0);
        desk.close().await;
    }
}

on_one! {
    async fn an_ambiguous_name_is_asked_back(db) {
        let desk = Desk::open(
            db,
            Options {
                admin_limit: "100",
                ..Options::default()
            },
        )
        .await;
        let (amara, tariq) = (&desk.admins[0], &desk.telegram_admin);
        let which = amara
            .asks("credit add", &[("client", "ad"), ("amount", "5")])
            .await;
        let form = amara.press_opens(&which, "Choose Ada").await;
        assert_eq!(form.title(), "Add credit: Ada Lovelace");
        let which = tariq.asks("/credit_add ad 5").await;
        assert_seen_snapshot!(which.text(), @r"
        Which “ad”?

        Ada Lovelace: ada · USER · active
        Adé Adéyẹmí: ade · USER · active
        [Choose Ada Lovelace] [Choose Adé Adéyẹmí]
        ");
        let question = tariq.presses(&which, "Choose Ada Lovelace").await;
        assert!(
            question.text().contains("Add credit: Ada Lovelace"),
            "{}",
            question.text()
        );
        tariq.asks("/cancel").await;
        assert_eq!(desk.number("select count(*) from request").await, 0);
        desk.close().await;
    }
}
