use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use validator::{Validate, ValidationError};

use super::read_json;
use crate::error::Fault;
use crate::types::{Date, Id, Quantity, Ts};

crate::text_enum! {
    /// A colour.
    pub enum Colour {
        /// Red.
        Red = "red",
        /// Blue.
        Blue = "blue",
    }
}

#[expect(dead_code, reason = "what is read is only looked at for its faults")]
#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = is_forwards, skip_on_field_errors = false))]
struct Whole {
    #[validate(length(min = 1, max = 3))]
    name: String,
    from: Date,
    #[serde(default)]
    to: Option<Date>,
    #[serde(default)]
    at: Option<Ts>,
    #[serde(default)]
    owner: Option<Id>,
    #[serde(default)]
    colour: Option<Colour>,
    #[serde(default)]
    target: Option<Quantity>,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    #[validate(length(max = 20_000), nested)]
    parts: Vec<Part>,
    #[validate(nested)]
    part: Part,
}

#[derive(Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Part {
    #[validate(range(min = 1, max = 9))]
    size: u8,
}

fn is_forwards(whole: &Whole) -> Result<(), ValidationError> {
    let backwards = whole.to.is_some_and(|to| to < whole.from);
    if backwards { Err(ValidationError::new("period-backwards")) } else { Ok(()) }
}

/// The places that are wrong, with their codes and what would do.
fn faults(body: Value) -> Vec<String> {
    let refusal = read_json::<Whole>(body.to_string().as_bytes()).expect_err("it is refused").refusal();
    let words = |fault: &Fault| {
        let wanted = fault.args.get("expected").or_else(|| fault.args.get("choices")).unwrap_or_default();
        format!("{} {} {wanted}", fault.pointer, fault.code).trim_end().to_owned()
    };
    refusal.faults.iter().map(words).collect()
}

#[test]
fn all_faults_are_told_at_once_with_what_would_do() {
    let body = json!({
        "name": 1, "from": "in spring", "to": 5, "at": "2014-11-10", "owner": "me", "colour": "green",
        "target": "58,5", "open": "yes", "parts": [{"size": 1}, {"size": "x", "colour": "red"}, {}], "title": "T"
    });
    let told = [
        "/at not-a-time",
        "/colour unknown-value red, blue",
        "/from not-a-date",
        "/name wrong-type text",
        "/open wrong-type boolean",
        "/owner invalid-value id",
        "/part required",
        "/parts/1/colour unknown-field",
        "/parts/1/size wrong-type integer",
        "/parts/2/size required",
        "/target wrong-type number",
        "/title unknown-field",
        "/to wrong-type date",
    ];
    assert_eq!(faults(body), told);
}

#[test]
fn rules_are_told_with_faults_of_shape_but_not_of_what_was_not_sent() {
    let body = json!({"name": "long", "from": "2014-01-01", "to": "2013-01-01", "part": {"size": 0}, "title": 1});
    assert_eq!(faults(body), [" period-backwards", "/name length", "/part/size out-of-range", "/title unknown-field"]);
    let body = json!({"name": "long", "from": "x", "to": "1999-01-01", "part": {"size": 300}});
    assert_eq!(faults(body), ["/from not-a-date", "/name length", "/part/size out-of-range"]);
    assert_eq!(faults(json!([])), [" invalid-value object"]);
    assert_eq!(
        faults(json!({"name": "a", "from": "2014-01-01", "part": {"size": 1}, "target": 0.1234567})),
        ["/target invalid-value number"]
    );
}

#[test]
fn a_number_without_room_is_told_the_bounds_of_its_rule() {
    let body = json!({"name": "a", "from": "2014-01-01", "part": {"size": -1}}).to_string();
    let refusal = read_json::<Whole>(body.as_bytes()).expect_err("it is refused").refusal();
    let fault = refusal.faults.first().expect("a fault");
    assert_eq!((fault.args.get("min"), fault.args.get("max")), (Some("1"), Some("9")));
}

#[test]
fn a_large_body_with_many_faults_is_given_up_early() {
    let parts = vec![json!({"size": "x".repeat(100)}); 9000];
    let body = json!({"name": "a", "from": "2014-01-01", "part": {"size": 1}, "parts": parts}).to_string();
    let refusal = read_json::<Whole>(body.as_bytes()).expect_err("it is refused").refusal();
    assert!((1..=10).contains(&refusal.faults.len()), "{}", refusal.faults.len());
}
