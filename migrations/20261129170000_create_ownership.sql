-- Whose a thing on a host is. It is bound to a key that outlives the thing: a stack with a service, or a name. A row stays
-- when its thing is gone, so that nobody else's thing of that name inherits what was given.
CREATE TABLE ownership (
    id TEXT NOT NULL PRIMARY KEY,
    host TEXT NOT NULL REFERENCES host (slug) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    -- Empty where there is none.
    stack TEXT NOT NULL,
    name TEXT NOT NULL,
    account_id TEXT REFERENCES account (id) ON DELETE SET NULL,
    sharing TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (host, kind, stack, name)
);

CREATE TABLE ownership_team (
    ownership_id TEXT NOT NULL REFERENCES ownership (id) ON DELETE CASCADE,
    team_id TEXT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    PRIMARY KEY (ownership_id, team_id)
);

-- The things that are there, by the engine's own ids: one that is renamed from outside stays whose it was.
CREATE TABLE ownership_live (
    host TEXT NOT NULL,
    object_id TEXT NOT NULL,
    ownership_id TEXT NOT NULL REFERENCES ownership (id) ON DELETE CASCADE,
    PRIMARY KEY (host, object_id)
);
