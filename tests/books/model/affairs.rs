//! The business behind the approvals, as a model that can be checked by eye: what clients have and owe. What can be asked
//! for at today's facts is [`intending`]; what is done when it is applied, [`applying`].

mod applying;
mod intending;

use std::collections::BTreeMap;

use bursar::domain::client::{Class, Status};
use bursar::domain::credits::Amount;
use bursar::domain::invoice::{InvoiceStatus, Mode};
use bursar::domain::money::TaxRate;
use bursar::domain::refusal::Refusal;
use bursar::domain::role::Role;

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

fn positive(amount: i64) -> Amount {
    Amount::try_from(amount).unwrap()
}
