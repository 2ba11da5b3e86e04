//! `people invite`, `people list`, `people role`, `people remove`, `people freeze` and `people unfreeze`.

use super::catalogue::{Command, Gate, Opt, OptionKind, command as named};
use super::{Call, Stop, cards, client, paging};
use crate::chat::{Action, Button, Card, Reply, Style, Values, Visibility};
use crate::domain::ids::{ClientId, PersonId, from_base32};
use crate::domain::refusal::Refusal;
use crate::domain::request::State;
use crate::domain::role::{Permission, Role};
use crate::services::access::authorise;
use crate::services::approvals::View;
use crate::services::clients::Named;
use crate::services::people::Member;

/// People on one page.
const PAGE: usize = 8;

const PERSON: Opt = Opt {
    name: "person",
    kind: OptionKind::Pick,
    required: true,
};
const ROLES: Opt = Opt {
    name: "role",
    kind: OptionKind::Choice(&["support", "finance", "admin", "auditor", "reseller"]),
    required: true,
};
const CLIENT: Opt = Opt {
    name: "client",
    kind: OptionKind::Client,
    required: false,
};

/// Invite a person by one-time code.
pub const INVITE: Command = Command {
    name: "people invite",
    options: &[
        ROLES,
        Opt {
            name: "name",
            kind: OptionKind::Text(80),
            required: true,
        },
        CLIENT,
    ],
    gate: Gate::Needs(Permission::People),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(invite(call)),
};

/// Who there is, and what everybody's role rests on.
pub const LIST: Command = Command {
    name: "people list",
    options: &[],
    gate: Gate::Needs(Permission::People),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(list(call)),
};

/// Give somebody another role.
pub const ROLE: Command = Command {
    name: "people role",
    options: &[PERSON, ROLES, CLIENT],
    gate: Gate::Needs(Permission::People),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(change(call)),
};

/// End what somebody may do.
pub const REMOVE: Command = Command {
    name: "people remove",
    options: &[PERSON],
    gate: Gate::Needs(Permission::People),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(remove(call)),
};

/// Stop every change.
pub const FREEZE: Command = Command {
    name: "people freeze",
    options: &[],
    gate: Gate::Needs(Permission::People),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(freeze(call, true)),
};

/// Let changes go on.
pub const UNFREEZE: Command = Command {
    name: "people unfreeze",
    options: &[],
    gate: Gate::Needs(Permission::TopPeople),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(freeze(call, false)),
};

async fn freeze(call: Call, freeze: bool) -> Result<Reply, Stop> {
    let actor = call.actor.clone();
    call.preview(None, move |house, tx| {
        Box::pin(async move { house.intend_freeze(tx, &actor, freeze).await })
    })
    .await
}

async fn list(call: Call) -> Result<Reply, Stop> {
    people(&call, "people list").await
}

async fn change(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::People)?;
    let Some(text) = call.args.take("person") else {
        return people(&call, "people role").await;
    };
    let role = call.args.need("role")?;
    let role = Role::from_name(&role).ok_or(Refusal::Missing {
        option: "role".to_owned(),
    })?;
    let client = call.args.take("client");
    call.args.clone().finish()?;
    let member = match one_person(&call, &text, "people role").await? {
        Ok(member) => member,
        Err(choice) => return Ok(choice),
    };
    let client = match client {
        None => None,
        Some(text) => match call.one_client(&auth, &text, "people role").await? {
            Ok(client) => Some(client),
            Err(choice) => return Ok(choice),
        },
    };
    let actor = call.actor.clone();
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let wish = (member.person, role, client);
            house.intend_role(tx, &actor, wish).await
        })
    })
    .await
}

async fn remove(mut call: Call) -> Result<Reply, Stop> {
    authorise(&call.actor, Permission::People)?;
    let Some(text) = call.args.take("person") else {
        return people(&call, "people remove").await;
    };
    call.args.clone().finish()?;
    let member = match one_person(&call, &text, "people remove").await? {
        Ok(member) => member,
        Err(choice) => return Ok(choice),
    };
    let actor = call.actor.clone();
    call.preview(None, move |house, tx| {
        Box::pin(async move { house.intend_remove(tx, &actor, member.person).await })
    })
    .await
}

