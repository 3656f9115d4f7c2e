CREATE TABLE definitions (
    name text PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    yaml text NOT NULL,
    registered_at timestamptz NOT NULL
);

-- One row per pipeline that was ever started; it stays when the definition goes, so that run numbers are never used twice.
CREATE TABLE pipeline_states (
    id uuid PRIMARY KEY,
    state text NOT NULL,
    name text NOT NULL,
    epoch bigint NOT NULL,
    started_at timestamptz,
    updated_at timestamptz NOT NULL,
    last_error text
);
CREATE INDEX pipeline_states_active ON pipeline_states (state) WHERE state IN ('Provisioning', 'Running', 'Draining');
