//! The end of a request: applied, rejected, given up, run out, with everything that is owed then.

use serde_json::json;

use crate::chat::{Event, Messenger};
use crate::clock::Millis;
use crate::domain::ids::PersonId;
use crate::domain::request::{Intent, State};
use crate::domain::role::Role;
use crate::domain::trail::terms_of;
use crate::fault::Fault;
use crate::services::{House, Last};
use crate::store::requests::{Request, Step};
use crate::store::{Stop, Tx};

impl House {
    /// Applies a request, or ends it as one that stopped fitting. Posting and invoice are left to the end.
    pub(super) async fn apply(
        &self,
        tx: &mut Tx,
        request: &Request,
        role: Role,
        own: Option<crate::domain::ids::ClientId>,
        by: Option<PersonId>,
        event: &Event,
    ) -> Result<Option<Last>, Stop> {
        let last = match self.perform(tx, request, (role, own)).await? {
            Ok(last) => last,
            Err(unfit) => {
                self.end(tx, request, (State::Unfit, by), event, unfit.name())
                    .await?;
                return Ok(None);
            }
        };
        self.end(tx, request, (State::Applied, by), event, "")
            .await?;
        if let Intent::Person(change) = &request.intent {
            self.take_along(tx, change, event).await?;
        }
        Ok(last)
    }

    /// Ends a request, with everything that is owed then: the audit row, its cards, the requester, the credited.
    pub(in crate::services) async fn end(
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
        if let Intent::Import(_) = &request.intent
            && state != State::Applied
            && state.is_over()
        {
            tx.drop_import_file(request.id).await?;
        }
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
            self.notify_told(tx, request).await?;
            if self.can_be_undone(request) {
                self.notify_undo_over(tx, request).await?;
            }
            self.notify_mails(tx, request).await?;
            if let Some(undone) = request.undoes
                && let Some(undone) = tx.request(undone, false).await?
            {
                self.notify_cards(tx, &undone, "undone").await?;
            }
        }
        if solo {
            self.notify_solo(tx, request).await?;
        }
        Ok(())
    }

    /// Gives up the draft of the person who asks for another one in its place.
    pub(in crate::services) async fn replace_draft(
        &self,
        tx: &mut Tx,
        request: &Request,
        event: &Event,
    ) -> Result<(), Fault> {
        let by = Some(request.requester);
        self.end(tx, request, (State::Cancelled, by), event, "")
            .await?;
        tx.finish_event(event, "null", self.now()).await
    }

    pub(super) async fn audit_step(
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
        self.audit_about(
            tx,
            (by, actor),
            &event.id,
            (&action, format!("request:{}", request.id)),
            (detail, terms_of(&request.intent)),
        )
        .await
    }

    /// Reminds the approvers of what has waited for half of its time. Called from time to time. Says how many were reminded of.
    pub async fn remind(&self) -> Result<usize, Stop> {
        let now = self.now();
        let due = self
            .store
            .read(move |tx| Box::pin(async move { Ok(tx.requests_to_remind(now).await?) }))
            .await?;
        let reminded = due.len();
        for id in due {
            let house = self.clone();
            self.store
                .write(move |tx| {
                    Box::pin(async move {
                        if let Some(request) = tx.request(id, true).await?
                            && request.state == State::Pending
                            && tx.reminded(id).await?
                        {
                            house.notify_reminder(tx, &request).await?;
                        }
                        Ok(())
                    })
                })
                .await?;
        }
        Ok(reminded)
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
