-- What happens to executions is published from their history. Transactions that are over are published in the order of their numbers; which are over
-- is known to PostgreSQL, so that nothing more has to be written than the number. What happened before this has none, and is not published.
ALTER TABLE history ADD COLUMN tx xid8;
ALTER TABLE history ALTER COLUMN tx SET DEFAULT pg_current_xact_id();
CREATE INDEX history_by_transaction ON history (tx) WHERE tx IS NOT NULL;
COMMENT ON COLUMN history.tx IS 'The transaction that wrote it.';

-- How far it has been published; no row where it is not published.
CREATE TABLE publications (
    topic       text        PRIMARY KEY,
    tx          xid8        NOT NULL,
    workflow_id uuid        NOT NULL,
    number      integer     NOT NULL,
    at          timestamptz NOT NULL DEFAULT clock_timestamp()
);
