//! Actor, command, permission, run: from an event to a reply. It cannot fail; whatever happens there is a reply.

mod forms;
pub mod lanes;
mod questions;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::Notify;

use self::forms::Resolved;
use self::questions::Answer;
use crate::chat::file::Fetching;
use crate::chat::{
    Action, Ask, Event, Files, Form, Forms, Identity, Members, Messenger, Placement, Reply,
    Sentences, Suggestion, Values, Visibility,
};
use crate::commands::args::Args;
use crate::commands::{
    Call, Command, Gate, OptionKind, Patience, Stop, client, command, form, paging, refusals,
    spoken, typed,
};
use crate::domain::refusal::Refusal;
use crate::fault::Fault;
use crate::services::House;
use crate::services::access::{Actor, authorise};

/// What an adapter may answer before the reply is there: decided from the event alone, without waiting for anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// Nothing yet: a deferred answer that this audience will see.
    Defer(Visibility),
    /// A button was pressed: acknowledge, the message stays as it is until the reply edits it or a new one follows.
    Acknowledge,
    /// The form that will be asked for; a window can only open as the very first answer.
    Form(Form),
}

/// What the adapters hand events to.
pub trait Desk: Send + Sync + 'static {
    /// The first answer, should the reply take longer than about a second.
    fn opening(&self, event: &Event) -> Opening;
    /// Does what is asked. Never fails and never panics; bounded in time (10 s; two minutes more about a file).
    fn handle(&self, event: Event) -> BoxFuture<'_, Reply>;
    /// Completions of an option. Empty where nothing may be seen; bounded in time (2 s).
    fn suggest(&self, event: Event) -> BoxFuture<'_, Vec<Suggestion>>;
    /// The answer to somebody whose lane is full.
    fn too_fast(&self, event: &Event) -> Reply;
}

/// The longest that anybody waits for a reply.
const LONGEST: Duration = Duration::from_secs(10);
/// The longest that he waits besides where a whole file is looked through.
const LONGEST_FILE: Duration = Duration::from_mins(2);
/// The longest that anybody waits for completions: Discord takes none after 3 s.
const SUGGEST: Duration = Duration::from_secs(2);

/// The pipeline: the one [`Desk`].
pub struct Pipeline {
    house: House,
    members: Option<Arc<dyn Members>>,
    files: Fetching,
    outbox: Arc<Notify>,
    /// The languages that people chose, as far as they were seen here: for what is answered before anybody is looked up,
    /// and when nobody can be.
    chosen: Mutex<HashMap<Identity, String>>,
}

impl Pipeline {
    /// A pipeline on these services. `outbox` is rung after each event, because it may have left notices.
    pub fn new(house: House, members: Option<Arc<dyn Members>>, outbox: Arc<Notify>) -> Self {
        Self {
            house,
            members,
            files: Fetching::default(),
            outbox,
            chosen: Mutex::default(),
        }
    }

    /// With the way to what people attach on one more messenger.
    #[must_use]
    pub fn with_files(mut self, files: Arc<dyn Files>) -> Self {
        self.files.add(files);
        self
    }

