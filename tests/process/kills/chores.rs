//! Two clerks, one in each messenger, who go through everything else that moves credit, settles an invoice or moves a
//! client, one thing after the other. Each keeps count of what must be there in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bursar::clock::Millis;
use bursar::domain::client::{Class, Status};
use bursar::domain::ids::{ClientId, PostingId, RequestId};
use bursar::domain::invoice::number;
use bursar::sandbox::telegram::Press;
use bursar::store::Store;
use bursar::store::clients::NewClient;

use super::affairs::{Town, credits, is_done};
use super::books::Sight;
use crate::meddle::pairs;
use crate::stage::{RAJESH, RITA, open};
use crate::support::Database;

/// What the clerks' clients have at the beginning: enough to take anything back.
const BROUGHT: i64 = 100_000;

/// Where a clerk works, and for which client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clerk {
    /// An admin in Discord.
    InDiscord,
    /// An admin in Telegram.
    InTelegram,
}

impl Clerk {
    /// Both.
    pub const ALL: [Self; 2] = [Self::InDiscord, Self::InTelegram];

    fn client(self) -> (ClientId, &'static str, &'static str) {
        match self {
            Self::InDiscord => (ClientId(1011), "dina", "Dina"),
            Self::InTelegram => (ClientId(1012), "timo", "Timo"),
        }
    }
}

/// Puts the clerks' clients into the database.
pub async fn clients(db: &Database) {
    let work = db.store.write(|tx| {
        Box::pin(async move {
            for clerk in Clerk::ALL {
                let (id, username, name) = clerk.client();
                let new = NewClient {
                    id,
                    username: username.to_owned(),
                    name: name.to_owned(),
                    email: format!("{username}@example.com"),
                    phone: String::new(),
                    class: Class::User,
                    status: Status::Active,
                    reseller: None,
                    manager: None,
                    referral: None,
                    price: None,
                    resale_price: None,
                    created_at: Millis(1_750_000_000_000),
                };
                tx.insert_client(&new).await?;
                open(tx, id, BROUGHT).await?;
            }
            Ok(())
        })
    });
    work.await.unwrap();
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Unpaid = 1,
    Paid = 2,
    Voided = 3,
}

/// What a clerk has done, and what must be there by it.
pub struct Work {
    clerk: Clerk,
    /// Every request that was confirmed.
    requests: Vec<String>,
    presses: Vec<Press>,
    balance: i64,
    /// How many postings of each kind.
    moves: BTreeMap<&'static str, i64>,
    notes: i64,
    /// Invoices of the house by number.
    invoices: BTreeMap<i64, Stands>,
    class: Class,
    reseller: Option<ClientId>,
}

/// A clerk at work.
struct Desk<'a> {
    town: &'a Town,
    store: Store,
    work: Work,
}

impl Town {
    /// Works until it is enough, but goes through everything at least once.
    pub async fn chores(
        self: Arc<Self>,
        clerk: Clerk,
        store: Store,
        enough: Arc<AtomicBool>,
    ) -> Work {
        let work = Work {
            clerk,
            requests: Vec::new(),
            presses: Vec::new(),
            balance: BROUGHT,
            moves: BTreeMap::new(),
            notes: 0,
            invoices: BTreeMap::new(),
            class: Class::User,
            reseller: None,
        };
        let mut desk = Desk {
            town: &self,
            store,
            work,
        };
        let mut round = 0;
        while round == 0 || !enough.load(Ordering::Relaxed) {
            desk.credit(round).await;
            desk.prepaid(round).await;
            desk.invoice(round).await;
            desk.tree(round).await;
            round += 1;
        }
        self.at.lock().unwrap().remove(clerk.client().1);
        desk.work
    }
}

