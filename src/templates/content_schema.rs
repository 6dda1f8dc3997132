//! The JSON Schema of what an agreement's sections hold, for frontends that build their forms from it. Pure.

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::model::{Demand, Field, FieldType, Prescription, SectionDefinition};
use crate::text::Lang;

/// A JSON Schema (2020-12) of the content of all sections of an agreement that is complete.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContentSchema {
    /// The dialect of JSON Schema.
    #[serde(rename = "$schema")]
    pub dialect: &'static str,
    /// The template's name.
    pub title: String,
    /// The type of the whole: always `object`.
    pub r#type: &'static str,
    /// One property per section, by its key: an object with one property per field.
    pub properties: Map<String, Value>,
    /// The keys of the sections that every agreement has.
    pub required: Vec<String>,
    /// False: there is nothing else.
    #[serde(rename = "additionalProperties")]
    pub additional_properties: bool,
}

/// To the document it is a free object: what JSON Schema calls its parts collides with what generated clients do.
impl PartialSchema for ContentSchema {
    fn schema() -> RefOr<Schema> {
        let example = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Aftaleskabelon 2015", "type": "object",
            "properties": { "effects": { "type": "object", "properties": { "plan": { "type": "string" } } } },
            "required": ["effects"], "additionalProperties": false
        });
        ObjectBuilder::new()
            .description(Some("A JSON Schema (2020-12) of the content of all sections of a complete agreement."))
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .examples([example])
            .into()
    }
}

impl ToSchema for ContentSchema {}

impl ContentSchema {
    /// The schema of what a template prescribes, with its texts in a language.
    pub fn of(name: &str, prescription: &Prescription, lang: Lang) -> Self {
        let sections = &prescription.sections;
        ContentSchema {
            dialect: "https://json-schema.org/draft/2020-12/schema",
            title: name.to_owned(),
            r#type: "object",
            properties: sections.iter().map(|section| (section.key.clone(), section_schema(section, lang))).collect(),
            required: sections.iter().filter(|one| one.demanded).map(|one| one.key.clone()).collect(),
            additional_properties: false,
        }
    }
}

fn section_schema(section: &SectionDefinition, lang: Lang) -> Value {
    let properties: Map<String, Value> =
        section.fields.iter().map(|field| (field.key.clone(), field_schema(field, lang))).collect();
    let blocking = section.fields.iter().filter(|field| field.demand == Demand::Block);
    let required: Vec<&str> = blocking.map(|field| field.key.as_str()).collect();
    json!({
        "type": "object",
        "title": section.heading.to(lang),
        "description": section.guidance.to(lang),
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// What is not demanded may be null, which is how a form says that it was left blank.
fn field_schema(field: &Field, lang: Lang) -> Value {
    let blocks = field.demand == Demand::Block;
    let base = if field.r#type == FieldType::Number { "number" } else { "string" };
    let mut schema = Map::new();
    schema.insert("type".to_owned(), if blocks { json!(base) } else { json!([base, "null"]) });
    schema.insert("title".to_owned(), json!(field.label.to(lang)));
    schema.insert("description".to_owned(), json!(field.help.to(lang)));
    match field.r#type {
        FieldType::Number => {}
        FieldType::Date => {
            schema.insert("format".to_owned(), json!("date"));
        }
        FieldType::Choice => {
            let choice = |key: Value, title: &str| json!({ "const": key, "title": title });
            let mut choices: Vec<Value> =
                field.choices.iter().map(|one| choice(json!(one.key), one.label.to(lang))).collect();
            if !blocks {
                choices.push(json!({ "const": null }));
            }
            schema.insert("oneOf".to_owned(), json!(choices));
        }
        FieldType::Line | FieldType::Text => {
            schema.insert("maxLength".to_owned(), json!(field.max_length));
            if blocks {
                schema.insert("minLength".to_owned(), json!(1));
            }
            if field.r#type == FieldType::Line {
                schema.insert("pattern".to_owned(), json!("^[^\\r\\n]*$"));
            }
        }
    }
    Value::Object(schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::model::Resubmission;

    #[test]
    fn each_field_is_described_in_the_readers_language() {
        let sections = json!([{
            "key": "effects", "kind": "effects", "demanded": true,
            "heading": {"da": "Effekter", "en": "Effects"}, "guidance": {"da": "Skriv kort."},
            "fields": [
                {"key": "plan", "type": "text", "label": {"da": "Plan"}, "demand": "block", "max_length": 500},
                {"key": "titel", "type": "line", "label": {"da": "Titel"}, "max_length": 80},
                {"key": "antal", "type": "number", "label": {"da": "Antal"}},
                {"key": "dato", "type": "date", "label": {"da": "Dato"}},
                {"key": "valg", "type": "choice", "label": {"da": "Valg"},
                 "choices": [{"key": "ja", "label": {"da": "Ja", "en": "Yes"}}]},
            ],
        }]);
        let prescription = Prescription {
            sections: serde_json::from_value(sections).expect("sections"),
            routes: Vec::new(),
            signatories: Vec::new(),
            resubmission: Resubmission::Restart,
        };
        let schema = ContentSchema::of("Aftale 2015", &prescription, Lang::En);
        assert_eq!(schema.required, ["effects"]);
        assert_eq!(
            schema.properties["effects"],
            json!({
                "type": "object", "title": "Effects", "description": "Skriv kort.", "required": ["plan"],
                "additionalProperties": false,
                "properties": {
                    "plan": {"type": "string", "title": "Plan", "description": "", "maxLength": 500, "minLength": 1},
                    "titel": {"type": ["string", "null"], "title": "Titel", "description": "", "maxLength": 80,
                              "pattern": "^[^\\r\\n]*$"},
                    "antal": {"type": ["number", "null"], "title": "Antal", "description": ""},
                    "dato": {"type": ["string", "null"], "title": "Dato", "description": "", "format": "date"},
                    "valg": {"type": ["string", "null"], "title": "Valg", "description": "",
                             "oneOf": [{"const": "ja", "title": "Yes"}, {"const": null}]},
                },
            })
        );
    }
}
