//! What a person sees after a command, a press and a form, from a fast desk and from a slow one.

use super::*;
use crate::sandbox::faults::{Fault as Trouble, Rule};

#[tokio::test]
async fn a_fast_reply_is_the_first_answer() {
    let bench = Bench::start(|_| Part::at_once(client_card())).await;
    let ada = bench.local.person("Ada");
    let asked = ada.command("client find", &[("client", "ada")]).await;
    let card = asked.unwrap().reply().await.unwrap();
    insta::assert_snapshot!(card.text(), @r"
    Ada Ltd
    Balance: 500
    [Refresh] [Other]
    ");
    assert!(card.is_ephemeral());
    tokio::time::sleep(SLOW).await;
    assert_eq!(bench.first_answers(), [4]);
    bench.local.expect_quiet().unwrap();
}

#[tokio::test]
async fn a_slow_reply_is_deferred_and_then_edited_in() {
    let bench = Bench::start(|event| match &event.ask {
        Ask::Command { name, .. } if name == "help" => {
            let mut reply = Reply::card(titled("For all"));
            reply.visibility = Visibility::Public;
            Part::slowly(Opening::Defer(Visibility::Public), reply)
        }
        _ => Part::slowly(Opening::Defer(Visibility::Private), client_card()),
    })
    .await;
    let (ada, bob) = (bench.local.person("Ada"), bench.local.person("Bob"));
    let private = ada
        .command("client find", &[("client", "ada")])
        .await
        .unwrap();
    let public = bob.command("help", &[]).await.unwrap();
    let outcome = private.outcome().await.unwrap();
    assert!(
        matches!(outcome, local::Outcome::Deferred(_)),
        "{outcome:?}"
    );
    let (private, public) = (
        private.reply().await.unwrap(),
        public.reply().await.unwrap(),
    );
    assert!(private.is_ephemeral() && private.text().starts_with("Ada Ltd"));
    assert!(!public.is_ephemeral() && public.text() == "For all");
    assert_eq!(bench.first_answers(), [5, 5]);
}

#[tokio::test]
async fn what_waits_in_the_lane_is_acknowledged_in_time() {
    let slow = |title: &'static str| Part {
        after: Duration::from_millis(3_500),
        ..Part::at_once(Reply::card(titled(title)))
    };
    let bench = Bench::start(move |event| match &event.ask {
        Ask::Command { name, .. } if name == "help" => slow("First"),
        _ => slow("Second"),
    })
    .await;
    let ada = bench.local.person("Ada");
    let first = ada.command("help", &[]).await.unwrap();
    let second = ada
        .command("client find", &[("client", "ada")])
        .await
        .unwrap();
    assert_eq!(first.reply().await.unwrap().text(), "First");
    assert_eq!(second.reply().await.unwrap().text(), "Second");
    assert_eq!(bench.first_answers(), [5, 5]);
}

#[tokio::test]
async fn a_private_word_after_a_public_deferral_is_seen_by_one_person() {
    let bench = Bench::start(|_| {
        let refused = Reply::card(titled("Refused"));
        Part::slowly(Opening::Defer(Visibility::Public), refused)
    })
    .await;
    let ada = bench.local.person("Ada").in_channel("general");
    ada.command("help", &[]).await.unwrap();
    let channel = bench.local.channel("general");
    let told = ada
        .waits_for(channel, |message| message.text() == "Refused")
        .await;
    assert!(told.unwrap().is_ephemeral());
    assert!(bench.local.person("Bob").sees(channel).is_empty());
}

