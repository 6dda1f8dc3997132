//! Who may do what with an agreement, in which state: everybody × everything × every state, asked over HTTP and kept
//! as grids that people can read. A cell is `ok`, or the code of the refusal.

mod asked;
mod givers;
mod scene;

use std::collections::BTreeMap;

use serde_json::Value;

use self::asked::{MOVES, OF_AGREEMENT, OF_SECTION, READS, WRITES, ask};
use self::scene::{Cast, Scene, Stand};

/// What one caller was answered, by what they asked.
type Answers = BTreeMap<&'static str, String>;

/// What everybody in a scene was answered, in the order of the callers.
type Column = Vec<(&'static str, Answers)>;

/// Plays every stand in a thread of its own.
fn play(cast: Cast, questions: &'static [&'static [&'static str]]) -> Vec<Column> {
    std::thread::scope(|threads| {
        let started: Vec<_> = Stand::ALL
            .iter()
            .map(|stand| {
                threads.spawn(move || {
                    let system = actix_web::rt::System::new();
                    system.block_on(async move { column(&Scene::set(cast, *stand).await, questions).await })
                })
            })
            .collect();
        started.into_iter().map(|thread| thread.join().expect("a scene")).collect()
    })
}

/// What changes nothing is asked by everybody before anybody writes.
async fn column(scene: &Scene, questions: &[&[&'static str]]) -> Column {
    let mut column: Column = scene.callers.iter().map(|(who, _)| (*who, Answers::new())).collect();
    for group in questions {
        for ((_, answers), (who, client)) in column.iter_mut().zip(&scene.callers) {
            for question in *group {
                answers.insert(question, ask(scene, client, question).await);
            }
            if *group == MOVES.as_slice() {
                compare_with_what_is_offered(scene, who, client, answers).await;
            }
        }
    }
    column
}

/// What a resource offers its reader is what the endpoints answer, for each of them and with the same reason.
async fn compare_with_what_is_offered(scene: &Scene, who: &str, client: &crate::support::Client, answers: &Answers) {
    for (address, moves) in [(scene.agreement(), OF_AGREEMENT.as_slice()), (scene.section(), OF_SECTION.as_slice())] {
        let read = client.get(&address).await;
        if read.status != 200 {
            assert!(moves.iter().all(|question| answers[question] != "ok"), "{who} acts on what they do not see");
            continue;
        }
        let offered = read.body["available_actions"].as_array().expect("actions").clone();
        for question in moves {
            let action = question.split(' ').next().unwrap_or_default();
            let offer = offered.iter().find(|offer| offer["action"] == action).expect("an offer");
            let reason = &offer["reasons"][0]["code"];
            let told = if offer["allowed"] == true { Value::from("ok") } else { reason.clone() };
            assert_eq!(told, answers[question], "{who} {question}: {offer}");
        }
    }
}

/// One grid for each question: a line for everybody, a column for each stand.
fn grids(questions: &[&'static str], columns: &[Column]) -> String {
    let mut text = String::new();
    for question in questions {
        text.push_str(&format!("# {question}\n\n{:<32}", ""));
        for stand in Stand::ALL {
            text.push_str(&format!("{:<18}", stand.name()));
        }
        for (line, (who, _)) in columns[0].iter().enumerate() {
            text.push_str(&format!("\n{who:<32}"));
            for column in columns {
                text.push_str(&format!("{:<18}", column[line].1[question]));
            }
        }
        text.push_str("\n\n");
    }
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn everybodys_rights_in_a_centres_agreement_are_known() {
    let columns = play(Cast::Usual, &[&READS, &MOVES, &WRITES]);
    insta::assert_snapshot!("usual_reads", grids(&READS, &columns));
    insta::assert_snapshot!("usual_moves", grids(&MOVES, &columns));
    insta::assert_snapshot!("usual_writes", grids(&WRITES, &columns));
}

#[test]
fn nobody_decides_on_what_they_lead_whatever_else_they_are() {
    let columns = play(Cast::Barred, &[&MOVES]);
    insta::assert_snapshot!("barred_moves", grids(&MOVES, &columns));
}

#[test]
fn an_institution_without_a_leader_is_written_by_one_and_decided_on_by_another() {
    let columns = play(Cast::Vacant, &[&READS, &MOVES, &WRITES]);
    insta::assert_snapshot!("vacant_reads", grids(&READS, &columns));
    insta::assert_snapshot!("vacant_moves", grids(&MOVES, &columns));
    insta::assert_snapshot!("vacant_writes", grids(&WRITES, &columns));
}
