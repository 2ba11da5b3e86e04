//! Taking credit back: a deduction, and the reversal of an earlier posting. Credits return to where they came from.

use crate::domain::client::Status;
use crate::domain::credits::{Amount, Credits};
use crate::domain::ids::{AccountId, ClientId, PostingId};
use crate::domain::invoice::{InvoiceStatus, Totals};
use crate::domain::money::{Money, cost};
use crate::domain::posting::{Entry, PostingKind, house_account};
use crate::domain::refusal::Refusal;
use crate::domain::request::{Deduct, Intent, Overdraft, Payer, Reverse, Settlement, Share};
use crate::domain::role::Role;
use crate::fault::Fault;
use crate::services::access::Authorised;
use crate::services::{House, Last};
use crate::store::clients::Client;
use crate::store::invoices::{Issued, NewNote};
use crate::store::ledger::{Move, NewPosting};
use crate::store::requests::Request;
use crate::store::{Stop, Tx};

/// What somebody fills in to deduct credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taking {
    /// From whom.
    pub client: ClientId,
    /// How much.
    pub amount: Amount,
    /// Why.
    pub reason: String,
}

/// What somebody fills in to take an earlier posting back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoing {
    /// Whose.
    pub client: ClientId,
    /// Which.
    pub posting: PostingId,
    /// How much; `None`: all that can be had.
    pub amount: Option<Amount>,
    /// Why.
    pub reason: String,
}

impl House {
    /// The intent behind a deduction, or why it cannot be had. Changes nothing.
    pub async fn intend_deduct(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        wish: Taking,
    ) -> Result<Intent, Stop> {
        let client = self.correctable(tx, auth, wish.client).await?;
        let reseller = own_balance(auth);
        if reseller == Some(wish.client) {
            return Err(Refusal::OwnAccount.into());
        }
        let givers = tx.givers(wish.client).await?;
        let given = |payer: Option<ClientId>| {
            let found = givers.iter().find(|(giver, _)| *giver == payer);
            found.map_or(0, |(_, given)| given.0)
        };
        let available = client
            .floor
            .checked_neg()
            .and_then(|limit| client.balance.checked_add(limit))
            .unwrap_or(client.balance);
        if available < wish.amount.credits() {
            return Err(Refusal::BalanceTooLow {
                client: client.name,
                available,
                amount: wish.amount,
            }
            .into());
        }
        let shares = if let Some(own) = reseller {
            // What others gave is not his to take.
            if given(Some(own)) < wish.amount.smallest() {
                return Err(Refusal::NotGivenByYou {
                    given: Credits(given(Some(own))),
                    amount: wish.amount,
                }
                .into());
            }
            vec![Share {
                payer: Payer::Reseller(own),
                amount: wish.amount,
            }]
        } else {
            shares(&givers, wish.amount)
        };
        Ok(Intent::Deduct(Deduct {
            client: wish.client,
            amount: wish.amount,
            reason: wish.reason,
            shares,
            reseller,
        }))
    }

    /// The client of a correction: suspended ones are corrected as well.
    async fn correctable(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        id: ClientId,
    ) -> Result<Client, Stop> {
        let client = self.view(tx, auth, id).await?;
        if !matches!(client.status, Status::Active | Status::Suspended) {
            return Err(Refusal::Uncorrectable {
                client: client.name,
                status: client.status,
            }
            .into());
        }
        Ok(client)
    }

    /// The intent behind a reversal, or why it cannot be had. Changes nothing.
    pub async fn intend_reverse(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        wish: Undoing,
    ) -> Result<Intent, Stop> {
        let client = self.correctable(tx, auth, wish.client).await?;
        let found = tx.posting(wish.posting).await?;
        let found = found.filter(|posting| {
            posting.client_id == Some(wish.client)
                && matches!(posting.kind, PostingKind::Add | PostingKind::Deduct)
        });
        let posting = found.ok_or(Refusal::PostingNotFound)?;
        if posting.reversed.is_some() {
            return Err(Refusal::AlreadyReversed.into());
        }
        let others = tx.other_entries(wish.posting).await?;
        let reseller = own_balance(auth);
        if let Some(own) = reseller
            && others.iter().any(|(_, whose, _)| *whose != Some(own))
        {
            return Err(Refusal::PostingNotFound.into());
        }
        let original = posting.amount.0.unsigned_abs();
        let original = i64::try_from(original)
            .ok()
            .and_then(|amount| Amount::try_from(amount).ok())
            .ok_or_else(|| Fault::internal("a posting out of bounds"))?;
        if let Some(asked) = wish.amount
            && asked > original
        {
            return Err(Refusal::MoreThanOriginal { original }.into());
        }
        // What is spent is out of reach; an overdraft is not used up by a correction.
        let within_reach = if posting.kind == PostingKind::Add {
            client.balance.max(Credits::ZERO)
        } else {
            self.reach_of_givers(tx, &others).await?
        };
        let asked = wish.amount.unwrap_or(original);
        let recovered = if wish.amount.is_some() {
            asked.smallest()
        } else {
            asked.smallest().min(within_reach.0)
        };
        let spent = Credits((original.smallest() - within_reach.0).max(0));
        let amount = match Amount::try_from(recovered) {
            Ok(amount) if amount.credits() <= within_reach => amount,
            _ => {
                return Err(Refusal::Spent {
                    spent,
                    left: Credits(within_reach.0.min(original.smallest())),
                }
                .into());
            }
        };
        let settlement = self.settlement(tx, &posting, amount).await?;
        Ok(Intent::Reverse(Reverse {
            client: wish.client,
            posting: wish.posting,
            kind: posting.kind,
            original,
            asked: wish.amount,
            amount,
            spent,
            reason: wish.reason,
            settlement,
            reseller,
        }))
    }

