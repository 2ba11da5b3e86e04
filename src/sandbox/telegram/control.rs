//! The verbs as JSON, for programs that are not written in Rust: what a person does, what stands on the screen, and
//! what goes wrong.

use std::time::Duration;

use serde_json::{Value, json};

use super::Telegram;
use super::driver::{Message, NewPerson, Person};
use super::model::CallbackAnswer;
use crate::sandbox::control::{Messenger, Outcome};
use crate::sandbox::faults::Rule;

/// The verbs of the Telegram side of the control interface, for people to read.
pub const VERBS: &str = r#"Telegram verbs: {"on": "telegram", "do": VERB, ...}; people and chats are named by name or id.
"as" is who does it; "chat" is a group or channel, and the private chat with the bot when it is left out;
"timeout_ms" is how long a verb waits at most.

  {"do":"person","name":"Ada","id":7,"username":"ada","language":"en"}   joins Telegram (all but name may be left out)
  {"do":"group","name":"Desk","members":["Ada"],"kind":"group"}           kind: group, supergroup or channel; the bot is in it
  {"do":"upgrade","chat":"Desk"}                                         the group becomes a supergroup with another id
  {"do":"remove_bot","chat":"Desk"}                                      the bot is thrown out
  {"do":"start","as":"Ada","payload":"CODE"}                              presses Start, or opens the deep link
  {"do":"send","as":"Ada","text":"/help","chat":..,"reply_to":5}          writes; answers a forced reply by itself
  {"do":"photo","as":"Ada","caption":"receipt","chat":..}                 sends a picture
  {"do":"document","as":"Ada","name":"a.csv","text":"..","caption":"..","reply_to":4,"chat":..}   sends a file with this text in it
  {"do":"download","file":".."}                                           the text in the file that a message carries
  {"do":"forward","as":"Ada","text":"..","chat":..}                       forwards what a stranger wrote
  {"do":"via_bot","as":"Ada","text":"..","chat":..}                       writes through another bot's inline mode
  {"do":"anonymous","as":"Ada","text":"..","chat":"Desk"}                 writes as an anonymous admin
  {"do":"post","chat":"News","text":".."}                                 posts in a channel's name
  {"do":"edit","as":"Ada","id":5,"text":"..","chat":..}                   changes what Ada wrote
  {"do":"press","as":"Ada","button":"Approve","id":6,"chat":..}           presses; without id on the newest message with
      that button; waits for the answer unless "wait":false; "data":".." instead of "button" forges a press
  {"do":"answer","query":"123"}                                           waits for the answer to an earlier press
  {"do":"read","as":"Ada","chat":..}                                      the bot's next unread message, waited for
  {"do":"screen","as":"Ada","chat":..}                                    all messages as they stand now
  {"do":"menu","as":"Ada","chat":..}                                      the commands that Ada's app offers
  {"do":"block","as":"Ada"}   {"do":"unblock","as":"Ada"}                 blocks the bot, lets it in again
  {"do":"quiet"}                                                          fails if there is an unread message
  {"do":"transcript"}                                                     the conversations as people saw them
  {"do":"faults","rules":[{"fault":"too_many_requests","retry_after_ms":2000,"matching":"sendMessage","times":1}]}
      calls: too_many_requests, server_error (status), delay_call (ms), drop_call, drop_answer
      deliveries: drop_delivery, duplicate_delivery, delay_delivery (ms), reorder_delivery (matching: callback_query..)
  {"do":"clear_faults"}   {"do":"pace","enforce":true}                    no more faults; refuse what is sent too fast
  {"do":"pass_time","ms":150000}                                          moves the clock
  {"do":"calls","since":0,"matching":"sendMessage"}                       the bot's calls and how they were answered
"#;

/// One request, with ways to take its fields out.
struct Request<'a> {
    telegram: &'a Telegram,
    fields: &'a Value,
}

impl Messenger for Telegram {
    fn name(&self) -> &'static str {
        "telegram"
    }

    fn verbs(&self) -> &'static str {
        VERBS
    }

    fn settings(&self) -> Value {
        json!({
            "api_url": self.api_url(),
            "token": self.bot_token(),
            "username": self.bot_username(),
        })
    }

    fn control(&self, request: Value) -> Outcome<'_> {
        Box::pin(Self::control(self, request))
    }
}

