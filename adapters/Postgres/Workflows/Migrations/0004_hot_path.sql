-- Rows that change with every task are few, small and without an index on what changes: executions that have ended lie apart from those that
-- are under way, and what waits for a worker apart from what a worker has. Columns that change come last: the log then holds little more
-- than they. Everything belongs to a tenant (1, until there are others).

DROP INDEX instances_by_name, instances_by_status, instances_by_age, instances_by_correlation;
ALTER TABLE instances RENAME TO instances_before;
ALTER INDEX instances_pkey RENAME TO instances_before_pkey;

-- Executions under way. wake_at is the first moment at which a deadline of one of its tasks may have passed; it is rather too early than
-- written with every task.
CREATE TABLE instances (
    id              uuid        PRIMARY KEY,
    tenant          integer     NOT NULL DEFAULT 1,
    version         integer     NOT NULL,
    priority        integer     NOT NULL,
    created_at      timestamptz NOT NULL,
    wake_at         timestamptz,
    name            text        NOT NULL,
    definition_hash text        NOT NULL,
    correlation_id  text,
    input           bytea       NOT NULL,
    output          bytea,
    lifecycle       text        NOT NULL,
    status          text        NOT NULL,
    state           bytea       NOT NULL,
    next_event      integer     NOT NULL,
    updated_at      timestamptz NOT NULL
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- Executions that have ended.
CREATE TABLE ended (
    id              uuid        PRIMARY KEY,
    tenant          integer     NOT NULL DEFAULT 1,
    version         integer     NOT NULL,
    priority        integer     NOT NULL,
    next_event      integer     NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    ended_at        timestamptz NOT NULL,
    name            text        NOT NULL,
    definition_hash text        NOT NULL,
    correlation_id  text,
    lifecycle       text        NOT NULL,
    status          text        NOT NULL,
    reason          text,
    state           bytea       NOT NULL,
    input           bytea       NOT NULL,
    output          bytea
);

INSERT INTO instances (id, version, priority, created_at, name, definition_hash, correlation_id, input, output, lifecycle, status, state, next_event,
    updated_at, wake_at)
SELECT id, version, priority, created_at, name, definition_hash, correlation_id, input, output, lifecycle, status, state, next_event, updated_at,
    (SELECT min(deadline) FROM task_queue q WHERE q.workflow_id = i.id)
FROM instances_before i WHERE status IN ('RUNNING', 'PAUSED');
INSERT INTO ended (id, version, priority, next_event, created_at, updated_at, ended_at, name, definition_hash, correlation_id, lifecycle, status, reason,
    state, input, output)
SELECT id, version, priority, next_event, created_at, updated_at, coalesce(ended_at, updated_at), name, definition_hash, correlation_id, lifecycle,
    status, reason, state, input, output
FROM instances_before WHERE status NOT IN ('RUNNING', 'PAUSED');
DROP TABLE instances_before;

CREATE INDEX instances_by_name ON instances (tenant, name, created_at DESC, id);
CREATE INDEX instances_by_age ON instances (tenant, created_at DESC, id);
CREATE INDEX instances_by_correlation ON instances (tenant, correlation_id, name) WHERE correlation_id IS NOT NULL;
CREATE INDEX instances_to_wake ON instances (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX ended_by_name ON ended (tenant, name, created_at DESC, id);
CREATE INDEX ended_by_status ON ended (tenant, status, created_at DESC, id);
CREATE INDEX ended_by_age ON ended (tenant, created_at DESC, id);
CREATE INDEX ended_by_correlation ON ended (tenant, correlation_id, name) WHERE correlation_id IS NOT NULL;

-- All of them, for whoever asks.
CREATE VIEW executions AS
SELECT id, tenant, name, version, definition_hash, status, correlation_id, priority, created_at, updated_at, NULL::timestamptz AS ended_at,
    NULL::text AS reason, state, input, output
FROM instances
UNION ALL
SELECT id, tenant, name, version, definition_hash, status, correlation_id, priority, created_at, updated_at, ended_at, reason, state, input, output
FROM ended;

-- A write that met other rows than it was made for (another server was faster) changes nothing: the batch is undone, read anew and tried again.
CREATE FUNCTION fence(matched bigint, expected integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF matched <> expected THEN
        RAISE EXCEPTION 'executions have changed: % of % are as they were', matched, expected USING ERRCODE = 'CD409';
    END IF;
END $$;

ALTER TABLE tasks RENAME TO tasks_before;
ALTER INDEX tasks_pkey RENAME TO tasks_before_pkey;
ALTER INDEX tasks_by_workflow RENAME TO tasks_before_by_workflow;
CREATE TABLE tasks (
    id                  uuid        PRIMARY KEY,
    workflow_id         uuid        NOT NULL,
    tenant              integer     NOT NULL DEFAULT 1,
    seq                 integer     NOT NULL,
    ref                 text        NOT NULL,
    details             bytea       NOT NULL,
    input               bytea       NOT NULL,
    counted             boolean     NOT NULL DEFAULT false,
    retried             boolean     NOT NULL,
    executed            boolean     NOT NULL,
    poll_count          integer     NOT NULL,
    callback_after_s    bigint      NOT NULL,
    scheduled_at        timestamptz,
    started_at          timestamptz,
    first_started_at    timestamptz,
    ended_at            timestamptz,
    updated_at          timestamptz,
    status              text        NOT NULL,
    worker_id           text,
    reason              text,
    output              bytea       NOT NULL
) WITH (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
INSERT INTO tasks (id, workflow_id, seq, ref, details, input, retried, executed, poll_count, callback_after_s, scheduled_at, started_at, first_started_at,
    ended_at, updated_at, status, worker_id, reason, output)
SELECT id, workflow_id, seq, ref, details, input, retried, executed, poll_count, callback_after_s, scheduled_at, started_at, first_started_at, ended_at,
    updated_at, status, worker_id, reason, output
FROM tasks_before;
DROP TABLE tasks_before;
CREATE UNIQUE INDEX tasks_by_workflow ON tasks (workflow_id, ref, seq);

-- Hand-outs that count: held by a worker on the bus, or of a type with a limit on attempts in progress.
CREATE TABLE counted_tasks (
    task_id     uuid        PRIMARY KEY,
    workflow_id uuid        NOT NULL,
    tenant      integer     NOT NULL DEFAULT 1,
    queue       text        NOT NULL,
    on_bus      boolean     NOT NULL,
    limited     text,
    counted_at  timestamptz NOT NULL
);
CREATE INDEX counted_tasks_by_workflow ON counted_tasks (workflow_id);
CREATE INDEX counted_tasks_on_bus ON counted_tasks (queue) WHERE on_bus;
CREATE INDEX counted_tasks_limited ON counted_tasks (limited) WHERE limited IS NOT NULL;
COMMENT ON COLUMN counted_tasks.limited IS 'The task type whose concurrentExecLimit the task counts for.';
INSERT INTO counted_tasks (task_id, workflow_id, queue, on_bus, limited, counted_at)
SELECT task_id, workflow_id, queue, on_bus, limited, now() FROM task_queue WHERE taken AND (on_bus OR limited IS NOT NULL);
UPDATE tasks t SET counted = true FROM counted_tasks c WHERE c.task_id = t.id;

-- What waits for a worker, and nothing else.
ALTER TABLE task_queue RENAME TO task_queue_before;
ALTER INDEX task_queue_pkey RENAME TO task_queue_before_pkey;
ALTER INDEX task_queue_by_workflow RENAME TO task_queue_before_by_workflow;
CREATE TABLE task_queue (
    task_id     uuid        PRIMARY KEY,
    workflow_id uuid        NOT NULL,
    tenant      integer     NOT NULL DEFAULT 1,
    priority    integer     NOT NULL,
    due         timestamptz NOT NULL,
    queue       text        NOT NULL,
    workflow    text        NOT NULL,
    trace       text
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX task_queue_by_queue ON task_queue (queue, priority DESC, due);
COMMENT ON COLUMN task_queue.trace IS 'The trace (W3C) of the transaction that made the task ready: the worker''s span follows it.';
COMMENT ON COLUMN task_queue.workflow IS 'Name of the definition: those that share a queue take turns.';
INSERT INTO task_queue (task_id, workflow_id, priority, due, queue, workflow, trace)
SELECT q.task_id, q.workflow_id, q.priority, q.due, q.queue, i.name, q.trace
FROM task_queue_before q JOIN instances i ON i.id = q.workflow_id WHERE NOT q.taken AND q.queue <> '';
DROP TABLE task_queue_before;

-- One row for what a batch did to an execution: events holds the kinds, and of each its task and what there is to say of it.
ALTER TABLE history RENAME TO history_before;
ALTER INDEX history_pkey RENAME TO history_before_pkey;
CREATE TABLE history (
    workflow_id uuid        NOT NULL,
    number      integer     NOT NULL,
    tenant      integer     NOT NULL DEFAULT 1,
    at          timestamptz NOT NULL,
    events      text        NOT NULL,
    PRIMARY KEY (workflow_id, number)
);
COMMENT ON COLUMN history.number IS 'Number of the first of the events in the execution, from 1.';
COMMENT ON COLUMN history.events IS 'A JSON list of the events, in order: [kind, task or null, detail or null].';
INSERT INTO history (workflow_id, number, at, events)
SELECT workflow_id, number, at, json_build_array(json_build_array(kind, task_id, detail::json))::text FROM history_before;
DROP TABLE history_before;

ALTER TABLE workflow_definitions ADD COLUMN tenant integer NOT NULL DEFAULT 1, DROP CONSTRAINT workflow_definitions_pkey, ADD PRIMARY KEY (tenant, name, version);
ALTER TABLE task_definitions ADD COLUMN tenant integer NOT NULL DEFAULT 1, DROP CONSTRAINT task_definitions_pkey, ADD PRIMARY KEY (tenant, name);
ALTER TABLE idempotency_keys ADD COLUMN tenant integer NOT NULL DEFAULT 1, DROP CONSTRAINT idempotency_keys_pkey, ADD PRIMARY KEY (tenant, workflow, key);
ALTER TABLE poll_data ADD COLUMN tenant integer NOT NULL DEFAULT 1, DROP CONSTRAINT poll_data_pkey, ADD PRIMARY KEY (tenant, queue, domain, worker_id);
ALTER TABLE bus_workers ADD COLUMN tenant integer NOT NULL DEFAULT 1, DROP CONSTRAINT bus_workers_pkey, ADD PRIMARY KEY (tenant, task_type, domain, worker_id);
ALTER TABLE snapshots ADD COLUMN tenant integer NOT NULL DEFAULT 1, DROP CONSTRAINT snapshots_pkey, ADD PRIMARY KEY (tenant, hash);
ALTER TABLE timers ADD COLUMN tenant integer NOT NULL DEFAULT 1;
ALTER TABLE task_logs ADD COLUMN tenant integer NOT NULL DEFAULT 1;
ALTER TABLE hand_outs ADD COLUMN tenant integer NOT NULL DEFAULT 1;

-- Which servers live: with only one, nobody needs to be told of anything.
CREATE TABLE servers (
    id          uuid        PRIMARY KEY,
    seen_at     timestamptz NOT NULL
);
