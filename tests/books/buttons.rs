//! Buttons and forms are claims: each press is authorised as the command would be, by whoever presses, where he presses.

use bursar::chat::action::Shown;
use bursar::chat::{Action, Ask, Event, Identity, Messenger, Place, Reply, Values};
use bursar::domain::ids::ClientId;
use bursar::domain::refusal::Refusal;
use bursar::domain::request::{Ineligible, State};
use bursar::domain::role::Role;
use bursar::store::Store;

use crate::desk::{Desk, number, press, reject};
use crate::matrix::{ROLES, accounts, cell, desk, places, refused};
use crate::support::Database;
use crate::{change, each_engine, on_both};

/// Somebody of the staff who asks, and an admin who invites: neither of them is one of the people in each role.
const OWNER: Identity = on_telegram(60);
const BOSS: Identity = on_telegram(61);

const fn on_telegram(user: i64) -> Identity {
    Identity {
        messenger: Messenger::Telegram,
        user,
    }
}

async fn furnished(db: &Database) -> Desk {
    let desk = desk(db).await;
    desk.comes(OWNER, Role::Support, "Owner", None).await;
    desk.comes(BOSS, Role::Admin, "Boss", None).await;
    desk
}

async fn state(store: &Store, shown: &Shown) -> State {
    let id = shown.request;
    change!(store, |tx| tx.request(id, false).await?)
        .unwrap()
        .state
}

async fn pressed(desk: &Desk, (who, place): (Identity, Place), action: &Action) -> Reply {
    desk.handle(&desk.event(who, place, press(action))).await
}

#[track_caller]
fn is_refused(desk: &Desk, reply: &Reply, why: Option<&Refusal>, said: &str) {
    assert_eq!(
        refused(reply),
        why.map(|why| desk.sentence(why)).as_deref(),
        "{said}"
    );
}

on_both! {
    async fn nobody_presses_for_somebody_else(db) {
        let desk = furnished(db).await;
        let draft = desk.drafts(OWNER, "credit add ada 5").await;
        let waits = desk.confirms(OWNER, "credit add ada 6").await.0;
        let over = desk.drafts(OWNER, "credit add ada 7").await;
        desk.presses(OWNER, &Action::Cancel(over.clone())).await;
        let actions = [
            Action::Confirm(draft.clone()),
            Action::Cancel(draft.clone()),
            Action::Cancel(waits.clone()),
            Action::AskAgain(over.request),
        ];
        for role in ROLES {
            for (who, place, rights) in places(role) {
                for action in &actions {
                    let why = if rights { Refusal::NotYours } else { Refusal::NoRightsHere };
                    let reply = pressed(&desk, (who, place), action).await;
                    is_refused(&desk, &reply, Some(&why), &format!("{role:?} in {place:?}: {action:?}"));
                }
            }
        }
        assert_eq!(state(&db.store, &draft).await, State::Draft);
        assert_eq!(state(&db.store, &waits).await, State::Pending);
        assert_eq!(number(&db.store, "select count(*) from request").await, 3);
    }
}

on_both! {
    async fn nobody_decides_about_his_own_by_any_of_his_accounts(db) {
        let desk = furnished(db).await;
        for role in [Role::Finance, Role::Admin] {
            let (telegram, discord) = accounts(Some(role));
            let shown = desk.confirms(telegram, "credit add ada 5").await.0;
            for who in [telegram, discord] {
                for ask in [press(&Action::Approve(shown.clone())), reject(&shown, "no")] {
                    let reply = desk.asks(who, ask).await;
                    let why = Refusal::Ineligible(Ineligible::Requester);
                    is_refused(&desk, &reply, Some(&why), &format!("{role:?}"));
                }
            }
            assert_eq!(state(&db.store, &shown).await, State::Pending);
        }
    }
}

on_both! {
    async fn what_is_confirmed_needs_the_right_place_and_the_role_that_it_has_by_then(db) {
        let desk = furnished(db).await;
        let (admin, _) = accounts(Some(Role::Admin));
        let drafts = ["credit add ada 5", "people invite support Eve", "people invite admin Eve"];
        for line in drafts {
            let shown = desk.drafts(admin, line).await;
            for (who, place, rights) in places(Some(Role::Admin)) {
                if !rights {
                    let reply = pressed(&desk, (who, place), &Action::Confirm(shown.clone())).await;
                    is_refused(&desk, &reply, Some(&Refusal::NoRightsHere), line);
                }
            }
            for role in ["auditor", "support"] {
                let text = format!("update person set role = '{role}' where name = 'admin'");
                change!(db.store, |tx| crate::desk::sql(tx, &text).await?);
                let may = role == "support" && line.starts_with("credit");
                if !may {
                    let reply = desk.presses(admin, &Action::Confirm(shown.clone())).await;
                    is_refused(&desk, &reply, Some(&Refusal::NotAllowed), line);
                    assert_eq!(state(&db.store, &shown).await, State::Draft);
                }
            }
            change!(db.store, |tx| {
                crate::desk::sql(tx, "update person set role = 'admin' where name = 'admin'").await?;
            });
        }
    }
}

