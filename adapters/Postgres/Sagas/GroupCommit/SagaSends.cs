using MassTransit;
using MassTransit.Middleware;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Takes what a message sends as rows for the batch's transaction.</summary>
internal sealed class SagaSends(MessageEffects effects, IServiceProvider scope) : OutboxSendContext
{
    public object? GetService(Type serviceType) => scope.GetService(serviceType);

    public Task AddSend<T>(SendContext<T> context) where T : class
    {
        effects.Add(context);
        return Task.CompletedTask;
    }
}
