using Npgsql;

namespace Conductor.Postgres.Workflows.Publication;

/// <summary>What is to be published next, by one server at a time. Not thread-safe.</summary>
public sealed class UnpublishedHistory : IAsyncDisposable
{
    private readonly ExclusiveTransaction _transaction;
    private readonly string _topic;

    internal UnpublishedHistory(ExclusiveTransaction transaction, string topic, IReadOnlyList<PublishableEvents> events) =>
        (_transaction, _topic, Events) = (transaction, topic, events);

    /// <summary>In the order in which they are to be published.</summary>
    public IReadOnlyList<PublishableEvents> Events { get; }

    /// <summary>They are published. What was kept of executions that have been removed goes.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(_transaction.Connection);
        var last = Events[^1].Position;
        batch.Add("""
            INSERT INTO workflows.publications (topic, tx, workflow_id, number) VALUES ($1, $2::text::xid8, $3, $4)
            ON CONFLICT (topic) DO UPDATE SET (tx, workflow_id, number, at) = (EXCLUDED.tx, EXCLUDED.workflow_id, EXCLUDED.number, clock_timestamp())
            """, _topic, last.Transaction, last.WorkflowId, last.Number);
        var gone = Events.Where(e => e.Execution is null).Select(e => e.Position).ToList();
        if (gone.Count > 0)
        {
            batch.Add("""
                DELETE FROM workflows.history h USING unnest($1::uuid[], $2::integer[]) AS gone(id, number)
                WHERE h.workflow_id = gone.id AND h.number = gone.number AND NOT EXISTS (SELECT FROM workflows.executions e WHERE e.id = gone.id)
                """, gone.Select(position => position.WorkflowId).ToArray(), gone.Select(position => position.Number).ToArray());
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await _transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _transaction.DisposeAsync();
}
