//! People who speak another language than the business: their messengers', or the one that they chose.

use bursar::domain::role::Role;

use crate::desk::people::{OnDiscord as _, OnTelegram as _, both, tidy};
use crate::desk::{Desk, Options};
use crate::on_both;

/// No-break spaces made visible: `_` for the narrow one in numbers, `~` for the one before a unit.
fn visible(text: &str) -> String {
    text.replace('\u{202f}', "_").replace('\u{a0}', "~")
}

on_both! {
    async fn a_language_is_chosen_on_either_messenger_and_given_back(db) {
        let desk = Desk::open(db, Options { support_limit: "1000", ..Options::default() }).await;
        let (rita, sam) = (&desk.resellers[0], &desk.support);
        let me = rita.asks("/me").await;
        assert!(me.text().contains("Language: English, as in the messenger"), "{}", me.text());
        let me = rita.changes(&me, "Français").await;
        assert_seen_snapshot!(visible(&tidy(&me.text())), @r"
        Rita

        Rôle: Revendeur
        Compte: telegram:5000000003
        Langue: Français
        Client: Rita’s Routes
        Solde: 10_000~crédits
        Statut: actif
        [Demander du crédit] [Ajouter un autre compte]
        [Comme dans la messagerie] [English]
        ");
        desk.drain().await;
        let described = |command: &str| {
            let menu = rita.menu();
            let entry = menu.into_iter().find(|entry| entry.command == command);
            entry.map(|entry| entry.description)
        };
        assert_eq!(described("credit_request").as_deref(), Some("Demander du crédit pour votre propre compte"));
        // What is owed to her comes in her language, and so does what she is asked for.
        let preview = sam.asks("credit add", &[("client", "ritas"), ("amount", "5")]).await;
        sam.presses(&preview, "Confirm").await;
        let told = rita.is_told("ajoutés à votre compte").await;
        assert!(told.text().contains("Votre solde est de"), "{}", told.text());
        let question = rita.asks("/credit_request").await;
        assert!(question.text().contains("Montant"), "{}", question.text());
        let stopped = rita.asks("/cancel").await;
        assert!(stopped.text().contains("Rien n’a été modifié"), "{}", stopped.text());
        let me = rita.asks("/me").await;
        let me = rita.changes(&me, "Comme dans la messagerie").await;
        assert!(me.text().contains("Language: English, as in the messenger"), "{}", me.text());
        desk.drain().await;
        assert_eq!(described("credit_request").as_deref(), Some("Ask for credit for your own account"));

        // A French Discord, in which somebody would rather read English.
        sam.set_locale("fr");
        let me = sam.asks("me", &[]).await;
        assert!(me.text().contains("Langue: Français, comme dans la messagerie"), "{}", me.text());
        let me = sam.asks("me", &[("language", "en")]).await;
        assert!(me.text().contains("Language: English\n"), "{}", me.text());
        let form = sam.opens("credit add", &[("client", "ada")]).await;
        assert!(form.text().contains("Amount"), "{}", form.text());
        let refused = sam.asks("client view", &[("client", "nobody")]).await;
        assert!(refused.text().contains("There is no client"), "{}", refused.text());
        let me = sam.presses(&me, "As in the messenger").await;
        assert!(me.text().contains("Langue: Français, comme dans la messagerie"), "{}", me.text());
        desk.close().await;
    }
}

on_both! {
    async fn french_people_read_and_type_french(db) {
        let desk = Desk::open(db, Options { admin_limit: "1000000", ..Options::default() }).await;
        let (amara, sam) = (&desk.admins[0], &desk.support);
        let preview = amara.asks("credit add", &[("client", "ada"), ("amount", "123456")]).await;
        amara.presses(&preview, "Confirm").await;
        sam.set_locale("fr");
        let noe = desk.sandbox.telegram.person_speaking("Noé", "fr");
        let code = desk.house.invite(Role::Support, "Noé".to_owned(), None).await.unwrap();
        noe.start(Some(&code)).await;
        noe.is_told("Vous êtes Noé").await;
        let here = sam.asks("client view", &[("client", "ada")]).await;
        let there = noe.asks("/client_view ada").await;
        assert_seen_snapshot!(visible(&both(&here, &there)), @r"
        -- Discord --
        Ada Lovelace
        Identifiant: ada
        Classe: USER
        Statut: actif
        Solde: 123_556~crédits
        Impayé: 6_172,80~EUR
        Prix du crédit: 0,05~EUR
        Gestionnaire: –
        Revendeur: –
        Parrain: –
        E-mail: ada\@example.com
        Téléphone: \+44 7700 900110
        URL des accusés de réception: –
        Dernière activité: –
        Client depuis: 15 juin 2025 à 15:06 UTC
        Client nº 3e
        [Ajouter des crédits] [Déduire] [Reprendre] [Relevé]
        [Créer une facture] [Factures] [Suspendre] [Modifier]
        [Note] [Étiquette] [Classe] [Gestionnaire]
        [Revendeur] [Parrain] [Actualiser]
        -- Telegram --
        Ada Lovelace

        Identifiant: ada
        Classe: USER
        Statut: actif
        Solde: 123_556~crédits
        Impayé: 6_172,80~EUR
        Prix du crédit: 0,05~EUR
        Gestionnaire: –
        Revendeur: –
        Parrain: –
        E-mail: ada@example.com
        Téléphone: +44 7700 900110
        URL des accusés de réception: –
        Dernière activité: –
        Client depuis: 15 juin 2025 à 15:06 UTC

        Client nº 3e
        [Ajouter des crédits] [Déduire] [Reprendre] [Relevé]
        [Créer une facture] [Factures] [Suspendre] [Modifier]
        [Note] [Étiquette] [Classe] [Gestionnaire]
        [Revendeur] [Parrain] [Actualiser]
        ");
        // What is typed is the same everywhere, but for what choices are called.
        let preview = noe.asks("/credit_add ada 5 prépayé").await;
        assert!(preview.text().contains("Règlement: Prépayé"), "{}", preview.text());
        let preview = noe.asks("/credit_add ada 5 gift pour son anniversaire").await;
        assert!(preview.text().contains("Remarque: pour son anniversaire"), "{}", preview.text());
        let question = noe.asks("/credit_add ada 5,5").await;
        assert!(question.text().contains("5,5"), "{}", question.text());
        noe.asks("/cancel").await;
        let form = sam.opens("client new", &[("class", "USER")]).await;
        assert!(form.text().contains("Nom"), "{}", form.text());
        desk.close().await;
    }
}
