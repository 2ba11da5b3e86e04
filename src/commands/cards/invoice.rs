//! Invoices in words: one of them, a draft, and what its client is told.

use super::{choice_label, credits, named};
use crate::chat::{Action, Button, Card, Reply, Sentences, Style, Tone};
use crate::clock::Millis;
use crate::commands::{Gate, catalogue::command};
use crate::domain::ids::RequestId;
use crate::domain::invoice::{self, InvoiceStatus, Line};
use crate::domain::money::{Money, TaxRate};
use crate::domain::request::{Billing, Intent, Payer};
use crate::services::access::{Actor, authorise};
use crate::services::approvals::View;
use crate::services::invoices::Shown;
use crate::services::{House, Rules};
use crate::store::billing::Invoice;

/// What is done, in one line.
pub(super) fn title(rules: &Rules, billing: &Billing, client: String, say: &Sentences) -> String {
    let show = |money: Money| say.money(&rules.currency, money);
    match billing {
        Billing::Create { totals, .. } => say.title_invoice_create(show(totals.total), client),
        Billing::Pay { about, .. } => say.title_invoice_paid(about.number.clone()),
        Billing::Unpay { about, .. } => say.title_invoice_unpay(about.number.clone()),
        Billing::Void { about } => say.title_invoice_void(about.number.clone()),
        Billing::Credit { about, totals, .. } => {
            say.title_invoice_credit(show(totals.total), about.number.clone())
        }
        Billing::Tax { .. } => say.title_invoice_tax(client),
    }
}

/// What a draft, or what became of it, shows.
pub(super) fn fields(
    rules: &Rules,
    view: &View,
    billing: &Billing,
    fields: &mut Vec<(String, String)>,
    say: &Sentences,
) {
    let show = |money: Money| say.money(&rules.currency, money);
    if let Some(client) = &view.client {
        fields.push((say.field_client(), named(client)));
    }
    match billing {
        Billing::Create {
            lines,
            rate,
            totals,
            due,
            ..
        } => {
            if let Some((prefix, number)) = &view.invoice {
                fields.push((say.field_invoice(), invoice::number(prefix, *number)));
            }
            fields.push((say.field_lines(), shown_lines(rules, lines, say)));
            fields.push((say.field_net(), show(totals.net)));
            fields.push((
                say.field_tax(),
                say.tax_at(show(totals.tax), say.rate(*rate)),
            ));
            fields.push((say.field_total(), show(totals.total)));
            fields.push((say.field_due(), say.due_days(i64::from(*due))));
        }
        Billing::Pay {
            about,
            reference,
            release,
        } => {
            fields.push((say.field_amount(), show(about.left)));
            fields.push((say.field_reference(), reference.clone()));
            if let Some(release) = release {
                let amount = credits(rules, release.amount.credits(), say);
                fields.push((say.field_released(), amount));
                let payer = match (release.payer, &view.payer) {
                    (Payer::House, _) => say.payer_house(rules.name.clone()),
                    (Payer::Reseller(_), Some(payer)) => payer.name.clone(),
                    (Payer::Reseller(id), None) => format!("#{id}"),
                };
                fields.push((say.field_payer(), payer));
            }
        }
        Billing::Unpay {
            about, reference, ..
        } => {
            fields.push((say.field_amount(), show(about.left)));
            fields.push((say.field_reference(), reference.clone()));
        }
        Billing::Void { about } => fields.push((say.field_amount(), show(about.left))),
        Billing::Credit {
            about,
            totals,
            reason,
        } => {
            let after = Money(about.left.0 - totals.total.0);
            fields.push((say.field_left(), say.change(show(about.left), show(after))));
            if let Some((prefix, number)) = &view.note {
                fields.push((say.field_credit_note(), invoice::number(prefix, *number)));
            }
            fields.push((say.field_reason(), reason.clone()));
        }
        Billing::Tax { before, after, .. } => {
            let rate = |own: &Option<TaxRate>| match own {
                Some(rate) => say.rate(*rate),
                None => say.tax_business(say.rate(rules.tax)),
            };
            fields.push((say.field_tax(), say.change(rate(before), rate(after))));
        }
    }
}

