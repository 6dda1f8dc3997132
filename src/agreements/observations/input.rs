//! Whether what is said of an observation fits its kind. Pure.

use super::model::{ObservationFields, ObservationKind};
use crate::error::Fault;

/// How the values of an indicator are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// As one number.
    Whole,
    /// As numerator and denominator.
    Ratio,
}

/// What is wrong with it, with pointers to its fields. Of a measurement nothing but its value is demanded, of the
/// others nothing but a value or a text.
pub fn faults(kind: ObservationKind, given: Given, fields: &ObservationFields) -> Vec<Fault> {
    let parts = [("/numerator", fields.numerator), ("/denominator", fields.denominator)];
    let mut found = Vec::new();
    if kind == ObservationKind::Measurement {
        let judged = [("/judgement", fields.judgement.is_some()), ("/scale", fields.scale.is_some())];
        found.extend(judged.into_iter().filter(|(_, is_said)| *is_said).map(|(at, _)| Fault::at(at, "not-measured")));
    } else if fields.value.is_none() && fields.text.is_none() {
        found.push(Fault::at("/text", "value-or-text"));
    }
    if (kind, given) == (ObservationKind::Measurement, Given::Ratio) {
        found.extend(parts.iter().filter(|(_, part)| part.is_none()).map(|(at, _)| Fault::at(*at, "ratio-in-parts")));
        found.extend(fields.value.map(|_| Fault::at("/value", "ratio-in-parts")));
    } else {
        found.extend(parts.iter().filter(|(_, part)| part.is_some()).map(|(at, _)| Fault::at(*at, "no-ratio")));
        if kind == ObservationKind::Measurement && fields.value.is_none() {
            found.push(Fault::at("/value", "required"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::model::NewMeasurement;
    use super::*;

    fn told(kind: ObservationKind, given: Given, said: Value) -> Vec<String> {
        let said: NewMeasurement = serde_json::from_value(said).expect("an observation");
        let found = faults(kind, given, &said.fields());
        found.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn nothing_but_a_value_or_a_text_is_demanded() {
        use ObservationKind as K;
        for (kind, given, said) in [
            (K::Measurement, Given::Whole, json!({"value": 0})),
            (K::Measurement, Given::Ratio, json!({"numerator": 0, "denominator": 4})),
            (K::Assessment, Given::Ratio, json!({"text": "Det går godt"})),
            (K::Assessment, Given::Whole, json!({"value": 4, "scale": "1 til 5", "judgement": "on_track"})),
            (K::CitizenVoice, Given::Whole, json!({"text": "Jeg kan selv"})),
        ] {
            assert!(told(kind, given, said.clone()).is_empty(), "{kind} {said}");
        }
    }

    #[test]
    fn what_does_not_fit_the_kind_is_named() {
        use ObservationKind as K;
        for (kind, given, said, wrong) in [
            (K::Measurement, Given::Whole, json!({}), vec!["/value required"]),
            (K::Measurement, Given::Whole, json!({"numerator": 1, "value": 1}), vec!["/numerator no-ratio"]),
            (
                K::Measurement,
                Given::Ratio,
                json!({"value": 0.5}),
                vec!["/numerator ratio-in-parts", "/denominator ratio-in-parts", "/value ratio-in-parts"],
            ),
            (
                K::Measurement,
                Given::Whole,
                json!({"value": 1, "judgement": "achieved", "scale": "1 til 5"}),
                vec!["/judgement not-measured", "/scale not-measured"],
            ),
            (K::Assessment, Given::Whole, json!({"judgement": "achieved"}), vec!["/text value-or-text"]),
            (K::CitizenVoice, Given::Ratio, json!({"text": "Ja", "denominator": 3}), vec!["/denominator no-ratio"]),
        ] {
            assert_eq!(told(kind, given, said.clone()), wrong, "{kind} {said}");
        }
    }
}
