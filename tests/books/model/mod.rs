//! The state machine of approvals against a model of it: random people do random things, and after each of them the
//! reply and the database are what the model says; at the end the audit finds nothing.

mod affairs;
mod real;
mod spec;
mod steps;

use std::collections::BTreeMap;
use std::time::Duration;

use bursar::chat::{Event, Identity, Messenger, Place, Reply};
use bursar::domain::client::Status;
use bursar::domain::ids::ClientId;
use bursar::domain::request::State;
use futures_util::future::join;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use self::affairs::Facts;
use self::real::{ACCOUNTS, CLIENTS, Real, Template, expected, model};
use self::spec::{Asked, Came, MINUTE, Model, Sent, Verb};
use self::steps::{On, Press, Presser, Spoil, Step, steps};
use crate::change;
use crate::desk::{SUPPORT_ROLE, drafted, usual};
use crate::support::Database;
use crate::support::programs::is_ci;

/// What happened how often, over all sequences.
type Tally = BTreeMap<String, usize>;

/// A sequence under way.
struct Course<'a> {
    model: Model,
    real: Real<'a>,
    /// Everything that was delivered.
    sent: Vec<(Sent, Event)>,
    held: Vec<(Sent, Event)>,
    next: u64,
    tally: &'a mut Tally,
}

type Checked = Result<(), TestCaseError>;

macro_rules! same {
    ($one:expr, $other:expr, $($said:tt)+) => {
        if $one != $other {
            let said = format!($($said)+);
            return Err(TestCaseError::fail(format!("{said}\n real: {:?}\nmodel: {:?}", $one, $other)));
        }
    };
}

/// What a person reads: a card's state, or why not.
type Screen = Result<String, String>;

/// The replies to two events, one after the other.
#[derive(Debug)]
struct InTurn {
    /// To the earlier one, before the later one came.
    at_once: Screen,
    /// To the earlier one, looked at when the later one was done as well: a reply tells what holds when it is worded.
    afterwards: Screen,
    later: Screen,
}

impl InTurn {
    fn says(&self, earlier: &Screen, later: &Screen) -> bool {
        (*earlier == self.at_once || *earlier == self.afterwards) && *later == self.later
    }
}

