//! What is to be shown: cards, buttons and forms. Plain data that each adapter renders in its messenger's way.

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::event::Values;
use super::file::Attachment;

/// The colour of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Tone {
    /// Information.
    #[default]
    Plain,
    /// Something waits for somebody.
    Waiting,
    /// It was done.
    Good,
    /// It was refused, rejected or ran out.
    Bad,
}

/// A card. Limits of the messengers are the adapters' concern: they cut at a character and mark the cut.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Card {
    /// One line.
    pub title: String,
    /// Sentences below the title; lines are separated by `\n`.
    pub text: String,
    /// Label and value, in the order in which they are read.
    pub fields: Vec<(String, String)>,
    /// A line in small print at the end; empty for none.
    pub footer: String,
    /// The colour.
    pub tone: Tone,
    /// A file with it: a picture is shown in the card, a document stands beside it.
    pub file: Option<Attachment>,
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// What one most likely wants.
    Primary,
    /// Anything else.
    Secondary,
    /// Gives credit, approves.
    Good,
    /// Refuses, cancels.
    Danger,
}

/// A button: a verb and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// At most 80 characters on Discord; adapters cut.
    pub label: String,
    /// What a press does.
    pub action: Action,
    /// The look.
    pub style: Style,
}

impl Button {
    /// A button.
    pub fn new(style: Style, label: impl Into<String>, action: Action) -> Self {
        Self {
            label: label.into(),
            action,
            style,
        }
    }
}

/// Who sees the reply, where the messenger can tell people apart (Discord).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Only the person who asked.
    Private,
    /// Everybody in the channel.
    Public,
}

/// Where the reply goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// A new message.
    New,
    /// In place of the message whose button was pressed (a new message where there is none).
    Edit,
    /// A short word to the presser alone, the message stays as it is (Discord: ephemeral; Telegram: callback alert).
    Aside,
}

/// What kind of value a form's field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Text of at most so many characters.
    Text {
        /// The most characters.
        max: u16,
    },
    /// One of these: value as stored, label as shown. Typing either is taken.
    Choice(Vec<(String, String)>),
    /// A file. Windows take none.
    File,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The option's name.
    pub name: String,
    /// What is asked, in a few words (Discord: at most 45 characters).
    pub label: String,
    /// An example or hint (Discord: at most 100 characters).
    pub hint: String,
    /// What is taken.
    pub kind: FieldKind,
    /// Whether it may stay empty.
    pub required: bool,
    /// What stands there already.
    pub value: String,
}

/// Values that a command still misses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The command that takes the values.
    pub command: String,
    /// What it is about.
    pub title: String,
    /// Values that are known and not asked again.
    pub known: Values,
    /// The fields, at most 5, required ones first. The first is the one to ask where questions come one by one.
    pub fields: Vec<Field>,
    /// Why the last answer was not taken; empty when there was none.
    pub error: String,
}

/// The most characters of a form's token (Discord's `custom_id`).
pub const MAX_TOKEN: usize = 100;

impl Form {
    /// What names this form when it comes back: the command and its known values.
    pub fn token(&self) -> String {
        let mut token = format!("1:m:{}", self.command);
        for (name, value) in &self.known.0 {
            token.push('|');
            token.push_str(name);
            token.push('=');
            token.push_str(value);
        }
        token
    }

    /// The command and the known values that a token names; a claim, to be validated as if typed.
    pub fn read_token(token: &str) -> Option<(String, Values)> {
        let mut parts = token.strip_prefix("1:m:")?.split('|');
        let command = parts.next()?.to_owned();
        let mut known = Values::default();
        for part in parts {
            let (name, value) = part.split_once('=')?;
            known.set(name, value);
        }
        Some((command, known))
    }
}

/// What an option may be completed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What is shown, at most 100 characters on Discord; adapters cut.
    pub label: String,
    /// What is sent, at most 100 characters.
    pub value: String,
}

/// The answer to an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What is shown. Ignored where a form is opened in a window.
    pub card: Card,
    /// Rows of buttons: at most 5 rows of 5.
    pub buttons: Vec<Vec<Button>>,
    /// Values to ask for.
    pub form: Option<Form>,
    /// Where it goes.
    pub placement: Placement,
    /// Who sees it.
    pub visibility: Visibility,
}

impl Reply {
    /// A card in a new message for the person alone.
    pub fn card(card: Card) -> Self {
        Self {
            card,
            buttons: Vec::new(),
            form: None,
            placement: Placement::New,
            visibility: Visibility::Private,
        }
    }

    /// With one more row of buttons; an empty row is left out.
    #[must_use]
    pub fn row(mut self, row: Vec<Button>) -> Self {
        if !row.is_empty() {
            self.buttons.push(row);
        }
        self
    }

    /// Placed differently.
    #[must_use]
    pub fn placed(mut self, placement: Placement) -> Self {
        self.placement = placement;
        self
    }

    /// A form to fill in.
    pub fn form(form: Form) -> Self {
        let card = Card {
            title: form.title.clone(),
            ..Card::default()
        };
        Self {
            form: Some(form),
            ..Self::card(card)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forms_token_comes_back() {
        let form = Form {
            command: "credit add".into(),
            title: String::new(),
            known: Values::from([("client", "7zzzzzzzzzzzz"), ("mode", "gift")]),
            fields: Vec::new(),
            error: String::new(),
        };
        assert_eq!(
            Form::read_token(&form.token()),
            Some((form.command.clone(), form.known.clone()))
        );
        assert!(form.token().len() <= MAX_TOKEN);
        assert_eq!(Form::read_token("2:m:credit add"), None);
        assert_eq!(Form::read_token("1:m:credit add|client"), None);
    }
}
