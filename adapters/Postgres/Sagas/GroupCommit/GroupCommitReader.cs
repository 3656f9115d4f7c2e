using MassTransit;
using MassTransit.Middleware;
using MassTransit.Saga;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Reads committed instances, beside the batches.</summary>
internal sealed class GroupCommitReader<TSaga>(SagaLanes<TSaga> lanes, CancellationToken cancellationToken)
    : BasePipeContext(cancellationToken), QuerySagaRepositoryContext<TSaga>, LoadSagaRepositoryContext<TSaga>
    where TSaga : class, ISaga
{
    public async Task<TSaga> Load(Guid correlationId)
    {
        await using var connection = await lanes.DataSource.OpenConnectionAsync(CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken);
        var found = await lanes.Store.LoadAsync(connection, transaction, [new SagaMessage(correlationId, null)], CancellationToken);
        await transaction.RollbackAsync(CancellationToken);
        return found.GetValueOrDefault(correlationId)!;
    }

    public async Task<SagaRepositoryQueryContext<TSaga>> Query(ISagaQuery<TSaga> query, CancellationToken cancellationToken = default)
    {
        await using var connection = await lanes.DataSource.OpenConnectionAsync(cancellationToken);
        return new DefaultSagaRepositoryQueryContext<TSaga>(this, [.. await lanes.Store.FindAsync(connection, query, cancellationToken)]);
    }
}
