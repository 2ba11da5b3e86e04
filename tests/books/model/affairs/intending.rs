//! What can be asked for, at today's facts.

use bursar::domain::client::{Class, Status};
use bursar::domain::credits::Credits;
use bursar::domain::ids::ClientId;
use bursar::domain::invoice::{InvoiceStatus, Mode};
use bursar::domain::refusal::Refusal;
use bursar::domain::role::Role;

use super::super::real::CLIENTS;
use super::{
    Affairs, Client, Facts, Intended, Invoice, Of, Right, Settlement, Whom, Wish, positive,
};

impl Affairs {
    /// What a wish comes to at today's facts, or why it cannot be had.
    pub fn intend(&self, wish: &Wish, right: Right) -> Intended {
        let (role, own) = right;
        let reseller = own.filter(|_| role == Role::Reseller);
        if let Some(client) = wish.typed_client()
            && !self.in_scope(right, client)
        {
            // Nothing was typed that could be repeated: he was found, or is the reseller himself.
            let query = String::new();
            return Err(Refusal::ClientNotFound { query });
        }
        match *wish {
            Wish::Add {
                client,
                amount,
                mode,
                note,
                himself,
            } => {
                active(&self.clients[client])?;
                if mode == Mode::Gift && !note {
                    return Err(Refusal::ReasonRequired);
                }
                let payer = reseller.filter(|_| !himself);
                if let Some(payer) = payer {
                    self.may_give(payer, client, amount)?;
                }
                Ok(Facts::Add {
                    payer,
                    price: self.price(client, mode),
                    unusual: payer.is_none() && self.is_unusual(client, amount),
                })
            }
            Wish::Deduct { client, amount } => {
                if reseller == Some(client) {
                    return Err(Refusal::OwnAccount);
                }
                self.has(client, amount)?;
                let shares = match reseller {
                    Some(own) if self.given(client, Some(own)) < amount => {
                        return Err(Refusal::NotGivenByYou {
                            given: Credits(self.given(client, Some(own)).max(0)),
                            amount: positive(amount),
                        });
                    }
                    Some(own) => vec![(Some(own), amount)],
                    None => self.shares(client, amount),
                };
                let own = reseller.is_some();
                Ok(Facts::Deduct { shares, own })
            }
            Wish::Reverse { client, of, amount } => self.reversal(client, of, amount, reseller),
            Wish::Pay { of, ref reference } => self.payment(of, reference),
            Wish::Unpay(of) => {
                let invoice = self.standing(of, &[InvoiceStatus::Paid])?;
                let number = invoice.name.clone();
                let Some(reference) = invoice.reference.clone() else {
                    return Err(Refusal::NothingWasPaid { number });
                };
                let prepaid = invoice.mode == Mode::Prepaid;
                let released = invoice.posting.filter(|_| prepaid);
                if released.is_some_and(|of| self.postings[&of].back != Some(invoice.credits)) {
                    return Err(Refusal::CreditLanded { number });
                }
                Ok(Facts::Unpay {
                    left: invoice.left(),
                    reference,
                    released: released.is_some(),
                })
            }
            Wish::Void(of) => {
                let invoice = self.standing(of, &[InvoiceStatus::Unpaid])?;
                let number = invoice.name.clone();
                if invoice.credited > 0 {
                    return Err(Refusal::InvoiceCredited { number });
                }
                if invoice.posting.is_some() {
                    return Err(Refusal::VoidByReverse { number });
                }
                let left = invoice.left();
                Ok(Facts::Void { left })
            }
            Wish::Class {
                client,
                after,
                heir,
            } => {
                let before = self.changed(client, own, |found| found.class != after)?;
                let clients = if before.class == Class::Reseller {
                    self.below(client)
                } else {
                    0
                };
                match heir {
                    None if clients > 0 => {
                        let clients = i64::try_from(clients).unwrap();
                        return Err(Refusal::HasClients { clients });
                    }
                    Some(heir) if clients == 0 => {
                        let typed = format!("heir #{}", ClientId(CLIENTS[heir].1));
                        return Err(Refusal::Leftover { typed });
                    }
                    Some(heir) => self.reseller(client, heir, "heir")?,
                    None => {}
                }
                let before = before.class;
                Ok(Facts::Class { before, heir })
            }
            Wish::Move { client, after } => {
                let before = self.changed(client, own, |found| found.above != after)?;
                if let Some(after) = after {
                    self.reseller(client, after, "reseller")?;
                }
                let before = before.above;
                Ok(Facts::Move { before })
            }
        }
    }

    fn may_give(&self, payer: Whom, client: Whom, amount: i64) -> Result<(), Refusal> {
        let Client {
            status, balance, ..
        } = self.clients[payer];
        if payer == client {
            return Err(Refusal::OwnAccount);
        }
        if status != Status::Active {
            return Err(Refusal::OwnStatus { status });
        }
        if balance < amount {
            return Err(Refusal::NotEnoughCredit {
                balance: Credits(balance),
                amount: positive(amount),
            });
        }
        Ok(())
    }

    fn has(&self, client: Whom, amount: i64) -> Result<(), Refusal> {
        let client = &self.clients[client];
        if client.balance >= amount {
            return Ok(());
        }
        Err(Refusal::BalanceTooLow {
            client: client.name.to_owned(),
            available: Credits(client.balance),
            amount: positive(amount),
        })
    }

