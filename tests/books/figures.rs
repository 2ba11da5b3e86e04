//! The figures of reports against figures kept by hand: what was added and invoiced over months, by whom, and how a balance
//! went, while the clock moves on.

use std::time::Duration;

use bursar::chat::{Ask, Identity};
use bursar::clock::Millis;
use bursar::commands::Stop;
use bursar::domain::client::Status;
use bursar::domain::credits::Credits;
use bursar::domain::ids::ClientId;
use bursar::domain::money::Money;
use bursar::domain::request::Limits;
use bursar::domain::role::{Permission, Role};
use bursar::services::Rules;
use bursar::services::access::{Authorised, authorise};
use bursar::services::reports::{Course, Every, Report};
use time::Date;

use crate::desk::{Desk, client, house, reseller, rules, telegram, under, usual};
use crate::support::Database;
use crate::{change, on_both};

const ANN: i64 = 1;
const REX: i64 = 2;
const HOUSE: i64 = 0;
/// A reseller's client number, and so his number as an owner.
const REXS: i64 = 200;
/// Cents for one credit: 0.05 EUR and 20 % tax.
const EACH: i64 = 6;

/// What happened, as somebody with a pencil would note it.
#[derive(Debug, Clone, Copy)]
struct Noted {
    at: Millis,
    owner: i64,
    added: i64,
    cents: i64,
}

/// A desk, and the notes.
struct Ledger {
    desk: Desk,
    noted: Vec<Noted>,
    /// Tom's balance after each of his movements.
    tom: Vec<(Millis, i64)>,
}

impl Ledger {
    async fn open(db: &Database) -> Self {
        let limits = Limits {
            admin: 1_000_000,
            ..Limits::default()
        };
        let desk = Desk::new(house(&db.store, Rules { limits, ..rules() }, 5));
        let clients = [
            client(100, "ada"),
            reseller(REXS, "rex", None),
            under(REXS, client(201, "tom")),
            reseller(300, "max", None),
        ];
        for new in clients {
            assert_eq!(new.status, Status::Active);
            change!(db.store, |tx| tx.insert_client(&new).await?);
        }
        desk.comes(telegram(ANN), Role::Admin, "Ann", None).await;
        desk.comes(telegram(REX), Role::Reseller, "Rex", Some("rex"))
            .await;
        Self {
            desk,
            noted: Vec::new(),
            tom: Vec::new(),
        }
    }

    /// Does it, and notes what it adds to the figures of the owner.
    async fn does(&mut self, who: i64, line: &str, added: i64, cents: i64) {
        let (_, reply) = self.desk.confirms(telegram(who), line).await;
        assert!(reply.card.text.starts_with("Done by"), "{line}: {reply:?}");
        let owner = if who == REX { REXS } else { HOUSE };
        self.noted.push(Noted {
            at: self.desk.house.now(),
            owner,
            added,
            cents,
        });
    }

    /// The same for what moves Tom's balance.
    async fn moves_tom(&mut self, who: i64, line: &str, (added, cents): (i64, i64), by: i64) {
        self.does(who, line, added, cents).await;
        let before = self.tom.last().map_or(0, |(_, balance)| *balance);
        self.tom.push((self.desk.house.now(), before + by));
    }

    /// An invoice that was noted is worth so much less, whenever that turns out.
    fn worth_less(&mut self, nth: usize, cents: i64) {
        self.noted[nth].cents -= cents;
    }

    fn days(&self, days: u64) {
        self.desk
            .house
            .clock
            .advance(Duration::from_hours(24 * days));
    }

    async fn auth(&self, who: i64) -> Authorised {
        let who: Identity = telegram(who);
        let event = self.desk.event(who, usual(who), Ask::Typed(String::new()));
        let house = self.desk.house.clone();
        let actor = change!(self.desk.house.store, |tx| house.actor(tx, &event).await?.0);
        authorise(&actor, Permission::Statement).unwrap()
    }

    async fn report(&self, who: i64, every: Every) -> Report {
        let (house, auth) = (self.desk.house.clone(), self.auth(who).await);
        change!(self.desk.house.store, |tx| house
            .report(tx, &auth, every)
            .await?)
    }

