//! Forms of missing values: the same fields in a window on Discord and question by question on Telegram.

use serde::{Deserialize, Serialize};

use super::catalogue::{Command, Opt, OptionKind};
use super::{Call, Stop};
use crate::chat::{
    Action, Button, Card, Field, FieldKind, Form, Forms, Reply, Sentences, Style, Tone, Values,
};
use crate::domain::refusal::Refusal;

/// The form of a command: every option without a value. `about` is what it is about, for the title.
pub fn form(command: &'static Command, known: &Values, about: &str, say: &Sentences) -> Form {
    let missing = command
        .askable(|name| known.get(name).is_some())
        .filter(|option| known.get(option.name).is_none());
    let title = say.text(&format!("form-{}", command.name.replace(' ', "-")));
    let title = title.unwrap_or_else(|| command.name.to_owned());
    Form {
        command: command.name.to_owned(),
        title: if about.is_empty() {
            title
        } else {
            format!("{title}: {about}")
        },
        // References are long, and may not come back from a window: they are kept ([`Conversation`]).
        known: without_files(command, known),
        fields: missing.take(5).map(|option| field(option, say)).collect(),
        error: String::new(),
    }
}

/// The values that are no files.
pub fn without_files(command: &'static Command, values: &Values) -> Values {
    let mut values = values.clone();
    let is_file = |name: &str| command.option(name).is_some_and(|one| one.kind.is_file());
    values.0.retain(|(name, _)| !is_file(name));
    values
}

/// Whether a window can ask for what is missing: for a file it cannot.
pub fn askable(command: &'static Command, known: &Values) -> Result<(), Refusal> {
    let missing = command
        .files()
        .find(|option| option.required && known.get(option.name).is_none());
    match missing {
        None => Ok(()),
        Some(option) => Err(Refusal::FileToAttach {
            command: command.name,
            option: option.name,
        }),
    }
}

/// The form with every option as a field, filled with what was given: where given values are too long for a token, or
/// were refused.
pub fn refill(command: &'static Command, given: &Values, kept: &Values, say: &Sentences) -> Form {
    let mut form = form(command, kept, "", say);
    for field in &mut form.fields {
        if let Some(value) = given.get(&field.name) {
            field.value = value.to_owned();
        }
    }
    form
}

fn field(option: &Opt, say: &Sentences) -> Field {
    let kind = match option.kind {
        OptionKind::Choice(choices) => FieldKind::Choice(
            choices
                .iter()
                .map(|choice| ((*choice).to_owned(), choice_label(choice, say)))
                .collect(),
        ),
        OptionKind::Text(max) => FieldKind::Text { max },
        OptionKind::Client => FieldKind::Text { max: 100 },
        OptionKind::Pick => FieldKind::Text { max: 60 },
        OptionKind::Amount | OptionKind::Price => FieldKind::Text { max: 20 },
        OptionKind::Attachment { .. } => FieldKind::File,
    };
    Field {
        name: option.name.to_owned(),
        label: say
            .text(&format!("field-{}", option.name))
            .unwrap_or_else(|| option.name.to_owned()),
        hint: say
            .text(&format!("hint-{}", option.name))
            .unwrap_or_default(),
        kind,
        required: option.required,
        value: String::new(),
    }
}

/// A choice in words.
pub fn choice_label(choice: &str, say: &Sentences) -> String {
    say.text(&format!("choice-{}", choice.to_lowercase()))
        .unwrap_or_else(|| choice.to_owned())
}

/// A form that is being answered question by question, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// The command.
    pub command: String,
    /// What is known so far.
    pub values: Values,
    /// Options that were left out on purpose.
    pub skipped: Vec<String>,
    /// What it is about.
    pub about: String,
    /// The last event that was taken as an answer: a repeated delivery does not answer the next question.
    pub last: String,
    /// What holds until now and is shown with the question: leaving it out leaves it as it is.
    #[serde(default)]
    pub present: Values,
}

