//! Many units as the rows and the columns of a table: each pair has a cell on either side of the diagonal.

use std::fmt::Write as _;

use super::draw::{EDGE, Kind, Sheet, Tie, WIDE, one_line, two_lines};
use crate::text::drawn::{escape, width};
use crate::text::{Args, say};

/// The most units whose names have two lines and whose cells have room for numbers.
const ROOMY: usize = 24;
const NUMBER: f64 = 14.0;

type Place = (f64, f64);

/// Draws it.
pub(super) fn draw(sheet: &mut Sheet<'_>) {
    sheet.paragraph(&say(sheet.lang, "graph-table", &Args::default()), 2, 18.0, "normal");
    let table = Table::of(sheet.units, sheet.y + 14.0);
    sheet.drawn.push_str(&table.grid());
    for (first, y) in &table.areas {
        let area = sheet.units.get(*first).map_or("", |(_, area)| area);
        let line = one_line(area, table.size * 1.1, WIDE - 2.0 * EDGE);
        let how = format!("font-size='{:.1}' font-weight='bold'", table.size);
        sheet.text((EDGE, y + table.size * 1.25), &how, &line);
    }
    for (at, ((name, _), y)) in sheet.units.iter().zip(&table.rows).enumerate() {
        row(sheet, &table, (at + 1, name), *y);
    }
    cells(sheet, &table);
    columns(sheet, &table, -1.0);
    sheet.y = table.bottom + 4.0;
    if !table.roomy {
        columns(sheet, &table, 1.0);
        sheet.y += table.size * table.levels as f64 + 4.0;
    }
}

/// Where everything has its place: as wide as the picture whatever the number of units, and as tall as the names need.
struct Table {
    roomy: bool,
    /// Where the first column begins, how wide each is, and how high a row.
    left: f64,
    across: f64,
    high: f64,
    /// The size of names.
    size: f64,
    /// Which columns have a number, as in every fifth, and on how many levels these stand.
    each: usize,
    levels: usize,
    /// Where each row begins.
    rows: Vec<f64>,
    /// The first unit of each area, and where what is said of it begins.
    areas: Vec<(usize, f64)>,
    bottom: f64,
    sign: Size,
}

impl Table {
    fn of(units: &[(&str, &str)], y: f64) -> Self {
        let (count, roomy) = (units.len(), units.len() <= ROOMY);
        let left = EDGE + (250.0 - 1.3 * count as f64).max(164.0);
        let across = (WIDE - EDGE - left) / count.max(1) as f64;
        let high = across.max(if roomy { 38.0 } else { 13.0 });
        let size = (high * 0.92).clamp(12.0, 16.0);
        let digits = size * 0.6 * count.to_string().len() as f64;
        // A number on a higher level has a line to its column, between the numbers on the lower ones.
        let (each, levels) = if digits / 2.0 < across {
            (1, ((digits + 4.0) / across).ceil() as usize)
        } else {
            ([5, 10, 20].into_iter().find(|each| *each as f64 * across > digits + 6.0).unwrap_or(50), 1)
        };
        let wide = across * 0.82;
        let sign = if roomy {
            Size { wide: 14.0, high: 14.0 }
        } else {
            Size { wide, high: (wide * 1.6).clamp(8.0, high - 2.5) }
        };
        let (rows, areas) = (Vec::new(), Vec::new());
        let mut table = Table { roomy, left, across, high, size, each, levels, rows, areas, bottom: y, sign };
        table.place(units);
        table
    }

    fn place(&mut self, units: &[(&str, &str)]) {
        let mut before = None;
        for (at, (_, area)) in units.iter().enumerate() {
            if before != Some(area) {
                self.areas.push((at, self.bottom));
                self.bottom += if area.is_empty() { 0.0 } else { self.size * 1.7 };
                self.bottom += if at > 0 { 0.0 } else { self.size * self.levels as f64 + 6.0 };
            }
            before = Some(area);
            self.rows.push(self.bottom);
            self.bottom += self.high;
        }
    }

    fn column(&self, at: usize) -> f64 {
        self.left + self.across * at as f64
    }

