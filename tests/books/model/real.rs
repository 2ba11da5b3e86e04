//! The same people and clients on a real database, and what is there after each step.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bursar::chat::action::Shown;
use bursar::chat::{Action, Ask, Event, Identity, Messenger, Reply, Values};
use bursar::clock::Millis;
use bursar::domain::client::Class;
use bursar::domain::credits::Amount;
use bursar::domain::ids::{AccountId, ClientId, InvoiceId, PersonId, PostingId, RequestId};
use bursar::domain::invoice::InvoiceStatus;
use bursar::domain::money::UnitPrice;
use bursar::domain::posting::{PostingKind, transfer};
use bursar::domain::refusal::Refusal;
use bursar::domain::request::{Limits, State};
use bursar::domain::role::Role;
use bursar::services::Rules;
use bursar::store::clients::{NewClient, Scope};
use bursar::store::ledger::{NewPosting, Posted};
use bursar::store::{Store, Tx};
use sqlx::{Connection as _, Executor as _};

use super::affairs::{Client, Whom, Wish};
use super::spec::{ADMIN_LIMIT, Asked, FINANCE_LIMIT, Model, Person, Sent, TWO_ABOVE, Verb};
use crate::change;
use crate::desk::{
    ADMIN_ROLE, Desk, FINANCE_ROLE, Guild, NOW, SUPPORT_ROLE, client, drafted, event, house,
    number_in, press, reject, reseller, rules, sql, under,
};
use crate::support::Database;

const fn on(messenger: Messenger, user: i64) -> Identity {
    Identity { messenger, user }
}

/// Every account that anything can come from; the last one belongs to nobody.
pub const ACCOUNTS: [Identity; 12] = [
    on(Messenger::Telegram, 1),
    on(Messenger::Discord, 11),
    on(Messenger::Telegram, 2),
    on(Messenger::Discord, 12),
    on(Messenger::Discord, 13),
    on(Messenger::Telegram, 4),
    on(Messenger::Telegram, 5),
    on(Messenger::Discord, 15),
    on(Messenger::Telegram, 6),
    on(Messenger::Discord, 16),
    on(Messenger::Telegram, 7),
    on(Messenger::Telegram, 8),
];

/// Whose they are: how many accounts each has, his role by code, and his Discord role at the beginning.
const PEOPLE: [(&str, usize, Option<Role>, Option<i64>); 7] = [
    ("Ann", 2, Some(Role::Admin), None),
    ("Bob", 2, None, Some(ADMIN_ROLE)),
    ("Fay", 1, None, Some(FINANCE_ROLE)),
    ("Sue", 1, Some(Role::Support), None),
    ("Sid", 2, None, Some(SUPPORT_ROLE)),
    ("Rex", 2, Some(Role::Reseller), None),
    ("Aud", 1, Some(Role::Auditor), None),
];

pub const CLIENTS: [(&str, i64); 4] = [("ada", 100), ("kim", 101), ("rex", 200), ("tom", 201)];
/// What clients have at the beginning: from nobody, as far as giving back goes.
const FUNDS: [i64; 4] = [150, 0, 500, 80];
/// The price list of kim, who is a reseller as well.
const RESALE: i64 = 60_000;
/// When sequences begin.
const START: Millis = Millis(NOW.0 + 3_600_000);

fn limited() -> Rules {
    let limits = Limits {
        two_above: Some(TWO_ABOVE),
        admin: ADMIN_LIMIT,
        finance: FINANCE_LIMIT,
        ..Limits::default()
    };
    Rules { limits, ..rules() }
}

/// The model of what [`furnish`] puts into a database.
pub fn model() -> Model {
    let mut accounts = ACCOUNTS.into_iter();
    let people = PEOPLE.map(|(name, count, code, role)| Person {
        name,
        code,
        client: (code == Some(Role::Reseller)).then_some(2),
        removed: false,
        accounts: accounts.by_ref().take(count).collect(),
        observed: role.map(|role| (vec![role], START.0)),
    });
    let clients = CLIENTS.map(|(name, _)| Client {
        name,
        class: match name {
            "kim" | "rex" => Class::Reseller,
            _ => Class::User,
        },
        above: (name == "tom").then_some(2),
        status: bursar::domain::client::Status::Active,
        price: None,
        resale: (name == "kim").then_some(RESALE),
        balance: FUNDS[CLIENTS.iter().position(|(each, _)| *each == name).unwrap()],
    });
    let mut model = Model::new(START.0, people.to_vec(), clients.to_vec());
    for person in &model.people {
        if let Some((roles, _)) = &person.observed {
            let discord = person
                .accounts
                .iter()
                .find(|account| account.messenger == Messenger::Discord);
            model.guild.insert(discord.unwrap().user, roles.clone());
        }
    }
    model
}