impl Conversation {
    /// The option to ask for next.
    pub fn next(&self, command: &'static Command) -> Option<&'static Opt> {
        let open = |option: &&Opt| {
            self.values.get(option.name).is_none()
                && !self.skipped.iter().any(|skipped| skipped == option.name)
        };
        let askable = || command.askable(|name| self.values.get(name).is_some());
        askable()
            .find(|option| option.required && open(option))
            .or_else(|| askable().find(open))
    }
}

/// The question for one option: choices and ways out as buttons where there are any, else an answer to type.
pub fn question(
    command: &'static Command,
    conversation: &Conversation,
    option: &Opt,
    error: &str,
    say: &Sentences,
) -> Reply {
    let mut form = form(command, &conversation.values, &conversation.about, say);
    form.fields = vec![field(option, say)];
    error.clone_into(&mut form.error);
    let field = &form.fields[0];
    let mut lines = Vec::new();
    if !error.is_empty() {
        lines.push(error.to_owned());
    }
    lines.push(say.question_ask(field.label.clone()));
    if field.kind == FieldKind::File && error.is_empty() {
        lines.push(say.question_file());
    }
    // Buttons need no telling what may be typed.
    if !field.hint.is_empty() && !matches!(field.kind, FieldKind::Choice(_)) {
        lines.push(field.hint.clone());
    }
    let mut buttons = Vec::new();
    if let FieldKind::Choice(choices) = &field.kind {
        for (index, (_, label)) in choices.iter().enumerate() {
            let index = u8::try_from(index).unwrap_or(u8::MAX);
            buttons.push(vec![Button::new(
                Style::Secondary,
                label.clone(),
                Action::Choice(index),
            )]);
        }
    }
    let mut ways = Vec::new();
    if !option.required {
        ways.push(Button::new(
            Style::Secondary,
            say.button_skip(),
            Action::Skip,
        ));
    }
    if ways.is_empty() && buttons.is_empty() {
        lines.push(say.question_way_out());
    } else {
        ways.push(Button::new(
            Style::Danger,
            say.button_cancel(),
            Action::CancelForm,
        ));
        buttons.push(ways);
    }
    let present = conversation.present.get(option.name);
    let card = Card {
        title: form.title.clone(),
        text: lines.join("\n"),
        fields: present
            .map(|present| (say.question_present(), present.to_owned()))
            .into_iter()
            .collect(),
        tone: Tone::Plain,
        ..Card::default()
    };
    Reply {
        buttons,
        form: Some(form),
        ..Reply::card(card)
    }
}

impl Call {
    /// The form of those options of this command that have a present value: in a window it stands in the field, in a
    /// chat beside the question. What is known besides is not asked for, and what else could be said is left out.
    pub async fn prefilled(
        &self,
        known: Values,
        present: Values,
        about: String,
    ) -> Result<Reply, Stop> {
        let command = self.args.command();
        if self.event.forms == Forms::Modal {
            let mut asked = form(command, &known, &about, self.say);
            asked
                .fields
                .retain(|field| present.get(&field.name).is_some());
            for field in &mut asked.fields {
                if let Some(value) = present.get(&field.name) {
                    value.clone_into(&mut field.value);
                }
            }
            return Ok(Reply::form(asked));
        }
        let left_out = command.options.iter().filter(|option| {
            !option.required
                && known.get(option.name).is_none()
                && present.get(option.name).is_none()
        });
        let conversation = Conversation {
            command: command.name.to_owned(),
            skipped: left_out.map(|option| option.name.to_owned()).collect(),
            values: known,
            about,
            last: self.event.id.clone(),
            present,
        };
        let option = conversation.next(command).ok_or(Refusal::NoOpenQuestion)?;
        let reply = question(command, &conversation, option, "", self.say);
        let kept = serde_json::to_string(&conversation)?;
        let (who, chat, now) = (self.event.from.identity, self.event.chat, self.house.now());
        self.house
            .store
            .write(move |tx| {
                Box::pin(async move { Ok(tx.keep_form(who, chat, &kept, now).await?) })
            })
            .await?;
        Ok(reply)
    }
}