#[tokio::test]
async fn a_form_opens_at_once_and_its_values_come_back() {
    let bench = Bench::start(|event| match &event.ask {
        Ask::Submit { .. } => Part::at_once(placed("Preview", Placement::Edit)),
        _ => Part::at_once(Reply::form(amount_form())),
    })
    .await;
    let ada = bench.local.person("Ada");
    let modal = ada
        .command("credit add", &[])
        .await
        .unwrap()
        .modal()
        .await
        .unwrap();
    assert_eq!(modal.text(), "Add credit\nAmount*: [500]");
    let submitted = ada.submit(&modal, &[("Amount", "5*0")]).await.unwrap();
    // A command's form has no message to edit: a new one comes.
    assert_eq!(submitted.reply().await.unwrap().text(), "Preview");
    assert_eq!(
        bench.desk.last().ask,
        Ask::Submit {
            token: amount_form().token(),
            values: Values::from([("amount", "5*0")]),
        }
    );
    assert_eq!(bench.first_answers(), [9, 4]);
}

#[tokio::test]
async fn a_form_does_not_wait_for_a_desk_that_is_dead_slow() {
    let bench =
        Bench::start(|_| Part::slowly(Opening::Form(amount_form()), Reply::form(amount_form())))
            .await;
    let ada = bench.local.person("Ada");
    let modal = ada
        .command("credit add", &[])
        .await
        .unwrap()
        .modal()
        .await
        .unwrap();
    assert_eq!(modal.title(), "Add credit");
    bench.lanes.finish().await;
    bench.local.expect_quiet().unwrap();
    assert_eq!(bench.first_answers(), [9]);
}

#[tokio::test]
async fn a_form_that_comes_too_late_for_a_window_is_a_card_with_a_button() {
    let bench = Bench::start(|_| {
        let open = Action::Open {
            command: "credit add".to_owned(),
            client: None,
        };
        let reply = Reply::form(amount_form()).row(vec![Button::new(Style::Primary, "Open", open)]);
        Part::slowly(Opening::Defer(Visibility::Private), reply)
    })
    .await;
    let asked = bench.local.person("Ada").command("credit add", &[]).await;
    let card = asked.unwrap().reply().await.unwrap();
    assert_eq!(card.text(), "Add credit\n[Open]");
}

#[tokio::test]
async fn a_press_changes_the_message_or_adds_one_or_a_word_aside() {
    let bench = Bench::start(|event| match &event.ask {
        Ask::Press(id) if id.ends_with('1') => Part::at_once(placed("Changed", Placement::Edit)),
        Ask::Press(_) => Part::at_once(placed("A word", Placement::Aside)),
        _ => {
            let mut reply = client_card();
            reply.visibility = Visibility::Public;
            Part::at_once(reply)
        }
    })
    .await;
    let (ada, bob) = (bench.local.person("Ada"), bench.local.person("Bob"));
    let card = ada
        .command("help", &[])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    let word = bob
        .press(&card, "Other")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert!(word.is_ephemeral() && word.text() == "A word");
    assert_eq!(card.refreshed().text(), card.text());
    let changed = bob
        .press(&card, "Refresh")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert_eq!((changed.id(), changed.text()), (card.id(), "Changed"));
    assert_eq!(bench.first_answers(), [4, 4, 7]);
}

#[tokio::test]
async fn a_slow_press_is_acknowledged_silently() {
    let bench = Bench::start(|event| match &event.ask {
        Ask::Press(id) if id.ends_with('1') => {
            Part::slowly(Opening::Acknowledge, placed("Changed", Placement::Edit))
        }
        Ask::Press(_) => Part::slowly(Opening::Acknowledge, placed("A word", Placement::Aside)),
        _ => {
            let mut reply = client_card();
            reply.visibility = Visibility::Public;
            Part::at_once(reply)
        }
    })
    .await;
    let ada = bench.local.person("Ada");
    let card = ada
        .command("help", &[])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    let word = ada
        .press(&card, "Other")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert!(word.is_ephemeral() && word.text() == "A word" && word.id() != card.id());
    let changed = ada
        .press(&card, "Refresh")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert_eq!((changed.id(), changed.text()), (card.id(), "Changed"));
    assert_eq!(bench.first_answers(), [4, 6, 6]);
}