impl Telegram {
    /// Does one verb of [`VERBS`] and gives what it shows. An error is a sentence, as a rule with the conversation.
    pub async fn control(&self, request: Value) -> Result<Value, String> {
        let patience = request["timeout_ms"].as_u64().map(Duration::from_millis);
        let telegram =
            &patience.map_or_else(|| self.clone(), |patience| self.with_patience(patience));
        let request = Request {
            telegram,
            fields: &request,
        };
        match request.text("do")? {
            "person" => request.join(),
            "group" | "channel" => request.place(),
            "upgrade" => {
                let group = request.group()?.try_upgrade().await?;
                Ok(json!({ "chat": group.id() }))
            }
            "remove_bot" => {
                request.group()?.remove_bot();
                Ok(Value::Null)
            }
            "start" => {
                let payload = request.fields["payload"].as_str();
                Ok(request.person()?.try_start(payload).await?.json())
            }
            "send" => {
                let reply_to = request.fields["reply_to"].as_i64();
                let (person, chat) = (request.person()?, request.chat()?);
                Ok(person
                    .try_send_to(chat, request.text("text")?, reply_to)
                    .await?
                    .json())
            }
            "document" => {
                let caption = request.fields["caption"].as_str().unwrap_or_default();
                let reply_to = request.fields["reply_to"].as_i64();
                let (person, chat) = (request.person()?, request.chat()?);
                let (name, text) = (request.text("name")?, request.text("text")?);
                let sent = person.try_send_document(chat, name, text.as_bytes(), caption, reply_to);
                Ok(sent.await?.json())
            }
            "download" => {
                let world = telegram.shared.world();
                let file = world.files.get(request.text("file")?);
                let file = file.ok_or("there is no such file")?;
                Ok(json!({ "name": file.name, "text": String::from_utf8_lossy(&file.bytes) }))
            }
            "photo" => {
                let caption = request.fields["caption"].as_str().unwrap_or_default();
                let sent = request
                    .person()?
                    .try_send_photo(request.chat()?, caption, None)
                    .await?;
                Ok(sent.json())
            }
            "forward" => {
                let sent = request
                    .person()?
                    .try_send_forwarded(request.chat()?, request.text("text")?)
                    .await?;
                Ok(sent.json())
            }
            "via_bot" => {
                let sent = request
                    .person()?
                    .try_send_via_bot(request.chat()?, request.text("text")?)
                    .await?;
                Ok(sent.json())
            }
            "anonymous" => {
                let (person, chat) = (request.person()?, request.chat()?);
                Ok(person
                    .try_send_as_anonymous_admin(chat, request.text("text")?)
                    .await?
                    .json())
            }
            "post" => Ok(request
                .group()?
                .try_post(request.text("text")?)
                .await?
                .json()),
            "edit" => {
                let id = request.number("id")?;
                let edited = request
                    .person()?
                    .try_edit(request.chat()?, id, request.text("text")?)
                    .await?;
                Ok(edited.json())
            }
            "press" => request.press().await,
            "answer" => {
                let press = telegram.press_by_id(request.text("query")?)?;
                Ok(answer_json(&press.try_answer().await?))
            }
            "read" => Ok(telegram.try_next_message(request.chat()?).await?.json()),
            "screen" => Ok(self
                .screen(request.chat()?)
                .iter()
                .map(Message::json)
                .collect()),
            "menu" => {
                let menu = self.menu_in(&request.person()?, request.chat()?);
                Ok(menu
                    .iter()
                    .map(|entry| json!({ "command": entry.command, "description": entry.description }))
                    .collect())
            }
            "block" => {
                request.person()?.block_bot();
                Ok(Value::Null)
            }
            "unblock" => {
                request.person()?.unblock_bot();
                Ok(Value::Null)
            }
            "quiet" => telegram.try_expect_quiet().await.map(|()| Value::Null),
            "transcript" => Ok(Value::String(self.transcript())),
            "faults" => request.faults(),
            "clear_faults" => {
                self.faults().clear();
                Ok(Value::Null)
            }
            "pace" => {
                self.enforce_pace(request.fields["enforce"] != json!(false));
                Ok(Value::Null)
            }
            "pass_time" => {
                let ms =
                    u64::try_from(request.number("ms")?).map_err(|_| "time runs forward only")?;
                self.pass_time(Duration::from_millis(ms));
                Ok(Value::Null)
            }
            "calls" => request.calls(),
            other => Err(format!("there is no verb {other:?}\n{VERBS}")),
        }
    }
}

