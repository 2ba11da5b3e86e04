//! What is done when a wish is applied, and the wish that undoes it.

use bursar::domain::client::Status;
use bursar::domain::credits::CreditUnit;
use bursar::domain::invoice::{InvoiceStatus, Mode, number, totals};
use bursar::domain::money::{Currency, Money, UnitPrice};
use bursar::domain::refusal::Refusal;
use bursar::domain::request::Unfit;

use super::{Affairs, Facts, Invoice, Of, Posting, Right, Settlement, TAX, Whom, Wish, positive};

impl Affairs {
    /// What takes back what was done; `None`: nothing does.
    pub fn undoing(of: Of, wish: &Wish, facts: &Facts) -> Option<Wish> {
        match (wish, facts) {
            (Wish::Add { mode, himself, .. }, _) if *mode == Mode::Prepaid || *himself => None,
            (Wish::Add { client, amount, .. } | Wish::Deduct { client, amount }, _) => {
                Some(Wish::Reverse {
                    client: *client,
                    of,
                    amount: Some(*amount),
                })
            }
            (Wish::Pay { of, .. }, Facts::Pay { release: None, .. }) => Some(Wish::Unpay(*of)),
            (
                Wish::Unpay(of),
                Facts::Unpay {
                    released: false,
                    reference,
                    ..
                },
            ) => Some(Wish::Pay {
                of: *of,
                reference: reference.clone(),
            }),
            (Wish::Class { client, .. }, Facts::Class { before, heir: None }) => {
                Some(Wish::Class {
                    client: *client,
                    after: *before,
                    heir: None,
                })
            }
            (Wish::Move { client, .. }, Facts::Move { before }) => Some(Wish::Move {
                client: *client,
                after: *before,
            }),
            _ => None,
        }
    }

    /// Does what was shown, if it is still that; else says why it fits no more.
    pub fn apply(
        &mut self,
        of: Of,
        (wish, facts): (&Wish, &Facts),
        right: Right,
    ) -> Result<(), Unfit> {
        if let (Wish::Add { .. }, Facts::Add { payer, price, .. }) = (wish, facts) {
            return self.add(of, wish, (*payer, *price), right);
        }
        match self.intend(wish, right) {
            Ok(now) if now == *facts => {}
            Err(Refusal::ClientNotFound { .. }) => return Err(Unfit::RequesterLostRole),
            Err(
                Refusal::BalanceTooLow { .. }
                | Refusal::Spent { .. }
                | Refusal::NotGivenByYou { .. },
            ) => return Err(Unfit::NotEnoughCredit),
            Ok(_) | Err(_) => return Err(Unfit::Changed),
        }
        match (wish, facts) {
            (Wish::Deduct { client, amount }, Facts::Deduct { shares, .. }) => {
                self.count += 1;
                self.clients[*client].balance -= amount;
                for (other, part) in shares {
                    self.moves(*client, *other, -part);
                }
                let posting = Posting {
                    client: *client,
                    is_add: false,
                    amount: *amount,
                    // In the order of accounts: the house's are the first ones.
                    others: {
                        let mut others = shares.clone();
                        others.sort_unstable();
                        others
                    },
                    invoice: None,
                    back: None,
                };
                self.postings.insert(of, posting);
            }
            (
                Wish::Reverse { client, of, .. },
                Facts::Reverse {
                    amount, settlement, ..
                },
            ) => self.reverse(*client, *of, *amount, *settlement),
            (
                Wish::Pay {
                    of: invoice,
                    reference,
                },
                Facts::Pay { release, .. },
            ) => {
                let client = self.invoices[invoice].client;
                if let Some((credits, payer)) = release {
                    self.gives(of, (client, *credits), *payer, *invoice);
                }
                let paid = self.invoices.get_mut(invoice).unwrap();
                paid.status = InvoiceStatus::Paid;
                paid.reference = Some(reference.clone());
            }
            (Wish::Unpay(of), _) => {
                let unpaid = self.invoices.get_mut(of).unwrap();
                unpaid.status = InvoiceStatus::Unpaid;
                unpaid.reference = None;
            }
            (Wish::Void(of), _) => {
                self.invoices.get_mut(of).unwrap().status = InvoiceStatus::Voided;
            }
            (
                Wish::Class {
                    client,
                    after,
                    heir,
                },
                _,
            ) => {
                if heir.is_some() {
                    for other in &mut self.clients {
                        if other.above == Some(*client) {
                            other.above = *heir;
                        }
                    }
                }
                self.clients[*client].class = *after;
            }
            (Wish::Move { client, after }, _) => self.clients[*client].above = *after,
            _ => unreachable!("{wish:?} shown as {facts:?}"),
        }
        Ok(())
    }

