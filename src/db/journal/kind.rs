//! What can happen, and to what.

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
        /// A commitment was proposed.
        CommitmentProposed = "commitment.proposed",
        /// A commitment was changed.
        CommitmentRevised = "commitment.revised",
        /// A party confirmed.
        CommitmentConfirmed = "commitment.confirmed",
        /// A party declined.
        CommitmentDeclined = "commitment.declined",
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
        /// A commitment.
        Commitment = "commitment",
        /// A comment on a section.
        Comment = "comment",
    }
}

impl EventKind {
    /// What it happened to.
    pub fn noun(self) -> Noun {
        match self {
            EventKind::MunicipalityCreated | EventKind::MunicipalityUpdated => Noun::Municipality,
            EventKind::OrgUnitCreated | EventKind::OrgUnitReplaced | EventKind::OrgUnitUpdated => Noun::OrgUnit,
            EventKind::PersonCreated | EventKind::PersonReplaced | EventKind::PersonUpdated => Noun::Person,
            EventKind::AppointmentCreated | EventKind::AppointmentReplaced | EventKind::AppointmentDeleted => {
                Noun::Appointment
            }
            EventKind::UserCreated | EventKind::UserUpdated | EventKind::UserDeleted | EventKind::UserLogInFailed => {
                Noun::User
            }
            EventKind::SessionCreated | EventKind::SessionEnded | EventKind::SessionReuseDetected => Noun::Session,
            EventKind::ClientCreated
            | EventKind::ClientUpdated
            | EventKind::ClientDeleted
            | EventKind::ClientTokenRefused
            | EventKind::ClientSecretCreated
            | EventKind::ClientSecretDeleted => Noun::Client,
            EventKind::StrategyLetterCreated
            | EventKind::StrategyLetterUpdated
            | EventKind::StrategyLetterPublished => Noun::StrategyLetter,
            EventKind::ThemeCreated | EventKind::ThemeUpdated | EventKind::ThemeDeleted => Noun::Theme,
            EventKind::TemplateCreated
            | EventKind::TemplateUpdated
            | EventKind::TemplateDeleted
            | EventKind::TemplatePublished => Noun::Template,
            EventKind::CycleCreated | EventKind::CycleUpdated | EventKind::CycleOpened => Noun::Cycle,
            EventKind::AgreementCreated
            | EventKind::AgreementUpdated
            | EventKind::AgreementShared
            | EventKind::AgreementSubmitted
            | EventKind::AgreementRecalled
            | EventKind::AgreementReturned
            | EventKind::AgreementApproved
            | EventKind::AgreementChanged
            | EventKind::AgreementSigned
            | EventKind::AgreementInForce => Noun::Agreement,
            EventKind::SectionEdited
            | EventKind::SectionSubmitted
            | EventKind::SectionOmitted
            | EventKind::SectionRecalled
            | EventKind::SectionEndorsed
            | EventKind::SectionApproved
            | EventKind::SectionReturned
            | EventKind::SectionReopened => Noun::Section,
            EventKind::GoalCreated | EventKind::GoalUpdated | EventKind::GoalDeleted => Noun::Goal,
            EventKind::IndicatorCreated | EventKind::IndicatorUpdated | EventKind::IndicatorDeleted => Noun::Indicator,
            EventKind::CommitmentProposed
            | EventKind::CommitmentRevised
            | EventKind::CommitmentConfirmed
            | EventKind::CommitmentDeclined
            | EventKind::CommitmentWithdrawn => Noun::Commitment,
            EventKind::CommentCreated | EventKind::CommentUpdated | EventKind::CommentResolved => Noun::Comment,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_kind_begins_with_its_noun() {
        for kind in EventKind::ALL {
            assert_eq!(kind.as_str().split_once('.').map(|(noun, _)| noun), Some(kind.noun().as_str()));
        }
    }
}