/// Lines, one below the other.
fn shown_lines(rules: &Rules, lines: &[Line], say: &Sentences) -> String {
    let lines = lines.iter().map(|line| {
        say.invoice_line(
            line.text.clone(),
            say.number(&line.decimal_quantity()),
            say.price(&rules.currency, line.price),
            say.money(&rules.currency, line.net),
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Who hears of it, and what follows.
pub(super) fn follows(billing: &Billing, say: &Sentences) -> Option<String> {
    match billing {
        Billing::Tax { .. } => None,
        Billing::Pay {
            release: Some(_), ..
        } => Some(say.draft_releases()),
        Billing::Create { .. }
        | Billing::Pay { .. }
        | Billing::Unpay { .. }
        | Billing::Void { .. }
        | Billing::Credit { .. } => Some(say.draft_client_told()),
    }
}

/// The button that adds a line to the draft of an invoice.
pub(super) fn line_button(view: &View, say: &Sentences) -> Option<Button> {
    let Intent::Invoice(Billing::Create { lines, .. }) = &view.request.intent else {
        return None;
    };
    (lines.len() < invoice::LINES).then(|| add_line(view.request.id, say))
}

fn add_line(draft: RequestId, say: &Sentences) -> Button {
    let action = Action::Pick {
        command: "invoice line".to_owned(),
        client: None,
        about: draft.to_string(),
    };
    Button::new(Style::Secondary, say.button_add_line(), action)
}

/// What a client's people are told.
pub fn told(rules: &Rules, view: &View, say: &Sentences) -> Option<Card> {
    let Intent::Invoice(billing) = &view.request.intent else {
        return None;
    };
    let show = |money: Money| say.money(&rules.currency, money);
    let (title, text, tone) = match billing {
        Billing::Create { totals, due, .. } => {
            let (prefix, number) = view.invoice.as_ref()?;
            let name = invoice::number(prefix, *number);
            let due = say.due_days(i64::from(*due));
            (
                say.notice_invoice(name),
                say.notice_invoice_text(show(totals.total), due),
                Tone::Plain,
            )
        }
        Billing::Pay { about, release, .. } => {
            let text = release.map(|release| {
                let balance = view.client.as_ref().map(|client| client.balance);
                say.notice_paid_text(
                    credits(rules, release.amount.credits(), say),
                    credits(rules, balance.unwrap_or_default(), say),
                )
            });
            (
                say.notice_paid(about.number.clone()),
                text.unwrap_or_default(),
                Tone::Good,
            )
        }
        Billing::Unpay { about, .. } => (
            say.notice_unpaid(about.number.clone()),
            say.notice_unpaid_text(show(about.left)),
            Tone::Plain,
        ),
        Billing::Void { about } => (
            say.notice_voided(about.number.clone()),
            String::new(),
            Tone::Plain,
        ),
        Billing::Credit {
            about,
            totals,
            reason,
        } => (
            say.notice_noted(show(totals.total), about.number.clone()),
            reason.clone(),
            Tone::Good,
        ),
        Billing::Tax { .. } => return None,
    };
    Some(Card {
        title,
        text,
        tone,
        ..Card::default()
    })
}

/// The reminder of an unpaid invoice.
pub fn reminder(rules: &Rules, invoice: &Invoice, now: Millis, say: &Sentences) -> Card {
    Card {
        title: say.notice_still_unpaid(invoice.name()),
        text: say.notice_still_unpaid_text(
            say.money(&rules.currency, invoice.left()),
            invoice.client.clone(),
            due(invoice, now, say),
        ),
        tone: Tone::Waiting,
        ..Card::default()
    }
}

/// When an invoice is due, and whether that is over.
fn due(invoice: &Invoice, now: Millis, say: &Sentences) -> String {
    match invoice.due_at {
        None => say.none(),
        Some(at) if invoice.is_overdue(now) => say.due_over(say.moment(at)),
        Some(at) => say.moment(at),
    }
}

/// Where an invoice stands.
pub fn standing(invoice: &Invoice, now: Millis, say: &Sentences) -> String {
    let name = if invoice.is_overdue(now) {
        "overdue"
    } else {
        invoice.status.name()
    };
    choice_label(name, say)
}

/// The card of an invoice, with a button for each thing that the actor may do with it now.
pub fn card(house: &House, actor: &Actor, shown: &Shown, say: &Sentences) -> Reply {
    let (rules, invoice) = (&house.rules, &shown.invoice);
    let show = |money: Money| say.money(&rules.currency, money);
    let now = house.now();
    let mut fields = vec![
        (say.field_client(), invoice.client.clone()),
        (say.field_status(), standing(invoice, now, say)),
    ];
    if invoice.is_for_credit() {
        let of = credits(rules, invoice.credits, say);
        let price = say.price(&rules.currency, invoice.price);
        fields.push((say.field_credit(), say.credit_at(of, price)));
        fields.push((say.field_mode(), choice_label(invoice.mode.name(), say)));
    } else {
        fields.push((say.field_lines(), shown_lines(rules, &shown.lines, say)));
    }
    fields.push((say.field_net(), show(invoice.net)));
    fields.push((say.field_tax(), show(invoice.tax)));
    fields.push((say.field_total(), show(invoice.total)));
    for (name, total, reason) in &shown.notes {
        let text = say.note_line(name.clone(), show(*total), reason.clone());
        fields.push((say.field_credit_note(), text));
    }
    if invoice.credited > Money(0) {
        fields.push((say.field_left(), show(invoice.left())));
    }
    fields.push((say.field_issued(), say.moment(invoice.created_at)));
    if invoice.is_open() {
        fields.push((say.field_due(), due(invoice, now, say)));
    }
    if let (Some(reference), Some(at)) = (&invoice.reference, invoice.paid_at) {
        fields.push((
            say.field_paid(),
            say.paid_by(say.moment(at), reference.clone()),
        ));
    }
    if !invoice.note.is_empty() {
        fields.push((say.field_note(), invoice.note.clone()));
    }
    let tone = match invoice.status {
        InvoiceStatus::Paid => Tone::Good,
        InvoiceStatus::Unpaid if invoice.is_overdue(now) => Tone::Waiting,
        InvoiceStatus::Unpaid => Tone::Plain,
        InvoiceStatus::Voided => Tone::Bad,
    };
    let card = Card {
        title: say.invoice_title(invoice.name()),
        fields,
        tone,
        ..Card::default()
    };
    let untouched = invoice.status == InvoiceStatus::Unpaid && invoice.credited == Money(0);
    let paid = invoice.status == InvoiceStatus::Paid && invoice.reference.is_some();
    let offered = [
        (invoice.is_open(), "invoice paid", say.button_paid()),
        (
            untouched && invoice.posting_id.is_none(),
            "invoice void",
            say.button_void(),
        ),
        (
            invoice.status != InvoiceStatus::Voided && invoice.left() > Money(0),
            "invoice credit",
            say.button_credit_note(),
        ),
        (paid && !shown.landed, "invoice unpay", say.button_unpay()),
    ];
    let row = offered
        .into_iter()
        .filter(|(fits, name, _)| *fits && may(actor, name))
        .map(|(_, name, label)| Button::new(Style::Secondary, label, pick(name, invoice)))
        .collect();
    let client = Button::new(
        Style::Secondary,
        say.button_client(),
        Action::View(invoice.client_id),
    );
    Reply::card(card).row(row).row(vec![client])
}

/// What a button does that goes on with a command for an invoice.
pub fn pick(command: &str, invoice: &Invoice) -> Action {
    Action::Pick {
        command: command.to_owned(),
        client: None,
        about: format!("#{}", invoice.id),
    }
}

fn may(actor: &Actor, name: &str) -> bool {
    match command(name).map(|command| command.gate) {
        Some(Gate::Needs(permission)) => authorise(actor, permission).is_ok(),
        _ => false,
    }
}
