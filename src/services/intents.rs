//! Intents of every family alike: found again at today's facts, applied as they were shown, and undone.

use std::collections::BTreeSet;

use super::access::{Authorised, on_behalf};
use super::credits::{Taking, Undoing, Wish};
use super::{House, Last};
use crate::domain::ids::ClientId;
use crate::domain::refusal::Refusal;
use crate::domain::request::invoice::Release;
use crate::domain::request::{Billing, Intent, Payer, State, Unfit};
use crate::domain::role::Role;
use crate::fault::Fault;
use crate::store::requests::Request;
use crate::store::{Stop, Tx};

impl House {
    /// What an intent is at today's facts, or why it cannot be had: asked again, and compared before it is applied.
    pub async fn intend_again(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        intent: &Intent,
    ) -> Result<Intent, Stop> {
        match intent {
            Intent::AddCredit(add) => {
                let wish = Wish {
                    client: add.client,
                    amount: add.amount,
                    mode: add.mode,
                    price: add.price,
                    note: add.note.clone(),
                    for_himself: add.for_himself,
                };
                self.intend_credit(tx, auth, wish).await
            }
            Intent::Deduct(deduct) => {
                let wish = Taking {
                    client: deduct.client,
                    amount: deduct.amount,
                    reason: deduct.reason.clone(),
                };
                self.intend_deduct(tx, auth, wish).await
            }
            Intent::Reverse(reverse) => {
                let wish = Undoing {
                    client: reverse.client,
                    posting: reverse.posting,
                    amount: reverse.asked,
                    reason: reverse.reason.clone(),
                };
                self.intend_reverse(tx, auth, wish).await
            }
            Intent::Overdraft(overdraft) => {
                let wish = (overdraft.client, overdraft.limit);
                self.intend_overdraft(tx, auth, wish).await
            }
            Intent::Account(account) => self.intend_account_again(tx, auth, account).await,
            Intent::Invoice(billing) => self.intend_invoice_again(tx, auth, billing).await,
            Intent::Person(change) => self.intend_person_again(tx, auth.actor(), change).await,
            // What would come of it was shown; rows that do not fit any more stay out by themselves.
            Intent::Import(import) => Ok(Intent::Import(import.clone())),
            Intent::Message(rewording) => self.intend_message_again(tx, auth, rewording).await,
            Intent::Invite { role, name, client } => {
                let (role, name, client) = (*role, name.clone(), *client);
                let (_, intent) = self
                    .intend_invite(tx, auth.actor(), role, name, client)
                    .await?;
                Ok(intent)
            }
        }
    }

    /// Does what a request asks for, if it is still what was shown. `Err` of the inner result: it stopped fitting.
    pub(super) async fn perform(
        &self,
        tx: &mut Tx,
        request: &Request,
        (role, own): (Role, Option<ClientId>),
    ) -> Result<Result<Option<Last>, Unfit>, Stop> {
        match &request.intent {
            Intent::AddCredit(add) => {
                let last = self.apply_credit(tx, request, add, role, own).await?;
                return Ok(last.map(Some));
            }
            Intent::Invite { .. } => {
                self.open_code(tx, request).await?;
                return Ok(Ok(None));
            }
            _ => {}
        }
        let Ok(auth) = on_behalf(request, role, own) else {
            return Ok(Err(Unfit::RequesterLostRole));
        };
        self.lock_touched(tx, &request.intent).await?;
        if let Intent::Person(_) = &request.intent {
            tx.lock_deciders().await?;
        }
        match self.intend_again(tx, &auth, &request.intent).await {
            Ok(now) if now.effect() == request.intent.effect() => {}
            Ok(_) => return Ok(Err(Unfit::Changed)),
            Err(Stop::Refusal(refusal)) => return Ok(Err(unfit(&refusal))),
            Err(fault) => return Err(fault),
        }
        let last = match &request.intent {
            Intent::Deduct(deduct) => Some(self.deducted(request, deduct)?),
            Intent::Reverse(reverse) => Some(self.reversed(tx, request, reverse).await?),
            Intent::Overdraft(overdraft) => {
                let floor = overdraft.limit.checked_neg().unwrap_or_default();
                tx.set_floor(overdraft.client, floor).await?;
                None
            }
            Intent::Account(account) => self.change_account(tx, request, account).await?,
            Intent::Invoice(billing) => self.bill(tx, request, billing).await?,
            Intent::Person(change) => {
                self.change_person(tx, request, change).await?;
                None
            }
            Intent::Import(import) => match self.open_import(tx, request, import).await? {
                Ok(()) => None,
                Err(unfit) => return Ok(Err(unfit)),
            },
            Intent::Message(rewording) => {
                self.reword(tx, request, rewording).await?;
                None
            }
            Intent::AddCredit(_) | Intent::Invite { .. } => None,
        };
        Ok(Ok(last))
    }

