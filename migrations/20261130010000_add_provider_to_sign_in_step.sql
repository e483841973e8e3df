-- A sign-in that is half done may have come by a provider: then what that says of the person's groups (a JSON list) is
-- settled with the second factor and not before, and it is over when the provider is.
ALTER TABLE sign_in_step ADD COLUMN provider_id TEXT REFERENCES oidc_provider (id) ON DELETE CASCADE;
ALTER TABLE sign_in_step ADD COLUMN had TEXT;
