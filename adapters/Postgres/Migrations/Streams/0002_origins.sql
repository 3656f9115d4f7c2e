ALTER TABLE checkpoints ADD COLUMN copies bigint NOT NULL DEFAULT 0;
-- Furthest offset seen of each origin, to tell copies from records.
ALTER TABLE checkpoints ADD COLUMN origins jsonb NOT NULL DEFAULT '{}';
