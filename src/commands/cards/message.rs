//! Default messages in words: what holds, what it becomes, and how a client gets it.

use super::{choice_label, credits};
use crate::chat::Sentences;
use crate::chat::sentences::spelling;
use crate::clock::Millis;
use crate::domain::credits::Credits;
use crate::domain::message::{Kind, Text};
use crate::domain::money::Money;
use crate::domain::request::Rewording;
use crate::domain::request::message::Sample;
use crate::services::Rules;
use crate::services::approvals::View;

/// A message's name in words.
pub fn label(kind: Kind, say: &Sentences) -> String {
    choice_label(kind.name(), say)
}

/// A language in words.
pub fn language(tag: &str, say: &Sentences) -> String {
    choice_label(tag, say)
}

/// The placeholders of a message, as they are written.
pub fn placeholders(kind: Kind) -> String {
    let all = kind.placeholders().iter().map(|name| spelling(name));
    all.collect::<Vec<_>>().join(", ")
}

/// What stands in place of placeholders. What is not there shows as nothing to speak of.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The client's name.
    pub name: String,
    /// The client's username.
    pub username: String,
    /// The client's balance.
    pub balance: Credits,
    /// The credits that moved.
    pub amount: Option<Credits>,
    /// The invoice's name.
    pub number: Option<String>,
    /// What the invoice asks for.
    pub total: Option<Money>,
    /// When it is to be paid.
    pub due: Option<Millis>,
    /// Why.
    pub reason: Option<String>,
    /// Where a password is set.
    pub link: Option<String>,
    /// For how many minutes that lives.
    pub minutes: Option<u32>,
}

/// Subject and body as a client gets them, with values in the language of `say`.
pub fn filled(rules: &Rules, text: &Text, facts: &Facts, say: &Sentences) -> (String, String) {
    text.fill(|name| {
        let value = match name {
            "name" => Some(facts.name.clone()),
            "username" => Some(facts.username.clone()),
            "business" => Some(rules.name.clone()),
            "balance" => Some(credits(rules, facts.balance, say)),
            "amount" => facts.amount.map(|amount| credits(rules, amount, say)),
            "number" => facts.number.clone(),
            "total" => facts.total.map(|total| say.money(&rules.currency, total)),
            "due" => facts.due.map(|due| say.moment(due)),
            "reason" => facts.reason.clone(),
            "link" => facts.link.clone(),
            "minutes" => facts.minutes.map(|minutes| minutes.to_string()),
            _ => None,
        };
        value
            .filter(|value| !value.is_empty())
            .unwrap_or_else(|| say.none())
    })
}

/// A message as a client gets it, filled in with a client and with made-up figures: whom it shows, and what.
pub fn sample(
    rules: &Rules,
    text: &Text,
    with: Option<&Sample>,
    (at, tag): (Millis, &str),
    say: &Sentences,
) -> (String, String) {
    let own = Sentences::of(tag, &rules.language);
    let made_up = Credits(500 * rules.unit.scale());
    let facts = Facts {
        name: with.map_or_else(|| own.sample_name(), |sample| sample.name.clone()),
        username: with.map_or_else(|| own.sample_username(), |sample| sample.username.clone()),
        balance: with.map_or(made_up, |sample| sample.balance),
        amount: Some(made_up),
        number: Some(own.sample_number()),
        total: Some(Money(2_500)),
        due: Some(at.plus(std::time::Duration::from_hours(24) * u32::from(rules.due_days))),
        reason: Some(own.sample_reason()),
        link: Some("https://example.com/password".to_owned()),
        minutes: Some(10),
    };
    let label = say.field_shown(facts.name.clone());
    let (subject, body) = filled(rules, text, &facts, own);
    (label, format!("{subject}\n\n{body}"))
}

/// A change in one line.
pub(super) fn title(rewording: &Rewording, say: &Sentences) -> String {
    let message = label(rewording.message, say);
    let language = language(&rewording.language, say);
    match rewording.restores {
        None => say.title_message_edit(message, language),
        Some(0) => say.title_message_built_in(message, language),
        Some(version) => say.title_message_restore(version, message, language),
    }
}

/// What a change shows: before, after, and how a client gets it then.
pub(super) fn fields(
    rules: &Rules,
    view: &View,
    rewording: &Rewording,
    fields: &mut Vec<(String, String)>,
    say: &Sentences,
) {
    let (before, after) = (&rewording.before, &rewording.after);
    let subject = if before.subject() == after.subject() {
        after.subject().to_owned()
    } else {
        say.change(before.subject(), after.subject())
    };
    fields.push((say.field_subject(), subject));
    if before.body() != after.body() {
        fields.push((say.field_body_before(), before.body().to_owned()));
    }
    fields.push((say.field_body(), after.body().to_owned()));
    let when = (view.request.created_at, rewording.language.as_str());
    let with = rewording.sample.as_ref();
    fields.push(sample(rules, after, with, when, say));
}
