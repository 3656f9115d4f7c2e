using System.Globalization;
using Conductor.Domain.Streams.Brokers;
using Conductor.RabbitMqStreams.Connections;
using RabbitMQ.Client.Exceptions;

namespace Conductor.RabbitMqStreams.Topics;

/// <summary>The queues of a topic: one stream queue per partition, named <c>topic.TOPIC.PARTITION</c>.</summary>
internal sealed class TopicQueues(BrokerConnection connection)
{
    public static string NameOf(string topic, int partition) => string.Create(CultureInfo.InvariantCulture, $"topic.{topic}.{partition}");

    /// <summary>Declares the queues that are missing.</summary>
    public Task DeclareAsync(TopicSpecification topic, CancellationToken cancellationToken) => connection.UseAsync(async channel =>
    {
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "stream" };
        if (topic.RetainFor is { } age) arguments["x-max-age"] = string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Ceiling(age.TotalSeconds)}s");
        if (topic.RetainBytes is { } bytes)
        {
            arguments["x-max-length-bytes"] = bytes;
            // Retention removes whole segments: segments of a fifth keep it near the wanted size.
            arguments["x-stream-max-segment-size-bytes"] = Math.Clamp(bytes / 5, 1_000_000, 500_000_000);
        }
        for (var partition = 0; partition < topic.Partitions; partition++)
            await channel.QueueDeclareAsync(NameOf(topic.Name, partition), durable: true, exclusive: false, autoDelete: false, arguments,
                cancellationToken: cancellationToken);
        return true;
    }, cancellationToken);

    public Task DeleteAsync(TopicSpecification topic, CancellationToken cancellationToken) => connection.UseAsync(async channel =>
    {
        for (var partition = 0; partition < topic.Partitions; partition++)
            await channel.QueueDeleteAsync(NameOf(topic.Name, partition), ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>
    /// How many offsets a partition spans. The broker refreshes the number every few seconds: it is never too high, but it can
    /// be behind.
    /// </summary>
    public async Task<long> SpanAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.UseAsync(
                async channel => (await channel.QueueDeclarePassiveAsync(NameOf(topic, partition), cancellationToken)).MessageCount, cancellationToken);
        }
        catch (StreamUnavailableException e) when (e.InnerException is OperationInterruptedException { ShutdownReason.ReplyCode: 404 })
        {
            throw new UnknownTopicException(topic);
        }
    }
}
