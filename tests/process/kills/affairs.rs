//! One conversation after the other, each about an amount that no other has: who asks, who decides, how it ends.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use bursar::domain::ids::ClientId;

use super::desk::Desk;
use super::phone::Phone;
use crate::stage::{ADA, CHIDI, RITA, Stage};

/// Who asks for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Support in Discord asks, one admin decides.
    SupportInDiscord,
    /// Support in Telegram asks, one admin decides.
    SupportInTelegram,
    /// Support in Discord asks for much, two admins approve.
    Much,
    /// A reseller asks for himself.
    Reseller,
    /// A reseller gives his own client.
    Transfer,
    /// An admin's own confirmation is enough, in Discord.
    DirectInDiscord,
    /// The same in Telegram.
    DirectInTelegram,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::SupportInDiscord,
        Self::SupportInTelegram,
        Self::Much,
        Self::Reseller,
        Self::Transfer,
        Self::DirectInDiscord,
        Self::DirectInTelegram,
    ];

    /// What the first conversation of this kind is about; direct ones stay below the limit, much is above the other. None is
    /// more than 25 times another that Ada is added directly: it would need one approval more.
    fn least(self) -> i64 {
        match self {
            Self::SupportInDiscord => 1_000,
            Self::SupportInTelegram => 4_000,
            Self::Much => 20_001,
            Self::Reseller => 7_000,
            Self::Transfer => 10_000,
            Self::DirectInDiscord => 200,
            Self::DirectInTelegram => 550,
        }
    }

    fn client(self) -> (ClientId, &'static str) {
        match self {
            Self::Reseller => (RITA, "rita"),
            Self::Transfer => (CHIDI, "chidi"),
            _ => (ADA, "ada"),
        }
    }
}

/// How a conversation is meant to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Somebody else approves it.
    Approved,
    /// Somebody else rejects it.
    Rejected,
    /// The requester's own confirmation is enough.
    Direct,
}

/// A conversation.
#[derive(Clone)]
pub struct Affair {
    /// Who asks for what.
    pub kind: Kind,
    /// The amount, by which everything about it is known again.
    pub amount: i64,
    /// Who is credited.
    pub client: ClientId,
    /// As people type him.
    pub username: &'static str,
    /// How it ends.
    pub end: End,
    /// How often it was asked for in Telegram, which loses nothing: each one is a request.
    pub asked: u32,
    /// The presses in Telegram, each of which is answered.
    pub presses: Vec<bursar::sandbox::telegram::Press>,
    /// The request that was confirmed, as its card names it.
    pub request: String,
}

impl fmt::Debug for Affair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            amount,
            end,
            request,
            asked,
            ..
        } = self;
        write!(
            f,
            "{kind:?}, {amount} credits, {end:?}, request #{request}, asked {asked} times in Telegram"
        )
    }
}

impl Affair {
    /// The line by which a card shows the amount.
    pub fn line(&self) -> String {
        format!("Amount: {}", credits(self.amount))
    }

    /// Whether a text is a card of this conversation.
    pub fn is_on(&self, text: &str) -> bool {
        has_line(text, &self.line())
    }
}

/// Whether one line of a text is this one.
pub fn has_line(text: &str, line: &str) -> bool {
    text.lines().any(|other| other == line)
}

/// As people read an amount.
pub fn credits(amount: i64) -> String {
    let digits = amount.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} credits")
}

/// Whether a card shows that the credit is there.
pub fn is_done(text: &str) -> bool {
    text.lines().any(|line| {
        line.starts_with("Done by ")
            || line.starts_with("Approved by ") && line.ends_with(" and done.")
    })
}

/// Whether a card shows an end of its request.
pub fn is_over(text: &str) -> bool {
    is_done(text) || text.lines().any(|line| line.starts_with("Rejected by "))
}

/// Whether a card shows a draft: nobody has confirmed it, as far as the card knows.
pub fn is_draft(text: &str) -> bool {
    text.contains("Nothing has happened yet")
}

/// The name of the request on a card.
pub fn request_on(text: &str) -> Option<&str> {
    text.lines().find_map(|line| line.strip_prefix("Request #"))
}

