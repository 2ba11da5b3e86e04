//! Chats and who is in them.

use serde_json::{Value, json};

use super::{Answer, Call};
use crate::sandbox::telegram::model::{BotStanding, Chat, ChatKind, World};
use crate::sandbox::telegram::refusal::Refusal;

/// `getChat`.
pub fn chat(call: &mut Call) -> Answer {
    let chat = call.known_chat("chat_id")?;
    let mut full = chat.json();
    full["accent_color_id"] = json!(1);
    full["max_reaction_count"] = json!(11);
    full["accepted_gift_types"] = json!({
        "unlimited_gifts": false,
        "limited_gifts": false,
        "unique_gifts": false,
        "premium_subscription": false,
        "gifts_from_channels": false,
    });
    if matches!(chat.kind, ChatKind::Group | ChatKind::Supergroup) {
        full["permissions"] = json!({ "can_send_messages": true, "can_send_photos": true });
    }
    Ok(full)
}

/// `getChatMember`.
pub fn member(call: &mut Call) -> Answer {
    let chat = call.known_chat("chat_id")?;
    let user = call.given.integer("user_id")?.unwrap_or_default();
    if !call.world.users.contains_key(&user) {
        return Err(Refusal::bad("user not found"));
    }
    Ok(member_json(call.world, chat, user))
}

/// `getChatMemberCount`.
pub fn member_count(call: &mut Call) -> Answer {
    let chat = call.known_chat("chat_id")?;
    let bot = usize::from(chat.standing == BotStanding::Member);
    Ok(json!(chat.members.len() + bot))
}

/// `getChatAdministrators`.
pub fn administrators(call: &mut Call) -> Answer {
    let chat = call.known_chat("chat_id")?;
    if chat.kind == ChatKind::Private {
        return Err(Refusal::bad(
            "there are no administrators in the private chat",
        ));
    }
    let admins = chat
        .admins
        .iter()
        .filter(|user| **user != call.world.bot.id);
    Ok(admins
        .map(|user| member_json(call.world, chat, *user))
        .collect())
}

/// `leaveChat`.
pub fn leave(call: &mut Call) -> Answer {
    let chat = call.writable_chat("chat_id")?;
    let (id, kind) = (chat.id, chat.kind);
    if kind == ChatKind::Private {
        return Err(Refusal::bad("chat can't be left"));
    }
    if let Some(chat) = call.world.chats.get_mut(&id) {
        chat.standing = BotStanding::Shut;
    }
    let bot = call.world.shown_name(call.world.bot.id);
    call.world.note(id, format!("({bot} left)"));
    call.shared
        .tell_standing(call.world, call.now, id, None, BotStanding::Member);
    Ok(true.into())
}

/// A `ChatMember` object.
pub fn member_json(world: &World, chat: &Chat, user: i64) -> Value {
    let person = world
        .users
        .get(&user)
        .map_or(Value::Null, super::super::model::User::json);
    if user == world.bot.id {
        return bot_member(chat, &person, chat.standing);
    }
    if !chat.members.contains(&user) {
        return json!({ "status": "left", "user": person });
    }
    if chat.kind != ChatKind::Private
        && chat.members.first() == Some(&user)
        && chat.admins.contains(&user)
    {
        return json!({ "status": "creator", "user": person, "is_anonymous": false });
    }
    if chat.admins.contains(&user) {
        return administrator(&person);
    }
    json!({ "status": "member", "user": person })
}

/// The bot as a `ChatMember` of this standing.
pub fn bot_member(chat: &Chat, bot: &Value, standing: BotStanding) -> Value {
    match (standing, chat.kind) {
        (BotStanding::Member, ChatKind::Channel) => administrator(bot),
        (BotStanding::Member, _) => json!({ "status": "member", "user": bot }),
        (BotStanding::NotStarted, _) => json!({ "status": "left", "user": bot }),
        (BotStanding::Shut, _) => json!({ "status": "kicked", "user": bot, "until_date": 0 }),
    }
}

fn administrator(user: &Value) -> Value {
    json!({
        "status": "administrator",
        "user": user,
        "can_be_edited": false,
        "is_anonymous": false,
        "can_manage_chat": true,
        "can_delete_messages": true,
        "can_manage_video_chats": true,
        "can_restrict_members": true,
        "can_promote_members": false,
        "can_change_info": true,
        "can_invite_users": true,
        "can_post_stories": true,
        "can_edit_stories": true,
        "can_delete_stories": true,
        "can_post_messages": true,
        "can_edit_messages": true,
        "can_pin_messages": true,
        "can_manage_topics": false,
        // Newer than the table of methods (Bot API 10.3); clients of that version insist on it.
        "can_send_welcome_messages": false,
    })
}
