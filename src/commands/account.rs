//! `link`, `me`, `help`: what concerns the person who asks.

use super::catalogue::{CATALOGUE, Command, Gate, Opt, OptionKind};
use super::{Call, Stop, cards, form, paging};
use crate::chat::{
    Action, Button, Card, Language, Reply, Sentences, Style, Tone, Values, Visibility,
};
use crate::domain::role::{Permission, Role};
use crate::services::House;
use crate::store::clients::Scope;

/// Link an account by one-time code.
pub const LINK: Command = Command {
    name: "link",
    options: &[Opt {
        name: "code",
        kind: OptionKind::Text(64),
        required: true,
    }],
    gate: Gate::Open,
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(link(call)),
};

/// Make a code that adds an account on another messenger. Opened from `me`.
pub const ADD: Command = Command {
    name: "account add",
    options: &[],
    gate: Gate::Open,
    listed: false,
    visibility: Visibility::Private,
    handler: |call| Box::pin(add(call)),
};

const LANGUAGE: Opt = Opt {
    name: "language",
    kind: OptionKind::Choice(Language::CHOICES),
    required: false,
};

/// Who one is here, and in which language one is spoken to.
pub const ME: Command = Command {
    name: "me",
    options: &[LANGUAGE],
    gate: Gate::Open,
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(me(call)),
};

/// What one can do.
pub const HELP: Command = Command {
    name: "help",
    options: &[],
    gate: Gate::Open,
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(async move { Ok(help(&call)) }),
};

async fn link(mut call: Call) -> Result<Reply, Stop> {
    let code = call.args.need("code")?;
    call.args.clone().finish()?;
    let (house, actor, event) = (call.house.clone(), call.actor.clone(), call.event.clone());
    let linked = call
        .house
        .store
        .write(move |tx| Box::pin(async move { house.link(tx, &actor, &event, &code).await }))
        .await?;
    let say = call.say;
    let text = match (linked.added, linked.who.role) {
        (false, Some(role)) => say.linked(linked.who.name, cards::role_label(role.name(), say)),
        _ => say.linked_added(linked.who.name),
    };
    Ok(Reply::card(Card {
        title: say.linked_title(),
        text,
        tone: Tone::Good,
        ..Card::default()
    }))
}

async fn add(call: Call) -> Result<Reply, Stop> {
    call.args.clone().finish()?;
    let (house, actor) = (call.house.clone(), call.actor.clone());
    let code = call
        .house
        .store
        .write(move |tx| Box::pin(async move { house.account_code(tx, &actor).await }))
        .await?;
    let say = call.say;
    let mut fields = vec![(say.field_code(), code.clone())];
    if let Some(bot) = call.house.telegram_name.get() {
        fields.push((say.field_link(), format!("https://t.me/{bot}?start={code}")));
    }
    Ok(Reply::card(Card {
        title: say.account_title(),
        text: say.account_text(),
        fields,
        ..Card::default()
    }))
}

async fn me(mut call: Call) -> Result<Reply, Stop> {
    if let Some(choice) = call.args.take(LANGUAGE.name) {
        let language = Language::from_name(&choice);
        let (house, actor, event) = (call.house.clone(), call.actor.clone(), call.event.clone());
        call.house
            .store
            .write(move |tx| {
                Box::pin(async move { house.choose_language(tx, &actor, &event, language).await })
            })
            .await?;
        call.actor.language = language.map(|language| language.name().to_owned());
        call.say = Sentences::of(call.actor.spoken(), &call.house.rules.language);
    }
    call.args.clone().finish()?;
    let say = call.say;
    let actor = &call.actor;
    let mut card = Card {
        title: actor.name.clone(),
        ..Card::default()
    };
    let role = actor
        .role
        .map_or_else(|| say.none(), |role| cards::role_label(role.name(), say));
    card.fields.push((say.field_role(), role));
    card.fields
        .push((say.field_account(), actor.identity.to_string()));
    if !actor.place.carries_rights() {
        card.text = say.refusal_no_rights_here();
        return Ok(Reply::card(card));
    }
    if actor.role.is_none() {
        card.text = say.refusal_not_linked();
        return Ok(Reply::card(card));
    }
    let own = say.language_name();
    let spoken = match actor.language {
        Some(_) => own,
        None => say.language_followed(own),
    };
    card.fields.push((say.field_language(), spoken));
    let mut row = Vec::new();
    if let (Some(Role::Reseller), Some(id)) = (actor.role, actor.client) {
        let client = call
            .house
            .store
            .read(move |tx| Box::pin(async move { Ok(tx.client(id, Scope::House).await?) }))
            .await?;
        if let Some(client) = client {
            card.fields.push((say.field_client(), client.name.clone()));
            card.fields.push((
                say.field_balance(),
                cards::credits(&call.house.rules, client.balance, say),
            ));
            card.fields
                .push((say.field_status(), cards::status_label(client.status, say)));
            if House::may(actor, Permission::CreditRequest) {
                let ask = Action::Open {
                    command: "credit request".to_owned(),
                    client: None,
                };
                row.push(Button::new(Style::Primary, say.button_ask_credit(), ask));
            }
        }
    }
    let add = Action::Open {
        command: ADD.name.to_owned(),
        client: None,
    };
    row.push(Button::new(Style::Secondary, say.button_add_account(), add));
    let mut reply = Reply::card(card).row(row);
    for row in languages(&call).chunks(4) {
        reply = reply.row(row.to_vec());
    }
    Ok(reply)
}

/// A button for each language that one may be spoken to in besides the present one.
fn languages(call: &Call) -> Vec<Button> {
    let chosen = call.actor.language.as_deref();
    let present = chosen.unwrap_or("messenger");
    let others = Language::CHOICES
        .iter()
        .filter(|choice| **choice != present);
    others
        .filter_map(|choice| {
            let values = Values::from([(LANGUAGE.name, *choice)]);
            let choose = paging::more(&ME, &values, "")?;
            let label = form::choice_label(choice, call.say);
            Some(Button::new(Style::Secondary, label, choose))
        })
        .collect()
}

fn help(call: &Call) -> Reply {
    let say = call.say;
    let role = call
        .actor
        .role
        .filter(|_| call.actor.place.carries_rights());
    let shown = CATALOGUE
        .iter()
        .filter(|command| command.listed && command.gate.admits(role));
    // In the text, because fields are 25 at most on Discord.
    let mut families: Vec<(&str, Vec<String>)> = Vec::new();
    for command in shown {
        let usage = command.usage();
        let Some((family, _)) = command.name.split_once(' ') else {
            let summary = say.text(&command.summary_id()).unwrap_or_default();
            families.push(("", vec![format!("{usage}: {summary}")]));
            continue;
        };
        if let Some((_, lines)) = families.iter_mut().find(|(known, _)| *known == family) {
            lines.push(usage);
        } else {
            let about = say.text(&format!("command-{family}"));
            let about = about.unwrap_or_else(|| family.to_owned());
            families.push((family, vec![String::new(), about, usage]));
        }
    }
    let commands = families.into_iter().flat_map(|(_, lines)| lines);
    let text = if role.is_some() {
        say.help_text()
    } else {
        say.help_unlinked()
    };
    let lines: Vec<String> = std::iter::once(text).chain(commands).collect();
    Reply::card(Card {
        title: say.help_title(call.house.rules.name.clone()),
        text: lines.join("\n"),
        ..Card::default()
    })
}
