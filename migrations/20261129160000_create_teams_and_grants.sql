-- Who may do what: roles, given to an account, a team or everyone, on a host, a host group or everywhere.

CREATE TABLE team (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE team_member (
    team_id TEXT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    leader BOOLEAN NOT NULL,
    PRIMARY KEY (team_id, account_id)
);
CREATE INDEX team_member_by_account ON team_member (account_id);

CREATE TABLE host_group (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE host_group_member (
    group_id TEXT NOT NULL REFERENCES host_group (id) ON DELETE CASCADE,
    host TEXT NOT NULL REFERENCES host (slug) ON DELETE CASCADE,
    PRIMARY KEY (group_id, host)
);

-- At most one of account and team, else it is for everyone; at most one of group and host, else it is everywhere.
CREATE TABLE role_grant (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT REFERENCES account (id) ON DELETE CASCADE,
    team_id TEXT REFERENCES team (id) ON DELETE CASCADE,
    group_id TEXT REFERENCES host_group (id) ON DELETE CASCADE,
    host TEXT REFERENCES host (slug) ON DELETE CASCADE,
    role TEXT NOT NULL,
    ends_at BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX role_grant_by_account ON role_grant (account_id);
CREATE INDEX role_grant_by_team ON role_grant (team_id);

-- What was a mark on the account is a grant like every other.
INSERT INTO role_grant (id, account_id, role, created_at, created_by)
SELECT id, id, 'administrator', created_at, name FROM account WHERE administrator;
ALTER TABLE account DROP COLUMN administrator;

-- 'person' signs in by password; 'service' has API keys only. Without a password the hash is empty, which none has.
ALTER TABLE account ADD COLUMN kind TEXT NOT NULL DEFAULT 'person';
ALTER TABLE account ADD COLUMN disabled BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE account ADD COLUMN must_change BOOLEAN NOT NULL DEFAULT FALSE;

-- The link by which somebody chooses a password: the first one, or a new one. At most one of an account.
CREATE TABLE invitation (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    digest TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);

-- A key may be for less than its account: at most a role, only some hosts (JSON, a list of slugs), for a while.
ALTER TABLE api_key ADD COLUMN role TEXT;
ALTER TABLE api_key ADD COLUMN hosts TEXT;
ALTER TABLE api_key ADD COLUMN ends_at BIGINT;
