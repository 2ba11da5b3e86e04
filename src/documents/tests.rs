//! Pictures are decoded and looked at: what the data says stands where it should.

use proptest::prelude::*;
use resvg::tiny_skia::Pixmap;

use super::canvas::{HEIGHT, Style, WIDTH, fitted, width};
use super::picture::{Axis, BARS, Bars, Panel, Steps, bars, steps};
use crate::chat::Sentences;
use crate::clock::Millis;
use crate::domain::credits::{CreditUnit, Credits};

const DAY: i64 = 86_400_000;
const START: i64 = 1_767_225_600_000;
const BLUE: (u8, u8, u8) = (0x1d, 0x4e, 0xd8);
const BROWN: (u8, u8, u8) = (0xb4, 0x53, 0x09);

fn show(value: i64) -> String {
    Sentences::of("en", "").units(CreditUnit::new(0), Credits(value))
}

fn names(count: usize) -> Vec<String> {
    (1..=count).map(|day| format!("{day} Nov")).collect()
}

fn balance(title: &str, points: &[(Millis, i64)]) -> Pixmap {
    let png = steps(&Steps {
        title,
        below: "Balance in credits",
        period: (Millis(START), Millis(START + 90 * DAY)),
        points,
        ticks: &names(4),
        show: &show,
        empty: "Nothing moved",
    });
    decoded(&png.unwrap())
}

fn weeks(title: &str, credits: &[i64], money: &[i64]) -> Pixmap {
    let png = bars(&Bars {
        title,
        below: "Per week",
        names: &names(credits.len()),
        panels: [
            Panel {
                heading: "Credits added",
                values: credits,
                show: &show,
            },
            Panel {
                heading: "Invoiced",
                values: money,
                show: &show,
            },
        ],
    });
    decoded(&png.unwrap())
}

fn decoded(png: &[u8]) -> Pixmap {
    let pixels = Pixmap::decode_png(png).unwrap();
    assert_eq!((pixels.width(), pixels.height()), (WIDTH, HEIGHT));
    let opaque = pixels.pixels().iter().all(|pixel| pixel.alpha() == 255);
    assert!(opaque, "the card shines through");
    pixels
}

fn is(pixels: &Pixmap, x: u32, y: u32, colour: (u8, u8, u8)) -> bool {
    let pixel = pixels.pixel(x, y).unwrap();
    (pixel.red(), pixel.green(), pixel.blue()) == colour
}

/// The rows of a column that have a colour, from the highest.
fn column(pixels: &Pixmap, x: u32, colour: (u8, u8, u8)) -> Vec<u32> {
    (0..HEIGHT).filter(|y| is(pixels, x, *y, colour)).collect()
}

/// The columns in which a colour is, in runs.
fn runs(pixels: &Pixmap, rows: std::ops::Range<u32>, colour: (u8, u8, u8)) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for x in 0..WIDTH {
        if rows.clone().any(|y| is(pixels, x, y, colour)) {
            match runs.last_mut() {
                Some((_, end)) if *end + 1 == x => *end = x,
                _ => runs.push((x, x)),
            }
        }
    }
    runs
}

#[test]
fn the_line_is_where_the_balance_is() {
    let points = [
        (Millis(START), 1_000),
        (Millis(START + 30 * DAY), 4_000),
        (Millis(START + 60 * DAY), 2_000),
    ];
    let pixels = balance("Ada", &points);
    let drawn = runs(&pixels, 0..HEIGHT, BLUE);
    let (left, right) = (drawn[0].0, drawn[drawn.len() - 1].1);
    let at = |part: u32| {
        let rows = column(&pixels, left + (right - left) * part / 6, BLUE);
        f64::from(rows[0] + rows[rows.len() - 1]) / 2.0
    };
    // A sixth, a half and five sixths of the way: 1,000, then 4,000, then 2,000.
    let (first, second, third) = (at(1), at(3), at(5));
    assert!(second < third && third < first, "{first} {second} {third}");
    let step = (first - second) / 3.0;
    assert!(
        (first - third - step).abs() < 3.0,
        "{first} {second} {third}"
    );
}

#[test]
fn a_balance_below_zero_is_below_the_line_of_zero() {
    let pixels = balance(
        "Ada",
        &[(Millis(START), 500), (Millis(START + 45 * DAY), -500)],
    );
    let (early, late) = (column(&pixels, 500, BLUE), column(&pixels, 900, BLUE));
    let zero = column(&pixels, 500, (0x33, 0x41, 0x55));
    assert!(zero.iter().any(|y| early[0] < *y && *y < late[0]));
}

#[test]
fn an_empty_period_says_so_and_one_point_is_a_level_line() {
    let empty = balance("Ada", &[]);
    assert!(runs(&empty, 0..HEIGHT, BLUE).is_empty());
    let says = |pixels: &Pixmap| {
        (340..400).any(|y| (400..900).any(|x| is(pixels, x, y, (0x33, 0x41, 0x55))))
    };
    assert!(says(&empty));
    let one = balance("Ada", &[(Millis(START - 5 * DAY), 700)]);
    assert!(!says(&one));
    assert_eq!(column(&one, 400, BLUE), column(&one, 1_000, BLUE));
    assert!(!column(&one, 400, BLUE).is_empty());
}

