ALTER TABLE agreements
    ALTER COLUMN org_units TYPE jsonb USING org_units::jsonb;
ALTER TABLE appointments
    ALTER COLUMN responsible_for TYPE jsonb USING responsible_for::jsonb;
ALTER TABLE clients
    ALTER COLUMN scopes TYPE jsonb USING scopes::jsonb;
ALTER TABLE cycles
    ALTER COLUMN deadlines TYPE jsonb USING deadlines::jsonb,
    ALTER COLUMN follow_ups TYPE jsonb USING follow_ups::jsonb,
    ALTER COLUMN scope TYPE jsonb USING scope::jsonb,
    ALTER COLUMN template_ids TYPE jsonb USING template_ids::jsonb;
ALTER TABLE events
    ALTER COLUMN changed TYPE jsonb USING changed::jsonb,
    ALTER COLUMN detail TYPE jsonb USING detail::jsonb;
ALTER TABLE idempotency_keys
    ALTER COLUMN headers TYPE jsonb USING headers::jsonb;
ALTER TABLE municipalities
    ALTER COLUMN languages TYPE jsonb USING languages::jsonb;
ALTER TABLE org_units
    ALTER COLUMN extensions TYPE jsonb USING extensions::jsonb,
    ALTER COLUMN external_keys TYPE jsonb USING external_keys::jsonb;
ALTER TABLE people
    ALTER COLUMN extensions TYPE jsonb USING extensions::jsonb;
ALTER TABLE section_revisions
    ALTER COLUMN edited_by TYPE jsonb USING edited_by::jsonb,
    ALTER COLUMN snapshot TYPE jsonb USING snapshot::jsonb;
ALTER TABLE sections
    ALTER COLUMN content TYPE jsonb USING content::jsonb,
    ALTER COLUMN edited_by TYPE jsonb USING edited_by::jsonb,
    ALTER COLUMN last_decision TYPE jsonb USING last_decision::jsonb,
    ALTER COLUMN route TYPE jsonb USING route::jsonb;
ALTER TABLE signing_keys
    ALTER COLUMN public_jwk TYPE jsonb USING public_jwk::jsonb;
ALTER TABLE strategy_letters
    ALTER COLUMN headings TYPE jsonb USING headings::jsonb;
ALTER TABLE templates
    ALTER COLUMN applies_to TYPE jsonb USING applies_to::jsonb,
    ALTER COLUMN routes TYPE jsonb USING routes::jsonb,
    ALTER COLUMN sections TYPE jsonb USING sections::jsonb,
    ALTER COLUMN signatories TYPE jsonb USING signatories::jsonb;
