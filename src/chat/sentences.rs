//! Sentences for people, from the message files, by typed functions: a placeholder that is missing does not compile or
//! fails a test. A language is a file.

mod built_in;
mod numbers;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

use crate::domain::client::named;

pub use built_in::{built_in, spelling};

/// Declares the languages: each has its message file, and nothing else tells one from another. `src/build.rs` finds them.
macro_rules! languages {
    ($($(#[$doc:meta])* $variant:ident = $tag:literal),+ $(,)?) => {
        named!(
            /// A language that there is a message file for.
            Language { $($(#[$doc])* $variant = $tag),+ }
        );

        impl Language {
            /// All their names.
            pub const TAGS: &'static [&'static str] = &[$($tag),+];

            /// What a person may choose to be spoken to in: as the messenger says, or one of these.
            pub const CHOICES: &'static [&'static str] = &["messenger", $($tag),+];

            fn source(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"), "/src/chat/sentences/", $tag, ".ftl"
                ))),+ }
            }

            /// Lets the numbers in sentences be written as in this language. One function for each, because what can be
            /// set captures nothing.
            fn write_numbers(self, bundle: &mut FluentBundle<FluentResource>) {
                match self {
                    $(Self::$variant => bundle.set_formatter(Some(|value, _| {
                        numbers::shown(value, Language::$variant)
                    }))),+
                }
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

impl Language {
    /// The language of a BCP 47 tag; the first part decides.
    pub fn of(tag: &str) -> Option<Self> {
        let primary = tag
            .split(['-', '_'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        Self::from_name(&primary)
    }
}

/// The sentences of one language.
pub struct Sentences {
    bundle: FluentBundle<FluentResource>,
    marks: numbers::Marks,
}

static ALL: LazyLock<Vec<(Language, Sentences)>> = LazyLock::new(|| {
    Language::ALL
        .iter()
        .map(|&language| (language, Sentences::load(language)))
        .collect()
});

impl Sentences {
    /// The sentences for somebody whose messenger names this language, else the business's, else English.
    pub fn of(locale: &str, business: &str) -> &'static Self {
        let language = Language::of(locale)
            .or_else(|| Language::of(business))
            .unwrap_or(Language::En);
        ALL.iter()
            .find(|(each, _)| *each == language)
            .map_or(&ALL[0].1, |(_, sentences)| sentences)
    }

    /// The sentences of exactly this language; the empty tag is English.
    pub fn exactly(tag: &str) -> Option<&'static Self> {
        let language = if tag.is_empty() {
            Some(Language::En)
        } else {
            Language::of(tag)
        }?;
        ALL.iter()
            .find(|(each, _)| *each == language)
            .map(|(_, sentences)| sentences)
    }

    fn load(language: Language) -> Self {
        // Faults in a message file are found by the tests; what can be read of it is used.
        let resource = match FluentResource::try_new(language.source().to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        let tag = language.name().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Marks around placeholders would be copied along with names and amounts.
        bundle.set_use_isolating(false);
        language.write_numbers(&mut bundle);
        bundle.add_resource_overriding(resource);
        let marks = numbers::Marks::of(|id| plain(&bundle, id));
        Self { bundle, marks }
    }

    /// A message without placeholders by its id; `None` where there is none. The choice of a language is what it calls
    /// itself, whatever is spoken here.
    pub fn text(&self, id: &str) -> Option<String> {
        let language = id.strip_prefix("choice-").and_then(Language::from_name);
        if let Some(language) = language {
            return Some(Self::of(language.name(), "").language_name());
        }
        plain(&self.bundle, id)
    }

    fn format<const N: usize>(
        &self,
        id: &str,
        args: [(&'static str, FluentValue<'_>); N],
    ) -> String {
        let args: FluentArgs<'_> = args.into_iter().collect();
        let pattern = self
            .bundle
            .get_message(id)
            .and_then(|message| message.value());
        match pattern {
            Some(pattern) => self
                .bundle
                .format_pattern(pattern, Some(&args), &mut Vec::new())
                .into_owned(),
            None => id.to_owned(),
        }
    }
}

fn plain(bundle: &FluentBundle<FluentResource>, id: &str) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let text = bundle.format_pattern(pattern, None, &mut Vec::new());
    Some(text.into_owned())
}

macro_rules! sentences {
    ($($name:ident($($arg:ident),*) = $id:literal;)+) => {
        impl Sentences {
            $(sentences!(typed $name($($arg),*) = $id);)+
        }

        #[cfg(test)]
        const DECLARED: &[(&str, &[&str])] = &[$(($id, &[$(stringify!($arg)),*])),+];
    };
    (typed $name:ident() = $id:literal) => {
        #[doc = concat!("The message `", $id, "`.")]
        pub fn $name(&self) -> String {
            self.format($id, [])
        }
    };
    (typed $name:ident($($arg:ident),+) = $id:literal) => {
        #[doc = concat!("The message `", $id, "`.")]
        pub fn $name<'a>(&self $(, $arg: impl Into<FluentValue<'a>>)+) -> String {
            self.format($id, [$((stringify!($arg), $arg.into())),+])
        }
    };
}

include!("sentences/declared.rs");

#[cfg(test)]
mod tests;
