//! A command's values, taken one by one; [`Args::finish`] refuses what nobody took.

use super::catalogue::{Command, OptionKind};
use crate::chat::file::MOST_IN;
use crate::chat::{FileKind, Incoming, Values};
use crate::domain::credits::{Amount, CreditUnit};
use crate::domain::money::UnitPrice;
use crate::domain::refusal::Refusal;

/// The values that came with a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Args {
    command: &'static Command,
    left: Values,
}

impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Command {}

impl Args {
    /// Checks values against the command's options as far as text alone tells: choices, lengths, amounts, leftovers.
    /// Empty values count as not given.
    pub fn read(
        command: &'static Command,
        mut given: Values,
        unit: CreditUnit,
    ) -> Result<Self, Refusal> {
        // PostgreSQL keeps no text with this in it, and nobody means it.
        for (_, value) in &mut given.0 {
            value.retain(|c| c != '\0');
        }
        given.0.retain(|(_, value)| !value.trim().is_empty());
        for (name, value) in &mut given.0 {
            let Some(option) = command.option(name) else {
                return Err(Refusal::Leftover {
                    typed: format!("{name} {value}"),
                });
            };
            *value = value.trim().to_owned();
            check(option.kind, name, value, unit)?;
        }
        Ok(Self {
            command,
            left: given,
        })
    }

    /// The command that they are for.
    pub fn command(&self) -> &'static Command {
        self.command
    }

    /// The values as far as they are known.
    pub fn values(&self) -> &Values {
        &self.left
    }

    /// Whether a required value is missing.
    pub fn incomplete(&self) -> bool {
        self.command.misses(|name| self.left.get(name).is_some())
    }

    /// Puts a value in place of the one that was typed.
    pub fn set(&mut self, name: &str, value: String) {
        self.left.set(name, value);
    }

    /// Takes a value.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.left.0.iter().position(|(key, _)| key == name)?;
        Some(self.left.0.remove(at).1)
    }

    /// Takes a value that must be there.
    pub fn need(&mut self, name: &'static str) -> Result<String, Refusal> {
        self.take(name).ok_or_else(|| Refusal::Missing {
            option: name.to_owned(),
        })
    }

    /// Takes an amount that must be there.
    pub fn amount(&mut self, name: &'static str, unit: CreditUnit) -> Result<Amount, Refusal> {
        let typed = self.need(name)?;
        unit.parse(&typed)
            .map_err(|why| Refusal::BadAmount { typed, why })
    }

    /// Takes a price, where there is one.
    pub fn price(&mut self, name: &'static str) -> Result<Option<UnitPrice>, Refusal> {
        let Some(typed) = self.take(name) else {
            return Ok(None);
        };
        UnitPrice::parse(&typed)
            .map(Some)
            .ok_or(Refusal::BadPrice { typed })
    }

    /// Takes a file, as the reference by which it is fetched ([`Call::files`](super::Call::files)).
    pub fn file(&mut self, name: &str) -> Option<Incoming> {
        Incoming::from_value(&self.take(name)?)
    }

    /// Takes a file that must be there.
    pub fn need_file(&mut self, name: &'static str) -> Result<Incoming, Refusal> {
        self.file(name).ok_or_else(|| Refusal::Missing {
            option: name.to_owned(),
        })
    }

    /// Refuses what nobody took.
    pub fn finish(self) -> Result<(), Refusal> {
        match self.left.0.into_iter().next() {
            None => Ok(()),
            Some((name, value)) => Err(Refusal::Leftover {
                typed: format!("{name} {value}"),
            }),
        }
    }
}

fn check(
    kind: OptionKind,
    name: &str,
    value: &mut String,
    unit: CreditUnit,
) -> Result<(), Refusal> {
    let max = match kind {
        OptionKind::Amount => {
            return match unit.parse(value) {
                Ok(_) => Ok(()),
                Err(why) => Err(Refusal::BadAmount {
                    typed: value.chars().take(40).collect(),
                    why,
                }),
            };
        }
        OptionKind::Choice(choices) => {
            let typed = value.to_lowercase().replace([' ', '_'], "-");
            return match choices.iter().find(|choice| choice.to_lowercase() == typed) {
                Some(choice) => {
                    (*choice).clone_into(value);
                    Ok(())
                }
                None => Err(Refusal::BadChoice {
                    option: name.to_owned(),
                    typed: value.chars().take(40).collect(),
                    choices: choices.join(", "),
                }),
            };
        }
        OptionKind::Price => {
            return match UnitPrice::parse(value) {
                Some(_) => Ok(()),
                None => Err(Refusal::BadPrice {
                    typed: value.chars().take(40).collect(),
                }),
            };
        }
        OptionKind::Attachment { pictures } => return check_file(name, value, pictures),
        OptionKind::Client => 100,
        OptionKind::Pick => 60,
        OptionKind::Text(max) => max,
    };
    if value.chars().count() > usize::from(max) {
        return Err(Refusal::TooLong {
            option: name.to_owned(),
            max,
        });
    }
    Ok(())
}

fn check_file(name: &str, value: &str, pictures: bool) -> Result<(), Refusal> {
    let option = name.to_owned();
    let Some(file) = Incoming::from_value(value) else {
        return Err(Refusal::FileNeeded { option });
    };
    if file.kind == FileKind::Picture && !pictures {
        return Err(Refusal::FileIsPicture { option });
    }
    if file.size > MOST_IN {
        return Err(Refusal::FileTooLarge { most: MOST_IN });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::command;

    fn read(name: &str, values: &[(&str, &str)]) -> Result<Args, Refusal> {
        let values = values
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        Args::read(command(name).unwrap(), Values(values), CreditUnit::new(0))
    }

    #[test]
    fn values_are_checked_as_far_as_text_tells() {
        assert!(
            read("credit add", &[("client", "ada")])
                .unwrap()
                .incomplete()
        );
        assert!(
            !read("credit add", &[("client", "ada"), ("amount", "5")])
                .unwrap()
                .incomplete()
        );
        let mut args = read("credit add", &[("mode", "On account"), ("note", "  ")]).unwrap();
        assert_eq!(args.take("mode").as_deref(), Some("on-account"));
        assert_eq!(args.take("note"), None);
        let mut args = read("credit add", &[("note", "nul\0nul")]).unwrap();
        assert_eq!(args.take("note").as_deref(), Some("nulnul"));
        assert!(matches!(
            read("credit add", &[("amount", "1,000")]),
            Err(Refusal::BadAmount { .. })
        ));
        assert!(matches!(
            read("credit add", &[("mode", "later")]),
            Err(Refusal::BadChoice { .. })
        ));
        assert!(matches!(
            read("credit add", &[("colour", "red")]),
            Err(Refusal::Leftover { .. })
        ));
        let long = "x".repeat(501);
        assert!(matches!(
            read("credit add", &[("note", &long)]),
            Err(Refusal::TooLong { .. })
        ));
    }

    #[test]
    fn what_nobody_took_is_refused() {
        let mut args = read("credit add", &[("client", "ada"), ("amount", "5")]).unwrap();
        args.take("client");
        assert!(matches!(args.finish(), Err(Refusal::Leftover { .. })));
    }
}
