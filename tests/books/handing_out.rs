//! Export in chat: what lies within the scope of whoever asks, in one piece, or why not.

use bursar::chat::{Identity, Reply};
use bursar::domain::refusal::Refusal;
use bursar::domain::role::Role;
use bursar::services::export::MOST_WHOLE;

use crate::desk::{Desk, sql};
use crate::matrix::{self, refused};
use crate::{change, on_both};

/// The person in that role, on Telegram.
fn who(role: Role) -> Identity {
    matrix::accounts(Some(role)).0
}

/// The file of a reply: its name and its lines.
fn file(reply: &Reply) -> (String, Vec<String>) {
    let file = reply
        .card
        .file
        .as_ref()
        .unwrap_or_else(|| panic!("no file: {reply:?}"));
    assert!(file.fits() && file.media() == "text/csv");
    let text = String::from_utf8(file.bytes().to_vec()).unwrap();
    (
        file.name().to_owned(),
        text.lines().map(str::to_owned).collect(),
    )
}

/// One column of it, without the header.
fn column(reply: &Reply, name: &str) -> Vec<String> {
    let (_, lines) = file(reply);
    let at = lines[0]
        .split(',')
        .position(|column| column == name)
        .unwrap();
    let cells = lines[1..]
        .iter()
        .map(|line| line.split(',').nth(at).unwrap().to_owned());
    cells.collect()
}

async fn asks(desk: &Desk, role: Role, line: &str) -> Reply {
    desk.types(who(role), line).await
}

on_both! {
    async fn everybody_gets_his_own_clients(db) {
        let desk = matrix::desk(db).await;
        let all = asks(&desk, Role::Auditor, "export clients").await;
        assert_eq!(file(&all).0, "clients-2027-01-15.csv");
        assert_eq!(all.card.text, "7 rows, under a header.");
        assert_eq!(column(&all, "username"), ["ada", "rex", "tom", "sub", "zoe", "max", "mia"]);
        let own = asks(&desk, Role::Reseller, "export clients").await;
        assert_eq!(column(&own, "username"), ["rex", "tom", "sub", "zoe"]);
    }
}

on_both! {
    async fn a_statement_and_invoices_are_of_a_client_within_the_scope(db) {
        let desk = matrix::desk(db).await;
        desk.confirms(who(Role::Reseller), "credit add tom 30").await;
        let own = asks(&desk, Role::Reseller, "export statement").await;
        assert_eq!(column(&own, "balance"), ["10000", "9970"], "his own account");
        let tom = asks(&desk, Role::Support, "export statement tom").await;
        assert_eq!((column(&tom, "kind"), column(&tom, "amount")), (vec!["add".to_owned()], vec!["30".to_owned()]));
        let missing = asks(&desk, Role::Support, "export statement").await;
        let sentence = desk.sentence(&Refusal::Missing { option: "client".to_owned() });
        assert_eq!(refused(&missing), Some(&*sentence));
        let ada = asks(&desk, Role::Reseller, "export statement ada").await;
        let sentence = desk.sentence(&Refusal::ClientNotFound { query: "ada".to_owned() });
        assert_eq!(refused(&ada), Some(&*sentence));
        for (line, expected) in [("export invoices", vec!["tom"]), ("export invoices tom", vec!["tom"]), ("export invoices zoe", vec![])] {
            let invoices = asks(&desk, Role::Reseller, line).await;
            assert_eq!(column(&invoices, "username"), expected, "{line}");
        }
        let nothing = asks(&desk, Role::Reseller, "export invoices zoe").await;
        assert_eq!(nothing.card.text, "There is nothing in it but the header.");
        let leftover = asks(&desk, Role::Support, "export clients tom").await;
        let sentence = desk.sentence(&Refusal::Leftover { typed: "tom".to_owned() });
        assert_eq!(refused(&leftover), Some(&*sentence));
    }
}

on_both! {
    async fn more_than_a_messenger_takes_is_refused_with_the_way_out(db) {
        let desk = matrix::desk(db).await;
        let log = asks(&desk, Role::Finance, "export audit").await;
        assert!(column(&log, "action").contains(&"person.linked".to_owned()), "{log:?}");
        let long = "x".repeat(MOST_WHOLE / 2);
        for id in [1, 2] {
            let text = format!("insert into audit_log (id, created_at, actor, event_id, action, subject, detail)
                values ({id}, 0, 'host', '', 'a', 's', '{long}')");
            change!(desk.house.store, |tx| sql(tx, &text).await?);
        }
        let log = asks(&desk, Role::Finance, "export audit").await;
        let sentence = desk.sentence(&Refusal::ExportTooLarge { most: MOST_WHOLE });
        assert_eq!(refused(&log), Some(&*sentence));
        assert_eq!(log.card.file, None);
    }
}
