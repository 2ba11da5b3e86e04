//! The walk: everybody asks for everything, everywhere.

use bursar::chat::{Action as Button, Ask, Identity, Place, Reply, Values};
use bursar::domain::refusal::Refusal;
use bursar::domain::request::State;
use bursar::domain::role::Role;
use bursar::store::Store;

use super::actions::{ACTIONS, Action, DRAFTED};
use super::scenes::{Scene, Scenes};
use super::{Near, TARGETS, accounts, cell, leads_nowhere, places, refusal, refused};
use crate::desk::{drafted, number, press};
use crate::support::Database;
use crate::{change, on_both};

/// What a confirmed draft must have become.
pub fn outcome(row: &str, role: Role) -> State {
    if cell(row, role).contains(&"R") {
        State::Pending
    } else {
        State::Applied
    }
}

pub async fn state(store: &Store, id: bursar::domain::ids::RequestId) -> State {
    change!(store, |tx| tx.request(id, false).await?)
        .unwrap()
        .state
}

/// Why an action must be refused in that place; `None`: it must not.
fn why_not(
    action: &Action,
    (role, place, rights): (Option<Role>, Place, bool),
    target: Option<(&str, Near)>,
) -> Option<Refusal> {
    let why = refusal(action.row, role, rights, target);
    // A code is not made where others read it.
    let overheard = action.command == "people invite" && place == Place::Group;
    // What a reseller has he did not give himself.
    let himself = target.is_some_and(|(_, near)| near == Near::Himself);
    let foreign = role == Some(Role::Reseller)
        && himself
        && action.command == "credit reverse"
        && !action.shows();
    why.or_else(|| overheard.then_some(Refusal::OnlyInPrivate))
        .or_else(|| foreign.then_some(Refusal::PostingNotFound))
}

/// An action as a command, as a typed line, and as a submitted form: each is authorised alike.
fn ways(action: &Action, scene: &Scene) -> [Ask; 3] {
    let mut values = Values(Vec::new());
    if let Some((named, _)) = &scene.client {
        values.set("client", named);
    }
    for (name, value) in &scene.values.0 {
        values.set(name, value);
    }
    let line = values
        .0
        .iter()
        .fold(action.command.to_owned(), |line, (name, value)| {
            format!("{line} {name}:{value}")
        });
    let token = format!("1:m:{}", action.command);
    let command = Ask::Command {
        name: action.command.to_owned(),
        values: values.clone(),
    };
    // What only a button opens is no command that can be typed.
    let listed = bursar::commands::command(action.command).unwrap().listed;
    let typed = if listed {
        Ask::Typed(line)
    } else {
        command.clone()
    };
    [command, typed, Ask::Submit { token, values }]
}

/// The refusal that a reply says: alone, or before the question that is asked again.
fn said_why(reply: &Reply) -> Option<&str> {
    let asked = || {
        let form = reply.form.as_ref()?;
        (!form.error.is_empty()).then_some(form.error.as_str())
    };
    refused(reply).or_else(asked)
}

/// Somebody in a role, on his way through the places and actions.
struct Walk<'a> {
    scenes: Scenes<'a>,
    role: Option<Role>,
    drafts: usize,
    refusals: usize,
}

