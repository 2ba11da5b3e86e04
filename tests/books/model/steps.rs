//! What may happen in a sequence, and how likely.

use bursar::chat::{Identity, Place};
use bursar::domain::client::{Class, Status};
use bursar::domain::invoice::{InvoiceStatus, Mode};
use bursar::domain::role::Role;
use proptest::prelude::*;
use proptest::sample::select;

use super::affairs::{Affairs, Whom, Wish};
use super::real::ACCOUNTS;
use super::spec::Verb;
use crate::desk::{ADMIN_ROLE, AUDITOR_ROLE, FINANCE_ROLE, SUPPORT_ROLE};

/// Who presses.
#[derive(Debug, Clone, Copy)]
pub enum Presser {
    /// The requester himself, by one of his accounts.
    Requester(usize),
    /// One of those who may decide just now.
    Approver(usize),
    Account(Identity),
}

/// On which request, counted from the newest.
#[derive(Debug, Clone, Copy)]
pub enum On {
    /// Of those that stand where the button would be.
    Open(usize),
    Any(usize),
}

#[derive(Debug, Clone, Copy)]
pub struct Press {
    pub who: Presser,
    /// Where he is; `None`: where he usually is.
    pub place: Option<Place>,
    pub verb: Verb,
    pub on: On,
    pub honest: bool,
}

/// What happens to a request that waits, so that it fits no more.
#[derive(Debug, Clone, Copy)]
pub enum Spoil {
    Suspend,
    Reprice,
    DemoteRequester,
    DemoteApprover,
    SpendPayer,
    /// Whoever was credited last uses it up.
    SpendCredit,
    /// Discord stops answering, and what was observed of its roles grows old.
    Silence,
}

/// What somebody wants; postings and invoices are counted from the newest.
#[derive(Debug, Clone)]
pub enum Wanted {
    Wish(Wish),
    Reverse { back: usize, amount: Option<i64> },
    Pay { back: usize, reference: usize },
    Unpay(usize),
    Void(usize),
}

impl Wanted {
    /// With what is there; `None` where there is nothing of the kind.
    pub fn found(self, affairs: &Affairs) -> Option<Wish> {
        // Of those with which it can be done, else of all: then it is refused.
        let invoice = |status: InvoiceStatus, back: usize| {
            let fits = affairs.invoices.iter().rev();
            let mut fits = fits.filter(|(_, invoice)| {
                invoice.status == status
                    && (status == InvoiceStatus::Unpaid || invoice.reference.is_some())
            });
            let of = fits
                .nth(back / 2)
                .or_else(|| affairs.invoices.iter().nth_back(back));
            of.map(|(of, _)| *of)
        };
        Some(match self {
            Self::Wish(wish) => wish,
            Self::Reverse { back, amount } => {
                let (of, posting) = affairs.postings.iter().nth_back(back)?;
                Wish::Reverse {
                    client: posting.client,
                    of: *of,
                    amount,
                }
            }
            Self::Pay { back, reference } => Wish::Pay {
                of: invoice(InvoiceStatus::Unpaid, back)?,
                reference: format!("REF {reference}"),
            },
            Self::Unpay(back) => Wish::Unpay(invoice(InvoiceStatus::Paid, back)?),
            Self::Void(back) => Wish::Void(invoice(InvoiceStatus::Unpaid, back)?),
        })
    }
}

/// What is done with a client about whom something else is asked.
#[derive(Debug, Clone, Copy)]
pub enum Crossing {
    Deduct(i64),
    /// A little of what was added last is taken back.
    Reverse,
    Move(Option<Whom>),
    Class(Class),
}

impl Crossing {
    /// With what is there of this client.
    pub fn found(self, client: Whom, affairs: &Affairs) -> Option<Wish> {
        Some(match self {
            Self::Deduct(amount) => Wish::Deduct { client, amount },
            Self::Reverse => {
                let mut his = affairs.postings.iter().rev();
                let (of, _) = his.find(|(_, posting)| posting.client == client)?;
                let (of, amount) = (*of, Some(1));
                Wish::Reverse { client, of, amount }
            }
            Self::Move(after) => Wish::Move { client, after },
            Self::Class(after) => Wish::Class {
                client,
                after,
                heir: None,
            },
        })
    }
}

#[derive(Debug, Clone)]
pub enum Step {
    Draft {
        who: Identity,
        place: Option<Place>,
        wish: Wanted,
    },
    /// A draft that is confirmed, and approved as far as it needs it.
    Through {
        who: Identity,
        wish: Wanted,
    },
    /// Something else is done with the client of the newest request that is open, so that what was shown holds no more.
    Cross {
        who: Identity,
        how: Crossing,
    },
    /// Somebody presses Undo on something that was done, counted from the newest.
    Undo {
        who: Presser,
        place: Option<Place>,
        back: usize,
    },
    Press(Press),
    /// Two presses at once.
    Both(Press, Press),
    /// The same press, delivered twice at once.
    Twice(Press),
    /// A press that is on its way for a while, with the roles of the moment at which it was made.
    Held(Press),
    /// One of those arrives.
    Arrives(usize),
    /// An event that came before comes again, counted from the newest.
    Again(usize),
    Wait(i64),
    Expire,
    Spoil(Spoil),
    /// Discord gives somebody these roles and takes all others.
    Roles(i64, Vec<i64>),
    Silence(bool),
    /// Somebody's role by code becomes another one.
    Code(usize, Option<Role>),
    Remove(usize),
    Status(Whom, Status),
    Price(Whom, Option<i64>),
    /// Credits are used up on the platform.
    Usage(Whom, i64),
}

