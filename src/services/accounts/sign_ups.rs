//! Clients who came in and wait: whoever may activate them is told, with a button for it.

use crate::chat::{Address, Messenger};
use crate::domain::ids::ClientId;
use crate::domain::role::{Grant, Permission};
use crate::fault::Fault;
use crate::services::House;
use crate::services::notices::{Content, address};
use crate::store::Tx;

/// How many clients one notice names, each with a button: as many rows of buttons as a message has on Discord
/// (<https://discord.com/developers/docs/components/reference>).
pub const NAMED: usize = 5;

impl House {
    /// Tells the staff of clients who wait to be activated: in the staff's channel, and whoever may activate clients in his
    /// private chat on Telegram. More than [`NAMED`] are not named. Once for each cause.
    pub async fn notify_sign_ups(
        &self,
        tx: &mut Tx,
        mut clients: Vec<ClientId>,
        cause: &str,
    ) -> Result<(), Fault> {
        if clients.is_empty() {
            return Ok(());
        }
        let more = clients.len() > NAMED;
        clients.truncate(NAMED);
        let content = |person| Content::SignUps {
            clients: clients.clone(),
            more,
            person,
        };
        if let Some(channel) = self.rules.staff_channel.or(self.rules.approvals_channel) {
            let (key, to) = (
                format!("sign-ups:{cause}:channel"),
                Address::DiscordChannel(channel),
            );
            self.notify(tx, key, cause.to_owned(), &to, &content(None))
                .await?;
        }
        for (role, accounts) in self.staff_by_person(tx).await? {
            if Permission::Clients.grant(role) == Grant::No {
                continue;
            }
            for account in accounts {
                if account.identity.messenger == Messenger::Telegram {
                    let key = format!("sign-ups:{cause}:{}", account.identity);
                    let to = address(account.identity);
                    let content = content(Some(account.person));
                    self.notify(tx, key, cause.to_owned(), &to, &content)
                        .await?;
                }
            }
        }
        Ok(())
    }
}
