//! `client find` and `client view`.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop, cards, client_value};
use crate::chat::action::FindCursor;
use crate::chat::{Action, Button, Card, Placement, Reply, Style, Visibility};
use crate::domain::ids::ClientId;
use crate::domain::role::Permission;
use crate::services::access::{Authorised, authorise};
use crate::services::clients::{Finding, Named};
use crate::store::clients::Found;

/// Rows on one page: four rows of two buttons leave one for paging.
pub const PAGE: usize = 8;

const CLIENT: Opt = Opt {
    name: "client",
    kind: OptionKind::Client,
    required: true,
};

/// Find clients by the first letters.
pub const FIND: Command = Command {
    name: "client find",
    options: &[CLIENT],
    gate: Gate::Needs(Permission::FindView),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(find(call)),
};

/// View one client's card.
pub const VIEW: Command = Command {
    name: "client view",
    options: &[CLIENT],
    gate: Gate::Needs(Permission::FindView),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(view(call)),
};

async fn find(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::FindView)?;
    let query = call.args.need("client")?;
    call.args.clone().finish()?;
    // A completion that was picked names one client; there is nothing left to find.
    if query.starts_with('#')
        && let Named::One(id) = call.client(&auth, &query).await?
    {
        return card(&call, &auth, id).await;
    }
    page(&call, &auth, &query, None).await
}

/// A page of found clients.
pub async fn page(
    call: &Call,
    auth: &Authorised,
    query: &str,
    after: Option<FindCursor>,
) -> Result<Reply, Stop> {
    let (house, authorised, text) = (call.house.clone(), auth.clone(), query.to_owned());
    let Finding { found, more, cut } = call
        .house
        .store
        .read(move |tx| {
            Box::pin(async move { house.find(tx, &authorised, &text, after, PAGE).await })
        })
        .await?;
    let say = call.say;
    if found.is_empty() {
        let card = Card {
            title: say.find_none_title(),
            text: if cut {
                say.find_none_yet()
            } else {
                say.find_none(query)
            },
            ..Card::default()
        };
        return Ok(Reply::card(card));
    }
    let mut reply = list(call, &found, say.find_title(query));
    if cut {
        reply.card.footer = say.find_narrow();
    }
    let mut row = Vec::new();
    if after.is_some() {
        let action = Action::Find {
            after: None,
            query: query.to_owned(),
        };
        row.push(Button::new(Style::Secondary, say.button_first(), action));
    }
    if more && let Some(last) = found.last() {
        let action = Action::Find {
            after: Some(last.cursor()),
            query: query.to_owned(),
        };
        if action.fits() {
            row.push(Button::new(Style::Secondary, say.button_next(), action));
        } else {
            reply.card.footer = say.find_narrow();
        }
    }
    row.retain(|button| button.action.fits());
    Ok(reply.row(row))
}

fn list(call: &Call, found: &[Found], title: String) -> Reply {
    let say = call.say;
    let fields = found
        .iter()
        .map(|client| {
            let facts = [
                client.username.as_str(),
                client.class.name(),
                &cards::status_label(client.status, say),
            ]
            .join(" · ");
            (client.name.clone(), facts)
        })
        .collect();
    let mut reply = Reply::card(Card {
        title,
        fields,
        ..Card::default()
    });
    for pair in found.chunks(2) {
        let buttons = pair
            .iter()
            .map(|client| {
                Button::new(
                    Style::Secondary,
                    say.button_view(short(&client.name)),
                    Action::View(client.id),
                )
            })
            .collect();
        reply = reply.row(buttons);
    }
    reply
}

/// A name as it fits on a button.
pub(super) fn short(name: &str) -> String {
    if name.chars().count() <= 24 {
        return name.to_owned();
    }
    let mut cut: String = name.chars().take(23).collect();
    cut.push('…');
    cut
}

async fn view(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::FindView)?;
    let text = call.args.need("client")?;
    match call.client(&auth, &text).await? {
        Named::One(id) => card(&call, &auth, id).await,
        Named::Several(found) => Ok(list(
            &call,
            &found[..found.len().min(PAGE)],
            call.say.find_which(text),
        )),
    }
}

/// The card of one client.
pub async fn card(call: &Call, auth: &Authorised, id: ClientId) -> Result<Reply, Stop> {
    let (house, auth) = (call.house.clone(), auth.clone());
    let client = call
        .house
        .store
        .read(move |tx| Box::pin(async move { house.page_of(tx, &auth, id).await }))
        .await?;
    Ok(cards::client(&call.house, &call.actor, &client, call.say))
}

/// Clients to choose from for a command that was given an ambiguous name: each button opens the command for one.
pub fn choose(call: &Call, command: &str, text: &str, found: &[Found]) -> Reply {
    let mut reply = list(
        call,
        &found[..found.len().min(PAGE)],
        call.say.find_which(text),
    );
    let choose = found.iter().take(PAGE).map(|client| {
        let action = Action::Open {
            command: command.to_owned(),
            client: Some(client.id),
        };
        Button::new(
            Style::Secondary,
            call.say.button_choose(short(&client.name)),
            action,
        )
    });
    let buttons: Vec<Button> = choose.collect();
    reply.buttons = buttons.chunks(2).map(<[Button]>::to_vec).collect();
    reply
}

/// A press on a client or a page: in place of the message that carried the button.
pub async fn pressed(call: &Call, action: &Action) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::FindView)?;
    let reply = match action {
        Action::View(id) => card(call, &auth, *id).await?,
        Action::Find { after, query } => page(call, &auth, query, *after).await?,
        _ => return Err(crate::domain::refusal::Refusal::UnknownButton.into()),
    };
    Ok(reply.placed(Placement::Edit))
}

/// What is sent when a completion is picked.
pub fn suggestion(client: &Found) -> crate::chat::Suggestion {
    crate::chat::Suggestion {
        label: format!("{} ({})", client.name, client.username),
        value: client_value(client.id),
    }
}
