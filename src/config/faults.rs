//! What is wrong with a configuration, each fault in its place, so that one reading tells the operator everything.

use std::fmt;

/// Where a setting was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The file as a whole.
    File {
        /// The file as it was named.
        file: String,
    },
    /// A line of the file.
    Line {
        /// The file as it was named.
        file: String,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Variable {
        /// The name of the variable.
        name: String,
    },
}

impl Place {
    /// The line of `text` in which byte `at` stands.
    pub(super) fn line(file: &str, text: &str, at: usize) -> Self {
        let before = text.as_bytes().iter().take(at);
        Self::Line {
            file: file.to_owned(),
            line: 1 + before.filter(|&&byte| byte == b'\n').count(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file } => write!(f, "{file}"),
            Self::Line { file, line } => write!(f, "{file}:{line}"),
            Self::Variable { name } => write!(f, "{name}"),
        }
    }
}

/// One fault. Its words never repeat a secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Where the fault is.
    pub place: Place,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl Diagnostic {
    pub(super) fn new(place: Place, message: impl Into<String>) -> Self {
        Self {
            place,
            message: message.into(),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Everything that is wrong: the file's lines in order, then the variables. Prints one fault a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(Vec<Diagnostic>);

impl Faults {
    pub(super) fn new(mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort();
        Self(diagnostics)
    }

    /// The faults one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl<'f> IntoIterator for &'f Faults {
    type Item = &'f Diagnostic;
    type IntoIter = std::slice::Iter<'f, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
