//! A commitment between a proposer (0), two units (1, 2) and what they say.

use super::super::model::CommitmentRow;
use super::*;

const AT: &str = "2014-11-10T08:00:00Z";

fn moment() -> Moment {
    Moment { by: Some(Id::of_name("somebody")), at: Ts::parse(AT).expect("an instant") }
}

fn commitment(partners: usize) -> CommitmentWithParties {
    let (id, at) = (Id::of_name("commitment"), Ts::parse(AT).expect("an instant"));
    let row = CommitmentRow {
        municipality_id: Id::of_name("Lilleby"),
        id,
        cycle_id: Id::of_name("cycle"),
        agreement_id: Id::of_name("agreement"),
        section_key: "cross-cutting".to_owned(),
        position: 0,
        title: "Overgang".to_owned(),
        expected_gain: "Barnet er kendt".to_owned(),
        due_on: Date::parse("2015-05-01"),
        state: CommitmentState::Proposed,
        version: 1,
        changed_by: None,
        created_at: at,
        updated_at: at,
        counter: None,
    };
    let party = |place: usize| PartyRow {
        municipality_id: row.municipality_id,
        commitment_id: id,
        position: i64::try_from(place).expect("a place"),
        org_unit_id: Some(Id::of_name(&format!("unit {place}"))),
        external_name: None,
        proposer: place == 0,
        promise: format!("løfte {place}"),
        state: if place == 0 { Answer::Confirmed } else { Answer::Proposed },
        reason: None,
        answered_by: None,
        answered_at: None,
        fulfilled_by: None,
        fulfilled_at: None,
    };
    let parties = (0..=partners).map(party).collect();
    (row, parties)
}

fn states((row, parties): &CommitmentWithParties) -> (CommitmentState, Vec<Answer>) {
    (row.state, parties.iter().map(|party| party.state).collect())
}

fn yes(one: &mut CommitmentWithParties, place: usize) -> Result<(), Code> {
    answer(one, place, (Answer::Confirmed, None), moment()).map_err(|refusal| refusal.code)
}

fn later() -> Terms {
    Terms { due_on: Date::parse("2015-09-01"), ..Terms::default() }
}

use Answer::{Confirmed, Declined, Proposed};

#[test]
fn who_counters_has_confirmed_and_the_proposer_is_asked() {
    let mut one = commitment(2);
    yes(&mut one, 2).expect("a confirmation");
    counter(&mut one, 1, &later(), moment()).expect("a counter");
    assert_eq!(states(&one), (CommitmentState::Proposed, vec![Proposed, Confirmed, Confirmed]));
    assert_eq!(one.0.due_on, Date::parse("2015-05-01"), "nothing is changed before the proposer agrees");
    assert!(changes_section(&one, 0) && !changes_section(&one, 1));
    yes(&mut one, 0).expect("an agreement");
    assert_eq!(
        states(&one),
        (CommitmentState::Proposed, vec![Confirmed, Confirmed, Proposed]),
        "the other is asked again"
    );
    assert_eq!((one.0.due_on, one.0.counter.is_none()), (Date::parse("2015-09-01"), true));
    yes(&mut one, 2).expect("a confirmation");
    assert_eq!(one.0.state, CommitmentState::Confirmed);
}

#[test]
fn another_promise_of_ones_own_asks_nobody_but_the_proposer() {
    let mut one = commitment(2);
    yes(&mut one, 2).expect("a confirmation");
    let terms = Terms { promise: Some("Én lærer".to_owned()), ..Terms::default() };
    counter(&mut one, 1, &terms, moment()).expect("a counter");
    assert!(!changes_section(&one, 0), "the proposer's own section says the same");
    yes(&mut one, 0).expect("an agreement");
    assert_eq!(states(&one), (CommitmentState::Confirmed, vec![Confirmed, Confirmed, Confirmed]));
    assert_eq!(one.1.get(1).map(|party| party.promise.as_str()), Some("Én lærer"));
}

