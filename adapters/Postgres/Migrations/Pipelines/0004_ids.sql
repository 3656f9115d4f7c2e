-- The id follows from the name: that names are unique is enough. A second constraint would fail one of two that register a name at once.
ALTER TABLE definitions DROP CONSTRAINT definitions_id_key;
CREATE INDEX definitions_by_id ON definitions (id);
