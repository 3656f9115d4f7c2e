namespace Conductor.Contracts.Workflows;

/// <summary>Names of the queues between the workflows service, those who command it, and workers on the bus.</summary>
public static class WorkflowQueues
{
    /// <summary>Takes <see cref="StartWorkflow"/>, <see cref="PauseWorkflow"/>, <see cref="ResumeWorkflow"/>, <see cref="TerminateWorkflow"/>.</summary>
    public const string Commands = "workflow-commands";

    /// <summary>Takes what workers say: <see cref="TaskExecuted"/>, <see cref="ExtendTaskLease"/>, <see cref="WorkerAnnounced"/>.</summary>
    public const string TaskMessages = "workflow-tasks";

    /// <summary>The queue on which workers of a task type take <see cref="ExecuteTask"/>.</summary>
    /// <param name="taskType">Key under which the workers register.</param>
    /// <param name="domain">Worker domain; null or empty for none.</param>
    public static string OfTask(string taskType, string? domain = null) => string.IsNullOrEmpty(domain) ? $"task.{taskType}" : $"task.{domain}.{taskType}";
}
