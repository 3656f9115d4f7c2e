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

    public static async Task<bool> IsCommittedAsync(NpgsqlDataSource dataSource, ulong transaction)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                var status = await StatusAsync(dataSource, transaction, deadline.Token);
                if (status is "committed") return true;
                if (status is "aborted") return false;
            }
            catch (NpgsqlException) when (!deadline.IsCancellationRequested)
            {
                // The server is restarting; it will know.
            }
            await Task.Delay(Pause, deadline.Token);
        }
    }

    private static async Task<string?> StatusAsync(NpgsqlDataSource dataSource, ulong transaction, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT pg_xact_status($1::text::xid8)");
        command.Parameters.Add(new NpgsqlParameter { Value = transaction.ToString() });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
