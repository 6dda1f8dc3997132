ALTER TABLE municipalities DROP COLUMN open_promise_limit;
