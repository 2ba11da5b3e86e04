//! Who somebody is, and what he may do: [`authorise`] is the only way to an [`Authorised`], and services ask for one.

use serde::{Deserialize, Serialize};

use super::{House, Rules};
use crate::chat::{Event, Identity, Members, Messenger, Place};
use crate::clock::Millis;
use crate::domain::client::Status;
use crate::domain::ids::{ClientId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::role::{Grant, Permission, Role};
use crate::fault::Fault;
use crate::store::clients::Scope;
use crate::store::people::Known;
use crate::store::requests::Request;
use crate::store::{Stop, Tx};

/// Discord roles that were observed longer ago than this are looked up again before anything rests on them.
const ROLES_LAST: std::time::Duration = std::time::Duration::from_mins(10);

/// Discord roles that were observed less long ago than this are not written again while they stay the same: one write
/// less in most events.
const ROLES_FRESH: std::time::Duration = std::time::Duration::from_secs(30);

/// `[roles]` of the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleMap {
    /// Discord role id (in the configured guild) to role.
    pub discord_roles: Vec<(i64, Role)>,
    /// Named accounts.
    pub named: Vec<(Identity, Role)>,
}

impl RoleMap {
    pub(super) fn by_name(&self, who: Identity) -> Option<Role> {
        self.named
            .iter()
            .filter(|(identity, _)| *identity == who)
            .map(|(_, role)| *role)
            .max()
    }

    pub(super) fn by_discord(&self, roles: &[i64]) -> Option<Role> {
        self.discord_roles
            .iter()
            .filter(|(id, _)| roles.contains(id))
            .map(|(_, role)| *role)
            .max()
    }
}

/// Somebody who asks, as far as he is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub identity: Identity,
    /// The name: the person's, else the account's.
    pub name: String,
    /// The language of the messenger.
    pub locale: String,
    /// The language that he chose, whatever the messenger's.
    pub language: Option<String>,
    /// Where he asks.
    pub place: Place,
    /// The person, where there is one already.
    pub person: Option<PersonId>,
    /// What he is; `None`: not linked.
    pub role: Option<Role>,
    /// A reseller's client.
    pub client: Option<ClientId>,
    /// Where that client stands.
    pub client_status: Option<Status>,
    /// Whether he could not be written to until now.
    pub unreachable: bool,
    account_name: String,
    observed: Option<Vec<i64>>,
}

impl Actor {
    /// The language in which he is spoken to.
    pub fn spoken(&self) -> &str {
        self.language.as_deref().unwrap_or(&self.locale)
    }
}

/// A permission that somebody holds, and for whom. Only [`authorise`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorised {
    actor: Actor,
    role: Role,
    grant: Grant,
    scope: Scope,
}

impl Authorised {
    /// Who.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// In which role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// What the matrix grants.
    pub fn grant(&self) -> Grant {
        self.grant
    }

    /// For which clients.
    pub fn scope(&self) -> Scope {
        self.scope
    }
}

/// Whether somebody may do something, and for whom. Default deny.
pub fn authorise(actor: &Actor, permission: Permission) -> Result<Authorised, Refusal> {
    if !actor.place.carries_rights() {
        return Err(Refusal::NoRightsHere);
    }
    let role = actor.role.ok_or(Refusal::NotLinked)?;
    let grant = permission.grant(role);
    let scope = scope_of(role, actor.client);
    match (grant, scope) {
        (Grant::No, _) | (_, None) => Err(Refusal::NotAllowed),
        (_, Some(scope)) => Ok(Authorised {
            actor: actor.clone(),
            role,
            grant,
            scope,
        }),
    }
}

/// The right of a request's requester in a role that he has now, to do what he asked for.
pub(super) fn on_behalf(
    request: &Request,
    role: Role,
    client: Option<ClientId>,
) -> Result<Authorised, Refusal> {
    let actor = Actor {
        identity: request.asked_by,
        name: request.requester_name.clone(),
        locale: String::new(),
        language: None,
        // He asked where rights come along: what he confirmed there waits here.
        place: Place::PrivateChat,
        person: Some(request.requester),
        role: Some(role),
        client,
        client_status: None,
        unreachable: false,
        account_name: String::new(),
        observed: None,
    };
    authorise(&actor, request.intent.permission())
}

/// The clients whom a role is for; `None` for a reseller without a client.
pub fn scope_of(role: Role, client: Option<ClientId>) -> Option<Scope> {
    match role {
        Role::Reseller => client.map(Scope::Tree),
        _ => Some(Scope::House),
    }
}

/// What the role of a person rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The role that holds now.
    pub role: Option<Role>,
    /// The Discord account whose roles were observed too long ago and would matter.
    pub stale: Option<i64>,
}