/// The people.
pub struct Town {
    support: Desk,
    pub(super) admins: [Desk; 2],
    helper: Phone,
    pub(super) admin: Phone,
    rita: Phone,
    rajesh: Phone,
    given: [AtomicI64; Kind::ALL.len()],
    open: Mutex<BTreeMap<i64, (Kind, &'static str)>>,
    /// What each clerk is at.
    pub(super) at: Mutex<BTreeMap<&'static str, String>>,
}

impl Town {
    /// The people of a stage.
    pub fn new(stage: &Stage) -> Self {
        let phone = |person| Phone::new(&stage.sandbox.telegram, person);
        let desk = |person| Desk::new(&stage.sandbox.discord, person);
        Self {
            support: desk(&stage.support),
            admins: [desk(&stage.admins[0]), desk(&stage.admins[1])],
            helper: phone(&stage.helper),
            admin: phone(&stage.admin),
            rita: phone(&stage.rita),
            rajesh: phone(&stage.rajesh),
            given: Default::default(),
            open: Mutex::default(),
            at: Mutex::default(),
        }
    }

    /// What is not settled yet, and how far it is.
    pub fn open(&self) -> String {
        format!(
            "{:?} {:?}",
            self.open.lock().unwrap(),
            self.at.lock().unwrap()
        )
    }

    /// Notes what a clerk is at.
    pub(super) fn note_chore(&self, client: &'static str, title: &str) {
        self.at.lock().unwrap().insert(client, title.to_owned());
    }

    fn note(&self, affair: &Affair, step: &'static str) {
        self.open
            .lock()
            .unwrap()
            .insert(affair.amount, (affair.kind, step));
    }

    /// Has one conversation from its first word to its end.
    pub async fn settle(self: Arc<Self>, kind: Kind) -> Affair {
        let index = Kind::ALL.iter().position(|one| *one == kind).unwrap();
        let turn = self.given[index].fetch_add(1, Ordering::Relaxed);
        let (client, username) = kind.client();
        let end = match kind {
            Kind::Transfer | Kind::DirectInDiscord | Kind::DirectInTelegram => End::Direct,
            Kind::SupportInDiscord if turn % 4 == 3 => End::Rejected,
            Kind::Reseller if turn % 5 == 4 => End::Rejected,
            _ => End::Approved,
        };
        let mut affair = Affair {
            kind,
            amount: kind.least() + turn,
            client,
            username,
            end,
            asked: 0,
            presses: Vec::new(),
            request: String::new(),
        };
        self.note(&affair, "asks");
        self.ask(&mut affair).await;
        self.note(&affair, "waits for a decision");
        self.decide(&mut affair, turn).await;
        self.open.lock().unwrap().remove(&affair.amount);
        affair
    }

    async fn ask(&self, affair: &mut Affair) {
        match affair.kind {
            Kind::SupportInDiscord | Kind::Much => self.support.ask(affair).await,
            Kind::DirectInDiscord => self.admins[0].ask(affair).await,
            Kind::SupportInTelegram => self.helper.ask(affair).await,
            Kind::Reseller => self.rita.ask(affair).await,
            Kind::Transfer => self.rajesh.ask(affair).await,
            Kind::DirectInTelegram => self.admin.ask(affair).await,
        }
    }

    async fn decide(&self, affair: &mut Affair, turn: i64) {
        let [amara, bruno] = &self.admins;
        let request = affair.request.as_str();
        match (affair.end, affair.kind) {
            (End::Direct, _) => {}
            (End::Rejected, _) => bruno.reject(request).await,
            (End::Approved, Kind::Much) => {
                amara.approve(request).await;
                if turn % 2 == 0 {
                    bruno.approve(request).await;
                } else {
                    affair.presses.extend(self.admin.approve(request).await);
                }
            }
            (End::Approved, _) if turn % 2 == 0 => {
                affair.presses.extend(self.admin.approve(request).await);
            }
            (End::Approved, Kind::Reseller) => amara.approve(request).await,
            (End::Approved, _) => bruno.approve(request).await,
        }
    }
}
