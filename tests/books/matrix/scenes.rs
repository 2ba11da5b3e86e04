//! What must be there before something can be done about it: made anew each time, so that whatever is done to it is done
//! once.

use bursar::chat::{Action as Button, Identity, Messenger, Values};
use bursar::domain::client::Status;
use bursar::domain::ids::{ClientId, to_base32};
use bursar::domain::role::Role;

use super::actions::Action;
use super::{Near, accounts, desk, id};
use crate::change;
use crate::desk::{Desk, client, number, reseller, telegram, under};
use crate::support::Database;

/// Somebody of the staff who asks, and an admin: neither of them is one of the people in each role.
pub const OWNER: Identity = on_telegram(60);
pub const BOSS: Identity = on_telegram(61);

const fn on_telegram(user: i64) -> Identity {
    Identity {
        messenger: Messenger::Telegram,
        user,
    }
}

/// A desk, and what is made on it.
pub struct Scenes<'a> {
    pub db: &'a Database,
    pub desk: Desk,
    made: i64,
}

/// What an action is asked with.
pub struct Scene {
    /// The client, by name and by number.
    pub client: Option<(String, ClientId)>,
    pub values: Values,
}

impl<'a> Scenes<'a> {
    pub async fn of(db: &'a Database) -> Self {
        let desk = desk(db).await;
        desk.comes(OWNER, Role::Support, "Owner", None).await;
        desk.comes(BOSS, Role::Admin, "Boss", None).await;
        let mut scenes = Self {
            db,
            desk,
            made: 1_000,
        };
        for (client, name) in [("ada", "INV-000001"), ("tom", "INV-000002")] {
            assert_eq!(scenes.invoice(client).await, name);
        }
        scenes
    }

    fn next(&mut self) -> i64 {
        self.made += 1;
        self.made
    }

    /// As it was asked, about what is there already or nowhere: for what is refused.
    pub fn refused(action: &Action, target: Option<(&str, Near)>) -> Scene {
        let client = target.map(|(named, near)| (named.to_owned(), number_of(named, near)));
        let values = action.values.iter().map(|(name, value)| {
            let value = match *value {
                "<invoice>" => "INV-000001",
                made if made.starts_with('<') => "x",
                value => value,
            };
            ((*name).to_owned(), value.to_owned())
        });
        Scene {
            client,
            values: Values(values.collect()),
        }
    }

    /// Everything that somebody in a role needs to do it.
    pub async fn granted(
        &mut self,
        action: &Action,
        (who, role): (Identity, Role),
        target: Option<(&str, Near)>,
    ) -> Scene {
        let mut scene = Self::refused(action, target);
        if let Some((named, near)) = target
            && !action.shows()
            && (role != Role::Reseller || near != Near::Himself)
        {
            scene.client = Some(self.twin(named, action.command).await);
        }
        let client = scene.client.as_ref().map(|(named, _)| named.clone());
        if action.command == "credit deduct" {
            self.credit(role, &client.clone().unwrap()).await;
        }
        if action.command == "people unfreeze" {
            self.desk.confirms(BOSS, "people freeze").await;
        }
        for (name, placeholder) in action.values {
            let made = match *placeholder {
                "<invoice>" if role == Role::Reseller => "INV-000002".to_owned(),
                "<unpaid>" => self.invoice("ada").await,
                "<paid>" => self.paid_invoice().await,
                "<reference>" => format!("TX-{}", self.next()),
                "<draft>" => {
                    let line = "invoice create client:tom lines:x; 1; 1";
                    let shown = self.desk.drafts(who, line).await;
                    shown.request.to_string()
                }
                "<posting>" => {
                    self.credit(role, &client.clone().unwrap()).await;
                    let newest = "select max(id) from posting where kind = 'add'";
                    to_base32(number(&self.db.store, newest).await)
                }
                "<username>" => format!("n{}", self.next()),
                "<reseller>" => {
                    let under_max = target.is_some_and(|(named, _)| named.starts_with("mia"));
                    if under_max { "rex" } else { "max" }.to_owned()
                }
                "<support>" => self.person(Role::Support).await,
                "<finance>" => self.person(Role::Finance).await,
                "<admin>" => self.person(Role::Admin).await,
                _ => continue,
            };
            scene.values.set(name, made);
        }
        scene
    }

