-- From which network a sign-in was begun that is half done: whoever begins many from one pushes out nobody else's.
ALTER TABLE sign_in_step ADD COLUMN network TEXT NOT NULL DEFAULT '';
