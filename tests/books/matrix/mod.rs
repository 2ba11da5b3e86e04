//! Who may do what: every role, in every place, with clients within and outside the scope, by command, by button and by
//! form, against the table of the business.

mod actions;
mod scenes;
mod seen;
mod voting;
mod walk;

use bursar::chat::{Button, Identity, Place, Reply};
use bursar::domain::ids::{AccountId, ClientId, PostingId};
use bursar::domain::posting::{PostingKind, transfer};
use bursar::domain::refusal::Refusal;
use bursar::domain::role::Role;
use bursar::store::Store;
use bursar::store::ledger::NewPosting;

use crate::change;
use crate::desk::{Desk, NOW, client, discord, house, reseller, rules, telegram, under};
use crate::support::Database;

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
    | password link, notes, tags         | ✔       | -       | ✔     | own      | -       |
    | manager, referral                  | ✔       | -       | ✔     | -        | -       |
    | update reseller, change class      | R       | -       | R, A  | -        | -       |
    | statement, export                  | ✔       | ✔       | ✔     | own      | ✔       |
    | freeze, see people                 | -       | -       | ✔     | -        | -       |
    | unfreeze                           | -       | -       | R, A  | -        | -       |
    | default messages, import           | -       | -       | ✔     | -        | -       |
    | see what waits                     | ✔       | ✔       | ✔     | own      | ✔       |
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

/// Why an action must be refused there; `None`: it must not.
pub fn refusal(
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

/// The sentence of a refusal on its own card.
pub fn refused(reply: &Reply) -> Option<&str> {
    (reply.card.title == "Not done").then_some(&*reply.card.text)
}

/// Whether a refusal offers nothing but to type it again.
fn leads_nowhere(reply: &Reply) -> bool {
    let again = |button: &Button| matches!(button.action, bursar::chat::Action::Again { .. });
    reply.buttons.iter().flatten().all(again)
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
