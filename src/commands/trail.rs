//! `audit log`: who did what when, newest first.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop, cards, client_value, paging};
use crate::chat::{Button, Card, Reply, Sentences, Style, Values, Visibility};
use crate::domain::ids::{PersonId, from_base32, to_base32};
use crate::domain::refusal::Refusal;
use crate::domain::role::Permission;
use crate::domain::trail::Family;
use crate::services::Rules;
use crate::services::access::{Authorised, authorise};
use crate::services::trail::{About, Narrowed, Told};

/// Rows on one page.
const PAGE: usize = 10;

const fn may(name: &'static str, kind: OptionKind) -> Opt {
    Opt {
        name,
        kind,
        required: false,
    }
}

/// Show who did what when.
pub const LOG: Command = Command {
    name: "audit log",
    options: &[
        may("client", OptionKind::Client),
        may("who", OptionKind::Text(80)),
        may(
            "family",
            OptionKind::Choice(&["credit", "client", "invoice", "message", "people", "import"]),
        ),
    ],
    gate: Gate::Needs(Permission::AuditLog),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(log(call)),
};

async fn log(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::AuditLog)?;
    let mut values = Values::default();
    let client = call.args.take("client");
    let who = call.args.take("who");
    let family = call.args.take("family");
    call.args.clone().finish()?;
    let mut narrowed = Narrowed::default();
    let mut narrow = Vec::new();
    if let Some(family) = family {
        narrowed.family = Family::from_name(&family);
        narrow.push(super::form::choice_label(&family, call.say));
        values.set("family", family);
    }
    if let Some(text) = who {
        match one(&call, &auth, &text, &values).await? {
            Ok((person, name)) => {
                narrowed.person = Some(person);
                narrow.push(name);
                values.set("who", format!("#{person}"));
            }
            Err(choice) => return Ok(choice),
        }
    }
    if let Some(text) = client {
        match call.one_client(&auth, &text, "audit log").await? {
            Ok(client) => {
                narrowed.client = Some(client);
                values.set("client", client_value(client));
            }
            Err(choice) => return Ok(choice),
        }
    }
    let before = match call.after.as_deref() {
        None | Some("") => i64::MAX,
        Some(id) => from_base32(id).map_err(|_| Refusal::UnknownButton)?,
    };
    let house = call.house.clone();
    let (found, client, more) = call
        .house
        .store
        .read_together(move |tx| {
            Box::pin(async move {
                let client = match narrowed.client {
                    Some(client) => Some(house.view(tx, &auth, client).await?.name),
                    None => None,
                };
                let (found, more) = house.trail(tx, &auth, narrowed, before, PAGE).await?;
                Ok((found, client, more))
            })
        })
        .await?;
    narrow.extend(client);
    let say = call.say;
    let mut reply = Reply::card(Card {
        title: say.trail_title(),
        text: if found.is_empty() {
            say.trail_none()
        } else {
            narrow.join(" · ")
        },
        fields: found
            .iter()
            .map(|told| line(&call.house.rules, told, say))
            .collect(),
        ..Card::default()
    });
    let mut row = Vec::new();
    if before != i64::MAX
        && let Some(action) = paging::more(call.args.command(), &values, "")
    {
        row.push(Button::new(Style::Secondary, say.button_first(), action));
    }
    if more && let Some(last) = found.last() {
        match paging::more(call.args.command(), &values, &to_base32(last.trace.id)) {
            Some(action) => row.push(Button::new(Style::Secondary, say.button_next(), action)),
            None => reply.card.footer = say.trail_narrow(),
        }
    }
    Ok(reply.row(row))
}

/// The person whom a text names, or the reply that lets one be chosen.
async fn one(
    call: &Call,
    auth: &Authorised,
    text: &str,
    values: &Values,
) -> Result<Result<(PersonId, String), Reply>, Stop> {
    let (house, auth, text) = (call.house.clone(), auth.clone(), text.to_owned());
    let mut found = call
        .house
        .store
        .read(move |tx| Box::pin(async move { house.people_in_trail(tx, &auth, &text).await }))
        .await?;
    if found.len() == 1 {
        return Ok(Ok(found.remove(0)));
    }
    let mut buttons = Vec::new();
    for (person, name) in found {
        let mut values = values.clone();
        values.set("who", format!("#{person}"));
        let label = format!("{} #{person}", super::client::short(&name));
        let action = paging::more(call.args.command(), &values, "");
        buttons.extend(action.map(|action| Button::new(Style::Secondary, label, action)));
    }
    let mut reply = Reply::card(Card {
        title: call.say.trail_title(),
        text: call.say.people_which(),
        ..Card::default()
    });
    reply.buttons = buttons.chunks(2).map(<[Button]>::to_vec).collect();
    Ok(Err(reply))
}

/// A row as label and value: when and who, then what.
fn line(rules: &Rules, told: &Told, say: &Sentences) -> (String, String) {
    let trace = &told.trace;
    let who = match (&trace.person, &*trace.actor) {
        (Some(person), _) => person.clone(),
        (None, "host") => say.trail_host(),
        (None, "time") => say.trail_time(),
        (None, account) => account.to_owned(),
    };
    let label = format!("{} · {who}", say.moment(trace.created_at));
    (label, what(rules, told, say))
}

/// What was done. A row of a sort that has no words yet shows its action as it is.
fn what(rules: &Rules, told: &Told, say: &Sentences) -> String {
    let action = &*told.trace.action;
    let (text, client) = match &told.about {
        About::Request(view) => {
            let title = cards::request_title(rules, view, say);
            let client = view.client.as_ref().map(|client| client.name.clone());
            let client = client.filter(|name| !title.contains(name));
            let text = match action {
                "request.pending" => say.trail_asked(title),
                "request.applied" => say.trail_done(title),
                "request.rejected" => say.trail_rejected(title),
                "request.expired" => say.trail_expired(title),
                "request.cancelled" => say.trail_cancelled(title),
                "request.unfit" => say.trail_unfit(title),
                "vote.approve" => say.trail_approved(title),
                "vote.reject" => say.trail_voted_against(title),
                _ => format!("{action}: {title}"),
            };
            (text, client)
        }
        About::Client(name) => match action {
            "client.imported" => (say.trail_imported(name.clone()), None),
            "client.updated" => (say.trail_updated(name.clone()), None),
            _ => (action.to_owned(), Some(name.clone())),
        },
        About::Person(name) => match action {
            "person.linked" => (say.trail_linked(name.clone()), None),
            _ => (format!("{action}: {name}"), None),
        },
        About::Nothing => {
            let file = told.trace.file();
            let text = match action {
                "person.invited" => say.trail_invited(),
                "people.unfrozen" => say.trail_unfrozen(),
                "import.begun" => say.trail_import_begun(file),
                "import.finished" => say.trail_import_finished(file),
                _ => format!("{action} {}", told.trace.subject),
            };
            (text, None)
        }
    };
    match client {
        Some(client) => format!("{text} · {client}"),
        None => text,
    }
}
