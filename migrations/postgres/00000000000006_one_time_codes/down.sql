ALTER TABLE users DROP COLUMN code_expires_at;
