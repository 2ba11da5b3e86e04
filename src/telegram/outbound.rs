//! What is asked of Telegram, as teloxide's payloads: one place decides how a card is posted, edited and asked.

use std::time::Duration;

use reqwest::{RequestBuilder, multipart};
use serde::{Deserialize, Serialize};
use teloxide::payloads::{
    AnswerCallbackQuery, AnswerCallbackQuerySetters as _, EditMessageCaption,
    EditMessageCaptionSetters as _, EditMessageText, EditMessageTextSetters as _, SendChatAction,
    SendMessage, SendMessageSetters as _,
};
use teloxide::types::{
    CallbackQueryId, ChatAction, ChatId, ForceReply, LinkPreviewOptions, MessageId, ParseMode,
    ReplyMarkup, ReplyParameters,
};

use super::render;
use super::wire::Ask;
use crate::chat::{Attachment, Button, Card, FileKind, Form};

/// How long a call that brings a file may take.
const UPLOAD: Duration = Duration::from_secs(15);

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

/// One message to be.
#[derive(Debug, Clone)]
pub(super) enum Sending {
    /// A text.
    Text(Box<SendMessage>),
    /// A picture or a document.
    File(Upload),
}

/// A file with its caption.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    fields: Vec<(&'static str, String)>,
    file: Attachment,
}

impl Ask for Sending {
    fn method(&self) -> &'static str {
        match self {
            Self::Text(message) => message.method(),
            Self::File(upload) => match upload.file.kind() {
                FileKind::Picture => "SendPhoto",
                FileKind::Document => "SendDocument",
            },
        }
    }

    fn fill(&self, request: RequestBuilder) -> RequestBuilder {
        match self {
            Self::Text(message) => message.fill(request),
            Self::File(upload) => request.multipart(upload.form()),
        }
    }

    fn patience(&self) -> Duration {
        match self {
            Self::Text(message) => message.patience(),
            Self::File(_) => UPLOAD,
        }
    }
}

impl Upload {
    fn new(chat: i64, file: &Attachment) -> Self {
        Self {
            fields: vec![("chat_id", chat.to_string())],
            file: file.clone(),
        }
    }

    fn field(&mut self, name: &'static str, value: &impl Serialize) {
        if let Ok(json) = serde_json::to_string(value) {
            self.fields.push((name, json));
        }
    }

    fn form(&self) -> multipart::Form {
        let file = &self.file;
        let part = multipart::Part::bytes(file.bytes().to_vec()).file_name(file.name().to_owned());
        let part = part.mime_str(file.media()).unwrap_or_else(|_| {
            multipart::Part::bytes(file.bytes().to_vec()).file_name(file.name().to_owned())
        });
        let name = match file.kind() {
            FileKind::Picture => "photo",
            FileKind::Document => "document",
        };
        // Names in other letters go as they are: Telegram does not read the encoded form.
        let mut form = multipart::Form::new().percent_encode_noop();
        for (name, value) in &self.fields {
            form = form.text(*name, value.clone());
        }
        form.part(name, part)
    }
}

/// The messages that show a card: one as a rule. A file has the card as its caption; where it does not fit into one,
/// the file follows the card.
pub(super) fn post(
    chat: i64,
    card: &Card,
    buttons: &[Vec<Button>],
    form: Option<(&Form, Asked<'_>)>,
    reply_to: Option<i32>,
) -> Vec<Sending> {
    let text = || Sending::Text(Box::new(text(chat, card, buttons, form, reply_to)));
    let Some(file) = file(card) else {
        return vec![text()];
    };
    let mut upload = Upload::new(chat, file);
    let Some(caption) = render::caption(card).filter(|_| form.is_none()) else {
        return vec![text(), Sending::File(upload)];
    };
    upload.fields.push(("caption", caption));
    upload.fields.push(("parse_mode", "HTML".to_owned()));
    if let Some(keyboard) = render::keyboard(buttons) {
        upload.field("reply_markup", &keyboard);
    }
    if let Some(reply_to) = reply_to {
        upload.field("reply_parameters", &reply(reply_to));
    }
    vec![Sending::File(upload)]
}

/// The file that a card brings along.
pub(super) fn file(card: &Card) -> Option<&Attachment> {
    let file = card.file.as_ref()?;
    if !file.fits() {
        tracing::error!(?file, "a file that is empty or too large is left out");
        return None;
    }
    Some(file)
}

/// A text. A form without buttons is a question: Telegram opens the reply to it.
fn text(
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
        message = message.reply_parameters(reply(reply_to));
    }
    message
}

fn reply(to: i32) -> ReplyParameters {
    ReplyParameters::new(MessageId(to)).allow_sending_without_reply()
}

/// A picture's or document's caption edited to a card, as much of it as fits.
pub(super) fn edit_caption(
    chat: i64,
    message: i32,
    card: &Card,
    buttons: &[Vec<Button>],
) -> EditMessageCaption {
    let mut edit = EditMessageCaption::new(ChatId(chat), MessageId(message))
        .caption(render::cut_caption(card))
        .parse_mode(ParseMode::Html);
    edit.reply_markup = render::keyboard(buttons);
    edit
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
