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
        Language: English, as in the messenger
        Client: Mambo Media
        Balance: 50 credits
        Status: active
        [Ask for credit] [Add another account]
        [English] [Français]
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
        /me \[language\]: Show who you are here, and choose your language
        /help: Show what you can do
        -- Telegram --
        What Blue Bird SMS can do for you here
        Leave anything out and you are asked for it.

        Find, make and change clients
        /client_find client
        /client_view client
        /client_list what [status] [only] [manager] [reseller]
        /client_statement client [from] [to]
        /client_activate client
        /client_suspend client reason
        /client_close client reason
        /client_new fullname username [email] [phone] [class] [reseller] [price]
        /client_edit client part value
        /client_note client text
        /client_tag client tag

        Add credit, take it back, ask for it
        /credit_add client amount [mode] [note] [price]
        /credit_request amount reference
        /credit_deduct client amount reason
        /credit_reverse client posting reason [amount]

        Create, view and settle invoices
        /invoice_create client lines [due]
        /invoice_list [client] [status]
        /invoice_view invoice [client]

        Requests that wait for approval
        /approval_list
        /export what [client]: Hand out clients, a statement, invoices or the audit log as CSV

        Draw figures over time
        /report_week
        /report_month
        /report_balance client
        /link code: Link this account with your one-time code
        /me [language]: Show who you are here, and choose your language
        /help: Show what you can do
        ");
        let admin = desk.admins[0].asks("help", &[]).await;
        let admin_there = desk.telegram_admin.asks("/help").await;
        assert_seen_snapshot!(both(&admin, &admin_there), @r"
        -- Discord --
        What Blue Bird SMS can do for you here
        Leave anything out and you are asked for it.

        Find, make and change clients
        /client find client
        /client view client
        /client list what \[status\] \[only\] \[manager\] \[reseller\]
        /client statement client \[from\] \[to\]
        /client activate client
        /client suspend client reason
        /client close client reason
        /client new fullname username \[email\] \[phone\] \[class\] \[reseller\] \[price\]
        /client edit client part value
        /client note client text
        /client tag client tag

        Add credit, take it back, ask for it
        /credit add client amount \[mode\] \[note\] \[price\]
        /credit deduct client amount reason
        /credit reverse client posting reason \[amount\]
        /credit limit client limit

        Create, view and settle invoices
        /invoice create client lines \[due\]
        /invoice list \[client\] \[status\]
        /invoice view invoice \[client\]
        /invoice paid invoice reference
        /invoice unpay invoice
        /invoice void invoice
        /invoice credit invoice money reason
        /invoice tax client rate

        What clients may do
        /class set client class \[heir\]

        Who looks after clients
        /manager set client manager

        Whose clients they are
        /reseller set client reseller

        Who brought clients
        /referral set client referral

        Requests that wait for approval
        /approval list

        Move clients in
        /import clients file \[existing\]

        See who did what
        /audit log \[client\] \[who\] \[family\]
        /export what \[client\]: Hand out clients, a statement, invoices or the audit log as CSV

        Draw figures over time
        /report week
        /report month
        /report balance client

        Messages that clients are sent
        /message edit \[message\] \[language\] \[subject\] \[body\] \[client\]
        /message history \[message\] \[language\]
        /message restore \[message\] \[language\] \[version\]

        Who works with this bot
        /people invite role name \[client\]
        /people list
        /people role person role \[client\]
        /people remove person
        /people freeze
        /people unfreeze
        /link code: Link this account with your one-time code
        /me \[language\]: Show who you are here, and choose your language
        /help: Show what you can do
        -- Telegram --
        What Blue Bird SMS can do for you here
        Leave anything out and you are asked for it.

        Find, make and change clients
        /client_find client
        /client_view client
        /client_list what [status] [only] [manager] [reseller]
        /client_statement client [from] [to]
        /client_activate client
        /client_suspend client reason
        /client_close client reason
        /client_new fullname username [email] [phone] [class] [reseller] [price]
        /client_edit client part value
        /client_note client text
        /client_tag client tag

        Add credit, take it back, ask for it
        /credit_add client amount [mode] [note] [price]
        /credit_deduct client amount reason
        /credit_reverse client posting reason [amount]
        /credit_limit client limit

        Create, view and settle invoices
        /invoice_create client lines [due]
        /invoice_list [client] [status]
        /invoice_view invoice [client]
        /invoice_paid invoice reference
        /invoice_unpay invoice
        /invoice_void invoice
        /invoice_credit invoice money reason
        /invoice_tax client rate

        What clients may do
        /class_set client class [heir]

        Who looks after clients
        /manager_set client manager

        Whose clients they are
        /reseller_set client reseller

        Who brought clients
        /referral_set client referral

        Requests that wait for approval
        /approval_list

        Move clients in
        /import_clients file [existing]

        See who did what
        /audit_log [client] [who] [family]
        /export what [client]: Hand out clients, a statement, invoices or the audit log as CSV

        Draw figures over time
        /report_week
        /report_month
        /report_balance client

        Messages that clients are sent
        /message_edit [message] [language] [subject] [body] [client]
        /message_history [message] [language]
        /message_restore [message] [language] [version]

        Who works with this bot
        /people_invite role name [client]
        /people_list
        /people_role person role [client]
        /people_remove person
        /people_freeze
        /people_unfreeze
        /link code: Link this account with your one-time code
        /me [language]: Show who you are here, and choose your language
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
                "client_list",
                "client_statement",
                "credit_add",
                "credit_request",
                "credit_deduct",
                "credit_reverse",
                "invoice_create",
                "invoice_list",
                "invoice_view",
                "client_activate",
                "client_suspend",
                "client_close",
                "client_new",
                "client_edit",
                "client_note",
                "client_tag",
                "approval_list",
                "export",
                "report_week",
                "report_month",
                "report_balance",
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
