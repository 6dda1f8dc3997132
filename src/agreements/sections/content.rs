//! Whether the values of a section's fields have the types and sizes that its template gives them. Pure.

use serde_json::{Map, Value};

use crate::error::Fault;
use crate::templates::model::{Field, FieldType, SectionDefinition};
use crate::types::Quantity;
use crate::types::{Date, NOT_A_DATE};

/// What is wrong with some values, with pointers below `base`; blank values are never wrong.
pub fn faults(definition: &SectionDefinition, content: &Map<String, Value>, base: &str) -> Vec<Fault> {
    let place = |key: &str| format!("{base}/{}", key.replace('~', "~0").replace('/', "~1"));
    content
        .iter()
        .filter_map(|(key, value)| match definition.fields.iter().find(|field| field.key == *key) {
            None => Some(Fault::at(place(key), "unknown-field").with("name", key)),
            Some(field) => fault_of(field, value, place(key)),
        })
        .collect()
}

fn fault_of(field: &Field, value: &Value, place: String) -> Option<Fault> {
    let wrong = |expected: &str| Some(Fault::at(place.clone(), "wrong-type").with("expected", expected));
    let text = match (field.r#type, value) {
        (_, Value::Null) => return None,
        (FieldType::Number, Value::Number(number)) => {
            let kept = serde_json::from_value::<Quantity>(Value::Number(number.clone())).is_ok();
            return if kept { None } else { Some(Fault::at(place, "not-a-number")) };
        }
        (FieldType::Number, _) => return wrong("number"),
        (_, Value::String(text)) => text,
        (FieldType::Date, _) => return wrong("date"),
        _ => return wrong("text"),
    };
    if text.is_empty() {
        return None;
    }
    match field.r#type {
        _ if text.chars().count() > field.max_length as usize => {
            Some(Fault::at(place, "too-long").with("max", field.max_length))
        }
        FieldType::Line if text.contains(['\n', '\r']) => Some(Fault::at(place, "control-character")),
        FieldType::Date if Date::parse(text).is_none() => Some(Fault::at(place, NOT_A_DATE)),
        FieldType::Choice if !field.choices.iter().any(|choice| choice.key == *text) => {
            let choices: Vec<&str> = field.choices.iter().map(|choice| choice.key.as_str()).collect();
            Some(Fault::at(place, "unknown-value").with("choices", choices.join(", ")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_date_is_one_that_every_reader_understands() {
        let field = json!({"key": "day", "type": "date", "label": {"da": "Dag"}, "demand": "off"});
        let section =
            json!({"key": "a", "kind": "effects", "demanded": true, "heading": {"da": "A"}, "fields": [field]});
        let definition: SectionDefinition = serde_json::from_value(section).expect("a definition");
        let found = |day: &str| {
            let content = Map::from_iter([("day".to_owned(), json!(day))]);
            faults(&definition, &content, "").first().map(|fault| fault.code)
        };
        for day in ["2031-01-01", "0001-01-01", "9999-12-31", ""] {
            assert_eq!(found(day), None, "{day}");
        }
        for day in ["2031-1-1", "+10000-01-01", "0000-01-01", "1. januar"] {
            assert_eq!(found(day), Some("not-a-date"), "{day}");
        }
    }
}
