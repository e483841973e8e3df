-- Where templates come from besides those that come with Longshore. What its files said when they were last read is kept,
-- so that templates are there without the network.
CREATE TABLE template_source (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL UNIQUE,
    -- The place as JSON: an address, a folder, a file that was sent.
    place TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    tried_at INTEGER,
    read_at INTEGER,
    -- A sentence as JSON: why the last try came to nothing.
    trouble TEXT
);

CREATE TABLE template_file (
    source_id TEXT NOT NULL REFERENCES template_source (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (source_id, name)
);
