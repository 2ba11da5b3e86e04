//! What somebody sees of what he may do: who is found and completed, what waits, and what help and his own card name.

use std::collections::BTreeSet;

use bursar::chat::{Ask, Place, Values};
use bursar::commands::command;
use bursar::domain::refusal::Refusal;
use bursar::domain::role::Role;

use super::actions::ACTIONS;
use super::{ROLES, accounts, cell, desk, id, places, refusal, refused};
use crate::desk::discord;
use crate::on_both;

on_both! {
    async fn found_and_offered_is_what_lies_within_the_scope(db) {
        let desk = desk(db).await;
        let everybody = ["ada", "max", "mia", "rex", "sub", "tom", "zoe"];
        let tree = ["rex", "sub", "tom", "zoe"];
        for role in ROLES {
            for (who, place, rights) in places(role) {
                let expected: &[&str] = match role {
                    Some(role) if rights && cell("find, view", role) == ["own"] => &tree,
                    Some(role) if rights && cell("find, view", role) == ["✔"] => &everybody,
                    _ => &[],
                };
                let (mut found, mut offered) = (Vec::new(), Vec::new());
                for name in everybody {
                    let values = Values::from([("client", &name[..2])]);
                    let find = Ask::Command { name: "client find".to_owned(), values };
                    let reply = desk.handle(&desk.event(who, place, find)).await;
                    found.extend(reply.card.fields.iter().map(|(label, _)| label.clone()));
                    if expected.is_empty() {
                        let why = refusal("find, view", role, rights, None).unwrap();
                        assert_eq!(refused(&reply), Some(&*desk.sentence(&why)), "{role:?} in {place:?}");
                    }
                    let suggest = Ask::Suggest {
                        command: "client view".to_owned(),
                        option: "client".to_owned(),
                        typed: name[..2].to_owned(),
                        values: Values::default(),
                    };
                    offered.extend(desk.suggest(desk.event(who, place, suggest)).await);
                }
                found.sort();
                found.dedup();
                assert_eq!(found, expected, "{role:?} in {place:?}");
                let ids = expected.iter().map(|name| format!("#{}", id(name)));
                assert_eq!(offered.into_iter().collect::<BTreeSet<_>>(), ids.collect(), "{role:?} in {place:?}");
            }
        }
    }
}

on_both! {
    async fn an_invoice_is_seen_with_its_client(db) {
        let desk = desk(db).await;
        let (admin, _) = accounts(Some(Role::Admin));
        for client in ["tom", "ada"] {
            desk.confirms(admin, &format!("invoice create client:{client} lines:x; 1; 1")).await;
        }
        for role in ROLES {
            for (who, place, rights) in places(role) {
                for (invoice, outside) in [("INV-000001", false), ("INV-000002", true), ("INV-000009", true)] {
                    let typed = invoice.to_owned();
                    let hidden = outside && (role == Some(Role::Reseller) || invoice.ends_with('9'));
                    let hidden = hidden.then_some(Refusal::InvoiceNotFound { typed });
                    let why = refusal("find, view", role, rights, None).or(hidden);
                    let view = Ask::Typed(format!("invoice view {invoice}"));
                    let reply = desk.handle(&desk.event(who, place, view)).await;
                    let sentence = why.map(|why| desk.sentence(&why));
                    assert_eq!(refused(&reply), sentence.as_deref(), "{role:?} in {place:?}: {invoice}");
                }
            }
        }
    }
}

on_both! {
    async fn credit_is_offered_as_it_may_be_given(db) {
        let desk = desk(db).await;
        for role in ROLES {
            for (who, place, rights) in places(role) {
                let suggest = Ask::Suggest {
                    command: "credit add".to_owned(),
                    option: "client".to_owned(),
                    typed: "ada".to_owned(),
                    values: Values::default(),
                };
                let offered = !desk.suggest(desk.event(who, place, suggest)).await.is_empty();
                let may = role.is_some_and(|role| cell("add credit", role).contains(&"R"));
                assert_eq!(offered, may && rights, "{role:?} in {place:?}");
            }
        }
    }
}

