using Conductor.Postgres.Outbox;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>Hands tasks to workers on the bus: taken from the queue and put into the outbox in one transaction.</summary>
public sealed class BusHandOut(NpgsqlDataSource source, MessageOutbox outbox)
{
    /// <summary>
    /// Hands out tasks of a queue, as long as fewer than <paramref name="most"/> of them are held by workers on the bus. Servers take turns,
    /// so together they hand out no more than one would.
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="limit">The limits of its task type; null for none.</param>
    /// <param name="most">How many tasks of the queue the workers on the bus may hold.</param>
    /// <param name="now">The time.</param>
    /// <param name="message">Makes the message of a task.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was handed out.</returns>
    public async Task<IReadOnlyList<HandedOutTask>> HandOutAsync(
        string queue, TaskLimit? limit, int most, DateTimeOffset now, Func<HandedOutTask, OutboxMessage> message, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var free = most - await HeldAsync(connection, queue, cancellationToken);
        if (free <= 0) return [];
        var request = new TaskRequest(queue, [.. Enumerable.Repeat("bus", free)], now, limit);
        var (tasks, _) = await WaitingTasks.TakeAsync(connection, request, onBus: true, cancellationToken);
        if (tasks.Count == 0) return [];
        List<OutboxMessage> messages = [.. tasks.Select(message)];
        await outbox.InsertAsync(transaction, messages, cancellationToken: cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        outbox.Committed(messages);
        return tasks;
    }

    // What workers hold over HTTP takes no hand of those on the bus.
    private static async Task<int> HeldAsync(NpgsqlConnection connection, string queue, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT pg_advisory_xact_lock(1, hashtext($1))", queue);
        batch.Add("SELECT count(*)::integer FROM workflows.task_queue WHERE queue = $1 AND on_bus", queue);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return row.GetInt32(0);
    }
}
