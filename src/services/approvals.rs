//! From draft to outcome: confirming, voting, giving up, running out. Whatever was shown is what is applied, once.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::{Actor, Authorised, Standing, authorise, standing};
use super::{House, once, once_with_invoice};
use crate::chat::action::Shown;
use crate::chat::{Event, MessageRef, Messenger, Place};
use crate::clock::Millis;
use crate::domain::ids::{PersonId, RequestId};
use crate::domain::refusal::Refusal;
use crate::domain::request::{
    AddCredit, Decision, Ineligible, Intent, Need, State, Unfit, digest, eligible,
};
use crate::domain::role::{Grant, Role};
use crate::fault::Fault;
use crate::store::clients::{Client, Scope};
use crate::store::invoices::NewInvoice;
use crate::store::requests::{Request, Step, Vote};
use crate::store::{Stop, Tx};

/// For how long a private Discord reply can be edited: a little less than the 15 minutes that its token lives.
pub(super) const PRIVATE_LASTS: std::time::Duration = std::time::Duration::from_mins(14);

/// A request with everything its card shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The request.
    pub request: Request,
    /// The client whom it is about, as it stands now.
    pub client: Option<Client>,
    /// The paying reseller, as he stands now.
    pub payer: Option<Client>,
    /// Prefix and number of its invoice.
    pub invoice: Option<(String, i64)>,
    /// Who approved; while it waits, without those who may not approve any more.
    pub approvals: Vec<String>,
}

/// Somebody who approved a request that waits.
struct Approval {
    person: PersonId,
    name: String,
    /// Whether he may still approve; `None` where his Discord roles were observed too long ago to tell.
    stands: Option<bool>,
}

/// What an event did, as stored with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Done {
    request: RequestId,
}

impl House {
    /// A request with everything its card shows. Asks for no permission: whoever calls decided who sees it.
    pub async fn view_request(&self, tx: &mut Tx, id: RequestId) -> Result<Option<View>, Fault> {
        let Some(request) = tx.request(id, false).await? else {
            return Ok(None);
        };
        let mut view = self.view_draft(tx, request).await?;
        view.invoice = tx.invoice_of(id).await?;
        view.approvals = if view.request.state == State::Pending {
            let approvals = self.standing_approvals(tx, &view.request).await?;
            let count = approvals.into_iter();
            count
                .filter(|approval| approval.stands != Some(false))
                .map(|approval| approval.name)
                .collect()
        } else {
            let approvals = tx.approvals(id).await?;
            approvals.into_iter().map(|(_, name)| name).collect()
        };
        Ok(Some(view))
    }

    /// A request that nobody decided about yet, with everything its card shows.
    async fn view_draft(&self, tx: &mut Tx, request: Request) -> Result<View, Fault> {
        let client = match request.intent.client() {
            Some(client) => tx.client(client, Scope::House).await?,
            None => None,
        };
        let payer = match &request.intent {
            Intent::AddCredit(AddCredit {
                payer: crate::domain::request::Payer::Reseller(id),
                ..
            }) => tx.client(*id, Scope::House).await?,
            _ => None,
        };
        Ok(View {
            request,
            client,
            payer,
            invoice: None,
            approvals: Vec::new(),
        })
    }

    /// A request as it stands after what was done to it was committed. Where it cannot be looked at, the fault is of the
    /// kind that says that the work was perhaps done.
    pub async fn committed(&self, id: RequestId) -> Result<View, Stop> {
        let house = self.clone();
        let seen = self
            .store
            .read(move |tx| Box::pin(async move { house.seen(tx, id).await }))
            .await;
        seen.map_err(|stop| match stop {
            Stop::Fault(fault) => fault.after_the_work().into(),
            refusal @ Stop::Refusal(_) => refusal,
        })
    }

    async fn seen(&self, tx: &mut Tx, id: RequestId) -> Result<View, Stop> {
        let view = self.view_request(tx, id).await?;
        Ok(view.ok_or_else(|| Fault::internal("a request vanished"))?)
    }

    /// What an event drafted when it was delivered before: the answer is the same, whatever changed since. To be asked
    /// before anything is drafted; deliveries at once wait for each other here.
    pub async fn drafted(&self, tx: &mut Tx, event: &Event) -> Result<Option<View>, Stop> {
        tx.lock_event(&event.id).await?;
        match tx.request_of_event(&event.id).await? {
            Some(request) => Ok(Some(self.seen(tx, request.id).await?)),
            None => Ok(None),
        }
    }

