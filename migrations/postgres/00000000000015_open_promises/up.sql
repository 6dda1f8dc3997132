-- A unit with more open promises than this has promised too much.
ALTER TABLE municipalities ADD COLUMN open_promise_limit bigint NOT NULL DEFAULT 8;
