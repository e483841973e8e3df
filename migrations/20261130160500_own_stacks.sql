-- A stack whose files are kept has a key of its own. Those that are there are whose all of their services are; else they are
-- the managers', who have no row. With whom the services are shared says nothing of the files.
INSERT INTO ownership (id, host, kind, stack, name, account_id, sharing, created_at, passing, claimed)
SELECT stack.id, stack.host, 'stack', '', stack.name, MIN(service.account_id), 'private', stack.created_at, FALSE, FALSE
FROM stack
JOIN ownership service
    ON service.host = stack.host AND service.kind = 'container' AND service.stack = stack.name
GROUP BY stack.id
HAVING COUNT(*) = COUNT(service.account_id) AND COUNT(DISTINCT service.account_id) = 1;
