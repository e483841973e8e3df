-- Containers that are being recreated. At start, what is here belongs to a server that has ended in the midst of it: it is
-- finished or undone once the engine answers.
CREATE TABLE recreation (
    job_id TEXT NOT NULL PRIMARY KEY,
    host TEXT NOT NULL,
    name TEXT NOT NULL,
    old_id TEXT NOT NULL,
    parked TEXT NOT NULL,
    new_id TEXT,
    ran BOOLEAN NOT NULL,
    at BIGINT NOT NULL
);
