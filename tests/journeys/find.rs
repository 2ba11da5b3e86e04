//! Finding and viewing clients: by first letters, page by page, and never beyond one's own tree.

use crate::desk::clients::{CHIDI, HOW_MANY, LUKASZ, RAVI};
use crate::desk::people::{OnDiscord as _, OnTelegram as _, both};
use crate::desk::{Desk, Options};
use crate::on_both;
use bursar::domain::ids::to_base32;

on_both! {
    async fn a_client_is_found_by_the_first_letters_of_anything(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, tessa) = (&desk.support, &desk.telegram_support);
        let on_discord = sam.asks("client find", &[("client", "ad")]).await;
        let on_telegram = tessa.asks("/client_find ad").await;
        assert_seen_snapshot!(both(&on_discord, &on_telegram), @r"
        -- Discord --
        Clients found for “ad”
        Ada Lovelace: ada · USER · active
        Adé Adéyẹmí: ade · USER · active
        [View Ada Lovelace] [View Adé Adéyẹmí]
        -- Telegram --
        Clients found for “ad”

        Ada Lovelace: ada · USER · active
        Adé Adéyẹmí: ade · USER · active
        [View Ada Lovelace] [View Adé Adéyẹmí]
        ");

        let id = format!("#{}", to_base32(LUKASZ));
        for typed in [
            "luk",
            "Łuk",
            "WOJC",
            "wójcik",
            "lukasz@ex",
            "44 7700 900112",
            "112",
            &id,
        ] {
            let found = sam.asks("client find", &[("client", typed)]).await;
            assert!(
                found.text().contains("Łukasz Wójcik"),
                "{typed}: {}",
                found.text()
            );
            assert!(!found.text().contains("Ada"), "{typed}: {}", found.text());
        }
        let writers = [
            (&desk.resellers[0], "/client find chi", "Chidi Okonkwo"),
            (
                &desk.telegram_admin,
                "/client@desk_bot find woj",
                "Łukasz Wójcik",
            ),
            (tessa, "/Client_Find@desk_bot 112", "Łukasz Wójcik"),
        ];
        for (writer, typed, name) in writers {
            let found = writer.asks(typed).await;
            assert!(found.text().contains(name), "{typed}: {}", found.text());
        }
        let card = tessa.changes(&on_telegram, "View Ada Lovelace").await;
        assert!(card.text().contains("Username: ada"), "{}", card.text());
        let card = sam.presses(&on_discord, "View Adé Adéyẹmí").await;
        assert!(card.text().contains("Username: ade"), "{}", card.text());
        assert_eq!(card.id(), on_discord.id());
        desk.close().await;
    }
}

on_both! {
    async fn pages_show_everybody_once(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, tessa) = (&desk.support, &desk.telegram_support);
        let mut page = sam.asks("client find", &[("client", "pola")]).await;
        let first = page.text().to_owned();
        let mut seen = names(&first);
        while page.buttons().contains(&"Next page".to_owned()) {
            page = sam.presses(&page, "Next page").await;
            seen.extend(names(page.text()));
        }
        let expected: Vec<_> = (1..=HOW_MANY)
            .map(|number| format!("Pola Nowak {number:02}"))
            .collect();
        assert_eq!(seen, expected);
        page = sam.presses(&page, "First page").await;
        assert_eq!(page.text(), first);

        let mut page = tessa.asks("/client_find pola").await;
        let mut seen = names(&page.text());
        while page.text().contains("[Next page]") {
            page = tessa.changes(&page, "Next page").await;
            seen.extend(names(&page.text()));
        }
        assert_eq!(seen, expected);
        page = tessa.changes(&page, "First page").await;
        assert!(page.text().contains("Pola Nowak 01"), "{}", page.text());
        desk.close().await;
    }
}

/// The names in a list, in order.
fn names(list: &str) -> Vec<String> {
    let rows = list.lines().filter_map(|line| line.split_once(": "));
    let names = rows.map(|(name, _)| name.to_owned());
    names.filter(|name| name.starts_with("Pola")).collect()
}