    async fn course(
        &self,
        who: i64,
        client: i64,
        asked: (Option<Millis>, Option<Millis>),
    ) -> Result<Course, Stop> {
        let (house, auth) = (self.desk.house.clone(), self.auth(who).await);
        let read = self.desk.house.store.read(move |tx| {
            Box::pin(async move { house.course(tx, &auth, ClientId(client), asked).await })
        });
        read.await
    }

    /// Holds a report to the notes, period by period.
    async fn check(&self, who: i64, every: Every, period: impl Fn(Date) -> (i32, u8)) {
        let report = self.report(who, every).await;
        let owner = if who == REX { REXS } else { HOUSE };
        assert_eq!(report.starts.len(), 12);
        for (index, start) in report.starts.iter().enumerate() {
            let here = self.noted.iter().filter(|noted| {
                let day = noted.at.utc().unwrap().date();
                noted.owner == owner && period(day) == period(*start)
            });
            let (added, cents) = here.fold((0, 0), |(added, cents), noted| {
                (added + noted.added, cents + noted.cents)
            });
            let found = (report.added[index], report.invoiced[index]);
            assert_eq!(found, (Credits(added), Money(cents)), "{who} from {start}");
        }
        // The sums stand on the card as well, and all of it in the picture.
        let command = match every {
            Every::Week => "report week",
            Every::Month => "report month",
        };
        let reply = self.desk.types(telegram(who), command).await;
        let say = Desk::say();
        let rules = &self.desk.house.rules;
        let added = report.added.iter().map(|added| added.0).sum();
        let invoiced = report.invoiced.iter().map(|money| money.0).sum();
        let values: Vec<_> = reply
            .card
            .fields
            .iter()
            .map(|(_, value)| value.clone())
            .collect();
        assert_eq!(
            values,
            [
                say.credits(rules.unit, Credits(added)),
                say.money(&rules.currency, Money(invoiced)),
            ]
        );
        let file = reply.card.file.expect("a picture");
        assert!(file.bytes().starts_with(b"\x89PNG"));
        assert_eq!(report.reseller.as_deref(), (who == REX).then_some("rex"));
    }
}

/// Ninety days at the desk, from a Friday in January to the middle of April.
async fn weeks(ledger: &mut Ledger) {
    let setup = "invoice create client:ada lines:Setup; 1; 50";
    ledger
        .does(ANN, "credit add rex 5000", 5_000, 5_000 * EACH)
        .await;
    ledger
        .does(ANN, "credit add ada 100", 100, 100 * EACH)
        .await;
    ledger.days(9);
    ledger.does(ANN, setup, 0, 6_000).await;
    ledger
        .moves_tom(REX, "credit add tom 300", (300, 300 * EACH), 300)
        .await;
    ledger.days(13);
    ledger
        .does(ANN, "credit add ada 40 gift for the trouble", 40, 0)
        .await;
    ledger
        .does(ANN, "credit add ada 70 prepaid", 0, 70 * EACH)
        .await;
    ledger
        .moves_tom(
            REX,
            "credit deduct client:tom amount:25 reason:a mistake",
            (0, 0),
            -25,
        )
        .await;
    ledger.days(20);
    ledger
        .does(ANN, "invoice paid INV-000005 TX 5", 70, 0)
        .await;
    ledger
        .does(REX, "invoice create client:tom lines:Help; 2; 10", 0, 2_400)
        .await;
    ledger.days(1);
    ledger.does(ANN, setup, 0, 6_000).await;
    ledger.does(ANN, "invoice void INV-000006", 0, 0).await;
    let voided = ledger.noted.len() - 2;
    ledger.worth_less(voided, 6_000);
    ledger
        .does(
            ANN,
            "invoice credit invoice:INV-000003 money:12 reason:late",
            0,
            0,
        )
        .await;
    ledger.worth_less(2, 1_200);
    ledger.days(17);
    ledger
        .moves_tom(REX, "credit add tom 1000", (1_000, 1_000 * EACH), 1_000)
        .await;
    // What the house gives to a reseller's client is the house's, and none of the reseller's.
    ledger
        .does(ANN, "credit add max 900", 900, 900 * EACH)
        .await;
    ledger.days(30);
    ledger
        .moves_tom(REX, "credit add tom 7", (7, 7 * EACH), 7)
        .await;
    ledger.does(ANN, "credit add ada 11", 11, 11 * EACH).await;
}

/// The year and week by the calendar of weeks.
fn week(day: Date) -> (i32, u8) {
    let (year, week, _) = day.to_iso_week_date();
    (year, week)
}

