//! How the effect of a goal goes, from all that was seen of it. Pure.

use super::reading::{Reading, ReadingCode};
use crate::agreements::observations::model::ObservationKind;
use crate::text_enum;
use crate::types::{Date, Id};

text_enum! {
    /// How the effect of a goal goes.
    pub enum EffectStatus {
        /// It is reached.
        Achieved = "achieved",
        /// It will be reached in time.
        OnTrack = "on_track",
        /// It will not be reached in time.
        OffTrack = "off_track",
        /// It cannot be said yet.
        TooEarly = "too_early",
        /// Nothing tells of it.
        Unknown = "unknown",
        /// What was seen disagrees: something to talk about.
        Contradicted = "contradicted",
    }
}

/// Something that was seen, and what it tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// What kind it is.
    pub kind: ObservationKind,
    /// The indicator it is about.
    pub indicator_id: Option<Id>,
    /// The day; none where nothing was measured.
    pub observed_on: Option<Date>,
    /// How it goes, as it tells.
    pub reading: Reading,
    /// Why.
    pub code: ReadingCode,
}

impl Evidence {
    /// Whether it tells how it goes.
    fn tells(&self) -> bool {
        self.reading != Reading::Unknown
    }
}

/// Days by which something may be older than the newest of all, and still count: half a year.
const COUNTS_FOR: i64 = 184;

/// What counts: of each kind, and of each indicator or of the goal itself, the newest, unless it is more than half a year
/// older than the newest of all, which its code then says. What is not the newest is left out.
pub fn newest(mut all: Vec<Evidence>) -> Vec<Evidence> {
    let of_same = |one: &Evidence, other: &Evidence| (one.kind, one.indicator_id) == (other.kind, other.indicator_id);
    let before = all.clone();
    all.retain(|one| !before.iter().any(|other| of_same(one, other) && other.observed_on > one.observed_on));
    let last = all.iter().filter(|one| one.tells()).filter_map(|one| one.observed_on).max();
    for one in all.iter_mut().filter(|one| one.tells()) {
        let age = last.zip(one.observed_on).map(|(last, day)| last.day().signed_duration_since(day.day()).num_days());
        if age.is_some_and(|age| age > COUNTS_FOR) {
            one.code = ReadingCode::TooOld;
        }
    }
    all
}

/// The status that follows from what counts. Kinds weigh the same, and none outvotes another.
pub fn status(counting: &[Evidence]) -> EffectStatus {
    let kinds: Vec<Reading> = ObservationKind::ALL
        .iter()
        .filter_map(|kind| {
            let of_kind = counting.iter().filter(|one| one.kind == *kind && one.code != ReadingCode::TooOld);
            together(&of_kind.map(|one| one.reading).collect::<Vec<Reading>>())
        })
        .collect();
    let any = |reading: Reading| kinds.contains(&reading);
    let goes_well = any(Reading::Achieved) || any(Reading::OnTrack);
    match (any(Reading::OffTrack), goes_well) {
        (true, true) => EffectStatus::Contradicted,
        (true, false) => EffectStatus::OffTrack,
        (false, true) if any(Reading::OnTrack) => EffectStatus::OnTrack,
        (false, true) => EffectStatus::Achieved,
        (false, false) if any(Reading::TooEarly) => EffectStatus::TooEarly,
        (false, false) => EffectStatus::Unknown,
    }
}

