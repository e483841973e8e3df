-- By which API key something was done: its name, and how it begins. A row of before, or by another door, has none, and its
-- MAC is made as it was (server/src/audit/chain.rs).
ALTER TABLE audit_entry ADD COLUMN key TEXT NOT NULL DEFAULT '';

DROP VIEW audit;
CREATE VIEW audit AS
SELECT e.seq AS id, e.at, e.request_id, e.account_id, e.account_name, e.door, e.key, e.address, e.operation, e.host,
       e.target, e.detail, COALESCE(o.outcome, e.outcome) AS outcome, COALESCE(o.status, e.status) AS status,
       COALESCE(o.at, CASE e.kind WHEN 'single' THEN e.at END) AS ended_at, e.times, COALESCE(o.seq, e.seq) AS last_seq
FROM audit_entry e LEFT JOIN audit_entry o ON o.intent = e.seq
WHERE e.kind <> 'outcome';