    fn add(
        &mut self,
        of: Of,
        wish: &Wish,
        (payer, shown): (Option<Whom>, i64),
        right: Right,
    ) -> Result<(), Unfit> {
        let Wish::Add {
            client,
            amount,
            mode,
            ..
        } = *wish
        else {
            unreachable!("{wish:?}");
        };
        if self.clients[client].status != Status::Active {
            return Err(Unfit::ClientNotActive);
        }
        if !self.in_scope(right, client) {
            return Err(Unfit::RequesterLostRole);
        }
        if self.price(client, mode) != shown {
            return Err(Unfit::PriceChanged);
        }
        if let Some(payer) = payer {
            if self.clients[payer].status != Status::Active {
                return Err(Unfit::PayerNotActive);
            }
            if mode != Mode::Prepaid && self.clients[payer].balance < amount {
                return Err(Unfit::NotEnoughCredit);
            }
        }
        let unit = CreditUnit::new(0);
        let euro = Currency {
            code: "EUR".to_owned(),
            exponent: 2,
        };
        let price = UnitPrice(shown);
        let asked = totals(positive(amount), mode, unit, price, TAX, &euro).unwrap();
        let of_issuer = |invoice: &&Invoice| invoice.issuer == payer;
        let last = self.invoices.values().filter(of_issuer).count();
        let prefix = payer.map_or("INV".to_owned(), |payer| {
            format!("{}-INV", self.clients[payer].name)
        });
        let invoice = Invoice {
            name: number(&prefix, i64::try_from(last).unwrap() + 1),
            issuer: payer,
            client,
            mode,
            credits: amount,
            price: shown,
            tax: asked.tax.0,
            total: asked.total.0,
            credited: 0,
            status: match asked.total {
                Money(0) => InvoiceStatus::Paid,
                _ => InvoiceStatus::Unpaid,
            },
            reference: None,
            posting: None,
        };
        self.invoices.insert(of, invoice);
        if mode != Mode::Prepaid {
            self.gives(of, (client, amount), payer, of);
        }
        Ok(())
    }

    /// Credit lands with a client, for an invoice.
    fn gives(&mut self, of: Of, (client, amount): (Whom, i64), payer: Option<Whom>, invoice: Of) {
        self.count += 1;
        self.clients[client].balance += amount;
        self.moves(client, payer, amount);
        self.invoices.get_mut(&invoice).unwrap().posting = Some(of);
        let posting = Posting {
            client,
            is_add: true,
            amount,
            others: vec![(payer, amount)],
            invoice: Some(invoice),
            back: None,
        };
        self.postings.insert(of, posting);
    }

    /// One side gives a client so much, or takes it.
    fn moves(&mut self, client: Whom, other: Option<Whom>, amount: i64) {
        *self.given.entry((client, other)).or_default() += amount;
        if let Some(other) = other {
            self.clients[other].balance -= amount;
        }
    }

    fn reverse(&mut self, client: Whom, of: Of, amount: i64, settlement: Settlement) {
        self.count += 1;
        let posting = self.postings.get_mut(&of).unwrap();
        posting.back = Some(amount);
        let (is_add, others, invoice) = (posting.is_add, posting.others.clone(), posting.invoice);
        let mut left = amount;
        for (other, most) in others {
            let has = if is_add {
                most
            } else {
                self.can_give(other, most)
            };
            let part = has.min(left);
            left -= part;
            self.moves(client, other, if is_add { -part } else { part });
        }
        self.clients[client].balance += if is_add { -amount } else { amount };
        match (settlement, invoice) {
            (Settlement::Void, Some(of)) => {
                self.invoices.get_mut(&of).unwrap().status = InvoiceStatus::Voided;
            }
            (Settlement::Note(total), Some(of)) => {
                self.notes += 1;
                self.invoices.get_mut(&of).unwrap().credited += total;
            }
            _ => {}
        }
    }
}
