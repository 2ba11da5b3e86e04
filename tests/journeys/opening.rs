//! The desk itself: it opens, everybody is who he is, and what must fail in [`Desk::close`] fails.

use crate::desk::people::{OnDiscord as _, OnTelegram as _};
use crate::desk::{Desk, Options};
use crate::on_both;

on_both! {
    async fn everybody_is_who_he_is(db) {
        let desk = Desk::open(db, Options::default()).await;
        for (person, role) in [
            (&desk.admins[0], "Admin"),
            (&desk.admins[1], "Admin"),
            (&desk.finance, "Finance"),
            (&desk.support, "Support"),
        ] {
            let card = person.asks("me", &[]).await;
            assert!(
                card.text().contains(&format!("Role: {role}")),
                "{}",
                card.text()
            );
        }
        for (person, role) in [
            (&desk.telegram_admin, "Admin"),
            (&desk.telegram_support, "Support"),
            (&desk.resellers[0], "Reseller"),
            (&desk.resellers[1], "Reseller"),
        ] {
            let card = person.asks("/me").await;
            assert!(
                card.text().contains(&format!("Role: {role}")),
                "{}",
                card.text()
            );
        }
        desk.close().await;
    }
}
