//! The freeze: one person stops every change, two let it go on, and so does the host.

use serde_json::json;

use crate::domain::refusal::Refusal;
use crate::domain::request::{Intent, Person};
use crate::fault::Fault;
use crate::services::House;
use crate::services::access::{Actor, Authorised, authorise};
use crate::store::{Stop, Tx};

impl House {
    /// Refuses every change while all is frozen, but the unfreeze. `None`: a change that nobody asks for by a request.
    pub async fn not_frozen(&self, tx: &mut Tx, intent: Option<&Intent>) -> Result<(), Stop> {
        if let Some(Intent::Person(Person::Unfreeze { .. })) = intent {
            return Ok(());
        }
        match tx.frozen_by().await? {
            Some(by) => Err(Refusal::Frozen { by }.into()),
            None => Ok(()),
        }
    }

    /// The intent to stop every change, or to let it go on.
    pub async fn intend_freeze(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        freeze: bool,
    ) -> Result<(Authorised, Intent), Stop> {
        let frozen = tx.frozen_by().await?;
        let change = match (freeze, frozen) {
            (true, None) => Person::Freeze,
            (true, Some(by)) => {
                authorise(actor, Person::Freeze.permission())?;
                return Err(Refusal::Frozen { by }.into());
            }
            (false, by) => Person::Unfreeze {
                by: by.unwrap_or_default(),
            },
        };
        let auth = authorise(actor, change.permission())?;
        match &change {
            Person::Unfreeze { by } if by.is_empty() => Err(Refusal::NothingChanges.into()),
            _ => Ok((auth, Intent::Person(change))),
        }
    }

    /// Lets changes go on from the host. Says whether they were stopped.
    pub async fn unfreeze_on_host(&self, tx: &mut Tx) -> Result<bool, Fault> {
        if !tx.unfreeze().await? {
            return Ok(false);
        }
        let id = self.ids.next();
        let subject = ("people.unfrozen", "freeze:1".to_owned());
        self.audit(tx, (None, "host".to_owned()), "", subject, json!({}))
            .await?;
        let by = "bursar people unfreeze".to_owned();
        self.notify_freeze(tx, (false, by), format!("host:{id}"))
            .await?;
        Ok(true)
    }
}
