using Conductor.Postgres.Outbox;
using MassTransit;
using MassTransit.Middleware;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// What the last run of a message did besides changing its instance: it is the outbox of what goes to the bus. One object for all runs: whoever
/// keeps an endpoint keeps the one that it was given in the first.
/// </summary>
internal sealed class MessageEffects(BatchMessaging messaging, IServiceProvider services) : OutboxSendContext
{
    private readonly Lock _lock = new();
    // Most messages send nothing.
    private List<OutboxMessage>? _messages;

    /// <summary>What it sent.</summary>
    public IReadOnlyList<OutboxMessage> Messages => _messages ?? [];

    /// <summary>Takes back what the last run did.</summary>
    public void Clear()
    {
        lock (_lock) _messages = null;
    }

    public Task AddSend<T>(SendContext<T> context) where T : class
    {
        var message = messaging.Capture(context);
        lock (_lock) (_messages ??= []).Add(message);
        return Task.CompletedTask;
    }

    public object? GetService(Type serviceType) => services.GetService(serviceType);
}