impl Course<'_> {
    fn count(&mut self, what: &str) {
        *self.tally.entry(what.to_owned()).or_default() += 1;
    }

    fn sent(&mut self, from: Identity, place: Option<Place>, asked: Asked) -> (Sent, Event) {
        let there = |place: &Place| match from.messenger {
            Messenger::Discord => !matches!(place, Place::PrivateChat | Place::Group),
            Messenger::Telegram => {
                matches!(place, Place::PrivateChat | Place::Group | Place::Unvouched)
            }
        };
        let place = place.filter(there).unwrap_or_else(|| usual(from));
        let roles = self
            .model
            .guild
            .get(&from.user)
            .cloned()
            .unwrap_or_default();
        let roles = (place == Place::Guild).then_some(roles);
        self.next += 1;
        let sent = Sent {
            id: self.next,
            from,
            place,
            roles,
            asked,
        };
        let event = self.real.event(&sent);
        (sent, event)
    }

    /// The request that a press is on; `None` while there is none.
    fn on(&self, press: Press) -> Option<usize> {
        let fits = |request: &spec::Request| match press.verb {
            Verb::Confirm => request.state == State::Draft,
            Verb::Cancel => !request.state.is_over(),
            Verb::Approve | Verb::Reject => request.state == State::Pending,
        };
        let mut requests = self.model.requests.iter().enumerate().rev();
        match press.on {
            On::Open(back) => requests.filter(|(_, request)| fits(request)).nth(back),
            On::Any(back) => requests.nth(back),
        }
        .map(|(at, _)| at)
    }

    /// Drafts, confirms, and lets as many approve as it takes.
    async fn through(&mut self, who: Identity, wish: affairs::Wish) -> Checked {
        let before = self.model.requests.len();
        let (sent, event) = self.sent(who, None, Asked::Draft(wish));
        self.deliver(sent, event).await?;
        let press = |who, verb| Press {
            who,
            place: None,
            verb,
            on: On::Open(0),
            honest: true,
        };
        let mut next = press(Presser::Account(who), Verb::Confirm);
        for approver in 0..3 {
            let open = self.model.requests.get(before);
            if open.is_none_or(|request| request.state.is_over()) {
                break;
            }
            if let Some((sent, event)) = self.pressed(next) {
                self.deliver(sent, event).await?;
            }
            next = press(Presser::Approver(approver), Verb::Approve);
        }
        Ok(())
    }

    /// Who presses Undo, and on which request that was applied, counted from the newest.
    fn undoer(&self, who: Presser, back: usize) -> Option<(Identity, usize)> {
        let mut requests = self.model.requests.iter().enumerate().rev();
        let done = |(_, request): &(usize, &spec::Request)| request.state == State::Applied;
        let (at, request) = requests.by_ref().filter(done).nth(back)?;
        let accounts = &self.model.people[request.requester].accounts;
        let who = match who {
            Presser::Account(account) => account,
            Presser::Requester(number) | Presser::Approver(number) => {
                accounts[number % accounts.len()]
            }
        };
        Some((who, at))
    }

    fn pressed(&mut self, press: Press) -> Option<(Sent, Event)> {
        let request = self.on(press)?;
        let requester = self.model.requests[request].requester;
        let of = |number: usize, accounts: &[Identity]| {
            accounts.get(number % accounts.len().max(1)).copied()
        };
        let from = match press.who {
            Presser::Account(account) => Some(account),
            Presser::Requester(number) => of(number, &self.model.people[requester].accounts),
            Presser::Approver(number) => {
                let may = |account: &Identity| self.model.may_approve(*account, request);
                of(
                    number,
                    &ACCOUNTS.into_iter().filter(may).collect::<Vec<_>>(),
                )
            }
        }?;
        let (verb, honest) = (press.verb, press.honest);
        Some(self.sent(
            from,
            press.place,
            Asked::Press {
                verb,
                request,
                honest,
            },
        ))
    }

    /// What spoils the newest request that waits.
    fn spoiling(&self, spoil: Spoil) -> Vec<Step> {
        let waits = |request: &&spec::Request| {
            request.state == State::Pending
                && (!matches!(spoil, Spoil::DemoteApprover) || !request.votes.is_empty())
        };
        let payer = |request: &spec::Request| match request.facts {
            Facts::Add { payer, .. } => payer,
            _ => None,
        };
        let spends =
            |request: &&spec::Request| request.state == State::Draft && payer(request).is_some();
        let mut newest = self.model.requests.iter().rev();
        if let Spoil::SpendCredit = spoil {
            let last = self.model.affairs.postings.values().next_back();
            let last = last.map(|posting| posting.client);
            return last
                .map(|client| {
                    Step::Usage(client, self.model.affairs.clients[client].balance.max(1))
                })
                .into_iter()
                .collect();
        }
        let found = match spoil {
            Spoil::SpendPayer => newest.find(spends),
            _ => newest.find(waits),
        };
        let Some(request) = found else {
            return Vec::new();
        };
        let client = request.wish.client(&self.model.affairs);
        match (spoil, payer(request), request.votes.first()) {
            (Spoil::Suspend, ..) => vec![Step::Status(client, Status::Suspended)],
            (Spoil::Reprice, ..) => {
                let other = self.model.affairs.clients[client]
                    .price
                    .is_none()
                    .then_some(70_000);
                vec![Step::Price(client, other)]
            }
            (Spoil::SpendPayer, Some(payer), _) => {
                vec![Step::Usage(
                    payer,
                    self.model.affairs.clients[payer].balance.max(1),
                )]
            }
            (Spoil::Silence, ..) => vec![Step::Silence(true), Step::Wait(11)],
            (Spoil::DemoteRequester, ..) => self.demoting(request.requester),
            (Spoil::DemoteApprover, _, Some((who, _))) => self.demoting(*who),
            _ => Vec::new(),
        }
    }

    /// Takes what somebody is; from Discord so long ago that it is looked up again.
    fn demoting(&self, who: usize) -> Vec<Step> {
        let person = &self.model.people[who];
        let discord = person
            .accounts
            .iter()
            .find(|account| account.messenger == Messenger::Discord);
        let mut steps = Vec::new();
        if let Some(account) = discord {
            steps.extend([
                Step::Roles(account.user, vec![SUPPORT_ROLE]),
                Step::Wait(11),
            ]);
        }
        if person.code.is_some() && person.client.is_none() {
            steps.push(Step::Code(who, None));
        }
        steps
    }

    async fn deliver(&mut self, sent: Sent, event: Event) -> Checked {
        let came = self.model.handle(&sent);
        let reply = self.real.desk.handle(&event).await;
        self.answered(&sent, &came, &reply)?;
        self.sent.push((sent, event));
        Ok(())
    }

    fn answered(&mut self, sent: &Sent, came: &Came, reply: &Reply) -> Checked {
        let screen = self.real.screen(&self.model, came);
        same!(self.real.reply(reply), screen, "the reply to {sent:?}");
        if let Err(refusal) = came {
            let name = format!("{refusal:?}");
            self.count(name.split([' ', '{']).next().unwrap_or_default());
        }
        if let (Ok(at), Some(shown)) = (came, drafted(reply))
            && *at == self.real.requests.len()
        {
            self.real.requests.push(shown);
        }
        Ok(())
    }

    /// Two events at once: what comes of them is what comes of one after the other.
    async fn both(&mut self, one: (Sent, Event), other: (Sent, Event)) -> Checked {
        let desk = &self.real.desk;
        let replies = join(desk.handle(&one.1), desk.handle(&other.1)).await;
        let replies = (self.real.reply(&replies.0), self.real.reply(&replies.1));
        let seen = self.real.seen().await;
        let (mut first, mut second) = (self.model.clone(), self.model.clone());
        let (in_order, in_turn) = (
            self.in_turn(&mut first, &one.0, &other.0),
            self.in_turn(&mut second, &other.0, &one.0),
        );
        if in_order.says(&replies.0, &replies.1) && seen == expected(&first) {
            self.model = first;
        } else if in_turn.says(&replies.1, &replies.0) && seen == expected(&second) {
            self.model = second;
        } else {
            return Err(TestCaseError::fail(format!(
                "{:?} and {:?} at once\n real: {replies:?} {seen:?}\n  one: {in_order:?} {:?}\nother: {in_turn:?} {:?}",
                one.0,
                other.0,
                expected(&first),
                expected(&second),
            )));
        }
        self.sent.extend([one, other]);
        Ok(())
    }

    /// What two events lead to, one after the other.
    fn in_turn(&self, model: &mut Model, earlier: &Sent, later: &Sent) -> InTurn {
        let came = model.handle(earlier);
        let at_once = self.real.screen(model, &came);
        let then = model.handle(later);
        InTurn {
            at_once,
            afterwards: self.real.screen(model, &came),
            later: self.real.screen(model, &then),
        }
    }

    async fn step(&mut self, step: Step) -> Checked {
        match step {
            Step::Spoil(spoil) => {
                for step in self.spoiling(spoil) {
                    self.change(step).await;
                }
            }
            Step::Draft { who, place, wish } => {
                if let Some(wish) = wish.found(&self.model.affairs) {
                    let (sent, event) = self.sent(who, place, Asked::Draft(wish));
                    self.deliver(sent, event).await?;
                }
            }
            Step::Through { who, wish } => {
                if let Some(wish) = wish.found(&self.model.affairs) {
                    self.through(who, wish).await?;
                }
            }
            Step::Cross { who, how } => {
                let mut requests = self.model.requests.iter().rev();
                let open = requests.find(|request| !request.state.is_over());
                let affairs = &self.model.affairs;
                let client = open.map(|request| request.wish.client(affairs));
                if let Some(wish) = client.and_then(|client| how.found(client, affairs)) {
                    self.through(who, wish).await?;
                    // And then the other one is confirmed, as it was shown.
                    let confirm = Press {
                        who: Presser::Requester(0),
                        place: None,
                        verb: Verb::Confirm,
                        on: On::Open(0),
                        honest: true,
                    };
                    if let Some((sent, event)) = self.pressed(confirm) {
                        self.deliver(sent, event).await?;
                    }
                }
            }
            Step::Undo { who, place, back } => {
                if let Some((who, request)) = self.undoer(who, back) {
                    let (sent, event) = self.sent(who, place, Asked::Undo(request));
                    self.deliver(sent, event).await?;
                }
            }
            Step::Press(press) => {
                if let Some((sent, event)) = self.pressed(press) {
                    self.deliver(sent, event).await?;
                }
            }
            Step::Both(one, other) => {
                if let (Some(one), Some(other)) = (self.pressed(one), self.pressed(other)) {
                    self.count("at once");
                    self.both(one, other).await?;
                }
            }
            Step::Twice(press) => {
                if let Some(one) = self.pressed(press) {
                    self.count("twice at once");
                    self.both(one.clone(), one).await?;
                }
            }
            Step::Held(press) => {
                let held = self.pressed(press);
                self.held.extend(held);
            }
            Step::Arrives(back) => {
                if !self.held.is_empty() {
                    self.count("late");
                    let (sent, event) = self.held.remove(back % self.held.len());
                    self.deliver(sent, event).await?;
                }
            }
            Step::Again(back) => {
                if let Some(at) = self.sent.len().checked_sub(back + 1) {
                    self.count("again");
                    let (sent, event) = self.sent[at].clone();
                    self.deliver(sent, event).await?;
                }
            }
            other => self.change(other).await,
        }
        self.real.look().await;
        same!(
            self.real.seen().await,
            expected(&self.model),
            "the database"
        );
        Ok(())
    }

    /// What happens without an event.
    async fn change(&mut self, step: Step) {
        let house = self.real.desk.house.clone();
        match step {
            Step::Wait(minutes) => {
                self.model.now += minutes * MINUTE;
                house
                    .clock
                    .advance(Duration::from_secs(60 * minutes.unsigned_abs()));
            }
            Step::Expire => {
                self.model.expire();
                house.expire().await.unwrap();
            }
            Step::Roles(user, roles) => {
                self.real.desk.guild.set(user, &roles);
                self.model.guild.insert(user, roles);
            }
            Step::Silence(silent) => {
                self.real.desk.guild.silence(silent);
                self.model.silent = silent;
            }
            Step::Code(who, role) => {
                let person = &mut self.model.people[who];
                person.code = role;
                let role = role.map_or("null".to_owned(), |role| format!("'{}'", role.name()));
                self.real
                    .tamper(format!(
                        "update person set role = {role} where name = '{}'",
                        person.name
                    ))
                    .await;
            }
            Step::Remove(who) => {
                let person = &mut self.model.people[who];
                if !person.removed {
                    person.removed = true;
                    let (name, now) = (person.name, self.model.now);
                    self.real
                        .tamper(format!(
                            "update person set removed_at = {now} where name = '{name}'"
                        ))
                        .await;
                }
            }
            Step::Status(client, status) => {
                self.model.affairs.clients[client].status = status;
                let id = ClientId(CLIENTS[client].1);
                change!(house.store, |tx| tx.set_client_status(id, status).await?);
            }
            Step::Price(client, price) => {
                self.model.affairs.clients[client].price = price;
                let price = price.map_or("null".to_owned(), |price| price.to_string());
                self.real
                    .tamper(format!(
                        "update client set price = {price} where id = {}",
                        CLIENTS[client].1
                    ))
                    .await;
            }
            Step::Usage(client, amount) => {
                if self.model.affairs.clients[client].balance >= amount {
                    self.model.affairs.clients[client].balance -= amount;
                    self.model.affairs.count += 1;
                    self.real.usage(client, amount).await;
                }
            }
            _ => unreachable!("an event"),
        }
    }
}

