using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Conductor.Hosting.Health;

/// <summary>Tells whether a server answers in its own protocol.</summary>
internal sealed class EngineCheck(IResourceWithConnectionString server) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static string Register(IServiceCollection services, IResourceWithConnectionString server)
    {
        var key = $"{server.Name}_check";
        services.AddHealthChecks().Add(new HealthCheckRegistration(key, new EngineCheck(server), failureStatus: null, tags: null, Patience));
        return key;
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (await server.GetConnectionStringAsync(cancellationToken) is not { } address) return HealthCheckResult.Unhealthy("not available");
        try
        {
            return await AnswersAsync(address, cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("does not answer");
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }

    private Task<bool> AnswersAsync(string address, CancellationToken cancellationToken) => server switch
    {
        RabbitMQServerResource => new Uri(address) is var uri ? AmqpProbe.AnswersAsync(uri.Host, uri.Port < 0 ? 5672 : uri.Port, cancellationToken) : throw new InvalidOperationException(),
        PostgresServerResource => PostgresAnswersAsync(address, cancellationToken),
        _ => TcpAnswersAsync(address.Split(',')[0], cancellationToken),
    };

    private static async Task<bool> PostgresAnswersAsync(string address, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{address};Database=postgres;Maximum Pool Size=1;Application Name=apphost");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is 1;
    }

    private static async Task<bool> TcpAnswersAsync(string address, CancellationToken cancellationToken)
    {
        var uri = new Uri($"tcp://{address}");
        using var client = new TcpClient();
        await client.ConnectAsync(uri.Host, uri.Port, cancellationToken);
        return true;
    }
}
