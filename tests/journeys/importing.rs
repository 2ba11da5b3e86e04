//! A file of clients, sent in chat: looked through, confirmed, and moved in while its message tells how far it is; and the
//! audit log that says who did it.

use crate::desk::people::{OnDiscord as _, OnTelegram as _, both};
use crate::desk::{Desk, Options};
use crate::on_both;

/// Two clients and a wrong row; names that messengers and spreadsheets would trip over.
fn file(prefix: &str) -> String {
    format!(
        "Login,Full name,Credits,@everyone\n{prefix}1,<b>@everyone</b>,5,x\n{prefix}2,=1+1,,x\n{prefix}3,Bo,lots,x\n"
    )
}

on_both! {
    async fn a_file_is_moved_in_on_both_messengers(db) {
        let mut desk = Desk::open(db, Options::default()).await;
        // A document is not edited as a text; the adapter finds out by asking.
        desk.may_be_refused(400, "/editMessageText");
        let amara = &desk.admins[0];
        let tariq = &desk.telegram_admin;
        let sent = file("d");
        let files = [("file", "clients.csv", sent.as_bytes())];
        let asked = amara.command_with_files("import clients", &[], &files).await;
        let on_discord = asked.unwrap().reply().await.unwrap();
        let question = tariq.asks("/import_clients").await;
        assert!(question.text().contains("Send the file as a document"), "{}", question.text());
        tariq.send_document("clients.csv", file("t").as_bytes(), "").await;
        let question = tariq.next_message().await;
        let on_telegram = tariq.presses(&question, "Skip").await;
        let seen = both(&on_discord, &on_telegram);
        for words in [
            "Move in the clients of clients.csv",
            "Login as username, Full name as name, Credits as balance",
            "wrong: 1",
            "opening balances come to 5 credits",
            "[Import without the wrong rows] [Cancel]",
        ] {
            assert_eq!(seen.matches(words).count(), 2, "{words}: {seen}");
        }
        let (_, report) = on_discord.files().remove(0);
        let report = String::from_utf8(report).unwrap();
        assert!(report.contains("4,balance,lots,") && on_telegram.file().is_some(), "{report}");

        amara.presses(&on_discord, "Import without the wrong rows").await;
        // A document's caption tells how it goes on.
        tariq.changes(&on_telegram, "Import without the wrong rows").await;
        let over = "All rows but the wrong ones are moved in.";
        on_discord.becomes(|message| message.text().contains(over)).await.unwrap();
        on_telegram.until(|message| message.text().contains(over)).await;
        assert_eq!(desk.number("select count(*) from client where username in ('d1', 'd2', 't1', 't2')").await, 4);
        assert_eq!(desk.number("select count(*) from client where username in ('d3', 't3')").await, 0);
        assert_eq!(desk.number("select count(*) from import_file").await, 0);
        let refused = desk.support.asks("me", &[]).await;
        assert!(!refused.text().contains("import"), "{}", refused.text());

        let log = desk.finance.asks("audit log", &[("client", "d1")]).await;
        let same = tariq.asks("/audit_log client:d1").await;
        let seen = both(&log, &same);
        assert_eq!(seen.matches(" · Amara: Moved in: ").count(), 2, "{seen}");
        desk.close().await;
    }
}

on_both! {
    async fn whoever_waits_among_them_is_activated_from_the_notice_on_both_messengers(db) {
        let mut desk = Desk::open(db, Options::default()).await;
        desk.may_be_refused(400, "/editMessageText");
        let (amara, sam, tess) = (&desk.admins[0], &desk.support, &desk.telegram_support);
        let sent = "Login,Full name,Email,Status\nw1,<b>Wanda</b>,w1@a.example,unverified\nw2,Wim,,pending\nw3,Wes,,active\n";
        let files = [("file", "clients.csv", sent.as_bytes())];
        let preview = amara.command_with_files("import clients", &[], &files).await.unwrap().reply().await.unwrap();
        amara.presses(&preview, "Import").await;
        let here = sam.sees_request("wait to be activated").await;
        let there = tess.next_message().await;
        assert!(desk.telegram_admin.next_message().await.text().contains("2 clients wait to be activated"));
        assert_seen_snapshot!(both(&here, &there), @r"
        -- Discord --
        2 clients wait to be activated
        \<b>Wanda\</b>: w1 · w1\@a.example
        Wim: w2
        [Activate <b>Wanda</b>] [View <b>Wanda</b>]
        [Activate Wim] [View Wim]
        -- Telegram --
        ⏳ 2 clients wait to be activated

        <b>Wanda</b>: w1 · w1@a.example
        Wim: w2
        [Activate <b>Wanda</b>] [View <b>Wanda</b>]
        [Activate Wim] [View Wim]
        ");
        let ask_here = sam.presses(&here, "Activate <b>Wanda</b>").await;
        let ask_there = tess.presses(&there, "Activate Wim").await;
        assert_seen_snapshot!(both(&ask_here, &ask_there), @r"
        -- Discord --
        Activate \<b>Wanda\</b>
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        The client's people are told.
        Client: \<b>Wanda\</b> (w1)
        Status: pending → active
        Request #(id)
        [Confirm] [Cancel]
        -- Telegram --
        Activate Wim
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        The client's people are told.

        Client: Wim (w2)
        Status: pending → active

        Request #(id)
        [Confirm] [Cancel]
        ");
        sam.presses(&ask_here, "Confirm").await;
        tess.changes(&ask_there, "Confirm").await;
        assert_eq!(desk.number("select count(*) from client where status = 'pending'").await, 0);
        desk.close().await;
    }
}