    /// Stores what somebody wants as a draft, to be shown and confirmed; an event drafts once ([`House::drafted`]).
    pub async fn draft(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        event: &Event,
        intent: Intent,
    ) -> Result<View, Stop> {
        let requester = self.person(tx, auth.actor()).await?;
        let need = self.need(tx, requester, auth.role(), &intent).await?;
        let id = RequestId(self.ids.next());
        let intent_text = serde_json::to_string(&intent)?;
        let now = self.now();
        let request = Request {
            id,
            digest: digest(id, &intent_text),
            intent,
            intent_text,
            state: State::Draft,
            requester,
            requester_name: auth.actor().name.clone(),
            asked_by: auth.actor().identity,
            needed: need.approvals,
            solo: need.solo,
            created_at: now,
            expires_at: now.plus(self.rules.expires),
            decided_at: None,
            decided_by: String::new(),
            reason: String::new(),
        };
        tx.insert_request(&request, &event.id).await?;
        Ok(self.view_draft(tx, request).await?)
    }

    async fn need(
        &self,
        tx: &mut Tx,
        requester: PersonId,
        role: Role,
        intent: &Intent,
    ) -> Result<Need, Fault> {
        let only = self.rules.limits.solo && self.named_admins(tx).await? == [requester];
        Ok(self.rules.limits.need(role, intent, only))
    }

    /// The requester confirms what he was shown: it is applied, or waits for approval. What he is counts as it stands in
    /// this transaction. Says the code of an invitation, where this made one.
    pub async fn confirm(
        &self,
        tx: &mut Tx,
        event: &Event,
        shown: &Shown,
    ) -> Result<Option<String>, Stop> {
        let mut code = None;
        once_with_invoice(tx, event, self.now(), async |tx: &mut Tx| {
            let (actor, _) = self.actor(tx, event).await?;
            let actor = &actor;
            let mut request = self.own_request(tx, actor, shown).await?;
            let done = Done {
                request: request.id,
            };
            if request.state != State::Draft {
                // Pressed twice: the same answer, no second effect.
                return Ok((done, None));
            }
            let auth = authorise(actor, request.intent.permission())?;
            if actor.place == Place::Group && matches!(request.intent, Intent::Invite { .. }) {
                return Err(Refusal::OnlyInPrivate.into());
            }
            self.person(tx, actor).await?;
            let now = self.now();
            if request.expires_at <= now {
                self.end(tx, &request, (State::Expired, None), event, "")
                    .await?;
                return Ok((done, None));
            }
            if let Some(message) = &event.message {
                self.keep_card(tx, request.id, message).await?;
            }
            let need = self
                .need(tx, request.requester, auth.role(), &request.intent)
                .await?;
            if (need.approvals, need.solo) != (request.needed, request.solo) {
                // It changed since the draft; the announcement and the audit go by what is stored.
                tx.keep_need(request.id, need).await?;
                (request.needed, request.solo) = (need.approvals, need.solo);
            }
            let direct = need.approvals == 0;
            code = self.make_code(tx, &request, direct).await?;
            if direct {
                let (role, own, by) = (auth.role(), actor.client, Some(request.requester));
                let invoice = self.apply(tx, &request, role, own, by, event).await?;
                return Ok((done, invoice));
            }
            let wait = if auth.grant() == Grant::OwnRequest {
                self.rules.request_expires
            } else {
                self.rules.expires
            };
            tx.confirm_request(request.id, need.approvals, &event.id, now.plus(wait))
                .await?;
            self.audit_step(
                tx,
                &request,
                State::Pending,
                Some(request.requester),
                event,
                json!({}),
            )
            .await?;
            self.notify_approvers(tx, &request).await?;
            Ok((done, None))
        })
        .await?;
        Ok(code)
    }

    async fn keep_card(
        &self,
        tx: &mut Tx,
        request: RequestId,
        message: &MessageRef,
    ) -> Result<(), Fault> {
        let until = message
            .token
            .as_ref()
            .map(|_| self.now().plus(PRIVATE_LASTS));
        tx.insert_card(self.ids.next(), request, message, true, until)
            .await?;
        Ok(())
    }

    /// The requester gives up what he drafted or what still waits.
    pub async fn cancel(&self, tx: &mut Tx, event: &Event, shown: &Shown) -> Result<(), Stop> {
        once(tx, event, self.now(), async |tx: &mut Tx| {
            let (actor, _) = self.actor(tx, event).await?;
            let request = self.own_request(tx, &actor, shown).await?;
            if !request.state.is_over() {
                self.end(
                    tx,
                    &request,
                    (State::Cancelled, Some(request.requester)),
                    event,
                    "",
                )
                .await?;
            }
            Ok(Done {
                request: request.id,
            })
        })
        .await?;
        Ok(())
    }

