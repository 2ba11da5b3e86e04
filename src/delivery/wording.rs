//! Notices in words: what is shown to whom, from what holds when the notice goes out.

use crate::chat::{Address, Card, MessageRef, Reply, Sentences};
use crate::commands::cards::{self, Audience};
use crate::delivery::courier::Effect;
use crate::domain::chain::Head;
use crate::domain::client::Status;
use crate::domain::ids::PersonId;
use crate::domain::request::State;
use crate::services::access::standing;
use crate::services::notices::Content;
use crate::services::{House, Rules};
use crate::store::billing::Invoice;
use crate::store::clients::Scope;
use crate::store::days::Totals;
use crate::store::people::Known;
use crate::store::{Stop, Tx};

/// What a notice shows; `None` when there is nothing to show any more.
pub async fn effect(
    house: &House,
    tx: &mut Tx,
    content: &Content,
    to: Address,
) -> Result<Option<Worded>, Stop> {
    let rules = &house.rules;
    let business = || Sentences::of("", &rules.language);
    let request = match content {
        Content::Approval { request }
        | Content::Update { request, .. }
        | Content::Outcome { request, .. }
        | Content::Reminder { request }
        | Content::Told { request, .. }
        | Content::Solo { request } => *request,
        Content::Unpaid { invoice, person } => {
            let invoice = tx.invoice(*invoice).await?;
            // Perhaps it was paid since.
            let Some(invoice) = invoice.filter(Invoice::is_open) else {
                return Ok(None);
            };
            let say = spoken(tx, *person, rules).await?;
            let card = cards::invoice_reminder(rules, &invoice, house.now(), say);
            return Ok(Some(Worded {
                effect: post(Reply::card(card)),
                state: None,
            }));
        }
        Content::SignUps { clients, more, .. } => {
            let mut waiting = Vec::with_capacity(clients.len());
            for id in clients {
                // Perhaps somebody activated him since.
                let client = tx.client(*id, Scope::House).await?;
                waiting.extend(client.filter(|client| client.status == Status::Pending));
            }
            if waiting.is_empty() {
                return Ok(None);
            }
            let say = match content.person() {
                Some(person) => spoken(tx, person, rules).await?,
                None => business(),
            };
            return Ok(Some(Worded {
                effect: post(cards::sign_ups(&waiting, *more, say)),
                state: None,
            }));
        }
        Content::Freeze { frozen, by } => {
            let say = business();
            let card = cards::freeze_told(*frozen, by.clone(), say);
            return Ok(Some(Worded {
                effect: post(Reply::card(card)),
                state: None,
            }));
        }
        Content::Day { day, head, totals } => {
            let card = day_card(rules, (day, head), totals, business());
            return Ok(Some(Worded {
                effect: post(Reply::card(card)),
                state: None,
            }));
        }
        Content::Mail { .. } => {
            let effect = super::mail::effect(house, tx, content).await?;
            return Ok(effect.map(|effect| Worded {
                effect,
                state: None,
            }));
        }
        Content::Menu { identity } => {
            let accounts = tx.accounts(*identity).await?;
            let role = standing(rules, &accounts, None, house.now()).role;
            let account = accounts
                .iter()
                .find(|account| account.identity == *identity);
            let locale = account.map_or_else(String::new, |account| account.spoken().to_owned());
            return Ok(Some(Worded {
                effect: Effect::Menu { role, locale },
                state: None,
            }));
        }
    };
    let Some(view) = house.view_request(tx, request).await? else {
        return Ok(None);
    };
    let say = match content.person() {
        Some(person) => spoken(tx, person, rules).await?,
        None => business(),
    };
    let state = Some((view.request.state, view.approvals.len()));
    let effect = match content {
        Content::Approval { .. } => post(cards::request(rules, &view, Audience::Approvers, say)),
        Content::Update { message, own, .. } => {
            let audience = if *own {
                Audience::Requester
            } else {
                Audience::Approvers
            };
            edit(message.clone(), cards::request(rules, &view, audience, say))
        }
        Content::Outcome { .. } => {
            let mut reply = cards::request(rules, &view, Audience::Requester, say);
            reply.card.title = say.notice_outcome(reply.card.title);
            if let Address::DiscordUser(_) = to {
                // Direct messages carry no rights there: a press could only be refused.
                reply.buttons.clear();
            }
            post(reply)
        }
        Content::Reminder { .. } => {
            if view.request.state != State::Pending {
                return Ok(None);
            }
            let mut reply = cards::request(rules, &view, Audience::Approvers, say);
            reply.card.title = say.notice_reminder(reply.card.title);
            post(reply)
        }
        Content::Told { .. } => {
            let told = cards::money_back(rules, &view, say)
                .or_else(|| cards::account_told(&view, say))
                .or_else(|| cards::invoice_told(rules, &view, say));
            match told {
                Some(card) => post(Reply::card(card)),
                None => return Ok(None),
            }
        }
        Content::Solo { .. } => {
            let mut reply = cards::request(rules, &view, Audience::Approvers, say);
            reply.card.text = format!(
                "{}\n{}",
                say.notice_solo(view.request.requester_name.clone()),
                reply.card.text
            );
            post(reply)
        }
        Content::Day { .. }
        | Content::Mail { .. }
        | Content::Menu { .. }
        | Content::Unpaid { .. }
        | Content::SignUps { .. }
        | Content::Freeze { .. } => {
            return Ok(None);
        }
    };
    Ok(Some(Worded { effect, state }))
}

/// The words in a person's language.
async fn spoken(tx: &mut Tx, person: PersonId, rules: &Rules) -> Result<&'static Sentences, Stop> {
    let accounts = tx.accounts_of(person).await?;
    let locale = accounts
        .iter()
        .map(Known::spoken)
        .find(|locale| !locale.is_empty());
    Ok(Sentences::of(locale.unwrap_or_default(), &rules.language))
}

/// A notice in words, and how far the request was that it shows.
#[derive(Debug, Clone)]
pub struct Worded {
    /// What is to be done.
    pub effect: Effect,
    /// The request's state and number of approvals.
    pub state: Option<(State, usize)>,
}

/// What a day brought.
fn day_card(rules: &Rules, (day, head): (&str, &Head), totals: &Totals, say: &Sentences) -> Card {
    let credits = |amount| cards::credits(rules, amount, say);
    let invoiced = say.money(&rules.currency, totals.invoiced);
    Card {
        title: say.day_title(written(day, say)),
        fields: vec![
            (say.day_added(), credits(totals.added)),
            (say.day_deducted(), credits(totals.deducted)),
            (say.day_reversed(), credits(totals.reversed)),
            (
                say.day_invoices(),
                say.day_invoiced(totals.invoices, invoiced),
            ),
            (say.day_decided(), say.count(totals.decided)),
            (say.day_clients(), say.count(totals.clients)),
            (say.day_head(), head.to_string()),
        ],
        footer: say.day_keep(),
        ..Card::default()
    }
}

/// A day as 2027-01-15, in the words of the language.
fn written(day: &str, say: &Sentences) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    let parsed = time::Date::parse(day, format);
    parsed.map_or_else(|_| day.to_owned(), |day| say.date(day))
}

fn post(reply: Reply) -> Effect {
    Effect::Post {
        card: reply.card,
        buttons: reply.buttons,
    }
}

fn edit(message: MessageRef, reply: Reply) -> Effect {
    Effect::Edit {
        message,
        card: reply.card,
        buttons: reply.buttons,
    }
}
