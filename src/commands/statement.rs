//! `client statement`: what moved on an account, newest first, with the balance after each line.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop, cards, client_value, paging, report};
use crate::chat::{Attachment, Button, Card, Reply, Style, Values, Visibility};
use crate::clock::Millis;
use crate::domain::credits::Credits;
use crate::domain::ids::ClientId;
use crate::domain::invoice;
use crate::domain::refusal::Refusal;
use crate::domain::role::Permission;
use crate::services::access::{Authorised, authorise};
use crate::store::statement::{Line, Span};

/// Lines on one page.
const PAGE: usize = 10;

/// Show what moved on a client's account.
pub const STATEMENT: Command = Command {
    name: "client statement",
    options: &[
        Opt {
            name: "client",
            kind: OptionKind::Client,
            required: true,
        },
        Opt {
            name: "from",
            kind: OptionKind::Text(10),
            required: false,
        },
        Opt {
            name: "to",
            kind: OptionKind::Text(10),
            required: false,
        },
    ],
    gate: Gate::Needs(Permission::Statement),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(statement(call)),
};

async fn statement(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Statement)?;
    let text = call.args.need("client")?;
    let (from, to) = (day(&mut call, "from")?, day(&mut call, "to")?);
    call.args.clone().finish()?;
    let client = match call.one_client(&auth, &text, "client statement").await? {
        Ok(client) => client,
        Err(choice) => return Ok(choice),
    };
    let before = match call.after.as_deref() {
        None | Some("") => i64::MAX,
        Some(seq) => crate::domain::ids::from_base32(seq).map_err(|_| Refusal::UnknownButton)?,
    };
    let span = Span {
        before,
        from: from.map_or(Millis(0), |(at, _)| at),
        until: to.map_or(Millis(i64::MAX), |(at, _)| {
            at.plus(std::time::Duration::from_hours(24))
        }),
    };
    let asked = (from.map(|(at, _)| at), to.map(|_| span.until));
    let (house, viewer) = (call.house.clone(), auth.clone());
    let (found, mut lines) = call
        .house
        .store
        .read_together(move |tx| {
            Box::pin(async move {
                let found = house.view(tx, &viewer, client).await?;
                let limit = PAGE + 1;
                let lines = house.statement(tx, &viewer, client, span, limit).await?;
                Ok((found, lines))
            })
        })
        .await?;
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let say = call.say;
    let mut reply = Reply::card(Card {
        title: say.statement_title(found.name),
        text: if lines.is_empty() {
            say.statement_none()
        } else {
            String::new()
        },
        fields: lines.iter().map(|line| shown(&call, line)).collect(),
        ..Card::default()
    });
    // A page that takes the place of another has none: not every message can be given one.
    if !paging::turned(&call) {
        reply.card.file = drawn(&call, &auth, client, asked).await?;
    }
    let mut values = Values::from([("client", client_value(client))]);
    for (name, given) in [("from", from), ("to", to)] {
        if let Some((_, short)) = given {
            values.set(name, short.to_string());
        }
    }
    let mut row = Vec::new();
    if before != i64::MAX
        && let Some(action) = paging::more(call.args.command(), &values, "")
    {
        row.push(Button::new(Style::Secondary, say.button_first(), action));
    }
    if more && let Some(last) = lines.last() {
        let after = crate::domain::ids::to_base32(last.seq);
        match paging::more(call.args.command(), &values, &after) {
            Some(action) => row.push(Button::new(Style::Secondary, say.button_next(), action)),
            None => reply.card.footer = say.statement_narrow(),
        }
    }
    Ok(if row.is_empty() {
        reply
    } else {
        reply.row(row)
    })
}

/// How the balance went in the time that was asked for, drawn; `None` where nothing had moved by then.
async fn drawn(
    call: &Call,
    auth: &Authorised,
    client: ClientId,
    asked: (Option<Millis>, Option<Millis>),
) -> Result<Option<Attachment>, Stop> {
    let (house, auth) = (call.house.clone(), auth.clone());
    let course = call
        .house
        .store
        .read(move |tx| Box::pin(async move { house.course(tx, &auth, client, asked).await }))
        .await?;
    let (first, end) = course.period;
    if course.points.is_empty() || first >= end {
        return Ok(None);
    }
    let say = call.say;
    let day = |at: Millis| at.utc().map(|at| say.date(at.date()));
    let below = match (asked, day(first), day(Millis(end.0 - 1))) {
        ((None, None), ..) | (_, None, _) | (.., None) => say.report_course(),
        (_, Some(first), Some(last)) => say.report_between(first, last),
    };
    Ok(Some(report::drawn_course(call, course, below).await?))
}

/// A line as label and value.
fn shown(call: &Call, line: &Line) -> (String, String) {
    let (say, rules) = (call.say, &call.house.rules);
    let amount = cards::credits(rules, Credits(line.amount.0.saturating_abs()), say);
    let signed = if line.amount < Credits::ZERO {
        format!("−{amount}")
    } else {
        format!("+{amount}")
    };
    let kind = say
        .text(&format!("posting-{}", line.kind.name()))
        .unwrap_or_else(|| line.kind.name().to_owned());
    let other = match (&line.other_name, line.other) {
        (Some(name), _) => name.clone(),
        (None, None) => rules.name.clone(),
        (None, Some(_)) => say.another_reseller(),
    };
    let mut label = format!("{} · {kind} · {other}", say.moment(line.created_at));
    if let (Some(prefix), Some(number)) = (&line.prefix, line.number) {
        label = format!("{label} · {}", invoice::number(prefix, number));
    }
    let balance = cards::credits(rules, line.balance, say);
    (label, say.statement_line(signed, balance))
}

/// A day as typed, `2026-01-31` or `20260131`: when it begins, and its short form, which fits into a button.
fn day(call: &mut Call, option: &'static str) -> Result<Option<(Millis, u32)>, Refusal> {
    let Some(typed) = call.args.take(option) else {
        return Ok(None);
    };
    let digits = typed.replace('-', "");
    let day = Some(&digits)
        .filter(|digits| digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|digits| digits.parse::<u32>().ok())
        .and_then(|short| {
            let month = time::Month::try_from(u8::try_from(short / 100 % 100).ok()?).ok()?;
            let day = u8::try_from(short % 100).ok()?;
            let year = i32::try_from(short / 10_000).ok()?;
            let date = time::Date::from_calendar_date(year, month, day).ok()?;
            let begins = date.midnight().assume_utc().unix_timestamp();
            Some((Millis(begins * 1_000), short))
        });
    match day {
        Some(day) => Ok(Some(day)),
        None => Err(Refusal::BadDetail { option, typed }),
    }
}