#[test]
fn whoever_countered_may_still_answer_what_was_proposed() {
    for (said, state) in [(Confirmed, CommitmentState::Confirmed), (Declined, CommitmentState::Declined)] {
        let mut one = commitment(1);
        counter(&mut one, 1, &later(), moment()).expect("a counter");
        answer(&mut one, 1, (said, None), moment()).expect("an answer");
        assert_eq!(states(&one), (state, vec![Confirmed, said]));
        assert_eq!((one.0.due_on, one.0.counter.is_none()), (Date::parse("2015-05-01"), true));
    }
}

#[test]
fn a_counter_changes_something_and_is_not_to_ones_own_proposal() {
    let refused =
        |place: usize, terms: &Terms| counter(&mut commitment(1), place, terms, moment()).map_err(|no| no.code);
    assert_eq!(refused(0, &later()), Err(Code::OwnProposal));
    assert_eq!(refused(7, &later()), Err(Code::NotParty));
    let same = Terms { promise: Some("løfte 1".to_owned()), due_on: Date::parse("2015-05-01"), expected_gain: None };
    assert_eq!(refused(1, &same), Err(Code::InvalidBody));
    assert_eq!(refused(1, &Terms::default()), Err(Code::InvalidBody));
}

#[test]
fn it_is_kept_once_every_party_says_so() {
    let mut one = commitment(1);
    let refused =
        |one: &mut CommitmentWithParties, places: &[usize]| fulfil(one, places, moment()).map_err(|no| no.code);
    assert_eq!(refused(&mut one, &[1]), Err(Code::IllegalMove), "nobody keeps what is not agreed");
    yes(&mut one, 1).expect("a confirmation");
    assert_eq!(refused(&mut one, &[1]), Ok(()));
    assert_eq!(one.0.state, CommitmentState::Confirmed);
    assert_eq!(refused(&mut one, &[1]), Err(Code::AlreadyDecided));
    assert_eq!(refused(&mut one, &[0]), Ok(()));
    assert_eq!(one.0.state, CommitmentState::Fulfilled);
    assert_eq!(yes(&mut one, 1), Err(Code::IllegalMove));
    assert!(counter(&mut one, 1, &later(), moment()).is_err());
}

#[test]
fn a_proposer_who_does_not_agree_leaves_everything_as_it_was() {
    for (before, state) in [
        (Confirmed, CommitmentState::Confirmed),
        (Proposed, CommitmentState::Proposed),
        (Declined, CommitmentState::Declined),
    ] {
        let mut one = commitment(1);
        if before != Proposed {
            answer(&mut one, 1, (before, None), moment()).expect("an answer");
        }
        counter(&mut one, 1, &later(), moment()).expect("a counter");
        let again = Terms { promise: Some("Én lærer".to_owned()), ..Terms::default() };
        counter(&mut one, 1, &again, moment()).expect("another counter");
        answer(&mut one, 0, (Declined, Some("Nej")), moment()).expect("a rejection");
        assert_eq!(states(&one), (state, vec![Confirmed, before]));
        assert_eq!((one.0.due_on, one.0.counter.is_none()), (Date::parse("2015-05-01"), true));
    }
    let own = answer(&mut commitment(1), 0, (Declined, None), moment()).map_err(|no| no.code);
    assert_eq!(own, Err(Code::NotParty), "nobody declines their own proposal");
}

#[test]
fn what_was_kept_was_what_was_agreed_then() {
    let mut one = commitment(1);
    yes(&mut one, 1).expect("a confirmation");
    fulfil(&mut one, &[1], moment()).expect("a fulfilment");
    let terms = Terms { promise: Some("Ingen lærer".to_owned()), ..Terms::default() };
    counter(&mut one, 1, &terms, moment()).expect("a counter");
    yes(&mut one, 0).expect("an agreement");
    fulfil(&mut one, &[0], moment()).expect("a fulfilment");
    assert_eq!(one.0.state, CommitmentState::Confirmed, "the partner has not said so of the other promise");
}

#[test]
fn one_partner_counters_at_a_time() {
    let mut one = commitment(2);
    answer(&mut one, 1, (Declined, None), moment()).expect("a refusal");
    counter(&mut one, 1, &later(), moment()).expect("a counter");
    let second = counter(&mut one, 2, &later(), moment()).map_err(|no| no.code);
    assert_eq!(second, Err(Code::IllegalMove), "nobody takes another's counter away");
    assert_eq!(states(&one).1, [Proposed, Confirmed, Proposed]);
}