on_both! {
    async fn what_waits_is_seen_by_the_staff_and_by_whoever_asked(db) {
        let desk = desk(db).await;
        let (support, _) = accounts(Some(Role::Support));
        let (rex, _) = accounts(Some(Role::Reseller));
        desk.confirms(support, "credit add ada 5").await;
        desk.confirms(rex, "credit request 6 TX-1").await;
        for role in ROLES.into_iter().flatten() {
            let reply = desk.types(accounts(Some(role)).0, "approval list").await;
            let seen: Vec<_> = reply.card.fields.iter().map(|(title, _)| title.split_once(' ').unwrap().1).collect();
            let all = ["Add 5 credits to ada", "rex asks for 6 credits"];
            assert_eq!(seen, if role == Role::Reseller { &all[1..] } else { &all[..] }, "{role:?}");
        }
    }
}

on_both! {
    async fn help_names_what_somebody_may_do_there(db) {
        let desk = desk(db).await;
        for role in ROLES {
            for (who, place, rights) in places(role) {
                let reply = desk.handle(&desk.event(who, place, Ask::Typed("help".to_owned()))).await;
                let lines = || reply.card.text.lines();
                let named = |command: &str| lines().any(|usage| usage.trim_end_matches(':') == format!("/{command}") || usage.starts_with(&format!("/{command} ")) || usage.starts_with(&format!("/{command}:")));
                for action in ACTIONS {
                    if !command(action.command).unwrap().listed {
                        continue;
                    }
                    let rows = ACTIONS.iter().filter(|other| other.command == action.command);
                    let may = rows.map(|other| refusal(other.row, role, rights, None));
                    let may = may.into_iter().any(|why| matches!(why, None | Some(Refusal::OwnAccount)));
                    assert_eq!(named(action.command), may, "{role:?} in {place:?}: {}", action.command);
                }
                assert!(named("help") && named("me") && named("link"));
            }
        }
    }
}

on_both! {
    async fn accounts_are_added_where_rights_come_along_and_codes_bring_their_own(db) {
        let desk = desk(db).await;
        for role in ROLES {
            for (who, place, rights) in places(role) {
                let add = Ask::Command { name: "account add".to_owned(), values: Values::default() };
                let reply = desk.handle(&desk.event(who, place, add)).await;
                let why = match (rights, role) {
                    (false, _) => Some(Refusal::NoRightsHere),
                    // Others would read the code.
                    (true, _) if place == Place::Group => Some(Refusal::OnlyInPrivate),
                    (true, None) => Some(Refusal::NotLinked),
                    (true, Some(_)) => None,
                };
                assert_eq!(refused(&reply), why.map(|why| desk.sentence(&why)).as_deref(), "{role:?} in {place:?}");
                let link = Ask::Typed("link WRONG".to_owned());
                let reply = desk.handle(&desk.event(who, place, link)).await;
                assert_eq!(refused(&reply), Some(&*desk.sentence(&Refusal::BadCode)));
                let me = desk.handle(&desk.event(who, place, Ask::Typed("me".to_owned()))).await;
                assert_eq!(refused(&me), None);
                let balance = me.card.fields.iter().any(|(label, _)| label == "Balance");
                assert_eq!(balance, rights && role == Some(Role::Reseller), "{role:?} in {place:?}");
            }
        }
        let code = desk.house.invite(Role::Support, "New".to_owned(), None).await.unwrap();
        let link = Ask::Typed(format!("link {code}"));
        let reply = desk.handle(&desk.event(discord(99), Place::DirectMessage, link)).await;
        assert_eq!(reply.card.title, "Linked");
    }
}

on_both! {
    async fn discord_roles_count_in_the_guild_alone(db) {
        let desk = desk(db).await;
        let places = [Place::Guild, Place::OtherGuild, Place::DirectMessage, Place::Unvouched];
        for place in places {
            let mut event = desk.event(discord(50), place, Ask::Typed("client view ada".to_owned()));
            // As if another guild had a role of that number.
            event.from.roles = Some(vec![crate::desk::ADMIN_ROLE]);
            let reply = desk.handle(&event).await;
            let why = (place != Place::Guild).then(|| desk.sentence(&Refusal::NoRightsHere));
            assert_eq!(refused(&reply), why.as_deref(), "{place:?}");
            event.ask = Ask::Typed("me".to_owned());
            let me = desk.handle(&event).await;
            let role = me.card.fields.iter().find(|(label, _)| label == "Role").unwrap();
            assert_eq!(role.1, if place == Place::Guild { "Admin" } else { "–" }, "{place:?}");
        }
        let other = desk.event(discord(51), Place::Guild, Ask::Typed("client view ada".to_owned()));
        assert_eq!(refused(&desk.handle(&other).await), Some(&*desk.sentence(&Refusal::NotLinked)));
    }
}
