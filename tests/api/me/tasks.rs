use aftalestyring::agreements::approval::places::PlaceRow;
use aftalestyring::agreements::sections::model::SectionState;
use aftalestyring::db::migrate;
use aftalestyring::each;
use aftalestyring::schema::route_places;
use aftalestyring::templates::model::Duty;
use aftalestyring::types::Id;
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::support::statements::selects;
use crate::support::{Client, Unit, World};

async fn asked(client: &Client) -> Vec<Value> {
    let tasks = client.get("/api/v1/me/tasks").await.ok();
    let items = tasks["items"].as_array().expect("tasks").iter();
    items.filter(|task| task["kind"] == "answer_comment").cloned().collect()
}

fn comments(agreement: Id) -> String {
    format!("/api/v1/agreements/{agreement}/comments")
}

fn question() -> Value {
    json!({"section_key": "effects", "must_answer": true, "body": "Hvordan måler I det?"})
}

/// The centre's agreement, with its effects before the social director.
async fn submitted() -> (World, Id) {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    world.put_section(agreement, "effects", SectionState::Submitted, "socialdirektør").await;
    (world, agreement)
}

#[actix_web::test]
async fn a_comment_that_must_be_answered_waits_for_the_holder_until_it_is() {
    let (world, agreement) = submitted().await;
    let (director, chief) = (world.as_person("socialdirektør"), world.as_person("socialchef"));
    director.post(&comments(agreement), json!({"section_key": "effects", "body": "Til orientering"})).await.ok();
    assert!(asked(&chief).await.is_empty(), "nothing is demanded");
    let made = director.post(&comments(agreement), question()).await;
    let address = made.header("location").to_owned();
    let made = made.ok();
    let tasks = asked(&chief).await;
    assert_eq!(tasks.len(), 1);
    let task = &tasks[0];
    assert_eq!(task["id"], format!("answer_comment:{}", made["id"].as_str().expect("an id")));
    assert_eq!(task["title"], "Besvar kommentaren til »Borger- og brugereffekter« i Aftale 2015");
    let message = "En godkender har bedt om svar, og ingen har svaret endnu.";
    assert_eq!(task["why"], json!({"code": "answer-comment", "message": message}));
    assert_eq!((&task["href"], &task["section_key"]), (&json!(address), &json!("effects")));
    let version = world.section(agreement, "effects").await.version;
    assert_eq!((&task["etag"], &task["due"]), (&json!(format!("\"{version}.0\"")), &json!("2015-01-15")));
    assert_eq!(
        asked(&chief.in_english()).await[0]["title"],
        "Answer the comment on \"Citizen and user effects\" in Aftale 2015"
    );
    world.app.clock.advance(chrono::Duration::minutes(1));
    director.patch(&address, json!({"body": "Hvordan og hvornår måler I det?"})).await.ok();
    assert_eq!(asked(&chief).await[0]["id"], task["id"], "the task is the same while the question is");
    for nobody in ["medarbejder", "socialdirektør", "koordinator", "skolechef"] {
        assert!(asked(&world.as_person(nobody)).await.is_empty(), "{nobody}");
    }
    let reply = json!({"section_key": "effects", "body": "I december.", "reply_to_id": made["id"]});
    chief.post(&comments(agreement), reply).await.ok();
    assert!(asked(&chief).await.is_empty(), "it is answered");
}

#[actix_web::test]
async fn a_resolved_question_waits_for_nobody_and_a_demand_that_comes_later_does() {
    let (world, agreement) = submitted().await;
    let (director, chief) = (world.as_person("socialdirektør"), world.as_person("socialchef"));
    let made = director.post(&comments(agreement), question()).await;
    let address = made.header("location").to_owned();
    made.ok();
    director.patch(&address, json!({"resolved": true})).await.ok();
    assert!(asked(&chief).await.is_empty());
    let later = chief.post(&comments(agreement), json!({"section_key": "effects", "body": "Jeg spørger selv"})).await;
    let later = later.header("location").to_owned();
    director.patch(&later, json!({"must_answer": true})).await.ok();
    assert!(asked(&chief).await.is_empty(), "nobody answers themselves");
    director.patch(&address, json!({"resolved": false})).await.ok();
    assert_eq!(asked(&chief).await.len(), 1);
}

