//! A card to draw on, as SVG that is rendered with the font that comes with the program, never with the machine's.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use resvg::{tiny_skia, usvg};

use crate::chat::file::hides;
use crate::fault::Fault;

/// Width of a picture in pixels.
pub const WIDTH: u32 = 1200;
/// Height of a picture in pixels.
pub const HEIGHT: u32 = 675;

/// What is read of a text at most: more would not fit a card, whatever its letters.
const MOST: usize = 160;

static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = usvg::fontdb::Database::new();
    for font in [dejavu::sans::regular(), dejavu::sans::bold()] {
        fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(font)));
    }
    Arc::new(fonts)
});

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Size in pixels.
    pub size: f64,
    /// Bold.
    pub bold: bool,
    /// `#rrggbb`.
    pub colour: &'static str,
}

/// Which of its ends a text is placed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// A card under drawing.
pub struct Canvas {
    svg: String,
    clips: usize,
}

impl Canvas {
    /// An empty card, with an edge of its own so that it stands out on light and on dark.
    pub fn new() -> Self {
        let mut canvas = Self {
            svg: head(WIDTH, HEIGHT),
            clips: 0,
        };
        canvas.push(format_args!(
            r##"<rect x="0" y="0" width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/><rect x="2" y="2" width="{}" height="{}" fill="none" stroke="#94a3b8" stroke-width="4"/>"##,
            WIDTH - 4,
            HEIGHT - 4
        ));
        canvas
    }

    fn push(&mut self, what: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.svg.write_fmt(what);
    }

    /// A filled rectangle.
    pub fn bar(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), colour: &str) {
        self.push(format_args!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{colour}"/>"#
        ));
    }

    /// A straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
        self.push(format_args!(
            r#"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}" stroke="{colour}" stroke-width="{width}"/>"#,
            from.0, from.1, to.0, to.1
        ));
    }

    /// A dot.
    pub fn dot(&mut self, (x, y): (f64, f64), radius: f64, colour: &str) {
        self.push(format_args!(
            r##"<circle cx="{x:.1}" cy="{y:.1}" r="{radius}" fill="{colour}" stroke="#ffffff" stroke-width="3"/>"##
        ));
    }

    /// A path that [`Path`] made: filled where `fill` is a colour, else drawn as a line.
    pub fn path(&mut self, path: &str, fill: Option<&str>, stroke: Option<(&str, f64)>) {
        let (colour, width) = stroke.unwrap_or(("none", 0.0));
        self.push(format_args!(
            r#"<path d="{path}" fill="{}" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>"#,
            fill.unwrap_or("none")
        ));
    }

    /// A text with its baseline at `y`, cut to `room` pixels, and held within them whatever its letters do.
    pub fn text(
        &mut self,
        (x, y): (f64, f64),
        anchor: Anchor,
        room: f64,
        style: Style,
        text: &str,
    ) {
        let text = fitted(text, style, room);
        if text.is_empty() {
            return;
        }
        let (anchor, left) = match anchor {
            Anchor::Start => ("start", x),
            Anchor::Middle => ("middle", x - room / 2.0),
            Anchor::End => ("end", x - room),
        };
        self.clips += 1;
        let clip = self.clips;
        self.push(format_args!(
            r#"<clipPath id="c{clip}"><rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}"/></clipPath><g clip-path="url(#c{clip})">{}</g>"#,
            left - 2.0,
            y - style.size * 1.1,
            room + 4.0,
            style.size * 1.5,
            element((x, y), anchor, style, &text)
        ));
    }

    /// The PNG.
    pub fn png(mut self) -> Result<Vec<u8>, Fault> {
        self.svg.push_str("</svg>");
        let tree = tree(&self.svg)?;
        let mut pixels = tiny_skia::Pixmap::new(WIDTH, HEIGHT)
            .ok_or_else(|| Fault::internal("a picture without room"))?;
        resvg::render(
            &tree,
            tiny_skia::Transform::identity(),
            &mut pixels.as_mut(),
        );
        pixels
            .encode_png()
            .map_err(|error| Fault::internal(format!("a picture cannot be encoded: {error}")))
    }
}

fn head(width: u32, height: u32) -> String {
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">"#)
}

fn tree(svg: &str) -> Result<usvg::Tree, Fault> {
    let options = usvg::Options {
        font_family: "DejaVu Sans".to_owned(),
        fontdb: Arc::clone(&FONTS),
        // Nothing of the machine is read: neither fonts nor files that a picture might name.
        resources_dir: None,
        ..usvg::Options::default()
    };
    usvg::Tree::from_str(svg, &options)
        .map_err(|error| Fault::internal(format!("a picture cannot be read: {error}")))
}

fn element((x, y): (f64, f64), anchor: &str, style: Style, text: &str) -> String {
    let weight = if style.bold { "bold" } else { "normal" };
    format!(
        r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" font-family="DejaVu Sans" font-weight="{weight}" font-size="{}" fill="{}">{}</text>"#,
        style.size,
        style.colour,
        escaped(text)
    )
}

/// How wide a text comes out, in pixels.
pub fn width(text: &str, style: Style) -> f64 {
    let svg = format!(
        "{}{}</svg>",
        head(10, 10),
        element((0.0, 50.0), "start", style, text)
    );
    // What cannot be measured is taken to have no room at all, so that it is cut away.
    tree(&svg).map_or(f64::MAX, |tree| {
        f64::from(tree.root().abs_bounding_box().width())
    })
}

/// A text made clean and cut to so many pixels, with a mark where it was cut.
pub fn fitted(text: &str, style: Style, room: f64) -> String {
    let letters = clean(text);
    let whole: String = letters.iter().collect();
    if letters.len() < MOST && width(&whole, style) <= room {
        return whole;
    }
    let cut = |keep: usize| {
        let kept: String = letters[..keep].iter().collect();
        format!("{}…", kept.trim_end())
    };
    // The longest cut that fits lies between these two.
    let (mut fits, mut beyond) = (0, letters.len());
    while fits + 1 < beyond {
        let middle = usize::midpoint(fits, beyond);
        if width(&cut(middle), style) <= room {
            fits = middle;
        } else {
            beyond = middle;
        }
    }
    cut(fits)
}

/// The letters of a text that can be drawn, at most [`MOST`]: nothing that hides, turns or controls, white space as one
/// space (those in numbers and before units as they are), and a box for what the font cannot have.
fn clean(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = Vec::new();
    for char in text.chars() {
        let char = match char {
            c @ ('\u{a0}' | '\u{202f}') => c,
            c if c.is_whitespace() => ' ',
            c if c.is_control()
                || hides(c)
                || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{fffe}' | '\u{ffff}') =>
            {
                continue;
            }
            '\u{e000}'..='\u{f8ff}' | '\u{10000}'.. => '□',
            c => c,
        };
        let last = letters.last().copied();
        let repeated = if char.is_whitespace() {
            last.is_some_and(char::is_whitespace)
        } else {
            char == '□' && last == Some(char)
        };
        let leading = char.is_whitespace() && letters.is_empty();
        if !repeated && !leading {
            letters.push(char);
        }
        if letters.len() == MOST {
            break;
        }
    }
    while letters.last().is_some_and(|last| last.is_whitespace()) {
        letters.pop();
    }
    letters
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}
