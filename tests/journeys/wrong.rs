//! What people get wrong: each time a clear sentence with the way out, and nothing half done. All of it ends before the
//! database, so one of the two will do.

use crate::desk::people::{OnDiscord as _, OnTelegram as _, both};
use crate::desk::{Desk, Options};

on_one! {
    async fn amounts_that_are_none(db) {
        let desk = Desk::open(db, Options::default()).await;
        let sam = &desk.support;
        let writers = [
            &desk.telegram_support,
            &desk.telegram_admin,
            &desk.resellers[0],
            &desk.resellers[1],
        ];
        let mut said = Vec::new();
        for (at, amount) in [
            "1,000",
            "-5",
            "1e3",
            "0",
            "5.5",
            "1000000000001",
            "５",
            "five",
        ]
        .iter()
        .enumerate()
        {
            let refused = sam
                .asks("credit add", &[("client", "ada"), ("amount", amount)])
                .await;
            let writer = writers[at % writers.len()];
            // Each writes about a client of his own.
            let client = ["ada", "ada", "chidi", "ravi"][at % writers.len()];
            let here = writer.asks(&format!("/credit_add {client} {amount}")).await;
            let sentence = refused.text().lines().nth(1).unwrap();
            assert!(here.text().contains(sentence), "{amount}: {}", here.text());
            said.push(sentence.to_owned());
            assert_eq!(refused.buttons(), ["Try again"]);
        }
        // The question is open: the right answer goes on.
        let preview = writers[0].asks("5").await;
        assert!(
            preview.text().contains("Add 5 credits"),
            "{}",
            preview.text()
        );
        assert_seen_snapshot!(said.join("\n"), @r"
        “1,000” is not an amount. Write plain digits, for example 500.
        “-5” is not an amount. Write plain digits, for example 500.
        “1e3” is not an amount. Write plain digits, for example 500.
        The least amount is 1.
        “5.5” has decimals, and credits have none. Write for example 500.
        The largest amount is 1,000,000,000,000. Add more in several steps.
        “５” is not an amount. Write plain digits, for example 500.
        “five” is not an amount. Write plain digits, for example 500.
        ");
        let requests = "select count(*) from request where state = 'draft'";
        assert_eq!(desk.number(requests).await, 1);
        desk.close().await;
    }
}

on_one! {
    async fn commands_that_are_none(db) {
        let desk = Desk::open(
            db,
            Options {
                discord: false,
                ..Options::default()
            },
        )
        .await;
        let writers = [
            &desk.telegram_support,
            &desk.telegram_admin,
            &desk.resellers[0],
        ];
        let lines = [
            "/client_fnid ada",
            "/xyzzy",
            "/credit",
            "hello there",
            "/link",
            "/people_invite boss Nora",
        ];
        let mut said = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let refused = writers[(at + 1) % 2].asks(line).await;
            said.push(format!("{line}\n{}", refused.text()));
        }
        assert_seen_snapshot!(said.join("\n---\n"), @r"
        /client_fnid ada
        ⛔ Not done
        I don't know “client_fnid ada”. Did you mean /client_find? Type /help to see everything.
        ---
        /xyzzy
        ⛔ Not done
        I don't know “xyzzy”. Type /help to see what you can do.
        ---
        /credit
        ⛔ Not done
        I don't know “credit”. Did you mean /credit_add? Type /help to see everything.
        ---
        hello there
        ⛔ Not done
        I am not waiting for an answer here. Type /help to see what you can do.
        ---
        /link
        Link this account
        Code?
        26 letters and digits
        Send /cancel to stop.
        ---
        /people_invite boss Nora
        ⛔ Not done
        Your role does not include this. An admin can do it, or give you another role.
        ");
        let refused = writers[2].asks("/people_invite support Nora").await;
        assert_seen_snapshot!(refused.text(), @r"
        ⛔ Not done
        Your role does not include this. An admin can do it, or give you another role.
        ");
        assert_eq!(desk.number("select count(*) from request").await, 0);
        desk.close().await;
    }
}

on_one! {
    async fn texts_that_are_too_long_and_clients_that_are_not(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, tessa) = (&desk.support, &desk.telegram_support);
        let long = "x".repeat(501);
        let here = tessa.asks(&format!("/credit_add ada 5 {long}")).await;
        assert_seen_snapshot!(here.text(), @r"
        Add credit: Ada Lovelace
        Note may have 500 characters at most. Shorten it and send it again.
        Note?
        A gift needs a reason
        [Skip] [Cancel]
        ");
        // Discord's own application lets nobody write more.
        let options = [("client", "ada"), ("amount", "5"), ("note", long.as_str())];
        let unsent = sam.command("credit add", &options).await.unwrap_err();
        assert!(unsent.to_string().contains("too long"), "{unsent}");

        let unknown = sam
            .asks("credit add", &[("client", "zzz"), ("amount", "5")])
            .await;
        let unknown_here = tessa.asks("/credit_add zzz 5").await;
        assert_seen_snapshot!(both(&unknown, &unknown_here), @r"
        -- Discord --
        Not done
        There is no client “zzz”. Search with the first letters: /client find.
        [Try again]
        -- Telegram --
        ⛔ Not done
        There is no client “zzz”. Search with the first letters: /client_find.
        ");
        let suspended = sam
            .asks("credit add", &[("client", "suresh"), ("amount", "5")])
            .await;
        assert_seen_snapshot!(suspended.text(), @r"
        Not done
        Suresh Suspended is suspended. Credit can be added to active clients only.
        [Try again]
        ");
        let mode = tessa
            .asks("/credit_add client:ada amount:5 mode:later")
            .await;
        assert_seen_snapshot!(mode.text(), @r"
        Add credit: Ada Lovelace
        “later” is none of the choices for Mode: on-account, prepaid, gift.
        Mode?
        [On account: credit now, invoice unpaid]
        [Prepaid: credit when the invoice is paid]
        [Gift: no charge]
        [Skip] [Cancel]
        ");
        // The largest amount is one.
        let most = sam
            .asks(
                "credit add",
                &[("client", "ada"), ("amount", "1000000000000")],
            )
            .await;
        assert!(
            most.text().contains("Add 1,000,000,000,000 credits"),
            "{}",
            most.text()
        );
        assert_eq!(
            desk.number("select count(*) from posting where kind = 'add'")
                .await,
            0
        );
        desk.close().await;
    }
}
