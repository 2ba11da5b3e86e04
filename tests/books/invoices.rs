//! Invoices: what a payment releases and what it may not do twice, what is voided and credited, and how they are numbered.

use std::time::Duration;

use bursar::chat::{Action, Ask, Identity, Values};
use bursar::domain::ids::to_base32;
use bursar::domain::invoice::InvoiceStatus;
use bursar::domain::money::Money;
use bursar::domain::refusal::Refusal;
use bursar::domain::role::Role;

use crate::desk::{Desk, drafted, number, text_in};
use crate::matrix::{accounts, desk, refused};
use crate::support::Database;
use crate::{change, on_both};

const NOTHING: [&str; 0] = [];

fn in_role(role: Role) -> Identity {
    accounts(Some(role)).0
}

async fn balance(db: &Database, client: i64) -> i64 {
    let sql = format!("select balance from account where client_id = {client}");
    number(&db.store, &sql).await
}

async fn status(db: &Database, name: &'static str) -> String {
    let (_, digits) = name.rsplit_once('-').unwrap();
    let digits: i64 = digits.parse().unwrap();
    let house = if name.starts_with("INV") { "=" } else { "<>" };
    let sql = format!("select status from invoice where number = {digits} and issuer_id {house} 0");
    change!(db.store, |tx| text_in(tx, &sql).await?)
}

/// What a typed line does at once.
async fn does(desk: &Desk, role: Role, line: &str) {
    let (_, reply) = desk.confirms(in_role(role), line).await;
    assert!(reply.card.text.starts_with("Done by"), "{line}: {reply:?}");
}

/// Why a typed line is refused.
async fn not(desk: &Desk, role: Role, line: &str, why: Refusal) {
    let reply = desk.types(in_role(role), line).await;
    assert_eq!(refused(&reply), Some(&*desk.sentence(&why)), "{line}");
}

/// Prepaid credit for ada, and its unpaid invoice.
async fn prepaid(desk: &Desk, amount: i64) {
    let line = format!("credit add ada {amount} prepaid");
    let (shown, _) = desk.confirms(in_role(Role::Support), &line).await;
    desk.approves(in_role(Role::Finance), &shown).await;
}

fn paid(number: &str) -> Refusal {
    Refusal::InvoiceStands {
        number: number.to_owned(),
        status: InvoiceStatus::Paid,
    }
}

on_both! {
    async fn prepaid_credit_lands_once_with_its_payment(db) {
        let desk = desk(db).await;
        prepaid(&desk, 300).await;
        assert_eq!(balance(db, 100).await, 0);
        does(&desk, Role::Finance, "invoice paid INV-000001 TX 17").await;
        assert_eq!((balance(db, 100).await, status(db, "INV-000001").await), (300, "paid".to_owned()));
        not(&desk, Role::Finance, "invoice paid INV-000001 TX 18", paid("INV-000001")).await;
        let landed = Refusal::CreditLanded { number: "INV-000001".to_owned() };
        not(&desk, Role::Finance, "invoice unpay INV-000001", landed).await;
        assert_eq!(desk.breaches().await, NOTHING);
        // Taken back in full, the payment can be taken back as well; a credit note covers the invoice then.
        let posting = to_base32(number(&db.store, "select id from posting where kind = 'add'").await);
        let line = format!("credit reverse client:ada posting:{posting} reason:never paid");
        let (shown, _) = desk.confirms(in_role(Role::Finance), &line).await;
        desk.approves(in_role(Role::Admin), &shown).await;
        assert_eq!(balance(db, 100).await, 0);
        does(&desk, Role::Finance, "invoice unpay INV-000001").await;
        assert_eq!(desk.breaches().await, NOTHING);
        let covered = Refusal::InvoiceCovered { number: "INV-000001".to_owned() };
        not(&desk, Role::Finance, "invoice paid INV-000001 TX 19", covered).await;
    }
}

