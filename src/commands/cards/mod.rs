//! The cards that several commands and the notices show: a client, a request. Facts in, text out. Each family of intents
//! words itself: a title, the fields of its card, and what its client is told.

mod account;
mod credit;

pub use account::told as account_told;
pub use credit::money_back;

use super::Call;
use super::catalogue::command;
use super::form::choice_label;
use crate::chat::action::Shown;
use crate::chat::{Action, Button, Card, Reply, Sentences, Style, Tone};
use crate::clock::Millis;
use crate::domain::client::Status;
use crate::domain::credits::Credits;
use crate::domain::ids::RequestId;
use crate::domain::invoice::Mode;
use crate::domain::request::{Intent, State};
use crate::services::access::{Actor, authorise};
use crate::services::approvals::View;
use crate::services::{House, Rules};
use crate::store::clients::Client;

/// A day and time of day, in UTC.
pub fn moment(at: Millis) -> String {
    let format = time::macros::format_description!(
        "[day padding:none] [month repr:short] [year], [hour]:[minute] UTC"
    );
    at.utc()
        .and_then(|at| at.format(format).ok())
        .unwrap_or_default()
}

/// A client's status in words.
pub fn status_label(status: Status, say: &Sentences) -> String {
    say.text(&format!("status-{}", status.name()))
        .unwrap_or_else(|| status.name().to_owned())
}

/// Credits with their unit.
pub fn credits(rules: &Rules, amount: Credits, say: &Sentences) -> String {
    let scale = rules.unit.scale();
    // A part of a credit counts as several: only the plural hangs on it.
    let count = if amount.0 % scale == 0 {
        amount.0 / scale
    } else {
        2
    };
    say.credits(count, rules.unit.show(amount))
}

/// The card of a client, with a button for each thing that the actor may do now.
pub fn client(house: &House, actor: &Actor, client: &Client, say: &Sentences) -> Reply {
    let rules = &house.rules;
    let dash = || say.none();
    let mut fields = vec![
        (say.field_username(), client.username.clone()),
        (say.field_class(), client.class.name().to_owned()),
        (say.field_status(), status_label(client.status, say)),
        (say.field_balance(), credits(rules, client.balance, say)),
        (say.field_unpaid(), rules.currency.show(client.unpaid)),
        (
            say.field_price(),
            rules
                .currency
                .show_price(client.price.unwrap_or(rules.price)),
        ),
        (
            say.field_manager(),
            client.manager.clone().unwrap_or_else(dash),
        ),
        (
            say.field_reseller(),
            client.reseller.clone().unwrap_or_else(dash),
        ),
        (
            say.field_referral(),
            client.referral.clone().unwrap_or_else(dash),
        ),
        (say.field_email(), or_none(&client.email, say)),
        (say.field_phone(), or_none(&client.phone, say)),
        (
            say.field_delivery_url(),
            client.delivery_url.clone().unwrap_or_else(dash),
        ),
        (
            say.field_active(),
            client.active_at.map_or_else(dash, moment),
        ),
    ];
    fields.push((say.field_since(), moment(client.created_at)));
    let card = Card {
        title: client.name.clone(),
        text: String::new(),
        fields,
        footer: say.client_footer(client.id.to_string()),
        tone: if client.status == Status::Active {
            Tone::Plain
        } else {
            Tone::Waiting
        },
        file: None,
    };
    let mut row = Vec::new();
    let own = actor.client == Some(client.id);
    for (name, label) in [
        ("credit add", say.button_add_credit()),
        ("credit request", say.button_ask_credit()),
    ] {
        let fits = (name == "credit request") == own && client.status == Status::Active;
        if let Some(command) = command(name)
            && let super::Gate::Needs(permission) = command.gate
            && fits
            && authorise(actor, permission).is_ok()
        {
            let client = (!own).then_some(client.id);
            row.push(Button::new(
                Style::Primary,
                label,
                Action::Open {
                    command: name.to_owned(),
                    client,
                },
            ));
        }
    }
    row.push(Button::new(
        Style::Secondary,
        say.button_refresh(),
        Action::View(client.id),
    ));
    Reply::card(card).row(row)
}

fn or_none(text: &str, say: &Sentences) -> String {
    if text.is_empty() {
        say.none()
    } else {
        text.to_owned()
    }
}

/// For whom a request's card is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever asked: may confirm a draft, and give up what waits.
    Requester,
    /// Whoever may decide.
    Approvers,
}

