//! Pictures of any size, in which nothing is lost and nothing breaks out of its place.

use super::*;
use crate::text::Lang;

const NAMES: [&str; 6] = [
    "Social- og Handicapcentret",
    "Børnehuset Ærten",
    "Skolen ved Skoven",
    "Arbejdsmarkedscentret",
    "Hjemmeplejen, distrikt Nord",
    "Hjemmeplejen, distrikt Syd",
];
const AREAS: [&str; 4] = ["Arbejdsmarked", "Børn og Unge", "Kultur", "Social og Sundhed"];

fn units(count: usize) -> Vec<(&'static str, &'static str)> {
    (0..count).map(|at| (NAMES[at % NAMES.len()], AREAS[at * AREAS.len() / count])).collect()
}

/// All kinds there are, for as many of the pairs as there are units.
fn ring(count: usize) -> Vec<Pair> {
    let to = |a: usize| ((a + 1) % count, a % 3, (a + 1) % 3, usize::from(a.is_multiple_of(4)));
    let pair = |a| {
        let (b, confirmed, proposed, lapsed) = to(a);
        Pair { a, b, confirmed, proposed, lapsed }
    };
    (0..count).map(pair).collect()
}

fn of<'a>(units: &'a [(&'a str, &'a str)], pairs: &'a [Pair]) -> Collaboration<'a> {
    Collaboration { title: "Samarbejde", finding: "Mange.", units, pairs, silent: &[], lang: Lang::Da }
}

/// The picture, in which every element ends, every text begins within, and every letter is one that XML holds.
fn drawn(picture: &Collaboration<'_>) -> String {
    let (svg, mut open) = (svg(picture), Vec::new());
    for part in svg.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        assert!(!text.contains('>') && tag.matches('\'').count().is_multiple_of(2), "{part}");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{part}"),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split(' ').next().unwrap()),
        }
        let x = tag.split_once(" x='").map(|(_, rest)| rest.split_once('\'').unwrap().0.parse::<f64>().unwrap());
        assert!(x.is_none_or(|x| (EDGE..=WIDE - 4.0).contains(&x)), "{part}");
    }
    assert!(open.is_empty() && !svg.contains("NaN") && !svg.contains("inf") && !svg.chars().any(char::is_control));
    svg
}

fn described(svg: &str) -> &str {
    svg.split_once("<desc>").unwrap().1.split_once("</desc>").unwrap().0
}

#[test]
fn hostile_names_are_text_and_no_more() {
    let name = "\u{0}\u{fffe}\"'/><script>alert('&')</script>\u{1b}".repeat(5);
    for count in [1, 5, 13, 60] {
        let units = vec![(name.as_str(), "</title><g onload='x'>"); count];
        let pairs = ring(count);
        let svg = drawn(&Collaboration { title: &name, finding: &name, ..of(&units, &pairs) });
        assert!(!svg.contains("<script") && !svg.contains("<g onload") && svg.contains("…</text>"));
        assert!(svg.matches("<title>&#34;&#39;/&#62;&#60;script&#62;alert").count() > count);
    }
}

#[test]
fn any_number_of_units_is_drawn_with_whole_names_in_both_languages() {
    for lang in Lang::ALL {
        for count in [0, 1, 2, 3, 4, 5, 12, 13, 24, 25, 60, 64, 150, 300, 301, 999] {
            let (units, pairs) = (units(count), if count > 1 { ring(count) } else { Vec::new() });
            let svg = drawn(&Collaboration { lang, ..of(&units, &pairs) });
            assert_eq!(
                svg.matches("<g><title>").count() + svg.matches("'><title>").count(),
                1 + count.min(MOST),
                "{count}"
            );
            assert_eq!(svg.matches("<circle").count(), if count <= circle::MOST { count } else { 0 });
            let more = say(lang, "graph-more", &Args::one("count", count.saturating_sub(MOST)));
            assert_eq!(svg.contains(&more), count > MOST, "{count}");
            assert!(!svg.contains("graph-") && svg.contains(&format!("lang='{}'", lang.tag())), "{svg}");
        }
    }
}

