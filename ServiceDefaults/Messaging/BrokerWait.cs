using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conductor.ServiceDefaults.Messaging;

/// <summary>
/// Holds the start of a service until something listens where its broker should be, however long that takes. MassTransit would wait
/// as well, but looks again only after three seconds and more, and a broker and its services mostly start together.
/// </summary>
internal sealed partial class BrokerWait(Uri broker, TimeProvider time, ILogger<BrokerWait> logger) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly int _port = broker.Port > 0 ? broker.Port : broker.Scheme is "amqps" ? 5671 : 5672;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var told = false; !await ListensAsync(cancellationToken); told = true)
        {
            if (!told) Waits(logger, broker.Host, _port);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(broker.Host, _port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Waits for RabbitMQ at {Host}:{Port}")]
    private static partial void Waits(ILogger logger, string host, int port);
}
