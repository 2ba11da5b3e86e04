//! A house on a database with a pipeline before it, and people who talk to it by hand-made events: what an adapter would
//! hand in, without the messengers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bursar::chat::action::Shown;
use bursar::chat::file::Unfetched;
use bursar::chat::{
    Action, Ask, Event, FileKind, Files, Forms, Identity, Incoming, Members, Messenger, Place,
    Reply, Sender, Sentences, Values,
};
use bursar::clock::{Clock, Ids, Millis, Random};
use bursar::domain::client::{Class, Status};
use bursar::domain::credits::CreditUnit;
use bursar::domain::ids::ClientId;
use bursar::domain::money::{Currency, TaxRate, UnitPrice};
use bursar::domain::refusal::Refusal;
use bursar::domain::request::Limits;
use bursar::domain::role::Role;
use bursar::fault::Fault;
use bursar::pipeline::{Desk as _, Pipeline};
use bursar::services::access::RoleMap;
use bursar::services::{House, Rules};
use bursar::store::clients::NewClient;
use bursar::store::{Store, Tx};
use futures_util::future::BoxFuture;

/// When everything begins.
pub const NOW: Millis = Millis(1_800_000_000_000);
/// The Discord roles that mean something to the house.
pub const ADMIN_ROLE: i64 = 900;
pub const FINANCE_ROLE: i64 = 901;
pub const SUPPORT_ROLE: i64 = 902;
pub const AUDITOR_ROLE: i64 = 903;

/// Reads or writes in one transaction; a fault or refusal fails the test.
#[macro_export]
macro_rules! change {
    ($store:expr, |$tx:ident| $body:expr) => {
        $store
            .write(move |$tx| Box::pin(async move { Ok($body) }))
            .await
            .unwrap()
    };
}

/// The Discord server: who has which roles there right now, unless it does not answer.
#[derive(Debug, Default)]
pub struct Guild {
    roles: Mutex<HashMap<i64, Vec<i64>>>,
    silent: Mutex<bool>,
}

impl Guild {
    pub fn set(&self, user: i64, roles: &[i64]) {
        self.roles.lock().unwrap().insert(user, roles.to_vec());
    }

    pub fn leave(&self, user: i64) {
        self.roles.lock().unwrap().remove(&user);
    }

    pub fn of(&self, user: i64) -> Option<Vec<i64>> {
        self.roles.lock().unwrap().get(&user).cloned()
    }

    pub fn silence(&self, silent: bool) {
        *self.silent.lock().unwrap() = silent;
    }
}

impl Members for Guild {
    fn roles(&self, user: i64) -> BoxFuture<'_, Result<Option<Vec<i64>>, Fault>> {
        Box::pin(async move {
            if *self.silent.lock().unwrap() {
                return Err(Fault::timeout("Discord does not answer"));
            }
            Ok(self.of(user))
        })
    }
}

/// What people attached, by the name under which it was put there.
#[derive(Debug, Default)]
pub struct Attached(Mutex<HashMap<String, Vec<u8>>>);

impl Attached {
    /// Puts a file there; yields it as the value of an option.
    pub fn put(&self, name: &str, text: &str) -> String {
        let bytes = text.as_bytes().to_vec();
        let size = bytes.len() as u64;
        self.0.lock().unwrap().insert(name.to_owned(), bytes);
        let file = Incoming {
            messenger: Messenger::Telegram,
            at: name.to_owned(),
            name: name.to_owned(),
            size,
            kind: FileKind::Document,
        };
        file.to_value()
    }
}

impl Files for Attached {
    fn serves(&self, _: Messenger) -> bool {
        true
    }

    fn fetch<'a>(
        &'a self,
        file: &'a Incoming,
        _: u64,
    ) -> BoxFuture<'a, Result<Vec<u8>, Unfetched>> {
        let found = self.0.lock().unwrap().get(&file.at).cloned();
        Box::pin(async move { found.ok_or(Unfetched::Gone) })
    }
}

pub fn telegram(user: i64) -> Identity {
    let messenger = Messenger::Telegram;
    Identity { messenger, user }
}

pub fn discord(user: i64) -> Identity {
    let messenger = Messenger::Discord;
    Identity { messenger, user }
}

/// Where somebody usually talks to the bot.
pub fn usual(who: Identity) -> Place {
    match who.messenger {
        Messenger::Discord => Place::Guild,
        Messenger::Telegram => Place::PrivateChat,
    }
}

