//! What the circle and the table share: what is known, what a pair is drawn as, and names that fit.

use std::fmt::Write as _;

use crate::text::drawn::{escape, width, wrap};
use crate::text::{self, Args, Lang};

/// How two units stand to each other: how many commitments there are between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The place of the one unit among the units.
    pub a: usize,
    /// The place of the other.
    pub b: usize,
    /// Those that every party has confirmed: not yet due, or kept.
    pub confirmed: usize,
    /// Those that some party has not answered.
    pub proposed: usize,
    /// Those that were not kept in time.
    pub lapsed: usize,
}

/// What is known of who works with whom in a year.
#[derive(Debug, Clone, Copy)]
pub struct Collaboration<'a> {
    /// What the picture is called.
    pub title: &'a str,
    /// What it tells, in a sentence in the language of the reader.
    pub finding: &'a str,
    /// The units by area and name: the name of each, and of the area that it stands under, which may be empty.
    pub units: &'a [(&'a str, &'a str)],
    /// The pairs that have commitments, each once.
    pub pairs: &'a [Pair],
    /// The pairs that should have a commitment and have none, each once.
    pub silent: &'a [(usize, usize)],
    /// The language of the reader.
    pub lang: Lang,
}

pub(super) const WIDE: f64 = 640.0;
pub(super) const EDGE: f64 = 14.0;
/// The most units that are drawn.
pub(super) const MOST: usize = 300;

/// What a pair is drawn as: the best that stands between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Confirmed,
    Proposed,
    Lapsed,
    Silent,
}

impl Kind {
    pub(super) const ALL: [Kind; 4] = [Kind::Confirmed, Kind::Proposed, Kind::Lapsed, Kind::Silent];

    /// The message that explains it.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Kind::Confirmed => "graph-confirmed",
            Kind::Proposed => "graph-proposed",
            Kind::Lapsed => "graph-lapsed",
            Kind::Silent => "graph-silent",
        }
    }

    /// Never what alone tells it from the others: dashes and shapes do.
    pub(super) const fn colour(self) -> &'static str {
        match self {
            Kind::Confirmed => "#0b4f8a",
            Kind::Proposed => "#00695c",
            Kind::Lapsed => "#a3360b",
            Kind::Silent => "#666",
        }
    }
}

/// What stands between two units that are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tie {
    pub(super) units: [usize; 2],
    pub(super) kind: Kind,
    /// How many there are of the kind.
    pub(super) count: usize,
    /// Whether some have lapsed, whatever the kind.
    pub(super) lapsed: bool,
}

impl Collaboration<'_> {
    fn is_pair(&self, a: usize, b: usize, most: usize) -> bool {
        a != b && a.max(b) < most.min(self.units.len())
    }

    /// The best last, so that it is drawn on top.
    fn ties(&self) -> Vec<Tie> {
        let pairs = self.pairs.iter().filter_map(|pair| {
            let kinds = Kind::ALL.into_iter().zip([pair.confirmed, pair.proposed, pair.lapsed]);
            let (kind, count) = kinds.into_iter().find(|(_, count)| *count > 0)?;
            Some(Tie { units: [pair.a, pair.b], kind, count, lapsed: pair.lapsed > 0 })
        });
        let silent =
            self.silent.iter().map(|(a, b)| Tie { units: [*a, *b], kind: Kind::Silent, count: 1, lapsed: false });
        let mut ties: Vec<Tie> =
            pairs.chain(silent).filter(|Tie { units: [a, b], .. }| self.is_pair(*a, *b, MOST)).collect();
        ties.sort_by_key(|tie| std::cmp::Reverse(tie.kind));
        ties
    }

    /// What there is in all, drawn or not, in sentences.
    pub(super) fn said(&self) -> impl Iterator<Item = String> {
        let known = self.pairs.iter().filter(|pair| self.is_pair(pair.a, pair.b, usize::MAX));
        let total = |of: fn(&Pair) -> usize| Some(known.clone().map(of).fold(0, usize::saturating_add));
        let silent = self.silent.iter().filter(|(a, b)| self.is_pair(*a, *b, usize::MAX)).count();
        let totals = [
            ("graph-units", Some(self.units.len())),
            ("graph-confirmed.said", total(|pair| pair.confirmed)),
            ("graph-proposed.said", total(|pair| pair.proposed)),
            ("graph-lapsed.said", total(|pair| pair.lapsed)),
            ("graph-silent.said", Some(silent).filter(|count| *count > 0)),
            ("graph-more", Some(self.units.len().saturating_sub(MOST)).filter(|count| *count > 0)),
        ];
        let lang = self.lang;
        totals.into_iter().filter_map(move |(key, count)| text::try_say(lang, key, &Args::one("count", count?)))
    }
}