impl Desk<'_> {
    /// Gives a command and confirms what it shows under this title; says the request.
    async fn has_done(
        &mut self,
        command: &str,
        options: &[(&str, &str)],
        title: &str,
    ) -> RequestId {
        let clerk = self.work.clerk;
        self.town.note_chore(clerk.client().1, title);
        let request = match clerk {
            Clerk::InDiscord => self.town.admins[0].has_done(command, options, title).await,
            Clerk::InTelegram => {
                let mut words = format!("/{}", command.replace(' ', "_"));
                for (name, value) in options {
                    words = format!("{words} {name}:{value}");
                }
                let done = self.town.admin.has_done(&words, title).await;
                self.work.presses.extend(done.presses);
                done.request
            }
        };
        self.work.requests.push(request.clone());
        request.parse().unwrap()
    }

    /// Another admin approves.
    async fn approved(&mut self, round: i64) {
        let request = self.work.requests.last().unwrap().clone();
        match self.work.clerk {
            Clerk::InDiscord if round % 2 == 0 => {
                let presses = self.town.admin.approve(&request).await;
                self.work.presses.extend(presses);
            }
            Clerk::InTelegram if round % 2 == 0 => self.town.admins[0].approve(&request).await,
            _ => self.town.admins[1].approve(&request).await,
        }
    }

    fn moved(&mut self, kind: &'static str, amount: i64) {
        *self.work.moves.entry(kind).or_default() += 1;
        self.work.balance += amount;
    }

    async fn posting_of(&self, request: RequestId) -> PostingId {
        let found = self
            .store
            .read(move |tx| Box::pin(async move { Ok(tx.posting_of(request).await?) }));
        found.await.unwrap().expect("a posting that was confirmed")
    }

    /// The number of the invoice that a request made, and its name.
    async fn invoice_of(&self, request: RequestId) -> (i64, String) {
        let found = self
            .store
            .read(move |tx| Box::pin(async move { Ok(tx.invoice_of(request).await?) }));
        let (prefix, of) = found.await.unwrap().expect("an invoice that was confirmed");
        (of, number(&prefix, of))
    }

    async fn takes_back(&mut self, request: RequestId, amount: i64) {
        let (_, username, name) = self.work.clerk.client();
        let posting = format!("#{}", self.posting_of(request).await);
        let typed = amount.to_string();
        let options = [
            ("client", username),
            ("posting", &posting),
            ("amount", &typed),
            ("reason", "a mistake"),
        ];
        let title = format!("Take back {} of {name}", credits(amount));
        self.has_done("credit reverse", &options, &title).await;
        self.moved("reversal", -amount);
    }

    /// Credit is added, some is deducted, and what was added is taken back: all of it, or a part.
    async fn credit(&mut self, round: i64) {
        let (_, username, name) = self.work.clerk.client();
        let (added, deducted) = (100 + round % 100, 10 + round % 40);
        let amount = added.to_string();
        let options = [("client", username), ("amount", &amount)];
        let title = format!("Add {} to {name}", credits(added));
        let add = self.has_done("credit add", &options, &title).await;
        self.moved("add", added);
        let (number, _) = self.invoice_of(add).await;

        let amount = deducted.to_string();
        let options = [
            ("client", username),
            ("amount", &amount),
            ("reason", "used elsewhere"),
        ];
        let title = format!("Deduct {} from {name}", credits(deducted));
        self.has_done("credit deduct", &options, &title).await;
        self.moved("deduct", -deducted);

        if round % 2 == 0 {
            self.takes_back(add, added).await;
            self.work.invoices.insert(number, Stands::Voided);
        } else {
            self.takes_back(add, 10).await;
            self.work.invoices.insert(number, Stands::Unpaid);
            self.work.notes += 1;
        }
    }

    /// Prepaid credit lands with its payment, is taken back, and then the payment is.
    async fn prepaid(&mut self, round: i64) {
        let (_, username, name) = self.work.clerk.client();
        let awaited = 50 + round % 50;
        let amount = awaited.to_string();
        let options = [
            ("client", username),
            ("amount", amount.as_str()),
            ("mode", "prepaid"),
        ];
        let title = format!("Add {} to {name}", credits(awaited));
        let add = self.has_done("credit add", &options, &title).await;
        let (number, invoice) = self.invoice_of(add).await;
        let payment = self.pays(&invoice, "prepaid").await;
        self.moved("add", awaited);
        self.takes_back(payment, awaited).await;
        self.work.notes += 1;
        self.unpays(&invoice).await;
        self.work.invoices.insert(number, Stands::Unpaid);
    }

    /// An invoice is issued, paid, not paid after all, and voided every other time.
    async fn invoice(&mut self, round: i64) {
        let (_, username, name) = self.work.clerk.client();
        let lines = format!("Setup; 1; {}", round + 1);
        let options = [("client", username), ("lines", lines.as_str())];
        let title = format!("Invoice over {}.00 EUR to {name}", round + 1);
        let made = self.has_done("invoice create", &options, &title).await;
        let (number, invoice) = self.invoice_of(made).await;
        self.pays(&invoice, "first").await;
        self.unpays(&invoice).await;
        if round % 2 == 0 {
            let title = format!("Void {invoice}");
            let options = [("invoice", invoice.as_str())];
            self.has_done("invoice void", &options, &title).await;
            self.work.invoices.insert(number, Stands::Voided);
        } else {
            self.pays(&invoice, "second").await;
            self.work.invoices.insert(number, Stands::Paid);
        }
    }

    async fn pays(&mut self, invoice: &str, which: &str) -> RequestId {
        let reference = format!("{which}-{invoice}");
        let options = [("invoice", invoice), ("reference", &reference)];
        let title = format!("{invoice} is paid");
        self.has_done("invoice paid", &options, &title).await
    }

    async fn unpays(&mut self, invoice: &str) {
        let title = format!("{invoice} is not paid after all");
        self.has_done("invoice unpay", &[("invoice", invoice)], &title)
            .await;
    }

    /// The client becomes a reseller, or is none any more, and goes to the next owner: with another admin's approval.
    async fn tree(&mut self, round: i64) {
        let (_, username, name) = self.work.clerk.client();
        let class = match self.work.class {
            Class::User => Class::Reseller,
            _ => Class::User,
        };
        let options = [("client", username), ("class", class.name())];
        let title = format!("Make {name} a {}", class.name());
        self.has_done("class set", &options, &title).await;
        self.approved(round).await;
        self.work.class = class;

        let (typed, owner, after) = match round % 3 {
            0 => ("rita", "Rita Messaging", Some(RITA)),
            1 => ("rajesh", "Rajesh Bulk", Some(RAJESH)),
            _ => ("none", "the house", None),
        };
        let options = [("client", username), ("reseller", typed)];
        let title = format!("Move {name} to {owner}");
        self.has_done("reseller set", &options, &title).await;
        self.approved(round + 1).await;
        self.work.reseller = after;
    }
}

