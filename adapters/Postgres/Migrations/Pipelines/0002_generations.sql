-- The last run of the pipeline that had this name before and was deleted; 0 where there was none. What an earlier pipeline of the name left in topics
-- and files is not taken for this one's.
ALTER TABLE definitions ADD COLUMN generation bigint NOT NULL DEFAULT 0;
