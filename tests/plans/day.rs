//! A day at the desk: everything that people do over and over, and what the bot does by itself meanwhile.

use std::sync::Arc;

use bursar::chat::file::Unfetched;
use bursar::chat::{
    Action, Ask, Event, FileKind, Files, Forms, Identity, Incoming, Members, Messenger, Place,
    Reply, Tone, Values,
};
use bursar::delivery::Worker;
use bursar::delivery::courier::{Courier, Envelope, Outcome};
use bursar::domain::ids::{ClientId, PersonId};
use bursar::domain::role::Role;
use bursar::fault::Fault;
use bursar::pipeline::{Desk, Pipeline};
use bursar::services::{House, Rules};
use bursar::store::events::Update;
use futures_util::future::BoxFuture;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::ground::bulk::{Bulk, Row};
use crate::ground::desk;
use crate::ground::names::Names;
use crate::support::Database;

/// The first client's identifier; he is a reseller with clients.
const FIRST: i64 = 5_000_000_000;
/// So many that every word of some searches is common.
const CLIENTS: usize = 6_000;
/// People by their Discord accounts: an admin by name, others by code.
const ADMIN: i64 = 1;
const FINANCE: i64 = 11;
const SUPPORT: i64 = 12;
const RESELLER: i64 = 13;
const NEWCOMER: i64 = 14;

/// Everything that the day needs.
pub struct Day {
    house: House,
    desk: Arc<Pipeline>,
    bell: Arc<Notify>,
}

/// Discord, for whoever asks what somebody is there.
struct Guild;

impl Members for Guild {
    fn roles(&self, _: i64) -> BoxFuture<'_, Result<Option<Vec<i64>>, Fault>> {
        Box::pin(async { Ok(Some(Vec::new())) })
    }
}

/// What people attach: always the same.
struct Sent;

impl Files for Sent {
    fn serves(&self, _: Messenger) -> bool {
        true
    }

    fn fetch<'a>(&'a self, _: &'a Incoming, _: u64) -> BoxFuture<'a, Result<Vec<u8>, Unfetched>> {
        let text = "id,username,email,class,reseller,balance\n1,boss1,boss1@a.example,RESELLER,,5\n2,new1,new1@a.example,USER,boss1,7\n";
        Box::pin(async move { Ok(text.as_bytes().to_vec()) })
    }
}

/// Hands everything over at once, but for what goes to people on Telegram, who blocked the bot.
struct Post;

impl Courier for Post {
    fn serves(&self, _: &bursar::chat::Address) -> bool {
        true
    }

    fn deliver(&self, envelope: Envelope) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            match envelope.to {
                bursar::chat::Address::TelegramChat(_) => {
                    Outcome::Unreachable("blocked".to_owned())
                }
                _ => Outcome::Sent(None),
            }
        })
    }
}

impl Day {
    /// Clients, and people of every role.
    pub async fn prepare(db: &Database) -> Self {
        let mut bulk = Bulk::connect(&db.url).await;
        bulk.clients(CLIENTS, &Names::new(3), |number, client| Row {
            id: FIRST + i64::try_from(number).unwrap(),
            client,
            class: if number == 0 { "RESELLER" } else { "USER" },
            reseller: (number > 0 && number % 2 == 0).then_some(FIRST),
        })
        .await;
        bulk.people(FIRST + 1..FIRST + 2_000).await;
        bulk.close().await;
        let mut house = desk::house(&db.store, ADMIN).await;
        let rules = Rules {
            mails: true,
            ..(*house.rules).clone()
        };
        house.rules = Arc::new(rules);
        let done = db.store.write(|tx| {
            Box::pin(async move {
                let now = bursar::clock::Clock::system().now();
                for (user, role) in [
                    (FINANCE, Role::Finance),
                    (SUPPORT, Role::Support),
                    (RESELLER, Role::Reseller),
                ] {
                    let client = (role == Role::Reseller).then_some(ClientId(FIRST));
                    tx.insert_person(PersonId(user), role.name(), Some(role), client, now)
                        .await?;
                    for who in [desk::discord(user), telegram(user)] {
                        tx.insert_identity(PersonId(user), who, role.name(), "en")
                            .await?;
                    }
                }
                Ok(())
            })
        });
        done.await.unwrap();
        let bell = Arc::new(Notify::new());
        let pipeline = Pipeline::new(house.clone(), Some(Arc::new(Guild)), bell.clone());
        let desk = Arc::new(pipeline.with_files(Arc::new(Sent)));
        Self { house, desk, bell }
    }

