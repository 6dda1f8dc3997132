//! Which units work together, as a picture. Pure.
//!
//! Few units stand in a circle, with lines between them. Of more than that nobody could follow the lines, so they are
//! the rows and the columns of a table.

mod circle;
mod draw;
mod matrix;

pub use draw::{Collaboration, Pair};

use draw::{EDGE, Kind, MOST, Sheet, Tie, WIDE};
use matrix::Size;

use crate::text::drawn::{escape, width, wrap};
use crate::text::{Args, say};

const TEXT: f64 = 22.0;
const LINE: f64 = 32.0;

/// The picture: a document of its own that can also stand within a page.
pub fn svg(picture: &Collaboration<'_>) -> String {
    let mut sheet = Sheet::of(picture);
    heading(&mut sheet, picture);
    match sheet.units.len() {
        0 => {}
        _ if in_circle(&sheet) => circle::draw(&mut sheet),
        _ => matrix::draw(&mut sheet),
    }
    legend(&mut sheet);
    let words: Vec<String> = [picture.finding.to_owned()].into_iter().chain(picture.said()).collect();
    let (name, words) = (escape(picture.title), escape(words.join(" ").trim()));
    let (lang, high, drawn) = (picture.lang.tag(), (sheet.y + 16.0).ceil(), sheet.drawn);
    // A label instead of ids, for several pictures may stand within one page.
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDE} {high}' width='100%' role='img' lang='{lang}' \
         aria-label='{name}. {words}'><title>{name}</title><desc>{words}</desc><rect width='{WIDE}' height='{high}' \
         fill='#fff'/><g fill='none' font-size='{TEXT}' \
         font-family='Segoe UI, Roboto, Helvetica, Arial, sans-serif'>{drawn}</g></svg>"
    )
}

fn heading(sheet: &mut Sheet<'_>, picture: &Collaboration<'_>) {
    sheet.paragraph(picture.title, 3, 26.0, "bold");
    sheet.paragraph(picture.finding, 4, 20.0, "normal");
    let note = match picture.units.len() {
        0 => Some(("graph-units", 0)),
        count if count > MOST => Some(("graph-more", count - MOST)),
        count if count > 1 && sheet.ties.is_empty() => Some(("graph-nothing", 0)),
        _ => None,
    };
    if let Some((key, count)) = note {
        sheet.paragraph(&say(picture.lang, key, &Args::one("count", count)), 2, 20.0, "normal");
    }
}

/// What a text of the legend explains.
#[derive(Clone, Copy)]
enum Sample {
    Kind(Kind),
    /// Of a kind, with some that have lapsed.
    Partly(Kind),
    Thickness,
    Number,
}

impl Sample {
    /// Those that there are to see, with what explains them.
    fn all(sheet: &Sheet<'_>) -> impl Iterator<Item = (Sample, &'static str)> {
        let is_there = |wanted: &dyn Fn(&Tie) -> bool| sheet.ties.iter().any(wanted);
        let kinds = Kind::ALL.map(|kind| is_there(&|tie| tie.kind == kind).then(|| (Sample::Kind(kind), kind.key())));
        let partly = sheet.ties.iter().filter(|tie| tie.lapsed && tie.kind != Kind::Lapsed).map(|tie| tie.kind).min();
        let thick = in_circle(sheet) && is_there(&|tie| tie.kind == Kind::Confirmed && tie.count > 1);
        let others = [
            partly.map(|kind| (Sample::Partly(kind), "graph-partly")),
            thick.then_some((Sample::Thickness, "graph-thickness")),
            sheet.counted.then_some((Sample::Number, "graph-number")),
        ];
        kinds.into_iter().chain(others).flatten()
    }

    fn draw(self, sheet: &mut Sheet<'_>, (x, y): (f64, f64)) {
        let (line, size) = ([(x - 21.0, y), (x + 21.0, y)], Size { wide: 18.0, high: 18.0 });
        let drawn = match self {
            Sample::Kind(Kind::Lapsed) if in_circle(sheet) => {
                circle::line(Kind::Lapsed, 1, line) + &circle::cross((x, y))
            }
            Sample::Kind(kind) if in_circle(sheet) => circle::line(kind, 1, line),
            Sample::Partly(kind) if in_circle(sheet) => circle::line(kind, 1, line) + &circle::cross((x, y)),
            Sample::Kind(kind) => size.signs(kind, &[(x, y)]),
            Sample::Partly(kind) => size.signs(kind, &[(x, y)]) + &size.crosses(kind, &[(x, y)]),
            Sample::Thickness => circle::line(Kind::Confirmed, 4, line),
            Sample::Number => return sheet.text((x, y + 5.0), "font-size='14' text-anchor='middle'", "2"),
        };
        sheet.drawn.push_str(&drawn);
    }
}

fn in_circle(sheet: &Sheet<'_>) -> bool {
    sheet.units.len() <= circle::MOST
}

/// What there is to see, in words: two columns, unless a text reaches into the second.
fn legend(sheet: &mut Sheet<'_>) {
    let mut x = WIDE;
    for (sample, key) in Sample::all(sheet).collect::<Vec<_>>() {
        let label = wrap(&say(sheet.lang, key, &Args::default()), 1, TEXT, WIDE - 2.0 * EDGE - 52.0).concat();
        let end = 52.0 + width(&label, TEXT);
        if x + end > WIDE - EDGE {
            (x, sheet.y) = (EDGE, sheet.y + LINE);
        }
        sample.draw(sheet, (x + 21.0, sheet.y - 14.0));
        sheet.text((x + 52.0, sheet.y - 6.0), "", &label);
        x = if x + end < WIDE / 2.0 { WIDE / 2.0 } else { WIDE };
    }
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
