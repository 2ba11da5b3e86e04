//! Who may do what: every role, in every place, with clients within and outside the scope, by command and by form,
//! against the table of the business.

use std::collections::BTreeSet;

use bursar::chat::{Ask, Button, Identity, Place, Reply, Values};
use bursar::commands::CATALOGUE;
use bursar::domain::ids::{AccountId, ClientId, PostingId, RequestId};
use bursar::domain::posting::{PostingKind, transfer};
use bursar::domain::refusal::Refusal;
use bursar::domain::request::State;
use bursar::domain::role::Role;
use bursar::store::Store;
use bursar::store::ledger::NewPosting;

use crate::desk::{
    Desk, NOW, client, discord, drafted, house, number, press, reseller, rules, telegram, under,
};
use crate::support::Database;
use crate::{change, on_both};

/// What the business says: `✔` directly, `R` needs approval, `A` may approve, `own` clients in one's own tree. The last
/// line is not one of its own: whoever can be told of a request may see it.
const TABLE: &str = "
    | action                             | support | finance | admin | reseller | auditor |
    | find, view                         | ✔       | ✔       | ✔     | own      | ✔       |
    | create invoice                     | ✔       | ✔       | ✔     | own      | -       |
    | settle invoice                     | -       | ✔       | ✔     | -        | -       |
    | add credit                         | R       | R, A    | R, A  | own      | -       |
    | deduct credit                      | R       | R, A    | R, A  | own      | -       |
    | reverse credit                     | R       | R, A    | R, A  | own      | -       |
    | new client, activate, suspend      | ✔       | -       | ✔     | own      | -       |
    | overdraft limits                   | -       | -       | R, A  | -        | -       |
    | ask for credit for himself         | -       | A       | A     | R        | -       |
    | invite support, auditor, reseller  | -       | -       | ✔     | -        | -       |
    | make an admin or finance           | -       | -       | R, A  | -        | -       |
    | new client, activate, suspend      | ✔       | -       | ✔     | own      | -       |
    | password link, notes, tags         | ✔       | -       | ✔     | own      | -       |
    | manager, referral                  | ✔       | -       | ✔     | -        | -       |
    | update reseller, change class      | R       | -       | R, A  | -        | -       |
    | statement, export                  | ✔       | ✔       | ✔     | own      | ✔       |
    | freeze, see people                 | -       | -       | ✔     | -        | -       |
    | unfreeze                           | -       | -       | R, A  | -        | -       |
    | see what waits                     | ✔       | ✔       | ✔     | own      | ✔       |
    | default messages, import           | -       | -       | ✔     | -        | -       |
    | read the audit log                 | -       | ✔       | ✔     | -        | ✔       |
";

/// What the table grants a role.
pub fn cell(action: &str, role: Role) -> Vec<&'static str> {
    let mut rows = TABLE
        .lines()
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let head = rows.find(|row| row.contains(&"action")).unwrap();
    let row = rows
        .find(|row| row.get(1) == Some(&action))
        .unwrap_or_else(|| panic!("{action}"));
    let column = head.iter().position(|name| *name == role.name()).unwrap();
    row[column]
        .split(", ")
        .filter(|grant| *grant != "-")
        .collect()
}

pub fn may_approve(action: &str, role: Role) -> bool {
    cell(action, role).contains(&"A")
}

/// Every role, and nobody's.
pub const ROLES: [Option<Role>; 6] = [
    Some(Role::Support),
    Some(Role::Finance),
    Some(Role::Admin),
    Some(Role::Reseller),
    Some(Role::Auditor),
    None,
];

/// The accounts of the person in a role.
pub fn accounts(role: Option<Role>) -> (Identity, Identity) {
    let at = ROLES.iter().position(|other| *other == role).unwrap();
    let at = i64::try_from(at).unwrap();
    (telegram(10 + at), discord(20 + at))
}

/// Every account and place from which the person in a role can write, and whether rights come along.
pub fn places(role: Option<Role>) -> [(Identity, Place, bool); 7] {
    let (telegram, discord) = accounts(role);
    [
        (discord, Place::Guild, true),
        (discord, Place::OtherGuild, false),
        (discord, Place::DirectMessage, false),
        (discord, Place::Unvouched, false),
        (telegram, Place::PrivateChat, true),
        (telegram, Place::Group, true),
        (telegram, Place::Unvouched, false),
    ]
}

