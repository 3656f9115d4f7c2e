namespace Conductor.Domain.Workflows.Definitions;

/// <summary>What a definition must satisfy to be registered; the messages are Conductor's where it has the rule.</summary>
public static class DefinitionRules
{
    /// <summary>Everything that is wrong with a workflow definition; empty when it may be registered.</summary>
    public static IReadOnlyList<DefinitionError> Check(WorkflowDefinition definition)
    {
        var errors = new List<DefinitionError>();
        if (string.IsNullOrEmpty(definition.Name)) errors.Add(new("name", "WorkflowDef name cannot be null or empty"));
        else if (definition.Name.Contains(':', StringComparison.Ordinal))
            errors.Add(new("name", "Workflow name cannot contain the following set of characters: ':'", definition.Name));
        if (definition.Tasks.Count == 0) errors.Add(new("tasks", "WorkflowTask list cannot be empty"));
        var bound = definition.SchemaVersion < 2 ? "minimum" : "maximum";
        if (definition.SchemaVersion != 2)
            errors.Add(new("schemaVersion", $"schemaVersion: {definition.SchemaVersion} should be {bound} 2", $"{definition.SchemaVersion}"));
        FieldRules.Check(definition, errors);
        TaskRules.Check(definition.Tasks, "tasks", errors);
        if (DefinitionJson.Write(definition).GetRawText().Contains("${workflow.secrets.", StringComparison.Ordinal))
            errors.Add(new("", "${workflow.secrets...} is not supported: the value would be stored with a task's input. Let the worker read it itself."));
        if (errors.Count == 0) ExpressionRules.Check(definition, errors);
        if (errors.Count == 0) ReferenceRules.Check(definition, errors);
        return errors;
    }

    /// <summary>Everything that is wrong with a task definition.</summary>
    public static IReadOnlyList<DefinitionError> Check(TaskDefinition definition)
    {
        var errors = new List<DefinitionError>();
        if (string.IsNullOrEmpty(definition.Name)) errors.Add(new("name", "TaskDef name cannot be null or empty"));
        if (definition.ResponseTimeoutSeconds == 0)
            errors.Add(new("responseTimeoutSeconds", "TaskDef responseTimeoutSeconds: 0 should be minimum 1 second", "0"));
        FieldRules.Check(definition, "", errors);
        ExpressionRules.Check(definition.InputTemplate, "inputTemplate", errors);
        if (definition.BackoffScaleFactor < 1)
            errors.Add(new("backoffScaleFactor", "Backoff scale factor. Applicable for LINEAR_BACKOFF", $"{definition.BackoffScaleFactor}"));
        if (definition is { TimeoutSeconds: > 0 } && definition.ResponseTimeoutSeconds > definition.TimeoutSeconds)
            errors.Add(new("", $"TaskDef: {definition.Name} responseTimeoutSeconds: {definition.ResponseTimeoutSeconds} "
                + $"must be less than timeoutSeconds: {definition.TimeoutSeconds}"));
        if (definition is { TimeoutSeconds: > 0, TotalTimeoutSeconds: > 0 } && definition.TimeoutSeconds > definition.TotalTimeoutSeconds)
            errors.Add(new("", $"TaskDef: {definition.Name} timeoutSeconds: {definition.TimeoutSeconds} "
                + $"must be less than or equal to totalTimeoutSeconds: {definition.TotalTimeoutSeconds}"));
        return errors;
    }
}
