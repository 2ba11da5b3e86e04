//! Taking settings out of the tree, one section and one key after the other, and remembering all that is wrong on the
//! way, so that it can be told at once and in its place.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use toml::de::DeTable;

use super::faults::{Diagnostic, Faults, Place};
use super::kind::{Kind, Parsed, Reason, Shape};
use super::tree::{Entry, Slot, Table, Value, is_blank, overlay, split, table, variable};

/// What the reading has brought to light so far.
#[derive(Debug, Default)]
struct Findings {
    diagnostics: Vec<Diagnostic>,
    /// Every section with the keys that were asked for: the schema is what the readers read, there is no second list.
    known: BTreeMap<String, Vec<&'static str>>,
    leftovers: Vec<Leftover>,
}

#[derive(Debug)]
struct Leftover {
    section: String,
    key: String,
    place: Place,
    is_table: bool,
}

/// The merged settings, from which sections are taken one by one.
#[derive(Debug)]
pub(super) struct Document {
    file: String,
    root: Table,
    findings: RefCell<Findings>,
}

impl Document {
    /// Parses `text` (shown as `file` in faults) and lays the `BURSAR__` variables over it.
    pub(super) fn parse(
        file: &Path,
        text: &str,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Faults> {
        let file = file.display().to_string();
        let (parsed, errors) = DeTable::parse_recoverable(text);
        let mut findings = Findings::default();
        let mut only_duplicates = true;
        for error in errors {
            let start = error.span().map_or(text.len(), |span| span.start);
            only_duplicates &= error.message() == "duplicate key";
            let place = Place::line(&file, text, start);
            // The parser may stumble more than once over one line; its first word is the useful one.
            if !findings
                .diagnostics
                .iter()
                .any(|known| known.place == place)
            {
                findings
                    .diagnostics
                    .push(Diagnostic::new(place, error.message()));
            }
        }
        if !only_duplicates {
            // What follows a syntax error is guesswork: anything more would be noise.
            return Err(Faults::new(findings.diagnostics));
        }
        let mut root = table(&file, text, parsed.get_ref(), None);
        overlay(&mut root, env, &mut findings.diagnostics);
        Ok(Self {
            file,
            root,
            findings: RefCell::new(findings),
        })
    }

    /// The place of a fault that is nowhere in particular.
    pub(super) fn whole(&self) -> Place {
        Place::File {
            file: self.file.clone(),
        }
    }

    /// Takes a section out; one that nobody wrote is empty.
    pub(super) fn section(&mut self, name: &'static str) -> Section<'_> {
        let slot = self.root.slots.remove(name).unwrap_or_default();
        Section::open(&self.findings, name.to_owned(), slot)
    }

    /// Names what nobody asked for. Fails when anything at all was wrong.
    pub(super) fn finish(self) -> Result<(), Faults> {
        let mut findings = self.findings.into_inner();
        for (name, slot) in self.root.slots {
            leave(&mut findings.leftovers, "", &name, slot);
        }
        let mut diagnostics = findings.diagnostics;
        for leftover in &findings.leftovers {
            diagnostics.push(leftover.diagnostic(&findings.known));
        }
        if diagnostics.is_empty() {
            Ok(())
        } else {
            Err(Faults::new(diagnostics))
        }
    }

    /// Every section and key that has been asked for.
    #[cfg(test)]
    pub(super) fn known(&self) -> BTreeMap<String, Vec<&'static str>> {
        self.findings.borrow().known.clone()
    }
}

/// One section, whose keys are taken by name; `finish` turns what is left over into faults.
#[derive(Debug)]
pub(super) struct Section<'d> {
    findings: &'d RefCell<Findings>,
    name: String,
    /// Decided before anything is taken out of the table.
    is_given: bool,
    table: Table,
}

impl<'d> Section<'d> {
    fn open(findings: &'d RefCell<Findings>, name: String, slot: Slot) -> Self {
        findings.borrow_mut().known.entry(name.clone()).or_default();
        for entry in slot.file.into_iter().chain(slot.variable) {
            findings.borrow_mut().diagnostics.push(Diagnostic::new(
                entry.place,
                format!("[{name}] is a section, not a value"),
            ));
        }
        let table = slot.table.unwrap_or_default();
        let mut variables = table
            .slots
            .values()
            .filter_map(|slot| slot.variable.as_ref());
        Self {
            findings,
            name,
            is_given: table.header.is_some() || variables.any(|entry| !is_blank(entry)),
            table,
        }
    }

