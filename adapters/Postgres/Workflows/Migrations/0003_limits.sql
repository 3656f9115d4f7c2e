-- Who holds a task, where that counts: workers on the bus get no more than they have hands for, and limits hold over all servers.
ALTER TABLE task_queue ADD COLUMN on_bus boolean NOT NULL DEFAULT false;
ALTER TABLE task_queue ADD COLUMN limited text;
COMMENT ON COLUMN task_queue.on_bus IS 'Held by a worker on the bus.';
COMMENT ON COLUMN task_queue.limited IS 'The task type whose concurrentExecLimit the task counts for while it is held.';
CREATE INDEX task_queue_on_bus ON task_queue (queue) WHERE on_bus;
CREATE INDEX task_queue_limited ON task_queue (limited) WHERE limited IS NOT NULL;

-- Hand-outs of task types with a rate limit, as far back as its window reaches.
CREATE TABLE hand_outs (
    task_type   text        NOT NULL,
    at          timestamptz NOT NULL
);
CREATE INDEX hand_outs_by_type ON hand_outs (task_type, at);

-- Which execution a caller's idempotency key stands for.
CREATE TABLE idempotency_keys (
    workflow    text        NOT NULL,
    key         text        NOT NULL,
    execution   uuid        NOT NULL,
    claimed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (workflow, key)
);
