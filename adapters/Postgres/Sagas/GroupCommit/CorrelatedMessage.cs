using Conductor.Postgres.Inbox;
using MassTransit;
using MassTransit.Saga;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>A message for the instance with its correlation id.</summary>
internal sealed class CorrelatedMessage<TSaga, T>(
    ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next, Guid sagaId, InboxMessage? inboxId, BatchMessaging messaging, IServiceProvider scope)
    : QueuedMessage<TSaga>([sagaId], context.Message, inboxId, messaging, context.CancellationToken)
    where TSaga : class, ISaga
    where T : class
{
    protected override async Task SendAsync(SagaWorkspace<TSaga> workspace)
    {
        var saga = new SagaBatchContext<TSaga, T>(context, workspace, Effects, scope);
        using var current = saga.BecomeCurrent();
        await next.Send(saga);
    }
}