/// What a button on a client leads to, and why not.
fn about(row: &str, role: Option<Role>, rights: bool, client: i64) -> Option<Refusal> {
    let role = match role {
        _ if !rights => return Some(Refusal::NoRightsHere),
        None => return Some(Refusal::NotLinked),
        Some(role) => role,
    };
    let grants = cell(row, role);
    if grants.is_empty() {
        return Some(Refusal::NotAllowed);
    }
    let there = [100, 200, 201, 210, 211, 300, 301].contains(&client);
    let within = there && (!grants.contains(&"own") || (200..=211).contains(&client));
    let query = if row == "find, view" {
        String::new()
    } else {
        format!("#{}", ClientId(client))
    };
    (!within).then_some(Refusal::ClientNotFound { query })
}

on_both! {
    async fn buttons_on_clients_are_worth_what_the_commands_are(db) {
        let desk = furnished(db).await;
        for role in ROLES {
            for (who, place, rights) in places(role) {
                for client in [200, 201, 211, 100, 301, 999] {
                    let said = format!("{role:?} in {place:?}: {client}");
                    let reply = pressed(&desk, (who, place), &Action::View(ClientId(client))).await;
                    is_refused(&desk, &reply, about("find, view", role, rights, client).as_ref(), &said);
                    let open = Action::Open { command: "credit add".to_owned(), client: Some(ClientId(client)) };
                    let reply = pressed(&desk, (who, place), &open).await;
                    let why = about("add credit", role, rights, client);
                    is_refused(&desk, &reply, why.as_ref(), &said);
                    assert_eq!(reply.form.is_some(), why.is_none(), "{said}");
                }
                let rows = [
                    ("credit request", "ask for credit for himself", "R"),
                    ("people invite", "invite support, auditor, reseller", "✔"),
                ];
                for (command, row, grant) in rows {
                    let open = Action::Open { command: command.to_owned(), client: None };
                    let reply = pressed(&desk, (who, place), &open).await;
                    let why = match role {
                        _ if !rights => Some(Refusal::NoRightsHere),
                        None => Some(Refusal::NotLinked),
                        Some(role) => (!cell(row, role).contains(&grant)).then_some(Refusal::NotAllowed),
                    };
                    is_refused(&desk, &reply, why.as_ref(), &format!("{role:?} in {place:?}: {command}"));
                }
                for action in [Action::Approvals(None), Action::Find { after: None, query: "mi".to_owned() }] {
                    let reply = pressed(&desk, (who, place), &action).await;
                    let why = match role {
                        _ if !rights => Some(Refusal::NoRightsHere),
                        None => Some(Refusal::NotLinked),
                        Some(_) => None,
                    };
                    is_refused(&desk, &reply, why.as_ref(), &format!("{role:?} in {place:?}: {action:?}"));
                    let all = why.is_none() && role != Some(Role::Reseller);
                    let mia = reply.card.fields.iter().any(|(label, _)| label == "mia");
                    assert_eq!(mia, all && matches!(action, Action::Find { .. }));
                }
            }
        }
    }
}

on_both! {
    async fn a_client_outside_the_scope_is_one_that_does_not_exist(db) {
        let desk = furnished(db).await;
        let (rex, on_discord) = accounts(Some(Role::Reseller));
        // The same question about the same name, before there is such a client and after.
        let asks = |name: &str, id: i64| {
            let values = |client: &str| Values::from([("client", client), ("amount", "5"), ("note", "x")]);
            let command = |client: &str| Ask::Command { name: "credit add".to_owned(), values: values(client) };
            let open = Action::Open { command: "credit add".to_owned(), client: Some(ClientId(id)) };
            let find = Action::Find { after: None, query: name.to_owned() };
            let known = format!("1:m:credit add|client=#{}", ClientId(id));
            let typed = format!("client view {name}");
            vec![
                command(name), command(&format!("{name}@example.com")), command(&format!("#{}", ClientId(id))),
                command(&id.to_string()), Ask::Typed(typed), press(&Action::View(ClientId(id))), press(&open),
                press(&find), Ask::Submit { token: known, values: Values::from([("amount", "5")]) },
            ]
        };
        let mut before = Vec::new();
        for who in [rex, on_discord] {
            for ask in asks("new", 400) {
                before.push(desk.asks(who, ask).await);
            }
        }
        let new = crate::desk::under(300, crate::desk::client(400, "new"));
        change!(db.store, |tx| tx.insert_client(&new).await?);
        let mut after = Vec::new();
        for who in [rex, on_discord] {
            for ask in asks("new", 400) {
                after.push(desk.asks(who, ask).await);
            }
        }
        assert_eq!(before, after);
        let (admin, _) = accounts(Some(Role::Admin));
        let seen = desk.types(admin, "client view new").await;
        assert_eq!(seen.card.title, "new");
    }
}

