COMMENT ON TABLE task_queue IS 'Tasks that wait for a worker or are held by one, and deadlines of tasks.';
ALTER TABLE task_queue ADD COLUMN trace text;
COMMENT ON COLUMN task_queue.trace IS 'The trace (W3C) of the transaction that made the task ready: the worker''s span follows it.';
