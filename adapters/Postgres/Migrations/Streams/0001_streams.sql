CREATE TABLE topics (
    name text PRIMARY KEY,
    partitions int NOT NULL CHECK (partitions > 0),
    retain_for interval,
    retain_bytes bigint,
    created timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE group_members (
    topic text NOT NULL,
    group_name text NOT NULL,
    member text NOT NULL,
    run bigint NOT NULL,
    expires timestamptz NOT NULL,
    PRIMARY KEY (topic, group_name, member)
);

-- One row per partition that was ever held or positioned. epoch grows by one with every holder and fences the one before.
CREATE TABLE group_partitions (
    topic text NOT NULL,
    group_name text NOT NULL,
    partition int NOT NULL,
    epoch bigint NOT NULL DEFAULT 0,
    run bigint NOT NULL DEFAULT 0,
    holder text,
    expires timestamptz NOT NULL DEFAULT '-infinity',
    next_offset bigint,
    committed timestamptz,
    PRIMARY KEY (topic, group_name, partition)
);

CREATE TABLE checkpoints (
    pipeline text NOT NULL,
    component text NOT NULL,
    source text NOT NULL,
    partition int NOT NULL,
    epoch bigint NOT NULL,
    next_offset bigint,
    passed bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    dead_lettered bigint NOT NULL DEFAULT 0,
    written bigint NOT NULL DEFAULT 0,
    saved timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (pipeline, component, source, partition)
);
