//! Who there is and what his role rests on; another role for somebody, and the end of one, with what goes along.

use crate::chat::{Event, Identity, Messenger};
use crate::clock::Millis;
use crate::domain::ids::{ClientId, PersonId, from_base32};
use crate::domain::refusal::Refusal;
use crate::domain::request::person::Along;
use crate::domain::request::{Intent, Person, State, Unfit};
use crate::domain::role::{Grant, Permission, Role};
use crate::fault::Fault;
use crate::services::House;
use crate::services::access::{Actor, Authorised, authorise};
use crate::store::people::Known;
use crate::store::requests::Request;
use crate::store::{Stop, Tx};

/// What a person's role rests on. The highest holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roots {
    /// By one-time code, or as an admin changed it.
    pub code: Option<Role>,
    /// By name in the configuration.
    pub configuration: Option<Role>,
    /// By a Discord role, as last observed.
    pub discord: Option<Role>,
}

impl Roots {
    /// The role that holds.
    pub fn role(self) -> Option<Role> {
        self.code.max(self.configuration).max(self.discord)
    }
}

/// A person as admins see him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// What his role rests on.
    pub roots: Roots,
    /// A reseller's client.
    pub client: Option<ClientId>,
    /// His accounts.
    pub accounts: Vec<Identity>,
    /// When he came.
    pub since: Millis,
}

impl House {
    fn members_of(&self, mut accounts: Vec<Known>) -> Vec<Member> {
        accounts.sort_by_key(|account| account.person);
        let his = accounts.chunk_by(|one, other| one.person == other.person);
        his.filter_map(|accounts| self.member_of(accounts))
            .collect()
    }

    fn member_of(&self, accounts: &[Known]) -> Option<Member> {
        let first = accounts.first()?;
        let roles = &self.rules.roles;
        let named = accounts
            .iter()
            .map(|account| roles.by_name(account.identity));
        let on_discord = accounts
            .iter()
            .filter(|account| account.identity.messenger == Messenger::Discord);
        let observed = on_discord.map(|account| roles.by_discord(&account.roles));
        Some(Member {
            person: first.person,
            name: first.name.clone(),
            roots: Roots {
                code: first.role,
                configuration: named.max().flatten(),
                discord: observed.max().flatten(),
            },
            client: first.client,
            accounts: accounts.iter().map(|account| account.identity).collect(),
            since: first.since,
        })
    }

    /// A page of people, oldest first, and whether there are more.
    pub async fn people(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        after: Option<PersonId>,
        page: usize,
    ) -> Result<(Vec<Member>, bool), Stop> {
        authorise(actor, Permission::People)?;
        let limit = i64::try_from(page).unwrap_or(i64::MAX).saturating_add(1);
        let found = tx.people_page(after.unwrap_or(PersonId(0)), limit).await?;
        let mut members = self.members_of(found);
        let more = members.len() > page;
        members.truncate(page);
        Ok((members, more))
    }

    /// The people whom a text names: by short name from a list, else by exact name.
    pub async fn people_called(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        text: &str,
    ) -> Result<Vec<Member>, Stop> {
        authorise(actor, Permission::People)?;
        if let Ok(id) = from_base32(text) {
            let accounts = tx.accounts_of(PersonId(id)).await?;
            if accounts.iter().any(|account| !account.removed) {
                return Ok(self.members_of(accounts));
            }
        }
        let found = self.members_of(tx.people_named(text).await?);
        if found.is_empty() {
            let query = text.chars().take(80).collect();
            return Err(Refusal::PersonNotFound { query }.into());
        }
        Ok(found)
    }

    async fn member(&self, tx: &mut Tx, person: PersonId) -> Result<(Member, Role), Stop> {
        let accounts = tx.accounts_of(person).await?;
        let gone = || Refusal::PersonNotFound {
            query: person.to_string(),
        };
        let here = accounts.iter().any(|account| !account.removed);
        let member = self
            .member_of(&accounts)
            .filter(|_| here)
            .ok_or_else(gone)?;
        let role = member.roots.role().ok_or_else(gone)?;
        Ok((member, role))
    }

    /// The intent behind another role for somebody, or why it cannot be had. Changes nothing.
    pub async fn intend_role(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        (person, after, client): (PersonId, Role, Option<ClientId>),
    ) -> Result<(Authorised, Intent), Stop> {
        authorise(actor, Permission::People)?;
        let (member, before) = self.member(tx, person).await?;
        if before == after && member.client == client {
            return Err(Refusal::NothingChanges.into());
        }
        held_elsewhere(&member, Some(after))?;
        self.invitable(tx, after, client).await?;
        if after != Role::Admin {
            self.not_last(tx, &member).await?;
        }
        let change = Person::Role {
            person,
            name: member.name,
            before,
            after,
            client,
            along: self.along(tx, person, Some(after)).await?,
        };
        let auth = authorise(actor, change.permission())?;
        Ok((auth, Intent::Person(change)))
    }

