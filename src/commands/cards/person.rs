//! Changes about people in words.

use super::{named, role_label};
use crate::chat::{Card, Sentences, Tone};
use crate::domain::request::Person;
use crate::domain::request::person::Along;
use crate::services::approvals::View;

/// A change in one line.
pub(super) fn title(change: &Person, say: &Sentences) -> String {
    match change {
        Person::Freeze => say.title_freeze(),
        Person::Unfreeze { .. } => say.title_unfreeze(),
        Person::Role { name, after, .. } => {
            say.title_people_role(name.clone(), role_label(after.name(), say))
        }
        Person::Remove { name, .. } => say.title_people_remove(name.clone()),
    }
}

/// What a change shows: before, after, and what goes along.
pub(super) fn fields(
    view: &View,
    change: &Person,
    fields: &mut Vec<(String, String)>,
    say: &Sentences,
) {
    match change {
        Person::Freeze => {}
        Person::Unfreeze { by } => fields.push((say.field_frozen_by(), by.clone())),
        Person::Role {
            name,
            before,
            after,
            along,
            ..
        } => {
            fields.push((say.field_person(), name.clone()));
            let label = |role: &crate::domain::role::Role| role_label(role.name(), say);
            fields.push((say.field_role(), say.change(label(before), label(after))));
            if let Some(client) = &view.client {
                fields.push((say.field_client(), named(client)));
            }
            goes_along(*along, fields, say);
        }
        Person::Remove {
            name, role, along, ..
        } => {
            fields.push((say.field_person(), name.clone()));
            fields.push((say.field_role(), role_label(role.name(), say)));
            goes_along(*along, fields, say);
        }
    }
}

fn goes_along(along: Along, fields: &mut Vec<(String, String)>, say: &Sentences) {
    if along.requests > 0 {
        let ends = say.along_requests(along.requests);
        fields.push((say.field_requests(), ends));
    }
    if along.approvals > 0 {
        let ends = say.along_approvals(along.approvals);
        fields.push((say.field_approvals(), ends));
    }
}

/// What follows besides, on a draft.
pub(super) fn told(change: &Person, say: &Sentences) -> String {
    match change {
        Person::Freeze => say.draft_freeze(),
        Person::Unfreeze { .. } => say.draft_unfreeze(),
        Person::Role { .. } => say.draft_people_role(),
        Person::Remove { .. } => say.draft_people_remove(),
    }
}

/// What the staff is told of a freeze and of its end.
pub fn freeze_told(frozen: bool, by: String, say: &Sentences) -> Card {
    if frozen {
        Card {
            title: say.notice_frozen(by),
            text: say.notice_frozen_text(),
            tone: Tone::Bad,
            ..Card::default()
        }
    } else {
        Card {
            title: say.notice_unfrozen(by),
            tone: Tone::Good,
            ..Card::default()
        }
    }
}
