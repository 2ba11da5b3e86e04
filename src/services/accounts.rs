//! Changes of clients' accounts: where they stand, whose they are, what they may do.

pub mod pages;
pub mod sign_ups;
pub mod tree;

use self::pages::{Edit, Wanted};
use super::access::Authorised;
use super::{House, Last};
use crate::domain::client::Status;
use crate::domain::credits::Credits;
use crate::domain::ids::ClientId;
use crate::domain::refusal::Refusal;
use crate::domain::request::{Account, Intent};
use crate::store::pages::NewNoteAbout;
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
            return Err(Refusal::OwnClient.into());
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
            Account::Class {
                client,
                after,
                heir,
                ..
            } => {
                let heir = heir.as_ref().map(|heir| heir.id);
                self.intend_class(tx, auth, (*client, *after, heir)).await
            }
            Account::Manager { client, after, .. } => {
                let after = after.as_ref().map(|person| person.id);
                self.intend_manager(tx, auth, (*client, after)).await
            }
            Account::Reseller { client, after, .. } => {
                let after = after.as_ref().map(|party| party.id);
                self.intend_reseller(tx, auth, (*client, after)).await
            }
            Account::Referral { client, after, .. } => {
                let after = after.as_ref().map(|party| party.id);
                self.intend_referral(tx, auth, (*client, after)).await
            }
            Account::New(new) => {
                let wanted = Wanted {
                    id: new.id,
                    username: new.username.clone(),
                    details: new.details.clone(),
                    class: new.class,
                    reseller: new.reseller.as_ref().map(|party| party.id),
                };
                self.intend_new(tx, auth, wanted).await
            }
            Account::Edit { client, after, .. } => {
                let edit = Edit::All(after.clone());
                self.intend_edit(tx, auth, (*client, edit)).await
            }
            Account::Note { client, text, .. } => {
                self.intend_note(tx, auth, (*client, text.clone())).await
            }
            Account::Tag { client, tag, .. } => {
                self.intend_tag(tx, auth, (*client, tag.clone())).await
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
            Account::Class { client, before, .. } => {
                self.intend_class(tx, auth, (*client, *before, None)).await
            }
            Account::Manager { client, before, .. } => {
                let before = before.as_ref().map(|person| person.id);
                self.intend_manager(tx, auth, (*client, before)).await
            }
            Account::Reseller { client, before, .. } => {
                let before = before.as_ref().map(|party| party.id);
                self.intend_reseller(tx, auth, (*client, before)).await
            }
            Account::Referral { client, before, .. } => {
                let before = before.as_ref().map(|party| party.id);
                self.intend_referral(tx, auth, (*client, before)).await
            }
            Account::Edit { client, before, .. } => {
                let edit = Edit::All(before.clone());
                self.intend_edit(tx, auth, (*client, edit)).await
            }
            Account::Tag { client, tag, .. } => {
                self.intend_tag(tx, auth, (*client, tag.clone())).await
            }
            Account::New(_) | Account::Note { .. } => Err(Refusal::TooLateToUndo.into()),
        }
    }

    /// Changes an account as it was shown, in the transaction that applies the request.
    pub(super) async fn change_account(
        &self,
        tx: &mut Tx,
        request: &Request,
        account: &Account,
    ) -> Result<Option<Last>, Stop> {
        match account {
            Account::Status { client, after, .. } => {
                tx.set_client_status(*client, *after).await?;
            }
            Account::Class {
                client,
                after,
                heir,
                ..
            } => {
                if let Some(heir) = heir {
                    tx.hand_over(*client, heir.id).await?;
                }
                tx.set_class(*client, *after).await?;
            }
            Account::Manager { client, after, .. } => {
                let after = after.as_ref().map(|person| person.id);
                tx.set_manager(*client, after).await?;
            }
            Account::Reseller { client, after, .. } => {
                let after = after.as_ref().map(|party| party.id);
                tx.move_client(*client, after).await?;
            }
            Account::Referral { client, after, .. } => {
                let after = after.as_ref().map(|party| party.id);
                tx.set_referral(*client, after).await?;
            }
            Account::New(new) => self.make_client(tx, new).await?,
            Account::Edit { client, after, .. } => tx.set_details(*client, after).await?,
            Account::Note { client, side, text } => {
                let note = NewNoteAbout {
                    id: request.id.0,
                    client: *client,
                    side: *side,
                    author: &request.requester_name,
                    text,
                    at: self.now(),
                };
                tx.insert_note_about(&note).await?;
            }
            Account::Tag {
                client,
                side,
                tag,
                on,
            } => tx.set_tag(*client, *side, tag, *on).await?,
        }
        Ok(None)
    }
}
