//! `credit add`, `credit request`, `credit deduct`, `credit reverse` and `credit limit`; what was asked again and what is
//! undone.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop, cards};
use crate::chat::{Action, Button, Card, Placement, Reply, Style, Visibility};
use crate::domain::credits::Credits;
use crate::domain::ids::{ClientId, PostingId, RequestId};
use crate::domain::invoice::{self, Mode};
use crate::domain::refusal::Refusal;
use crate::domain::role::Permission;
use crate::services::access::{Authorised, authorise};
use crate::services::credits::{Taking, Undoing, Wish};

const AMOUNT: Opt = Opt {
    name: "amount",
    kind: OptionKind::Amount,
    required: true,
};

const CLIENT: Opt = Opt {
    name: "client",
    kind: OptionKind::Client,
    required: true,
};
const REASON: Opt = Opt {
    name: "reason",
    kind: OptionKind::Text(300),
    required: true,
};

/// Postings to pick from at once.
const RECENT: usize = 8;

/// Add credit to a client.
pub const ADD: Command = Command {
    name: "credit add",
    options: &[
        CLIENT,
        AMOUNT,
        Opt {
            name: "mode",
            kind: OptionKind::Choice(&["on-account", "prepaid", "gift"]),
            required: false,
        },
        Opt {
            name: "note",
            kind: OptionKind::Text(500),
            required: false,
        },
        Opt {
            name: "price",
            kind: OptionKind::Price,
            required: false,
        },
    ],
    gate: Gate::Needs(Permission::Credit),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(add(call)),
};

/// Ask for credit for oneself.
pub const REQUEST: Command = Command {
    name: "credit request",
    options: &[
        AMOUNT,
        Opt {
            name: "reference",
            kind: OptionKind::Text(200),
            required: true,
        },
    ],
    gate: Gate::Needs(Permission::CreditRequest),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(request(call)),
};

/// Deduct credit from a client.
pub const DEDUCT: Command = Command {
    name: "credit deduct",
    options: &[CLIENT, AMOUNT, REASON],
    gate: Gate::Needs(Permission::Credit),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(deduct(call)),
};

/// Take back what was added or deducted before.
pub const REVERSE: Command = Command {
    name: "credit reverse",
    options: &[
        CLIENT,
        Opt {
            name: "posting",
            kind: OptionKind::Pick,
            required: true,
        },
        REASON,
        Opt {
            name: "amount",
            kind: OptionKind::Amount,
            required: false,
        },
    ],
    gate: Gate::Needs(Permission::Credit),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(reverse(call)),
};

/// Let a client's balance go below zero so far.
pub const LIMIT: Command = Command {
    name: "credit limit",
    options: &[
        CLIENT,
        Opt {
            name: "limit",
            kind: OptionKind::Text(20),
            required: true,
        },
    ],
    gate: Gate::Needs(Permission::TopPeople),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(limit(call)),
};

async fn add(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Credit)?;
    let text = call.args.need("client")?;
    let amount = call.args.amount("amount", call.house.rules.unit)?;
    let mode = call.args.take("mode");
    let mode = mode
        .as_deref()
        .and_then(Mode::from_name)
        .unwrap_or(Mode::OnAccount);
    let note = call.args.take("note").unwrap_or_default();
    let price = call.args.price("price")?;
    call.args.clone().finish()?;
    let client = match call.one_client(&auth, &text, "credit add").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    let wish = Wish {
        client,
        amount,
        mode,
        price,
        note,
        for_himself: false,
    };
    wished(&call, auth, wish).await
}

async fn request(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::CreditRequest)?;
    let amount = call.args.amount("amount", call.house.rules.unit)?;
    let note = call.args.need("reference")?;
    call.args.clone().finish()?;
    let wish = Wish {
        client: call.actor.client.ok_or(Refusal::NotAllowed)?,
        amount,
        mode: Mode::OnAccount,
        price: None,
        note,
        for_himself: true,
    };
    wished(&call, auth, wish).await
}

async fn wished(call: &Call, auth: Authorised, wish: Wish) -> Result<Reply, Stop> {
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let intent = house.intend_credit(tx, &auth, wish).await?;
            Ok((auth, intent))
        })
    })
    .await
}

async fn deduct(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Credit)?;
    let text = call.args.need("client")?;
    let amount = call.args.amount("amount", call.house.rules.unit)?;
    let reason = call.args.need("reason")?;
    call.args.clone().finish()?;
    let client = match call.one_client(&auth, &text, "credit deduct").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    let wish = Taking {
        client,
        amount,
        reason,
    };
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let intent = house.intend_deduct(tx, &auth, wish).await?;
            Ok((auth, intent))
        })
    })
    .await
}

