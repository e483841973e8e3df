-- What somebody came back with from a provider, to be bound to them, and has used: it is good for once. Kept as long as it
-- would be good.
CREATE TABLE used_binding (
    id TEXT NOT NULL PRIMARY KEY,
    used_at BIGINT NOT NULL
);
