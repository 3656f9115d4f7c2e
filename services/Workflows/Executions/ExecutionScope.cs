namespace Conductor.Workflows.Executions;

/// <summary>Names the execution, and the task, in every log line that is written while one is handled.</summary>
internal static class ExecutionScope
{
    public static IDisposable? BeginExecution(this ILogger logger, Guid? workflowId, Guid? taskId = null) =>
        logger.BeginScope(new KeyValuePair<string, object?>[] { new("workflowId", workflowId), new("taskId", taskId) });
}
