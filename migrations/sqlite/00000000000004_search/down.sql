DROP TRIGGER section_revisions_are_searched;
DROP TABLE revision_texts;
DROP VIEW searched_revisions;
