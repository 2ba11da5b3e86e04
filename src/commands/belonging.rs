//! `class set`, `manager set`, `reseller set` and `referral set`: what a client may do, and to whom it belongs.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop};
use crate::chat::{Action, Button, Card, Reply, Style, Visibility};
use crate::domain::client::Class;
use crate::domain::ids::ClientId;
use crate::domain::refusal::Refusal;
use crate::domain::role::Permission;
use crate::services::access::{Authorised, authorise};
use crate::services::clients::Named;

/// Typed in place of a name: nobody.
const NOBODY: &str = "none";

/// People to pick from at once: the rows of two that a message has.
const STAFF: usize = 10;

const CLIENT: Opt = Opt {
    name: "client",
    kind: OptionKind::Client,
    required: true,
};

/// Change what a client may do.
pub const CLASS: Command = Command {
    name: "class set",
    options: &[
        CLIENT,
        Opt {
            name: "class",
            kind: OptionKind::Choice(&["USER", "RESELLER", "ADMIN"]),
            required: true,
        },
        Opt {
            name: "heir",
            kind: OptionKind::Client,
            required: false,
        },
    ],
    gate: Gate::Needs(Permission::Reseller),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(class(call)),
};

/// Change who looks after a client.
pub const MANAGER: Command = Command {
    name: "manager set",
    options: &[
        CLIENT,
        Opt {
            name: "manager",
            kind: OptionKind::Pick,
            required: true,
        },
    ],
    gate: Gate::Needs(Permission::Manager),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(manager(call)),
};

/// Move a client to another reseller.
pub const RESELLER: Command = Command {
    name: "reseller set",
    options: &[
        CLIENT,
        Opt {
            name: "reseller",
            kind: OptionKind::Client,
            required: true,
        },
    ],
    gate: Gate::Needs(Permission::Reseller),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(reseller(call)),
};

/// Change who brought a client.
pub const REFERRAL: Command = Command {
    name: "referral set",
    options: &[
        CLIENT,
        Opt {
            name: "referral",
            kind: OptionKind::Client,
            required: true,
        },
    ],
    gate: Gate::Needs(Permission::Manager),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(referral(call)),
};

async fn class(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Reseller)?;
    let text = call.args.need("client")?;
    let typed = call.args.need("class")?;
    let heir = call.args.take("heir");
    call.args.clone().finish()?;
    let after = Class::from_name(&typed).ok_or(Refusal::Missing {
        option: "class".to_owned(),
    })?;
    let client = match call.one_client(&auth, &text, "class set").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    let heir = match heir {
        Some(heir) => Some(call.other_client(&auth, "heir", &heir).await?),
        None => None,
    };
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let intent = house.intend_class(tx, &auth, (client, after, heir)).await?;
            Ok((auth, intent))
        })
    })
    .await
}

async fn reseller(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Reseller)?;
    let text = call.args.need("client")?;
    let other = call.args.need("reseller")?;
    call.args.clone().finish()?;
    let client = match call.one_client(&auth, &text, "reseller set").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    let after = call.other_or_nobody(&auth, "reseller", &other).await?;
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let intent = house.intend_reseller(tx, &auth, (client, after)).await?;
            Ok((auth, intent))
        })
    })
    .await
}

async fn referral(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Manager)?;
    let text = call.args.need("client")?;
    let other = call.args.need("referral")?;
    call.args.clone().finish()?;
    let client = match call.one_client(&auth, &text, "referral set").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    let after = call.other_or_nobody(&auth, "referral", &other).await?;
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let intent = house.intend_referral(tx, &auth, (client, after)).await?;
            Ok((auth, intent))
        })
    })
    .await
}

async fn manager(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Manager)?;
    let text = call.args.need("client")?;
    let typed = call.args.take("manager");
    call.args.clone().finish()?;
    let client = match call.one_client(&auth, &text, "manager set").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    let Some(typed) = typed else {
        return staff(&call, auth, client).await;
    };
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let after = if typed.eq_ignore_ascii_case(NOBODY) {
                None
            } else {
                Some(house.staff_named(tx, &typed).await?)
            };
            let intent = house.intend_manager(tx, &auth, (client, after)).await?;
            Ok((auth, intent))
        })
    })
    .await
}

/// Everybody who can look after a client, to pick one of them.
async fn staff(call: &Call, auth: Authorised, client: ClientId) -> Result<Reply, Stop> {
    let house = call.house.clone();
    let (client_now, staff) = call
        .house
        .store
        .read_together(move |tx| {
            Box::pin(async move {
                let found = house.view(tx, &auth, client).await?;
                Ok((found, house.staff(tx).await?))
            })
        })
        .await?;
    let say = call.say;
    let pick = |label: String, about: String| {
        let command = "manager set".to_owned();
        let client = Some(client);
        let action = Action::Pick {
            command,
            client,
            about,
        };
        Button::new(Style::Secondary, label, action)
    };
    let mut buttons: Vec<_> = staff
        .iter()
        .take(STAFF - 1)
        .map(|person| {
            let name = super::client::short(&person.name);
            pick(say.button_choose(name), person.id.to_string())
        })
        .collect();
    let mut card = Card {
        title: say.manager_title(client_now.name),
        fields: vec![(
            say.field_manager(),
            client_now.manager.clone().unwrap_or_else(|| say.none()),
        )],
        ..Card::default()
    };
    if staff.len() >= STAFF {
        card.footer = say.manager_more();
    }
    if client_now.manager.is_some() {
        buttons.push(pick(say.button_nobody(), NOBODY.to_owned()));
    }
    let mut reply = Reply::card(card);
    reply.buttons = buttons.chunks(2).map(<[Button]>::to_vec).collect();
    Ok(reply)
}

impl Call {
    /// The client whom an option names besides the one that the command is about.
    pub async fn other_client(
        &self,
        auth: &Authorised,
        option: &'static str,
        text: &str,
    ) -> Result<ClientId, Stop> {
        match self.client(auth, text).await {
            Ok(Named::One(id)) => Ok(id),
            Ok(Named::Several(_)) | Err(Stop::Refusal(Refusal::ClientNotFound { .. })) => {
                Err(Refusal::NoSuchOther {
                    option,
                    query: text.to_owned(),
                }
                .into())
            }
            Err(stop) => Err(stop),
        }
    }

    /// The same where nobody may be meant as well.
    pub async fn other_or_nobody(
        &self,
        auth: &Authorised,
        option: &'static str,
        text: &str,
    ) -> Result<Option<ClientId>, Stop> {
        if text.eq_ignore_ascii_case(NOBODY) {
            return Ok(None);
        }
        self.other_client(auth, option, text).await.map(Some)
    }
}
