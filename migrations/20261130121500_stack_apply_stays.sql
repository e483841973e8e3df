-- What was done of a plan stays where something fails: asked for with the plan, kept through a restart.
ALTER TABLE stack_apply ADD COLUMN stays BOOLEAN NOT NULL DEFAULT FALSE;
