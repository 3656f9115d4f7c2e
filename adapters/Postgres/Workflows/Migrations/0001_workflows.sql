-- Definitions as users register them: the latest text of each (name, version), and of each task definition.
CREATE TABLE workflow_definitions (
    name        text        NOT NULL,
    version     integer     NOT NULL,
    body        text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, version)
);

CREATE TABLE task_definitions (
    name        text        PRIMARY KEY,
    body        text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

-- What executions run: a definition with its task definitions inside, once per content, never changed.
CREATE TABLE snapshots (
    hash        text        PRIMARY KEY,
    body        text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- One small row per execution. state is the decider's whole state; no index covers a column that changes with every event, so that
-- updates stay heap-only.
CREATE TABLE instances (
    id              uuid        PRIMARY KEY,
    name            text        NOT NULL,
    version         integer     NOT NULL,
    definition_hash text        NOT NULL,
    lifecycle       text        NOT NULL,
    status          text        NOT NULL,
    correlation_id  text,
    priority        integer     NOT NULL,
    next_event      integer     NOT NULL,
    state           bytea       NOT NULL,
    input           bytea       NOT NULL,
    output          bytea,
    reason          text,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    ended_at        timestamptz
) WITH (fillfactor = 70);
CREATE INDEX instances_by_name ON instances (name, created_at DESC, id);
CREATE INDEX instances_by_status ON instances (status, created_at DESC, id);
CREATE INDEX instances_by_age ON instances (created_at DESC, id);
CREATE INDEX instances_by_correlation ON instances (correlation_id, name) WHERE correlation_id IS NOT NULL;

-- One row per attempt of a task. details holds the fields that are set once; what changes has columns of its own.
CREATE TABLE tasks (
    id                  uuid        PRIMARY KEY,
    workflow_id         uuid        NOT NULL,
    ref                 text        NOT NULL,
    seq                 integer     NOT NULL,
    status              text        NOT NULL,
    details             bytea       NOT NULL,
    input               bytea       NOT NULL,
    output              bytea       NOT NULL,
    reason              text,
    worker_id           text,
    poll_count          integer     NOT NULL,
    retried             boolean     NOT NULL,
    executed            boolean     NOT NULL,
    callback_after_s    bigint      NOT NULL,
    scheduled_at        timestamptz,
    started_at          timestamptz,
    first_started_at    timestamptz,
    ended_at            timestamptz,
    updated_at          timestamptz
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX tasks_by_workflow ON tasks (workflow_id, ref, seq);

-- Tasks that wait for a worker (not taken) or that a worker holds. Small: rows leave when the task ends.
CREATE TABLE task_queue (
    task_id         uuid        PRIMARY KEY,
    workflow_id     uuid        NOT NULL,
    queue           text        NOT NULL,
    priority        integer     NOT NULL,
    due             timestamptz NOT NULL,
    taken           boolean     NOT NULL DEFAULT false,
    deadline        timestamptz,
    poll_until      timestamptz,
    response        interval,
    overall         interval,
    overall_until   timestamptz,
    total_until     timestamptz
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX task_queue_waiting ON task_queue (queue, priority DESC, due, task_id) WHERE NOT taken;
CREATE INDEX task_queue_by_workflow ON task_queue (workflow_id);
CREATE INDEX task_queue_deadlines ON task_queue (deadline) WHERE deadline IS NOT NULL;

-- Timers of WAIT tasks and of executions.
CREATE TABLE timers (
    token       uuid        PRIMARY KEY,
    workflow_id uuid        NOT NULL,
    task_id     uuid,
    purpose     text        NOT NULL,
    due         timestamptz NOT NULL
);
CREATE INDEX timers_due ON timers (due);
CREATE INDEX timers_by_workflow ON timers (workflow_id);

-- What happened, in order, for good.
CREATE TABLE history (
    workflow_id uuid        NOT NULL,
    number      integer     NOT NULL,
    at          timestamptz NOT NULL,
    kind        text        NOT NULL,
    task_id     uuid,
    detail      text,
    PRIMARY KEY (workflow_id, number)
);

CREATE TABLE task_logs (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id     uuid        NOT NULL,
    created_at  timestamptz NOT NULL,
    line        text        NOT NULL
);
CREATE INDEX task_logs_by_task ON task_logs (task_id, id);

-- Who polls what (HTTP), and which task types have workers on the bus.
CREATE TABLE poll_data (
    queue       text        NOT NULL,
    domain      text        NOT NULL DEFAULT '',
    worker_id   text        NOT NULL,
    polled_at   timestamptz NOT NULL,
    PRIMARY KEY (queue, domain, worker_id)
);

CREATE TABLE bus_workers (
    task_type   text        NOT NULL,
    domain      text        NOT NULL DEFAULT '',
    worker_id   text        NOT NULL,
    concurrency integer     NOT NULL,
    seen_at     timestamptz NOT NULL,
    PRIMARY KEY (task_type, domain, worker_id)
);
