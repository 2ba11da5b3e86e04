//! `invoice create`, `view`, `list`, `paid`, `unpay`, `void`, `credit` and `tax`, and the form that adds a line.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop, cards, catalogue, client_value, paging};
use crate::chat::{Button, Card, Reply, Style, Visibility};
use crate::domain::ids::{ClientId, InvoiceId, RequestId};
use crate::domain::invoice::{self, InvoiceStatus, Line};
use crate::domain::money::TaxRate;
use crate::domain::refusal::Refusal;
use crate::domain::role::Permission;
use crate::services::access::{Authorised, authorise};
use crate::services::invoices::Bill;
use crate::store::billing::{Filter, Invoice};

/// Invoices on one page: four rows of two buttons leave one for paging.
const PAGE: usize = 8;

const CLIENT: Opt = Opt {
    name: "client",
    kind: OptionKind::Client,
    required: true,
};
const ANY_CLIENT: Opt = Opt {
    required: false,
    ..CLIENT
};
const INVOICE: Opt = Opt {
    name: "invoice",
    kind: OptionKind::Pick,
    required: true,
};
const REASON: Opt = Opt {
    name: "reason",
    kind: OptionKind::Text(300),
    required: true,
};

const fn text(name: &'static str, max: u16) -> Opt {
    Opt {
        name,
        kind: OptionKind::Text(max),
        required: true,
    }
}

/// Issue an invoice with lines.
pub const CREATE: Command = Command {
    name: "invoice create",
    options: &[
        CLIENT,
        text("lines", 1_500),
        Opt {
            required: false,
            ..text("due", 10)
        },
    ],
    gate: Gate::Needs(Permission::InvoiceCreate),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(create(call)),
};

/// Add a line to an invoice that is being drafted. Opened from the draft's card.
pub const LINE: Command = Command {
    name: "invoice line",
    options: &[
        Opt {
            name: "draft",
            kind: OptionKind::Pick,
            required: true,
        },
        text("text", 200),
        text("quantity", 16),
        text("each", 16),
    ],
    gate: Gate::Needs(Permission::InvoiceCreate),
    listed: false,
    visibility: Visibility::Private,
    handler: |call| Box::pin(line(call)),
};

/// Look at an invoice.
pub const VIEW: Command = Command {
    name: "invoice view",
    options: &[INVOICE, ANY_CLIENT],
    gate: Gate::Needs(Permission::FindView),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(view(call)),
};

/// List invoices.
pub const LIST: Command = Command {
    name: "invoice list",
    options: &[
        ANY_CLIENT,
        Opt {
            name: "status",
            kind: OptionKind::Choice(&["unpaid", "overdue", "paid", "voided"]),
            required: false,
        },
    ],
    gate: Gate::Needs(Permission::FindView),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(list(call)),
};

/// Record a payment.
pub const PAID: Command = Command {
    name: "invoice paid",
    options: &[INVOICE, text("reference", 200)],
    gate: Gate::Needs(Permission::InvoiceSettle),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(settle(call, "invoice paid")),
};

/// Take a payment back.
pub const UNPAY: Command = Command {
    name: "invoice unpay",
    options: &[INVOICE],
    gate: Gate::Needs(Permission::InvoiceSettle),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(settle(call, "invoice unpay")),
};

/// Take an unpaid invoice back.
pub const VOID: Command = Command {
    name: "invoice void",
    options: &[INVOICE],
    gate: Gate::Needs(Permission::InvoiceSettle),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(settle(call, "invoice void")),
};

/// Take money off an invoice.
pub const CREDIT: Command = Command {
    name: "invoice credit",
    options: &[INVOICE, text("money", 16), REASON],
    gate: Gate::Needs(Permission::InvoiceSettle),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(settle(call, "invoice credit")),
};

/// Give a client a tax rate of its own.
pub const TAX: Command = Command {
    name: "invoice tax",
    options: &[CLIENT, text("rate", 10)],
    gate: Gate::Needs(Permission::InvoiceSettle),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(tax(call)),
};

