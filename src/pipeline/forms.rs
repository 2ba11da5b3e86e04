//! Forms of what a command still misses, opened at once or again with what was typed; and the client whom they are about.

use super::{Pipeline, gate};
use crate::chat::{Action, Button, Forms, Reply, Style, Values};
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
        let mut asked = form::form(command, call.args.values(), &about, call.say);
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
        let open = Action::Open {
            command: command.name.to_owned(),
            client,
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
            return self.ask(command, String::new(), call).await;
        };
        // A client that was picked is not asked for again; whatever else was typed stands in its field.
        let mut kept = typed.values.clone();
        kept.0.retain(|(name, value)| {
            command
                .option(name)
                .is_none_or(|option| option.kind == OptionKind::Client && value.starts_with('#'))
        });
        Ok(Reply::form(form::refill(
            command,
            &typed.values,
            &kept,
            call.say,
        )))
    }
}
