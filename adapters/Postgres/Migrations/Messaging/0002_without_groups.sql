-- Messages are sent in parallel, whatever their order.
DROP INDEX outbox_groups;
DROP INDEX outbox_available;
ALTER TABLE outbox DROP COLUMN group_id;
CREATE INDEX outbox_available ON outbox (available) WHERE poison IS NULL;
