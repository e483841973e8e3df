-- The provider that a session came in by. NULL where a password did, and for those of the time before this was written down:
-- they end when passwords are closed.
ALTER TABLE session ADD COLUMN provider_id TEXT REFERENCES oidc_provider (id) ON DELETE CASCADE;
