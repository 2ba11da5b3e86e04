//! Invoices: issued with lines, paid, taken back, covered by credit notes, and brought to mind while they are unpaid.

use std::time::Duration;

use super::access::Authorised;
use super::notices::{Content, address};
use super::{House, Last};
use crate::chat::Event;
use crate::clock::Millis;
use crate::domain::client::Status;
use crate::domain::credits::{Amount, Credits};
use crate::domain::ids::{AccountId, ClientId, InvoiceId, PersonId, PostingId, RequestId};
use crate::domain::invoice::{InvoiceStatus, LINES, Line, Mode, note, parse_number, sum};
use crate::domain::money::{Money, TaxRate};
use crate::domain::posting::{PostingKind, house_account, transfer};
use crate::domain::refusal::Refusal;
use crate::domain::request::invoice::{About, Release};
use crate::domain::request::{Billing, Intent, Payer, State};
use crate::domain::role::Role;
use crate::fault::Fault;
use crate::store::billing::{Filter, Invoice, Payment, Whose};
use crate::store::clients::{Client, Scope};
use crate::store::invoices::{NewInvoice, NewNote};
use crate::store::ledger::NewPosting;
use crate::store::people::Known;
use crate::store::requests::Request;
use crate::store::{Stop, Tx};

const DAY: Duration = Duration::from_hours(24);
/// Reminders that are written at once; the others follow the next time.
const AT_ONCE: i64 = 500;

/// What somebody fills in about invoices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bill {
    /// Issue one.
    Create {
        /// To whom.
        client: ClientId,
        /// For what.
        lines: Vec<Line>,
        /// In how many days it is due; `None`: as the business has it.
        due: Option<u16>,
    },
    /// Record a payment under this reference.
    Pay(InvoiceId, String),
    /// Take a payment back.
    Unpay(InvoiceId),
    /// Take an unpaid invoice back.
    Void(InvoiceId),
    /// Take so much off an invoice, for this reason.
    Credit(InvoiceId, Money, String),
    /// Give a client a tax rate; `None`: the business's.
    Tax(ClientId, Option<TaxRate>),
}

/// An invoice with everything its card shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The invoice.
    pub invoice: Invoice,
    /// Its lines.
    pub lines: Vec<Line>,
    /// The credit notes on it: name, total, reason.
    pub notes: Vec<(String, Money, String)>,
    /// Whether the credit that it released is still with the client.
    pub landed: bool,
}

impl House {
    /// The intent behind something about invoices, or why it cannot be had. Changes nothing.
    pub async fn intend_invoice(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        bill: Bill,
    ) -> Result<Intent, Stop> {
        let billing = match bill {
            Bill::Create { client, lines, due } => {
                self.intend_create(tx, auth, client, lines, due).await?
            }
            Bill::Pay(id, reference) => self.intend_pay(tx, auth, id, reference).await?,
            Bill::Unpay(id) => {
                let invoice = self.invoice(tx, auth, id).await?;
                stands(&invoice, &[InvoiceStatus::Paid])?;
                let number = invoice.name();
                let Some(reference) = invoice.reference.clone() else {
                    return Err(Refusal::NothingWasPaid { number }.into());
                };
                if self.has_landed(tx, &invoice).await? {
                    return Err(Refusal::CreditLanded { number }.into());
                }
                Billing::Unpay {
                    released: invoice.mode == Mode::Prepaid && invoice.posting_id.is_some(),
                    about: about(&invoice),
                    reference,
                }
            }
            Bill::Void(id) => {
                let invoice = self.invoice(tx, auth, id).await?;
                stands(&invoice, &[InvoiceStatus::Unpaid])?;
                let number = invoice.name();
                if invoice.credited > Money(0) {
                    return Err(Refusal::InvoiceCredited { number }.into());
                }
                if invoice.posting_id.is_some() {
                    return Err(Refusal::VoidByReverse { number }.into());
                }
                Billing::Void {
                    about: about(&invoice),
                }
            }
            Bill::Credit(id, amount, reason) => {
                let invoice = self.invoice(tx, auth, id).await?;
                stands(&invoice, &[InvoiceStatus::Unpaid, InvoiceStatus::Paid])?;
                let totals = note(invoice.totals(), invoice.credited, amount);
                let totals = totals.ok_or_else(|| Refusal::MoreThanLeft {
                    number: invoice.name(),
                    left: invoice.left(),
                })?;
                Billing::Credit {
                    about: about(&invoice),
                    totals,
                    reason,
                }
            }
            Bill::Tax(client, after) => {
                let before = self.view(tx, auth, client).await?.tax;
                if before == after {
                    return Err(Refusal::NothingChanges.into());
                }
                Billing::Tax {
                    client,
                    before,
                    after,
                }
            }
        };
        Ok(Intent::Invoice(billing))
    }

