//! Forms of what a command still misses, opened at once or again with what was typed; and the client whom they are about.

use super::{Pipeline, gate};
use crate::chat::{Action, Button, Event, Forms, Reply, Style, Values};
use crate::commands::{Call, Command, Gate, OptionKind, Stop, client, form, refusals};
use crate::domain::refusal::Refusal;
use crate::services::access::authorise;
use crate::services::clients::Named;

/// What a client among the values led to.
pub(super) enum Resolved {
    /// The client's name, empty where none was given.
    About(String),
    /// Several fit.
    Choose(Box<Reply>),
}

impl Pipeline {
    /// Replaces a client's name among the values by the client, so that a form asks about somebody in particular.
    pub(super) async fn resolve(
        &self,
        command: &'static Command,
        call: &mut Call,
    ) -> Result<Resolved, Stop> {
        let option = command
            .options
            .iter()
            .find(|option| option.kind == OptionKind::Client);
        let Some((name, text)) = option.and_then(|option| {
            call.args
                .values()
                .get(option.name)
                .map(|text| (option.name, text.to_owned()))
        }) else {
            return Ok(Resolved::About(String::new()));
        };
        let Gate::Needs(permission) = command.gate else {
            return Ok(Resolved::About(String::new()));
        };
        let auth = authorise(&call.actor, permission)?;
        match call.client(&auth, &text).await? {
            Named::Several(found) => {
                let choice = client::choose(call, command.name, &text, &found);
                Ok(Resolved::Choose(Box::new(choice)))
            }
            Named::One(id) => {
                call.args.set(name, crate::commands::client_value(id));
                let house = self.house.clone();
                let client = self
                    .house
                    .store
                    .read(move |tx| Box::pin(async move { house.view(tx, &auth, id).await }))
                    .await?;
                Ok(Resolved::About(client.name))
            }
        }
    }

    /// Asks for what is missing: a form at once, or the first question.
    pub(super) async fn ask(
        &self,
        command: &'static Command,
        about: String,
        call: Call,
    ) -> Result<Reply, Stop> {
        if call.event.forms == Forms::Questions {
            return self.first_question(command, about, &call).await;
        }
        let given = call.args.values();
        let has_file = command
            .files()
            .any(|option| given.get(option.name).is_some());
        if command.files().next().is_some() {
            // What was attached does not go through a window. Kept also where there is none, in place of an earlier one.
            let typed = form::Conversation {
                command: command.name.to_owned(),
                values: given.clone(),
                skipped: Vec::new(),
                about: about.clone(),
                last: call.event.id.clone(),
                present: Values::default(),
            };
            self.keep(&call.event, &typed).await?;
        }
        let mut asked = form::form(command, given, &about, call.say);
        if asked.token().chars().count() > crate::chat::reply::MAX_TOKEN
            || asked.token().contains('\n')
        {
            // What was given does not fit into a token: it is shown in its fields instead.
            let kept = Values(
                call.args
                    .values()
                    .0
                    .iter()
                    .filter(|(name, _)| name == "client")
                    .cloned()
                    .collect(),
            );
            asked = form::refill(command, call.args.values(), &kept, call.say);
        }
        let client = call
            .args
            .values()
            .get("client")
            .and_then(|value| value.trim_start_matches('#').parse().ok());
        let command = command.name.to_owned();
        let open = if has_file {
            Action::Again { command }
        } else {
            Action::Open { command, client }
        };
        // Where a window cannot open any more, this button opens it.
        let reply = Reply::form(asked);
        Ok(if open.fits() {
            reply.row(vec![Button::new(
                Style::Primary,
                call.say.button_fill_in(),
                open,
            )])
        } else {
            reply
        })
    }

    /// The values that came from a window, with the files that came with the command that opened it. None comes from the
    /// window itself.
    pub(super) async fn with_kept_files(
        &self,
        command: &'static Command,
        values: Values,
        event: &Event,
    ) -> Result<Values, Stop> {
        if command.files().next().is_none() {
            return Ok(values);
        }
        let mut values = form::without_files(command, &values);
        let kept = self.open(event).await?;
        if let Some(kept) = kept.filter(|kept| kept.command == command.name) {
            for option in command.files() {
                if let Some(file) = kept.values.get(option.name) {
                    values.set(option.name, file);
                }
            }
        }
        Ok(values)
    }

    /// A refusal with the way to mend it: the form once more, with what was typed.
    pub(super) async fn try_again(
        &self,
        command: &'static Command,
        given: Values,
        refusal: &Refusal,
        call: &Call,
    ) -> Result<Reply, Stop> {
        let reply = Reply::card(refusals::refusal(&self.house.rules, refusal, call.say));
        if command.options.is_empty() {
            return Ok(reply);
        }
        let typed = form::Conversation {
            command: command.name.to_owned(),
            values: given,
            skipped: Vec::new(),
            about: String::new(),
            last: call.event.id.clone(),
            present: Values::default(),
        };
        self.keep(&call.event, &typed).await?;
        let again = Action::Again {
            command: command.name.to_owned(),
        };
        Ok(reply.row(vec![Button::new(
            Style::Secondary,
            call.say.button_try_again(),
            again,
        )]))
    }

    /// The form of a command as it was last filled in.
    pub(super) async fn refilled(
        &self,
        command: &'static Command,
        call: Call,
    ) -> Result<Reply, Stop> {
        gate(command, &call.actor)?;
        let typed = self.open(&call.event).await?;
        let Some(typed) = typed.filter(|typed| typed.command == command.name) else {
            form::askable(command, call.args.values())?;
            return self.ask(command, String::new(), call).await;
        };
        // A client that was picked is not asked for again; whatever else was typed stands in its field.
        let mut kept = typed.values.clone();
        kept.0.retain(|(name, value)| {
            command.option(name).is_none_or(|option| {
                option.kind.is_file() || option.kind == OptionKind::Client && value.starts_with('#')
            })
        });
        Ok(Reply::form(form::refill(
            command,
            &typed.values,
            &kept,
            call.say,
        )))
    }
}