/// The person whom a text names, with his Discord roles as they are now; or the reply that lets one be chosen.
async fn one_person(call: &Call, text: &str, command: &str) -> Result<Result<Member, Reply>, Stop> {
    let (house, actor, text) = (call.house.clone(), call.actor.clone(), text.to_owned());
    let found = call
        .house
        .store
        .read(move |tx| Box::pin(async move { house.people_called(tx, &actor, &text).await }))
        .await?;
    let [member] = &found[..] else {
        return Ok(Err(shown(call, &found, command)));
    };
    if let (Some(members), Some(_)) = (&call.members, member.roots.discord) {
        for account in &member.accounts {
            if account.messenger == crate::chat::Messenger::Discord
                && let Err(Stop::Fault(fault)) = call
                    .house
                    .refresh_roles(members.as_ref(), account.user)
                    .await
            {
                // What was observed last stands.
                fault.log();
            }
        }
    }
    Ok(Ok(member.clone()))
}

/// A page of people: to read, or for a command to pick from.
async fn people(call: &Call, command: &str) -> Result<Reply, Stop> {
    let after = match &call.after {
        Some(after) => {
            let id = from_base32(after).map_err(|_| Refusal::UnknownButton)?;
            Some(PersonId(id))
        }
        None => None,
    };
    let (house, actor) = (call.house.clone(), call.actor.clone());
    let (found, more) = call
        .house
        .store
        .read(move |tx| Box::pin(async move { house.people(tx, &actor, after, PAGE).await }))
        .await?;
    let reply = shown(call, &found, command);
    let say = call.say;
    let mut row = Vec::new();
    let page = |after: &str| paging::more(named(command)?, &Values::default(), after);
    if after.is_some() {
        row.extend(page("").map(|to| Button::new(Style::Secondary, say.button_first(), to)));
    }
    if more && let Some(last) = found.last() {
        let next = page(&last.person.to_string());
        row.extend(next.map(|to| Button::new(Style::Secondary, say.button_next(), to)));
    }
    Ok(reply.row(row))
}

fn shown(call: &Call, found: &[Member], command: &str) -> Reply {
    let say = call.say;
    let picks = command != "people list";
    let mut card = Card {
        title: say.people_title(),
        text: if picks {
            say.people_which()
        } else {
            String::new()
        },
        ..Card::default()
    };
    let mut buttons = Vec::new();
    for member in found {
        card.fields.push((member.name.clone(), facts(call, member)));
        if picks {
            buttons.push(Button::new(
                Style::Secondary,
                member.name.clone(),
                Action::Pick {
                    command: command.to_owned(),
                    client: None,
                    about: member.person.to_string(),
                },
            ));
        }
    }
    let mapped = &call.house.rules.roles.discord_roles;
    if !picks && !mapped.is_empty() {
        let lines = mapped
            .iter()
            .map(|(id, role)| format!("{id}: {}", cards::role_label(role.name(), say)));
        let lines = lines.collect::<Vec<_>>().join("\n");
        card.fields.push((say.field_discord_roles(), lines));
    }
    let mut reply = Reply::card(card);
    reply.buttons = buttons.chunks(2).map(<[Button]>::to_vec).collect();
    reply
}

/// What a person is, what that rests on, his accounts, and since when he is here.
fn facts(call: &Call, member: &Member) -> String {
    let say = call.say;
    let label = |role: Role| cards::role_label(role.name(), say);
    let roots = &member.roots;
    let rests = [
        roots.code.map(|role| say.root_code(label(role))),
        roots
            .configuration
            .map(|role| say.root_configuration(label(role))),
        roots.discord.map(|role| say.root_discord(label(role))),
    ];
    let mut rests: Vec<String> = rests.into_iter().flatten().collect();
    if rests.is_empty() {
        rests.push(say.none());
    }
    let accounts = member.accounts.iter().map(ToString::to_string);
    let accounts = accounts.collect::<Vec<_>>().join(", ");
    let since = say.people_since(say.moment(member.since));
    format!("{}\n{accounts}\n{since}", rests.join("\n"))
}

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