    /// Locks whatever an intent may move or change, in one order for all: what is found again after it stays so.
    async fn lock_touched(&self, tx: &mut Tx, intent: &Intent) -> Result<(), Fault> {
        let mut clients = BTreeSet::new();
        match intent {
            Intent::Deduct(deduct) => {
                clients.insert(deduct.client);
                clients.extend(deduct.shares.iter().filter_map(|share| match share.payer {
                    Payer::House => None,
                    Payer::Reseller(reseller) => Some(reseller),
                }));
            }
            Intent::Reverse(reverse) => {
                clients.insert(reverse.client);
                let others = tx.other_entries(reverse.posting).await?;
                clients.extend(others.into_iter().filter_map(|(_, whose, _)| whose));
            }
            Intent::Invoice(billing) => {
                clients.insert(billing.client());
                if let Billing::Pay {
                    release:
                        Some(Release {
                            payer: Payer::Reseller(reseller),
                            ..
                        }),
                    ..
                } = billing
                {
                    clients.insert(*reseller);
                }
            }
            Intent::Account(account) => {
                if account.moves_tree() {
                    tx.lock_tree(true).await?;
                }
                if let Some(client) = account.client() {
                    // The row before the account, as everybody does who credits it.
                    tx.lock_client(client).await?;
                }
                clients.extend(account.client());
            }
            Intent::Message(rewording) => {
                tx.lock_template(rewording.message, &rewording.language)
                    .await?;
            }
            _ => clients.extend(intent.client()),
        }
        for client in clients {
            tx.lock_status(client).await?;
            tx.lock_account(client).await?;
        }
        if let Intent::Invoice(billing) = intent {
            if let Some(invoice) = billing.invoice() {
                tx.lock_invoice(invoice).await?;
            }
            if let Billing::Pay { reference, .. } = billing {
                tx.lock_reference(reference).await?;
            }
        }
        Ok(())
    }

    /// The intent that undoes what a request did, for the person who asked for it, within the time for it.
    pub async fn undoing(
        &self,
        tx: &mut Tx,
        actor: &super::access::Actor,
        request: &Request,
    ) -> Result<(Authorised, Intent), Stop> {
        if !actor.place.carries_rights() {
            return Err(Refusal::NoRightsHere.into());
        }
        if actor.person != Some(request.requester) {
            return Err(Refusal::NotYours.into());
        }
        if !self.is_undoable(request) {
            return Err(Refusal::TooLateToUndo.into());
        }
        let auth = super::access::authorise(actor, request.intent.permission())?;
        let intent = match &request.intent {
            Intent::AddCredit(_) | Intent::Deduct(_) => {
                let client = request.intent.client().ok_or(Refusal::PostingNotFound)?;
                let posting = tx.posting_of(request.id).await?;
                let wish = Undoing {
                    client,
                    posting: posting.ok_or(Refusal::PostingNotFound)?,
                    amount: request.intent.amount(),
                    reason: format!("#{}", request.id),
                };
                self.intend_reverse(tx, &auth, wish).await?
            }
            Intent::Account(account) => self.intend_account_back(tx, &auth, account).await?,
            Intent::Invoice(billing) => self.intend_invoice_back(tx, &auth, billing).await?,
            Intent::Message(rewording) => self.intend_message_back(tx, &auth, rewording).await?,
            Intent::Reverse(_)
            | Intent::Overdraft(_)
            | Intent::Person(_)
            | Intent::Import(_)
            | Intent::Invite { .. } => {
                return Err(Refusal::TooLateToUndo.into());
            }
        };
        Ok((auth, intent))
    }

    /// Whether what a request does can be undone at a press for a while, once it is done.
    pub(super) fn can_be_undone(&self, request: &Request) -> bool {
        request.undoes.is_none() && request.intent.is_reversible() && !self.rules.undo.is_zero()
    }

    /// Whether what a request did can still be undone at a press.
    pub(super) fn is_undoable(&self, request: &Request) -> bool {
        request.state == State::Applied
            && self.can_be_undone(request)
            && request
                .decided_at
                .is_some_and(|at| at.plus(self.rules.undo) > self.now())
    }
}

/// Why a request stopped fitting, by the refusal that its requester would get now.
fn unfit(refusal: &Refusal) -> Unfit {
    match refusal {
        Refusal::ClientNotFound { .. } | Refusal::OwnClass => Unfit::RequesterLostRole,
        Refusal::LastAdmin { .. } => Unfit::LastAdmin,
        Refusal::BalanceTooLow { .. }
        | Refusal::Spent { .. }
        | Refusal::NotGivenByYou { .. }
        | Refusal::NotEnoughCredit { .. } => Unfit::NotEnoughCredit,
        _ => Unfit::Changed,
    }
}
