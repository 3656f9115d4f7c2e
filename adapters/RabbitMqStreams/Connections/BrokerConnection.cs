using Conductor.Domain.Streams.Brokers;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Conductor.RabbitMqStreams.Connections;

/// <summary>
/// A connection that is opened on first use and again after it was lost. What was open on a lost connection fails; its user
/// starts again from the last position, so that nothing is recovered behind its back.
/// </summary>
internal sealed class BrokerConnection(RabbitMqStreamOptions options, string role) : IAsyncDisposable
{
    private const int InternalError = 541;
    private const int MostTries = 3;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly ConnectionFactory _factory = new()
    {
        Uri = options.Address,
        ClientProvidedName = $"{options.ClientName} {role}",
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedHeartbeat = TimeSpan.FromSeconds(20),
    };
    private IConnection? _connection;

    /// <summary>Largest frame that was agreed with the broker; 0 before the first connection.</summary>
    public uint FrameMax => _connection?.FrameMax ?? 0;

    public async Task<IChannel> OpenChannelAsync(CreateChannelOptions channel, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await ConnectAsync(cancellationToken);
            return await connection.CreateChannelAsync(channel, cancellationToken);
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw Unavailable(e);
        }
    }

    /// <summary>Runs something on a channel of its own; again, where that met an error of the broker's own.</summary>
    public async Task<T> UseAsync<T>(Func<IChannel, Task<T>> use, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await UseOnceAsync(use, cancellationToken);
            }
            catch (StreamUnavailableException e) when (tries < MostTries && e.InnerException is OperationInterruptedException
                { ShutdownReason.ReplyCode: InternalError })
            {
                // While a stream comes or goes RabbitMQ may answer a question about it so. The connection is closed then, and opened anew.
            }
        }
    }

    private async Task<T> UseOnceAsync<T>(Func<IChannel, Task<T>> use, CancellationToken cancellationToken)
    {
        var channel = await OpenChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false),
            cancellationToken);
        await using (channel)
        {
            try
            {
                return await use(channel);
            }
            catch (Exception e) when (IsUnavailable(e))
            {
                throw Unavailable(e);
            }
        }
    }

    public static bool IsUnavailable(Exception e) =>
        e is RabbitMQClientException or IOException or System.Net.Sockets.SocketException or TimeoutException or ObjectDisposedException;

    /// <summary>
    /// Whether a queue was asked for that does not exist. The same code says that one exists whose leader is not there (yet): only the text tells
    /// them apart (RabbitMQ's <c>rabbit_misc:not_found</c> and <c>absent</c>).
    /// </summary>
    public static bool IsMissing(StreamUnavailableException e) =>
        e.InnerException is OperationInterruptedException { ShutdownReason: { ReplyCode: 404 } reason } &&
        reason.ReplyText.StartsWith("NOT_FOUND - no queue", StringComparison.Ordinal);

    public static StreamUnavailableException Unavailable(Exception e) => new($"RabbitMQ: {e.Message}", e) { Broker = "rabbitmq" };

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _opening.Dispose();
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is { IsOpen: true } open) return open;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { IsOpen: true } other) return other;
            if (_connection is not null) await _connection.DisposeAsync();
            return _connection = await _factory.CreateConnectionAsync(cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }
}
