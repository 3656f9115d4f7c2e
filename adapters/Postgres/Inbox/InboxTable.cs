using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Inbox;

/// <summary>The table <c>inbox</c> of a schema, in the caller's transaction: which messages a consumer has already consumed.</summary>
public sealed class InboxTable(SchemaName schema)
{
    // Sorted, so that two transactions that claim the same messages do not wait for each other in a circle.
    private readonly string _claim = $"""
        INSERT INTO {schema}.inbox (consumer_id, message_id)
        SELECT c, m FROM unnest($1, $2) AS i(c, m) ORDER BY c, m
        ON CONFLICT DO NOTHING RETURNING consumer_id, message_id
        """;

    private readonly string _release = $"DELETE FROM {schema}.inbox WHERE consumer_id = $1 AND message_id = ANY($2)";

    /// <summary>
    /// Claims messages for a consumer: returns those that are new. A message that another transaction is consuming right now makes
    /// this wait for its end: it is new if that one rolls back.
    /// </summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">The transaction of the message's effects; the claim is undone with it.</param>
    /// <param name="consumerId">Who consumes; every consumer of a message has its own.</param>
    /// <param name="messageIds">Ids of the messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HashSet<Guid>> ClaimAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid consumerId,
        IReadOnlyCollection<Guid> messageIds, CancellationToken cancellationToken = default)
    {
        var claimed = await ClaimAsync(connection, transaction, [.. messageIds.Select(m => (consumerId, m))], cancellationToken);
        return [.. claimed.Select(c => c.MessageId)];
    }

    /// <summary>Claims messages for several consumers at once.</summary>
    public async Task<HashSet<(Guid ConsumerId, Guid MessageId)>> ClaimAsync(NpgsqlConnection connection, NpgsqlTransaction transaction,
        IReadOnlyCollection<(Guid ConsumerId, Guid MessageId)> messages, CancellationToken cancellationToken = default)
    {
        await using var command = new NpgsqlCommand(_claim, connection, transaction)
        {
            Parameters =
            {
                new() { Value = messages.Select(m => m.ConsumerId).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                new() { Value = messages.Select(m => m.MessageId).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var claimed = new HashSet<(Guid, Guid)>();
        while (await reader.ReadAsync(cancellationToken)) claimed.Add((reader.GetGuid(0), reader.GetGuid(1)));
        return claimed;
    }

    /// <summary>Adds a statement to a batch that takes claims of the same transaction back: these messages were not consumed after all.</summary>
    public void AddRelease(NpgsqlBatch batch, Guid consumerId, IReadOnlyCollection<Guid> messageIds)
    {
        if (messageIds.Count == 0) return;
        batch.BatchCommands.Add(new(_release)
        {
            Parameters = { new() { Value = consumerId }, new() { Value = messageIds.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid } },
        });
    }
}
