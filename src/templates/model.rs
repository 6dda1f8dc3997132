//! What a template prescribes: sections, their fields, what is demanded, who decides and who signs. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::organisation::UnitKind;
use crate::text::Lang;
use crate::text_enum;
use crate::types::{Id, MAX_KEY, is_key};

text_enum! {
    /// What a section is about.
    pub enum SectionKind {
        /// Citizen and user effects: goals.
        Effects = "effects",
        /// Cross-cutting work: commitments.
        CrossCutting = "cross_cutting",
        /// Efforts.
        Initiatives = "initiatives",
        /// Plain text.
        Text = "text",
    }
}

text_enum! {
    /// How strongly something is asked for.
    pub enum Demand {
        /// Not at all.
        Off = "off",
        /// Advised; never blocks.
        Advise = "advise",
        /// Blocks the submission.
        Block = "block",
    }
}

text_enum! {
    /// What kind of value a field holds.
    pub enum FieldType {
        /// One line of text.
        Line = "line",
        /// Text of several paragraphs.
        Text = "text",
        /// A number.
        Number = "number",
        /// A date.
        Date = "date",
        /// One of several choices.
        Choice = "choice",
    }
}

text_enum! {
    /// Who fills a section.
    pub enum FilledBy {
        /// The agreement's holder.
        Holder = "holder",
        /// The coordinator, for what all agreements share.
        Coordinator = "coordinator",
    }
}

text_enum! {
    /// Whom a step of a route asks, relative to the unit.
    pub enum RouteRole {
        /// The nearest leader above the unit.
        SuperiorLeader = "superior_leader",
        /// The director who owns the section's theme.
        ThemeDirector = "theme_director",
        /// The director who answers for the unit or its nearest ancestor.
        AreaDirector = "area_director",
        /// The chief executive.
        ChiefExecutive = "chief_executive",
    }
}

text_enum! {
    /// What a step is for.
    pub enum Duty {
        /// Looks at the section and says so.
        Review = "review",
        /// Approves it.
        Approve = "approve",
    }
}

text_enum! {
    /// How many of a step's people must decide.
    pub enum StepRule {
        /// Each of them.
        All = "all",
        /// One of them.
        Any = "any",
    }
}

text_enum! {
    /// Who signs an agreement.
    pub enum Signatory {
        /// Any one holder of the unit.
        Holder = "holder",
        /// The nearest leader above the unit.
        SuperiorLeader = "superior_leader",
        /// The director who answers for the unit.
        AreaDirector = "area_director",
        /// The chief executive, for the directorate.
        ChiefExecutive = "chief_executive",
    }
}

text_enum! {
    /// Where the route of a returned section begins again.
    pub enum Resubmission {
        /// At its first step.
        Restart = "restart",
        /// At the step that returned it.
        Continue = "continue",
    }
}

/// A text in both languages; the Danish one is compulsory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocalText {
    /// The text in Danish.
    #[validate(length(max = 4000))]
    #[schema(max_length = 4000, example = "Borger- og brugereffekter")]
    pub da: String,
    /// In English; the Danish text is shown where it lacks.
    #[serde(default)]
    #[validate(length(max = 4000))]
    #[schema(max_length = 4000, example = "Citizen and user effects")]
    pub en: String,
}

impl LocalText {
    /// The text for a reader.
    pub fn to(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.en.is_empty() => &self.en,
            _ => &self.da,
        }
    }
}

/// A field of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its key in the section's content.
    #[validate(length(min = 1, max = MAX_KEY), custom(function = is_key))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[a-z0-9_-]+$", example = "plan")]
    pub key: String,
    /// What kind of value it holds.
    pub r#type: FieldType,
    /// What it is called.
    #[validate(nested)]
    pub label: LocalText,
    /// What to write.
    #[serde(default)]
    #[validate(nested)]
    pub help: LocalText,
    /// How strongly it is asked for.
    #[serde(default = "advise")]
    pub demand: Demand,
    /// The most characters.
    #[serde(default = "most_characters")]
    #[validate(range(min = 1, max = 20000))]
    #[schema(minimum = 1, maximum = 20000, example = 4000)]
    pub max_length: u32,
    /// Minutes a year it is expected to take.
    #[serde(default)]
    #[validate(range(max = 100_000))]
    #[schema(maximum = 100000, example = 60)]
    pub minutes: u32,
    /// The choices, where it is a choice.
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    #[schema(max_items = 50)]
    pub choices: Vec<Choice>,
}

fn advise() -> Demand {
    Demand::Advise
}

fn most_characters() -> u32 {
    4000
}

/// A choice of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its key, which the content holds.
    #[validate(length(min = 1, max = MAX_KEY), custom(function = is_key))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[a-z0-9_-]+$", example = "ja")]
    pub key: String,
    /// What it is called.
    #[validate(nested)]
    pub label: LocalText,
}