on_both! {
    async fn questions_are_answered_where_rights_come_along(db) {
        let desk = furnished(db).await;
        let (support, _) = accounts(Some(Role::Support));
        desk.types(support, "credit add ada").await;
        let text = |text: &str| Ask::Text(text.to_owned());
        // A forwarded message in the same chat is nobody's answer.
        for ask in [text("500"), press(&Action::Skip), press(&Action::Choice(2))] {
            let reply = desk.handle(&desk.event(support, Place::Unvouched, ask)).await;
            is_refused(&desk, &reply, Some(&Refusal::NoRightsHere), "forwarded");
        }
        desk.asks(support, text("7")).await;
        desk.asks(support, press(&Action::Choice(0))).await;
        desk.asks(support, press(&Action::Skip)).await;
        let reply = desk.asks(support, press(&Action::Skip)).await;
        let shown = crate::desk::drafted(&reply).unwrap();
        let id = shown.request;
        let request = change!(db.store, |tx| tx.request(id, false).await?).unwrap();
        assert_eq!(request.intent.amount().map(i64::from), Some(7));
    }
}

on_both! {
    async fn a_question_is_closed_to_who_lost_the_role_meanwhile(db) {
        let desk = furnished(db).await;
        let (support, _) = accounts(Some(Role::Support));
        desk.types(support, "credit add ada").await;
        change!(db.store, |tx| {
            crate::desk::sql(tx, "update person set role = 'auditor' where name = 'support'").await?;
        });
        let reply = desk.asks(support, Ask::Text("7".to_owned())).await;
        is_refused(&desk, &reply, Some(&Refusal::NotAllowed), "an auditor");
        assert_eq!(number(&db.store, "select count(*) from request").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_buttons_and_forms_lead_nowhere() {
    for db in each_engine!() {
        let desk = furnished(&db).await;
        let (admin, _) = accounts(Some(Role::Admin));
        let shown = desk.drafts(admin, "credit add ada 5").await;
        let other = Shown {
            digest: "000000000000".to_owned(),
            ..shown.clone()
        };
        let nothing = Shown {
            request: bursar::domain::ids::RequestId(5),
            ..shown.clone()
        };
        let event = |ask: Ask| -> Event { desk.event(admin, Place::PrivateChat, ask) };
        let check = async |ask: Ask, why: Refusal| {
            let reply = desk.handle(&event(ask.clone())).await;
            is_refused(&desk, &reply, Some(&why), &format!("{ask:?}"));
        };
        for payload in [
            "",
            "1:y:",
            "2:v:34",
            "1:o::no such",
            "1:y:5:short",
            "1:z:5",
            "1:v:OO",
        ] {
            check(Ask::Press(payload.to_owned()), Refusal::UnknownButton).await;
        }
        for token in ["", "1:m:no such", "2:m:credit add"] {
            let values = Values::default();
            check(
                Ask::Submit {
                    token: token.to_owned(),
                    values,
                },
                Refusal::UnknownButton,
            )
            .await;
        }
        check(press(&Action::Confirm(other.clone())), Refusal::Changed).await;
        check(press(&Action::Cancel(other.clone())), Refusal::Changed).await;
        check(
            press(&Action::Approve(shown.clone())),
            Refusal::Ineligible(Ineligible::Requester),
        )
        .await;
        check(
            press(&Action::Confirm(nothing.clone())),
            Refusal::RequestNotFound,
        )
        .await;
        check(
            press(&Action::Approve(nothing.clone())),
            Refusal::RequestNotFound,
        )
        .await;
        check(
            press(&Action::AskAgain(nothing.request)),
            Refusal::RequestNotFound,
        )
        .await;
        check(press(&Action::AskAgain(shown.request)), Refusal::NotAskable).await;
        check(reject(&nothing, "no"), Refusal::RequestNotFound).await;
        assert_eq!(state(&db.store, &shown).await, State::Draft);
        db.remove().await;
    }
}