#[test]
fn the_description_tells_the_totals_and_ignores_what_is_out_of_range() {
    let pairs = [
        Pair { a: 0, b: 1, confirmed: 2, proposed: 1, lapsed: 1 },
        Pair { a: 1, b: 4, confirmed: 0, proposed: 3, lapsed: 0 },
        Pair { a: 3, b: 3, confirmed: 9, proposed: 9, lapsed: 9 },
        Pair { a: 5, b: 0, confirmed: 9, proposed: 9, lapsed: 9 },
        Pair { a: usize::MAX, b: 0, confirmed: usize::MAX, proposed: 9, lapsed: 9 },
    ];
    let silent = [(2, 3), (2, 2), (5, 1), (0, usize::MAX)];
    let svg = drawn(&Collaboration { silent: &silent, ..of(&units(5), &pairs) });
    assert_eq!(
        described(&svg),
        "Mange. Der er 5 enheder. 2 tilsagn er bekræftet. 4 tilsagn er foreslået og venter på svar. Ét tilsagn er \
         bortfaldet, fordi det ikke blev holdt til tiden. To enheder burde have et tilsagn sammen, men har ingen."
    );
    // The lines and their samples: one confirmed, one proposed, one silent; and what is thicker, and crossed.
    for (sign, count) in [("#0b4f8a", 4), ("stroke-dasharray='10 6'", 2), ("stroke-dasharray='.1 7'", 2), ("l16 16", 4)]
    {
        assert_eq!(svg.matches(sign).count(), count, "{sign}");
    }
}

#[test]
fn a_table_shows_each_pair_on_both_sides_of_the_diagonal() {
    let pairs = [
        Pair { a: 0, b: 12, confirmed: 12, proposed: 0, lapsed: 0 },
        Pair { a: 1, b: 2, confirmed: 0, proposed: 1, lapsed: 1 },
    ];
    let svg = drawn(&Collaboration { silent: &[(3, 4), (4, 3), (9, 13)], ..of(&units(13), &pairs) });
    let dots = svg.split("<path d='").find(|path| path.contains("'#666'")).unwrap();
    assert_eq!(dots.matches("h.01").count(), 4);
    assert_eq!(svg.matches(">12</text>").count(), 4, "the row, the column and twice the number");
    for word in ["Bekræftet", "Foreslået", "Tilsagn mangler", "Delvist bortfaldet", "Antal tilsagn"] {
        assert!(svg.contains(&format!(">{word}</text>")), "{word}");
    }
    assert!(!svg.contains(">Bortfaldet</text>") && !svg.contains("Tykkere"), "there is no such sign");
    AREAS.iter().for_each(|area| assert_eq!(svg.matches(&format!(">{area}</text>")).count(), 1, "{area}"));
}

#[test]
fn a_picture_stays_small_whatever_the_names() {
    let name = "&".repeat(200);
    let units = vec![(name.as_str(), name.as_str()); 300];
    let all = |count: usize| (0..count).flat_map(move |a| (0..a).map(move |b| (a, b)));
    let pairs =
        |count| all(count).map(|(a, b)| Pair { a, b, confirmed: 99, proposed: 9, lapsed: 9 }).collect::<Vec<_>>();
    assert!(drawn(&of(&units[..12], &pairs(12))).len() < 60_000);
    assert!(drawn(&of(&units[..60], &pairs(60)[..400])).len() < 200_000);
    assert!(drawn(&of(&units[..60], &pairs(60))).len() < 400_000);
    assert!(drawn(&of(&units, &pairs(300))).len() < 6_000_000);
}

#[test]
fn every_number_of_units_has_its_words_and_no_pair_is_no_picture_of_pairs() {
    assert!(described(&drawn(&of(&[], &[]))).contains("Der er ingen enheder."));
    assert!(described(&drawn(&of(&units(1), &[]))).contains("Der er én enhed."));
    for count in [2, 13] {
        let svg = drawn(&of(&units(count), &[]));
        assert!(svg.contains(">Enhederne har ikke lovet hinanden noget endnu.</text>") && !svg.contains("Bekræftet<"));
    }
}

#[test]
fn long_names_are_parted_where_they_are_spoken_and_keep_what_tells_them_apart() {
    for (name, lines) in [
        ("Arbejdsmarkedscentret", ["Arbejdsmarkeds-", "centret"]),
        ("Social- og Handicapcentret", ["Social- og", "Handicapcentret"]),
        ("Det Genoptræningscenter", ["Det", "Genoptræningscenter"]),
    ] {
        assert_eq!(draw::two_lines(name, 18.0, 190.0)[0], lines[0]);
    }
    assert_eq!(draw::one_line("Hjemmeplejen, distrikt Nord", 12.0, 150.0), "Hjemmeplejen… Nord");
    assert_eq!(draw::one_line("Arbejdsmarkedscentret", 12.0, 120.0), "Arbejdsmarked…");
    assert_eq!(draw::one_line("Ærten", 12.0, 120.0), "Ærten");
    assert_eq!(draw::two_lines(&"x".repeat(200), 18.0, 190.0).len(), 2);
    assert!(draw::two_lines("", 18.0, 190.0).concat().is_empty() && draw::one_line("…", 18.0, 1.0) == "…");
}
