using RabbitMQ.Client;

namespace Conductor.Operations;

/// <summary>Connections to the RabbitMQ of <c>ConnectionStrings:rabbitmq</c>. What is open on one that is lost fails; its user opens another.</summary>
internal sealed class BrokerConnections(IConfiguration configuration, IHostEnvironment environment)
{
    public Task<IConnection> OpenAsync(string purpose, CancellationToken cancellationToken)
    {
        var address = configuration.GetConnectionString("rabbitmq") ?? throw new InvalidOperationException("ConnectionStrings:rabbitmq is not configured");
        var factory = new ConnectionFactory
        {
            Uri = new Uri(address), ClientProvidedName = $"{environment.ApplicationName} {purpose}",
            AutomaticRecoveryEnabled = false, TopologyRecoveryEnabled = false, RequestedHeartbeat = TimeSpan.FromSeconds(20),
        };
        return factory.CreateConnectionAsync(cancellationToken);
    }
}
