//! Forms question by question, where the messenger has no windows. What is known so far is in the database.

use std::time::Duration;

use super::forms::Resolved;
use super::{Pipeline, gate};
use crate::chat::{Card, Event, Incoming, Placement, Reply, Values};
use crate::commands::args::Args;
use crate::commands::form::{Conversation, question};
use crate::commands::{Call, Command, Opt, OptionKind, Stop, command, refusals};
use crate::domain::refusal::Refusal;

/// How long a question stays open.
const OPEN: Duration = Duration::from_hours(1);

/// What somebody answers to the open question.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer<'a> {
    /// What was typed.
    Text(&'a str),
    /// The n-th choice, by button.
    Choice(u8),
    /// Nothing, on purpose.
    Skip,
    /// A file and what was written to it.
    File {
        /// The file.
        file: &'a Incoming,
        /// The words.
        text: &'a str,
    },
}

impl Answer<'_> {
    /// The value that it is to an option; empty where it is left out.
    fn to(self, option: &Opt) -> Result<String, Refusal> {
        let name = || option.name.to_owned();
        match (self, option.kind) {
            (Self::Skip, _) => Ok(String::new()),
            (Self::File { file, .. }, OptionKind::Attachment { .. }) => Ok(file.to_value()),
            // Whatever it says: a reference is never typed.
            (Self::Text(_), OptionKind::Attachment { .. }) => {
                Err(Refusal::FileNeeded { option: name() })
            }
            (Self::File { text, .. }, _) if text.trim().is_empty() => {
                Err(Refusal::Missing { option: name() })
            }
            (Self::Text(text) | Self::File { text, .. }, _) => Ok(text.to_owned()),
            (Self::Choice(index), OptionKind::Choice(choices)) => {
                let choice = choices.get(usize::from(index));
                let choice = choice.ok_or(Refusal::UnknownButton)?;
                Ok((*choice).to_owned())
            }
            (Self::Choice(_), _) => Err(Refusal::UnknownButton),
        }
    }
}

impl Pipeline {
    pub(super) async fn first_question(
        &self,
        command: &'static Command,
        about: String,
        call: &Call,
    ) -> Result<Reply, Stop> {
        let conversation = Conversation {
            command: command.name.to_owned(),
            values: call.args.values().clone(),
            skipped: Vec::new(),
            about,
            last: call.event.id.clone(),
        };
        let option = conversation.next(command).ok_or(Refusal::NoOpenQuestion)?;
        self.keep(&call.event, &conversation).await?;
        Ok(question(command, &conversation, option, "", call.say))
    }

    /// A value that was typed along with a command was refused: it is asked for, and the others are kept.
    pub(super) async fn ask_again(
        &self,
        command: &'static Command,
        given: Values,
        refusal: &Refusal,
        call: &impl Fn(Args) -> Call,
    ) -> Result<Reply, Stop> {
        let Some(refused) = refusal.option().and_then(|name| command.option(name)) else {
            return Err(refusal.clone().into());
        };
        let mut good = given;
        good.0.retain(|(name, value)| {
            let alone = Values::from([(name.as_str(), value.as_str())]);
            Args::read(command, alone, self.house.rules.unit).is_ok()
        });
        let mut call = call(Args::read(command, good, self.house.rules.unit)?);
        let about = match self.resolve(command, &mut call).await? {
            Resolved::About(about) => about,
            Resolved::Choose(reply) => return Ok(*reply),
        };
        let has = |option: &&Opt| call.args.values().get(option.name).is_some();
        let left_out = command
            .options
            .iter()
            .filter(|option| !option.required && !has(option) && option.name != refused.name);
        let conversation = Conversation {
            command: command.name.to_owned(),
            values: call.args.values().clone(),
            skipped: left_out.map(|option| option.name.to_owned()).collect(),
            about,
            last: call.event.id.clone(),
        };
        // What is picked from a list is not asked for: then the refusal is all there is to say.
        let option = conversation.next(command).ok_or_else(|| refusal.clone())?;
        self.keep(&call.event, &conversation).await?;
        let error = refusals::sentence(&self.house.rules, refusal, call.say);
        Ok(question(command, &conversation, option, &error, call.say))
    }

    /// The form is given up.
    pub(super) async fn cancel_form(
        &self,
        event: &Event,
        call: impl Fn(Args) -> Call,
    ) -> Result<Reply, Stop> {
        let call = call(Args::read(
            &crate::commands::account::HELP,
            Values::default(),
            self.house.rules.unit,
        )?);
        let (who, chat) = (event.from.identity, event.chat);
        self.house
            .store
            .write(move |tx| Box::pin(async move { Ok(tx.close_form(who, chat).await?) }))
            .await?;
        let title = call.say.question_cancelled_title();
        let card = Card {
            title,
            text: call.say.question_cancelled(),
            ..Card::default()
        };
        Ok(Reply::card(card).placed(Placement::Edit))
    }

