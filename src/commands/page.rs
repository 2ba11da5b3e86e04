//! `client new`, `client edit`, `client note` and `client tag`: what a client's page says.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop};
use crate::chat::{Reply, Visibility};
use crate::domain::client::Class;
use crate::domain::ids::ClientId;
use crate::domain::money::UnitPrice;
use crate::domain::refusal::Refusal;
use crate::domain::request::Details;
use crate::domain::role::Permission;
use crate::services::access::authorise;
use crate::services::accounts::pages::{Edit, Wanted};

const CLIENT: Opt = Opt {
    name: "client",
    kind: OptionKind::Client,
    required: true,
};

const fn may(name: &'static str, kind: OptionKind) -> Opt {
    Opt {
        name,
        kind,
        required: false,
    }
}

const fn must(name: &'static str, kind: OptionKind) -> Opt {
    Opt {
        name,
        kind,
        required: true,
    }
}

/// Make a client.
pub const NEW: Command = Command {
    name: "client new",
    options: &[
        must("fullname", OptionKind::Text(100)),
        must("username", OptionKind::Text(32)),
        may("email", OptionKind::Text(254)),
        may("phone", OptionKind::Text(30)),
        may("class", OptionKind::Choice(&["USER", "RESELLER"])),
        may("reseller", OptionKind::Client),
        may("price", OptionKind::Price),
    ],
    gate: Gate::Needs(Permission::Clients),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(new(call)),
};

/// Change what a client is called, how it is reached and what it pays.
pub const EDIT: Command = Command {
    name: "client edit",
    options: &[
        CLIENT,
        must(
            "part",
            OptionKind::Choice(&["name", "email", "phone", "price"]),
        ),
        must("value", OptionKind::Text(254)),
    ],
    gate: Gate::Needs(Permission::Clients),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(edit(call)),
};

/// Note something about a client.
pub const NOTE: Command = Command {
    name: "client note",
    options: &[CLIENT, must("text", OptionKind::Text(500))],
    gate: Gate::Needs(Permission::Password),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(note(call)),
};

/// Put a tag on a client, or take it off.
pub const TAG: Command = Command {
    name: "client tag",
    options: &[CLIENT, must("tag", OptionKind::Text(30))],
    gate: Gate::Needs(Permission::Password),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(tag(call)),
};

async fn new(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Clients)?;
    let details = Details {
        name: call.args.need("fullname")?,
        email: call.args.take("email").unwrap_or_default(),
        phone: call.args.take("phone").unwrap_or_default(),
        price: call.args.price("price")?,
    };
    let username = call.args.need("username")?;
    let class = call.args.take("class");
    let reseller = call.args.take("reseller");
    call.args.clone().finish()?;
    let reseller = match reseller {
        Some(text) => call.other_or_nobody(&auth, "reseller", &text).await?,
        None => None,
    };
    let class = class.as_deref().and_then(Class::from_name);
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let wanted = Wanted {
                id: ClientId(house.ids.next()),
                username,
                details,
                class: class.unwrap_or(Class::User),
                reseller,
            };
            let intent = house.intend_new(tx, &auth, wanted).await?;
            Ok((auth, intent))
        })
    })
    .await
}

async fn edit(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Clients)?;
    let text = call.args.need("client")?;
    let part = call.args.need("part")?;
    let value = call.args.need("value")?;
    call.args.clone().finish()?;
    let empty = value.eq_ignore_ascii_case("none");
    let given = if empty { String::new() } else { value };
    let edit = match part.as_str() {
        "name" => Edit::Name(given),
        "email" => Edit::Email(given),
        "phone" => Edit::Phone(given),
        _ if empty => Edit::Price(None),
        _ => {
            let price = UnitPrice::parse(&given).ok_or(Refusal::BadDetail {
                option: "price",
                typed: given.chars().take(60).collect(),
            })?;
            Edit::Price(Some(price))
        }
    };
    let client = match call.one_client(&auth, &text, "client edit").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let intent = house.intend_edit(tx, &auth, (client, edit)).await?;
            Ok((auth, intent))
        })
    })
    .await
}

async fn note(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Password)?;
    let text = call.args.need("client")?;
    let note = call.args.need("text")?;
    call.args.clone().finish()?;
    let client = match call.one_client(&auth, &text, "client note").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let intent = house.intend_note(tx, &auth, (client, note)).await?;
            Ok((auth, intent))
        })
    })
    .await
}

async fn tag(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Password)?;
    let text = call.args.need("client")?;
    let tag = call.args.need("tag")?.to_lowercase();
    call.args.clone().finish()?;
    let client = match call.one_client(&auth, &text, "client tag").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let intent = house.intend_tag(tx, &auth, (client, tag)).await?;
            Ok((auth, intent))
        })
    })
    .await
}