async fn reverse(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Credit)?;
    let text = call.args.need("client")?;
    let posting = call.args.take("posting");
    let client = match call.one_client(&auth, &text, "credit reverse").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    let Some(posting) = posting else {
        return recent(&call, auth, client).await;
    };
    let id: i64 = crate::domain::ids::from_base32(posting.trim_start_matches('#'))
        .map_err(|_| Refusal::PostingNotFound)?;
    let reason = call.args.need("reason")?;
    let amount = match call.args.values().get("amount") {
        Some(_) => Some(call.args.amount("amount", call.house.rules.unit)?),
        None => None,
    };
    call.args.clone().finish()?;
    let wish = Undoing {
        client,
        posting: PostingId(id),
        amount,
        reason,
    };
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let intent = house.intend_reverse(tx, &auth, wish).await?;
            Ok((auth, intent))
        })
    })
    .await
}

/// A client's recent postings, to pick one from.
async fn recent(call: &Call, auth: Authorised, client: ClientId) -> Result<Reply, Stop> {
    let house = call.house.clone();
    let (name, found) = call
        .house
        .store
        .read_together(move |tx| {
            Box::pin(async move {
                let name = house.view(tx, &auth, client).await?.name;
                let found = house.recent_postings(tx, &auth, client, RECENT).await?;
                Ok((name, found))
            })
        })
        .await?;
    let (say, rules) = (call.say, &call.house.rules);
    let mut card = Card {
        title: say.reverse_title(name),
        text: if found.is_empty() {
            say.reverse_none()
        } else {
            String::new()
        },
        ..Card::default()
    };
    let mut buttons = Vec::new();
    for posting in &found {
        let amount = Credits(posting.amount.0.saturating_abs());
        let shown = cards::credits(rules, amount, say);
        let what = if posting.amount > Credits::ZERO {
            say.posting_added(shown.clone())
        } else {
            say.posting_deducted(shown.clone())
        };
        let mut facts = say.moment(posting.created_at);
        if let (Some(prefix), Some(number)) = (&posting.prefix, posting.number) {
            facts = format!("{facts} · {}", invoice::number(prefix, number));
        }
        card.fields.push((what, facts));
        buttons.push(Button::new(
            Style::Secondary,
            say.button_take_back(shown),
            Action::Pick {
                command: "credit reverse".to_owned(),
                client: Some(client),
                about: posting.id.to_string(),
            },
        ));
    }
    let mut reply = Reply::card(card);
    reply.buttons = buttons.chunks(2).map(<[Button]>::to_vec).collect();
    Ok(reply)
}

async fn limit(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::TopPeople)?;
    let text = call.args.need("client")?;
    let typed = call.args.need("limit")?;
    call.args.clone().finish()?;
    // Zero takes the overdraft away; no other command knows that amount.
    let limit = if typed == "0" {
        Credits::ZERO
    } else {
        let parsed = call.house.rules.unit.parse(&typed);
        let amount = parsed.map_err(|why| Refusal::BadLimit { typed, why })?;
        amount.credits()
    };
    let client = match call.one_client(&auth, &text, "credit limit").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let intent = house.intend_overdraft(tx, &auth, (client, limit)).await?;
            Ok((auth, intent))
        })
    })
    .await
}

/// Asks the same again, as a new request at today's facts.
pub async fn again(call: &Call, id: RequestId) -> Result<Reply, Stop> {
    let actor = call.actor.clone();
    let reply = call
        .preview(None, move |house, tx| {
            Box::pin(async move {
                let request = house.again(tx, &actor, id).await?;
                let auth = authorise(&actor, request.intent.permission())?;
                let intent = house.intend_again(tx, &auth, &request.intent).await?;
                Ok((auth, intent))
            })
        })
        .await?;
    Ok(reply.placed(Placement::New))
}

/// Undoes what a request did: shown first, like everything that changes something.
pub async fn undo(call: &Call, id: RequestId) -> Result<Reply, Stop> {
    let actor = call.actor.clone();
    let reply = call
        .preview(Some(id), move |house, tx| {
            Box::pin(async move {
                let request = tx.request(id, true).await?;
                let request = request.ok_or(Refusal::RequestNotFound)?;
                house.undoing(tx, &actor, &request).await
            })
        })
        .await?;
    Ok(reply.placed(Placement::New))
}
