//! What a kind of value is: how it may be written, how it is read, and how to tell somebody that something is not one,
//! always with an example of what to write.

/// The outcome of reading one value.
pub(super) type Parsed<T> = Result<T, Reason>;

/// Why a value was not accepted.
#[derive(Debug)]
pub(super) enum Reason {
    /// It is nothing of this kind.
    Unlike,
    /// It is of this kind, and still will not do: the predicate of a sentence about it.
    Because(String),
}

impl Reason {
    /// A reason in words.
    pub(super) fn because(text: impl Into<String>) -> Self {
        Self::Because(text.into())
    }
}

/// How a value was written in TOML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Integer,
    Float,
    Flag,
    Other,
}

/// A kind of value: how it may be written, how it is read, and how to tell somebody what it is.
#[derive(Debug)]
pub(super) struct Kind<P> {
    what: &'static str,
    pub(super) example: &'static str,
    pub(super) accepts: &'static [Shape],
    secret: bool,
    parse: P,
}

impl<P> Kind<P> {
    /// A kind that is written as text, unless more is accepted.
    pub(super) const fn new(what: &'static str, example: &'static str, parse: P) -> Self {
        Self {
            what,
            example,
            accepts: &[Shape::Text],
            secret: false,
            parse,
        }
    }

    /// The kind again, written in these shapes.
    pub(super) const fn accepting(mut self, accepts: &'static [Shape]) -> Self {
        self.accepts = accepts;
        self
    }

    /// The kind again, whose values no complaint repeats.
    pub(super) const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// What to write where nothing is.
    pub(super) fn hint(&self) -> String {
        format!("write {}, for example {}", self.what, self.example)
    }

    /// The sentence about a value that will not do; `shown` is the value as it was written.
    pub(super) fn complaint(&self, shown: &str, reason: &Reason) -> String {
        let shown = if self.secret { "the value" } else { shown };
        match reason {
            Reason::Unlike => {
                let Self { what, example, .. } = self;
                format!("{shown} is not {what}; write for example {example}")
            }
            Reason::Because(predicate) => format!("{shown} {predicate}"),
        }
    }
}

impl<T, P: Fn(&str) -> Parsed<T>> Kind<P> {
    /// Reads a value.
    pub(super) fn parse(&self, text: &str) -> Parsed<T> {
        (self.parse)(text)
    }
}
