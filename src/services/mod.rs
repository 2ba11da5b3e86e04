//! The rules of the business. Each change is one transaction: state, ledger, audit row, outbox rows and the event's
//! result commit together. A service takes [`access::Authorised`] or the [`access::Actor`] that it authorises itself.

pub mod access;
pub mod accounts;
pub mod approvals;
pub mod clients;
pub mod credits;
pub mod export;
pub mod import;
pub mod intents;
pub mod invoices;
pub mod mails;
pub mod messages;
pub mod notices;
pub mod people;
pub mod reports;
pub mod sealing;
pub mod trail;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::chat::Event;
use crate::clock::{Clock, Ids, Millis, Random};
use crate::domain::credits::CreditUnit;
use crate::domain::ids::PersonId;
use crate::domain::money::{Currency, TaxRate, UnitPrice};
use crate::domain::posting::Entry;
use crate::domain::request::Limits;
use crate::domain::trail::Term;
use crate::fault::Fault;
use crate::store::billing::Payment;
use crate::store::invoices::{NewInvoice, NewNote};
use crate::store::ledger::{NewPosting, Posted};
use crate::store::requests::AuditRow;
use crate::store::{Stop, Store, Tx};

/// What the configuration says about the business.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The business's name.
    pub name: String,
    /// The unit of credits.
    pub unit: CreditUnit,
    /// The currency of invoices.
    pub currency: Currency,
    /// The price of a credit where neither client nor reseller has one.
    pub price: UnitPrice,
    /// The tax on invoices.
    pub tax: TaxRate,
    /// In how many days an invoice is due.
    pub due_days: u16,
    /// Days after issue on which an unpaid invoice is brought to mind; rising.
    pub reminder_days: Vec<u32>,
    /// `[approvals]`.
    pub limits: Limits,
    /// How long a draft and what staff ask may wait.
    pub expires: Duration,
    /// How long what a reseller asks may wait.
    pub request_expires: Duration,
    /// For how long what was done can be undone at a press; clients hear of it only then.
    pub undo: Duration,
    /// `[roles]`.
    pub roles: access::RoleMap,
    /// Where requests are shown on Discord.
    pub approvals_channel: Option<i64>,
    /// Where the staff is told things.
    pub staff_channel: Option<i64>,
    /// Whether clients are written to by email: there is a way for it.
    pub mails: bool,
    /// Language of people whose messenger names none that we have.
    pub language: String,
}

/// What services work with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct House {
    /// The database.
    pub store: Store,
    /// Time.
    pub clock: Clock,
    /// Identifiers.
    pub ids: Ids,
    /// Secrets.
    pub random: Random,
    /// The configuration's rules.
    pub rules: Arc<Rules>,
    /// The bot's username on Telegram, once it is known: for deep links.
    pub telegram_name: Arc<OnceLock<String>>,
}

impl House {
    /// Adds a line to the audit log, in the transaction of what it tells.
    pub async fn audit(
        &self,
        tx: &mut Tx,
        who: (Option<PersonId>, String),
        event: &str,
        (action, subject): (&str, String),
        detail: serde_json::Value,
    ) -> Result<(), Fault> {
        self.audit_about(tx, who, event, (action, subject), (detail, BTreeSet::new()))
            .await
    }

    /// The same, with what else it is found by.
    pub(crate) async fn audit_about(
        &self,
        tx: &mut Tx,
        who: (Option<PersonId>, String),
        event: &str,
        (action, subject): (&str, String),
        (detail, about): (serde_json::Value, BTreeSet<Term>),
    ) -> Result<(), Fault> {
        let (person, actor) = who;
        let row = AuditRow {
            id: self.ids.next(),
            at: self.now(),
            person,
            actor,
            event,
            action,
            subject,
            detail,
            about,
        };
        tx.audit(&row).await
    }

    /// Now.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }
}

/// What is done last in a transaction, because others wait for it from then to the commit: whoever posts from the same
/// account of the house, and everybody who issues in the same series.
#[derive(Debug, Clone, Default)]
pub(crate) struct Last {
    /// Credits move.
    pub posting: Option<(NewPosting, Vec<Entry>)>,
    /// An invoice is issued.
    pub invoice: Option<NewInvoice>,
    /// A credit note is issued.
    pub note: Option<NewNote>,
    /// An invoice is paid, perhaps with what was posted.
    pub payment: Option<Payment>,
}

/// What came of an event: freshly, or when it was handled before.
pub(crate) async fn once<T, F>(tx: &mut Tx, event: &Event, now: Millis, work: F) -> Result<T, Stop>
where
    T: Serialize + DeserializeOwned,
    F: AsyncFnOnce(&mut Tx) -> Result<T, Stop>,
{
    let work = async |tx: &mut Tx| Ok((work(tx).await?, None));
    once_with_last(tx, event, now, work).await
}

/// The same for work that may leave something to be done last.
pub(crate) async fn once_with_last<T, F>(
    tx: &mut Tx,
    event: &Event,
    now: Millis,
    work: F,
) -> Result<T, Stop>
where
    T: Serialize + DeserializeOwned,
    F: AsyncFnOnce(&mut Tx) -> Result<(T, Option<Last>), Stop>,
{
    tx.lock_event(&event.id).await?;
    if let Some(result) = tx.event_result(&event.id).await? {
        return Ok(serde_json::from_str(&result)?);
    }
    let (result, last) = work(tx).await?;
    tx.finish_event(event, &serde_json::to_string(&result)?, now)
        .await?;
    if let Some(last) = last {
        if let Some((posting, entries)) = &last.posting
            && tx.post(posting, entries).await? != Posted::Done
        {
            // The accounts were locked and their balances looked at; the house's may fall below any floor.
            return Err(Fault::internal("a locked balance moved").into());
        }
        if let Some(invoice) = &last.invoice {
            tx.issue_invoice(invoice).await?;
        }
        if let Some(note) = &last.note {
            tx.issue_note(note).await?;
        }
        if let Some(payment) = &last.payment {
            tx.pay_invoice(payment).await?;
        }
    }
    Ok(result)
}
