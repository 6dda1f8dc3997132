//! The two rules of the map.
//!
//! 1. Layers inside a feature: `model` and `input` (pure) ← `policy` (pure) ← `store` ← what happens ← `view` ← `api`.
//!    The floors of the agreement are layers of their own kind, each above the one before it.
//! 2. Features in the order of `lib.rs`: an arrow points to what stands earlier. `api` modules stand above all lower
//!    layers, and use of other features' outermost layer only the views.

use std::collections::BTreeMap;

use super::arrows;

/// The floors inside `agreements/`, lowest first.
const FLOORS: [&str; 15] = [
    "route",
    "sections",
    "agreement",
    "observations",
    "goals",
    "effects",
    "commitments",
    "collaboration",
    "comments",
    "imports",
    "draft",
    "search",
    "approval",
    "views",
    "api",
];

/// Features that stand above everybody's `api`.
const ABOVE_API: [&str; 5] = ["routes", "openapi", "demo", "cli", "main"];

/// The features, in the order of the list in `lib.rs`.
pub fn map(sources: &BTreeMap<String, String>) -> Vec<String> {
    let listed = sources["lib.rs"].lines().filter_map(|line| line.strip_prefix("//! - [`"));
    listed.filter_map(|line| line.split('`').next().map(str::to_owned)).collect()
}

/// The feature that a file belongs to.
pub fn feature(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

/// Every arrow against a rule, in words.
pub fn broken(sources: &BTreeMap<String, String>) -> Vec<String> {
    let map = map(sources);
    let rank = |file: &str| map.iter().position(|known| known == feature(file)).unwrap_or(map.len());
    let mut found = Vec::new();
    for (from, targets) in arrows::of(sources).iter().filter(|(from, _)| *from != "lib.rs") {
        for to in targets {
            if let Some(why) = wrong(from, to, &rank) {
                found.push(format!("{from} imports {to}: {why}"));
            }
        }
    }
    found
}

fn wrong(from: &str, to: &str, rank: &impl Fn(&str) -> usize) -> Option<String> {
    let same = feature(from) == feature(to);
    let own_api = same && is_api(from);
    if is_api(to) && !own_api && !is_view(to) && !ABOVE_API.contains(&feature(from)) {
        return Some("what stands in an api is for nobody but its own api and the list of routes".to_owned());
    }
    if rank(to) > rank(from) && !is_api(from) {
        return Some(format!("{} stands later on the map than {}", feature(to), feature(from)));
    }
    if !same {
        return None;
    }
    if feature(from) == "agreements"
        && let (Some(lower), Some(higher)) = (floor(from), floor(to))
        && lower != higher
    {
        return (higher > lower).then(|| format!("{} is a floor above {}", FLOORS[higher], FLOORS[lower]));
    }
    let (below, above) = (layer(from), layer(to));
    let together = folder(from) == folder(to) || feature(from) != "agreements";
    (together && above > below).then(|| "a lower layer uses a higher one".to_owned())
}

fn parts(file: &str) -> Vec<&str> {
    file.trim_end_matches(".rs").split('/').collect()
}

fn is_api(file: &str) -> bool {
    parts(file).iter().skip(1).any(|part| *part == "api")
}

fn is_view(file: &str) -> bool {
    parts(file).iter().skip(1).any(|part| matches!(*part, "view" | "views"))
}

fn floor(file: &str) -> Option<usize> {
    parts(file).get(1).and_then(|part| FLOORS.iter().position(|floor| floor == part))
}

fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// How high a file stands in its feature; what is neither named is work that happens, below views.
fn layer(file: &str) -> usize {
    let rank = |part: &&str| match *part {
        "model" | "state" | "timeline" => Some(0),
        "input" => Some(1),
        "policy" => Some(2),
        "store" => Some(3),
        "view" | "views" => Some(5),
        "api" => Some(6),
        _ => None,
    };
    parts(file).iter().skip(1).find_map(rank).unwrap_or(4)
}