impl Work {
    /// The requests that are settled.
    pub fn settled(&self) -> impl Iterator<Item = &str> {
        self.requests.iter().map(String::as_str)
    }

    /// Holds what is there against what was done.
    pub async fn check(&self, db: &Database, sights: &[Sight]) {
        let (ClientId(client), _, name) = self.clerk.client();
        for request in &self.requests {
            let mut seen = sights
                .iter()
                .filter(|sight| sight.shows(request))
                .peekable();
            assert!(seen.peek().is_some(), "nobody sees #{request} of {name}");
            for sight in seen {
                let fresh = is_done(sight.text()) && sight.is_bare();
                assert!(fresh, "a card that does not show how it ended: {sight:?}");
            }
        }
        for press in &self.presses {
            assert!(press.answered().is_some(), "never answered: {}", press.id());
        }
        let of = |rows: Vec<(i64, i64)>| {
            let found = rows.into_iter().find(|(id, _)| *id == client);
            found.map_or(0, |(_, count)| count)
        };
        let applied =
            "select client_id, count(*) from request where state = 'applied' group by client_id";
        let applied = of(pairs(db, applied).await);
        let distinct: BTreeSet<_> = self.requests.iter().collect();
        assert_eq!(distinct.len(), self.requests.len());
        assert_eq!(applied, i64::try_from(distinct.len()).unwrap(), "{name}");
        let balance = "select client_id, balance from account where client_id is not null";
        assert_eq!(of(pairs(db, balance).await), self.balance, "{name}");
        for (kind, sql) in [
            (
                "add",
                "select client_id, count(*) from posting where kind = 'add' group by client_id",
            ),
            (
                "deduct",
                "select client_id, count(*) from posting where kind = 'deduct' group by client_id",
            ),
            (
                "reversal",
                "select client_id, count(*) from posting where kind = 'reversal' group by client_id",
            ),
        ] {
            let count = of(pairs(db, sql).await);
            assert_eq!(count, self.moves[kind], "{kind} of {name}");
        }
        let invoices = "select client_id, count(*) from invoice group by client_id";
        let count = i64::try_from(self.invoices.len()).unwrap();
        assert_eq!(of(pairs(db, invoices).await), count, "invoices of {name}");
        let standing = "select number, cast(case status when 'unpaid' then 1 when 'paid' then 2 else 3 end as bigint)
            from invoice where issuer_id = 0";
        let standing: BTreeMap<i64, i64> = pairs(db, standing).await.into_iter().collect();
        for (number, stands) in &self.invoices {
            assert_eq!(
                standing[number], *stands as i64,
                "invoice {number} of {name}"
            );
        }
        let notes =
            "select i.client_id, count(*) from credit_note n join invoice i on i.id = n.invoice_id
            group by i.client_id";
        assert_eq!(of(pairs(db, notes).await), self.notes, "notes of {name}");
        let owner = "select id, coalesce(reseller_id, 0) from client";
        let reseller = self.reseller.map_or(0, |reseller| reseller.0);
        assert_eq!(of(pairs(db, owner).await), reseller, "whose {name} is");
        let class = "select id, cast(case class when 'USER' then 1 when 'RESELLER' then 2 else 3 end as bigint)
            from client";
        let expected = if self.class == Class::User { 1 } else { 2 };
        assert_eq!(of(pairs(db, class).await), expected, "the class of {name}");
    }
}
