-- Whoever looks after pipelines is told of each change of a definition or of a pipeline's state: nobody looks twice a second.
CREATE FUNCTION tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('conductor_' || TG_TABLE_SCHEMA, '');
    RETURN NULL;
END $$;
CREATE TRIGGER definitions_changed AFTER INSERT OR UPDATE OR DELETE ON definitions FOR EACH STATEMENT EXECUTE FUNCTION tell_change();
CREATE TRIGGER pipeline_states_changed AFTER INSERT OR UPDATE OR DELETE ON pipeline_states FOR EACH STATEMENT EXECUTE FUNCTION tell_change();
