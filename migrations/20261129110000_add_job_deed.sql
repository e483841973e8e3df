-- What a job needs to be done again beside its kind and its targets, as JSON; NULL where it needs nothing, or where that
-- may hold secrets and is kept in memory only.
ALTER TABLE job ADD COLUMN deed TEXT;
