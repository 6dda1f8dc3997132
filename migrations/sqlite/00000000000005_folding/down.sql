ALTER TABLE people DROP COLUMN folded_email;
