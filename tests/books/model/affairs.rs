//! The business behind the approvals, as a model that can be checked by eye: what clients have and owe, what can be asked
//! for at today's facts, and what is done when it is applied.

use std::collections::BTreeMap;

use bursar::domain::client::{Class, Status};
use bursar::domain::credits::{Amount, CreditUnit, Credits};
use bursar::domain::ids::ClientId;
use bursar::domain::invoice::{InvoiceStatus, Mode, number, totals};
use bursar::domain::money::{Currency, Money, TaxRate, UnitPrice};
use bursar::domain::refusal::Refusal;
use bursar::domain::request::Unfit;
use bursar::domain::role::Role;

use super::real::CLIENTS;

/// A client, by place in the list.
pub type Whom = usize;
/// A request, by place in the list; postings and invoices are named by the request that made them.
pub type Of = usize;

pub const PRICE: i64 = 50_000;
const TAX: TaxRate = TaxRate(2_000);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub name: &'static str,
    pub class: Class,
    pub above: Option<Whom>,
    pub status: Status,
    pub price: Option<i64>,
    /// What a reseller's clients pay who have no price of their own.
    pub resale: Option<i64>,
    pub balance: i64,
}

/// What somebody wants; of a reseller for himself, the client is his own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    Add {
        client: Whom,
        amount: i64,
        mode: Mode,
        note: bool,
        himself: bool,
    },
    Deduct {
        client: Whom,
        amount: i64,
    },
    /// Takes a posting of a client back, all that can be had where no amount is said.
    Reverse {
        client: Whom,
        of: Of,
        amount: Option<i64>,
    },
    Pay {
        of: Of,
        reference: String,
    },
    Unpay(Of),
    Void(Of),
    Class {
        client: Whom,
        after: Class,
        heir: Option<Whom>,
    },
    Move {
        client: Whom,
        after: Option<Whom>,
    },
}

/// What is done when a wish is applied, as it was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facts {
    Add {
        payer: Option<Whom>,
        price: i64,
        unusual: bool,
    },
    Deduct {
        shares: Vec<(Option<Whom>, i64)>,
        own: bool,
    },
    Reverse {
        amount: i64,
        settlement: Settlement,
        own: bool,
    },
    Pay {
        left: i64,
        /// Prepaid credit that lands, and who gives it.
        release: Option<(i64, Option<Whom>)>,
    },
    Unpay {
        left: i64,
        reference: String,
        released: bool,
    },
    Void {
        left: i64,
    },
    Class {
        before: Class,
        heir: Option<Whom>,
    },
    Move {
        before: Option<Whom>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    None,
    Void,
    /// A credit note of so much.
    Note(i64),
}

/// Credit that was added or deducted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    pub client: Whom,
    pub is_add: bool,
    pub amount: i64,
    /// Who gave it or got it, and how much; `None`: the house.
    others: Vec<(Option<Whom>, i64)>,
    /// The invoice that it is for.
    invoice: Option<Of>,
    /// How much of it was taken back.
    back: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    pub name: String,
    pub issuer: Option<Whom>,
    pub client: Whom,
    pub mode: Mode,
    pub credits: i64,
    pub price: i64,
    pub tax: i64,
    pub total: i64,
    pub credited: i64,
    pub status: InvoiceStatus,
    pub reference: Option<String>,
    /// The request whose posting it is for.
    pub posting: Option<Of>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affairs {
    pub clients: Vec<Client>,
    pub postings: BTreeMap<Of, Posting>,
    pub invoices: BTreeMap<Of, Invoice>,
    /// Every posting of whatever kind.
    pub count: usize,
    pub notes: usize,
    /// What each gave to each client and did not take back; `None`: the house.
    given: BTreeMap<(Whom, Option<Whom>), i64>,
}

/// By what right: the role, and the client of a reseller.
pub type Right = (Role, Option<Whom>);

