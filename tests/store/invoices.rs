//! Invoices: numbers without a gap, whoever issues at the same time and whatever is rolled back in between.

use bursar::domain::credits::Credits;
use bursar::domain::ids::{ClientId, InvoiceId, PostingId, RequestId};
use bursar::domain::invoice::{InvoiceStatus, Mode, Totals};
use bursar::domain::money::{Money, UnitPrice};
use bursar::domain::refusal::Refusal;
use bursar::fault::FaultKind;
use bursar::store::Stop;
use bursar::store::clients::Scope;
use bursar::store::invoices::NewInvoice;

use crate::sample::{NOW, client, fault, fund, number, reseller, together, under};
use crate::support::Database;
use crate::{change, look, on_both};

fn invoice(id: i64, client: i64) -> NewInvoice {
    NewInvoice {
        id: InvoiceId(id),
        issuer: None,
        client: ClientId(client),
        status: InvoiceStatus::Unpaid,
        mode: Mode::OnAccount,
        credits: Credits(100),
        lines: Vec::new(),
        totals: Totals {
            price: UnitPrice(50_000),
            net: Money(500),
            tax: Money(100),
            total: Money(600),
        },
        currency: "EUR".to_owned(),
        note: String::new(),
        request: RequestId(id),
        posting: None,
        at: NOW,
        due: None,
        remind: None,
    }
}

fn issued_by(issuer: i64, new: NewInvoice) -> NewInvoice {
    NewInvoice {
        issuer: Some(ClientId(issuer)),
        ..new
    }
}

async fn clients(db: &Database) {
    change!(db.store, |tx| {
        tx.insert_client(&reseller(100, "acme", "Acme", None))
            .await?;
        tx.insert_client(&under(100, client(101, "ada", "Ada")))
            .await?;
        tx.insert_client(&reseller(200, "bolt", "Bolt", None))
            .await?;
    })
    .unwrap();
}

on_both! {
    async fn each_issuer_counts_for_himself(db) {
        clients(db).await;
        let names = change!(db.store, |tx| {
            let mut names = Vec::new();
            for new in [
                invoice(1, 100),
                issued_by(100, invoice(2, 101)),
                invoice(3, 100),
                issued_by(200, invoice(4, 200)),
                issued_by(100, invoice(5, 101)),
            ] {
                let (prefix, number) = tx.issue_invoice(&new).await?;
                names.push(bursar::domain::invoice::number(&prefix, number));
            }
            names
        }).unwrap();
        assert_eq!(names, ["INV-000001", "acme-INV-000001", "INV-000002", "bolt-INV-000001", "acme-INV-000002"]);
        let of = |request| async move { look!(db.store, |tx| tx.invoice_of(RequestId(request)).await?) };
        assert_eq!(of(5).await, Some(("acme-INV".to_owned(), 2)));
        assert_eq!(of(9).await, None);
        let found = |request| async move { look!(db.store, |tx| tx.invoice_by_request(RequestId(request)).await?) };
        let whole = found(5).await.map(|invoice| (invoice.name(), invoice.client_id));
        assert_eq!(whole, Some(("acme-INV-000002".to_owned(), ClientId(101))));
        assert_eq!(found(9).await, None);
    }
}

on_both! {
    async fn unpaid_invoices_add_up_on_the_card(db) {
        clients(db).await;
        change!(db.store, |tx| {
            fund(tx, 1, 101, 100).await?;
            tx.issue_invoice(&NewInvoice { posting: Some(PostingId(1)), ..invoice(1, 101) }).await?;
            tx.issue_invoice(&invoice(2, 101)).await?;
            tx.issue_invoice(&NewInvoice { status: InvoiceStatus::Paid, ..invoice(3, 101) }).await?;
            tx.issue_invoice(&invoice(4, 100)).await?;
        }).unwrap();
        let unpaid = look!(db.store, |tx| tx.client(ClientId(101), Scope::House).await?).unwrap().unpaid;
        assert_eq!(unpaid, Money(1_200));
    }
}

on_both! {
    async fn one_request_and_one_posting_have_one_invoice(db) {
        clients(db).await;
        change!(db.store, |tx| {
            fund(tx, 1, 101, 100).await?;
            tx.issue_invoice(&NewInvoice { posting: Some(PostingId(1)), ..invoice(1, 101) }).await?;
        }).unwrap();
        for twin in [
            NewInvoice { request: RequestId(1), ..invoice(2, 101) },
            NewInvoice { posting: Some(PostingId(1)), ..invoice(2, 101) },
            NewInvoice { posting: Some(PostingId(99)), ..invoice(2, 101) },
            NewInvoice { client: ClientId(999), ..invoice(2, 101) },
            issued_by(999, invoice(2, 101)),
        ] {
            let wrong = change!(db.store, |tx| tx.issue_invoice(&twin).await?);
            let kind = fault(wrong).kind();
            assert!(matches!(kind, FaultKind::Database | FaultKind::Internal));
        }
        let (_, next) = change!(db.store, |tx| tx.issue_invoice(&invoice(2, 101)).await?).unwrap();
        assert_eq!(next, 2, "what failed took no number");
    }
}

on_both! {
    async fn sixteen_who_issue_at_once_leave_no_gap(db) {
        clients(db).await;
        let store = db.store.clone();
        let results = together((0..16).map(move |hand| {
            let store = store.clone();
            async move {
                let mut numbers = Vec::new();
                for turn in 0..6 {
                    let id = 1_000 + hand * 10 + turn;
                    // Every third is given up after the number was taken; half go to a series that did not exist.
                    let give_up = (hand + turn) % 3 == 0;
                    let issuer = (turn % 2 == 1).then_some(ClientId(100));
                    let new = NewInvoice { issuer, ..invoice(id, 101) };
                    let done = store.write(move |tx| Box::pin(async move {
                        let (_, number) = tx.issue_invoice(&new).await?;
                        if give_up {
                            return Err(Stop::from(Refusal::NotAllowed));
                        }
                        Ok((issuer.is_some(), number))
                    })).await;
                    match done {
                        Ok(number) => numbers.push(number),
                        Err(Stop::Refusal(_)) => assert!(give_up),
                        Err(Stop::Fault(fault)) => panic!("{}", fault.cause()),
                    }
                }
                numbers
            }
        })).await;
        for (own, sql) in [
            (false, "select next from series where issuer_id = 0"), (true, "select next from series where issuer_id = 100"),
        ] {
            let mut numbers: Vec<i64> = results.iter().flatten().filter(|(by, _)| *by == own).map(|(_, n)| *n).collect();
            numbers.sort_unstable();
            assert!(numbers.len() >= 30);
            let expected: Vec<i64> = (1..).take(numbers.len()).collect();
            assert_eq!(numbers, expected);
            assert_eq!(look!(db.store, |tx| number(tx, sql).await?), expected.last().map(|last| last + 1));
        }
    }
}