/// A client, how it is named, and where it stands to the reseller: himself, in his tree, or nowhere near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    Himself,
    InTree,
    Outside,
    Nowhere,
}

const TARGETS: [(&str, Near); 9] = [
    ("rex", Near::Himself),
    ("tom", Near::InTree),
    ("zoe", Near::InTree),
    ("ada", Near::Outside),
    ("mia@example.com", Near::Outside),
    ("#34", Near::Outside),
    ("100", Near::Outside),
    ("nobody", Near::Nowhere),
    ("#zzz", Near::Nowhere),
];

/// A desk with a person in each role; the reseller has credit to give.
pub async fn desk(db: &Database) -> Desk {
    let desk = Desk::new(house(&db.store, rules(), 11));
    let clients = [
        client(100, "ada"),
        reseller(200, "rex", None),
        under(200, client(201, "tom")),
        reseller(210, "sub", Some(200)),
        under(210, client(211, "zoe")),
        reseller(300, "max", None),
        under(300, client(301, "mia")),
    ];
    for new in clients {
        change!(db.store, |tx| tx.insert_client(&new).await?);
    }
    for role in ROLES.into_iter().flatten() {
        let (telegram, discord) = accounts(Some(role));
        let of = (role == Role::Reseller).then_some("rex");
        desk.comes(telegram, role, role.name(), of).await;
        change!(db.store, |tx| {
            let person = tx.known(telegram).await?.unwrap().person;
            tx.insert_identity(person, discord, "", "en").await?;
        });
    }
    fund(&db.store, 1, 200).await;
    desk
}

async fn fund(store: &Store, number: i64, client: i64) {
    let posting = NewPosting {
        id: PostingId(number),
        kind: PostingKind::Opening,
        key: format!("opening:{number}"),
        digest: String::new(),
        client: Some(ClientId(client)),
        request: None,
        reversed: None,
        person: None,
        at: NOW,
    };
    let entries = transfer(AccountId(1), AccountId(client), 10_000.try_into().unwrap()).unwrap();
    change!(store, |tx| tx.post(&posting, &entries).await?);
}

/// A command that is asked, and the line of the table that it falls under.
struct Action {
    row: &'static str,
    command: &'static str,
    values: &'static [(&'static str, &'static str)],
    /// Whether a client is named as well.
    client: bool,
    /// Whether it is confirmed as well; else it is given up, so that the clients stay as they are.
    done: bool,
}

