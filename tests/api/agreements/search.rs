//! `?q=`: which agreements are found by which words, and by whom.

use aftalestyring::types::Id;
use serde_json::{Value, json};

use crate::support::{Client, Database, Unit, World, at_once, change};

fn path(id: Id) -> String {
    format!("/api/v1/agreements/{id}")
}

/// The agreements that somebody finds by some words.
async fn found(client: &Client, q: &str) -> Vec<Id> {
    let query = serde_urlencoded::to_string([("q", q)]).expect("a query");
    let page = client.get(&format!("/api/v1/agreements?{query}")).await.ok();
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| Id::parse(item["id"].as_str().expect("an id")).expect("an id")).collect()
}

async fn write(client: &Client, id: Id, key: &str, plan: &str) {
    client.patch(&format!("{}/sections/{key}", path(id)), json!({"content": {"plan": plan}})).await.ok();
}

async fn add_goal(client: &Client, id: Id, goal: Value) -> String {
    client.post(&format!("{}/goals", path(id)), goal).await.ok()["id"].as_str().expect("an id").to_owned()
}

fn goal(title: &str, assessment: &str, effect: &str) -> Value {
    json!({"section_key": "effects", "title": title, "assessment": assessment, "effect": effect})
}

async fn submit(client: &Client, id: Id) {
    client.act(&path(id), "submit", json!({})).await.ok();
}

/// A care home's agreement, submitted to the chief of the social centre.
async fn submitted(world: &World) -> (Id, Client, Client) {
    let id = world.agreement(Unit::CareHome).await;
    let (leader, chief) = (world.as_person("plejehjemsleder"), world.as_person("socialchef"));
    write(&leader, id, "effects", "Vi følger borgerne i hverdagen.").await;
    write(&leader, id, "cross-cutting", "Køkkenet samarbejder med skolehaven.").await;
    add_goal(&leader, id, goal("Færre fald", "Terapeuten vurderer.", "Tryghed om natten")).await;
    submit(&leader, id).await;
    (id, leader, chief)
}

#[actix_web::test]
async fn every_word_must_stand_somewhere_in_the_agreement() {
    let world = World::new().await;
    let (id, leader, chief) = submitted(&world).await;
    let other = world.agreement(Unit::Social).await;
    write(&chief, other, "effects", "Vi følger medarbejderne.").await;
    for words in [
        "hverdagen",
        "skolehaven",
        "SKOLEHAVEN hverdagen",
        "aftale skolehaven",
        "fald terapeuten tryghed",
        "natten, køkkenet!",
        "hverdagen\tfald\nfald",
    ] {
        assert_eq!(found(&leader, words).await, [id], "{words}");
        assert_eq!(found(&chief, words).await, [id], "{words}");
    }
    for words in ["hverdagen medarbejderne", "skolehaven sommerfest", "effects", "plan"] {
        assert!(found(&chief, words).await.is_empty(), "{words}");
    }
    let mut both = [id, other];
    both.sort();
    assert_eq!(found(&chief, "følger").await, both);
    assert_eq!(found(&chief, "aftale 2015").await, both);
    let page = chief.get("/api/v1/agreements?q=aftale&limit=1&include=total&state=draft").await.ok();
    assert_eq!((&page["total"], &page["items"][0]["id"]), (&json!(1), &json!(other)));
}