    /// Does it all.
    pub async fn pass(&self) {
        self.search().await;
        self.credit().await;
        self.reports().await;
        self.approvals().await;
        self.newcomers().await;
        self.messages().await;
        self.questions().await;
        self.audit().await;
        self.import().await;
        self.meanwhile().await;
    }

    async fn on(&self, event: Event) -> Reply {
        let reply = self.desk.handle(event).await;
        let broken =
            reply.card.title == "Something broke" || reply.card.footer.contains("reference");
        assert!(!broken, "{:?}", reply.card);
        reply
    }

    async fn command<const N: usize>(
        &self,
        user: i64,
        name: &str,
        values: [(&str, &str); N],
    ) -> Reply {
        let name = name.to_owned();
        self.on(desk::event(
            user,
            Ask::Command {
                name,
                values: Values::from(values),
            },
        ))
        .await
    }

    /// Presses the first button of a reply that does something of that kind.
    async fn press(&self, user: i64, reply: &Reply, wanted: fn(&Action) -> bool) -> Reply {
        let mut actions = reply.buttons.iter().flatten().map(|button| &button.action);
        let action = actions
            .find(|action| wanted(action))
            .unwrap_or_else(|| panic!("{reply:?}"));
        self.on(desk::event(user, Ask::Press(action.to_string())))
            .await
    }

    async fn search(&self) {
        for typed in [
            "a",
            "mo",
            "john",
            "john smi",
            "khan john",
            "a m",
            "qx zy",
            "anna müller hotel",
            "x1 a",
            "nobody-at-all",
            "+49 1",
            "#4n0bwg0",
            "smith john k",
        ] {
            for user in [ADMIN, RESELLER] {
                let mut page = self.command(user, "client find", [("client", typed)]).await;
                for _ in 0..12 {
                    let next =
                        |action: &Action| matches!(action, Action::Find { after: Some(_), .. });
                    if !page
                        .buttons
                        .iter()
                        .flatten()
                        .any(|button| next(&button.action))
                    {
                        break;
                    }
                    page = self.press(user, &page, next).await;
                }
                let (command, option) = ("client find".to_owned(), "client".to_owned());
                let (typed, values) = (typed.to_owned(), Values::default());
                let ask = Ask::Suggest {
                    command,
                    option,
                    typed,
                    values,
                };
                self.desk.suggest(desk::event(user, ask)).await;
            }
        }
        let page = self.command(ADMIN, "client find", [("client", "an")]).await;
        self.press(ADMIN, &page, |action| matches!(action, Action::View(_)))
            .await;
        self.command(ADMIN, "client view", [("client", "user")])
            .await;
    }

    async fn credit(&self) {
        let client = format!("#{}", ClientId(FIRST + 2));
        let add = [("client", client.as_str()), ("amount", "500")];
        let draft = self.command(ADMIN, "credit add", add).await;
        let done = self
            .press(ADMIN, &draft, |action| matches!(action, Action::Confirm(_)))
            .await;
        assert_eq!(done.card.tone, Tone::Good);
        let draft = self.command(ADMIN, "credit add", add).await;
        self.press(ADMIN, &draft, |action| matches!(action, Action::Cancel(_)))
            .await;
        let own = format!("#{}", ClientId(FIRST));
        let draft = self
            .command(
                ADMIN,
                "credit add",
                [("client", own.as_str()), ("amount", "500")],
            )
            .await;
        self.press(ADMIN, &draft, |action| matches!(action, Action::Confirm(_)))
            .await;
        let draft = self
            .command(
                RESELLER,
                "credit add",
                [("client", client.as_str()), ("amount", "5")],
            )
            .await;
        let done = self
            .press(RESELLER, &draft, |action| {
                matches!(action, Action::Confirm(_))
            })
            .await;
        assert_eq!(done.card.tone, Tone::Good);
    }