    /// Takes an answer (empty: left out) and asks the next question, or runs the command.
    pub(super) async fn take(
        &self,
        event: &Event,
        call: impl Fn(Args) -> Call,
        answer: Answer<'_>,
    ) -> Result<Reply, Stop> {
        let Some(mut conversation) = self.open(event).await? else {
            return self.already_answered(event, &call).await;
        };
        let command = command(&conversation.command).ok_or(Refusal::NoOpenQuestion)?;
        let unit = self.house.rules.unit;
        let bare =
            || -> Result<Call, Stop> { Ok(call(Args::read(command, Values::default(), unit)?)) };
        // An answer carries no more rights than the command does: not a forwarded one, and none of somebody who lost them.
        gate(command, &bare()?.actor)?;
        let option = conversation.next(command);
        if conversation.last == event.id {
            // A repeated delivery of the last answer: the question that followed it, once more.
            if let Some(option) = option {
                return Ok(question(command, &conversation, option, "", bare()?.say));
            }
        }
        if let Some(option) = option {
            let say = bare()?.say;
            let given = match answer.to(option) {
                Ok(given) => given,
                Err(refusal) if refusal.option().is_some() => {
                    let error = refusals::sentence(&self.house.rules, &refusal, say);
                    return Ok(question(command, &conversation, option, &error, say));
                }
                Err(refusal) => return Err(refusal.into()),
            };
            if given.trim().is_empty() {
                if option.required {
                    let refusal = Refusal::Missing {
                        option: option.name.to_owned(),
                    };
                    let error = refusals::sentence(&self.house.rules, &refusal, say);
                    return Ok(question(command, &conversation, option, &error, say));
                }
                conversation.skipped.push(option.name.to_owned());
            } else {
                let values = Values::from([(option.name, given.as_str())]);
                let args = match Args::read(command, values, unit) {
                    Ok(args) => args,
                    Err(refusal) => {
                        let error = refusals::sentence(&self.house.rules, &refusal, say);
                        return Ok(question(command, &conversation, option, &error, say));
                    }
                };
                if let Err(reply) = self
                    .note_answer(command, &mut conversation, &call, args)
                    .await?
                {
                    return Ok(*reply);
                }
            }
            conversation.last.clone_from(&event.id);
            if let Some(next) = conversation.next(command) {
                self.keep(event, &conversation).await?;
                return Ok(question(command, &conversation, next, "", say));
            }
        }
        let ran = self.run(command, conversation.values.clone(), &call).await;
        if let Err(Stop::Refusal(refusal)) = &ran
            && let Some(option) = refusal.option().and_then(|name| command.option(name))
        {
            // All is answered, and one of the answers will not do after all.
            conversation
                .values
                .0
                .retain(|(name, _)| name != option.name);
            conversation.skipped.retain(|name| name != option.name);
            conversation.last.clone_from(&event.id);
            self.keep(event, &conversation).await?;
            let say = bare()?.say;
            let error = refusals::sentence(&self.house.rules, refusal, say);
            return Ok(question(command, &conversation, option, &error, say));
        }
        if !matches!(ran, Err(Stop::Fault(_))) {
            let (who, chat) = (event.from.identity, event.chat);
            self.house
                .store
                .write(move |tx| Box::pin(async move { Ok(tx.close_form(who, chat).await?) }))
                .await?;
        }
        ran
    }

    /// Puts an answer among the values; a client is looked up at once, so that a wrong name is asked again.
    async fn note_answer(
        &self,
        command: &'static Command,
        conversation: &mut Conversation,
        call: &impl Fn(Args) -> Call,
        args: Args,
    ) -> Result<Result<(), Box<Reply>>, Stop> {
        let mut call = call(args);
        match self.resolve(command, &mut call).await {
            Ok(Resolved::Choose(reply)) => return Ok(Err(reply)),
            Ok(Resolved::About(about)) => {
                if !about.is_empty() {
                    conversation.about = about;
                }
            }
            Err(Stop::Refusal(refusal @ Refusal::ClientNotFound { .. })) => {
                let error = refusals::sentence(&self.house.rules, &refusal, call.say);
                let option = conversation.next(command).ok_or(Refusal::NoOpenQuestion)?;
                return Ok(Err(Box::new(question(
                    command,
                    conversation,
                    option,
                    &error,
                    call.say,
                ))));
            }
            Err(stop) => return Err(stop),
        }
        for (name, value) in &call.args.values().0 {
            conversation.values.set(name, value.clone());
        }
        Ok(Ok(()))
    }

    /// Nothing is open; but what this very event answered before may have led somewhere.
    async fn already_answered(
        &self,
        event: &Event,
        call: &impl Fn(Args) -> Call,
    ) -> Result<Reply, Stop> {
        let (house, id) = (self.house.clone(), event.id.clone());
        let view = self
            .house
            .store
            .read_together(move |tx| {
                Box::pin(async move {
                    match tx.request_of_event(&id).await? {
                        Some(request) => Ok(house.view_request(tx, request.id).await?),
                        None => Ok(None),
                    }
                })
            })
            .await?;
        let call = call(Args::read(
            &crate::commands::account::HELP,
            Values::default(),
            self.house.rules.unit,
        )?);
        match view {
            Some(view) => Ok(call.own_card(&view)),
            None => Err(Refusal::NoOpenQuestion.into()),
        }
    }

    pub(super) async fn open(&self, event: &Event) -> Result<Option<Conversation>, Stop> {
        let (who, chat) = (event.from.identity, event.chat);
        let since = self.house.now().minus(OPEN);
        let stored = self
            .house
            .store
            .read(move |tx| Box::pin(async move { Ok(tx.open_form(who, chat, since).await?) }))
            .await?;
        Ok(stored.map(|form| serde_json::from_str(&form)).transpose()?)
    }

    pub(super) async fn keep(
        &self,
        event: &Event,
        conversation: &Conversation,
    ) -> Result<(), Stop> {
        let form = serde_json::to_string(conversation)?;
        let (who, chat, now) = (event.from.identity, event.chat, self.house.now());
        self.house
            .store
            .write(move |tx| {
                Box::pin(async move { Ok(tx.keep_form(who, chat, &form, now).await?) })
            })
            .await
    }
}