#[actix_web::test]
async fn a_draft_is_found_by_those_alone_who_see_it() {
    let world = World::new().await;
    let id = world.agreement(Unit::CareHome).await;
    let (leader, chief) = (world.as_person("plejehjemsleder"), world.as_person("socialchef"));
    write(&leader, id, "effects", "Hemmeligheden om haven.").await;
    let goal_id = add_goal(&leader, id, goal("Flere roser", "Gartneren ser efter.", "Duften")).await;
    let nobody_else = ["socialchef", "medarbejder", "socialdirektør", "kommunaldirektør", "skolechef", "læser"];
    for word in ["hemmeligheden", "roser", "gartneren", "duften"] {
        assert_eq!(found(&leader, word).await, [id], "{word}");
        assert_eq!(found(&world.as_person("koordinator"), word).await, [id], "{word}");
        for name in nobody_else.into_iter().chain(["administrator"]) {
            assert!(found(&world.as_person(name), word).await.is_empty(), "{name} finds {word}");
        }
        assert!(found(&world.as_hr(), word).await.is_empty(), "the client finds {word}");
    }
    leader.act(&path(id), "share", json!({"line": true})).await.ok();
    assert_eq!(found(&chief, "hemmeligheden").await, [id]);
    leader.act(&path(id), "share", json!({"people": [world.person("læser")]})).await.ok();
    assert_eq!(found(&world.as_person("læser"), "hemmeligheden roser").await, [id]);
    assert!(found(&chief, "hemmeligheden").await.is_empty());
    assert_eq!(leader.delete(&format!("{}/goals/{goal_id}", path(id))).await.status, 204);
    assert!(found(&leader, "roser").await.is_empty(), "what was deleted");
    write(&leader, id, "effects", "Noget helt andet.").await;
    assert!(found(&leader, "hemmeligheden").await.is_empty(), "what was overwritten");
}

#[actix_web::test]
async fn what_is_being_mended_is_found_by_its_writers_and_what_was_submitted_by_its_readers() {
    let world = World::new().await;
    let (id, leader, chief) = submitted(&world).await;
    assert_eq!(found(&chief, "hverdagen").await, [id]);
    chief.act(&format!("{}/sections/effects", path(id)), "return", json!({"reason": "Hvordan?"})).await.ok();
    write(&leader, id, "effects", "Rettelsen er kladde.").await;
    add_goal(&leader, id, goal("Rettemål", "", "")).await;
    for word in ["rettelsen", "rettemål"] {
        assert!(found(&chief, word).await.is_empty(), "{word}");
        assert_eq!(found(&leader, word).await, [id], "{word}");
    }
    // One word of the mending and one of what was submitted is a look at the mending.
    assert!(found(&chief, "rettelsen skolehaven").await.is_empty());
    assert_eq!(found(&chief, "hverdagen skolehaven").await, [id]);
    submit(&leader, id).await;
    assert_eq!(found(&chief, "rettelsen rettemål skolehaven").await, [id]);
    assert!(found(&chief, "hverdagen").await.is_empty(), "an older revision");
    for key in ["effects", "cross-cutting"] {
        chief.act(&format!("{}/sections/{key}", path(id)), "approve", json!({})).await.ok();
    }
    for reader in [world.as_person("læser"), world.as_hr()] {
        assert_eq!(found(&reader, "rettelsen skolehaven").await, [id]);
    }
    assert!(found(&world.as_person("administrator"), "rettelsen").await.is_empty());
}

#[actix_web::test]
async fn a_recalled_agreement_is_found_by_what_was_submitted_and_not_by_what_is_written() {
    let world = World::new().await;
    let (id, leader, chief) = submitted(&world).await;
    leader.act(&path(id), "recall", json!({})).await.ok();
    write(&leader, id, "effects", "Fortrudt.").await;
    assert!(found(&chief, "fortrudt").await.is_empty());
    assert_eq!(found(&chief, "hverdagen").await, [id]);
    assert_eq!(found(&leader, "fortrudt").await, [id]);
}

