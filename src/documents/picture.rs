//! Pictures of numbers over time.

use std::fmt::Write as _;

use super::canvas::{Anchor, Canvas, HEIGHT, Style, WIDTH, width};
use crate::clock::Millis;
use crate::fault::Fault;

const EDGE: f64 = 48.0;
const INK: &str = "#0f172a";
const SOFT: &str = "#334155";
const GRID: &str = "#cbd5e1";
const LINE: &str = "#1d4ed8";
const AREA: &str = "#dbeafe";
/// The colours of the panels' bars.
pub const BARS: [&str; 2] = ["#1d4ed8", "#b45309"];

const TITLE: Style = Style {
    size: 44.0,
    bold: true,
    colour: INK,
};
const BELOW: Style = Style {
    size: 30.0,
    bold: false,
    colour: SOFT,
};
const TICK: Style = Style {
    size: 26.0,
    bold: false,
    colour: SOFT,
};
const HEADING: Style = Style {
    size: 28.0,
    bold: true,
    colour: INK,
};

/// How a number is written at an axis, with its unit or without.
pub type Show<'a> = &'a (dyn Fn(i64) -> String + Sync);

/// A value that changes in steps.
pub struct Steps<'a> {
    /// Whose; cut where it is too long.
    pub title: &'a str,
    /// What is shown, with its unit and period.
    pub below: &'a str,
    /// The first and the last moment.
    pub period: (Millis, Millis),
    /// From when on which value holds, in order. What comes before the period says where it starts.
    pub points: &'a [(Millis, i64)],
    /// Names of moments, at equal distances from the first to the last.
    pub ticks: &'a [String],
    /// How values are written.
    pub show: Show<'a>,
    /// What is said in place of a line where there are no points.
    pub empty: &'a str,
}

/// One value for each name.
pub struct Panel<'a> {
    /// What is shown, with its unit and sum.
    pub heading: &'a str,
    /// The values, none below zero.
    pub values: &'a [i64],
    /// How values are written.
    pub show: Show<'a>,
}

/// Two rows of bars that share their names.
pub struct Bars<'a> {
    /// Whose; cut where it is too long.
    pub title: &'a str,
    /// What is shown, with its period.
    pub below: &'a str,
    /// The names below the bars.
    pub names: &'a [String],
    /// The rows.
    pub panels: [Panel<'a>; 2],
}

/// The lines of an axis: values at even distances that cover what is to be shown, zero among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// The values, rising; two at least.
    pub lines: Vec<i128>,
}

impl Axis {
    /// An axis for values from `low` to `high` with at most `most` steps or a few more.
    pub fn new(low: i64, high: i64, most: i128) -> Self {
        let (low, high) = (i128::from(low.min(0)), i128::from(high.max(0)));
        let rough = ((high - low) / most.max(1)).max(1);
        let steps = (0..).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_i128.pow(power)));
        let step = steps
            .into_iter()
            .find(|step| *step >= rough)
            .unwrap_or(rough);
        let first = low.div_euclid(step);
        let last = (-(-high).div_euclid(step)).max(first + 1);
        Self {
            lines: (first..=last).map(|line| line * step).collect(),
        }
    }

    /// Where a value lies: 0 at the lowest line, 1 at the highest.
    fn place(&self, value: i128) -> f64 {
        let (low, high) = (self.lines[0], self.lines[self.lines.len() - 1]);
        ratio(value - low, high - low)
    }
}

/// Where things are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Left end.
    pub left: f64,
    /// Right end.
    pub right: f64,
    /// Upper end.
    pub top: f64,
    /// Lower end.
    pub bottom: f64,
}

impl Frame {
    fn y(&self, place: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * place
    }

    fn x(&self, place: f64) -> f64 {
        self.left + (self.right - self.left) * place
    }
}

/// The PNG of a balance over time.
pub fn steps(data: &Steps<'_>) -> Result<Vec<u8>, Fault> {
    let mut canvas = titled(data.title, data.below);
    let (from, until) = (data.period.0.0, data.period.1.0.max(data.period.0.0 + 1));
    let values = data.points.iter().map(|(_, value)| *value);
    let axis = Axis::new(
        values.clone().min().unwrap_or(0),
        values.max().unwrap_or(0),
        4,
    );
    let frame = axes(
        &mut canvas,
        &axis,
        data.show,
        widest(&axis, data.show),
        (165.0, 585.0),
    );
    let spaces = data.ticks.len().saturating_sub(1).max(1);
    for (index, tick) in data.ticks.iter().enumerate() {
        let x = frame.x(ratio(index as i128, spaces as i128));
        let anchor = match index {
            0 => Anchor::Start,
            index if index == spaces => Anchor::End,
            _ => Anchor::Middle,
        };
        canvas.line((x, frame.bottom), (x, frame.bottom + 12.0), SOFT, 2.0);
        canvas.text((x, frame.bottom + 46.0), anchor, 240.0, TICK, tick);
    }
    if data.points.is_empty() {
        nothing(&mut canvas, frame, data.empty);
        return canvas.png();
    }
    let mut path = String::new();
    let mut first = frame.left;
    let mut end = (frame.left, frame.bottom);
    for (at, value) in data.points {
        let at = at.0.clamp(from, until);
        let x = frame.x(ratio(i128::from(at - from), i128::from(until - from)));
        let y = frame.y(axis.place(i128::from(*value)));
        // Writing to a string does not fail.
        let _ = if path.is_empty() {
            first = x;
            write!(path, "M{x:.1} {y:.1}")
        } else {
            write!(path, "H{x:.1}V{y:.1}")
        };
        end = (x, y);
    }
    let _ = write!(path, "H{:.1}", frame.right);
    end.0 = frame.right;
    let zero = frame.y(axis.place(0));
    let area = format!("{path}V{zero:.1}H{first:.1}Z");
    canvas.path(&area, Some(AREA), None);
    baseline(&mut canvas, frame, &axis);
    canvas.path(&path, None, Some((LINE, 6.0)));
    canvas.dot(end, 10.0, LINE);
    canvas.png()
}

