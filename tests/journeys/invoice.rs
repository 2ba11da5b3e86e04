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
            @""
        );
        let card = farah.asks("invoice view", &[("invoice", "INV-000001")]).await;
        let preview = farah.presses(&card, "Unpay").await;
        let unpaid = farah.presses(&preview, "Confirm").await;
        let told = rita.is_told("INV-000001").await;
        assert_seen_snapshot!(
            [tidy(card.text()), tidy(unpaid.text()), tidy(&told.text())].join("\n---\n"),
            @""
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
            @""
        );
        let card = tariq.asks("/invoice_view INV-000002").await;
        let preview = tariq.presses(&card, "Void").await;
        let voided = tariq.changes(&preview, "Confirm").await;
        let told = rita.is_told("INV-000002").await;
        let card = tariq.asks("/invoice_view INV-000002").await;
        assert_seen_snapshot!(
            [&voided, &told, &card].map(|message| tidy(&message.text())).join("\n---\n"),
            @""
        );
        // A reference is taken once, also by the other messenger.
        let refused = farah.asks("invoice paid", &[("invoice", "INV-000002"), ("reference", "TX 18")]).await;
        assert_seen_snapshot!(refused.text(), @"");
        desk.close().await;
    }
}
