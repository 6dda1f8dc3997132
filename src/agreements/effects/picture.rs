//! The trend of an indicator as a picture. Pure.
//!
//! The fonts are those of whoever looks, so the width of a text is a guess that errs on the wide side.

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};

use crate::text::drawn::{escape, width, wrap};
use crate::text::{self, Args, Lang, say};
use crate::types::{Date, Quantity};

/// What was said of the indicator on a day, besides what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// An assessment.
    Assessment,
    /// What citizens say.
    CitizenVoice,
}

/// What is known of an indicator over time.
#[derive(Debug, Clone, Copy)]
pub struct Trend<'a> {
    /// The name of the indicator.
    pub title: &'a str,
    /// What its values count; may be empty.
    pub unit: &'a str,
    /// What the trend tells, in a sentence.
    pub finding: &'a str,
    /// Where it began.
    pub baseline: Option<(Date, Quantity)>,
    /// Where it should be, and when.
    pub target: Option<(Date, Quantity)>,
    /// What was measured, oldest first.
    pub measurements: &'a [(Date, Quantity)],
    /// What else was said, oldest first.
    pub marks: &'a [(Date, Mark)],
    /// The language of the reader.
    pub lang: Lang,
}

const WIDE: f64 = 640.0;
const EDGE: f64 = 14.0;
const TEXT: f64 = 22.0;
const LINE: f64 = 32.0;

/// The picture: a document of its own that can also stand within a page.
pub fn svg(trend: &Trend) -> String {
    let mut sheet = Sheet::of(trend);
    for draw in [Sheet::heading, Sheet::plot, Sheet::band, Sheet::calendar, Sheet::legend] {
        draw(&mut sheet);
    }
    let name = if trend.unit.is_empty() { trend.title } else { &format!("{} ({})", trend.title, trend.unit) };
    let said = trend.parts().filter_map(|(_, key, args)| text::try_say(trend.lang, &format!("{key}.said"), &args));
    let words: Vec<String> = [trend.finding.to_owned()].into_iter().chain(said).collect();
    let (name, words, lang) = (escape(name), escape(&words.join(" ")), trend.lang.tag());
    let (high, drawn) = (sheet.y + 16.0, sheet.drawn);
    // A label instead of ids, for several pictures may stand within one page.
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDE} {high}' width='100%' role='img' lang='{lang}' \
         aria-label='{name}. {words}'><title>{name}</title><desc>{words}</desc><rect width='{WIDE}' height='{high}' \
         fill='#fff'/><g fill='none' stroke-width='3' stroke-linejoin='round' font-size='{TEXT}' \
         font-family='Segoe UI, Roboto, Helvetica, Arial, sans-serif'>{drawn}</g></svg>"
    )
}

/// A thing that the legend explains, told from the others by its shape or dash and not by its colour alone: its colour,
/// the dashes of its line, the outline of its shape from the middle on, and what fills that.
type Sign = (&'static str, &'static str, &'static str, &'static str);
const MEASURED: Sign = ("#0b4f8a", "none", "m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z", "#0b4f8a");
const BASELINE: Sign = ("#333", "", "m-9-9h18v18h-18z", "#fff");
const TARGET: Sign = ("#a3360b", "10 6", "m0-12l12 12l-12 12l-12-12z", "#fff");
const COURSE: Sign = ("#555", "3 6", "", "none");
const ASSESSMENT: Sign = ("#5b2a86", "", "m0-9l10 17h-20z", "#5b2a86");
const VOICE: Sign = ("#00695c", "", "m-10-9h20v13h-10l-5 6v-6h-5z", "#fff");
const GRID: Sign = ("#e2e2e2", "none", "", "none");
const AXIS: Sign = ("#444", "none", "", "none");
const NOTHING: Sign = ("none", "", "", "none");

