using Conductor.Postgres.Outbox;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.InMemoryOutbox;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// What the last run of a message did besides changing its instance: it is the outbox of what goes to the bus, and of answers that wait
/// in memory for the commit. One object for all runs: services of the message's scope keep the endpoint that they were given in the first.
/// </summary>
internal sealed class MessageEffects(BatchMessaging messaging, IServiceProvider scope) : OutboxSendContext, OutboxContext
{
    private readonly Lock _lock = new();
    // Most messages send nothing.
    private List<Func<Task>>? _afterCommit;
    private List<OutboxMessage>? _messages;
    private List<Guid>? _cancelled;

    /// <summary>What it sent.</summary>
    public IReadOnlyList<OutboxMessage> Messages => _messages ?? [];

    /// <summary>Tokens of the scheduled messages that it cancelled.</summary>
    public IReadOnlyList<Guid> Cancelled => _cancelled ?? [];

    /// <summary>Takes back what the last run did.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            (_messages, _cancelled, _afterCommit) = (null, null, null);
        }
    }

    public Task AddSend<T>(SendContext<T> context) where T : class
    {
        var message = messaging.Capture(context);
        lock (_lock) (_messages ??= []).Add(message);
        return Task.CompletedTask;
    }

    public void Cancel(Guid token)
    {
        lock (_lock) (_cancelled ??= []).Add(token);
    }

    /// <summary>Sends after the commit and before the caller is answered; never when the message fails or runs again.</summary>
    public Task Add(Func<Task> method)
    {
        lock (_lock) (_afterCommit ??= []).Add(method);
        return Task.CompletedTask;
    }

    /// <summary>Does what was wanted after the commit. Nothing can undo the commit now, so a failure is only logged.</summary>
    public async Task CommittedAsync()
    {
        foreach (var action in _afterCommit ?? [])
        {
            try
            {
                await action();
            }
            catch (Exception e)
            {
                LogContext.Error?.Log(e, "After the commit of a saga: {Message}", e.Message);
            }
        }
    }

    public object? GetService(Type serviceType) => scope.GetService(serviceType);

    Task OutboxContext.ClearToSend => Task.CompletedTask;

    Task OutboxContext.ExecutePendingActions(bool concurrentMessageDelivery) => Task.CompletedTask;

    Task OutboxContext.DiscardPendingActions() => Task.CompletedTask;
}