    /// How much of a deduction those who received it can give back.
    async fn reach_of_givers(
        &self,
        tx: &mut Tx,
        others: &[(AccountId, Option<ClientId>, Credits)],
    ) -> Result<Credits, Fault> {
        let mut reach = 0_i64;
        for (_, whose, gained) in others {
            let has = match whose {
                None => gained.0,
                Some(reseller) => {
                    let client = tx
                        .client(*reseller, crate::store::clients::Scope::House)
                        .await?;
                    client.map_or(0, |client| client.balance.0.clamp(0, gained.0))
                }
            };
            reach = reach.saturating_add(has);
        }
        Ok(Credits(reach))
    }

    /// What becomes of the invoice of a posting of which so much is taken back.
    async fn settlement(
        &self,
        tx: &mut Tx,
        posting: &Move,
        amount: Amount,
    ) -> Result<Settlement, Stop> {
        if posting.kind != PostingKind::Add {
            return Ok(Settlement::None);
        }
        let invoice = tx.invoice_of_posting(posting.id).await?;
        let invoice = invoice.ok_or_else(|| Fault::internal("credit without its invoice"))?;
        let all = amount.smallest() == invoice.credits;
        match invoice.status {
            InvoiceStatus::Unpaid if all && invoice.credited == Money(0) => {
                Ok(Settlement::Void(invoice.id))
            }
            InvoiceStatus::Unpaid | InvoiceStatus::Paid => {
                let totals = self.covered(&invoice, amount).ok_or(Refusal::TooDear)?;
                Ok(Settlement::Note(invoice.id, totals))
            }
            InvoiceStatus::Voided => Ok(Settlement::None),
        }
    }

    /// The money of a credit note for so many of an invoice's credits: at the invoice's own price and tax, and never more
    /// than is left of it.
    fn covered(&self, invoice: &Issued, amount: Amount) -> Option<Totals> {
        let part = |whole: Money| {
            let product = i128::from(whole.0) * i128::from(amount.smallest());
            i64::try_from(product / i128::from(invoice.credits))
                .ok()
                .map(Money)
        };
        let all = amount.smallest() == invoice.credits;
        let net = if all {
            invoice.net
        } else {
            cost(
                amount.credits(),
                self.rules.unit,
                invoice.price,
                &self.rules.currency,
            )?
        };
        let tax = if all { invoice.tax } else { part(invoice.tax)? };
        let total = net.0.checked_add(tax.0)?;
        let left = invoice.total.0.checked_sub(invoice.credited.0)?;
        let cut = (total - left).max(0);
        Some(Totals {
            price: invoice.price,
            net: Money(net.0 - cut.min(net.0)),
            tax: Money(tax.0 - (cut - cut.min(net.0))),
            total: Money(total - cut),
        })
    }

    /// The intent behind an overdraft limit, or why it cannot be had. Changes nothing.
    pub async fn intend_overdraft(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        (client, limit): (ClientId, Credits),
    ) -> Result<Intent, Stop> {
        let found = self.correctable(tx, auth, client).await?;
        let before = found.floor.checked_neg().unwrap_or_default();
        if before == limit {
            return Err(Refusal::NothingChanges.into());
        }
        if found.balance.0 < -limit.0 {
            return Err(Refusal::BelowLimit {
                balance: found.balance,
            }
            .into());
        }
        Ok(Intent::Overdraft(Overdraft {
            client,
            before,
            limit,
        }))
    }

    /// What is to be done last to deduct.
    pub(in crate::services) fn deducted(
        &self,
        request: &Request,
        deduct: &Deduct,
    ) -> Result<Last, Fault> {
        let mut entries = vec![Entry {
            account: AccountId(deduct.client.0),
            amount: negative(deduct.amount)?,
        }];
        for share in &deduct.shares {
            entries.push(Entry {
                account: match share.payer {
                    Payer::House => house_account(self.random.number().cast_signed()),
                    Payer::Reseller(reseller) => AccountId(reseller.0),
                },
                amount: share.amount.credits(),
            });
        }
        let posting = self.taking(request, PostingKind::Deduct, deduct.client, None);
        Ok(Last {
            posting: Some((posting, entries)),
            ..Last::default()
        })
    }

