ALTER TABLE commitment_parties DROP COLUMN fulfilled_by;
ALTER TABLE commitment_parties DROP COLUMN fulfilled_at;
ALTER TABLE commitments DROP COLUMN counter;