#[actix_web::test]
async fn a_new_leader_takes_over_what_must_be_answered() {
    let (world, agreement) = submitted().await;
    world.as_person("socialdirektør").post(&comments(agreement), question()).await.ok();
    world.end_appointment("socialchef").await;
    let elsewhere = json!({"person_id": world.person("socialchef"), "org_unit_id": world.unit(Unit::School), "role": "leader", "from": "2014-11-10"});
    world.appoint(elsewhere).await;
    assert!(asked(&world.as_person("socialchef")).await.is_empty());
    let next = json!({"person_id": world.person("medarbejder"), "org_unit_id": world.unit(Unit::Social), "role": "leader", "from": "2014-11-10"});
    world.appoint(next).await;
    assert_eq!(asked(&world.as_person("medarbejder")).await.len(), 1);
}

async fn waiting(client: &Client) -> Vec<Value> {
    client.get("/api/v1/me/tasks").await.ok()["items"].as_array().expect("tasks").clone()
}

async fn submit(world: &World, unit: Unit, holder: &str) -> Id {
    let id = world.agreement(unit).await;
    let holder = world.as_person(holder);
    for key in ["effects", "cross-cutting"] {
        let section = format!("/api/v1/agreements/{id}/sections/{key}");
        holder.patch(&section, json!({"content": {"plan": "Plan"}})).await.ok();
    }
    holder.act(&format!("/api/v1/agreements/{id}"), "submit", json!({})).await.ok();
    id
}

#[actix_web::test]
async fn a_task_tells_what_it_is_about_and_whether_one_returned_it_before() {
    let world = World::new().await;
    let id = submit(&world, Unit::Social, "socialchef").await;
    let (director, chief) = (world.as_person("socialdirektør"), world.as_person("socialchef"));
    let first = waiting(&director).await.remove(0);
    assert_eq!((&first["heading"], &first["label"]), (&json!("Borger- og brugereffekter"), &json!("1A")));
    assert_eq!((&first["revision"], &first["returned_before"]), (&json!(1), &json!(false)));
    let holder = json!([{"person_id": world.person("socialchef"), "name": "socialchef", "acting": false}]);
    assert_eq!((&first["holders"], &first["org_unit"]["name"]), (&holder, &json!("Socialcentret")));
    let section = format!("/api/v1/agreements/{id}/sections/effects");
    director.act(&section, "return", json!({"reason": "Mere"})).await.ok();
    let mending = waiting(&chief).await.remove(0);
    assert_eq!((&mending["kind"], &mending["revision"]), (&json!("answer_return"), &json!(1)));
    assert_eq!(mending["heading"], "Borger- og brugereffekter");
    chief.act(&format!("/api/v1/agreements/{id}"), "submit", json!({})).await.ok();
    let again = waiting(&director).await.remove(0);
    assert_eq!((&again["revision"], &again["returned_before"]), (&json!(2), &json!(true)));
    let message = "Afsnittet venter på din afgørelse igen: du har returneret det før, og dette er udgave 2.";
    assert_eq!(again["why"]["message"], message);
    let other = waiting(&world.as_person("skoledirektør")).await.remove(0);
    assert_eq!(other["returned_before"], false, "somebody else did, and another section");
}

#[actix_web::test]
async fn the_answer_to_a_commitment_names_the_commitment_and_its_section() {
    let world = World::new().await;
    let agreement = world.agreement(Unit::Social).await;
    let partners = json!([{"org_unit_id": world.unit(Unit::School)}]);
    let body =
        json!({"agreement_id": agreement, "section_key": "cross-cutting", "title": "Overgang", "partners": partners});
    world.as_person("socialchef").post("/api/v1/commitments", body).await.ok();
    let task = waiting(&world.as_person("skolechef")).await.remove(0);
    assert_eq!((&task["title"], &task["label"]), (&json!("Svar på tilsagnet »Overgang« i Aftale 2015"), &json!("3")));
    assert_eq!((&task["heading"], &task["revision"]), (&json!("Tværgående samarbejde"), &json!(null)));
}

