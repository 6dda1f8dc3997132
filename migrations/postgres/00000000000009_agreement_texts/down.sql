DROP TABLE agreement_texts;

CREATE FUNCTION danish_words(texts jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
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
