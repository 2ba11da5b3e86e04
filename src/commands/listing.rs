//! `client list`: users or resellers, page by page, perhaps only some of them.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop, cards, client_value, paging};
use crate::chat::{Action, Button, Card, Reply, Style, Visibility};
use crate::domain::client::{Class, Status};
use crate::domain::credits::Credits;
use crate::domain::ids::ClientId;
use crate::domain::refusal::Refusal;
use crate::domain::role::Permission;
use crate::services::access::authorise;
use crate::store::clients::Scope;
use crate::store::lists::Filter;

/// Below so many credits a balance is low.
const LOW: i64 = 100;

const fn may(name: &'static str, kind: OptionKind) -> Opt {
    Opt {
        name,
        kind,
        required: false,
    }
}

/// List clients.
pub const LIST: Command = Command {
    name: "client list",
    options: &[
        Opt {
            name: "what",
            kind: OptionKind::Choice(&["users", "resellers"]),
            required: true,
        },
        may(
            "status",
            OptionKind::Choice(&["pending", "active", "suspended", "closed"]),
        ),
        may("only", OptionKind::Choice(&["unpaid", "low-balance"])),
        may("manager", OptionKind::Text(60)),
        may("reseller", OptionKind::Client),
    ],
    gate: Gate::Needs(Permission::FindView),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(list(call)),
};

async fn list(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::FindView)?;
    let mut values = call.args.values().clone();
    let what = call.args.need("what")?;
    let status = call.args.take("status");
    let only = call.args.take("only");
    let manager = call.args.take("manager");
    let reseller = call.args.take("reseller");
    call.args.clone().finish()?;
    if manager.is_some() && auth.scope() != Scope::House {
        return Err(Refusal::NotAllowed.into());
    }
    let reseller = match reseller {
        Some(text) => Some(call.other_client(&auth, "reseller", &text).await?),
        None => None,
    };
    if let Some(reseller) = reseller {
        values.set("reseller", client_value(reseller));
    }
    let after = match call.after.as_deref() {
        None | Some("") => None,
        Some(id) => Some(id.parse().map_err(|_| Refusal::UnknownButton)?),
    };
    let mut filter = Filter {
        class: if what == "resellers" {
            Class::Reseller
        } else {
            Class::User
        },
        status: status.as_deref().and_then(Status::from_name),
        manager: None,
        reseller,
        unpaid: only.as_deref() == Some("unpaid"),
        below: (only.as_deref() == Some("low-balance"))
            .then(|| Credits(LOW.saturating_mul(call.house.rules.unit.scale()))),
    };
    let house = call.house.clone();
    let (mut found, manager) = call
        .house
        .store
        .read_together(move |tx| {
            Box::pin(async move {
                if let Some(typed) = manager {
                    filter.manager = Some(house.staff_named(tx, &typed).await?);
                }
                let limit = super::client::PAGE + 1;
                let found = house.list(tx, &auth, &filter, after, limit).await?;
                Ok((found, filter.manager))
            })
        })
        .await?;
    if let Some(manager) = manager {
        values.set("manager", format!("#{manager}"));
    }
    let more = found.len() > super::client::PAGE;
    found.truncate(super::client::PAGE);
    let (say, rules) = (call.say, &call.house.rules);
    let mut reply = Reply::card(Card {
        title: super::form::choice_label(&what, say),
        text: if found.is_empty() {
            say.list_none()
        } else {
            String::new()
        },
        fields: found
            .iter()
            .map(|client| {
                let facts = [
                    client.username.clone(),
                    cards::status_label(client.status, say),
                    cards::credits(rules, client.balance, say),
                    say.list_unpaid(say.money(&rules.currency, client.unpaid)),
                ];
                (client.name.clone(), facts.join(" · "))
            })
            .collect(),
        ..Card::default()
    });
    for pair in found.chunks(2) {
        let view = |client: &crate::store::lists::Listed| {
            let label = say.button_view(super::client::short(&client.name));
            Button::new(Style::Secondary, label, Action::View(client.id))
        };
        reply = reply.row(pair.iter().map(view).collect());
    }
    let mut row = Vec::new();
    if after.is_some()
        && let Some(action) = paging::more(call.args.command(), &values, "")
    {
        row.push(Button::new(Style::Secondary, say.button_first(), action));
    }
    let last: Option<ClientId> = found.last().map(|client| client.id);
    if more && let Some(last) = last {
        match paging::more(call.args.command(), &values, &last.to_string()) {
            Some(action) => row.push(Button::new(Style::Secondary, say.button_next(), action)),
            None => reply.card.footer = say.list_narrow(),
        }
    }
    Ok(if row.is_empty() {
        reply
    } else {
        reply.row(row)
    })
}
