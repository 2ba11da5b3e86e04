//! An approval counts only while whoever gave it may approve, and so does everybody's standing: it is judged in the
//! transaction that applies, not in the one that came before.

use std::time::Duration;

use bursar::chat::action::Shown;
use bursar::chat::{Action, Identity, Messenger, Reply};
use bursar::domain::refusal::Refusal;
use bursar::domain::request::{Decision, Ineligible, Limits};
use bursar::domain::role::Role;
use bursar::services::Rules;
use bursar::services::access::RoleMap;
use bursar::store::Stop;

use crate::desk::{
    ADMIN_ROLE, Desk, FINANCE_ROLE, SUPPORT_ROLE, client, discord, house, number, press, reseller,
    rules, sql, text_in, usual,
};
use crate::support::Database;
use crate::{change, on_both};

const ANN: Identity = on_telegram(1);
const BOB: Identity = on_telegram(2);
const SUE: Identity = on_telegram(4);
/// An admin and a finance person by Discord role alone.
const DAN: i64 = 107;
const FAY: i64 = 108;

const fn on_telegram(user: i64) -> Identity {
    Identity {
        messenger: Messenger::Telegram,
        user,
    }
}

const STILL_ONE: &str = "1 of 2 approvals are given.";

/// A desk where credit above 1000 needs two approvals, and such a request.
async fn asked(db: &Database) -> (Desk, Shown) {
    let limits = Limits {
        two_above: Some(1_000),
        admin: 100,
        ..Limits::default()
    };
    let desk = Desk::new(house(&db.store, Rules { limits, ..rules() }, 3));
    for new in [client(100, "ada"), reseller(200, "rex", None)] {
        change!(db.store, |tx| tx.insert_client(&new).await?);
    }
    desk.comes(ANN, Role::Admin, "Ann", None).await;
    desk.comes(BOB, Role::Admin, "Bob", None).await;
    desk.comes(SUE, Role::Support, "Sue", None).await;
    desk.guild.set(DAN, &[ADMIN_ROLE]);
    desk.guild.set(FAY, &[FINANCE_ROLE]);
    let (shown, _) = desk.confirms(SUE, "credit add ada 5000").await;
    (desk, shown)
}

fn first_line(reply: &Reply) -> &str {
    reply.card.text.lines().next().unwrap_or_default()
}

async fn balance(db: &Database) -> i64 {
    number(
        &db.store,
        "select balance from account where client_id = 100",
    )
    .await
}

async fn votes(db: &Database) -> i64 {
    number(&db.store, "select count(*) from vote").await
}

async fn alter(db: &Database, text: &'static str) {
    change!(db.store, |tx| sql(tx, text).await?);
}