    async fn own_request(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        shown: &Shown,
    ) -> Result<Request, Stop> {
        if !actor.place.carries_rights() {
            return Err(Refusal::NoRightsHere.into());
        }
        let request = tx
            .request(shown.request, true)
            .await?
            .ok_or(Refusal::RequestNotFound)?;
        if actor.person != Some(request.requester) {
            return Err(Refusal::NotYours.into());
        }
        same_as_shown(&request, shown)?;
        Ok(request)
    }

    /// The Discord accounts whose roles must be looked up before anybody decides about a request: of its requester and of
    /// those who approved it already.
    pub async fn stale_accounts(&self, tx: &mut Tx, id: RequestId) -> Result<Vec<i64>, Fault> {
        let Some(request) = tx.request(id, false).await? else {
            return Ok(Vec::new());
        };
        let mut people = vec![request.requester];
        people.extend(
            tx.approvals(id)
                .await?
                .into_iter()
                .map(|(person, _)| person),
        );
        let mut stale = Vec::new();
        for person in people {
            let accounts = tx.accounts_of(person).await?;
            stale.extend(standing(&self.rules, &accounts, None, self.now()).stale);
        }
        Ok(stale)
    }

    /// Who approved a request, and whether he still may: what he was when he did it does not count.
    async fn standing_approvals(
        &self,
        tx: &mut Tx,
        request: &Request,
    ) -> Result<Vec<Approval>, Fault> {
        let permission = request.intent.permission();
        let beneficiaries = self.beneficiaries(tx, &request.intent).await?;
        let mut approvals = Vec::new();
        for (person, name) in tx.approvals(request.id).await? {
            let accounts = tx.accounts_of(person).await?;
            let Standing { role, stale } = standing(&self.rules, &accounts, None, self.now());
            let stands = match eligible(person, role, request.requester, &beneficiaries, permission)
            {
                Ok(_) => Some(true),
                Err(Ineligible::Role) if stale.is_some() => None,
                Err(_) => Some(false),
            };
            approvals.push(Approval {
                person,
                name,
                stands,
            });
        }
        Ok(approvals)
    }

    /// Somebody approves or rejects what he was shown. What he is counts as it stands in this transaction, and so does
    /// what the requester and those are who approved before.
    pub async fn vote(
        &self,
        tx: &mut Tx,
        event: &Event,
        shown: &Shown,
        (decision, reason): (Decision, &str),
    ) -> Result<(), Stop> {
        once_with_invoice(tx, event, self.now(), async |tx: &mut Tx| {
            let invoice = self.cast(tx, event, shown, (decision, reason)).await?;
            let done = Done {
                request: shown.request,
            };
            Ok((done, invoice))
        })
        .await?;
        Ok(())
    }