fn month(day: Date) -> (i32, u8) {
    (day.year(), u8::from(day.month()))
}

on_both! {
    async fn reports_count_what_was_added_and_invoiced_by_week_and_month(db) {
        let mut ledger = Ledger::open(db).await;
        weeks(&mut ledger).await;
        for who in [ANN, REX] {
            ledger.check(who, Every::Week, week).await;
            ledger.check(who, Every::Month, month).await;
        }
        // By then the first weeks are no longer among twelve, and the months still are.
        let by_week = ledger.report(ANN, Every::Week).await;
        let by_month = ledger.report(ANN, Every::Month).await;
        let sum = |report: &Report| report.added.iter().map(|added| added.0).sum::<i64>();
        assert_eq!((sum(&by_week), sum(&by_month)), (1_021, 6_121));
        assert_eq!(ledger.desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn a_balance_is_followed_for_as_long_as_is_asked(db) {
        let mut ledger = Ledger::open(db).await;
        weeks(&mut ledger).await;
        let now = ledger.desk.house.now();
        let tom = ledger.tom.clone();
        let expected = |from: Millis, until: Millis| -> Vec<(Millis, Credits)> {
            let before = tom.iter().rfind(|(at, _)| *at < from);
            let within = tom.iter().filter(|(at, _)| *at >= from && *at < until);
            before.into_iter().chain(within).map(|(at, balance)| (*at, Credits(*balance))).collect()
        };
        let ever = Millis(i64::MAX);
        let back = now.minus(Duration::from_hours(90 * 24));
        for who in [ANN, REX] {
            let course = ledger.course(who, 201, (None, None)).await.unwrap();
            assert_eq!((course.name.as_str(), course.balance), ("tom", Credits(1_282)));
            assert_eq!(course.period, (back, now));
            assert_eq!(course.points, expected(back, ever));
        }
        // Around each movement, to the millisecond.
        for (at, _) in &tom {
            for moment in [at.0 - 1, at.0, at.0 + 1].map(Millis) {
                let since = ledger.course(ANN, 201, (Some(moment), None)).await.unwrap();
                assert_eq!(since.points, expected(moment, ever), "from {moment}");
                let until = ledger.course(ANN, 201, (Some(Millis(0)), Some(moment))).await.unwrap();
                let last = moment.0 <= now.0;
                assert_eq!(until.points, expected(Millis(0), if last { moment } else { ever }), "until {moment}");
                assert_eq!(until.period, (Millis(0), moment.min(now)));
            }
        }
        let (first, last) = (tom[1].0, tom[2].0);
        let between = ledger.course(ANN, 201, (Some(first), Some(last))).await.unwrap();
        assert_eq!(between.points, expected(first, last));
        // Who is not his has no balance to show.
        let outside = ledger.course(REX, 100, (None, None)).await;
        assert!(matches!(outside, Err(Stop::Refusal(_))), "{outside:?}");
    }
}

on_both! {
    async fn a_statement_brings_the_balance_of_its_dates_as_a_picture(db) {
        let mut ledger = Ledger::open(db).await;
        weeks(&mut ledger).await;
        for _ in 0..10 {
            ledger.moves_tom(REX, "credit add tom 1", (1, EACH), 1).await;
        }
        let desk = &ledger.desk;
        let picture = |reply: &bursar::chat::Reply| reply.card.file.as_ref().map(|file| file.bytes().to_vec());
        let drawn = async |line: &str| picture(&desk.types(telegram(REX), line).await);
        let whole = desk.types(telegram(REX), "client statement tom").await;
        let first = picture(&whole).expect("a picture");
        assert_eq!(Some(&first), drawn("report balance tom").await.as_ref(), "as the report draws it");
        let other = drawn("client statement client:tom from:2027-02-01 to:2027-03-01").await;
        assert!(other.is_some_and(|other| other != first), "the dates are drawn");
        // Nothing had moved by then, and a page in place of another has none.
        assert_eq!(drawn("client statement client:tom to:2027-01-16").await, None);
        let next = &whole.buttons[0][0];
        let older = desk.presses(telegram(REX), &next.action).await;
        assert_eq!(picture(&older), None);
        let back = desk.presses(telegram(REX), &older.buttons[0][0].action).await;
        assert_eq!((back.card.fields.len(), picture(&back)), (10, None));
    }
}
