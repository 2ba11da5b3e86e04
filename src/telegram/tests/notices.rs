//! Notices by courier, and the command menu.

use futures_util::FutureExt as _;

use super::*;
use crate::chat::{Action, Button, MessageRef, Messenger, Style};
use crate::commands::catalogue::Gate;
use crate::delivery::courier::{Address, Courier as _, Effect, Envelope, Outcome};
use crate::domain::ids::{ClientId, NoticeId};
use crate::domain::role::{Permission, Role};

fn post(chat: i64, title: &str) -> Envelope {
    Envelope {
        id: NoticeId(1),
        to: Address::TelegramChat(chat),
        effect: Effect::Post {
            card: card(title),
            buttons: vec![vec![Button::new(
                Style::Good,
                "View",
                Action::View(ClientId(7)),
            )]],
        },
    }
}

fn edit(message: MessageRef, title: &str) -> Envelope {
    Envelope {
        id: NoticeId(2),
        to: Address::TelegramChat(message.chat),
        effect: Effect::Edit {
            message,
            card: card(title),
            buttons: Vec::new(),
        },
    }
}

#[tokio::test]
async fn a_notice_is_posted_and_edited() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let courier = adapter(
        &telegram,
        FakeDesk::echo(),
        &data.store,
        &[],
        &Arc::default(),
    );
    assert!(courier.serves(&Address::TelegramChat(1)));
    assert!(!courier.serves(&Address::DiscordUser(1)));
    let ada = telegram.person("Ada");
    ada.start(None).await;
    let outcome = courier.deliver(post(ada.id(), "Waiting")).await;
    let Outcome::Sent(Some(message)) = outcome else {
        panic!("{outcome:?}");
    };
    let shown = ada.next_message().await;
    assert_eq!(shown.text(), "Waiting\n[View]");
    assert_eq!((message.chat, message.message), (ada.id(), shown.id()));
    for _ in 0..2 {
        let outcome = courier.deliver(edit(message.clone(), "Done")).await;
        assert_eq!(outcome, Outcome::Sent(None));
    }
    assert_eq!(shown.refreshed().text(), "Done");
    let lost = MessageRef {
        message: 4242,
        ..message
    };
    assert_eq!(courier.deliver(edit(lost, "Done")).await, Outcome::Nothing);
    expect_well_formed(&telegram);
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let courier = adapter(
        &telegram,
        FakeDesk::echo(),
        &data.store,
        &[],
        &Arc::default(),
    );
    let (ada, bob) = (telegram.person("Ada"), telegram.person("Bob"));
    let unknown = courier.deliver(post(4, "x")).await;
    assert!(matches!(unknown, Outcome::Unreachable(_)), "{unknown:?}");
    let silent = courier.deliver(post(bob.id(), "x")).await;
    assert!(matches!(silent, Outcome::Unreachable(_)), "{silent:?}");
    ada.start(None).await;
    ada.block_bot();
    let blocked = courier.deliver(post(ada.id(), "x")).await;
    assert!(matches!(blocked, Outcome::Unreachable(_)), "{blocked:?}");
    ada.unblock_bot();
    let fault = Trouble::ServerError { status: 503 };
    trouble(&telegram, fault, "sendMessage", 1);
    let down = courier.deliver(post(ada.id(), "x")).await;
    assert!(
        matches!(down, Outcome::Later { after: None, .. }),
        "{down:?}"
    );
    let fault = Trouble::TooManyRequests {
        retry_after_ms: 30_000,
    };
    trouble(&telegram, fault, "sendMessage", 1);
    // The burst is spent by now; the courier waits for its place and then meets the limit.
    let limited = courier.deliver(post(ada.id(), "x")).await;
    let Outcome::Later {
        after: Some(after), ..
    } = limited
    else {
        panic!("{limited:?}");
    };
    assert_eq!(after, Duration::from_secs(30));
    // It remembers, and does not ask again before the time.
    let held = courier.deliver(post(ada.id(), "x")).await;
    assert!(
        matches!(held, Outcome::Later { after: Some(_), .. }),
        "{held:?}"
    );
    let tries = telegram.record().calls();
    let tries = tries.iter().filter(|call| call.status == 429).count();
    assert_eq!(tries, 1);
}

