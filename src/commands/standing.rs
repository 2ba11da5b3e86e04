//! `client activate`, `client suspend` and `client close`: where a client stands.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop};
use crate::chat::{Reply, Visibility};
use crate::domain::client::Status;
use crate::domain::role::Permission;
use crate::services::access::authorise;

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

/// Let a client send and log in.
pub const ACTIVATE: Command = Command {
    name: "client activate",
    options: &[CLIENT],
    gate: Gate::Needs(Permission::Clients),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(change(call, Status::Active, "client activate")),
};

/// Keep a client from sending and logging in.
pub const SUSPEND: Command = Command {
    name: "client suspend",
    options: &[CLIENT, REASON],
    gate: Gate::Needs(Permission::Clients),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(change(call, Status::Suspended, "client suspend")),
};

/// End an account that has nothing left on it.
pub const CLOSE: Command = Command {
    name: "client close",
    options: &[CLIENT, REASON],
    gate: Gate::Needs(Permission::Clients),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(change(call, Status::Closed, "client close")),
};

async fn change(mut call: Call, after: Status, command: &'static str) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Clients)?;
    let text = call.args.need("client")?;
    let reason = call.args.take("reason").unwrap_or_default();
    call.args.clone().finish()?;
    let client = match call.one_client(&auth, &text, command).await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let intent = house
                .intend_status(tx, &auth, (client, after, reason))
                .await?;
            Ok((auth, intent))
        })
    })
    .await
}
