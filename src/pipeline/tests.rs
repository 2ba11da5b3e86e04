//! Commands that take a file: in windows, which cannot ask for one, and question by question.

use std::path::Path;

use super::*;
use crate::app;
use crate::chat::file::Unfetched;
use crate::chat::{FieldKind, FileKind, Identity, Incoming, Place, Sender};
use crate::clock::{Clock, Millis};
use crate::config::Config;

const COMMAND: &str = "test attach";

/// Gives the address as what is in the file.
struct Shelf;

impl Files for Shelf {
    fn serves(&self, _: Messenger) -> bool {
        true
    }

    fn fetch<'a>(
        &'a self,
        file: &'a Incoming,
        _: u64,
    ) -> BoxFuture<'a, Result<Vec<u8>, Unfetched>> {
        Box::pin(async move { Ok(file.at.clone().into_bytes()) })
    }
}

fn file(at: &str, kind: FileKind) -> Incoming {
    Incoming {
        messenger: Messenger::Discord,
        at: at.to_owned(),
        name: "a.csv".to_owned(),
        size: 10,
        kind,
    }
}

fn document(at: &str) -> Incoming {
    file(at, FileKind::Document)
}

struct Bench {
    pipeline: Pipeline,
    events: std::cell::Cell<u32>,
    _dir: tempfile::TempDir,
}

impl Bench {
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let text = format!(
            "[database]\nurl = \"sqlite://{}\"\n[telegram]\ntoken = \"1:a\"\n\
             [email]\nurl = \"smtp://localhost:25\"\nfrom = \"desk@example.com\"\n",
            dir.path().join("bursar.db").display()
        );
        let config = Config::parse(Path::new("bot.toml"), &text, std::iter::empty());
        let config = config.unwrap_or_else(|faults| panic!("{faults}"));
        let clock = Clock::manual(Millis(1_800_000_000_000));
        let house = app::house(&config, clock).await.unwrap();
        house.store.migrate().await.unwrap();
        let pipeline = Pipeline::new(house, None, Arc::default()).with_files(Arc::new(Shelf));
        Self {
            pipeline,
            events: std::cell::Cell::new(0),
            _dir: dir,
        }
    }

    fn event(&self, forms: Forms, ask: Ask) -> Event {
        self.events.set(self.events.get() + 1);
        let (messenger, place) = match forms {
            Forms::Modal => (Messenger::Discord, Place::Guild),
            Forms::Questions => (Messenger::Telegram, Place::PrivateChat),
        };
        Event {
            id: format!("{}:{}", messenger.name(), self.events.get()),
            from: Sender {
                identity: Identity { messenger, user: 5 },
                name: "Ada".to_owned(),
                locale: "en".to_owned(),
                roles: None,
            },
            place,
            chat: 5,
            message: None,
            at: Millis(1_800_000_000_000),
            ask,
            forms,
        }
    }

    async fn windowed(&self, ask: Ask) -> (Opening, Reply) {
        let event = self.event(Forms::Modal, ask);
        let opening = self.pipeline.opening(&event);
        (opening, self.pipeline.handle(event).await)
    }

    async fn asked(&self, ask: Ask) -> String {
        let reply = self
            .pipeline
            .handle(self.event(Forms::Questions, ask))
            .await;
        format!("{} {}", reply.card.title, reply.card.text)
    }
}

fn command_with<const N: usize>(values: [(&str, String); N]) -> Ask {
    Ask::Command {
        name: COMMAND.to_owned(),
        values: Values::from(values),
    }
}

fn submitted<const N: usize>(values: [(&str, String); N]) -> Ask {
    Ask::Submit {
        token: format!("1:m:{COMMAND}"),
        values: Values::from(values),
    }
}

