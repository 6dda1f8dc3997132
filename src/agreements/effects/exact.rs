//! Numbers as they are reckoned with: fractions without a limit, rounded once, when they are shown. Pure.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use crate::agreements::goals::model::IndicatorFields;
use crate::agreements::observations::model::ObservationFields;
use crate::types::Quantity;

/// A fraction.
pub type Exact = BigRational;

/// A number as it is kept, exactly.
pub fn exact(quantity: Quantity) -> Exact {
    Exact::new(BigInt::from(quantity.0), BigInt::from(Quantity::of_whole(1).0))
}

/// A count.
pub fn whole(count: i64) -> Exact {
    Exact::from_integer(BigInt::from(count))
}

/// A numerator and a denominator, in the unit of a ratio; none of a denominator of nothing.
pub fn share(indicator: &IndicatorFields, numerator: &Exact, denominator: &Exact) -> Option<Exact> {
    (!denominator.is_zero()).then(|| numerator / denominator * parts_of(&indicator.unit))
}

/// What one whole is in the unit of a ratio: 100 %, 1000 ‰, otherwise 1.
fn parts_of(unit: &str) -> Exact {
    whole(match unit.trim().to_lowercase().as_str() {
        "%" | "pct." | "pct" | "procent" => 100,
        "‰" => 1000,
        _ => 1,
    })
}

/// What was measured, in the unit of the indicator; none where neither a value nor a ratio is told.
pub fn measured(indicator: &IndicatorFields, said: &ObservationFields) -> Option<Exact> {
    match (said.numerator, said.denominator) {
        (Some(numerator), Some(denominator)) => share(indicator, &exact(numerator), &exact(denominator)),
        _ => said.value.map(exact),
    }
}

/// Whether what is said of a measurement is a number that can be told; a ratio of a tiny denominator may not be.
pub fn can_be_told(indicator: &IndicatorFields, said: &ObservationFields) -> bool {
    measured(indicator, said).is_none_or(|value| told(&value).is_some())
}

/// The nearest number with six decimals, halves away from nothing; the largest there is where it is larger.
pub fn rounded(number: &Exact) -> Quantity {
    let millionths = (number * whole(Quantity::of_whole(1).0)).round().to_integer();
    let furthest = if millionths < BigInt::ZERO { i64::MIN + 1 } else { i64::MAX };
    Quantity(millionths.to_i64().unwrap_or(furthest))
}

/// The same, unless it is larger than what can be told.
pub fn told(number: &Exact) -> Option<Quantity> {
    let rounded = rounded(number);
    rounded.is_in_bounds().then_some(rounded)
}

/// The nearest number with so few decimals that it can be read in a sentence: two.
pub fn in_words(number: &Exact) -> Quantity {
    let hundredths = (number * whole(100)).round();
    rounded(&(hundredths / whole(100)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::agreements::goals::model::Indicator;
    use crate::agreements::observations::model::NewMeasurement;

    fn indicator(unit: &str) -> IndicatorFields {
        let one: Indicator = serde_json::from_value(json!({"name": "Andel", "unit": unit})).expect("an indicator");
        one.fields()
    }

    #[test]
    fn a_ratio_is_told_in_its_unit() {
        let said: NewMeasurement =
            serde_json::from_value(json!({"numerator": 2, "denominator": 3})).expect("two thirds");
        for (unit, shown) in
            [("%", "66.666667"), ("‰", "666.666667"), ("", "0.666667"), ("timer", "0.666667"), ("Procent", "66.666667")]
        {
            let value = measured(&indicator(unit), &said.fields()).expect("a value");
            assert_eq!(rounded(&value).to_string(), shown, "{unit}");
        }
        let two: NewMeasurement = serde_json::from_value(json!({"value": 2.5})).expect("a value");
        assert_eq!(measured(&indicator("%"), &two.fields()), Some(exact(Quantity(2_500_000))));
    }

    #[test]
    fn nothing_is_rounded_before_it_is_shown() {
        let third = share(&indicator(""), &whole(1), &whole(3)).expect("a third");
        assert_eq!(&third + &third + &third, whole(1));
        assert_eq!(share(&indicator("%"), &whole(1), &whole(0)), None);
        assert_eq!(rounded(&(whole(-1) / whole(3))), Quantity(-333_333));
        assert_eq!(rounded(&(whole(i64::MAX) * whole(1_000_000))), Quantity(i64::MAX));
        assert_eq!(in_words(&(whole(61_234) / whole(1000))).to_string(), "61.23");
    }

    proptest! {
        #[test]
        fn what_is_kept_is_reckoned_with_and_shown_as_it_is(millionths in -999_999_999_999_999_i64..=999_999_999_999_999) {
            prop_assert_eq!(rounded(&exact(Quantity(millionths))), Quantity(millionths));
        }
    }
}
