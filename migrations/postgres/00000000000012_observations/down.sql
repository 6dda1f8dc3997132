ALTER TABLE municipalities DROP COLUMN small_number_limit;
DROP TABLE observations;
ALTER TABLE indicators DROP CONSTRAINT indicators_direction_check;
UPDATE indicators SET direction = 'hold' WHERE direction = 'keep';
ALTER TABLE indicators
    ADD CONSTRAINT indicators_direction_check CHECK (direction IN ('up', 'down', 'hold')),
    DROP COLUMN baseline_on,
    DROP COLUMN target_on,
    DROP COLUMN tolerance,
    DROP COLUMN interval;
