//! What clients are sent by email of what was done with their account: which message, written in the transaction of its
//! cause, and withheld for as long as that can be undone.

use std::time::Duration;

use super::House;
use super::notices::Content;
use crate::chat::Address;
use crate::domain::client::Status;
use crate::domain::ids::{ClientId, InvoiceId};
use crate::domain::invoice::Mode;
use crate::domain::message::Kind;
use crate::domain::posting::PostingKind;
use crate::domain::request::{Account, Billing, Intent};
use crate::fault::Fault;
use crate::store::Tx;
use crate::store::clients::Scope;
use crate::store::requests::Request;

/// The message that a client gets of what was done, if any. Credit that is added names its invoice: no second message
/// brings that.
pub fn message_of(intent: &Intent) -> Option<(Kind, ClientId)> {
    match intent {
        Intent::AddCredit(add) if add.mode == Mode::Prepaid => Some((Kind::Invoice, add.client)),
        Intent::AddCredit(add) => Some((Kind::CreditAdded, add.client)),
        Intent::Deduct(deduct) => Some((Kind::CreditDeducted, deduct.client)),
        Intent::Reverse(reverse) => {
            // What was deducted comes back; anything else is taken.
            let kind = match reverse.kind {
                PostingKind::Deduct => Kind::CreditAdded,
                _ => Kind::CreditDeducted,
            };
            Some((kind, reverse.client))
        }
        Intent::Invoice(Billing::Create { client, .. }) => Some((Kind::Invoice, *client)),
        Intent::Invoice(Billing::Pay {
            about,
            release: Some(_),
            ..
        }) => Some((Kind::CreditAdded, about.client)),
        Intent::Account(Account::New(new)) => Some((Kind::Welcome, new.id)),
        Intent::Account(Account::Status {
            client,
            before: Status::Pending,
            after: Status::Active,
            ..
        }) => Some((Kind::Welcome, *client)),
        _ => None,
    }
}

impl House {
    /// Writes to the client of a request that was applied. Of what is undone in time he hears nothing.
    pub async fn notify_mails(&self, tx: &mut Tx, request: &Request) -> Result<(), Fault> {
        let mut unheard = false;
        if let Some(undone) = request.undoes {
            let (of, keys) = (format!("request:{undone}"), format!("mail:{undone}:"));
            let withdrawn = tx.withdraw_notices(&of, &keys, self.now()).await?;
            unheard = !withdrawn.is_empty();
        }
        let Some((mail, client)) = message_of(&request.intent).filter(|_| !unheard) else {
            return Ok(());
        };
        let after = if request.intent.is_reversible() && request.undoes.is_none() {
            self.rules.undo
        } else {
            Duration::ZERO
        };
        let key = format!("mail:{}:{client}", request.id);
        let content = Content::Mail {
            mail,
            client,
            request: Some(request.id),
            invoice: None,
        };
        let cause = format!("request:{}", request.id);
        self.mail(tx, (key, cause), client, &content, after).await
    }

    /// Reminds the client of an invoice that is unpaid so many days after its issue.
    pub(super) async fn mail_reminder(
        &self,
        tx: &mut Tx,
        (invoice, client): (InvoiceId, ClientId),
        day: u32,
    ) -> Result<(), Fault> {
        let content = Content::Mail {
            mail: Kind::Reminder,
            client,
            request: None,
            invoice: Some(invoice),
        };
        let keys = (
            format!("mail:unpaid:{invoice}:{day}"),
            format!("invoice:{invoice}"),
        );
        self.mail(tx, keys, client, &content, Duration::ZERO).await
    }

    async fn mail(
        &self,
        tx: &mut Tx,
        keys: (String, String),
        client: ClientId,
        content: &Content,
        after: Duration,
    ) -> Result<(), Fault> {
        if !self.rules.mails {
            return Ok(());
        }
        let found = tx.client(client, Scope::House).await?;
        if found.is_none_or(|client| client.email.is_empty()) {
            return Ok(());
        }
        let to = Address::ClientEmail(client);
        self.notify_after(tx, keys, &to, content, after).await
    }
}
