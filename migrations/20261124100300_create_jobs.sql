-- Long work: what was asked for by whom, how far it is, and what became of each of its targets. At start, what is still
-- 'queued' or 'running' belongs to a server that has ended: it becomes 'interrupted'.
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    request_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX job_of_account ON job (account_id, id);
CREATE INDEX job_by_state ON job (state);

-- `outcome` is the JSON of the wire; `ended` tells without reading it whether anything more happens, `begun` whether
-- anything has.
CREATE TABLE job_target (
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    host TEXT NOT NULL,
    object_id TEXT NOT NULL,
    name TEXT NOT NULL,
    target_key TEXT NOT NULL,
    begun BOOLEAN NOT NULL,
    ended BOOLEAN NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (job_id, place)
);

CREATE TABLE job_line (
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (job_id, place)
);
