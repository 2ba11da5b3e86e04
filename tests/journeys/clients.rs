//! Clients: made, moved, and made to stand differently, by form and by the buttons of a card, on both messengers.

use crate::desk::people::{OnDiscord as _, OnTelegram as _, both, tidy};
use crate::desk::{Desk, Options};
use crate::on_both;

on_both! {
    async fn a_client_is_made_by_form(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, tessa) = (&desk.support, &desk.telegram_support);
        let form = sam.opens("client new", &[]).await;
        let values = [
            ("fullname", "Nora Quist"),
            ("username", "nora"),
            ("email", "ADA@example.com"),
            ("phone", "+44 7700 900111"),
        ];
        let preview = sam.fills(&form, &values).await;
        // Whoever has the same address or number is shown: he may be the same.
        assert_seen_snapshot!(format!("{}\n---\n{}", form.text(), tidy(preview.text())), @"");
        let done = sam.presses(&preview, "Confirm").await;
        assert!(done.text().contains("Done by Sam."), "{}", done.text());

        let mut questions = vec![tessa.asks("/client_new").await];
        for answer in ["Nils Holm", "ada", "", "", "", "", ""] {
            let next = match answer {
                "" => tessa.presses(questions.last().unwrap(), "Skip").await,
                answer => tessa.asks(answer).await,
            };
            questions.push(next);
        }
        // The username is taken, which is seen when all is there.
        let taken = questions.pop().unwrap();
        let preview = tessa.asks("nils").await;
        let questions = questions.iter().map(|question| tidy(&question.text()));
        assert_seen_snapshot!(questions.collect::<Vec<_>>().join("\n---\n"), @"");
        assert_seen_snapshot!(format!("{}\n---\n{}", tidy(&taken.text()), tidy(&preview.text())), @"");
        let done = tessa.changes(&preview, "Confirm").await;
        assert!(done.text().contains("Done by Tessa."), "{}", done.text());
        let found = sam.asks("client find", &[("client", "ni")]).await;
        assert!(found.text().contains("Nils Holm"), "{}", found.text());
        desk.close().await;
    }
}

on_both! {
    async fn a_client_moves_to_another_reseller(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, tessa, bruno, tariq) =
            (&desk.support, &desk.telegram_support, &desk.admins[1], &desk.telegram_admin);
        let card = sam.asks("client view", &[("client", "chidi")]).await;
        let form = sam.press_opens(&card, "Reseller").await;
        let preview = sam.fills(&form, &[("reseller", "rajesh")]).await;
        let there = tessa.asks("/reseller_set ada mambo").await;
        assert_seen_snapshot!(both(&preview, &there), @"");
        let waiting = sam.presses(&preview, "Confirm").await;
        let card = bruno.sees_request("Chidi").await;
        let copy = tariq.next_message().await;
        let done = bruno.presses(&card, "Approve").await;
        copy.until(|message| message.text().contains("Approved by Bruno")).await;
        let told = [
            desk.resellers[0].is_told("Chidi").await,
            desk.resellers[1].is_told("Chidi").await,
        ];
        sam.is_told("Your request").await;
        waiting.becomes(|message| message.text().contains("Approved by Bruno")).await.unwrap();
        let told = told.map(|message| tidy(&message.text()));
        assert_seen_snapshot!(format!("{}\n---\n{}", tidy(done.text()), told.join("\n---\n")), @"");

        // The other way round: asked on Telegram, approved there.
        let waiting = tessa.changes(&there, "Confirm").await;
        let card = bruno.sees_request("Ada").await;
        let copy = tariq.next_message().await;
        let done = tariq.changes(&copy, "Approve").await;
        card.becomes(|message| message.text().contains("Approved by Tariq")).await.unwrap();
        waiting.until(|message| message.text().contains("Approved by Tariq")).await;
        tessa.is_told("Your request").await;
        assert!(done.text().contains("Approved by Tariq and done."), "{}", done.text());
        let scope = desk.resellers[0].asks("/client_find ada").await;
        assert!(scope.text().contains("Ada Lovelace"), "{}", scope.text());
        let refused = sam.asks("reseller set", &[("client", "ritas"), ("reseller", "mambo")]).await;
        assert_seen_snapshot!(refused.text(), @"");
        desk.close().await;
    }
}

