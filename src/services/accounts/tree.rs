//! Whose a client is, what it may do, who looks after it and who brought it.

use super::super::House;
use super::super::access::{Authorised, standing};
use crate::domain::client::{Class, Status, fold};
use crate::domain::ids::{ClientId, PersonId};
use crate::domain::invoice;
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::request::{Account, Along, Intent, Party, Staff};
use crate::domain::role::Role;
use crate::fault::Fault;
use crate::store::clients::{Client, Scope};
use crate::store::people::Known;
use crate::store::trees::Links;
use crate::store::{Stop, Tx};

/// The most clients that move at once.
pub const MOST_MOVE: i64 = 5_000;
/// The most open invoices that are named.
const NAMED: usize = 5;
/// The most open invoices that are looked at.
const LOOKED_AT: i64 = 200;

impl House {
    /// The intent behind a change of what a client may do.
    pub async fn intend_class(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        (client, after, heir): (ClientId, Class, Option<ClientId>),
    ) -> Result<Intent, Stop> {
        let found = self.changeable(tx, auth, client).await?;
        if found.class == after {
            return Err(Refusal::NothingChanges.into());
        }
        let leaves = found.class == Class::Reseller;
        let clients = if leaves {
            self.count_moving(tx, client).await?
        } else {
            0
        };
        if clients > 0 && heir.is_none() {
            return Err(Refusal::HasClients { clients }.into());
        }
        let heir = match heir {
            Some(heir) if clients > 0 => {
                Some(self.reseller_named(tx, auth, client, heir, "heir").await?)
            }
            Some(heir) => {
                let typed = format!("heir #{heir}");
                return Err(Refusal::Leftover { typed }.into());
            }
            None => None,
        };
        let mut along = open_invoices(tx, client).await?;
        along.clients = clients;
        Ok(Intent::Account(Account::Class {
            client,
            before: found.class,
            after,
            heir,
            url: found.delivery_url.filter(|_| leaves),
            along,
        }))
    }

    /// The intent behind a move to another reseller, or to the house.
    pub async fn intend_reseller(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        (client, after): (ClientId, Option<ClientId>),
    ) -> Result<Intent, Stop> {
        self.changeable(tx, auth, client).await?;
        let links = links(tx, client).await?;
        if links.reseller_id == after {
            return Err(Refusal::NothingChanges.into());
        }
        let after = match after {
            Some(after) => Some(
                self.reseller_named(tx, auth, client, after, "reseller")
                    .await?,
            ),
            None => None,
        };
        let mut along = open_invoices(tx, client).await?;
        along.clients = self.count_moving(tx, client).await?;
        Ok(Intent::Account(Account::Reseller {
            client,
            before: party(links.reseller_id, links.reseller),
            after,
            along,
        }))
    }

    /// The intent behind a change of who brought a client.
    pub async fn intend_referral(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        (client, after): (ClientId, Option<ClientId>),
    ) -> Result<Intent, Stop> {
        self.changeable(tx, auth, client).await?;
        let links = links(tx, client).await?;
        if links.referral_id == after {
            return Err(Refusal::NothingChanges.into());
        }
        let after = match after {
            Some(after) => {
                let name = self.view(tx, auth, after).await?.name;
                if tx.brought(client, after).await? {
                    return Err(Refusal::Circle {
                        option: "referral",
                        client: name,
                    }
                    .into());
                }
                Some(Party { id: after, name })
            }
            None => None,
        };
        Ok(Intent::Account(Account::Referral {
            client,
            before: party(links.referral_id, links.referral),
            after,
        }))
    }

    /// The intent behind a change of who looks after a client.
    pub async fn intend_manager(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        (client, after): (ClientId, Option<PersonId>),
    ) -> Result<Intent, Stop> {
        self.changeable(tx, auth, client).await?;
        let links = links(tx, client).await?;
        if links.manager_id == after {
            return Err(Refusal::NothingChanges.into());
        }
        let after = match after {
            Some(id) => {
                let staff = self.staff(tx).await?;
                let found = staff.into_iter().find(|person| person.id == id);
                Some(found.ok_or(Refusal::NoSuchStaff {
                    typed: format!("#{id}"),
                })?)
            }
            None => None,
        };
        let before = match (links.manager_id, links.manager) {
            (Some(id), Some(name)) => Some(Staff { id, name }),
            _ => None,
        };
        Ok(Intent::Account(Account::Manager {
            client,
            before,
            after,
        }))
    }