    async fn cast(
        &self,
        tx: &mut Tx,
        event: &Event,
        shown: &Shown,
        (decision, reason): (Decision, &str),
    ) -> Result<Option<NewInvoice>, Stop> {
        let (actor, _) = self.actor(tx, event).await?;
        if !actor.place.carries_rights() {
            return Err(Refusal::NoRightsHere.into());
        }
        let role = actor.role.ok_or(Refusal::NotLinked)?;
        let request = tx
            .request(shown.request, true)
            .await?
            .ok_or(Refusal::RequestNotFound)?;
        let permission = request.intent.permission();
        let voter = self.person(tx, &actor).await?;
        let beneficiaries = self.beneficiaries(tx, &request.intent).await?;
        eligible(
            voter,
            Some(role),
            request.requester,
            &beneficiaries,
            permission,
        )
        .map_err(Refusal::Ineligible)?;
        same_as_shown(&request, shown)?;
        match request.state {
            State::Draft => return Err(Refusal::NotConfirmed.into()),
            State::Pending => {}
            state => {
                return Err(Refusal::Over {
                    state,
                    by: request.decided_by,
                }
                .into());
            }
        }
        let now = self.now();
        if request.expires_at <= now {
            self.end(tx, &request, (State::Expired, None), event, "")
                .await?;
            return Ok(None);
        }
        let approvals = self.standing_approvals(tx, &request).await?;
        let again = approvals.iter().any(|vote| vote.person == voter);
        // Who approvals once more has changed his mind, or stands in an approving role again; the first vote stays on record.
        if !again {
            self.keep_vote(tx, &request, (voter, role), decision, event)
                .await?;
        }
        if decision == Decision::Reject {
            self.end(tx, &request, (State::Rejected, Some(voter)), event, reason)
                .await?;
            return Ok(None);
        }
        let accounts = tx.accounts_of(request.requester).await?;
        let Standing {
            role: requester,
            stale,
        } = standing(&self.rules, &accounts, None, now);
        let fits = |role: Role| permission.grant(role) != Grant::No;
        if !requester.is_some_and(fits) && stale.is_some() {
            return Err(Refusal::RoleUnconfirmed.into());
        }
        let Some(requester_role) = requester.filter(|role| fits(*role)) else {
            self.end(
                tx,
                &request,
                (State::Unfit, Some(voter)),
                event,
                Unfit::RequesterLostRole.name(),
            )
            .await?;
            return Ok(None);
        };
        // The limits may have become stricter since, and the requester's role another.
        let need = self
            .need(tx, request.requester, requester_role, &request.intent)
            .await?;
        let needed = usize::from(need.approvals.max(request.needed));
        let others = |stands| {
            let others = approvals.iter().filter(|vote| vote.person != voter);
            others.filter(|vote| vote.stands == stands).count()
        };
        let given = 1 + others(Some(true));
        if given < needed && given + others(None) >= needed {
            return Err(Refusal::RoleUnconfirmed.into());
        }
        if given < needed && again {
            return Err(Refusal::AlreadyVoted {
                missing: u8::try_from(needed - given).unwrap_or(u8::MAX),
            }
            .into());
        }
        if given < needed {
            self.notify_cards(tx, &request, &format!("vote{}", approvals.len() + 1))
                .await?;
            return Ok(None);
        }
        let own = accounts.iter().find_map(|account| account.client);
        self.apply(tx, &request, requester_role, own, Some(voter), event)
            .await
    }

    async fn keep_vote(
        &self,
        tx: &mut Tx,
        request: &Request,
        (person, role): (PersonId, Role),
        decision: Decision,
        event: &Event,
    ) -> Result<(), Fault> {
        let vote = Vote {
            request: request.id,
            person,
            decision,
            role,
            digest: request.digest.clone(),
            event: event.id.clone(),
            at: self.now(),
        };
        tx.insert_vote(&vote).await?;
        let who = (Some(person), event.from.identity.to_string());
        let detail = json!({ "role": role.name() });
        let action = format!("vote.{}", decision.name());
        self.audit(
            tx,
            who,
            &event.id,
            (&action, format!("request:{}", request.id)),
            detail,
        )
        .await
    }

    /// Applies a request, or ends it as one that stopped fitting. The invoice is left to be issued last.
    async fn apply(
        &self,
        tx: &mut Tx,
        request: &Request,
        role: Role,
        own: Option<crate::domain::ids::ClientId>,
        by: Option<PersonId>,
        event: &Event,
    ) -> Result<Option<NewInvoice>, Stop> {
        let invoice = match &request.intent {
            Intent::AddCredit(add) => match self.apply_credit(tx, request, add, role, own).await? {
                Ok(invoice) => Some(invoice),
                Err(unfit) => {
                    self.end(tx, request, (State::Unfit, by), event, unfit.name())
                        .await?;
                    return Ok(None);
                }
            },
            Intent::Invite { .. } => {
                self.open_code(tx, request).await?;
                None
            }
        };
        self.end(tx, request, (State::Applied, by), event, "")
            .await?;
        Ok(invoice)
    }

    /// Ends a request, with everything that is owed then: the audit row, its cards, the requester, the credited.
    async fn end(
        &self,
        tx: &mut Tx,
        request: &Request,
        (state, by): (State, Option<PersonId>),
        event: &Event,
        reason: &str,
    ) -> Result<(), Fault> {
        let step = Step {
            from: request.state,
            to: state,
            by,
            event: &event.id,
            reason,
            at: self.now(),
        };
        tx.step_request(request.id, &step).await?;
        let solo = state == State::Applied && request.solo;
        let detail = json!({
            "reason": reason, "digest": request.digest, "kind": request.intent.name(), "solo": solo
        });
        self.audit_step(tx, request, state, by, event, detail)
            .await?;
        if request.state == State::Pending {
            self.notify_cards(tx, request, state.name()).await?;
            if state != State::Cancelled {
                self.notify_requester(tx, request).await?;
            }
        }
        if state == State::Applied {
            self.notify_credited(tx, request).await?;
        }
        if solo {
            self.notify_solo(tx, request).await?;
        }
        Ok(())
    }

