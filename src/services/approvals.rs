//! From draft to outcome: confirming, voting, giving up, running out. Whatever was shown is what is applied, once.

mod deciding;
mod ending;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::{Actor, Authorised, authorise};
use super::import::Moving;
use super::{House, once, once_with_last};
use crate::chat::action::Shown;
use crate::chat::{Event, MessageRef, Place};
use crate::domain::ids::{PersonId, RequestId};
use crate::domain::refusal::Refusal;
use crate::domain::request::invoice::Release;
use crate::domain::request::{AddCredit, Billing, Intent, Need, Payer, State, digest};
use crate::domain::role::{Grant, Role};
use crate::fault::Fault;
use crate::store::clients::{Client, Scope};
use crate::store::requests::Request;
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
    /// Prefix and number of its credit note.
    pub note: Option<(String, i64)>,
    /// The request that undid it.
    pub undone: Option<RequestId>,
    /// Whether what it did can still be undone at a press.
    pub undoable: bool,
    /// How far its file is, where it is to move one in and was confirmed.
    pub moving: Option<Moving>,
    /// Who approved; while it waits, without those who may not approve any more.
    pub approvals: Vec<String>,
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
        if view.request.state == State::Applied {
            view.undone = tx.undone_by(id).await?;
        }
        view.undoable = view.undone.is_none() && self.is_undoable(&view.request);
        if let Intent::Import(_) = &view.request.intent {
            view.moving = self.moving(tx, id).await?;
        }
        if view.request.state == State::Applied
            && matches!(
                view.request.intent,
                Intent::Reverse(_) | Intent::Invoice(Billing::Credit { .. })
            )
        {
            view.note = tx.note_of(id).await?;
        }
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
                payer: Payer::Reseller(id),
                ..
            })
            | Intent::Invoice(Billing::Pay {
                release:
                    Some(Release {
                        payer: Payer::Reseller(id),
                        ..
                    }),
                ..
            }) => tx.client(*id, Scope::House).await?,
            Intent::Deduct(deduct) => {
                let reseller = deduct.shares.iter().find_map(|share| match share.payer {
                    Payer::Reseller(id) => Some(id),
                    Payer::House => None,
                });
                match reseller {
                    Some(id) => tx.client(id, Scope::House).await?,
                    None => None,
                }
            }
            _ => None,
        };
        Ok(View {
            request,
            client,
            payer,
            invoice: None,
            note: None,
            undone: None,
            undoable: false,
            moving: None,
            approvals: Vec::new(),
        })
    }

    /// A request as it stands after what was done to it was committed. Where it cannot be looked at, the fault is of the
    /// kind that says that the work was perhaps done.
    pub async fn committed(&self, id: RequestId) -> Result<View, Stop> {
        let house = self.clone();
        let seen = self
            .store
            .read_together(move |tx| Box::pin(async move { house.seen(tx, id).await }))
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
        self.draft_undoing(tx, auth, event, intent, None).await
    }

    /// Stores the draft of what undoes a request.
    pub async fn draft_undoing(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        event: &Event,
        intent: Intent,
        undoes: Option<RequestId>,
    ) -> Result<View, Stop> {
        self.not_frozen(tx, Some(&intent)).await?;
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
            undoes,
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
        once_with_last(tx, event, self.now(), async |tx: &mut Tx| {
            let (actor, _) = self.actor(tx, event).await?;
            let actor = &actor;
            let mut request = self.own_request(tx, actor, shown).await?;
            let done = Done {
                request: request.id,
            };
            if request.state != State::Draft {
                // Pressed twice: the same answer, no second effect. But where the first press was never answered, Discord
                // edits nothing by its token.
                if let Some(message) = &event.message {
                    self.keep_card(tx, request.id, message).await?;
                }
                return Ok((done, None));
            }
            let auth = authorise(actor, request.intent.permission())?;
            self.not_frozen(tx, Some(&request.intent)).await?;
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
                let last = self.apply(tx, &request, role, own, by, event).await?;
                return Ok((done, last));
            }
            let wait = if auth.grant() == Grant::OwnRequest {
                self.rules.request_expires
            } else {
                self.rules.expires
            };
            let times = (now.plus(wait / 2), now.plus(wait));
            tx.confirm_request(request.id, need.approvals, &event.id, times)
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
        if let Intent::Import(_) = &request.intent {
            return Err(Refusal::FileGone.into());
        }
        Ok(request)
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
