-- What a partner would rather agree on, until the proposer answers; and who says that a commitment was kept.
ALTER TABLE commitments ADD COLUMN counter json;
ALTER TABLE commitment_parties
    ADD COLUMN fulfilled_by uuid,
    ADD COLUMN fulfilled_at timestamptz;