    async fn audit_step(
        &self,
        tx: &mut Tx,
        request: &Request,
        state: State,
        by: Option<PersonId>,
        event: &Event,
        detail: serde_json::Value,
    ) -> Result<(), Fault> {
        let actor = if event.id.is_empty() {
            "time".to_owned()
        } else {
            event.from.identity.to_string()
        };
        let action = format!("request.{}", state.name());
        self.audit(
            tx,
            (by, actor),
            &event.id,
            (&action, format!("request:{}", request.id)),
            detail,
        )
        .await
    }

    /// Ends what ran out. Called from time to time; pressing what ran out ends it as well. Says how many ended.
    pub async fn expire(&self) -> Result<usize, Stop> {
        let now = self.now();
        let due = self
            .store
            .read(move |tx| {
                Box::pin(async move {
                    let mut due = tx.due_requests(State::Pending, now).await?;
                    due.extend(tx.due_requests(State::Draft, now).await?);
                    Ok(due)
                })
            })
            .await?;
        let ended = due.len();
        for id in due {
            let house = self.clone();
            self.store
                .write(move |tx| {
                    Box::pin(async move {
                        if let Some(request) = tx.request(id, true).await?
                            && !request.state.is_over()
                            && request.expires_at <= house.now()
                        {
                            let event = by_time(&request, house.now());
                            house
                                .end(tx, &request, (State::Expired, None), &event, "")
                                .await?;
                        }
                        Ok(())
                    })
                })
                .await?;
        }
        Ok(ended)
    }

    /// Requests that wait: all of them for staff, his own for a reseller; and whether there are more.
    pub async fn waiting(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        after: Option<RequestId>,
        page: usize,
    ) -> Result<(Vec<View>, bool), Stop> {
        let after = after.unwrap_or(RequestId(0));
        let limit = i64::try_from(page).unwrap_or(i64::MAX).saturating_add(1);
        let mut found = match (auth.scope(), auth.actor().person) {
            (Scope::House, _) => tx.pending_requests(after, limit).await?,
            (Scope::Tree(_), Some(person)) => tx.own_pending_requests(person, after, limit).await?,
            (Scope::Tree(_), None) => Vec::new(),
        };
        let now = self.now();
        found.retain(|request| request.expires_at > now);
        let more = found.len() > page;
        found.truncate(page);
        let mut views = Vec::with_capacity(found.len());
        for request in found {
            views.push(self.seen(tx, request.id).await?);
        }
        Ok((views, more))
    }

    /// A request that the actor made and that ended without being applied, to be asked again as new.
    pub async fn again(&self, tx: &mut Tx, actor: &Actor, id: RequestId) -> Result<Request, Stop> {
        if !actor.place.carries_rights() {
            return Err(Refusal::NoRightsHere.into());
        }
        let request = tx
            .request(id, false)
            .await?
            .ok_or(Refusal::RequestNotFound)?;
        if actor.person != Some(request.requester) {
            return Err(Refusal::NotYours.into());
        }
        if !request.state.is_over() || request.state == State::Applied {
            return Err(Refusal::NotAskable.into());
        }
        Ok(request)
    }

    /// A request as somebody may see it: staff all, others their own.
    pub async fn request_for(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        id: RequestId,
    ) -> Result<View, Stop> {
        let view = self
            .view_request(tx, id)
            .await?
            .ok_or(Refusal::RequestNotFound)?;
        if auth.scope() != Scope::House && auth.actor().person != Some(view.request.requester) {
            return Err(Refusal::RequestNotFound.into());
        }
        Ok(view)
    }
}

fn same_as_shown(request: &Request, shown: &Shown) -> Result<(), Refusal> {
    // The stored text must still have its digest, and that must be the one that the button carries.
    let kept = digest(request.id, &request.intent_text);
    if kept == request.digest && kept.starts_with(&shown.digest) {
        Ok(())
    } else {
        Err(Refusal::Changed)
    }
}

/// The event of nobody, by which time ends a request.
fn by_time(request: &Request, now: Millis) -> Event {
    Event {
        id: String::new(),
        from: crate::chat::Sender {
            identity: request.asked_by,
            name: String::new(),
            locale: String::new(),
            roles: None,
        },
        place: crate::chat::Place::OtherGuild,
        chat: 0,
        message: None,
        at: now,
        ask: crate::chat::Ask::Text(String::new()),
        forms: if request.asked_by.messenger == Messenger::Discord {
            crate::chat::Forms::Modal
        } else {
            crate::chat::Forms::Questions
        },
    }
}
