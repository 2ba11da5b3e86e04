//! A message as plain readable text: what snapshots, transcripts and the demo show.

use serde_json::Value;

use crate::sandbox::discord::model::{LOADING, Message, World};

/// Everything a person reads on a message, with buttons in square brackets.
pub fn plain(world: &World, message: &Message) -> String {
    let mut lines = Vec::new();
    if message.flags & LOADING != 0 {
        lines.push("(thinking...)".to_owned());
    }
    push(&mut lines, &message.content);
    for embed in &message.embeds {
        self::embed(&mut lines, embed);
    }
    for file in message
        .attachments
        .iter()
        .filter_map(|id| world.attachments.get(id))
    {
        lines.push(format!("(file {})", file.filename));
    }
    for component in &message.components {
        self::component(&mut lines, component);
    }
    lines.join("\n")
}

fn push(lines: &mut Vec<String>, text: &str) {
    if !text.is_empty() {
        lines.push(text.to_owned());
    }
}

fn embed(lines: &mut Vec<String>, embed: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    push(lines, &text(&embed["author"]["name"]));
    push(lines, &text(&embed["title"]));
    push(lines, &text(&embed["description"]));
    for field in embed["fields"].as_array().into_iter().flatten() {
        lines.push(format!(
            "{}: {}",
            text(&field["name"]),
            text(&field["value"])
        ));
    }
    if let Some(url) = embed["image"]["url"].as_str() {
        lines.push(format!("(picture {url})"));
    }
    push(lines, &text(&embed["footer"]["text"]));
}

fn component(lines: &mut Vec<String>, component: &Value) {
    let children = component["components"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    match component["type"].as_i64() {
        Some(1) => {
            let parts: Vec<_> = children.iter().map(control).collect();
            lines.push(parts.join(" "));
        }
        Some(10) => push(lines, component["content"].as_str().unwrap_or_default()),
        Some(12) => lines.push("(pictures)".to_owned()),
        Some(13) => lines.push("(file)".to_owned()),
        Some(14) => lines.push("---".to_owned()),
        _ => {
            for child in children {
                self::component(lines, child);
            }
            if component["accessory"]["type"] == 2 {
                lines.push(control(&component["accessory"]));
            }
        }
    }
}

fn control(control: &Value) -> String {
    let disabled = if control["disabled"] == true {
        " (disabled)"
    } else {
        ""
    };
    if control["type"] == 2 {
        let link = control["url"]
            .as_str()
            .map(|url| format!("({url})"))
            .unwrap_or_default();
        return format!("[{}{disabled}]{link}", label(control));
    }
    let shown = control["placeholder"]
        .as_str()
        .unwrap_or("Make a selection");
    let options = control["options"].as_array().into_iter().flatten();
    let options: Vec<_> = options
        .map(|option| {
            let chosen = if option["default"] == true { "*" } else { "" };
            format!("{}{chosen}", option["label"].as_str().unwrap_or_default())
        })
        .collect();
    format!("[{shown}{disabled}: {}]", options.join(" | "))
}

/// What stands on a button: its picture and its label.
pub fn label(button: &Value) -> String {
    let emoji = button["emoji"]["name"].as_str().unwrap_or_default();
    let label = button["label"].as_str().unwrap_or_default();
    format!("{emoji} {label}").trim().to_owned()
}
