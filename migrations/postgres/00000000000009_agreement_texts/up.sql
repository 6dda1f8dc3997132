-- The words of each agreement by their Danish stems, as of one version of it: what everybody reads who may know of it, and
-- that together with what is being written. It follows from what is stored: whoever searches brings it up to date.
CREATE TABLE agreement_texts (
    municipality_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (municipality_id, agreement_id),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE CASCADE
);
ALTER TABLE agreement_texts ADD COLUMN told tsvector NOT NULL, ADD COLUMN whole tsvector NOT NULL;
CREATE INDEX agreement_texts_by_version ON agreement_texts (municipality_id, agreement_id, version);
CREATE INDEX agreement_texts_by_told ON agreement_texts USING gin (told);
CREATE INDEX agreement_texts_by_whole ON agreement_texts USING gin (whole);

DROP INDEX section_revisions_by_words;
ALTER TABLE section_revisions DROP COLUMN words;
DROP FUNCTION danish_words(jsonb);
