//! Changes of accounts in words.

use super::{named, status_label};
use crate::chat::{Card, Sentences};
use crate::domain::client::Status;
use crate::domain::request::{Account, Intent};
use crate::services::Rules;
use crate::services::approvals::View;

/// A change in one line.
pub(super) fn title(account: &Account, client: String, say: &Sentences) -> String {
    match account {
        Account::Status { after, .. } => match after {
            Status::Pending | Status::Active => say.title_client_activate(client),
            Status::Suspended => say.title_client_suspend(client),
            Status::Closed => say.title_client_close(client),
        },
    }
}

/// What a change shows: before, after, and what follows.
pub(super) fn fields(
    _rules: &Rules,
    view: &View,
    account: &Account,
    fields: &mut Vec<(String, String)>,
    say: &Sentences,
) {
    if let Some(client) = &view.client {
        fields.push((say.field_client(), named(client)));
    }
    match account {
        Account::Status {
            before,
            after,
            reason,
            ..
        } => {
            fields.push((
                say.field_status(),
                say.change(status_label(*before, say), status_label(*after, say)),
            ));
            if !reason.is_empty() {
                fields.push((say.field_reason(), reason.clone()));
            }
        }
    }
}

/// What a client's people are told of a change.
pub fn told(view: &View, say: &Sentences) -> Option<Card> {
    let Intent::Account(account) = &view.request.intent else {
        return None;
    };
    match account {
        Account::Status { after, reason, .. } => Some(Card {
            title: say.notice_status(status_label(*after, say)),
            text: reason.clone(),
            ..Card::default()
        }),
    }
}
