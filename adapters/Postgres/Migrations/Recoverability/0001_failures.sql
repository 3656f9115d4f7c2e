-- One row per message and endpoint at which it failed, however often. The bytes are in exactly one of three places: text_body where they are UTF-8
-- without NUL, body where they are not, failed_bodies where there are more than 64 kB of them.
CREATE TABLE failed_messages (
    id uuid PRIMARY KEY,
    state smallint NOT NULL DEFAULT 0,
    source smallint NOT NULL,
    queue text NOT NULL,
    endpoint text NOT NULL,
    message_id text,
    message_type text NOT NULL,
    exception_type text NOT NULL,
    message text NOT NULL,
    stack_trace text NOT NULL,
    consumer text NOT NULL,
    content_type text,
    properties jsonb NOT NULL,
    headers jsonb NOT NULL,
    text_body text,
    body bytea,
    body_size integer NOT NULL,
    attempts integer NOT NULL,
    failures integer NOT NULL,
    first_failed_at timestamptz NOT NULL,
    last_failed_at timestamptz NOT NULL,
    is_time_known boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    cause_group uuid NOT NULL,
    type_group uuid NOT NULL,
    endpoint_group uuid NOT NULL,
    search tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple',
        exception_type || ' ' || message || ' ' || message_type || ' ' || endpoint || ' ' || coalesce(message_id, '') || ' '
        || headers::text || ' ' || coalesce(text_body, ''))) STORED
);
CREATE INDEX failed_messages_latest ON failed_messages (state, last_failed_at DESC, id DESC);
CREATE INDEX failed_messages_cause ON failed_messages (cause_group, state, last_failed_at DESC, id DESC);
CREATE INDEX failed_messages_type ON failed_messages (type_group, state, last_failed_at DESC, id DESC);
CREATE INDEX failed_messages_endpoint ON failed_messages (endpoint_group, state, last_failed_at DESC, id DESC);
CREATE INDEX failed_messages_search ON failed_messages USING gin (search);

CREATE TABLE failed_bodies (
    id uuid PRIMARY KEY REFERENCES failed_messages ON DELETE CASCADE,
    body bytea NOT NULL
);
ALTER TABLE failed_bodies ALTER COLUMN body SET STORAGE EXTERNAL;

-- What messages have in common, with counts that are kept with every change, so that the list costs what it shows and not what there is.
CREATE TABLE failure_groups (
    id uuid PRIMARY KEY,
    grouper smallint NOT NULL,
    title text NOT NULL,
    open bigint NOT NULL DEFAULT 0,
    retrying bigint NOT NULL DEFAULT 0,
    resolved bigint NOT NULL DEFAULT 0,
    archived bigint NOT NULL DEFAULT 0,
    first_failed_at timestamptz NOT NULL,
    last_failed_at timestamptz NOT NULL,
    note text,
    assignee text
);
CREATE INDEX failure_groups_open ON failure_groups (grouper, last_failed_at DESC) WHERE open > 0 OR retrying > 0;

-- What could not be taken in, as it came: it is taken in again when somebody says so.
CREATE TABLE failed_imports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue text NOT NULL,
    reason text NOT NULL,
    headers jsonb NOT NULL,
    properties jsonb NOT NULL,
    body bytea NOT NULL,
    failed_at timestamptz NOT NULL
);

-- The only place that counts. Groups are locked in the order of their ids: two who store at once wait for each other, and never in a circle.
CREATE FUNCTION count_failures() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changes text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT 1 AS n, * FROM added'
        WHEN 'DELETE' THEN 'SELECT -1 AS n, * FROM removed'
        ELSE 'SELECT 1 AS n, * FROM added UNION ALL SELECT -1, * FROM removed' END;
BEGIN
    -- Names come from here alone; the tables exist only in triggers of their kind, so that the text has to be put together.
    EXECUTE format($sql$
        WITH changes AS (%1$s),
        deltas AS (
            SELECT g.id, sum(c.n) FILTER (WHERE c.state = 0) AS open, sum(c.n) FILTER (WHERE c.state = 1) AS retrying,
                sum(c.n) FILTER (WHERE c.state = 2) AS resolved, sum(c.n) FILTER (WHERE c.state = 3) AS archived
            FROM changes c CROSS JOIN LATERAL (VALUES (c.cause_group), (c.type_group), (c.endpoint_group)) AS g (id)
            GROUP BY g.id),
        locked AS (SELECT f.id FROM %2$I.failure_groups f JOIN deltas USING (id) ORDER BY f.id FOR UPDATE OF f)
        UPDATE %2$I.failure_groups f SET open = f.open + coalesce(d.open, 0), retrying = f.retrying + coalesce(d.retrying, 0),
            resolved = f.resolved + coalesce(d.resolved, 0), archived = f.archived + coalesce(d.archived, 0)
        FROM deltas d JOIN locked USING (id) WHERE f.id = d.id
        $sql$, changes, TG_TABLE_SCHEMA);
    RETURN NULL;
END $$;
CREATE TRIGGER failures_added AFTER INSERT ON failed_messages REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_failures();
CREATE TRIGGER failures_changed AFTER UPDATE ON failed_messages REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION count_failures();
CREATE TRIGGER failures_removed AFTER DELETE ON failed_messages REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION count_failures();

-- A retry of one message or many. Its state is the decider's, as JSON; status and times are beside it for those who look for one.
CREATE TABLE retries (
    id uuid PRIMARY KEY,
    status smallint NOT NULL,
    state jsonb NOT NULL,
    scope text NOT NULL,
    requested_by text NOT NULL,
    reason text,
    cut_off timestamptz NOT NULL,
    requested_at timestamptz NOT NULL,
    finished_at timestamptz,
    acknowledged_at timestamptz
);
CREATE INDEX retries_open ON retries (requested_at) WHERE acknowledged_at IS NULL;

-- Outcomes: 0 waiting, 1 dispatched, 2 confirmed, 3 failed again, 4 skipped. The index is the claim: a message is in one outstanding retry at most.
CREATE TABLE retry_items (
    retry_id uuid NOT NULL REFERENCES retries ON DELETE CASCADE,
    message_id uuid NOT NULL REFERENCES failed_messages ON DELETE CASCADE,
    position bigint NOT NULL,
    outcome smallint NOT NULL DEFAULT 0,
    detail text,
    dispatched_at timestamptz,
    judged_at timestamptz,
    PRIMARY KEY (retry_id, message_id)
);
CREATE UNIQUE INDEX retry_items_claims ON retry_items (message_id) WHERE outcome < 2;
CREATE INDEX retry_items_waiting ON retry_items (retry_id, position) WHERE outcome = 0;