    /// Thin lines around all cells, strong ones between areas, and a ground under the diagonal.
    fn grid(&self) -> String {
        let (right, top, bottom) = (WIDE - EDGE, self.rows.first().copied().unwrap_or(self.bottom), self.bottom);
        let across = |y: &f64| format!("M{EDGE} {y:.1}H{right}");
        let down = |at: usize| format!("M{:.2} {top:.1}V{bottom:.1}", self.column(at));
        // Where columns are that narrow, lines between them would be all there is to see.
        let columns = 0..if self.across < 4.0 { 0 } else { self.rows.len() };
        let thin: String = self.rows.iter().map(across).chain(columns.map(down)).collect();
        let strong: String = self.areas.iter().map(|(first, _)| down(*first)).chain([down(self.rows.len())]).collect();
        let borders: String = self.areas.iter().map(|(_, y)| y).chain([&bottom]).map(across).collect();
        let own = |(at, y): (usize, &f64)| {
            let (x, across, high) = (self.column(at), self.across, self.high);
            format!("M{x:.2} {y:.1}h{across:.2}v{high:.1}h-{across:.2}z")
        };
        let own: String = self.rows.iter().enumerate().map(own).collect();
        // The names of areas stand between the rows, where no lines go down.
        let gap = |(first, y): &(usize, f64)| {
            let high = self.rows.get(*first).map_or(0.0, |row| row - y);
            format!("M{} {y:.1}H{}v{high:.1}H{}z", self.left - 2.0, right + 2.0, self.left - 2.0)
        };
        let gaps: String = self.areas.iter().skip(1).map(gap).collect();
        format!(
            "<path d='{own}' fill='#ccc'/><path d='{thin}' stroke='#ddd' stroke-width='.8'/><path d='{strong}' \
             stroke='#444' stroke-width='1.6'/><path d='{gaps}' fill='#fff'/><path d='{borders}' stroke='#444' \
             stroke-width='1.6'/>"
        )
    }
}

/// The numbers of the columns, above (-1) or below (1) them.
fn columns(sheet: &mut Sheet<'_>, table: &Table, way: f64) {
    let edge = if way < 0.0 { table.rows.first().copied().unwrap_or(table.bottom) } else { table.bottom };
    let _ = write!(sheet.drawn, "<g font-size='{:.1}' text-anchor='middle' stroke-width='.8'>", table.size);
    for at in (0..sheet.units.len()).filter(|at| *at == 0 || (at + 1).is_multiple_of(table.each)) {
        let (x, level) = (table.column(at) + table.across / 2.0, (at % table.levels) as f64);
        if level > 0.0 {
            let _ = write!(
                sheet.drawn,
                "<path d='M{x:.1} {edge:.1}v{:.1}' stroke='#888'/>",
                way * (3.0 + level * table.size)
            );
        }
        let baseline = edge + way * (level * table.size + 4.0) + if way < 0.0 { 0.0 } else { table.size * 0.76 };
        sheet.text((x, baseline), "", &(at + 1).to_string());
    }
    sheet.drawn.push_str("</g>");
}

/// The heading of a row: the number and the name of its unit.
fn row(sheet: &mut Sheet<'_>, table: &Table, (number, name): (usize, &str), y: f64) {
    let (size, digits) = (table.size, sheet.units.len().to_string().len());
    let (end, middle) = (EDGE + size * 0.6 * digits as f64, y + table.high / 2.0 + size * 0.36);
    let room = table.left - end - size * 0.5 - 5.0;
    let lines = if table.roomy { two_lines(name, size, room) } else { vec![one_line(name, size, room)] };
    let mut baseline = middle - size * 0.55 * (lines.len() as f64 - 1.0);
    let _ = write!(sheet.drawn, "<g font-size='{size:.1}'><title>{}</title>", escape(name));
    sheet.text((end, middle), "text-anchor='end'", &number.to_string());
    for line in lines {
        sheet.text((end + size * 0.5, baseline), "", &line);
        baseline += size * 1.1;
    }
    sheet.drawn.push_str("</g>");
}