/// What is drawn so far and how far down it reaches.
pub(super) struct Sheet<'p> {
    pub(super) lang: Lang,
    pub(super) units: &'p [(&'p str, &'p str)],
    pub(super) ties: Vec<Tie>,
    pub(super) drawn: String,
    pub(super) y: f64,
    /// Whether there are numbers in it that need an explanation.
    pub(super) counted: bool,
}

impl<'p> Sheet<'p> {
    pub(super) fn of(picture: &Collaboration<'p>) -> Self {
        let units = picture.units.get(..MOST).unwrap_or(picture.units);
        Sheet { lang: picture.lang, units, ties: picture.ties(), drawn: String::new(), y: 8.0, counted: false }
    }

    pub(super) fn text(&mut self, (x, y): (f64, f64), how: &str, text: &str) {
        let _ = write!(self.drawn, "<text x='{x:.1}' y='{y:.1}' fill='#1a1a1a' {how}>{}</text>", escape(text));
    }

    pub(super) fn paragraph(&mut self, text: &str, most: usize, size: f64, weight: &str) {
        for line in wrap(text, most, if weight == "bold" { size * 1.1 } else { size }, WIDE - 2.0 * EDGE) {
            self.y += size * 1.3;
            self.text((EDGE, self.y), &format!("font-size='{size}' font-weight='{weight}'"), &line);
        }
        self.y += 6.0;
    }
}

/// A name in at most two lines, with a word that is too long for one parted.
pub(super) fn two_lines(name: &str, size: f64, room: f64) -> Vec<String> {
    if width(name, size) <= room {
        return vec![name.to_owned()];
    }
    let words: Vec<String> = name.split_whitespace().map(|word| parted(word, size, room)).collect();
    wrap(&words.join(" "), 2, size, room).into_iter().map(|line| line.replace("-…", "…")).collect()
}

/// A word in two, with a hyphen, when a line cannot hold it: best after the s that joins two Danish words, otherwise
/// before a syllable.
fn parted(word: &str, size: f64, room: f64) -> String {
    if width(word, size) <= room - 0.8 * size {
        return word.to_owned();
    }
    let vowel = |letter: char| "aeiouyæøå".contains(letter);
    let likely = |head: &str, tail: &str| {
        let mut letters = tail.chars();
        let [Some(first), Some(second), Some(_)] = [letters.next(), letters.next(), letters.next()] else { return 0 };
        let syllable = first.is_alphabetic() && !vowel(first) && (vowel(second) || "rlj".contains(second));
        let joint = head.ends_with('s') && !"kpt".contains(first) && width(head, size) * 2.0 > room;
        1 + usize::from(syllable) + usize::from(syllable && joint)
    };
    let parts = word.char_indices().skip(3).filter_map(|(at, _)| word.split_at_checked(at));
    let parts = parts.take_while(|(head, _)| width(head, size) + 1.5 * size <= room);
    let best = parts.max_by_key(|(head, tail)| (likely(head, tail), head.len()));
    best.map_or_else(|| word.to_owned(), |(head, tail)| format!("{head}- {tail}"))
}

/// A name in one line. One that is too long keeps its beginning and a short last word, for names of a kind often
/// differ only there.
pub(super) fn one_line(name: &str, size: f64, room: f64) -> String {
    if width(name, size) <= room {
        return name.to_owned();
    }
    let last = name.split_whitespace().last().map(|word| format!(" {word}")).unwrap_or_default();
    let last = if width(&last, size) < room * 0.3 { last } else { String::new() };
    let heads = name.char_indices().filter_map(|(at, _)| name.split_at_checked(at)).map(|(head, _)| head);
    let room = room - width(&last, size) - size * 1.05;
    let head = heads.take_while(|head| width(head, size) <= room).last().unwrap_or_default();
    format!("{}…{last}", head.trim_end_matches(|letter: char| !letter.is_alphanumeric()))
}
