-- The digest of the mark of the pages that a session was begun from; none where it was begun without.
ALTER TABLE session ADD COLUMN mark TEXT;
