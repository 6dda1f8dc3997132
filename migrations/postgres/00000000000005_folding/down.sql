ALTER TABLE people DROP COLUMN folded_email;
DROP INDEX section_revisions_by_words;
ALTER TABLE section_revisions DROP COLUMN words;
CREATE OR REPLACE FUNCTION danish_words(texts jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.danish', left(coalesce(string_agg(one #>> '{}', ' '), ''), 100000))
    FROM jsonb_array_elements(texts) AS one
$$;
ALTER TABLE section_revisions ADD COLUMN words tsvector GENERATED ALWAYS AS (danish_words(
    jsonb_path_query_array(snapshot, '$.content.*')
    || jsonb_path_query_array(snapshot, '$.goals[*].title')
    || jsonb_path_query_array(snapshot, '$.goals[*].assessment')
    || jsonb_path_query_array(snapshot, '$.goals[*].effect')
)) STORED;
CREATE INDEX section_revisions_by_words ON section_revisions USING gin (words);