    fn say(&self, event: &Event) -> &'static Sentences {
        let chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        let chosen = chosen.get(&event.from.identity);
        let locale = chosen.unwrap_or(&event.from.locale);
        Sentences::of(locale, &self.house.rules.language)
    }

    fn remember_language(&self, actor: &Actor) {
        let mut chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        match &actor.language {
            Some(language) => chosen.insert(actor.identity, language.clone()),
            None => chosen.remove(&actor.identity),
        };
    }

    async fn answer(&self, event: &Event, patience: &Patience) -> Result<Reply, Stop> {
        let actor = self.actor(event).await?;
        let say = Sentences::of(actor.spoken(), &self.house.rules.language);
        let call = |args: Args| Call {
            house: self.house.clone(),
            members: self.members.clone(),
            files: self.files.clone(),
            patience: patience.clone(),
            actor: actor.clone(),
            event: event.clone(),
            args,
            after: None,
            say,
        };
        match &event.ask {
            Ask::Command { name, values } => {
                let command = command(name).ok_or_else(|| unknown(name))?;
                self.run(command, values.clone(), call).await
            }
            Ask::Typed(line) => self.typed(line, event, call).await,
            Ask::Press(payload) => {
                let action: Action = payload.parse().map_err(|_| Refusal::UnknownButton)?;
                self.press(action, event, call).await
            }
            Ask::Submit { token, values } => {
                let (name, mut known) = Form::read_token(token).ok_or(Refusal::UnknownButton)?;
                let command = command(&name).ok_or(Refusal::UnknownButton)?;
                for (name, value) in &values.0 {
                    known.set(name, value.clone());
                }
                let known = self.with_kept_files(command, known, event).await?;
                self.run(command, known, call).await
            }
            Ask::Text(text) => self.take(event, call, Answer::Text(text)).await,
            Ask::File { file, text } => self.take(event, call, Answer::File { file, text }).await,
            Ask::Suggest { .. } => Err(Refusal::UnknownButton.into()),
        }
    }

    /// Who asks; somebody who could not be written to until now hears what was kept for him.
    async fn actor(&self, event: &Event) -> Result<Actor, Stop> {
        let (actor, stale) = self.look_up(event).await?;
        let mut actor = actor;
        if let (Some(user), Some(members)) = (stale, &self.members)
            && event.from.identity.messenger == Messenger::Telegram
        {
            // Rights that rest on a Discord role: without a fresh look they do not count.
            match self.house.refresh_roles(members.as_ref(), user).await {
                Ok(()) => actor = self.look_up(event).await?.0,
                Err(Stop::Fault(fault)) => fault.log(),
                Err(stop) => return Err(stop),
            }
        }
        let unnamed = actor.person.is_some() && actor.name == actor.identity.to_string();
        if actor.unreachable || unnamed {
            let (house, known, shown) =
                (self.house.clone(), actor.clone(), event.from.name.clone());
            self.house
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        house.keep_name(tx, &known, &shown).await?;
                        if known.unreachable {
                            house.arrived(tx, known.identity).await?;
                        }
                        Ok(())
                    })
                })
                .await?;
            if unnamed && !event.from.name.is_empty() {
                actor.name.clone_from(&event.from.name);
            }
        }
        Ok(actor)
    }

    async fn look_up(&self, event: &Event) -> Result<(Actor, Option<i64>), Stop> {
        let (house, event) = (self.house.clone(), event.clone());
        let found = self
            .house
            .store
            .read(move |tx| Box::pin(async move { Ok(house.actor(tx, &event).await?) }))
            .await?;
        self.remember_language(&found.0);
        Ok(found)
    }

    /// Permission, values, form or handler.
    async fn run(
        &self,
        command: &'static Command,
        given: Values,
        call: impl Fn(Args) -> Call,
    ) -> Result<Reply, Stop> {
        let unit = self.house.rules.unit;
        let mut asked = call(Args::read(command, Values::default(), unit)?);
        gate(command, &asked.actor)?;
        let given = spoken::understood(command, given, asked.say);
        let forms = asked.event.forms;
        let refusal = match Args::read(command, given.clone(), unit) {
            Ok(args) => {
                asked.args = args;
                if asked.args.incomplete() {
                    if forms == Forms::Modal {
                        form::askable(command, asked.args.values())?;
                    }
                    return match self.resolve(command, &mut asked).await? {
                        Resolved::About(about) => self.ask(command, about, asked).await,
                        Resolved::Choose(reply) => Ok(*reply),
                    };
                }
                match (command.handler)(asked).await {
                    // What was typed into a window is gone with it, unless it is kept.
                    Err(Stop::Refusal(refusal))
                        if forms == Forms::Modal && refusal.option().is_some() =>
                    {
                        refusal
                    }
                    result => return result,
                }
            }
            Err(refusal) => refusal,
        };
        let refused = refusal.option().and_then(|name| command.option(name));
        let is_about_a_file = refused.is_some_and(|option| option.kind.is_file())
            || matches!(refusal, Refusal::FileTooLarge { .. });
        if forms == Forms::Modal && is_about_a_file {
            // No window mends it: the command is to be given again.
            return Err(refusal.into());
        }
        match forms {
            Forms::Modal => {
                let bare = call(Args::read(command, Values::default(), unit)?);
                self.try_again(command, given, &refusal, &bare).await
            }
            Forms::Questions => self.ask_again(command, given, &refusal, &call).await,
        }
    }

    async fn typed(
        &self,
        line: &str,
        event: &Event,
        call: impl Fn(Args) -> Call,
    ) -> Result<Reply, Stop> {
        let line = line.trim();
        let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match first.to_ascii_lowercase().as_str() {
            "start" if rest.trim().is_empty() => {
                self.run(&crate::commands::account::HELP, Values::default(), call)
                    .await
            }
            "start" => {
                let values = Values::from([("code", rest.trim())]);
                self.run(&crate::commands::account::LINK, values, call)
                    .await
            }
            "cancel" => self.cancel_form(event, call).await,
            "skip" => self.take(event, call, Answer::Skip).await,
            _ => {
                let (command, values) = typed::parse(line, self.say(event))?;
                self.run(command, values, call).await
            }
        }
    }

    async fn press(
        &self,
        action: Action,
        event: &Event,
        call: impl Fn(Args) -> Call,
    ) -> Result<Reply, Stop> {
        use crate::commands::{approval, credit};
        let bare = || -> Result<Call, Stop> {
            Ok(call(Args::read(
                &crate::commands::account::HELP,
                Values::default(),
                self.house.rules.unit,
            )?))
        };
        match action {
            Action::View(_) | Action::Find { .. } => client::pressed(&bare()?, &action).await,
            Action::Open {
                command: name,
                client,
            } => {
                let command = command(&name).ok_or(Refusal::UnknownButton)?;
                let mut values = Values::default();
                if let Some(client) = client {
                    values.set("client", crate::commands::client_value(client));
                }
                self.run(command, values, call).await
            }
            Action::Pick {
                command: name,
                client,
                about,
            } => {
                let command = command(&name).ok_or(Refusal::UnknownButton)?;
                let values = picked(command, client, about).ok_or(Refusal::UnknownButton)?;
                self.run(command, values, call).await
            }
            Action::Undo(id) => credit::undo(&bare()?, id).await,
            Action::Again { command: name } => {
                let command = command(&name).ok_or(Refusal::UnknownButton)?;
                self.refilled(command, bare()?).await
            }
            Action::Confirm(shown) => approval::confirm(&bare()?, shown).await,
            Action::Cancel(shown) => approval::cancel(&bare()?, shown).await,
            Action::Approve(shown) => approval::approve(&bare()?, shown).await,
            Action::Reject(shown) => {
                let values = Values::from([("request", shown.to_string())]);
                self.run(&approval::REJECT, values, call).await
            }
            Action::AskAgain(id) => credit::again(&bare()?, id).await,
            Action::Approvals(after) => Ok(approval::page(&bare()?, after)
                .await?
                .placed(Placement::Edit)),
            Action::More {
                command: name,
                after,
                values,
            } => {
                let (command, values) = paging::read(&name, &values)?;
                let page = |args| Call {
                    after: Some(after.clone()).filter(|after| !after.is_empty()),
                    ..call(args)
                };
                let reply = self.run(command, values, page).await?;
                Ok(if reply.form.is_some() {
                    reply
                } else {
                    reply.placed(Placement::Edit)
                })
            }
            Action::Choice(index) => self.take(event, call, Answer::Choice(index)).await,
            Action::Skip => self.take(event, call, Answer::Skip).await,
            Action::CancelForm => self.cancel_form(event, call).await,
        }
    }

    async fn completions(&self, event: &Event) -> Result<Vec<Suggestion>, Stop> {
        let Ask::Suggest {
            command: name,
            option,
            typed,
            ..
        } = &event.ask
        else {
            return Ok(Vec::new());
        };
        let Some(command) = command(name) else {
            return Ok(Vec::new());
        };
        let is_client = command
            .option(option)
            .is_some_and(|option| option.kind == OptionKind::Client);
        let Gate::Needs(permission) = command.gate else {
            return Ok(Vec::new());
        };
        if !is_client {
            return Ok(Vec::new());
        }
        let (house, event, typed) = (self.house.clone(), event.clone(), typed.clone());
        self.house
            .store
            .read(move |tx| {
                Box::pin(async move {
                    let (actor, _) = house.actor(tx, &event).await?;
                    let auth = authorise(&actor, permission)?;
                    let finding = house.find_up_to(tx, &auth, &typed, None, 25).await?;
                    Ok(finding.found.iter().map(client::suggestion).collect())
                })
            })
            .await
    }

    fn stopped(&self, stop: &Stop, event: &Event) -> Reply {
        let say = self.say(event);
        let card = match stop {
            Stop::Refusal(refusal) => refusals::refusal(&self.house.rules, refusal, say),
            Stop::Fault(fault) => {
                fault.log();
                refusals::fault(fault, say)
            }
        };
        let placement = if matches!(event.ask, Ask::Press(_)) {
            Placement::Aside
        } else {
            Placement::New
        };
        Reply::card(card).placed(placement)
    }
}