async fn create(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::InvoiceCreate)?;
    let text = call.args.need("client")?;
    let lines = call.args.need("lines")?;
    let due = call.args.take("due");
    call.args.clone().finish()?;
    let lines = invoice::lines(&lines, &call.house.rules.currency)
        .map_err(|typed| Refusal::BadLine { typed })?;
    let days = |typed: String| match typed.parse::<u16>() {
        Ok(days @ 0..=365) => Ok(days),
        _ => Err(Refusal::BadDays { typed }),
    };
    let due = due.map(days).transpose()?;
    let client = match call.one_client(&auth, &text, "invoice create").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    intended(&call, auth, Bill::Create { client, lines, due }).await
}

async fn intended(call: &Call, auth: Authorised, bill: Bill) -> Result<Reply, Stop> {
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let intent = house.intend_invoice(tx, &auth, bill).await?;
            Ok((auth, intent))
        })
    })
    .await
}

async fn line(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::InvoiceCreate)?;
    let draft = call.args.need("draft")?;
    let text = call.args.need("text")?;
    let quantity = call.args.need("quantity")?;
    let each = call.args.need("each")?;
    call.args.clone().finish()?;
    let draft: RequestId = draft.parse().map_err(|_| Refusal::RequestNotFound)?;
    let line = Line::parse(&text, &quantity, &each, &call.house.rules.currency);
    let line = line.ok_or_else(|| Refusal::BadLine {
        typed: format!("{text}; {quantity}; {each}"),
    })?;
    let event = call.event.clone();
    call.preview(None, move |house, tx| {
        Box::pin(async move {
            let more = (draft, line);
            let intent = house.one_more_line(tx, &auth, &event, more).await?;
            Ok((auth, intent))
        })
    })
    .await
}

async fn tax(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::InvoiceSettle)?;
    let text = call.args.need("client")?;
    let typed = call.args.need("rate")?;
    call.args.clone().finish()?;
    let rate = if typed.eq_ignore_ascii_case("business") {
        None
    } else {
        let rate = TaxRate::parse(&typed);
        Some(rate.ok_or(Refusal::BadRate { typed })?)
    };
    let client = match call.one_client(&auth, &text, "invoice tax").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    intended(&call, auth, Bill::Tax(client, rate)).await
}

/// What is done with one invoice; while it is not named, those are shown with which it can be done.
async fn settle(mut call: Call, command: &'static str) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::InvoiceSettle)?;
    let Some(text) = call.args.take("invoice") else {
        let status = match command {
            "invoice unpay" => Some(InvoiceStatus::Paid),
            "invoice credit" => None,
            _ => Some(InvoiceStatus::Unpaid),
        };
        let filter = Filter {
            status,
            due_before: None,
        };
        return page(&call, &auth, command, (None, filter)).await;
    };
    let reference = call.args.take("reference");
    let money = call.args.take("money");
    let reason = call.args.take("reason").unwrap_or_default();
    call.args.clone().finish()?;
    let id = named(&call, &auth, text).await?;
    let bill = match command {
        "invoice unpay" => Bill::Unpay(id),
        "invoice void" => Bill::Void(id),
        "invoice credit" => {
            let typed = money.unwrap_or_default();
            let amount = call.house.rules.currency.parse(&typed);
            Bill::Credit(id, amount.ok_or(Refusal::BadMoney { typed })?, reason)
        }
        _ => Bill::Pay(id, reference.unwrap_or_default()),
    };
    intended(&call, auth, bill).await
}

async fn named(call: &Call, auth: &Authorised, text: String) -> Result<InvoiceId, Stop> {
    let (house, auth) = (call.house.clone(), auth.clone());
    call.house
        .store
        .read(move |tx| Box::pin(async move { house.named_invoice(tx, &auth, &text).await }))
        .await
}