/// How strongly a section's goals and commitments are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Demands {
    /// A goal has an indicator or a stated assessment.
    pub goal_judged: Demand,
    /// At least one goal stands in the section.
    pub goal_present: Demand,
    /// A partner is named in a commitment.
    pub partner_named: Demand,
    /// Every named partner has confirmed.
    pub partner_confirmed: Demand,
    /// There are no more goals than `max_goals`.
    pub few_goals: Demand,
    /// The most goals that are few.
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100, example = 5)]
    pub max_goals: u32,
}

impl Default for Demands {
    fn default() -> Self {
        let advise = Demand::Advise;
        Demands {
            goal_judged: advise,
            goal_present: Demand::Off,
            partner_named: Demand::Off,
            partner_confirmed: advise,
            few_goals: advise,
            max_goals: 5,
        }
    }
}

/// A step of an approval route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteStep {
    /// Whom it asks.
    pub role: RouteRole,
    /// What the step is for.
    pub duty: Duty,
    /// How many of them must decide.
    pub rule: StepRule,
}

/// The route for some kinds of unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The kinds it is for.
    #[validate(length(min = 1, max = 5))]
    #[schema(min_items = 1, max_items = 5)]
    pub kinds: Vec<UnitKind>,
    /// Its steps, in their order; the last one approves.
    #[validate(length(min = 1, max = 10))]
    #[schema(min_items = 1, max_items = 10)]
    pub steps: Vec<RouteStep>,
}

/// Who signs for some kinds of unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signatories {
    /// The kinds it is for.
    #[validate(length(min = 1, max = 5))]
    #[schema(min_items = 1, max_items = 5)]
    pub kinds: Vec<UnitKind>,
    /// Who signs such an agreement, in no order.
    #[validate(length(min = 1, max = 4))]
    #[schema(min_items = 1, max_items = 4)]
    pub signatories: Vec<Signatory>,
}

/// Which units a template is for; empty lists mean all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AppliesTo {
    /// The kinds of unit.
    #[validate(length(max = 5))]
    #[schema(max_items = 5)]
    pub kinds: Vec<UnitKind>,
    /// The units under which they stand.
    #[validate(length(max = 100))]
    #[schema(max_items = 100)]
    pub under: Vec<Id>,
}

/// A section that agreements of the template have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionDefinition {
    /// Its key within the agreement.
    #[validate(length(min = 1, max = MAX_KEY), custom(function = is_key))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[a-z0-9_-]+$", example = "effects")]
    pub key: String,
    /// The municipality's own numbering.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_length = 20, example = "1A")]
    pub label: String,
    /// What it is about.
    pub kind: SectionKind,
    /// The heading above the section.
    #[validate(nested)]
    pub heading: LocalText,
    /// What is expected in it.
    #[serde(default)]
    #[validate(nested)]
    pub guidance: LocalText,
    /// Whether every agreement has it.
    pub demanded: bool,
    /// Whether "not applicable, because …" is an answer.
    #[serde(default)]
    pub allows_not_applicable: bool,
    /// The theme of the strategy letter it answers, by key.
    #[serde(default)]
    #[validate(length(max = MAX_KEY))]
    #[schema(required = true, max_length = 60, example = "borger-og-brugereffekter")]
    pub theme_key: Option<String>,
    /// Who fills it.
    #[serde(default = "holder")]
    pub filled_by: FilledBy,
    /// The fields that are filled in, in their order.
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    #[schema(max_items = 50)]
    pub fields: Vec<Field>,
    /// How strongly goals and partners are asked for.
    #[serde(default)]
    #[validate(nested)]
    pub demands: Demands,
    /// Routes of this section alone; the template's are used where this is empty.
    #[serde(default)]
    #[validate(length(max = 5), nested)]
    #[schema(max_items = 5)]
    pub routes: Vec<Route>,
}

fn holder() -> FilledBy {
    FilledBy::Holder
}

/// Everything that a template prescribes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prescription {
    /// The sections, in their order.
    pub sections: Vec<SectionDefinition>,
    /// The routes, per kind of unit.
    pub routes: Vec<Route>,
    /// Who signs, per kind of unit.
    pub signatories: Vec<Signatories>,
    /// Where the route of a returned section begins again.
    pub resubmission: Resubmission,
}

impl Prescription {
    /// A section by its key.
    pub fn section(&self, key: &str) -> Option<&SectionDefinition> {
        self.sections.iter().find(|section| section.key == key)
    }

    /// The steps that decide on a section of a kind of unit: the section's own, or the template's.
    pub fn steps<'a>(&'a self, section: &'a SectionDefinition, kind: UnitKind) -> &'a [RouteStep] {
        let own = section.routes.iter().find(|route| route.kinds.contains(&kind));
        let route = own.or_else(|| self.routes.iter().find(|route| route.kinds.contains(&kind)));
        route.map_or(&[], |route| &route.steps)
    }

    /// Who signs the agreement of a kind of unit.
    pub fn signatories(&self, kind: UnitKind) -> &[Signatory] {
        self.signatories.iter().find(|one| one.kinds.contains(&kind)).map_or(&[], |one| &one.signatories)
    }
}
