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
        assert_seen_snapshot!(both(&all, &all_here), @r"
        -- Discord --
        Default messages
        Which one do you want to see?
        [Registration of a new client] [Credit added]
        [Credit deducted] [Password link]
        [Invoice] [Reminder of an unpaid invoice]
        [Low balance]
        -- Telegram --
        Default messages
        Which one do you want to see?
        [Registration of a new client] [Credit added]
        [Credit deducted] [Password link]
        [Invoice] [Reminder of an unpaid invoice]
        [Low balance]
        ");
        let seen = amara.presses(&all, "Low balance").await;
        let seen_here = tariq.changes(&all_here, "Low balance").await;
        assert_seen_snapshot!(both(&seen, &seen_here), @r"
        -- Discord --
        Low balance (English)
        The text that comes with the program.
        Subject: {{ balance }} left
        Text of the message: Hello {{ name }},

        your account {{ username }} has {{ balance }} left.

        {{ business }}
        Placeholders: {{ name }}, {{ username }}, {{ business }}, {{ balance }}
        As Pola Nowak 18 gets it: 0 credits left

        Hello Pola Nowak 18,

        your account pola18 has 0 credits left.

        Blue Bird SMS
        [Change the text] [Versions]
        [In Français] [All messages]
        -- Telegram --
        Low balance (English)
        The text that comes with the program.

        Subject: {{ balance }} left
        Text of the message: Hello {{ name }},

        your account {{ username }} has {{ balance }} left.

        {{ business }}
        Placeholders: {{ name }}, {{ username }}, {{ business }}, {{ balance }}
        As Pola Nowak 18 gets it: 0 credits left

        Hello Pola Nowak 18,

        your account pola18 has 0 credits left.

        Blue Bird SMS
        [Change the text] [Versions]
        [In Français] [All messages]
        ");

        // What is sent until now stands in the window.
        let form = amara.press_opens(&seen, "Change the text").await;
        assert_seen_snapshot!(form.text(), @r"
        Change a message: Low balance (English)
        Subject: [{{ balance }} left]
        Text of the message: [Hello {{ name }},

        your account {{ username }} has {{ balance }} left.

        {{ business }}]
        ");
        let text = "Dear {{ nmae }},\n\n{{ balance }} are left.";
        let refused = amara.fills(&form, &[("body", text)]).await;
        assert_seen_snapshot!(refused.text(), @r"
        Not done
        This message has no placeholder {{ nmae }}. Did you mean {{ name }}? It has: {{ name }}, {{ username }}, {{ business }}, {{ balance }}.
        [Try again]
        ");
        let form = amara.press_opens(&refused, "Try again").await;
        let text = text.replace("nmae", "name");
        let preview = amara.fills(&form, &[("body", &text), ("client", "ada")]).await;
        assert_seen_snapshot!(tidy(preview.text()), @r"
        Change the message “Low balance” (English)
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        This text holds from then on. No mail is sent while the configuration names no way for it.
        Subject: {{ balance }} left
        Text until now: Hello {{ name }},

        your account {{ username }} has {{ balance }} left.

        {{ business }}
        Text of the message: Dear {{ name }},

        {{ balance }} are left.
        As Ada Lovelace gets it: 100 credits left

        Dear Ada Lovelace,

        100 credits are left.
        Request #(id)
        [Confirm] [Cancel]
        ");
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
        assert_seen_snapshot!(subject.text(), @r"
        Change a message: Registration of a new client (English)
        Subject?
        One line; empty: it stays as it is

        Until now: Welcome to {{ business }}
        [Skip] [Cancel]
        ");
        let body = tariq.presses(&subject, "Skip").await;
        assert_seen_snapshot!(body.text(), @r"
        Change a message: Registration of a new client (English)
        Text of the message?
        Placeholders like {{ name }}; empty: it stays as it is

        Until now: Hello {{ name }},

        your account {{ username }} at {{ business }} is active.

        {{ business }}
        [Skip] [Cancel]
        ");
        let again = tariq.asks("Dear {{ nmae }},\n\nwelcome to <b>{{ business }}</b>!").await;
        assert_seen_snapshot!(again.text(), @r"
        Change a message: Registration of a new client (English)
        This message has no placeholder {{ nmae }}. Did you mean {{ name }}? It has: {{ name }}, {{ username }}, {{ business }}.
        Text of the message?
        Placeholders like {{ name }}; empty: it stays as it is

        Until now: Hello {{ name }},

        your account {{ username }} at {{ business }} is active.

        {{ business }}
        [Skip] [Cancel]
        ");
        let preview = tariq.asks("Dear {{ name }},\n\nwelcome to <b>{{ business }}</b>!").await;
        assert_seen_snapshot!(tidy(&preview.text()), @r"
        Change the message “Registration of a new client” (English)
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        This text holds from then on. No mail is sent while the configuration names no way for it.

        Subject: Welcome to {{ business }}
        Text until now: Hello {{ name }},

        your account {{ username }} at {{ business }} is active.

        {{ business }}
        Text of the message: Dear {{ name }},

        welcome to <b>{{ business }}</b>!
        As Pola Nowak 18 gets it: Welcome to Blue Bird SMS

        Dear Pola Nowak 18,

        welcome to <b>Blue Bird SMS</b>!

        Request #(id)
        [Confirm] [Cancel]
        ");
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
        assert_seen_snapshot!(both(&history, &history_here), @r"
        -- Discord --
        Versions: Registration of a new client (English)
        Which version is to come back?
        Version 2: Amara, (moment)
        Good morning
        Version 1: Amara, (moment)
        Welcome!
        [Bring back version 1] [Bring back the program's text]
        [Registration of a new client (English)]
        -- Telegram --
        Versions: Registration of a new client (English)
        Which version is to come back?

        Version 2: Amara, (moment)
        Good morning
        Version 1: Amara, (moment)
        Welcome!
        [Bring back version 1] [Bring back the program's text]
        [Registration of a new client (English)]
        ");
        let preview = tariq.changes(&history_here, "Bring back version 1").await;
        assert_seen_snapshot!(tidy(&preview.text()), @r"
        Bring back version 1 of the message “Registration of a new client” (English)
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        This text holds from then on. No mail is sent while the configuration names no way for it.

        Subject: Good morning → Welcome!
        Text of the message: Hello {{ name }},

        your account {{ username }} at {{ business }} is active.

        {{ business }}
        As Pola Nowak 18 gets it: Welcome!

        Hello Pola Nowak 18,

        your account pola18 at Blue Bird SMS is active.

        Blue Bird SMS

        Request #(id)
        [Confirm] [Cancel]
        ");
        tariq.changes(&preview, "Confirm").await;
        let options = [("message", "welcome"), ("version", "0")];
        let preview = amara.asks("message restore", &options).await;
        assert!(preview.text().contains("Bring back the program's text"), "{}", preview.text());
        amara.presses(&preview, "Confirm").await;
        let missing = [("message", "welcome"), ("version", "17")];
        let missing = amara.asks("message restore", &missing).await;
        assert_seen_snapshot!(missing.text(), @r"
        Not done
        There is no version “17” of this message. /message\_history shows which there are.
        [Try again]
        ");
        assert_eq!(desk.number("select max(version) from template").await, 4);
        let refused = desk.support.asks("message edit", &[("message", "welcome")]).await;
        assert!(refused.text().contains("Not done"), "{}", refused.text());
        desk.close().await;
    }
}