/// The rules of a business that maps Discord roles: half an hour for staff, three days for resellers.
pub fn rules() -> Rules {
    Rules {
        name: "Desk".to_owned(),
        unit: CreditUnit::new(0),
        currency: Currency {
            code: "EUR".to_owned(),
            exponent: 2,
        },
        price: UnitPrice(50_000),
        tax: TaxRate(2_000),
        due_days: 14,
        reminder_days: vec![7, 14, 30],
        limits: Limits::default(),
        expires: Duration::from_mins(30),
        request_expires: Duration::from_hours(72),
        undo: Duration::from_mins(2),
        roles: RoleMap {
            discord_roles: vec![
                (ADMIN_ROLE, Role::Admin),
                (FINANCE_ROLE, Role::Finance),
                (SUPPORT_ROLE, Role::Support),
                (AUDITOR_ROLE, Role::Auditor),
            ],
            named: Vec::new(),
        },
        approvals_channel: Some(70),
        staff_channel: Some(71),
        mails: false,
        language: "en".to_owned(),
    }
}

/// A house on a store, at [`NOW`].
pub fn house(store: &Store, rules: Rules, seed: u64) -> House {
    let clock = Clock::manual(NOW);
    House {
        store: store.clone(),
        ids: Ids::seeded(clock.clone(), seed),
        clock,
        random: Random::seeded(seed),
        rules: Arc::new(rules),
        telegram_name: Arc::default(),
    }
}

/// An active client of the house.
pub fn client(id: i64, username: &str) -> NewClient {
    NewClient {
        id: ClientId(id),
        username: username.to_owned(),
        name: username.to_owned(),
        email: format!("{username}@example.com"),
        phone: String::new(),
        class: Class::User,
        status: Status::Active,
        reseller: None,
        manager: None,
        referral: None,
        price: None,
        resale_price: None,
        created_at: NOW,
    }
}

/// A reseller, perhaps under another.
pub fn reseller(id: i64, username: &str, above: Option<i64>) -> NewClient {
    NewClient {
        class: Class::Reseller,
        reseller: above.map(ClientId),
        ..client(id, username)
    }
}

/// The same client under a reseller.
pub fn under(owner: i64, client: NewClient) -> NewClient {
    NewClient {
        reseller: Some(ClientId(owner)),
        ..client
    }
}

/// The house, its pipeline, and the Discord server that it asks about roles.
pub struct Desk {
    pub house: House,
    pub guild: Arc<Guild>,
    pub attached: Arc<Attached>,
    pipeline: Pipeline,
    events: AtomicU64,
}

impl Desk {
    pub fn new(house: House) -> Self {
        let guild = Arc::new(Guild::default());
        let members: Arc<dyn Members> = guild.clone();
        let attached = Arc::new(Attached::default());
        let pipeline = Pipeline::new(house.clone(), Some(members), Arc::default())
            .with_files(attached.clone());
        Self {
            house,
            guild,
            attached,
            pipeline,
            events: AtomicU64::new(1),
        }
    }

    /// The bot once more, with other rules; events go on from those of the one before.
    pub fn after(before: &Self, rules: Rules) -> Self {
        let rules = Arc::new(rules);
        let house = House {
            rules,
            ..before.house.clone()
        };
        let desk = Self::new(house);
        let events = before.events.load(Ordering::SeqCst) + 1_000;
        desk.events.store(events, Ordering::SeqCst);
        desk
    }

    pub fn say() -> &'static Sentences {
        Sentences::of("en", "en")
    }

    /// An event as an adapter makes it: from Discord with the roles that the person has there now.
    pub fn event(&self, who: Identity, place: Place, ask: Ask) -> Event {
        let number = self.events.fetch_add(1, Ordering::SeqCst);
        event(number, who, place, ask, &self.guild, self.house.now())
    }

    pub async fn handle(&self, event: &Event) -> Reply {
        self.pipeline.handle(event.clone()).await
    }

    pub async fn suggest(&self, event: Event) -> Vec<String> {
        let found = self.pipeline.suggest(event).await;
        found.into_iter().map(|found| found.value).collect()
    }

    /// Somebody asks, where he usually does. Time goes on by a second, so that no two things happen at once.
    pub async fn asks(&self, who: Identity, ask: Ask) -> Reply {
        self.house.clock.advance(Duration::from_secs(1));
        let event = self.event(who, usual(who), ask);
        self.handle(&event).await
    }

    pub async fn types(&self, who: Identity, line: &str) -> Reply {
        self.asks(who, Ask::Typed(line.to_owned())).await
    }

    pub async fn presses(&self, who: Identity, action: &Action) -> Reply {
        self.asks(who, press(action)).await
    }

    /// Drafts by a command and says what the buttons name. Fails the test where nothing is drafted.
    pub async fn drafts(&self, who: Identity, line: &str) -> Shown {
        let reply = self.types(who, line).await;
        drafted(&reply).unwrap_or_else(|| panic!("{line}: {reply:?}"))
    }

    /// Drafts and confirms.
    pub async fn confirms(&self, who: Identity, line: &str) -> (Shown, Reply) {
        let shown = self.drafts(who, line).await;
        let reply = self.presses(who, &Action::Confirm(shown.clone())).await;
        (shown, reply)
    }

    pub async fn approves(&self, who: Identity, shown: &Shown) -> Reply {
        self.presses(who, &Action::Approve(shown.clone())).await
    }

    pub async fn rejects(&self, who: Identity, shown: &Shown, reason: &str) -> Reply {
        self.asks(who, reject(shown, reason)).await
    }

    /// The sentence of a refusal, as it is shown.
    pub fn sentence(&self, refusal: &Refusal) -> String {
        bursar::commands::refusals::sentence(&self.house.rules, refusal, Self::say())
    }

    /// What the audit finds, a line each. Seals first what the bot would have sealed by then: clocks jump here.
    pub async fn breaches(&self) -> Vec<String> {
        self.house.seal().await.unwrap();
        lines(&self.house.breaches().await.unwrap())
    }
}

