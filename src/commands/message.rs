//! `message edit`, `message history` and `message restore`: the default messages that clients are sent.

use super::catalogue::{Command, Gate, Opt, OptionKind, command as named};
use super::{Call, Stop, cards, client_value, paging};
use crate::chat::{Action, Button, Card, Language, Reply, Style, Values, Visibility};
use crate::domain::ids::ClientId;
use crate::domain::message::{BODY, Kind, NAMES, SUBJECT};
use crate::domain::refusal::Refusal;
use crate::domain::role::Permission;
use crate::services::access::authorise;
use crate::services::messages::{Change, InForce, Origin};
use crate::store::templates::Version;

/// Versions on one page.
const PAGE: usize = 5;

/// What a button asks for that opens the form of the text, in place of a page.
const TEXT: &str = "text";

const fn may(name: &'static str, kind: OptionKind) -> Opt {
    Opt {
        name,
        kind,
        required: false,
    }
}

const MESSAGE: Opt = may("message", OptionKind::Choice(NAMES));
const LANGUAGE: Opt = may("language", OptionKind::Choice(Language::TAGS));

/// See a message, and change it.
pub const EDIT: Command = Command {
    name: "message edit",
    options: &[
        MESSAGE,
        LANGUAGE,
        may("subject", OptionKind::Text(SUBJECT)),
        may("body", OptionKind::Text(BODY)),
        may("client", OptionKind::Client),
    ],
    gate: Gate::Needs(Permission::Templates),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(edit(call)),
};

/// The versions of a message.
pub const HISTORY: Command = Command {
    name: "message history",
    options: &[MESSAGE, LANGUAGE],
    gate: Gate::Needs(Permission::Templates),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(history(call)),
};

/// Bring an earlier version back.
pub const RESTORE: Command = Command {
    name: "message restore",
    options: &[MESSAGE, LANGUAGE, may("version", OptionKind::Pick)],
    gate: Gate::Needs(Permission::Templates),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(restore(call)),
};

/// A message in one language.
#[derive(Clone, Copy)]
struct Which {
    kind: Kind,
    language: Language,
}

impl Which {
    /// As the values of a command.
    fn values(self) -> Values {
        Values::from([
            ("message", self.kind.name()),
            ("language", self.language.name()),
        ])
    }

    /// Its name in words.
    fn title(self, call: &Call) -> String {
        let message = cards::message_label(self.kind, call.say);
        let language = cards::language_label(self.language.name(), call.say);
        call.say.message_title(message, language)
    }
}

/// The message that is named, in the language that is named or else the business's; `None` where none is.
fn which(call: &mut Call) -> Result<Option<Which>, Refusal> {
    let missing = |option: &str| Refusal::Missing {
        option: option.to_owned(),
    };
    let language = match call.args.take("language") {
        Some(tag) => Language::from_name(&tag).ok_or_else(|| missing("language"))?,
        None => call.house.language(),
    };
    let Some(name) = call.args.take("message") else {
        return Ok(None);
    };
    let kind = Kind::from_name(&name).ok_or_else(|| missing("message"))?;
    Ok(Some(Which { kind, language }))
}

async fn edit(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Templates)?;
    let which = which(&mut call)?;
    let subject = call.args.take("subject");
    let body = call.args.take("body");
    let client = call.args.take("client");
    call.args.clone().finish()?;
    let client = match client {
        None => None,
        Some(text) => match call.one_client(&auth, &text, "message edit").await? {
            Ok(client) => Some(client),
            Err(choice) => return Ok(choice),
        },
    };
    let Some(which) = which else {
        return Ok(all(&call, client));
    };
    if subject.is_none() && body.is_none() {
        return if call.after.as_deref() == Some(TEXT) {
            fill_in(&call, which, client).await
        } else {
            view(&call, which, client).await
        };
    }
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let change = Change::Edit { subject, body };
            let Which { kind, language } = which;
            let intent = house
                .intend_message(tx, &auth, (kind, language), change, client)
                .await?;
            Ok((auth, intent))
        })
    })
    .await
}

