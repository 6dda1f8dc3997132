//! The tables, for both databases. Every key begins with the municipality; the migrations hold the constraints.

#![expect(missing_docs, reason = "the macro makes modules that cannot carry doc comments")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Date;
use crate::types::sql::{Id, Json, Ts};

    signing_keys (kid) {
        kid -> Text,
        algorithm -> Text,
        public_jwk -> Json,
        private_sealed -> Text,
        created_at -> Ts,
        retired_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    municipalities (municipality_id) {
        municipality_id -> Id,
        name -> Text,
        cvr -> Text,
        time_zone -> Text,
        languages -> Json,
        business_date -> Nullable<Date>,
        last_resort_id -> Nullable<Id>,
        organisation_version -> BigInt,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
        small_number_limit -> BigInt,
        open_promise_limit -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    event_counters (municipality_id) {
        municipality_id -> Id,
        last_sequence -> BigInt,
        last_hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    events (municipality_id, sequence) {
        municipality_id -> Id,
        sequence -> BigInt,
        id -> Id,
        kind -> Text,
        resource -> Text,
        subject_id -> Id,
        section_key -> Nullable<Text>,
        agreement_id -> Nullable<Id>,
        org_unit_id -> Nullable<Id>,
        version -> Nullable<BigInt>,
        changed -> Json,
        detail -> Json,
        person_id -> Nullable<Id>,
        client_id -> Nullable<Id>,
        on_behalf_of_id -> Nullable<Id>,
        request_id -> Text,
        occurred_at -> Ts,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    idempotency_keys (municipality_id, digest) {
        municipality_id -> Id,
        digest -> Text,
        request_hash -> Text,
        status -> BigInt,
        headers -> Json,
        body -> Text,
        created_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    org_units (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        managed_by -> Text,
        source_changed_at -> Nullable<Ts>,
        external_keys -> Json,
        extensions -> Json,
        holds_agreement -> Bool,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    org_unit_validities (municipality_id, org_unit_id, from_on) {
        municipality_id -> Id,
        org_unit_id -> Id,
        from_on -> Date,
        to_on -> Nullable<Date>,
        parent_id -> Nullable<Id>,
        name -> Text,
        folded_name -> Text,
        kind -> Text,
        p_number -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    people (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        managed_by -> Text,
        source_changed_at -> Nullable<Ts>,
        name -> Text,
        folded_name -> Text,
        email -> Nullable<Text>,
        extensions -> Json,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
        folded_email -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    person_identities (municipality_id, issuer, subject) {
        municipality_id -> Id,
        issuer -> Text,
        subject -> Text,
        person_id -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    appointments (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        managed_by -> Text,
        source_changed_at -> Nullable<Ts>,
        person_id -> Id,
        org_unit_id -> Id,
        role -> Text,
        from_on -> Date,
        to_on -> Nullable<Date>,
        acting -> Bool,
        standing_deputy_id -> Nullable<Id>,
        responsible_for -> Json,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    users (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        person_id -> Id,
        email -> Text,
        password_hash -> Text,
        disabled -> Bool,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
        code_expires_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    clients (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        client_key -> Text,
        name -> Text,
        source -> Text,
        scopes -> Json,
        disabled -> Bool,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    client_secrets (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        client_id -> Id,
        secret_hash -> Text,
        created_at -> Ts,
        expires_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    sessions (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        user_id -> Id,
        created_at -> Ts,
        expires_at -> Ts,
        ended_at -> Nullable<Ts>,
        generation -> BigInt,
        renewed_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    refresh_tokens (municipality_id, token_hash) {
        municipality_id -> Id,
        token_hash -> Text,
        session_id -> Id,
        created_at -> Ts,
        generation -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    strategy_letters (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        year -> BigInt,
        title -> Text,
        issued_on -> Nullable<Date>,
        source_text -> Text,
        headings -> Json,
        state -> Text,
        published_at -> Nullable<Ts>,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    themes (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        letter_id -> Id,
        key -> Text,
        heading_key -> Text,
        position -> BigInt,
        title -> Text,
        body -> Text,
        owner_id -> Nullable<Id>,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    templates (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        name -> Text,
        number -> BigInt,
        based_on_id -> Nullable<Id>,
        letter_id -> Nullable<Id>,
        state -> Text,
        applies_to -> Json,
        sections -> Json,
        routes -> Json,
        signatories -> Json,
        resubmission -> Text,
        published_at -> Nullable<Ts>,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    cycles (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        year -> BigInt,
        name -> Text,
        letter_id -> Nullable<Id>,
        template_ids -> Json,
        period_from -> Date,
        period_to -> Date,
        scope -> Json,
        deadlines -> Json,
        follow_ups -> Json,
        state -> Text,
        opened_at -> Nullable<Ts>,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    agreements (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        cycle_id -> Id,
        template_id -> Id,
        year -> BigInt,
        title -> Text,
        org_units -> Json,
        period_from -> Date,
        period_to -> Date,
        case_number -> Nullable<Text>,
        state -> Text,
        late -> Bool,
        shared_with_line -> Bool,
        first_submitted_at -> Nullable<Ts>,
        first_decided_at -> Nullable<Ts>,
        submitted_at -> Nullable<Ts>,
        approved_at -> Nullable<Ts>,
        in_force_at -> Nullable<Ts>,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    agreement_units (municipality_id, cycle_id, org_unit_id) {
        municipality_id -> Id,
        cycle_id -> Id,
        org_unit_id -> Id,
        agreement_id -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    agreement_readers (municipality_id, agreement_id, person_id, reason) {
        municipality_id -> Id,
        agreement_id -> Id,
        person_id -> Id,
        reason -> Text,
        created_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    sections (municipality_id, agreement_id, key) {
        municipality_id -> Id,
        agreement_id -> Id,
        key -> Text,
        id -> Id,
        position -> BigInt,
        kind -> Text,
        demanded -> Bool,
        theme_id -> Nullable<Id>,
        state -> Text,
        version -> BigInt,
        revision -> BigInt,
        content -> Json,
        not_applicable -> Nullable<Text>,
        content_sha256 -> Nullable<Text>,
        edited_by -> Json,
        route -> Json,
        last_decision -> Nullable<Json>,
        open_comments -> BigInt,
        must_answer -> BigInt,
        unconfirmed_partners -> BigInt,
        submitted_at -> Nullable<Ts>,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    section_revisions (municipality_id, agreement_id, section_key, revision) {
        municipality_id -> Id,
        agreement_id -> Id,
        section_key -> Text,
        revision -> BigInt,
        snapshot -> Json,
        content_sha256 -> Text,
        edited_by -> Json,
        submitted_by -> Nullable<Id>,
        submitted_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    goals (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        agreement_id -> Id,
        section_key -> Text,
        position -> BigInt,
        title -> Text,
        assessment -> Nullable<Text>,
        origin -> Nullable<Text>,
        theme_id -> Nullable<Id>,
        target_group -> Nullable<Text>,
        effect -> Nullable<Text>,
        horizon -> Nullable<Text>,
        inherited_from_id -> Nullable<Id>,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    indicators (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        goal_id -> Id,
        agreement_id -> Id,
        position -> BigInt,
        name -> Text,
        unit -> Text,
        direction -> Text,
        baseline -> Nullable<BigInt>,
        target -> Nullable<BigInt>,
        aggregation -> Text,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
        baseline_on -> Nullable<Date>,
        target_on -> Nullable<Date>,
        tolerance -> Nullable<BigInt>,
        interval -> Nullable<Text>,
        inherited_from_id -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    corporate_goals (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        letter_id -> Id,
        theme_id -> Id,
        position -> BigInt,
        content -> Json,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Ts};

    observations (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        agreement_id -> Id,
        goal_id -> Id,
        indicator_id -> Nullable<Id>,
        kind -> Text,
        observed_on -> Date,
        value -> Nullable<BigInt>,
        numerator -> Nullable<BigInt>,
        denominator -> Nullable<BigInt>,
        text -> Nullable<Text>,
        judgement -> Nullable<Text>,
        scale -> Nullable<Text>,
        method -> Nullable<Text>,
        source -> Nullable<Text>,
        n -> Nullable<BigInt>,
        confidence -> Nullable<Text>,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    commitments (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        cycle_id -> Id,
        agreement_id -> Id,
        section_key -> Text,
        position -> BigInt,
        title -> Text,
        expected_gain -> Text,
        due_on -> Nullable<Date>,
        state -> Text,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
        counter -> Nullable<Json>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    commitment_parties (municipality_id, commitment_id, position) {
        municipality_id -> Id,
        commitment_id -> Id,
        position -> BigInt,
        org_unit_id -> Nullable<Id>,
        external_name -> Nullable<Text>,
        proposer -> Bool,
        promise -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        answered_by -> Nullable<Id>,
        answered_at -> Nullable<Ts>,
        fulfilled_by -> Nullable<Id>,
        fulfilled_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    comments (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        agreement_id -> Id,
        section_key -> Text,
        reply_to_id -> Nullable<Id>,
        pointer -> Text,
        kind -> Text,
        must_answer -> Bool,
        answered -> Bool,
        resolved -> Bool,
        body -> Text,
        author_id -> Id,
        version -> BigInt,
        changed_by -> Nullable<Id>,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    decisions (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        agreement_id -> Id,
        section_key -> Text,
        revision -> BigInt,
        content_sha256 -> Text,
        step -> BigInt,
        duty -> Text,
        outcome -> Text,
        reason -> Nullable<Text>,
        person_id -> Id,
        acting_for_id -> Nullable<Id>,
        instead_of_id -> Nullable<Id>,
        decided_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Json, Ts};

    signatures (municipality_id, id) {
        municipality_id -> Id,
        id -> Id,
        agreement_id -> Id,
        signatory -> Text,
        person_id -> Id,
        acting_for_id -> Nullable<Id>,
        content_sha256 -> Text,
        on_paper -> Bool,
        signed_at -> Ts,
        voided_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::Id;

    agreement_texts (municipality_id, agreement_id) {
        municipality_id -> Id,
        agreement_id -> Id,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Id, Ts};

    route_places (municipality_id, agreement_id, section_key, step, place) {
        municipality_id -> Id,
        agreement_id -> Id,
        section_key -> Text,
        step -> BigInt,
        place -> BigInt,
        person_id -> Id,
        on_behalf_of_id -> Nullable<Id>,
        duty -> Text,
        cycle_id -> Id,
        waiting_since -> Ts,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    signing_keys,
    municipalities,
    event_counters,
    events,
    idempotency_keys,
    org_units,
    org_unit_validities,
    people,
    person_identities,
    appointments,
    users,
    clients,
    client_secrets,
    sessions,
    refresh_tokens,
    strategy_letters,
    themes,
    templates,
    cycles,
    agreements,
    agreement_units,
    agreement_readers,
    sections,
    section_revisions,
    goals,
    indicators,
    observations,
    corporate_goals,
    commitments,
    commitment_parties,
    comments,
    decisions,
    agreement_texts,
    route_places,
    signatures,
);
