//! Taking credit back: deductions, reversals with their credit notes, undoing, overdraft limits, what is out of line, and
//! reminders of what waits.

use std::time::Duration;

use bursar::chat::{Action, Address, Identity, MessageRef, Messenger, Reply};
use bursar::delivery::courier::Effect;
use bursar::delivery::wording;
use bursar::domain::refusal::Refusal;
use bursar::domain::request::Limits;
use bursar::domain::role::Role;
use bursar::services::Rules;
use bursar::services::notices::Content;

use crate::desk::{
    Desk, client, drafted, house, number, press, reseller, rules, sql, text_in, under, usual,
};
use crate::support::Database;
use crate::{change, on_both};

const ANN: Identity = on_telegram(1);
const BOB: Identity = on_telegram(2);
const SUE: Identity = on_telegram(4);
const REX: Identity = on_telegram(6);
const ADA: Identity = on_telegram(7);

const fn on_telegram(user: i64) -> Identity {
    Identity {
        messenger: Messenger::Telegram,
        user,
    }
}

/// Two admins whose own word is enough up to 10,000, support, and the reseller Rex with his client Tom and 1,000 credits.
async fn desk(db: &Database) -> Desk {
    let limits = Limits {
        admin: 10_000,
        ..Limits::default()
    };
    let desk = Desk::new(house(&db.store, Rules { limits, ..rules() }, 5));
    let clients = [
        reseller(100, "ada", None),
        reseller(200, "rex", None),
        under(200, client(201, "tom")),
    ];
    for new in clients {
        change!(db.store, |tx| tx.insert_client(&new).await?);
    }
    desk.comes(ANN, Role::Admin, "Ann", None).await;
    desk.comes(BOB, Role::Admin, "Bob", None).await;
    desk.comes(SUE, Role::Support, "Sue", None).await;
    desk.comes(REX, Role::Reseller, "Rex", Some("rex")).await;
    desk.comes(ADA, Role::Reseller, "Ada", Some("ada")).await;
    desk.confirms(ANN, "credit add rex 1000").await;
    desk
}

/// What an update of a card makes of it: its text and what its buttons do.
async fn edited(desk: &Desk, update: &Content) -> (String, Vec<Action>) {
    let (house, update) = (desk.house.clone(), update.clone());
    let worded = desk.house.store.read_together(move |tx| {
        Box::pin(
            async move { wording::effect(&house, tx, &update, Address::TelegramChat(1)).await },
        )
    });
    let Effect::Edit { card, buttons, .. } = worded.await.unwrap().unwrap().effect else {
        panic!("it is no edit");
    };
    let actions = buttons.into_iter().flatten().map(|button| button.action);
    (card.text, actions.collect())
}

async fn balance(db: &Database, client: i64) -> i64 {
    let sql = format!("select balance from account where client_id = {client}");
    number(&db.store, &sql).await
}

/// The list of what can be taken back, and the buttons on it.
async fn recent(desk: &Desk, who: Identity, client: &str) -> Vec<Action> {
    let reply = desk.types(who, &format!("credit reverse {client}")).await;
    let buttons = reply.buttons.into_iter().flatten();
    buttons.map(|button| button.action).collect()
}

/// Picks the newest, and answers the form's questions.
async fn takes_back(desk: &Desk, who: Identity, client: &str, answers: &[&str]) -> Reply {
    let pick = recent(desk, who, client).await.remove(0);
    let mut reply = desk.presses(who, &pick).await;
    for answer in answers {
        reply = match *answer {
            "" => desk.presses(who, &Action::Skip).await,
            text => {
                desk.asks(who, bursar::chat::Ask::Text(text.to_owned()))
                    .await
            }
        };
    }
    reply
}

async fn confirm(desk: &Desk, who: Identity, reply: &Reply) -> Reply {
    let shown = drafted(reply).unwrap_or_else(|| panic!("{reply:?}"));
    desk.presses(who, &Action::Confirm(shown)).await
}

fn refused(desk: &Desk, reply: &Reply, refusal: &Refusal) {
    assert!(
        reply.card.text.contains(&desk.sentence(refusal)),
        "{reply:?}"
    );
}