    /// What is to be done last to take a posting back; its invoice is voided at once.
    pub(in crate::services) async fn reversed(
        &self,
        tx: &mut Tx,
        request: &Request,
        reverse: &Reverse,
    ) -> Result<Last, Fault> {
        let sign = if reverse.kind == PostingKind::Add {
            -1
        } else {
            1
        };
        let mut entries = vec![Entry {
            account: AccountId(reverse.client.0),
            amount: Credits(sign * reverse.amount.smallest()),
        }];
        let mut left = reverse.amount.smallest();
        for (account, whose, moved) in tx.other_entries(reverse.posting).await? {
            let most = moved.0.saturating_abs();
            let has = match whose {
                Some(reseller) if sign > 0 => {
                    let client = tx
                        .client(reseller, crate::store::clients::Scope::House)
                        .await?;
                    client.map_or(0, |client| client.balance.0.clamp(0, most))
                }
                _ => most,
            };
            let part = has.min(left);
            if part > 0 {
                entries.push(Entry {
                    account,
                    amount: Credits(-sign * part),
                });
                left -= part;
            }
        }
        if left > 0 {
            return Err(Fault::internal("a locked balance moved"));
        }
        let note = match reverse.settlement {
            Settlement::None => None,
            Settlement::Void(invoice) => {
                tx.void_invoice(invoice).await?;
                None
            }
            Settlement::Note(invoice, totals) => Some(NewNote {
                id: self.ids.next(),
                invoice,
                credits: reverse.amount.smallest(),
                totals,
                reason: reverse.reason.clone(),
                request: request.id,
                at: self.now(),
            }),
        };
        let posting = self.taking(
            request,
            PostingKind::Reversal,
            reverse.client,
            Some(reverse.posting),
        );
        Ok(Last {
            posting: Some((posting, entries)),
            note,
            ..Last::default()
        })
    }

    fn taking(
        &self,
        request: &Request,
        kind: PostingKind,
        client: ClientId,
        reversed: Option<PostingId>,
    ) -> NewPosting {
        NewPosting {
            id: PostingId(self.ids.next()),
            kind,
            key: format!("request:{}", request.id),
            digest: request.digest.clone(),
            client: Some(client),
            request: Some(request.id),
            reversed,
            person: Some(request.requester),
            at: self.now(),
        }
    }

    /// What a client was added and deducted lately and what of it can still be taken back, for somebody who may, newest
    /// first. A reseller sees what he gave or took himself.
    pub async fn recent_postings(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        client: ClientId,
        page: usize,
    ) -> Result<Vec<Move>, Stop> {
        self.view(tx, auth, client).await?;
        let limit = i64::try_from(page).unwrap_or(i64::MAX);
        Ok(tx
            .reversible_postings(client, own_balance(auth), limit)
            .await?)
    }
}

/// The reseller whose own balance stands behind what he does; `None` for staff.
fn own_balance(auth: &Authorised) -> Option<ClientId> {
    (auth.role() == Role::Reseller)
        .then(|| auth.actor().client)
        .flatten()
}

fn negative(amount: Amount) -> Result<Credits, Fault> {
    let negative = amount.credits().checked_neg();
    negative.ok_or_else(|| Fault::internal("an amount without its opposite"))
}

/// To whom deducted credits return: first to the house as far as it gave them, then to the resellers who gave the rest;
/// whatever nobody gave is the house's.
fn shares(givers: &[(Option<ClientId>, Credits)], amount: Amount) -> Vec<Share> {
    let mut left = amount.smallest();
    let mut house = 0;
    let mut shares = Vec::new();
    let (own, resellers): (Vec<_>, Vec<_>) = givers.iter().partition(|(giver, _)| giver.is_none());
    for (giver, given) in own.into_iter().chain(resellers) {
        let part = given.0.min(left);
        left -= part;
        match giver {
            None => house += part,
            Some(reseller) => shares.extend(Amount::try_from(part).ok().map(|amount| Share {
                payer: Payer::Reseller(reseller),
                amount,
            })),
        }
    }
    let house = Amount::try_from(house + left).ok();
    shares.extend(house.map(|amount| Share {
        payer: Payer::House,
        amount,
    }));
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_return_to_where_they_came_from() {
        let check =
            |givers: &[(Option<i64>, i64)], amount: i64, expected: &[(Option<i64>, i64)]| {
                let givers: Vec<_> = givers
                    .iter()
                    .map(|(giver, given)| (giver.map(ClientId), Credits(*given)))
                    .collect();
                let found: Vec<_> = shares(&givers, Amount::try_from(amount).unwrap())
                    .into_iter()
                    .map(|share| match share.payer {
                        Payer::House => (None, share.amount.smallest()),
                        Payer::Reseller(reseller) => (Some(reseller.0), share.amount.smallest()),
                    })
                    .collect();
                assert_eq!(found, expected);
            };
        check(&[(None, 100)], 30, &[(None, 30)]);
        check(&[(Some(7), 100)], 30, &[(Some(7), 30)]);
        check(
            &[(None, 20), (Some(7), 100)],
            30,
            &[(Some(7), 10), (None, 20)],
        );
        check(&[(Some(7), 10)], 30, &[(Some(7), 10), (None, 20)]);
        check(&[], 30, &[(None, 30)]);
    }
}