#[actix_web::test]
async fn tasks_cost_no_statement_for_each_of_them() {
    let world = World::new().await;
    submit(&world, Unit::Social, "socialchef").await;
    let executive = world.as_person("kommunaldirektør");
    let director = world.as_person("socialdirektør");
    let counted = async |client: &Client| {
        waiting(client).await;
        let before = selects(&world.app.database);
        let found = waiting(client).await.len();
        (found, selects(&world.app.database) - before)
    };
    let few = [counted(&director).await, counted(&executive).await];
    submit(&world, Unit::School, "skolechef").await;
    submit(&world, Unit::CareHome, "plejehjemsleder").await;
    let more = [counted(&director).await, counted(&executive).await];
    assert!(more[0].0 > few[0].0, "{few:?} {more:?}");
    assert_eq!(more.map(|(_, statements)| statements), few.map(|(_, statements)| statements));
}

#[actix_web::test]
async fn tasks_are_counted_by_their_kinds() {
    let world = World::new().await;
    submit(&world, Unit::Social, "socialchef").await;
    world.agreement(Unit::School).await;
    let of = async |client: Client| client.get("/api/v1/me/tasks").await.ok()["counts"].clone();
    let one = |kind: &str, count: i64| json!([{"kind": kind, "count": count}]);
    let approve = json!({"total": 1, "overdue": 0, "kinds": one("approve", 1)});
    assert_eq!(of(world.as_person("socialdirektør")).await, approve);
    assert_eq!(of(world.as_person("læser")).await, json!({"total": 0, "overdue": 0, "kinds": []}));
    world.app.clock.advance(chrono::Duration::days(40));
    let write = json!({"total": 1, "overdue": 1, "kinds": one("write", 1)});
    assert_eq!(of(world.as_person("skolechef")).await, write);
}

/// A page of tasks: their ids, and where the next one begins.
async fn page(client: &Client, cursor: &str) -> (Vec<String>, Option<String>) {
    let cursor = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
    let page = client.get(&format!("/api/v1/me/tasks?limit=1{cursor}")).await;
    let next = page.body["next_cursor"].as_str().map(str::to_owned);
    assert_eq!(page.header("link").is_empty(), next.is_none());
    let items = page.ok()["items"].as_array().expect("tasks").clone();
    (items.iter().map(|task| task["id"].as_str().expect("an id").to_owned()).collect(), next)
}

#[actix_web::test]
async fn tasks_come_in_pages_which_go_on_after_what_is_done_meanwhile() {
    let world = World::new().await;
    let ids = [submit(&world, Unit::Social, "socialchef").await, submit(&world, Unit::School, "skolechef").await];
    let director = world.as_person("socialdirektør");
    let whole: Vec<Value> = waiting(&director).await.iter().map(|task| task["id"].clone()).collect();
    assert_eq!(whole.len(), 2);
    let (first, next) = page(&director, "").await;
    let next = next.expect("a second page");
    assert_eq!(json!(first), json!([whole[0]]));
    assert_eq!(director.get("/api/v1/me/tasks?limit=1").await.ok()["counts"]["total"], 2, "of all pages");
    let decided = ids.iter().find(|id| first[0].contains(&id.to_string())).expect("its agreement");
    director.act(&format!("/api/v1/agreements/{decided}/sections/effects"), "approve", json!({})).await.ok();
    let (second, last) = page(&director, &next).await;
    assert_eq!((json!(second), last), (json!([whole[1]]), None));
    let other = ids.iter().find(|id| *id != decided).expect("the other agreement");
    let section = format!("/api/v1/agreements/{other}/sections/effects");
    director.act(&section, "return", json!({"reason": "Mere"})).await.ok();
    assert_eq!(page(&director, &next).await, (Vec::new(), None));
    world.as_person("skolechef").act(&format!("/api/v1/agreements/{other}"), "submit", json!({})).await.ok();
    assert_eq!(page(&director, &next).await.0, second, "it was submitted again, and waits again");
    world.end_appointment("socialdirektør").await;
    let left = director.get(&format!("/api/v1/me/tasks?limit=1&cursor={next}")).await;
    left.refused(403, "not-appointed");
    let executive = world.as_person("kommunaldirektør");
    assert_eq!(page(&executive, &next).await.0, second, "whoever takes over goes on at the same place");
    let listed = executive.get("/api/v1/agreements?waiting_for=me").await.ok();
    assert_eq!((listed["items"].as_array().map(Vec::len), &listed["items"][0]["id"]), (Some(1), &json!(other)));
    executive.act(&section, "approve", json!({})).await.ok();
    assert!(waiting(&executive).await.is_empty(), "what was taken over is done at once");
    for (query, place) in [("limit=0", "limit"), ("limit=201", "limit"), ("cursor=xyz", "cursor")] {
        let problem = executive.get(&format!("/api/v1/me/tasks?{query}")).await.refused(422, "invalid-parameter");
        assert_eq!(problem["errors"][0]["pointer"], format!("?{place}"), "{problem}");
    }
}

