//! Changes of clients: whose they are, what they may do, who looks after them; and that scope follows.

use bursar::chat::{Action, Identity};
use bursar::domain::client::{Class, Status};
use bursar::domain::ids::ClientId;
use bursar::domain::refusal::Refusal;
use bursar::domain::role::Role;
use bursar::store::clients::Scope;

use crate::desk::{Desk, client, house, number, reseller, rules, sql, under, usual};
use crate::matrix::refused;
use crate::support::Database;
use crate::{change, on_both};

const ANN: Identity = on_telegram(1);
const BOB: Identity = on_telegram(2);
const SUE: Identity = on_telegram(4);
const REX: Identity = on_telegram(9);
const MAX: Identity = on_telegram(10);

const fn on_telegram(user: i64) -> Identity {
    Identity {
        messenger: bursar::chat::Messenger::Telegram,
        user,
    }
}

/// Rex has tom and sub, who has zoe; max has mia; ada is the house's.
async fn staffed(db: &Database) -> Desk {
    let desk = Desk::new(house(&db.store, rules(), 5));
    for new in [
        client(100, "ada"),
        reseller(200, "rex", None),
        under(200, client(201, "tom")),
        reseller(210, "sub", Some(200)),
        under(210, client(211, "zoe")),
        reseller(300, "max", None),
        under(300, client(301, "mia")),
    ] {
        change!(db.store, |tx| tx.insert_client(&new).await?);
    }
    desk.comes(ANN, Role::Admin, "Ann", None).await;
    desk.comes(BOB, Role::Admin, "Bob", None).await;
    desk.comes(SUE, Role::Support, "Sue", None).await;
    desk.comes(REX, Role::Reseller, "Rex", Some("rex")).await;
    desk.comes(MAX, Role::Reseller, "Max", Some("max")).await;
    desk
}

/// Who is within a reseller's scope, by the numbers of [`staffed`].
async fn scope(db: &Database, reseller: i64) -> Vec<i64> {
    let mut found = Vec::new();
    for id in [100, 200, 201, 210, 211, 300, 301] {
        let scope = Scope::Tree(ClientId(reseller));
        if change!(db.store, |tx| tx.in_scope(ClientId(id), scope).await?) {
            found.push(id);
        }
    }
    found
}

/// Drafts, confirms and approves: done, whatever it needs.
async fn does(desk: &Desk, line: &str) -> bursar::chat::Reply {
    let (shown, _) = desk.confirms(SUE, line).await;
    let reply = desk.approves(ANN, &shown).await;
    assert!(reply.card.text.contains("and done"), "{line}: {reply:?}");
    reply
}

