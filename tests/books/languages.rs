//! The language that somebody chooses for himself: it goes before his messengers', on all of them, until he gives it back.

use bursar::chat::{Ask, Identity, Place, Reply};
use bursar::domain::refusal::Refusal;
use bursar::domain::role::Role;
use bursar::services::access::RoleMap;

use crate::change;
use crate::desk::{ADMIN_ROLE, Desk, discord, house, number, rules, telegram, text_in, usual};
use crate::on_both;

const ADMIN: i64 = 21;
const ADA: i64 = 7;

/// A house with Ada of the support on both messengers, and an admin on Discord.
async fn desk(db: &crate::support::Database) -> Desk {
    let rules = bursar::services::Rules {
        roles: RoleMap {
            named: vec![(telegram(ADA), Role::Support)],
            ..rules().roles
        },
        ..rules()
    };
    let desk = Desk::new(house(&db.store, rules, 5));
    desk.guild.set(ADMIN, &[ADMIN_ROLE]);
    let made = desk.types(telegram(ADA), "account add").await;
    // Not listed: it is opened by its button.
    assert_eq!(made.card.title, "Not done");
    let add = Ask::Command {
        name: "account add".to_owned(),
        values: bursar::chat::Values::default(),
    };
    let made = desk.asks(telegram(ADA), add).await;
    let code = crate::desk::code(&made);
    let linked = desk.types(discord(ADA), &format!("link {code}")).await;
    assert_eq!(linked.card.title, "Linked");
    desk
}

/// What somebody whose messenger speaks this language reads on his own card.
async fn me(desk: &Desk, who: Identity, locale: &str, line: &str) -> Reply {
    let mut event = desk.event(who, usual(who), Ask::Typed(line.to_owned()));
    locale.clone_into(&mut event.from.locale);
    desk.handle(&event).await
}

fn language(reply: &Reply) -> &str {
    let field = reply
        .card
        .fields
        .iter()
        .find(|(label, _)| label == "Language" || label == "Langue");
    &field.unwrap_or_else(|| panic!("{reply:?}")).1
}

fn offered(reply: &Reply) -> Vec<&str> {
    let labels = reply.buttons.iter().flatten();
    let labels = labels.map(|button| button.label.as_str());
    labels
        .filter(|label| !label.contains("account") && !label.contains("compte"))
        .collect()
}

on_both! {
    async fn what_is_chosen_goes_before_the_messenger_until_it_is_given_back(db) {
        let desk = desk(db).await;
        let here = me(&desk, telegram(ADA), "en", "me").await;
        assert_eq!(language(&here), "English, as in the messenger");
        assert_eq!(offered(&here), ["English", "Français"]);
        let chosen = me(&desk, telegram(ADA), "en", "me language:fr").await;
        assert_eq!(language(&chosen), "Français");
        assert_eq!(offered(&chosen), ["Comme dans la messagerie", "English"]);
        // On the other messenger as well, for refusals too, and for somebody who is not looked up first.
        for who in [telegram(ADA), discord(ADA)] {
            assert_eq!(language(&me(&desk, who, "en-GB", "me").await), "Français");
            let refused = me(&desk, who, "en-GB", "client view nobody").await;
            assert_eq!(refused.card.title, "Non exécuté");
        }
        let other = Desk::after(&desk, (*desk.house.rules).clone());
        let back = me(&other, discord(ADA), "en", "me messenger").await;
        assert_eq!(language(&back), "English, as in the messenger");
        assert_eq!(language(&me(&desk, telegram(ADA), "fr", "me").await), "Français, comme dans la messagerie");
        assert_eq!(language(&me(&desk, telegram(ADA), "pt", "me").await), "English, as in the messenger");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn each_choice_is_in_the_audit_log_once_and_sets_the_menu(db) {
        let desk = desk(db).await;
        let menus = "select count(*) from outbox where content like '%\"menu\"%'";
        let before = number(&db.store, menus).await;
        let event = desk.event(discord(ADA), Place::Guild, Ask::Typed("me fr".to_owned()));
        for _ in 0..2 {
            assert_eq!(language(&desk.handle(&event).await), "Français");
        }
        // It came once: delivered again after another choice, it does nothing.
        desk.types(telegram(ADA), "me en").await;
        desk.handle(&event).await;
        assert_eq!(language(&desk.types(telegram(ADA), "me").await), "English");
        desk.types(telegram(ADA), "me fr").await;
        // Nothing changes by choosing the same.
        desk.types(telegram(ADA), "me fr").await;
        let rows = "select count(*) from audit_log where action = 'person.language'";
        assert_eq!(number(&db.store, rows).await, 3);
        let detail = "select detail from audit_log where action = 'person.language' order by id limit 1";
        let detail = change!(&db.store, |tx| text_in(tx, detail).await?);
        let detail: serde_json::Value = serde_json::from_str(&detail).unwrap();
        assert_eq!(detail, serde_json::json!({ "before": null, "after": "fr" }));
        assert_eq!(number(&db.store, menus).await, before + 3);
    }
}

on_both! {
    async fn nobody_chooses_without_rights_or_while_all_is_frozen(db) {
        let desk = desk(db).await;
        let refused = |reply: &Reply, why: &Refusal| {
            assert_eq!(reply.card.text, desk.sentence(why), "{reply:?}");
        };
        refused(&desk.types(telegram(99), "me fr").await, &Refusal::NotLinked);
        refused(&desk.types(discord(99), "me fr").await, &Refusal::NotLinked);
        for place in [Place::DirectMessage, Place::OtherGuild] {
            let event = desk.event(discord(ADA), place, Ask::Typed("me fr".to_owned()));
            refused(&desk.handle(&event).await, &Refusal::NoRightsHere);
        }
        desk.confirms(discord(ADMIN), "people freeze").await;
        let by = format!("account {ADMIN}");
        refused(&desk.types(telegram(ADA), "me fr").await, &Refusal::Frozen { by });
        let unknown = desk.types(telegram(ADA), "me klingon").await;
        assert!(unknown.card.text.contains("none of the choices"), "{unknown:?}");
        let chosen = "select count(*) from person where language is not null";
        assert_eq!(number(&db.store, chosen).await, 0);
    }
}
