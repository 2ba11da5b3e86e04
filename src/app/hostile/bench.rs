//! A business in which everybody and everything is called so, and what is said to it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tempfile::TempDir;

use super::eyes::Seen;
use super::steps::{Step, Then, Who};
use crate::app;
use crate::chat::action::Shown;
use crate::chat::file::Unfetched;
use crate::chat::{
    Action, Ask, Event, FileKind, Files, Forms, Identity, Incoming, Messenger, Place, Reply,
    Sender, Values,
};
use crate::clock::{Clock, Ids, Millis, Random};
use crate::commands::{CATALOGUE, OptionKind, command};
use crate::config::Config;
use crate::delivery::courier::Effect;
use crate::delivery::wording;
use crate::domain::client::{Class, Status};
use crate::domain::ids::ClientId;
use crate::domain::role::Role;
use crate::pipeline::{Desk as _, Pipeline};
use crate::services::House;
use crate::store::clients::NewClient;

const NOW: Millis = Millis(1_800_000_000_000);

pub(super) struct Bench {
    house: House,
    pipeline: Pipeline,
    text: String,
    /// The text as it can be kept.
    name: String,
    events: u64,
    draft: Option<Shown>,
    waiting: Option<Shown>,
    pick: Option<String>,
    /// What was shown so far.
    pub(super) seen: Vec<Seen>,
    _dir: TempDir,
}

fn client(id: i64, username: &str, name: &str, owner: Option<i64>) -> NewClient {
    NewClient {
        id: ClientId(id),
        username: username.to_owned(),
        name: name.to_owned(),
        email: format!("{username}@example.com"),
        phone: "+44 7700 900123".to_owned(),
        class: Class::User,
        status: Status::Active,
        reseller: owner.map(ClientId),
        manager: None,
        referral: None,
        price: None,
        resale_price: None,
        created_at: NOW,
    }
}

/// Without what no database keeps.
pub(super) fn kept(text: &str) -> String {
    text.replace('\0', "")
}

fn account(who: Who) -> Identity {
    let messenger = Messenger::Telegram;
    let user = match who {
        Who::Ann => 1,
        Who::Bob => 2,
        Who::Sue => 3,
        Who::Rex => 4,
    };
    Identity { messenger, user }
}

/// What can be attached: a file of clients.
struct Shelf(String);

impl Shelf {
    /// The value of an option that it is attached to.
    fn file(text: &str) -> String {
        let file = Incoming {
            messenger: Messenger::Telegram,
            at: "file".to_owned(),
            name: format!("{}.csv", kept(text)),
            size: 100,
            kind: FileKind::Document,
        };
        file.to_value()
    }
}

impl Files for Shelf {
    fn serves(&self, _: Messenger) -> bool {
        true
    }

    fn fetch<'a>(&'a self, _: &'a Incoming, _: u64) -> BoxFuture<'a, Result<Vec<u8>, Unfetched>> {
        let text = self.0.replace(char::is_control, " ");
        let mut file = csv::Writer::from_writer(Vec::new());
        let rows = [
            ["username", "name", "shoe size"],
            ["moved", &format!("y {text}"), ""],
            [&format!("! {text}"), "Nobody", ""],
        ];
        for row in rows {
            file.write_record(row).unwrap();
        }
        let bytes = file.into_inner().unwrap();
        Box::pin(async move { Ok(bytes) })
    }
}

