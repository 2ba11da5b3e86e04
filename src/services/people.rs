//! People: inviting them by one-time code, linking their accounts, and who is named in the configuration.

mod freeze;
mod language;
mod roles;

pub use roles::{Member, Roots};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::access::{Actor, Authorised, Who, authorise};
use super::notices::address;
use super::{House, once};
use crate::chat::{Event, Identity, Place};
use crate::domain::client::Class;
use crate::domain::ids::{ClientId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::request::{Intent, hex};
use crate::domain::role::{Grant, Permission, Role};
use crate::fault::Fault;
use crate::store::clients::Scope;
use crate::store::people::NewCode;
use crate::store::requests::Request;
use crate::store::{Stop, Store, Tx};

/// For how long an invitation can be used.
pub const INVITATION_LASTS: std::time::Duration = std::time::Duration::from_hours(24);
/// For how long a code that adds an account to its maker can be used.
pub const ACCOUNT_CODE_LASTS: std::time::Duration = std::time::Duration::from_mins(15);

/// What linking led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Who the account belongs to now.
    pub who: Who,
    /// Whether it was added to a person who had others.
    pub added: bool,
}

fn hash(code: &str) -> String {
    hex(&Sha256::digest(code.trim().to_ascii_uppercase().as_bytes()))
}

impl House {
    /// The intent behind an invitation, or why it cannot be had. Changes nothing.
    pub async fn intend_invite(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        role: Role,
        name: String,
        client: Option<ClientId>,
    ) -> Result<(Authorised, Intent), Stop> {
        let intent = Intent::Invite { role, name, client };
        let auth = authorise(actor, intent.permission())?;
        if actor.place == Place::Group {
            return Err(Refusal::OnlyInPrivate.into());
        }
        self.invitable(tx, role, client).await?;
        Ok((auth, intent))
    }

    async fn invitable(
        &self,
        tx: &mut Tx,
        role: Role,
        client: Option<ClientId>,
    ) -> Result<(), Stop> {
        match (role, client) {
            (Role::Reseller, Some(client)) => {
                let client = tx.client(client, Scope::House).await?;
                if client.is_none_or(|client| client.class != Class::Reseller) {
                    return Err(Refusal::NeedsReseller.into());
                }
                Ok(())
            }
            (Role::Reseller, None) => Err(Refusal::NeedsReseller.into()),
            (_, Some(_)) => Err(Refusal::NeedsNoClient.into()),
            (_, None) => Ok(()),
        }
    }

    /// Makes the code of an invitation: one that is applied at once, or one that waits for approval. The code is told here
    /// and never again: only its hash is kept. `None` when it was made before, or for any other request.
    pub(super) async fn make_code(
        &self,
        tx: &mut Tx,
        request: &Request,
        open: bool,
    ) -> Result<Option<String>, Fault> {
        let Intent::Invite { role, name, client } = &request.intent else {
            return Ok(None);
        };
        let code = self.random.code();
        let now = self.now();
        let new = NewCode {
            hash: hash(&code),
            request: Some(request.id),
            person: None,
            role: Some(*role),
            name: name.clone(),
            client: *client,
            by: Some(request.requester),
            at: now,
            // Until somebody approves it opens nothing.
            expires: if open {
                now.plus(INVITATION_LASTS)
            } else {
                now
            },
        };
        Ok(tx.insert_code(&new).await?.then_some(code))
    }

    /// Lets the code of an approved invitation be used.
    pub(super) async fn open_code(&self, tx: &mut Tx, request: &Request) -> Result<(), Fault> {
        tx.open_code(request.id, self.now().plus(INVITATION_LASTS))
            .await
    }

    /// Makes an invitation on the host: how the first admin comes in. Returns the code.
    pub async fn invite_on_host(
        &self,
        tx: &mut Tx,
        role: Role,
        name: String,
        client: Option<ClientId>,
    ) -> Result<String, Stop> {
        self.invitable(tx, role, client).await?;
        let code = self.random.code();
        let now = self.now();
        let new = NewCode {
            hash: hash(&code),
            request: None,
            person: None,
            role: Some(role),
            name: name.clone(),
            client,
            by: None,
            at: now,
            expires: now.plus(INVITATION_LASTS),
        };
        tx.insert_code(&new).await?;
        let detail = json!({ "role": role.name(), "name": name });
        let who = (None, "host".to_owned());
        self.audit(
            tx,
            who,
            "",
            ("person.invited", "person:new".to_owned()),
            detail,
        )
        .await?;
        Ok(code)
    }

    /// Makes a code with which its maker adds an account on another messenger to himself.
    pub async fn account_code(&self, tx: &mut Tx, actor: &Actor) -> Result<String, Stop> {
        if !actor.place.carries_rights() {
            return Err(Refusal::NoRightsHere.into());
        }
        if actor.place == Place::Group {
            return Err(Refusal::OnlyInPrivate.into());
        }
        if actor.role.is_none() {
            return Err(Refusal::NotLinked.into());
        }
        self.not_frozen(tx, None).await?;
        let person = self.person(tx, actor).await?;
        let code = self.random.code();
        let now = self.now();
        let new = NewCode {
            hash: hash(&code),
            request: None,
            person: Some(person),
            role: None,
            name: String::new(),
            client: None,
            by: Some(person),
            at: now,
            expires: now.plus(ACCOUNT_CODE_LASTS),
        };
        tx.insert_code(&new).await?;
        Ok(code)
    }

