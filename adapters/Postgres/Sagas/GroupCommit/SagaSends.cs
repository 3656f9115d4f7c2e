using MassTransit;
using MassTransit.Middleware;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Takes what a message sends as rows for the batch's transaction; to one address whatever it is, or each to its own.</summary>
internal sealed class SagaSends(MessageEffects effects, IServiceProvider scope, Uri? to = null) : OutboxSendContext
{
    public object? GetService(Type serviceType) => scope.GetService(serviceType);

    public Task AddSend<T>(SendContext<T> context) where T : class
    {
        if (to is not null) context.DestinationAddress = to;
        effects.Add(context);
        return Task.CompletedTask;
    }
}