/// What several of one kind tell together; none of none.
fn together(readings: &[Reading]) -> Option<Reading> {
    let any = |reading: Reading| readings.contains(&reading);
    let mut told = readings.iter().filter(|reading| **reading != Reading::Unknown).peekable();
    if readings.is_empty() {
        return None;
    }
    Some(if any(Reading::OffTrack) {
        Reading::OffTrack
    } else if told.peek().is_some() && told.all(|reading| *reading == Reading::Achieved) {
        Reading::Achieved
    } else if any(Reading::OnTrack) {
        Reading::OnTrack
    } else if any(Reading::TooEarly) {
        Reading::TooEarly
    } else {
        Reading::Unknown
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [ObservationKind; 3] =
        [ObservationKind::Measurement, ObservationKind::Assessment, ObservationKind::CitizenVoice];

    fn seen(kind: ObservationKind, of: &str, day: &str, reading: Reading) -> Evidence {
        let code = ReadingCode::Judgement;
        let indicator_id = (!of.is_empty()).then(|| Id::of_name(of));
        Evidence { kind, indicator_id, observed_on: Date::parse(day), reading, code }
    }

    fn of(all: &[Evidence]) -> EffectStatus {
        status(&newest(all.to_vec()))
    }

    #[test]
    fn several_indicators_are_as_good_as_the_worst_of_them() {
        use EffectStatus as S;
        use Reading as R;
        for (readings, told) in [
            (vec![R::Achieved, R::OffTrack, R::OnTrack], S::OffTrack),
            (vec![R::Achieved, R::Achieved], S::Achieved),
            (vec![R::Achieved, R::Unknown], S::Achieved),
            (vec![R::Achieved, R::TooEarly], S::TooEarly),
            (vec![R::Achieved, R::OnTrack], S::OnTrack),
            (vec![R::TooEarly, R::Unknown], S::TooEarly),
            (vec![R::Unknown, R::Unknown], S::Unknown),
            (vec![], S::Unknown),
        ] {
            let one = |(place, reading): (usize, &Reading)| {
                seen(ObservationKind::Measurement, &place.to_string(), "2015-05-14", *reading)
            };
            let all: Vec<Evidence> = readings.iter().enumerate().map(one).collect();
            assert_eq!(of(&all), told, "{readings:?}");
        }
    }

    #[test]
    fn a_number_and_a_judgement_that_disagree_are_something_to_talk_about() {
        let [measured, assessed, said] = KINDS;
        let day = "2015-05-14";
        let good = seen(measured, "andel", day, Reading::Achieved);
        let all = |reading| [good.clone(), seen(assessed, "", day, reading)];
        assert_eq!(of(&all(Reading::OffTrack)), EffectStatus::Contradicted);
        assert_eq!(of(&all(Reading::OnTrack)), EffectStatus::OnTrack, "the more cautious of those that agree");
        assert_eq!(of(&all(Reading::TooEarly)), EffectStatus::Achieved, "what tells nothing yet contradicts nobody");
        let voices = [seen(measured, "andel", day, Reading::OffTrack), seen(said, "", day, Reading::OffTrack)];
        assert_eq!(of(&voices), EffectStatus::OffTrack);
    }

    #[test]
    fn the_newest_of_each_kind_counts_for_half_a_year() {
        let [measured, assessed, _] = KINDS;
        let old = seen(assessed, "", "2014-11-01", Reading::OffTrack);
        let newer = seen(assessed, "", "2014-11-12", Reading::OnTrack);
        let now = seen(measured, "andel", "2015-05-14", Reading::Achieved);
        assert_eq!(of(&[old.clone(), newer.clone(), now.clone()]), EffectStatus::OnTrack, "183 days");
        assert_eq!(of(&[old.clone(), now.clone()]), EffectStatus::Achieved, "194 days");
        let counted = newest(vec![old, now]);
        assert_eq!(counted.first().map(|one| one.code), Some(ReadingCode::TooOld));
        let limit =
            [seen(assessed, "", "2014-11-11", Reading::OffTrack), seen(measured, "a", "2015-05-14", Reading::OnTrack)];
        assert_eq!(of(&limit), EffectStatus::Contradicted, "184 days");
    }

    proptest! {
        #[test]
        fn the_order_in_which_something_is_seen_does_not_count(
            picks in proptest::collection::vec((0_usize..3, 0_usize..3, 1_u32..28, 0_usize..5), 0..8),
        ) {
            let one = |(kind, of, day, reading): &(usize, usize, u32, usize)| {
                seen(KINDS[*kind], ["", "a", "b"][*of], &format!("2015-05-{day:02}"), Reading::ALL[*reading])
            };
            let all: Vec<Evidence> = picks.iter().map(one).collect();
            let backwards: Vec<Evidence> = all.iter().rev().cloned().collect();
            prop_assert_eq!(of(&all), of(&backwards));
        }

        #[test]
        fn it_goes_badly_only_where_something_says_so(
            picks in proptest::collection::vec((0_usize..3, 0_usize..5), 0..6),
        ) {
            let one = |(kind, reading): &(usize, usize)| seen(KINDS[*kind], "", "2015-05-14", Reading::ALL[*reading]);
            let all: Vec<Evidence> = picks.iter().map(one).collect();
            let bad = all.iter().any(|one| one.reading == Reading::OffTrack);
            prop_assert_eq!(matches!(of(&all), EffectStatus::OffTrack | EffectStatus::Contradicted), bad);
        }
    }
}
