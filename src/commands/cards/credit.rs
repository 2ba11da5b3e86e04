//! Credit in words: what is added, deducted and taken back.

use super::{choice_label, credits, named};
use crate::chat::{Card, Sentences, Tone};
use crate::domain::credits::Credits;
use crate::domain::invoice::{self, Mode};
use crate::domain::posting::PostingKind;
use crate::domain::request::{AddCredit, Deduct, Intent, Overdraft, Payer, Reverse, Settlement};
use crate::services::Rules;
use crate::services::approvals::View;

/// What adding credit shows.
pub(super) fn add(
    rules: &Rules,
    view: &View,
    add: &AddCredit,
    fields: &mut Vec<(String, String)>,
    say: &Sentences,
) {
    let open = !view.request.state.is_over();
    let amount = add.amount.credits();
    if let Some(client) = &view.client {
        fields.push((say.field_client(), named(client)));
        if open && add.mode != Mode::Prepaid {
            let after = client.balance.checked_add(amount).unwrap_or(client.balance);
            let change = say.change(
                credits(rules, client.balance, say),
                credits(rules, after, say),
            );
            fields.push((say.field_balance(), change));
        } else {
            fields.push((say.field_balance(), credits(rules, client.balance, say)));
        }
    }
    fields.push((say.field_amount(), credits(rules, amount, say)));
    fields.push((say.field_mode(), choice_label(add.mode.name(), say)));
    let price = say.price(&rules.currency, add.totals.price);
    let total = say.money(&rules.currency, add.totals.total);
    let invoice = match &view.invoice {
        Some((prefix, number)) => say.invoice_issued(invoice::number(prefix, *number), total),
        None if add.totals.total.0 == 0 => say.invoice_zero(total),
        None if add.totals.tax.0 == 0 => say.invoice_for(total, price),
        None => say.invoice_for_taxed(total, price, say.money(&rules.currency, add.totals.tax)),
    };
    fields.push((say.field_invoice(), invoice));
    let payer = match (add.payer, &view.payer) {
        (Payer::House, _) => say.payer_house(rules.name.clone()),
        (Payer::Reseller(_), Some(payer)) if open => {
            let after = amount
                .checked_neg()
                .and_then(|less| payer.balance.checked_add(less))
                .unwrap_or(payer.balance);
            say.payer_reseller(
                payer.name.clone(),
                credits(rules, payer.balance, say),
                credits(rules, after, say),
            )
        }
        (Payer::Reseller(_), Some(payer)) => payer.name.clone(),
        (Payer::Reseller(_), None) => say.none(),
    };
    fields.push((say.field_payer(), payer));
    if !add.note.is_empty() {
        let label = if add.for_himself {
            say.field_reference()
        } else {
            say.field_note()
        };
        fields.push((label, add.note.clone()));
    }
}

/// What a deduction shows.
pub(super) fn deduct(
    rules: &Rules,
    view: &View,
    deduct: &Deduct,
    fields: &mut Vec<(String, String)>,
    say: &Sentences,
) {
    balance(rules, view, -deduct.amount.smallest(), fields, say);
    fields.push((
        say.field_amount(),
        credits(rules, deduct.amount.credits(), say),
    ));
    let shares = deduct.shares.iter().map(|share| {
        let to = match (share.payer, &view.payer) {
            (Payer::House, _) => rules.name.clone(),
            (Payer::Reseller(id), Some(payer)) if payer.id == id => payer.name.clone(),
            (Payer::Reseller(id), _) => format!("#{id}"),
        };
        say.share(credits(rules, share.amount.credits(), say), to)
    });
    fields.push((
        say.field_returns_to(),
        shares.collect::<Vec<_>>().join("\n"),
    ));
    fields.push((say.field_reason(), deduct.reason.clone()));
}

/// The client and its balance, before and after where that is still to come.
fn balance(
    rules: &Rules,
    view: &View,
    change: i64,
    fields: &mut Vec<(String, String)>,
    say: &Sentences,
) {
    let Some(client) = &view.client else { return };
    fields.push((say.field_client(), named(client)));
    let now = credits(rules, client.balance, say);
    let text = if view.request.state.is_over() {
        now
    } else {
        let after = client.balance.checked_add(Credits(change));
        say.change(now, credits(rules, after.unwrap_or(client.balance), say))
    };
    fields.push((say.field_balance(), text));
}

