//! Sound books, made by people through the real services: something of everything that the audit looks at.

use std::collections::BTreeMap;
use std::time::Duration;

use bursar::chat::action::Shown;
use bursar::chat::{Action, Identity};
use bursar::clock::Millis;
use bursar::domain::client::Status;
use bursar::domain::ids::{ClientId, RequestId, to_base32};
use bursar::domain::request::{Limits, digest};
use bursar::domain::role::Role;
use bursar::services::Rules;
use bursar::store::clients::NewClient;
use bursar::store::events::Update;

use crate::change;
use crate::desk::{
    ADMIN_ROLE, Desk, client, code, discord, house, number, reseller, rules, text_in, under,
};
use crate::support::Database;

/// Books with names for what is in them.
pub struct Books {
    pub desk: Desk,
    names: BTreeMap<String, i64>,
    texts: BTreeMap<String, String>,
}

impl Books {
    /// Replaces `{name}` by the number that it stands for, and `{$name}` by the identifier as people see it.
    pub fn numbers(&self, text: &str) -> String {
        self.fill(text, |number| number.to_string())
    }

    /// Replaces `{name}` by the identifier as people see it, and `{#name}` by the number.
    pub fn words(&self, text: &str) -> String {
        self.fill(text, to_base32)
    }

    fn fill(&self, text: &str, write: impl Fn(i64) -> String) -> String {
        let mut parts = text.split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').expect("a name ends with }");
            if let Some(text) = self.texts.get(name) {
                filled.push_str(text);
                filled.push_str(rest);
                continue;
            }
            let plain = name.trim_start_matches(['#', '$']);
            let number = self.names.get(plain);
            let number = *number.unwrap_or_else(|| panic!("nothing is called {plain}"));
            filled.push_str(&match name.chars().next() {
                Some('#') => number.to_string(),
                Some('$') => to_base32(number),
                _ => write(number),
            });
            filled.push_str(rest);
        }
        filled
    }

    fn name(&mut self, name: &str, number: i64) {
        assert!(
            self.names.insert(name.to_owned(), number).is_none(),
            "{name}"
        );
    }

    fn request(&mut self, name: &str, shown: &Shown) {
        self.name(name, shown.request.0);
    }

    /// Names the text that a query finds.
    async fn text(&mut self, name: &str, sql: &str) {
        let sql = self.numbers(sql);
        let found = change!(self.desk.house.store, |tx| text_in(tx, &sql).await?);
        self.texts.insert(name.to_owned(), found);
    }

    /// Names the number that a query finds.
    async fn row(&mut self, name: &str, sql: &str) {
        let found = number(&self.desk.house.store, &self.numbers(sql)).await;
        self.name(name, found);
    }
}

/// The accounts of the people.
pub const ANN: Identity = telegram_const(1);
const BOB: Identity = telegram_const(2);
const FAY: Identity = telegram_const(3);
const SUE: Identity = telegram_const(4);
const REX: Identity = telegram_const(6);

const fn telegram_const(user: i64) -> Identity {
    let messenger = bursar::chat::Messenger::Telegram;
    Identity { messenger, user }
}

fn limits() -> Rules {
    let limits = Limits {
        two_above: Some(10_000),
        admin: 100,
        ..Limits::default()
    };
    Rules { limits, ..rules() }
}

impl Desk {
    /// Somebody comes in by a code of the host.
    pub async fn comes(&self, who: Identity, role: Role, name: &str, client: Option<&str>) {
        let client = client.map(str::to_owned);
        let code = self
            .house
            .invite(role, name.to_owned(), client)
            .await
            .unwrap();
        self.links(who, &code).await;
    }

    pub async fn links(&self, who: Identity, code: &str) {
        let reply = self.types(who, &format!("link {code}")).await;
        assert_eq!(reply.card.title, "Linked", "{reply:?}");
    }
}

/// Makes the books. Every kind of request in every state, by every kind of person.
pub async fn books(db: &Database) -> Books {
    let desk = Desk::new(house(&db.store, limits(), 7));
    let mut books = Books {
        desk,
        names: BTreeMap::new(),
        texts: BTreeMap::new(),
    };
    clients(&mut books).await;
    people(&mut books).await;
    requests(&mut books).await;
    effects(&mut books).await;
    let breaches = books.desk.breaches().await;
    assert_eq!(breaches, Vec::<String>::new(), "the books are sound");
    log(&mut books).await;
    books
}

async fn clients(books: &mut Books) {
    let clients = [
        client(100, "ada"),
        NewClient {
            referral: Some(ClientId(100)),
            ..client(101, "kim")
        },
        reseller(200, "rex", None),
        under(200, client(201, "tom")),
        reseller(210, "sub", Some(200)),
        under(210, client(211, "zoe")),
        NewClient {
            referral: Some(ClientId(201)),
            ..under(210, client(212, "yan"))
        },
    ];
    for new in clients {
        books.name(&new.username.clone(), new.id.0);
        change!(books.desk.house.store, |tx| tx.insert_client(&new).await?);
    }
}

