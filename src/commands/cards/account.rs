//! Changes of accounts in words.

use super::{credits, named, or_none, status_label};
use crate::chat::{Card, Sentences};
use crate::domain::client::Status;
use crate::domain::request::{Account, Along, Details, Intent, Newcomer, Party};
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
        Account::New(new) => say.title_new(new.details.name.clone()),
        Account::Edit { .. } => say.title_edit(client),
        Account::Note { .. } => say.title_note(client),
        Account::Tag { on: true, tag, .. } => say.title_tag(client, tag.clone()),
        Account::Tag { tag, .. } => say.title_untag(client, tag.clone()),
        Account::Class { after, .. } => say.title_class(client, after.name()),
        Account::Manager { after: None, .. } => say.title_manager_none(client),
        Account::Manager {
            after: Some(after), ..
        } => say.title_manager(client, after.name.clone()),
        Account::Reseller { after: None, .. } => say.title_reseller_none(client),
        Account::Reseller {
            after: Some(after), ..
        } => say.title_reseller(client, after.name.clone()),
        Account::Referral { after: None, .. } => say.title_referral_none(client),
        Account::Referral {
            after: Some(after), ..
        } => say.title_referral(client, after.name.clone()),
    }
}

/// What a change shows: before, after, and what follows.
pub(super) fn fields(
    rules: &Rules,
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
        Account::Class {
            before,
            after,
            heir,
            url,
            along,
            ..
        } => {
            let change = say.change(before.name(), after.name());
            fields.push((say.field_class(), change));
            if let Some(heir) = heir {
                fields.push((say.field_heir(), heir.name.clone()));
                fields.push((say.field_moving(), say.count(along.clients)));
            }
            if let Some(url) = url {
                fields.push((say.field_delivery_url(), say.url_off(url.clone())));
            }
            open(rules, along, fields, say);
        }
        Account::Manager { before, after, .. } => {
            let name = |person: &Option<crate::domain::request::Staff>| {
                let name = person.as_ref().map(|person| person.name.clone());
                name.unwrap_or_else(|| say.none())
            };
            let change = say.change(name(before), name(after));
            fields.push((say.field_manager(), change));
        }
        Account::Reseller {
            before,
            after,
            along,
            ..
        } => {
            let change = say.change(party(before.as_ref(), say), party(after.as_ref(), say));
            fields.push((say.field_reseller(), change));
            if along.clients > 0 {
                fields.push((say.field_moving(), say.count(along.clients)));
            }
            if let Some(client) = &view.client {
                let balance = credits(rules, client.balance, say);
                fields.push((say.field_balance(), say.taken_along(balance)));
            }
            open(rules, along, fields, say);
        }
        Account::Referral { before, after, .. } => {
            let change = say.change(party(before.as_ref(), say), party(after.as_ref(), say));
            fields.push((say.field_referral(), change));
        }
        Account::New(new) => newcomer(rules, new, fields, say),
        Account::Edit { before, after, .. } => edited(rules, before, after, fields, say),
        Account::Note { text, .. } => fields.push((say.field_note(), text.clone())),
        Account::Tag { tag, .. } => fields.push((say.field_tag(), tag.clone())),
    }
}

fn newcomer(rules: &Rules, new: &Newcomer, fields: &mut Vec<(String, String)>, say: &Sentences) {
    fields.push((say.field_username(), new.username.clone()));
    fields.push((say.field_email(), or_none(&new.details.email, say)));
    fields.push((say.field_phone(), or_none(&new.details.phone, say)));
    fields.push((say.field_class(), new.class.name().to_owned()));
    fields.push((say.field_reseller(), party(new.reseller.as_ref(), say)));
    if let Some(price) = new.details.price {
        fields.push((say.field_price(), say.price(&rules.currency, price)));
    }
    if !new.twins.is_empty() {
        fields.push((say.field_twins(), new.twins.join(", ")));
    }
}

fn edited(
    rules: &Rules,
    before: &Details,
    after: &Details,
    fields: &mut Vec<(String, String)>,
    say: &Sentences,
) {
    let price = |details: &Details| {
        let price = details.price.map(|price| say.price(&rules.currency, price));
        price.unwrap_or_else(|| say.none())
    };
    let all = [
        (
            say.field_fullname(),
            before.name.clone(),
            after.name.clone(),
        ),
        (
            say.field_email(),
            or_none(&before.email, say),
            or_none(&after.email, say),
        ),
        (
            say.field_phone(),
            or_none(&before.phone, say),
            or_none(&after.phone, say),
        ),
        (say.field_price(), price(before), price(after)),
    ];
    for (label, before, after) in all {
        if before != after {
            fields.push((label, say.change(before, after)));
        }
    }
}

fn party(party: Option<&Party>, say: &Sentences) -> String {
    party.map_or_else(|| say.none(), |party| party.name.clone())
}

/// Invoices that stay open, and stay with whoever issued them.
fn open(rules: &Rules, along: &Along, fields: &mut Vec<(String, String)>, say: &Sentences) {
    if along.open.is_empty() {
        return;
    }
    let numbers = along.open.join(", ");
    let due = say.money(&rules.currency, along.unpaid);
    let text = if along.more > 0 {
        say.open_invoices_more(numbers, along.more, due)
    } else {
        say.open_invoices(numbers, due)
    };
    fields.push((say.field_open(), text));
}

/// Who hears of a change, in one line.
pub(super) fn heard(account: &Account, say: &Sentences) -> Option<String> {
    match account {
        Account::Status { .. } | Account::Edit { .. } | Account::Class { heir: None, .. } => {
            Some(say.draft_client_told())
        }
        Account::New(new) if new.reseller.is_some() => Some(say.draft_reseller_told()),
        Account::New(_) | Account::Note { .. } | Account::Tag { .. } => None,
        Account::Class { .. } | Account::Reseller { .. } | Account::Referral { .. } => {
            Some(say.draft_sides_told())
        }
        Account::Manager { .. } => Some(say.draft_manager_told()),
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
        Account::New(new) => Some(Card {
            title: say.notice_new(new.details.name.clone(), new.username.clone()),
            ..Card::default()
        }),
        _ => {
            let client = view.client.as_ref()?;
            // One of the sides need not be known to the others: what changed is said, not from whom to whom.
            let title = match account {
                Account::Class { after, .. } => say.notice_class(named(client), after.name()),
                Account::Edit { .. } => say.notice_edit(named(client)),
                Account::Manager { .. } => say.notice_manager(named(client)),
                Account::Reseller { .. } => say.notice_reseller(named(client)),
                _ => say.notice_referral(named(client)),
            };
            let text = match account {
                Account::Class { url: Some(_), .. } => say.notice_url_off(),
                Account::Manager {
                    after: Some(after), ..
                } => say.notice_manager_now(after.name.clone()),
                Account::Reseller { along, .. } => say.notice_reseller_text(along.clients),
                _ => String::new(),
            };
            Some(Card {
                title,
                text,
                ..Card::default()
            })
        }
    }
}
