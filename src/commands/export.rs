//! `export`: clients, a statement, invoices or the audit log as a file.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop};
use crate::chat::{Attachment, Card, Reply, Tone, Visibility};
use crate::domain::refusal::Refusal;
use crate::domain::role::Permission;
use crate::services::access::authorise;
use crate::services::export::What;

const WHAT: Opt = Opt {
    name: "what",
    kind: OptionKind::Choice(&["clients", "statement", "invoices", "audit"]),
    required: true,
};
const CLIENT: Opt = Opt {
    name: "client",
    kind: OptionKind::Client,
    required: false,
};

/// Hand out a CSV.
pub const EXPORT: Command = Command {
    name: "export",
    options: &[WHAT, CLIENT],
    gate: Gate::Needs(Permission::Statement),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(export(call)),
};

async fn export(mut call: Call) -> Result<Reply, Stop> {
    let sort = call.args.need("what")?;
    let permission = if sort == "audit" {
        Permission::AuditLog
    } else {
        Permission::Statement
    };
    let auth = authorise(&call.actor, permission)?;
    let named = call.args.take("client");
    call.args.clone().finish()?;
    let client = match &named {
        None => None,
        Some(text) => match call.one_client(&auth, text, "export").await? {
            Ok(client) => Some(client),
            Err(choice) => return Ok(choice),
        },
    };
    let what = match (sort.as_str(), client) {
        ("statement", client) => {
            // A reseller without more words means his own account.
            let client = client.or(call.actor.client);
            let client = client.ok_or_else(|| Refusal::Missing {
                option: CLIENT.name.to_owned(),
            })?;
            What::Statement(call.house.account_of(client).await?)
        }
        ("invoices", client) => What::Invoices(client),
        ("clients", None) => What::Clients,
        ("audit", None) => What::Audit,
        _ => {
            let typed = named.unwrap_or(sort);
            return Err(Refusal::Leftover { typed }.into());
        }
    };
    let (text, rows) = call.house.export_whole(&auth, what).await?;
    let today = call.house.now().utc().map(|now| now.date().to_string());
    let name = format!("{sort}-{}.csv", today.unwrap_or_default());
    let card = Card {
        title: call.say.export_title(),
        text: call
            .say
            .export_rows(i64::try_from(rows).unwrap_or(i64::MAX)),
        tone: Tone::Good,
        file: Some(Attachment::document(&name, "text/csv", text.into_bytes())),
        ..Card::default()
    };
    Ok(Reply::card(card))
}
