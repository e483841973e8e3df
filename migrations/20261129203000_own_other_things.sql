-- Networks, volumes and names of images are owned as containers are. What has no name of its own (the engine made one up)
-- is owned as long as it is there: its row goes with it. A claim is a row whose thing is still being made.
ALTER TABLE ownership ADD COLUMN passing BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE ownership ADD COLUMN claimed BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE ownership_thing (
    host TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The engine's full id; a volume's is its name.
    object_id TEXT NOT NULL,
    ownership_id TEXT NOT NULL REFERENCES ownership (id) ON DELETE CASCADE,
    PRIMARY KEY (host, kind, object_id)
);

INSERT INTO ownership_thing (host, kind, object_id, ownership_id)
SELECT host, 'container', object_id, ownership_id FROM ownership_live;

DROP TABLE ownership_live;
