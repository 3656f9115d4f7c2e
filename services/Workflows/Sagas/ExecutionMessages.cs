using Conductor.Postgres;
using Conductor.Sagas.Workflow;
using Conductor.Workflows.Executions;
using MassTransit.Mediator;

namespace Conductor.Workflows.Sagas;

/// <summary>
/// Sends what happened to an execution into its saga. What throws is tried again a few times; what throws for good fails the execution with
/// the reason, so that nobody sends it for ever. An outage of the database is not the message's fault: it is thrown.
/// </summary>
internal sealed partial class ExecutionMessages(IMediator mediator, TimeProvider time, ILogger<ExecutionMessages> logger)
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2)];

    public Task SendAsync<T>(T message, Guid workflowId, Guid? taskId, CancellationToken cancellationToken)
        where T : class => DeliverAsync<T>(() => mediator.Send(message, cancellationToken), workflowId, taskId, cancellationToken);

    /// <summary>The same for whatever sends the message; false when the execution was failed instead.</summary>
    public async Task<bool> DeliverAsync<TMessage>(Func<Task> send, Guid workflowId, Guid? taskId, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginExecution(workflowId, taskId);
        for (var failures = 0; ; failures++)
        {
            try
            {
                await send();
                return true;
            }
            catch (Exception e) when (IsFault(e, cancellationToken))
            {
                LogFailed(e, typeof(TMessage).Name);
                if (failures == Pauses.Length)
                {
                    await FailAsync(workflowId, $"{typeof(TMessage).Name} could not be handled: {e.Message}", cancellationToken);
                    return false;
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
            await mediator.Send(new ExecutionPoisoned(workflowId, reason, EvaluatesNothing: false), cancellationToken);
        }
        catch (Exception e) when (IsFault(e, cancellationToken))
        {
            LogFailed(e, nameof(ExecutionPoisoned));
            await mediator.Send(new ExecutionPoisoned(workflowId, reason, EvaluatesNothing: true), cancellationToken);
        }
    }

    private static bool IsFault(Exception exception, CancellationToken cancellationToken) =>
        !DatabaseOutage.Is(exception) && exception is not OperationCanceledException && !cancellationToken.IsCancellationRequested;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message} failed; trying again")]
    private partial void LogFailed(Exception exception, string message);

    [LoggerMessage(Level = LogLevel.Error, Message = "The execution is failed: {Reason}")]
    private partial void LogGivenUp(string reason);
}