async fn refusal(desk: &Desk, who: Identity, line: &str) -> String {
    let reply = desk.types(who, line).await;
    // A chat asks the refused value again; the refusal stands before the question.
    match refused(&reply) {
        Some(text) => text.to_owned(),
        None => reply
            .card
            .text
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}

async fn told(db: &Database) -> i64 {
    number(
        &db.store,
        "select count(*) from outbox where key like 'told:%' and state <> 'dead'",
    )
    .await
}

on_both! {
    async fn a_client_moves_with_all_below(db) {
        let desk = staffed(db).await;
        does(&desk, "reseller set sub max").await;
        assert_eq!(scope(db, 200).await, [200, 201]);
        assert_eq!(scope(db, 300).await, [210, 211, 300, 301]);
        assert_eq!(scope(db, 210).await, [210, 211]);
        assert_eq!(desk.breaches().await, [""; 0]);
        // Both sides hear of it, two minutes later.
        assert_eq!(told(db).await, 2);
        let reply = desk.types(MAX, "client find zo").await;
        assert!(reply.card.fields.iter().any(|(name, _)| name == "zoe"), "{reply:?}");
        let reply = desk.types(REX, "client find zo").await;
        assert!(reply.card.fields.is_empty(), "{reply:?}");
        // Under a reseller below: what both have above stays.
        does(&desk, "reseller set mia sub").await;
        assert_eq!(scope(db, 300).await, [210, 211, 300, 301]);
        assert_eq!(scope(db, 210).await, [210, 211, 301]);
        does(&desk, "reseller set sub none").await;
        assert_eq!(scope(db, 300).await, [300]);
        assert_eq!(scope(db, 210).await, [210, 211, 301]);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn a_move_says_what_comes_along(db) {
        let desk = staffed(db).await;
        let (shown, _) = desk.confirms(SUE, "credit add sub 500").await;
        desk.approves(ANN, &shown).await;
        let reply = desk.types(SUE, "reseller set sub max").await;
        let field = |label: &str| {
            let found = reply.card.fields.iter().find(|(name, _)| name == label);
            found.map(|(_, text)| text.as_str()).unwrap_or_default()
        };
        assert_eq!(field("Reseller"), "rex → max");
        assert_eq!(field("Clients moving along"), "1");
        assert_eq!(field("Balance"), "500 credits, taken along");
        assert_eq!(field("Open invoices"), "INV-000001: 30.00 EUR, still owed to whoever issued them");
        assert!(reply.card.text.contains("Somebody else must approve it."), "{reply:?}");
    }
}

on_both! {
    async fn no_circles(db) {
        let desk = staffed(db).await;
        let circle = |option, client: &str| desk.sentence(&Refusal::Circle { option, client: client.to_owned() });
        assert_eq!(refusal(&desk, SUE, "reseller set rex sub").await, circle("reseller", "sub"));
        assert_eq!(refusal(&desk, SUE, "reseller set rex rex").await, circle("reseller", "rex"));
        let (_, reply) = desk.confirms(SUE, "referral set ada tom").await;
        assert!(reply.card.text.starts_with("Done by Sue."), "{reply:?}");
        assert_eq!(refusal(&desk, SUE, "referral set tom ada").await, circle("referral", "ada"));
        assert_eq!(refusal(&desk, SUE, "referral set tom tom").await, circle("referral", "tom"));
        let why = Refusal::NoReseller { option: "reseller", client: "ada".to_owned() };
        assert_eq!(refusal(&desk, SUE, "reseller set tom ada").await, desk.sentence(&why));
        let why = desk.sentence(&Refusal::NothingChanges);
        assert_eq!(refusal(&desk, SUE, "reseller set tom rex").await, why);
        let why = Refusal::NoSuchOther { option: "reseller", query: "nobody".to_owned() };
        assert_eq!(refusal(&desk, SUE, "reseller set tom nobody").await, desk.sentence(&why));
        assert_eq!(number(&db.store, "select count(*) from request").await, 1);
    }
}

on_both! {
    async fn two_moves_that_would_close_a_circle_do_not_both_happen(db) {
        let desk = staffed(db).await;
        let (one, _) = desk.confirms(SUE, "reseller set rex max").await;
        let (other, _) = desk.confirms(SUE, "reseller set max rex").await;
        let approve = |who, shown| desk.event(who, usual(who), crate::desk::press(&Action::Approve(shown)));
        let (first, second) = (approve(ANN, one), approve(BOB, other));
        tokio::join!(desk.handle(&first), desk.handle(&second));
        assert_eq!(number(&db.store, "select count(*) from request where state = 'applied'").await, 1);
        assert_eq!(number(&db.store, "select count(*) from request where state = 'unfit'").await, 1);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn a_reseller_with_clients_stays_one_unless_somebody_takes_over(db) {
        let desk = staffed(db).await;
        let why = desk.sentence(&Refusal::HasClients { clients: 3 });
        assert_eq!(refusal(&desk, SUE, "class set rex USER").await, why);
        let circle = Refusal::Circle { option: "heir", client: "sub".to_owned() };
        assert_eq!(refusal(&desk, SUE, "class set client:rex class:USER heir:sub").await, desk.sentence(&circle));
        change!(db.store, |tx| sql(tx, "update client set delivery_url = 'https://rex.example/dlr' where id = 200").await?);
        let reply = desk.types(SUE, "class set client:rex class:USER heir:max").await;
        assert!(reply.card.fields.iter().any(|(_, text)| text == "https://rex.example/dlr is switched off"), "{reply:?}");
        does(&desk, "class set client:rex class:USER heir:max").await;
        assert_eq!(scope(db, 200).await, [0; 0]);
        assert_eq!(scope(db, 300).await, [201, 210, 211, 300, 301]);
        assert_eq!(number(&db.store, "select count(*) from client where id = 200 and delivery_url is not null").await, 0);
        assert_eq!(desk.breaches().await, [""; 0]);
        assert_eq!(refusal(&desk, REX, "credit request 50 TX-1").await, desk.sentence(&Refusal::OwnClass));
        // And back: he owns himself, and nobody else.
        does(&desk, "class set rex RESELLER").await;
        assert_eq!(scope(db, 200).await, [200]);
        let reply = desk.types(REX, "client find re").await;
        assert!(reply.card.fields.iter().any(|(name, _)| name == "rex"), "{reply:?}");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn an_admin_class_needs_two_admins(db) {
        let desk = staffed(db).await;
        let (shown, _) = desk.confirms(SUE, "class set ada ADMIN").await;
        let reply = desk.approves(ANN, &shown).await;
        assert!(reply.card.text.starts_with("1 of 2 approvals"), "{reply:?}");
        desk.approves(BOB, &shown).await;
        let class = change!(db.store, |tx| tx.client(ClientId(100), Scope::House).await?).unwrap().class;
        assert_eq!(class, Class::Admin);
        let (shown, _) = desk.confirms(ANN, "class set tom ADMIN").await;
        let reply = desk.approves(BOB, &shown).await;
        assert!(reply.card.text.starts_with("Approved by Bob and done."), "an admin who asks is one of them: {reply:?}");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn a_move_is_undone_and_what_changed_meanwhile_is_not_applied(db) {
        let desk = staffed(db).await;
        let (shown, _) = desk.confirms(SUE, "reseller set tom max").await;
        desk.approves(ANN, &shown).await;
        let reply = desk.presses(SUE, &Action::Undo(shown.request)).await;
        let undo = crate::desk::drafted(&reply).unwrap_or_else(|| panic!("{reply:?}"));
        desk.presses(SUE, &Action::Confirm(undo.clone())).await;
        desk.approves(ANN, &undo).await;
        assert_eq!(scope(db, 200).await, [200, 201, 210, 211]);
        assert_eq!(told(db).await, 0, "nobody hears of what was undone");
        // Somebody else was quicker.
        let (slow, _) = desk.confirms(SUE, "reseller set tom none").await;
        does(&desk, "reseller set tom max").await;
        let reply = desk.approves(ANN, &slow).await;
        assert!(reply.card.text.starts_with("Not done: "), "{reply:?}");
        // The reseller is suspended before it is approved.
        let (late, _) = desk.confirms(SUE, "reseller set ada max").await;
        change!(db.store, |tx| tx.set_client_status(ClientId(300), Status::Suspended).await?);
        let reply = desk.approves(ANN, &late).await;
        assert!(reply.card.text.starts_with("Not done: "), "{reply:?}");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn a_manager_is_picked_or_named(db) {
        let desk = staffed(db).await;
        let reply = desk.types(SUE, "manager set ada").await;
        let labels: Vec<_> = reply.buttons.iter().flatten().map(|button| button.label.as_str()).collect();
        assert_eq!(labels, ["Choose Ann", "Choose Bob", "Choose Sue"], "resellers look after nobody here");
        let reply = desk.presses(SUE, &reply.buttons[1][0].action).await;
        let shown = crate::desk::drafted(&reply).unwrap();
        desk.presses(SUE, &Action::Confirm(shown)).await;
        let manager = || async { change!(db.store, |tx| tx.client(ClientId(100), Scope::House).await?).unwrap().manager };
        assert_eq!(manager().await.as_deref(), Some("Sue"));
        let (_, reply) = desk.confirms(SUE, "manager set ada ANN").await;
        assert!(reply.card.text.starts_with("Done by Sue."));
        assert_eq!(told(db).await, 1, "the new manager hears of it");
        let why = Refusal::NoSuchStaff { typed: "Rex".to_owned() };
        assert_eq!(refusal(&desk, SUE, "manager set ada Rex").await, desk.sentence(&why));
        desk.confirms(SUE, "manager set ada none").await;
        assert_eq!(manager().await, None);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn nothing_but_activation_while_it_is_pending(db) {
        let desk = staffed(db).await;
        change!(db.store, |tx| tx.set_client_status(ClientId(100), Status::Pending).await?);
        let why = Refusal::Unchangeable { client: "ada".to_owned(), status: Status::Pending };
        for line in ["class set ada RESELLER", "reseller set ada max", "referral set ada tom", "manager set ada Ann"] {
            assert_eq!(refusal(&desk, SUE, line).await, desk.sentence(&why), "{line}");
        }
    }
}

on_both! {
    async fn at_most_so_many_move_at_once(db) {
        let desk = staffed(db).await;
        let most = bursar::services::accounts::tree::MOST_MOVE;
        let text = format!(
            "with recursive n (i) as (select 1 union all select i + 1 from n where i <= {most})
             insert into client (id, username, name, email, phone, class, status, reseller_id, line, created_at)
             select 10000 + i, 'u' || i, 'u' || i, '', '', 'USER', 'active', 300, '', 1 from n;
             insert into client_owner (owner_id, client_id) select 0, id from client where id > 10000;
             insert into client_owner (owner_id, client_id) select 300, id from client where id > 10000;"
        );
        change!(db.store, |tx| sql(tx, &text).await?);
        let why = desk.sentence(&Refusal::TooManyMove { most });
        assert_eq!(refusal(&desk, SUE, "reseller set max rex").await, why);
    }
}

async fn fields(desk: &Desk, who: Identity, line: &str) -> Vec<(String, String)> {
    desk.types(who, line).await.card.fields
}

fn has(fields: &[(String, String)], label: &str, text: &str) -> bool {
    fields
        .iter()
        .any(|(name, value)| name == label && value.contains(text))
}

on_both! {
    async fn a_new_client_is_active_and_found_where_it_belongs(db) {
        let desk = staffed(db).await;
        let line = "client new fullname:Nora Quist username:nora email:Ada@example.com reseller:sub price:0.07";
        let reply = desk.types(SUE, line).await;
        assert!(has(&reply.card.fields, "Same email or phone", "ada (ada)"), "{reply:?}");
        let (_, reply) = desk.confirms(SUE, line).await;
        assert!(reply.card.text.starts_with("Done by Sue."), "{reply:?}");
        let card = fields(&desk, REX, "client view nora").await;
        assert!(has(&card, "Status", "active") && has(&card, "Reseller", "sub") && has(&card, "Price of one credit", "0.07"), "{card:?}");
        let reply = desk.types(MAX, "client find nora").await;
        assert!(reply.card.fields.is_empty(), "another reseller does not see it");
        assert_eq!(desk.breaches().await, [""; 0]);
        let why = Refusal::UsernameTaken { username: "nora".to_owned() };
        assert_eq!(refusal(&desk, MAX, line).await, desk.sentence(&Refusal::NoSuchOther { option: "reseller", query: "sub".to_owned() }));
        assert_eq!(refusal(&desk, MAX, "client new fullname:N username:nora").await, desk.sentence(&why));
    }
}

on_both! {
    async fn a_reseller_makes_clients_in_his_own_tree(db) {
        let desk = staffed(db).await;
        // Whoever has the same address outside his tree is not his to know.
        let line = "client new fullname:Ida username:ida email:ada@example.com";
        let reply = desk.types(REX, line).await;
        assert!(!reply.card.fields.iter().any(|(label, _)| label == "Same email or phone"), "{reply:?}");
        desk.confirms(REX, line).await;
        assert_eq!(number(&db.store, "select reseller_id from client where username = 'ida'").await, 200);
        let why = desk.sentence(&Refusal::NotAllowed);
        assert_eq!(refusal(&desk, REX, "client new fullname:Ida username:ida2 class:RESELLER").await, why);
        let one = desk.drafts(SUE, "client new fullname:Eva username:eva").await;
        desk.confirms(ANN, "client new fullname:Eva username:eva").await;
        let reply = desk.presses(SUE, &Action::Confirm(one)).await;
        assert!(reply.card.text.starts_with("Not done: "), "the username was given meanwhile: {reply:?}");
        assert_eq!(number(&db.store, "select count(*) from client where username = 'eva'").await, 1);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn what_is_edited_is_found_under_its_new_name(db) {
        let desk = staffed(db).await;
        let reply = desk.types(REX, "client edit client:tom part:name value:Thomas Øre").await;
        assert!(has(&reply.card.fields, "Full name", "tom → Thomas Øre"), "{reply:?}");
        assert_eq!(reply.card.fields.len(), 2, "what stays is not shown: {reply:?}");
        let (shown, _) = desk.confirms(REX, "client edit client:tom part:name value:Thomas Øre").await;
        for who in [SUE, REX] {
            let found = fields(&desk, who, "client find ore").await;
            assert!(has(&found, "Thomas Øre", "tom"), "{found:?}");
        }
        assert!(fields(&desk, MAX, "client find ore").await.is_empty());
        assert_eq!(desk.breaches().await, [""; 0]);
        let reply = desk.presses(REX, &Action::Undo(shown.request)).await;
        let undo = crate::desk::drafted(&reply).unwrap_or_else(|| panic!("{reply:?}"));
        desk.presses(REX, &Action::Confirm(undo)).await;
        assert!(fields(&desk, SUE, "client find ore").await.is_empty());
        let why = Refusal::BadDetail { option: "email", typed: "nowhere".to_owned() };
        assert_eq!(refusal(&desk, SUE, "client edit tom email nowhere").await, desk.sentence(&why));
        desk.confirms(SUE, "client edit tom email none").await;
        desk.confirms(SUE, "client edit tom price 0.031").await;
        let card = fields(&desk, SUE, "client view tom").await;
        assert!(has(&card, "Email", "–") && has(&card, "Price of one credit", "0.031"), "{card:?}");
        let own = desk.sentence(&Refusal::OwnClient);
        assert_eq!(refusal(&desk, REX, "client edit rex name Rey").await, own);
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn notes_and_tags_are_read_by_the_side_that_wrote_them(db) {
        let desk = staffed(db).await;
        for text in ["one", "two", "three", "four"] {
            desk.confirms(SUE, &format!("client note client:tom text:{text}")).await;
        }
        desk.confirms(REX, "client note client:tom text:mine").await;
        desk.confirms(SUE, "client tag client:tom tag:Late payer").await;
        let staff = fields(&desk, ANN, "client view tom").await;
        let notes = &staff.iter().find(|(label, _)| label == "Notes").unwrap().1;
        let texts: Vec<_> = notes.lines().map(|line| line.rsplit(' ').next().unwrap()).collect();
        assert_eq!(texts, ["four", "three", "two"]);
        assert!(has(&staff, "Tags", "late payer"), "{staff:?}");
        let his = fields(&desk, REX, "client view tom").await;
        assert!(has(&his, "Notes", "mine") && !has(&his, "Notes", "four") && !has(&his, "Tags", ""), "{his:?}");
        desk.confirms(ANN, "client tag client:tom tag:late payer").await;
        assert!(!has(&fields(&desk, ANN, "client view tom").await, "Tags", ""));
        assert_eq!(told(db).await, 0, "what is noted about somebody is not for him");
        assert_eq!(desk.breaches().await, [""; 0]);
    }
}

on_both! {
    async fn a_card_offers_what_may_be_done_now(db) {
        let desk = staffed(db).await;
        let labels = async |who, client: &str| {
            let reply = desk.types(who, &format!("client view {client}")).await;
            assert!(reply.buttons.len() <= 5);
            let labels = reply.buttons.iter().flatten().map(|button| button.label.clone());
            labels.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(labels(SUE, "ada").await, "Add credit, Deduct, Take back, Statement, Create invoice, Invoices, Suspend, Close, Edit, Note, Tag, Class, Manager, Reseller, Referral, Refresh");
        assert_eq!(labels(REX, "tom").await, "Add credit, Deduct, Take back, Statement, Create invoice, Invoices, Suspend, Close, Edit, Note, Tag, Refresh");
        assert_eq!(labels(REX, "rex").await, "Ask for credit, Statement, Invoices, Note, Tag, Refresh");
        change!(db.store, |tx| tx.set_client_status(ClientId(100), Status::Pending).await?);
        assert_eq!(labels(SUE, "ada").await, "Activate, Statement, Invoices, Note, Tag, Refresh");
        change!(db.store, |tx| tx.set_client_status(ClientId(201), Status::Suspended).await?);
        assert_eq!(labels(REX, "tom").await, "Activate, Deduct, Take back, Statement, Create invoice, Invoices, Close, Edit, Note, Tag, Refresh");
    }
}

on_both! {
    async fn a_statement_shows_every_movement_with_the_balance_after_it(db) {
        let desk = staffed(db).await;
        for line in ["credit add rex 500", "credit deduct client:rex amount:50 reason:x"] {
            let (shown, _) = desk.confirms(SUE, line).await;
            desk.approves(ANN, &shown).await;
        }
        for _ in 0..10 {
            desk.confirms(REX, "credit add tom 20").await;
        }
        let lines = fields(&desk, REX, "client statement rex").await;
        assert_eq!(lines.len(), 10);
        assert_eq!(lines[0].1, "−20 credits, balance 250 credits");
        assert!(lines[0].0.contains("Added · tom"), "{lines:?}");
        let reply = desk.types(REX, "client statement rex").await;
        let next = &reply.buttons[0][0];
        assert_eq!(next.label, "Next page");
        let older = desk.presses(REX, &next.action).await.card.fields;
        let values: Vec<_> = older.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["−50 credits, balance 450 credits", "+500 credits, balance 500 credits"]);
        assert!(older[1].0.contains("Added · Desk · INV-000001"), "{older:?}");
        let his = fields(&desk, REX, "client statement tom").await;
        assert!(his[0].0.contains("Added · rex · "), "{his:?}");
        // After a move the new reseller does not learn whose he was.
        does(&desk, "reseller set tom max").await;
        let now = fields(&desk, MAX, "client statement tom").await;
        assert!(now[0].0.contains("Added · another reseller · "), "{now:?}");
        assert!(fields(&desk, SUE, "client statement client:rex to:2026-12-31").await.is_empty(), "nothing before the day");
        assert_eq!(fields(&desk, SUE, "client statement client:tom from:2027-01-15 to:20270115").await.len(), 10);
        let why = Refusal::BadDetail { option: "from", typed: "yesterday".to_owned() };
        assert_eq!(refusal(&desk, SUE, "client statement client:tom from:yesterday").await, desk.sentence(&why));
    }
}

on_both! {
    async fn lists_are_filtered_and_paged_within_the_scope(db) {
        let desk = staffed(db).await;
        let names = async |who, line: &str| {
            let found = fields(&desk, who, line).await;
            found.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(names(SUE, "client list users").await, ["ada", "tom", "zoe", "mia"]);
        assert_eq!(names(SUE, "client list resellers").await, ["rex", "sub", "max"]);
        assert_eq!(names(REX, "client list users").await, ["tom", "zoe"]);
        assert_eq!(names(SUE, "client list what:users reseller:rex").await, ["tom"]);
        assert_eq!(names(REX, "client list what:users reseller:sub").await, ["zoe"]);
        let (shown, _) = desk.confirms(SUE, "credit add ada 500").await;
        desk.approves(ANN, &shown).await;
        assert_eq!(names(SUE, "client list what:users only:unpaid").await, ["ada"]);
        assert_eq!(names(SUE, "client list what:users only:low-balance").await, ["tom", "zoe", "mia"]);
        desk.confirms(SUE, "manager set ada Ann").await;
        assert_eq!(names(SUE, "client list what:users manager:Ann").await, ["ada"]);
        desk.confirms(SUE, "client suspend client:mia reason:x").await;
        assert_eq!(names(SUE, "client list users suspended").await, ["mia"]);
        for id in 0..9 {
            let new = client(400 + id, &format!("u{id}"));
            change!(db.store, |tx| tx.insert_client(&new).await?);
        }
        let reply = desk.types(SUE, "client list users active").await;
        assert_eq!(reply.card.fields.len(), 8);
        let next = reply.buttons.last().unwrap()[0].action.clone();
        let rest = desk.presses(SUE, &next).await;
        assert_eq!(rest.card.fields.len(), 4, "{rest:?}");
    }
}

on_both! {
    async fn what_no_database_keeps_is_left_out(db) {
        let desk = staffed(db).await;
        let (_, reply) = desk.confirms(SUE, "client note client:ada text:nul\0nul").await;
        assert!(reply.card.text.starts_with("Done by Sue."), "{reply:?}");
        let card = fields(&desk, SUE, "client view a\0da").await;
        assert!(has(&card, "Notes", "nulnul"), "{card:?}");
    }
}
