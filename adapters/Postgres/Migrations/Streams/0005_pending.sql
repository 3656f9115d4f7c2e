-- What the position will be if the transaction at the broker that was about to be committed has been: the broker knows.
ALTER TABLE checkpoints ADD COLUMN pending jsonb;