async fn run(template: &Template, steps: Vec<Step>, tally: &mut Tally) -> Checked {
    let model = model();
    let real = Real::new(template, &model).await;
    let mut course = Course {
        model,
        real,
        sent: Vec::new(),
        held: Vec::new(),
        next: 1_000,
        tally,
    };
    same!(
        course.real.seen().await,
        expected(&course.model),
        "the beginning"
    );
    for (at, step) in steps.into_iter().enumerate() {
        let said = format!("{step:?}");
        let checked = course.step(step).await;
        checked.map_err(|error| TestCaseError::fail(format!("step {at}, {said}: {error}")))?;
    }
    same!(course.real.desk.breaches().await, [""; 0], "the audit");
    for request in course.model.requests.clone() {
        if request.state == State::Applied {
            course.count(request.wish.name());
            if request.undoes.is_some() {
                course.count("undone");
            }
            if let Facts::Reverse { own: true, .. } | Facts::Deduct { own: true, .. } =
                request.facts
            {
                course.count("given back");
            }
        }
        course.count(&match request.state {
            State::Applied => format!("applied by {}", request.needed),
            State::Unfit => request.reason,
            state => state.name().to_owned(),
        });
    }
    course.real.remove().await;
    Ok(())
}

/// Runs so many sequences; says what happened in them.
fn sequences(db: impl Future<Output = Option<Database>>, cases: u32) -> Option<Tally> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let template = runtime.block_on(async { Some(Template::of(db.await?).await) })?;
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    };
    let tally = std::cell::RefCell::new(Tally::new());
    let checked = TestRunner::new(config).run(&steps(75), |steps| {
        runtime.block_on(run(&template, steps, &mut tally.borrow_mut()))
    });
    runtime.block_on(template.remove());
    checked.unwrap_or_else(|error| panic!("{error}"));
    Some(tally.into_inner())
}

