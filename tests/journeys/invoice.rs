//! An invoice from its first line to its payment, on both messengers.

use crate::desk::people::{OnDiscord as _, OnTelegram as _, tidy};
use crate::desk::{Desk, Options};
use crate::on_both;

on_both! {
    async fn an_invoice_is_drafted_line_by_line_and_paid(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, tariq) = (&desk.support, &desk.telegram_admin);
        let card = sam.asks("client view", &[("client", "ada")]).await;
        let form = sam.press_opens(&card, "Create invoice").await;
        let preview = sam.fills(&form, &[("lines", "Setup; 1; 50")]).await;
        assert!(preview.text().contains("Setup: 1 × 50.00 EUR = 50.00 EUR"), "{}", preview.text());
        let form = sam.press_opens(&preview, "Add a line").await;
        let line = [("text", "Numbers"), ("quantity", "2"), ("each", "9.90")];
        let preview = sam.fills(&form, &line).await;
        assert!(preview.text().contains("Net: 69.80 EUR"), "{}", preview.text());
        let done = sam.presses(&preview, "Confirm").await;
        assert!(done.text().contains("INV-0"), "{}", done.text());
        desk.drain().await;

        let list = tariq.asks("/invoice_list client:ada status:unpaid").await;
        let number = desk.number("select max(number) from invoice where kind = 'lines'").await;
        let name = format!("INV-{number:06}");
        let card = tariq.presses(&list, &name).await;
        assert!(card.text().contains("Numbers: 2 × 9.90 EUR = 19.80 EUR"), "{}", card.text());
        let question = tariq.presses(&card, "Mark paid").await;
        assert!(question.text().contains("Payment reference"), "{}", question.text());
        let preview = tariq.asks("TX 17").await;
        let paid = tariq.changes(&preview, "Confirm").await;
        assert!(paid.text().contains("Done by"), "{}", paid.text());
        let card = sam.asks("invoice view", &[("invoice", &name)]).await;
        assert!(card.text().contains("Status: paid") && card.text().contains("TX 17"), "{}", card.text());
        // Support looks at it and settles nothing.
        assert_eq!(card.buttons(), ["Client"]);
        let own = desk.resellers[0].asks("/invoice_paid").await;
        assert!(own.text().contains("Your role does not include this"), "{}", own.text());
        desk.close().await;
    }
}

