ALTER TABLE checkpoints ADD COLUMN lost bigint NOT NULL DEFAULT 0;
-- Sinks that hold more than next_offset says, with their own positions.
ALTER TABLE checkpoints ADD COLUMN sinks jsonb NOT NULL DEFAULT '{}';
-- How often the source began anew under the same name, so that its offsets stand for other records.
ALTER TABLE checkpoints ADD COLUMN rewinds int NOT NULL DEFAULT 0;
-- Another group of the same topic has another position; empty where the group is the component's own.
ALTER TABLE checkpoints ADD COLUMN group_name text NOT NULL DEFAULT '';
ALTER TABLE checkpoints DROP CONSTRAINT checkpoints_pkey;
ALTER TABLE checkpoints ADD PRIMARY KEY (pipeline, component, source, group_name, partition);
