-- Messages of a sequence (the records of one key of a topic) leave one after the other, in the order of position; the others as before.
ALTER TABLE outbox ADD COLUMN sequence uuid;
COMMENT ON COLUMN outbox.sequence IS 'Messages of a sequence are sent one after the other, in the order of position.';

CREATE INDEX outbox_sequences ON outbox (sequence, position) WHERE sequence IS NOT NULL AND poison IS NULL;
CREATE INDEX outbox_sequences_available ON outbox (available) WHERE sequence IS NOT NULL AND poison IS NULL;
CREATE INDEX outbox_available ON outbox (destination, available) WHERE sequence IS NULL AND poison IS NULL;
DROP INDEX outbox_by_destination;
