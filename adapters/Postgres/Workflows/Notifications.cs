using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>
/// What a commit tells every server that uses the database, this one included (LISTEN/NOTIFY): the queues that have new tasks, that
/// executions have changed, that definitions have. Lost ones are made up for by slow polls.
/// </summary>
public sealed class Notifications(NpgsqlDataSource source, TimeSpan? silence = null)
{
    /// <summary>Stands for any queue.</summary>
    public const string Every = "*";

    // Names of queues, one a line; Every where they would be too long.
    private const string Tasks = "conductor_tasks";
    private const string Definitions = "conductor_definitions";
    // Silence may mean that nothing happens, or that the other side has gone without a word (a half-open connection).
    private readonly TimeSpan _silence = silence ?? TimeSpan.FromSeconds(10);
    private const int AnswerSeconds = 2;
    // PostgreSQL's payloads are below 8,000 bytes.
    private const int MostCharacters = 1900;

    /// <summary>Listens on a connection of its own until it is lost; a connection that died silently is noticed within 20 s.</summary>
    /// <param name="listening">Called once it listens: whatever was told before is lost.</param>
    /// <param name="executionsChanged">Called with the queues (or <see cref="Every"/>) that have new tasks.</param>
    /// <param name="definitionsChanged">Called when a definition was registered or removed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ListenAsync(
        Action listening, Action<IReadOnlyList<string>> executionsChanged, Action definitionsChanged, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, told) =>
        {
            if (told.Channel == Definitions) definitionsChanged();
            else executionsChanged(told.Payload.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        };
        await using (var listen = connection.Command($"LISTEN {Tasks}; LISTEN {Definitions}")) await listen.ExecuteNonQueryAsync(cancellationToken);
        listening();
        while (true)
        {
            if (await connection.WaitAsync(_silence, cancellationToken)) continue;
            await using var probe = connection.Command("SELECT 1");
            probe.CommandTimeout = AnswerSeconds;
            await probe.ExecuteScalarAsync(cancellationToken);
        }
    }

    internal static void AddExecutionsChanged(NpgsqlBatch batch, IReadOnlySet<string> queues)
    {
        var payload = string.Join('\n', queues);
        batch.Add("SELECT pg_notify($1, $2)", Tasks, payload.Length > MostCharacters ? Every : payload);
    }

    internal static void AddDefinitionsChanged(NpgsqlBatch batch) => batch.Add("SELECT pg_notify($1, '')", Definitions);
}