fn undo(reply: &Reply) -> Action {
    let mut buttons = reply.buttons.iter().flatten();
    let found = buttons.find(|button| matches!(button.action, Action::Undo(_)));
    found.unwrap_or_else(|| panic!("{reply:?}")).action.clone()
}

on_both! {
    async fn deducted_credits_go_back_to_where_they_came_from(db) {
        let desk = desk(db).await;
        desk.confirms(REX, "credit add tom 300").await;
        desk.confirms(ANN, "credit add tom 50").await;
        // First what the house gave, then what the reseller gave.
        let (_, reply) = desk.confirms(ANN, "credit deduct tom 120 sent twice").await;
        assert_eq!(reply.card.text, "Done by Ann.");
        assert_eq!((balance(db, 201).await, balance(db, 200).await), (230, 770));
        let reply = desk.types(ANN, "credit deduct tom 231 too much").await;
        assert!(reply.card.text.contains("230 credits that can be taken"), "{reply:?}");
        assert_eq!(balance(db, 201).await, 230);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn a_reseller_takes_only_what_he_gave(db) {
        let desk = desk(db).await;
        desk.confirms(ANN, "credit add tom 50").await;
        desk.confirms(REX, "credit add tom 30").await;
        let reply = desk.types(REX, "credit deduct tom 31 mine").await;
        assert!(reply.card.text.contains("You gave this client 30 credits"), "{reply:?}");
        desk.confirms(REX, "credit deduct tom 30 mine").await;
        assert_eq!((balance(db, 201).await, balance(db, 200).await), (50, 1_000));
        assert!(recent(&desk, REX, "tom").await.len() == 2, "what he gave and what he took");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn an_add_that_is_taken_back_in_full_voids_its_unpaid_invoice(db) {
        let desk = desk(db).await;
        desk.confirms(ANN, "credit add tom 50").await;
        let reply = takes_back(&desk, ANN, "tom", &["wrong client", ""]).await;
        confirm(&desk, ANN, &reply).await;
        assert_eq!(balance(db, 201).await, 0);
        let voided = "select count(*) from invoice where client_id = 201 and status = 'voided'";
        assert_eq!(number(&db.store, voided).await, 1);
        assert_eq!(number(&db.store, "select count(*) from credit_note").await, 0);
        assert!(recent(&desk, ANN, "tom").await.is_empty(), "it is taken back once");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn a_part_that_is_taken_back_is_covered_by_a_credit_note(db) {
        let desk = desk(db).await;
        desk.confirms(ANN, "credit add tom 50").await;
        let reply = takes_back(&desk, ANN, "tom", &["half of it", "20"]).await;
        let reply = confirm(&desk, ANN, &reply).await;
        assert!(reply.card.fields.iter().any(|(_, text)| text == "CN-000001"), "{reply:?}");
        assert_eq!(balance(db, 201).await, 30);
        let left = "select total - credited from invoice where client_id = 201";
        let (note, whole) = (
            number(&db.store, "select total from credit_note").await,
            number(&db.store, "select total from invoice where client_id = 201").await,
        );
        assert_eq!(number(&db.store, left).await, whole - note);
        assert!(note > 0 && note < whole);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn what_is_spent_is_out_of_reach(db) {
        let desk = desk(db).await;
        desk.confirms(ANN, "credit add ada 50").await;
        desk.confirms(ANN, "credit deduct ada 40 used elsewhere").await;
        let pick = recent(&desk, ANN, "ada").await.remove(1);
        desk.presses(ANN, &pick).await;
        desk.asks(ANN, bursar::chat::Ask::Text("mistake".to_owned())).await;
        let reply = desk.asks(ANN, bursar::chat::Ask::Text("50".to_owned())).await;
        assert!(reply.card.text.contains("40 credits of it are spent; 10 credits can be taken back"), "{reply:?}");
        let reply = desk.presses(ANN, &Action::Skip).await;
        confirm(&desk, ANN, &reply).await;
        assert_eq!(balance(db, 100).await, 0);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn what_was_done_is_undone_in_time_and_its_client_hears_nothing(db) {
        let desk = desk(db).await;
        let queued = "select count(*) from outbox where key like 'told:%' and state = 'queued'";
        let before = number(&db.store, queued).await;
        let (_, reply) = desk.confirms(ANN, "credit add ada 50").await;
        assert_eq!(number(&db.store, queued).await, before + 1, "kept for two minutes");
        let undone = desk.presses(ANN, &undo(&reply)).await;
        confirm(&desk, ANN, &undone).await;
        assert_eq!(balance(db, 100).await, 0);
        assert_eq!(number(&db.store, queued).await, before);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn undoing_is_for_whoever_did_it_and_only_for_two_minutes(db) {
        let desk = desk(db).await;
        let (_, reply) = desk.confirms(ANN, "credit add ada 50").await;
        let undo = undo(&reply);
        refused(&desk, &desk.presses(BOB, &undo).await, &Refusal::NotYours);
        desk.house.clock.advance(Duration::from_mins(2));
        refused(&desk, &desk.presses(ANN, &undo).await, &Refusal::TooLateToUndo);
        assert_eq!(balance(db, 100).await, 50);
    }
}

on_both! {
    async fn the_button_goes_when_its_time_is_over(db) {
        let desk = desk(db).await;
        let shown = desk.drafts(ANN, "credit add ada 50").await;
        let message = MessageRef { messenger: Messenger::Telegram, chat: 1, message: 7, token: None };
        let mut press = desk.event(ANN, usual(ANN), press(&Action::Confirm(shown.clone())));
        press.message = Some(message.clone());
        undo(&desk.handle(&press).await);
        let kept = "select next_at - created_at from outbox where key like 'update:%:undo-over'";
        assert_eq!(number(&db.store, kept).await, 120_000);
        let update = Content::Update { request: shown.request, message, own: true };
        let buttons = async || edited(&desk, &update).await.1;
        assert_eq!(buttons().await, [Action::Undo(shown.request)]);
        desk.house.clock.advance(Duration::from_mins(2));
        assert_eq!(buttons().await, []);
    }
}

on_both! {
    async fn the_card_of_what_was_undone_is_brought_up_to_date_and_says_so(db) {
        let desk = desk(db).await;
        let (shown, reply) = desk.confirms(ANN, "credit add ada 50").await;
        let message = MessageRef { messenger: Messenger::Telegram, chat: 1, message: 7, token: None };
        let kept = message.clone();
        let (request, id) = (shown.request, desk.house.ids.next());
        desk.house.store.write(move |tx| Box::pin(async move {
            Ok(tx.insert_card(id, request, &kept, true, None).await?)
        })).await.unwrap();
        let draft = desk.presses(ANN, &undo(&reply)).await;
        let updated = "select count(*) from outbox where key like 'update:%:undone'";
        assert_eq!(number(&db.store, updated).await, 0, "asking for it undoes nothing");
        confirm(&desk, ANN, &draft).await;
        assert_eq!(number(&db.store, updated).await, 1);
        let (text, buttons) = edited(&desk, &Content::Update { request, message, own: true }).await;
        assert!(text.contains("Done, and undone by #"), "{text}");
        assert_eq!(buttons, []);
        refused(&desk, &desk.presses(ANN, &undo(&reply)).await, &Refusal::AlreadyReversed);
    }
}

on_both! {
    async fn undoing_needs_the_approval_that_doing_it_needed(db) {
        let desk = desk(db).await;
        let (shown, _) = desk.confirms(SUE, "credit add ada 50").await;
        desk.approves(ANN, &shown).await;
        let undone = desk.presses(SUE, &Action::Undo(shown.request)).await;
        let shown = drafted(&undone).unwrap();
        let reply = desk.presses(SUE, &Action::Confirm(shown.clone())).await;
        assert_eq!(reply.card.text, "Waits for an approval.");
        assert_eq!(balance(db, 100).await, 50);
        desk.approves(BOB, &shown).await;
        assert_eq!(balance(db, 100).await, 0);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn a_deduction_that_the_balance_ran_from_is_not_applied(db) {
        let desk = desk(db).await;
        desk.confirms(ANN, "credit add ada 50").await;
        let (shown, _) = desk.confirms(SUE, "credit deduct ada 40 mistake").await;
        desk.confirms(ANN, "credit deduct ada 20 other").await;
        let reply = desk.approves(BOB, &shown).await;
        assert!(reply.card.text.starts_with("Not done: the balance does not suffice"), "{reply:?}");
        assert_eq!(balance(db, 100).await, 30);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn an_overdraft_is_let_by_two_admins_and_holds(db) {
        let desk = desk(db).await;
        let (shown, reply) = desk.confirms(ANN, "credit limit ada 100").await;
        assert_eq!(reply.card.text, "Waits for an approval.");
        desk.approves(BOB, &shown).await;
        desk.confirms(ANN, "credit deduct ada 60 used").await;
        assert_eq!(balance(db, 100).await, -60);
        let reply = desk.types(ANN, "credit deduct ada 41 used").await;
        assert!(reply.card.text.contains("40 credits that can be taken"), "{reply:?}");
        let reply = desk.types(ANN, "credit limit ada 59").await;
        assert!(reply.card.text.contains("below that limit"), "{reply:?}");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn an_amount_out_of_line_needs_one_approval_more(db) {
        let desk = desk(db).await;
        for _ in 0..5 {
            desk.confirms(ANN, "credit add ada 10").await;
        }
        let (_, reply) = desk.confirms(ANN, "credit add ada 250").await;
        assert_eq!(reply.card.text, "Done by Ann.", "25 times is not yet out of line");
        let draft = desk.types(ANN, "credit add ada 251").await;
        assert!(draft.card.text.contains("more than 25 times"), "{draft:?}");
        let reply = confirm(&desk, ANN, &draft).await;
        assert_eq!(reply.card.text, "Waits for an approval.");
        assert_eq!(balance(db, 100).await, 300);
    }
}

on_both! {
    async fn approvers_are_reminded_once_at_half_time(db) {
        let desk = desk(db).await;
        let (shown, _) = desk.confirms(SUE, "credit add ada 50").await;
        let reminders = "select count(*) from outbox where key like 'reminder:%'";
        desk.house.clock.advance(Duration::from_mins(14));
        desk.house.remind().await.unwrap();
        assert_eq!(number(&db.store, reminders).await, 0);
        desk.house.clock.advance(Duration::from_mins(1));
        for _ in 0..2 {
            desk.house.remind().await.unwrap();
        }
        assert_eq!(number(&db.store, reminders).await, 3, "the channel and two admins");
        desk.approves(ANN, &shown).await;
        let (shown, _) = desk.confirms(SUE, "credit add ada 50").await;
        desk.rejects(ANN, &shown, "no").await;
        desk.house.clock.advance(Duration::from_mins(16));
        desk.house.remind().await.unwrap();
        assert_eq!(number(&db.store, reminders).await, 3, "nothing waits any more");
    }
}

on_both! {
    async fn a_price_of_its_own_is_on_the_invoice(db) {
        let desk = desk(db).await;
        desk.confirms(ANN, "credit add ada 100 price:0.25").await;
        let price = "select price from invoice where client_id = 100";
        assert_eq!(number(&db.store, price).await, 250_000);
        let reply = desk.types(ANN, "credit add ada 100 price:0,25").await;
        assert!(reply.card.text.contains("is not a price"), "{reply:?}");
    }
}

on_both! {
    async fn clients_are_activated_suspended_and_closed(db) {
        let desk = desk(db).await;
        change!(db.store, |tx| sql(tx, "update client set status = 'pending' where id = 100").await?);
        desk.confirms(SUE, "client activate ada").await;
        desk.confirms(SUE, "client suspend ada spam").await;
        let reply = desk.types(ANN, "credit add ada 5").await;
        assert!(reply.card.text.contains("ada is suspended"), "{reply:?}");
        let reply = desk.types(SUE, "client close rex gone").await;
        assert!(reply.card.text.contains("The balance is 1,000 credits"), "{reply:?}");
        desk.confirms(SUE, "client close ada gone").await;
        let reply = desk.types(SUE, "client activate ada").await;
        assert!(reply.card.text.contains("ada is closed"), "{reply:?}");
        let status = change!(db.store, |tx| text_in(tx, "select status from client where id = 100").await?);
        assert_eq!(status, "closed");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}
