//! `approval list`, and the buttons of a request: confirm, cancel, approve, reject, ask again.

use futures_util::future::join_all;

use super::cards::{Audience, request};
use super::catalogue::{Command, Gate, Opt, OptionKind};
use super::{Call, Stop, cards};
use crate::chat::action::Shown;
use crate::chat::{Action, Button, Card, Placement, Reply, Style, Visibility};
use crate::domain::ids::RequestId;
use crate::domain::refusal::Refusal;
use crate::domain::request::{Decision, State};
use crate::domain::role::Permission;
use crate::services::access::authorise;
use crate::services::approvals::View;

/// Requests on one page.
const PAGE: usize = 4;

/// The requests that wait.
pub const LIST: Command = Command {
    name: "approval list",
    options: &[],
    gate: Gate::Needs(Permission::Approvals),
    listed: true,
    visibility: Visibility::Private,
    handler: |call| Box::pin(list(call)),
};

/// Reject a request, with the reason. Opened by the Reject button.
pub const REJECT: Command = Command {
    name: "approval reject",
    options: &[
        Opt {
            name: "request",
            kind: OptionKind::Text(40),
            required: true,
        },
        Opt {
            name: "reason",
            kind: OptionKind::Text(300),
            required: true,
        },
    ],
    gate: Gate::Needs(Permission::Approvals),
    listed: false,
    visibility: Visibility::Private,
    handler: |call| Box::pin(reject(call)),
};

async fn list(call: Call) -> Result<Reply, Stop> {
    page(&call, None).await
}

/// A page of the requests that wait.
pub async fn page(call: &Call, after: Option<RequestId>) -> Result<Reply, Stop> {
    let auth = authorise(&call.actor, Permission::Approvals)?;
    let house = call.house.clone();
    let (views, more) = call
        .house
        .store
        .read_together(move |tx| {
            Box::pin(async move { house.waiting(tx, &auth, after, PAGE).await })
        })
        .await?;
    let say = call.say;
    if views.is_empty() {
        let card = Card {
            title: say.approvals_title(),
            text: say.approvals_none(),
            ..Card::default()
        };
        return Ok(Reply::card(card));
    }
    let mut reply = Reply::card(Card {
        title: say.approvals_title(),
        ..Card::default()
    });
    for view in &views {
        let name = cards::request_name(view.request.id);
        let title = cards::request_title(&call.house.rules, view, say);
        let asked = say.approvals_line(
            view.request.requester_name.clone(),
            say.moment(view.request.expires_at),
        );
        reply.card.fields.push((format!("{name} {title}"), asked));
        let shown = cards::shown(view);
        reply = reply.row(if may_decide(call, view) {
            vec![
                Button::new(
                    Style::Good,
                    say.button_approve_one(name.clone()),
                    Action::Approve(shown.clone()),
                ),
                Button::new(
                    Style::Danger,
                    say.button_reject_one(name),
                    Action::Reject(shown),
                ),
            ]
        } else if call.actor.person == Some(view.request.requester) {
            vec![Button::new(
                Style::Secondary,
                say.button_withdraw_one(name),
                Action::Cancel(shown),
            )]
        } else {
            Vec::new()
        });
    }
    if more && let Some(last) = views.last() {
        let next = Action::Approvals(Some(last.request.id));
        reply = reply.row(vec![Button::new(Style::Secondary, say.button_next(), next)]);
    }
    Ok(reply)
}

fn may_decide(call: &Call, view: &View) -> bool {
    let approvers = view.request.intent.permission().approvers();
    call.actor
        .role
        .is_some_and(|role| approvers.contains(&role))
        && call.actor.person != Some(view.request.requester)
}

/// The requester confirms a draft.
pub async fn confirm(call: &Call, shown: Shown) -> Result<Reply, Stop> {
    let (house, event) = (call.house.clone(), call.event.clone());
    let id = shown.request;
    let code = call
        .house
        .store
        .write(move |tx| Box::pin(async move { house.confirm(tx, &event, &shown).await }))
        .await?;
    let view = call.house.committed(id).await?;
    let mut reply = call.own_card(&view).placed(Placement::Edit);
    if let Some(code) = code {
        super::people::add_code(call, &mut reply, &view, &code);
    }
    Ok(reply)
}

/// The requester gives a request up.
pub async fn cancel(call: &Call, shown: Shown) -> Result<Reply, Stop> {
    let (house, event) = (call.house.clone(), call.event.clone());
    let id = shown.request;
    call.house
        .store
        .write(move |tx| Box::pin(async move { house.cancel(tx, &event, &shown).await }))
        .await?;
    let view = call.house.committed(id).await?;
    Ok(call.own_card(&view).placed(Placement::Edit))
}

/// Somebody approves.
pub async fn approve(call: &Call, shown: Shown) -> Result<Reply, Stop> {
    let id = shown.request;
    let voted = vote(call, shown, Decision::Approve, String::new()).await;
    let view = adopt(call, id, voted).await?;
    Ok(request(&call.house.rules, &view, Audience::Approvers, call.say).placed(Placement::Edit))
}

async fn vote(call: &Call, shown: Shown, decision: Decision, reason: String) -> Result<View, Stop> {
    let (house, id) = (call.house.clone(), shown.request);
    let stale = call
        .house
        .store
        .read(move |tx| Box::pin(async move { Ok(house.stale_accounts(tx, id).await?) }))
        .await?;
    if let Some(members) = &call.members {
        let house = &call.house;
        let refreshed = stale
            .into_iter()
            .map(|user| house.refresh_roles(members.as_ref(), user));
        for refreshed in join_all(refreshed).await {
            // Where Discord does not answer the vote itself says that a role cannot be confirmed.
            if let Err(Stop::Fault(fault)) = refreshed {
                fault.log();
            }
        }
    }
    let (house, event) = (call.house.clone(), call.event.clone());
    call.house
        .store
        .write(move |tx| {
            Box::pin(async move { house.vote(tx, &event, &shown, (decision, &reason)).await })
        })
        .await?;
    call.house.committed(id).await
}

/// Sees to it that the message on which was pressed shows how the request goes on from here, or how it ended long ago.
async fn adopt(call: &Call, id: RequestId, voted: Result<View, Stop>) -> Result<View, Stop> {
    let shows_less = match &voted {
        Ok(view) => view.request.state == State::Pending,
        Err(Stop::Refusal(refusal)) => matches!(refusal, Refusal::Over { .. }),
        Err(Stop::Fault(_)) => false,
    };
    if let Some(message) = call.event.message.clone().filter(|_| shows_less) {
        let house = call.house.clone();
        let adopted = call
            .house
            .store
            .write(move |tx| Box::pin(async move { Ok(house.adopt_card(tx, id, &message).await?) }))
            .await;
        // The vote stands all the same.
        if let Err(Stop::Fault(fault)) = adopted {
            fault.log();
        }
    }
    voted
}

async fn reject(mut call: Call) -> Result<Reply, Stop> {
    let request_text = call.args.need("request")?;
    let shown: Shown = request_text.parse().map_err(|_| Refusal::UnknownButton)?;
    let reason = call.args.need("reason")?;
    call.args.clone().finish()?;
    let id = shown.request;
    let voted = vote(&call, shown, Decision::Reject, reason).await;
    let view = adopt(&call, id, voted).await?;
    let placement = if call.event.message.is_some() {
        Placement::Edit
    } else {
        Placement::New
    };
    Ok(request(&call.house.rules, &view, Audience::Approvers, call.say).placed(placement))
}