on_both! {
    async fn a_resellers_prepaid_credit_comes_from_his_balance(db) {
        let desk = desk(db).await;
        for _ in 0..2 {
            does(&desk, Role::Reseller, "credit add tom 6000 prepaid").await;
        }
        does(&desk, Role::Admin, "invoice paid rex-INV-000001 R1").await;
        assert_eq!((balance(db, 201).await, balance(db, 200).await), (6_000, 4_000));
        let short = Refusal::BalanceTooLow {
            client: "rex".to_owned(),
            available: bursar::domain::credits::Credits(4_000),
            amount: 6_000.try_into().unwrap(),
        };
        not(&desk, Role::Admin, "invoice paid rex-INV-000002 R2", short).await;
        assert_eq!(desk.breaches().await, NOTHING);
    }
}

on_both! {
    async fn a_payment_is_recorded_once_and_taken_back(db) {
        let desk = desk(db).await;
        for _ in 0..2 {
            does(&desk, Role::Support, "invoice create client:ada lines:Setup; 1; 50 | Numbers; 2; 9.90").await;
        }
        assert_eq!(number(&db.store, "select cast(sum(total) as bigint) from invoice").await, 2 * 8_376);
        assert_eq!(number(&db.store, "select count(*) from invoice_line").await, 4);
        let (shown, _) = desk.confirms(in_role(Role::Finance), "invoice paid inv-1 TX 17 a").await;
        let used = Refusal::ReferenceUsed { reference: "tx17A".to_owned(), number: "INV-000001".to_owned() };
        not(&desk, Role::Admin, "invoice paid INV-000002 tx17A", used).await;
        assert_eq!(desk.breaches().await, NOTHING);
        let undone = drafted(&desk.presses(in_role(Role::Finance), &Action::Undo(shown.request)).await).unwrap();
        desk.presses(in_role(Role::Finance), &Action::Confirm(undone)).await;
        assert_eq!(status(db, "INV-000001").await, "unpaid");
        does(&desk, Role::Admin, "invoice paid INV-000002 tx17A").await;
        does(&desk, Role::Admin, "invoice unpay INV-000002").await;
        assert_eq!(desk.breaches().await, NOTHING);
    }
}

on_both! {
    async fn what_is_voided_keeps_its_number(db) {
        let desk = desk(db).await;
        prepaid(&desk, 100).await;
        does(&desk, Role::Support, "invoice create client:ada lines:Setup; 1; 50").await;
        let (shown, _) = desk.confirms(in_role(Role::Support), "credit add ada 40").await;
        desk.approves(in_role(Role::Finance), &shown).await;
        does(&desk, Role::Finance, "invoice void INV-000001").await;
        does(&desk, Role::Finance, "invoice void INV-000002").await;
        let by_reverse = Refusal::VoidByReverse { number: "INV-000003".to_owned() };
        not(&desk, Role::Finance, "invoice void INV-000003", by_reverse).await;
        let voided = Refusal::InvoiceStands { number: "INV-000002".to_owned(), status: InvoiceStatus::Voided };
        not(&desk, Role::Finance, "invoice paid INV-000002 TX", voided).await;
        does(&desk, Role::Reseller, "invoice create client:tom lines:Setup; 1; 50").await;
        does(&desk, Role::Support, "invoice create client:tom lines:Setup; 1; 50").await;
        let names = "select s.prefix || ' ' || max(i.number) from invoice i join series s on s.issuer_id = i.issuer_id
            where i.issuer_id <> 0 group by s.prefix";
        assert_eq!(change!(db.store, |tx| text_in(tx, names).await?), "rex-INV 1");
        assert_eq!(number(&db.store, "select max(number) from invoice where issuer_id = 0").await, 4);
        assert_eq!(desk.breaches().await, NOTHING);
        // Whose client he is does not matter to the staff; others' invoices are none to a reseller.
        let hidden = Refusal::InvoiceNotFound { typed: "INV-000003".to_owned() };
        not(&desk, Role::Reseller, "invoice view INV-000003", hidden).await;
        assert_eq!(desk.types(in_role(Role::Reseller), "invoice list").await.card.fields.len(), 2);
        assert_eq!(desk.types(in_role(Role::Auditor), "invoice list status:voided").await.card.fields.len(), 2);
    }
}