impl Bench {
    pub(super) async fn open(text: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = format!(
            "[database]\nurl = \"sqlite://{}\"\n[telegram]\ntoken = \"1:a\"\n\
             [approvals.admin]\ndirect_limit = \"100000\"\n[business]\nname = \"Desk\"\n",
            dir.path().join("bursar.db").display()
        );
        let config = Config::parse(
            std::path::Path::new("bot.toml"),
            &config,
            std::iter::empty(),
        );
        let config = config.unwrap_or_else(|faults| panic!("{faults}"));
        let clock = Clock::manual(NOW);
        let house = app::house(&config, clock.clone()).await.unwrap();
        house.store.migrate().await.unwrap();
        // Whatever is chosen by chance is chosen alike in every conversation.
        let house = House {
            ids: Ids::seeded(clock, 7),
            random: Random::seeded(7),
            ..house
        };
        let mut bench = Self {
            pipeline: Pipeline::new(house.clone(), None, Arc::default())
                .with_files(Arc::new(Shelf(text.to_owned()))),
            house,
            text: text.to_owned(),
            name: kept(text),
            events: 0,
            draft: None,
            waiting: None,
            pick: None,
            seen: Vec::new(),
            _dir: dir,
        };
        let text = &kept(text);
        let rex = NewClient {
            class: Class::Reseller,
            ..client(200, "rex", text, None)
        };
        let all = [
            client(100, "ada", text, None),
            rex,
            client(201, "tom", text, Some(200)),
            client(300, "eve", text, None),
        ];
        let made = bench.house.store.write(|tx| {
            Box::pin(async move {
                for new in all {
                    tx.insert_client(&new).await?;
                }
                Ok(())
            })
        });
        made.await.unwrap();
        let zed = Identity {
            messenger: Messenger::Telegram,
            user: 9,
        };
        // The first in every list of people.
        bench.comes(zed, Role::Support, text, None).await;
        bench
            .comes(account(Who::Ann), Role::Admin, text, None)
            .await;
        bench
            .comes(account(Who::Bob), Role::Admin, "Bob", None)
            .await;
        bench
            .comes(account(Who::Sue), Role::Support, "Sue", None)
            .await;
        bench
            .comes(account(Who::Rex), Role::Reseller, text, Some("rex"))
            .await;
        bench.seen.clear();
        bench
    }

    async fn comes(&mut self, who: Identity, role: Role, name: &str, client: Option<&str>) {
        self.house.clock.advance(Duration::from_secs(1));
        let client = client.map(str::to_owned);
        let code = self.house.invite(role, name.to_owned(), client).await;
        let line = Ask::Typed(format!("link {}", code.unwrap()));
        let event = self.event(who, line, Forms::Questions);
        let reply = self.pipeline.handle(event).await;
        assert_eq!(reply.card.title, "Linked", "{reply:?}");
    }

    fn event(&mut self, who: Identity, ask: Ask, forms: Forms) -> Event {
        self.events += 1;
        self.house.clock.advance(Duration::from_millis(1));
        Event {
            id: format!("telegram:{}", self.events),
            from: Sender {
                identity: who,
                name: self.name.clone(),
                locale: "en".to_owned(),
                roles: None,
            },
            place: Place::PrivateChat,
            chat: who.user,
            message: None,
            at: self.house.now(),
            ask,
            forms,
        }
    }

    async fn hear(&mut self, who: Identity, what: String, ask: Ask) -> Reply {
        let event = self.event(who, ask, Forms::Questions);
        let reply = self.pipeline.handle(event).await;
        for button in reply.buttons.iter().flatten() {
            if let Action::Pick { about, .. } = &button.action {
                self.pick = Some(about.clone());
                break;
            }
        }
        self.seen.push(Seen::of(what, &reply));
        reply
    }

