//! The methods of the Bot API and their parameters, so that a call the real server does not know is refused here too.
//! `methods.txt` is one method a line (Bot API 10.1): its name, then its parameters, `!` after the required ones.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A method: its canonical name and its parameters.
#[derive(Debug)]
pub struct Method {
    /// The name as the documentation spells it.
    pub name: &'static str,
    parameters: Vec<(&'static str, bool)>,
}

/// Parameters of earlier versions that the real server still takes.
const STILL_TAKEN: &[(&str, &[&str])] = &[
    (
        "send",
        &[
            "reply_to_message_id",
            "allow_sending_without_reply",
            "disable_web_page_preview",
        ],
    ),
    ("editMessageText", &["disable_web_page_preview"]),
];

impl Method {
    /// Whether the method takes this parameter.
    pub fn takes(&self, parameter: &str) -> bool {
        self.parameters.iter().any(|(name, _)| *name == parameter)
            || STILL_TAKEN
                .iter()
                .any(|(start, names)| self.name.starts_with(start) && names.contains(&parameter))
    }

    /// The parameters without which a call is refused.
    pub fn required(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.parameters
            .iter()
            .filter_map(|(name, required)| required.then_some(*name))
    }
}

/// The method of this name, in any case.
pub fn find(name: &str) -> Option<&'static Method> {
    METHODS.get(&name.to_ascii_lowercase())
}

static METHODS: LazyLock<HashMap<String, Method>> = LazyLock::new(|| {
    include_str!("methods.txt")
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let name = words.next()?;
            let parameters = words
                .map(|word| match word.strip_suffix('!') {
                    Some(required) => (required, true),
                    None => (word, false),
                })
                .collect();
            Some((name.to_ascii_lowercase(), Method { name, parameters }))
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::programs;

    #[test]
    fn knows_methods_in_any_case() {
        let method = find("SENDmessage").unwrap();
        assert_eq!(method.name, "sendMessage");
        assert!(method.takes("reply_markup"));
        assert!(method.takes("reply_to_message_id"));
        assert!(!method.takes("colour"));
        assert_eq!(method.required().collect::<Vec<_>>(), ["chat_id", "text"]);
        assert!(find("sendMoney").is_none());
    }

    #[test]
    fn the_table_is_the_specification() {
        let found = programs::specifications();
        let Some(folder) = programs::or_left_out(found, "the specifications") else {
            return;
        };
        let text = std::fs::read_to_string(folder.join("telegram-bot-api.json")).unwrap();
        let specification: serde_json::Value = serde_json::from_str(&text).unwrap();
        let methods = specification["methods"].as_object().unwrap();
        assert_eq!(methods.len(), METHODS.len());
        for (name, described) in methods {
            let expected: Vec<(String, bool)> = described["fields"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|field| {
                    (
                        field["name"].as_str().unwrap().to_owned(),
                        field["required"].as_bool().unwrap(),
                    )
                })
                .collect();
            let ours: Vec<(String, bool)> = find(name)
                .unwrap()
                .parameters
                .iter()
                .map(|(name, required)| ((*name).to_owned(), *required))
                .collect();
            assert_eq!(ours, expected, "{name}");
        }
    }
}
