//! Mails to clients in words: a default message, filled in with what holds when it goes out.

use super::courier::Effect;
use crate::chat::{Language, Sentences};
use crate::commands::cards::{MessageFacts, message_filled};
use crate::domain::client::Status;
use crate::domain::ids::{ClientId, InvoiceId, RequestId};
use crate::domain::invoice::Mode;
use crate::domain::message::Kind;
use crate::domain::request::{Billing, Intent, State};
use crate::services::House;
use crate::services::notices::Content;
use crate::store::billing::Invoice;
use crate::store::clients::{Client, Scope};
use crate::store::{Stop, Tx};

/// A mail; `None` where there is nothing to be said any more, or nowhere to say it.
pub(super) async fn effect(
    house: &House,
    tx: &mut Tx,
    content: &Content,
) -> Result<Option<Effect>, Stop> {
    let Content::Mail {
        mail,
        client,
        request,
        invoice,
    } = content
    else {
        return Ok(None);
    };
    let Some(client) = tx.client(*client, Scope::House).await? else {
        return Ok(None);
    };
    let Some(facts) = facts(tx, (*mail, &client), (*request, *invoice)).await? else {
        return Ok(None);
    };
    if client.email.is_empty() {
        return Ok(None);
    }
    let language = language(house, tx, client.id).await?;
    let text = house.message_in_force(tx, *mail, language).await?.text;
    let say = Sentences::of(language.name(), language.name());
    let (subject, body) = message_filled(&house.rules, &text, &facts, say);
    Ok(Some(Effect::Mail {
        to: client.email,
        subject,
        body,
    }))
}

/// The language of the client's people, else the business's.
async fn language(house: &House, tx: &mut Tx, client: ClientId) -> Result<Language, Stop> {
    let people = tx.people_of(client).await?;
    let mut spoken = people
        .iter()
        .filter_map(|account| Language::of(&account.locale));
    Ok(spoken.next().unwrap_or_else(|| house.language()))
}

/// What is said; `None` when it does not hold any more.
async fn facts(
    tx: &mut Tx,
    (mail, client): (Kind, &Client),
    (request, invoice): (Option<RequestId>, Option<InvoiceId>),
) -> Result<Option<MessageFacts>, Stop> {
    let facts = MessageFacts {
        name: client.name.clone(),
        username: client.username.clone(),
        balance: client.balance,
        ..MessageFacts::default()
    };
    if mail == Kind::Welcome {
        return Ok((client.status == Status::Active).then_some(facts));
    }
    if let Some(invoice) = invoice {
        let invoice = tx.invoice(invoice).await?;
        return Ok(billed(facts, invoice));
    }
    let request = match request {
        Some(request) => tx.request(request, false).await?,
        None => None,
    };
    let Some(request) = request.filter(|request| request.state == State::Applied) else {
        return Ok(None);
    };
    let issued = tx.invoice_by_request(request.id).await?;
    Ok(match &request.intent {
        Intent::AddCredit(add) if add.mode == Mode::Prepaid => billed(facts, issued),
        Intent::Invoice(Billing::Create { .. }) => billed(facts, issued),
        Intent::AddCredit(add) => Some(MessageFacts {
            amount: Some(add.amount.credits()),
            number: issued.as_ref().map(Invoice::name),
            total: Some(add.totals.total),
            ..facts
        }),
        Intent::Invoice(Billing::Pay {
            about,
            release: Some(release),
            ..
        }) => Some(MessageFacts {
            amount: Some(release.amount.credits()),
            number: Some(about.number.clone()),
            total: Some(about.left),
            ..facts
        }),
        Intent::Deduct(deduct) => Some(MessageFacts {
            amount: Some(deduct.amount.credits()),
            reason: Some(deduct.reason.clone()),
            ..facts
        }),
        Intent::Reverse(reverse) => Some(MessageFacts {
            amount: Some(reverse.amount.credits()),
            reason: Some(reverse.reason.clone()),
            ..facts
        }),
        _ => None,
    })
}

/// Facts of an invoice that is still to be paid.
fn billed(facts: MessageFacts, invoice: Option<Invoice>) -> Option<MessageFacts> {
    let invoice = invoice.filter(Invoice::is_open)?;
    Some(MessageFacts {
        number: Some(invoice.name()),
        total: Some(invoice.left()),
        due: invoice.due_at,
        ..facts
    })
}
