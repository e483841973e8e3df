-- Where the files of a stack start that was there before we kept them: a folder of its host. None, if it is ours.
ALTER TABLE stack ADD COLUMN root TEXT;
-- It was taken down through us: that nothing of it is there is nobody's change by hand.
ALTER TABLE stack ADD COLUMN down BOOLEAN NOT NULL DEFAULT FALSE;
