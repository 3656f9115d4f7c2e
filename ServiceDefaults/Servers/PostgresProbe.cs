using Npgsql;

namespace Conductor.ServiceDefaults.Servers;

/// <summary>
/// Logs in on a connection of its own and asks for a row. A pooled one could be held up by the service's own work, and would not notice
/// that nobody can log in any more.
/// </summary>
internal sealed class PostgresProbe(string connectionString) : IServerProbe
{
    private readonly NpgsqlConnectionStringBuilder _address = new(connectionString)
    {
        Pooling = false,
        Timeout = 2,
        CommandTimeout = 2,
        // A server that is frozen does not answer the request to cancel either.
        CancellationTimeout = -1,
        ApplicationName = "health",
    };

    public string Server => $"PostgreSQL at {_address.Host}:{_address.Port}";

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_address.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        await command.ExecuteScalarAsync(cancellationToken);
    }

    public bool MayExplain(Exception exception) => Causes.Of(exception).Any(cause => cause switch
    {
        // Shutting down, starting up, no connection left, connection or authorization failed; other refusals say that it works.
        PostgresException e => e.SqlState is "57P01" or "57P02" or "57P03" or "53300" || e.SqlState.StartsWith("08", StringComparison.Ordinal)
            || e.SqlState.StartsWith("28", StringComparison.Ordinal),
        NpgsqlException => true,
        _ => false,
    });
}
