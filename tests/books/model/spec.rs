//! What approvals must do, as a model that can be checked by eye: no database, no time but a number, a refused event
//! leaves everything as it was.

use std::collections::BTreeMap;

use bursar::chat::{Identity, Messenger, Place};
use bursar::domain::client::Class;
use bursar::domain::refusal::Refusal;
use bursar::domain::request::{Decision, Ineligible, State, Unfit};
use bursar::domain::role::Role;

use super::affairs::{Affairs, Client, Facts, Right, Whom, Wish};
use crate::desk::{ADMIN_ROLE, AUDITOR_ROLE, FINANCE_ROLE, SUPPORT_ROLE};

pub const MINUTE: i64 = 60_000;
/// What an admin and a finance person may confirm themselves, and above what two must approve.
pub const ADMIN_LIMIT: i64 = 100;
pub const FINANCE_LIMIT: i64 = 50;
pub const TWO_ABOVE: i64 = 1_000;

/// A person, by place in the list.
pub type Who = usize;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: &'static str,
    pub code: Option<Role>,
    pub client: Option<Whom>,
    pub removed: bool,
    pub accounts: Vec<Identity>,
    /// Discord roles as last observed, and when.
    pub observed: Option<(Vec<i64>, i64)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub requester: Who,
    pub wish: Wish,
    /// What was shown of it.
    pub facts: Facts,
    /// The request that it undoes.
    pub undoes: Option<usize>,
    pub state: State,
    pub needed: usize,
    pub expires: i64,
    pub decided: i64,
    pub votes: Vec<(Who, Decision)>,
    pub by: Option<Who>,
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Confirm,
    Cancel,
    Approve,
    Reject,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    Draft(Wish),
    /// What undoes a request.
    Undo(usize),
    Press {
        verb: Verb,
        request: usize,
        /// Whether the button carries the digest of what is stored.
        honest: bool,
    },
}

/// An event, as the messenger vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub id: u64,
    pub from: Identity,
    pub place: Place,
    /// The sender's Discord roles, where the place has any.
    pub roles: Option<Vec<i64>>,
    pub asked: Asked,
}

/// The request that is shown, or why not.
pub type Came = Result<usize, Refusal>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub now: i64,
    pub guild: BTreeMap<i64, Vec<i64>>,
    /// Whether Discord does not answer.
    pub silent: bool,
    pub people: Vec<Person>,
    pub affairs: Affairs,
    pub requests: Vec<Request>,
    /// What events led to.
    done: BTreeMap<u64, usize>,
}

fn mapped(roles: &[i64]) -> Option<Role> {
    let known = [
        (ADMIN_ROLE, Role::Admin),
        (FINANCE_ROLE, Role::Finance),
        (SUPPORT_ROLE, Role::Support),
        (AUDITOR_ROLE, Role::Auditor),
    ];
    let held = known.into_iter().filter(|(id, _)| roles.contains(id));
    held.map(|(_, role)| role).max()
}

/// Whether somebody in this role may ask for such a thing at all.
fn may_ask(role: Role, wish: &Wish) -> bool {
    match wish {
        Wish::Add { himself: true, .. } => role == Role::Reseller,
        Wish::Add { .. } | Wish::Deduct { .. } | Wish::Reverse { .. } => role != Role::Auditor,
        Wish::Pay { .. } | Wish::Unpay(_) | Wish::Void(_) => {
            matches!(role, Role::Admin | Role::Finance)
        }
        Wish::Class { .. } | Wish::Move { .. } => matches!(role, Role::Admin | Role::Support),
    }
}

/// Whether somebody in this role approves such a thing.
fn approves(role: Role, wish: &Wish) -> bool {
    match wish {
        Wish::Add { .. } | Wish::Deduct { .. } | Wish::Reverse { .. } => {
            matches!(role, Role::Admin | Role::Finance)
        }
        Wish::Pay { .. } | Wish::Unpay(_) | Wish::Void(_) => false,
        Wish::Class { .. } | Wish::Move { .. } => role == Role::Admin,
    }
}

