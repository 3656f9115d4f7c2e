using Npgsql;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// Asks the server what became of a transaction whose connection broke while it was committing. Without the answer its messages
/// could neither be run again nor be reported as done.
/// </summary>
internal static class CommitOutcome
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <param name="ask">Asks the server; null while it does not know yet.</param>
    public static async Task<bool> IsCommittedAsync(Func<CancellationToken, Task<bool?>> ask)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if (await ask(deadline.Token) is { } known) return known;
            }
            catch (NpgsqlException) when (!deadline.IsCancellationRequested)
            {
                // The server is restarting; it will know.
            }
            await Task.Delay(Pause, deadline.Token);
        }
    }

    /// <summary>What became of a transaction; null while it is under way.</summary>
    public static async Task<bool?> OfAsync(NpgsqlDataSource source, ulong transaction, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT pg_xact_status($1::text::xid8)");
        command.Parameters.Add(new NpgsqlParameter { Value = transaction.ToString() });
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            "committed" => true,
            "aborted" => false,
            _ => null,
        };
    }
}