    /// A client that stands where that one does, named in the same way.
    async fn twin(&mut self, named: &str, command: &str) -> (String, ClientId) {
        let number = self.next();
        let username = format!("u{number}");
        let mut new = match named {
            "rex" => reseller(number, &username, None),
            "tom" => under(200, client(number, &username)),
            "zoe" => under(210, client(number, &username)),
            "mia@example.com" => under(300, client(number, &username)),
            _ => client(number, &username),
        };
        if command == "client activate" {
            new.status = Status::Suspended;
        }
        if command == "class set" {
            new.class = bursar::domain::client::Class::User;
        }
        let id = new.id;
        change!(self.db.store, |tx| tx.insert_client(&new).await?);
        let named = match named {
            "#34" => format!("#{id}"),
            "100" => number.to_string(),
            named if named.contains('@') => format!("{username}@example.com"),
            _ => username,
        };
        (named, id)
    }

    /// Credit that somebody in a role can take from a client again.
    async fn credit(&mut self, role: Role, client: &str) {
        let line = format!("credit add {client} 5");
        if role == Role::Reseller {
            let (rex, _) = accounts(Some(role));
            self.desk.confirms(rex, &line).await;
        } else {
            let (shown, _) = self.desk.confirms(OWNER, &line).await;
            self.desk.approves(BOSS, &shown).await;
        }
    }

    /// A new unpaid invoice, by name.
    async fn invoice(&mut self, client: &str) -> String {
        let line = format!("invoice create client:{client} lines:x; 1; 1");
        self.desk.confirms(BOSS, &line).await;
        let newest = "select max(number) from invoice where issuer_id = 0";
        let number = number(&self.db.store, newest).await;
        format!("INV-{number:06}")
    }

    async fn paid_invoice(&mut self) -> String {
        let invoice = self.invoice("ada").await;
        let line = format!("invoice paid {invoice} P-{}", self.next());
        self.desk.confirms(BOSS, &line).await;
        invoice
    }

    /// Somebody new in a role, by name.
    async fn person(&mut self, role: Role) -> String {
        let number = self.next();
        let name = format!("{}{number}", role.name());
        self.desk.comes(telegram(number), role, &name, None).await;
        name
    }

    /// Lets changes go on, should they be stopped.
    pub async fn end(&mut self, action: &Action) {
        if action.command.ends_with("freeze") {
            self.desk.house.unfreeze().await.unwrap();
        }
    }

    /// The form that a button opens, filled in as it is asked; or what comes at once.
    pub async fn by_button(
        &self,
        event: &dyn Fn(bursar::chat::Ask) -> bursar::chat::Event,
        action: &Action,
        scene: &Scene,
    ) -> bursar::chat::Reply {
        use bursar::chat::{Ask, FieldKind, Forms};
        use bursar::commands::OptionKind;

        let command = bursar::commands::command(action.command).unwrap();
        let client = scene.client.as_ref().map(|(_, id)| *id);
        let mut picks = command.options.iter();
        let pick = picks.find(|option| option.kind == OptionKind::Pick);
        let about = pick.and_then(|option| scene.values.get(option.name));
        let name = action.command.to_owned();
        let first = match about {
            Some(about) => Button::Pick {
                command: name,
                client,
                about: about.to_owned(),
            },
            None => Button::Open {
                command: name,
                client,
            },
        };
        let mut reply = self.desk.handle(&event(crate::desk::press(&first))).await;
        if action.command == "message edit" && !scene.values.0.is_empty() {
            // Which message it is about is picked first; its form opens from there (`journeys/messages.rs`).
            let token = format!("1:m:{}", action.command);
            let mut values = scene.values.clone();
            if let Some((_, id)) = &scene.client {
                values.set("client", format!("#{id}"));
            }
            reply = self
                .desk
                .handle(&event(Ask::Submit { token, values }))
                .await;
        }
        for _ in 0..9 {
            let Some(form) = reply.form.clone().filter(|form| form.error.is_empty()) else {
                break;
            };
            let field = &form.fields[0];
            let answer = scene.values.get(&field.name);
            let mut ask = match (answer, &field.kind) {
                (None, _) => crate::desk::press(&Button::Skip),
                (Some(answer), FieldKind::Choice(choices)) => {
                    let at = choices.iter().position(|(value, _)| value == answer);
                    let at = u8::try_from(at.unwrap()).unwrap();
                    crate::desk::press(&Button::Choice(at))
                }
                (Some(answer), _) => Ask::Text(answer.to_owned()),
            };
            let next = event(ask.clone());
            if next.forms == Forms::Modal {
                ask = Ask::Submit {
                    token: form.token(),
                    values: scene.values.clone(),
                };
            }
            reply = self.desk.handle(&bursar::chat::Event { ask, ..next }).await;
        }
        reply
    }
}

/// The number of a client that is there, or of nobody.
fn number_of(named: &str, near: Near) -> ClientId {
    match named {
        _ if near == Near::Nowhere => ClientId(999_999),
        "#34" | "100" => id("ada"),
        named => id(named.split('@').next().unwrap()),
    }
}