/// The role of a person by all of his accounts: by code, by name in the configuration, by Discord roles. `seen` are the
/// Discord roles of an event that is being handled, with its account.
pub fn standing(
    rules: &Rules,
    accounts: &[Known],
    seen: Option<(Identity, &[i64])>,
    now: Millis,
) -> Standing {
    let mut role = None;
    let mut stale = None;
    for account in accounts {
        if account.removed {
            return Standing {
                role: None,
                stale: None,
            };
        }
        role = role
            .max(account.role)
            .max(rules.roles.by_name(account.identity));
        if account.identity.messenger == Messenger::Discord
            && seen.is_none_or(|(identity, _)| identity != account.identity)
            && let Some(observed) = rules.roles.by_discord(&account.roles)
        {
            if account
                .roles_at
                .is_some_and(|at| at.plus(ROLES_LAST) >= now)
            {
                role = role.max(Some(observed));
            } else {
                stale = Some(account.identity.user);
            }
        }
    }
    if let Some((identity, roles)) = seen {
        role = role
            .max(rules.roles.by_discord(roles))
            .max(rules.roles.by_name(identity));
    }
    Standing { role, stale }
}

impl House {
    /// Who sent this event. Reads only; Discord roles that other accounts of the person had too long ago do not count.
    pub async fn actor(&self, tx: &mut Tx, event: &Event) -> Result<(Actor, Option<i64>), Fault> {
        let sender = &event.from;
        let accounts = tx.accounts(sender.identity).await?;
        let named = self.rules.roles.by_name(sender.identity);
        let seen = sender
            .roles
            .as_deref()
            .filter(|_| event.place == Place::Guild);
        let seen = seen.map(|roles| (sender.identity, roles));
        let mut standing = standing(&self.rules, &accounts, seen, self.now());
        if accounts.is_empty() {
            standing.role = standing.role.max(named);
        }
        let own = accounts
            .iter()
            .find(|account| account.identity == sender.identity);
        let actor = Actor {
            identity: sender.identity,
            name: own.map_or_else(|| sender.name.clone(), |own| own.name.clone()),
            locale: sender.locale.clone(),
            language: own.and_then(|own| own.language.clone()),
            place: event.place,
            person: own.map(|own| own.person),
            role: standing.role,
            client: own.and_then(|own| own.client),
            client_status: own.and_then(|own| own.client_status),
            unreachable: own.is_some_and(|own| own.unreachable),
            account_name: sender.name.clone(),
            observed: seen.map(|(_, roles)| roles.to_vec()),
        };
        Ok((actor, standing.stale))
    }

    /// The person behind an actor, created where there is none yet; what his event showed of him is kept.
    pub async fn person(&self, tx: &mut Tx, actor: &Actor) -> Result<PersonId, Fault> {
        let now = self.now();
        let mut known = tx.known(actor.identity).await?;
        let mut person = known.as_ref().map(|known| known.person);
        if person.is_none() {
            let new = PersonId(self.ids.next());
            tx.insert_person(new, &actor.name, None, None, now).await?;
            if tx
                .insert_identity(new, actor.identity, &actor.account_name, &actor.locale)
                .await?
            {
                person = Some(new);
            } else {
                // Another event of the same account was quicker.
                known = tx.known(actor.identity).await?;
                person = known.as_ref().map(|known| known.person);
            }
        }
        let person = person.ok_or_else(|| Fault::internal("an account vanished"))?;
        let observed = actor.observed.as_deref();
        if !known.is_some_and(|known| is_observed(&known, &actor.locale, observed, now)) {
            tx.observe(actor.identity, &actor.locale, observed, now)
                .await?;
        }
        Ok(person)
    }

    /// Looks up a Discord account's roles and keeps them. Where the account left the guild it has none.
    pub async fn refresh_roles(&self, members: &dyn Members, user: i64) -> Result<(), Stop> {
        let roles = members.roles(user).await?.unwrap_or_default();
        let now = self.now();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let who = Identity {
                        messenger: Messenger::Discord,
                        user,
                    };
                    tx.keep_roles(who, &roles, now).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Named admins: people who are admins by code or by name in the configuration. Discord roles do not count.
    pub async fn named_admins(&self, tx: &mut Tx) -> Result<Vec<PersonId>, Fault> {
        let mut admins = tx.admins_by_code().await?;
        for (identity, role) in &self.rules.roles.named {
            if *role == Role::Admin
                && let Some(known) = tx.known(*identity).await?
                && !known.removed
            {
                admins.push(known.person);
            }
        }
        admins.sort_unstable();
        admins.dedup();
        Ok(admins)
    }
}

/// Whether what an event showed of an account is stored already.
fn is_observed(known: &Known, locale: &str, roles: Option<&[i64]>, now: Millis) -> bool {
    let fresh = known
        .roles_at
        .is_some_and(|at| at <= now && now < at.plus(ROLES_FRESH));
    known.locale == locale && roles.is_none_or(|roles| fresh && known.roles == roles)
}

/// A person in a few words, for stored results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Option<Role>,
}
