//! What can happen, to what, who is told of it, and where that is found.

use serde_json::{Map, Value};

use super::row::EventRow;
use crate::text_enum;

text_enum! {
    /// What happened, as `noun.past-tense`.
    pub enum EventKind {
        /// A municipality was set up.
        MunicipalityCreated = "municipality.created",
        /// Its settings were changed.
        MunicipalityUpdated = "municipality.updated",
        /// A unit became known.
        OrgUnitCreated = "org_unit.created",
        /// Its source said anew what a unit is.
        OrgUnitReplaced = "org_unit.replaced",
        /// Local fields of a unit were changed.
        OrgUnitUpdated = "org_unit.updated",
        /// A person became known.
        PersonCreated = "person.created",
        /// Their source said anew who a person is.
        PersonReplaced = "person.replaced",
        /// Local fields of a person were changed.
        PersonUpdated = "person.updated",
        /// Somebody was appointed.
        AppointmentCreated = "appointment.created",
        /// Its source said anew what an appointment is.
        AppointmentReplaced = "appointment.replaced",
        /// An appointment was taken back.
        AppointmentDeleted = "appointment.deleted",
        /// A person got a log-in.
        UserCreated = "user.created",
        /// A log-in was changed.
        UserUpdated = "user.updated",
        /// A log-in was deleted.
        UserDeleted = "user.deleted",
        /// Somebody failed to log in.
        UserLogInFailed = "user.log-in-failed",
        /// Somebody logged in.
        SessionCreated = "session.created",
        /// A session ended.
        SessionEnded = "session.ended",
        /// A refresh token came a second time.
        SessionReuseDetected = "session.reuse-detected",
        /// A machine client was let in.
        ClientCreated = "client.created",
        /// A machine client was changed.
        ClientUpdated = "client.updated",
        /// A machine client was deleted.
        ClientDeleted = "client.deleted",
        /// Somebody asked for a machine client's token with a secret that is not its.
        ClientTokenRefused = "client.token-refused",
        /// A machine client got a secret.
        ClientSecretCreated = "client.secret-created",
        /// A secret of a machine client was deleted.
        ClientSecretDeleted = "client.secret-deleted",
        /// A strategy letter was begun.
        StrategyLetterCreated = "strategy_letter.created",
        /// A strategy letter was changed.
        StrategyLetterUpdated = "strategy_letter.updated",
        /// A strategy letter was published.
        StrategyLetterPublished = "strategy_letter.published",
        /// A theme was added to a letter.
        ThemeCreated = "theme.created",
        /// A theme was changed.
        ThemeUpdated = "theme.updated",
        /// A theme was taken out of a letter.
        ThemeDeleted = "theme.deleted",
        /// A goal of the whole organisation was set.
        CorporateGoalCreated = "corporate_goal.created",
        /// A goal of the whole organisation was changed.
        CorporateGoalUpdated = "corporate_goal.updated",
        /// A goal of the whole organisation was deleted.
        CorporateGoalDeleted = "corporate_goal.deleted",
        /// A template was begun.
        TemplateCreated = "template.created",
        /// A template was changed.
        TemplateUpdated = "template.updated",
        /// A template was thrown away.
        TemplateDeleted = "template.deleted",
        /// A template was published.
        TemplatePublished = "template.published",
        /// A cycle was planned.
        CycleCreated = "cycle.created",
        /// A cycle was changed.
        CycleUpdated = "cycle.updated",
        /// A cycle was opened.
        CycleOpened = "cycle.opened",
        /// An agreement was made.
        AgreementCreated = "agreement.created",
        /// What stands beside its sections was changed.
        AgreementUpdated = "agreement.updated",
        /// Its draft was shared.
        AgreementShared = "agreement.shared",
        /// It was submitted.
        AgreementSubmitted = "agreement.submitted",
        /// Its submission was taken back.
        AgreementRecalled = "agreement.recalled",
        /// A section of it was returned.
        AgreementReturned = "agreement.returned",
        /// Its last section was approved.
        AgreementApproved = "agreement.approved",
        /// Its state changed in another way.
        AgreementChanged = "agreement.changed",
        /// Somebody signed it.
        AgreementSigned = "agreement.signed",
        /// Everybody has signed it.
        AgreementInForce = "agreement.in-force",
        /// Observations of it were imported.
        AgreementObservationsImported = "agreement.observations-imported",
        /// A section was written in.
        SectionEdited = "section.edited",
        /// A section was submitted.
        SectionSubmitted = "section.submitted",
        /// An optional section was left out.
        SectionOmitted = "section.omitted",
        /// A submitted section is a draft again.
        SectionRecalled = "section.recalled",
        /// A step of its route was passed.
        SectionEndorsed = "section.endorsed",
        /// A section was approved.
        SectionApproved = "section.approved",
        /// A section was sent back.
        SectionReturned = "section.returned",
        /// An approved section was taken up again.
        SectionReopened = "section.reopened",
        /// A goal was set.
        GoalCreated = "goal.created",
        /// A goal was changed.
        GoalUpdated = "goal.updated",
        /// A goal was deleted.
        GoalDeleted = "goal.deleted",
        /// An indicator was added to a goal.
        IndicatorCreated = "indicator.created",
        /// An indicator was changed.
        IndicatorUpdated = "indicator.updated",
        /// An indicator was deleted.
        IndicatorDeleted = "indicator.deleted",
        /// Something was seen of a goal's effect.
        ObservationCreated = "observation.created",
        /// Something else is said of an observation.
        ObservationUpdated = "observation.updated",
        /// An observation was taken back.
        ObservationDeleted = "observation.deleted",
        /// A commitment was proposed.
        CommitmentProposed = "commitment.proposed",
        /// A commitment was changed.
        CommitmentRevised = "commitment.revised",
        /// A party confirmed.
        CommitmentConfirmed = "commitment.confirmed",
        /// A partner would rather agree on something else.
        CommitmentCountered = "commitment.countered",
        /// A party declined.
        CommitmentDeclined = "commitment.declined",
        /// A party says that a commitment was kept.
        CommitmentFulfilled = "commitment.fulfilled",
        /// A commitment was taken back.
        CommitmentWithdrawn = "commitment.withdrawn",
        /// Somebody commented.
        CommentCreated = "comment.created",
        /// A comment was changed.
        CommentUpdated = "comment.updated",
        /// A thread was closed.
        CommentResolved = "comment.resolved",
    }
}

