ALTER TABLE people ADD COLUMN folded_email TEXT;

-- How names and addresses are folded has changed. The program folds what is empty.
UPDATE people SET folded_name = '';
UPDATE org_unit_validities SET folded_name = '';
