using System.Text.Json;
using RabbitMQ.Client;

namespace Conductor.Postgres.Tests.Kill;

/// <summary>Sends transfers, one after the other, each until the broker has confirmed it: a repetition keeps its message id.</summary>
internal sealed class TransferLoad(string rabbitMq)
{
    private const int Ahead = 1000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(4);
    private int _sent;
    private long _done;

    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Why it last had to connect again.</summary>
    public string Trouble { get; private set; } = "none";

    /// <summary>Says how many have taken effect: the load runs only so far ahead of the consumer.</summary>
    public void Done(long count) => Volatile.Write(ref _done, count);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await new ConnectionFactory { Uri = new(rabbitMq), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(
                    CancellationToken.None);
                await using var channel = await connection.CreateChannelAsync(
                    new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), CancellationToken.None);
                while (!stop.IsCancellationRequested)
                {
                    if (Sent - Volatile.Read(ref _done) < Ahead)
                    {
                        await SendAsync(channel, Sent);
                        Interlocked.Increment(ref _sent);
                    }
                    await Task.Delay(Pace, CancellationToken.None);
                }
            }
            catch (Exception e)
            {
                // The broker is down, or the queue is not there yet: the same number again.
                Trouble = $"{DateTime.UtcNow:T} {e.Message}";
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    private static async Task SendAsync(IChannel channel, int number)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            messageId = new Guid(number, 0, 0, new byte[8]),
            messageType = new[] { "urn:message:Conductor.Messaging.Kill:Transfer" },
            message = new { number },
        });
        var properties = new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true };
        // Mandatory: without its queue the message would be confirmed and lost.
        await channel.BasicPublishAsync("", "transfer", mandatory: true, properties, body, patience.Token);
    }
}
