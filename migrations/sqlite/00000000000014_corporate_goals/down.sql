DROP INDEX indicators_by_inherited_from_id;
DROP INDEX goals_by_inherited_from_id;
ALTER TABLE indicators DROP COLUMN inherited_from_id;
DROP TABLE corporate_goals;