    async fn intend_create(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        client: ClientId,
        lines: Vec<Line>,
        due: Option<u16>,
    ) -> Result<Billing, Stop> {
        let found = self.view(tx, auth, client).await?;
        let issuer = (auth.role() == Role::Reseller)
            .then(|| auth.actor().client)
            .flatten();
        if issuer == Some(client) {
            return Err(Refusal::OwnAccount.into());
        }
        if !matches!(found.status, Status::Active | Status::Suspended) {
            return Err(Refusal::ClientStatus {
                client: found.name,
                status: found.status,
            }
            .into());
        }
        if lines.len() > LINES {
            return Err(Refusal::TooManyLines.into());
        }
        let rate = found.tax.unwrap_or(self.rules.tax);
        let totals = sum(&lines, rate).filter(|totals| totals.total > Money(0));
        Ok(Billing::Create {
            client,
            issuer,
            totals: totals.ok_or(Refusal::TooDear)?,
            lines,
            rate,
            due: due.unwrap_or(self.rules.due_days),
        })
    }

    async fn intend_pay(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        id: InvoiceId,
        reference: String,
    ) -> Result<Billing, Stop> {
        let invoice = self.invoice(tx, auth, id).await?;
        stands(&invoice, &[InvoiceStatus::Unpaid])?;
        if !invoice.is_open() {
            let number = invoice.name();
            return Err(Refusal::InvoiceCovered { number }.into());
        }
        if let Some((_, number)) = tx.invoice_paid_by(&reference).await? {
            return Err(Refusal::ReferenceUsed { reference, number }.into());
        }
        let awaited = invoice.mode == Mode::Prepaid && invoice.posting_id.is_none();
        let release = if awaited && invoice.is_for_credit() {
            Some(self.release(tx, &invoice).await?)
        } else {
            None
        };
        Ok(Billing::Pay {
            about: about(&invoice),
            reference,
            release,
        })
    }

    /// The credit that lands with a payment, if it can.
    async fn release(&self, tx: &mut Tx, invoice: &Invoice) -> Result<Release, Stop> {
        active(tx, invoice.client_id).await?;
        let amount = Amount::try_from(invoice.credits.0)
            .map_err(|_| Fault::internal("an invoice for no credit"))?;
        let payer = match invoice.issuer() {
            None => Payer::House,
            Some(reseller) => {
                let payer = active(tx, reseller).await?;
                if payer.balance < amount.credits() {
                    return Err(Refusal::BalanceTooLow {
                        client: payer.name,
                        available: payer.balance,
                        amount,
                    }
                    .into());
                }
                Payer::Reseller(reseller)
            }
        };
        Ok(Release { amount, payer })
    }

    /// Whether prepaid credit has landed and is not taken back in full.
    async fn has_landed(&self, tx: &mut Tx, invoice: &Invoice) -> Result<bool, Fault> {
        let Some(posting) = invoice.posting_id.filter(|_| invoice.mode == Mode::Prepaid) else {
            return Ok(false);
        };
        let posting = tx.posting(posting).await?;
        let back = posting.and_then(|posting| posting.reversed);
        Ok(back != invoice.credits.checked_neg())
    }