on_both! {
    async fn credit_notes_take_off_what_is_left_and_no_more(db) {
        let desk = desk(db).await;
        does(&desk, Role::Support, "invoice create client:ada lines:Setup; 1; 50").await;
        does(&desk, Role::Finance, "invoice credit INV-000001 10.01 a discount").await;
        let credited = Refusal::InvoiceCredited { number: "INV-000001".to_owned() };
        not(&desk, Role::Finance, "invoice void INV-000001", credited).await;
        let too_much = Refusal::MoreThanLeft { number: "INV-000001".to_owned(), left: Money(4_999) };
        not(&desk, Role::Finance, "invoice credit INV-000001 50 more", too_much).await;
        does(&desk, Role::Finance, "invoice credit INV-000001 49.99 the rest").await;
        assert_eq!(number(&db.store, "select cast(sum(tax) as bigint) from credit_note").await, 1_000);
        assert_eq!(number(&db.store, "select max(number) from credit_note").await, 2);
        let covered = Refusal::InvoiceCovered { number: "INV-000001".to_owned() };
        not(&desk, Role::Finance, "invoice paid INV-000001 TX", covered).await;
        assert_eq!(desk.breaches().await, NOTHING);
    }
}

on_both! {
    async fn a_client_has_a_tax_rate_of_its_own(db) {
        let desk = desk(db).await;
        does(&desk, Role::Finance, "invoice tax client:ada rate:5.5").await;
        does(&desk, Role::Support, "invoice create client:ada lines:Setup; 1; 100").await;
        assert_eq!(number(&db.store, "select tax from invoice").await, 550);
        does(&desk, Role::Finance, "invoice tax client:ada rate:business").await;
        not(&desk, Role::Finance, "invoice tax client:ada rate:business", Refusal::NothingChanges).await;
        not(&desk, Role::Support, "invoice tax client:ada rate:1", Refusal::NotAllowed).await;
        assert_eq!(desk.breaches().await, NOTHING);
    }
}

on_both! {
    async fn a_line_is_added_to_what_is_drafted(db) {
        let desk = desk(db).await;
        let sue = in_role(Role::Support);
        let first = desk.drafts(sue, "invoice create client:ada lines:Setup; 1; 50").await;
        let line = |draft: &str| Ask::Command {
            name: "invoice line".to_owned(),
            values: Values::from([("draft", draft), ("text", "Numbers"), ("quantity", "2"), ("each", "9.90")]),
        };
        let id = first.request.to_string();
        let other = desk.asks(in_role(Role::Admin), line(&id)).await;
        assert_eq!(refused(&other), Some(&*desk.sentence(&Refusal::NotYours)));
        let reply = desk.asks(sue, line(&id)).await;
        let total = reply.card.fields.iter().find(|(label, _)| label == "Total").unwrap();
        assert_eq!(total.1, "83.76 EUR");
        let second = drafted(&reply).unwrap();
        let gone = desk.presses(sue, &Action::Confirm(first)).await;
        assert!(!gone.card.text.starts_with("Done"), "{gone:?}");
        desk.presses(sue, &Action::Confirm(second)).await;
        assert_eq!(number(&db.store, "select count(*) from invoice_line").await, 2);
        assert_eq!(desk.breaches().await, NOTHING);
    }
}

on_both! {
    async fn clients_are_reminded_once_a_day_that_the_business_has_for_it(db) {
        let desk = desk(db).await;
        does(&desk, Role::Support, "invoice create client:rex lines:Setup; 1; 50").await;
        let notices = "select count(*) from outbox where key like 'unpaid:%'";
        let check = async |days: u64, expected: i64| {
            desk.house.clock.advance(Duration::from_hours(24 * days));
            for _ in 0..2 {
                desk.house.remind_of_invoices().await.unwrap();
            }
            assert_eq!(number(&db.store, notices).await, expected);
        };
        check(6, 0).await;
        check(1, 1).await;
        // It slept over a reminder: the next one stands for both.
        check(30, 2).await;
        check(30, 2).await;
        let overdue = desk.types(in_role(Role::Finance), "invoice list status:overdue").await;
        assert_eq!(overdue.card.fields.len(), 1);
        assert_eq!(desk.breaches().await, NOTHING);
    }
}
