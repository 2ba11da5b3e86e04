//! What people do, in few words; a verb that fails ends the test with the conversation so far.

use bursar::sandbox::{discord, telegram};

/// Somebody on Discord.
pub trait OnDiscord {
    /// Uses a command and reads the answer.
    async fn asks(&self, command: &str, options: &[(&str, &str)]) -> discord::Message;
    /// Uses a command that opens a form.
    async fn opens(&self, command: &str, options: &[(&str, &str)]) -> discord::Modal;
    /// Presses a button and reads what comes of it: the same message changed, or another.
    async fn presses(&self, message: &discord::Message, button: &str) -> discord::Message;
    /// Presses a button that opens a form.
    async fn press_opens(&self, message: &discord::Message, button: &str) -> discord::Modal;
    /// Fills in a form and reads what comes of it.
    async fn fills(&self, form: &discord::Modal, fields: &[(&str, &str)]) -> discord::Message;
    /// Reads the next direct message, which has these words in it.
    async fn is_told(&self, words: &str) -> discord::Message;
    /// Reads the next message in `#approvals`, which has these words in it.
    async fn sees_request(&self, words: &str) -> discord::Message;
    /// What an option's completion shows.
    async fn completes(&self, command: &str, option: &str, typed: &str) -> Vec<String>;
}

impl OnDiscord for discord::Person {
    async fn asks(&self, command: &str, options: &[(&str, &str)]) -> discord::Message {
        self.command(command, options)
            .await
            .unwrap()
            .reply()
            .await
            .unwrap()
    }

    async fn opens(&self, command: &str, options: &[(&str, &str)]) -> discord::Modal {
        self.command(command, options)
            .await
            .unwrap()
            .modal()
            .await
            .unwrap()
    }

    async fn presses(&self, message: &discord::Message, button: &str) -> discord::Message {
        self.press(message, button)
            .await
            .unwrap()
            .reply()
            .await
            .unwrap()
    }

    async fn press_opens(&self, message: &discord::Message, button: &str) -> discord::Modal {
        self.press(message, button)
            .await
            .unwrap()
            .modal()
            .await
            .unwrap()
    }

    async fn fills(&self, form: &discord::Modal, fields: &[(&str, &str)]) -> discord::Message {
        self.submit(form, fields)
            .await
            .unwrap()
            .reply()
            .await
            .unwrap()
    }

    async fn is_told(&self, words: &str) -> discord::Message {
        let told = self.in_dm().next_unread().await.unwrap();
        assert!(
            told.text().contains(words),
            "{words:?} is not in:\n{}",
            told.text()
        );
        told
    }

    async fn sees_request(&self, words: &str) -> discord::Message {
        let seen = self.in_channel("approvals").next_unread().await.unwrap();
        assert!(
            seen.text().contains(words),
            "{words:?} is not in:\n{}",
            seen.text()
        );
        seen
    }

    async fn completes(&self, command: &str, option: &str, typed: &str) -> Vec<String> {
        let choices = self.suggest(command, option, typed, &[]).await.unwrap();
        choices.into_iter().map(|choice| choice.name).collect()
    }
}

/// Somebody on Telegram.
pub trait OnTelegram {
    /// Writes and reads the next message.
    async fn asks(&self, text: &str) -> telegram::Message;
    /// Presses a button and reads the message as it changed.
    async fn changes(&self, message: &telegram::Message, button: &str) -> telegram::Message;
    /// Presses a button and reads the next message.
    async fn presses(&self, message: &telegram::Message, button: &str) -> telegram::Message;
    /// Presses a button as the message stood when it was read, and reads the alert that answers it.
    async fn is_warned(&self, message: &telegram::Message, button: &str) -> String;
    /// Reads the next message, which has these words in it.
    async fn is_told(&self, words: &str) -> telegram::Message;
}

impl OnTelegram for telegram::Person {
    async fn asks(&self, text: &str) -> telegram::Message {
        self.send(text).await;
        self.next_message().await
    }

    async fn changes(&self, message: &telegram::Message, button: &str) -> telegram::Message {
        let before = message.refreshed().text();
        self.press(message, button).await;
        message.until(|now| now.text() != before).await
    }

    async fn presses(&self, message: &telegram::Message, button: &str) -> telegram::Message {
        self.press(message, button).await;
        self.next_message().await
    }

    async fn is_warned(&self, message: &telegram::Message, button: &str) -> String {
        let answer = self.press_as_seen(message, button).await.answer().await;
        assert!(answer.show_alert, "an alert, not {answer:?}");
        answer.text.unwrap_or_default()
    }

    async fn is_told(&self, words: &str) -> telegram::Message {
        let told = self.next_message().await;
        assert!(
            told.text().contains(words),
            "{words:?} is not in:\n{}",
            told.text()
        );
        told
    }
}

/// What differs from run to run, made the same: requests' names, moments, one-time codes.
pub fn tidy(text: &str) -> String {
    let lines = text.lines().map(tidy_line);
    lines.collect::<Vec<_>>().join("\n")
}

fn tidy_line(line: &str) -> String {
    let mut words: Vec<String> = line.split(' ').map(tidy_word).collect();
    let is_number = |word: &str| word.parse::<u32>().is_ok();
    let mut at = 0;
    // `7 Mar 2026, 14:05 UTC`
    while at + 4 < words.len() {
        let year = words[at + 2].trim_end_matches(',');
        if is_number(&words[at]) && is_number(year) && words[at + 4].starts_with("UTC") {
            let rest = words[at + 4]["UTC".len()..].to_owned();
            words.splice(at..=at + 4, [format!("(moment){rest}")]);
        }
        at += 1;
    }
    words.join(" ")
}

fn tidy_word(word: &str) -> String {
    let short = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let long = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let name = word.trim_start_matches(['[', '\\', '#']);
    let id = name.trim_end_matches([']', '.', ':', ',']);
    if word.contains('#') && id.len() > 8 && id.chars().all(short) {
        return word.replace(id, "(id)");
    }
    if let Some(at) = word.find("start=") {
        return format!("{}(code)", &word[..at + "start=".len()]);
    }
    if word.len() == 26 && word.chars().all(long) {
        return "(code)".to_owned();
    }
    word.to_owned()
}

/// What people see on both messengers, one below the other, for a snapshot.
pub fn both(on_discord: &discord::Message, on_telegram: &telegram::Message) -> String {
    format!(
        "-- Discord --\n{}\n-- Telegram --\n{}",
        tidy(on_discord.text()),
        tidy(&on_telegram.text())
    )
}