/// Every message, to pick one.
fn all(call: &Call, client: Option<ClientId>) -> Reply {
    let command = call.args.command();
    let buttons = Kind::ALL.iter().filter_map(|kind| {
        let values = with_client(Values::from([("message", kind.name())]), client);
        let action = paging::more(command, &values, "")?;
        let label = cards::message_label(*kind, call.say);
        Some(Button::new(Style::Secondary, label, action))
    });
    let buttons: Vec<_> = buttons.collect();
    let mut reply = Reply::card(Card {
        title: call.say.messages_title(),
        text: call.say.messages_which(),
        ..Card::default()
    });
    reply.buttons = buttons.chunks(2).map(<[Button]>::to_vec).collect();
    reply
}

fn with_client(mut values: Values, client: Option<ClientId>) -> Values {
    if let Some(client) = client {
        values.set("client", client_value(client));
    }
    values
}

async fn in_force(call: &Call, which: Which) -> Result<InForce, Stop> {
    let house = call.house.clone();
    call.house
        .store
        .read_together(move |tx| {
            Box::pin(async move {
                let Which { kind, language } = which;
                Ok(house.message_in_force(tx, kind, language).await?)
            })
        })
        .await
}

/// A message as it is sent, with what may be done with it.
async fn view(call: &Call, which: Which, client: Option<ClientId>) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Templates)?;
    let InForce { text, origin } = in_force(call, which).await?;
    let house = call.house.clone();
    let sample = call
        .house
        .store
        .read(move |tx| Box::pin(async move { house.sample(tx, &auth, client).await }))
        .await?;
    let (say, rules) = (call.say, &call.house.rules);
    let when = (call.house.now(), which.language.name());
    let card = Card {
        title: which.title(call),
        text: match origin {
            Origin::Own { version, by, at } => say.message_own(version, by, say.moment(at)),
            Origin::Business(language) => {
                say.message_from(cards::language_label(language.name(), say))
            }
            Origin::Program => say.message_built_in(),
        },
        fields: vec![
            (say.field_subject(), text.subject().to_owned()),
            (say.field_body(), text.body().to_owned()),
            (
                say.field_placeholders(),
                cards::message_placeholders(which.kind),
            ),
            cards::message_sample(rules, &text, sample.as_ref(), when, say),
        ],
        ..Card::default()
    };
    let values = with_client(which.values(), client);
    let mut row = Vec::new();
    row.extend(text_button(call, &values));
    row.extend(button(
        "message history",
        &which.values(),
        say.button_history(),
    ));
    let others = Language::ALL
        .iter()
        .filter(|other| **other != which.language);
    let others = others.filter_map(|other| {
        let mut values = values.clone();
        values.set("language", other.name());
        let label = say.button_in_language(cards::language_label(other.name(), say));
        button("message edit", &values, label)
    });
    let mut others: Vec<_> = others.collect();
    let none = with_client(Values::default(), client);
    others.extend(button("message edit", &none, say.button_all_messages()));
    Ok(Reply::card(card).row(row).row(others))
}

fn text_button(call: &Call, values: &Values) -> Option<Button> {
    let action = paging::more(call.args.command(), values, TEXT)?;
    let label = call.say.button_edit_message();
    Some(Button::new(Style::Primary, label, action))
}

fn button(command: &str, values: &Values, label: String) -> Option<Button> {
    let action: Action = paging::more(named(command)?, values, "")?;
    Some(Button::new(Style::Secondary, label, action))
}

/// The form of subject and text, in which stands what is sent until now.
async fn fill_in(call: &Call, which: Which, client: Option<ClientId>) -> Result<Reply, Stop> {
    let InForce { text, .. } = in_force(call, which).await?;
    let values = with_client(which.values(), client);
    let present = Values::from([("subject", text.subject()), ("body", text.body())]);
    let reply = call
        .prefilled(values.clone(), present, which.title(call))
        .await?;
    // Where a window cannot open any more, the same button once more.
    Ok(match text_button(call, &values) {
        Some(button) if reply.buttons.is_empty() => reply.row(vec![button]),
        _ => reply,
    })
}

