//! Votes: who may decide, whose earlier word still counts, and what a vote leads to.

use serde_json::json;

use super::{Done, same_as_shown};
use crate::chat::Event;
use crate::chat::action::Shown;
use crate::domain::ids::{PersonId, RequestId};
use crate::domain::refusal::Refusal;
use crate::domain::request::{Decision, Ineligible, State, Unfit, eligible};
use crate::domain::role::{Grant, Role};
use crate::domain::trail::terms_of;
use crate::fault::Fault;
use crate::services::access::{Standing, standing};
use crate::services::{House, Last, once_with_last};
use crate::store::requests::{Request, Vote};
use crate::store::{Stop, Tx};

/// Somebody who approved a request that waits.
pub(super) struct Approval {
    pub(super) person: PersonId,
    pub(super) name: String,
    /// Whether he may still approve; `None` where his Discord roles were observed too long ago to tell.
    pub(super) stands: Option<bool>,
}

impl House {
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
    pub(super) async fn standing_approvals(
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
        once_with_last(tx, event, self.now(), async |tx: &mut Tx| {
            let last = self.cast(tx, event, shown, (decision, reason)).await?;
            let done = Done {
                request: shown.request,
            };
            Ok((done, last))
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
    ) -> Result<Option<Last>, Stop> {
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
        self.not_frozen(tx, Some(&request.intent)).await?;
        let now = self.now();
        if request.expires_at <= now {
            self.end(tx, &request, (State::Expired, None), event, "")
                .await?;
            return Ok(None);
        }
        let approvals = self.standing_approvals(tx, &request).await?;
        let again = approvals.iter().any(|vote| vote.person == voter);
        // Who votes once more has changed his mind, or stands in an approving role again; the first vote stays on record.
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
        self.audit_about(
            tx,
            who,
            &event.id,
            (&action, format!("request:{}", request.id)),
            (detail, terms_of(&request.intent)),
        )
        .await
    }
}
