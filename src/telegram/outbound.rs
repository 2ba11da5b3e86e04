//! What is asked of Telegram, as teloxide's payloads: one place decides how a card is posted, edited and asked.

use serde::Deserialize;
use teloxide::payloads::{
    AnswerCallbackQuery, AnswerCallbackQuerySetters as _, EditMessageText,
    EditMessageTextSetters as _, SendChatAction, SendMessage, SendMessageSetters as _,
};
use teloxide::types::{
    CallbackQueryId, ChatAction, ChatId, ForceReply, LinkPreviewOptions, MessageId, ParseMode,
    ReplyMarkup, ReplyParameters,
};

use super::render;
use crate::chat::{Button, Card, Form};

/// What is needed of a message that was sent.
#[derive(Debug, Deserialize)]
pub(super) struct Posted {
    pub(super) message_id: i64,
}

/// Whom a question is put to, where others can read it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked<'a> {
    /// Whoever wrote the message that is replied to, or the only other person in the chat.
    Writer,
    /// The person who pressed a button.
    Presser {
        /// The user.
        user: i64,
        /// The name on screen.
        name: &'a str,
    },
}

/// A new message. A form without buttons is a question: Telegram opens the reply to it.
pub(super) fn post(
    chat: i64,
    card: &Card,
    buttons: &[Vec<Button>],
    form: Option<(&Form, Asked<'_>)>,
    reply_to: Option<i32>,
) -> SendMessage {
    let keyboard = render::keyboard(buttons);
    let mut html = render::html(card);
    let mut markup = keyboard.map(ReplyMarkup::InlineKeyboard);
    if let (None, Some((form, asked))) = (&markup, form) {
        let hint = form.fields.first().map(|field| field.hint.as_str());
        let placeholder = render::placeholder(hint.unwrap_or_default());
        let question = ForceReply::new().selective();
        let question = question.input_field_placeholder(placeholder);
        markup = Some(ReplyMarkup::ForceReply(question));
        if let Asked::Presser { user, name } = asked {
            html = format!("{}\n{html}", render::mention(user, name));
        }
    }
    let mut message = SendMessage::new(ChatId(chat), html)
        .parse_mode(ParseMode::Html)
        .link_preview_options(no_preview());
    message.reply_markup = markup;
    if let Some(reply_to) = reply_to {
        let reply = ReplyParameters::new(MessageId(reply_to));
        message = message.reply_parameters(reply.allow_sending_without_reply());
    }
    message
}

/// A message edited to a card.
pub(super) fn edit(
    chat: i64,
    message: i32,
    card: &Card,
    buttons: &[Vec<Button>],
) -> EditMessageText {
    let mut edit = EditMessageText::new(ChatId(chat), MessageId(message), render::html(card))
        .parse_mode(ParseMode::Html)
        .link_preview_options(no_preview());
    edit.reply_markup = render::keyboard(buttons);
    edit
}

/// The answer to a press; with words it is an alert.
pub(super) fn answer(callback: &CallbackQueryId, alert: Option<&str>) -> AnswerCallbackQuery {
    let answer = AnswerCallbackQuery::new(callback.clone());
    match alert {
        None => answer,
        Some(alert) => answer.text(alert).show_alert(true),
    }
}

/// The sign that somebody is writing.
pub(super) fn typing(chat: i64) -> SendChatAction {
    SendChatAction::new(ChatId(chat), ChatAction::Typing)
}

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}
