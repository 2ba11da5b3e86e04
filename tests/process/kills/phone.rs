//! A patient person in Telegram, where nothing is lost: what was written or pressed while the bot was dead is answered
//! later. Still he gets impatient, and asks or presses again.

use std::time::Duration;

use bursar::sandbox::telegram::{Message, Person, Telegram};

use super::affairs::{Affair, Kind, is_draft, is_over, request_on};

/// How long an answer is waited for.
const ANSWER: Duration = Duration::from_secs(5);

pub struct Phone {
    telegram: Telegram,
    person: Person,
}

impl Phone {
    pub fn new(telegram: &Telegram, person: &Person) -> Self {
        Self {
            telegram: telegram.with_patience(ANSWER),
            person: person.clone(),
        }
    }

    async fn waits_for(&self, wanted: impl Fn(&Message) -> bool) -> Option<Message> {
        self.telegram
            .try_wait_for(self.person.id(), wanted)
            .await
            .ok()
    }

    async fn press(&self, affair: &mut Affair, message: &Message, button: &str) {
        // Where the button has gone there is nothing left to press.
        if let Ok(press) = self.person.try_press(message, button).await {
            affair.presses.push(press);
        }
    }

    /// Asks for credit until there is something to confirm, and confirms it until that shows.
    pub async fn ask(&self, affair: &mut Affair) {
        let Affair {
            amount, username, ..
        } = *affair;
        let words = match affair.kind {
            Kind::Reseller => format!("/credit_request {amount} transfer {amount}"),
            _ => format!("/credit_add {username} {amount}"),
        };
        let draft = loop {
            self.person.send(&words).await;
            affair.asked += 1;
            let is_draft =
                |message: &Message| affair.is_on(message.words()) && is_draft(message.words());
            if let Some(draft) = self.waits_for(is_draft).await {
                break draft;
            }
        };
        request_on(draft.words())
            .unwrap()
            .clone_into(&mut affair.request);
        while is_draft(draft.refreshed().words()) {
            self.press(affair, &draft, "Confirm").await;
            self.waits_for(|message| message.id() == draft.id() && !is_draft(message.words()))
                .await;
        }
    }

    /// Approves on the card in his own chat, or in the list, until it is known to be approved.
    pub async fn approve(&self, affair: &mut Affair) {
        let name = self.person.name();
        let is_decided = |text: &str| {
            let mine = text
                .lines()
                .filter_map(|line| line.strip_prefix("Approved by: "));
            is_over(text)
                || mine
                    .into_iter()
                    .any(|names| names.split(", ").any(|one| one == name))
        };
        loop {
            let is_card = |message: &Message| affair.is_on(message.words());
            let (shown, button) = match self.waits_for(is_card).await {
                Some(card) => (card, "Approve".to_owned()),
                None => match self.listed(affair).await {
                    Some(found) => found,
                    None => continue,
                },
            };
            if is_decided(shown.words()) {
                return;
            }
            self.press(affair, &shown, &button).await;
            let came =
                |message: &Message| message.id() == shown.id() && is_decided(message.words());
            if self.waits_for(came).await.is_some() {
                return;
            }
        }
    }

    /// The list of what waits, as far as the request's page, with what stands on its button.
    async fn listed(&self, affair: &mut Affair) -> Option<(Message, String)> {
        let sent = self.person.send("/approval_list").await;
        let button = format!("Approve #{}", affair.request);
        let buttons = |message: &Message| {
            message
                .buttons()
                .into_iter()
                .flatten()
                .map(|button| button.label)
        };
        let is_list = |message: &Message| {
            message.id() > sent.id() && message.words().starts_with("Waiting for approval")
        };
        let mut page = self.waits_for(is_list).await?;
        loop {
            if buttons(&page).any(|label| label == button) {
                return Some((page, button));
            }
            let seen = page.words().to_owned();
            buttons(&page).find(|label| label == "Next page")?;
            self.press(affair, &page, "Next page").await;
            let id = page.id();
            page = self
                .waits_for(|message| message.id() == id && message.words() != seen)
                .await?;
        }
    }
}
