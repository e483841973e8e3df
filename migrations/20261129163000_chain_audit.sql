-- The audit log: rows are only ever added, each with a MAC over itself and the MAC of the row before it (server/src/audit).
-- What stood in the old table is carried over at the next start, which has the key; the table stays behind, empty.
DROP INDEX audit_by_time;
DROP INDEX audit_by_outcome;
ALTER TABLE audit RENAME TO audit_unchained;

-- kind: 'intent' before a change and 'outcome' after it, or 'single' for what is over when it is written. `intent` is the
-- number of an outcome's intent; `times` is above 1 where many refused attempts were gathered into one row.
CREATE TABLE audit_entry (
    seq INTEGER NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    intent BIGINT,
    request_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    account_name TEXT NOT NULL,
    door TEXT NOT NULL,
    address TEXT NOT NULL,
    operation TEXT NOT NULL,
    host TEXT,
    target TEXT NOT NULL,
    detail TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status BIGINT,
    times BIGINT NOT NULL,
    mac BLOB NOT NULL
);
CREATE INDEX audit_entry_by_time ON audit_entry (at);
CREATE UNIQUE INDEX audit_entry_by_intent ON audit_entry (intent) WHERE intent IS NOT NULL;

-- What retention has removed, as it was when it was removed. Its own MAC is chained to that of the segment before it; the
-- first row that is left is chained to `last_mac`.
CREATE TABLE audit_segment (
    from_seq INTEGER NOT NULL PRIMARY KEY,
    to_seq BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    faults BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    last_mac BLOB NOT NULL,
    sealed_at BIGINT NOT NULL,
    mac BLOB NOT NULL
);

-- Guards against mistakes, our own among them. Who edits the file can drop them: the MACs are the proof.
CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_entry_goes_sealed BEFORE DELETE ON audit_entry
WHEN NOT EXISTS (SELECT 1 FROM audit_segment WHERE OLD.seq BETWEEN from_seq AND to_seq)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_segment_stays BEFORE UPDATE ON audit_segment
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_segment_is_kept BEFORE DELETE ON audit_segment
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- One line for each deed: its intent with its outcome, or its only row.
CREATE VIEW audit AS
SELECT e.seq AS id, e.at, e.request_id, e.account_id, e.account_name, e.door, e.address, e.operation, e.host, e.target,
       e.detail, COALESCE(o.outcome, e.outcome) AS outcome, COALESCE(o.status, e.status) AS status,
       COALESCE(o.at, CASE e.kind WHEN 'single' THEN e.at END) AS ended_at, e.times, COALESCE(o.seq, e.seq) AS last_seq
FROM audit_entry e LEFT JOIN audit_entry o ON o.intent = e.seq
WHERE e.kind <> 'outcome';