impl Request<'_> {
    fn text(&self, name: &str) -> Result<&str, String> {
        self.fields[name]
            .as_str()
            .ok_or_else(|| format!("{name:?} is missing, or no text"))
    }

    fn number(&self, name: &str) -> Result<i64, String> {
        self.fields[name]
            .as_i64()
            .ok_or_else(|| format!("{name:?} is missing, or no whole number"))
    }

    /// A name, or an id as its digits.
    fn name(&self, name: &str) -> Result<String, String> {
        match &self.fields[name] {
            Value::String(text) => Ok(text.clone()),
            Value::Number(id) => Ok(id.to_string()),
            _ => Err(format!("{name:?} is missing")),
        }
    }

    fn person(&self) -> Result<Person, String> {
        let name = self.name("as")?;
        let found = self.telegram.find_person(&name);
        found.ok_or_else(|| format!("nobody is called {name:?}; \"person\" makes people"))
    }

    fn group(&self) -> Result<super::Group, String> {
        let name = self.name("chat")?;
        let found = self.telegram.find_group(&name);
        found.ok_or_else(|| format!("no group or channel is called {name:?}; \"group\" makes them"))
    }

    /// The chat that is meant: a group, somebody's private chat, or the acting person's own.
    fn chat(&self) -> Result<i64, String> {
        if self.fields["chat"].is_null() {
            return Ok(self.person()?.id());
        }
        let name = self.name("chat")?;
        match self.telegram.find_person(&name) {
            Some(person) => Ok(person.id()),
            None => Ok(self.group()?.id()),
        }
    }

    fn join(&self) -> Result<Value, String> {
        let text = |name: &str| self.fields[name].as_str().map(ToOwned::to_owned);
        let name = self.text("name").or_else(|_| self.text("as"))?.to_owned();
        let known = self.telegram.find_person(&name);
        let person = match known {
            Some(person) => person,
            None => self.telegram.join(NewPerson {
                name,
                id: self.fields["id"].as_i64(),
                username: text("username"),
                language: text("language"),
            })?,
        };
        Ok(json!({ "id": person.id(), "name": person.name(), "username": person.username() }))
    }

    fn place(&self) -> Result<Value, String> {
        let name = self.text("name")?;
        let mut members = Vec::new();
        for member in self.fields["members"].as_array().into_iter().flatten() {
            let member = member
                .as_str()
                .map_or_else(|| member.to_string(), ToOwned::to_owned);
            let person = self.telegram.find_person(&member);
            members.push(person.ok_or_else(|| format!("nobody is called {member:?}"))?);
        }
        let members: Vec<&Person> = members.iter().collect();
        let standard = if self.fields["do"] == json!("channel") {
            "channel"
        } else {
            "group"
        };
        let group = match self.fields["kind"].as_str().unwrap_or(standard) {
            "group" => self.telegram.group(name, &members),
            "supergroup" => self.telegram.supergroup(name, &members),
            "channel" => self.telegram.channel(name),
            other => return Err(format!("{other:?} is no group, supergroup or channel")),
        };
        Ok(json!({ "chat": group.id() }))
    }

    async fn press(&self) -> Result<Value, String> {
        let (person, chat) = (self.person()?, self.chat()?);
        let label = self.fields["button"].as_str();
        let has = |message: &Message| {
            let mut buttons = message.buttons().into_iter().flatten();
            label.is_none_or(|label| buttons.any(|button| button.label.contains(label)))
        };
        let message = match self.fields["id"].as_i64() {
            Some(id) => self.telegram.message(chat, id),
            None => self.telegram.screen(chat).into_iter().rev().find(has),
        };
        let message = message.ok_or_else(|| {
            let conversation = self.telegram.shared.world().transcript(Some(chat));
            format!("there is no such message or button. The conversation:\n{conversation}")
        })?;
        let press = match (self.fields["data"].as_str(), label) {
            (Some(data), _) => person.press_data(&message, data).await?,
            (None, Some(label)) => person.try_press(&message, label).await?,
            (None, None) => return Err("\"button\" is missing".into()),
        };
        if self.fields["wait"] == json!(false) {
            return Ok(json!({ "query": press.id() }));
        }
        let mut shown = answer_json(&press.try_answer().await?);
        shown["query"] = json!(press.id());
        Ok(shown)
    }

    fn faults(&self) -> Result<Value, String> {
        let rules = match &self.fields["rules"] {
            Value::Null => json!([self.fields["rule"]]),
            rules => rules.clone(),
        };
        let rules: Vec<Rule> = serde_json::from_value(rules)
            .map_err(|error| format!("no rules for faults: {error}"))?;
        for rule in rules {
            self.telegram.faults().set(rule);
        }
        Ok(Value::Null)
    }

    fn calls(&self) -> Result<Value, String> {
        let since = self.fields["since"]
            .as_u64()
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(0);
        let matching = self.fields["matching"]
            .as_str()
            .unwrap_or_default()
            .to_lowercase();
        let calls = self.telegram.record().calls();
        let wanted = calls
            .iter()
            .skip(since)
            .filter(|call| call.path.to_lowercase().contains(&matching));
        serde_json::to_value(wanted.collect::<Vec<_>>()).map_err(|error| error.to_string())
    }
}

fn answer_json(answer: &CallbackAnswer) -> Value {
    json!({ "text": answer.text, "alert": answer.show_alert, "url": answer.url })
}
