using MassTransit.Middleware.InMemoryOutbox;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Keeps sends in memory until the commit.</summary>
internal sealed class HeldMessages(MessageEffects effects) : OutboxContext
{
    public Task ClearToSend => Task.CompletedTask;

    public Task Add(Func<Task> method)
    {
        effects.OnCommitted(method);
        return Task.CompletedTask;
    }

    public Task ExecutePendingActions(bool concurrentMessageDelivery) => Task.CompletedTask;

    public Task DiscardPendingActions() => Task.CompletedTask;
}
