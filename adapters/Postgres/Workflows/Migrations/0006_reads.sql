-- Indexes for lists and their counts. Each row of ended keeps as many entries as before: two indexes only get other columns.

-- A name with a status: the console's links to the failed executions of a definition, and its counts by status. A name alone is a list for each status,
-- and its versions are told apart in the index.
CREATE INDEX ended_by_name_and_status ON ended (tenant, name, status, created_at DESC, id) INCLUDE (version);
DROP INDEX ended_by_name;

-- In the order of lists, so that a correlation id that many share is not sorted; names are told apart among its rows.
CREATE INDEX ended_by_correlation_and_age ON ended (tenant, correlation_id, created_at DESC, id) WHERE correlation_id IS NOT NULL;
DROP INDEX ended_by_correlation;
CREATE INDEX instances_by_correlation_and_age ON instances (tenant, correlation_id, created_at DESC, id) WHERE correlation_id IS NOT NULL;
DROP INDEX instances_by_correlation;

-- One entry for each execution under way, as before, but told apart by status: those that are paused are few among many, and both are counted in the
-- index. What does not pause keeps its updates heap-only: its status does not change.
CREATE INDEX instances_running ON instances (tenant, created_at DESC, id) WHERE status = 'RUNNING';
CREATE INDEX instances_paused ON instances (tenant, created_at DESC, id) WHERE status = 'PAUSED';
DROP INDEX instances_by_age;
