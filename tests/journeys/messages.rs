//! Default messages, on both messengers: seen, changed in a window and in a chat, and brought back.

use crate::desk::people::{OnDiscord as _, OnTelegram as _, both, tidy};
use crate::desk::{Desk, Options};
use crate::on_both;

on_both! {
    async fn a_message_is_picked_seen_and_changed_in_a_window(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (amara, tariq) = (&desk.admins[0], &desk.telegram_admin);
        let all = amara.asks("message edit", &[]).await;
        let all_here = tariq.asks("/message_edit").await;
        assert_seen_snapshot!(both(&all, &all_here), @"");
        let seen = amara.presses(&all, "Low balance").await;
        let seen_here = tariq.changes(&all_here, "Low balance").await;
        assert_seen_snapshot!(both(&seen, &seen_here), @"");

        // What is sent until now stands in the window.
        let form = amara.press_opens(&seen, "Change the text").await;
        assert_seen_snapshot!(form.text(), @"");
        let text = "Dear {{ nmae }},\n\n{{ balance }} are left.";
        let refused = amara.fills(&form, &[("body", text)]).await;
        assert_seen_snapshot!(refused.text(), @"");
        let form = amara.press_opens(&refused, "Try again").await;
        let text = text.replace("nmae", "name");
        let preview = amara.fills(&form, &[("body", &text), ("client", "ada")]).await;
        assert_seen_snapshot!(tidy(preview.text()), @"");
        let done = amara.presses(&preview, "Confirm").await;
        assert!(done.text().contains("Done by Amara."), "{}", done.text());
        let seen = amara.asks("message edit", &[("message", "low-credit")]).await;
        assert!(seen.text().contains("Version 1, by Amara"), "{}", seen.text());
        assert!(seen.text().contains("Dear {{ name }},"), "{}", seen.text());
        desk.close().await;
    }
}

on_both! {
    async fn a_message_is_changed_by_sending_the_new_text(db) {
        let desk = Desk::open(db, Options::default()).await;
        let tariq = &desk.telegram_admin;
        let seen = tariq.asks("/message_edit welcome").await;
        let subject = tariq.presses(&seen, "Change the text").await;
        assert_seen_snapshot!(subject.text(), @"");
        let body = tariq.presses(&subject, "Skip").await;
        assert_seen_snapshot!(body.text(), @"");
        let again = tariq.asks("Dear {{ nmae }},\n\nwelcome to <b>{{ business }}</b>!").await;
        assert_seen_snapshot!(again.text(), @"");
        let preview = tariq.asks("Dear {{ name }},\n\nwelcome to <b>{{ business }}</b>!").await;
        assert_seen_snapshot!(tidy(&preview.text()), @"");
        let done = tariq.changes(&preview, "Confirm").await;
        assert!(done.text().contains("Done by Tariq."), "{}", done.text());
        assert_eq!(desk.number("select count(*) from template").await, 1);
        desk.close().await;
    }
}

on_both! {
    async fn an_earlier_version_comes_back(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (amara, tariq) = (&desk.admins[0], &desk.telegram_admin);
        for subject in ["Welcome!", "Good morning"] {
            let options = [("message", "welcome"), ("subject", subject)];
            let preview = amara.asks("message edit", &options).await;
            amara.presses(&preview, "Confirm").await;
        }
        let history = amara.asks("message history", &[("message", "welcome")]).await;
        let history_here = tariq.asks("/message_history welcome").await;
        assert_seen_snapshot!(both(&history, &history_here), @"");
        let preview = tariq.changes(&history_here, "Bring back version 1").await;
        assert_seen_snapshot!(tidy(&preview.text()), @"");
        tariq.changes(&preview, "Confirm").await;
        let options = [("message", "welcome"), ("version", "0")];
        let preview = amara.asks("message restore", &options).await;
        assert!(preview.text().contains("Bring back the program's text"), "{}", preview.text());
        amara.presses(&preview, "Confirm").await;
        let missing = [("message", "welcome"), ("version", "17")];
        let missing = amara.asks("message restore", &missing).await;
        assert_seen_snapshot!(missing.text(), @"");
        assert_eq!(desk.number("select max(version) from template").await, 4);
        let refused = desk.support.asks("message edit", &[("message", "welcome")]).await;
        assert!(refused.text().contains("Not done"), "{}", refused.text());
        desk.close().await;
    }
}