impl Model {
    pub fn new(now: i64, people: Vec<Person>, clients: Vec<Client>) -> Self {
        Self {
            now,
            guild: BTreeMap::new(),
            silent: false,
            people,
            affairs: Affairs::new(clients),
            requests: Vec::new(),
            done: BTreeMap::new(),
        }
    }

    pub fn who(&self, account: Identity) -> Option<Who> {
        let his = |person: &Person| person.accounts.contains(&account);
        self.people.iter().position(his)
    }

    /// An event arrives. A repeated one leads to what it led to before.
    pub fn handle(&mut self, sent: &Sent) -> Came {
        self.look_up_sender(sent);
        if let Asked::Press { verb, request, .. } = sent.asked
            && (verb == Verb::Approve || (verb == Verb::Reject && self.gate(sent).is_ok()))
        {
            self.look_up_people_of(request);
        }
        let before = self.clone();
        let came = self.event(sent);
        if came.is_err() {
            *self = before;
        }
        came
    }

    fn event(&mut self, sent: &Sent) -> Came {
        let (verb, request, honest) = match &sent.asked {
            Asked::Draft(wish) => return self.draft(sent, wish),
            Asked::Undo(request) => return self.undo(sent, *request),
            Asked::Press {
                verb,
                request,
                honest,
            } => (*verb, *request, *honest),
        };
        if verb == Verb::Reject {
            // A rejection comes with a form, and that is refused before anything else is looked at.
            self.gate(sent)?;
        }
        if let Some(request) = self.done.get(&sent.id) {
            return Ok(*request);
        }
        match verb {
            Verb::Confirm => self.confirm(sent, request, honest)?,
            Verb::Cancel => self.cancel(sent, request, honest)?,
            Verb::Approve => self.vote(sent, request, honest, Decision::Approve)?,
            Verb::Reject => self.vote(sent, request, honest, Decision::Reject)?,
        }
        self.done.insert(sent.id, request);
        Ok(request)
    }

    /// Rights come along from the guild, a private chat and a group, with a role.
    fn gate(&self, sent: &Sent) -> Result<(Who, Role), Refusal> {
        if !matches!(sent.place, Place::Guild | Place::PrivateChat | Place::Group) {
            return Err(Refusal::NoRightsHere);
        }
        let who = self.who(sent.from).ok_or(Refusal::NotLinked)?;
        let seen = sent.roles.as_deref().map(|roles| (sent.from, roles));
        let (role, _) = self.standing(who, seen);
        Ok((who, role.ok_or(Refusal::NotLinked)?))
    }

    /// What a person is: by code, by the roles that his event shows, else by those observed in the last ten minutes. Says
    /// as well whose Discord roles are too old to tell.
    fn standing(&self, who: Who, seen: Option<(Identity, &[i64])>) -> (Option<Role>, Option<i64>) {
        let person = &self.people[who];
        if person.removed {
            return (None, None);
        }
        let discord = person
            .accounts
            .iter()
            .find(|account| account.messenger == Messenger::Discord);
        if let Some((account, roles)) = seen
            && discord == Some(&account)
        {
            return (person.code.max(mapped(roles)), None);
        }
        match (&person.observed, discord) {
            (Some((roles, at)), Some(account)) if mapped(roles).is_some() => {
                if self.now - at <= 10 * MINUTE {
                    (person.code.max(mapped(roles)), None)
                } else {
                    (person.code, Some(account.user))
                }
            }
            _ => (person.code, None),
        }
    }

    /// Rights on Telegram that rest on Discord roles are looked up when they are old.
    fn look_up_sender(&mut self, sent: &Sent) {
        if sent.from.messenger == Messenger::Telegram
            && let Some(who) = self.who(sent.from)
        {
            self.look_up(who);
        }
    }

