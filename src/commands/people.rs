//! `people invite`.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop, client};
use crate::chat::{Reply, Visibility};
use crate::domain::ids::ClientId;
use crate::domain::refusal::Refusal;
use crate::domain::request::State;
use crate::domain::role::{Permission, Role};
use crate::services::access::authorise;
use crate::services::approvals::View;
use crate::services::clients::Named;

/// Invite a person by one-time code.
pub const INVITE: Command = Command {
    name: "people invite",
    options: &[
        Opt {
            name: "role",
            kind: OptionKind::Choice(&["support", "finance", "admin", "auditor", "reseller"]),
            required: true,
        },
        Opt {
            name: "name",
            kind: OptionKind::Text(80),
            required: true,
        },
        Opt {
            name: "client",
            kind: OptionKind::Client,
            required: false,
        },
    ],
    gate: Gate::Needs(Permission::People),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(invite(call)),
};

async fn invite(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::People)?;
    let role = call.args.need("role")?;
    let role = Role::from_name(&role).ok_or(Refusal::Missing {
        option: "role".to_owned(),
    })?;
    let name = call.args.need("name")?;
    let client = call.args.take("client");
    call.args.clone().finish()?;
    let client = match client {
        None => None,
        Some(text) => match call.client(&auth, &text).await? {
            Named::One(id) => Some(id),
            Named::Several(found) => {
                return Ok(client::choose(&call, "people invite", &text, &found));
            }
        },
    };
    preview(&call, role, name, client).await
}

/// Drafts an invitation and shows what will happen.
pub async fn preview(
    call: &Call,
    role: Role,
    name: String,
    client: Option<ClientId>,
) -> Result<Reply, Stop> {
    let actor = call.actor.clone();
    call.preview(None, move |house, tx| {
        Box::pin(async move { house.intend_invite(tx, &actor, role, name, client).await })
    })
    .await
}

/// Puts an invitation's code onto its card: the only time that it is shown.
pub fn add_code(call: &Call, reply: &mut Reply, view: &View, code: &str) {
    let say = call.say;
    reply.card.fields.push((say.field_code(), code.to_owned()));
    if let Some(bot) = call.house.telegram_name.get() {
        reply
            .card
            .fields
            .push((say.field_link(), format!("https://t.me/{bot}?start={code}")));
    }
    let how = if view.request.state == State::Applied {
        say.code_now()
    } else {
        say.code_later()
    };
    reply.card.text = format!("{}\n{how}", reply.card.text);
}
