using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Conductor.ServiceDefaults.Servers;

/// <summary>
/// Opens and closes a channel on a connection that it keeps, since the broker writes each new connection to its log; connects anew after
/// any failure. The bus's own check notices a broker that went away, but not one that is frozen.
/// </summary>
internal sealed class RabbitMqProbe(Uri address, string service) : IServerProbe, IAsyncDisposable
{
    private IConnection? _connection;

    public string Server => $"RabbitMQ at {address.Host}:{(address.Port > 0 ? address.Port : AmqpTcpEndpoint.UseDefaultPort)}";

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        var connection = Interlocked.Exchange(ref _connection, null);
        try
        {
            if (connection is not { IsOpen: true })
            {
                Discard(connection);
                connection = await ConnectAsync(cancellationToken);
            }
            await using (await connection.CreateChannelAsync(cancellationToken: cancellationToken)) { }
            Discard(Interlocked.Exchange(ref _connection, connection));
        }
        catch
        {
            Discard(connection);
            throw;
        }
    }

    public bool MayExplain(Exception exception) => Causes.Of(exception).Any(cause =>
        cause is BrokerUnreachableException or AlreadyClosedException or RabbitMqConnectionException or ConnectFailureException or EndOfStreamException);

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _connection, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task<IConnection> ConnectAsync(CancellationToken cancellationToken) => new ConnectionFactory
    {
        Uri = address,
        ClientProvidedName = $"{service} health",
        AutomaticRecoveryEnabled = false,
    }.CreateConnectionAsync(cancellationToken);

    // Without waiting: a frozen broker does not answer the farewell either.
    private static void Discard(IConnection? connection)
    {
        if (connection is null) return;
        _ = Task.Run(async () =>
        {
            await connection.AbortAsync(RabbitMQ.Client.Constants.ReplySuccess, "probe failed", TimeSpan.FromSeconds(1));
            await connection.DisposeAsync();
        });
    }
}
