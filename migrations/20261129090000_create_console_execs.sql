-- Programs of consoles that run on this machine. A row that is there at start belongs to one that the server left behind
-- when it was killed: it is ended, if the process is still the same one.
CREATE TABLE console_exec (
    id TEXT NOT NULL PRIMARY KEY,
    host TEXT NOT NULL,
    container TEXT NOT NULL,
    exec TEXT NOT NULL,
    pid BIGINT NOT NULL,
    started BIGINT NOT NULL,
    boot TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