    /// A section within this one.
    pub(super) fn section(&mut self, name: &'static str) -> Section<'d> {
        let slot = self.remove(name);
        Section::open(self.findings, format!("{}.{name}", self.name), slot)
    }

    /// Whether anybody wrote this section. Empty variables do not count: compose files pass them for unset ones.
    pub(super) fn is_given(&self) -> bool {
        self.is_given
    }

    /// Whether anybody wrote this key, well or badly; to be asked before it is taken.
    pub(super) fn is_written(&self, key: &str) -> bool {
        self.table.slots.get(key).is_some_and(|slot| {
            let variable = slot.variable.as_ref();
            slot.file.is_some()
                || slot.table.is_some()
                || variable.is_some_and(|entry| !is_blank(entry))
        })
    }

    /// Drops a key that has had its say.
    pub(super) fn forget(&mut self, key: &str) {
        self.table.slots.remove(key);
    }

    /// The place of a key, before it is taken; the section's own when nobody wrote the key.
    pub(super) fn place(&self, key: &str) -> Place {
        let slot = self.table.slots.get(key);
        slot.and_then(|slot| {
            let variable = slot.variable.as_ref().filter(|entry| !is_blank(entry));
            variable.or(slot.file.as_ref())
        })
        .map(|entry| entry.place.clone())
        .or_else(|| self.table.header.clone())
        .unwrap_or_else(|| self.variable(key))
    }

    /// A diagnostic about `key` at `place`, worded as this section's own are.
    pub(super) fn diagnostic(&self, place: Place, key: &str, message: &str) -> Diagnostic {
        let message = match place {
            Place::Variable { .. } => message.to_owned(),
            Place::Line { .. } | Place::File { .. } => {
                format!("[{}] {key}: {message}", self.name)
            }
        };
        Diagnostic::new(place, message)
    }

    /// Adds a fault about `key`.
    pub(super) fn report(&self, place: Place, key: &str, message: &str) {
        let diagnostic = self.diagnostic(place, key, message);
        self.findings.borrow_mut().diagnostics.push(diagnostic);
    }

    /// Takes one value; `None` when it was not given, or was wrong (and is reported).
    pub(super) fn value<T>(
        &mut self,
        key: &'static str,
        kind: &Kind<impl Fn(&str) -> Parsed<T>>,
    ) -> Option<T> {
        let slot = self.take(key)?;
        let variable = slot.variable.filter(|entry| !is_blank(entry));
        let entry = variable.or(slot.file)?;
        self.scalar(key, kind, entry)
    }

    /// Takes one value without which a given section is no use.
    pub(super) fn required<T>(
        &mut self,
        key: &'static str,
        kind: &Kind<impl Fn(&str) -> Parsed<T>>,
    ) -> Option<T> {
        let place = self.place(key);
        if !self.is_written(key) && self.is_given() {
            let message = format!("is missing: {}", kind.hint());
            self.report(place, key, &message);
        }
        self.value(key, kind)
    }

    /// Takes a list, with the place of every item; an empty variable is an empty list.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        kind: &Kind<impl Fn(&str) -> Parsed<T>>,
    ) -> Option<Vec<(T, Place)>> {
        let slot = self.take(key)?;
        let entry = slot.variable.or(slot.file)?;
        let items = match entry.value {
            Value::List(items) => items,
            Value::Variable(text) => match split(&text, &entry.place) {
                Ok(items) => items,
                Err(message) => {
                    self.report(entry.place, key, &message);
                    return None;
                }
            },
            Value::Scalar { .. } => {
                let message = format!("must be a list; write for example [{}]", kind.example);
                self.report(entry.place, key, &message);
                return None;
            }
        };
        let read = items
            .into_iter()
            .filter_map(|item| {
                let place = item.place.clone();
                Some((self.scalar(key, kind, item)?, place))
            })
            .collect();
        Some(read)
    }

    /// Puts aside what nobody asked for.
    pub(super) fn finish(self) {
        let mut findings = self.findings.borrow_mut();
        for (key, slot) in self.table.slots {
            leave(&mut findings.leftovers, &self.name, &key, slot);
        }
    }

    fn remove(&mut self, key: &'static str) -> Slot {
        let mut findings = self.findings.borrow_mut();
        findings
            .known
            .entry(self.name.clone())
            .or_default()
            .push(key);
        self.table.slots.remove(key).unwrap_or_default()
    }

