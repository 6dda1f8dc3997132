//! Few units in a circle, with lines between them.

use std::f64::consts::PI;
use std::fmt::Write as _;

use super::draw::{EDGE, Kind, Sheet, Tie, WIDE, two_lines};
use crate::text::drawn::escape;

/// The most units whose lines the eye can follow.
pub(super) const MOST: usize = 12;

const NAME: f64 = 18.0;
const ROW: f64 = 20.0;

/// As far as a cross should be from what is not its own.
const CLEAR: f64 = 14.0;

type Place = (f64, f64);
type Line = [Place; 2];

/// Draws it.
pub(super) fn draw(sheet: &mut Sheet<'_>) {
    let places = places(sheet.units.len());
    let (top, bottom) = places.iter().fold((0.0_f64, 0.0_f64), |(top, bottom), (_, y)| (top.min(*y), bottom.max(*y)));
    let middle = sheet.y + 54.0 - top;
    let places: Vec<Place> = places.iter().map(|(x, y)| (WIDE / 2.0 + x, middle + y)).collect();
    let lines = sheet.ties.iter().filter_map(|tie| {
        let [Some(from), Some(to)] = tie.units.map(|unit| places.get(unit).copied()) else { return None };
        Some((*tie, [from, to]))
    });
    let lines: Vec<(Tie, Line)> = lines.collect();
    lines.iter().for_each(|(tie, ends)| sheet.drawn.push_str(&line(tie.kind, tie.count, *ends)));
    let mut crosses: Vec<Place> = Vec::new();
    for (at, (_, ends)) in lines.iter().enumerate().filter(|(_, (tie, _))| tie.lapsed) {
        let others = lines.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, (_, ends))| *ends);
        let others: Vec<Line> = others.chain(crosses.iter().map(|cross| [*cross; 2])).collect();
        let place = clearest(*ends, &others);
        crosses.push(place);
        sheet.drawn.push_str(&cross(place));
    }
    let tall = (bottom - top).max(1.0) / 2.0;
    for ((name, area), place) in sheet.units.iter().zip(places) {
        unit(sheet, (name, area), place, (place.1 - middle) / tall);
    }
    sheet.y = middle + bottom + 36.0;
}

/// Where units stand around the middle: clockwise, on a circle that grows taller until the names have room. One stands
/// right above the middle when their number is odd, and none right below.
fn places(count: usize) -> Vec<Place> {
    const REACH: f64 = 100.0;
    let step = 2.0 * PI / count.max(1) as f64;
    let first = if count.is_multiple_of(2) { step / 2.0 } else { 0.0 };
    let tightest = (step / 2.0).cos() - (step * 1.5).cos();
    let tall = if count < 5 { 120.0 } else { (58.0 / tightest).max(140.0) };
    let angles = (0..count).map(|at| first + step * at as f64);
    if count == 1 { vec![(0.0, 0.0)] } else { angles.map(|angle| (REACH * angle.sin(), -tall * angle.cos())).collect() }
}

/// A line between two units; of what is confirmed, the thicker the more there is.
pub(super) fn line(kind: Kind, count: usize, [(x, y), (to_x, to_y)]: Line) -> String {
    let (thick, how) = match kind {
        Kind::Confirmed => (0.6 + 2.2 * count.clamp(1, 4) as f64, ""),
        Kind::Proposed => (3.0, "stroke-dasharray='10 6'"),
        Kind::Lapsed => (1.6, ""),
        Kind::Silent => (2.6, "stroke-dasharray='.1 7' stroke-linecap='round'"),
    };
    let colour = kind.colour();
    format!("<path d='M{x:.1} {y:.1}L{to_x:.1} {to_y:.1}' stroke='{colour}' stroke-width='{thick}' {how}/>")
}

/// What marks that something lapsed, on a white ground so that it stands out from the lines.
pub(super) fn cross((x, y): Place) -> String {
    let path = format!("M{:.1} {:.1}l16 16m0-16l-16 16", x - 8.0, y - 8.0);
    let colour = Kind::Lapsed.colour();
    format!("<path d='{path}' stroke='#fff' stroke-width='9'/><path d='{path}' stroke='{colour}' stroke-width='4'/>")
}

/// The middle of a line, or the clearest place near it where lines or crosses come too close to tell whose cross it is.
fn clearest([from, to]: Line, others: &[Line]) -> Place {
    let along = |part: f64| (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
    let room = |place: Place| others.iter().map(|other| distance(place, *other)).fold(CLEAR, f64::min);
    let parts = [0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75].map(along);
    // Of places with the same room, this finds the last.
    parts.into_iter().rev().max_by(|one, other| room(*one).total_cmp(&room(*other))).unwrap_or_else(|| along(0.5))
}

/// How far a place is from a line.
fn distance((x, y): Place, [from, to]: Line) -> f64 {
    let (across, down) = (to.0 - from.0, to.1 - from.1);
    let length = (across * across + down * down).max(f64::MIN_POSITIVE);
    let part = (((x - from.0) * across + (y - from.1) * down) / length).clamp(0.0, 1.0);
    (x - from.0 - across * part).hypot(y - from.1 - down * part)
}

/// A unit with its name on the outer side, pushed outwards by how far up (-1) or down (1) it stands.
fn unit(sheet: &mut Sheet<'_>, (name, area): (&str, &str), (x, y): Place, down: f64) {
    let (anchor, start, room) = match x - WIDE / 2.0 {
        ..-1.0 => ("end", x - 17.0, x - 17.0 - EDGE),
        1.0.. => ("start", x + 17.0, WIDE - EDGE - x - 17.0),
        _ => ("middle", x, WIDE * 0.6),
    };
    let lines = two_lines(name, NAME, room);
    let rise = ROW * (lines.len() as f64 - 1.0);
    let mut baseline = if anchor == "middle" { y - 18.0 - rise } else { y + 6.0 - rise / 2.0 + 10.0 * down };
    let whole = if area.is_empty() { name } else { &format!("{name} ({area})") };
    let _ = write!(
        sheet.drawn,
        "<g font-size='{NAME}' text-anchor='{anchor}'><title>{}</title><circle cx='{x:.1}' cy='{y:.1}' r='9' \
         fill='#1a1a1a' stroke='#fff' stroke-width='2'/>",
        escape(whole)
    );
    for line in lines {
        sheet.text((start, baseline), "", &line);
        baseline += ROW;
    }
    sheet.drawn.push_str("</g>");
}
