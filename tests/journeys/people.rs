//! People: invitations, codes, second accounts, and what everybody is told about himself.

use crate::desk::people::{OnDiscord as _, OnTelegram as _, both, tidy};
use crate::desk::{Desk, Options};
use crate::on_both;

/// The one-time code on a card.
fn code(card: &str) -> &str {
    let found = card.lines().find_map(|line| line.strip_prefix("Code: "));
    found.unwrap_or_else(|| panic!("there is no code on:\n{card}"))
}

on_both! {
    async fn a_support_person_is_invited_directly(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (amara, tariq) = (&desk.admins[0], &desk.telegram_admin);
        let invite = [("role", "support"), ("name", "Nora")];
        let preview = amara.asks("people invite", &invite).await;
        let here = tariq.asks("/people_invite support Nils").await;
        assert_seen_snapshot!(both(&preview, &here), @r"
        -- Discord --
        Invite Nora as Support
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        Person: Nora
        Role: Support
        Request #(id)
        [Confirm] [Cancel]
        -- Telegram --
        Invite Nils as Support
        Nothing has happened yet. This is what will:
        Your confirmation is enough.

        Person: Nils
        Role: Support

        Request #(id)
        [Confirm] [Cancel]
        ");
        let made = amara.presses(&preview, "Confirm").await;
        let made_here = tariq.changes(&here, "Confirm").await;
        assert_seen_snapshot!(both(&made, &made_here), @r"
        -- Discord --
        Invite Nora as Support
        Done by Amara.
        Give this to the new person: the link for Telegram, or /link and the code in Discord. It works once, for 24 hours, and is shown only here.
        Person: Nora
        Role: Support
        Asked by: Amara
        Code: (code)
        Link: https://t.me/desk_bot?start=(code)
        Request #(id)
        -- Telegram --
        ✅ Invite Nils as Support
        Done by Tariq.
        Give this to the new person: the link for Telegram, or /link and the code in Discord. It works once, for 24 hours, and is shown only here.

        Person: Nils
        Role: Support
        Asked by: Tariq
        Code: (code)
        Link: https://t.me/desk_bot?start=(code)

        Request #(id)
        ");

        let nora = desk.sandbox.telegram.person("Nora");
        nora.start(Some(code(made.text()))).await;
        let linked = nora.next_message().await;
        assert_seen_snapshot!(linked.text(), @r"
        ✅ Linked
        You are Nora, Support. Type /help to see what you can do.
        ");
        let me = nora.asks("/me").await;
        assert!(me.text().contains("Role: Support"), "{}", me.text());
        desk.drain().await;
        assert!(
            nora.menu()
                .iter()
                .any(|command| command.command == "credit_add")
        );
        // By hand on Discord, for the code of the other.
        let nils = desk.sandbox.discord.person("Nils");
        let linked = nils
            .asks("link", &[("code", &code(&made_here.text()).to_lowercase())])
            .await;
        assert!(
            linked.text().contains("You are Nils, Support."),
            "{}",
            linked.text()
        );
        let found = nils.asks("client find", &[("client", "ada")]).await;
        assert!(found.text().contains("Ada Lovelace"), "{}", found.text());

        // Once used it opens nothing more, and a wrong one never did.
        let thief = desk.sandbox.telegram.person("Thief");
        thief.start(Some(code(made.text()))).await;
        let used = thief.next_message().await.text();
        let wrong = thief.asks("/link ABCDEFGHJKMNPQRSTVWXYZ0123").await.text();
        assert_eq!(used, wrong);
        assert_seen_snapshot!(used, @r"
        ⛔ Not done
        This code is not valid: it was used, is too old, or was not approved yet. Ask an admin for a new one.
        ");
        // Only its hash is kept.
        let hashed = desk
            .number("select count(*) from code where length(hash) <> 64")
            .await;
        assert_eq!(hashed, 0);
        desk.close().await;
    }
}

on_both! {
    async fn an_admin_is_invited_only_with_another_admin(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (tariq, bruno) = (&desk.telegram_admin, &desk.admins[1]);
        let preview = tariq.asks("/people_invite admin Nina").await;
        let waiting = tariq.changes(&preview, "Confirm").await;
        assert_seen_snapshot!(tidy(&waiting.text()), @r"
        ⏳ Invite Nina as Admin
        Waits for an approval.
        Keep this for the new person; it works once the invitation is approved, for 24 hours, and is shown only here.

        Person: Nina
        Role: Admin
        Asked by: Tariq
        Waits until: (moment)
        Code: (code)
        Link: https://t.me/desk_bot?start=(code)

        Request #(id)
        [Withdraw]
        ");
        let code = code(&waiting.text()).to_owned();
        let nina = desk.sandbox.telegram.person("Nina");
        nina.start(Some(&code)).await;
        let early = nina.next_message().await.text();
        assert!(early.contains("was not approved yet"), "{early}");
        let card = bruno.sees_request("Nina").await;
        assert_seen_snapshot!(tidy(card.text()), @r"
        Invite Nina as Admin
        Waits for an approval.
        Person: Nina
        Role: Admin
        Asked by: Tariq
        Waits until: (moment)
        Request #(id)
        [Approve] [Reject]
        ");
        let by_finance = desk.finance.presses(&card, "Approve").await;
        assert!(
            by_finance
                .text()
                .contains("Your role does not decide about this."),
            "{}",
            by_finance.text()
        );
        bruno.presses(&card, "Approve").await;
        tariq.is_told("Your request").await;
        nina.send(&format!("/link {code}")).await;
        let linked = nina.is_told("Linked").await;
        assert!(
            linked.text().contains("You are Nina, Admin."),
            "{}",
            linked.text()
        );
        desk.close().await;
    }
}

on_both! {
    async fn a_reseller_is_invited_for_a_client_of_class_reseller(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (amara, tariq) = (&desk.admins[0], &desk.telegram_admin);
        let invite = [("role", "reseller"), ("name", "Mo")];
        let without = amara.asks("people invite", &invite).await;
        let user = [invite[0], invite[1], ("client", "ada")];
        let with_user = amara.asks("people invite", &user).await;
        assert_eq!(without.text(), with_user.text());
        assert_seen_snapshot!(without.text(), @r"
        Not done
        A Reseller is tied to one client of class RESELLER. Name that client.
        [Try again]
        ");
        let staff = [("role", "auditor"), ("name", "Mo"), ("client", "mambo")];
        let staff = amara.asks("people invite", &staff).await;
        assert!(
            staff.text().contains("Leave the client out."),
            "{}",
            staff.text()
        );

        let preview = tariq
            .asks("/people_invite role:reseller name:Mo client:mambo")
            .await;
        let made = tariq.changes(&preview, "Confirm").await;
        let mo = desk.sandbox.telegram.person("Mo");
        mo.start(Some(code(&made.text()))).await;
        mo.next_message().await;
        let me = mo.asks("/me").await;
        assert_seen_snapshot!(me.text().replace(&mo.id().to_string(), "(id)"), @r"
        Mo

        Role: Reseller
        Account: telegram:(id)
        Client: Mambo Media
        Balance: 50 credits
        Status: active
        [Ask for credit] [Add another account]
        ");
        let form = mo.presses(&me, "Ask for credit").await;
        assert!(form.text().contains("Amount?"), "{}", form.text());
        let stopped = mo.asks("/cancel").await;
        assert!(
            stopped.text().contains("Nothing was changed."),
            "{}",
            stopped.text()
        );
        desk.close().await;
    }
}

on_both! {
    async fn a_second_account_is_the_same_person(db) {
        let desk = Desk::open(db, Options::default()).await;
        let rita = &desk.resellers[0];
        let me = rita.asks("/me").await;
        let made = rita.presses(&me, "Add another account").await;
        assert_seen_snapshot!(tidy(&made.text()), @r"
        Add another account
        In the other messenger, open the link (Telegram) or type /link and the code. It works once, for 15 minutes.

        Code: (code)
        Link: https://t.me/desk_bot?start=(code)
        ");
        let on_discord = desk.sandbox.discord.person("Rita Ri");
        let linked = on_discord
            .asks("link", &[("code", code(&made.text()))])
            .await;
        assert_seen_snapshot!(linked.text(), @r"
        Linked
        This account belongs to Rita now. Type /help to see what you can do.
        ");
        let me = on_discord.asks("me", &[]).await;
        assert!(
            me.text().starts_with("Rita\n") && me.text().contains("Role: Reseller"),
            "{}",
            me.text()
        );
        // Anybody else with the same code is nobody.
        let other = desk.sandbox.discord.person("Other");
        let refused = other.asks("link", &[("code", code(&made.text()))]).await;
        assert!(
            refused.text().contains("This code is not valid"),
            "{}",
            refused.text()
        );
        // Asked here, told there as well: the request is one person's.
        let preview = on_discord
            .asks(
                "credit request",
                &[("amount", "9"), ("reference", "transfer 2")],
            )
            .await;
        on_discord.presses(&preview, "Confirm").await;
        let card = desk.finance.sees_request("transfer 2").await;
        desk.telegram_admin.next_message().await;
        desk.finance.presses(&card, "Approve").await;
        on_discord.is_told("Your request").await;
        assert_eq!(desk.added().await, (1, 1));
        desk.close().await;
    }
}

on_both! {
    async fn codes_are_shown_to_nobody_else(db) {
        let desk = Desk::open(
            db,
            Options {
                discord: false,
                ..Options::default()
            },
        )
        .await;
        let tariq = &desk.telegram_admin;
        let group = desk
            .sandbox
            .telegram
            .group("Office", &[tariq, &desk.resellers[0]]);
        tariq.send_in(&group, "/people_invite support Nora").await;
        let refused = group.next_message().await;
        assert_seen_snapshot!(refused.text(), @r"
        ⛔ Not done
        Everybody here would read the code. Do this in a private chat with me.
        ");
        tariq.send_in(&group, "/me").await;
        let me = group.next_message().await;
        assert_eq!(
            tariq.is_warned(&me, "Add another account").await,
            refused.text()
        );
        // Drafted in private, and confirmed by a forged press in the group.
        let preview = tariq.asks("/people_invite support Nora").await;
        let confirm = preview.buttons()[0][0].data.clone().unwrap();
        let forged = tariq.forge_press(&me, &confirm).await.answer().await;
        assert_eq!(forged.text.as_deref(), Some(refused.text().as_str()));
        assert_eq!(
            desk.number("select count(*) from code where request_id is not null")
                .await,
            0
        );
        desk.close().await;
    }
}

on_one! {
    async fn help_shows_what_each_may_do(db) {
        let desk = Desk::open(db, Options::default()).await;
        let stranger = desk.sandbox.discord.person("Stranger");
        let unlinked = stranger.asks("help", &[]).await;
        let reseller = desk.resellers[0].asks("/help").await;
        assert_seen_snapshot!(both(&unlinked, &reseller), @r"
        -- Discord --
        What Blue Bird SMS can do for you here
        You are not linked yet. Ask an admin for a one-time code, then type /link and the code.
        /link code: Link this account with your one-time code
        /me: Show who you are here
        /help: Show what you can do
        -- Telegram --
        What Blue Bird SMS can do for you here
        Leave anything out and you are asked for it.

        /client_find client: Find clients by the first letters of a name, username, email or phone
        /client_view client: Show a client's card
        /credit_add client amount [mode] [note]: Add credit to a client, with its invoice
        /credit_request amount reference: Ask for credit for your own account
        /approval_list: Show the requests that wait for approval
        /link code: Link this account with your one-time code
        /me: Show who you are here
        /help: Show what you can do
        ");
        let admin = desk.admins[0].asks("help", &[]).await;
        let admin_there = desk.telegram_admin.asks("/help").await;
        assert_seen_snapshot!(both(&admin, &admin_there), @r"
        -- Discord --
        What Blue Bird SMS can do for you here
        Leave anything out and you are asked for it.
        /client find client: Find clients by the first letters of a name, username, email or phone
        /client view client: Show a client's card
        /credit add client amount \[mode\] \[note\]: Add credit to a client, with its invoice
        /approval list: Show the requests that wait for approval
        /people invite role name \[client\]: Invite a person with a one-time code
        /link code: Link this account with your one-time code
        /me: Show who you are here
        /help: Show what you can do
        -- Telegram --
        What Blue Bird SMS can do for you here
        Leave anything out and you are asked for it.

        /client_find client: Find clients by the first letters of a name, username, email or phone
        /client_view client: Show a client's card
        /credit_add client amount [mode] [note]: Add credit to a client, with its invoice
        /approval_list: Show the requests that wait for approval
        /people_invite role name [client]: Invite a person with a one-time code
        /link code: Link this account with your one-time code
        /me: Show who you are here
        /help: Show what you can do
        ");
        let menu = |person: &bursar::sandbox::telegram::Person| -> Vec<String> {
            person
                .menu()
                .into_iter()
                .map(|command| command.command)
                .collect()
        };
        assert_eq!(
            menu(&desk.resellers[0]),
            [
                "client_find",
                "client_view",
                "credit_add",
                "credit_request",
                "approval_list",
                "link",
                "me",
                "help"
            ]
        );
        assert!(menu(&desk.telegram_admin).contains(&"people_invite".to_owned()));
        assert_eq!(
            menu(&desk.sandbox.telegram.person("Stranger")),
            ["link", "me", "help"]
        );
        desk.close().await;
    }
}

on_both! {
    async fn a_person_is_removed_and_has_no_rights_any_more(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (amara, tariq) = (&desk.admins[0], &desk.telegram_admin);
        let preview = tariq.asks("/people_invite support Nora").await;
        let made = tariq.changes(&preview, "Confirm").await;
        let nora = desk.sandbox.telegram.person("Nora");
        nora.start(Some(code(&made.text()))).await;
        nora.is_told("You are Nora, Support.").await;
        desk.drain().await;
        let may_add = |nora: &bursar::sandbox::telegram::Person| {
            nora.menu().iter().any(|command| command.command == "credit_add")
        };
        assert!(may_add(&nora));

        // Picked from the list in Discord, named on Telegram.
        let list = amara.asks("people remove", &[]).await;
        let preview = amara.presses(&list, "Nora").await;
        let here = tariq.asks("/people_remove Nora").await;
        assert_seen_snapshot!(both(&preview, &here), @r"
        -- Discord --
        Remove Nora
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        All rights of this person end at once; accounts and past stay on record.
        Person: Nora
        Role: Support
        Request #(id)
        [Confirm] [Cancel]
        -- Telegram --
        Remove Nora
        Nothing has happened yet. This is what will:
        Your confirmation is enough.
        All rights of this person end at once; accounts and past stay on record.

        Person: Nora
        Role: Support

        Request #(id)
        [Confirm] [Cancel]
        ");
        let done = amara.presses(&preview, "Confirm").await;
        assert!(done.text().contains("Done by Amara."), "{}", done.text());
        // The other preview stopped fitting.
        let late = tariq.changes(&here, "Confirm").await;
        assert!(late.text().contains("Not done: "), "{}", late.text());
        let refused = nora.asks("/client_view ada").await;
        assert!(refused.text().contains("Not done"), "{}", refused.text());
        desk.drain().await;
        assert!(!may_add(&nora), "the menu is that of somebody without a role");
        desk.close().await;
    }
}
