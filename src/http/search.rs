//! What is wrong with the shape of a body, all of it at once.
//!
//! Serde stops at the first place that it cannot read. What stands there is then replaced by something that can be
//! read, and the body is read again, until all of it is: so each place is found, what would do there is known, and the
//! rules of the type can look at the rest.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use validator::Validate;

use super::rules::faults_of;
use super::shape::{pointer_of, shape_fault};
use super::strict::Strict;
use crate::error::Fault;

/// How much text is read again in all, and how often: a large body with many faults must not keep the server busy.
const READ_AGAIN: usize = 4 * 1024 * 1024;
const MOST_READINGS: usize = 2000;

/// Everything that is wrong with a body that is JSON and was refused at its first fault.
pub fn all_faults<T: DeserializeOwned + Validate>(first: Fault, text: &str) -> Vec<Fault> {
    let Ok(body) = serde_json::from_str::<Value>(text) else { return vec![first] };
    // A value keeps one of two fields of the same name, so that nobody finds the other again.
    let found = if first.code == "duplicate-field" { vec![first] } else { Vec::new() };
    let readings = (READ_AGAIN / text.len().max(1)).clamp(1, MOST_READINGS);
    Search { body, found, replaced: Vec::new(), narrowed: Vec::new(), readings }.run::<T>()
}

struct Search {
    body: Value,
    found: Vec<Fault>,
    /// The places where something stands that was not sent.
    replaced: Vec<String>,
    /// The places of numbers that are too large or small for the type; its rule may say it better.
    narrowed: Vec<String>,
    readings: usize,
}

/// Why a body could not be read: the fault, and serde's words.
struct Refused {
    fault: Fault,
    message: String,
}

impl Search {
    fn run<T: DeserializeOwned + Validate>(mut self) -> Vec<Fault> {
        while self.readings > 0 {
            match self.read::<T>() {
                Ok(value) => {
                    self.add_rules(&value);
                    break;
                }
                Err(refused) if self.mend::<T>(&refused) => {}
                Err(refused) => {
                    self.add(refused.fault);
                    break;
                }
            }
        }
        self.found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        self.found
    }

    fn read<T: DeserializeOwned>(&mut self) -> Result<T, Refused> {
        self.readings = self.readings.saturating_sub(1);
        serde_path_to_error::deserialize(Strict(&self.body)).map_err(|error| {
            let message = error.inner().to_string();
            Refused { fault: shape_fault(&message, &pointer_of(error.path())), message }
        })
    }

    /// Takes note of a fault, unless it is one of what stands in for another.
    fn add(&mut self, fault: Fault) {
        if !self.replaced.iter().any(|place| is_within(&fault.pointer, place)) {
            self.found.push(fault);
        }
    }

    /// Makes a body readable at the place where it was not. False when that cannot be done.
    fn mend<T: DeserializeOwned>(&mut self, refused: &Refused) -> bool {
        let place = refused.fault.pointer.clone();
        if refused.fault.code == "unknown-field" {
            self.add(refused.fault.clone());
            return remove(&mut self.body, &place);
        }
        if let Some((nearest, min, max)) = nearest_number(&refused.message)
            && self.stands::<T>(&place, nearest).is_none()
        {
            self.add(Fault::at(place.clone(), "out-of-range").with("min", min).with("max", max));
            self.narrowed.push(place);
            return true;
        }
        let Some((kind, choices)) = self.find_stand_in::<T>(&place) else { return false };
        let fault = match (refused.fault.code, choices) {
            ("wrong-type" | "invalid-value", Some(choices)) => {
                Fault::at(place.clone(), "unknown-value").with("choices", choices)
            }
            ("wrong-type" | "invalid-value", None) => refused.fault.clone().with("expected", kind),
            _ => refused.fault.clone(),
        };
        self.add(fault);
        self.replaced.push(place);
        true
    }