    /// Everybody who can look after clients: support, finance and admins, by whatever their role rests on.
    pub async fn staff(&self, tx: &mut Tx) -> Result<Vec<Staff>, Fault> {
        let found = self.staff_by_person(tx).await?;
        let mut staff: Vec<_> = found
            .iter()
            .map(|(_, of)| Staff {
                id: of[0].person,
                name: of[0].name.clone(),
            })
            .collect();
        staff.sort_by_cached_key(|one| (fold(&one.name), one.id));
        Ok(staff)
    }

    /// Support, finance and admins, each with the role and the accounts that he has.
    pub(super) async fn staff_by_person(
        &self,
        tx: &mut Tx,
    ) -> Result<Vec<(Role, Vec<Known>)>, Fault> {
        let mut accounts = tx.staff_accounts().await?;
        for (identity, _) in &self.rules.roles.named {
            accounts.extend(tx.known(*identity).await?);
        }
        accounts.sort_by_key(|account| {
            (
                account.person,
                account.identity.messenger.name(),
                account.identity.user,
            )
        });
        accounts.dedup_by_key(|account| account.identity);
        let now = self.now();
        let of = accounts.chunk_by(|one, other| one.person == other.person);
        Ok(of
            .filter_map(|of| {
                let role = standing(&self.rules, of, None, now).role;
                let staff = [Role::Admin, Role::Finance, Role::Support];
                let role = role.filter(|role| staff.contains(role))?;
                Some((role, of.to_vec()))
            })
            .collect())
    }

    /// The person of the staff whom text names: by `#` and the id, the whole name, or its beginning.
    pub async fn staff_named(&self, tx: &mut Tx, typed: &str) -> Result<PersonId, Stop> {
        let staff = self.staff(tx).await?;
        let text = fold(typed);
        let id: Option<PersonId> = typed.trim().trim_start_matches('#').parse().ok();
        let alone = |fits: &dyn Fn(&Staff) -> bool| {
            let mut found = staff.iter().filter(|person| fits(person));
            match (found.next(), found.next()) {
                (Some(one), None) => Some(one.id),
                _ => None,
            }
        };
        let found = alone(&|person| Some(person.id) == id)
            .or_else(|| alone(&|person| fold(&person.name) == text))
            .or_else(|| alone(&|person| fold(&person.name).starts_with(&text)));
        Ok(found.ok_or(Refusal::NoSuchStaff {
            typed: typed.chars().take(40).collect(),
        })?)
    }

    /// A client that may be changed as it stands, by this person.
    pub(super) async fn changeable(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        client: ClientId,
    ) -> Result<Client, Stop> {
        let found = self.view(tx, auth, client).await?;
        if auth.actor().client == Some(client) {
            return Err(Refusal::OwnClient.into());
        }
        if matches!(found.status, Status::Pending | Status::Closed) {
            return Err(Refusal::Unchangeable {
                client: found.name,
                status: found.status,
            }
            .into());
        }
        Ok(found)
    }

    async fn reseller_named(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        client: ClientId,
        reseller: ClientId,
        option: &'static str,
    ) -> Result<Party, Stop> {
        let found = self.view(tx, auth, reseller).await?;
        if reseller == client || tx.in_scope(reseller, Scope::Tree(client)).await? {
            return Err(Refusal::Circle {
                option,
                client: found.name,
            }
            .into());
        }
        if found.class != Class::Reseller || found.status != Status::Active {
            return Err(Refusal::NoReseller {
                option,
                client: found.name,
            }
            .into());
        }
        Ok(Party {
            id: reseller,
            name: found.name,
        })
    }

    async fn count_moving(&self, tx: &mut Tx, client: ClientId) -> Result<i64, Stop> {
        let clients = tx.count_below(client, MOST_MOVE + 1).await?;
        if clients > MOST_MOVE {
            return Err(Refusal::TooManyMove { most: MOST_MOVE }.into());
        }
        Ok(clients)
    }
}

async fn links(tx: &mut Tx, client: ClientId) -> Result<Links, Stop> {
    let links = tx.links(client).await?;
    Ok(links.ok_or(Refusal::ClientNotFound {
        query: String::new(),
    })?)
}

fn party(id: Option<ClientId>, name: Option<String>) -> Option<Party> {
    id.zip(name).map(|(id, name)| Party { id, name })
}

async fn open_invoices(tx: &mut Tx, client: ClientId) -> Result<Along, Fault> {
    let found = tx.open_invoices(client, LOOKED_AT).await?;
    let unpaid = found
        .iter()
        .fold(0_i64, |sum, invoice| sum.saturating_add(invoice.due.0));
    let named = found.iter().take(NAMED);
    Ok(Along {
        clients: 0,
        open: named
            .map(|invoice| invoice::number(&invoice.prefix, invoice.number))
            .collect(),
        more: i64::try_from(found.len().saturating_sub(NAMED)).unwrap_or(i64::MAX),
        unpaid: Money(unpaid),
    })
}
