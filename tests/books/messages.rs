//! Default messages: edited, shown, undone and brought back; and the mails that are written with what was done.

use std::sync::Arc;
use std::time::Duration;

use bursar::chat::action::Shown;
use bursar::chat::{Action, Identity, Messenger, Place, Reply, Values};
use bursar::delivery::Worker;
use bursar::delivery::courier::Courier;
use bursar::delivery::email::Folder;
use bursar::domain::client::Status;
use bursar::domain::ids::ClientId;
use bursar::domain::refusal::Refusal;
use bursar::domain::request::{Limits, State};
use bursar::domain::role::Role;
use bursar::services::Rules;
use bursar::store::clients::NewClient;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::desk::{Desk, client, drafted, house, number, press, reseller, rules, text_in, under};
use crate::matrix::refused;
use crate::support::Database;
use crate::{change, on_both};

const ANN: Identity = on_telegram(1);
const BOB: Identity = on_telegram(2);
const SUE: Identity = on_telegram(4);
const KIM: Identity = on_telegram(5);

const fn on_telegram(user: i64) -> Identity {
    Identity {
        messenger: Messenger::Telegram,
        user,
    }
}

/// Two admins and support; ada, who can be written to, bob without an address, and the reseller kim.
async fn desk(db: &Database, mails: bool) -> Desk {
    let limits = Limits {
        admin: 10_000,
        ..Limits::default()
    };
    let rules = Rules {
        limits,
        mails,
        ..rules()
    };
    let desk = Desk::new(house(&db.store, rules, 5));
    let clients = [
        client(100, "ada"),
        NewClient {
            email: String::new(),
            ..client(101, "bob")
        },
        reseller(200, "kim", None),
        under(200, client(201, "tom")),
        NewClient {
            status: Status::Pending,
            ..client(300, "new")
        },
    ];
    for new in clients {
        change!(db.store, |tx| tx.insert_client(&new).await?);
    }
    desk.comes(ANN, Role::Admin, "Ann", None).await;
    desk.comes(BOB, Role::Admin, "Bob", None).await;
    desk.comes(SUE, Role::Support, "Sue", None).await;
    desk.comes(KIM, Role::Reseller, "Kim", Some("kim")).await;
    desk
}

fn field<'a>(reply: &'a Reply, label: &str) -> &'a str {
    let mut fields = reply.card.fields.iter();
    let found = fields.find(|(name, _)| name.starts_with(label));
    found.map_or_else(|| panic!("{label}: {reply:?}"), |(_, value)| value)
}

fn action<'a>(reply: &'a Reply, label: &str) -> &'a Action {
    let mut buttons = reply.buttons.iter().flatten();
    let found = buttons.find(|button| button.label == label);
    found.map_or_else(|| panic!("{label}: {reply:?}"), |button| &button.action)
}

async fn state(db: &Database, shown: &Shown) -> State {
    let id = shown.request;
    change!(db.store, |tx| tx.request(id, false).await?)
        .unwrap()
        .state
}

async fn subject(desk: &Desk, line: &str) -> String {
    let reply = desk.types(ANN, line).await;
    field(&reply, "Subject").to_owned()
}