const ACTIONS: &[Action] = &[
    Action {
        row: "find, view",
        command: "invoice list",
        values: &[],
        client: true,
        done: true,
    },
    Action {
        row: "find, view",
        command: "invoice view",
        values: &[],
        client: true,
        done: true,
    },
    Action {
        row: "create invoice",
        command: "invoice create",
        values: &[("lines", "x; 1; 1")],
        client: true,
        done: true,
    },
    Action {
        row: "settle invoice",
        command: "invoice paid",
        values: &[],
        client: false,
        done: true,
    },
    Action {
        row: "settle invoice",
        command: "invoice unpay",
        values: &[],
        client: false,
        done: true,
    },
    Action {
        row: "settle invoice",
        command: "invoice void",
        values: &[],
        client: false,
        done: true,
    },
    Action {
        row: "settle invoice",
        command: "invoice credit",
        values: &[],
        client: false,
        done: true,
    },
    Action {
        row: "find, view",
        command: "client view",
        values: &[],
        client: true,
        done: true,
    },
    Action {
        row: "add credit",
        command: "credit add",
        values: &[("amount", "1"), ("note", "x")],
        client: true,
        done: true,
    },
    Action {
        row: "ask for credit for himself",
        command: "credit request",
        values: &[("amount", "1"), ("reference", "x")],
        client: false,
        done: true,
    },
    Action {
        row: "invite support, auditor, reseller",
        command: "people invite",
        values: &[("role", "support"), ("name", "x")],
        client: false,
        done: true,
    },
    Action {
        row: "invite support, auditor, reseller",
        command: "people invite",
        values: &[("role", "auditor"), ("name", "x")],
        client: false,
        done: true,
    },
    Action {
        row: "invite support, auditor, reseller",
        command: "people invite",
        values: &[("role", "reseller"), ("name", "x"), ("client", "max")],
        client: false,
        done: true,
    },
    Action {
        row: "make an admin or finance",
        command: "people invite",
        values: &[("role", "admin"), ("name", "x")],
        client: false,
        done: true,
    },
    Action {
        row: "make an admin or finance",
        command: "people invite",
        values: &[("role", "finance"), ("name", "x")],
        client: false,
        done: true,
    },
    Action {
        row: "new client, activate, suspend",
        command: "client new",
        values: &[("fullname", "x"), ("username", "xyz")],
        client: false,
        done: true,
    },
    Action {
        row: "new client, activate, suspend",
        command: "client suspend",
        values: &[("reason", "x")],
        client: true,
        done: true,
    },
    Action {
        row: "new client, activate, suspend",
        command: "client edit",
        values: &[("part", "phone"), ("value", "12345")],
        client: true,
        done: true,
    },
    Action {
        row: "password link, notes, tags",
        command: "client note",
        values: &[("text", "x")],
        client: true,
        done: true,
    },
    Action {
        row: "password link, notes, tags",
        command: "client tag",
        values: &[("tag", "x")],
        client: true,
        done: true,
    },
    Action {
        row: "manager, referral",
        command: "manager set",
        values: &[("manager", "support")],
        client: true,
        done: true,
    },
    Action {
        row: "find, view",
        command: "client list",
        values: &[("what", "users")],
        client: false,
        done: true,
    },
    Action {
        row: "statement, export",
        command: "client statement",
        values: &[],
        client: true,
        done: true,
    },
    Action {
        row: "freeze, see people",
        command: "people list",
        values: &[],
        client: false,
        done: true,
    },
    Action {
        row: "see what waits",
        command: "approval list",
        values: &[],
        client: false,
        done: true,
    },
    Action {
        row: "statement, export",
        command: "report week",
        values: &[],
        client: false,
        done: true,
    },
    Action {
        row: "statement, export",
        command: "report month",
        values: &[],
        client: false,
        done: true,
    },
    Action {
        row: "statement, export",
        command: "report balance",
        values: &[],
        client: true,
        done: true,
    },
    Action {
        row: "statement, export",
        command: "export",
        values: &[("what", "statement")],
        client: true,
        done: true,
    },
    Action {
        row: "statement, export",
        command: "export",
        values: &[("what", "clients")],
        client: false,
        done: true,
    },
    Action {
        row: "read the audit log",
        command: "export",
        values: &[("what", "audit")],
        client: false,
        done: true,
    },
    Action {
        row: "read the audit log",
        command: "audit log",
        values: &[],
        client: true,
        done: true,
    },
    Action {
        row: "deduct credit",
        command: "credit deduct",
        values: &[("amount", "1"), ("reason", "x")],
        client: true,
        done: false,
    },
    Action {
        row: "reverse credit",
        command: "credit reverse",
        values: &[],
        client: true,
        done: false,
    },
    Action {
        row: "new client, activate, suspend",
        command: "client suspend",
        values: &[("reason", "x")],
        client: true,
        done: false,
    },
    Action {
        row: "overdraft limits",
        command: "credit limit",
        values: &[("limit", "5")],
        client: true,
        done: false,
    },
];

/// Commands that show something, or let it be picked.
const SHOWN: &[&str] = &[
    "report week",
    "report month",
    "report balance",
    "audit log",
    "export",
    "people list",
    "credit reverse",
    "client view",
    "client list",
    "client statement",
    "approval list",
    "invoice list",
    "invoice view",
    "invoice paid",
    "invoice unpay",
    "invoice void",
    "invoice credit",
];

/// Commands for anybody, and those that other tests here are about.
const OTHERS: &[&str] = &[
    "import clients",
    "invoice line",
    "invoice tax",
    "client find",
    "client activate",
    "client close",
    "class set",
    "reseller set",
    "referral set",
    "credit reverse",
    "approval reject",
    "people role",
    "people remove",
    "people freeze",
    "people unfreeze",
    "link",
    "account add",
    "me",
    "help",
];

/// What is shown and not confirmed here: done once, it would not be there to be done again.
const DRAFTED: &[&str] = &["client new", "client suspend", "client edit", "manager set"];

#[test]
fn every_command_is_held_to_the_table() {
    let here: BTreeSet<_> = ACTIONS
        .iter()
        .map(|action| action.command)
        .chain(OTHERS.iter().copied())
        .collect();
    assert_eq!(here, CATALOGUE.iter().map(|command| command.name).collect());
}

