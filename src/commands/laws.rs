//! The laws of the catalogue: what its renderers rely on.

use std::collections::BTreeSet;

use super::{CATALOGUE, Call, Command, OptionKind, args::Args, form};
use crate::chat::file::Fetching;
use crate::chat::{
    Ask, Event, FileKind, Forms, Identity, Incoming, Language, Messenger, Place, Sender, Sentences,
    Values,
};
use crate::clock::{Clock, Ids, Millis, Random};
use crate::domain::credits::CreditUnit;
use crate::domain::money::{Currency, TaxRate, UnitPrice};
use crate::domain::refusal::Refusal;
use crate::domain::request::Limits;
use crate::domain::role::Role;
use crate::services::access::RoleMap;
use crate::services::{House, Rules};
use crate::store::{Stop, Store};

#[test]
fn names_are_unique_and_fit_both_messengers() {
    let mut names = BTreeSet::new();
    for command in CATALOGUE {
        assert!(names.insert(command.name), "{} stands twice", command.name);
        assert!(command.name.split(' ').count() <= 2, "{}", command.name);
        let typed = command.name.replace(' ', "_");
        let fits = |char: char| char.is_ascii_lowercase() || char == '_';
        assert!(typed.len() <= 32 && typed.chars().all(fits), "{typed}");
        let mut options = BTreeSet::new();
        for option in command.options {
            assert!(
                options.insert(option.name),
                "{} of {} stands twice",
                option.name,
                command.name
            );
            assert!(
                option.name.len() <= 32
                    && option.name.chars().all(|char| char.is_ascii_lowercase())
            );
        }
    }
}

#[test]
fn a_command_of_one_word_is_no_family() {
    for command in CATALOGUE
        .iter()
        .filter(|command| !command.name.contains(' '))
    {
        let family = CATALOGUE
            .iter()
            .any(|other| other.name.split(' ').next() == Some(command.name) && other != command);
        assert!(!family, "{} is a command and a family", command.name);
    }
}

#[test]
fn there_is_room_on_both_messengers() {
    let listed: Vec<_> = CATALOGUE.iter().filter(|command| command.listed).collect();
    assert!(listed.len() <= 100);
    for command in &listed {
        assert!(command.options.len() <= 25);
        let family = command.name.split(' ').next();
        assert!(
            listed
                .iter()
                .filter(|other| other.name.split(' ').next() == family)
                .count()
                <= 25
        );
    }
}

#[test]
fn required_options_come_first_and_a_form_holds_them() {
    for command in CATALOGUE {
        let required: Vec<_> = command
            .options
            .iter()
            .map(|option| option.required)
            .collect();
        assert!(
            required.is_sorted_by(|one, other| one >= other),
            "{}",
            command.name
        );
        // A window on Discord has five fields; what does not fit is typed with the command, or asked for in a chat.
        assert!(
            required.iter().filter(|required| **required).count() <= 5,
            "{}",
            command.name
        );
        for option in command.options {
            if let OptionKind::Choice(choices) = option.kind {
                assert!((1..=25).contains(&choices.len()));
            }
        }
    }
}

#[test]
fn descriptions_fit_both_messengers() {
    let of = |language: &Language| Sentences::of(language.name(), "en");
    for say in Language::ALL.iter().map(of) {
        described(say);
    }
}

fn described(say: &Sentences) {
    for command in CATALOGUE.iter().filter(|command| command.listed) {
        let summary = say
            .text(&command.summary_id())
            .expect("a listed command has a description");
        assert!(summary.chars().count() <= 100, "{summary}");
        for option in command.options {
            let text = say
                .text(&Command::option_id(option))
                .expect("an option has a description");
            assert!(text.chars().count() <= 100, "{text}");
            let label = say
                .text(&format!("field-{}", option.name))
                .expect("an option has a label");
            assert!(label.chars().count() <= 45, "{label}");
            let hint = say.text(&format!("hint-{}", option.name));
            assert!(hint.is_none_or(|hint| hint.chars().count() <= 100));
            if let OptionKind::Choice(choices) = option.kind {
                for label in choices.iter().map(|choice| form::choice_label(choice, say)) {
                    assert!(label.chars().count() <= 100, "{label}");
                }
            }
        }
    }
}

