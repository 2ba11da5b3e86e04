//! What may happen in a sequence, and how likely.

use bursar::chat::{Identity, Place};
use bursar::domain::client::Status;
use bursar::domain::invoice::Mode;
use bursar::domain::role::Role;
use proptest::prelude::*;
use proptest::sample::select;

use super::real::ACCOUNTS;
use super::spec::{Verb, Whom, Wish};
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
    /// Discord stops answering, and what was observed of its roles grows old.
    Silence,
}

#[derive(Debug, Clone)]
pub enum Step {
    Draft {
        who: Identity,
        place: Option<Place>,
        wish: Wish,
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

fn wish() -> impl Strategy<Value = Wish> {
    let amount = select(vec![
        1, 50, 51, 100, 101, 400, 1_000, 1_001, 1_001, 1_001, 1_001,
    ]);
    let mode =
        prop_oneof![4 => Just(Mode::OnAccount), 1 => Just(Mode::Gift), 1 => Just(Mode::Prepaid)];
    let flags = (prop::bool::weighted(0.9), prop::bool::weighted(0.1));
    (0..4_usize, amount, mode, flags).prop_map(|(client, amount, mode, (note, himself))| {
        let mode = if himself { Mode::OnAccount } else { mode };
        Wish {
            client,
            amount,
            mode,
            note: note || himself,
            himself,
        }
    })
}

fn draft() -> impl Strategy<Value = Step> {
    let reseller = select(ACCOUNTS[8..10].to_vec());
    let his = (wish(), any::<bool>()).prop_map(|(wish, himself)| {
        let mode = if himself { Mode::OnAccount } else { wish.mode };
        Wish {
            client: 3,
            mode,
            himself,
            note: true,
            ..wish
        }
    });
    prop_oneof![
        4 => (select(ACCOUNTS[..8].to_vec()), place(), wish()),
        2 => (reseller, place(), his),
        1 => (account(), place(), wish()),
    ]
    .prop_map(|(who, place, wish)| Step::Draft { who, place, wish })
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
        Spoil::Silence,
    ]);
    prop_oneof![
        16 => draft(),
        18 => own_press().prop_map(Step::Press),
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
