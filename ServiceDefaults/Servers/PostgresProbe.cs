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
        // Shutting down, starting up, a lock or an answer not had in time, no connection, memory or disk space left, connection or authorization
        // failed; other refusals say that it works.
        PostgresException e => e.SqlState is "57P01" or "57P02" or "57P03" or "55P03" or "57014" || e.SqlState[..2] is "08" or "28" or "53",
        NpgsqlException => true,
        _ => false,
    });
}
