//! How messages look to people, in plain text: for tests to compare, and for the transcript that a failed wait prints.

use serde_json::Value;

use super::model::{Stored, World};

impl World {
    /// The message as a person reads it: what is attached, the text, then each row of buttons in square brackets.
    pub fn plain(&self, message: &Stored) -> String {
        let mut lines = Vec::new();
        if message.forward_origin.is_some() {
            lines.push("(forwarded)".to_owned());
        }
        if let Some(attachment) = &message.attachment {
            let file = self.files.get(&attachment.file);
            lines.push(match file {
                Some(file) if !attachment.is_photo => format!("(file {})", file.name),
                _ => "(photo)".to_owned(),
            });
        }
        if let Some(service) = &message.service {
            let what: Vec<&str> = service
                .as_object()
                .map(|fields| fields.keys().map(String::as_str).collect())
                .unwrap_or_default();
            lines.push(format!("({})", what.join(", ")));
        }
        if !message.text.is_empty() {
            lines.push(message.text.clone());
        }
        for row in message.buttons() {
            let labels: Vec<String> = row
                .iter()
                .map(|button| format!("[{}]", button["text"].as_str().unwrap_or_default()))
                .collect();
            lines.push(labels.join(" "));
        }
        lines.join("\n")
    }

    /// One event of the transcript: who, and the message.
    pub fn line(&self, message: &Stored) -> String {
        format!("{}: {}", self.author(message), self.plain(message))
    }

    /// Who a message is from, as its chat shows it.
    pub fn author(&self, message: &Stored) -> String {
        if let Some(chat) = message.sender_chat.and_then(|id| self.chats.get(&id)) {
            return chat.title.clone();
        }
        message
            .from
            .and_then(|id| self.users.get(&id))
            .map_or_else(|| "nobody".to_owned(), |user| self.shown_name(user.id))
    }

    /// A person's first name, or the bot's username.
    pub fn shown_name(&self, user: i64) -> String {
        match self.users.get(&user) {
            Some(user) if user.is_bot => user
                .username
                .clone()
                .unwrap_or_else(|| user.first_name.clone()),
            Some(user) => user.first_name.clone(),
            None => user.to_string(),
        }
    }

    /// Everything that happened, or what happened in one chat, oldest first.
    pub fn transcript(&self, chat: Option<i64>) -> String {
        let mut text = String::new();
        for (place, line) in &self.history {
            if chat.is_some_and(|chat| chat != *place) {
                continue;
            }
            let title = self.chats.get(place).map_or("?", |chat| &chat.title);
            let indented = line.replace('\n', "\n        ");
            for part in ["    [", title, "] ", &indented, "\n"] {
                text.push_str(part);
            }
        }
        if text.is_empty() {
            text.push_str("    (nothing was said)\n");
        }
        text
    }

    /// Adds an event that is no new message to the transcript.
    pub fn note(&mut self, chat: i64, line: String) {
        self.history.push((chat, line));
    }
}

impl Stored {
    /// The text with its formatting as HTML.
    pub fn html(&self) -> String {
        let number = |value: &Value| {
            value
                .as_u64()
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(0)
        };
        let mut html = String::new();
        let mut open: Vec<(usize, &str)> = Vec::new();
        let mut entities = self.entities.iter().peekable();
        let mut units = 0;
        for c in self.text.chars() {
            close_until(&mut html, &mut open, units);
            while let Some(entity) = entities.next_if(|entity| number(&entity["offset"]) <= units) {
                if let Some((start, name)) = tag(entity) {
                    html.push_str(&start);
                    open.push((number(&entity["offset"]) + number(&entity["length"]), name));
                }
            }
            match c {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                other => html.push(other),
            }
            units += c.len_utf16();
        }
        close_until(&mut html, &mut open, usize::MAX);
        html
    }
}

fn close_until(html: &mut String, open: &mut Vec<(usize, &str)>, units: usize) {
    while let Some((_, name)) = open.pop_if(|(end, _)| *end <= units) {
        html.push_str("</");
        html.push_str(name);
        html.push('>');
    }
}

fn tag(entity: &Value) -> Option<(String, &'static str)> {
    let name = match entity["type"].as_str()? {
        "bold" => "b",
        "italic" => "i",
        "underline" => "u",
        "strikethrough" => "s",
        "spoiler" => "tg-spoiler",
        "code" => "code",
        "pre" => "pre",
        "blockquote" | "expandable_blockquote" => "blockquote",
        "text_link" => {
            let url = entity["url"]
                .as_str()
                .unwrap_or_default()
                .replace('&', "&amp;")
                .replace('"', "&quot;");
            return Some((format!("<a href=\"{url}\">"), "a"));
        }
        _ => return None,
    };
    Some((format!("<{name}>"), name))
}
