-- How often the queue of a partition was made: its offsets begin anew each time. Stays when the topic is deleted.
CREATE TABLE partition_generations (
    topic text NOT NULL,
    partition int NOT NULL,
    generation int NOT NULL,
    PRIMARY KEY (topic, partition)
);
-- The generation that a position belongs to.
ALTER TABLE checkpoints ADD COLUMN source_generation int NOT NULL DEFAULT 0;