impl Trend<'_> {
    fn known(&self) -> impl Iterator<Item = &(Date, Quantity)> + Clone {
        self.measurements.iter().chain(&self.baseline).chain(&self.target)
    }

    /// From the baseline to the target, when that is later.
    fn course(&self) -> Option<[(Date, Quantity); 2]> {
        self.baseline.zip(self.target).filter(|(from, to)| from.0 < to.0).map(<[_; 2]>::from)
    }

    /// What there is to see: its sign, the message that explains it, and what that mentions.
    fn parts(&self) -> impl Iterator<Item = (Sign, &'static str, Args)> {
        let amount = |value| format!("{} {}", text::number(self.lang, value), self.unit).trim_end().to_owned();
        let valued = |(day, value): (Date, Quantity), (since, first): (Date, Quantity)| {
            let mut args = Args::one("value", amount(value));
            args.set("date", text::date(self.lang, day));
            args.set("first", amount(first));
            args.set("since", text::date(self.lang, since));
            args
        };
        let measured = match self.measurements {
            [] => (NOTHING, "picture-no-measurements", Args::default()),
            [only] => (MEASURED, "picture-measurement", valued(*only, *only)),
            [first, .., latest] => (MEASURED, "picture-measurements", valued(*latest, *first)),
        };
        let counted = |sign, key, kind| {
            let count = self.marks.iter().filter(|(_, mark)| *mark == kind).count();
            (count > 0).then(|| (sign, key, Args::one("count", count)))
        };
        let parts = [
            Some(measured),
            self.baseline.map(|known| (BASELINE, "picture-baseline", valued(known, known))),
            self.target.map(|known| (TARGET, "picture-target", valued(known, known))),
            self.course().map(|_| (COURSE, "picture-course", Args::default())),
            counted(ASSESSMENT, "picture-assessment", Mark::Assessment),
            counted(VOICE, "picture-voice", Mark::CitizenVoice),
        ];
        parts.into_iter().flatten()
    }

    /// Two to five round numbers around all values, with their labels; those that no value can reach have none.
    fn ticks(&self) -> Vec<(i128, String)> {
        let all = self.known().map(|(_, value)| i128::from(value.0));
        let (Some(low), Some(high)) = (all.clone().min(), all.max()) else { return Vec::new() };
        let room = if low == high { (low.abs() / 20).max(if low == 0 { 1_000_000 } else { 1 }) } else { 0 };
        let around = |step: i128| ((low - room).div_euclid(step), -(-high - room).div_euclid(step), step);
        let steps = (0..20).flat_map(|power| [10, 20, 25, 50].map(|first| first * 10_i128.pow(power) / 10));
        let (from, to, step) = steps.map(around).find(|(from, to, _)| to - from <= 4).unwrap_or((0, 1, i128::MAX));
        let label = |tick| i64::try_from(tick).map(|tick| text::number(self.lang, Quantity(tick))).unwrap_or_default();
        (from..=to).map(|count| (count * step, label(count * step))).collect()
    }
}

/// What is drawn so far and how far down it reaches; and where on the paper values and days have their places.
struct Sheet<'t> {
    trend: &'t Trend<'t>,
    ticks: Vec<(i128, String)>,
    days: Vec<NaiveDate>,
    across: [f64; 2],
    drawn: String,
    y: f64,
}

impl<'t> Sheet<'t> {
    fn of(trend: &'t Trend<'t>) -> Self {
        let ticks = trend.ticks();
        let days = trend.known().map(|(day, _)| day.day()).chain(trend.marks.iter().map(|(day, _)| day.day()));
        let days = days.clone().min().into_iter().chain(days.max()).collect();
        let left = 18.0 + EDGE + ticks.iter().map(|(_, label)| width(label, TEXT)).fold(EDGE, f64::max);
        // To the right of the last mark, there is room for the number of those that share its place.
        let right = WIDE - 2.0 * EDGE - width(&trend.marks.len().to_string(), TEXT);
        Sheet { trend, ticks, days, across: [left, right], drawn: String::new(), y: 8.0 }
    }

    fn x(&self, day: NaiveDate) -> f64 {
        let ([left, right], [first, last]) = (self.across, self.days.as_slice()) else { return EDGE };
        let (past, all) = ((day - *first).num_days() as f64, (*last - *first).num_days() as f64);
        left + (right - left) * if all > 0.0 { past / all } else { 0.5 }
    }

    fn text(&mut self, (x, y): (f64, f64), how: &str, text: &str) {
        let _ = write!(self.drawn, "<text x='{x:.1}' y='{y:.1}' fill='#1a1a1a' {how}>{}</text>", escape(text));
    }

    fn line(&mut self, (colour, dashes, ..): Sign, points: impl IntoIterator<Item = (f64, f64)>) {
        let points: String = points.into_iter().map(|(x, y)| format!("{x:.1},{y:.1} ")).collect();
        let _ = write!(self.drawn, "<polyline points='{points}' stroke='{colour}' stroke-dasharray='{dashes}'/>");
    }

    fn shape(&mut self, (colour, _, outline, fill): Sign, (x, y): (f64, f64)) {
        let _ = write!(self.drawn, "<path d='M{x:.1} {y:.1}{outline}' stroke='{colour}' fill='{fill}'/>");
    }

    fn heading(&mut self) {
        let (title, unit, bold) = (self.trend.title, self.trend.unit, "font-size='26' font-weight='bold'");
        for (text, most, how, size) in [(title, 3, bold, 28.6), (unit, 1, "", TEXT)] {
            for line in wrap(text, most, size, WIDE - 2.0 * EDGE) {
                self.y += LINE;
                self.text((EDGE, self.y - 4.0), how, &line);
            }
        }
    }