    /// First the house takes back what it gave, then each reseller; what nobody gave is the house's.
    fn shares(&self, client: Whom, amount: i64) -> Vec<(Option<Whom>, i64)> {
        let mut house = amount.min(self.given(client, None).max(0));
        let mut left = amount - house;
        let mut shares = Vec::new();
        for reseller in 0..self.clients.len() {
            let part = left.min(self.given(client, Some(reseller)).max(0));
            if part > 0 {
                shares.push((Some(reseller), part));
                left -= part;
            }
        }
        house += left;
        if house > 0 {
            shares.push((None, house));
        }
        shares
    }

    fn reversal(
        &self,
        client: Whom,
        of: Of,
        asked: Option<i64>,
        reseller: Option<Whom>,
    ) -> Intended {
        let posting = &self.postings[&of];
        if posting.client != client {
            return Err(Refusal::PostingNotFound);
        }
        if posting.back.is_some() {
            return Err(Refusal::AlreadyReversed);
        }
        let others = posting.others.iter();
        if reseller.is_some() && others.clone().any(|(other, _)| *other != reseller) {
            return Err(Refusal::PostingNotFound);
        }
        let original = posting.amount;
        if asked.is_some_and(|asked| asked > original) {
            return Err(Refusal::MoreThanOriginal {
                original: positive(original),
            });
        }
        let reach: i64 = if posting.is_add {
            self.clients[client].balance
        } else {
            others
                .map(|(other, part)| self.can_give(*other, *part))
                .sum()
        };
        let amount = asked.unwrap_or(original.min(reach));
        if amount == 0 || amount > reach {
            return Err(Refusal::Spent {
                spent: Credits((original - reach).max(0)),
                left: Credits(reach.min(original)),
            });
        }
        let settlement = match posting.invoice.map(|of| &self.invoices[&of]) {
            None => Settlement::None,
            Some(invoice) if invoice.status == InvoiceStatus::Voided => Settlement::None,
            Some(invoice) => {
                let all = amount == invoice.credits;
                if all && invoice.status == InvoiceStatus::Unpaid && invoice.credited == 0 {
                    Settlement::Void
                } else {
                    Settlement::Note(invoice.part(amount).min(invoice.left()))
                }
            }
        };
        Ok(Facts::Reverse {
            amount,
            settlement,
            own: reseller.is_some(),
        })
    }

    /// What one side of a deduction can give back of its part.
    pub(super) fn can_give(&self, other: Option<Whom>, part: i64) -> i64 {
        other.map_or(part, |reseller| self.clients[reseller].balance.min(part))
    }

    fn payment(&self, of: Of, reference: &str) -> Intended {
        let invoice = self.standing(of, &[InvoiceStatus::Unpaid])?;
        if invoice.left() == 0 {
            let number = invoice.name.clone();
            return Err(Refusal::InvoiceCovered { number });
        }
        let uses = |other: &&Invoice| other.reference.as_deref() == Some(reference);
        if let Some(other) = self.invoices.values().find(uses) {
            return Err(Refusal::ReferenceUsed {
                reference: reference.to_owned(),
                number: other.name.clone(),
            });
        }
        let awaited = invoice.mode == Mode::Prepaid && invoice.posting.is_none();
        let release = if awaited {
            active(&self.clients[invoice.client])?;
            if let Some(issuer) = invoice.issuer {
                active(&self.clients[issuer])?;
                self.has(issuer, invoice.credits)?;
            }
            Some((invoice.credits, invoice.issuer))
        } else {
            None
        };
        let left = invoice.left();
        Ok(Facts::Pay { left, release })
    }

    fn standing(&self, of: Of, may: &[InvoiceStatus]) -> Result<&Invoice, Refusal> {
        let invoice = &self.invoices[&of];
        if may.contains(&invoice.status) {
            return Ok(invoice);
        }
        Err(Refusal::InvoiceStands {
            number: invoice.name.clone(),
            status: invoice.status,
        })
    }

    fn changed(
        &self,
        client: Whom,
        own: Option<Whom>,
        changes: impl Fn(&Client) -> bool,
    ) -> Result<&Client, Refusal> {
        if own == Some(client) {
            return Err(Refusal::OwnClient);
        }
        let found = &self.clients[client];
        changes(found)
            .then_some(found)
            .ok_or(Refusal::NothingChanges)
    }

    /// Whether clients can go to this one.
    fn reseller(&self, client: Whom, to: Whom, option: &'static str) -> Result<(), Refusal> {
        let Client {
            name,
            class,
            status,
            ..
        } = self.clients[to];
        let name = name.to_owned();
        if to == client || self.is_below(to, client) {
            return Err(Refusal::Circle {
                option,
                client: name,
            });
        }
        if class != Class::Reseller || status != Status::Active {
            return Err(Refusal::NoReseller {
                option,
                client: name,
            });
        }
        Ok(())
    }
}

fn active(client: &Client) -> Result<(), Refusal> {
    if client.status == Status::Active {
        return Ok(());
    }
    Err(Refusal::ClientStatus {
        client: client.name.to_owned(),
        status: client.status,
    })
}
