-- With whom what a plan makes is shared, once all of it is done: the next start reads it too.
ALTER TABLE stack_apply ADD COLUMN share TEXT;
