using Conductor.Postgres.Outbox;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>Hands tasks to workers on the bus: taken from the queue and put into the outbox in one transaction.</summary>
public sealed class BusHandOut(NpgsqlDataSource source, MessageOutbox outbox)
{
    /// <summary>Hands out tasks of a queue, as long as fewer than <paramref name="most"/> of them are held.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="most">How many tasks of the queue may be held.</param>
    /// <param name="now">The time.</param>
    /// <param name="message">Makes the message of a task.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was handed out.</returns>
    public async Task<IReadOnlyList<HandedOutTask>> HandOutAsync(
        string queue, int most, DateTimeOffset now, Func<HandedOutTask, OutboxMessage> message, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var free = most - await HeldAsync(connection, queue, cancellationToken);
        if (free <= 0) return [];
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (tasks, _) = await WaitingTasks.TakeAsync(connection, queue, [.. Enumerable.Repeat("bus", free)], now, cancellationToken);
        List<OutboxMessage> messages = [.. tasks.Select(message)];
        await outbox.InsertAsync(transaction, messages, cancellationToken: cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        outbox.Committed(messages);
        return tasks;
    }

    private static async Task<int> HeldAsync(NpgsqlConnection connection, string queue, CancellationToken cancellationToken)
    {
        await using var command = connection.Command("SELECT count(*)::integer FROM workflows.task_queue WHERE queue = $1 AND taken", queue);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
