using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Conductor.AppHost.Engines;

/// <summary>What the AppHost asks of a RabbitMQ broker.</summary>
internal static class RabbitMqCheck
{
    /// <summary>Why nobody can log in; null when one can. The text names the broker and holds no password.</summary>
    public static async Task<string?> ProblemAsync(string connectionString, CancellationToken stop)
    {
        var factory = new ConnectionFactory
        {
            Uri = new(connectionString),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = TimeSpan.FromSeconds(5),
            AutomaticRecoveryEnabled = false,
        };
        try
        {
            await using var connection = await factory.CreateConnectionAsync(stop);
            return null;
        }
        catch (Exception e) when (e is BrokerUnreachableException or OperationInterruptedException or IOException or TimeoutException)
        {
            return $"RabbitMQ at {factory.HostName}:{factory.Port} (user {factory.UserName}): {e.InnerException?.Message ?? e.Message}";
        }
    }
}
