//! The verbs as JSON, for programs that are not written in Rust: what people do, what they see, and what goes wrong.

use std::time::Duration;

use serde_json::{Value, json};

use super::driver::{Discord, Interaction, Message, Outcome, Person, Place};
use super::model::Id;
use super::sessions::Break;
use crate::sandbox::control::{Messenger, Outcome as Controlled};
use crate::sandbox::faults::Rule;

/// The verbs of the Discord side of the control interface, for people to read.
pub const VERBS: &str = r#"Discord verbs: {"on": "discord", "do": VERB, ...}; people, channels and servers are named by name or id.
"as" is who does it; "in" is where: a channel of the first server ("general", the default), "dm" for the private chat
with the bot, or "Server/channel".

  {"do":"person","name":"Ada","roles":["Support"],"locale":"de"}       joins the first server (roles and locale may be left out)
  {"do":"stranger","name":"Eve"}                                       somebody who is in no server
  {"do":"role","as":"Ada","give":"Admin"}   or "take":"Admin"          roles are made when they are not there
  {"do":"guild","name":"Other"}   {"do":"channel","name":"staff"}      another server; a channel; they answer with ids
  {"do":"member","as":"Ada","guild":"Other","role":"Admin"}            joins another server, with a role there
  {"do":"leave","as":"Ada"}   {"do":"dms","as":"Ada","open":false}     leaves the first server; closes or opens direct messages
  {"do":"forbid","in":"staff","forbidden":true}                        keeps the bot out of a channel
  {"do":"commands","as":"Ada","in":..}                                 the commands offered there
  {"do":"send","as":"Ada","command":"client find","options":{"client":"ada"},"files":{"list":{"name":"a.csv","text":".."}}}
      uses a command; waits for the reply unless "wait":false; "text":"/client find client:ada" does the same
  {"do":"send","as":"Ada","text":"hello"}                              writes a message
  {"do":"suggest","as":"Ada","command":"client find","option":"client","typed":"ad","options":{}}   what is suggested
  {"do":"press","as":"Ada","button":"Approve","id":"123"}              presses; without id on the newest message with that button
  {"do":"choose","as":"Ada","select":"Pick","values":["Two"],"id":".."} chooses from a select
  {"do":"submit","as":"Ada","fields":{"amount":"500"}}                 fills the open form in and submits it
      send, press, choose and submit answer {"interaction", "outcome", "message", "modal"}; outcome is message, deferred,
      update, deferred_update, modal or no_response
  {"do":"answer","interaction":".."}                                   waits for what came of an earlier one
  {"do":"read","as":"Ada","in":..}                                     the bot's next unread message there, waited for
  {"do":"screen","as":"Ada","in":..}                                   all messages as they stand now
  {"do":"download","as":"Ada","id":"123","name":"a.csv"}               the text in a file of a message on the screen
  {"do":"quiet"}                                                       fails if there is an unread message
  {"do":"transcript"}                                                  the conversations as people saw them
  {"do":"faults","rules":[{"fault":"too_many_requests","retry_after_ms":2000,"matching":"POST /channels","times":1}]}
      calls (matching: part of METHOD /path): too_many_requests, server_error (status), delay_call (ms), drop_call, drop_answer
      deliveries (matching: INTERACTION_CREATE..): drop_delivery, duplicate_delivery, delay_delivery (ms), reorder_delivery
  {"do":"clear_faults"}   {"do":"pace","enforce":true}                 no more faults; refuse what is sent too fast
  {"do":"disconnect","how":"resumable"}                                breaks the gateway: resumable, reconnect or invalid
  {"do":"pass_time","ms":3000}                                         moves the clock
  {"do":"calls","since":0,"matching":"/channels"}                      the bot's calls and how they were answered
"#;

impl Messenger for Discord {
    fn name(&self) -> &'static str {
        "discord"
    }

    fn verbs(&self) -> &'static str {
        VERBS
    }

    fn settings(&self) -> Value {
        json!({
            "api_url": self.api_url(),
            "token": self.bot_token(),
            "application_id": self.bot_id().to_string(),
            "guild_id": self.guild_id().to_string(),
            "approvals_channel_id": self.approvals_channel_id().to_string(),
        })
    }

    fn control(&self, request: Value) -> Controlled<'_> {
        Box::pin(async move {
            let request = Request {
                discord: self,
                fields: &request,
            };
            request.run().await
        })
    }
}

/// One request, with ways to take its fields out.
struct Request<'a> {
    discord: &'a Discord,
    fields: &'a Value,
}

