//! Files that are moved in, in words: what was understood, what would come of it, how far it is, and what came of it.

use crate::chat::{Card, Sentences, Tone};
use crate::commands::form::choice_label;
use crate::domain::credits::Credits;
use crate::domain::request::Import;
use crate::domain::request::import::Expected;
use crate::services::Rules;
use crate::services::approvals::View;
use crate::services::import::Moving;

/// A file in one line.
pub(super) fn title(import: &Import, say: &Sentences) -> String {
    say.title_import(import.name.clone())
}

/// What a draft shows, and what stands there once it was confirmed.
pub(super) fn fields(
    rules: &Rules,
    view: &View,
    import: &Import,
    fields: &mut Vec<(String, String)>,
    say: &Sentences,
) {
    if let Some(moving) = &view.moving {
        let run = &moving.run;
        if run.finished_at.is_none() {
            let (done, steps) = (say.count(run.done), say.count(run.steps));
            fields.push((say.field_progress(), say.import_progress(done, steps)));
        }
        let tally = &run.tally;
        let so_far = Expected {
            created: tally.created,
            updated: tally.updated,
            unchanged: tally.unchanged,
            kept: tally.kept,
            bad: tally.bad,
            opened: tally.opened,
            opening: Credits::ZERO,
        };
        fields.push((say.field_tally(), lines(&so_far, say)));
        return;
    }
    understood(import, fields, say);
    fields.push((say.field_tally(), expected(rules, import, say)));
}

fn understood(import: &Import, fields: &mut Vec<(String, String)>, say: &Sentences) {
    let columns = import.understood.iter();
    let columns = columns.map(|(header, field)| {
        if header == field {
            header.clone()
        } else {
            say.import_column(header.clone(), field.clone())
        }
    });
    let columns: Vec<_> = columns.collect();
    fields.push((say.field_rows(), say.count(import.rows)));
    fields.push((say.field_understood(), columns.join(", ")));
    if !import.aside.is_empty() {
        fields.push((say.field_aside(), import.aside.join(", ")));
    }
    let existing = choice_label(&import.existing, say);
    fields.push((say.field_existing(), existing));
}

/// What would come of a file, line by line.
fn expected(rules: &Rules, import: &Import, say: &Sentences) -> String {
    let expected = &import.expected;
    let mut text = lines(expected, say);
    if expected.opened > 0 {
        let credits = super::credits(rules, expected.opening, say);
        text.push('\n');
        text.push_str(&say.import_opening(credits));
    }
    text
}

fn lines(tally: &Expected, say: &Sentences) -> String {
    [
        say.import_new(say.count(tally.created)),
        say.import_updated(say.count(tally.updated)),
        say.import_unchanged(say.count(tally.unchanged)),
        say.import_kept(say.count(tally.kept)),
        say.import_bad(say.count(tally.bad)),
        say.import_opened(say.count(tally.opened)),
    ]
    .join("\n")
}

/// What follows besides, on a draft.
pub(super) fn follows(import: &Import, say: &Sentences) -> String {
    if import.expected.bad > 0 {
        format!("{}\n{}", say.import_rest_out(), say.import_follows())
    } else {
        say.import_follows()
    }
}

/// What the button of a draft says.
pub(super) fn button(import: &Import, say: &Sentences) -> String {
    if import.expected.bad > 0 {
        say.button_import_rest()
    } else {
        say.button_import()
    }
}

/// How far it is, in a sentence, and in which colour.
pub(super) fn standing(moving: &Moving, say: &Sentences) -> (String, Tone) {
    match (moving.run.finished_at, moving.frozen) {
        (Some(_), _) if moving.run.tally.bad > 0 => (say.import_over_bad(), Tone::Good),
        (Some(_), _) => (say.import_over(), Tone::Good),
        (None, true) => (say.import_frozen(), Tone::Bad),
        (None, false) => (say.import_under_way(), Tone::Waiting),
    }
}

/// The answer where nothing is left to do.
pub fn idle(rules: &Rules, import: &Import, say: &Sentences) -> Card {
    let mut shown = Vec::new();
    understood(import, &mut shown, say);
    shown.push((say.field_tally(), expected(rules, import, say)));
    Card {
        title: title(import, say),
        text: if import.expected.bad > 0 {
            say.import_idle_bad()
        } else {
            say.import_idle()
        },
        fields: shown,
        ..Card::default()
    }
}