async fn view(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::FindView)?;
    let invoice = call.args.take("invoice");
    let client = match of_client(&mut call, &auth, "invoice view").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    let Some(text) = invoice else {
        return page(&call, &auth, "invoice view", (client, Filter::default())).await;
    };
    let id = named(&call, &auth, text).await?;
    let house = call.house.clone();
    let shown = call
        .house
        .store
        .read_together(move |tx| Box::pin(async move { house.show_invoice(tx, &auth, id).await }))
        .await?;
    Ok(cards::invoice_card(
        &call.house,
        &call.actor,
        &shown,
        call.say,
    ))
}

/// The client whose invoices are asked for, if any; `Err` of the inner result lets one be chosen.
async fn of_client(
    call: &mut Call,
    auth: &Authorised,
    command: &'static str,
) -> Result<Result<Option<ClientId>, Reply>, Stop> {
    let Some(text) = call.args.values().get("client").map(str::to_owned) else {
        return Ok(Ok(None));
    };
    let found = call.one_client(auth, &text, command).await?;
    if let Ok(client) = found {
        call.args.set("client", client_value(client));
    }
    Ok(found.map(Some))
}

async fn list(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::FindView)?;
    let client = match of_client(&mut call, &auth, "invoice list").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    let status = call.args.values().get("status");
    let filter = match status {
        Some("overdue") => Filter {
            status: Some(InvoiceStatus::Unpaid),
            due_before: Some(call.house.now()),
        },
        status => Filter {
            status: status.and_then(InvoiceStatus::from_name),
            due_before: None,
        },
    };
    page(&call, &auth, "invoice list", (client, filter)).await
}

/// A page of invoices, each with a button that goes on with the command.
async fn page(
    call: &Call,
    auth: &Authorised,
    command: &'static str,
    what: (Option<ClientId>, Filter),
) -> Result<Reply, Stop> {
    let before: Option<InvoiceId> = match &call.after {
        Some(after) => Some(after.parse().map_err(|_| Refusal::UnknownButton)?),
        None => None,
    };
    let (house, auth) = (call.house.clone(), auth.clone());
    let (found, more) = call
        .house
        .store
        .read(move |tx| {
            Box::pin(async move { house.list_invoices(tx, &auth, what, before, PAGE).await })
        })
        .await?;
    let (say, rules, now) = (call.say, &call.house.rules, call.house.now());
    let mut card = Card {
        title: say.invoices_title(),
        ..Card::default()
    };
    if found.is_empty() {
        card.text = say.invoices_none();
    }
    // A list is there to be looked into; the others pick what they are about.
    let goes_on = if command == "invoice list" {
        "invoice view"
    } else {
        command
    };
    let mut buttons = Vec::new();
    for invoice in &found {
        let name = invoice.name();
        card.fields.push((
            say.invoices_line(name.clone(), say.money(&rules.currency, invoice.total)),
            facts(invoice, now, call),
        ));
        let action = cards::invoice_pick(goes_on, invoice);
        buttons.push(Button::new(Style::Secondary, name, action));
    }
    let mut reply = Reply::card(card);
    reply.buttons = buttons.chunks(2).map(<[Button]>::to_vec).collect();
    let mut row = Vec::new();
    let more_from = |after: &str| {
        catalogue::command(command)
            .and_then(|command| paging::more(command, call.args.values(), after))
    };
    if before.is_some()
        && let Some(first) = more_from("")
    {
        row.push(Button::new(Style::Secondary, say.button_first(), first));
    }
    if more
        && let Some(last) = found.last()
        && let Some(next) = more_from(&last.id.to_string())
    {
        row.push(Button::new(Style::Secondary, say.button_next(), next));
    }
    Ok(reply.row(row))
}

fn facts(invoice: &Invoice, now: crate::clock::Millis, call: &Call) -> String {
    let mut facts = vec![
        invoice.client.clone(),
        cards::invoice_standing(invoice, now, call.say),
    ];
    if invoice.is_open()
        && let Some(due) = invoice.due_at
    {
        facts.push(call.say.due_on(call.say.moment(due)));
    }
    facts.join(" · ")
}
