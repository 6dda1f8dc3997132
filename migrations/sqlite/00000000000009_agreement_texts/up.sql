-- As of which version of an agreement its words are found. It follows from what is stored: whoever searches brings it up
-- to date.
CREATE TABLE agreement_texts (
    municipality_id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (municipality_id, agreement_id),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX agreement_texts_by_version ON agreement_texts (municipality_id, agreement_id, version);

-- What everybody reads who may know of it, and that together with what is being written. A row is found by its place,
-- the agreement's id as one word. Diacritics stay: å is a letter of its own, and no a.
CREATE VIRTUAL TABLE agreement_words USING fts5(
    municipality_id UNINDEXED, agreement_id UNINDEXED, place, told, whole,
    tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3'
);

DROP TRIGGER section_revisions_are_searched;
DROP TABLE revision_texts;
DROP VIEW searched_revisions;
