-- What a partner would rather agree on, until the proposer answers; and who says that a commitment was kept.
ALTER TABLE commitments ADD COLUMN counter TEXT;
ALTER TABLE commitment_parties ADD COLUMN fulfilled_by TEXT;
ALTER TABLE commitment_parties ADD COLUMN fulfilled_at TEXT;
