//! People who come and go: the freeze, other roles, and what ends with somebody's rights.

use bursar::chat::action::Shown;
use bursar::chat::{Action, Ask, Identity, Messenger, Reply, Values};
use bursar::domain::refusal::Refusal;
use bursar::domain::request::{Limits, State};
use bursar::domain::role::Role;
use bursar::services::Rules;

use crate::desk::{
    ADMIN_ROLE, Desk, SUPPORT_ROLE, client, discord, drafted, house, number, press, reseller,
    rules, text_in,
};
use crate::matrix::{ROLES, cell, places, refused};
use crate::support::Database;
use crate::{change, on_both};

const ANN: Identity = on_telegram(1);
const BOB: Identity = on_telegram(2);
const SUE: Identity = on_telegram(4);
const FIN: Identity = on_telegram(5);
/// Named as an auditor in the configuration.
const NAT: Identity = on_telegram(6);
/// Support by Discord role alone.
const DAN: i64 = 107;

const fn on_telegram(user: i64) -> Identity {
    Identity {
        messenger: Messenger::Telegram,
        user,
    }
}

/// Two admins, finance and support by code; credit above 1000 needs two approvals.
async fn desk(db: &Database) -> Desk {
    let limits = Limits {
        two_above: Some(1_000),
        admin: 100,
        ..Limits::default()
    };
    let mut roles = rules().roles;
    roles.named.push((NAT, Role::Auditor));
    let rules = Rules {
        limits,
        roles,
        staff_channel: Some(77),
        ..rules()
    };
    let desk = Desk::new(house(&db.store, rules, 3));
    desk.house.know_named().await.unwrap();
    for new in [client(100, "ada"), reseller(200, "rex", None)] {
        change!(db.store, |tx| tx.insert_client(&new).await?);
    }
    desk.comes(ANN, Role::Admin, "Ann", None).await;
    desk.comes(BOB, Role::Admin, "Bob", None).await;
    desk.comes(SUE, Role::Support, "Sue", None).await;
    desk.comes(FIN, Role::Finance, "Fin", None).await;
    desk
}

fn first_line(reply: &Reply) -> &str {
    reply.card.text.lines().next().unwrap_or_default()
}

fn frozen(desk: &Desk) -> String {
    let by = "Ann".to_owned();
    desk.sentence(&Refusal::Frozen { by })
}

async fn state(db: &Database, shown: &Shown) -> State {
    let id = shown.request;
    change!(db.store, |tx| tx.request(id, false).await?)
        .unwrap()
        .state
}

fn field<'a>(reply: &'a Reply, label: &str) -> Option<&'a str> {
    let mut fields = reply.card.fields.iter();
    let found = fields.find(|(name, _)| name == label);
    found.map(|(_, value)| value.as_str())
}