async fn people(books: &mut Books) {
    let desk = &books.desk;
    desk.comes(ANN, Role::Admin, "Ann", None).await;
    desk.comes(BOB, Role::Admin, "Bob", None).await;
    desk.comes(REX, Role::Reseller, "Rex", Some("rex")).await;
    // Ann has an account on Discord as well, and a code for one more that nobody used.
    let add = Action::Open {
        command: "account add".to_owned(),
        client: None,
    };
    desk.links(discord(101), &code(&desk.presses(ANN, &add).await))
        .await;
    code(&desk.presses(ANN, &add).await);
    // Support by Ann alone, finance with Bob's approval.
    let (_, reply) = desk.confirms(ANN, "people invite support Sue").await;
    desk.links(SUE, &code(&reply)).await;
    let (invited, reply) = desk.confirms(ANN, "people invite finance Fay").await;
    desk.approves(BOB, &invited).await;
    desk.links(FAY, &code(&reply)).await;
    let (joined, _) = desk.confirms(ANN, "people invite support Unused").await;
    // Dan is an admin by his Discord role alone: he is a person since he asked for something.
    desk.guild.set(107, &[ADMIN_ROLE]);
    desk.drafts(discord(107), "credit add ada 5").await;
    books.request("invited", &invited);
    books.request("joined", &joined);
    for (called, name) in [
        ("ann", "Ann"),
        ("bob", "Bob"),
        ("rexer", "Rex"),
        ("sue", "Sue"),
        ("fay", "Fay"),
    ] {
        let sql = format!("select id from person where name = '{name}'");
        books.row(called, &sql).await;
    }
    books
        .row("dan", "select person_id from identity where user_id = 107")
        .await;
}

async fn requests(books: &mut Books) {
    let desk = &books.desk;
    let mut made: Vec<(&str, Shown)> = Vec::new();
    // What runs out, and what stops fitting.
    made.push(("expired_draft", desk.drafts(SUE, "credit add ada 5").await));
    made.push(("expired", desk.confirms(SUE, "credit add ada 6").await.0));
    desk.house.clock.advance(Duration::from_hours(1));
    assert_eq!(desk.house.expire().await.unwrap(), 3);
    let unfit = desk.confirms(SUE, "credit add kim 7").await.0;
    change!(desk.house.store, |tx| tx
        .set_client_status(ClientId(101), Status::Suspended)
        .await?);
    desk.approves(FAY, &unfit).await;
    change!(desk.house.store, |tx| tx
        .set_client_status(ClientId(101), Status::Active)
        .await?);
    made.push(("unfit", unfit));
    // What nobody wants.
    let rejected = desk.confirms(SUE, "credit add ada 600").await.0;
    desk.rejects(FAY, &rejected, "not paid").await;
    made.push(("rejected", rejected));
    let refused = desk.confirms(ANN, "people invite admin Eve").await.0;
    desk.rejects(BOB, &refused, "who is that").await;
    made.push(("refused", refused));
    let cancelled = desk.drafts(SUE, "credit add ada 8").await;
    desk.presses(SUE, &Action::Cancel(cancelled.clone())).await;
    made.push(("cancelled", cancelled));
    let withdrawn = desk.confirms(SUE, "credit add ada 9").await.0;
    desk.presses(SUE, &Action::Cancel(withdrawn.clone())).await;
    made.push(("withdrawn", withdrawn));
    // What is done: directly, by one, by two, for nothing, to be paid first, asked for, and given on.
    made.push(("direct", desk.confirms(ANN, "credit add ada 80").await.0));
    let approved = desk.confirms(SUE, "credit add ada 500").await.0;
    desk.approves(BOB, &approved).await;
    made.push(("approved", approved));
    let twice = desk.confirms(SUE, "credit add ada 20000").await.0;
    desk.approves(BOB, &twice).await;
    desk.approves(FAY, &twice).await;
    made.push(("twice", twice));
    made.push((
        "gift",
        desk.confirms(ANN, "credit add ada 50 gift birthday")
            .await
            .0,
    ));
    let prepaid = desk.confirms(SUE, "credit add ada 300 prepaid").await.0;
    desk.approves(FAY, &prepaid).await;
    made.push(("prepaid", prepaid));
    let asked = desk.confirms(REX, "credit request 1000 TX-17").await.0;
    desk.approves(FAY, &asked).await;
    made.push(("asked", asked));
    let topped = desk.confirms(SUE, "credit add rex 70").await.0;
    desk.approves(discord(107), &topped).await;
    made.push(("topped", topped));
    made.push(("given", desk.confirms(REX, "credit add tom 40").await.0));
    made.push(("given_too", desk.confirms(REX, "credit add zoe 30").await.0));
    // What still waits.
    made.push(("draft", desk.drafts(SUE, "credit add ada 10").await));
    made.push(("pending", desk.confirms(SUE, "credit add ada 700").await.0));
    made.push((
        "inviting",
        desk.confirms(ANN, "people invite admin Pam").await.0,
    ));
    let half = desk.confirms(SUE, "credit add ada 30000").await.0;
    desk.approves(BOB, &half).await;
    made.push(("half", half));
    // A message that clients get is worded anew.
    let line = "message edit low-credit subject:Attention";
    made.push(("worded", desk.confirms(ANN, line).await.0));
    for (name, shown) in made {
        books.request(name, &shown);
    }
}