    /// And so are those of the requester and of whoever approved, before anybody decides.
    fn look_up_people_of(&mut self, request: usize) {
        self.look_up(self.requests[request].requester);
        for who in self.approvers(request) {
            self.look_up(who);
        }
    }

    fn look_up(&mut self, who: Who) {
        if let (_, Some(user)) = self.standing(who, None)
            && !self.silent
        {
            let roles = self.guild.get(&user).cloned().unwrap_or_default();
            self.people[who].observed = Some((roles, self.now));
        }
    }

    fn observe(&mut self, sent: &Sent, who: Who) {
        if let Some(roles) = &sent.roles {
            self.people[who].observed = Some((roles.clone(), self.now));
        }
    }

    fn right(&self, role: Role, who: Who) -> Right {
        (role, self.people[who].client)
    }

    fn draft(&mut self, sent: &Sent, wish: &Wish) -> Came {
        let (who, role) = self.gate(sent)?;
        if !may_ask(role, wish) {
            return Err(Refusal::NotAllowed);
        }
        let right = self.right(role, who);
        let mut wish = wish.clone();
        if let Wish::Add {
            client,
            himself: true,
            ..
        } = &mut wish
        {
            *client = right.1.ok_or(Refusal::NotAllowed)?;
        }
        if let Some(client) = wish.typed_client()
            && !wish.is_for_himself()
            && !self.affairs.in_scope(right, client)
        {
            let query = self.affairs.clients[client].name.to_owned();
            return Err(Refusal::ClientNotFound { query });
        }
        if let Some(request) = self.done.get(&sent.id) {
            return Ok(*request);
        }
        self.shown(sent, who, role, wish, None)
    }

    /// A request of one's own, for two minutes after it was done: what takes it back is shown.
    fn undo(&mut self, sent: &Sent, request: usize) -> Came {
        if let Some(request) = self.done.get(&sent.id) {
            return Ok(*request);
        }
        if matches!(self.gate(sent), Err(Refusal::NoRightsHere)) {
            return Err(Refusal::NoRightsHere);
        }
        let found = self.requests[request].clone();
        if self.who(sent.from) != Some(found.requester) {
            return Err(Refusal::NotYours);
        }
        let back = Affairs::undoing(request, &found.wish, &found.facts);
        let in_time = found.decided + 2 * MINUTE > self.now;
        let back =
            back.filter(|_| found.state == State::Applied && found.undoes.is_none() && in_time);
        let back = back.ok_or(Refusal::TooLateToUndo)?;
        let (who, role) = self.gate(sent)?;
        if !may_ask(role, &found.wish) {
            return Err(Refusal::NotAllowed);
        }
        self.shown(sent, who, role, back, Some(request))
    }

    fn shown(
        &mut self,
        sent: &Sent,
        who: Who,
        role: Role,
        wish: Wish,
        undoes: Option<usize>,
    ) -> Came {
        let facts = self.affairs.intend(&wish, self.right(role, who))?;
        let needed = needed(role, &wish, &facts);
        self.observe(sent, who);
        self.requests.push(Request {
            requester: who,
            wish,
            facts,
            undoes,
            state: State::Draft,
            needed,
            expires: self.now + 30 * MINUTE,
            decided: 0,
            votes: Vec::new(),
            by: None,
            reason: String::new(),
        });
        self.done.insert(sent.id, self.requests.len() - 1);
        Ok(self.requests.len() - 1)
    }

    fn own(&self, sent: &Sent, request: usize, honest: bool) -> Result<Who, Refusal> {
        if matches!(self.gate(sent), Err(Refusal::NoRightsHere)) {
            return Err(Refusal::NoRightsHere);
        }
        let requester = self.requests[request].requester;
        if self.who(sent.from) != Some(requester) {
            return Err(Refusal::NotYours);
        }
        if !honest {
            return Err(Refusal::Changed);
        }
        Ok(requester)
    }

