//! An invoice from its first line to its payment, on both messengers.

use crate::desk::people::{OnDiscord as _, OnTelegram as _};
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