impl Request<'_> {
    async fn run(&self) -> Result<Value, String> {
        let discord = self.discord;
        match self.text("do")? {
            "person" => self.join(),
            "stranger" => {
                Ok(json!({ "id": discord.stranger(self.text("name")?).id().to_string() }))
            }
            "role" => self.role(),
            "guild" => Ok(json!({ "id": discord.add_guild(self.text("name")?).to_string() })),
            "channel" => Ok(json!({ "id": discord.channel(self.text("name")?).to_string() })),
            "member" => {
                let guild = self.guild(self.text("guild")?)?;
                let person = self.person()?;
                match self.fields["role"].as_str() {
                    Some(role) => person.give_role_in(guild, role),
                    None => person.join_guild(guild),
                }
                Ok(Value::Null)
            }
            "leave" => {
                self.person()?.leave_guild();
                Ok(Value::Null)
            }
            "dms" => {
                let person = self.person()?;
                if self.fields["open"] == json!(false) {
                    person.close_dms();
                } else {
                    person.open_dms();
                }
                Ok(Value::Null)
            }
            "forbid" => {
                let Place::Channel(channel) = self.place()? else {
                    return Err("a direct conversation cannot be forbidden".to_owned());
                };
                discord.forbid_channel(channel, self.fields["forbidden"] != json!(false));
                Ok(Value::Null)
            }
            "commands" => Ok(json!(self.person()?.commands())),
            "send" => self.send().await,
            "suggest" => self.suggest().await,
            "press" => self.press().await,
            "choose" => self.choose().await,
            "submit" => self.submit().await,
            "answer" => {
                let id = self
                    .text("interaction")?
                    .parse()
                    .map_err(|_| "\"interaction\" is no id")?;
                let found = discord
                    .interaction(id)
                    .ok_or("there is no such interaction")?;
                self.told(&found).await
            }
            "read" => {
                let message = self
                    .person()?
                    .next_unread()
                    .await
                    .map_err(|error| error.to_string())?;
                Ok(message_json(discord, &message))
            }
            "screen" => {
                let screen = self.person()?.sees_here();
                Ok(screen
                    .iter()
                    .map(|message| message_json(discord, message))
                    .collect())
            }
            "download" => {
                let name = self.text("name")?;
                let has = |one: &Message| one.files().iter().any(|(own, _)| own == name);
                let message = self.message(&self.person()?, has)?;
                let files = message.files().into_iter();
                let mut files = files.filter(|(own, _)| own == name);
                let (_, bytes) = files.next().ok_or("the message has no such file")?;
                Ok(json!({ "name": name, "text": String::from_utf8_lossy(&bytes) }))
            }
            "quiet" => discord
                .expect_quiet()
                .map(|()| Value::Null)
                .map_err(|error| error.to_string()),
            "transcript" => Ok(json!(discord.transcript())),
            "faults" => self.faults(),
            "clear_faults" => {
                discord.faults().clear();
                Ok(Value::Null)
            }
            "pace" => {
                discord.enforce_pace(self.fields["enforce"] != json!(false));
                Ok(Value::Null)
            }
            "disconnect" => {
                discord.disconnect(match self.fields["how"].as_str().unwrap_or("resumable") {
                    "resumable" => Break::Resumable,
                    "reconnect" => Break::Reconnect,
                    "invalid" => Break::Invalid,
                    other => {
                        return Err(format!("{other:?} is not resumable, reconnect or invalid"));
                    }
                });
                Ok(Value::Null)
            }
            "pass_time" => {
                let ms = self.fields["ms"]
                    .as_u64()
                    .ok_or("\"ms\" must be a whole number, not negative")?;
                discord.pass_time(Duration::from_millis(ms));
                Ok(Value::Null)
            }
            "calls" => Ok(self.calls()),
            other => Err(format!("there is no verb {other:?}\n{VERBS}")),
        }
    }

    fn text(&self, name: &str) -> Result<&str, String> {
        let text = self.fields[name].as_str();
        text.ok_or_else(|| format!("{name:?} is missing, or no text"))
    }

    fn person(&self) -> Result<Person, String> {
        let name = self.text("as")?;
        let found = self.discord.known_person(name);
        let found =
            found.ok_or_else(|| format!("nobody is called {name:?}; \"person\" adds people"))?;
        Ok(found.at(self.place()?))
    }

    fn place(&self) -> Result<Place, String> {
        let name = self.fields["in"].as_str().unwrap_or("general");
        if name == "dm" {
            return Ok(Place::Dm);
        }
        let (guild, channel) = match name.split_once('/') {
            Some((guild, channel)) => (self.guild(guild)?, channel),
            None => (self.discord.guild_id(), name),
        };
        let found = self.discord.known_channel(guild, channel);
        found
            .map(Place::Channel)
            .ok_or_else(|| format!("there is no channel {name:?}"))
    }

    fn guild(&self, name: &str) -> Result<Id, String> {
        self.discord
            .known_guild(name)
            .ok_or_else(|| format!("there is no server {name:?}"))
    }

    fn join(&self) -> Result<Value, String> {
        let person = self.discord.person(self.text("name")?);
        for role in self.fields["roles"].as_array().into_iter().flatten() {
            person.give_role(role.as_str().ok_or("\"roles\" are names")?);
        }
        if let Some(locale) = self.fields["locale"].as_str() {
            person.set_locale(locale);
        }
        Ok(json!({ "id": person.id().to_string(), "name": person.name() }))
    }

    fn role(&self) -> Result<Value, String> {
        if self.fields["as"].is_null() {
            return Ok(json!({ "id": self.discord.role(self.text("name")?).to_string() }));
        }
        let person = self.person()?;
        let (give, take) = (self.fields["give"].as_str(), self.fields["take"].as_str());
        match (give, take) {
            (Some(role), _) => person.give_role(role),
            (None, Some(role)) => person.take_role(role),
            (None, None) => return Err("\"give\" or \"take\" names the role".to_owned()),
        }
        Ok(json!({ "id": self.discord.role(give.or(take).unwrap_or_default()).to_string() }))
    }

    /// Options as pairs; numbers and booleans may be given as such.
    fn pairs(&self, name: &str) -> Result<Vec<(String, String)>, String> {
        match &self.fields[name] {
            Value::Null => Ok(Vec::new()),
            Value::Object(map) => {
                let shown = |value: &Value| {
                    value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned)
                };
                Ok(map
                    .iter()
                    .map(|(key, value)| (key.clone(), shown(value)))
                    .collect())
            }
            _ => Err(format!("{name:?} is an object of names and values")),
        }
    }

    async fn send(&self) -> Result<Value, String> {
        let person = self.person()?;
        if let (None, Some(text)) = (
            self.fields["command"].as_str(),
            self.fields["text"].as_str(),
        ) {
            let Some(typed) = text.strip_prefix('/') else {
                let message = person.says(text).map_err(|error| error.to_string())?;
                return Ok(message_json(self.discord, &message));
            };
            let (path, options) = split(typed);
            let used = person
                .command(&path, &borrowed(&options))
                .await
                .map_err(|error| error.to_string())?;
            return self.came_of(&used).await;
        }
        let options = self.pairs("options")?;
        let mut files = Vec::new();
        for (option, file) in self.fields["files"].as_object().into_iter().flatten() {
            let name = file["name"]
                .as_str()
                .ok_or("a file has a \"name\" and a \"text\"")?;
            let text = file["text"]
                .as_str()
                .ok_or("a file has a \"name\" and a \"text\"")?;
            files.push((option.as_str(), name, text.as_bytes()));
        }
        let used = person
            .command_with_files(self.text("command")?, &borrowed(&options), &files)
            .await;
        self.came_of(&used.map_err(|error| error.to_string())?)
            .await
    }

    async fn suggest(&self) -> Result<Value, String> {
        let others = self.pairs("options")?;
        let typed = self.fields["typed"].as_str().unwrap_or_default();
        let (command, option) = (self.text("command")?, self.text("option")?);
        let choices = self
            .person()?
            .suggest(command, option, typed, &borrowed(&others))
            .await;
        let choices = choices.map_err(|error| error.to_string())?;
        Ok(choices
            .iter()
            .map(|choice| json!({ "name": choice.name, "value": choice.value }))
            .collect())
    }

    /// The message meant: by id, or the newest that fits.
    fn message(&self, person: &Person, fits: impl Fn(&Message) -> bool) -> Result<Message, String> {
        let id: Option<Id> = match &self.fields["id"] {
            Value::Null => None,
            Value::String(text) => Some(text.parse().map_err(|_| "\"id\" is no id")?),
            other => Some(other.as_u64().ok_or("\"id\" is no id")?),
        };
        let screen = person.sees_here();
        let found = screen
            .into_iter()
            .rev()
            .find(|one| id.map_or_else(|| fits(one), |id| one.id() == id));
        found.ok_or_else(|| {
            format!(
                "{} sees no such message there\n\n{}",
                person.name(),
                self.discord.transcript()
            )
        })
    }

    async fn press(&self) -> Result<Value, String> {
        let person = self.person()?;
        let pressed = if let Some(custom_id) = self.fields["custom_id"].as_str() {
            let message = self.message(&person, |one| one.has_control(custom_id))?;
            person.press_id(&message, custom_id).await
        } else {
            let button = self.text("button")?;
            let message = self.message(&person, |one| {
                one.buttons().iter().any(|label| label.contains(button))
            })?;
            person.press(&message, button).await
        };
        self.came_of(&pressed.map_err(|error| error.to_string())?)
            .await
    }

    async fn choose(&self) -> Result<Value, String> {
        let person = self.person()?;
        let select = self.text("select")?;
        let message = self.message(&person, |one| one.has_control(select))?;
        let values: Vec<_> = self.fields["values"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let chosen = person.choose(&message, select, &values).await;
        self.came_of(&chosen.map_err(|error| error.to_string())?)
            .await
    }

    async fn submit(&self) -> Result<Value, String> {
        let person = self.person()?;
        let modal = person
            .open_modal()
            .ok_or_else(|| format!("no form is open on {}'s screen", person.name()))?;
        let fields = self.pairs("fields")?;
        let submitted = person.submit(&modal, &borrowed(&fields)).await;
        self.came_of(&submitted.map_err(|error| error.to_string())?)
            .await
    }

    async fn came_of(&self, interaction: &Interaction) -> Result<Value, String> {
        if self.fields["wait"] == json!(false) {
            return Ok(json!({ "interaction": interaction.id().to_string() }));
        }
        self.told(interaction).await
    }

    async fn told(&self, interaction: &Interaction) -> Result<Value, String> {
        let outcome = interaction
            .outcome()
            .await
            .map_err(|error| error.to_string())?;
        let message = match &outcome {
            Outcome::Message(message) | Outcome::Update(message) => Some(message.clone()),
            Outcome::Deferred(_) => Some(
                interaction
                    .reply()
                    .await
                    .map_err(|error| error.to_string())?,
            ),
            // A silent acknowledgement may be all there is.
            Outcome::DeferredUpdate => interaction.reply().await.ok(),
            _ => None,
        };
        let modal = match &outcome {
            Outcome::Modal(modal) => {
                let inputs = modal.inputs();
                let inputs: Vec<_> = inputs
                    .iter()
                    .map(|one| json!({ "custom_id": one.custom_id, "label": one.label, "value": one.value, "required": one.required }))
                    .collect();
                json!({ "title": modal.title(), "custom_id": modal.custom_id(), "inputs": inputs })
            }
            _ => Value::Null,
        };
        Ok(json!({
            "interaction": interaction.id().to_string(),
            "outcome": outcome.name(),
            "message": message.map(|message| message_json(self.discord, &message)),
            "modal": modal,
        }))
    }

    fn faults(&self) -> Result<Value, String> {
        let rules = self.fields["rules"].clone();
        let rules: Vec<Rule> =
            serde_json::from_value(rules).map_err(|error| format!("\"rules\": {error}"))?;
        for rule in rules {
            self.discord.fault(rule);
        }
        Ok(Value::Null)
    }

    fn calls(&self) -> Value {
        let since = usize::try_from(self.fields["since"].as_u64().unwrap_or(0)).unwrap_or(0);
        let matching = self.fields["matching"].as_str().unwrap_or_default();
        let calls = self.discord.record().calls();
        let wanted = calls
            .iter()
            .skip(since)
            .filter(|call| format!("{} {}", call.method, call.path).contains(matching));
        json!({ "calls": wanted.collect::<Vec<_>>(), "next": calls.len() })
    }
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect()
}