    /// Links the sender's account by a one-time code. Codes carry their own right, so any place will do.
    pub async fn link(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        event: &Event,
        code: &str,
    ) -> Result<Linked, Stop> {
        once(tx, event, self.now(), async |tx: &mut Tx| {
            self.not_frozen(tx, None).await?;
            let hash = hash(code);
            let found = tx
                .use_code(&hash, self.now())
                .await?
                .ok_or(Refusal::BadCode)?;
            let known = tx.known(actor.identity).await?;
            let linked = match (found.person_id, known) {
                (Some(person), known) => {
                    if let Some(known) = known {
                        self.leave(tx, &known, person).await?;
                        tx.move_identity(actor.identity, person).await?;
                    } else {
                        tx.insert_identity(person, actor.identity, &actor.name, &actor.locale)
                            .await?;
                    }
                    let name = tx.person_name(person).await?.unwrap_or_default();
                    let role = tx
                        .accounts_of(person)
                        .await?
                        .first()
                        .and_then(|account| account.role);
                    (
                        person,
                        Linked {
                            who: Who { name, role },
                            added: true,
                        },
                    )
                }
                (None, known) => {
                    let role = found
                        .role()
                        .ok_or_else(|| Fault::internal("a code without a role"))?;
                    let person = match known {
                        Some(known) if known.role.is_none() && !known.removed => {
                            tx.set_role(known.person, role, found.client_id).await?;
                            known.person
                        }
                        Some(_) => return Err(Refusal::AlreadyLinked.into()),
                        None => {
                            self.newcomer(tx, actor, &found.name, role, found.client_id)
                                .await?
                        }
                    };
                    let name = tx.person_name(person).await?.unwrap_or_default();
                    (
                        person,
                        Linked {
                            who: Who {
                                name,
                                role: Some(role),
                            },
                            added: false,
                        },
                    )
                }
            };
            let (person, linked) = linked;
            tx.code_used_by(&hash, person).await?;
            let role = linked.who.role;
            let detail = json!({ "role": role.map(Role::name), "added": linked.added });
            let who = (Some(person), actor.identity.to_string());
            self.audit(
                tx,
                who,
                &event.id,
                ("person.linked", format!("person:{person}")),
                detail,
            )
            .await?;
            self.arrived(tx, actor.identity).await?;
            self.notify_menu(tx, actor.identity, role, &event.id)
                .await?;
            Ok(linked)
        })
        .await
    }

    async fn newcomer(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        name: &str,
        role: Role,
        client: Option<ClientId>,
    ) -> Result<PersonId, Stop> {
        let person = PersonId(self.ids.next());
        let name = if name.is_empty() {
            actor.name.as_str()
        } else {
            name
        };
        tx.insert_person(person, name, Some(role), client, self.now())
            .await?;
        if tx
            .insert_identity(person, actor.identity, &actor.name, &actor.locale)
            .await?
        {
            Ok(person)
        } else {
            Err(Refusal::AlreadyLinked.into())
        }
    }

    /// An account may leave its person for another only while it stands for nothing: no role by code, nothing asked or
    /// decided. Otherwise somebody could approve what he asked for himself.
    async fn leave(
        &self,
        tx: &mut Tx,
        known: &crate::store::people::Known,
        to: PersonId,
    ) -> Result<(), Stop> {
        if known.person == to
            || known.role.is_some()
            || known.removed
            || tx.has_history(known.person).await?
        {
            return Err(Refusal::AlreadyLinked.into());
        }
        Ok(())
    }

    /// Somebody wrote: he can be written to again, and hears what was kept for him.
    pub async fn arrived(&self, tx: &mut Tx, identity: Identity) -> Result<(), Fault> {
        tx.set_reachable(identity, None).await?;
        tx.release_notices(&serde_json::to_string(&address(identity))?, self.now())
            .await?;
        Ok(())
    }

    /// Sees to it that everybody who is named in the configuration is a person, so that notices reach him and his votes
    /// are his. Called at start.
    pub async fn know_named(&self) -> Result<(), Stop> {
        let house = self.clone();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let now = house.now();
                    for (identity, _) in &house.rules.roles.named {
                        if tx.known(*identity).await?.is_none() {
                            let person = PersonId(house.ids.next());
                            let name = identity.to_string();
                            tx.insert_person(person, &name, None, None, now).await?;
                            tx.insert_identity(person, *identity, &name, "").await?;
                        }
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Keeps the name that the messenger shows for somebody who was known by number alone, and his language.
    pub async fn keep_name(&self, tx: &mut Tx, actor: &Actor, shown: &str) -> Result<(), Fault> {
        if let Some(person) = actor.person
            && actor.name == actor.identity.to_string()
            && !shown.is_empty()
        {
            tx.rename_person(person, shown).await?;
        }
        Ok(())
    }

    /// Whether a command under this permission may be used at all by the actor, for menus and cards.
    pub fn may(actor: &Actor, permission: Permission) -> bool {
        authorise(actor, permission).is_ok_and(|auth| auth.grant() != Grant::No)
    }
}

/// The client of that username, for the command line.
pub async fn client_by_username(store: &Store, username: String) -> Result<Option<ClientId>, Stop> {
    store
        .read(move |tx| Box::pin(async move { Ok(tx.client_by_username(&username).await?) }))
        .await
}