    fn plot(&mut self) {
        let (trend, ticks, top) = (self.trend, std::mem::take(&mut self.ticks), self.y + 20.0);
        let ([left, _], Some((low, _)), Some((high, _))) = (self.across, ticks.first(), ticks.last()) else { return };
        let y = |value: i128| top + 240.0 * (high - value) as f64 / (high - low).max(1) as f64;
        let at = |sheet: &Self, (day, value): (Date, Quantity)| (sheet.x(day.day()), y(i128::from(value.0)));
        for (tick, label) in ticks.iter().filter(|(_, label)| !label.is_empty()) {
            self.line(GRID, self.across.map(|x| (x, y(*tick))));
            self.text((left - 18.0, y(*tick) + 8.0), "text-anchor='end'", label);
        }
        let level = trend.target.map(|target| at(self, target).1);
        level.into_iter().for_each(|y| self.line(TARGET, self.across.map(|x| (x, y))));
        trend.course().into_iter().for_each(|course| self.line(COURSE, course.map(|known| at(self, known))));
        let measured: Vec<(f64, f64)> = trend.measurements.iter().map(|known| at(self, *known)).collect();
        self.line(MEASURED, measured.iter().copied());
        trend.baseline.into_iter().for_each(|baseline| self.shape(BASELINE, at(self, baseline)));
        trend.target.into_iter().for_each(|target| self.shape(TARGET, at(self, target)));
        // So many dots can be told apart; of more, the first and the last are drawn.
        let each = if measured.len() > 40 { measured.len() - 1 } else { 1 };
        measured.iter().step_by(each).for_each(|place| self.shape(MEASURED, *place));
        self.y = top + 240.0;
    }

    /// The marks below the plot, a row for each kind; those that would cover each other are one, with their number.
    fn band(&mut self) {
        self.y += 14.0;
        let number = |count: usize| if count > 1 { count.to_string() } else { String::new() };
        for (sign, kind) in [(ASSESSMENT, Mark::Assessment), (VOICE, Mark::CitizenVoice)] {
            let mut groups: Vec<(f64, usize)> = Vec::new();
            for x in self.trend.marks.iter().filter(|(_, mark)| *mark == kind).map(|(day, _)| self.x(day.day())) {
                match groups.last_mut() {
                    Some((at, count)) if x - *at < 32.0 + width(&number(*count), TEXT) => *count += 1,
                    _ => groups.push((x, 1)),
                }
            }
            self.y += if groups.is_empty() { 0.0 } else { LINE };
            for (x, count) in groups {
                self.shape(sign, (x, self.y - 14.0));
                self.text((x + 16.0, self.y - 6.0), "", &number(count));
            }
        }
    }

    /// The axis with the first day, the last, and as many starts of years or months between as have room.
    fn calendar(&mut self) {
        let [first, last] = self.days.as_slice() else { return };
        let (first, last, [left, right], axis, lang) = (*first, *last, self.across, self.y + 4.0, self.trend.lang);
        let month = |day: NaiveDate| day.year() * 12 + day.month0() as i32;
        let per_month = (right - left) / ((last - first).num_days().max(1) as f64 / 30.5);
        let mut steps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000].into_iter();
        let step = steps.find(|step| f64::from(*step) * per_month > 84.0).unwrap_or(60_000);
        let months = (month(first)..=month(last)).filter(|month| month % step == 0);
        let starts = months.filter_map(|month| NaiveDate::from_ymd_opt(month / 12, (month % 12) as u32 + 1, 1));
        let name = |day: NaiveDate| if day.month() == 1 { day.year().to_string() } else { short(lang, day).1 };
        let starts = starts.filter(|day| first < *day && *day < last).map(|day| (day, name(day)));
        let mut taken: Vec<(f64, f64)> = Vec::new();
        self.line(AXIS, self.across.map(|x| (x, axis)));
        for (day, name) in [first, last].map(|day| (day, short(lang, day).0)).into_iter().chain(starts) {
            let (x, half) = (self.x(day), width(&name, TEXT) / 2.0);
            let middle = x.min(WIDE - EDGE - half).max(EDGE + half);
            self.line(AXIS, [(x, axis), (x, axis + 8.0)]);
            if taken.iter().all(|(other, reach)| (middle - other).abs() > half + reach + 10.0) {
                taken.push((middle, half));
                self.text((middle, axis + 30.0), "text-anchor='middle'", &name);
            }
        }
        self.y = axis + 50.0;
    }

    fn legend(&mut self) {
        let mut x = WIDE;
        for (sign, key, args) in self.trend.parts() {
            let label = wrap(&say(self.trend.lang, key, &args), 1, TEXT, WIDE - 2.0 * EDGE - 52.0).concat();
            let end = 52.0 + width(&label, TEXT);
            if x + end > WIDE - EDGE {
                (x, self.y) = (EDGE, self.y + LINE);
            }
            if !sign.1.is_empty() {
                self.line(sign, [(x, self.y - 14.0), (x + 42.0, self.y - 14.0)]);
            }
            self.shape(sign, (x + 21.0, self.y - 14.0));
            self.text((x + if sign == NOTHING { 0.0 } else { 52.0 }, self.y - 6.0), "", &label);
            // Two columns, unless a label reaches into the second.
            x = if x + end < WIDE / 2.0 { WIDE / 2.0 } else { WIDE };
        }
    }
}

