//! Which events are fed to others, and where what they are about is found.

use serde_json::{Map, Value};

use crate::db::journal::{EventRow, Noun};

/// Whether systems outside are told of it: log-ins, sessions and clients stand in the audit log alone.
pub fn is_fed(noun: Noun) -> bool {
    !matches!(noun, Noun::Session | Noun::User | Noun::Client)
}

/// The address of what an event is about; every noun that is fed has one.
pub fn address(row: &EventRow) -> Option<String> {
    let (id, agreement) = (row.subject_id, row.agreement_id);
    let detail = |name: &str| row.detail.read::<Map<String, Value>>().ok()?.get(name)?.as_str().map(str::to_owned);
    let place = match Noun::parse(&row.resource)? {
        Noun::Municipality => "municipality".to_owned(),
        Noun::OrgUnit => format!("org-units/{id}"),
        Noun::Person => format!("people/{id}"),
        Noun::Appointment => format!("appointments/{id}"),
        Noun::StrategyLetter => format!("strategy-letters/{id}"),
        Noun::Theme => format!("strategy-letters/{}/themes/{id}", detail("letter_id")?),
        Noun::Template => format!("templates/{id}"),
        Noun::Cycle => format!("cycles/{id}"),
        Noun::Agreement => format!("agreements/{id}"),
        Noun::Section => format!("agreements/{}/sections/{}", agreement?, row.section_key.as_ref()?),
        Noun::Goal => format!("agreements/{}/goals/{id}", agreement?),
        Noun::Indicator => format!("agreements/{}/goals/{}/indicators/{id}", agreement?, detail("goal_id")?),
        Noun::Commitment => format!("commitments/{id}"),
        Noun::Comment => format!("agreements/{}/comments/{id}", agreement?),
        Noun::User | Noun::Session | Noun::Client => return None,
    };
    Some(format!("/api/v1/{place}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::journal::EventKind;
    use crate::text::{Args, Lang, try_say};
    use crate::types::{Id, Json, Ts};

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
            detail: Json::of(&serde_json::json!({"letter_id": "letter", "goal_id": "goal"})),
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
            assert_eq!(address(&row(*noun)).is_some(), is_fed(*noun), "{noun}");
        }
    }

    #[test]
    fn what_happens_in_an_agreement_has_a_sentence_in_both_languages() {
        use Noun::*;
        for kind in EventKind::ALL {
            let told = matches!(kind.noun(), Agreement | Section | Goal | Indicator | Commitment | Comment);
            let key = format!("history-{}", kind.as_str().replace('.', "-"));
            for lang in Lang::ALL {
                assert_eq!(try_say(lang, &key, &Args::default()).is_some(), told, "{key}");
            }
        }
    }
}