/// Names what the requests led to, and checks that they did.
async fn effects(books: &mut Books) {
    let states = [
        ("expired_draft", "expired"),
        ("expired", "expired"),
        ("unfit", "unfit"),
        ("rejected", "rejected"),
        ("refused", "rejected"),
        ("cancelled", "cancelled"),
        ("withdrawn", "cancelled"),
        ("direct", "applied"),
        ("approved", "applied"),
        ("twice", "applied"),
        ("gift", "applied"),
        ("prepaid", "applied"),
        ("asked", "applied"),
        ("topped", "applied"),
        ("given", "applied"),
        ("given_too", "applied"),
        ("invited", "applied"),
        ("joined", "applied"),
        ("draft", "draft"),
        ("pending", "pending"),
        ("inviting", "pending"),
        ("half", "pending"),
        ("worded", "applied"),
    ];
    for (name, state) in states {
        let request = RequestId(books.names[name]);
        let found = change!(books.desk.house.store, |tx| tx
            .request(request, false)
            .await?)
        .unwrap();
        assert_eq!(found.state.name(), state, "{name}");
    }
    for name in [
        "direct",
        "approved",
        "twice",
        "gift",
        "asked",
        "topped",
        "given",
        "given_too",
    ] {
        let sql = format!("select id from posting where request_id = {{{name}}}");
        books.row(&format!("{name}.posting"), &sql).await;
        let sql = format!("select id from invoice where request_id = {{{name}}}");
        books.row(&format!("{name}.invoice"), &sql).await;
    }
    books
        .row(
            "prepaid.invoice",
            "select id from invoice where request_id = {prepaid}",
        )
        .await;
    books
        .row(
            "prepaid.outcome",
            "select id from outbox where key like 'outcome:{$prepaid}:%'",
        )
        .await;
    books
        .row(
            "sue.menu",
            "select min(id) from outbox where cause like 'telegram:%'",
        )
        .await;
    books
        .row(
            "direct.house",
            "select account_id from entry where posting_id = {direct.posting} and amount < 0",
        )
        .await;
    for name in ["half", "invited"] {
        let sql = format!("select event_id from vote where request_id = {{{name}}}");
        books.text(&format!("{name}.event"), &sql).await;
    }
    books
        .text(
            "pending.event",
            "select confirm_event_id from request where id = {pending}",
        )
        .await;
    let unreadable = digest(RequestId(books.names["draft"]), "nothing");
    books
        .texts
        .insert("draft.unreadable".to_owned(), unreadable);
    // One update that is done and one that is being worked on.
    let store = &books.desk.house.store;
    let update = |update_id| Update {
        update_id,
        raw: "{}".to_owned(),
    };
    let now = books.desk.house.now();
    store
        .inbox_put(vec![update(1), update(2)], Millis(now.0 - 60_000))
        .await
        .unwrap();
    store.inbox_finish(1, now).await.unwrap();
}

/// Names rows of the audit log, and what lies beside one of them in the chain.
async fn log(books: &mut Books) {
    for (name, request, action) in [
        ("direct.log", "direct", "request.applied"),
        ("approved.log", "approved", "request.applied"),
        ("pending.log", "approved", "request.pending"),
        ("half.log", "half", "vote.approve"),
    ] {
        let sql = format!(
            "select id from audit_log where subject = 'request:{{${request}}}' and action = '{action}'"
        );
        books.row(name, &sql).await;
    }
    books
        .row("host.log", "select audit_id from audit_chain where seq = 1")
        .await;
    let beside = "from audit_chain where audit_id = {direct.log}";
    let next = format!("select audit_id from audit_chain where seq = (select seq + 1 {beside})");
    books.row("direct.next", &next).await;
    let gap = format!("select (seq + 1) || ' after link ' || (seq - 1) {beside}");
    books.text("direct.gap", &gap).await;
}
