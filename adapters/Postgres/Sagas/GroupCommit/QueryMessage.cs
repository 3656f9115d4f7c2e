using Conductor.Postgres.Inbox;
using MassTransit;
using MassTransit.Saga;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>A message for the instances that match a query: found before they were locked, and compared again now.</summary>
internal sealed class QueryMessage<TSaga, T>(
    ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next,
    IReadOnlyList<Guid> sagaIds, InboxMessage? inboxId, BatchMessaging messaging, IServiceProvider scope)
    : QueuedMessage<TSaga>(sagaIds, context.Message, inboxId, messaging, context.CancellationToken)
    where TSaga : class, ISaga
    where T : class
{
    public override bool IsQuery => true;

    protected override async Task SendAsync(SagaWorkspace<TSaga> workspace)
    {
        var saga = new SagaBatchContext<TSaga, T>(context, workspace, Effects, scope);
        using var current = saga.BecomeCurrent();
        await next.Send(new SequentialQueryContext<TSaga, T>(saga, workspace.Where(query.GetFilter())));
    }
}
