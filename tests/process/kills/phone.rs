//! A patient person in Telegram, where nothing is lost: what was written or pressed while the bot was dead is answered
//! later. Still he gets impatient, and asks or presses again.

use std::time::Duration;

use bursar::sandbox::telegram::{Message, Person, Press, Telegram};

use super::affairs::{Affair, Kind, has_line, is_draft, is_over, request_on};

/// How long an answer is waited for.
const ANSWER: Duration = Duration::from_secs(5);

pub struct Phone {
    telegram: Telegram,
    person: Person,
}

/// What came of a command.
#[derive(Default)]
pub struct Done {
    /// The request that was confirmed.
    pub request: String,
    /// How often it was asked for.
    pub asked: u32,
    /// The presses.
    pub presses: Vec<Press>,
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

    async fn press(&self, presses: &mut Vec<Press>, message: &Message, button: &str) {
        // Where the button has gone there is nothing left to press.
        if let Ok(press) = self.person.try_press(message, button).await {
            presses.push(press);
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
        let done = self.has_done(&words, &affair.line()).await;
        (affair.request, affair.asked) = (done.request, done.asked);
        affair.presses.extend(done.presses);
    }

    /// Writes this until a card with this line can be confirmed, and confirms it until that shows.
    pub async fn has_done(&self, words: &str, line: &str) -> Done {
        let mut done = Done::default();
        let mut first = None;
        let draft = loop {
            let sent = self.person.send(words).await;
            done.asked += 1;
            let first = *first.get_or_insert(sent.id());
            let is_mine = |message: &Message| {
                message.id() > first && has_line(message.words(), line) && is_draft(message.words())
            };
            if let Some(draft) = self.waits_for(is_mine).await {
                break draft;
            }
        };
        request_on(draft.words())
            .unwrap()
            .clone_into(&mut done.request);
        while is_draft(draft.refreshed().words()) {
            self.press(&mut done.presses, &draft, "Confirm").await;
            self.waits_for(|message| message.id() == draft.id() && !is_draft(message.words()))
                .await;
        }
        done
    }

    /// Approves on the card in his own chat, or in the list, until it is known to be approved.
    pub async fn approve(&self, request: &str) -> Vec<Press> {
        let mut presses = Vec::new();
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
            let is_card = |message: &Message| request_on(message.words()) == Some(request);
            let (shown, button) = match self.waits_for(is_card).await {
                Some(card) => (card, "Approve".to_owned()),
                None => match self.listed(request, &mut presses).await {
                    Some(found) => found,
                    None => continue,
                },
            };
            if is_decided(shown.words()) {
                return presses;
            }
            self.press(&mut presses, &shown, &button).await;
            let came =
                |message: &Message| message.id() == shown.id() && is_decided(message.words());
            if self.waits_for(came).await.is_some() {
                return presses;
            }
        }
    }

    /// The list of what waits, as far as the request's page, with what stands on its button.
    async fn listed(&self, request: &str, presses: &mut Vec<Press>) -> Option<(Message, String)> {
        let sent = self.person.send("/approval_list").await;
        let button = format!("Approve #{request}");
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
            self.press(presses, &page, "Next page").await;
            let id = page.id();
            page = self
                .waits_for(|message| message.id() == id && message.words() != seen)
                .await?;
        }
    }
}