/// People by one-time code where they have a role by it, clients, and some credit for the reseller.
async fn furnish(store: &Store) {
    for new in [
        client(100, "ada"),
        NewClient {
            resale_price: Some(UnitPrice(RESALE)),
            ..reseller(101, "kim", None)
        },
        reseller(200, "rex", None),
        under(200, client(201, "tom")),
    ] {
        change!(store, |tx| tx.insert_client(&new).await?);
    }
    let desk = Desk::new(house(store, limited(), 1));
    for (at, person) in model().people.into_iter().enumerate() {
        let mut accounts = person.accounts.clone();
        let id = if let Some(role) = person.code {
            let first = accounts.remove(0);
            desk.comes(first, role, person.name, person.client.map(|_| "rex"))
                .await;
            change!(store, |tx| tx.known(first).await?).unwrap().person
        } else {
            let (id, name) = (PersonId(9_000 + i64::try_from(at).unwrap()), person.name);
            change!(store, |tx| tx
                .insert_person(id, name, None, None, NOW)
                .await?);
            id
        };
        let observed = person.observed;
        change!(store, |tx| {
            for account in accounts {
                assert!(tx.insert_identity(id, account, "", "en").await?);
                if let (Some((roles, at)), Messenger::Discord) = (&observed, account.messenger) {
                    tx.keep_roles(account, roles, Millis(*at)).await?;
                }
            }
        });
    }
    change!(store, |tx| for (at, amount) in (1..).zip(FUNDS) {
        let to = CLIENTS[usize::try_from(at - 1).unwrap()].1;
        if amount > 0 {
            assert!(moved(tx, at, PostingKind::Opening, (1, to), amount).await);
        }
    });
}

async fn moved(
    tx: &mut Tx,
    id: i64,
    kind: PostingKind,
    (from, to): (i64, i64),
    amount: i64,
) -> bool {
    let posting = NewPosting {
        id: PostingId(id),
        kind,
        key: format!("{}:{id}", kind.name()),
        digest: String::new(),
        client: None,
        request: None,
        reversed: None,
        person: None,
        at: NOW,
    };
    let amount = Amount::try_from(amount).unwrap();
    let entries = transfer(AccountId(from), AccountId(to), amount).unwrap();
    tx.post(&posting, &entries).await.unwrap() == Posted::Done
}

/// A furnished database to begin each sequence with.
pub struct Template {
    db: Database,
    folder: tempfile::TempDir,
    next: AtomicU32,
}

impl Template {
    pub async fn of(db: Database) -> Self {
        furnish(&db.store).await;
        db.store.close().await;
        let folder = tempfile::tempdir().unwrap();
        Self {
            db,
            folder,
            next: AtomicU32::new(1),
        }
    }

    /// A copy of it, by its URL.
    async fn copy(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        if self.db.engine == "sqlite" {
            let copy = self.folder.path().join(format!("{number}.db"));
            std::fs::copy(self.db.url.trim_start_matches("sqlite://"), &copy).unwrap();
            return format!("sqlite://{}", copy.display());
        }
        let (server, template) = self.db.url.rsplit_once('/').unwrap();
        let copy = format!("{template}_{number}");
        self.execute(&format!("create database {copy} template {template}"))
            .await;
        format!("{server}/{copy}")
    }

    async fn drop(&self, url: &str) {
        if let Some(file) = url.strip_prefix("sqlite://") {
            std::fs::remove_file(file).unwrap();
        } else {
            let name = url.rsplit('/').next().unwrap();
            self.execute(&format!("drop database {name} with (force)"))
                .await;
        }
    }

    async fn execute(&self, text: &str) {
        let (server, _) = self.db.url.rsplit_once('/').unwrap();
        let mut connection = sqlx::PgConnection::connect(&format!("{server}/postgres"))
            .await
            .unwrap();
        connection
            .execute(sqlx::AssertSqlSafe(text.to_owned()))
            .await
            .unwrap();
        connection.close().await.unwrap();
    }

    pub async fn remove(self) {
        self.db.remove().await;
    }
}

/// An invoice: the request, its name, where it stands, what was credited of what, by what it was paid, whether its credit
/// landed.
type Billed = (usize, String, InvoiceStatus, i64, i64, Option<String>, bool);

