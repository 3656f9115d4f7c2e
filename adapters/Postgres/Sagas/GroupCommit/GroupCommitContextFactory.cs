using MassTransit;
using MassTransit.Saga;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>The saga repository of MassTransit over the lanes of group commit.</summary>
internal sealed class GroupCommitContextFactory<TSaga>(SagaLanes<TSaga> lanes, IServiceProvider scope)
    : ISagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TSaga : class, ISaga
{
    public void Probe(ProbeContext context) => context.Add("persistence", "group-commit");

    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class
    {
        var id = context.CorrelationId ?? throw new SagaException("The message has no correlation id", typeof(TSaga), typeof(T));
        return lanes.SendAsync(new CorrelatedMessage<TSaga, T>(context, next, id, lanes.Messaging.InboxId(context), lanes.Messaging, scope), context.CancellationToken);
    }

    public async Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next) where T : class
    {
        await using var connection = await lanes.DataSource.OpenConnectionAsync(context.CancellationToken);
        var ids = await lanes.Store.FindAsync(connection, query, context.CancellationToken);
        await connection.CloseAsync();
        await lanes.SendAsync(new QueryMessage<TSaga, T>(context, query, next, ids, lanes.Messaging.InboxId(context), lanes.Messaging, scope), context.CancellationToken);
    }

    public async Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default) where T : class =>
        await asyncMethod(new GroupCommitReader<TSaga>(lanes, cancellationToken));

    public async Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default) where T : class =>
        await asyncMethod(new GroupCommitReader<TSaga>(lanes, cancellationToken));
}
