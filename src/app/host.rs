//! What the host's own commands do besides running: invitations, and what changes for everybody at a start.

use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use super::SEALING;
use crate::chat::{Messenger, Sentences};
use crate::commands::CATALOGUE;
use crate::domain::chain::Head;
use crate::domain::refusal::Refusal;
use crate::domain::request::hex;
use crate::domain::role::Role;
use crate::services::House;
use crate::services::access::standing;
use crate::services::people::client_by_username;
use crate::store::Stop;
use crate::store::audit::Breach;

/// What the audit finds.
#[derive(Debug)]
pub struct Findings {
    /// Every breach of an invariant.
    pub breaches: Vec<Breach>,
    /// The end of the audit log's chain; `None`: nothing is sealed yet.
    pub head: Option<Head>,
}

impl House {
    /// Makes a one-time code on the host.
    pub async fn invite(
        &self,
        role: Role,
        name: String,
        client: Option<String>,
    ) -> Result<String, Stop> {
        let client = match client {
            None => None,
            Some(username) => {
                let found = client_by_username(&self.store, username.clone()).await?;
                Some(found.ok_or(Refusal::ClientNotFound { query: username })?)
            }
        };
        let house = self.clone();
        let code = self
            .store
            .write(move |tx| {
                Box::pin(async move { house.invite_on_host(tx, role, name, client).await })
            })
            .await?;
        self.seal_on_host().await;
        Ok(code)
    }

    /// Seals what was done on the host: no bot may run that would do it.
    pub(super) async fn seal_on_host(&self) {
        if let Err(Stop::Fault(fault)) = self.seal().await {
            fault.during("sealing the audit log").log();
        }
    }

    /// Seals every second what long `work` on the host writes, and the rest at its end: whoever audits a run that was cut
    /// off finds the log in its chain up to the last second.
    pub(super) async fn sealing_along<T>(&self, work: impl Future<Output = T>) -> T {
        let ended = CancellationToken::new();
        let (house, stop) = (self.clone(), ended.clone());
        let sealer = tokio::spawn(async move {
            while stop
                .run_until_cancelled(tokio::time::sleep(SEALING))
                .await
                .is_some()
            {
                house.seal_on_host().await;
            }
        });
        let done = work.await;
        ended.cancel();
        if sealer.await.is_ok() {
            self.seal_on_host().await;
        }
        done
    }

    /// Lets changes go on after a freeze. Says whether they were stopped.
    pub async fn unfreeze(&self) -> Result<bool, Stop> {
        let house = self.clone();
        let was = self
            .store
            .write(move |tx| Box::pin(async move { Ok(house.unfreeze_on_host(tx).await?) }))
            .await?;
        self.seal_on_host().await;
        Ok(was)
    }

    /// Sees to it that everybody's command menu on Telegram is that of his role and of this version.
    pub async fn menus(&self) -> Result<(), Stop> {
        let mut hasher = Sha256::new();
        for command in CATALOGUE {
            let summary = Sentences::exactly("").and_then(|say| say.text(&command.summary_id()));
            hasher.update(format!(
                "{} {:?} {} {summary:?}\n",
                command.name, command.gate, command.listed
            ));
        }
        let version = format!("catalogue:{}", &hex(&hasher.finalize())[..16]);
        let house = self.clone();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    for account in tx.people_on(Messenger::Telegram).await? {
                        let accounts = tx.accounts_of(account.person).await?;
                        let role = standing(&house.rules, &accounts, None, house.now()).role;
                        house
                            .notify_menu(tx, account.identity, role, &version)
                            .await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

impl House {
    /// Every breach of an invariant, as of one moment. Changes nothing.
    pub async fn breaches(&self) -> Result<Vec<Breach>, Stop> {
        Ok(self.findings(None).await?.breaches)
    }

    /// What the audit finds, as of one moment, with a head of the audit log that was noted earlier. Changes nothing.
    pub async fn findings(&self, earlier: Option<Head>) -> Result<Findings, Stop> {
        let house = self.clone();
        self.store
            .snapshot(move |tx| {
                Box::pin(async move {
                    let roles = &house.rules.roles;
                    let mut admin = roles
                        .discord_roles
                        .iter()
                        .any(|(_, role)| *role == Role::Admin);
                    for (identity, role) in &roles.named {
                        // Before the first start nobody is known yet, but named all the same.
                        admin |= *role == Role::Admin
                            && tx
                                .known(*identity)
                                .await?
                                .is_none_or(|known| !known.removed);
                    }
                    let mut breaches = tx.breaches(house.now(), admin).await?;
                    if let Some(earlier) = earlier {
                        breaches.extend(tx.missing_head(&earlier).await?);
                    }
                    let head = tx.chain_head().await?;
                    Ok(Findings { breaches, head })
                })
            })
            .await
    }
}