/// What can be seen of the business from outside the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// State, needed, who voted what, who ended it, why, until when.
    pub requests: Vec<(State, usize, Vec<String>, String, String, i64)>,
    pub balances: Vec<i64>,
    /// Class, and above whom it is.
    pub classes: Vec<(Class, Option<Whom>)>,
    pub postings: usize,
    pub invoices: Vec<Billed>,
    pub notes: usize,
    /// Discord roles as last observed, of everybody who has an account there.
    pub observed: Vec<Option<(Vec<i64>, i64)>>,
}

/// What the model expects to be seen.
pub fn expected(model: &Model) -> Seen {
    let name = |who: usize| model.people[who].name.to_owned();
    let requests = model.requests.iter().map(|request| {
        let votes = request.votes.iter();
        let mut votes: Vec<_> = votes
            .map(|(who, said)| format!("{} {}", name(*who), said.name()))
            .collect();
        votes.sort();
        let by = request.by.map(name).unwrap_or_default();
        (
            request.state,
            request.needed,
            votes,
            by,
            request.reason.clone(),
            request.expires,
        )
    });
    let on_discord = model.people.iter().filter(|person| {
        person
            .accounts
            .iter()
            .any(|account| account.messenger == Messenger::Discord)
    });
    let affairs = &model.affairs;
    let invoices = affairs.invoices.iter().map(|(of, invoice)| {
        (
            *of,
            invoice.name.clone(),
            invoice.status,
            invoice.credited,
            invoice.total,
            invoice.reference.clone(),
            invoice.posting.is_some(),
        )
    });
    Seen {
        requests: requests.collect(),
        balances: affairs
            .clients
            .iter()
            .map(|client| client.balance)
            .collect(),
        classes: affairs
            .clients
            .iter()
            .map(|client| (client.class, client.above))
            .collect(),
        // What clients began with as well.
        postings: affairs.count + FUNDS.iter().filter(|amount| **amount > 0).count(),
        invoices: invoices.collect(),
        notes: affairs.notes,
        observed: on_discord.map(|person| person.observed.clone()).collect(),
    }
}

/// The real side of a sequence.
pub struct Real<'a> {
    pub desk: Desk,
    /// What the buttons of each request carry.
    pub requests: Vec<Shown>,
    /// Postings and invoices by the request that made them.
    postings: BTreeMap<usize, PostingId>,
    invoices: BTreeMap<usize, InvoiceId>,
    template: &'a Template,
    url: String,
    usages: i64,
}

impl<'a> Real<'a> {
    pub async fn new(template: &'a Template, model: &Model) -> Self {
        let url = template.copy().await;
        let store = Store::connect(&url).await.unwrap();
        let house = house(&store, limited(), 2);
        house.clock.advance(Duration::from_millis(
            START.since(NOW).as_millis().try_into().unwrap(),
        ));
        let desk = Desk::new(house);
        for (user, roles) in &model.guild {
            desk.guild.set(*user, roles);
        }
        Self {
            desk,
            requests: Vec::new(),
            postings: BTreeMap::new(),
            invoices: BTreeMap::new(),
            template,
            url,
            usages: 10,
        }
    }

    pub async fn remove(self) {
        self.desk.house.store.close().await;
        self.template.drop(&self.url).await;
    }

    /// The event as an adapter would hand it in.
    pub fn event(&self, sent: &Sent) -> Event {
        let ask = match &sent.asked {
            Asked::Draft(wish) => self.typed(wish),
            Asked::Undo(request) => press(&Action::Undo(self.requests[*request].request)),
            Asked::Press {
                verb,
                request,
                honest,
            } => {
                let mut shown = self.requests[*request].clone();
                if !honest {
                    let other = if shown.digest.starts_with('0') {
                        "1"
                    } else {
                        "0"
                    };
                    shown.digest.replace_range(..1, other);
                }
                match verb {
                    Verb::Confirm => press(&Action::Confirm(shown)),
                    Verb::Cancel => press(&Action::Cancel(shown)),
                    Verb::Approve => press(&Action::Approve(shown)),
                    Verb::Reject => reject(&shown, "no"),
                }
            }
        };
        let guild = Guild::default();
        guild.set(sent.from.user, sent.roles.as_deref().unwrap_or_default());
        event(
            sent.id,
            sent.from,
            sent.place,
            ask,
            &guild,
            self.desk.house.now(),
        )
    }

