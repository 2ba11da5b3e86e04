//! The card of a client, with a button for each thing that whoever looks may do now.

use super::{credits, or_none, status_label};
use crate::chat::{Action, Button, Card, Reply, Sentences, Style, Tone};
use crate::commands::Gate;
use crate::commands::catalogue::command;
use crate::commands::client::short;
use crate::domain::client::Status;
use crate::domain::credits::Credits;
use crate::domain::money::Money;
use crate::services::House;
use crate::services::access::{Actor, authorise};
use crate::services::accounts::pages::Page;
use crate::store::clients::Client;

/// Buttons in one row: as many as a phone shows whole.
const IN_A_ROW: usize = 4;

/// The card of a client.
pub fn client(house: &House, actor: &Actor, page: &Page, say: &Sentences) -> Reply {
    let client = &page.client;
    let rules = &house.rules;
    let dash = || say.none();
    let mut fields = vec![
        (say.field_username(), client.username.clone()),
        (say.field_class(), client.class.name().to_owned()),
        (say.field_status(), status_label(client.status, say)),
        (say.field_balance(), credits(rules, client.balance, say)),
        (
            say.field_unpaid(),
            say.money(&rules.currency, client.unpaid),
        ),
        (
            say.field_price(),
            say.price(&rules.currency, client.price.unwrap_or(rules.price)),
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
            client.active_at.map_or_else(dash, |at| say.moment(at)),
        ),
    ];
    fields.push((say.field_since(), say.moment(client.created_at)));
    if !page.tags.is_empty() {
        fields.push((say.field_tags(), page.tags.join(", ")));
    }
    if !page.notes.is_empty() {
        let notes = page.notes.iter().map(|note| {
            let (at, author) = (say.moment(note.created_at), note.author.clone());
            say.client_note_line(at, author, note.text.clone())
        });
        fields.push((say.field_notes(), notes.collect::<Vec<_>>().join("\n")));
    }
    let card = Card {
        title: client.name.clone(),
        fields,
        footer: say.client_footer(client.id.to_string()),
        tone: if client.status == Status::Active {
            Tone::Plain
        } else {
            Tone::Waiting
        },
        ..Card::default()
    };
    let mut buttons: Vec<_> = doable(actor, client)
        .into_iter()
        .map(|(name, style)| {
            let label = say.text(&format!("button-open-{}", name.replace(' ', "-")));
            let own = name == "credit request";
            let action = Action::Open {
                command: name.to_owned(),
                client: (!own).then_some(client.id),
            };
            Button::new(style, label.unwrap_or_else(|| name.to_owned()), action)
        })
        .collect();
    buttons.push(Button::new(
        Style::Secondary,
        say.button_refresh(),
        Action::View(client.id),
    ));
    let mut reply = Reply::card(card);
    reply.buttons = buttons.chunks(IN_A_ROW).map(<[Button]>::to_vec).collect();
    reply
}

/// Clients who came in and wait, each with the button that activates him.
pub fn sign_ups(waiting: &[Client], more: bool, say: &Sentences) -> Reply {
    let fields = waiting.iter().map(|client| {
        let reached = [&client.username, &client.email, &client.phone];
        let reached = reached.into_iter().filter(|part| !part.is_empty());
        let reached: Vec<&str> = reached.map(String::as_str).collect();
        (client.name.clone(), reached.join(" · "))
    });
    let count = i64::try_from(waiting.len()).unwrap_or_default();
    let card = Card {
        title: if more {
            say.sign_ups_many()
        } else {
            say.sign_ups(count)
        },
        text: if more {
            say.sign_ups_more()
        } else {
            String::new()
        },
        fields: fields.collect(),
        tone: Tone::Waiting,
        ..Card::default()
    };
    let mut reply = Reply::card(card);
    for client in waiting {
        let activate = Action::Open {
            command: "client activate".to_owned(),
            client: Some(client.id),
        };
        let name = short(&client.name);
        reply = reply.row(vec![
            Button::new(Style::Good, say.button_activate(name.clone()), activate),
            Button::new(
                Style::Secondary,
                say.button_view(name),
                Action::View(client.id),
            ),
        ]);
    }
    reply
}

/// The commands that the card of a client offers, in their order.
pub const OFFERED: &[(&str, Style)] = &[
    ("client activate", Style::Good),
    ("credit add", Style::Primary),
    ("credit request", Style::Primary),
    ("credit deduct", Style::Secondary),
    ("credit reverse", Style::Secondary),
    ("client statement", Style::Secondary),
    ("invoice create", Style::Secondary),
    ("invoice list", Style::Secondary),
    ("client suspend", Style::Secondary),
    ("client close", Style::Danger),
    ("client edit", Style::Secondary),
    ("client note", Style::Secondary),
    ("client tag", Style::Secondary),
    ("class set", Style::Secondary),
    ("manager set", Style::Secondary),
    ("reseller set", Style::Secondary),
    ("referral set", Style::Secondary),
];

/// What this person may do with this client as it stands.
fn doable(actor: &Actor, client: &Client) -> Vec<(&'static str, Style)> {
    let own = actor.client == Some(client.id);
    let stands = |name: &str| match (name, client.status) {
        ("client note" | "client tag" | "client statement" | "invoice list", _) => true,
        ("credit request", status) => own && status == Status::Active,
        // Nothing of his own is for him to change.
        _ if own => false,
        ("client activate", status) => status.may_become(Status::Active),
        ("client suspend" | "credit add", status) => status == Status::Active,
        // Nothing must be left on it.
        ("client close", status) => {
            status.may_become(Status::Closed)
                && client.balance == Credits::ZERO
                && client.unpaid == Money(0)
        }
        (_, status) => matches!(status, Status::Active | Status::Suspended),
    };
    let allowed = |name: &str| {
        command(name).is_some_and(|command| match command.gate {
            Gate::Open => true,
            Gate::Needs(permission) => authorise(actor, permission).is_ok(),
        })
    };
    let offered = OFFERED.iter().copied();
    offered
        .filter(|(name, _)| stands(name) && allowed(name))
        .collect()
}