/// The PNG of two rows of bars.
pub fn bars(data: &Bars<'_>) -> Result<Vec<u8>, Fault> {
    let mut canvas = titled(data.title, data.below);
    let axis = |panel: &Panel<'_>| Axis::new(0, panel.values.iter().copied().max().unwrap_or(0), 2);
    // One room for both, so that the bars of one period stand above each other.
    let rooms = data.panels.iter();
    let room = rooms.fold(0.0, |room: f64, panel| {
        room.max(widest(&axis(panel), panel.show))
    });
    for (index, panel) in data.panels.iter().enumerate() {
        let top = 150.0 + 240.0 * ratio(index as i128, 1);
        canvas.text(
            (EDGE, top + 26.0),
            Anchor::Start,
            f64::from(WIDTH) - 2.0 * EDGE,
            HEADING,
            panel.heading,
        );
        let axis = axis(panel);
        let frame = axes(
            &mut canvas,
            &axis,
            panel.show,
            room,
            (top + 56.0, top + 210.0),
        );
        let count = panel.values.len().max(1) as i128;
        let slot = (frame.right - frame.left) * ratio(1, count);
        for (bar, value) in panel.values.iter().enumerate() {
            let y = frame.y(axis.place(i128::from(*value).max(0)));
            if *value > 0 {
                // Whatever there is can be seen, however small beside the rest.
                let height = (frame.bottom - y).max(3.0);
                let x = frame.x(ratio(bar as i128, count)) + slot * 0.16;
                let corner = (x, frame.bottom - height);
                canvas.bar(corner, (slot * 0.68, height), BARS[index]);
            }
        }
        baseline(&mut canvas, frame, &axis);
        if index == 1 {
            names(&mut canvas, frame, data.names);
        }
    }
    canvas.png()
}

/// The names below bars: every one where they fit, else every second, and so on, the last among them.
fn names(canvas: &mut Canvas, frame: Frame, names: &[String]) {
    let count = names.len().max(1) as i128;
    let slot = (frame.right - frame.left) * ratio(1, count);
    let widest = names
        .iter()
        .map(|name| width(name, TICK))
        .fold(0.0, f64::max);
    let each = (1..=names.len())
        .find(|each| widest + 12.0 <= slot * ratio(*each as i128, 1))
        .unwrap_or(names.len().max(1));
    for (index, name) in names.iter().enumerate() {
        if (names.len() - 1 - index).is_multiple_of(each) {
            let x = frame.x(ratio(index as i128, count)) + slot / 2.0;
            let room = (slot * ratio(each as i128, 1)).min(widest + 8.0);
            canvas.text((x, frame.bottom + 38.0), Anchor::Middle, room, TICK, name);
        }
    }
}

fn titled(title: &str, below: &str) -> Canvas {
    let mut canvas = Canvas::new();
    let room = f64::from(WIDTH) - 2.0 * EDGE;
    canvas.text((EDGE, 76.0), Anchor::Start, room, TITLE, title);
    canvas.text((EDGE, 124.0), Anchor::Start, room, BELOW, below);
    canvas
}

/// Draws the lines of an axis and their values, and says what is left for the data.
fn axes(
    canvas: &mut Canvas,
    axis: &Axis,
    show: Show<'_>,
    widest: f64,
    (top, bottom): (f64, f64),
) -> Frame {
    let labels = labels(axis, show);
    let frame = Frame {
        left: EDGE + widest + 18.0,
        right: f64::from(WIDTH) - EDGE,
        top,
        bottom: bottom.min(f64::from(HEIGHT)),
    };
    for (line, label) in &labels {
        let y = frame.y(axis.place(*line));
        canvas.line((frame.left, y), (frame.right, y), GRID, 2.0);
        let right = frame.left - 16.0;
        canvas.text((right, y + 9.0), Anchor::End, widest + 2.0, TICK, label);
    }
    frame
}

/// The values of an axis as they are written.
fn labels(axis: &Axis, show: Show<'_>) -> Vec<(i128, String)> {
    let labels = axis.lines.iter().map(|line| {
        let value = i64::try_from(*line).unwrap_or(if *line < 0 { i64::MIN } else { i64::MAX });
        (*line, show(value))
    });
    labels.collect()
}

/// The room that they need.
fn widest(axis: &Axis, show: Show<'_>) -> f64 {
    labels(axis, show)
        .iter()
        .map(|(_, label)| width(label, TICK))
        .fold(0.0, f64::max)
        .min(f64::from(WIDTH) / 2.0)
}

fn baseline(canvas: &mut Canvas, frame: Frame, axis: &Axis) {
    let y = frame.y(axis.place(0));
    canvas.line((frame.left, y), (frame.right, y), SOFT, 3.0);
}

fn nothing(canvas: &mut Canvas, frame: Frame, text: &str) {
    let middle = (frame.x(0.5), frame.y(0.5));
    let room = frame.right - frame.left;
    canvas.text(middle, Anchor::Middle, room, BELOW, text);
}

/// A part of a whole. Pixels need no more than a float holds.
#[expect(
    clippy::cast_precision_loss,
    reason = "a pixel is far coarser than what is lost"
)]
fn ratio(part: i128, whole: i128) -> f64 {
    part as f64 / whole as f64
}