on_both! {
    async fn a_message_is_edited_and_what_was_shown_is_sent(db) {
        let desk = desk(db, false).await;
        let all = desk.types(ANN, "message edit").await;
        assert_eq!(all.buttons.iter().flatten().count(), 7);
        let seen = desk.presses(ANN, action(&all, "Credit added")).await;
        assert_eq!(seen.card.title, "Credit added (English)");
        assert_eq!(seen.card.text, "The text that comes with the program.");
        assert_eq!(field(&seen, "Subject"), "{{ amount }} added");
        // Nobody in particular: the client who came last.
        assert!(field(&seen, "As new gets it").starts_with("500 credits added\n\nHello new,"));

        let line = "message edit credit-added subject:{{name}}: {{ amount }} client:ada";
        let draft = desk.types(ANN, line).await;
        assert_eq!(field(&draft, "Subject"), "{{ amount }} added → {{name}}: {{ amount }}");
        assert!(field(&draft, "As ada gets it").starts_with("ada: 500 credits\n\nHello ada,"));
        assert!(field(&draft, "Text of the message").starts_with("Hello {{ name }},\n\n{{ amount }} were added"));
        let shown = drafted(&draft).unwrap();
        assert_eq!(subject(&desk, "message edit credit-added").await, "{{ amount }} added", "not yet");
        let done = desk.presses(ANN, &Action::Confirm(shown.clone())).await;
        assert!(done.card.text.starts_with("Done by Ann."), "{done:?}");
        let seen = desk.types(BOB, "message edit credit-added").await;
        assert_eq!(field(&seen, "Subject"), "{{name}}: {{ amount }}");
        assert!(seen.card.text.starts_with("Version 1, by Ann, 15 Jan 2027"), "{}", seen.card.text);
        // Pressed again: once.
        desk.presses(ANN, &Action::Confirm(shown)).await;
        assert_eq!(number(&db.store, "select count(*) from template").await, 1);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn what_cannot_be_a_message_is_refused_by_name(db) {
        let desk = desk(db, false).await;
        let check = async |line: &str, words: &str| {
            let reply = desk.types(ANN, line).await;
            assert!(reply.card.text.contains(words), "{line}: {reply:?}");
            assert_eq!(drafted(&reply), None, "{line}");
        };
        check(
            "message edit low-credit body:{{ nmae }} {{ x }}",
            "no placeholder {{ nmae }}, {{ x }}. Did you mean {{ name }}? It has: {{ name }}, {{ username }}, {{ business }}, {{ balance }}.",
        ).await;
        check("message edit low-credit subject:{{ name", "In Subject, a placeholder is not closed").await;
        check("message edit low-credit subject:{{ link }}", "no placeholder {{ link }}. It has:").await;
        // As a window hands it in.
        let submit = |values: Values| bursar::chat::Ask::Submit {
            token: "1:m:message edit|message=low-credit|language=en".to_owned(),
            values,
        };
        let reply = desk.asks(ANN, submit(Values::from([("subject", "a\r\nBcc: eve@example.com")]))).await;
        assert!(reply.card.text.contains("A subject is one line."), "{reply:?}");
        let reply = desk.asks(ANN, submit(Values::from([("subject", "{{ balance }} left")]))).await;
        assert_eq!(refused(&reply), Some(&*desk.sentence(&Refusal::NothingChanges)));
        let reply = desk.asks(ANN, submit(Values::from([("body", "Dear {{ name }},\r\n\r\nlittle is left.")]))).await;
        assert_eq!(field(&reply, "Text of the message"), "Dear {{ name }},\n\nlittle is left.");
        assert_eq!(number(&db.store, "select count(*) from template").await, 0);
    }
}

on_both! {
    async fn admins_alone_change_messages_and_only_while_changes_go_on(db) {
        let desk = desk(db, false).await;
        let why = desk.sentence(&Refusal::NotAllowed);
        let line = "message edit welcome subject:Mine";
        for who in [SUE, KIM] {
            for line in [line, "message edit", "message history welcome", "message restore welcome"] {
                assert_eq!(refused(&desk.types(who, line).await), Some(&*why), "{line}");
            }
        }
        let shown = desk.drafts(ANN, line).await;
        // Somebody else's draft, and a press from where no rights come along.
        let confirm = Action::Confirm(shown.clone());
        assert_eq!(refused(&desk.presses(BOB, &confirm).await), Some(&*desk.sentence(&Refusal::NotYours)));
        let event = desk.event(ANN, Place::Unvouched, press(&confirm));
        assert_eq!(refused(&desk.handle(&event).await), Some(&*desk.sentence(&Refusal::NoRightsHere)));
        // Who is no admin any more by then confirms nothing.
        change!(db.store, |tx| {
            let ann = tx.known(ANN).await?.unwrap().person;
            tx.set_role(ann, Role::Support, None).await?;
        });
        assert_eq!(refused(&desk.presses(ANN, &confirm).await), Some(&*why));
        desk.confirms(BOB, "people freeze").await;
        let by = "Bob".to_owned();
        let frozen = desk.sentence(&Refusal::Frozen { by });
        assert_eq!(refused(&desk.types(BOB, line).await), Some(&*frozen));
        assert_eq!(number(&db.store, "select count(*) from template").await, 0);
    }
}

on_both! {
    async fn a_language_falls_back_to_the_businesss(db) {
        let desk = desk(db, false).await;
        let french = "message edit welcome fr";
        assert_eq!(subject(&desk, french).await, "Bienvenue chez {{ business }}");
        desk.confirms(ANN, "message edit welcome subject:Hello {{ name }}").await;
        let seen = desk.types(ANN, french).await;
        assert_eq!(field(&seen, "Subject"), "Hello {{ name }}");
        assert_eq!(seen.card.text, "Nothing was written in this language: the text in English is sent.");
        desk.confirms(ANN, "message edit welcome fr subject:Salut {{ name }}").await;
        assert_eq!(subject(&desk, french).await, "Salut {{ name }}");
        assert_eq!(subject(&desk, "message edit welcome").await, "Hello {{ name }}");
        // Without one of its own it falls back again; the other way round nothing does.
        desk.confirms(ANN, "message restore welcome fr 0").await;
        assert_eq!(subject(&desk, french).await, "Hello {{ name }}");
        desk.confirms(ANN, "message restore welcome en 0").await;
        assert_eq!(subject(&desk, french).await, "Bienvenue chez {{ business }}");
        desk.confirms(ANN, "message edit welcome fr subject:Salut").await;
        assert_eq!(subject(&desk, "message edit welcome").await, "Welcome to {{ business }}");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn versions_are_shown_and_brought_back(db) {
        let desk = desk(db, false).await;
        let none = desk.types(ANN, "message history invoice").await;
        assert!(none.card.fields.is_empty() && none.card.text.starts_with("Nothing was changed yet"));
        for number in 1..=7 {
            desk.confirms(ANN, &format!("message edit invoice subject:Number {number}")).await;
        }
        let first = desk.types(BOB, "message history invoice").await;
        let labels = |reply: &Reply| reply.card.fields.iter().map(|(label, _)| label.clone()).collect::<Vec<_>>();
        assert_eq!(labels(&first), ["Version 7", "Version 6", "Version 5", "Version 4", "Version 3"]);
        assert!(field(&first, "Version 7").starts_with("Ann, 15 Jan 2027"));
        let second = desk.presses(BOB, action(&first, "Next page")).await;
        assert_eq!(labels(&second), ["Version 2", "Version 1"]);
        let draft = desk.presses(BOB, action(&second, "Bring back version 2")).await;
        assert_eq!(draft.card.title, "Bring back version 2 of the message “Invoice” (English)");
        assert_eq!(field(&draft, "Subject"), "Number 7 → Number 2");
        desk.presses(BOB, &Action::Confirm(drafted(&draft).unwrap())).await;
        assert_eq!(subject(&desk, "message edit invoice").await, "Number 2");
        let history = desk.types(BOB, "message history invoice").await;
        assert!(field(&history, "Version 8").starts_with("Bob, "));
        let again = desk.types(BOB, "message restore invoice en 2").await;
        assert_eq!(refused(&again), Some(&*desk.sentence(&Refusal::NothingChanges)));
        for typed in ["9", "-1", "two"] {
            let reply = desk.types(BOB, &format!("message restore invoice en {typed}")).await;
            assert!(reply.card.text.contains("There is no version"), "{typed}: {reply:?}");
        }
        // The text that comes with the program.
        let draft = desk.presses(BOB, action(&history, "Bring back the program's text")).await;
        desk.presses(BOB, &Action::Confirm(drafted(&draft).unwrap())).await;
        assert_eq!(subject(&desk, "message edit invoice").await, "Invoice {{ number }}");
        let again = desk.types(BOB, "message restore invoice en 0").await;
        assert_eq!(refused(&again), Some(&*desk.sentence(&Refusal::NothingChanges)));
        // A version that is the program's text brings that.
        let back = desk.types(BOB, "message restore invoice en 3").await;
        desk.presses(BOB, &Action::Confirm(drafted(&back).unwrap())).await;
        desk.confirms(BOB, "message restore invoice en 9").await;
        assert_eq!(subject(&desk, "message edit invoice").await, "Invoice {{ number }}");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn what_was_changed_meanwhile_is_not_overwritten(db) {
        let desk = desk(db, false).await;
        let ann = desk.drafts(ANN, "message edit reminder subject:Ann's").await;
        let french = desk.drafts(ANN, "message edit reminder fr subject:Ann's").await;
        let restored = desk.drafts(BOB, "message edit reminder subject:Bob's").await;
        desk.presses(BOB, &Action::Confirm(restored)).await;
        let unfit = desk.presses(ANN, &Action::Confirm(ann.clone())).await;
        assert!(unfit.card.text.contains("what it is about has changed"), "{unfit:?}");
        assert_eq!(state(db, &ann).await, State::Unfit);
        assert_eq!(subject(&desk, "message edit reminder").await, "Bob's");
        // What was shown before is not what it was in the other language either.
        desk.presses(ANN, &Action::Confirm(french.clone())).await;
        assert_eq!(state(db, &french).await, State::Unfit);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn of_two_changes_at_once_one_is_made(db) {
        let desk = desk(db, false).await;
        for round in 1..=5 {
            let ann = desk.drafts(ANN, &format!("message edit reminder subject:Ann {round}")).await;
            let bob = desk.drafts(BOB, &format!("message edit reminder subject:Bob {round}")).await;
            let (one, other) = (Action::Confirm(ann.clone()), Action::Confirm(bob.clone()));
            tokio::join!(desk.presses(ANN, &one), desk.presses(BOB, &other));
            let states = [state(db, &ann).await, state(db, &bob).await];
            assert!(states.contains(&State::Applied) && states.contains(&State::Unfit), "{states:?}");
        }
        assert_eq!(number(&db.store, "select max(version) from template").await, 5);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn a_change_is_undone_unless_somebody_went_on(db) {
        let desk = desk(db, false).await;
        desk.confirms(ANN, "message edit reminder subject:First").await;
        let (_, done) = desk.confirms(ANN, "message edit reminder subject:Second").await;
        let undo = action(&done, "Undo").clone();
        let draft = desk.presses(ANN, &undo).await;
        assert_eq!(field(&draft, "Subject"), "Second → First");
        desk.presses(ANN, &Action::Confirm(drafted(&draft).unwrap())).await;
        assert_eq!(subject(&desk, "message edit reminder").await, "First");
        // The very first change goes back to the program's text.
        let (_, done) = desk.confirms(ANN, "message edit welcome subject:First").await;
        let draft = desk.presses(ANN, action(&done, "Undo")).await;
        desk.presses(ANN, &Action::Confirm(drafted(&draft).unwrap())).await;
        assert_eq!(subject(&desk, "message edit welcome").await, "Welcome to {{ business }}");

        let late = desk.sentence(&Refusal::TooLateToUndo);
        let (_, done) = desk.confirms(ANN, "message edit invoice subject:Ann's").await;
        desk.confirms(BOB, "message edit invoice subject:Bob's").await;
        assert_eq!(refused(&desk.presses(ANN, action(&done, "Undo")).await), Some(&*late));
        let (_, done) = desk.confirms(ANN, "message edit invoice subject:Mine").await;
        desk.house.clock.advance(Duration::from_mins(3));
        assert_eq!(refused(&desk.presses(ANN, action(&done, "Undo")).await), Some(&*late));
        assert_eq!(subject(&desk, "message edit invoice").await, "Mine");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

/// The mails that wait or went, by their message and client, oldest first.
async fn mails(db: &Database, state: &str) -> Vec<String> {
    let concat = if db.engine == "postgres" {
        "string_agg(content, '|' order by id)"
    } else {
        "group_concat(content, '|')"
    };
    let sql = format!(
        "select coalesce({concat}, '') from (select id, content from outbox
            where key like 'mail:%' and state = '{state}' order by id) found"
    );
    let found = change!(db.store, |tx| text_in(tx, &sql).await?);
    let of = |content: &str| {
        let value: serde_json::Value = serde_json::from_str(content).unwrap();
        let client = value["client"].as_i64().unwrap();
        format!("{} {client}", value["mail"].as_str().unwrap())
    };
    found
        .split('|')
        .filter(|one| !one.is_empty())
        .map(of)
        .collect()
}

on_both! {
    async fn each_mail_is_written_with_its_cause(db) {
        let desk = desk(db, true).await;
        for line in [
            "credit add ada 100",
            "credit add ada 40 prepaid",
            "credit deduct ada 5 twice",
            "invoice create ada Set-up; 1; 20",
            "client new fullname:Zoe username:zoe email:zoe@example.com",
            "client activate new",
            // No address, or nothing that a client is sent.
            "credit add bob 100",
            "client new fullname:Yan username:yan",
            "client suspend ada late",
            "message edit welcome subject:Hello",
        ] {
            desk.confirms(ANN, line).await;
        }
        let found = mails(db, "queued").await;
        assert_eq!(found.len(), 6, "{found:?}");
        assert_eq!(found[..4], ["credit-added 100", "invoice 100", "credit-deducted 100", "invoice 100"]);
        assert!(found[4].starts_with("welcome ") && found[5] == "welcome 300", "{found:?}");
        // What can be undone waits, as long as it can be.
        let waits = "select count(*) from outbox where key like 'mail:%' and next_at = created_at + 120000";
        assert_eq!(number(&db.store, waits).await, 2);
        let keys = "select count(distinct key) from outbox where key like 'mail:%'";
        assert_eq!(number(&db.store, keys).await, 6);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn without_a_way_for_mail_none_is_written(db) {
        let desk = desk(db, false).await;
        desk.confirms(ANN, "credit add ada 100").await;
        desk.house.clock.advance(Duration::from_hours(24 * 8));
        assert_eq!(desk.house.remind_of_invoices().await.unwrap(), 0);
        assert_eq!(mails(db, "queued").await, [""; 0]);
    }
}

on_both! {
    async fn of_what_is_undone_in_time_no_mail_tells(db) {
        let desk = desk(db, true).await;
        let (_, done) = desk.confirms(ANN, "credit add ada 100").await;
        let draft = desk.presses(ANN, action(&done, "Undo")).await;
        desk.presses(ANN, &Action::Confirm(drafted(&draft).unwrap())).await;
        assert_eq!(mails(db, "queued").await, [""; 0]);
        assert_eq!(mails(db, "dead").await, ["credit-added 100"]);
        // What is taken back later is told, as taken.
        let (added, _) = desk.confirms(ANN, "credit add ada 100").await;
        desk.house.clock.advance(Duration::from_mins(3));
        let posting = change!(db.store, |tx| tx.posting_of(added.request).await?).unwrap();
        desk.confirms(ANN, &format!("credit reverse ada posting:{posting} reason:wrong")).await;
        assert_eq!(mails(db, "queued").await, ["credit-added 100", "credit-deducted 100"]);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

/// Hands over what waits into a folder, and says what is in it: subject and body of each mail, by its address.
async fn posted(desk: &Desk, folder: &std::path::Path) -> Vec<String> {
    let from = "Desk <desk@example.com>".parse().unwrap();
    let courier: Arc<dyn Courier> = Arc::new(Folder::new(folder.to_owned(), from));
    let store = &desk.house.store;
    let stop = CancellationToken::new();
    let worker = Worker::new(desk.house.clone(), vec![courier], Arc::new(Notify::new()));
    let working = tokio::spawn(worker.run(stop.clone()));
    let open =
        "select count(*) from outbox where key like 'mail:%' and state in ('queued', 'leased')";
    while number(store, open).await > 0 {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    working.await.unwrap();
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .map(|found| found.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    names.sort();
    names
        .iter()
        .map(|name| std::fs::read_to_string(name).unwrap())
        .collect()
}

fn header<'a>(mail: &'a str, name: &str) -> &'a str {
    let line = mail.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("{name} is not in\n{mail}"))
}

on_both! {
    async fn mails_say_what_holds_when_they_go_out(db) {
        let home = tempfile::tempdir().unwrap();
        let desk = desk(db, true).await;
        desk.confirms(ANN, "message edit credit-added subject:{{ name }}: {{ amount }}, {{ number }}, {{ total }}").await;
        desk.confirms(ANN, "credit add ada 100").await;
        // The address is corrected before the mail goes out.
        desk.confirms(ANN, "client edit ada email lovelace@example.com").await;
        desk.confirms(ANN, "credit add kim 1000").await;
        desk.confirms(ANN, "invoice create tom Set-up; 1; 20").await;
        desk.confirms(ANN, "invoice create ada Set-up; 1; 30").await;
        desk.confirms(ANN, "invoice void INV-000004").await;
        desk.house.clock.advance(Duration::from_mins(3));
        let sent = posted(&desk, home.path()).await;
        let told: Vec<_> = sent.iter().map(|mail| (header(mail, "To: "), header(mail, "Subject: "))).collect();
        assert_eq!(told, [
            ("lovelace@example.com", "ada: 100 credits, INV-000001, 6.00 EUR"),
            ("kim@example.com", "kim: 1,000 credits, INV-000002, 60.00 EUR"),
            ("tom@example.com", "Invoice INV-000003"),
        ]);
        assert!(sent[0].ends_with("Invoice: INV-000001\r\nTotal: 6.00 EUR\r\n\r\nDesk"), "{}", sent[0]);
        // What was taken back meanwhile is not brought to anybody's mind.
        assert_eq!(mails(db, "dead").await, ["invoice 100"]);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn unpaid_invoices_are_brought_to_mind_by_mail(db) {
        let home = tempfile::tempdir().unwrap();
        let desk = desk(db, true).await;
        desk.confirms(ANN, "invoice create ada Set-up; 1; 20").await;
        desk.confirms(ANN, "invoice create bob Set-up; 1; 20").await;
        desk.confirms(ANN, "invoice create tom Set-up; 1; 20").await;
        desk.confirms(ANN, "invoice paid INV-000003 TX-1").await;
        posted(&desk, &home.path().join("first")).await;
        desk.house.clock.advance(Duration::from_hours(24 * 7));
        desk.house.remind_of_invoices().await.unwrap();
        desk.house.remind_of_invoices().await.unwrap();
        assert_eq!(mails(db, "queued").await, ["reminder 100"]);
        let sent = posted(&desk, &home.path().join("second")).await;
        assert_eq!(header(&sent[0], "Subject: "), "Invoice INV-000001 is unpaid");
        assert!(sent[0].contains("24.00 EUR of invoice INV-000001 are not paid yet."), "{}", sent[0]);
        desk.house.clock.advance(Duration::from_hours(24 * 7));
        desk.house.remind_of_invoices().await.unwrap();
        // Paid before it went out.
        desk.confirms(ANN, "invoice paid INV-000001 TX-2").await;
        assert_eq!(posted(&desk, &home.path().join("third")).await, [""; 0]);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn mails_are_in_the_language_of_the_clients_people(db) {
        let home = tempfile::tempdir().unwrap();
        let desk = desk(db, true).await;
        change!(db.store, |tx| {
            let kim = tx.known(KIM).await?.unwrap().person;
            let discord = Identity { messenger: Messenger::Discord, user: 77 };
            tx.insert_identity(kim, discord, "Kim", "fr").await?;
        });
        desk.confirms(ANN, "credit add kim 10").await;
        desk.confirms(ANN, "credit add ada 10").await;
        desk.house.clock.advance(Duration::from_mins(3));
        let sent = posted(&desk, home.path()).await;
        let subjects: Vec<_> = sent.iter().map(|mail| header(mail, "Subject: ")).collect();
        // `10 crédits ajoutés`, as a header writes it.
        assert_eq!(subjects, ["=?utf-8?b?MTDCoGNyw6lkaXRzIGFqb3V0w6lz?=", "10 credits added"]);
    }
}

on_both! {
    async fn a_name_is_no_header_and_no_placeholder(db) {
        let home = tempfile::tempdir().unwrap();
        let desk = desk(db, true).await;
        desk.confirms(ANN, "message edit credit-added subject:For {{ name }}").await;
        // What no command takes, but a database may hold.
        let name = "{{ balance }}\r\nBcc: eve@example.com\r\n\r\nHi <b>";
        let ada = ClientId(100);
        let set = format!("update client set name = '{name}' where id = {}", ada.0);
        change!(db.store, |tx| crate::desk::sql(tx, &set).await?);
        desk.confirms(ANN, "credit add #34 10").await;
        desk.house.clock.advance(Duration::from_mins(3));
        let sent = posted(&desk, home.path()).await;
        let head = sent[0].split("\r\n\r\n").next().unwrap();
        assert!(head.lines().all(|line| !line.to_lowercase().starts_with("bcc")), "{head}");
        assert_eq!(header(&sent[0], "Subject: "), "For {{ balance }}  Bcc: eve@example.com    Hi <b>");
        assert!(sent[0].contains("Hello {{ balance }}  Bcc: eve@example.com    Hi <b>,\r\n"), "{}", sent[0]);
    }
}
