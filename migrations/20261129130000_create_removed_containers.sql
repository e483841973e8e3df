-- What removed containers were asked for to be, so that they can be made again. `spec` is sealed: environments hold
-- secrets.
CREATE TABLE removed_container (
    id TEXT NOT NULL PRIMARY KEY,
    host TEXT NOT NULL,
    name TEXT NOT NULL,
    image TEXT NOT NULL,
    account TEXT NOT NULL,
    at BIGINT NOT NULL,
    spec BLOB NOT NULL
);

CREATE INDEX removed_container_by_host ON removed_container (host, id);