fn place() -> impl Strategy<Value = Option<Place>> {
    use Place::{DirectMessage, Group, Guild, OtherGuild, PrivateChat, Unvouched};
    let odd = select(vec![
        Guild,
        OtherGuild,
        DirectMessage,
        PrivateChat,
        Group,
        Unvouched,
    ]);
    prop_oneof![12 => Just(None), 1 => odd.prop_map(Some)]
}

fn account() -> impl Strategy<Value = Identity> {
    select(ACCOUNTS.to_vec())
}

fn amount() -> impl Strategy<Value = i64> {
    select(vec![
        1, 50, 51, 100, 101, 400, 1_000, 1_001, 1_001, 1_001, 1_001,
    ])
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![3 => Just(Mode::OnAccount), 1 => Just(Mode::Gift), 2 => Just(Mode::Prepaid)]
}

fn add() -> impl Strategy<Value = Wish> {
    let flags = (prop::bool::weighted(0.9), prop::bool::weighted(0.1));
    (0..4_usize, amount(), mode(), flags).prop_map(|(client, amount, mode, (note, himself))| {
        Wish::Add {
            client,
            amount,
            mode: if himself { Mode::OnAccount } else { mode },
            note: note || himself,
            himself,
        }
    })
}

fn deduct(client: impl Strategy<Value = Whom>) -> impl Strategy<Value = Wanted> {
    let amount = select(vec![1_i64, 20, 20, 50, 100, 150, 1_001]);
    (client, amount).prop_map(|(client, amount)| Wanted::Wish(Wish::Deduct { client, amount }))
}

fn reverse() -> impl Strategy<Value = Wanted> {
    let amount = prop_oneof![2 => Just(None), 1 => select(vec![1_i64, 30, 50, 100]).prop_map(Some)];
    (0..4_usize, amount).prop_map(|(back, amount)| Wanted::Reverse { back, amount })
}

/// What is done with invoices.
fn settling() -> impl Strategy<Value = Wanted> {
    prop_oneof![
        4 => (0..5_usize, 0..2_usize).prop_map(|(back, reference)| Wanted::Pay { back, reference }),
        3 => (0..3_usize).prop_map(Wanted::Unpay),
        2 => (0..4_usize).prop_map(Wanted::Void),
    ]
}

/// Changes of class and reseller.
fn tree() -> impl Strategy<Value = Wanted> {
    let class = select(vec![
        Class::User,
        Class::User,
        Class::Reseller,
        Class::Reseller,
        Class::Admin,
    ]);
    let other = || prop::option::of(0..4_usize);
    let class = (0..4_usize, class, prop::option::weighted(0.3, 0..4_usize)).prop_map(
        |(client, after, heir)| Wish::Class {
            client,
            after,
            heir,
        },
    );
    let moved = (0..4_usize, other()).prop_map(|(client, after)| Wish::Move { client, after });
    prop_oneof![2 => class.boxed(), 3 => moved.boxed()].prop_map(Wanted::Wish)
}

fn drafted() -> impl Strategy<Value = (Identity, Option<Place>, Wanted)> {
    let reseller = || select(ACCOUNTS[8..10].to_vec());
    let his = (amount(), mode(), any::<bool>()).prop_map(|(amount, mode, himself)| {
        Wanted::Wish(Wish::Add {
            client: 3,
            amount: if himself { amount } else { amount.min(100) },
            mode: if himself { Mode::OnAccount } else { mode },
            note: true,
            himself,
        })
    });
    let staff = || select(ACCOUNTS[..8].to_vec());
    // Admins and finance.
    let heads = || select(ACCOUNTS[..5].to_vec());
    let anything = || {
        prop_oneof![
            4 => add().prop_map(Wanted::Wish).boxed(),
            2 => deduct(0..4_usize).boxed(),
            2 => reverse().boxed(),
            2 => settling().boxed(),
            1 => tree().boxed(),
        ]
    };
    prop_oneof![
        5 => (staff(), place(), add().prop_map(Wanted::Wish)).boxed(),
        2 => (staff(), place(), deduct(0..4_usize)).boxed(),
        3 => (heads(), place(), reverse()).boxed(),
        6 => (heads(), place(), settling()).boxed(),
        3 => (staff(), place(), tree()).boxed(),
        3 => (reseller(), place(), his).boxed(),
        1 => (reseller(), place(), deduct(Just(3))).boxed(),
        1 => (reseller(), place(), reverse()).boxed(),
        1 => (account(), place(), anything()).boxed(),
    ]
}

fn draft() -> impl Strategy<Value = Step> {
    drafted().prop_map(|(who, place, wish)| Step::Draft { who, place, wish })
}

