//! `report week`, `report month` and `report balance`: figures over time, as a picture with its sums in words.

use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop, cards};
use crate::chat::file::Attachment;
use crate::chat::{Card, Reply, Sentences, Visibility};
use crate::clock::Millis;
use crate::documents::picture::{Bars, Panel, Steps, bars, steps};
use crate::domain::credits::Credits;
use crate::domain::money::Money;
use crate::domain::role::Permission;
use crate::fault::Fault;
use crate::services::access::authorise;
use crate::services::reports::{Course, Every, Report};

/// Credits and invoices by week.
pub const WEEK: Command = Command {
    name: "report week",
    options: &[],
    gate: Gate::Needs(Permission::Statement),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(totals(call, Every::Week)),
};

/// Credits and invoices by month.
pub const MONTH: Command = Command {
    name: "report month",
    handler: |call| Box::pin(totals(call, Every::Month)),
    ..WEEK
};

/// One client's balance.
pub const BALANCE: Command = Command {
    name: "report balance",
    options: &[Opt {
        name: "client",
        kind: OptionKind::Client,
        required: true,
    }],
    handler: |call| Box::pin(balance(call)),
    ..WEEK
};

async fn totals(call: Call, every: Every) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Statement)?;
    call.args.clone().finish()?;
    let house = call.house.clone();
    let report = call
        .house
        .store
        .read(move |tx| Box::pin(async move { house.report(tx, &auth, every).await }))
        .await?;
    let rules = call.house.rules.clone();
    let say = call.say;
    let whose = report
        .reseller
        .clone()
        .unwrap_or_else(|| rules.name.clone());
    let (title, file) = match every {
        Every::Week => (say.report_weeks(), "weeks.png"),
        Every::Month => (say.report_months(), "months.png"),
    };
    let sum = |values: &mut dyn Iterator<Item = i64>| values.fold(0, i64::saturating_add);
    let added = Credits(sum(&mut report.added.iter().map(|added| added.0)));
    let invoiced = Money(sum(&mut report.invoiced.iter().map(|money| money.0)));
    let fields = vec![
        (say.field_added(), cards::credits(&rules, added, say)),
        (say.field_invoiced(), say.money(&rules.currency, invoiced)),
    ];
    let headings = fields
        .iter()
        .map(|(name, value)| format!("{name}: {value}"));
    let headings: Vec<_> = headings.collect();
    let (name, below) = (whose.clone(), title.clone());
    let png = drawn(move || {
        let Report {
            starts,
            added,
            invoiced,
            ..
        } = report;
        let names = starts.iter().map(|start| match every {
            Every::Week => say.day(*start),
            Every::Month => say.month(*start),
        });
        bars(&Bars {
            title: &name,
            below: &below,
            names: &names.collect::<Vec<_>>(),
            panels: [
                Panel {
                    heading: &headings[0],
                    values: &added.iter().map(|added| added.0).collect::<Vec<_>>(),
                    show: &|value| say.units(rules.unit, Credits(value)),
                },
                Panel {
                    heading: &headings[1],
                    values: &invoiced.iter().map(|money| money.0).collect::<Vec<_>>(),
                    show: &|value| say.money(&rules.currency, Money(value)),
                },
            ],
        })
    })
    .await?;
    Ok(Reply::card(Card {
        title: whose,
        text: title,
        fields,
        file: Some(Attachment::png(file, png)),
        ..Card::default()
    }))
}

async fn balance(mut call: Call) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Statement)?;
    let text = call.args.need("client")?;
    call.args.clone().finish()?;
    let client = match call.one_client(&auth, &text, "report balance").await? {
        Ok(client) => client,
        Err(choose) => return Ok(choose),
    };
    let house = call.house.clone();
    let course = call
        .house
        .store
        .read(move |tx| {
            Box::pin(async move { house.course(tx, &auth, client, (None, None)).await })
        })
        .await?;
    let say = call.say;
    let (title, text) = (course.name.clone(), say.report_course());
    let fields = vec![(
        say.field_balance(),
        cards::credits(&call.house.rules, course.balance, say),
    )];
    let file = Some(drawn_course(&call, course, text.clone()).await?);
    Ok(Reply::card(Card {
        title,
        text,
        fields,
        file,
        ..Card::default()
    }))
}

/// The picture of a balance over time; `below` says what it shows.
pub async fn drawn_course(call: &Call, course: Course, below: String) -> Result<Attachment, Stop> {
    let (unit, say) = (call.house.rules.unit, call.say);
    let png = drawn(move || {
        let Course {
            name,
            period,
            points,
            ..
        } = course;
        let (from, until) = (period.0.0, period.1.0);
        let ticks = (0..4).map(|part| day(Millis(from + (until - from) / 3 * part), say));
        let points = points.iter().map(|(at, balance)| (*at, balance.0));
        steps(&Steps {
            title: &name,
            below: &below,
            period,
            points: &points.collect::<Vec<_>>(),
            ticks: &ticks.collect::<Vec<_>>(),
            show: &|value| say.units(unit, Credits(value)),
            empty: &say.report_nothing(),
        })
    })
    .await?;
    Ok(Attachment::png("balance.png", png))
}

/// A day and its month.
fn day(at: Millis, say: &Sentences) -> String {
    at.utc().map_or_else(String::new, |at| say.day(at.date()))
}

/// Draws beside what waits for the network: it takes a processor for a while.
async fn drawn(
    draw: impl FnOnce() -> Result<Vec<u8>, Fault> + Send + 'static,
) -> Result<Vec<u8>, Fault> {
    tokio::task::spawn_blocking(draw)
        .await
        .map_err(|error| Fault::internal(format!("a picture broke: {error}")))?
}