on_both! {
    async fn an_invoice_is_settled_by_the_buttons_on_it(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (farah, tariq, rita) = (&desk.finance, &desk.telegram_admin, &desk.resellers[0]);
        for _ in 0..2 {
            let preview = tariq.asks("/invoice_create client:ritas lines:Setup; 1; 50").await;
            tariq.changes(&preview, "Confirm").await;
            rita.is_told("INV-00000").await;
        }
        // On Discord: paid, and not paid after all.
        let list = farah.asks("invoice list", &[("client", "ritas")]).await;
        let card = farah.presses(&list, "INV-000001").await;
        let form = farah.press_opens(&card, "Mark paid").await;
        let preview = farah.fills(&form, &[("reference", "TX 17")]).await;
        let paid = farah.presses(&preview, "Confirm").await;
        let told = rita.is_told("INV-000001").await;
        assert_seen_snapshot!(
            [tidy(card.text()), tidy(preview.text()), tidy(paid.text()), tidy(&told.text())].join("\n---\n"),
            @r"
        Invoice INV-000001
        Client: Rita’s Routes
        Status: unpaid
        Lines: Setup: 1 × 50.00 EUR = 50.00 EUR
        Net: 50.00 EUR
        Tax: 0.00 EUR
        Total: 50.00 EUR
        Issued: (moment)
        Due: (moment)
        [Mark paid] [Void] [Credit note]
        [Client]
        ---
        INV-000001 is paid
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        The client's people are told.
        Client: Rita’s Routes (ritas)
        Amount: 50.00 EUR
        Payment reference: TX 17
        Request #(id)
        [Confirm] [Cancel]
        ---
        INV-000001 is paid
        Done by Farah.
        Client: Rita’s Routes (ritas)
        Amount: 50.00 EUR
        Payment reference: TX 17
        Asked by: Farah
        Request #(id)
        ---
        ✅ Invoice INV-000001 is paid, thank you
        "
        );
        let card = farah.asks("invoice view", &[("invoice", "INV-000001")]).await;
        let preview = farah.presses(&card, "Unpay").await;
        let unpaid = farah.presses(&preview, "Confirm").await;
        let told = rita.is_told("INV-000001").await;
        assert_seen_snapshot!(
            [tidy(card.text()), tidy(unpaid.text()), tidy(&told.text())].join("\n---\n"),
            @r"
        Invoice INV-000001
        Client: Rita’s Routes
        Status: paid
        Lines: Setup: 1 × 50.00 EUR = 50.00 EUR
        Net: 50.00 EUR
        Tax: 0.00 EUR
        Total: 50.00 EUR
        Issued: (moment)
        Paid: (moment), TX 17
        [Credit note] [Unpay]
        [Client]
        ---
        INV-000001 is not paid after all
        Done by Farah.
        Client: Rita’s Routes (ritas)
        Amount: 50.00 EUR
        Payment reference: TX 17
        Asked by: Farah
        Request #(id)
        ---
        Invoice INV-000001 is unpaid again
        The payment was taken back. To be paid: 50.00 EUR.
        "
        );

        // On Telegram: something taken off one, and the other voided.
        let card = tariq.asks("/invoice_view INV-000001").await;
        tariq.presses(&card, "Credit note").await;
        tariq.asks("10.00").await;
        let preview = tariq.asks("a discount").await;
        let credited = tariq.changes(&preview, "Confirm").await;
        let told = rita.is_told("INV-000001").await;
        let card = tariq.asks("/invoice_view INV-000001").await;
        assert_seen_snapshot!(
            [&preview, &credited, &told, &card].map(|message| tidy(&message.text())).join("\n---\n"),
            @r"
        Credit note over 10.00 EUR on INV-000001
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        The client's people are told.

        Client: Rita’s Routes (ritas)
        Left to pay: 50.00 EUR → 40.00 EUR
        Reason: a discount

        Request #(id)
        [Confirm] [Cancel]
        ---
        ✅ Credit note over 10.00 EUR on INV-000001
        Done by Tariq.

        Client: Rita’s Routes (ritas)
        Left to pay: 50.00 EUR → 40.00 EUR
        Credit note: CN-000001
        Reason: a discount
        Asked by: Tariq

        Request #(id)
        ---
        ✅ A credit note takes 10.00 EUR off invoice INV-000001
        a discount
        ---
        Invoice INV-000001

        Client: Rita’s Routes
        Status: unpaid
        Lines: Setup: 1 × 50.00 EUR = 50.00 EUR
        Net: 50.00 EUR
        Tax: 0.00 EUR
        Total: 50.00 EUR
        Credit note: CN-000001 over 10.00 EUR: a discount
        Left to pay: 40.00 EUR
        Issued: (moment)
        Due: (moment)
        [Mark paid] [Credit note]
        [Client]
        "
        );
        let card = tariq.asks("/invoice_view INV-000002").await;
        let preview = tariq.presses(&card, "Void").await;
        let voided = tariq.changes(&preview, "Confirm").await;
        let told = rita.is_told("INV-000002").await;
        let card = tariq.asks("/invoice_view INV-000002").await;
        assert_seen_snapshot!(
            [&voided, &told, &card].map(|message| tidy(&message.text())).join("\n---\n"),
            @r"
        ✅ Void INV-000002
        Done by Tariq.

        Client: Rita’s Routes (ritas)
        Amount: 50.00 EUR
        Asked by: Tariq

        Request #(id)
        ---
        Invoice INV-000002 is voided: nothing is to be paid
        ---
        ⛔ Invoice INV-000002

        Client: Rita’s Routes
        Status: voided
        Lines: Setup: 1 × 50.00 EUR = 50.00 EUR
        Net: 50.00 EUR
        Tax: 0.00 EUR
        Total: 50.00 EUR
        Issued: (moment)
        [Client]
        "
        );
        // A reference is taken once, also by the other messenger.
        let refused = farah.asks("invoice paid", &[("invoice", "INV-000002"), ("reference", "TX 18")]).await;
        assert_seen_snapshot!(refused.text(), @r"
        Not done
        INV-000002 is voided; nothing is owed on it. Create another one with /invoice create.
        ");
        desk.close().await;
    }
}
