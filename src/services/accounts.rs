//! Changes of clients' accounts: where they stand, whose they are, what they may do.

use super::access::Authorised;
use super::{House, Last};
use crate::domain::client::Status;
use crate::domain::credits::Credits;
use crate::domain::ids::ClientId;
use crate::domain::refusal::Refusal;
use crate::domain::request::{Account, Intent};
use crate::store::requests::Request;
use crate::store::{Stop, Tx};

impl House {
    /// The intent behind a change of where a client stands, or why it cannot be had. Changes nothing.
    pub async fn intend_status(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        (client, after, reason): (ClientId, Status, String),
    ) -> Result<Intent, Stop> {
        let found = self.view(tx, auth, client).await?;
        if auth.actor().client == Some(client) {
            return Err(Refusal::OwnAccount.into());
        }
        if found.status == after {
            return Err(Refusal::NothingChanges.into());
        }
        if !found.status.may_become(after) {
            return Err(Refusal::ClientStatus {
                client: found.name,
                status: found.status,
            }
            .into());
        }
        if after == Status::Closed
            && (found.balance != Credits::ZERO || tx.has_open_invoices(client).await?)
        {
            return Err(Refusal::NotCloseable {
                balance: found.balance,
                unpaid: found.unpaid,
            }
            .into());
        }
        Ok(Intent::Account(Account::Status {
            client,
            before: found.status,
            after,
            reason,
        }))
    }

    /// What a change is at today's facts.
    pub(super) async fn intend_account_again(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        account: &Account,
    ) -> Result<Intent, Stop> {
        match account {
            Account::Status {
                client,
                after,
                reason,
                ..
            } => {
                self.intend_status(tx, auth, (*client, *after, reason.clone()))
                    .await
            }
        }
    }

    /// The change that takes a change back.
    pub(super) async fn intend_account_back(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        account: &Account,
    ) -> Result<Intent, Stop> {
        match account {
            Account::Status { client, before, .. } => {
                self.intend_status(tx, auth, (*client, *before, String::new()))
                    .await
            }
        }
    }

    /// Changes an account as it was shown, in the transaction that applies the request.
    pub(super) async fn change_account(
        &self,
        tx: &mut Tx,
        _request: &Request,
        account: &Account,
    ) -> Result<Option<Last>, Stop> {
        match account {
            Account::Status { client, after, .. } => {
                tx.set_client_status(*client, *after).await?;
            }
        }
        Ok(None)
    }
}
