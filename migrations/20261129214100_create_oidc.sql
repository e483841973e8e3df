-- Providers of OpenID Connect that people sign in through. The client secret is sealed; empty for a public client.
CREATE TABLE oidc_provider (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL UNIQUE,
    issuer TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    client_secret TEXT NOT NULL,
    scopes TEXT NOT NULL,
    groups_claim TEXT NOT NULL,
    makes_accounts BOOLEAN NOT NULL,
    redirects BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

-- What a value of the groups claim gives: a place in a team, or a role everywhere. One of the two.
CREATE TABLE oidc_mapping (
    provider_id TEXT NOT NULL REFERENCES oidc_provider (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    value TEXT NOT NULL,
    team_id TEXT REFERENCES team (id) ON DELETE CASCADE,
    role TEXT,
    PRIMARY KEY (provider_id, place)
);

-- Whom an account is at an issuer. Never by a name or an address: those are given to others later.
CREATE TABLE oidc_identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX oidc_identity_by_account ON oidc_identity (account_id, issuer);

-- What a provider's mapping has given, so that it can be taken back: at the next sign-in, or when the provider is removed.
CREATE TABLE oidc_given (
    provider_id TEXT NOT NULL REFERENCES oidc_provider (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    team_id TEXT REFERENCES team (id) ON DELETE CASCADE,
    grant_id TEXT REFERENCES role_grant (id) ON DELETE CASCADE
);
CREATE INDEX oidc_given_by_account ON oidc_given (account_id, provider_id);

-- The one account that passwords let in, where they let in no other. It cannot be removed as long as that is so.
CREATE TABLE passwords_only_for (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES account (id)
);
