using Npgsql;

namespace Conductor.Workflows.Sagas;

/// <summary>
/// What a commit tells every server that uses the database, this one included (LISTEN/NOTIFY): the queues that have new tasks, and that
/// executions have changed. Lost ones are made up for by slow polls.
/// </summary>
internal static class Notifications
{
    /// <summary>Channel of the names of queues, one a line; <see cref="Every"/> where they would be too long.</summary>
    public const string Tasks = "conductor_tasks";
    /// <summary>Channel of changed definitions.</summary>
    public const string Definitions = "conductor_definitions";
    /// <summary>Stands for any queue.</summary>
    public const string Every = "*";
    // PostgreSQL's payloads are below 8,000 bytes.
    private const int MostCharacters = 1900;

    /// <summary>Appends the notification of a batch.</summary>
    public static void Append(NpgsqlBatch commands, IReadOnlySet<string> queues)
    {
        var payload = string.Join('\n', queues);
        commands.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_notify($1, $2)")
        {
            Parameters = { new() { Value = Tasks }, new() { Value = payload.Length > MostCharacters ? Every : payload } },
        });
    }

    /// <summary>Tells that definitions have changed.</summary>
    public static async Task DefinitionsChangedAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT pg_notify($1, '')");
        command.Parameters.Add(new NpgsqlParameter { Value = Definitions });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
