ALTER TABLE people ADD COLUMN folded_email text COLLATE "C";

-- How names and addresses are folded has changed. The program folds what is empty.
UPDATE people SET folded_name = '';
UPDATE org_unit_validities SET folded_name = '';

-- A letter is the same word whether it was sent as one character or as a letter and a mark.
DROP INDEX section_revisions_by_words;
ALTER TABLE section_revisions DROP COLUMN words;
CREATE OR REPLACE FUNCTION danish_words(texts jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.danish', normalize(left(coalesce(string_agg(one #>> '{}', ' '), ''), 100000)))
    FROM jsonb_array_elements(texts) AS one
$$;
ALTER TABLE section_revisions ADD COLUMN words tsvector GENERATED ALWAYS AS (danish_words(
    jsonb_path_query_array(snapshot, '$.content.*')
    || jsonb_path_query_array(snapshot, '$.goals[*].title')
    || jsonb_path_query_array(snapshot, '$.goals[*].assessment')
    || jsonb_path_query_array(snapshot, '$.goals[*].effect')
)) STORED;
CREATE INDEX section_revisions_by_words ON section_revisions USING gin (words);
