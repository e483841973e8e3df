-- Stacks whose files we keep.
CREATE TABLE stack (
    id TEXT NOT NULL PRIMARY KEY,
    host TEXT NOT NULL,
    name TEXT NOT NULL,
    account_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (host, name)
);

-- Every plan that was applied, numbered within its stack. `source` is sealed, then base64: files and variables hold
-- secrets. `images` is JSON.
CREATE TABLE stack_release (
    id TEXT NOT NULL PRIMARY KEY,
    stack_id TEXT NOT NULL REFERENCES stack (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    account_id TEXT NOT NULL,
    author TEXT NOT NULL,
    message TEXT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    job_id TEXT NOT NULL,
    source TEXT NOT NULL,
    images TEXT NOT NULL,
    UNIQUE (stack_id, number)
);

-- Plans that are being applied. At start, what is here belongs to a server that has ended in the midst of it.
CREATE TABLE stack_apply (
    job_id TEXT NOT NULL PRIMARY KEY,
    release_id TEXT,
    host TEXT NOT NULL,
    stack TEXT NOT NULL,
    -- All steps are done; what is left is to remove what was put aside.
    proved BOOLEAN NOT NULL,
    at BIGINT NOT NULL
);

-- What was done of them, in the order in which it was begun: what takes it back. `note` is JSON, without secrets.
CREATE TABLE stack_apply_step (
    job_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
);