    /// An invoice whose client lies within the scope.
    pub async fn invoice(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        id: InvoiceId,
    ) -> Result<Invoice, Stop> {
        let found = tx.invoice(id).await?;
        self.seen_invoice(tx, auth, found, format!("#{id}")).await
    }

    /// The invoice that text names: `INV-000042`, or its identifier with `#`.
    pub async fn named_invoice(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        text: &str,
    ) -> Result<InvoiceId, Stop> {
        let found = match text.trim().strip_prefix('#') {
            Some(id) => match id.to_ascii_lowercase().parse() {
                Ok(id) => tx.invoice(id).await?,
                Err(_) => None,
            },
            None => match parse_number(text) {
                Some((prefix, number)) => tx.invoice_numbered(&prefix, number).await?,
                None => None,
            },
        };
        let invoice = self.seen_invoice(tx, auth, found, text.to_owned()).await?;
        Ok(invoice.id)
    }

    async fn seen_invoice(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        found: Option<Invoice>,
        typed: String,
    ) -> Result<Invoice, Stop> {
        if let Some(invoice) = found
            && tx.in_scope(invoice.client_id, auth.scope()).await?
        {
            return Ok(invoice);
        }
        Err(Refusal::InvoiceNotFound { typed }.into())
    }

    /// An invoice with everything its card shows.
    pub async fn show_invoice(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        id: InvoiceId,
    ) -> Result<Shown, Stop> {
        let invoice = self.invoice(tx, auth, id).await?;
        let lines = tx.invoice_lines(id).await?;
        let notes = tx.notes_on(id).await?.into_iter();
        let notes = notes.map(|(prefix, number, total, reason)| {
            let name = crate::domain::invoice::number(&prefix, number);
            (name, total, reason)
        });
        Ok(Shown {
            landed: self.has_landed(tx, &invoice).await?,
            notes: notes.collect(),
            invoice,
            lines,
        })
    }

    /// A page of invoices, newest first, and whether there are more.
    pub async fn list_invoices(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        (client, filter): (Option<ClientId>, Filter),
        before: Option<InvoiceId>,
        page: usize,
    ) -> Result<(Vec<Invoice>, bool), Stop> {
        let whose = match client {
            Some(client) => Whose::Client(self.view(tx, auth, client).await?.id),
            None => Whose::Scope(auth.scope()),
        };
        let limit = i64::try_from(page).unwrap_or(i64::MAX).saturating_add(1);
        let mut found = tx.invoices(whose, filter, before, limit).await?;
        let more = found.len() > page;
        found.truncate(page);
        Ok((found, more))
    }

    /// What something about invoices is at today's facts.
    pub(super) async fn intend_invoice_again(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        billing: &Billing,
    ) -> Result<Intent, Stop> {
        let bill = match billing.clone() {
            Billing::Create {
                client, lines, due, ..
            } => Bill::Create {
                client,
                lines,
                due: Some(due),
            },
            Billing::Pay {
                about, reference, ..
            } => Bill::Pay(about.invoice, reference),
            Billing::Unpay { about, .. } => Bill::Unpay(about.invoice),
            Billing::Void { about } => Bill::Void(about.invoice),
            Billing::Credit {
                about,
                totals,
                reason,
            } => Bill::Credit(about.invoice, totals.total, reason),
            Billing::Tax { client, after, .. } => Bill::Tax(client, after),
        };
        self.intend_invoice(tx, auth, bill).await
    }

    /// What takes it back.
    pub(super) async fn intend_invoice_back(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        billing: &Billing,
    ) -> Result<Intent, Stop> {
        let bill = match billing.clone() {
            Billing::Pay { about, .. } => Bill::Unpay(about.invoice),
            Billing::Unpay {
                about, reference, ..
            } => Bill::Pay(about.invoice, reference),
            Billing::Tax { client, before, .. } => Bill::Tax(client, before),
            Billing::Create { .. } | Billing::Void { .. } | Billing::Credit { .. } => {
                return Err(Refusal::TooLateToUndo.into());
            }
        };
        self.intend_invoice(tx, auth, bill).await
    }