    async fn reports(&self) {
        let client = format!("#{}", ClientId(FIRST + 2));
        for user in [ADMIN, RESELLER] {
            let mut drawn = Vec::new();
            for command in ["report week", "report month"] {
                drawn.push(self.command(user, command, []).await);
            }
            for command in ["report balance", "client statement"] {
                drawn.push(self.command(user, command, [("client", &*client)]).await);
            }
            let dates = [
                ("client", &*client),
                ("from", "2026-01-01"),
                ("to", "2099-12-31"),
            ];
            drawn.push(self.command(user, "client statement", dates).await);
            for reply in drawn {
                assert!(reply.card.file.is_some(), "{:?}", reply.card);
            }
        }
    }

    async fn approvals(&self) {
        let client = format!("#{}", ClientId(FIRST + 4));
        for amount in ["1", "2", "3", "4", "5", "6", "7"] {
            let draft = self
                .command(
                    SUPPORT,
                    "credit add",
                    [("client", client.as_str()), ("amount", amount)],
                )
                .await;
            self.press(SUPPORT, &draft, |action| {
                matches!(action, Action::Confirm(_))
            })
            .await;
        }
        let asked = [("amount", "50"), ("reference", "receipt 7")];
        let draft = self.command(RESELLER, "credit request", asked).await;
        self.press(RESELLER, &draft, |action| {
            matches!(action, Action::Confirm(_))
        })
        .await;
        self.command(RESELLER, "me", []).await;
        self.command(RESELLER, "me", [("language", "fr")]).await;
        self.command(RESELLER, "me", [("language", "messenger")])
            .await;
        let list = self.command(ADMIN, "approval list", []).await;
        let done = self
            .press(ADMIN, &list, |action| matches!(action, Action::Approve(_)))
            .await;
        assert_eq!(done.card.tone, Tone::Good);
        self.press(ADMIN, &list, |action| {
            matches!(action, Action::Approvals(_))
        })
        .await;
        let list = self.command(FINANCE, "approval list", []).await;
        let form = self
            .press(FINANCE, &list, |action| matches!(action, Action::Reject(_)))
            .await;
        let token = form.form.unwrap_or_else(|| panic!("no form")).token();
        let values = Values::from([("reason", "not now")]);
        let ended = self
            .on(desk::event(FINANCE, Ask::Submit { token, values }))
            .await;
        assert_eq!(ended.card.tone, Tone::Bad);
    }

    async fn newcomers(&self) {
        let invite = [("role", "support"), ("name", "Newcomer")];
        let draft = self.command(ADMIN, "people invite", invite).await;
        let list = self
            .press(ADMIN, &draft, |action| matches!(action, Action::Confirm(_)))
            .await;
        let code = code(&list);
        let approvals = self.command(FINANCE, "approval list", []).await;
        self.press(FINANCE, &approvals, |action| {
            matches!(action, Action::Approve(_))
        })
        .await;
        self.command(NEWCOMER, "link", [("code", code.as_str())])
            .await;
        let another = self.command(SUPPORT, "account add", []).await;
        let code = self::code(&another);
        let event = desk::event(NEWCOMER, Ask::Typed(format!("start {code}")));
        self.on(on_telegram(event)).await;
    }

    async fn import(&self) {
        let file = Incoming {
            messenger: Messenger::Discord,
            at: "a".to_owned(),
            name: "clients.csv".to_owned(),
            size: 100,
            kind: FileKind::Document,
        };
        let file = file.to_value();
        let values = [("file", file.as_str())];
        let draft = self.command(ADMIN, "import clients", values).await;
        self.press(ADMIN, &draft, |action| matches!(action, Action::Cancel(_)))
            .await;
        let draft = self.command(ADMIN, "import clients", values).await;
        self.press(ADMIN, &draft, |action| matches!(action, Action::Confirm(_)))
            .await;
        while !self.house.move_sent(|| true).await.unwrap() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let idle = self.command(ADMIN, "import clients", values).await;
        assert!(idle.buttons.is_empty(), "{idle:?}");
    }

