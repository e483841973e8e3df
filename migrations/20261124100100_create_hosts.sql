-- A host is a row: what it is called for ever in URLs, what pages show, and how its engine is reached.
CREATE TABLE host (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
