using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Inbox;

/// <summary>The table <c>inbox</c> of a schema, in the caller's transaction: which messages a consumer has already consumed.</summary>
internal sealed class InboxTable(SchemaName schema)
{
    // Sorted, so that two transactions that claim the same messages do not wait for each other in a circle.
    private readonly string _claim = $"""
        INSERT INTO {schema}.inbox (consumer_id, message_id) SELECT $1, m FROM unnest($2) AS m ORDER BY m
        ON CONFLICT DO NOTHING RETURNING message_id
        """;

    private readonly string _release = $"DELETE FROM {schema}.inbox WHERE consumer_id = $1 AND message_id = ANY($2)";

    /// <summary>
    /// Claims messages for a consumer: returns those that are new. A message that another transaction is consuming right now makes
    /// this wait for its end: it is new if that one rolls back.
    /// </summary>
    /// <param name="transaction">The transaction of the message's effects; the claim is undone with it.</param>
    /// <param name="consumerId">Who consumes; every consumer of a message has its own.</param>
    /// <param name="messageIds">Ids of the messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HashSet<Guid>> ClaimAsync(
        NpgsqlTransaction transaction, Guid consumerId, IReadOnlyCollection<Guid> messageIds, CancellationToken cancellationToken = default)
    {
        await using var command = new NpgsqlCommand(_claim, transaction.Connection, transaction)
        {
            Parameters = { new() { Value = consumerId }, Ids(messageIds) },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var claimed = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken)) claimed.Add(reader.GetGuid(0));
        return claimed;
    }

    /// <summary>Adds a statement to a batch that takes claims of the same transaction back: these messages were not consumed after all.</summary>
    public void AddRelease(NpgsqlBatch batch, Guid consumerId, IReadOnlyCollection<Guid> messageIds)
    {
        if (messageIds.Count > 0) batch.BatchCommands.Add(new(_release) { Parameters = { new() { Value = consumerId }, Ids(messageIds) } });
    }

    private static NpgsqlParameter Ids(IReadOnlyCollection<Guid> ids) => new() { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };
}