text_enum! {
    /// What something happened to.
    pub enum Noun {
        /// The municipality.
        Municipality = "municipality",
        /// A unit.
        OrgUnit = "org_unit",
        /// A person.
        Person = "person",
        /// An appointment.
        Appointment = "appointment",
        /// A log-in.
        User = "user",
        /// A session.
        Session = "session",
        /// A machine client.
        Client = "client",
        /// A strategy letter.
        StrategyLetter = "strategy_letter",
        /// A theme of a letter.
        Theme = "theme",
        /// A goal of the whole organisation.
        CorporateGoal = "corporate_goal",
        /// A template.
        Template = "template",
        /// A cycle.
        Cycle = "cycle",
        /// An agreement.
        Agreement = "agreement",
        /// A section of an agreement.
        Section = "section",
        /// A goal of a section.
        Goal = "goal",
        /// An indicator of a goal.
        Indicator = "indicator",
        /// An observation of a goal's effect.
        Observation = "observation",
        /// A commitment.
        Commitment = "commitment",
        /// A comment on a section.
        Comment = "comment",
    }
}

impl EventKind {
    /// What it happened to: its name begins with it, which a test holds of every kind.
    pub fn noun(self) -> Noun {
        let noun = self.as_str().split('.').next().unwrap_or_default();
        Noun::parse(noun).unwrap_or(Noun::Municipality)
    }
}