/// What must have happened somewhere, or the sequences prove nothing.
const COVERED: &[&str] = &[
    "applied by 0",
    "applied by 1",
    "applied by 2",
    "rejected",
    "expired",
    "cancelled",
    "at once",
    "twice at once",
    "late",
    "again",
    "Changed",
    "Over",
    "Ineligible(Requester)",
    "Ineligible(Role)",
    "NotYours",
    "NotConfirmed",
    "NoRightsHere",
    "NotLinked",
    "AlreadyVoted",
    "add",
    "deduct",
    "reverse",
    "pay",
    "class",
    "move",
    "undone",
    "given back",
    "BalanceTooLow",
    "AlreadyReversed",
    "Spent",
    "VoidByReverse",
    "InvoiceStands",
    "TooLateToUndo",
    "HasClients",
    "Circle",
    "NoReseller",
];

/// What comes up so seldom that only the longer run of CI is sure to see it: ten times there and more.
const SELDOM: &[&str] = &[
    "client-not-active",
    "requester-lost-role",
    "price-changed",
    "RoleUnconfirmed",
    "changed",
    "not-enough-credit",
    "unpay",
    "CreditLanded",
    "ReferenceUsed",
    "void",
];

#[test]
fn approvals_do_what_the_model_does_on_sqlite() {
    let db = async { Some(Database::sqlite().await) };
    let tally = sequences(db, if is_ci() { 600 } else { 200 }).unwrap();
    println!("{tally:?}");
    let seldom = if is_ci() { SELDOM } else { &[] };
    let missing: Vec<_> = COVERED
        .iter()
        .chain(seldom)
        .filter(|what| !tally.contains_key(**what))
        .collect();
    assert!(
        missing.is_empty(),
        "never happened: {missing:?} of {tally:?}"
    );
}

#[test]
fn approvals_do_what_the_model_does_on_postgres() {
    sequences(Database::postgres(), if is_ci() { 50 } else { 12 });
}