#[actix_web::test]
async fn whatever_is_asked_is_words_and_nothing_else() {
    let world = World::new().await;
    let (id, leader, _) = submitted(&world).await;
    let long = "borger ".repeat(142);
    let unbroken = "å".repeat(1000);
    for (q, finds) in [
        ("\"hverdagen\"", true),
        ("hverdagen AND NOT skolehaven OR NEAR", false),
        ("(hverdagen", true),
        ("hverdagen:* & !fald | <->", true),
        ("body : hverdagen", false),
        ("^hverdagen -fald +natten {køkkenet skolehaven}", true),
        ("'; DROP TABLE sections; --", false),
        ("\\' \\\" \\\\ %_*?", false),
        ("!?.,;:-_()[]{}<>&|*'\"\\/%$#@^~`´§", false),
        ("    ", false),
        ("hverdagen 🙂 \u{202e}", true),
        ("\u{1e900}", false),
        (long.as_str(), true),
        (unbroken.as_str(), false),
    ] {
        assert_eq!(found(&leader, q).await, if finds { vec![id] } else { Vec::new() }, "{q}");
    }
    for (q, code) in [("", "length"), ("x".repeat(1001).as_str(), "length"), ("a%00b", "control-character")] {
        let problem = leader.get(&format!("/api/v1/agreements?q={q}")).await.refused(422, "invalid-parameter");
        assert_eq!(problem["errors"][0]["code"], code, "{q}");
    }
}

#[actix_web::test]
async fn a_word_is_found_by_its_stem_on_postgresql_and_by_its_beginning_on_sqlite() {
    let world = World::new().await;
    let (id, leader, chief) = submitted(&world).await;
    let draft = world.agreement(Unit::Social).await;
    write(&chief, draft, "effects", "Gartnerne planlægger.").await;
    let stems = matches!(world.app.database, Database::Postgres { .. });
    for (q, by_stem, by_beginning) in [
        ("borger", true, true),
        ("borgere", true, false),
        ("borgernes", true, false),
        ("bor", false, true),
        ("skolehave", true, true),
        ("skole", false, true),
        ("natten og i hverdagen", true, false),
    ] {
        let finds = if stems { by_stem } else { by_beginning };
        assert_eq!(found(&leader, q).await, if finds { vec![id] } else { Vec::new() }, "{q}");
    }
    for (q, by_stem, by_beginning) in [("gartner", true, true), ("gartneren", true, false), ("gar", false, true)] {
        let finds = if stems { by_stem } else { by_beginning };
        assert_eq!(found(&chief, q).await, if finds { vec![draft] } else { Vec::new() }, "{q}");
    }
    // å, æ and ø are letters of their own.
    for q in ["folger", "vaerdi", "terapeutén"] {
        assert!(found(&leader, q).await.is_empty(), "{q}");
    }
}

#[actix_web::test]
async fn another_municipality_is_not_searched() {
    let (ours, theirs) = World::beside(World::new().await, "Naboby").await;
    let (id, ..) = submitted(&ours).await;
    let (other, ..) = submitted(&theirs).await;
    assert_eq!(found(&ours.as_person("koordinator"), "skolehaven").await, [id]);
    assert_eq!(found(&theirs.as_person("koordinator"), "skolehaven").await, [other]);
}

#[actix_web::test]
async fn what_is_saved_is_found_at_once_by_any_number_who_search_while_others_save() {
    let world = World::new().await;
    let (mine, other) = (world.agreement(Unit::Social).await, world.agreement(Unit::School).await);
    let (chief, coordinator) = (world.as_person("socialchef"), world.as_person("koordinator"));
    for word in ["solsikke", "kornblomst", "valmue"] {
        write(&chief, mine, "effects", &format!("Vi planter {word}.")).await;
        let list = format!("/api/v1/agreements?q={word}");
        let section = format!("{}/sections/effects", path(other));
        let edit = json!({"content": {"plan": format!("Uden for haven: {}", word.len())}});
        let mut changes = vec![change(world.as_person("skolechef"), &section, ("PATCH", section.clone()), edit).await];
        for _ in 0..6 {
            changes.push(change(coordinator.clone(), &section, ("GET", list.clone()), Value::Null).await);
        }
        for (status, answer) in at_once(changes).into_iter().skip(1) {
            assert_eq!((status, &answer["items"][0]["id"]), (200, &json!(mine)), "{word}: {answer}");
        }
    }
    assert_eq!(found(&coordinator, "valmue").await, [mine]);
    assert!(found(&coordinator, "solsikke").await.is_empty(), "it was written over");
}