impl Noun {
    /// Whether systems outside are told of it: log-ins, sessions and clients stand in the audit log alone.
    pub fn is_fed(self) -> bool {
        !matches!(self, Noun::Session | Noun::User | Noun::Client)
    }

    /// The address of what an event about it is about; every noun that is fed has one.
    pub fn address(self, row: &EventRow) -> Option<String> {
        let (id, agreement) = (row.subject_id, row.agreement_id);
        let detail = |name: &str| row.detail.read::<Map<String, Value>>().ok()?.get(name)?.as_str().map(str::to_owned);
        let place = match self {
            Noun::Municipality => "municipality".to_owned(),
            Noun::OrgUnit => format!("org-units/{id}"),
            Noun::Person => format!("people/{id}"),
            Noun::Appointment => format!("appointments/{id}"),
            Noun::StrategyLetter => format!("strategy-letters/{id}"),
            Noun::Theme => format!("strategy-letters/{}/themes/{id}", detail("letter_id")?),
            Noun::CorporateGoal => {
                let (letter, theme) = (detail("letter_id")?, detail("theme_id")?);
                format!("strategy-letters/{letter}/themes/{theme}/goals/{id}")
            }
            Noun::Template => format!("templates/{id}"),
            Noun::Cycle => format!("cycles/{id}"),
            Noun::Agreement => format!("agreements/{id}"),
            Noun::Section => format!("agreements/{}/sections/{}", agreement?, row.section_key.as_ref()?),
            Noun::Goal => format!("agreements/{}/goals/{id}", agreement?),
            Noun::Indicator => format!("agreements/{}/goals/{}/indicators/{id}", agreement?, detail("goal_id")?),
            Noun::Observation => format!("agreements/{}/observations/{id}", agreement?),
            Noun::Commitment => format!("commitments/{id}"),
            Noun::Comment => format!("agreements/{}/comments/{id}", agreement?),
            Noun::User | Noun::Session | Noun::Client => return None,
        };
        Some(format!("/api/v1/{place}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Args, Lang, try_say};
    use crate::types::{Id, Json, Ts};

    #[test]
    fn the_name_of_a_kind_begins_with_its_noun() {
        for kind in EventKind::ALL {
            let noun = kind.as_str().split_once('.').map(|(noun, _)| noun);
            assert_eq!(noun.and_then(Noun::parse), Some(kind.noun()), "{kind}");
        }
    }

    fn row(noun: Noun) -> EventRow {
        EventRow {
            municipality_id: Id::new(),
            sequence: 1,
            id: Id::new(),
            kind: String::new(),
            resource: noun.as_str().to_owned(),
            subject_id: Id::new(),
            section_key: Some("effects".to_owned()),
            agreement_id: Some(Id::new()),
            org_unit_id: None,
            version: None,
            changed: Json::default(),
            detail: Json::of(&serde_json::json!({"letter_id": "letter", "theme_id": "theme", "goal_id": "goal"})),
            person_id: None,
            client_id: None,
            on_behalf_of_id: None,
            request_id: String::new(),
            occurred_at: Ts::of(chrono::DateTime::UNIX_EPOCH),
            hash: String::new(),
        }
    }

    #[test]
    fn what_is_fed_has_an_address_and_nothing_else_has() {
        for noun in Noun::ALL {
            assert_eq!(noun.address(&row(*noun)).is_some(), noun.is_fed(), "{noun}");
        }
    }

    #[test]
    fn what_happens_in_an_agreement_has_a_sentence_in_both_languages() {
        use Noun::*;
        for kind in EventKind::ALL {
            let told =
                matches!(kind.noun(), Agreement | Section | Goal | Indicator | Observation | Commitment | Comment);
            let key = format!("history-{}", kind.as_str().replace('.', "-"));
            for lang in Lang::ALL {
                assert_eq!(try_say(lang, &key, &Args::default()).is_some(), told, "{key}");
            }
        }
    }
}
