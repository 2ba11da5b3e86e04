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
        assert_seen_snapshot!(format!("{}\n---\n{}", form.text(), tidy(preview.text())), @r"
        New client
        Full name*: [As the client writes it]
        Username*: [a-z, 0-9, “.”, “_” and “-”]
        Email: [For example ada@example.com]
        Phone: [For example +44 20 7946 0000]
        Class: [USER, RESELLER or ADMIN]
        ---
        New client Nora Quist
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        Username: nora
        Email: ADA\@example.com
        Phone: \+44 7700 900111
        Class: USER
        Reseller: –
        Same email or phone: Ada Lovelace (ada), Adé Adéyẹmí (ade)
        Request #(id)
        [Confirm] [Cancel]
        ");
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
        assert_seen_snapshot!(questions.collect::<Vec<_>>().join("\n---\n"), @r"
        New client
        Full name?
        As the client writes it
        Send /cancel to stop.
        ---
        New client
        Username?
        a-z, 0-9, “.”, “_” and “-”
        Send /cancel to stop.
        ---
        New client
        Email?
        For example ada@example.com
        [Skip] [Cancel]
        ---
        New client
        Phone?
        For example +44 20 7946 0000
        [Skip] [Cancel]
        ---
        New client
        Class?
        [USER]
        [Reseller]
        [Skip] [Cancel]
        ---
        New client
        Reseller?
        A username, or none for the house
        [Skip] [Cancel]
        ---
        New client
        Price of one credit?
        For example 0.05; empty: the client's price
        [Skip] [Cancel]
        ");
        assert_seen_snapshot!(format!("{}\n---\n{}", tidy(&taken.text()), tidy(&preview.text())), @r"
        New client
        “ada” is taken. Choose another username.
        Username?
        a-z, 0-9, “.”, “_” and “-”
        Send /cancel to stop.
        ---
        New client Nils Holm
        Nothing has happened yet. This is what will:
        Your confirmation is enough.

        Username: nils
        Email: –
        Phone: –
        Class: USER
        Reseller: –

        Request #(id)
        [Confirm] [Cancel]
        ");
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
        assert_seen_snapshot!(both(&preview, &there), @r"
        -- Discord --
        Move Chidi Okonkwo to Rajesh Telecom
        Nothing has happened yet. This is what will:
        Somebody else must approve it.
        The client's people are told, and those of the others concerned.
        Client: Chidi Okonkwo (chidi)
        Reseller: Rita’s Routes → Rajesh Telecom
        Balance: 20 credits, taken along
        Request #(id)
        [Confirm] [Cancel]
        -- Telegram --
        Move Ada Lovelace to Mambo Media
        Nothing has happened yet. This is what will:
        Somebody else must approve it.
        The client's people are told, and those of the others concerned.

        Client: Ada Lovelace (ada)
        Reseller: – → Mambo Media
        Balance: 100 credits, taken along

        Request #(id)
        [Confirm] [Cancel]
        ");
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
        assert_seen_snapshot!(format!("{}\n---\n{}", tidy(done.text()), told.join("\n---\n")), @r"
        Move Chidi Okonkwo to Rajesh Telecom
        Approved by Bruno and done.
        Client: Chidi Okonkwo (chidi)
        Reseller: Rita’s Routes → Rajesh Telecom
        Balance: 20 credits, taken along
        Asked by: Sam
        Approved by: Bruno
        Request #(id)
        ---
        Chidi Okonkwo (chidi) has another reseller now
        The balance moved along. Invoices stay with whoever issued them.
        ---
        Chidi Okonkwo (chidi) has another reseller now
        The balance moved along. Invoices stay with whoever issued them.
        ");

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
        assert_seen_snapshot!(refused.text(), @r"
        Not done
        Mambo Media comes from this very client, so that would be a circle. Name somebody else.
        [Try again]
        ");
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
        assert_seen_snapshot!(both(&here, &there), @r"
        -- Discord --
        Make Ada Lovelace a RESELLER
        Nothing has happened yet. This is what will:
        Somebody else must approve it.
        The client's people are told.
        Client: Ada Lovelace (ada)
        Class: USER → RESELLER
        Request #(id)
        [Confirm] [Cancel]
        -- Telegram --
        Make Rita’s Routes a USER
        Nothing has happened yet. This is what will:
        Somebody else must approve it.
        The client's people are told, and those of the others concerned.

        Client: Rita’s Routes (ritas)
        Class: RESELLER → USER
        Clients go to: Rajesh Telecom
        Clients moving along: 3

        Request #(id)
        [Confirm] [Cancel]
        ");
        let waiting = amara.presses(&here, "Confirm").await;
        let card = bruno.sees_request("Ada").await;
        let copy = tariq.next_message().await;
        let done = tariq.changes(&copy, "Approve").await;
        card.becomes(|message| message.text().contains("Approved by Tariq")).await.unwrap();
        waiting.becomes(|message| message.text().contains("Approved by Tariq")).await.unwrap();
        amara.is_told("Your request").await;
        assert_seen_snapshot!(tidy(&done.text()), @r"
        ✅ Make Ada Lovelace a RESELLER
        Approved by Tariq and done.

        Client: Ada Lovelace (ada)
        Class: USER → RESELLER
        Asked by: Amara
        Approved by: Tariq

        Request #(id)
        ");

        // A reseller with clients stays one unless somebody takes them over.
        let refused = amara.asks("class set", &[("client", "ritas"), ("class", "USER")]).await;
        assert_seen_snapshot!(refused.text(), @r"
        Not done
        This reseller has 3 clients. Name the reseller who takes over (heir).
        [Try again]
        ");
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
        assert_seen_snapshot!(heard.join("\n---\n"), @r"
        Rita’s Routes (ritas) is a USER now
        ---
        Rita’s Routes (ritas) is a USER now
        ");
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
        assert_seen_snapshot!(shown.join("\n---\n"), @r"
        Suspend Adé Adéyẹmí
        Done by Sam.
        Client: Adé Adéyẹmí (ade)
        Status: active → suspended
        Reason: not paid
        Asked by: Sam
        Request #(id)
        ---
        Activate Adé Adéyẹmí
        Done by Sam.
        Client: Adé Adéyẹmí (ade)
        Status: suspended → active
        Asked by: Sam
        Request #(id)
        ---
        Close Adé Adéyẹmí
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        The client's people are told.
        Client: Adé Adéyẹmí (ade)
        Status: active → closed
        Reason: asked for it
        Request #(id)
        [Confirm] [Cancel]
        ---
        Close Adé Adéyẹmí
        Done by Sam.
        Client: Adé Adéyẹmí (ade)
        Status: active → closed
        Reason: asked for it
        Asked by: Sam
        Request #(id)
        ");
        let card = sam.presses(&card, "Refresh").await;
        assert_seen_snapshot!(card.buttons().join(", "), @"Statement, Invoices, Note, Tag, Refresh");

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
        assert_seen_snapshot!(shown.join("\n---\n"), @r"
        ✅ Suspend Rita’s Routes
        Done by Tessa.

        Client: Rita’s Routes (ritas)
        Status: active → suspended
        Reason: not paid
        Asked by: Tessa

        Request #(id)
        ---
        Your account is suspended now
        not paid
        ---
        ✅ Activate Rita’s Routes
        Done by Tessa.

        Client: Rita’s Routes (ritas)
        Status: suspended → active
        Asked by: Tessa

        Request #(id)
        ---
        Your account is active now
        ");
        // There is something left on it.
        let card = tessa.changes(&card, "Refresh").await;
        assert!(!card.text().contains("[Close]"), "{}", card.text());
        let refused = tessa.asks("/client_close ritas done").await;
        assert_seen_snapshot!(refused.text(), @r"
        ⛔ Not done
        An account is closed with balance 0 and nothing unpaid. The balance is 10,000 credits, unpaid is 0.00 EUR. Settle that first.
        ");
        let card = tessa.asks("/client_view lukasz").await;
        tessa.presses(&card, "Close").await;
        let preview = tessa.asks("asked for it").await;
        let closed = tessa.changes(&preview, "Confirm").await;
        assert_seen_snapshot!(tidy(&closed.text()), @r"
        ✅ Close Łukasz Wójcik
        Done by Tessa.

        Client: Łukasz Wójcik (lukasz)
        Status: active → closed
        Reason: asked for it
        Asked by: Tessa

        Request #(id)
        ");
        desk.close().await;
    }
}
