//! The cards that several commands and the notices show: a client, a request. Facts in, text out. Each family of intents
//! words itself: a title, the fields of its card, and what its client is told.

mod account;
mod client;
mod credit;
mod import;
mod invoice;
mod message;
mod person;

pub use account::told as account_told;
pub use client::{OFFERED, client, sign_ups};
pub use credit::money_back;
pub use import::idle as import_idle;
pub use invoice::{
    card as invoice_card, pick as invoice_pick, reminder as invoice_reminder,
    standing as invoice_standing, told as invoice_told,
};
pub use message::{
    Facts as MessageFacts, filled as message_filled, label as message_label,
    language as language_label, placeholders as message_placeholders, sample as message_sample,
};
pub use person::freeze_told;

use super::Call;
use super::form::choice_label;
use crate::chat::action::Shown;
use crate::chat::{Action, Button, Card, Reply, Sentences, Style, Tone};
use crate::domain::client::Status;
use crate::domain::credits::Credits;
use crate::domain::ids::RequestId;
use crate::domain::invoice::Mode;
use crate::domain::request::{Intent, State};
use crate::services::Rules;
use crate::services::approvals::View;
use crate::store::clients::Client;

/// A client's status in words.
pub fn status_label(status: Status, say: &Sentences) -> String {
    say.text(&format!("status-{}", status.name()))
        .unwrap_or_else(|| status.name().to_owned())
}

/// Credits with their unit.
pub fn credits(rules: &Rules, amount: Credits, say: &Sentences) -> String {
    say.credits(rules.unit, amount)
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
        Intent::Invoice(billing) => invoice::fields(rules, view, billing, &mut fields, say),
        Intent::Person(change) => person::fields(view, change, &mut fields, say),
        Intent::Import(file) => import::fields(rules, view, file, &mut fields, say),
        Intent::Message(rewording) => message::fields(rules, view, rewording, &mut fields, say),
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
        fields.push((say.field_expires(), say.moment(request.expires_at)));
    }
    if request.state == State::Draft {
        lines.push(consequence(view, say));
        lines.extend(told(rules, view, say));
        lines.extend(unusual(view, say));
    }
    let mut tone = match request.state {
        State::Draft => Tone::Plain,
        State::Pending => Tone::Waiting,
        State::Applied => Tone::Good,
        State::Rejected | State::Expired | State::Cancelled | State::Unfit => Tone::Bad,
    };
    if let Some(undone) = view.undone {
        (lines[0], tone) = (say.state_undone(request_name(undone)), Tone::Plain);
    }
    if let Some(moving) = &view.moving {
        (lines[0], tone) = import::standing(moving, say);
    }
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
            Button::new(
                Style::Good,
                confirm_label(&request.intent, say),
                Action::Confirm(shown()),
            ),
            Button::new(
                Style::Secondary,
                say.button_cancel(),
                Action::Cancel(shown()),
            ),
        ]
        .into_iter()
        .chain(invoice::line_button(view, say))
        .collect(),
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
        // A file is sent again.
        (state, Audience::Requester)
            if state != State::Applied && !matches!(request.intent, Intent::Import(_)) =>
        {
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

fn confirm_label(intent: &Intent, say: &Sentences) -> String {
    match intent {
        Intent::Import(file) => import::button(file, say),
        _ => say.button_confirm(),
    }
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
        Intent::Invoice(billing) => invoice::title(rules, billing, client, say),
        Intent::Person(change) => person::title(change, say),
        Intent::Import(file) => import::title(file, say),
        Intent::Message(rewording) => message::title(rewording, say),
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
        Intent::Deduct(_) => Some(say.draft_client_told()),
        Intent::Account(account) => account::heard(account, say),
        Intent::Invoice(billing) => invoice::follows(billing, say),
        Intent::Person(change) => Some(person::told(change, say)),
        Intent::Import(file) => Some(import::follows(file, say)),
        Intent::Message(_) if rules.mails => Some(say.draft_message()),
        Intent::Message(_) => Some(say.draft_message_unsent()),
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