#[actix_web::test]
async fn pages_of_any_size_hold_the_same_tasks_in_the_same_order() {
    let world = World::new().await;
    let director = world.person("socialdirektør");
    let (social, school) = (world.agreement(Unit::Social).await, world.agreement(Unit::School).await);
    for (agreement, key) in [(social, "effects"), (school, "effects"), (social, "cross-cutting")] {
        world.put_section(agreement, key, SectionState::Submitted, "socialdirektør").await;
        if agreement == school {
            world.app.clock.advance(chrono::Duration::seconds(1));
        }
        // The same section asks them twice, once for somebody else.
        world
            .arrange(move |tx| {
                let scope = tx.scope();
                let mut place: PlaceRow = each!(tx => route_places::table
                .filter(route_places::municipality_id.eq(scope).and(route_places::agreement_id.eq(agreement)))
                .filter(route_places::section_key.eq(key)).select(PlaceRow::as_select()).first(tx))?;
                for (at, duty, behalf) in
                    [(1, Duty::Review, None), (2, Duty::Approve, Some(Id::new())), (3, Duty::Review, Some(director))]
                {
                    (place.place, place.duty, place.on_behalf_of_id) = (at, duty, behalf);
                    each!(tx => diesel::insert_into(route_places::table).values(&place).execute(tx))?;
                }
                Ok(())
            })
            .await;
    }
    let director = world.as_person("socialdirektør");
    let whole = director.get("/api/v1/me/tasks?limit=200").await.ok();
    let ids =
        |page: &Value| page["items"].as_array().expect("tasks").iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    assert_eq!((ids(&whole).len(), &whole["counts"]["total"]), (12, &json!(12)));
    for limit in 1..=12 {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = director.get(&format!("/api/v1/me/tasks?limit={limit}{cursor}")).await.ok();
            assert_eq!(page["counts"], whole["counts"]);
            found.extend(ids(&page));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(found, ids(&whole), "{limit} a page");
    }
}

/// Whom sections wait for, by the rows and by what the migration makes of the routes.
#[actix_web::test]
async fn the_places_that_are_kept_are_those_of_the_routes() {
    let world = World::new().await;
    let id = submit(&world, Unit::Social, "socialchef").await;
    submit(&world, Unit::CareHome, "plejehjemsleder").await;
    world
        .as_person("skoledirektør")
        .act(&format!("/api/v1/agreements/{id}/sections/cross-cutting"), "approve", json!({}))
        .await
        .ok();
    let kept = places(&world).await;
    assert_eq!(kept.len(), 3);
    let mut link = world.app.database.unwatched();
    while migrate::down(&mut link).expect("back") != "00000000000007" {}
    migrate::up(&mut link).expect("forward");
    assert_eq!(places(&world).await, kept);
    let chief = world.as_person("plejehjemsleder");
    let other = world.agreement_id(Unit::CareHome).await;
    chief.act(&format!("/api/v1/agreements/{other}"), "recall", json!({})).await.ok();
    assert_eq!(places(&world).await.len(), 1);
}

async fn places(world: &World) -> Vec<PlaceRow> {
    world
        .arrange(|tx| {
            let scope = tx.scope();
            Ok(each!(tx => route_places::table.filter(route_places::municipality_id.eq(scope))
                .order((route_places::agreement_id, route_places::section_key, route_places::place))
                .select(PlaceRow::as_select()).load(tx))?)
        })
        .await
}
