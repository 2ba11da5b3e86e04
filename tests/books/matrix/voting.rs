//! Who decides about what waits: every role, in every place, about everything that somebody may only ask for.

use bursar::chat::Action as Button;
use bursar::chat::action::Shown;
use bursar::domain::refusal::Refusal;
use bursar::domain::request::{Ineligible, State};
use bursar::domain::role::Role;

use super::actions::{ACTIONS, Action};
use super::scenes::{BOSS, OWNER, Scenes};
use super::walk::state;
use super::{Near, ROLES, accounts, cell, may_approve, places, refused};
use crate::desk::{press, reject};
use crate::on_both;

/// Somebody who may only ask for it: of the staff, where he can be; none of those who decide.
fn asker(action: &Action) -> Option<(bursar::chat::Identity, Role)> {
    let asks = |role| cell(action.row, role).contains(&"R");
    let reseller = (accounts(Some(Role::Reseller)).0, Role::Reseller);
    let askers = [(OWNER, Role::Support), (BOSS, Role::Admin), reseller];
    let mut askers = askers.into_iter();
    askers.find(|(_, role)| asks(*role) && !action.shows())
}

impl Scenes<'_> {
    /// A request that waits.
    async fn waiting(&mut self, action: &Action) -> Shown {
        self.end(action).await;
        let (who, role) = asker(action).unwrap();
        let target = action.client.then_some(("ada", Near::Outside));
        let scene = self.granted(action, (who, role), target).await;
        let client = scene.client.map(|(named, _)| format!(" client:{named}"));
        let line = format!("{}{}", action.command, client.unwrap_or_default());
        let values = scene.values.0.iter();
        let line = values.fold(line, |line, (name, value)| format!("{line} {name}:{value}"));
        let (shown, _) = self.desk.confirms(who, &line).await;
        let state = state(&self.db.store, shown.request).await;
        assert_eq!(state, State::Pending, "{line}");
        shown
    }
}

/// Why somebody may not decide; `None`: he may.
fn why_not(action: &Action, role: Option<Role>, rights: bool) -> Option<Refusal> {
    let (_, asked) = asker(action).unwrap();
    match role {
        _ if !rights => Some(Refusal::NoRightsHere),
        None => Some(Refusal::NotLinked),
        Some(Role::Reseller) if asked == Role::Reseller => {
            Some(Refusal::Ineligible(Ineligible::Requester))
        }
        Some(role) if !may_approve(action.row, role) => Some(Refusal::Ineligible(Ineligible::Role)),
        Some(_) => None,
    }
}

on_both! {
    async fn who_decides_is_in_the_table(db) {
        let mut scenes = Scenes::of(db).await;
        let mut rows = std::collections::BTreeSet::new();
        for action in ACTIONS.iter().filter(|action| asker(action).is_some()) {
            rows.insert(action.row);
            let mut shown = scenes.waiting(action).await;
            for role in ROLES {
                for (who, place, rights) in places(role) {
                    for approve in [true, false] {
                        let said = format!("{role:?} in {place:?}: {}, {approve}", action.command);
                        let why = why_not(action, role, rights);
                        let ask = if approve {
                            press(&Button::Approve(shown.clone()))
                        } else {
                            reject(&shown, "no")
                        };
                        let desk = &scenes.desk;
                        let reply = desk.handle(&desk.event(who, place, ask)).await;
                        let sentence = why.as_ref().map(|why| desk.sentence(why));
                        assert_eq!(refused(&reply), sentence.as_deref(), "{said}");
                        let decided = if approve { State::Applied } else { State::Rejected };
                        let expected = if why.is_some() { State::Pending } else { decided };
                        assert_eq!(state(&db.store, shown.request).await, expected, "{said}");
                        if why.is_none() {
                            shown = scenes.waiting(action).await;
                        }
                    }
                }
            }
            scenes.end(action).await;
        }
        assert_eq!(rows.len(), 8, "{rows:?}");
        assert_eq!(scenes.desk.breaches().await, [""; 0]);
    }
}