#[tokio::test]
async fn a_buttons_form_edits_the_buttons_message() {
    let bench = Bench::start(|event| match &event.ask {
        Ask::Press(_) => Part::at_once(Reply::form(amount_form())),
        Ask::Submit { .. } => Part::at_once(placed("Done", Placement::Edit)),
        _ => Part::at_once(client_card()),
    })
    .await;
    let ada = bench.local.person("Ada");
    let card = ada
        .command("help", &[])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    let modal = ada
        .press(&card, "Refresh")
        .await
        .unwrap()
        .modal()
        .await
        .unwrap();
    let done = ada
        .submit(&modal, &[("amount", "5")])
        .await
        .unwrap()
        .reply()
        .await;
    let done = done.unwrap();
    assert_eq!((done.id(), done.text()), (card.id(), "Done"));
    let event = bench.desk.last();
    assert_eq!(event.message.unwrap().message, card.id().cast_signed());
}

#[tokio::test]
async fn completions_come_or_come_empty() {
    let bench = Bench::start(|_| Part::at_once(client_card())).await;
    let ada = bench.local.person("Ada");
    let others = [("amount", "5")];
    let choices = ada
        .suggest("credit add", "client", "ad", &others)
        .await
        .unwrap();
    assert_eq!(choices.len(), 25);
    assert!(choices[0].name.starts_with("ad 0 x") && choices[0].name.ends_with('…'));
    assert_eq!(
        bench.desk.last().ask,
        Ask::Suggest {
            command: "credit add".to_owned(),
            option: "client".to_owned(),
            typed: "ad".to_owned(),
            values: Values::from(others),
        }
    );
    let none = ada
        .suggest("client find", "client", "slow", &[])
        .await
        .unwrap();
    assert!(none.is_empty());
}

#[tokio::test]
async fn a_full_lane_is_told_so_at_once() {
    let bench = Bench::start(|_| Part {
        after: Duration::from_millis(200),
        ..Part::at_once(Reply::card(titled("Done")))
    })
    .await;
    let ada = bench.local.person("Ada");
    let mut asked = Vec::new();
    for _ in 0..40 {
        asked.push(ada.command("help", &[]).await.unwrap());
    }
    let mut texts = Vec::new();
    for one in asked {
        texts.push(one.reply().await.unwrap().text().to_owned());
    }
    let of = |text: &str| texts.iter().filter(|one| *one == text).count();
    assert!(of("Too fast") >= 1, "{texts:?}");
    assert_eq!(of("Too fast") + of("Done"), 40);
}

#[tokio::test]
async fn answers_survive_a_shaky_connection_without_doubling() {
    for fault in [
        Trouble::DropAnswer,
        Trouble::DropCall,
        Trouble::ServerError { status: 503 },
        Trouble::TooManyRequests {
            retry_after_ms: 300,
        },
    ] {
        let bench = Bench::start(|_| Part::at_once(client_card())).await;
        bench.local.fault(Rule {
            fault: fault.clone(),
            matching: "/callback".to_owned(),
            times: 2,
        });
        let ada = bench.local.person("Ada");
        let asked = ada.command("help", &[]).await.unwrap();
        let card = asked
            .reply()
            .await
            .unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(ada.sees(card.channel_id()).len(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_no_catastrophe() {
    let bench = Bench::start(|_| Part {
        after: Duration::from_millis(300),
        ..Part::at_once(client_card())
    })
    .await;
    let ada = bench.local.person("Ada");
    let dead = ada.command("help", &[]).await.unwrap();
    bench.local.pass_time(Duration::from_secs(4));
    assert!(matches!(
        dead.outcome().await.unwrap(),
        local::Outcome::NoResponse
    ));
    let alive = ada.command("help", &[]).await.unwrap();
    assert!(alive.reply().await.unwrap().text().starts_with("Ada Ltd"));
}
