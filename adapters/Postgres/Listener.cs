using Npgsql;

namespace Conductor.Postgres;

/// <summary>Listens to notifications (LISTEN/NOTIFY) on a connection of its own.</summary>
internal static class Listener
{
    // Silence may mean that nothing happens, or that the other side has gone without a word (a half-open connection).
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private const int AnswerSeconds = 2;

    /// <summary>Listens until the connection is lost; one that died silently is noticed within 20 s. Never returns without throwing.</summary>
    /// <param name="source">The database.</param>
    /// <param name="channels">Names of channels, from the program itself.</param>
    /// <param name="listening">Called once it listens: whatever was told before is lost.</param>
    /// <param name="told">Called with channel and payload.</param>
    /// <param name="silence">After how long without a word the other side is asked whether it is there. Default 10 s.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task ListenAsync(
        NpgsqlDataSource source, IReadOnlyList<string> channels, Action listening, Action<string, string> told, TimeSpan? silence,
        CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        // The pool would hand a connection on that still listens.
        NpgsqlConnection.ClearPool(connection);
        connection.Notification += (_, notification) => told(notification.Channel, notification.Payload);
        await using (var listen = connection.Command(string.Join("; ", channels.Select(channel => $"LISTEN {channel}"))))
            await listen.ExecuteNonQueryAsync(cancellationToken);
        listening();
        while (true)
        {
            if (await connection.WaitAsync(silence ?? Silence, cancellationToken)) continue;
            await using var probe = connection.Command("SELECT 1");
            probe.CommandTimeout = AnswerSeconds;
            await probe.ExecuteScalarAsync(cancellationToken);
        }
    }
}
