using Conductor.Postgres;
using Conductor.Sagas.Workflow;
using Conductor.Workflows.Executions;

namespace Conductor.Workflows.Sagas;

/// <summary>
/// Sends what happened to an execution into its saga. What throws is tried again a few times; what throws for good fails the execution with
/// the reason, so that nobody sends it for ever. An outage of the database is not the message's fault: it is thrown.
/// </summary>
internal sealed partial class ExecutionMessages(WorkflowEvents events, TimeProvider time, ILogger<ExecutionMessages> logger)
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2)];

    public Task SendAsync<T>(T message, Guid workflowId, Guid? taskId, CancellationToken cancellationToken)
        where T : class => AskAsync(message, workflowId, taskId, _ => "", cancellationToken);

    /// <summary>The same; tells what the answer makes of the execution, or null when the execution was failed instead.</summary>
    public async Task<TAnswer?> AskAsync<T, TAnswer>(
        T message, Guid workflowId, Guid? taskId, Func<WorkflowState?, TAnswer?> answer, CancellationToken cancellationToken)
        where T : class
        where TAnswer : class
    {
        using var scope = logger.BeginExecution(workflowId, taskId);
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await events.RaiseAsync(workflowId, message, answer, cancellationToken: cancellationToken);
            }
            catch (Exception e) when (IsFault(e, cancellationToken))
            {
                LogFailed(e, typeof(T).Name);
                if (failures == Pauses.Length)
                {
                    await FailAsync(workflowId, $"{typeof(T).Name} could not be handled: {e.Message}", cancellationToken);
                    return null;
                }
                await Task.Delay(Pauses[failures], time, cancellationToken);
            }
        }
    }

    private async Task FailAsync(Guid workflowId, string reason, CancellationToken cancellationToken)
    {
        LogGivenUp(reason);
        try
        {
            await PoisonAsync(new(workflowId, reason, EvaluatesNothing: false), cancellationToken);
        }
        catch (Exception e) when (IsFault(e, cancellationToken))
        {
            LogFailed(e, nameof(ExecutionPoisoned));
            await PoisonAsync(new(workflowId, reason, EvaluatesNothing: true), cancellationToken);
        }
    }

    private Task PoisonAsync(ExecutionPoisoned message, CancellationToken cancellationToken) =>
        events.RaiseAsync(message.WorkflowId, message, _ => "", cancellationToken: cancellationToken);

    private static bool IsFault(Exception exception, CancellationToken cancellationToken) =>
        !DatabaseOutage.Is(exception) && exception is not OperationCanceledException && !cancellationToken.IsCancellationRequested;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message} failed; trying again")]
    private partial void LogFailed(Exception exception, string message);

    [LoggerMessage(Level = LogLevel.Error, Message = "The execution is failed: {Reason}")]
    private partial void LogGivenUp(string reason);
}
