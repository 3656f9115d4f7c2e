-- Messages that this service has consumed, so that a duplicate has no second effect. One row per consumer and message.
CREATE TABLE inbox (
    consumer_id uuid        NOT NULL,
    message_id  uuid        NOT NULL,
    received    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer_id, message_id)
);

-- Rows arrive in the order of their time, which is all that the cleanup asks for.
CREATE INDEX inbox_received ON inbox USING brin (received) WITH (pages_per_range = 16, autosummarize = on);

-- Messages and timers to be sent after the commit. A row is deleted once it was delivered.
CREATE TABLE outbox (
    id           uuid        PRIMARY KEY,
    position     bigint      GENERATED ALWAYS AS IDENTITY,
    message_id   uuid        NOT NULL,
    destination  text        NOT NULL,
    content_type text        NOT NULL,
    body         bytea       NOT NULL,
    envelope     json        NOT NULL,
    headers      json,
    properties   json,
    due          timestamptz NOT NULL,
    available    timestamptz NOT NULL,
    token        uuid,
    group_id     text,
    attempts     integer     NOT NULL DEFAULT 0,
    poison       text
);

COMMENT ON COLUMN outbox.due IS 'When the message is to be sent; the time of its insertion unless it is a timer.';
COMMENT ON COLUMN outbox.available IS 'When it may be claimed: due, or the end of a claim''s lease, or the end of a back-off.';
COMMENT ON COLUMN outbox.token IS 'Cancels a scheduled message.';
COMMENT ON COLUMN outbox.group_id IS 'Messages of a group are sent one after the other, in the order of position.';
COMMENT ON COLUMN outbox.poison IS 'Why the message was set aside.';

CREATE INDEX outbox_available ON outbox (available) WHERE group_id IS NULL AND poison IS NULL;
CREATE INDEX outbox_groups ON outbox (group_id, position) WHERE group_id IS NOT NULL;
CREATE INDEX outbox_token ON outbox (token) WHERE token IS NOT NULL;
CREATE INDEX outbox_poison ON outbox (position) WHERE poison IS NOT NULL;

-- Short-lived rows: look for dead ones early, by number rather than by share.
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
