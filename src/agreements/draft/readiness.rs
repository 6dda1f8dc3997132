//! Whether an agreement can be submitted: all that is missing, and all that is merely advised (domain rule 1). Pure.

use serde_json::{Map, Value};

use crate::error::Fault;
use crate::templates::model::{Demand, Field, SectionDefinition};
use crate::text::Lang;

/// What a section holds, as far as its readiness depends on it.
#[derive(Debug, Clone, Default)]
pub struct SectionFacts {
    /// Its key.
    pub key: String,
    /// The values of its fields.
    pub content: Map<String, Value>,
    /// Why it does not apply.
    pub not_applicable: Option<String>,
    /// Its goals, in their order.
    pub goals: Vec<GoalFacts>,
    /// Its commitments, in their order.
    pub commitments: Vec<CommitmentFacts>,
}

/// What a goal holds.
#[derive(Debug, Clone, Default)]
pub struct GoalFacts {
    /// What it is called.
    pub title: String,
    /// Whether it has an indicator or a stated assessment.
    pub judged: bool,
}

/// What a commitment holds.
#[derive(Debug, Clone, Default)]
pub struct CommitmentFacts {
    /// What it is called.
    pub title: String,
    /// Whether it still stands.
    pub stands: bool,
    /// Parties other than the proposer.
    pub partners: usize,
    /// Partners who have not confirmed.
    pub unconfirmed: usize,
}

/// Something missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// What and where.
    pub fault: Fault,
    /// Whether it blocks the submission; else it is advised.
    pub blocking: bool,
}

