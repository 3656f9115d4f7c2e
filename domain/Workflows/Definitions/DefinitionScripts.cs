namespace Conductor.Domain.Workflows.Definitions;

/// <summary>Where a definition has JavaScript.</summary>
public static class DefinitionScripts
{
    /// <summary>Every script, with the path of its field.</summary>
    public static IEnumerable<(string Path, string Script)> Of(WorkflowDefinition definition) =>
        from task in Snapshot.Walk(definition.Tasks)
        let script = OfTask(task)
        where !string.IsNullOrWhiteSpace(script.Text)
        select ($"tasks[{task.TaskReferenceName}].{script.Field}", script.Text);

    private static (string Field, string? Text) OfTask(WorkflowTask task) => task.Type switch
    {
        "SWITCH" when task.EvaluatorType != "value-param" => ("expression", task.Expression),
        "DECISION" => ("caseExpression", task.CaseExpression),
        _ => ("", null),
    };
}