#[test]
fn huge_values_fit() {
    let points = [(Millis(START), i64::MIN), (Millis(START + DAY), i64::MAX)];
    balance("Ada", &points);
    let pixels = weeks("Desk", &[i64::MAX, 0, 1], &[0, i64::MAX, i64::MAX]);
    assert!(
        runs(&pixels, 0..HEIGHT, BLUE)
            .iter()
            .all(|(_, end)| *end < WIDTH - 40)
    );
}

#[test]
fn bars_are_as_high_as_their_values() {
    let credits = [100, 0, 50, 200, 0, 0, 0, 0, 0, 0, 0, 25];
    let money = [0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40];
    let pixels = weeks("Desk", &credits, &money);
    let above = runs(&pixels, 0..HEIGHT, BLUE);
    assert_eq!(above.len(), 4, "{above:?}");
    let heights = above
        .iter()
        // The line of zero covers the lowest two.
        .map(|(from, to)| column(&pixels, u32::midpoint(*from, *to), BLUE).len() + 2);
    let heights: Vec<_> = heights.collect();
    let near = |one: usize, other: usize| one.abs_diff(other) <= 8;
    assert!(near(heights[0] * 2, heights[2]) && near(heights[1] * 4, heights[2]));
    assert!(near(heights[3] * 8, heights[2]), "{heights:?}");
    let below = runs(&pixels, 0..HEIGHT, BROWN);
    assert_eq!(below.len(), 2, "{below:?}");
    let nothing = weeks("Desk", &[0; 12], &[0; 12]);
    assert!(runs(&nothing, 0..HEIGHT, BLUE).is_empty());
    weeks("Desk", &[], &[]);
}

#[test]
fn axes_have_few_round_lines_around_zero() {
    let lines = |low, high| Axis::new(low, high, 4).lines;
    assert_eq!(lines(0, 0), [0, 1]);
    assert_eq!(lines(0, 900), [0, 500, 1_000]);
    assert_eq!(lines(-150, 320), [-200, 0, 200, 400]);
    assert_eq!(BARS.len(), 2);
}

#[test]
fn hostile_names_are_cut_and_stay_in_their_room() {
    for name in [
        "@everyone <b>bold</b> & \"quoted\" ]]> <!-- &#0;",
        "=cmd|' /C calc'!A0",
        "\u{202e}evil\u{202c} \u{200b}\u{200d}\u{feff} zero",
        "שלום עולם مرحبا بالعالم",
        "👩‍👩‍👧‍👦🏳️‍🌈🇫🇷",
        "a\u{0}b\u{7}c\u{1b}[31md\u{fffe}e\u{ffff}f\u{d7ff}",
        "Z\u{335}\u{321}\u{327}\u{322}\u{334}a\u{317}\u{316}l\u{310}go",
        "",
        " \u{200b}\n\t",
    ] {
        unharmed(name);
    }
    unharmed(&"W".repeat(5_000));
    unharmed(&"\u{fdfd}".repeat(5_000));
    unharmed(&"\u{301}".repeat(5_000));
}

/// Draws a name, and compares everything but the title's own row with a picture without one.
fn unharmed(name: &str) {
    let points = [(Millis(START), 5)];
    let (with, without) = (balance(name, &points), balance("", &points));
    for y in 0..HEIGHT {
        let title = (20..98).contains(&y);
        for x in 0..WIDTH {
            let may = title && (40..WIDTH - 40).contains(&x);
            assert!(
                may || with.pixel(x, y) == without.pixel(x, y),
                "{name:?} reaches {x}, {y}"
            );
        }
    }
}

#[test]
fn numbers_of_other_languages_are_drawn_as_measured() {
    let style = Style {
        size: 26.0,
        bold: false,
        colour: "#000000",
    };
    // The font has the narrow space: a box in its place would be wider than a space.
    let narrow = width("1\u{202f}000", style);
    assert!(width("1000", style) < narrow && narrow <= width("1 000", style));
    let money = Sentences::of("fr", "").number("1234567.50") + "\u{a0}EUR";
    assert_eq!(fitted(&money, style, width(&money, style) + 1.0), money);
    let spaces = "a\u{a0}\u{202f} \u{202f}b\u{202f}";
    assert_eq!(fitted(spaces, style, 400.0), "a\u{a0}b");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_name_stays_in_its_room(name in "\\PC{0,40}|[\\x00-\\x1f<>&\"'\u{202a}-\u{202e}\u{200b}-\u{200f}A-Zא-ת😀-😏\u{300}-\u{36f}]{0,300}") {
        unharmed(&name);
    }

    #[test]
    fn any_text_is_cut_to_its_room(name in "\\PC{0,60}|(W|<|&|א|😀|\u{301}){0,200}", room in 60.0..400.0_f64) {
        let style = Style { size: 26.0, bold: false, colour: "#000000" };
        prop_assert!(width(&fitted(&name, style, room), style) <= room);
    }
}