/// Why an action must be refused there; `None`: it must not.
fn refusal(
    row: &str,
    role: Option<Role>,
    rights: bool,
    target: Option<(&str, Near)>,
) -> Option<Refusal> {
    if !rights {
        return Some(Refusal::NoRightsHere);
    }
    let Some(role) = role else {
        return Some(Refusal::NotLinked);
    };
    let grants = cell(row, role);
    let (named, near) = target.unwrap_or(("", Near::Himself));
    if !["✔", "R", "own"].iter().any(|grant| grants.contains(grant)) {
        return Some(Refusal::NotAllowed);
    }
    if near == Near::Nowhere || (near == Near::Outside && grants.contains(&"own")) {
        return Some(Refusal::ClientNotFound {
            query: named.to_owned(),
        });
    }
    if near != Near::Himself || target.is_none() || !grants.contains(&"own") {
        return None;
    }
    match row {
        "add credit" | "deduct credit" | "create invoice" => Some(Refusal::OwnAccount),
        "new client, activate, suspend" => Some(Refusal::OwnClient),
        _ => None,
    }
}

/// What a confirmed draft must have become.
fn outcome(row: &str, role: Role) -> State {
    if cell(row, role).contains(&"R") {
        State::Pending
    } else {
        State::Applied
    }
}

/// An action as a command, as a typed line, and as a submitted form: each is authorised alike.
fn ways(action: &Action, target: Option<&str>) -> [Ask; 3] {
    let mut values = Values(Vec::new());
    if let Some(target) = target {
        values.set("client", target);
    }
    for (name, value) in action.values {
        values.set(name, *value);
    }
    let line = values
        .0
        .iter()
        .fold(action.command.to_owned(), |line, (name, value)| {
            format!("{line} {name}:{value}")
        });
    let token = format!("1:m:{}", action.command);
    [
        Ask::Command {
            name: action.command.to_owned(),
            values: values.clone(),
        },
        Ask::Typed(line),
        Ask::Submit { token, values },
    ]
}

pub fn refused(reply: &Reply) -> Option<&str> {
    (reply.card.title == "Not done").then_some(&*reply.card.text)
}

/// Whether a refusal offers nothing but to type it again.
fn leads_nowhere(reply: &Reply) -> bool {
    let again = |button: &Button| matches!(button.action, bursar::chat::Action::Again { .. });
    reply.buttons.iter().flatten().all(again)
}