    /// Somebody gives a command; what it says is not looked at further.
    pub(super) async fn asks(&mut self, name: &str, values: &[(&'static str, String)]) -> Reply {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        let ask = Ask::Command {
            name: name.to_owned(),
            values: Values(values.collect()),
        };
        // An admin has no credit of his own.
        let own = name == "credit request";
        let who = account(if own { Who::Rex } else { Who::Ann });
        self.hear(who, name.to_owned(), ask).await
    }

    /// How many requests of whoever asks here are open.
    pub(super) async fn requests(&self) -> usize {
        let counted = self.house.store.read(|tx| {
            Box::pin(async move {
                let mut count = 0;
                for who in [Who::Ann, Who::Rex] {
                    let known = tx.known(account(who)).await?.unwrap();
                    count += tx.open_requests_of(known.person).await?.len();
                }
                Ok(count)
            })
        });
        counted.await.unwrap()
    }

    fn value(&self, kind: OptionKind, value: &str) -> String {
        let most = match kind {
            OptionKind::Text(most) => usize::from(most),
            _ => 100,
        };
        let shown =
            |shown: &Option<Shown>| shown.as_ref().map(ToString::to_string).unwrap_or_default();
        let value = match value {
            "<pick>" => self.pick.clone().unwrap_or_default(),
            "<draft>" => self
                .draft
                .as_ref()
                .map(|shown| shown.request.to_string())
                .unwrap_or_default(),
            "<waiting>" => shown(&self.waiting),
            "<file>" => return Shelf::file(&self.text),
            value => {
                let name = self.name.replace(char::is_control, " ");
                let plain = super::eyes::spread(&name);
                let value = value.replace("<text>", &self.text);
                value.replace("<name>", &name).replace("<plain>", &plain)
            }
        };
        value.chars().take(most).collect()
    }

    pub(super) async fn take(&mut self, step: &Step) {
        let Step(who, name, values, then) = step;
        self.house.clock.advance(Duration::from_secs(1));
        let known = command(name).unwrap();
        let given = values.iter().map(|(option, value)| {
            let kind = known.option(option).unwrap().kind;
            ((*option).to_owned(), self.value(kind, value))
        });
        let ask = Ask::Command {
            name: (*name).to_owned(),
            values: Values(given.collect()),
        };
        let reply = self.hear(account(*who), (*name).to_owned(), ask).await;
        let Some(shown) = confirmable(&reply) else {
            return;
        };
        self.draft = Some(shown.clone());
        if *then == Then::Draft {
            return;
        }
        let confirm = Ask::Press(Action::Confirm(shown.clone()).to_string());
        let done = self
            .hear(account(*who), format!("{name}, confirmed"), confirm)
            .await;
        let waits = done.buttons.iter().flatten();
        let mut waits = waits.filter(|button| matches!(button.action, Action::Cancel(_)));
        if waits.next().is_none() {
            return;
        }
        if *then == Then::Waits {
            self.waiting = Some(shown);
            return;
        }
        let approve = Ask::Press(Action::Approve(shown).to_string());
        self.hear(account(Who::Bob), format!("{name}, approved"), approve)
            .await;
    }

    /// The forms that buttons on clients open, on both messengers.
    pub(super) async fn forms(&mut self) {
        for command in CATALOGUE {
            let of_client = command
                .options
                .first()
                .is_some_and(|option| option.name == "client");
            if !of_client || command.options.len() == 1 {
                continue;
            }
            for forms in [Forms::Modal, Forms::Questions] {
                let open = Action::Open {
                    command: command.name.to_owned(),
                    client: Some(ClientId(100)),
                };
                let event = self.event(account(Who::Bob), Ask::Press(open.to_string()), forms);
                let reply = self.pipeline.handle(event).await;
                self.seen
                    .push(Seen::of(format!("the form of {}", command.name), &reply));
            }
        }
    }

    /// Everything that somebody is told besides.
    pub(super) async fn notices(&mut self) {
        self.house.clock.advance(Duration::from_hours(24 * 30));
        self.house.remind_of_invoices().await.unwrap();
        self.house.clock.advance(Duration::from_hours(1));
        let mut count = 0;
        loop {
            let house = self.house.clone();
            let now = house.now();
            let told = self.house.store.write(move |tx| {
                Box::pin(async move {
                    let until = now.plus(Duration::from_hours(1));
                    let Some(claimed) = tx.claim_notice(now, count, until).await? else {
                        return Ok(None);
                    };
                    let content = serde_json::from_str(&claimed.content)?;
                    let address = serde_json::from_str(&claimed.address)?;
                    let worded = wording::effect(&house, tx, &content, address).await?;
                    Ok(Some((claimed.content, worded)))
                })
            });
            let Some((content, worded)) = told.await.unwrap() else {
                break;
            };
            count += 1;
            let (Effect::Post { card, buttons } | Effect::Edit { card, buttons, .. }) =
                (match worded {
                    Some(worded) => worded.effect,
                    None => continue,
                })
            else {
                continue;
            };
            let reply = Reply {
                buttons,
                ..Reply::card(card)
            };
            self.seen
                .push(Seen::of(format!("notice {content}"), &reply));
        }
        assert!(count > 10, "{count}");
    }
}

fn confirmable(reply: &Reply) -> Option<Shown> {
    reply
        .buttons
        .iter()
        .flatten()
        .find_map(|button| match &button.action {
            Action::Confirm(shown) => Some(shown.clone()),
            _ => None,
        })
}
