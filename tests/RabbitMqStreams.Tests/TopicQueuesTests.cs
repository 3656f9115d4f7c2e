using Conductor.Domain.Streams.Brokers;
using Conductor.RabbitMqStreams.Topics;

namespace Conductor.RabbitMqStreams.Tests;

public sealed class TopicQueuesTests
{
    [Theory]
    [InlineData(2, null, 200_000)]
    [InlineData(3_600, null, 18_000_000)]
    [InlineData(604_800, null, 100_000_000)]
    [InlineData(604_800, 5_000_000L, 1_000_000)]
    [InlineData(604_800, 1_000_000L, 200_000)]
    [InlineData(null, 50_000_000_000L, 100_000_000)]
    public void Segments_are_small_enough_for_retention_to_remove_them(int? seconds, long? bytes, long segment)
    {
        var arguments = TopicQueues.ArgumentsOf(new TopicSpecification("t", 1, seconds is { } s ? TimeSpan.FromSeconds(s) : null, bytes));
        arguments["x-stream-max-segment-size-bytes"].ShouldBe(segment);
        arguments.GetValueOrDefault("x-max-age").ShouldBe(seconds is null ? null : $"{seconds}s");
        arguments.GetValueOrDefault("x-max-length-bytes").ShouldBe(bytes);
    }
}
