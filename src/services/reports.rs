//! Figures over time: what was added and invoiced, and how a balance went. Nothing changes here.

use std::time::Duration;

use time::{Date, Month, Time};

use super::House;
use super::access::Authorised;
use crate::clock::Millis;
use crate::domain::credits::Credits;
use crate::domain::ids::ClientId;
use crate::domain::money::Money;
use crate::fault::Fault;
use crate::store::clients::Scope;
use crate::store::{Stop, Tx};

/// How many weeks or months a report has.
pub const PERIODS: usize = 12;
/// How far a balance is followed back where nobody says from when.
const BACK: Duration = Duration::from_hours(90 * 24);

/// What a report counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Weeks, which begin on Monday.
    Week,
    /// Months.
    Month,
}

/// What was added and invoiced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The reseller whose figures these are; `None`: the business's.
    pub reseller: Option<String>,
    /// The first days, the last being that of the present week or month.
    pub starts: Vec<Date>,
    /// Credits that were added in each.
    pub added: Vec<Credits>,
    /// Money that was invoiced in each.
    pub invoiced: Vec<Money>,
}

/// How a balance went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Whose.
    pub name: String,
    /// What it is now.
    pub balance: Credits,
    /// From when to when.
    pub period: (Millis, Millis),
    /// From when on which balance held; the first may lie before the period. Empty: nothing had moved by its end.
    pub points: Vec<(Millis, Credits)>,
}

/// The first days of the last weeks or months, the present one last.
fn starts(today: Date, every: Every) -> Vec<Date> {
    let mut start = match every {
        Every::Week => {
            let past = i64::from(today.weekday().number_days_from_monday());
            today.saturating_sub(time::Duration::days(past))
        }
        Every::Month => today.replace_day(1).unwrap_or(today),
    };
    let mut starts = vec![start];
    while starts.len() < PERIODS {
        start = match every {
            Every::Week => start.saturating_sub(time::Duration::weeks(1)),
            Every::Month => {
                let year = start.year() - i32::from(start.month() == Month::January);
                Date::from_calendar_date(year, start.month().previous(), 1).unwrap_or(start)
            }
        };
        starts.push(start);
    }
    starts.reverse();
    starts
}

/// Sums of days gathered into the periods that begin on these days.
fn gathered(starts: &[Date], days: impl Iterator<Item = (i64, i64)>) -> Vec<i64> {
    let mut sums = vec![0_i64; starts.len()];
    let first: Vec<i64> = starts.iter().map(|start| day_number(*start)).collect();
    for (day, sum) in days {
        let after = first.partition_point(|start| *start <= day);
        if let Some(of) = after.checked_sub(1) {
            sums[of] = sums[of].saturating_add(sum);
        }
    }
    sums
}

fn day_number(day: Date) -> i64 {
    i64::from(day.to_julian_day()) - i64::from(time::OffsetDateTime::UNIX_EPOCH.to_julian_day())
}

impl House {
    /// What the business, or a reseller, added to clients and invoiced in the last weeks or months.
    pub async fn report(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        every: Every,
    ) -> Result<Report, Stop> {
        let now = self.now();
        let today = now
            .utc()
            .ok_or_else(|| Fault::internal("a day beyond the calendar"))?
            .date();
        let starts = starts(today, every);
        let from = Millis(
            starts[0]
                .with_time(Time::MIDNIGHT)
                .assume_utc()
                .unix_timestamp()
                * 1_000,
        );
        // Ids may run a little ahead of the clock.
        let period = (from, now.plus(Duration::from_hours(1)));
        let added = tx.added_by_day(auth.scope(), period).await?;
        let invoiced = tx.invoiced_by_day(auth.scope(), period).await?;
        let reseller = match auth.scope() {
            Scope::House => None,
            Scope::Tree(reseller) => Some(self.view(tx, auth, reseller).await?.name),
        };
        let added = gathered(&starts, added.into_iter().map(|(day, sum)| (day, sum.0)));
        let invoiced = gathered(&starts, invoiced.into_iter().map(|(day, sum)| (day, sum.0)));
        Ok(Report {
            reseller,
            starts,
            added: added.into_iter().map(Credits).collect(),
            invoiced: invoiced.into_iter().map(Money).collect(),
        })
    }

    /// How a client's balance went: from a moment on, else for 90 days; before a moment, else until now.
    pub async fn course(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        client: ClientId,
        (from, until): (Option<Millis>, Option<Millis>),
    ) -> Result<Course, Stop> {
        let client = self.view(tx, auth, client).await?;
        let now = self.now();
        // What is of this very moment counts until now.
        let until = until.filter(|until| *until <= now);
        let end = until.unwrap_or(now);
        let from = from.unwrap_or(end.minus(BACK));
        let asked = (from, until.unwrap_or(Millis(i64::MAX)));
        Ok(Course {
            points: tx.course(client.account_id, asked).await?,
            name: client.name,
            balance: client.balance,
            period: (from, end),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: Month, day: u8) -> Date {
        Date::from_calendar_date(year, month, day).unwrap()
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let friday = day(2026, Month::March, 20);
        let weeks = starts(friday, Every::Week);
        assert_eq!(weeks.len(), PERIODS);
        assert_eq!(weeks[11], day(2026, Month::March, 16));
        assert_eq!(weeks[0], day(2025, Month::December, 29));
        let months = starts(friday, Every::Month);
        assert_eq!(months[11], day(2026, Month::March, 1));
        assert_eq!(months[0], day(2025, Month::April, 1));
        let monday = starts(weeks[11], Every::Week);
        assert_eq!(monday, weeks);
    }

    #[test]
    fn days_go_to_the_period_they_lie_in() {
        let weeks = starts(day(2026, Month::March, 20), Every::Week);
        let first = day_number(weeks[0]);
        let days = [
            (first - 1, 1),
            (first, 2),
            (first + 6, 3),
            (first + 7, 4),
            (first + 77, 5),
        ];
        let sums = gathered(&weeks, days.into_iter());
        assert_eq!((sums[0], sums[1], sums[11]), (5, 4, 5));
        assert_eq!(day_number(day(1970, Month::January, 2)), 1);
    }
}
