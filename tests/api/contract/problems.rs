//! The kinds of refusal: their table, and a page for each.

use aftalestyring::error::Code;
use aftalestyring::text::{Args, Lang, say};

use crate::support::World;

#[test]
fn the_kinds_of_refusal_are_known() {
    let line = |code: &Code| {
        let title = |lang| say(lang, &format!("problem-{}", code.as_str()), &Args::default());
        format!("{} {:<26} {} | {}", code.status(), code.as_str(), title(Lang::Da), title(Lang::En))
    };
    insta::assert_snapshot!(Code::ALL.iter().map(line).collect::<Vec<_>>().join("\n"));
}

#[actix_web::test]
async fn every_kind_of_refusal_has_a_page_in_both_languages() {
    let world = World::new().await;
    let reader = world.app.anonymous();
    for code in Code::ALL {
        let path = format!("/problems/{}", code.as_str());
        for (client, tag) in [(reader.clone(), "da"), (reader.in_english(), "en")] {
            let page = client.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(page.text.contains(&format!("<html lang=\"{tag}\"")), "{path}");
            assert!(!page.text.contains("{$"), "{path} tells of nothing: {}", page.text);
            let list = client.get("/problems").await;
            assert!(list.text.contains(&format!("href=\"{path}\"")), "{path} is not listed");
        }
    }
    assert_eq!(reader.get("/problems/no-such-kind").await.status, 404);
}