#[tokio::test]
async fn a_window_is_not_opened_for_a_file_and_the_way_is_told() {
    let bench = Bench::start().await;
    let (opening, reply) = bench
        .windowed(command_with([("note", "n".to_owned())]))
        .await;
    assert_eq!(opening, Opening::Defer(Visibility::Private));
    assert!(reply.form.is_none() && reply.buttons.is_empty());
    assert_eq!(
        reply.card.text,
        "This needs a file, and a window cannot take one. Type /test attach and attach the file as “file”."
    );
    let again = Action::Open {
        command: COMMAND.to_owned(),
        client: None,
    };
    let (opening, reply) = bench.windowed(Ask::Press(again.to_string())).await;
    assert_eq!(opening, Opening::Acknowledge);
    assert!(reply.card.text.contains("attach the file as"));
    // What comes back from a window that nobody opened has no file, whatever it says.
    let forged = submitted([("file", document("x").to_value()), ("note", "n".to_owned())]);
    let (_, reply) = bench.windowed(forged).await;
    assert!(reply.card.text.contains("attach the file as"));
}

#[tokio::test]
async fn a_file_is_kept_while_a_window_asks_for_the_rest() {
    let bench = Bench::start().await;
    let given = command_with([("file", document("https://cdn/1").to_value())]);
    let (opening, reply) = bench.windowed(given).await;
    let form = reply.form.unwrap();
    assert_eq!(opening, Opening::Form(form.clone()));
    assert_eq!(form.token(), format!("1:m:{COMMAND}"));
    let names: Vec<_> = form
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(names, ["note"]);
    // Where the window could not open, the button opens it.
    let again = reply.buttons[0][0].action.clone();
    let (opening, reply) = bench.windowed(Ask::Press(again.to_string())).await;
    assert!(matches!(opening, Opening::Form(_)));
    let fields = reply.form.unwrap().fields;
    assert!(fields.iter().all(|field| field.kind != FieldKind::File));
    let forged = submitted([("file", document("x").to_value()), ("note", "n".to_owned())]);
    let (_, reply) = bench.windowed(forged).await;
    assert_eq!(reply.card.title, "n: a.csv with https://cdn/1");
    // Without a file the next time, the earlier one is not taken.
    bench
        .windowed(command_with([("note", "m".to_owned())]))
        .await;
    let (_, reply) = bench
        .windowed(command_with([("file", document("two").to_value())]))
        .await;
    assert!(reply.form.is_some());
    let (_, reply) = bench.windowed(submitted([("note", "m".to_owned())])).await;
    assert_eq!(reply.card.title, "m: a.csv with two");
}

#[tokio::test]
async fn a_file_of_the_wrong_kind_or_size_is_refused_without_a_window() {
    let bench = Bench::start().await;
    let check = async |file: Incoming, expected: &str| {
        let given = command_with([("file", file.to_value()), ("note", "n".to_owned())]);
        let (_, reply) = bench.windowed(given).await;
        assert!(reply.buttons.is_empty());
        assert_eq!(reply.card.text, expected);
    };
    check(
        file("x", FileKind::Picture),
        "File came as a picture. Send it again as a document.",
    )
    .await;
    let large = Incoming {
        size: 21 * 1024 * 1024,
        ..document("x")
    };
    check(
        large,
        "The file is too large; at most 20 MB are taken. Split it and send the parts one by one.",
    )
    .await;
}

#[tokio::test]
async fn a_question_is_answered_by_a_document() {
    let bench = Bench::start().await;
    let said = bench.asked(command_with([])).await;
    assert!(
        said.contains("File?\nSend the file as a document."),
        "{said}"
    );
    let sent = |file, text: &str| Ask::File {
        file,
        text: text.to_owned(),
    };
    // A reference is never typed.
    let said = bench.asked(Ask::Text(document("x").to_value())).await;
    assert!(
        said.contains("File is a file. Send it as a document."),
        "{said}"
    );
    let said = bench.asked(sent(file("x", FileKind::Picture), "")).await;
    assert!(said.contains("came as a picture"), "{said}");
    let said = bench.asked(sent(document("content"), "a caption")).await;
    assert!(said.contains("Note?"), "{said}");
    // Where words are asked for, a file has none.
    let said = bench.asked(sent(document("y"), " ")).await;
    assert!(said.contains("missing"), "{said}");
    let said = bench.asked(sent(document("y"), "the note")).await;
    assert_eq!(said, "the note: a.csv with content ");
    let said = bench.asked(sent(document("y"), "")).await;
    assert!(said.contains("not waiting for an answer"), "{said}");
}