    /// The draft of an invoice with one more line, in place of the draft that the actor was shown.
    pub async fn one_more_line(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        event: &Event,
        (draft, line): (RequestId, Line),
    ) -> Result<Intent, Stop> {
        let request = tx.request(draft, true).await?;
        let request = request.ok_or(Refusal::RequestNotFound)?;
        if auth.actor().person != Some(request.requester) {
            return Err(Refusal::NotYours.into());
        }
        let Intent::Invoice(Billing::Create {
            client, lines, due, ..
        }) = &request.intent
        else {
            return Err(Refusal::UnknownButton.into());
        };
        if request.state != State::Draft {
            return Err(Refusal::Over {
                state: request.state,
                by: request.decided_by,
            }
            .into());
        }
        let bill = Bill::Create {
            client: *client,
            lines: lines.iter().cloned().chain([line]).collect(),
            due: Some(*due),
        };
        let intent = self.intend_invoice(tx, auth, bill).await?;
        self.replace_draft(tx, &request, event).await?;
        Ok(intent)
    }

    /// Does what was shown, in the transaction that applies the request, or says what is to be done last in it.
    pub(super) async fn bill(
        &self,
        tx: &mut Tx,
        request: &Request,
        billing: &Billing,
    ) -> Result<Option<Last>, Stop> {
        let mut last = Last::default();
        match billing {
            Billing::Create {
                client,
                issuer,
                lines,
                totals,
                due,
                ..
            } => {
                last.invoice = Some(NewInvoice {
                    id: InvoiceId(self.ids.next()),
                    issuer: *issuer,
                    client: *client,
                    status: InvoiceStatus::Unpaid,
                    mode: Mode::OnAccount,
                    credits: Credits::ZERO,
                    lines: lines.clone(),
                    totals: *totals,
                    currency: self.rules.currency.code.clone(),
                    note: String::new(),
                    request: request.id,
                    posting: None,
                    at: self.now(),
                    due: Some(self.now().plus(DAY * u32::from(*due))),
                    remind: self.next_reminder(self.now()),
                });
            }
            Billing::Pay {
                about,
                reference,
                release,
            } => {
                if let Some(release) = release {
                    last.posting = Some(self.released(request, about.client, *release)?);
                }
                last.payment = Some(Payment {
                    invoice: about.invoice,
                    reference: reference.clone(),
                    posting: last.posting.as_ref().map(|(posting, _)| posting.id),
                    at: self.now(),
                });
            }
            Billing::Unpay { about, .. } => {
                let invoice = tx.invoice(about.invoice).await?;
                let issued = invoice.map(|invoice| invoice.created_at);
                let next = issued.and_then(|issued| self.next_reminder(issued));
                tx.unpay_invoice(about.invoice, next).await?;
                return Ok(None);
            }
            Billing::Void { about } => {
                tx.void_invoice(about.invoice).await?;
                return Ok(None);
            }
            Billing::Credit {
                about,
                totals,
                reason,
            } => {
                last.note = Some(NewNote {
                    id: self.ids.next(),
                    invoice: about.invoice,
                    credits: 0,
                    totals: *totals,
                    reason: reason.clone(),
                    request: request.id,
                    at: self.now(),
                });
            }
            Billing::Tax { client, after, .. } => {
                tx.set_tax_rate(*client, *after).await?;
                return Ok(None);
            }
        }
        Ok(Some(last))
    }

    fn released(
        &self,
        request: &Request,
        client: ClientId,
        release: Release,
    ) -> Result<(NewPosting, Vec<crate::domain::posting::Entry>), Fault> {
        let from = match release.payer {
            Payer::House => house_account(self.random.number().cast_signed()),
            Payer::Reseller(reseller) => AccountId(reseller.0),
        };
        let entries = transfer(from, AccountId(client.0), release.amount)
            .ok_or_else(|| Fault::internal("a transfer to itself"))?;
        let posting = NewPosting {
            id: PostingId(self.ids.next()),
            kind: PostingKind::Add,
            key: format!("request:{}", request.id),
            digest: request.digest.clone(),
            client: Some(client),
            request: Some(request.id),
            reversed: None,
            person: Some(request.requester),
            at: self.now(),
        };
        Ok((posting, entries.to_vec()))
    }