/// The card of a request as it stands, with the buttons that still do something.
pub fn request(rules: &Rules, view: &View, audience: Audience, say: &Sentences) -> Reply {
    let request = &view.request;
    let mut lines = vec![state_line(view, say)];
    let mut fields = Vec::new();
    match &request.intent {
        Intent::AddCredit(add) => credit::add(rules, view, add, &mut fields, say),
        Intent::Deduct(deduct) => credit::deduct(rules, view, deduct, &mut fields, say),
        Intent::Reverse(reverse) => credit::reverse(rules, view, reverse, &mut fields, say),
        Intent::Overdraft(overdraft) => credit::overdraft(rules, view, overdraft, &mut fields, say),
        Intent::Account(account) => account::fields(rules, view, account, &mut fields, say),
        Intent::Invite { role, name, .. } => {
            fields.push((say.field_person(), name.clone()));
            fields.push((say.field_role(), role_label(role.name(), say)));
            if let Some(client) = &view.client {
                fields.push((say.field_client(), named(client)));
            }
        }
    }
    if audience == Audience::Approvers || request.state != State::Draft {
        fields.push((say.field_asked_by(), request.requester_name.clone()));
    }
    if !view.approvals.is_empty() {
        fields.push((say.field_approved_by(), view.approvals.join(", ")));
    }
    if request.state == State::Pending {
        fields.push((say.field_expires(), moment(request.expires_at)));
    }
    if request.state == State::Draft {
        lines.push(consequence(view, say));
        lines.extend(told(rules, view, say));
        lines.extend(unusual(view, say));
    }
    let tone = match request.state {
        State::Draft => Tone::Plain,
        State::Pending => Tone::Waiting,
        State::Applied => Tone::Good,
        State::Rejected | State::Expired | State::Cancelled | State::Unfit => Tone::Bad,
    };
    let card = Card {
        title: request_title(rules, view, say),
        text: lines
            .into_iter()
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n"),
        fields,
        footer: say.request_footer(request.id.to_string()),
        tone,
        file: None,
    };
    let shown = || shown(view);
    let row = match (request.state, audience) {
        (State::Draft, Audience::Requester) => vec![
            Button::new(Style::Good, say.button_confirm(), Action::Confirm(shown())),
            Button::new(
                Style::Secondary,
                say.button_cancel(),
                Action::Cancel(shown()),
            ),
        ],
        (State::Pending, Audience::Requester) => {
            vec![Button::new(
                Style::Secondary,
                say.button_withdraw(),
                Action::Cancel(shown()),
            )]
        }
        (State::Pending, Audience::Approvers) => vec![
            Button::new(Style::Good, say.button_approve(), Action::Approve(shown())),
            Button::new(Style::Danger, say.button_reject(), Action::Reject(shown())),
        ],
        (State::Applied, Audience::Requester) if view.undoable => {
            vec![Button::new(
                Style::Secondary,
                say.button_undo(),
                Action::Undo(request.id),
            )]
        }
        (state, Audience::Requester) if state != State::Applied => {
            vec![Button::new(
                Style::Secondary,
                say.button_ask_again(),
                Action::AskAgain(request.id),
            )]
        }
        _ => Vec::new(),
    };
    Reply::card(card).row(row)
}

/// What names a request on a button.
pub fn shown(view: &View) -> Shown {
    Shown {
        request: view.request.id,
        digest: view.request.digest.chars().take(12).collect(),
    }
}

/// A request in one line.
pub fn request_title(rules: &Rules, view: &View, say: &Sentences) -> String {
    let client = view
        .client
        .as_ref()
        .map(|client| client.name.clone())
        .unwrap_or_default();
    match &view.request.intent {
        Intent::AddCredit(add) if add.for_himself => {
            say.title_credit_request(credits(rules, add.amount.credits(), say), client)
        }
        Intent::AddCredit(add) => {
            say.title_credit_add(credits(rules, add.amount.credits(), say), client)
        }
        Intent::Deduct(deduct) => {
            say.title_credit_deduct(credits(rules, deduct.amount.credits(), say), client)
        }
        Intent::Reverse(reverse) => {
            say.title_credit_reverse(credits(rules, reverse.amount.credits(), say), client)
        }
        Intent::Overdraft(overdraft) => {
            say.title_credit_limit(credits(rules, overdraft.limit, say), client)
        }
        Intent::Account(account) => account::title(account, client, say),
        Intent::Invite { role, name, .. } => {
            say.title_invite(name.clone(), role_label(role.name(), say))
        }
    }
}

/// A role in words.
pub fn role_label(role: &str, say: &Sentences) -> String {
    choice_label(role, say)
}

pub(super) fn named(client: &Client) -> String {
    format!("{} ({})", client.name, client.username)
}

fn consequence(view: &View, say: &Sentences) -> String {
    let request = &view.request;
    match (request.needed, request.solo) {
        (0, true) => say.draft_solo(),
        (0, false) => say.draft_direct(),
        (needed, _) => say.draft_needs(i64::from(needed)),
    }
}

fn told(rules: &Rules, view: &View, say: &Sentences) -> Option<String> {
    match &view.request.intent {
        Intent::AddCredit(add) if add.mode == Mode::Prepaid => Some(say.draft_prepaid()),
        Intent::AddCredit(_) => Some(say.draft_told()),
        Intent::Reverse(reverse) => Some(credit::settled(rules, reverse, say)),
        Intent::Deduct(_) | Intent::Account(_) => Some(say.draft_client_told()),
        Intent::Overdraft(_) | Intent::Invite { .. } => None,
    }
}

fn unusual(view: &View, say: &Sentences) -> Option<String> {
    match &view.request.intent {
        Intent::AddCredit(add) if add.unusual => Some(say.draft_unusual()),
        _ => None,
    }
}

fn state_line(view: &View, say: &Sentences) -> String {
    let request = &view.request;
    let by = request.decided_by.clone();
    match request.state {
        State::Draft => say.state_draft(),
        State::Pending => {
            let given = i64::try_from(view.approvals.len()).unwrap_or_default();
            if given == 0 {
                say.state_pending(i64::from(request.needed))
            } else {
                say.state_partly(given, i64::from(request.needed))
            }
        }
        State::Applied if view.approvals.is_empty() => say.state_done(by),
        State::Applied => say.state_approved(by),
        State::Rejected => say.state_rejected(by, request.reason.clone()),
        State::Expired => say.state_expired(),
        State::Cancelled => say.state_cancelled(by),
        State::Unfit => say.state_unfit(
            say.text(&format!("unfit-{}", request.reason))
                .unwrap_or_else(|| request.reason.clone()),
        ),
    }
}

impl Call {
    /// The card of a request for its requester.
    pub fn own_card(&self, view: &View) -> Reply {
        request(&self.house.rules, view, Audience::Requester, self.say)
    }
}

/// A request's short name in a list.
pub fn request_name(id: RequestId) -> String {
    format!("#{id}")
}
