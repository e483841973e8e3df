-- One row for every change: written with outcome 'intended' before it happens, completed after it. A row that is still
-- 'intended' at start belongs to a change during which the server ended: it becomes 'unknown'.
CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    request_id TEXT NOT NULL,
    account_id TEXT,
    account_name TEXT NOT NULL,
    door TEXT NOT NULL,
    address TEXT NOT NULL,
    operation TEXT NOT NULL,
    host TEXT,
    target TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status BIGINT,
    ended_at BIGINT
);
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_outcome ON audit (outcome);
