-- A stack whose files are kept has a key of its own. Those that are there are whose they were; with whom the services of one
-- are shared says nothing of its files.
INSERT INTO ownership (id, host, kind, stack, name, account_id, sharing, created_at, passing, claimed)
SELECT id, host, 'stack', '', name, account_id, 'private', created_at, FALSE, FALSE
FROM stack
WHERE account_id IN (SELECT id FROM account) AND host IN (SELECT slug FROM host)
ON CONFLICT (host, kind, stack, name) DO NOTHING;
