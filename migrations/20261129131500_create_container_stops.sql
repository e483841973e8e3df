-- Containers that ended because somebody had asked for it, whatever their exit code: no engine keeps that, and after a
-- restart of the server they must not read as failed. A row goes when the container runs again or is removed.
CREATE TABLE container_stop (
    host TEXT NOT NULL,
    container TEXT NOT NULL,
    died_at BIGINT NOT NULL,
    PRIMARY KEY (host, container)
);
