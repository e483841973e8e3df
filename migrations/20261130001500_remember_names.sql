-- Names that the containers of a service have had. They stay the service's owner's when the containers are gone: whoever
-- took one would be met by its team in its place.
CREATE TABLE ownership_name (
    host TEXT NOT NULL REFERENCES host (slug) ON DELETE CASCADE,
    name TEXT NOT NULL,
    ownership_id TEXT NOT NULL REFERENCES ownership (id) ON DELETE CASCADE,
    PRIMARY KEY (host, name)
);

CREATE INDEX ownership_name_of ON ownership_name (ownership_id);