type Intended = Result<Facts, Refusal>;

impl Wish {
    /// The client whom it is about.
    pub fn client(&self, affairs: &Affairs) -> Whom {
        match self {
            Self::Add { client, .. }
            | Self::Deduct { client, .. }
            | Self::Reverse { client, .. }
            | Self::Class { client, .. }
            | Self::Move { client, .. } => *client,
            Self::Pay { of, .. } | Self::Unpay(of) | Self::Void(of) => affairs.invoices[of].client,
        }
    }

    /// The client who is typed beside it; an invoice names itself.
    pub fn typed_client(&self) -> Option<Whom> {
        match self {
            Self::Pay { .. } | Self::Unpay(_) | Self::Void(_) => None,
            Self::Add { client, .. }
            | Self::Deduct { client, .. }
            | Self::Reverse { client, .. }
            | Self::Class { client, .. }
            | Self::Move { client, .. } => Some(*client),
        }
    }

    pub fn is_for_himself(&self) -> bool {
        matches!(self, Self::Add { himself: true, .. })
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Add { .. } => "add",
            Self::Deduct { .. } => "deduct",
            Self::Reverse { .. } => "reverse",
            Self::Pay { .. } => "pay",
            Self::Unpay(_) => "unpay",
            Self::Void(_) => "void",
            Self::Class { .. } => "class",
            Self::Move { .. } => "move",
        }
    }
}

impl Affairs {
    pub fn new(clients: Vec<Client>) -> Self {
        Self {
            clients,
            postings: BTreeMap::new(),
            invoices: BTreeMap::new(),
            count: 0,
            notes: 0,
            given: BTreeMap::new(),
        }
    }

    /// Whether a client is below another one, however far.
    fn is_below(&self, client: Whom, top: Whom) -> bool {
        let mut above = self.clients[client].above;
        while let Some(next) = above {
            if next == top {
                return true;
            }
            above = self.clients[next].above;
        }
        false
    }

    pub fn in_scope(&self, (role, own): Right, client: Whom) -> bool {
        role != Role::Reseller
            || own.is_some_and(|own| {
                // Who is no reseller any more has nobody, not even himself.
                let himself = own == client && self.clients[own].class == Class::Reseller;
                himself || self.is_below(client, own)
            })
    }

    fn below(&self, client: Whom) -> usize {
        let all = 0..self.clients.len();
        all.filter(|other| self.is_below(*other, client)).count()
    }

    fn price(&self, client: Whom, mode: Mode) -> i64 {
        if mode == Mode::Gift {
            return 0;
        }
        let Client { price, above, .. } = self.clients[client];
        let resale = above.and_then(|above| self.clients[above].resale);
        price.or(resale).unwrap_or(PRICE)
    }

    /// More than 25 times the median of five additions or more.
    fn is_unusual(&self, client: Whom, amount: i64) -> bool {
        let adds = self.postings.values();
        let mut adds: Vec<_> = adds
            .filter(|posting| posting.is_add && posting.client == client)
            .map(|posting| posting.amount)
            .collect();
        adds.sort_unstable();
        adds.len() >= 5 && amount > 25 * adds[adds.len() / 2]
    }

    fn given(&self, client: Whom, giver: Option<Whom>) -> i64 {
        self.given
            .get(&(client, giver))
            .copied()
            .unwrap_or_default()
    }

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
    fn can_give(&self, other: Option<Whom>, part: i64) -> i64 {
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

impl Invoice {
    fn left(&self) -> i64 {
        self.total - self.credited
    }

    /// What so many of its credits come to, tax rounded down.
    fn part(&self, credits: i64) -> i64 {
        if credits == self.credits {
            return self.total;
        }
        // At these prices a credit costs whole cents.
        credits * self.price / 10_000 + self.tax * credits / self.credits
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

fn positive(amount: i64) -> Amount {
    Amount::try_from(amount).unwrap()
}