on_both! {
    async fn a_class_is_changed_with_another_admin(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (amara, bruno, tariq) = (&desk.admins[0], &desk.admins[1], &desk.telegram_admin);
        let card = amara.asks("client view", &[("client", "ada")]).await;
        let form = amara.press_opens(&card, "Class").await;
        let here = amara.fills(&form, &[("class", "RESELLER")]).await;
        let there = tariq.asks("/class_set client:ritas class:USER heir:rajesh").await;
        assert_seen_snapshot!(both(&here, &there), @"");
        let waiting = amara.presses(&here, "Confirm").await;
        let card = bruno.sees_request("Ada").await;
        let copy = tariq.next_message().await;
        let done = tariq.changes(&copy, "Approve").await;
        card.becomes(|message| message.text().contains("Approved by Tariq")).await.unwrap();
        waiting.becomes(|message| message.text().contains("Approved by Tariq")).await.unwrap();
        amara.is_told("Your request").await;
        assert_seen_snapshot!(tidy(&done.text()), @"");

        // A reseller with clients stays one unless somebody takes them over.
        let refused = amara.asks("class set", &[("client", "ritas"), ("class", "USER")]).await;
        assert_seen_snapshot!(refused.text(), @"");
        let waiting = tariq.changes(&there, "Confirm").await;
        let card = bruno.sees_request("Rita").await;
        let approved = bruno.presses(&card, "Approve").await;
        assert!(approved.text().contains("Approved by Bruno and done."), "{}", approved.text());
        waiting.until(|message| message.text().contains("Approved by Bruno")).await;
        tariq.is_told("Your request").await;
        let told = [&desk.resellers[0], &desk.resellers[1]];
        let mut heard = Vec::new();
        for person in told {
            heard.push(tidy(&person.is_told("Rita").await.text()));
        }
        assert_seen_snapshot!(heard.join("\n---\n"), @"");
        desk.close().await;
    }
}

on_both! {
    async fn a_client_is_suspended_activated_and_closed_from_its_card(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, tessa, rita) = (&desk.support, &desk.telegram_support, &desk.resellers[0]);
        // On Discord.
        let card = sam.asks("client view", &[("client", "ade")]).await;
        let form = sam.press_opens(&card, "Suspend").await;
        let preview = sam.fills(&form, &[("reason", "not paid")]).await;
        let suspended = sam.presses(&preview, "Confirm").await;
        let card = sam.presses(&card, "Refresh").await;
        let preview = sam.presses(&card, "Activate").await;
        let active = sam.presses(&preview, "Confirm").await;
        let card = sam.presses(&card, "Refresh").await;
        let form = sam.press_opens(&card, "Close").await;
        let preview = sam.fills(&form, &[("reason", "asked for it")]).await;
        let closed = sam.presses(&preview, "Confirm").await;
        let shown = [&suspended, &active, &preview, &closed].map(|message| tidy(message.text()));
        assert_seen_snapshot!(shown.join("\n---\n"), @"");
        let card = sam.presses(&card, "Refresh").await;
        assert_seen_snapshot!(card.buttons().join(", "), @"");

        // On Telegram; what happens to a reseller his own people hear.
        let card = tessa.asks("/client_view ritas").await;
        let question = tessa.presses(&card, "Suspend").await;
        assert!(question.text().contains("Reason"), "{}", question.text());
        let preview = tessa.asks("not paid").await;
        let suspended = tessa.changes(&preview, "Confirm").await;
        let heard = rita.is_told("suspended").await;
        let card = tessa.changes(&card, "Refresh").await;
        let preview = tessa.presses(&card, "Activate").await;
        let active = tessa.changes(&preview, "Confirm").await;
        let heard_again = rita.is_told("active").await;
        let shown = [&suspended, &heard, &active, &heard_again].map(|message| tidy(&message.text()));
        assert_seen_snapshot!(shown.join("\n---\n"), @"");
        // There is something left on it.
        let card = tessa.changes(&card, "Refresh").await;
        assert!(!card.text().contains("[Close]"), "{}", card.text());
        let refused = tessa.asks("/client_close ritas done").await;
        assert_seen_snapshot!(refused.text(), @"");
        let card = tessa.asks("/client_view lukasz").await;
        tessa.presses(&card, "Close").await;
        let preview = tessa.asks("asked for it").await;
        let closed = tessa.changes(&preview, "Confirm").await;
        assert_seen_snapshot!(tidy(&closed.text()), @"");
        desk.close().await;
    }
}