impl SectionFacts {
    /// Whether nobody has written anything.
    pub fn is_untouched(&self) -> bool {
        let blank = self.content.values().all(is_blank);
        blank && self.not_applicable.is_none() && self.goals.is_empty() && self.commitments.is_empty()
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Everything that a section lacks. `index` is its place in the draft, into which the pointers point.
pub fn gaps(definition: &SectionDefinition, facts: &SectionFacts, index: usize, lang: Lang) -> Vec<Gap> {
    let mut found =
        Found { base: format!("/sections/{index}"), heading: definition.heading.to(lang).to_owned(), gaps: Vec::new() };
    if !definition.demanded && facts.is_untouched() {
        return Vec::new();
    }
    if facts.not_applicable.is_some() {
        if !definition.allows_not_applicable {
            found.add(Demand::Block, "/not_applicable", "not-applicable-refused");
        }
        return found.gaps;
    }
    for field in &definition.fields {
        found.field(field, facts.content.get(&field.key), lang);
    }
    found.goals(definition, facts);
    found.partners(definition, facts);
    found.gaps
}

struct Found {
    base: String,
    heading: String,
    gaps: Vec<Gap>,
}

impl Found {
    fn add(&mut self, demand: Demand, place: &str, code: &'static str) -> Option<&mut Gap> {
        if demand == Demand::Off {
            return None;
        }
        let fault = Fault::at(format!("{}{place}", self.base), code).with("section", &self.heading);
        self.gaps.push(Gap { fault, blocking: demand == Demand::Block });
        self.gaps.last_mut()
    }

    fn field(&mut self, field: &Field, value: Option<&Value>, lang: Lang) {
        if value.is_some_and(|value| !is_blank(value)) {
            return;
        }
        let code = if field.demand == Demand::Block { "field-missing" } else { "field-advised" };
        if let Some(gap) = self.add(field.demand, &format!("/content/{}", field.key), code) {
            gap.fault.args.set("field", field.label.to(lang));
        }
    }

    fn goals(&mut self, definition: &SectionDefinition, facts: &SectionFacts) {
        let demands = &definition.demands;
        if facts.goals.is_empty() {
            self.add(demands.goal_present, "/goals", "goal-missing");
        }
        for (at, goal) in facts.goals.iter().enumerate().filter(|(_, goal)| !goal.judged) {
            if let Some(gap) = self.add(demands.goal_judged, &format!("/goals/{at}"), "goal-not-judged") {
                gap.fault.args.set("number", at + 1);
                gap.fault.args.set("goal", &goal.title);
            }
        }
        if facts.goals.len() > demands.max_goals as usize
            && let Some(gap) = self.add(demands.few_goals, "/goals", "too-many-goals")
        {
            gap.fault.args.set("count", facts.goals.len());
            gap.fault.args.set("max", demands.max_goals);
        }
    }

    fn partners(&mut self, definition: &SectionDefinition, facts: &SectionFacts) {
        let demands = &definition.demands;
        if !facts.commitments.iter().any(|one| one.stands && one.partners > 0) {
            self.add(demands.partner_named, "/commitments", "partner-missing");
        }
        for (at, one) in facts.commitments.iter().enumerate().filter(|(_, one)| one.stands && one.unconfirmed > 0) {
            let place = format!("/commitments/{at}");
            if let Some(gap) = self.add(demands.partner_confirmed, &place, "partner-unconfirmed") {
                gap.fault.args.set("number", at + 1);
                gap.fault.args.set("commitment", &one.title);
                gap.fault.args.set("count", one.unconfirmed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::templates::model::{Demands, FieldType, FilledBy, LocalText, SectionKind};

    fn definition(demanded: bool) -> SectionDefinition {
        let text = |da: &str| LocalText { da: da.to_owned(), en: String::new() };
        SectionDefinition {
            key: "effects".to_owned(),
            label: "1".to_owned(),
            kind: SectionKind::Effects,
            heading: text("Effekter"),
            guidance: LocalText::default(),
            demanded,
            allows_not_applicable: false,
            theme_key: None,
            filled_by: FilledBy::Holder,
            fields: vec![Field {
                key: "plan".to_owned(),
                r#type: FieldType::Text,
                label: text("Plan"),
                help: LocalText::default(),
                demand: Demand::Block,
                max_length: 100,
                minutes: 0,
                choices: Vec::new(),
            }],
            demands: Demands {
                goal_present: Demand::Advise,
                partner_named: Demand::Advise,
                max_goals: 2,
                ..Demands::default()
            },
            routes: Vec::new(),
        }
    }

    fn found(definition: &SectionDefinition, facts: &SectionFacts) -> Vec<(String, &'static str, bool)> {
        let gaps = gaps(definition, facts, 3, Lang::Da);
        gaps.into_iter().map(|gap| (gap.fault.pointer, gap.fault.code, gap.blocking)).collect()
    }

    #[test]
    fn everything_is_told_at_once_and_advice_apart() {
        assert_eq!(
            found(&definition(true), &SectionFacts::default()),
            [
                ("/sections/3/content/plan".to_owned(), "field-missing", true),
                ("/sections/3/goals".to_owned(), "goal-missing", false),
                ("/sections/3/commitments".to_owned(), "partner-missing", false),
            ]
        );
    }

    #[test]
    fn an_optional_section_that_nobody_touched_lacks_nothing() {
        assert_eq!(found(&definition(false), &SectionFacts::default()), []);
        let blank = json!({"plan": "  "}).as_object().cloned().unwrap_or_default();
        assert_eq!(found(&definition(false), &SectionFacts { content: blank, ..SectionFacts::default() }), []);
    }

    #[test]
    fn an_optional_section_that_was_begun_must_be_finished() {
        let facts =
            SectionFacts { goals: vec![GoalFacts { judged: true, ..GoalFacts::default() }], ..SectionFacts::default() };
        assert_eq!(
            found(&definition(false), &facts)[0],
            ("/sections/3/content/plan".to_owned(), "field-missing", true)
        );
    }

    #[test]
    fn goals_partners_and_their_number_are_advised_on() {
        let content = json!({"plan": "Vi måler."}).as_object().cloned().unwrap_or_default();
        let goals = [true, false, true].map(|judged| GoalFacts { judged, ..GoalFacts::default() }).into();
        let commitments =
            vec![CommitmentFacts { stands: true, partners: 1, unconfirmed: 1, ..CommitmentFacts::default() }];
        let facts = SectionFacts { content, goals, commitments, ..SectionFacts::default() };
        let found = found(&definition(true), &facts);
        let codes: Vec<&str> = found.iter().map(|(_, code, _)| *code).collect();
        assert_eq!(codes, ["goal-not-judged", "too-many-goals", "partner-unconfirmed"]);
        assert_eq!(found[0].0, "/sections/3/goals/1");
        assert!(found.iter().all(|(_, _, blocking)| !blocking));
    }

    #[test]
    fn not_applicable_is_an_answer_only_where_the_template_says_so() {
        let facts = SectionFacts { not_applicable: Some("Ingen borgere".to_owned()), ..SectionFacts::default() };
        assert_eq!(
            found(&definition(true), &facts),
            [("/sections/3/not_applicable".to_owned(), "not-applicable-refused", true)]
        );
        let allowing = SectionDefinition { allows_not_applicable: true, ..definition(true) };
        assert_eq!(found(&allowing, &facts), []);
    }
}