/// The signs of all pairs, each twice, and where there is room how many a sign stands for.
fn cells(sheet: &mut Sheet<'_>, table: &Table) {
    let mut placed: Vec<(Tie, Place)> = Vec::new();
    let mut numbers: Vec<(Place, String)> = Vec::new();
    for tie in &sheet.ties {
        let [a, b] = tie.units;
        let number = tie.count.to_string();
        let counted = table.roomy && tie.count > 1 && width(&number, NUMBER) <= table.across;
        for (row, column) in [(a, b), (b, a)] {
            let Some(top) = table.rows.get(row) else { continue };
            let (x, y) = (table.column(column) + table.across / 2.0, top + table.high / 2.0);
            placed.push((*tie, (x, if counted { y - 7.0 } else { y })));
            numbers.extend(counted.then(|| ((x, y + 14.0), number.clone())));
        }
    }
    sheet.counted = !numbers.is_empty();
    for kind in Kind::ALL {
        let of = placed.iter().filter(|(tie, _)| tie.kind == kind);
        let lapsed: Vec<Place> = of.clone().filter(|(tie, _)| tie.lapsed).map(|(_, middle)| *middle).collect();
        let all: Vec<Place> = of.map(|(_, middle)| *middle).collect();
        sheet.drawn.push_str(&table.sign.signs(kind, &all));
        sheet.drawn.push_str(&table.sign.crosses(kind, &lapsed));
    }
    let _ = write!(sheet.drawn, "<g font-size='{NUMBER}' text-anchor='middle'>");
    numbers.iter().for_each(|(place, number)| sheet.text(*place, "", number));
    sheet.drawn.push_str("</g>");
}

/// How large a sign is.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) wide: f64,
    pub(super) high: f64,
}

impl Size {
    /// The signs of a kind around their middles.
    pub(super) fn signs(self, kind: Kind, middles: &[Place]) -> String {
        self.outlines(kind, kind.colour(), middles)
    }

    /// Crosses within the signs of a kind that say that some have lapsed; what is a cross itself needs none.
    pub(super) fn crosses(self, kind: Kind, middles: &[Place]) -> String {
        let colour = match kind {
            Kind::Confirmed => "#fff",
            Kind::Proposed => Kind::Lapsed.colour(),
            Kind::Lapsed | Kind::Silent => return String::new(),
        };
        Size { wide: self.wide * 0.64, high: self.high * 0.64 }.outlines(Kind::Lapsed, colour, middles)
    }

    /// One path for all, for a table may have tens of thousands.
    fn outlines(self, kind: Kind, colour: &str, middles: &[Place]) -> String {
        if middles.is_empty() {
            return String::new();
        }
        let (wide, high) = (self.wide, self.high);
        let (stroke, how) = match kind {
            Kind::Confirmed => (wide, ""),
            Kind::Proposed => ((wide * 0.19).min(2.5), "fill='#fff'"),
            Kind::Lapsed => ((wide * 0.24).min(3.5), "stroke-linecap='round'"),
            Kind::Silent => ((wide * 0.5).min(6.0), "stroke-linecap='round'"),
        };
        let (across, down) = (wide - stroke, high - stroke);
        // A filled square is a line as thick as it is wide; a dot is a line of no length with round ends.
        let (left, up, outline) = match kind {
            Kind::Confirmed => (0.0, high, format!("v{high:.1}")),
            Kind::Proposed => (across, down, format!("h{across:.2}v{down:.1}h-{across:.2}z")),
            Kind::Lapsed => (across, down, format!("l{across:.2} {down:.1}m0-{down:.1}l-{across:.2} {down:.1}")),
            Kind::Silent => (0.0, 0.0, "h.01".to_owned()),
        };
        let mut path = String::new();
        for (x, y) in middles {
            let _ = write!(path, "M{:.2} {:.1}{outline}", x - left / 2.0, y - up / 2.0);
        }
        format!("<path d='{path}' stroke='{colour}' stroke-width='{stroke:.2}' {how}/>")
    }
}
