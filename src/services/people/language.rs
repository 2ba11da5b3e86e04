//! The language in which a person is spoken to: a setting of his own, which nobody approves.

use serde_json::json;

use crate::chat::{Event, Language, Messenger};
use crate::domain::refusal::Refusal;
use crate::services::access::{Actor, standing};
use crate::services::{House, once};
use crate::store::{Stop, Tx};

impl House {
    /// Speaks to the actor in this language from now on, on every messenger; `None`: as each of them says. His menus on
    /// Telegram follow.
    pub async fn choose_language(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        event: &Event,
        language: Option<Language>,
    ) -> Result<(), Stop> {
        if !actor.place.carries_rights() {
            return Err(Refusal::NoRightsHere.into());
        }
        if actor.role.is_none() {
            return Err(Refusal::NotLinked.into());
        }
        once(tx, event, self.now(), async |tx: &mut Tx| {
            self.not_frozen(tx, None).await?;
            let person = self.person(tx, actor).await?;
            let before = tx.known(actor.identity).await?;
            let before = before.and_then(|known| known.language);
            let after = language.map(Language::name);
            if before.as_deref() == after {
                return Ok(());
            }
            tx.set_language(person, after).await?;
            let detail = json!({ "before": before, "after": after });
            let who = (Some(person), actor.identity.to_string());
            let subject = ("person.language", format!("person:{person}"));
            self.audit(tx, who, &event.id, subject, detail).await?;
            let accounts = tx.accounts_of(person).await?;
            let role = standing(&self.rules, &accounts, None, self.now()).role;
            let on_telegram = accounts
                .iter()
                .filter(|account| account.identity.messenger == Messenger::Telegram);
            for account in on_telegram {
                self.notify_menu(tx, account.identity, role, &event.id)
                    .await?;
            }
            Ok(())
        })
        .await
    }
}
