//! What serde says of a value that it cannot read, as a fault with its place.

use crate::error::Fault;
use crate::types::{NOT_A_DATE, NOT_A_TIME};

/// Serde tells what is wrong in words only; the beginnings of its sentences are fixed in its source.
pub fn shape_fault(message: &str, pointer: &str) -> Fault {
    let quoted = message.split('`').nth(1).unwrap_or_default();
    // Serde's path of an unknown field ends with the field itself; of a missing one, with its parent.
    if message.starts_with("unknown field") {
        let place = if pointer.ends_with(&format!("/{quoted}")) { pointer.to_owned() } else { join(pointer, quoted) };
        return Fault::at(place, "unknown-field").with("name", quoted);
    }
    if message.starts_with("missing field") {
        return Fault::at(join(pointer, quoted), "required").with("name", quoted);
    }
    if message.starts_with("duplicate field") {
        return Fault::at(join(pointer, quoted), "duplicate-field").with("name", quoted);
    }
    if message.starts_with("unknown variant") {
        let choices =
            message.split_once("expected ").map_or("", |(_, rest)| rest.split(" at line").next().unwrap_or(rest));
        return Fault::at(pointer, "unknown-value")
            .with("choices", choices.replace("one of ", "").replace(" or ", ", ").replace('`', ""));
    }
    if message.starts_with("invalid type") {
        return Fault::at(pointer, "wrong-type");
    }
    if let Some(code) = [NOT_A_DATE, NOT_A_TIME].into_iter().find(|code| message.starts_with(code)) {
        return Fault::at(pointer, code);
    }
    Fault::at(pointer, "invalid-value")
}

/// Serde's path as a JSON Pointer.
pub fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer = join(&pointer, &index.to_string()),
            Segment::Map { key } => pointer = join(&pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// A pointer to a part.
pub fn join(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}