on_both! {
    async fn a_freeze_stops_every_change_but_the_unfreeze(db) {
        let desk = desk(db).await;
        let (waiting, _) = desk.confirms(SUE, "credit add ada 50").await;
        let draft = desk.drafts(SUE, "credit add ada 7").await;
        let code = desk.house.invite(Role::Support, "New".to_owned(), None).await.unwrap();
        let (_, reply) = desk.confirms(ANN, "people freeze").await;
        assert_eq!(first_line(&reply), "Done by Ann.");

        let why = frozen(&desk);
        for line in ["credit add ada 5", "people freeze", "people remove Sue", "people invite support Nora"] {
            assert_eq!(refused(&desk.types(BOB, line).await), Some(&*why), "{line}");
        }
        let add = Ask::Command { name: "account add".to_owned(), values: Values::default() };
        assert_eq!(refused(&desk.asks(BOB, add).await), Some(&*why));
        assert_eq!(refused(&desk.presses(SUE, &Action::Confirm(draft.clone())).await), Some(&*why));
        assert_eq!(refused(&desk.approves(FIN, &waiting).await), Some(&*why));
        assert_eq!(refused(&desk.rejects(FIN, &waiting, "no").await), Some(&*why));
        assert_eq!(refused(&desk.types(on_telegram(9), &format!("link {code}")).await), Some(&*why));
        assert_eq!(desk.types(SUE, "client view ada").await.card.title, "ada", "reading goes on");
        assert_eq!(refused(&desk.types(SUE, "approval list").await), None);
        assert_eq!(number(&db.store, "select count(*) from request").await, 3);
        assert_eq!(number(&db.store, "select count(*) from vote").await, 0);

        // Another admin than the one who asks lets it go on.
        let (shown, reply) = desk.confirms(ANN, "people unfreeze").await;
        assert_eq!(first_line(&reply), "Waits for an approval.");
        assert!(refused(&desk.approves(FIN, &shown).await).is_some(), "finance does not");
        assert!(refused(&desk.approves(ANN, &shown).await).is_some(), "nor does she");
        assert_eq!(refused(&desk.types(SUE, "credit add ada 5").await), Some(&*why));
        assert_eq!(first_line(&desk.approves(BOB, &shown).await), "Approved by Bob and done.");
        assert_eq!(first_line(&desk.approves(FIN, &waiting).await), "Approved by Fin and done.");
        assert_eq!(first_line(&desk.presses(SUE, &Action::Confirm(draft)).await), "Waits for an approval.");
        let again = desk.types(ANN, "people unfreeze").await;
        assert_eq!(refused(&again), Some(&*desk.sentence(&Refusal::NothingChanges)));
        let told = "select count(*) from outbox where key like 'freeze:%' and address like '%77%'";
        assert_eq!(number(&db.store, told).await, 2, "the staff hears of both");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn the_host_lets_changes_go_on(db) {
        let desk = desk(db).await;
        assert!(!desk.house.unfreeze().await.unwrap());
        desk.confirms(ANN, "people freeze").await;
        assert!(desk.house.unfreeze().await.unwrap());
        desk.drafts(SUE, "credit add ada 5").await;
        let audited = "select count(*) from audit_log where action = 'people.unfrozen' and actor = 'host'";
        assert_eq!(number(&db.store, audited).await, 1);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn with_somebody_go_his_requests_his_approvals_and_his_codes(db) {
        let desk = desk(db).await;
        let (voted, _) = desk.confirms(SUE, "credit add ada 5000").await;
        desk.approves(FIN, &voted).await;
        let (asked, _) = desk.confirms(FIN, "credit add ada 50").await;
        let draft = desk.drafts(FIN, "credit add ada 8").await;
        let (shown, reply) = desk.confirms(ANN, "people remove Fin").await;
        assert_eq!(first_line(&reply), "Waits for an approval.", "finance is unmade by two");
        assert_eq!(field(&reply, "Requests"), Some("2 open requests of this person end."));
        assert_eq!(field(&reply, "Approvals"), Some("One approval of this person counts no more."));
        assert_eq!(state(db, &asked).await, State::Pending, "nothing happens before it is approved");
        assert_eq!(first_line(&desk.approves(BOB, &shown).await), "Approved by Bob and done.");

        assert_eq!((state(db, &asked).await, state(db, &draft).await), (State::Unfit, State::Unfit));
        assert_eq!(state(db, &voted).await, State::Pending);
        let at = "select count(distinct decided_at) from request where state in ('applied', 'unfit')";
        assert_eq!(number(&db.store, at).await, 1, "all of it at once");
        let reply = desk.approves(ANN, &voted).await;
        assert_eq!(first_line(&reply), "1 of 2 approvals are given.", "his approval does not count");
        assert_eq!(field(&reply, "Approved by"), Some("Ann"));
        assert_eq!(first_line(&desk.approves(BOB, &voted).await), "Approved by Bob and done.");
        let not_linked = desk.sentence(&Refusal::NotLinked);
        assert_eq!(refused(&desk.types(FIN, "client view ada").await), Some(&*not_linked));
        let menu = "select count(*) from outbox where key like 'menu:telegram:5:none:%'";
        assert_eq!(number(&db.store, menu).await, 1);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn codes_of_who_goes_open_nothing(db) {
        let desk = desk(db).await;
        let (_, reply) = desk.confirms(BOB, "people invite support Nora").await;
        let code = crate::desk::code(&reply);
        let (shown, _) = desk.confirms(ANN, "people role Bob support").await;
        // He may approve it himself: it is no rise.
        assert_eq!(first_line(&desk.approves(BOB, &shown).await), "Approved by Bob and done.");
        let link = desk.types(on_telegram(9), &format!("link {code}")).await;
        assert_eq!(refused(&link), Some(&*desk.sentence(&Refusal::BadCode)));
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn roles_below_the_top_are_changed_directly_and_the_top_by_two(db) {
        let desk = desk(db).await;
        let (_, reply) = desk.confirms(ANN, "people role Sue auditor").await;
        assert_eq!(first_line(&reply), "Done by Ann.");
        assert_eq!(field(&reply, "Role"), Some("Support → Auditor"));
        assert_eq!(change!(db.store, |tx| text_in(tx, "select role from person where name = 'Sue'").await?), "auditor");
        let reply = desk.types(ANN, "people role Sue reseller").await;
        assert_eq!(refused(&reply), Some(&*desk.sentence(&Refusal::NeedsReseller)));
        desk.confirms(ANN, "people role Sue reseller rex").await;
        assert_eq!(number(&db.store, "select client_id from person where name = 'Sue'").await, 200);
        let (shown, _) = desk.confirms(ANN, "people role Fin admin").await;
        let reply = desk.approves(FIN, &shown).await;
        assert!(refused(&reply).is_some(), "nobody approves his own rise: {reply:?}");
        assert_eq!(state(db, &shown).await, State::Pending);
        assert_eq!(first_line(&desk.approves(BOB, &shown).await), "Approved by Bob and done.");
        let same = desk.types(ANN, "people role Fin admin").await;
        assert_eq!(refused(&same), Some(&*desk.sentence(&Refusal::NothingChanges)));
        let query = "Nobody".to_owned();
        let reply = desk.types(ANN, "people remove Nobody").await;
        assert_eq!(refused(&reply), Some(&*desk.sentence(&Refusal::PersonNotFound { query })));
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn the_last_named_admin_stays(db) {
        let desk = desk(db).await;
        // Both are on their way out; the second finds himself the last.
        let (first, _) = desk.confirms(ANN, "people remove Bob").await;
        let (second, _) = desk.confirms(BOB, "people role Ann support").await;
        desk.guild.set(DAN, &[ADMIN_ROLE]);
        assert_eq!(first_line(&desk.approves(discord(DAN), &second).await), "Approved by account 107 and done.");
        let reply = desk.approves(discord(DAN), &first).await;
        assert!(refused(&reply).is_some(), "she asked as an admin: {reply:?}");
        let name = "Bob".to_owned();
        let last = desk.sentence(&Refusal::LastAdmin { name });
        for line in ["people remove Bob", "people role Bob auditor"] {
            assert_eq!(refused(&desk.types(discord(DAN), line).await), Some(&*last), "{line}");
        }
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn what_the_configuration_or_discord_gives_is_taken_away_there(db) {
        let desk = desk(db).await;
        let (role, name) = (Role::Auditor, "telegram:6".to_owned());
        let named = desk.sentence(&Refusal::NamedInConfiguration { name, role });
        assert_eq!(refused(&desk.types(ANN, "people remove telegram:6").await), Some(&*named));
        desk.guild.set(DAN, &[SUPPORT_ROLE]);
        desk.drafts(discord(DAN), "credit add ada 5").await;
        let (role, name) = (Role::Support, "account 107".to_owned());
        let held = desk.sentence(&Refusal::HeldByDiscord { name, role });
        let remove = Ask::Command {
            name: "people remove".to_owned(),
            values: Values::from([("person", "account 107")]),
        };
        assert_eq!(refused(&desk.asks(ANN, remove.clone()).await), Some(&*held));
        // More than Discord gives can be given.
        let up = Ask::Command {
            name: "people role".to_owned(),
            values: Values::from([("person", "account 107"), ("role", "finance")]),
        };
        assert!(drafted(&desk.asks(ANN, up).await).is_some());
        let list = desk.types(ANN, "people list").await;
        let dan = field(&list, "account 107").unwrap();
        assert!(dan.starts_with("Support by Discord role\ndiscord:107\nsince "), "{dan}");
        assert!(field(&list, "Ann").unwrap().starts_with("Admin by code\ntelegram:1\n"));
        assert!(field(&list, "telegram:6").unwrap().starts_with("Auditor by the configuration"));
        assert!(field(&list, "Discord roles").unwrap().contains("900: Admin"), "{list:?}");
        // He is looked up in Discord again: without the role there nothing is left to take away.
        desk.guild.set(DAN, &[]);
        let reply = desk.asks(ANN, remove).await;
        assert!(refused(&reply).is_some_and(|why| why != held), "{reply:?}");
    }
}

on_both! {
    async fn people_are_paged_and_picked(db) {
        let desk = desk(db).await;
        for user in 20..26 {
            desk.comes(on_telegram(user), Role::Auditor, &format!("Kim {user}"), None).await;
        }
        let page = desk.types(ANN, "people remove").await;
        let buttons = |reply: &Reply| reply.buttons.concat();
        let kim = buttons(&page).into_iter().find(|button| button.label == "Kim 21").unwrap();
        let preview = desk.presses(ANN, &kim.action).await;
        assert_eq!(preview.card.title, "Remove Kim 21");
        let more = buttons(&page).pop().unwrap();
        let next = desk.presses(ANN, &more.action).await;
        assert!(buttons(&next).iter().any(|button| button.label == "Kim 25"), "{next:?}");
        assert!(field(&next, "Ann").is_none());
        // Two of one name: which one is asked.
        desk.comes(on_telegram(30), Role::Auditor, "Sue", None).await;
        let which = desk.types(ANN, "people remove Sue").await;
        assert_eq!(buttons(&which).len(), 2);
    }
}

/// The commands about people, with the line of the table that each falls under.
const LINES: [(&str, &str); 6] = [
    ("freeze, see people", "people list"),
    ("freeze, see people", "people freeze"),
    ("unfreeze", "people unfreeze"),
    ("invite support, auditor, reseller", "people remove auditor"),
    (
        "invite support, auditor, reseller",
        "people role auditor support",
    ),
    ("make an admin or finance", "people remove finance"),
];

on_both! {
    async fn people_are_the_admins_business(db) {
        let desk = crate::matrix::desk(db).await;
        for role in ROLES {
            for (who, place, rights) in places(role) {
                for (row, line) in LINES {
                    let granted = role.map(|role| cell(row, role)).unwrap_or_default();
                    let expected = match role {
                        _ if !rights => Some(Refusal::NoRightsHere),
                        None => Some(Refusal::NotLinked),
                        Some(_) if !granted.iter().any(|grant| ["✔", "R"].contains(grant)) => Some(Refusal::NotAllowed),
                        Some(_) if row == "unfreeze" => Some(Refusal::NothingChanges),
                        Some(_) => None,
                    };
                    let reply = desk.handle(&desk.event(who, place, Ask::Typed(line.to_owned()))).await;
                    let sentence = expected.as_ref().map(|why| desk.sentence(why));
                    assert_eq!(refused(&reply), sentence.as_deref(), "{role:?} in {place:?}: {line}");
                    if let Some(shown) = drafted(&reply) {
                        let needs = change!(db.store, |tx| tx.request(shown.request, false).await?).unwrap().needed;
                        assert_eq!(needs == 1, granted.contains(&"R"), "{line}");
                        desk.handle(&desk.event(who, place, press(&Action::Cancel(drafted(&reply).unwrap())))).await;
                    }
                }
            }
        }
        assert_eq!(number(&db.store, "select count(*) from request where state <> 'cancelled'").await, 0);
    }
}
