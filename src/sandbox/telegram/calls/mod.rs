//! What each method does, and what the real server would say instead. One file per family.

mod chats;
mod edits;
mod messages;
mod profile;
mod updates;

pub use chats::bot_member;

use serde_json::Value;

use super::Shared;
use super::methods::Method;
use super::model::{BotStanding, Chat, ChatKind, World};
use super::refusal::Refusal;
use super::request::Parameters;

type Answer = Result<Value, Refusal>;

/// One call while it is served.
struct Call<'a> {
    shared: &'a Shared,
    world: &'a mut World,
    /// Sandbox milliseconds.
    now: i64,
    given: &'a Parameters,
}

/// Runs a method and gives its `result`.
pub async fn run(shared: &Shared, method: &Method, given: &Parameters) -> Answer {
    given.check(method)?;
    if method.name == "getUpdates" {
        return updates::get(shared, given).await;
    }
    shared.change(|world, now| {
        let mut call = Call {
            shared,
            world,
            now,
            given,
        };
        dispatch(method.name, &mut call)
    })
}

fn dispatch(method: &str, call: &mut Call) -> Answer {
    match method {
        "getMe" => Ok(profile::me(call)),
        "logOut" | "close" => {
            call.world.updates.webhook = None;
            Ok(true.into())
        }
        "setWebhook" => updates::set_webhook(call),
        "deleteWebhook" => updates::delete_webhook(call),
        "getWebhookInfo" => Ok(updates::webhook_info(call)),
        "sendMessage" => messages::send_message(call),
        "sendPhoto" => messages::send_file(call, "photo"),
        "sendDocument" => messages::send_file(call, "document"),
        "forwardMessage" => messages::forward(call),
        "copyMessage" => messages::copy(call),
        "sendChatAction" => messages::chat_action(call),
        "getFile" => messages::get_file(call),
        "editMessageText" => edits::text(call),
        "editMessageCaption" => edits::caption(call),
        "editMessageReplyMarkup" => edits::markup(call),
        "deleteMessage" => edits::delete(call),
        "deleteMessages" => edits::delete_several(call),
        "answerCallbackQuery" => edits::answer_callback(call),
        "getChat" => chats::chat(call),
        "getChatMember" => chats::member(call),
        "getChatMemberCount" => chats::member_count(call),
        "getChatAdministrators" => chats::administrators(call),
        "leaveChat" => chats::leave(call),
        "setMyCommands" => profile::set_commands(call),
        "getMyCommands" => profile::commands(call),
        "deleteMyCommands" => profile::delete_commands(call),
        "setMyName" => profile::set_text(call, "name", 64),
        "setMyDescription" => profile::set_text(call, "description", 512),
        "setMyShortDescription" => profile::set_text(call, "short_description", 120),
        "getMyName" => profile::text(call, "name"),
        "getMyDescription" => profile::text(call, "description"),
        "getMyShortDescription" => profile::text(call, "short_description"),
        "setChatMenuButton" => profile::set_menu_button(call),
        "getChatMenuButton" => profile::menu_button(call),
        _ => Err(Refusal::new(
            501,
            format!("Not Implemented: {method} exists, and the local Telegram does not serve it"),
        )),
    }
}

impl Call<'_> {
    /// The chat that a parameter names, by id or `@username`.
    fn chat(&self, parameter: &str) -> Result<&Chat, Refusal> {
        let named = self.given.text(parameter).unwrap_or_default();
        if named.is_empty() {
            return Err(Refusal::bad("chat_id is empty"));
        }
        let unknown = || Refusal::bad("chat not found");
        let chat = match named.strip_prefix('@') {
            Some(username) => self.world.chats.values().find(|chat| {
                let public = chat.username.as_deref().unwrap_or_default();
                chat.kind != ChatKind::Private && public.eq_ignore_ascii_case(username)
            }),
            None => self.world.chats.get(&named.parse().map_err(|_| unknown())?),
        };
        chat.ok_or_else(unknown)
    }

    /// The chat that a parameter names, where the bot has already been.
    fn known_chat(&self, parameter: &str) -> Result<&Chat, Refusal> {
        let chat = self.chat(parameter)?;
        if chat.standing == BotStanding::NotStarted {
            return Err(Refusal::bad("chat not found"));
        }
        Ok(chat)
    }

    /// The chat that a parameter names, if the bot may write there.
    fn writable_chat(&self, parameter: &str) -> Result<&Chat, Refusal> {
        let chat = self.chat(parameter)?;
        if let Some(to) = chat.migrated_to {
            return Err(Refusal::migrated(to));
        }
        match (chat.standing, chat.kind) {
            (BotStanding::Member, _) => Ok(chat),
            (BotStanding::NotStarted, ChatKind::Private) => Err(Refusal::forbidden(
                "bot can't initiate conversation with a user",
            )),
            (BotStanding::Shut, ChatKind::Private) => {
                Err(Refusal::forbidden("bot was blocked by the user"))
            }
            (BotStanding::Shut, ChatKind::Group) => {
                Err(Refusal::forbidden("bot was kicked from the group chat"))
            }
            (BotStanding::Shut, ChatKind::Supergroup) => Err(Refusal::forbidden(
                "bot was kicked from the supergroup chat",
            )),
            (BotStanding::Shut, ChatKind::Channel) => {
                Err(Refusal::forbidden("bot was kicked from the channel chat"))
            }
            (BotStanding::NotStarted, _) => {
                Err(Refusal::forbidden("bot is not a member of the group chat"))
            }
        }
    }
}
