-- Whether the new container has shown that it runs: from then on the next start finishes, and undoes nothing.
ALTER TABLE recreation ADD COLUMN proved BOOLEAN NOT NULL DEFAULT FALSE;