/// `client find client:ada ltd amount:5` as its path and options; a value goes on until the next `name:`.
fn split(typed: &str) -> (String, Vec<(String, String)>) {
    let mut path = Vec::new();
    let mut options: Vec<(String, String)> = Vec::new();
    for word in typed.split_whitespace() {
        let named = word.split_once(':').filter(|(name, _)| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || "-_".contains(c))
        });
        match (named, options.last_mut()) {
            (Some((name, value)), _) => options.push((name.to_owned(), value.to_owned())),
            (None, Some((_, value))) => {
                if !value.is_empty() {
                    value.push(' ');
                }
                value.push_str(word);
            }
            (None, None) => path.push(word),
        }
    }
    (path.join(" "), options)
}

/// A message as a person sees it.
fn message_json(discord: &Discord, message: &Message) -> Value {
    let buttons: Vec<_> = message
        .all_buttons()
        .into_iter()
        .map(|(label, custom_id, disabled)| json!({ "label": label, "custom_id": custom_id, "disabled": disabled }))
        .collect();
    let files: Vec<_> = message.files().into_iter().map(|(name, _)| name).collect();
    json!({
        "id": message.id().to_string(),
        "channel": discord.channel_title(message.channel_id()),
        "channel_id": message.channel_id().to_string(),
        "from": discord.user_title(message.author_id()),
        "text": message.text(),
        "content": message.content(),
        "embeds": message.embeds(),
        "buttons": buttons,
        "files": files,
        "ephemeral": message.is_ephemeral(),
        "edited": message.is_edited(),
        "loading": message.is_loading(),
    })
}