    async fn audit(&self) {
        let client = format!("#{}", ClientId(FIRST + 4));
        let page = self.command(FINANCE, "audit log", []).await;
        self.press(FINANCE, &page, |action| {
            matches!(action, Action::More { .. })
        })
        .await;
        let client = ("client", client.as_str());
        let (who, family) = (("who", "support"), ("family", "credit"));
        for values in [vec![client], vec![who, family], vec![client, who, family]] {
            let ask = Ask::Command {
                name: "audit log".to_owned(),
                values: Values(
                    values
                        .iter()
                        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                        .collect(),
                ),
            };
            let found = self.on(desk::event(FINANCE, ask)).await;
            assert!(!found.card.fields.is_empty(), "{values:?}: {found:?}");
        }
    }

    /// What clients are sent is worded anew, twice, and brought back.
    async fn messages(&self) {
        let message = ("message", "credit-added");
        for subject in ["{{ amount }} for {{ name }}", "{{ amount }}"] {
            let edit = [message, ("subject", subject)];
            let draft = self.command(ADMIN, "message edit", edit).await;
            self.press(ADMIN, &draft, |action| matches!(action, Action::Confirm(_)))
                .await;
        }
        self.command(ADMIN, "message edit", [message]).await;
        self.command(ADMIN, "message history", [message]).await;
        let restore = [message, ("version", "1")];
        let draft = self.command(ADMIN, "message restore", restore).await;
        self.press(ADMIN, &draft, |action| matches!(action, Action::Confirm(_)))
            .await;
    }

    /// On Telegram what is missing is asked for.
    async fn questions(&self) {
        let typed = |text: &str| on_telegram(desk::event(RESELLER, Ask::Typed(text.to_owned())));
        self.on(typed("credit_add")).await;
        self.on(on_telegram(desk::event(
            RESELLER,
            Ask::Text("an".to_owned()),
        )))
        .await;
        self.on(typed("cancel")).await;
        let update = Update {
            update_id: 1,
            raw: "{}".to_owned(),
        };
        let now = self.house.now();
        self.house.store.inbox_put(vec![update], now).await.unwrap();
        self.house.store.inbox_unfinished().await.unwrap();
        self.house.store.inbox_finish(1, now).await.unwrap();
    }

    async fn meanwhile(&self) {
        self.house.expire().await.unwrap();
        assert!(self.house.seal().await.unwrap() > 0);
        let stop = CancellationToken::new();
        let couriers: Vec<Arc<dyn Courier>> = vec![Arc::new(Post)];
        let worker = Worker::new(self.house.clone(), couriers, self.bell.clone());
        let working = tokio::spawn(worker.run(stop.clone()));
        while self.house.store.notices_open().await.unwrap() > 0 {
            tokio::task::yield_now().await;
        }
        stop.cancel();
        working.await.unwrap();
        // Somebody whom nothing could be sent to writes again.
        self.on(on_telegram(desk::event(
            RESELLER,
            Ask::Typed("me".to_owned()),
        )))
        .await;
    }
}

fn code(reply: &Reply) -> String {
    let values = reply.card.fields.iter().map(|(_, value)| value);
    let mut codes = values.filter(|value| {
        value.len() == 26 && value.chars().all(|char| char.is_ascii_alphanumeric())
    });
    codes
        .next()
        .unwrap_or_else(|| panic!("{:?}", reply.card))
        .clone()
}

fn telegram(user: i64) -> Identity {
    Identity {
        messenger: Messenger::Telegram,
        user,
    }
}

/// The same person's event as Telegram would have it.
fn on_telegram(mut event: Event) -> Event {
    event.id = event.id.replace("discord", "telegram");
    event.from.identity.messenger = Messenger::Telegram;
    event.from.roles = None;
    event.place = Place::PrivateChat;
    event.chat = event.from.identity.user;
    event.forms = Forms::Questions;
    event
}
