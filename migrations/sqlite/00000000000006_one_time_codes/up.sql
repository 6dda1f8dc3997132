-- Until when the password is a one-time code, which only serves to choose an own one; null once that is done.
ALTER TABLE users ADD COLUMN code_expires_at TEXT;
