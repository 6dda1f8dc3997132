DROP TABLE agreement_words;
DROP TABLE agreement_texts;

-- The texts of every revision, to be searched.
CREATE VIEW searched_revisions AS
SELECT municipality_id, agreement_id, section_key, revision, (
    SELECT group_concat(found.text, ' ') FROM (
        SELECT value AS text FROM json_each(section_revisions.snapshot, '$.content')
        UNION ALL
        SELECT concat_ws(' ', value ->> 'title', value ->> 'assessment', value ->> 'effect')
        FROM json_each(section_revisions.snapshot, '$.goals')
    ) AS found
) AS body
FROM section_revisions;

-- Diacritics stay: å is a letter of its own, and no a.
CREATE VIRTUAL TABLE revision_texts USING fts5(
    municipality_id UNINDEXED, agreement_id UNINDEXED, section_key UNINDEXED, revision UNINDEXED, body,
    tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3'
);

-- A revision never changes: its words are found once, when it is submitted, or restored from a copy.
CREATE TRIGGER section_revisions_are_searched AFTER INSERT ON section_revisions BEGIN
    INSERT INTO revision_texts (municipality_id, agreement_id, section_key, revision, body)
    SELECT municipality_id, agreement_id, section_key, revision, body FROM searched_revisions
    WHERE municipality_id = new.municipality_id AND agreement_id = new.agreement_id
        AND section_key = new.section_key AND revision = new.revision;
END;

INSERT INTO revision_texts (municipality_id, agreement_id, section_key, revision, body)
SELECT municipality_id, agreement_id, section_key, revision, body FROM searched_revisions;