impl Walk<'_> {
    async fn requests(&self) -> i64 {
        number(&self.scenes.db.store, "select count(*) from request").await
    }

    /// It must be refused, whichever way it is asked.
    async fn is_refused(
        &mut self,
        (who, place): (Identity, Place),
        action: &Action,
        target: Option<(&str, Near)>,
        why: &Refusal,
    ) {
        let desk = &self.scenes.desk;
        let scene = Scenes::refused(action, target);
        let mut replies = Vec::new();
        for ask in ways(action, &scene) {
            let said = format!("{ask:?}");
            let reply = desk.handle(&desk.event(who, place, ask)).await;
            replies.push((said, reply, desk.sentence(why)));
        }
        let event = |ask| desk.event(who, place, ask);
        let reply = self.scenes.by_button(&event, action, &scene).await;
        let sentence = match (why, &scene.client) {
            // A button names the client by number.
            (Refusal::ClientNotFound { .. }, Some((_, id))) => {
                let query = format!("#{id}");
                desk.sentence(&Refusal::ClientNotFound { query })
            }
            _ => desk.sentence(why),
        };
        replies.push((format!("the button of {}", action.command), reply, sentence));
        for (said, reply, sentence) in replies {
            let said = format!("{:?} in {place:?}: {said}", self.role);
            assert_eq!(said_why(&reply), Some(&*sentence), "{said}");
            assert!(leads_nowhere(&reply), "{said}");
            self.refusals += 1;
        }
    }

    /// It must be done, or wait, as the table says.
    async fn is_done(
        &mut self,
        (who, place): (Identity, Place),
        action: &Action,
        target: Option<(&str, Near)>,
    ) {
        let role = self.role.unwrap();
        let scene = self.scenes.granted(action, (who, role), target).await;
        let before = self.requests().await;
        let desk = &self.scenes.desk;
        let event = |ask| desk.event(who, place, ask);
        // The ways take turns.
        let (said, reply) = match ways(action, &scene).into_iter().nth(self.drafts % 4) {
            Some(ask) => (format!("{ask:?}"), desk.handle(&event(ask)).await),
            None => (
                format!("the button of {} with {:?}", action.command, scene.values),
                self.scenes.by_button(&event, action, &scene).await,
            ),
        };
        let said = format!("{role:?} in {place:?}: {said}");
        assert_eq!(said_why(&reply), None, "{said}");
        self.drafts += 1;
        let Some(shown) = drafted(&reply) else {
            assert!(action.shows() && reply.form.is_none(), "{said}: {reply:?}");
            assert_eq!(self.requests().await, before, "{said}");
            return;
        };
        assert_eq!(self.requests().await, before + 1, "{said}");
        if !action.done {
            let sql = format!("select needed from request where id = {}", shown.request.0);
            let waits = number(&self.scenes.db.store, &sql).await > 0;
            assert_eq!(waits, outcome(action.row, role) == State::Pending, "{said}");
            desk.handle(&event(press(&Button::Cancel(shown)))).await;
        } else if !DRAFTED.contains(&action.command) {
            desk.handle(&event(press(&Button::Confirm(shown.clone()))))
                .await;
            let state = state(&self.scenes.db.store, shown.request).await;
            assert_eq!(state, outcome(action.row, role), "{said}");
        }
        self.scenes.end(action).await;
    }
}

/// Whoever is in that role, everywhere.
async fn walk(db: &Database, role: Option<Role>) {
    let mut walk = Walk {
        scenes: Scenes::of(db).await,
        role,
        drafts: 0,
        refusals: 0,
    };
    for (who, place, rights) in places(role) {
        for action in ACTIONS {
            // Who may not do it at all is refused before anybody looks at the client.
            let at_all = why_not(action, (role, place, rights), None).is_none();
            // A picture takes its time to draw.
            let all = at_all && !action.command.starts_with("report ");
            let targets: Vec<_> = match (action.client, all) {
                (true, true) => TARGETS.map(Some).to_vec(),
                (true, false) => [TARGETS[1], TARGETS[3], TARGETS[7]].map(Some).to_vec(),
                (false, _) => vec![None],
            };
            for target in targets {
                match why_not(action, (role, place, rights), target) {
                    Some(why) => {
                        let before = walk.requests().await;
                        walk.is_refused((who, place), action, target, &why).await;
                        let drafted = walk.requests().await - before;
                        assert_eq!(drafted, 0, "{role:?} in {place:?}: {}", action.command);
                    }
                    None => walk.is_done((who, place), action, target).await,
                }
            }
        }
    }
    let granted = role.is_some_and(|role| !cell("find, view", role).is_empty());
    assert!(walk.refusals > 1_000 && (walk.drafts > 100) == granted);
    let count = async |text: &str| number(&db.store, text).await;
    let credited = "select count(*) from request where kind = 'credit add' and state = 'applied'";
    let added = "select count(*) from posting where kind = 'add'";
    assert_eq!(count(added).await, count(credited).await);
    assert_eq!(walk.scenes.desk.breaches().await, [""; 0]);
}

on_both! {
    async fn support_does_what_the_table_says(db) {
        walk(db, Some(Role::Support)).await;
    }
}

on_both! {
    async fn finance_does_what_the_table_says(db) {
        walk(db, Some(Role::Finance)).await;
    }
}

on_both! {
    async fn admins_do_what_the_table_says(db) {
        walk(db, Some(Role::Admin)).await;
    }
}

on_both! {
    async fn resellers_do_what_the_table_says(db) {
        walk(db, Some(Role::Reseller)).await;
    }
}

on_both! {
    async fn auditors_do_what_the_table_says(db) {
        walk(db, Some(Role::Auditor)).await;
    }
}

on_both! {
    async fn whoever_is_not_linked_does_nothing(db) {
        assert!(accounts(None) != accounts(Some(Role::Support)));
        walk(db, None).await;
    }
}