    /// The reply in the model's terms: the card's first line, or why not.
    pub fn reply(&self, reply: &Reply) -> Result<String, String> {
        if let Some(shown) = drafted(reply)
            && !self.requests.contains(&shown)
        {
            return Ok("a new draft".to_owned());
        }
        let line = reply
            .card
            .text
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        if reply.card.title == "Not done" || reply.card.title == "Something broke" {
            Err(line)
        } else {
            Ok(line)
        }
    }

    /// What the model's answer looks like on screen.
    pub fn screen(&self, model: &Model, came: &Result<usize, Refusal>) -> Result<String, String> {
        let say = crate::desk::Desk::say();
        let at = match came {
            Ok(at) => *at,
            Err(refusal) => return Err(self.desk.sentence(refusal)),
        };
        if at >= self.requests.len() {
            return Ok("a new draft".to_owned());
        }
        let request = &model.requests[at];
        let by = request
            .by
            .map(|by| model.people[by].name)
            .unwrap_or_default();
        let number = |count: usize| i64::try_from(count).unwrap();
        let given = model.given(at);
        let undone = |other: &super::spec::Request| {
            other.undoes == Some(at) && other.state == State::Applied
        };
        if let Some(by) = model.requests.iter().position(undone) {
            return Ok(say.state_undone(format!("#{}", self.requests[by].request)));
        }
        Ok(match request.state {
            State::Draft => say.state_draft(),
            State::Pending if given == 0 => say.state_pending(number(request.needed)),
            State::Pending => say.state_partly(number(given), number(request.needed)),
            State::Applied if given == 0 => say.state_done(by),
            State::Applied => say.state_approved(by),
            State::Rejected => say.state_rejected(by, request.reason.clone()),
            State::Expired => say.state_expired(),
            State::Cancelled => say.state_cancelled(by),
            State::Unfit => {
                say.state_unfit(say.text(&format!("unfit-{}", request.reason)).unwrap())
            }
        })
    }

    /// Everything that can be seen in the database.
    pub async fn seen(&self) -> Seen {
        let ids: Vec<RequestId> = self.requests.iter().map(|shown| shown.request).collect();
        let discord: Vec<_> = ACCOUNTS
            .into_iter()
            .filter(|account| account.messenger == Messenger::Discord)
            .collect();
        let store = &self.desk.house.store;
        store
            .read(move |tx| {
                Box::pin(async move {
                    let mut requests = Vec::new();
                    for &id in &ids {
                        let found = tx.request(id, false).await?.unwrap();
                        let votes = votes(tx, id).await?;
                        let needed = usize::from(found.needed);
                        requests.push((
                            found.state,
                            needed,
                            votes,
                            found.decided_by,
                            found.reason,
                            found.expires_at.0,
                        ));
                    }
                    let mut balances = Vec::new();
                    for (_, id) in CLIENTS {
                        let found = tx.lock_accounts(ClientId(id), ClientId(id)).await?;
                        balances.push(found[0].2.0);
                    }
                    let mut count = async |text: &str| {
                        let found = number_in(tx, text).await?;
                        Ok::<_, sqlx::Error>(usize::try_from(found).unwrap())
                    };
                    let postings = count("select count(*) from posting").await?;
                    let notes = count("select count(*) from credit_note").await?;
                    let drafts = count("select count(*) from request").await?;
                    assert_eq!(drafts, requests.len(), "no request that nobody was shown");
                    let mut classes = Vec::new();
                    for (_, id) in CLIENTS {
                        let found = tx.client(ClientId(id), Scope::House).await?.unwrap();
                        let above = found.reseller_id.map(whom);
                        classes.push((found.class, above));
                    }
                    let mut invoices = Vec::new();
                    let all = "select request_id, id from invoice order by request_id";
                    for (request, id) in pairs(tx, all).await? {
                        let found = tx.invoice(InvoiceId(id)).await?.unwrap();
                        let request = ids.iter().position(|id| id.0 == request).unwrap();
                        invoices.push((
                            request,
                            found.name(),
                            found.status,
                            found.credited.0,
                            found.total.0,
                            found.reference,
                            found.posting_id.is_some(),
                        ));
                    }
                    let mut observed = Vec::new();
                    for account in discord {
                        let known = tx.known(account).await?.unwrap();
                        observed.push(known.roles_at.map(|at| (known.roles, at.0)));
                    }
                    Ok(Seen {
                        requests,
                        balances,
                        classes,
                        postings,
                        invoices,
                        notes,
                        observed,
                    })
                })
            })
            .await
            .unwrap()
    }

