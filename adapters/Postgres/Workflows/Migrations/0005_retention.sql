-- Who is to go: the oldest of each definition. One entry for each execution that ends, at the end of its definition's part.
CREATE INDEX ended_by_end ON ended (tenant, name, ended_at);
-- Keys go with their execution.
CREATE INDEX idempotency_keys_by_execution ON idempotency_keys (execution);
-- What went is cleared away while it is little: whoever looks for the oldest walks past it.
ALTER TABLE ended SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000);
ALTER TABLE history SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 10000);
ALTER TABLE task_logs SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 10000);