/// A date with its month cut to three letters, if that is worth it; and that month.
fn short(lang: Lang, day: NaiveDate) -> (String, String) {
    let date = text::date(lang, Date::of(day));
    let month = date.split(' ').nth(1).unwrap_or_default();
    let point = if lang == Lang::Da { "." } else { "" };
    let cut = if month.chars().count() > 4 { format!("{month:.3}{point}") } else { month.to_owned() };
    (date.replace(month, &cut), cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(day: &str, millionths: i64) -> (Date, Quantity) {
        (Date::parse(day).unwrap(), Quantity(millionths))
    }

    fn trend<'a>(measurements: &'a [(Date, Quantity)], marks: &'a [(Date, Mark)]) -> Trend<'a> {
        let (baseline, target) = (Some(known("2025-01-01", 58_000_000)), Some(known("2025-12-31", 65_000_000)));
        Trend { title: "Gå", unit: "%", finding: "Fremad.", baseline, target, measurements, marks, lang: Lang::Da }
    }

    /// The picture, in which every element ends, every place is one, and every letter is one that XML holds.
    fn drawn(trend: &Trend) -> String {
        let (picture, mut open) = (svg(trend), Vec::new());
        for part in picture.split('<').skip(1) {
            let (tag, text) = part.split_once('>').unwrap();
            assert!(!text.contains('>') && tag.matches('\'').count() % 2 == 0, "{part}");
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name), "{part}"),
                None if tag.ends_with('/') => {}
                None => open.push(tag.split(' ').next().unwrap()),
            }
        }
        assert!(open.is_empty() && !picture.contains("NaN") && !picture.chars().any(char::is_control), "{picture}");
        picture
    }

    #[test]
    fn a_hostile_title_is_text_and_no_more() {
        let title = "\u{0}\u{fffe}\"'/><script>alert('&')</script>".repeat(9);
        let picture = drawn(&Trend { title: &title, unit: "</title>", finding: "<g\u{1b}>", ..trend(&[], &[]) });
        assert!(!picture.contains("<script") && picture.contains("…</text>"));
        assert!(picture.contains("<title>&#34;&#39;/&#62;&#60;script&#62;alert(&#39;&#38;&#39;)&#60;/script&#62;"));
    }

    #[test]
    fn what_there_is_not_is_said_in_both_languages() {
        for lang in Lang::ALL {
            let none = escape(&say(lang, "picture-no-measurements", &Args::default()));
            let bare = Trend { baseline: None, target: None, lang, ..trend(&[], &[]) };
            assert_eq!(drawn(&Trend { lang, ..trend(&[], &[]) }).matches(&none).count(), 3);
            assert!(drawn(&bare).contains(&none) && !drawn(&bare).contains("#444"));
        }
    }

    #[test]
    fn any_number_of_any_values_is_drawn() {
        let largest = 9_000_000_000_000_000_000;
        let all: Vec<_> = (0..2_000).map(|n| known("2025-01-01", n * 7_919_000_000 % 1_009_000_000)).collect();
        let marks: Vec<_> = all.iter().map(|(day, _)| (*day, Mark::CitizenVoice)).collect();
        assert!(drawn(&trend(&all, &marks)).len() < 200_000);
        for series in [
            vec![known("2025-03-31", 58_000_000)],
            vec![known("2025-03-31", 0), known("2025-06-30", 0)],
            vec![known("0001-01-01", -largest), known("9999-12-31", largest)],
            vec![known("2025-03-31", largest), known("2025-03-31", largest - 1)],
            vec![known("2025-03-31", i64::MAX)],
        ] {
            let bare = Trend { baseline: None, target: None, unit: "", lang: Lang::En, ..trend(&series, &marks) };
            assert_eq!(drawn(&Trend { marks: &[], ..bare }).matches("<path").count(), series.len() + 1, "{series:?}");
            drawn(&trend(&series, &marks));
        }
    }
}