#[tokio::test]
async fn a_notice_follows_a_group_that_moved() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let courier = adapter(
        &telegram,
        FakeDesk::echo(),
        &data.store,
        &[],
        &Arc::default(),
    );
    let ada = telegram.person("Ada");
    let old = telegram.group("Desk", &[&ada]);
    let new = old.upgrade().await;
    let outcome = courier.deliver(post(old.id(), "Hello")).await;
    let Outcome::Sent(Some(MessageRef {
        chat, messenger, ..
    })) = outcome
    else {
        panic!("{outcome:?}");
    };
    assert_eq!((messenger, chat), (Messenger::Telegram, new.id()));
    assert_eq!(new.next_message().await.text(), "Hello\n[View]");
}

static COMMANDS: [Command; 4] = [
    command("help", Gate::Open, true),
    command("client find", Gate::Needs(Permission::FindView), true),
    command("credit add", Gate::Needs(Permission::Credit), true),
    command("approve", Gate::Needs(Permission::Credit), false),
];

const fn command(name: &'static str, gate: Gate, listed: bool) -> Command {
    Command {
        name,
        options: &[],
        gate,
        listed,
        visibility: Visibility::Private,
        handler: |_| async { Ok(Reply::card(Card::default())) }.boxed(),
    }
}

#[tokio::test]
async fn the_menu_shows_what_a_role_may_and_is_set_only_when_it_changes() {
    let telegram = local_telegram().await;
    let data = Data::new().await;
    let adapter = adapter(
        &telegram,
        FakeDesk::echo(),
        &data.store,
        &COMMANDS,
        &Arc::default(),
    );
    let (ada, bob) = (
        telegram.person("Ada"),
        telegram.person_speaking("Bob", "fr"),
    );
    for _ in 0..2 {
        let shutdown = CancellationToken::new();
        let (bot, token) = (adapter.clone(), shutdown.clone());
        let task = tokio::spawn(async move { bot.run(token).await });
        let seen = calls(&telegram, "getMyCommands").len();
        until("the menus were compared", async || {
            calls(&telegram, "getMyCommands").len() == seen + 2
                && calls(&telegram, "setMyCommands").len() == 2
        })
        .await;
        shutdown.cancel();
        task.await.unwrap().unwrap();
    }
    let shown = |person: &local::Person| -> Vec<String> {
        let menu = person.menu().into_iter();
        menu.map(|entry| format!("{}: {}", entry.command, entry.description))
            .collect()
    };
    assert_eq!(shown(&ada), ["help: command-help"]);
    assert_eq!(shown(&bob), ["help: command-help fr"]);

    ada.start(None).await;
    let menu = |role| Envelope {
        id: NoticeId(1),
        to: Address::TelegramChat(ada.id()),
        effect: Effect::Menu {
            role,
            locale: "fr".into(),
        },
    };
    for _ in 0..2 {
        let outcome = adapter.deliver(menu(Some(Role::Admin))).await;
        assert_eq!(outcome, Outcome::Sent(None));
    }
    assert_eq!(
        shown(&ada),
        [
            "help: command-help fr",
            "client_find: command-client-find fr",
            "credit_add: command-credit-add fr",
        ]
    );
    assert_eq!(calls(&telegram, "setMyCommands").len(), 3);
    let german = Envelope {
        effect: Effect::Menu {
            role: Some(Role::Auditor),
            locale: "de".into(),
        },
        ..menu(None)
    };
    adapter.deliver(german).await;
    assert_eq!(shown(&ada)[1], "client_find: command-client-find");
    assert_eq!(shown(&ada).len(), 2);
    adapter.deliver(menu(None)).await;
    assert_eq!(shown(&ada), ["help: command-help"]);
    expect_well_formed(&telegram);
}