/// The values of a command for what was picked from its list.
fn picked(
    command: &'static Command,
    client: Option<crate::domain::ids::ClientId>,
    about: String,
) -> Option<Values> {
    let pick = command
        .options
        .iter()
        .find(|option| option.kind == OptionKind::Pick)?;
    let mut values = Values::default();
    if let Some(client) = client {
        values.set("client", crate::commands::client_value(client));
    }
    values.set(pick.name, about);
    Some(values)
}

fn gate(command: &Command, actor: &Actor) -> Result<(), Refusal> {
    match command.gate {
        Gate::Open => Ok(()),
        Gate::Needs(permission) => authorise(actor, permission).map(|_| ()),
    }
}

fn unknown(name: &str) -> Refusal {
    Refusal::UnknownCommand {
        typed: name.chars().take(40).collect(),
        meant: None,
    }
}

impl Desk for Pipeline {
    fn opening(&self, event: &Event) -> Opening {
        let say = self.say(event);
        let form_of = |command: &'static Command, known: &Values| {
            let form = form::form(command, known, "", say);
            (form.token().len() <= crate::chat::reply::MAX_TOKEN).then_some(Opening::Form(form))
        };
        match &event.ask {
            Ask::Press(payload) => match payload.parse() {
                Ok(Action::Open {
                    command: name,
                    client,
                }) => {
                    let mut known = Values::default();
                    if let Some(client) = client {
                        known.set("client", crate::commands::client_value(client));
                    }
                    command(&name)
                        .filter(|command| command.misses(|option| known.get(option).is_some()))
                        .filter(|command| form::askable(command, &known).is_ok())
                        .and_then(|command| form_of(command, &known))
                        .unwrap_or(Opening::Acknowledge)
                }
                Ok(Action::Pick {
                    command: name,
                    client,
                    about,
                }) => command(&name)
                    .and_then(|command| Some((command, picked(command, client, about)?)))
                    .filter(|(command, known)| command.misses(|option| known.get(option).is_some()))
                    .and_then(|(command, known)| form_of(command, &known))
                    .unwrap_or(Opening::Acknowledge),
                Ok(Action::Again { command: name }) => command(&name)
                    .and_then(|command| form_of(command, &Values::default()))
                    .unwrap_or(Opening::Acknowledge),
                Ok(Action::Reject(shown)) => {
                    let known = Values::from([("request", shown.to_string())]);
                    form_of(&crate::commands::approval::REJECT, &known)
                        .unwrap_or(Opening::Acknowledge)
                }
                _ => Opening::Acknowledge,
            },
            Ask::Command { name, values } => match command(name) {
                Some(command)
                    if form::askable(command, values).is_ok()
                        && command.misses(|option| {
                            values.get(option).is_some_and(|value| !value.is_empty())
                        }) =>
                {
                    form_of(command, values).unwrap_or(Opening::Defer(command.visibility))
                }
                Some(command) => Opening::Defer(command.visibility),
                None => Opening::Defer(Visibility::Private),
            },
            Ask::Submit { .. } if event.message.is_some() => Opening::Acknowledge,
            _ => Opening::Defer(Visibility::Private),
        }
    }

    fn handle(&self, event: Event) -> BoxFuture<'_, Reply> {
        Box::pin(async move {
            let patience = Patience::default();
            let work = AssertUnwindSafe(self.answer(&event, &patience)).catch_unwind();
            let mut work = std::pin::pin!(work);
            let mut result = tokio::time::timeout(LONGEST, &mut work).await;
            if result.is_err() && patience.is_extended() {
                result = tokio::time::timeout(LONGEST_FILE, &mut work).await;
            }
            let result = match result {
                Ok(Ok(result)) => result,
                Ok(Err(_)) => Err(Fault::internal("handling an event panicked").into()),
                Err(_) => Err(Fault::timeout("handling an event took too long").into()),
            };
            self.outbox.notify_one();
            result.unwrap_or_else(|stop| self.stopped(&stop, &event))
        })
    }

    fn suggest(&self, event: Event) -> BoxFuture<'_, Vec<Suggestion>> {
        Box::pin(async move {
            match tokio::time::timeout(SUGGEST, self.completions(&event)).await {
                Ok(Ok(found)) => found,
                Ok(Err(Stop::Fault(fault))) => {
                    fault.log();
                    Vec::new()
                }
                Ok(Err(Stop::Refusal(_))) | Err(_) => Vec::new(),
            }
        })
    }

    fn too_fast(&self, event: &Event) -> Reply {
        self.stopped(&Refusal::TooFast.into(), event)
    }
}
