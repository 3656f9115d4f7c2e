-- What is due is looked for by destination, so that the backlog of one that takes no more is not read again and again.
CREATE INDEX outbox_by_destination ON outbox (destination, available) WHERE poison IS NULL;
DROP INDEX outbox_available;
