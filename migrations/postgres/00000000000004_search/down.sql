DROP INDEX section_revisions_by_words;
ALTER TABLE section_revisions DROP COLUMN words;
DROP FUNCTION danish_words(jsonb);