fn through() -> impl Strategy<Value = Step> {
    drafted().prop_map(|(who, _, wish)| Step::Through { who, wish })
}

fn cross() -> impl Strategy<Value = Step> {
    let how = prop_oneof![
        2 => select(vec![1_i64, 20]).prop_map(Crossing::Deduct),
        2 => Just(Crossing::Reverse),
        2 => prop::option::of(0..4_usize).prop_map(Crossing::Move),
        1 => select(vec![Class::User, Class::Reseller]).prop_map(Crossing::Class),
    ];
    (select(ACCOUNTS[..4].to_vec()), how).prop_map(|(who, how)| Step::Cross { who, how })
}

fn undo() -> impl Strategy<Value = Step> {
    let who = prop_oneof![
        12 => (0..2_usize).prop_map(Presser::Requester),
        1 => account().prop_map(Presser::Account),
    ];
    (who, place(), 0..2_usize).prop_map(|(who, place, back)| Step::Undo { who, place, back })
}

fn own_press() -> impl Strategy<Value = Press> {
    let who = prop_oneof![
        12 => (0..2_usize).prop_map(Presser::Requester),
        1 => account().prop_map(Presser::Account),
    ];
    let verb = prop_oneof![8 => Just(Verb::Confirm), 1 => Just(Verb::Cancel)];
    press(who, verb)
}

fn vote() -> impl Strategy<Value = Press> {
    let who = prop_oneof![
        12 => (0..6_usize).prop_map(Presser::Approver),
        4 => account().prop_map(Presser::Account),
        1 => (0..2_usize).prop_map(Presser::Requester),
    ];
    let verb = prop_oneof![8 => Just(Verb::Approve), 1 => Just(Verb::Reject)];
    press(who, verb)
}

fn press(
    who: impl Strategy<Value = Presser>,
    verb: impl Strategy<Value = Verb>,
) -> impl Strategy<Value = Press> {
    let on = prop_oneof![6 => (0..2_usize).prop_map(On::Open), 1 => (0..4_usize).prop_map(On::Any)];
    (who, place(), verb, on, prop::bool::weighted(0.96)).prop_map(
        |(who, place, verb, on, honest)| Press {
            who,
            place,
            verb,
            on,
            honest,
        },
    )
}

fn any_press() -> impl Strategy<Value = Press> {
    prop_oneof![1 => own_press(), 3 => vote()]
}

fn step() -> impl Strategy<Value = Step> {
    // The accounts whose Discord roles matter.
    let user = select(vec![11_i64, 12, 12, 13, 13, 15, 16]);
    let roles = prop_oneof![
        3 => Just(vec![]),
        6 => select(vec![ADMIN_ROLE, ADMIN_ROLE, FINANCE_ROLE, SUPPORT_ROLE, AUDITOR_ROLE]).prop_map(|role| vec![role]),
    ];
    let code = prop::option::of(select(vec![
        Role::Admin,
        Role::Finance,
        Role::Support,
        Role::Auditor,
    ]));
    let status = prop_oneof![4 => Just(Status::Active), 1 => Just(Status::Suspended)];
    let price = prop::option::of(select(vec![40_000_i64, 60_000]));
    let spoil = select(vec![
        Spoil::Suspend,
        Spoil::Reprice,
        Spoil::DemoteRequester,
        Spoil::DemoteApprover,
        Spoil::DemoteApprover,
        Spoil::SpendPayer,
        Spoil::SpendCredit,
        Spoil::SpendCredit,
        Spoil::Silence,
    ]);
    prop_oneof![
        16 => draft(),
        22 => through(),
        18 => own_press().prop_map(Step::Press),
        3 => undo(),
        5 => cross(),
        24 => vote().prop_map(Step::Press),
        7 => spoil.prop_map(Step::Spoil),
        4 => (vote(), any_press()).prop_map(|(one, other)| Step::Both(one, Press { on: one.on, ..other })),
        3 => (own_press(), own_press()).prop_map(|(one, other)| Step::Both(one, Press { on: one.on, ..other })),
        2 => any_press().prop_map(Step::Twice),
        3 => any_press().prop_map(Step::Held),
        3 => (0..3_usize).prop_map(Step::Arrives),
        5 => (0..12_usize).prop_map(Step::Again),
        5 => select(vec![1_i64, 9, 11, 11, 31, 73 * 60]).prop_map(Step::Wait),
        1 => Just(Step::Expire),
        6 => (user, roles).prop_map(|(user, roles)| Step::Roles(user, roles)),
        2 => prop::bool::weighted(0.4).prop_map(Step::Silence),
        2 => (select(vec![0_usize, 3, 3, 6]), code).prop_map(|(who, role)| Step::Code(who, role)),
        1 => (0..7_usize).prop_map(Step::Remove),
        2 => (0..4_usize, status).prop_map(|(client, status)| Step::Status(client, status)),
        1 => (0..4_usize, price).prop_map(|(client, price)| Step::Price(client, price)),
        2 => (0..4_usize, 1..400_i64).prop_map(|(client, amount)| Step::Usage(client, amount)),
    ]
}

pub fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 15..most)
}
