//! Choices as people type them: by the name that is stored, which is the same for everybody, or as the choice is called in
//! their own language.

use super::catalogue::{Command, OptionKind};
use super::form::choice_label;
use crate::chat::{Sentences, Values};
use crate::domain::client::fold;

/// What ends the name of a choice in its label: what follows explains it.
const EXPLAINED: [char; 2] = [':', ','];

/// The choice that is meant. Case and accents do not matter, nor does what a label says to explain itself.
pub fn choice(
    choices: &'static [&'static str],
    typed: &str,
    say: &Sentences,
) -> Option<&'static str> {
    let typed = fold(typed);
    let by_name = typed.replace([' ', '_'], "-");
    let mut all = choices.iter().copied();
    let named = all.find(|choice| choice.to_lowercase() == by_name);
    named.or_else(|| {
        let mut all = choices.iter().copied();
        all.find(|choice| called(choice, say).contains(&typed))
    })
}

/// What a choice may be called besides its name, folded: its label, and that without the explanation.
fn called(choice: &str, say: &Sentences) -> [String; 2] {
    let label = choice_label(choice, say);
    let short = label.split(EXPLAINED).next().unwrap_or_default();
    [fold(&label), fold(short)]
}

/// The values with every choice by its name. What is none stays, to be refused.
pub fn understood(command: &'static Command, mut values: Values, say: &Sentences) -> Values {
    for (name, value) in &mut values.0 {
        let kind = command.option(name).map(|option| option.kind);
        if let Some(OptionKind::Choice(choices)) = kind
            && let Some(choice) = choice(choices, value, say)
        {
            choice.clone_into(value);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::chat::Language;
    use crate::commands::CATALOGUE;

    #[test]
    fn each_name_means_one_choice_in_every_language() {
        for &language in Language::ALL {
            let say = Sentences::of(language.name(), "en");
            for command in CATALOGUE {
                for option in command.options {
                    let OptionKind::Choice(choices) = option.kind else {
                        continue;
                    };
                    let mut meant: BTreeMap<String, &str> = BTreeMap::new();
                    for choice in choices {
                        let names = called(choice, say).into_iter();
                        for name in names.chain([fold(choice), fold(&choice.replace('-', " "))]) {
                            assert!(!name.is_empty(), "{choice}");
                            let other = meant.insert(name.clone(), choice);
                            let same = other.is_none_or(|other| other == *choice);
                            assert!(same, "{name} of {} in {}", option.name, language.name());
                            assert_eq!(super::choice(choices, &name, say), Some(*choice), "{name}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_choice_is_typed_in_any_language_of_ones_own() {
        const MODES: &[&str] = &["on-account", "prepaid", "gift"];
        let check = |language: &str, typed: &str, expected: Option<&str>| {
            let say = Sentences::of(language, "en");
            assert_eq!(choice(MODES, typed, say), expected, "{typed} in {language}");
        };
        check("fr", "Prépayé", Some("prepaid"));
        check("fr", "PREPAYE", Some("prepaid"));
        check("fr", "a terme", Some("on-account"));
        check("fr", "Offert : sans frais", Some("gift"));
        check("fr", "gift", Some("gift"));
        check("fr", "on account", Some("on-account"));
        check(
            "en",
            "Prepaid: credit when the invoice is paid",
            Some("prepaid"),
        );
        check("en", "On_Account", Some("on-account"));
        check("en", "offert", None);
        check("fr", "plus tard", None);
        check("fr", "", None);
        assert_eq!(
            choice(Language::CHOICES, "francais", Sentences::of("en", "")),
            Some("fr")
        );
    }
}