    fn cancel(&mut self, sent: &Sent, request: usize, honest: bool) -> Result<(), Refusal> {
        let requester = self.own(sent, request, honest)?;
        if !self.requests[request].state.is_over() {
            self.end(request, State::Cancelled, Some(requester), "");
        }
        Ok(())
    }

    fn confirm(&mut self, sent: &Sent, request: usize, honest: bool) -> Result<(), Refusal> {
        let requester = self.own(sent, request, honest)?;
        let found = self.requests[request].clone();
        if found.state != State::Draft {
            return Ok(());
        }
        let (_, role) = self.gate(sent)?;
        if !may_ask(role, &found.wish) {
            return Err(Refusal::NotAllowed);
        }
        self.observe(sent, requester);
        if found.expires <= self.now {
            self.end(request, State::Expired, None, "");
            return Ok(());
        }
        let needed = needed(role, &found.wish, &found.facts);
        self.requests[request].needed = needed;
        if needed == 0 {
            self.apply(request, role, requester);
        } else {
            let wait = if found.wish.is_for_himself() {
                72 * 60
            } else {
                30
            };
            self.requests[request].state = State::Pending;
            self.requests[request].expires = self.now + wait * MINUTE;
        }
        Ok(())
    }

    fn may_decide(
        &self,
        who: Who,
        role: Option<Role>,
        request: &Request,
    ) -> Result<(), Ineligible> {
        let person = &self.people[who];
        if who == request.requester {
            Err(Ineligible::Requester)
        } else if person.client == Some(request.wish.client(&self.affairs)) && !person.removed {
            Err(Ineligible::Beneficiary)
        } else if !role.is_some_and(|role| approves(role, &request.wish)) {
            Err(Ineligible::Role)
        } else {
            Ok(())
        }
    }

    /// Whether a press of this account would count just now.
    pub fn may_approve(&self, account: Identity, request: usize) -> bool {
        self.who(account).is_some_and(|who| {
            let roles = self.guild.get(&account.user);
            let on_discord = account.messenger == Messenger::Discord;
            let seen = roles
                .filter(|_| on_discord)
                .map(|roles| (account, &roles[..]));
            let (role, _) = self.standing(who, seen);
            self.may_decide(who, role, &self.requests[request]).is_ok()
        })
    }

    fn approvers(&self, request: usize) -> Vec<Who> {
        let votes = self.requests[request].votes.iter();
        votes
            .filter(|(_, said)| *said == Decision::Approve)
            .map(|(who, _)| *who)
            .collect()
    }

    /// Whether an approval still counts; `None`: nobody knows just now.
    fn counts(&self, request: &Request, who: Who) -> Option<bool> {
        let (role, old) = self.standing(who, None);
        match self.may_decide(who, role, request) {
            Ok(()) => Some(true),
            Err(Ineligible::Role) if old.is_some() => None,
            Err(_) => Some(false),
        }
    }

    /// How many approvals a card shows.
    pub fn given(&self, request: usize) -> usize {
        let found = &self.requests[request];
        let shown =
            |who: &Who| found.state != State::Pending || self.counts(found, *who) != Some(false);
        self.approvers(request).into_iter().filter(shown).count()
    }