pub fn lines(breaches: &[bursar::store::audit::Breach]) -> Vec<String> {
    let line =
        |breach: &bursar::store::audit::Breach| format!("{} {}", breach.invariant, breach.what);
    breaches.iter().map(line).collect()
}

/// An event of that number.
pub fn event(
    number: u64,
    who: Identity,
    place: Place,
    ask: Ask,
    guild: &Guild,
    at: Millis,
) -> Event {
    let roles = (place == Place::Guild).then(|| guild.of(who.user).unwrap_or_default());
    Event {
        id: format!("{}:{number}", who.messenger.name()),
        from: Sender {
            identity: who,
            name: format!("account {}", who.user),
            locale: "en".to_owned(),
            roles,
        },
        place,
        chat: who.user,
        message: None,
        at,
        ask,
        forms: match who.messenger {
            Messenger::Discord => Forms::Modal,
            Messenger::Telegram => Forms::Questions,
        },
    }
}

pub fn press(action: &Action) -> Ask {
    Ask::Press(action.to_string())
}

/// The form that the Reject button opens, filled in.
pub fn reject(shown: &Shown, reason: &str) -> Ask {
    Ask::Submit {
        token: format!("1:m:approval reject|request={shown}"),
        values: Values::from([("reason", reason)]),
    }
}

/// What the Confirm button of a reply names.
pub fn drafted(reply: &Reply) -> Option<Shown> {
    let mut buttons = reply.buttons.iter().flatten();
    buttons.find_map(|button| match &button.action {
        Action::Confirm(shown) => Some(shown.clone()),
        _ => None,
    })
}

/// The one-time code on a card.
pub fn code(reply: &Reply) -> String {
    let field = reply.card.fields.iter().find(|(label, _)| label == "Code");
    field.unwrap_or_else(|| panic!("{reply:?}")).1.clone()
}

/// Runs raw SQL, one statement or several.
pub async fn sql(tx: &mut Tx, text: &str) -> Result<(), sqlx::Error> {
    let text = sqlx::AssertSqlSafe(text.to_owned());
    match tx {
        Tx::Sqlite(conn) => sqlx::raw_sql(text)
            .execute(&mut **conn)
            .await?
            .rows_affected(),
        Tx::Postgres(conn) => sqlx::raw_sql(text)
            .execute(&mut **conn)
            .await?
            .rows_affected(),
    };
    Ok(())
}

/// The number in the first row of raw SQL.
pub async fn number(store: &Store, text: &str) -> i64 {
    let text = text.to_owned();
    change!(store, |tx| number_in(tx, &text).await?)
}

pub async fn number_in(tx: &mut Tx, text: &str) -> Result<i64, sqlx::Error> {
    let text = sqlx::AssertSqlSafe(text.to_owned());
    match tx {
        Tx::Sqlite(conn) => sqlx::query_scalar(text).fetch_one(&mut **conn).await,
        Tx::Postgres(conn) => sqlx::query_scalar(text).fetch_one(&mut **conn).await,
    }
}

/// The text in the first row of raw SQL.
pub async fn text_in(tx: &mut Tx, text: &str) -> Result<String, sqlx::Error> {
    let text = sqlx::AssertSqlSafe(text.to_owned());
    match tx {
        Tx::Sqlite(conn) => sqlx::query_scalar(text).fetch_one(&mut **conn).await,
        Tx::Postgres(conn) => sqlx::query_scalar(text).fetch_one(&mut **conn).await,
    }
}