on_both! {
    async fn a_resellers_search_ends_at_his_tree(db) {
        let desk = Desk::open(db, Options::default()).await;
        let rita = &desk.resellers[0];
        let own = rita.asks("/client_find ch").await;
        assert!(own.text().contains("Chidi Okonkwo") && own.text().contains("Chloë Lefèvre"));

        // The same person on Discord, where names are completed while they are typed.
        let me = rita.asks("/me").await;
        let made = rita.presses(&me, "Add another account").await;
        let made = made.text();
        let code = made
            .lines()
            .find_map(|line| line.strip_prefix("Code: "))
            .unwrap();
        let on_discord = desk.sandbox.discord.person("Rita");
        let linked = on_discord.asks("link", &[("code", code)]).await;
        assert!(linked.text().contains("Linked"), "{}", linked.text());
        assert_eq!(
            on_discord.completes("client find", "client", "ch").await,
            ["Chidi Okonkwo (chidi)", "Chloë Lefèvre (chloe)"]
        );
        for foreign in ["ra", "ada", "pola"] {
            assert!(
                on_discord
                    .completes("credit add", "client", foreign)
                    .await
                    .is_empty()
            );
        }
        assert_eq!(
            desk.support.completes("client view", "client", "ad").await,
            ["Ada Lovelace (ada)", "Adé Adéyẹmí (ade)"]
        );
        let stranger = desk.sandbox.discord.person("Stranger");
        assert!(
            stranger
                .completes("client find", "client", "ad")
                .await
                .is_empty()
        );

        // A client of somebody else is told from nobody by no word.
        let told = async |typed: String| {
            let answer = on_discord.asks("client view", &[("client", &typed)]).await;
            let escaped = typed.replace('@', r"\@");
            answer.text().replace(&escaped, "(typed)")
        };
        let nobody = told("nobody-at-all".to_owned()).await;
        assert_seen_snapshot!(nobody, @r"
        Not done
        There is no client “(typed)”. Search with the first letters: /client find.
        [Try again]
        ");
        let ravi = to_base32(RAVI);
        for typed in [
            "ravi",
            "ravi@example.com",
            "Ravi Shankar",
            "122",
            &format!("#{ravi}"),
            "ada",
        ] {
            assert_eq!(told(typed.to_owned()).await, nobody, "{typed}");
        }
        let forged = rita
            .forge_press(&own, &format!("1:v:{ravi}"))
            .await
            .answer()
            .await;
        let unknown = rita
            .forge_press(&own, &format!("1:v:{}", to_base32(999)))
            .await
            .answer()
            .await;
        assert_eq!(forged, unknown);
        assert!(forged.text.unwrap().contains("There is no such client."));
        assert!(
            rita.asks("/client_find ravi")
                .await
                .text()
                .contains("Nobody found")
        );
        desk.close().await;
    }
}

on_both! {
    async fn a_card_shows_every_detail_and_what_may_be_done(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, tessa, rita) = (&desk.support, &desk.telegram_support, &desk.resellers[0]);
        let on_discord = sam.asks("client view", &[("client", "chidi")]).await;
        let on_telegram = tessa.asks("/client_view chidi").await;
        assert_seen_snapshot!(both(&on_discord, &on_telegram), @r"
        -- Discord --
        Chidi Okonkwo
        Username: chidi
        Class: USER
        Status: active
        Balance: 20 credits
        Unpaid: 0.00 EUR
        Price of one credit: 0.06 EUR
        Manager: –
        Reseller: Rita’s Routes
        Referral: –
        Email: chidi\@example.com
        Phone: \+44 7700 900120
        API delivery URL: –
        Last activity: –
        Client since: (moment)
        Client #3r
        [Add credit] [Deduct] [Take back] [Statement]
        [Create invoice] [Invoices] [Suspend] [Edit]
        [Note] [Tag] [Class] [Manager]
        [Reseller] [Referral] [Refresh]
        -- Telegram --
        Chidi Okonkwo

        Username: chidi
        Class: USER
        Status: active
        Balance: 20 credits
        Unpaid: 0.00 EUR
        Price of one credit: 0.06 EUR
        Manager: –
        Reseller: Rita’s Routes
        Referral: –
        Email: chidi@example.com
        Phone: +44 7700 900120
        API delivery URL: –
        Last activity: –
        Client since: (moment)

        Client #3r
        [Add credit] [Deduct] [Take back] [Statement]
        [Create invoice] [Invoices] [Suspend] [Edit]
        [Note] [Tag] [Class] [Manager]
        [Reseller] [Referral] [Refresh]
        ");

        // A completion that was picked names its client beyond doubt.
        sam.completes("client view", "client", "sur").await;
        let suspended = sam
            .asks("client view", &[("client", "Suresh Suspended (suresh)")])
            .await;
        assert!(
            suspended.text().contains("Status: suspended"),
            "{}",
            suspended.text()
        );
        assert_eq!(
            suspended.buttons(),
            [
                "Activate",
                "Deduct",
                "Take back",
                "Statement",
                "Create invoice",
                "Invoices",
                "Close",
                "Edit",
                "Note",
                "Tag",
                "Class",
                "Manager",
                "Reseller",
                "Referral",
                "Refresh"
            ]
        );
        let own = rita.asks("/client_view ritas").await;
        assert!(
            own.text().ends_with("[Ask for credit] [Statement] [Invoices] [Note]\n[Tag] [Refresh]"),
            "{}",
            own.text()
        );

        let which = sam.asks("client view", &[("client", "chl")]).await;
        assert!(which.text().starts_with("Chloë"), "{}", which.text());
        let which = tessa.asks("/client_view ad").await;
        assert!(which.text().starts_with("Which “ad”?"), "{}", which.text());
        let card = tessa.changes(&which, "View Ada Lovelace").await;
        assert!(card.text().starts_with("Ada Lovelace"), "{}", card.text());
        assert_eq!(desk.balance(CHIDI).await, 20);
        desk.close().await;
    }
}

on_both! {
    async fn a_stranger_and_a_group_see_nothing(db) {
        let desk = Desk::open(db, Options::default()).await;
        let stranger = desk.sandbox.telegram.person("Stranger");
        stranger.start(None).await;
        let welcome = stranger.next_message().await;
        assert!(
            welcome.text().contains("You are not linked yet"),
            "{}",
            welcome.text()
        );
        let on_telegram = stranger.asks("/client_find ada").await;
        let on_discord = desk.sandbox.discord.person("Stranger");
        let on_discord = on_discord.asks("client find", &[("client", "ada")]).await;
        assert_seen_snapshot!(both(&on_discord, &on_telegram), @r"
        -- Discord --
        Not done
        I don't know this account yet. Ask an admin for a one-time code, then type /link and the code.
        -- Telegram --
        ⛔ Not done
        I don't know this account yet. Ask an admin for a one-time code, then type /link and the code.
        ");

        // In a group an admin is himself, unless he hides.
        let tariq = &desk.telegram_admin;
        let group = desk.sandbox.telegram.group("Office", &[tariq]);
        tariq.send_in(&group, "/client_find ada").await;
        assert!(group.next_message().await.text().contains("Ada Lovelace"));
        tariq
            .send_as_anonymous_admin(&group, "/client_find ada")
            .await;
        let hidden = group.next_message().await;
        assert_seen_snapshot!(hidden.text(), @r"
        ⛔ Not done
        Messages here carry no rights. Use the business's Discord server, or a private chat with me on Telegram.
        ");
        tariq.send_forwarded("/client_find ada").await;
        assert_eq!(tariq.next_message().await.text(), hidden.text());
        desk.close().await;
    }
}
