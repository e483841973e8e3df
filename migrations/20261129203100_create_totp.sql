-- The second factor of an account (RFC 6238). The secret is sealed; no code of a step up to `last_step` holds any more.
-- `confirmed_at` is NULL until a code has shown that the secret has arrived: until then nobody is asked for one.
CREATE TABLE totp (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    secret TEXT NOT NULL,
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT
);

-- What lets somebody in who has lost the secret. Each is removed when it is used.
CREATE TABLE recovery_code (
    account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    PRIMARY KEY (account_id, digest)
);

-- Who has shown the first factor and owes the second. There is no session yet.
CREATE TABLE sign_in_step (
    digest TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX sign_in_step_by_account ON sign_in_step (account_id);