    /// When the client of an invoice is reminded next: so many days after its issue as the business has it.
    pub(super) fn next_reminder(&self, issued: Millis) -> Option<Millis> {
        let days = self.rules.reminder_days.iter();
        days.map(|day| issued.plus(DAY * *day))
            .find(|at| *at > self.now())
    }

    /// Reminds the people of clients, and whoever looks after them, of unpaid invoices on the days that the business has
    /// for it. Called from time to time. Says how many invoices were brought to mind.
    pub async fn remind_of_invoices(&self) -> Result<usize, Stop> {
        let now = self.now();
        let due = self
            .store
            .read(move |tx| Box::pin(async move { Ok(tx.invoices_to_remind(now, AT_ONCE).await?) }))
            .await?;
        let mut reminded = 0;
        for (id, was) in due {
            let house = self.clone();
            let told = self
                .store
                .write(move |tx| {
                    Box::pin(async move { Ok(house.remind_of_invoice(tx, id, was).await?) })
                })
                .await?;
            reminded += usize::from(told);
        }
        Ok(reminded)
    }

    async fn remind_of_invoice(
        &self,
        tx: &mut Tx,
        id: InvoiceId,
        was: Millis,
    ) -> Result<bool, Fault> {
        tx.lock_invoice(id).await?;
        let Some(invoice) = tx.invoice(id).await? else {
            return Ok(false);
        };
        let next = self.next_reminder(invoice.created_at);
        if !tx.remind_again(id, was, next).await? || !invoice.is_open() {
            return Ok(false);
        }
        let passed = self.rules.reminder_days.iter().rev();
        let day = passed
            .copied()
            .find(|day| invoice.created_at.plus(DAY * *day) <= self.now())
            .unwrap_or_default();
        self.mail_reminder(tx, (id, invoice.client_id), day).await?;
        let mut accounts = tx.people_of(invoice.client_id).await?;
        if let Some(manager) = tx.manager_of(invoice.client_id).await? {
            accounts.extend(tx.accounts_of(manager).await?);
        }
        let mut told: Vec<PersonId> = Vec::new();
        for account in &accounts {
            if told.contains(&account.person) {
                continue;
            }
            told.push(account.person);
            // Where he can be reached, if anywhere; else it is kept until he writes.
            let his = |other: &&Known| other.person == account.person && !other.unreachable;
            let account = accounts.iter().find(his).unwrap_or(account);
            let content = Content::Unpaid {
                invoice: id,
                person: account.person,
            };
            let key = format!("unpaid:{id}:{day}:{}", account.person);
            let to = address(account.identity);
            self.notify(tx, key, format!("invoice:{id}"), &to, &content)
                .await?;
        }
        Ok(!told.is_empty())
    }
}

/// A client between whom and another credit may move.
async fn active(tx: &mut Tx, id: ClientId) -> Result<Client, Stop> {
    let client = tx.client(id, Scope::House).await?;
    let client = client.ok_or_else(|| Fault::internal("an invoice without its client"))?;
    if client.status == Status::Active {
        return Ok(client);
    }
    Err(Refusal::ClientStatus {
        client: client.name,
        status: client.status,
    }
    .into())
}

fn about(invoice: &Invoice) -> About {
    About {
        client: invoice.client_id,
        invoice: invoice.id,
        number: invoice.name(),
        left: invoice.left(),
    }
}

fn stands(invoice: &Invoice, where_it_may: &[InvoiceStatus]) -> Result<(), Refusal> {
    if where_it_may.contains(&invoice.status) {
        return Ok(());
    }
    Err(Refusal::InvoiceStands {
        number: invoice.name(),
        status: invoice.status,
    })
}
