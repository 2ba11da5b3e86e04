//! A patient person in Discord, where what the bot did not hear is lost: he asks anew, presses again, looks at the card
//! or at the list of what waits.

use std::time::Duration;

use bursar::sandbox::discord::{Discord, Id, Interaction, Message, Person};

use super::affairs::{Affair, has_line, is_draft, is_over, request_on};

/// After this Discord says that the application did not respond, or "thinking" has gone on for too long.
const ANSWER: Duration = Duration::from_millis(3_500);
/// How long a card is waited for before the list is asked for.
const CARD: Duration = Duration::from_secs(4);

pub struct Desk {
    discord: Discord,
    person: Person,
    approvals: Id,
}

/// The answer, if there is one in time.
async fn answer(asked: Interaction) -> Option<Message> {
    tokio::time::timeout(ANSWER, asked.reply()).await.ok()?.ok()
}

impl Desk {
    pub fn new(discord: &Discord, person: &Person) -> Self {
        Self {
            discord: discord.clone(),
            person: person.clone(),
            approvals: discord.approvals_channel_id(),
        }
    }

    /// Asks for credit until there is something to confirm, and confirms it until that shows.
    pub async fn ask(&self, affair: &mut Affair) {
        let amount = affair.amount.to_string();
        let options = [("client", affair.username), ("amount", &amount)];
        affair.request = self.has_done("credit add", &options, &affair.line()).await;
    }

    /// Gives a command until a card with this line can be confirmed, and confirms it until that shows; says the request.
    pub async fn has_done(&self, command: &str, options: &[(&str, &str)], line: &str) -> String {
        let draft = loop {
            let asked = self.person.command(command, options).await.unwrap();
            if let Some(message) = answer(asked).await
                && has_line(message.text(), line)
                && is_draft(message.text())
            {
                break message;
            }
        };
        let request = request_on(draft.text()).unwrap().to_owned();
        // A press that finds the button gone is one that was too late.
        while is_draft(draft.refreshed().text()) {
            if let Ok(pressed) = self.person.press(&draft, "Confirm").await {
                answer(pressed).await;
            }
        }
        request
    }

    /// Approves, wherever the request is to be found, until it is known to be approved.
    pub async fn approve(&self, request: &str) {
        loop {
            let Some((message, button)) = self.shown(request, "Approve").await else {
                continue;
            };
            if self.is_decided(message.text()) {
                return;
            }
            let Ok(pressed) = self.person.press(&message, &button).await else {
                continue;
            };
            if let Some(said) = answer(pressed).await
                && self.is_decided(said.text())
            {
                return;
            }
        }
    }

    /// Rejects, with a reason.
    pub async fn reject(&self, request: &str) {
        loop {
            let Some((message, button)) = self.shown(request, "Reject").await else {
                continue;
            };
            if self.is_decided(message.text()) {
                return;
            }
            let Ok(pressed) = self.person.press(&message, &button).await else {
                continue;
            };
            let Ok(Ok(window)) = tokio::time::timeout(ANSWER, pressed.modal()).await else {
                continue;
            };
            let submitted = self
                .person
                .submit(&window, &[("reason", "not today")])
                .await;
            if let Some(said) = answer(submitted.unwrap()).await
                && self.is_decided(said.text())
            {
                return;
            }
        }
    }

    /// Whether a text tells this person that there is nothing left for him to decide.
    fn is_decided(&self, text: &str) -> bool {
        let mine = text
            .lines()
            .filter_map(|line| line.strip_prefix("Approved by: "))
            .any(|names| names.split(", ").any(|name| name == self.person.name()));
        mine || is_over(text)
            || text.contains("was already")
            || text.contains("approved this already")
    }

    /// The card in the approvals channel; else the list that shows it, with what stands on the button there.
    async fn shown(&self, request: &str, button: &str) -> Option<(Message, String)> {
        let card = self.discord.wait_for(self.approvals, |message| {
            request_on(message.text()) == Some(request)
        });
        if let Ok(card) = tokio::time::timeout(CARD, card).await {
            return Some((card.unwrap(), button.to_owned()));
        }
        let asked = self.person.command("approval list", &[]).await.unwrap();
        let mut page = answer(asked).await?;
        let button = format!("{button} #{request}");
        loop {
            if page.buttons().contains(&button) {
                return Some((page, button));
            }
            let next = self.person.press(&page, "Next page").await.ok()?;
            page = answer(next).await?;
        }
    }
}