    fn take(&mut self, key: &'static str) -> Option<Slot> {
        let mut slot = self.remove(key);
        let Some(table) = slot.table.take() else {
            return Some(slot);
        };
        let places = table.header.into_iter().chain(
            table
                .slots
                .into_values()
                .filter_map(|slot| slot.variable.or(slot.file))
                .map(|entry| entry.place),
        );
        let place = places.into_iter().next();
        let place = place.unwrap_or_else(|| self.variable(key));
        let message = match place {
            Place::Variable { .. } => "is below a value; there is nothing there",
            Place::Line { .. } | Place::File { .. } => "is a value, not a section",
        };
        self.report(place, key, message);
        None
    }

    fn scalar<T>(
        &self,
        key: &str,
        kind: &Kind<impl Fn(&str) -> Parsed<T>>,
        entry: Entry,
    ) -> Option<T> {
        let (text, shown, parsed) = match entry.value {
            Value::Scalar { shape, text } => {
                let shown = match shape {
                    Shape::Text => format!("{text:?}"),
                    _ => text.clone(),
                };
                (text, shown, kind.accepts.contains(&shape))
            }
            Value::Variable(text) => {
                let shown = format!("{text:?}");
                (text, shown, true)
            }
            Value::List(_) => (String::new(), "a list".to_owned(), false),
        };
        let outcome = if parsed {
            kind.parse(text.trim())
        } else {
            Err(Reason::Unlike)
        };
        match outcome {
            Ok(value) => Some(value),
            Err(reason) => {
                self.report(entry.place, key, &kind.complaint(&shown, &reason));
                None
            }
        }
    }

    fn variable(&self, key: &str) -> Place {
        Place::Variable {
            name: variable(&self.name, key),
        }
    }
}

impl Leftover {
    fn diagnostic(&self, known: &BTreeMap<String, Vec<&'static str>>) -> Diagnostic {
        let Self { section, key, .. } = self;
        let sections = || known.keys().map(String::as_str);
        let message = if let Place::Variable { name } = &self.place {
            let all: Vec<String> = known
                .iter()
                .flat_map(|(section, keys)| keys.iter().map(move |key| variable(section, key)))
                .collect();
            let nearest = nearest(name, all.iter().map(String::as_str));
            format!("is not a setting{}", did_you_mean(nearest))
        } else if section.is_empty() && self.is_table {
            let nearest = nearest(key, sections()).map(|name| format!("[{name}]"));
            format!("[{key}] is not a section{}", did_you_mean(nearest))
        } else if section.is_empty() {
            format!("{key} stands in no section{}", belongs(key, known))
        } else {
            let own = known.get(section).into_iter().flatten().copied();
            let suggestion = match nearest(key, own) {
                Some(own) => did_you_mean(Some(own)),
                None => belongs(key, known),
            };
            format!("[{section}] {key} is not a key{suggestion}")
        };
        Diagnostic::new(self.place.clone(), message)
    }
}

fn belongs(key: &str, known: &BTreeMap<String, Vec<&'static str>>) -> String {
    let home = known.iter().find(|(_, keys)| keys.contains(&key));
    home.map(|(section, _)| format!("; it belongs in [{section}]"))
        .unwrap_or_default()
}

fn did_you_mean(nearest: Option<String>) -> String {
    nearest
        .map(|name| format!("; did you mean {name}?"))
        .unwrap_or_default()
}

fn nearest<'k>(word: &str, candidates: impl Iterator<Item = &'k str>) -> Option<String> {
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().min(word.len()) / 4)
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

/// Records a slot that no reader took, and everything below it.
fn leave(leftovers: &mut Vec<Leftover>, section: &str, key: &str, slot: Slot) {
    let mut places: Vec<(Place, bool)> = Vec::new();
    if let Some(table) = slot.table {
        places.extend(table.header.map(|place| (place, true)));
        for below in table.slots.into_values() {
            places.extend(below.variable.map(|entry| (entry.place, false)));
            let tables = below.table.into_iter().flat_map(|table| table.slots);
            places.extend(tables.filter_map(|(_, slot)| Some((slot.variable?.place, false))));
        }
    }
    for entry in slot.file.into_iter().chain(slot.variable) {
        places.push((entry.place, false));
    }
    for (place, is_table) in places {
        leftovers.push(Leftover {
            section: section.to_owned(),
            key: key.to_owned(),
            place,
            is_table,
        });
    }
}