/// What a reversal shows.
pub(super) fn reverse(
    rules: &Rules,
    view: &View,
    reverse: &Reverse,
    fields: &mut Vec<(String, String)>,
    say: &Sentences,
) {
    let amount = reverse.amount.smallest();
    let change = if reverse.kind == PostingKind::Add {
        -amount
    } else {
        amount
    };
    balance(rules, view, change, fields, say);
    fields.push((
        say.field_taken_back(),
        say.part_of(
            credits(rules, reverse.amount.credits(), say),
            credits(rules, reverse.original.credits(), say),
        ),
    ));
    if reverse.spent > Credits::ZERO {
        fields.push((say.field_spent(), credits(rules, reverse.spent, say)));
    }
    if let Some((prefix, number)) = &view.note {
        fields.push((say.field_credit_note(), invoice::number(prefix, *number)));
    }
    fields.push((say.field_reason(), reverse.reason.clone()));
}

/// What becomes of the invoice of what is taken back, and who is told.
pub(super) fn settled(rules: &Rules, reverse: &Reverse, say: &Sentences) -> String {
    match reverse.settlement {
        Settlement::None => say.draft_client_told(),
        Settlement::Void(_) => say.draft_voids(),
        Settlement::Note(_, totals) => say.draft_notes(say.money(&rules.currency, totals.total)),
    }
}

/// What an overdraft limit shows.
pub(super) fn overdraft(
    rules: &Rules,
    view: &View,
    overdraft: &Overdraft,
    fields: &mut Vec<(String, String)>,
    say: &Sentences,
) {
    if let Some(client) = &view.client {
        fields.push((say.field_client(), named(client)));
        fields.push((say.field_balance(), credits(rules, client.balance, say)));
    }
    fields.push((
        say.field_limit(),
        say.change(
            credits(rules, overdraft.before, say),
            credits(rules, overdraft.limit, say),
        ),
    ));
}

/// What a client's people are told of credit that was added, deducted or taken back.
pub fn money_back(rules: &Rules, view: &View, say: &Sentences) -> Option<Card> {
    let client = view.client.as_ref()?;
    let show = |amount: Credits| credits(rules, amount, say);
    let balance = show(client.balance);
    let (title, text, tone) = match &view.request.intent {
        Intent::AddCredit(add) => {
            let (prefix, number) = view.invoice.as_ref()?;
            let number = invoice::number(prefix, *number);
            let invoice = say.invoice_issued(number, say.money(&rules.currency, add.totals.total));
            let amount = show(add.amount.credits());
            if add.mode == Mode::Prepaid {
                let text = say.notice_credited_prepaid(amount, invoice);
                (say.notice_prepaid_title(), text, Tone::Plain)
            } else {
                let text = say.notice_credited_text(balance, invoice);
                (say.notice_credited(amount), text, Tone::Good)
            }
        }
        Intent::Deduct(deduct) => (
            say.notice_deducted(show(deduct.amount.credits())),
            say.notice_deducted_text(balance, deduct.reason.clone()),
            Tone::Plain,
        ),
        Intent::Reverse(reverse) if reverse.kind == PostingKind::Add => (
            say.notice_deducted(show(reverse.amount.credits())),
            say.notice_deducted_text(balance, reverse.reason.clone()),
            Tone::Plain,
        ),
        Intent::Reverse(reverse) => (
            say.notice_returned(show(reverse.amount.credits())),
            say.notice_deducted_text(balance, reverse.reason.clone()),
            Tone::Good,
        ),
        Intent::Overdraft(overdraft) => (
            say.notice_limit(show(overdraft.limit)),
            say.notice_limit_text(balance),
            Tone::Plain,
        ),
        _ => return None,
    };
    Some(Card {
        title,
        text,
        tone,
        ..Card::default()
    })
}
