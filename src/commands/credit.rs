//! `credit add` and `credit request`.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop, client};
use crate::chat::{Placement, Reply, Visibility};
use crate::domain::invoice::Mode;
use crate::domain::refusal::Refusal;
use crate::domain::request::Intent;
use crate::domain::role::Permission;
use crate::services::access::{Authorised, authorise};
use crate::services::clients::Named;
use crate::services::credits::Wish;

const AMOUNT: Opt = Opt {
    name: "amount",
    kind: OptionKind::Amount,
    required: true,
};

/// Add credit to a client.
pub const ADD: Command = Command {
    name: "credit add",
    options: &[
        Opt {
            name: "client",
            kind: OptionKind::Client,
            required: true,
        },
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
    call.args.clone().finish()?;
    let client = match call.client(&auth, &text).await? {
        Named::One(id) => id,
        Named::Several(found) => return Ok(client::choose(&call, "credit add", &text, &found)),
    };
    preview(
        &call,
        auth,
        Wish {
            client,
            amount,
            mode,
            note,
            for_himself: false,
        },
    )
    .await
}

async fn request(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::CreditRequest)?;
    let amount = call.args.amount("amount", call.house.rules.unit)?;
    let note = call.args.need("reference")?;
    call.args.clone().finish()?;
    let client = call.actor.client.ok_or(Refusal::NotAllowed)?;
    preview(
        &call,
        auth,
        Wish {
            client,
            amount,
            mode: Mode::OnAccount,
            note,
            for_himself: true,
        },
    )
    .await
}

/// Drafts a wish and shows what will happen.
async fn preview(call: &Call, auth: Authorised, wish: Wish) -> Result<Reply, Stop> {
    let (house, event) = (call.house.clone(), call.event.clone());
    let view = call
        .house
        .store
        .write(move |tx| {
            Box::pin(async move {
                if let Some(view) = house.drafted(tx, &event).await? {
                    return Ok(view);
                }
                let intent = house.intend_credit(tx, &auth, wish).await?;
                house.draft(tx, &auth, &event, intent).await
            })
        })
        .await?;
    Ok(call.own_card(&view))
}

/// Asks the same again, as a new request at today's prices.
pub async fn again(call: &Call, id: crate::domain::ids::RequestId) -> Result<Reply, Stop> {
    let (house, actor) = (call.house.clone(), call.actor.clone());
    let request = call
        .house
        .store
        .read(move |tx| Box::pin(async move { house.again(tx, &actor, id).await }))
        .await?;
    let auth = authorise(&call.actor, request.intent.permission())?;
    match request.intent {
        Intent::AddCredit(add) => {
            let wish = Wish {
                client: add.client,
                amount: add.amount,
                mode: add.mode,
                note: add.note,
                for_himself: add.for_himself,
            };
            Ok(preview(call, auth, wish).await?.placed(Placement::New))
        }
        Intent::Invite { role, name, client } => {
            super::people::preview(call, role, name, client).await
        }
    }
}
