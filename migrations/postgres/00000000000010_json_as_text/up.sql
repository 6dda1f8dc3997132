-- What is kept as JSON is given out as it came in, and nothing looks inside: as text it is not taken apart when it is
-- written and put together when it is read.
ALTER TABLE agreements
    ALTER COLUMN org_units TYPE json USING org_units::text::json;
ALTER TABLE appointments
    ALTER COLUMN responsible_for TYPE json USING responsible_for::text::json;
ALTER TABLE clients
    ALTER COLUMN scopes TYPE json USING scopes::text::json;
ALTER TABLE cycles
    ALTER COLUMN deadlines TYPE json USING deadlines::text::json,
    ALTER COLUMN follow_ups TYPE json USING follow_ups::text::json,
    ALTER COLUMN scope TYPE json USING scope::text::json,
    ALTER COLUMN template_ids TYPE json USING template_ids::text::json;
ALTER TABLE events
    ALTER COLUMN changed TYPE json USING changed::text::json,
    ALTER COLUMN detail TYPE json USING detail::text::json;
ALTER TABLE idempotency_keys
    ALTER COLUMN headers TYPE json USING headers::text::json;
ALTER TABLE municipalities
    ALTER COLUMN languages TYPE json USING languages::text::json;
ALTER TABLE org_units
    ALTER COLUMN extensions TYPE json USING extensions::text::json,
    ALTER COLUMN external_keys TYPE json USING external_keys::text::json;
ALTER TABLE people
    ALTER COLUMN extensions TYPE json USING extensions::text::json;
ALTER TABLE section_revisions
    ALTER COLUMN edited_by TYPE json USING edited_by::text::json,
    ALTER COLUMN snapshot TYPE json USING snapshot::text::json;
ALTER TABLE sections
    ALTER COLUMN content TYPE json USING content::text::json,
    ALTER COLUMN edited_by TYPE json USING edited_by::text::json,
    ALTER COLUMN last_decision TYPE json USING last_decision::text::json,
    ALTER COLUMN route TYPE json USING route::text::json;
ALTER TABLE signing_keys
    ALTER COLUMN public_jwk TYPE json USING public_jwk::text::json;
ALTER TABLE strategy_letters
    ALTER COLUMN headings TYPE json USING headings::text::json;
ALTER TABLE templates
    ALTER COLUMN applies_to TYPE json USING applies_to::text::json,
    ALTER COLUMN routes TYPE json USING routes::text::json,
    ALTER COLUMN sections TYPE json USING sections::text::json,
    ALTER COLUMN signatories TYPE json USING signatories::text::json;
