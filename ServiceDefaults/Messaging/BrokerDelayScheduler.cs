using MassTransit;
using MassTransit.RabbitMqTransport;
using MassTransit.Scheduling;

namespace Conductor.ServiceDefaults.Messaging;

/// <summary>
/// Lets a message wait in a quorum queue of the broker, one for each destination and delay, from which it is dead-lettered to the
/// destination. The delay belongs to the queue, never to the message: a message with a long one would hold up those behind it.
/// Meant for a handful of fixed delays; it cannot cancel.
/// </summary>
internal sealed class BrokerDelayScheduler(ISendEndpointProvider sending, ChannelContext channel) : IScheduleMessageProvider
{
    private const long Step = 100;

    public async Task<ScheduledMessage<T>> ScheduleSend<T>(
        Uri destinationAddress, DateTime scheduledTime, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        // MassTransit has already added the delay to the clock: up to the next step, so that equal delays share a queue.
        var left = (long)Math.Ceiling((scheduledTime - DateTime.UtcNow).TotalMilliseconds / Step) * Step;
        var waiting = await DeclareAsync(destinationAddress.Segments[^1], Math.Max(left, Step), cancellationToken);
        var endpoint = await sending.GetSendEndpoint(new Uri(destinationAddress, waiting));
        var token = NewId.NextGuid();
        await endpoint.Send(message, pipe, cancellationToken);
        return new Scheduled<T>(token, scheduledTime, destinationAddress, message);
    }

    public Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken) => throw CannotCancel();

    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) => throw CannotCancel();

    // Each time: the broker drops a queue that nobody has declared for x-expires, even one with messages.
    private async Task<string> DeclareAsync(string target, long milliseconds, CancellationToken cancellationToken)
    {
        var name = $"{target}_delay_{milliseconds}";
        var arguments = new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-message-ttl"] = milliseconds,
            ["x-expires"] = (2 * milliseconds) + 600_000,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = target,
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        };
        await channel.ExchangeDeclare(name, "fanout", durable: true, autoDelete: false, new Dictionary<string, object?>(), cancellationToken);
        await channel.QueueDeclare(name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken);
        await channel.QueueBind(name, name, "", new Dictionary<string, object?>(), cancellationToken);
        return name;
    }

    private static NotSupportedException CannotCancel() => new("a message that waits in a queue of the broker cannot be cancelled; use a durable scheduler");

    private sealed record Scheduled<T>(Guid TokenId, DateTime ScheduledTime, Uri Destination, T Payload) : ScheduledMessage<T> where T : class;
}