#[test]
fn the_readme_lists_what_there_is() {
    let say = Sentences::of("en", "en");
    let row = |command: &Command| {
        let usage = command.usage();
        let roles = Role::ALL
            .iter()
            .filter(|role| command.gate.admits(Some(**role)));
        let roles: Vec<_> = roles.map(|role| role.name()).collect();
        let who = if command.gate.admits(None) {
            "everybody".to_owned()
        } else {
            roles.join(", ")
        };
        let summary = say.text(&command.summary_id()).unwrap();
        format!("| `{usage}` | {summary} | {who} |")
    };
    let listed = CATALOGUE.iter().filter(|command| command.listed);
    let wanted: Vec<_> = listed.map(row).collect();
    let readme = include_str!("../../README.md");
    let found: Vec<_> = readme
        .lines()
        .filter(|line| line.starts_with("| `/"))
        .collect();
    assert_eq!(found, wanted);
}

fn value(kind: OptionKind) -> String {
    match kind {
        OptionKind::Client => "nobody".to_owned(),
        OptionKind::Amount | OptionKind::Price => "5".to_owned(),
        OptionKind::Pick => "1".to_owned(),
        OptionKind::Choice(choices) => choices[0].to_owned(),
        OptionKind::Text(_) => "some text".to_owned(),
        OptionKind::Attachment { .. } => Incoming {
            messenger: Messenger::Telegram,
            at: "no file".to_owned(),
            name: "file.csv".to_owned(),
            size: 10,
            kind: FileKind::Document,
        }
        .to_value(),
    }
}

#[tokio::test]
async fn every_option_is_taken_by_its_handler() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::connect(&format!(
        "sqlite://{}",
        dir.path().join("laws.db").display()
    ))
    .await
    .unwrap();
    store.migrate().await.unwrap();
    let identity = Identity {
        messenger: Messenger::Telegram,
        user: 5,
    };
    for role in [Role::Admin, Role::Reseller] {
        let roles = RoleMap {
            discord_roles: Vec::new(),
            named: vec![(identity, role)],
        };
        let clock = Clock::manual(Millis(1_800_000_000_000));
        let house = House {
            store: store.clone(),
            ids: Ids::system(clock.clone()),
            clock,
            random: Random::seeded(7),
            rules: std::sync::Arc::new(Rules {
                name: "Desk".into(),
                unit: CreditUnit::new(0),
                currency: Currency {
                    code: "EUR".into(),
                    exponent: 2,
                },
                price: UnitPrice(50_000),
                tax: TaxRate(0),
                due_days: 14,
                reminder_days: vec![7, 14, 30],
                limits: Limits::default(),
                expires: std::time::Duration::from_mins(1),
                request_expires: std::time::Duration::from_mins(1),
                undo: std::time::Duration::from_mins(1),
                roles,
                approvals_channel: None,
                staff_channel: None,
                mails: false,
                language: "en".into(),
            }),
            telegram_name: std::sync::Arc::default(),
        };
        for command in CATALOGUE {
            let values = command
                .options
                .iter()
                .map(|option| (option.name.to_owned(), value(option.kind)))
                .collect();
            let event = Event {
                id: format!("telegram:{}:{}", role.name(), command.name),
                from: Sender {
                    identity,
                    name: "Ada".into(),
                    locale: "en".into(),
                    roles: None,
                },
                place: Place::PrivateChat,
                chat: 5,
                message: None,
                at: house.now(),
                ask: Ask::Typed(String::new()),
                forms: Forms::Questions,
            };
            let (of, sent) = (house.clone(), event.clone());
            let actor = house
                .store
                .read(move |tx| Box::pin(async move { Ok(of.actor(tx, &sent).await?.0) }))
                .await;
            let args = Args::read(command, Values(values), house.rules.unit).unwrap();
            let say = Sentences::of("en", "en");
            let call = Call {
                house: house.clone(),
                members: None,
                files: Fetching::default(),
                patience: super::Patience::default(),
                actor: actor.unwrap(),
                event,
                args,
                after: None,
                say,
            };
            match (command.handler)(call).await {
                Err(Stop::Refusal(Refusal::Leftover { typed })) => {
                    panic!("{} leaves {typed}", command.name)
                }
                Err(Stop::Fault(fault)) => panic!("{}: {fault:?}", command.name),
                Ok(_) | Err(Stop::Refusal(_)) => {}
            }
        }
    }
}