async fn history(mut call: Call) -> Result<Reply, Stop> {
    authorise(&call.actor, Permission::Templates)?;
    let which = which(&mut call)?;
    call.args.clone().finish()?;
    match which {
        None => Ok(all(&call, None)),
        Some(which) => versions(&call, which).await,
    }
}

async fn restore(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Templates)?;
    let which = which(&mut call)?;
    let version = call.args.take("version");
    call.args.clone().finish()?;
    let Some(which) = which else {
        return Ok(all(&call, None));
    };
    let Some(typed) = version else {
        return versions(&call, which).await;
    };
    let version: i64 = typed
        .parse()
        .ok()
        .filter(|version| *version >= 0)
        .ok_or(Refusal::VersionNotFound { typed })?;
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let Which { kind, language } = which;
            let change = Change::Restore(version);
            let intent = house
                .intend_message(tx, &auth, (kind, language), change, None)
                .await?;
            Ok((auth, intent))
        })
    })
    .await
}

/// A page of versions, newest first, each of which can be brought back.
async fn versions(call: &Call, which: Which) -> Result<Reply, Stop> {
    let below = match &call.after {
        Some(after) => Some(after.parse().map_err(|_| Refusal::UnknownButton)?),
        None => None,
    };
    let house = call.house.clone();
    let (found, more) = call
        .house
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Which { kind, language } = which;
                Ok(house
                    .message_versions(tx, (kind, language), below, PAGE)
                    .await?)
            })
        })
        .await?;
    let say = call.say;
    let message = cards::message_label(which.kind, say);
    let language = cards::language_label(which.language.name(), say);
    let card = Card {
        title: say.history_title(message, language),
        text: if found.is_empty() {
            say.history_none()
        } else {
            say.history_which()
        },
        fields: found.iter().map(|version| field(call, version)).collect(),
        ..Card::default()
    };
    let mut buttons = Vec::new();
    // What holds is not brought back.
    let holds = below.is_none().then(|| found.first()).flatten();
    let earlier = found.iter().skip(usize::from(below.is_none()));
    for version in earlier.filter(|version| version.text.is_some()) {
        let label = say.button_restore(version.version);
        buttons.extend(back(which, version.version, label));
    }
    if holds.is_some_and(|version| version.text.is_some()) {
        buttons.extend(back(which, 0, say.button_restore_built_in()));
    }
    let mut reply = Reply::card(card);
    reply.buttons = buttons.chunks(2).map(<[Button]>::to_vec).collect();
    let mut row = Vec::new();
    let command = call.args.command().name;
    if below.is_some() {
        row.extend(button(command, &which.values(), say.button_first()));
    }
    if more && let Some(last) = found.last() {
        let after = last.version.to_string();
        let next = paging::more(call.args.command(), &which.values(), &after);
        row.extend(next.map(|action| Button::new(Style::Secondary, say.button_next(), action)));
    }
    row.extend(button("message edit", &which.values(), which.title(call)));
    Ok(reply.row(row))
}

fn field(call: &Call, version: &Version) -> (String, String) {
    let say = call.say;
    let at = say.moment(version.at);
    let text = match &version.text {
        Some(text) => format!(
            "{}\n{}",
            say.history_by(version.by.clone(), at),
            text.subject()
        ),
        None => say.history_built_in(version.by.clone(), at),
    };
    (say.history_version(version.version), text)
}

fn back(which: Which, version: i64, label: String) -> Option<Button> {
    let mut values = which.values();
    values.set("version", version.to_string());
    button("message restore", &values, label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_are_those_that_there_are() {
        let OptionKind::Choice(tags) = LANGUAGE.kind else {
            panic!("no choice");
        };
        assert!(
            Language::ALL
                .iter()
                .map(|one| one.name())
                .eq(tags.iter().copied())
        );
    }

    #[test]
    fn every_button_of_a_message_fits() {
        let client = ClientId(i64::MAX);
        for &kind in Kind::ALL {
            let language = Language::Fr;
            let which = Which { kind, language };
            let values = with_client(which.values(), Some(client));
            assert!(paging::more(&EDIT, &values, TEXT).is_some(), "{kind:?}");
            assert!(back(which, 1_000_000, String::new()).is_some(), "{kind:?}");
        }
    }
}