    /// Looks up what requests have made by now.
    pub async fn look(&mut self) {
        let (postings, invoices) = self
            .desk
            .house
            .store
            .read(|tx| {
                Box::pin(async move {
                    let sql = "select request_id, id from posting
                        where request_id is not null and kind in ('add', 'deduct')";
                    let postings = pairs(tx, sql).await?;
                    let sql = "select request_id, id from invoice";
                    Ok((postings, pairs(tx, sql).await?))
                })
            })
            .await
            .unwrap();
        let place = |id: i64| {
            let mut ids = self.requests.iter();
            ids.position(|shown| shown.request.0 == id).unwrap()
        };
        let postings = postings.into_iter();
        self.postings = postings
            .map(|(request, id)| (place(request), PostingId(id)))
            .collect();
        let invoices = invoices.into_iter();
        self.invoices = invoices
            .map(|(request, id)| (place(request), InvoiceId(id)))
            .collect();
    }

    /// A wish as the command that says it.
    fn typed(&self, wish: &Wish) -> Ask {
        let client = wish.typed_client().map(|client| CLIENTS[client].0);
        let mut values = Values::default();
        if let Some(client) = client
            && !wish.is_for_himself()
        {
            values.set("client", client);
        }
        let other = |other: &Option<Whom>| other.map_or("none", |other| CLIENTS[other].0);
        let mut invoice = |of: &usize| values.set("invoice", format!("#{}", self.invoices[of]));
        let name = match wish {
            Wish::Add {
                amount,
                himself: true,
                ..
            } => {
                values.set("amount", amount.to_string());
                values.set("reference", "paid");
                "credit request"
            }
            Wish::Add {
                amount, mode, note, ..
            } => {
                values.set("amount", amount.to_string());
                values.set("mode", mode.name());
                if *note {
                    values.set("note", "because");
                }
                "credit add"
            }
            Wish::Deduct { amount, .. } => {
                values.set("amount", amount.to_string());
                values.set("reason", "because");
                "credit deduct"
            }
            Wish::Reverse { of, amount, .. } => {
                values.set("posting", format!("#{}", self.postings[of]));
                values.set("reason", "because");
                if let Some(amount) = amount {
                    values.set("amount", amount.to_string());
                }
                "credit reverse"
            }
            Wish::Pay { of, reference } => {
                invoice(of);
                values.set("reference", reference);
                "invoice paid"
            }
            Wish::Unpay(of) => {
                invoice(of);
                "invoice unpay"
            }
            Wish::Void(of) => {
                invoice(of);
                "invoice void"
            }
            Wish::Class { after, heir, .. } => {
                values.set("class", after.name());
                if heir.is_some() {
                    values.set("heir", other(heir));
                }
                "class set"
            }
            Wish::Move { after, .. } => {
                values.set("reseller", other(after));
                "reseller set"
            }
        };
        Ask::Command {
            name: name.to_owned(),
            values,
        }
    }

    /// Changes the database behind everybody's back.
    pub async fn tamper(&self, text: String) {
        change!(self.desk.house.store, |tx| sql(tx, &text).await?);
    }

    /// Credits are used up on the platform.
    pub async fn usage(&mut self, client: usize, amount: i64) {
        self.usages += 1;
        let (id, from) = (self.usages, CLIENTS[client].1);
        change!(self.desk.house.store, |tx| {
            assert!(moved(tx, id, PostingKind::Usage, (from, 1), amount).await);
        });
    }
}

async fn votes(tx: &mut Tx, id: RequestId) -> Result<Vec<String>, sqlx::Error> {
    let text = "select p.name || ' ' || v.decision from vote v join person p on p.id = v.person_id
        where v.request_id = $1";
    let mut found: Vec<String> = match tx {
        Tx::Sqlite(conn) => {
            sqlx::query_scalar(text)
                .bind(id)
                .fetch_all(&mut **conn)
                .await?
        }
        Tx::Postgres(conn) => {
            sqlx::query_scalar(text)
                .bind(id)
                .fetch_all(&mut **conn)
                .await?
        }
    };
    found.sort();
    Ok(found)
}

async fn pairs(tx: &mut Tx, text: &'static str) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    match tx {
        Tx::Sqlite(conn) => sqlx::query_as(text).fetch_all(&mut **conn).await,
        Tx::Postgres(conn) => sqlx::query_as(text).fetch_all(&mut **conn).await,
    }
}

fn whom(id: ClientId) -> Whom {
    CLIENTS.iter().position(|(_, each)| *each == id.0).unwrap()
}
