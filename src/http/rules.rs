//! What the rules of a type say of a value.

use std::borrow::Cow;

use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use super::shape::join;
use crate::error::Fault;

/// The faults that the rules of a type found, as pointers into the body.
pub fn faults_of(errors: &ValidationErrors) -> Vec<Fault> {
    let mut faults = Vec::new();
    collect_faults(errors, "", &mut faults);
    faults.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    faults
}

fn collect_faults(errors: &ValidationErrors, at: &str, faults: &mut Vec<Fault>) {
    for (field, kind) in errors.errors() {
        // A field that is called as a keyword is.
        let field = field.trim_start_matches("r#");
        let place = if field == "__all__" { at.to_owned() } else { join(at, field) };
        match kind {
            ValidationErrorsKind::Struct(inner) => collect_faults(inner, &place, faults),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect_faults(inner, &join(&place, &index.to_string()), faults);
                }
            }
            ValidationErrorsKind::Field(found) => faults.extend(found.iter().map(|error| rule_fault(error, &place))),
        }
    }
}

/// Whether a text says anything. One that is empty is too short already.
///
/// # Errors
/// `blank`.
pub fn is_said(text: &str) -> Result<(), ValidationError> {
    let is_blank = !text.is_empty() && text.trim().is_empty();
    if is_blank { Err(ValidationError::new("blank")) } else { Ok(()) }
}

/// Whether a text has no control characters but tabs and line ends: what every file can hold.
///
/// # Errors
/// `control-character`.
pub fn is_plain(text: &str) -> Result<(), ValidationError> {
    let is_control = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r');
    if text.contains(is_control) { Err(ValidationError::new("control-character")) } else { Ok(()) }
}

/// The fault that a rule found at a place.
pub fn rule_fault(error: &validator::ValidationError, place: &str) -> Fault {
    let number = |name: &str| error.params.get(name).map(ToString::to_string);
    let (min, max) = (number("min"), number("max"));
    match (error.code.as_ref(), min, max) {
        ("length", Some(min), Some(max)) => Fault::at(place, "length").with("min", min).with("max", max),
        ("length", None, Some(max)) => Fault::at(place, "too-long").with("max", max),
        ("length", Some(min), None) => Fault::at(place, "too-short").with("min", min),
        ("range", min, max) => {
            let (min, max) = (min.unwrap_or_else(|| "0".to_owned()), max.unwrap_or_else(|| "…".to_owned()));
            Fault::at(place, "out-of-range").with("min", min).with("max", max)
        }
        ("email", ..) => Fault::at(place, "not-an-email"),
        // Rules of our own give codes that stand in the program.
        _ => match error.code {
            Cow::Borrowed(code) => Fault::at(place, code),
            Cow::Owned(_) => Fault::at(place, "invalid-value"),
        },
    }
}