    /// Puts something readable at a place. Gives its kind, and the choices where it is one of several.
    fn find_stand_in<T: DeserializeOwned>(&mut self, place: &str) -> Option<(&'static str, Option<String>)> {
        let mut choices = None;
        for (kind, candidate) in candidates() {
            let refused = self.stands::<T>(place, candidate);
            let Some(refused) = refused else { return Some((kind, None)) };
            if refused.fault.code == "unknown-value" {
                let named = refused.fault.args.get("choices").unwrap_or_default().to_owned();
                choices = Some(named).filter(|named| !named.is_empty());
                break;
            }
        }
        let named = choices?;
        let first = named.split(", ").next().unwrap_or_default();
        self.stands::<T>(place, json!(first)).is_none().then_some(("choice", Some(named)))
    }

    /// Puts a value at a place. Gives why it cannot be read there; nothing when it can.
    fn stands<T: DeserializeOwned>(&mut self, place: &str, value: Value) -> Option<Refused> {
        if self.readings == 0 || !put(&mut self.body, place, value) {
            return Some(Refused { fault: Fault::at(place, "invalid-value"), message: String::new() });
        }
        self.read::<T>().err().filter(|refused| refused.fault.pointer == place)
    }

    /// Adds what the rules say of all that was sent. What they say of a whole with something in it that was not sent is
    /// guesswork, but for its size.
    fn add_rules<T: Validate>(&mut self, value: &T) {
        let Err(errors) = value.validate() else { return };
        for fault in faults_of(&errors) {
            let of_size = matches!(fault.code, "length" | "too-long" | "too-short");
            if !of_size && self.replaced.iter().any(|place| is_within(place, &fault.pointer)) {
                continue;
            }
            if self.narrowed.contains(&fault.pointer) {
                self.found.retain(|known| known.pointer != fault.pointer);
            }
            self.add(fault);
        }
    }
}

/// A value of each kind, the narrower kinds after those that would not be read in their place.
fn candidates() -> [(&'static str, Value); 11] {
    [
        ("object", json!({})),
        ("list", json!([])),
        ("boolean", json!(false)),
        ("number", json!(0.5)),
        ("integer", json!(0)),
        ("integer", json!(1)),
        ("text", json!("")),
        ("id", json!("00000000-0000-0000-0000-000000000000")),
        ("date", json!("2000-01-01")),
        ("instant", json!("2000-01-01T00:00:00Z")),
        ("nothing", Value::Null),
    ]
}

/// The number nearest to one that a type has no room for, and the type's bounds.
fn nearest_number(message: &str) -> Option<(Value, i64, i64)> {
    let number: i128 = message.strip_prefix("invalid value: integer `")?.split('`').next()?.parse().ok()?;
    let (min, max) = match message.split("expected ").nth(1)?.split(' ').next()? {
        "u8" => (0, i64::from(u8::MAX)),
        "u16" => (0, i64::from(u16::MAX)),
        "u32" => (0, i64::from(u32::MAX)),
        "i32" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        "i64" => (i64::MIN, i64::MAX),
        "u64" | "usize" => (0, i64::MAX),
        _ => return None,
    };
    Some((json!(if number < i128::from(min) { min } else { max }), min, max))
}

/// Whether a place is another, or lies in it.
fn is_within(place: &str, whole: &str) -> bool {
    place.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn put(body: &mut Value, place: &str, value: Value) -> bool {
    let Some((parent, last)) = place.rsplit_once('/') else {
        *body = value;
        return true;
    };
    let name = last.replace("~1", "/").replace("~0", "~");
    match body.pointer_mut(parent) {
        Some(Value::Object(fields)) => {
            fields.insert(name, value);
            true
        }
        Some(Value::Array(items)) => match name.parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
            Some(item) => {
                *item = value;
                true
            }
            None => false,
        },
        _ => false,
    }
}

fn remove(body: &mut Value, place: &str) -> bool {
    let Some((parent, last)) = place.rsplit_once('/') else { return false };
    let fields = body.pointer_mut(parent).and_then(Value::as_object_mut);
    fields.is_some_and(|fields| fields.remove(&last.replace("~1", "/").replace("~0", "~")).is_some())
}