on_both! {
    async fn roles_places_and_scopes_are_those_of_the_table(db) {
        let desk = desk(db).await;
        let (mut drafts, mut refusals) = (0, 0);
        // There is something to take from everybody; the reseller takes back what he gave himself.
        for (posting, of) in [(2, 100), (3, 201), (4, 210), (5, 211), (6, 300), (7, 301)] {
            fund(&db.store, posting, of).await;
        }
        for client in ["tom", "zoe"] {
            let (telegram, _) = accounts(Some(Role::Reseller));
            desk.confirms(telegram, &format!("credit add {client} 5")).await;
            drafts += 1;
        }
        for role in ROLES {
            for (who, place, rights) in places(role) {
                for (number, action) in ACTIONS.iter().enumerate() {
                    let targets: Vec<_> = if action.client { TARGETS.map(Some).to_vec() } else { vec![None] };
                    for target in targets {
                        let ways = ways(action, target.map(|(named, _)| named));
                        // Where it is refused, each way is tried; else they take turns.
                        // A code is not made where others read it.
                        let overheard = action.command == "people invite" && place == Place::Group;
                        let expected = refusal(action.row, role, rights, target)
                            .or_else(|| overheard.then_some(Refusal::OnlyInPrivate));
                        let way = (number + drafts) % ways.len();
                        for (at, ask) in ways.into_iter().enumerate() {
                            if expected.is_none() && at != way {
                                continue;
                            }
                            let said = format!("{role:?} in {place:?}: {ask:?}");
                            let reply = desk.handle(&desk.event(who, place, ask)).await;
                            let sentence = expected.as_ref().map(|refusal| desk.sentence(refusal));
                            assert_eq!(refused(&reply), sentence.as_deref(), "{said}");
                            if expected.is_some() {
                                refusals += 1;
                                assert!(leads_nowhere(&reply) && reply.form.is_none(), "{said}");
                                continue;
                            }
                            let Some(shown) = drafted(&reply) else {
                                assert!(SHOWN.contains(&action.command), "{said}");
                                continue;
                            };
                            drafts += 1;
                            if !action.done {
                                let sql = format!("select needed from request where id = {}", shown.request.0);
                                let pending = crate::desk::number(&db.store, &sql).await > 0;
                                assert_eq!(pending, outcome(action.row, role.unwrap()) == State::Pending, "{said}");
                                let cancel = press(&bursar::chat::Action::Cancel(shown.clone()));
                                desk.handle(&desk.event(who, place, cancel)).await;
                                continue;
                            }
                            if DRAFTED.contains(&action.command) {
                                continue;
                            }
                            let confirm = press(&bursar::chat::Action::Confirm(shown.clone()));
                            desk.handle(&desk.event(who, place, confirm)).await;
                            let state = state(&db.store, shown.request).await;
                            assert_eq!(state, outcome(action.row, role.unwrap()), "{said}");
                        }
                    }
                }
            }
        }
        assert!(drafts > 70 && refusals > 1_000, "{drafts} {refusals}");
        let count = async |text: &str| usize::try_from(number(&db.store, text).await).unwrap();
        assert_eq!(count("select count(*) from request").await, drafts, "nothing was drafted on the side");
        assert_eq!(count("select count(*) from vote").await, 0);
        let credited = count("select count(*) from request where kind = 'credit add' and state = 'applied'").await;
        assert_eq!(count("select count(*) from posting where kind = 'add'").await, credited);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

async fn state(store: &Store, id: RequestId) -> State {
    change!(store, |tx| tx.request(id, false).await?)
        .unwrap()
        .state
}

on_both! {
    async fn found_and_offered_is_what_lies_within_the_scope(db) {
        let desk = desk(db).await;
        let everybody = ["ada", "max", "mia", "rex", "sub", "tom", "zoe"];
        let tree = ["rex", "sub", "tom", "zoe"];
        for role in ROLES {
            for (who, place, rights) in places(role) {
                let expected: &[&str] = match role {
                    Some(role) if rights && cell("find, view", role) == ["own"] => &tree,
                    Some(role) if rights && cell("find, view", role) == ["✔"] => &everybody,
                    _ => &[],
                };
                let (mut found, mut offered) = (Vec::new(), Vec::new());
                for name in everybody {
                    let values = Values::from([("client", &name[..2])]);
                    let find = Ask::Command { name: "client find".to_owned(), values };
                    let reply = desk.handle(&desk.event(who, place, find)).await;
                    found.extend(reply.card.fields.iter().map(|(label, _)| label.clone()));
                    if expected.is_empty() {
                        let why = refusal("find, view", role, rights, None).unwrap();
                        assert_eq!(refused(&reply), Some(&*desk.sentence(&why)), "{role:?} in {place:?}");
                    }
                    let suggest = Ask::Suggest {
                        command: "client view".to_owned(),
                        option: "client".to_owned(),
                        typed: name[..2].to_owned(),
                        values: Values::default(),
                    };
                    offered.extend(desk.suggest(desk.event(who, place, suggest)).await);
                }
                found.sort();
                found.dedup();
                assert_eq!(found, expected, "{role:?} in {place:?}");
                let ids = expected.iter().map(|name| format!("#{}", id(name)));
                assert_eq!(offered.into_iter().collect::<BTreeSet<_>>(), ids.collect(), "{role:?} in {place:?}");
            }
        }
    }
}

/// The client of that username.
fn id(name: &str) -> ClientId {
    let ids = [
        ("ada", 100),
        ("rex", 200),
        ("tom", 201),
        ("sub", 210),
        ("zoe", 211),
        ("max", 300),
        ("mia", 301),
    ];
    ClientId(ids.iter().find(|(known, _)| *known == name).unwrap().1)
}

on_both! {
    async fn credit_is_offered_as_it_may_be_given(db) {
        let desk = desk(db).await;
        for role in ROLES {
            for (who, place, rights) in places(role) {
                let suggest = Ask::Suggest {
                    command: "credit add".to_owned(),
                    option: "client".to_owned(),
                    typed: "ada".to_owned(),
                    values: Values::default(),
                };
                let offered = !desk.suggest(desk.event(who, place, suggest)).await.is_empty();
                let may = role.is_some_and(|role| cell("add credit", role).contains(&"R"));
                assert_eq!(offered, may && rights, "{role:?} in {place:?}");
            }
        }
    }
}

on_both! {
    async fn what_waits_is_seen_by_the_staff_and_by_whoever_asked(db) {
        let desk = desk(db).await;
        let (support, _) = accounts(Some(Role::Support));
        let (rex, _) = accounts(Some(Role::Reseller));
        desk.confirms(support, "credit add ada 5").await;
        desk.confirms(rex, "credit request 6 TX-1").await;
        for role in ROLES.into_iter().flatten() {
            let reply = desk.types(accounts(Some(role)).0, "approval list").await;
            let seen: Vec<_> = reply.card.fields.iter().map(|(title, _)| title.split_once(' ').unwrap().1).collect();
            let all = ["Add 5 credits to ada", "rex asks for 6 credits"];
            assert_eq!(seen, if role == Role::Reseller { &all[1..] } else { &all[..] }, "{role:?}");
        }
    }
}

on_both! {
    async fn help_names_what_somebody_may_do_there(db) {
        let desk = desk(db).await;
        for role in ROLES {
            for (who, place, rights) in places(role) {
                let reply = desk.handle(&desk.event(who, place, Ask::Typed("help".to_owned()))).await;
                let lines = || reply.card.text.lines();
                let named = |command: &str| lines().any(|usage| usage.trim_end_matches(':') == format!("/{command}") || usage.starts_with(&format!("/{command} ")) || usage.starts_with(&format!("/{command}:")));
                for action in ACTIONS {
                    let rows = ACTIONS.iter().filter(|other| other.command == action.command);
                    let may = rows.map(|other| refusal(other.row, role, rights, None));
                    let may = may.into_iter().any(|why| matches!(why, None | Some(Refusal::OwnAccount)));
                    assert_eq!(named(action.command), may, "{role:?} in {place:?}: {}", action.command);
                }
                assert!(named("help") && named("me") && named("link"));
            }
        }
    }
}

on_both! {
    async fn accounts_are_added_where_rights_come_along_and_codes_bring_their_own(db) {
        let desk = desk(db).await;
        for role in ROLES {
            for (who, place, rights) in places(role) {
                let add = Ask::Command { name: "account add".to_owned(), values: Values::default() };
                let reply = desk.handle(&desk.event(who, place, add)).await;
                let why = match (rights, role) {
                    (false, _) => Some(Refusal::NoRightsHere),
                    // Others would read the code.
                    (true, _) if place == Place::Group => Some(Refusal::OnlyInPrivate),
                    (true, None) => Some(Refusal::NotLinked),
                    (true, Some(_)) => None,
                };
                assert_eq!(refused(&reply), why.map(|why| desk.sentence(&why)).as_deref(), "{role:?} in {place:?}");
                let link = Ask::Typed("link WRONG".to_owned());
                let reply = desk.handle(&desk.event(who, place, link)).await;
                assert_eq!(refused(&reply), Some(&*desk.sentence(&Refusal::BadCode)));
                let me = desk.handle(&desk.event(who, place, Ask::Typed("me".to_owned()))).await;
                assert_eq!(refused(&me), None);
                let balance = me.card.fields.iter().any(|(label, _)| label == "Balance");
                assert_eq!(balance, rights && role == Some(Role::Reseller), "{role:?} in {place:?}");
            }
        }
        let code = desk.house.invite(Role::Support, "New".to_owned(), None).await.unwrap();
        let link = Ask::Typed(format!("link {code}"));
        let reply = desk.handle(&desk.event(discord(99), Place::DirectMessage, link)).await;
        assert_eq!(reply.card.title, "Linked");
    }
}

on_both! {
    async fn discord_roles_count_in_the_guild_alone(db) {
        let desk = desk(db).await;
        let places = [Place::Guild, Place::OtherGuild, Place::DirectMessage, Place::Unvouched];
        for place in places {
            let mut event = desk.event(discord(50), place, Ask::Typed("client view ada".to_owned()));
            // As if another guild had a role of that number.
            event.from.roles = Some(vec![crate::desk::ADMIN_ROLE]);
            let reply = desk.handle(&event).await;
            let why = (place != Place::Guild).then(|| desk.sentence(&Refusal::NoRightsHere));
            assert_eq!(refused(&reply), why.as_deref(), "{place:?}");
            event.ask = Ask::Typed("me".to_owned());
            let me = desk.handle(&event).await;
            let role = me.card.fields.iter().find(|(label, _)| label == "Role").unwrap();
            assert_eq!(role.1, if place == Place::Guild { "Admin" } else { "–" }, "{place:?}");
        }
        let other = desk.event(discord(51), Place::Guild, Ask::Typed("client view ada".to_owned()));
        assert_eq!(refused(&desk.handle(&other).await), Some(&*desk.sentence(&Refusal::NotLinked)));
    }
}