    fn vote(
        &mut self,
        sent: &Sent,
        request: usize,
        honest: bool,
        said: Decision,
    ) -> Result<(), Refusal> {
        let (who, role) = self.gate(sent)?;
        let found = self.requests[request].clone();
        self.may_decide(who, Some(role), &found)
            .map_err(Refusal::Ineligible)?;
        if !honest {
            return Err(Refusal::Changed);
        }
        match found.state {
            State::Draft => return Err(Refusal::NotConfirmed),
            State::Pending => {}
            state => {
                let by = found
                    .by
                    .map(|by| self.people[by].name.to_owned())
                    .unwrap_or_default();
                return Err(Refusal::Over { state, by });
            }
        }
        self.observe(sent, who);
        if found.expires <= self.now {
            self.end(request, State::Expired, None, "");
            return Ok(());
        }
        let earlier = self.approvers(request);
        let again = earlier.contains(&who);
        if !again {
            self.requests[request].votes.push((who, said));
        }
        if said == Decision::Reject {
            self.end(request, State::Rejected, Some(who), "no");
            return Ok(());
        }
        let (asker, old) = self.standing(found.requester, None);
        let asker = asker.filter(|role| may_ask(*role, &found.wish));
        let Some(asker) = asker else {
            if old.is_some() {
                return Err(Refusal::RoleUnconfirmed);
            }
            self.end(
                request,
                State::Unfit,
                Some(who),
                Unfit::RequesterLostRole.name(),
            );
            return Ok(());
        };
        let needed = found.needed.max(needed(asker, &found.wish, &found.facts));
        let others = earlier.iter().filter(|other| **other != who);
        let standing: Vec<_> = others.map(|other| self.counts(&found, *other)).collect();
        let count = |counts| standing.iter().filter(|stands| **stands == counts).count();
        let given = 1 + count(Some(true));
        if given >= needed {
            self.apply(request, asker, who);
        } else if given + count(None) >= needed {
            return Err(Refusal::RoleUnconfirmed);
        } else if again {
            let missing = u8::try_from(needed - given).unwrap();
            return Err(Refusal::AlreadyVoted { missing });
        }
        Ok(())
    }

    fn end(&mut self, request: usize, state: State, by: Option<Who>, reason: &str) {
        let now = self.now;
        let request = &mut self.requests[request];
        (request.state, request.by, request.decided) = (state, by, now);
        reason.clone_into(&mut request.reason);
    }

    /// Does what was asked for, if it still fits.
    fn apply(&mut self, request: usize, role: Role, by: Who) {
        let found = self.requests[request].clone();
        let right = self.right(role, found.requester);
        let what = (&found.wish, &found.facts);
        match self.affairs.apply(request, what, right) {
            Ok(()) => self.end(request, State::Applied, Some(by), ""),
            Err(unfit) => self.end(request, State::Unfit, Some(by), unfit.name()),
        }
    }

    /// Ends what ran out.
    pub fn expire(&mut self) {
        for request in 0..self.requests.len() {
            let found = &self.requests[request];
            if !found.state.is_over() && found.expires <= self.now {
                self.end(request, State::Expired, None, "");
            }
        }
    }
}

/// How many others must approve.
fn needed(role: Role, wish: &Wish, facts: &Facts) -> usize {
    let limit = match role {
        Role::Admin => ADMIN_LIMIT,
        Role::Finance => FINANCE_LIMIT,
        _ => 0,
    };
    let by_amount = |amount: i64, asks: bool| {
        if amount > TWO_ABOVE {
            2
        } else {
            usize::from(asks || amount > limit)
        }
    };
    match (wish, facts) {
        // A reseller's own balance is his.
        (
            _,
            Facts::Add { payer: Some(_), .. }
            | Facts::Deduct { own: true, .. }
            | Facts::Reverse { own: true, .. },
        ) => 0,
        (
            Wish::Add {
                amount, himself, ..
            },
            Facts::Add { unusual, .. },
        ) => (by_amount(*amount, *himself) + usize::from(*unusual)).min(2),
        (Wish::Deduct { amount, .. }, _) | (_, Facts::Reverse { amount, .. }) => {
            by_amount(*amount, false)
        }
        // Two admins make an ADMIN, the one who asks among them.
        (
            Wish::Class {
                after: Class::Admin,
                ..
            },
            _,
        ) if role != Role::Admin => 2,
        (Wish::Class { .. } | Wish::Move { .. }, _) => 1,
        _ => 0,
    }
}