    /// The intent to end somebody's rights, or why it cannot be had. Changes nothing.
    pub async fn intend_remove(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        person: PersonId,
    ) -> Result<(Authorised, Intent), Stop> {
        authorise(actor, Permission::People)?;
        let (member, role) = self.member(tx, person).await?;
        held_elsewhere(&member, None)?;
        self.not_last(tx, &member).await?;
        let change = Person::Remove {
            person,
            name: member.name,
            role,
            along: self.along(tx, person, None).await?,
        };
        let auth = authorise(actor, change.permission())?;
        Ok((auth, Intent::Person(change)))
    }

    async fn not_last(&self, tx: &mut Tx, member: &Member) -> Result<(), Stop> {
        if self.named_admins(tx).await? == [member.person] {
            let name = member.name.clone();
            return Err(Refusal::LastAdmin { name }.into());
        }
        Ok(())
    }

    /// What a person asked for and may not ask for any more, and what he approved and may not approve any more.
    async fn goes_along(
        &self,
        tx: &mut Tx,
        person: PersonId,
        after: Option<Role>,
    ) -> Result<[Vec<Request>; 2], Fault> {
        let mut asked = Vec::new();
        for id in tx.open_requests_of(person).await? {
            asked.extend(tx.request(id, true).await?);
        }
        asked.retain(|request| {
            let grant = |role| request.intent.permission().grant(role);
            !request.state.is_over() && after.is_none_or(|role| grant(role) == Grant::No)
        });
        let mut approved = Vec::new();
        for id in tx.waiting_approved_by(person).await? {
            approved.extend(tx.request(id, true).await?);
        }
        approved.retain(|request| {
            let approvers = request.intent.permission().approvers();
            request.state == State::Pending && after.is_none_or(|role| !approvers.contains(&role))
        });
        Ok([asked, approved])
    }

    async fn along(
        &self,
        tx: &mut Tx,
        person: PersonId,
        after: Option<Role>,
    ) -> Result<Along, Fault> {
        let [requests, approvals] = self.goes_along(tx, person, after).await?;
        let count = |of: Vec<Request>| u32::try_from(of.len()).unwrap_or(u32::MAX);
        Ok(Along {
            requests: count(requests),
            approvals: count(approvals),
        })
    }

    /// What a change about people is at today's facts.
    pub(in crate::services) async fn intend_person_again(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        change: &Person,
    ) -> Result<Intent, Stop> {
        let (_, intent) = match change {
            Person::Freeze => self.intend_freeze(tx, actor, true).await?,
            Person::Unfreeze { .. } => self.intend_freeze(tx, actor, false).await?,
            Person::Role {
                person,
                after,
                client,
                ..
            } => {
                self.intend_role(tx, actor, (*person, *after, *client))
                    .await?
            }
            Person::Remove { person, .. } => self.intend_remove(tx, actor, *person).await?,
        };
        Ok(intent)
    }

    /// Changes people as it was shown, in the transaction that applies the request.
    pub(in crate::services) async fn change_person(
        &self,
        tx: &mut Tx,
        request: &Request,
        change: &Person,
    ) -> Result<(), Fault> {
        let key = format!("request:{}", request.id);
        let by = request.requester_name.clone();
        match change {
            Person::Freeze => {
                tx.freeze(request.requester, self.now()).await?;
                self.notify_freeze(tx, (true, by), key).await
            }
            Person::Unfreeze { .. } => {
                tx.unfreeze().await?;
                self.notify_freeze(tx, (false, by), key).await
            }
            Person::Role {
                person,
                after,
                client,
                ..
            } => tx.set_role(*person, *after, *client).await,
            Person::Remove { person, .. } => tx.remove_person(*person, self.now()).await,
        }
    }

    /// Ends what rested on a role that somebody has no longer: what he asked for, what he approved, his codes and his menu.
    pub(in crate::services) async fn take_along(
        &self,
        tx: &mut Tx,
        change: &Person,
        event: &Event,
    ) -> Result<(), Fault> {
        let (person, after) = match change {
            Person::Role { person, after, .. } => (*person, Some(*after)),
            Person::Remove { person, .. } => (*person, None),
            Person::Freeze | Person::Unfreeze { .. } => return Ok(()),
        };
        let [asked, approved] = self.goes_along(tx, person, after).await?;
        for request in asked {
            let why = Unfit::RequesterLostRole.name();
            // Nobody decided about them.
            self.end(tx, &request, (State::Unfit, None), event, why)
                .await?;
        }
        for request in approved {
            // The cards do not name him any more.
            let step = format!("without-{person}-{}", self.ids.next());
            self.notify_cards(tx, &request, &step).await?;
        }
        tx.end_codes_of(person, self.now()).await?;
        for account in tx.accounts_of(person).await? {
            self.notify_menu(tx, account.identity, after, &event.id)
                .await?;
        }
        Ok(())
    }
}

/// What the configuration or Discord gives cannot be taken away here.
fn held_elsewhere(member: &Member, after: Option<Role>) -> Result<(), Refusal> {
    let name = || member.name.clone();
    match member.roots {
        Roots {
            configuration: Some(role),
            ..
        } if Some(role) > after => Err(Refusal::NamedInConfiguration { name: name(), role }),
        Roots {
            discord: Some(role),
            ..
        } if Some(role) > after => Err(Refusal::HeldByDiscord { name: name(), role }),
        _ => Ok(()),
    }
}