on_both! {
    async fn who_lost_his_discord_role_is_looked_up_and_does_not_count(db) {
        let (desk, shown) = asked(db).await;
        assert_eq!(first_line(&desk.approves(discord(DAN), &shown).await), STILL_ONE);
        desk.guild.set(DAN, &[]);
        desk.house.clock.advance(Duration::from_mins(11));
        let reply = desk.approves(ANN, &shown).await;
        assert_eq!(first_line(&reply), STILL_ONE);
        let approvers = reply.card.fields.iter().find(|(label, _)| label == "Approved by");
        assert_eq!(approvers.unwrap().1, "Ann", "the card does not name who does not count");
        assert_eq!((balance(db).await, votes(db).await), (0, 2), "both votes stay on record");
        assert_eq!(first_line(&desk.approves(BOB, &shown).await), "Approved by Bob and done.");
        assert_eq!(balance(db).await, 5_000);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn who_left_the_discord_server_does_not_count(db) {
        let (desk, shown) = asked(db).await;
        desk.approves(discord(DAN), &shown).await;
        desk.guild.leave(DAN);
        desk.house.clock.advance(Duration::from_mins(11));
        assert_eq!(first_line(&desk.approves(ANN, &shown).await), STILL_ONE);
        assert_eq!(balance(db).await, 0);
    }
}

on_both! {
    async fn who_still_has_his_discord_role_counts(db) {
        let (desk, shown) = asked(db).await;
        desk.approves(discord(DAN), &shown).await;
        desk.house.clock.advance(Duration::from_mins(11));
        assert_eq!(first_line(&desk.approves(discord(FAY), &shown).await), "Approved by account 108 and done.");
        assert_eq!(balance(db).await, 5_000);
    }
}

on_both! {
    async fn who_was_seen_within_ten_minutes_counts_as_he_was_seen(db) {
        let (desk, shown) = asked(db).await;
        desk.approves(discord(DAN), &shown).await;
        desk.guild.set(DAN, &[]);
        desk.guild.silence(true);
        desk.house.clock.advance(Duration::from_secs(590));
        assert_eq!(first_line(&desk.approves(ANN, &shown).await), "Approved by Ann and done.");
    }
}

on_both! {
    async fn nothing_rests_on_roles_that_nobody_can_look_up(db) {
        let (desk, shown) = asked(db).await;
        desk.approves(discord(DAN), &shown).await;
        desk.house.clock.advance(Duration::from_mins(11));
        desk.guild.silence(true);
        let reply = desk.approves(ANN, &shown).await;
        assert_eq!(first_line(&reply), desk.sentence(&Refusal::RoleUnconfirmed));
        assert_eq!((balance(db).await, votes(db).await), (0, 1), "she can press again");
        desk.guild.silence(false);
        assert_eq!(first_line(&desk.approves(ANN, &shown).await), "Approved by Ann and done.");
    }
}

on_both! {
    async fn somebody_unknown_is_not_waited_for_where_others_suffice(db) {
        let (desk, shown) = asked(db).await;
        desk.approves(discord(DAN), &shown).await;
        desk.guild.set(DAN, &[]);
        desk.house.clock.advance(Duration::from_mins(11));
        desk.approves(ANN, &shown).await;
        // He has a role again, which approves nothing, and asks for something in it; then nobody knows any more.
        desk.guild.set(DAN, &[SUPPORT_ROLE]);
        desk.drafts(discord(DAN), "credit add ada 5").await;
        desk.house.clock.advance(Duration::from_mins(11));
        desk.guild.silence(true);
        assert_eq!(first_line(&desk.approves(BOB, &shown).await), "Approved by Bob and done.");
    }
}

on_both! {
    async fn who_was_removed_does_not_count(db) {
        let (desk, shown) = asked(db).await;
        desk.approves(ANN, &shown).await;
        alter(db, "update person set removed_at = 1800000000000 where name = 'Ann'").await;
        assert_eq!(first_line(&desk.approves(BOB, &shown).await), STILL_ONE);
        assert_eq!(balance(db).await, 0);
        assert_eq!(first_line(&desk.approves(discord(FAY), &shown).await), "Approved by account 108 and done.");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn who_has_another_role_by_code_counts_again_when_it_is_given_back(db) {
        let (desk, shown) = asked(db).await;
        desk.approves(ANN, &shown).await;
        alter(db, "update person set role = 'support' where name = 'Ann'").await;
        assert_eq!(first_line(&desk.approves(BOB, &shown).await), STILL_ONE);
        let reply = desk.approves(ANN, &shown).await;
        assert_eq!(first_line(&reply), desk.sentence(&Refusal::Ineligible(Ineligible::Role)));
        let reply = desk.approves(BOB, &shown).await;
        assert_eq!(first_line(&reply), desk.sentence(&Refusal::AlreadyVoted { missing: 1 }));
        alter(db, "update person set role = 'finance' where name = 'Ann'").await;
        // Both stand now: whoever of them presses again has it done.
        assert_eq!(first_line(&desk.approves(ANN, &shown).await), "Approved by Ann and done.");
        assert_eq!((balance(db).await, votes(db).await), (5_000, 2));
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn who_would_profit_by_now_does_not_count(db) {
        let (desk, _) = asked(db).await;
        let (shown, _) = desk.confirms(SUE, "credit add rex 5000").await;
        // Dan has no role by code, so he can take a reseller's.
        desk.approves(discord(DAN), &shown).await;
        let code = desk.house.invite(Role::Reseller, "Rex".to_owned(), Some("rex".to_owned())).await.unwrap();
        let link = bursar::chat::Ask::Command { name: "link".to_owned(), values: [("code", code)].into() };
        assert_eq!(desk.asks(discord(DAN), link).await.card.title, "Linked");
        assert_eq!(first_line(&desk.approves(ANN, &shown).await), STILL_ONE);
        assert_eq!(first_line(&desk.approves(BOB, &shown).await), "Approved by Bob and done.");
        assert_eq!(desk.breaches().await, [""; 0], "he did not profit when he voted");
    }
}

on_both! {
    async fn a_requester_who_was_removed_gets_nothing(db) {
        let (desk, shown) = asked(db).await;
        desk.approves(ANN, &shown).await;
        alter(db, "update person set removed_at = 1800000000000 where name = 'Sue'").await;
        let reply = desk.approves(BOB, &shown).await;
        assert!(first_line(&reply).starts_with("Not done: "), "{reply:?}");
        assert_eq!(balance(db).await, 0);
    }
}

on_both! {
    async fn what_somebody_is_is_read_where_it_is_acted_on(db) {
        let (desk, shown) = asked(db).await;
        let draft = desk.drafts(SUE, "credit add ada 7").await;
        let event = |who, action| desk.event(who, usual(who), press(&action));
        let approving = event(ANN, Action::Approve(shown.clone()));
        let confirming = event(SUE, Action::Confirm(draft.clone()));
        let house = desk.house.clone();
        // Whoever looked at them before this transaction saw an admin and a supporter.
        let refused = db.store.write(move |tx| Box::pin(async move {
            sql(tx, "update person set removed_at = 1800000000000 where name in ('Ann', 'Sue')").await?;
            let vote = house.vote(tx, &approving, &shown, (Decision::Approve, "")).await;
            assert!(matches!(vote, Err(Stop::Refusal(Refusal::NotLinked))), "{vote:?}");
            let confirmed = house.confirm(tx, &confirming, &draft).await;
            assert!(matches!(confirmed, Err(Stop::Refusal(Refusal::NotLinked))), "{confirmed:?}");
            Ok(())
        })).await;
        refused.unwrap();
        assert_eq!((balance(db).await, votes(db).await), (0, 0));
    }
}

on_both! {
    async fn needs_are_those_of_the_confirmation(db) {
        let (desk, _) = asked(db).await;
        // Drafted as support, which needs an approval; confirmed as an admin within her limit.
        let shown = desk.drafts(SUE, "credit add ada 50").await;
        alter(db, "update person set role = 'admin' where name = 'Sue'").await;
        let reply = desk.presses(SUE, &Action::Confirm(shown)).await;
        assert_eq!(first_line(&reply), "Done by Sue.");
        assert_eq!(number(&db.store, "select needed from request where state = 'applied'").await, 0);
        assert_eq!(desk.breaches().await, [""; 0], "a direct confirmation is no missing approval");
    }
}

on_both! {
    async fn alone_is_who_is_alone_at_the_confirmation(db) {
        let limits = Limits { solo: true, ..Limits::default() };
        let rules = Rules { limits, roles: RoleMap::default(), ..rules() };
        let desk = Desk::new(house(&db.store, rules, 5));
        change!(db.store, |tx| tx.insert_client(&client(100, "ada")).await?);
        desk.comes(ANN, Role::Admin, "Ann", None).await;
        let (_, reply) = desk.confirms(ANN, "credit add ada 50").await;
        assert_eq!(first_line(&reply), "Done by Ann.");
        let solo = async |what: &'static str| change!(db.store, |tx| text_in(tx, what).await?);
        let detail = solo("select detail from audit_log where action = 'request.applied'").await;
        assert!(detail.contains("\"solo\":true"), "{detail}");
        let notices = "select count(*) from outbox where key like 'solo:%'";
        assert_eq!(number(&db.store, notices).await, 1);
        // Drafted while she was alone, confirmed when she was not any more.
        let shown = desk.drafts(ANN, "credit add ada 60").await;
        desk.comes(BOB, Role::Admin, "Bob", None).await;
        let reply = desk.presses(ANN, &Action::Confirm(shown.clone())).await;
        assert_eq!(first_line(&reply), "Waits for an approval.");
        assert_eq!(first_line(&desk.approves(BOB, &shown).await), "Approved by Bob and done.");
        assert_eq!(number(&db.store, notices).await, 1, "nobody hears that she decided alone");
        assert_eq!(number(&db.store, "select count(*) from request where solo = 1").await, 1);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn people_of_a_credited_client_hear_of_it_even_where_they_cannot_be_reached_just_now(db) {
        let (desk, _) = asked(db).await;
        desk.comes(on_telegram(6), Role::Reseller, "Rex", Some("rex")).await;
        alter(db, "update identity set unreachable_at = 1800000000000 where user_id = 6").await;
        let (shown, _) = desk.confirms(SUE, "credit add rex 50").await;
        desk.approves(ANN, &shown).await;
        assert_eq!(number(&db.store, "select count(*) from outbox where key like 'told:%'").await, 1);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn a_draft_that_is_delivered_again_has_the_same_answer(db) {
        let (desk, _) = asked(db).await;
        let event = desk.event(SUE, usual(SUE), bursar::chat::Ask::Typed("credit add ada 5".to_owned()));
        let first = desk.handle(&event).await;
        alter(db, "update client set status = 'suspended' where id = 100").await;
        assert_eq!(desk.handle(&event).await, first);
        assert_eq!(number(&db.store, "select count(*) from request where amount = 5").await, 1);
    }
}

on_both! {
    async fn limits_are_those_of_the_moment_at_which_it_is_applied(db) {
        let (desk, _) = asked(db).await;
        let (shown, reply) = desk.confirms(SUE, "credit add ada 900").await;
        assert_eq!(first_line(&reply), "Waits for an approval.");
        // The bot was started again with stricter limits.
        let limits = Limits { two_above: Some(500), ..Limits::default() };
        let stricter = Desk::after(&desk, Rules { limits, ..rules() });
        stricter.approves(ANN, &shown).await;
        assert_eq!(balance(db).await, 0);
        let reply = stricter.approves(ANN, &shown).await;
        assert_eq!(first_line(&reply), desk.sentence(&Refusal::AlreadyVoted { missing: 1 }));
        assert_eq!(first_line(&stricter.approves(BOB, &shown).await), "Approved by Bob and done.");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn looser_limits_do_not_undo_what_was_said_to_be_needed(db) {
        let (desk, shown) = asked(db).await;
        let looser = Desk::after(&desk, Rules { limits: Limits::default(), ..rules() });
        assert_eq!(first_line(&looser.approves(ANN, &shown).await), STILL_ONE);
        assert_eq!(first_line(&looser.approves(BOB, &shown).await), "Approved by Bob and done.");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}
