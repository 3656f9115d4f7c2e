using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace Conductor.Hosting.Launching;

/// <summary>Creates a database where it is missing.</summary>
internal sealed class DatabaseLauncher(PostgresDatabaseResource resource) : ILauncher
{
    public async Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken)
    {
        var server = await ((IResourceWithConnectionString)resource.Parent).GetConnectionStringAsync(cancellationToken);
        await using var source = NpgsqlDataSource.Create($"{server};Database=postgres;Pooling=false");
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await ExistsAsync(connection, cancellationToken) is false) await CreateAsync(connection, cancellationToken);
        return new StandingInstance();
    }

    private async Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", connection);
        command.Parameters.Add(new() { Value = resource.DatabaseName });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // A database's name cannot be a parameter of CREATE DATABASE, so the server itself quotes it.
        await using var quote = new NpgsqlCommand("SELECT format('CREATE DATABASE %I', $1::text)", connection);
        quote.Parameters.Add(new() { Value = resource.DatabaseName });
        await using var create = new NpgsqlCommand((string)(await quote.ExecuteScalarAsync(cancellationToken))!, connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }
}
